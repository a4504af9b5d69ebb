"""Two states that take turns, where a loop could be taken for a way in."""

from dataclasses import replace

import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import given
from laws import behaviour, chances, law, same
from strategies import VALID, grammars

from lstmc.automaton import Automaton, alternate, split, to_automaton, trim, weigh
from lstmc.grammar.grammar import Grammar

ANY = grammars(*VALID)
TEXT = """
    S start
    A accept
    S -a-> A
    A -a-> A
    A -b-> A
    A -c-> S
    """


def ready(grammar: Grammar) -> Automaton:
    return split(weigh(trim(to_automaton(grammar))))


def test_picture() -> None:
    assert picture(alternate(automaton(TEXT)), by=True) == (
        "S start of S\n"
        "A accept of A\n"
        "A again accept of A\n"
        "S -a-> A   by S –a→ A\n"
        "A -a-> A again   by A –a→ A\n"
        "A -b-> A   by A –b→ A\n"  # it leads to A from nowhere else
        "A -c-> S   by A –c→ S\n"
        "A again -a-> A   by A –a→ A\n"
        "A again -b-> A again   by A –b→ A\n"
        "A again -c-> S   by A –c→ S\n"
    )


def test_picture_of_all_loops() -> None:
    assert "A -b-> A again\n" in picture(alternate(automaton(TEXT), all_loops=True))


def test_a_loop_of_the_start_state_is_a_way_in_at_first() -> None:
    assert picture(alternate(automaton("S start accept\nS -a-> S\n"))) == (
        "S start accept\nS again accept\nS -a-> S again\nS again -a-> S\n"
    )


def test_where_no_loop_can_be_taken_for_a_way_in_nothing_changes() -> None:
    a = automaton("S start\nA accept\nS -a-> A\nA -b-> A\n")
    assert alternate(a) is a


def test_names_stay_apart() -> None:
    a = automaton(TEXT)
    b = replace(a, states=("A again", "A"))
    assert len(set(alternate(b).states)) == 3


@law
@given(ANY)
def test_every_string_is_answered_as_before(grammar: Grammar) -> None:
    for a in (trim(to_automaton(grammar)), ready(grammar)):
        assert behaviour(alternate(a), 4) == behaviour(alternate(a, all_loops=True), 4) == behaviour(a, 4)


@law
@given(grammars("deterministic", "probabilistic", "moore", "mealy"))
def test_probabilities_are_kept(grammar: Grammar) -> None:
    a = ready(grammar)
    b = alternate(a)
    assert b.deterministic
    assert chances(b, 4) == pytest.approx(chances(a, 4))


@law
@given(ANY)
def test_no_loop_is_left_that_could_be_a_way_in(grammar: Grammar) -> None:
    a = alternate(ready(grammar))
    loops = a.source == a.target
    entered = set(zip(a.target[~loops].tolist(), a.symbol[~loops].tolist(), strict=True))
    assert entered.isdisjoint(zip(a.target[loops].tolist(), a.symbol[loops].tolist(), strict=True))
    assert not a.initial[a.source[loops]].any()
    assert same(alternate(a), a)
    assert not np.any((b := alternate(ready(grammar), all_loops=True)).source == b.target)


@law
@given(ANY)
def test_every_move_is_of_the_same_rule_between_copies_of_the_same_states(grammar: Grammar) -> None:
    a = ready(grammar)
    b = alternate(a)
    assert set(b.origins) == set(a.origins)
    of = {(a.origins[p], x, a.origins[q], rules) for p, x, q, _, rules in a.each_move()}
    assert {(b.origins[p], x, b.origins[q], rules) for p, x, q, _, rules in b.each_move()} == of
