"""A Mealy machine becomes a Moore machine that says the same."""

import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import given
from laws import behaviour, chances, law, same
from strategies import VALID, grammars

from lstmc.automaton import NONE, split, to_automaton, trim, weigh
from lstmc.grammar.grammar import Grammar

ANY = grammars(*VALID)


def test_picture() -> None:
    text = """
        S start
        A accept
        S -a/0-> A
        S -b/1-> A
        A -a-> S
        """
    assert picture(split(weigh(automaton(text))), by=True) == (
        "S start of S\n"  # one copy for the empty prefix and for the way in that says nothing
        "A/0 accept: 1/2 says 0 of A\n"
        "A/1 accept: 1/2 says 1 of A\n"
        "S -a-> A/0: 1/2   by S –a/0→ A\n"
        "S -b-> A/1: 1/2   by S –b/1→ A\n"
        "A/0 -a-> S: 1/2   by A –a→ S\n"
        "A/1 -a-> S: 1/2   by A –a→ S\n"
    )


def test_picture_of_a_start_with_a_loop() -> None:
    text = """
        S start accept
        S -a/0-> S
        """
    assert picture(split(automaton(text))) == (
        "S start accept\nS/0 accept says 0\nS -a-> S/0\nS/0 -a-> S/0\n"  # the loop of S leads out, that of S/0 stays
    )


def test_names_stay_apart() -> None:
    text = """
        S start
        A/0 accept
        S -a/0-> A
        S -b-> A/0
        A -b-> A/0
        """
    states = split(automaton(text)).states
    assert len(set(states)) == len(states) == 3


@law
@given(ANY)
def test_every_string_is_answered_as_before(grammar: Grammar) -> None:
    a = trim(to_automaton(grammar))
    assert behaviour(split(a), 4) == behaviour(a, 4)


@law
@given(grammars("mealy", "moore"))
def test_probabilities_are_kept(grammar: Grammar) -> None:
    a = weigh(trim(to_automaton(grammar)))
    assert chances(split(a), 4) == pytest.approx(chances(a, 4))


@law
@given(ANY)
def test_outputs_stand_on_states_alone_and_every_copy_has_a_way_in(grammar: Grammar) -> None:
    a = trim(to_automaton(grammar))
    b = split(a)
    assert not b.mealy
    assert np.all(b.initial | np.isin(np.arange(len(b.states)), b.target))
    assert int(b.initial.sum()) == int(a.initial.sum())
    assert same(split(b), b)
    if not a.mealy:
        assert b is a


@law
@given(grammars("mealy"))
def test_every_copy_is_of_one_state_and_every_move_of_the_same_rule(grammar: Grammar) -> None:
    a = trim(to_automaton(grammar))
    b = split(a)
    for p, x, q, o, rules in b.each_move():
        assert o == NONE
        (rule,) = rules
        (row,) = np.flatnonzero(a.rule == rule)
        assert (a.states[a.source[row]],) == b.origins[p]
        assert (a.states[a.target[row]],) == b.origins[q]
        assert a.symbol[row] == x
        assert a.output[row] == b.state_output[q]
