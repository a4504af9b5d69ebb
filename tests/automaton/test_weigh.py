"""Moves without a probability share alike; given ones stay."""

import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import assume, given
from laws import law, same
from strategies import VALID, grammars

from lstmc.automaton import to_automaton, trim, weigh
from lstmc.grammar.grammar import Grammar
from lstmc.testing.simulation import Simulation


def test_picture() -> None:
    text = """
        S start
        A accept
        B accept
        S -a-> A
        S -b-> B
        A -a-> B
        A -b-> B
        B -a-> A: 0.2
        """
    assert picture(weigh(automaton(text))) == (
        "S start\n"
        "A accept: 1/3\n"
        "B accept: 4/5\n"
        "S -a-> A: 1/2\n"
        "S -b-> B: 1/2\n"
        "A -a-> B: 1/3\n"
        "A -b-> B: 1/3\n"
        "B -a-> A: 1/5\n"
    )


@law
@given(grammars("nondeterministic", "transducer-of-symbols"))
def test_a_nondeterministic_automaton_stays_without(grammar: Grammar) -> None:
    a = trim(to_automaton(grammar))
    assume(not a.deterministic)
    assert weigh(a) is a


@law
@given(grammars("probabilistic", "mealy", "moore", "deterministic"))
def test_what_a_state_gives_away_sums_to_one(grammar: Grammar) -> None:
    a = weigh(trim(to_automaton(grammar)))
    assert a.weighted
    given_away = np.bincount(a.source, weights=a.probability, minlength=len(a.states)) + a.end
    assert given_away == pytest.approx(np.ones(len(a.states)), abs=1e-9)


@law
@given(grammars("probabilistic", "mealy", "moore", "deterministic"))
def test_every_probability_is_the_grammars(grammar: Grammar) -> None:
    a = weigh(trim(to_automaton(grammar)))
    simulation = Simulation(grammar)
    for q, state in enumerate(a.states):
        simulation.states = frozenset([state])
        found = {a.alphabet[a.symbol[r]]: a.probability[r] for r in np.flatnonzero(a.source == q)}
        found |= {"end": a.end[q]} if a.accepting[q] else {}
        assert found == pytest.approx(simulation.probabilities(), abs=1e-12)


@law
@given(grammars(*VALID))
def test_weighing_twice_changes_nothing(grammar: Grammar) -> None:
    once = weigh(to_automaton(grammar))
    assert same(weigh(once), once)
