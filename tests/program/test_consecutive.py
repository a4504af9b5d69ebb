"""An order in which every set is an interval: found exactly where there is one."""

from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstmc.program import consecutive
from lstmc.program.consecutive import Family, consecutive_order


def ordered(*sets: str) -> str | None:
    """The letters of the sets in the order that is found."""
    letters = sorted(set("".join(sets)))
    found = consecutive_order([frozenset(map(letters.index, each)) for each in sets], len(letters))
    return None if found is None else "".join(letters[n] for n in found)


def test_pictures() -> None:
    assert ordered("TS", "SX", "XVS") == "VXST"
    assert ordered("abc", "ab", "bc", "de") == "abcde"
    assert ordered("ad", "be", "abde", "c") == "adbec"  # sets within sets, and beside them
    assert ordered("ac", "cb", "ba") is None  # a circle


@pytest.mark.parametrize(
    "sets",
    [  # every family without an order holds one of these (Tucker, 1972)
        ("ab", "bc", "cd", "da"),
        ("ab", "ac", "ad"),  # three arms from one point
        ("ab", "abc", "abcd", "bce", "ae"),
        ("ab", "cd", "ef", "ace"),
        ("ab", "bcd", "bce", "cf"),
    ],
)
def test_obstacles(sets: tuple[str, ...]) -> None:
    letters = sorted(set("".join(sets)))
    assert not any(all(each_is_an_interval(each, order) for each in sets) for order in permutations(letters))
    assert ordered(*sets) is None


@settings(max_examples=150)
@given(st.integers(1, 6), st.data())
def test_an_order_is_found_exactly_where_there_is_one(size: int, data: st.DataObject) -> None:
    sets = data.draw(st.lists(st.frozensets(st.integers(0, size - 1)), max_size=8))
    order = consecutive_order(sets, size)
    if order is None:
        assert not any(all(each_is_an_interval(s, o) for s in sets) for o in permutations(range(size)))
    else:
        assert sorted(order) == list(range(size))
        assert all(each_is_an_interval(s, order) for s in sets)


def test_of_all_families_of_up_to_three_sets_of_five_symbols() -> None:
    subsets = [frozenset(c) for length in range(2, 5) for c in combinations(range(5), length)]
    intervals = {frozenset(s for s in subsets if each_is_an_interval(s, order)) for order in permutations(range(5))}
    for family in combinations(subsets, 3):
        possible = any(set(family) <= each for each in intervals)
        order = consecutive_order(list(family), 5)
        assert (order is not None) == possible
        assert order is None or all(each_is_an_interval(s, order) for s in family)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.integers(2, 40), st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_hidden_order_of_many_symbols_is_found(size: int, number: int, rng: Random) -> None:
    hidden = rng.sample(range(size), size)
    bounds = [sorted(rng.choices(range(size + 1), k=2)) for _ in range(number)]
    sets = [frozenset(hidden[low:high]) for low, high in bounds]
    order = consecutive_order(sets, size)
    assert order is not None
    assert all(each_is_an_interval(s, order) for s in sets)


def test_the_order_of_the_sets_does_not_matter() -> None:
    rng = Random(1)
    sets = [frozenset(range(low, low + length)) for low in range(10) for length in (2, 3, 5)]
    shuffled = rng.sample(sets, len(sets))
    assert consecutive_order(shuffled, 20) == consecutive_order(sets, 20)


def test_a_thousand_sets_each_within_the_next_need_no_recursion() -> None:
    sets = [frozenset(range(length)) for length in range(2, 1200)]
    assert consecutive_order(sets, 1200) == tuple(range(1200))


def each_is_an_interval(members: object, order: object) -> bool:
    places = [n for n, element in enumerate(order) if element in members]  # type: ignore[operator, call-overload]
    return not places or places[-1] - places[0] == len(places) - 1


@settings(max_examples=150)
@given(st.integers(1, 7), st.data())
def test_a_family_takes_a_set_exactly_where_there_is_still_an_order(size: int, data: st.DataObject) -> None:
    subsets = st.frozensets(st.integers(0, size - 1), min_size=1)
    first, *others = data.draw(st.lists(subsets, min_size=1, max_size=8, unique=True))
    family = Family([first])
    for new in others:
        expected = consecutive_order([*family.sets, new], size) is not None
        assert family.take(new) is expected
    assert consecutive_order(family.sets, size) is not None


def test_many_sets_are_told_by_the_first_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the largest of them have no order, the others are not looked at."""
    looked_at: list[int] = []
    components = consecutive._components
    monkeypatch.setattr(consecutive, "_components", lambda sets: looked_at.append(len(sets)) or components(sets))
    rng = Random(0)
    sets = [frozenset(rng.sample(range(100), 3)) for _ in range(1000)]
    assert consecutive_order(sets, 100) is None
    assert max(looked_at) == consecutive.MOST_SETS


def test_more_sets_than_there_are_intervals_have_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consecutive, "_components", lambda _: pytest.fail("they were compared"))
    assert (
        consecutive_order([frozenset(pair) for pair in combinations(range(6), 2)] + [frozenset({0, 1, 2})], 6) is None
    )
