"""The gain: steep enough for every gate that can occur, refused where a format is too coarse."""

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from plain import dense, every_step, right_everywhere
from strategies import grammars

import lstmc
from lstmc.automaton import Automaton
from lstmc.errors import LimitError, UsageError
from lstmc.grammar.catalogue import load_grammar, make
from lstmc.grammar.grammar import Grammar
from lstmc.network import Network
from lstmc.network.gain import REACH, choose_gain
from lstmc.pipeline import compile_proved, lower


@pytest.mark.parametrize(("level", "gain"), [(0, 256), (1, 256), (2, 128)])
def test_reber(level: int, gain: float) -> None:
    for dtype in ("float64", "float32", "float16"):
        assert choose_gain(lstmc.to_program(load_grammar("reber"), level), dtype) == gain


def smallest_preactivation(network: Network, automaton: Automaton) -> float:
    """Of all gates in all configurations that occur; a writer may also be exactly 0, which writes nothing."""
    w_ih, w_hh = dense(network, "lstm.weight_ih_l0"), dense(network, "lstm.weight_hh_l0")
    bias = dense(network, "lstm.bias_ih_l0") + dense(network, "lstm.bias_hh_l0")
    writers = np.arange(4 * network.size) // network.size == 2
    smallest = np.inf
    for state, _, x in every_step(network, automaton):
        z = network.format.round((w_ih[:, x] + w_hh @ state[0][0] + bias).astype(network.format.work))
        smallest = min(smallest, float(np.abs(z[~(writers & (z == 0))]).min()))
    return smallest


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("name", ["reber", "continual-reber", "number", "edge-detector", "remainder-3"])
@pytest.mark.parametrize(("level", "memory"), [(0, "keep"), (1, "keep"), (1, "rewrite"), (2, "keep")])
def test_every_gate_reaches_as_far_as_its_level_needs(level: int, memory: str, name: str, dtype: str) -> None:
    program = lstmc.to_program(load_grammar(name), level, memory)
    network = lower(program, "", "lstm", dtype, None)
    assert smallest_preactivation(network, program.automaton) >= REACH[level]


@pytest.mark.slow
@settings(max_examples=30)
@given(grammars("deterministic", "probabilistic", "endless", "moore"))
def test_every_gate_of_any_grammar_reaches_as_far(grammar: Grammar) -> None:
    for level in (0, 1, 2):
        program = lstmc.to_program(grammar, level)
        network = lower(program, "", "lstm", "float32", None)
        assert smallest_preactivation(network, program.automaton) >= REACH[level]


# How many symbols -O2 can tell apart: the gain that is chosen works up to the border, and beyond it is refused.

BORDERS = {"bfloat16": 24, "float16": 139}


def busy(symbols: int, seed: int, states: int = 6) -> Grammar:
    """Runs of symbols lead from every state to every other: wide windows, in orders that differ from cell to cell."""
    rng = Random(seed)
    graph = nx.MultiDiGraph(alphabet=[f"s{n}" for n in range(symbols)])
    for p in range(states):
        offset, order = rng.randrange(symbols), rng.sample(range(states), states)
        for n in range(symbols):
            if rng.random() < 0.9:
                graph.add_edge(p, order[(n + offset) % symbols * states // symbols], symbol=f"s{n}")
    graph.nodes[0].update(start=True, accept=True)
    return Grammar.from_graph(graph, f"busy-{symbols}")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", BORDERS)
def test_up_to_the_border_every_state_is_right_at_every_symbol(dtype: str) -> None:
    for symbols in (BORDERS[dtype] // 2, BORDERS[dtype] - 4, BORDERS[dtype]):
        program = lstmc.to_program(busy(symbols, symbols), 2)
        network = lower(program, "", "lstm", dtype, None)
        assert right_everywhere(network, program.automaton)
        assert smallest_preactivation(network, program.automaton) >= REACH[2]


@pytest.mark.parametrize("dtype", BORDERS)
def test_beyond_the_border_is_refused(dtype: str) -> None:
    for symbols in (BORDERS[dtype] + 1, 4 * BORDERS[dtype]):
        with pytest.raises(LimitError) as refusal:
            lstmc.compile(busy(symbols, 1), level=2, dtype=dtype)
        assert "-O1" in refusal.value.help
        assert f"{dtype}" in refusal.value.message


@pytest.mark.slow
def test_level_1_has_no_such_border() -> None:
    program = lstmc.to_program(busy(60, 1), 1)
    assert right_everywhere(lower(program, "", "lstm", "bfloat16", None), program.automaton)


@pytest.mark.parametrize(("symbols", "gain"), [(9, 256), (10, 512), (11, 1024)])
def test_where_the_first_gain_is_not_proved_a_larger_one_may_be(symbols: int, gain: float) -> None:
    grammar = busy(symbols, 0)
    network, certificate = compile_proved(grammar, level=2, dtype="bfloat16")
    assert network.header.options["gain"] == gain
    assert certificate.verdicts["bfloat16"].kind == "every-length"
    assert choose_gain(lstmc.to_program(grammar, 2), "bfloat16") == 256


def test_float32_tells_hundreds_of_symbols_apart() -> None:
    program = lstmc.to_program(busy(250, 2), 2)
    network = lower(program, "", "lstm", "float32", None)
    assert network.header.options["gain"] == 128
    assert right_everywhere(network, program.automaton)


def test_a_gain_that_somebody_asks_for() -> None:
    assert lstmc.compile(load_grammar("reber"), gain=100.5).header.options["gain"] == 100.5
    assert lstmc.compile(load_grammar("reber"), gain=512).header.options["gain"] == 512


@pytest.mark.parametrize("gain", [0, -256, float("nan"), float("inf")])
def test_a_gain_that_makes_no_gates(gain: float) -> None:
    with pytest.raises(UsageError, match="makes no gates"):
        lstmc.compile(load_grammar("reber"), gain=gain)


def test_weights_that_do_not_fit_the_format() -> None:
    with pytest.raises(LimitError) as refusal:
        lstmc.compile(load_grammar("reber"), dtype="float16", gain=65536)
    assert str(refusal.value) == (
        "error: grammar 'reber': a weight of 131072 in 'lstm.weight_ih_l0' is too large for float16\n"
        "help: choose a wider format (--dtype float32), a smaller --gain, or -O1, whose weights do not grow "
        "with the alphabet"
    )
    with pytest.raises(LimitError, match="too large for float32"):
        lstmc.compile(make("tomita", {"number": 1}), gain=1e39)
