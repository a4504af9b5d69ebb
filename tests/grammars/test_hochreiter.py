import itertools
from random import Random

import pytest
from grammar_oracle import minimal_size, moves, run, words

from lstmc.errors import LimitError, PluginError
from lstmc_hochreiter import long_lag, temporal_order

CLASSES_6A = {"XX": "Q", "XY": "R", "YX": "S", "YY": "U"}
CLASSES_6B = dict(zip(map("".join, itertools.product("XY", repeat=3)), "QRSUVABC", strict=True))


@pytest.mark.parametrize(("experiment", "classes", "size"), [("6a", CLASSES_6A, 10), ("6b", CLASSES_6B, 18)])
def test_temporal_order_tells_the_class_at_the_trigger(experiment, classes, size):
    graph, random, told = temporal_order(experiment=experiment), Random(6), set()
    marks = len(next(iter(classes)))
    for _ in range(2000):
        word = "E" + "".join(random.choices("abcdXY", (4, 4, 4, 4, 2, 2), k=random.randrange(12))) + "B"
        seen = "".join(letter for letter in word if letter in "XY")
        state, outputs = run(graph, word)
        if len(seen) == marks:
            assert graph.nodes[state]["accept"]
            assert outputs == [None] * (len(word) - 1) + [classes[seen]]
            told.add(seen)
        else:
            assert state is None
    assert told == set(classes)
    assert minimal_size(graph) == size


@pytest.mark.parametrize("word", ["", "aXYB", "EXYBB", "EXYBa", "EEXYB", "EXY"])
def test_temporal_order_refuses_a_wrong_frame(word):
    graph = temporal_order()
    state, _ = run(graph, word)
    assert state is None or not graph.nodes[state].get("accept")


def test_long_lag_2a_is_two_strings():
    assert words(long_lag(p=4), 9) == {("x", "a1", "a2", "a3", "x"), ("y", "a1", "a2", "a3", "y")}


def test_long_lag_2b():
    between = set(itertools.product(("a1", "a2", "a3"), repeat=3))
    assert words(long_lag(experiment="2b", p=4), 9) == {(z, *word, z) for z in "xy" for word in between}


@pytest.mark.parametrize("q", [0, 1, 3])
def test_long_lag_2c(q):
    made = words(long_lag(experiment="2c", p=2, q=q), q + 6)
    between = {word for length in range(q, q + 3) for word in itertools.product(("a1", "a2"), repeat=length)}
    assert made == {("b", z, *word, "e", z) for z in "xy" for word in between}


@pytest.mark.parametrize("p", [2, 3, 7])
def test_long_lag_sizes(p):
    assert minimal_size(long_lag(p=p)) == 2 * p + 3
    assert minimal_size(long_lag(experiment="2b", p=p)) == 2 * p + 3
    assert minimal_size(long_lag(experiment="2c", p=p, q=5)) == 2 * 5 + 8


@pytest.mark.parametrize("p", [2, 3, 7, 100])
def test_long_lag_2c_ends_its_distractors_one_time_in_ten(p):
    graph = long_lag(experiment="2c", p=p, q=2)
    assert {ways["e"][2] for ways in moves(graph).values() if "e" in ways} == {0.1}
    for state, ways in moves(graph).items():
        given = [probability for *_, probability in ways.values()]
        assert graph.nodes[state].get("accept") or abs(sum(given) - 1) < 1e-9


def test_q_belongs_to_2c_alone():
    with pytest.raises(PluginError, match="q belongs to experiment 2c, not to 2b"):
        long_lag(experiment="2b", q=5)


def test_too_large_a_grammar_is_refused():
    for experiment, q in (("2b", 0), ("2c", 1000)):
        with pytest.raises(
            LimitError, match=r"long-lag: about \d,\d+,\d+ edges, more than the limit of 250,000"
        ) as caught:
            long_lag(experiment=experiment, p=1000, q=q)
        assert "LSTMC_MAX_GRAMMAR_EDGES" in caught.value.help
