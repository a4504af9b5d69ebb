"""What AALpy draws of each kind of machine is read as that machine, or refused by its name."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

import lstmc
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.read import parse_grammar, read_grammar

pytest.importorskip("aalpy", reason="AALpy is not installed: pip install aalpy")

from aalpy import automata, utils
from aalpy.utils.FileHandler import save_automaton_to_file

SEEDS = range(20)


def drawn(machine: Any) -> str:
    return str(save_automaton_to_file(machine, "machine", "string"))


def machine(kind: str, seed: int) -> Any:
    random.seed(seed)
    return utils.generate_random_deterministic_automata(kind, 4, 2, 3)


def read(text: str) -> Grammar:
    return parse_grammar(text, format="dot")


def told(text: str) -> str:
    with pytest.raises(GrammarError) as caught:
        read(text)
    return str(caught.value)


def rules(grammar: Grammar) -> set[tuple[str, str, str, str | None]]:
    return {(p, data["symbol"], q, data.get("output")) for p, q, data in grammar.graph.edges(data=True)}


def moves(machine: Any) -> Iterator[tuple[str, str, str, str | None]]:
    for state in machine.states:
        for symbol, target in state.transitions.items():
            output = str(state.output_fun[symbol]) if hasattr(state, "output_fun") else None
            yield state.state_id, str(symbol), target.state_id, output


@pytest.mark.parametrize("kind", ["dfa", "mealy", "moore"])
def test_a_deterministic_machine(kind: str) -> None:
    for seed in SEEDS:
        made = machine(kind, seed)
        grammar = read(drawn(made))
        assert rules(grammar) == set(moves(made))
        assert grammar.start == (made.initial_state.state_id,)
        for state in made.states:
            data = grammar.graph.nodes[state.state_id]
            assert data.get("output") == (str(state.output) if kind == "moore" else None)
            assert data.get("accept", False) == getattr(state, "is_accepting", False)


def test_a_moore_machine_whose_labels_are_outputs_alone() -> None:
    """AALpy reads such files too; of two states with one label none is lost."""
    for seed in SEEDS:
        made = machine("moore", seed)
        text = drawn(made)
        for state in made.states:
            text = text.replace(f'"{state.state_id}|{state.output}", shape=record, style=rounded', f'"{state.output}"')
        assert "|" not in text
        grammar = read(text)
        assert [each.code for each in grammar.warnings if each.code == "G073"] == ["G073"]
        assert {state: data["output"] for state, data in grammar.graph.nodes(data=True)} == {
            state.state_id: str(state.output) for state in made.states
        }
        assert rules(grammar) == set(moves(made))


def test_a_network_says_what_the_moore_machine_says() -> None:
    made = machine("moore", 3)
    text = drawn(made).replace(", shape=record, style=rounded", "")
    for state in made.states:
        text = text.replace(f'"{state.state_id}|', '"')
    network = lstmc.compile(read(text), level=2)
    random.seed(0)
    for _ in range(50):
        word = random.choices([str(each) for each in made.get_input_alphabet()], k=6)
        made.reset_to_initial()
        assert network.run(word).output == [str(made.step(each)) for each in word][-1]


@pytest.mark.parametrize("kind", ["mdp", "smm"])
def test_chances_that_follow_a_symbol_are_told_and_can_be_left_out(kind: str, tmp_path: Any) -> None:
    for seed in SEEDS:
        random.seed(seed)
        made = {"mdp": utils.generate_random_mdp, "smm": utils.generate_random_smm}[kind](4, 2, 3)
        text = drawn(made)
        name = {"mdp": "a Markov decision process", "smm": "a stochastic Mealy machine"}[kind]
        said = told(text)
        assert name in said
        assert "--set probabilities=none" in said
        (tmp_path / "machine.dot").write_text(text)
        grammar = read_grammar(tmp_path / "machine.dot", parameters={"probabilities": "none"})
        assert grammar.outputs == ()
        assert {each[:3] for each in rules(grammar)} == {
            (state.state_id, str(symbol), way[0].state_id)
            for state in made.states
            for symbol, ways in state.transitions.items()
            for way in ways
        }


def test_a_markov_chain_is_told_and_can_be_read(tmp_path: Any) -> None:
    for seed in SEEDS:
        random.seed(seed)
        made = utils.generate_random_markov_chain(4)
        for number, state in enumerate(made.states):
            state.output = f"o{number}"
        assert "a Markov chain" in told(drawn(made))
        (tmp_path / "chain.dot").write_text(drawn(made))
        grammar = read_grammar(tmp_path / "chain.dot", parameters={"kind": "chain"})
        assert grammar.outputs == ()
        expected = lstmc.load_grammar(made)
        assert sorted(grammar.graph.edges(data=True), key=str) == sorted(expected.graph.edges(data=True), key=str)


def test_a_stack_is_refused() -> None:
    states = [automata.VpaState("q0", True), automata.VpaState("q1")]
    for symbol, action in (("(", "push"), (")", "pop")):
        made = automata.VpaTransition(states[0], states[1], symbol, action, "x")
        states[0].transitions[symbol].append(made)
    assert "a pushdown automaton" in told(drawn(automata.Vpa(states[0], states)))
    for seed in SEEDS:
        random.seed(seed)
        made = utils.generate_random_sevpa(3, 1, 1, 1, 0.5, 0.8)
        if any(each.action == "pop" for state in made.states for ways in state.transitions.values() for each in ways):
            assert "a pushdown automaton" in told(drawn(made))


def test_several_moves_on_one_symbol() -> None:
    for seed in SEEDS:
        random.seed(seed)
        made = utils.generate_random_ONFSM(4, 2, 3)
        assert rules(read(drawn(made))) == {
            (state.state_id, str(symbol), target.state_id, str(output))
            for state in made.states
            for symbol, ways in state.transitions.items()
            for output, target in ways
        }
