"""The strings that frameworks are asked: against a simulation of the grammar."""

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import VALID, grammars

import lstmc
from lstmc.export.strings import LENGTH, LONG, configurations, long_strings, loops, short_strings
from lstmc.testing.simulation import Simulation


def simulated(grammar, tokens):
    """Whether each beginning of a string can go on, (T,)."""
    simulation, alive = Simulation(grammar), []
    for x in tokens.tolist():
        simulation.step(grammar.alphabet[x])
        alive.append(bool(simulation.allowed()))
    return np.array(alive)


@pytest.fixture(scope="module")
def reber():
    return lstmc.load_grammar("reber")


def test_short_strings_are_all_strings_of_a_length(reber):
    tokens = short_strings(lstmc.compile(reber))
    assert tokens.shape == (7**4, 4)
    assert len({tuple(row) for row in tokens.tolist()}) == 7**4


@pytest.mark.parametrize(("symbols", "shape"), [(1, (1, LENGTH)), (2, (4096, 12)), (1000, (1000, 1))])
def test_they_are_as_long_as_there_is_room(symbols, shape):
    alphabet = " ".join(map(str, range(symbols)))
    grammar = lstmc.load_grammar("modular", {"alphabet": alphabet, "count": "0"})
    assert short_strings(lstmc.compile(grammar)).shape == shape


def test_long_strings_stay_alive_unless_a_symbol_slips_in(reber):
    tokens = long_strings(configurations(lstmc.compile(reber)), seed=0)
    assert tokens.shape == (LONG, LENGTH)
    alive = np.array([simulated(reber, row) for row in tokens])
    assert 16 < alive.all(axis=1).sum() < 48
    assert np.array_equal(tokens, long_strings(configurations(lstmc.compile(reber)), seed=0))
    assert not np.array_equal(tokens, long_strings(configurations(lstmc.compile(reber)), seed=1))


@pytest.mark.parametrize("level", [0, 1, 2])
def test_loops_go_round_for_ever(reber, level):
    found = loops(configurations(lstmc.compile(reber, level=level)), 500)
    texts = ["".join(reber.alphabet[x] for x in row) for row in found.tolist()]
    assert {"BT" + 498 * "S", "BP" + 498 * "T"} <= set(texts)
    assert all(simulated(reber, row).all() for row in found)


def test_a_finite_language_has_no_loops_but_strings():
    found = configurations(lstmc.compile(lstmc.load_grammar("dyck", {"kinds": "1", "depth": "1"})))
    assert len(loops(found, 10))
    number = lstmc.load_grammar("temporal-order")
    assert long_strings(configurations(lstmc.compile(number)), 0).shape == (LONG, LENGTH)


def test_a_large_network_is_tried_as_far_as_the_limits_allow(monkeypatch):
    monkeypatch.setattr("lstmc.export.strings.MAX_CONFIGURATIONS", 20)
    network = lstmc.compile(lstmc.load_grammar("random", {"states": "200", "symbols": "4"}), level=2)
    found = configurations(network)
    assert 20 <= len(found.following) < 200
    assert loops(found, 100).shape[1] == 100


@pytest.mark.slow
@settings(max_examples=40)
@given(grammars(*VALID))
def test_every_loop_of_every_grammar_stays_alive(grammar):
    found = loops(configurations(lstmc.compile(grammar)), 60)
    for row in found[:4]:
        assert simulated(grammar, row).all()
