"""A graph becomes arrays that say the same."""

from dataclasses import replace

import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import given
from laws import law
from strategies import READING, grammars

from lstmc.automaton import NONE, to_automaton
from lstmc.grammar.grammar import Grammar

READS = grammars(*READING)


def test_picture() -> None:
    text = """
        S start
        A accept says 1
        S -b-> A: 0.25
        S -a-> A: 0.75
        A -a-> S: 0.9
        """
    assert picture(automaton(text), by=True) == (
        "S start of S\n"
        "A accept: 1/10 says 1 of A\n"  # what the edges leave
        "S -a-> A: 3/4   by S –a→ A\n"
        "S -b-> A: 1/4   by S –b→ A\n"
        "A -a-> S: 9/10   by A –a→ S\n"
    )


def test_a_given_end_stays_and_a_missing_one_is_the_exact_remainder() -> None:
    a = automaton("S start\nS -a-> A: 0.7\nS -b-> A: 0.1\nS accept\nA accept: 1\n")
    assert a.end.tolist() == [0.2, 1.0]  # not 0.20000000000000007, as floats would have it


def test_without_probabilities_none_are_known() -> None:
    a = automaton("S start accept\nS -a-> A\nA -b-> S\n")
    assert np.isnan(a.probability).all()
    assert np.isnan(a.end[0])
    assert a.end[1] == 0


@law
@given(READS)
def test_every_state_and_rule_is_there_once(grammar: Grammar) -> None:
    a, graph = to_automaton(grammar), grammar.graph
    assert a.states == tuple(graph)
    assert a.origins == tuple((state,) for state in graph)
    assert sorted(a.rule.tolist()) == list(range(graph.number_of_edges()))
    found = [
        (a.states[p], a.alphabet[x], a.states[q], a.outputs[o] if o != NONE else None, a.probability[row])
        for row, (p, x, q, o) in enumerate(zip(a.source, a.symbol, a.target, a.output, strict=True))
    ]
    expected = [
        (p, d["symbol"], q, d.get("output"), d.get("probability", np.nan)) for p, q, d in graph.edges(data=True)
    ]
    assert sorted(map(str, found)) == sorted(str((*edge[:-1], np.float64(edge[-1]))) for edge in expected)


@law
@given(READS)
def test_states_say_what_nodes_say(grammar: Grammar) -> None:
    a = to_automaton(grammar)
    for q, (state, data) in enumerate(grammar.graph.nodes(data=True)):
        assert bool(a.initial[q]) == bool(data.get("start"))
        assert bool(a.accepting[q]) == bool(data.get("accept"))
        assert (a.outputs[a.state_output[q]] if a.state_output[q] != NONE else None) == data.get("output")
        left = 1 - sum(rule.get("probability", np.nan) for *_, rule in grammar.graph.out_edges(state, data=True))
        unsaid = (left if left < 1 else np.nan) if data.get("accept") else 0.0
        assert a.end[q] == pytest.approx(data.get("end", unsaid), nan_ok=True)


def test_arrays_are_frozen() -> None:
    a = automaton("S start\nA accept\nS -a-> A\n")
    for array in (a.initial, a.accepting, a.end, a.state_output, a.source, a.symbol, a.target, a.rule, a.probability):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_an_automaton_that_breaks_the_invariants_cannot_be_made() -> None:
    a = automaton("S start\nA accept\nS -a-> A\nS -b-> A\n")
    for change in ({"target": a.target + 1}, {"symbol": a.symbol[::-1].copy()}, {"states": ("S", "S")}):
        with pytest.raises(AssertionError):
            replace(a, **change)
