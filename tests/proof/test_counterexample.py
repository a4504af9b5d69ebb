"""Strings that networks get wrong: the seed's toy, which is right for a while, and gains that are too soft."""

from pathlib import Path

import numpy as np
import pytest

import lstmc
from lstmc.errors import InputError, UsageError
from lstmc.network.seed_toy import seed_toy
from lstmc.proof import counterexample, prove
from lstmc.proof.counterexample import SearchLimits
from lstmc.testing.simulation import END, Simulation


@pytest.fixture(scope="module")
def reber():
    return lstmc.load_grammar("reber")


@pytest.fixture(scope="module")
def seed():
    return seed_toy("")


def test_the_seeds_toy_is_refused(reber, seed):
    assert {verdict.kind for verdict in prove(seed, reber).verdicts.values()} == {"refused"}


def test_the_shortest_string_that_it_gets_wrong(reber, seed):
    found = counterexample(seed, reber)
    assert str(found) == "after 'T' the network allows S, X; the grammar allows nothing"


def test_strings_of_the_grammar_only(reber, seed):
    found = counterexample(seed, reber, legal=True)
    assert found.string == "BTXSE"  # its toy never knew an end
    assert Simulation(reber).read(found.string).alive


@pytest.mark.parametrize(("prefix", "loop", "repetitions"), [("BT", "S", 13), ("BP", "T", 42), ("BTXX", "T", 87)])
def test_when_its_loops_go_wrong(reber, seed, prefix, loop, repetitions):
    string = prefix + loop * (repetitions + 5)
    wrong = [
        n
        for n in range(len(prefix), len(string) + 1)
        if set(seed.run(string[:n]).next) != Simulation(reber).read(string[:n]).allowed() - {END}
    ]
    assert wrong[0] == len(prefix) + repetitions


@pytest.mark.parametrize(("gain", "string"), [(4, "BTSS"), (5, "BTSSS"), (8, "BT" + "S" * 12)])
def test_a_soft_gain_forgets_in_a_loop(reber, gain, string):
    found = counterexample(lstmc.compile(reber, gain=gain), reber)
    assert found.string == string
    assert found.network == ()
    assert found.grammar == ("S", "X")


def test_a_long_loop_is_told_briefly(reber):
    found = counterexample(lstmc.compile(reber, gain=16), reber)
    assert "… (329 symbols)" in str(found)


@pytest.mark.slow
def test_every_counterexample_is_one(reber):
    for level, gain in ((2, 4), (2, 8), (1, 16), (0, 2)):
        network = lstmc.compile(reber, level=level, gain=gain)
        found = counterexample(network, reber)
        run = network.run(found.string)
        said = set(run.next)
        assert said == set(found.network) != set(found.grammar)
        assert set(found.grammar) == Simulation(reber).read(found.string).allowed()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reber", "reber-unknown-start", "edge-detector", "third-from-end"])
def test_a_right_network_has_none(name):
    grammar = lstmc.load_grammar(name)
    with np.errstate(all="raise", under="ignore", over="ignore"):
        assert counterexample(lstmc.compile(grammar), grammar) is None


def test_the_docs_say_how_far_it_goes():
    limits = SearchLimits()
    text = (Path(__file__).parents[2] / "docs/cli.md").read_text("utf-8")
    assert f"({limits.numbers:,}), products of weights in all ({limits.products:,})" in text


@pytest.mark.slow
def test_in_a_large_network_the_search_goes_as_far_as_it_is_let(monkeypatch):
    grammar = lstmc.load_grammar("number")
    network = lstmc.compile(grammar)
    steps = []
    monkeypatch.setattr(type(network), "step", counting(type(network).step, steps))
    assert counterexample(network, grammar) is None
    weights = sum(np.count_nonzero(tensor) for tensor in network.tensors.values())
    most, at_once = sum(steps), max(steps)
    assert at_once > 10
    for numbers, products in ((network.size * 10, weights * most), (1, weights * 1_000), (10**9, weights * 1_000)):
        monkeypatch.setenv("LSTMC_MAX_SEARCH_NUMBERS", str(numbers))
        monkeypatch.setenv("LSTMC_MAX_SEARCH_PRODUCTS", str(products))
        steps.clear()
        assert counterexample(network, grammar) is None
        assert max(steps) <= max(1, numbers // network.size)
        assert 0.4 * products < weights * sum(steps) < products + weights * at_once
    monkeypatch.setenv("LSTMC_MAX_SEARCH_PRODUCTS", "0")
    assert counterexample(network, grammar) is None


def counting(step, steps):
    def counted(network, state, tokens):
        steps.append(len(tokens))
        return step(network, state, tokens)

    return counted


def test_a_network_is_proved_with_its_own_grammar_only(seed):
    with pytest.raises(UsageError, match="is no network of this grammar"):
        prove(seed, lstmc.load_grammar("number"))


def test_a_grammar_of_other_symbols_is_refused(reber):
    with pytest.raises(InputError, match="does not read and say the symbols of the grammar 'tomita'"):
        counterexample(lstmc.compile(reber), lstmc.load_grammar("tomita"))
