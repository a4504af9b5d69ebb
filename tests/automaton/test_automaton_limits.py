"""Passes that make an automaton larger say so before they do, and how to have it all the same."""

from collections.abc import Callable

import pytest
from drawing import automaton
from test_determinize import nth_from_end

from lstmc.automaton import Automaton, check_one_output, determinize, one_output, split
from lstmc.errors import LimitError

MANY_OUTPUTS = "\n".join(
    ["A start accept", "B accept"]
    + [f"A -a{n}/{n}-> B" for n in range(30)]
    + [f"B -a{n}/{n}-> A" for n in range(30)]
    + [f"B -b{n}/0-> B" for n in range(30)]
)

MOORE = "A start accept says 0\nB accept says 0\nC accept says 0\n"
ALL_MOVES = MOORE + "\n".join(f"{p} -a-> {q}" for p in "ABC" for q in "ABC")
ALL_STARTS = ALL_MOVES.replace("accept", "start accept").replace("start start", "start")

CASES: dict[str, tuple[Callable[[Automaton], object], Automaton, str, int, str]] = {
    "determinize": (determinize, automaton(nth_from_end(5)), "ROWS", 224, "determinized it has 224 rows"),
    "split": (split, automaton(MANY_OUTPUTS), "ROWS", 2730, "a state for each output it has 2,730 rows"),
    "pairs": (check_one_output, automaton(ALL_MOVES), "PAIRS", 6, "6 pairs, more than the limit of 5"),
    "starts": (check_one_output, automaton(ALL_STARTS), "PAIRS", 6, "6 pairs"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_limit_is_exact_and_can_be_moved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work, a, limit, size, message = CASES[name]
    monkeypatch.setenv(f"LSTMC_MAX_AUTOMATON_{limit}", str(size))
    work(a)
    monkeypatch.setenv(f"LSTMC_MAX_AUTOMATON_{limit}", str(size - 1))
    with pytest.raises(LimitError, match=message) as caught:
        work(a)
    assert f"LSTMC_MAX_AUTOMATON_{limit}" in caught.value.help


def test_a_pair_that_is_found_again_and_again_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three states all of which lead to all, nine pairs are found from each of six."""
    monkeypatch.setenv("LSTMC_MAX_AUTOMATON_PAIRS", "6")
    monkeypatch.setattr(one_output, "REPEATED", 9)
    check_one_output(automaton(ALL_MOVES))
    monkeypatch.setattr(one_output, "REPEATED", 7)
    with pytest.raises(LimitError, match="7 pairs"):
        check_one_output(automaton(ALL_MOVES))


def test_pairs_of_many_starts_are_not_listed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_output, "combinations_with_replacement", lambda *_: pytest.fail("they were listed"))
    monkeypatch.setenv("LSTMC_MAX_AUTOMATON_PAIRS", "5")
    with pytest.raises(LimitError, match="6 pairs"):
        check_one_output(automaton(ALL_STARTS))
