"""The oracle itself, against facts worked out by hand and against the definition."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import INVALID, VALID, grammars, random_grammar, random_string, strings

from lstmc.grammar.grammar import Grammar
from lstmc.testing.simulation import AmbiguousOutputError, Simulation, ambiguous

REBER = "start-B-0 0-T-1 0-P-5 1-S-1 1-X-2 2-S-3 2-X-5 5-T-5 5-V-4 4-P-2 4-V-3 3-E-6"


def grammar(rules: str, start: str, accept: str = "", outputs: str = "") -> Grammar:
    """Rules `source-symbol-target` or `source-symbol-target-output`, and the states' outputs as `state=output`."""
    graph = nx.MultiDiGraph()
    for rule in rules.split():
        source, symbol, target, *output = rule.split("-")
        graph.add_edge(source, target, symbol=symbol, **({"output": output[0]} if output else {}))
    for state in start.split():
        graph.nodes[state]["start"] = True
    for state in accept.split():
        graph.nodes[state]["accept"] = True
    for pair in outputs.split():
        state, output = pair.split("=")
        graph.nodes[state]["output"] = output
    return Grammar.from_graph(graph, "by-hand")


@pytest.fixture
def reber() -> Grammar:
    return grammar(REBER, start="start", accept="6")


# Reber, by hand.


@pytest.mark.parametrize("word", ["BTXSE", "BPVVE", "BTSSXXTTVPXVVE"])
def test_reber_accepts_its_strings_and_ends_there(reber: Grammar, word: str) -> None:
    simulation = Simulation(reber).read(word)
    assert simulation.accepted
    assert simulation.allowed() == {"end"}
    assert simulation.probabilities() == {"end": 1}


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [("", "B"), ("B", "TP"), ("BT", "SX"), ("BTX", "SX"), ("BP", "TV"), ("BPV", "PV"), ("BPVP", "SX"), ("BTXS", "E")],
)
def test_reber_allows_the_symbols_of_the_diagram(reber: Grammar, prefix: str, allowed: str) -> None:
    simulation = Simulation(reber).read(prefix)
    assert simulation.alive
    assert not simulation.accepted
    assert simulation.allowed() == set(allowed)
    assert simulation.probabilities() == {symbol: Fraction(1, len(allowed)) for symbol in allowed}


def test_dead_stays_dead(reber: Grammar) -> None:
    simulation = Simulation(reber).read("BTT")
    for symbol in "BTXSEPV?":
        assert not simulation.alive
        assert not simulation.accepted
        assert simulation.allowed() == set()
        assert simulation.probabilities() == {}
        simulation.step(symbol)
    assert Simulation(reber).read("BTXSEB").allowed() == set()


def test_reber_has_the_known_distribution_of_lengths(reber: Grammar) -> None:
    lengths = lengths_of(reber, upto=400)
    assert [lengths[n] for n in (5, 6, 7, 8)] == [0.25, 0.1875, 0.125, 0.109375]
    assert sum(n * p for n, p in lengths.items()) == pytest.approx(8.0, abs=1e-12)


def lengths_of(grammar: Grammar, upto: int) -> dict[int, float]:
    """The probability that a string has n symbols: mass flows through the states that the simulation is in."""
    simulation, lengths = Simulation(grammar), {}
    words, mass = {simulation.states: ()}, {simulation.states: 1.0}
    for n in range(upto):
        following: dict[frozenset[str], float] = defaultdict(float)
        for states, share in mass.items():
            for symbol, probability in simulation.read(words[states]).probabilities().items():
                if symbol == "end":
                    lengths[n] = lengths.get(n, 0.0) + share * float(probability)
                    continue
                longer = (*words[states], symbol)
                words.setdefault(simulation.read(longer).states, longer)
                following[simulation.states] += share * float(probability)
        mass = following
    return lengths


# Trimming.


def test_a_move_that_never_leads_to_the_end_is_not_allowed_and_not_counted() -> None:
    simulation = Simulation(grammar("s-a-t s-b-trap s-c-stop trap-a-trap t-a-t", start="s", accept="t"))
    assert simulation.allowed() == {"a"}
    assert simulation.probabilities() == {"a": 1}
    assert not simulation.read("b").alive
    assert not simulation.read("c").alive


def test_end_counts_among_the_equally_likely_moves() -> None:
    simulation = Simulation(grammar("s-a-t t-a-t t-b-s", start="s", accept="t"))
    assert simulation.read("a").probabilities() == {"a": Fraction(1, 3), "b": Fraction(1, 3), "end": Fraction(1, 3)}


def test_the_empty_string_can_be_all_there_is() -> None:
    simulation = Simulation(grammar("s-a-t t-b-t", start="s", accept="s"))
    assert simulation.accepted
    assert simulation.probabilities() == {"end": 1}
    assert not simulation.read("a").alive


def test_a_start_state_without_a_future_does_not_count() -> None:
    simulation = Simulation(grammar("s-a-t u-b-trap", start="s u", accept="t"))
    assert simulation.allowed() == {"a"}
    assert simulation.deterministic


def test_an_endless_grammar_never_ends_and_avoids_what_stops() -> None:
    simulation = Simulation(grammar("s-a-t s-b-stop s-c-before before-a-stop t-a-s t-b-t", start="s"))
    assert simulation.allowed() == {"a"}
    assert simulation.read("a").probabilities() == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert simulation.read("abba" * 50).alive
    assert not simulation.accepted
    assert not simulation.read("c").alive


# Probabilities.


def test_the_end_of_a_string_has_the_remainder() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node(0, start=True, accept=True)
    graph.add_edge(0, 0, symbol="a", probability=0.1)
    graph.add_edge(0, 0, symbol="b", probability=0.2)
    assert Simulation(Grammar.from_graph(graph, "weighted")).read("ab").probabilities() == {
        "a": Fraction(1, 10),
        "b": Fraction(2, 10),
        "end": Fraction(7, 10),
    }


@pytest.mark.parametrize(
    "nondeterministic",
    [grammar("s-a-t s-a-u t-a-t u-b-u", "s", "t u"), grammar("s-a-t t-b-s", "s t", "t")],
    ids=["two rules", "two starts"],
)
def test_a_nondeterministic_grammar_has_no_probabilities(nondeterministic: Grammar) -> None:
    assert Simulation(nondeterministic).probabilities() is None
    assert Simulation(nondeterministic).read("bbbb").probabilities() is None


def test_a_choice_of_which_only_one_has_a_future_is_none() -> None:
    simulation = Simulation(grammar("s-a-t s-a-trap trap-b-trap t-b-s", start="s", accept="s"))
    assert simulation.deterministic
    assert simulation.read("a").probabilities() == {"b": 1}


# An unknown start.


def test_an_unknown_start_narrows_down_to_the_true_state() -> None:
    simulation = Simulation(grammar(REBER, start="start 0 1 2 3 4 5 6", accept="6"))
    assert simulation.allowed() == {*"BTPSXVE", "end"}
    assert simulation.accepted
    seen = [sorted(simulation.states)]
    for symbol in "XTV":
        simulation.step(symbol)
        seen.append(sorted(simulation.states))
    assert seen == [[*"0123456", "start"], ["2", "5"], ["5"], ["4"]]
    assert simulation.allowed() == {"P", "V"}


# Transducers.


def test_a_moore_machine_says_what_its_state_says() -> None:
    simulation = Simulation(grammar("s-a-t t-a-s t-b-u", "s", "u", outputs="s=even t=odd"))
    assert [simulation.read("aab"[:n]).output() for n in range(4)] == ["even", "odd", "even", None]
    assert simulation.read("ab").output() is None  # u says nothing
    assert simulation.read("b").output() is None  # dead


def test_a_mealy_machine_says_what_its_last_move_says() -> None:
    simulation = Simulation(grammar("s-a-s-0 s-b-s-1 s-c-t", "s", "t"))
    assert [simulation.read("abc"[:n]).output() for n in range(4)] == [None, "0", "1", None]
    assert simulation.read("ca").output() is None  # dead


def test_copies_that_say_the_same_are_no_contradiction() -> None:
    copies = grammar("s-a-t s-a-u t-b-t u-c-u", "s", "t u", outputs="t=1 u=1")
    assert Simulation(copies).read("a").output() == "1"
    assert not ambiguous(copies)


@pytest.mark.parametrize(
    ("contradiction", "prefix"),
    [
        (grammar("s-a-t s-a-u", "s", "t u", outputs="t=1 u=2"), "a"),
        (grammar("s-a-t s-a-u", "s", "t u", outputs="t=1"), "a"),
        (grammar("s-a-t-1 s-a-t-2", "s", "t"), "a"),
        (grammar("s-a-t t-a-s", "s t", "t", outputs="s=1 t=2"), ""),
        (grammar("s-a-s-0 s-b-t-0 s-b-s-0 t-c-t-1 s-c-s-2", "s", "t s"), "aabc"),
    ],
)
def test_a_transducer_that_contradicts_itself_is_found_out(contradiction: Grammar, prefix: str) -> None:
    with pytest.raises(AmbiguousOutputError):
        Simulation(contradiction).read(prefix).output()
    assert ambiguous(contradiction)


def test_a_contradiction_without_a_future_is_none() -> None:
    assert not ambiguous(grammar("s-a-t s-a-trap trap-b-trap", "s", "t", outputs="s=0 t=1 trap=2"))


# The definition: a symbol is allowed exactly where some string goes on with it.

SHORT = 2  # how long the prefixes are that the definition is tried on


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*VALID, *INVALID])
@settings(max_examples=25)
@given(data=st.data())
def test_allowed_is_what_some_string_goes_on_with(kind: str, data: st.DataObject) -> None:
    drawn = data.draw(grammars(kind))
    simulation = Simulation(drawn)
    prefixes: list[tuple[str, ...]] = [()]
    for prefix in prefixes:
        simulation.read(prefix)
        expected = {symbol for symbol in drawn.alphabet if begins_a_string(drawn, (*prefix, symbol))}
        expected |= {"end"} if is_a_string(drawn, prefix) else set()
        assert simulation.allowed() == expected
        assert simulation.alive == begins_a_string(drawn, prefix)
        assert simulation.accepted == ("end" in expected)
        if len(prefix) < SHORT:
            prefixes += [(*prefix, symbol) for symbol in drawn.alphabet if simulation.alive]


def is_a_string(grammar: Grammar, word: tuple[str, ...]) -> bool:
    return bool(ends(grammar, grammar.start, word) & accepting(grammar))


def begins_a_string(grammar: Grammar, prefix: tuple[str, ...]) -> bool:
    """Try what may follow, shortest first: of the words worth trying, none is longer than there are states.

    In an endless grammar a word as long as that has been in some state twice, and so can go on for ever.
    """
    following = {ends(grammar, grammar.start, prefix)}  # words that end alike are tried as one
    for _ in range(len(grammar.graph)):
        if any(states & accepting(grammar) for states in following):
            return True
        following = {ends(grammar, states, (symbol,)) for states in following for symbol in grammar.alphabet}
    return not accepting(grammar) and any(following)


def accepting(grammar: Grammar) -> set[str]:
    return {state for state, data in grammar.graph.nodes(data=True) if data.get("accept")}


def ends(grammar: Grammar, start: Iterable[str], word: tuple[str, ...]) -> frozenset[str]:
    """Where a word may end in the graph as it stands, untrimmed."""
    silent = nx.DiGraph((p, q) for p, q, symbol in grammar.graph.edges(data="symbol") if symbol is None)

    def with_silent(states: Iterable[str]) -> set[str]:
        return {*states}.union(*(nx.descendants(silent, state) for state in states if state in silent))

    states = with_silent(start)
    for symbol in word:
        states = with_silent(
            {q for p in states for _, q, x in grammar.graph.out_edges(p, data="symbol") if x == symbol}
        )
    return frozenset(states)


# The strategies keep their promises.


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*VALID, *INVALID])
@settings(max_examples=50)
@given(data=st.data())
def test_random_grammars_are_valid(kind: str, data: st.DataObject) -> None:
    drawn = data.draw(grammars(kind))
    simulation = Simulation(drawn)
    assert simulation.alive
    assert ambiguous(drawn) == (kind in INVALID)
    string = data.draw(strings(drawn))
    assert set(string) <= set(drawn.alphabet)
    for symbol in string:
        probabilities = simulation.probabilities()
        if probabilities:
            assert probabilities.keys() == simulation.allowed()
            assert sum(probabilities.values()) == 1
            assert min(probabilities.values()) > 0
        simulation.step(symbol)


@pytest.mark.parametrize("kind", [*VALID, *INVALID])
def test_a_seed_always_gives_the_same_grammar_and_string(kind: str) -> None:
    first, second = (random_grammar(kind, rng) for rng in (Random(7), Random(7)))
    assert first == second
    assert random_string(first, Random(8)) == random_string(second, Random(8))
