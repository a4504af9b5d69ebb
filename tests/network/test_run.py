"""Running, tracing and decoding: many strings side by side are each string alone."""

from math import log

import numpy as np
import pytest
from drawing import grammar
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import PlainLstm
from strategies import VALID, grammars, strings

import lstmc
from lstmc.errors import InputError
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.grammar import Grammar
from lstmc.network import Run, run_all
from lstmc.network.run import BATCH
from lstmc.network.trace import trace
from lstmc.testing.simulation import Simulation


def reber(**options: object) -> lstmc.Network:
    return lstmc.compile(load_grammar("reber"), **options)  # type: ignore[arg-type]


def test_a_run() -> None:
    assert reber().run("BTX") == Run(
        string="BTX",
        accepted=False,
        alive=True,
        next=("S", "X"),
        probabilities={"S": pytest.approx(0.5, abs=1e-6), "X": pytest.approx(0.5, abs=1e-6)},
        logprob=pytest.approx(log(0.25), abs=1e-6),
        output=None,
    )


def test_a_dead_run() -> None:
    assert reber().run("BTT") == Run("BTT", False, False, (), {}, None, None)


def test_no_strings_and_the_empty_string() -> None:
    assert run_all(reber(), []) == []
    (run,) = run_all(reber(), [""])
    assert (run.string, run.accepted, run.alive, run.next) == ("", False, True, ("B",))
    assert run.logprob == 0


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_empty_string_is_a_string_where_the_start_accepts(level: int) -> None:
    network = lstmc.compile(grammar("S start accept\nS -a-> S\n"), level=level)
    assert [network.accepts("a" * length) for length in (0, 1, 2, 500)] == [True] * 4


@pytest.mark.parametrize("cell", ["lstm", "toy"])
@settings(max_examples=25)
@given(data=st.data())
def test_side_by_side_is_each_alone_in_the_same_order(cell: str, data: st.DataObject) -> None:
    found = data.draw(grammars(*VALID))
    network = lstmc.compile(found, cell=cell, dtype="float64")
    many = data.draw(st.lists(strings(found, 10), max_size=8))
    together = run_all(network, many)
    for string, run in zip(many, together, strict=True):
        alone = network.run(string)
        assert (run.string, run.accepted, run.alive, run.next, run.output) == (
            *(alone.string, alone.accepted, alone.alive),
            *(alone.next, alone.output),
        )
        assert run.logprob == pytest.approx(alone.logprob, abs=1e-9)


def test_more_strings_than_run_side_by_side() -> None:
    many = ["BTXSE", "BPVVE", "BT", "", "E"] * (BATCH // 2)
    assert [run.accepted for run in run_all(reber(), many)] == [True, True, False, False, False] * (BATCH // 2)


def test_progress_counts_every_symbol_of_every_string() -> None:
    steps: list[int] = []
    run_all(reber(), ["BTXSE", "", "BT", "BPVVE"], steps.append)
    assert steps == [3, 3, 2, 2, 2]


@settings(max_examples=60)
@given(grammars("deterministic", "probabilistic", "mealy", "moore", "endless"), st.data())
def test_logprob_is_the_log_of_the_product_of_the_probabilities(grammar: Grammar, data: st.DataObject) -> None:
    string = data.draw(strings(grammar, 15))[:30]
    simulation = Simulation(grammar)
    if simulation.probabilities() is None:
        return
    run, expected = lstmc.compile(grammar, dtype="float64").run(string), 0.0
    for symbol in string:
        chances = simulation.probabilities() or {}
        if symbol not in chances:
            assert run.logprob is None
            return
        expected += log(chances[symbol])
        simulation.step(symbol)
    if simulation.accepted:
        expected += log((simulation.probabilities() or {})["end"])
    assert run.logprob == pytest.approx(expected, abs=1e-6 * (1 + len(string)))


def test_without_probabilities_there_are_none() -> None:
    run = lstmc.compile(load_grammar("third-from-end")).run("ab")
    assert run.probabilities is None
    assert run.logprob is None
    assert run.to_dict()["next"] == ["a", "b"]


def test_strings_of_symbols_that_are_words() -> None:
    network = lstmc.compile(load_grammar("weather-cycle"))
    assert network.run("wet  wet dry") == network.run(["wet", "wet", "dry"])
    assert network.run("wet wet dry").string == "wet wet dry"
    with pytest.raises(InputError) as refusal:
        network.run("wet drz")
    assert str(refusal.value) == (
        "error: symbol 2 of the string, 'drz', is not in the alphabet\n"
        "help: did you mean 'dry'? the symbols are wet, dry"
    )


@pytest.mark.parametrize("options", [{}, {"level": 0}, {"level": 2}, {"cell": "toy"}, {"memory": "rewrite"}])
def test_decode_names_the_state_after_every_prefix(options: dict[str, object]) -> None:
    network = reber(**options)
    simulation, state = Simulation(load_grammar("reber")), network.start()
    assert network.decode(*state) == ()
    for symbol in "BTSSXXTTVPXVVEE":
        simulation.step(symbol)
        state = network.step(state, np.array(network.tokens(symbol)))
        assert network.decode(*state) == tuple(simulation.states)
        assert network.decode(*(part[0] for part in state)) == tuple(simulation.states)


def test_decode_names_every_state_that_is_possible() -> None:
    network = lstmc.compile(load_grammar("third-from-end"))
    state = network.start()
    for x in network.tokens("aab"):
        state = network.step(state, np.array([x]))
    assert set(network.decode(*state)) == {"wait", "second", "last"}


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_trace_holds_what_the_equations_give(level: int) -> None:
    network = reber(level=level, dtype="float64")
    plain, found = PlainLstm(network), trace(network, "BTSXXT")
    assert found.cells == tuple(label.name for label in network.header.cells)
    assert found.readout == (*"BTSXPVE", "end")
    assert [step.symbol for step in found.steps] == list("BTSXXT")
    for step, x in zip(found.steps, network.tokens("BTSXXT"), strict=True):
        parts, before = step.parts, list(plain.c)
        plain.step(x)
        assert parts["memory before"] == pytest.approx(before, abs=1e-12)
        assert parts["memory"] == pytest.approx(plain.c, abs=1e-12)
        written = parts["eraser"] * parts["memory before"] + parts["writer"] * parts["write filter"]
        assert parts["memory"] == pytest.approx(written, abs=1e-12)
        assert parts["reader"] == pytest.approx(parts["read filter"] * np.tanh(parts["memory"]), abs=1e-12)
        assert parts["reader"] == pytest.approx(plain.h, abs=1e-12)
        assert parts["readout"] == pytest.approx(plain.logits(), abs=1e-9)
    assert found.steps[-1].states == ("5",)
    assert found.steps[-1].next == ("T", "V")


def test_a_trace_of_the_toy() -> None:
    for step in trace(reber(cell="toy", dtype="float64"), "BTSX").steps:
        parts = step.parts
        written = parts["eraser"] * parts["memory before"] + parts["writer"] * parts["write filter"]
        assert parts["memory"] == pytest.approx(written, abs=1e-12)
        assert parts["readout"] == pytest.approx(parts["reader"] * parts["read filter"], abs=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_a_transducer_says_nothing_before_the_first_symbol_and_after_the_last_that_fits(cell):
    network = lstmc.compile(lstmc.load_grammar("number"), cell=cell)
    detector = lstmc.compile(lstmc.load_grammar("edge-detector"), cell=cell)
    assert [detector.run(string).output for string in ("", "0", "01", "011", "0110")] == [
        *(None, "same", "rise", "same", "fall"),
    ]
    assert network.run("d").output is None
