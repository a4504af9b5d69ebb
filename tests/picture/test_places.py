"""Where states stand: layers by brute force, long arcs led past them, and positions that a file gives."""

from itertools import pairwise, product
from random import Random

import networkx as nx
import pytest
from drawing import grammar
from work import in_proportion, lines

from lstmc.picture import places as module
from lstmc.picture.places import (
    Places,
    Spacing,
    _beside,
    _by_layer,
    _closest,
    _distances,
    _first_of_all,
    _readable,
    _room,
    _to_be_led,
    _way,
    _with_given,
    layers,
    places,
)

SEEDS = range(200)


def case(seed):
    """A graph of a few states in some order, some of which are starts."""
    rng = Random(seed)
    states = list("abcdefg"[: rng.randint(1, 7)])
    rng.shuffle(states)
    pairs = [pair for pair in product(states, states) if pair[0] != pair[1] and rng.random() < 0.25]
    return states, [state for state in states if rng.random() < 0.4], pairs


def graph_of(states, pairs):
    graph = nx.DiGraph()
    graph.add_nodes_from(states)
    graph.add_edges_from(pairs)
    return graph, {state: n for n, found in enumerate(nx.strongly_connected_components(graph)) for state in found}


def test_a_few_states_are_found_from_which_all_can_be_reached():
    """Of those that no other one leads to, unless it leads back, the first that lead to each other."""
    for seed in SEEDS:
        states, _, pairs = case(seed)
        graph, component = graph_of(states, pairs)
        some = states[: 1 + seed % len(states)]
        before = {state: nx.ancestors(graph, state) & set(some) for state in some}
        left = [state for state in some if all(component[p] == component[state] for p in before[state])]
        wanted = [q for n, q in enumerate(left) if component[q] not in {component[p] for p in left[:n]}]
        assert _first_of_all(graph, some, component) == wanted


def test_steps_are_counted_from_the_starts_and_then_from_what_is_left():
    for seed in SEEDS:
        states, start, pairs = case(seed)
        graph, component = graph_of(states, pairs)
        wanted = {}
        for some in (start, states):
            left = [state for state in some if state not in wanted]
            first = _first_of_all(graph, left, component)
            inside = graph.subgraph(set(states) - set(wanted))
            for q in inside:
                ways = [nx.shortest_path_length(inside, p, q) for p in first if nx.has_path(inside, p, q)]
                wanted |= {q: min(ways)} if ways else {}
        assert _distances(graph, start, component) == wanted
        assert set(wanted) == set(states)


def test_a_state_stands_right_of_what_leads_to_it_unless_it_leads_back():
    """As far right as the longest way of arcs that lead on."""
    for seed in SEEDS:
        states, start, pairs = case(seed)
        graph, component = graph_of(states, pairs)
        away = _distances(graph, start, component)
        onward = [(p, q) for p, q in pairs if component[p] != component[q] or away[q] == away[p] + 1]
        found = layers(states, start, pairs)
        assert list(found) == states
        for state in states:
            assert found[state] == max((found[p] + 1 for p, q in onward if q == state), default=0)


@pytest.mark.parametrize(
    ("start", "pairs", "wanted"),
    [
        ("a", "ab bc cd", "0123"),
        ("a", "ab bc cd da", "0123"),  # a ring
        ("a", "ab ac bd cd", "0112"),
        ("a", "ab bc ac cd", "0123"),  # past b
        ("c", "ab bc cd", "0123"),  # what leads to the start stands left of it
        ("ad", "ab bc dc", "0120"),
        ("", "bc cd", "0012"),
    ],
)
def test_layers_of_small_graphs(start, pairs, wanted):
    assert layers("abcd", start, list(map(tuple, pairs.split()))) == dict(zip("abcd", map(int, wanted), strict=True))


@pytest.mark.slow
def test_where_all_states_are_starts_it_takes_work_in_proportion():
    def work(size):
        states = list(map(str, range(size)))
        graph, component = graph_of(states, pairwise(states))
        return lines(lambda: _first_of_all(graph, states[::-1], component))

    def back(size):
        states = list(map(str, range(size)))
        graph, component = graph_of(states, pairwise(states))
        return lines(lambda: _first_of_all(graph, states, component))

    assert in_proportion(work, 20)
    assert in_proportion(back, 20)


def test_things_are_sorted_into_layers():
    assert _by_layer([0, 2, 0, 1]) == [[0, 2], [3], [1]]


LAYER = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 1}
PAIRS = [("a", "d"), ("d", "b"), ("a", "b"), ("b", "e"), ("b", "d"), ("c", "a"), ("a", "c")]


def test_arcs_are_led_from_left_to_right_short_ones_first_once(monkeypatch):
    """Until there are too many bends: here 0, 1, 1 and 2."""
    wanted = [("a", "b"), ("b", "d"), ("a", "c"), ("a", "d")]
    for most, count in ((4, 4), (3, 3), (2, 3), (1, 2), (0, 1)):
        monkeypatch.setattr(module, "MOST_BENDS", most)
        assert _to_be_led(PAIRS, LAYER) == wanted[:count]


def test_an_arc_that_leads_back_passes_the_same_points_the_other_way():
    by = {("a", "d"): ((1.0, 2.0), (3.0, 4.0))}
    assert _way(("a", "d"), LAYER, by) == ((1.0, 2.0), (3.0, 4.0))
    assert _way(("d", "a"), LAYER, by) == ((3.0, 4.0), (1.0, 2.0))
    assert _way(("a", "b"), LAYER, by) == _way(("b", "a"), LAYER, by) == ()


def test_bends_wish_to_be_level_the_most():
    """Two states 0 and 1, and an arc between them with the bends 2 and 3; a short arc between them."""
    assert _beside([[0, 2, 3, 1], [0, 1]], 2) == {
        0: [(2, 3.0), (1, 1.0)],
        2: [(0, 3.0), (3, 9.0)],
        3: [(2, 9.0), (1, 3.0)],
        1: [(3, 3.0), (0, 1.0)],
    }


SPACING = Spacing(across=100.0, state=20.0, looped=35.0, bend=5.0)
LONG = """
a start
c accept
a -x-> b
b -x-> b
b -x-> c
a -y-> c
"""


def test_states_with_loops_need_more_room_and_bends_less():
    assert _room(grammar(LONG), {"a": 0, "b": 1, "c": 2}, 5, SPACING) == [20, 35, 20, 5, 5]


def test_a_long_arc_is_led_past_the_state_between():
    """b with its loop and the bend are 40 apart; the arc through it weighs three times as much, and is straight."""
    found = places(grammar(LONG), [("a", "b"), ("b", "c"), ("a", "c")], SPACING, 24.0)
    assert not found.given
    (point,) = found.by["a", "c"]
    assert found.by == {("a", "b"): (), ("b", "c"): (), ("a", "c"): (point,)}
    assert [found.at[state][0] for state in "abc"] == [0, 100, 200]
    assert point[0] == 100
    assert point[1] - found.at["b"][1] == pytest.approx(40)
    for state in "ac":
        assert found.at[state][1] == pytest.approx(found.at["b"][1] + 30, abs=0.5)


def test_arcs_within_a_layer_pass_nothing():
    """Of three states in a layer those stand side by side between which an arc runs."""
    text = "s start\nb accept\n" + "".join(f"s -{q}-> {q}\n" for q in "abc") + "a -x-> c\nc -x-> a\n"
    pairs = [("s", "a"), ("s", "b"), ("s", "c"), ("a", "c"), ("c", "a")]
    found = places(grammar(text), pairs, SPACING, 24.0)
    column = sorted("abc", key=lambda state: found.at[state][1])
    assert {found.at[state][0] for state in "abc"} == {100}
    assert abs(column.index("a") - column.index("c")) == 1
    heights = sorted(found.at[state][1] for state in "abc")
    assert [b - a for a, b in pairwise(heights)] == [40, 40]
    assert found.at["s"][1] == heights[1]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([(0, 0), (30, 0)], [(0, 0), (30, 0)]),
        ([(5, 7), (5, 17)], [(15, 21), (15, 51)]),  # 30 apart
        ([(5, 7), (35, 8), (5, 37)], [(5, 7), (35, 8), (5, 37)]),
        ([(0, 0), (3, 1)], [(0, 0), (30, 10)]),
        ([(5, 7), (5, 7)], [(5, 7), (5, 7)]),
        ([(5, 7), (5, 7), (6, 7)], [(150, 210), (150, 210), (180, 210)]),
        ([(0, 0), (-40_000, 10_000)], [(0, 0), (-20_000, 5_000)]),
        ([(0, 0), (100, 80_000)], [(0, 0), (25, 20_000)]),
        ([(0, 0), (1, 0), (0, 1000)], [(0, 0), (20, 0), (0, 20_000)]),  # no more than a page can hold
        ([(-5, 3)], [(-5, 3)]),
    ],
)
def test_given_positions_are_made_larger_or_smaller_where_they_must(given, wanted):
    """States of a radius of 10 are at least 30 apart, and no number is above 20,000."""
    found = _readable({str(n): (float(x), float(y)) for n, (x, y) in enumerate(given)}, 10.0)
    assert list(found.values()) == [pytest.approx(each) for each in wanted]


def test_the_closest_two_of_some_points():
    for seed in SEEDS:
        rng = Random(seed)
        points = sorted({(rng.randint(-9, 9), rng.randint(-9, 9)) for _ in range(rng.randint(1, 9))})
        apart = [max(abs(p[0] - q[0]), abs(p[1] - q[1])) for n, p in enumerate(points) for q in points[:n]]
        assert _closest(points) == min(apart, default=0)


@pytest.mark.parametrize(("between", "near"), [(59, 1), (60, 999)])
def test_of_many_points_only_neighbours_are_looked_at(between, near):
    assert _closest([(0, 0), *((0, 1000 * n) for n in range(1, between + 1)), (1, 1)]) == near


def test_some_given_positions_move_the_others_by_as_much_on_average():
    layered = Places({"a": (0.0, 0.0), "b": (100.0, 10.0), "c": (200.0, 30.0)}, {("a", "c"): ((100.0, 40.0),)}, False)
    found = _with_given(layered, {"a": (50.0, 300.0), "b": (130.0, 330.0)})
    assert found == Places({"a": (50, 300), "b": (130, 330), "c": (240, 340)}, {}, True)


@pytest.mark.parametrize(("some", "at"), [("ab", (300, 0)), ("a", (200, 0)), ("", (100, 0))])
def test_who_says_where_states_stand(some, at):
    """All positions, some or none are given; b follows a."""
    drawn = grammar("a start\nb accept\na -x-> b\n")
    for state in some:
        drawn.graph.nodes[state]["pos"] = {"a": [100, 0], "b": [300, 0]}[state]
    found = places(drawn, [("a", "b")], SPACING, 24.0)
    assert found.at["b"] == (at[0], found.at["a"][1])
    assert found.given == bool(some)


def test_limits_are_changed_on_purpose():
    assert (module.MOST_BENDS, module.STRAIGHT, module.CLOSEST, module.WIDEST) == (30_000, 3, 3, 20_000)
