"""Machines of AALpy, in both directions; its own `step` is what they are compared with. One is learned."""

import random
import sys
from collections.abc import Callable
from itertools import product
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import grammars

import lstmc
from lstmc.errors import FindingsError, PluginError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.testing.simulation import Simulation, same_language

pytest.importorskip("aalpy", reason="AALpy is not installed: pip install aalpy")

from aalpy import automata as aalpy
from aalpy.base import SUL
from aalpy.learning_algs import run_Lstar
from aalpy.oracles import ProvidedSequencesOracleWrapper, RandomWMethodEqOracle

INPUTS: list[list[Any]] = [["a", "b", "c"], [0, 1, 2], [("login", 1), ("login", 2), False]]
OUTPUTS = [True, None, "yes", 3]


@st.composite
def machines(draw: st.DrawFn, kind: str, complete: bool = True) -> Any:
    """A machine of up to five states, some of which nothing leads to."""
    rng = draw(st.randoms(use_true_random=False))
    size, inputs = rng.randint(1, 5), rng.choice(INPUTS)
    states = [_state(kind, number, rng) for number in range(size)]
    for state in states:
        for read in inputs:
            if complete or rng.random() < 0.7:
                state.transitions[read] = rng.choice(states)
                if kind == "MealyMachine":
                    state.output_fun[read] = rng.choice(OUTPUTS)
    return getattr(aalpy, kind)(states[0], states)


def _state(kind: str, number: int, rng: random.Random) -> Any:
    name = rng.choice((f"s{number}", (number, "x")))
    if kind == "Dfa":
        return aalpy.DfaState(name, rng.random() < 0.4)
    return aalpy.MealyState(name) if kind == "MealyMachine" else aalpy.MooreState(name, rng.choice(OUTPUTS))


def text(value: Any) -> str | None:
    """As a grammar says it."""
    if value is None or isinstance(value, str):
        return value
    return {"True": "true", "False": "false"}.get(str(value), str(value).replace("'", ""))


def words(machine: Any, length: int) -> list[tuple[Any, ...]]:
    return [word for n in range(length + 1) for word in product(machine.get_input_alphabet(), repeat=n)]


def accepts(dfa: Any, word: tuple[Any, ...]) -> bool:
    try:
        return bool([dfa.initial_state.is_accepting, *dfa.execute_sequence(dfa.initial_state, list(word))][-1])
    except (KeyError, TypeError):  # a move is missing; of the empty sequence AALpy gives no list
        return not word and dfa.initial_state.is_accepting


@pytest.mark.slow
@settings(max_examples=80)
@given(machines("Dfa") | machines("Dfa", complete=False))
def test_a_dfa_accepts_what_its_grammar_accepts(dfa: Any) -> None:
    language = {word for word in words(dfa, 5) if accepts(dfa, word)}
    if not language - {()}:
        with pytest.raises(GrammarError if language else UsageError, match="G005" if language else "accepts nothing"):
            lstmc.load_grammar(dfa)
        return
    grammar = lstmc.load_grammar(dfa)
    simulation = Simulation(grammar)
    assert grammar.alphabet == tuple(map(text, dfa.get_input_alphabet()))
    assert {word for word in words(dfa, 5) if simulation.read(map(str, map(text, word))).accepted} == language


@pytest.mark.slow
@settings(max_examples=40)
@given(machines("MealyMachine"))
def test_a_mealy_machine_says_what_its_grammar_says(machine: Any) -> None:
    grammar = lstmc.load_grammar(machine)
    simulation, network = Simulation(grammar), lstmc.compile(grammar)
    for word in words(machine, 3)[1:]:
        said = text(machine.execute_sequence(machine.initial_state, list(word))[-1])
        read = [str(text(each)) for each in word]
        assert simulation.read(read).output() == said
        assert network.run(read).output == said
        assert not simulation.accepted
        assert simulation.alive


@pytest.mark.slow
@settings(max_examples=40)
@given(machines("MooreMachine"))
def test_a_moore_machine_says_what_its_grammar_says(machine: Any) -> None:
    grammar = lstmc.load_grammar(machine)
    simulation, network = Simulation(grammar), lstmc.compile(grammar)
    for word in words(machine, 3):
        machine.reset_to_initial()
        said = text([machine.step(None), *map(machine.step, word)][-1])
        read = [str(text(each)) for each in word]
        assert simulation.read(read).output() == said
        assert network.run(read).output == said


def test_strings_of_a_partial_machine_may_stop_anywhere() -> None:
    machine = aalpy.MealyMachine.from_state_setup({"on": {"t": ("tick", "on"), "stop": ("bye", "off")}, "off": {}})
    grammar = lstmc.load_grammar(machine)
    assert grammar.warnings == ()
    network = lstmc.compile(grammar)
    assert network.run(["t"]).next == ("t", "stop", "end")
    assert (network.run(["t", "stop"]).output, network.run(["t", "stop"]).next) == ("bye", ("end",))
    again = lstmc.load_grammar(lstmc.convert(grammar, "aalpy"))
    assert (again.graph.edges, again.graph.nodes) == (grammar.graph.edges, grammar.graph.nodes)


def chain(moves: dict[str, dict[str, float]], outputs: dict[str, Any], start: str) -> Any:
    states = {name: aalpy.McState(name, outputs[name]) for name in moves}
    for name, ways in moves.items():
        states[name].transitions = [(states[target], probability) for target, probability in ways.items()]
    return aalpy.MarkovChain(states[start], list(states.values()))


def test_a_markov_chain_reads_the_outputs_of_the_states_that_it_enters() -> None:
    moves = {"begin": {"sun": 1.0}, "sun": {"sun": 0.75, "rain": 0.25}, "rain": {"sun": 0.5, "storm": 0.5}, "storm": {}}
    grammar = lstmc.load_grammar(chain(moves, {"begin": None, "sun": "sun", "rain": 0, "storm": True}, "begin"))
    assert grammar.alphabet == ("sun", "0", "true")
    run = lstmc.compile(grammar, level=2).run(["sun", "sun", "0"])
    assert run.probabilities is not None
    assert {name: round(chance, 4) for name, chance in run.probabilities.items() if chance > 1e-4} == {
        "sun": 0.5,
        "true": 0.5,
    }
    stormy = Simulation(grammar).read(["sun", "0", "true", "true"])  # a state without moves says its output for ever
    assert stormy.probabilities() == {"true": 1}


def test_a_markov_chain_that_can_choose_between_two_states_of_one_output_is_no_grammar() -> None:
    moves = {"a": {"b": 0.5, "c": 0.5}, "b": {"a": 1.0}, "c": {"c": 1.0}}
    with pytest.raises(GrammarError, match="G020"):
        lstmc.load_grammar(chain(moves, {"a": "x", "b": "y", "c": "y"}, "a"))


def test_several_moves_are_followed_at_once() -> None:
    p, q = aalpy.OnfsmState("p"), aalpy.OnfsmState("q")
    p.add_transition("a", "x", p)
    p.add_transition("a", "x", q)
    p.add_transition("a", "x", q)  # twice the same
    q.add_transition("b", "y", p)
    network = lstmc.compile(lstmc.load_grammar(aalpy.Onfsm(p, [p, q])))
    assert network.run("a").next == ("a", "b")
    assert network.run("ab").output == "y"
    setup = {"p": ("x", {"a": ["p", "q"]}), "q": ("x", {"b": ["p"]})}
    network = lstmc.compile(lstmc.load_grammar(aalpy.NDMooreMachine.from_state_setup(setup)))
    assert network.run("a").next == ("a", "b")


def test_several_outputs_of_one_string_are_refused() -> None:
    setup = {"p": ("x", {"a": ["p", "q"]}), "q": ("z", {"b": ["p"]})}
    with pytest.raises(FindingsError, match="after 'a' the output may be 'x' and 'z'"):
        lstmc.compile(lstmc.load_grammar(aalpy.NDMooreMachine.from_state_setup(setup)))


# Back to AALpy.


@settings(max_examples=60)
@given(machines("Dfa") | machines("MealyMachine") | machines("MooreMachine") | machines("Dfa", complete=False))
def test_what_reads_comes_back(machine: Any) -> None:
    try:
        grammar = lstmc.load_grammar(machine)
    except (UsageError, GrammarError):
        return  # a Dfa that accepts nothing, or the empty string alone
    if not grammar.outputs and not isinstance(machine, aalpy.Dfa):
        with pytest.raises(UsageError, match="the grammar's strings never end"):
            lstmc.convert(grammar, "aalpy")
        return
    again = lstmc.convert(grammar, "aalpy")
    assert type(again) is type(machine)
    assert plain(lstmc.load_grammar(again)) == plain(grammar)


@settings(max_examples=40)
@given(grammars("deterministic"))
def test_a_grammar_becomes_a_dfa(grammar: Grammar) -> None:
    dfa = lstmc.convert(grammar, "aalpy")
    assert [state.state_id for state in dfa.states] == list(grammar.graph)
    simulation = Simulation(grammar)
    for word in words(dfa, 3):
        assert accepts(dfa, word) == simulation.read(word).accepted
    for state in dfa.states:
        if state.prefix is not None:
            assert len(state.prefix) == len(dfa.get_shortest_path(dfa.initial_state, state))
            dfa.execute_sequence(dfa.initial_state, list(state.prefix))
            assert dfa.current_state is state


def plain(grammar: Grammar) -> Grammar:
    """AALpy has no alphabet but that of the moves, in their order."""
    graph = nx.MultiDiGraph(grammar.graph)
    graph.graph["alphabet"] = sorted({symbol for *_, symbol in graph.edges(data="symbol")})
    return Grammar.from_graph(graph)


# What is refused.


def two(ids: tuple[Any, Any], inputs: tuple[Any, Any], outputs: tuple[Any, Any] = ("x", "y")) -> Any:
    p, q = map(aalpy.MealyState, ids)
    p.transitions, p.output_fun = {inputs[0]: q, inputs[1]: p}, dict(zip(inputs, outputs, strict=True))
    q.transitions, q.output_fun = {inputs[0]: p}, {inputs[0]: outputs[1]}
    return aalpy.MealyMachine(p, [p, q])


def with_a_stranger() -> Any:
    machine = two(("p", "q"), ("a", "b"))
    machine.states.pop()
    return machine


@pytest.mark.parametrize(
    ("machine", "message"),
    [
        (two(("p", "p"), ("a", "b")), "two states of the machine are called 'p'"),
        (two((1, "1"), ("a", "b")), "the states '1' and 1 have the same text, '1'"),
        (two(("p", "q"), (True, "true")), "the inputs 'true' and True have the same text, 'true'"),
        (two(("p", "q"), ("a", "b"), (1, "1")), "the outputs '1' and 1 have the same text, '1'"),
        (with_a_stranger(), "a move of state 'p' leads to a state that is not among the machine's"),
        (aalpy.Mdp.from_state_setup({"p": ("x", {"a": [("p", 1.0)]})}), "no grammar is made of AALpy's Mdp"),
        (aalpy.StochasticMealyMachine(*[aalpy.StochasticMealyState("p")], []), "AALpy's StochasticMealyMachine"),
        (chain({"p": {"p": 1.0}}, {"p": None}, "p"), "state 'p' of the MarkovChain has no output"),
        (aalpy.DfaState("p"), "no grammar is made of AALpy's DfaState"),
    ],
)
def test_what_no_grammar_says_is_refused(machine: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        lstmc.load_grammar(machine)
    assert message in caught.value.message
    assert caught.value.help


def test_machines_with_a_stack_are_refused() -> None:
    from aalpy.utils.BenchmarkVpaModels import vpa_L1

    with pytest.raises(UsageError, match="no grammar is made of AALpy's Vpa") as caught:
        lstmc.load_grammar(vpa_L1())
    assert "stack" in caught.value.help


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("weather-cycle", "hold no probabilities"),
        ("edge-detector", "have no accepting states"),
        ("reber-unknown-start", "one initial state, and strings may start in"),
        ("continual-reber", "the grammar's strings never end"),
        ("third-from-end", "AALpy's machines are deterministic, and state "),
    ],
)
def test_what_aalpy_has_not_is_refused_by_name(name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        lstmc.convert(name, "aalpy")
    assert caught.value.help


def test_without_the_package_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aalpy", None)
    with pytest.raises(PluginError, match="AALpy cannot be imported") as caught:
        lstmc.convert("reber", "aalpy")
    assert caught.value.help == "pip install aalpy"


# Learning.


class Answers(SUL):  # type: ignore[misc]
    """Says after every symbol whether the string so far is one of the grammar's."""

    def __init__(self, grammar: Grammar) -> None:
        super().__init__()
        self._simulation = Simulation(grammar)

    def pre(self) -> None:
        self._simulation.restart()

    def post(self) -> None:
        pass

    def step(self, letter: str | None) -> bool:
        if letter is not None:
            self._simulation.step(letter)
        return self._simulation.accepted


def learned(grammar: Grammar, random_walks: Callable[[list[str], SUL], Any]) -> Any:
    alphabet, sul = list(grammar.alphabet), Answers(grammar)
    seen = [list(each.symbols) for each in lstmc.sample(grammar, n=30, seed=1)]
    oracle = ProvidedSequencesOracleWrapper(alphabet, sul, random_walks(alphabet, sul), seen)
    return run_Lstar(alphabet, sul, oracle, "dfa", print_level=0)


def test_the_reber_grammar_is_learned_compiled_and_proved() -> None:
    random.seed(1)
    reber = lstmc.load_grammar("reber")
    dfa = learned(reber, lambda alphabet, sul: RandomWMethodEqOracle(alphabet, sul, walks_per_state=20, walk_len=8))
    assert dfa.size == 9  # the dead state is one
    grammar = lstmc.load_grammar(dfa)
    assert len(grammar.graph) == 8
    assert grammar.alphabet == reber.alphabet
    assert same_language(grammar, reber)
    network, certificate = lstmc.compile_proved(grammar, level=2)
    assert network.size == 8
    assert {verdict.kind for verdict in certificate.verdicts.values()} == {"every-length"}
    assert lstmc.verify(network.to_bytes(), certificate.to_bytes()).violations == []
    assert network.run("BTX").next == ("S", "X")
