"""The LSTM's step and reader, against the equations in plain Python."""

from math import tanh

import numpy as np
import pytest
from drawing import grammar
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import PlainLstm, dense, nearest, sigmoid
from strategies import VALID, grammars, strings

import lstmc
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.grammar import Grammar

ROUNDOFF = {"float64": 1e-12, "float32": 1e-5, "float16": 4e-2, "bfloat16": 0.3}  # of logits up to 32


@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("level", [0, 1, 2])
def test_step_by_step_through_reber(level: int, dtype: str) -> None:
    network = lstmc.compile(load_grammar("reber"), level=level, dtype=dtype)
    plain, state = PlainLstm(network), network.start()
    for x in network.tokens("BTSSXXTTVPXVVEEBT"):
        plain.step(x)
        state = network.step(state, np.array([x]))
        assert state[0][0] == pytest.approx(plain.h, abs=ROUNDOFF[dtype])
        assert state[1][0] == pytest.approx(plain.c, abs=ROUNDOFF[dtype])
        assert network.read(state).logits[0] == pytest.approx(plain.logits(), abs=ROUNDOFF[dtype] * 8)


@pytest.mark.slow
@settings(max_examples=40)
@given(grammars(*VALID), st.sampled_from([0, 1, 2]), st.data())
def test_step_by_step_through_any_grammar(any_grammar: Grammar, level: int, data: st.DataObject) -> None:
    network = lstmc.compile(any_grammar, level=level, dtype="float64")
    plain, state = PlainLstm(network), network.start()
    for symbol in data.draw(strings(any_grammar, 12))[:20]:
        x = any_grammar.alphabet.index(symbol)
        plain.step(x)
        state = network.step(state, np.array([x]))
        assert state[0][0] == pytest.approx(plain.h, abs=1e-12)
        assert network.read(state).logits[0] == pytest.approx(plain.logits(), abs=1e-9)


def test_a_random_state_not_only_those_that_occur() -> None:
    network = lstmc.compile(load_grammar("reber"), dtype="float64", gain=2)  # gates that are half open
    rng = np.random.default_rng(1)
    for x in range(7):
        h, c = rng.uniform(-1, 1, (2, 1, network.size))
        plain = PlainLstm(network)
        plain.h, plain.c = h[0].tolist(), c[0].tolist()
        plain.step(x)
        found = network.step((h, c), np.array([x]))
        assert found[0][0] == pytest.approx(plain.h, abs=1e-13)
        assert found[1][0] == pytest.approx(plain.c, abs=1e-13)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_formats_round_after_every_operation(dtype: str) -> None:
    network = lstmc.compile(load_grammar("reber"), dtype=dtype, gain=1)
    size, number = network.size, network.format

    def rounded(values: list[float]) -> np.ndarray:
        return np.array([nearest(float(value), dtype) for value in values])

    c = number.rounded(np.random.default_rng(2).uniform(-1, 1, (1, size)))
    for x in range(7):
        z = dense(network, "lstm.weight_ih_l0")[:, x] + dense(network, "lstm.bias_ih_l0")
        i, f, o = (rounded([sigmoid(v) for v in z[k * size : (k + 1) * size]]) for k in (0, 1, 3))
        g = rounded([tanh(v) for v in z[2 * size : 3 * size]])
        memory = rounded(list(rounded(list(f * c[0])) + rounded(list(i * g))))
        shown = rounded(list(o * rounded([tanh(v) for v in memory])))
        found = network.step((np.zeros_like(c), c), np.array([x]))
        assert found[1][0].tolist() == memory.tolist()
        assert found[0][0].tolist() == shown.tolist()


@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_rarest_symbol_is_still_allowed(level: int, dtype: str) -> None:
    rare = grammar("S start\nA accept\nS -a-> A: 0.99999999999\nS -b-> S: 0.00000000001\n")
    network = lstmc.compile(rare, level=level, dtype=dtype)
    assert network.run("").next == ("a", "b")
    assert network.run("b").next == ("a", "b")
    assert network.read(network.start()).logits.min() < -29  # as far below as 4 + ln 10^11 is above


def test_weights_are_small_dyadic_numbers_up_to_level_1() -> None:
    network = lstmc.compile(load_grammar("reber"))
    assert set(np.unique(dense(network, "lstm.weight_hh_l0"))) == {-336, 0, 336}
    assert set(np.unique(dense(network, "lstm.weight_ih_l0"))) == {0, 128, 512}
