"""States that no string passes through go; nothing else changes."""

import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import given
from laws import array_automaton, behaviour, law, same
from strategies import READING, VALID, grammars

from lstmc.automaton import Automaton, to_automaton, trim
from lstmc.grammar.grammar import Grammar
from lstmc.testing.simulation import useful_states

ANY = grammars(*VALID)


def test_picture() -> None:
    text = """
        S start
        E accept
        S -a-> A
        A -b-> E
        S -c-> B
        C -d-> A
        B -a-> B
        """
    assert picture(trim(automaton(text))) == "S start\nE accept\nA\nS -a-> A\nA -b-> E\n"


def test_picture_of_an_endless_grammar() -> None:
    text = """
        S start
        S -a-> A
        A -a-> S
        A -b-> B
        B -a-> C
        """
    assert picture(trim(automaton(text))) == "S start\nA\nS -a-> A\nA -a-> S\n"


@pytest.mark.slow
@law
@given(grammars(*READING))  # a state that only an ε-move leads to goes
def test_the_states_that_some_string_passes_through_are_left_in_their_order(grammar: Grammar) -> None:
    useful = useful_states(grammar.graph)
    assert trim(to_automaton(grammar)).states == tuple(state for state in grammar.graph if state in useful)


@law
@given(ANY)
def test_trimming_twice_changes_nothing(grammar: Grammar) -> None:
    once = trim(to_automaton(grammar))
    assert same(trim(once), once)


@pytest.mark.slow
@law
@given(ANY)
def test_every_move_between_the_states_left_is_left_with_its_rule(grammar: Grammar) -> None:
    before = to_automaton(grammar)
    after = trim(before)
    left = [before.states.index(state) for state in after.states]
    rows = np.isin(before.source, left) & np.isin(before.target, left)
    assert after.rule.tolist() == before.rule[rows].tolist()
    assert [after.states[p] for p in after.source] == [before.states[p] for p in before.source[rows]]
    assert [after.states[q] for q in after.target] == [before.states[q] for q in before.target[rows]]


@law
@given(ANY)
def test_no_string_is_lost(grammar: Grammar) -> None:
    before, after = to_automaton(grammar), trim(to_automaton(grammar))
    assert accepted(before) == accepted(after)


def accepted(a: Automaton) -> set[tuple[int, ...]]:
    return {string for string, (ends, _) in behaviour(a, 4).items() if ends}


def test_a_long_chain_needs_no_recursion() -> None:
    size = 50_000
    chain = array_automaton("a", size, [(q, 0, q + 1) for q in range(size - 1)], {size - 1})
    assert len(trim(chain).states) == size
    loop_after_chain = array_automaton("a", size, [(q, 0, min(q + 1, size - 1)) for q in range(size)], set())
    assert len(trim(loop_after_chain).states) == size
