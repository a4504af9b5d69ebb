"""Moves that read nothing go; what is read, and where strings may end, stays."""

import pytest
from drawing import automaton, picture
from hypothesis import given
from laws import behaviour, law
from strategies import grammars

from lstmc.automaton import NONE, to_automaton, trim
from lstmc.errors import LimitError
from lstmc.grammar.grammar import Grammar
from lstmc.testing.simulation import END, Simulation


def test_picture() -> None:
    text = """
        S start
        S --> A
        A -a-> A
        A -b-> B
        B accept
        B --> S
        """
    assert picture(automaton(text), by=True) == (
        "S start of S\n"
        "A of A\n"
        "B accept of B\n"
        "S -a-> A   by S –ε→ A –a→ A\n"
        "S -b-> B   by S –ε→ A –b→ B\n"
        "A -a-> A   by A –a→ A\n"
        "A -b-> B   by A –b→ B\n"
        "B -a-> A   by B –ε→ S –ε→ A –a→ A\n"
        "B -b-> B   by B –ε→ S –ε→ A –b→ B\n"
    )


def test_a_state_accepts_where_one_does_that_it_leads_to() -> None:
    text = """
        S start
        S -a-> A
        A --> B
        B --> C
        C accept
        """
    assert picture(trim(automaton(text))) == "S start\nA accept\nS -a-> A\n"


def test_the_shortest_way_is_told_and_circles_are_no_matter() -> None:
    text = """
        S start
        S --> A
        A --> S
        S --> B
        A --> B
        B --> B
        B -a-> B
        B accept
        """
    rules = trim(automaton(text)).rules
    assert rules == ("S –ε→ B –a→ B", "A –ε→ B –a→ B", "B –a→ B")


def test_outputs_are_those_of_what_is_read() -> None:
    text = """
        S start
        S --> A
        A -a/1-> B
        B --> S
        B accept
        """
    assert picture(trim(automaton(text))) == "S start\nB accept\nS -a/1-> B\nB -a/1-> B\n"


@pytest.mark.slow
@law
@given(grammars("silent"))
def test_the_same_strings_may_go_on_end_and_say_the_same(grammar: Grammar) -> None:
    a = trim(to_automaton(grammar))
    known = behaviour(a, 4)
    for string, (ends, said) in known.items():
        simulation = Simulation(grammar).read(a.alphabet[x] for x in string)
        output = simulation.output()
        assert ends == simulation.accepted
        assert said == {NONE if output is None else a.outputs.index(output)}
        if len(string) < 4:
            follows = {text for x, text in enumerate(a.alphabet) if (*string, x) in known}
            assert follows == simulation.allowed() - {END}


def test_long_ways_without_reading_are_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of n ε-moves before one move makes n rules of up to n states each."""
    chain = "".join(f"q{n} --> q{n + 1}\n" for n in range(9)) + "q0 start\nq9 accept\nq9 -a-> q9\n"
    monkeypatch.setenv("LSTMC_MAX_AUTOMATON_ROWS", "45")
    assert len(automaton(chain).source) == 10
    monkeypatch.setenv("LSTMC_MAX_AUTOMATON_ROWS", "44")
    with pytest.raises(LimitError, match="ε-moves stand before its other moves in 45 rows"):
        automaton(chain)


def test_how_many_moves_there_may_be_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    star = "q0 start\n" + "".join(f"q0 --> q{n}\nq{n} accept\nq{n} -a-> q{n}\n" for n in range(1, 10))
    assert len(automaton(star).source) == 18
    monkeypatch.setenv("LSTMC_MAX_AUTOMATON_ROWS", "17")
    with pytest.raises(LimitError) as refusal:
        automaton(star)
    assert str(refusal.value) == (
        "error: grammar 'small': without ε-moves it has 18 rows, more than the limit of 17\n"
        "help: take out the ε-moves that are not needed; or "
        "set LSTMC_MAX_AUTOMATON_ROWS to a larger number if you trust it"
    )
