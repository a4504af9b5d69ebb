"""All possible states at once: one arrow per symbol."""

import numpy as np
import pytest
from drawing import automaton, grammar, picture
from hypothesis import given
from laws import behaviour, law, possible, same
from strategies import VALID, grammars

import lstmc
from lstmc.automaton import Automaton, check_one_output, determinize, split, to_automaton, trim
from lstmc.errors import FindingsError, LimitError
from lstmc.grammar.grammar import Grammar

ANY = grammars(*VALID)


def ready(grammar: Grammar) -> Automaton:
    return split(trim(to_automaton(grammar)))


def nth_from_end(n: int) -> str:
    """The n-th symbol from the end is a: n + 1 states that become 2^n."""
    lines = ["q0 start", f"q{n} accept", "q0 -a-> q0", "q0 -b-> q0", "q0 -a-> q1"]
    return "\n".join(lines + [f"q{i} -{x}-> q{i + 1}" for i in range(1, n) for x in "ab"])


def test_picture() -> None:
    text = """
        S start
        A accept
        S -a-> A
        S -a-> B
        S -b-> B
        B -a-> A
        """
    assert picture(determinize(automaton(text)), by=True) == (
        "S start of S\n"
        "{A,B} accept of A, B\n"
        "B of B\n"
        "A accept of A\n"
        "S -a-> {A,B}   by S –a→ A, S –a→ B\n"
        "S -b-> B   by S –b→ B\n"
        "{A,B} -a-> A   by B –a→ A\n"
        "B -a-> A   by B –a→ A\n"
    )


def test_picture_of_an_unknown_start() -> None:
    text = """
        A start accept
        B start
        A -a-> B
        B -b-> A
        """
    assert picture(determinize(automaton(text))) == (
        "{A,B} start accept\nB\nA accept\n{A,B} -a-> B\n{A,B} -b-> A\nB -b-> A\nA -a-> B\n"
    )


@pytest.mark.parametrize("n", [1, 2, 5, 10])
def test_guessing_the_nth_symbol_from_the_end_takes_two_to_the_n_sets(n: int) -> None:
    found = determinize(automaton(nth_from_end(n)))
    assert len(found.states) == 2**n
    assert len(set(found.states)) == 2**n  # long names are cut, and still tell sets apart


def test_the_limit_is_exact_and_says_the_way_out() -> None:
    a = automaton(nth_from_end(5))
    assert len(determinize(a, max_states=32).states) == 32
    with pytest.raises(LimitError) as refusal:
        determinize(a, max_states=31)
    assert str(refusal.value) == (
        "error: grammar 'small': determinizing its 6 states needs more than 31 sets of states\n"
        "help: compile with -O1, which follows all states at once without determinizing, or raise --max-states"
    )


def test_two_outputs_for_one_string_are_refused_with_the_shortest_such_string() -> None:
    text = """
        S start
        A accept says 0
        B accept says 1
        S -a-> C
        S -a-> D
        C -b-> A
        D -b-> B
        D -a-> A
        """
    with pytest.raises(FindingsError) as refusal:
        determinize(automaton(text))
    assert str(refusal.value) == (
        "error: grammar 'small': after 'a b' the output may be '0' and '1'\n"
        "help: a transducer must have one output for each string: change the outputs, or make the grammar deterministic"
    )


def test_saying_something_or_nothing_is_two_outputs_too() -> None:
    for rules in ("S -a/1-> A\nS -a-> B\n", "S -a-> A\nS -a/1-> B\n"):
        with pytest.raises(FindingsError, match="after 'a' the output may be nothing and '1'"):
            determinize(split(automaton("S start\nA accept\nB accept\n" + rules)))


def test_two_starts_that_say_different_things_are_refused_before_any_symbol() -> None:
    with pytest.raises(FindingsError, match="after '' the output may be '0' and '1'"):
        determinize(automaton("A start accept says 0\nB start says 1\nB -a-> A\n"))


@pytest.mark.parametrize("level", [0, 1])
def test_outputs_that_agree_need_no_determinizing_up_to_level_1(level: int) -> None:
    says = "".join(f"q{i} says 0\n" for i in range(16))
    assert lstmc.compile(grammar(nth_from_end(15) + "\n" + says), level=level, max_states=10).outputs == ("0",)


@law
@given(grammars("transducer-of-copies", "transducer-of-symbols", "mealy", "moore"))
def test_a_transducer_with_one_output_for_each_string_passes(grammar: Grammar) -> None:
    check_one_output(ready(grammar))


@law
@given(ANY)
def test_the_result_is_deterministic_and_answers_as_before(grammar: Grammar) -> None:
    a = ready(grammar)
    b = determinize(a)
    assert b.deterministic
    assert behaviour(b, 4) == behaviour(a, 4)


@law
@given(ANY)
def test_a_deterministic_automaton_comes_back_as_it_is(grammar: Grammar) -> None:
    a = ready(grammar)
    assert (determinize(a) is a) == a.deterministic
    assert same(determinize(determinize(a)), determinize(a))


@law
@given(grammars("nondeterministic", "unknown-start"))
def test_origins_and_rules_are_those_of_the_states_and_moves_that_are_possible(grammar: Grammar) -> None:
    a = ready(grammar)
    b = determinize(a)
    members = possible(a, 4)
    for string, states in possible(b, 4).items():
        ((state, _),) = states
        assert set(b.origins[state]) == {a.states[q] for q, _ in members[string]}
        behind = np.isin(a.source, [q for q, _ in members[string]])
        assert set(b.rule[b.source == state].tolist()) == set(a.rule[behind].tolist())
        assert set(b.symbol[b.source == state].tolist()) == set(a.symbol[behind].tolist())
