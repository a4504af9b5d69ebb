"""The toy cell's step and readout, against its equations in plain Python."""

from math import tanh

import numpy as np
import pytest
from plain import dense, sigmoid

import lstmc
from lstmc.errors import UsageError
from lstmc.grammar.catalogue import load_grammar


@pytest.mark.parametrize("level", [0, 1])
def test_step_by_step_through_reber(level: int) -> None:
    network = lstmc.compile(load_grammar("reber"), level=level, cell="toy", dtype="float64")
    part = {name: dense(network, name) for name in network.tensors}
    memory, state = np.zeros(network.size), network.start()
    for x in network.tokens("BTSSXXTTVPXVVEB"):
        gate = {
            name: part[f"toy.{name}.input"][:, x] + part[f"toy.{name}.memory"] @ memory + part[f"toy.{name}.bias"]
            for name in ("eraser", "writer", "write_filter")
        }
        memory = np.array(
            [
                memory[m] * sigmoid(gate["eraser"][m]) + tanh(gate["writer"][m]) * sigmoid(gate["write_filter"][m])
                for m in range(network.size)
            ]
        )
        state = network.step(state, np.array([x]))
        assert state[0][0] == pytest.approx(memory, abs=1e-12)
        reader, read_filter = (
            part[f"toy.{name}.memory"] @ memory + part[f"toy.{name}.bias"] for name in ("reader", "read_filter")
        )
        readout = [tanh(r) * sigmoid(f) for r, f in zip(reader, read_filter, strict=True)]
        assert network.read(state).logits[0] == pytest.approx(readout, abs=1e-12)
        assert network.read(state).allowed[0].tolist() == [value > 0.5 for value in readout]


def test_level_2_needs_a_read_filter_for_each_cell() -> None:
    with pytest.raises(UsageError, match="compile with -O 0 or 1"):
        lstmc.compile(load_grammar("reber"), level=2, cell="toy")
