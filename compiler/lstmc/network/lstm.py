"""The LSTM of every framework (Hochreiter & Schmidhuber, 1997; forget gate: Gers, Schmidhuber & Cummins, 2000).

c' = σ(f)·c + σ(i)·tanh(g)        h' = σ(o)·tanh(c')        logits = reader·h' + bias

eraser f, writer g, write filter i, read filter o; the reader is one linear layer. Tensors are named and laid out
as in a torch module with lstm = nn.LSTM(S, H, batch_first=True) and reader = nn.Linear(H, S + 1).
"""

from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmc.network.arithmetic import sigmoid, softmax
from lstmc.network.lowering import (
    OUTPUT_STRENGTH,
    header_of,
    linear_layer,
    lower_tests,
    matrix_tensors,
    outputs_to_read,
    rounded,
    symbols_to_read,
)
from lstmc.network.network import CellTest, Network, Readout, State, Tokens, best_output, known
from lstmc.network.number_formats import Array
from lstmc.program import PARTS, Program

GATES = ("write_filter", "eraser", "writer", "read_filter")  # i, f, g, o: the order of the rows
TANH_1 = 0.7615941559557649  # an active cell's h

# Weights on cells are scaled so that an active cell counts as 1. A dyadic scale keeps the weights small dyadic
# numbers, exact in every format; -O2 adds up many positions and wants 1/tanh 1 itself.
DYADIC_SCALE = 21 / 16
EXACT_SCALE = 1 / TANH_1


class Lstm(Network):
    """State: h and c, each (B, H), from zero."""

    cell: ClassVar[str] = "lstm"
    remembers: ClassVar[str] = "h"
    active: ClassVar[float] = TANH_1
    gates: ClassVar[tuple[str, ...]] = PARTS

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        scale = EXACT_SCALE if program.level == 2 else DYADIC_SCALE
        tests = [lower_tests(program, part) for part in GATES]
        half, size, a = gain / 2, len(program.cells), program.automaton
        tensors: dict[str, NDArray[Any]] = {
            "lstm.weight_ih_l0": half * np.concatenate([test.symbols for test in tests]),
            "lstm.bias_ih_l0": half * np.concatenate([test.bias for test in tests]),
            "lstm.bias_hh_l0": np.zeros(4 * size),
            **matrix_tensors("lstm.weight_hh_l0", tests, half * scale, size),
        }
        reading, strength = symbols_to_read(program)
        weight, bias = linear_layer(reading, strength, len(a.alphabet) + 1, TANH_1)
        tensors |= {"reader.weight": weight, "reader.bias": bias}
        if a.outputs:
            weight, bias = linear_layer(outputs_to_read(program), OUTPUT_STRENGTH, len(a.outputs), TANH_1)
            tensors |= {"output.weight": weight, "output.bias": bias}
        return cls(header_of(program, cls.cell, dtype, gain, grammar), rounded(tensors, dtype, a.name))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        symbols, cells, outputs = len(self.alphabet), self.size, len(self.outputs)
        shapes: dict[str, tuple[int, ...]] = {
            "lstm.weight_ih_l0": (4 * cells, symbols),
            "lstm.weight_hh_l0": (4 * cells, cells),
            "lstm.bias_ih_l0": (4 * cells,),
            "lstm.bias_hh_l0": (4 * cells,),
            "reader.weight": (symbols + 1, cells),
            "reader.bias": (symbols + 1,),
        }
        return shapes | ({"output.weight": (outputs, cells), "output.bias": (outputs,)} if outputs else {})

    @cached_property
    def _inputs(self) -> Array:
        """What each symbol adds to the gates, biases included, (S, 4H)."""
        bias = self.tensors["lstm.bias_ih_l0"] + self.tensors["lstm.bias_hh_l0"]
        return np.ascontiguousarray(self.tensors["lstm.weight_ih_l0"].T + bias)

    @cached_property
    def _recurrent(self) -> Any:
        return self.matrix("lstm.weight_hh_l0")

    def start(self, batch: int = 1) -> State:
        zero = np.zeros((batch, self.size), self.format.work)
        return zero, zero

    def step(self, state: State, tokens: Tokens) -> State:
        i, f, g, o = self._gates(state[0], tokens)
        round_ = self.format.round
        c = round_(round_(f * state[1]) + round_(i * g))
        return round_(o * round_(np.tanh(c))), c

    def _gates(self, h: Array, tokens: Tokens) -> tuple[Array, Array, Array, Array]:
        """Write filter, eraser, writer and read filter, squashed, each (B, H)."""
        round_ = self.format.round
        summed = round_(self._inputs[known(tokens, len(self.alphabet))] + (self._recurrent @ h.T).T)
        i, f, g, o = np.split(summed, 4, axis=1)
        return round_(sigmoid(i)), round_(sigmoid(f)), round_(np.tanh(g)), round_(sigmoid(o))

    def read(self, state: State) -> Readout:
        h = state[0]
        logits = self.format.round(h @ self.tensors["reader.weight"].T + self.tensors["reader.bias"])
        output = best_output(self, lambda: h @ self.tensors["output.weight"].T + self.tensors["output.bias"], len(h))
        probabilities = softmax(logits) if self.header.options["probabilities"] else None
        return Readout(logits, logits > 0, probabilities, output)

    def parts(self, state: State, tokens: Tokens) -> dict[str, Array]:
        i, f, g, o = self._gates(state[0], tokens)
        h, c = self.step(state, tokens)
        return {
            "memory before": state[1],
            "eraser": f,
            "writer": g,
            "write filter": i,
            "memory": c,
            "read filter": o,
            "reader": h,
            "readout": self.read((h, c)).logits,
        }

    def on(self, state: State) -> NDArray[np.bool_]:
        on: NDArray[np.bool_] = state[0] > TANH_1 / 2
        return on

    def test(self, cell: int, part: str) -> CellTest:
        row = GATES.index(part) * self.size + cell
        bias = self.tensors["lstm.bias_ih_l0"][row] + self.tensors["lstm.bias_hh_l0"][row]
        return CellTest.of(self.tensors["lstm.weight_ih_l0"][row], self._recurrent[[row]], bias)
