"""Running, tracing and decoding: many strings side by side are each string alone."""

import pickle
from math import log
from pathlib import Path

import numpy as np
import pytest
from drawing import grammar
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import PlainLstm
from strategies import VALID, grammars, strings

import lstmc
from lstmc.automaton import NONE
from lstmc.errors import InputError, UsageError
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.grammar import Grammar
from lstmc.network import Run, run_all
from lstmc.network.network import best_output
from lstmc.network.run import BATCH
from lstmc.network.strings import tokens
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


def test_an_output_is_said_where_its_value_is_above_0() -> None:
    network = lstmc.compile(load_grammar("edge-detector"))
    values = np.zeros((3, len(network.outputs)))
    values[1, 1], values[2] = 0.5, -0.5
    assert best_output(network, lambda: values, 3).tolist() == [NONE, 1, NONE]
    assert best_output(reber(), lambda: values, 2).tolist() == [NONE, NONE]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_empty_string_is_a_string_where_the_start_accepts(level: int) -> None:
    network = lstmc.compile(grammar("S start accept\nS -a-> S\n"), level=level)
    assert [network.accepts("a" * length) for length in (0, 1, 2, 500)] == [True] * 4


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("alphabet", "string", "help"),
    [
        (("coin", "push"), "push coinpush", "write a blank between two symbols: coin push"),
        (("a", "ab", "b"), "aba", "write a blank between two symbols: a b a"),
        (("a", "b"), "a b", "leave out the blanks: every symbol is one character"),
        (("coin", "push"), "coinpull", "did you mean 'coin'? the symbols are coin, push"),
        (("coin", "x" * 5_000_000), "y", f"the symbols are coin, {'x' * 40}…"),
        (("coin", "push"), "coin" * 1_000_000, "the symbols are coin, push"),
    ],
)
def test_what_to_type_instead(alphabet: tuple[str, ...], string: str, help: str) -> None:
    with pytest.raises(InputError) as refusal:
        tokens(string, alphabet)
    assert refusal.value.help == help
    assert len(refusal.value.message) < 100


@pytest.mark.parametrize("options", [{}, {"level": 0}, {"level": 2}, {"cell": "toy"}, {"memory": "rewrite"}])
def test_decode_names_the_state_after_every_prefix(options: dict[str, object]) -> None:
    network = reber(**options)
    simulation, state = Simulation(load_grammar("reber")), network.start()
    assert network.decode(*state) == [()]
    for symbol in "BTSSXXTTVPXVVEE":
        simulation.step(symbol)
        state = network.step(state, np.array(network.tokens(symbol)))
        assert network.decode(*state) == [tuple(simulation.states)]
        assert network.decode(*(part[0] for part in state)) == tuple(simulation.states)


def test_decode_names_every_state_that_is_possible() -> None:
    network = lstmc.compile(load_grammar("third-from-end"))
    state = network.start()
    for x in network.tokens("aab"):
        state = network.step(state, np.array([x]))
    (states,) = network.decode(*state)
    assert set(states) == {"wait", "second", "last"}


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_decode_names_the_states_of_every_row(cell: str) -> None:
    network = reber(cell=cell)
    state, times = network.start(3), []
    for symbols in ("BBT", "TPT", "XVT"):
        state = network.step(state, np.array(network.tokens(symbols)))
        times.append(state)
    rows = [[("0",), ("1",), ("2",)], [("0",), ("5",), ("4",)], [(), (), ()]]
    assert network.decode(*times[0]) == [row[0] for row in rows]
    by_time = [np.stack(parts, axis=1) for parts in zip(*times, strict=True)]  # (B, T, H)
    assert network.decode(*by_time) == rows
    assert network.decode(*(part[0] for part in by_time)) == rows[0]
    assert network.decode(*(part[:0] for part in by_time)) == []


def test_what_is_no_state_is_not_decoded() -> None:
    network = reber()
    h, c = (part[0] for part in network.start())
    for wrong in ((), (h,), (h, c, c), (h[1:], c[1:]), (h, c[None]), (1.0, 2.0)):
        with pytest.raises(UsageError, match=r"2 arrays of one shape \(\.\.\., 11\) are a state of 'reber', not "):
            network.decode(*wrong)


@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("token", [-1, 7, 0.5])
def test_what_is_no_token_is_not_read(cell: str, token: float) -> None:
    network = reber(cell=cell)
    with pytest.raises(UsageError, match="a token is not the number of a symbol"):
        network.step(network.start(), np.array([token]))


def test_symbols_that_are_numbers_are_their_texts() -> None:
    network = lstmc.compile("remainder-3")
    assert network.run([1, 0, "1"]) == network.run("101")
    with pytest.raises(InputError, match="symbol 2 of the string, '7', is not in the alphabet"):
        network.run([1, 7])


@pytest.mark.slow
def test_whatever_load_grammar_takes_is_compiled(tmp_path: Path) -> None:
    grammar = load_grammar("reber")
    grammar.save(tmp_path / "reber.dot")
    for thing in ("reber", tmp_path / "reber.dot", grammar.graph, grammar):
        assert lstmc.compile(thing).to_bytes() == lstmc.compile(grammar).to_bytes()
        assert lstmc.compile_proved(thing)[1].to_bytes() == lstmc.compile_proved(grammar)[1].to_bytes()
        assert lstmc.to_program(thing).cells == lstmc.to_program(grammar).cells
    with pytest.raises(InputError, match="there is no grammar 'rebr'"):
        lstmc.compile("rebr")


def test_networks_compare_by_what_they_are_and_show_it_in_a_line() -> None:
    network = reber()
    assert network == reber()
    assert network not in (reber(level=2), "reber")
    assert len({network, reber(), reber(level=2)}) == 2
    assert repr(network) == "<Network 'reber': lstm, 11 cells, float32, -O1, gain 256>"
    assert repr(load_grammar("reber")) == "<Grammar 'reber': 8 states, 12 rules, 7 symbols>"


def test_the_old_name_of_verify_still_checks() -> None:
    network, certificate = lstmc.compile_proved("reber")
    with pytest.warns(DeprecationWarning, match=r"write lstmc\.verify\(\.\.\.\)\.violations"):
        assert lstmc.check(network.to_bytes(), certificate.to_bytes()) == []
    assert lstmc.verify(network.to_bytes(), certificate.to_bytes()).violations == []


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


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_a_network_that_has_run_goes_to_other_processes(cell: str) -> None:
    network = reber(cell=cell)
    run = network.run("BTXS")
    again = pickle.loads(pickle.dumps(network))
    assert again == network
    assert again.run("BTXS") == run
    assert len(pickle.dumps(network)) == len(pickle.dumps(reber(cell=cell)))
