"""Each shipped grammar file says what its first line says."""

import itertools
import re

import pytest
from grammar_oracle import mean_length, moves, run, start, words

from lstmc.grammar.catalogue import load_grammar, make
from lstmc.shipped import shipped


def graph(name):
    return load_grammar(name).graph


def every_word(alphabet, upto):
    return (word for length in range(upto + 1) for word in itertools.product(alphabet, repeat=length))


@pytest.mark.parametrize("name", shipped())
def test_each_is_named_like_its_file_has_no_warnings_and_names_a_source(name):
    grammar = load_grammar(name)
    assert grammar.name == name
    assert grammar.warnings == ()
    comment = [line for line in shipped()[name].read_text("utf-8").splitlines() if line.startswith("#")]
    assert re.search(r", (1[89]|20)\d\d\b", " ".join(comment))


def test_reber():
    after_2 = "(XT*VP)*(S|XT*VV)"
    reber = re.compile(f"B(TS*X{after_2}|PT*V(P{after_2}|V))E")
    made = {"".join(word) for word in words(graph("reber"), 9)}
    assert made == {w for w in (f"B{''.join(word)}E" for word in every_word("TSXPV", 7)) if reber.fullmatch(w)}
    assert {"BTXSE", "BPVVE"} <= made
    assert mean_length(graph("reber")) == 8


def test_continual_reber_is_reber_strings_one_after_another():
    stream = graph("continual-reber")
    assert not any(data.get("accept") for _, data in stream.nodes(data=True))
    assert all(moves(stream).values())
    assert set(words_that_return(stream, 9)) == words(graph("reber"), 9)


def words_that_return(stream, upto):
    """The words that lead from the start to the start for the first time."""
    table, layer = moves(stream), [((), start(stream))]
    for _ in range(upto):
        layer = [((*word, x), target) for word, state in layer for x, (target, *_) in table[state].items()]
        yield from (word for word, state in layer if state == start(stream))
        layer = [(word, state) for word, state in layer if state != start(stream)]


def test_nested_3_is_the_plugins_grammar():
    assert load_grammar("nested-3") == make("embedded-reber", {"depth": 3}, "nested-3")


def test_number():
    number = re.compile(r"d+(\.d+)?(E[+-]?d+)?")
    made = {"".join(word) for word in words(graph("number"), 6)}
    assert made == {w for w in map("".join, every_word("d.E+-", 6)) if number.fullmatch(w)}


def test_third_from_end():
    nfa = graph("third-from-end")
    for word in every_word("ab", 8):
        states = {start(nfa)}
        for symbol in word:
            states = {q for p in states for _, q, data in nfa.out_edges(p, data=True) if data["symbol"] == symbol}
        accepted = any(nfa.nodes[state].get("accept") for state in states)
        assert accepted == (len(word) >= 3 and word[-3] == "a")


def test_weather_cycle():
    cycle = graph("weather-cycle")
    for state, ways in moves(cycle).items():
        probabilities = [probability for *_, probability in ways.values()] + [cycle.nodes[state].get("end", 0)]
        assert abs(sum(probabilities) - 1) < 1e-12
    assert words(cycle, 4) == {
        tuple(["wet"] * wet + ["dry"] * dry) for wet in range(1, 4) for dry in range(1, 4) if wet + dry <= 4
    }


def test_remainder_3():
    moore = graph("remainder-3")
    for word in every_word("01", 8):
        state, _ = run(moore, word)
        assert moore.nodes[state]["output"] == str(int("0" + "".join(word), 2) % 3)


def test_edge_detector():
    mealy = graph("edge-detector")
    for word in every_word("01", 8):
        expected = [
            {"00": "same", "11": "same", "01": "rise", "10": "fall"}[a + b] for a, b in itertools.pairwise(("0", *word))
        ]
        assert run(mealy, word)[1] == expected


def test_reber_unknown_start_is_the_reber_grammar_from_any_state():
    anywhere, reber = graph("reber-unknown-start"), graph("reber")
    assert sorted(anywhere.edges(data="symbol")) == sorted(reber.edges(data="symbol"))
    assert all(data.get("start") for _, data in anywhere.nodes(data=True))
    states = set(anywhere)
    for symbol, left in (("T", {"1", "5"}), ("V", {"4"}), ("P", {"2"})):
        states = {q for p in states for _, q, data in anywhere.out_edges(p, data=True) if data["symbol"] == symbol}
        assert states == left
