"""DFA and NFA of automata-lib, in both directions; its own `accepts_input` is what they are compared with."""

import itertools
import os
import subprocess
import sys
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import grammars

import lstmc
from lstmc.errors import PluginError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.testing.simulation import Simulation, useful_states

pytest.importorskip("automata", reason="automata-lib is not installed: pip install automata-lib")

from automata.fa.dfa import DFA
from automata.fa.gnfa import GNFA
from automata.fa.nfa import NFA
from automata.pda.dpda import DPDA
from automata.pda.npda import NPDA
from automata.tm.dtm import DTM

SYMBOLS = "abc"
STATES: list[list[Any]] = [
    [0, 1, 2, 3, 4],
    ["start", "no", "0", "trap", "x y"],
    [frozenset(), frozenset({"b", "a"}), frozenset({0}), (0, "a"), ("q", frozenset({1, 2}))],
]


@st.composite
def dfas(draw: st.DrawFn) -> DFA:
    """Complete or not, with traps, with states that nothing leads to, and with odd names."""
    rng = draw(st.randoms(use_true_random=False))
    states = rng.choice(STATES)[: rng.randint(1, 5)]
    density = rng.choice((0.4, 0.7, 1.0))
    moves = {p: {x: rng.choice(states) for x in SYMBOLS if rng.random() < density} for p in states}
    return DFA(
        states=set(states),
        input_symbols=set(SYMBOLS),
        transitions=moves,
        initial_state=states[0],
        final_states={state for state in states if rng.random() < 0.3},
        allow_partial=any(len(ways) < len(SYMBOLS) for ways in moves.values()),
    )


@st.composite
def nfas(draw: st.DrawFn) -> NFA:
    """With several moves on a symbol, and moves that read nothing, in cycles too."""
    rng = draw(st.randoms(use_true_random=False))
    states = rng.choice(STATES)[: rng.randint(1, 5)]
    return NFA(
        states=set(states),
        input_symbols=set(SYMBOLS),
        transitions={p: _ways(states, rng) for p in states if p == states[0] or rng.random() < 0.9},
        initial_state=states[0],
        final_states={state for state in states if rng.random() < 0.3},
    )


def _ways(states: list[Any], rng: Random) -> dict[str, set[Any]]:
    return {
        x: set(rng.sample(states, rng.randint(1, min(2, len(states))))) for x in ["", *SYMBOLS] if rng.random() < 0.4
    }


WORDS = [list(word) for length in range(6) for word in itertools.product(SYMBOLS, repeat=length)]


def accepted_by(automaton: DFA | NFA) -> list[bool]:
    return [automaton.accepts_input(word) for word in WORDS]


def accepted(grammar: Grammar) -> list[bool]:
    simulation = Simulation(grammar)
    return [simulation.read(word).accepted for word in WORDS]


@pytest.mark.slow
@settings(max_examples=120)
@given(dfas() | nfas())
def test_a_grammar_accepts_what_the_automaton_accepts(automaton: DFA | NFA) -> None:
    language = accepted_by(automaton)
    if not any(language):  # of five states, some string of five symbols reaches all that any reaches
        with pytest.raises(UsageError, match="the automaton accepts nothing"):
            lstmc.load_grammar(automaton)
        return
    silent = isinstance(automaton, NFA) and any("" in ways for ways in automaton.transitions.values())
    if not any(language[1:]):
        if not silent:  # an ε-move is a rule, unless it leads nowhere
            with pytest.raises(GrammarError, match="G005"):  # the empty string alone: no rules
                lstmc.load_grammar(automaton)
        return
    grammar = lstmc.load_grammar(automaton)
    assert accepted(grammar) == language
    assert grammar.warnings == ()
    assert set(grammar.graph) == useful_states(grammar.graph)
    assert grammar.alphabet == tuple(SYMBOLS)


@settings(max_examples=25)
@given(dfas() | nfas(), st.lists(st.text(SYMBOLS, max_size=9).map(list), min_size=1, max_size=5))
def test_a_network_accepts_what_the_automaton_accepts(automaton: DFA | NFA, strings: list[list[str]]) -> None:
    if not any(accepted_by(automaton)[1:]):
        return
    network = lstmc.compile(lstmc.load_grammar(automaton))
    assert [network.run(each).accepted for each in strings] == [automaton.accepts_input(each) for each in strings]


@pytest.mark.slow
@settings(max_examples=80)
@given(grammars("deterministic", "nondeterministic"))
def test_a_grammar_becomes_an_automaton_and_a_grammar_again(grammar: Grammar) -> None:
    automaton = lstmc.convert(grammar, "automata")
    moves = [(p, symbol) for p, _, symbol in grammar.graph.edges(data="symbol")]
    assert type(automaton) is (DFA if len(set(moves)) == len(moves) else NFA)
    tried = [list(each) for length in range(4) for each in itertools.product(grammar.alphabet, repeat=length)]
    simulation = Simulation(grammar)
    assert [automaton.accepts_input(each) for each in tried] == [simulation.read(each).accepted for each in tried]
    if grammar.graph.subgraph(useful_states(grammar.graph)).edges:
        assert lstmc.load_grammar(automaton) == tidied(grammar)


def tidied(grammar: Grammar) -> Grammar:
    """What automata-lib can say of it: no name, no order of the alphabet, no states that no string uses."""
    graph = nx.MultiDiGraph(grammar.graph.subgraph(useful_states(grammar.graph)))
    graph.graph.update(name="grammar", alphabet=sorted(grammar.alphabet))
    return Grammar.from_graph(graph)


def test_a_graph_as_a_person_checks_it() -> None:
    """(ab)*|c: the trap is gone."""
    nfa = NFA(
        states={"s", "left", "right", "m", "e", "trap"},
        input_symbols={"a", "b", "c"},
        transitions={
            "s": {"": {"left", "right"}},
            "left": {"a": {"m"}, "c": {"trap"}},
            "m": {"b": {"left"}},
            "right": {"c": {"e"}},
            "trap": {"a": {"trap"}},
        },
        initial_state="s",
        final_states={"left", "e"},
    )
    graph = lstmc.load_grammar(nfa).graph
    assert dict(graph.nodes(data=True)) == {
        "s": {"start": True},
        "left": {"accept": True},
        "right": {},
        "m": {},
        "e": {"accept": True},
    }
    assert list(graph.edges(data="symbol")) == [
        ("s", "left", None),
        ("s", "right", None),
        ("left", "m", "a"),
        ("right", "e", "c"),
        ("m", "left", "b"),
    ]
    assert graph.edges["s", "left", 0] == {"epsilon": True}


SETS_OF_STATES = """
from automata.fa.dfa import DFA
from automata.fa.nfa import NFA
import lstmc
nfa = NFA(
    states={"p", "q", "r"}, input_symbols={"a", "b"}, initial_state="p", final_states={"r"},
    transitions={"p": {"a": {"p", "q"}, "b": {"p"}}, "q": {"a": {"r"}, "b": {"r"}}},
)
print(lstmc.load_grammar(DFA.from_nfa(nfa, retain_names=True, minify=False)).to_dict())
"""


@pytest.mark.slow
def test_sets_of_states_have_the_same_text_in_every_run() -> None:
    printed = set()
    for seed in "1234":
        done = subprocess.run(
            [sys.executable, "-c", SETS_OF_STATES], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        )
        printed.add(done.stdout.decode())
    (text,) = printed
    assert "'id': '{p, q, r}'" in text


def test_symbols_may_be_longer_than_a_character() -> None:
    grammar = lstmc.load_grammar(dfa({"x": {"on": "y"}, "y": {"off": "x"}}, "x", {"x"}))
    assert lstmc.compile(grammar).run(["on", "off"]).accepted
    assert lstmc.convert(grammar, "automata").accepts_input(["on", "off"])


def dfa(moves: dict[Any, dict[str, Any]], start: Any, final: set[Any]) -> DFA:
    symbols = {symbol for ways in moves.values() for symbol in ways}
    return DFA(
        states=set(moves),
        input_symbols=symbols,
        transitions=moves,
        initial_state=start,
        final_states=final,
        allow_partial=True,
    )


@pytest.mark.parametrize(
    ("automaton", "message"),
    [
        (dfa({1: {"a": "1"}, "1": {}}, 1, {"1"}), "the states '1' and 1 have the same text, '1'"),
        (dfa({True: {"a": "true"}, "true": {}}, True, {"true"}), "have the same text, 'true'"),
        (dfa({object: {"a": object}}, object, set()), "the automaton accepts nothing"),
        (dfa({(key := object()): {"a": key}}, key, {key}), "a state of type object has no text of its own"),
        (GNFA.from_dfa(dfa({0: {"a": 0}}, 0, {0})), "no grammar is made of automata-lib's GNFA"),
    ],
)
def test_what_no_grammar_says_is_refused(automaton: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        lstmc.load_grammar(automaton)
    assert message in caught.value.message
    assert caught.value.help


STACK: dict[str, Any] = {
    "states": {"q"},
    "input_symbols": {"a"},
    "stack_symbols": {"$"},
    "initial_state": "q",
    "initial_stack_symbol": "$",
    "final_states": {"q"},
}
TAPE: dict[str, Any] = {
    "states": {"q", "e"},
    "input_symbols": {"a"},
    "tape_symbols": {"a", "."},
    "initial_state": "q",
    "blank_symbol": ".",
    "final_states": {"e"},
}


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        (DPDA(transitions={"q": {"a": {"$": ("q", "$")}}}, **STACK), "it has a stack"),
        (NPDA(transitions={"q": {"a": {"$": {("q", "$")}}}}, **STACK), "it has a stack"),
        (DTM(transitions={"q": {"a": ("e", "a", "R")}}, **TAPE), "it has a tape"),
    ],
)
def test_machines_with_more_memory_are_refused_by_name(machine: Any, reason: str) -> None:
    with pytest.raises(UsageError, match=f"no grammar is made of automata-lib's {type(machine).__name__}") as caught:
        lstmc.load_grammar(machine)
    assert reason in caught.value.help


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("weather-cycle", "automata-lib's automata hold no probabilities"),
        ("edge-detector", "automata-lib's automata have no outputs"),
        ("remainder-3", "automata-lib's automata have no outputs"),
        ("reber-unknown-start", "one initial state, and strings may start in"),
        ("continual-reber", "the grammar's strings never end"),
    ],
)
def test_what_automata_lib_has_not_is_refused_by_name(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        lstmc.convert(name, "automata")
    assert caught.value.help


def test_without_the_package_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "automata.fa.dfa", None)
    with pytest.raises(PluginError, match="automata-lib cannot be imported") as caught:
        lstmc.convert("reber", "automata")
    assert caught.value.help == "pip install automata-lib"


def test_values_that_are_equal_are_one_state() -> None:
    """As in Python: 1, 1.0 and True are one key of a mapping."""
    moves: dict[Any, Any] = {0: {"a": 1.0}, 1: {"a": False}}
    dfa = DFA(states={0, 1}, input_symbols={"a"}, transitions=moves, initial_state=0.0, final_states={True})
    graph = lstmc.load_grammar(dfa).graph
    assert dict(graph.nodes(data=True)) == {"0": {"start": True}, "1": {"accept": True}}
    assert list(graph.edges(data="symbol")) == [("0", "1", "a"), ("1", "0", "a")]
