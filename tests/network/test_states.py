"""All numbers of some strings at once are those of the traces of each."""

import numpy as np
import pytest

import lstmc
from lstmc.errors import InputError, LimitError
from lstmc.network.states import StatesLimits
from lstmc.testing.simulation import Simulation

STRINGS = ["BTXSE", "", "BPVV", "BTT", "B"]


@pytest.mark.parametrize("options", [{}, {"level": 2}, {"cell": "toy"}, {"dtype": "float16"}], ids=str)
def test_every_number_is_that_of_the_trace(options):
    network = lstmc.compile(lstmc.load_grammar("reber"), **options)
    found = network.states(STRINGS)
    assert found.symbols.shape == (5, 5)
    for row, string in enumerate(STRINGS):
        steps = network.trace(string).steps
        assert found.symbols[row].tolist() == [*network.tokens(string), *[-1] * (5 - len(string))]
        state = network.start()
        for time, step in enumerate(steps):
            assert {name: values[row, time].tolist() for name, values in found.parts.items()} == {
                name: values.tolist() for name, values in step.parts.items()
            }
            state = network.step(state, np.array([found.symbols[row, time]]))
            assert [values[row, time].tolist() for values in found.carried.values()] == [p[0].tolist() for p in state]
            assert {found.names[n] for n in np.flatnonzero(found.active[row, time])} == set(step.states)
            allowed = np.flatnonzero(found.allowed[row, time])
            assert tuple((*network.alphabet, "end")[n] for n in allowed) == step.next
        for values in (*found.parts.values(), *found.carried.values()):
            assert np.isnan(values[row, len(string) :]).all()
        assert not found.active[row, len(string) :].any()
        assert not found.allowed[row, len(string) :].any()


def test_the_states_are_those_of_the_grammar():
    for name in ("third-from-end", "reber-unknown-start"):
        grammar = lstmc.load_grammar(name)
        network, simulation = lstmc.compile(grammar), Simulation(grammar)
        string = [grammar.alphabet[n % len(grammar.alphabet)] for n in (0, 1, 1, 0, 1)]
        found = network.states([string])
        for time in range(len(string)):
            on = {found.names[n] for n in np.flatnonzero(found.active[0, time])}
            assert on == set(simulation.read(string[: time + 1]).states)


def test_no_strings_and_empty_ones():
    network = lstmc.compile(lstmc.load_grammar("reber"))
    assert network.states([]).carried["h"].shape == (0, 0, network.size)
    assert network.states(["", ""]).active.shape == (2, 0, len(network.states([]).names))


def test_tensors_of_torch():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    network = lstmc.compile(lstmc.load_grammar("reber"))
    arrays, tensors = network.states(STRINGS), network.states(STRINGS).torch()
    for ours, theirs in (
        (arrays.symbols, tensors.symbols),
        (arrays.active, tensors.active),
        (arrays.allowed, tensors.allowed),
        *zip(arrays.carried.values(), tensors.carried.values(), strict=True),
        *zip(arrays.parts.values(), tensors.parts.values(), strict=True),
    ):
        assert isinstance(theirs, torch.Tensor)
        assert np.array_equal(theirs.numpy(), ours, equal_nan=ours.dtype.kind == "f")


def test_what_cannot_be_kept_or_read_is_told(monkeypatch):
    network = lstmc.compile(lstmc.load_grammar("reber"))
    with pytest.raises(InputError, match="is not in the alphabet"):
        network.states(["BQ"])
    monkeypatch.setenv("LSTMC_MAX_STATES_NUMBERS", "1000")
    with pytest.raises(LimitError, match="more than the limit of 1,000") as caught:
        network.states(["B" * 100])
    assert "LSTMC_MAX_STATES_NUMBERS" in caught.value.help
    found = lstmc.compile("reber").states(["B"])
    arrays = [*found.carried.values(), *found.parts.values(), found.active, found.allowed]
    most = 6 * sum(array.size for array in arrays)
    monkeypatch.setenv("LSTMC_MAX_STATES_NUMBERS", str(most))
    assert network.states(["BTX", "BPV"]).symbols.shape == (2, 3)
    monkeypatch.setenv("LSTMC_MAX_STATES_NUMBERS", str(most - 1))
    with pytest.raises(LimitError, match=f"these strings have {most:,} numbers"):
        network.states(["BTX", "BPV"])
    assert f"{StatesLimits().numbers:,}" == "100,000,000"  # docs/running.md
