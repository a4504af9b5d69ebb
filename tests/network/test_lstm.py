"""The LSTM's step and reader, against the equations in plain Python."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import PlainLstm, dense
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


@settings(max_examples=40)
@given(grammars(*VALID), st.sampled_from([0, 1, 2]), st.data())
def test_step_by_step_through_any_grammar(grammar: Grammar, level: int, data: st.DataObject) -> None:
    network = lstmc.compile(grammar, level=level, dtype="float64")
    plain, state = PlainLstm(network), network.start()
    for symbol in data.draw(strings(grammar, 12))[:20]:
        x = grammar.alphabet.index(symbol)
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


def test_weights_are_small_dyadic_numbers_up_to_level_1() -> None:
    network = lstmc.compile(load_grammar("reber"))
    assert set(np.unique(dense(network, "lstm.weight_hh_l0"))) == {-336, 0, 336}
    assert set(np.unique(dense(network, "lstm.weight_ih_l0"))) == {0, 128, 512}
