"""The toy cell that the project grew from: no output squashing; the gates read the memory itself.

memory'  = memory·σ(eraser) + tanh(writer)·σ(write filter)
readout  = tanh(reader·memory' + bias)·σ(read filter·memory' + bias)        a symbol is allowed above ½

The read filter closes for every symbol on a dead prefix, so that nothing is allowed there.
"""

from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import UsageError
from lstmc.network.arithmetic import sigmoid
from lstmc.network.lowering import (
    OUTPUT_STRENGTH,
    Reading,
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
from lstmc.program import Program, Test


class Toy(Network):
    """State: the memory, (B, H), from zero."""

    cell: ClassVar[str] = "toy"
    remembers: ClassVar[str] = "memory"
    active: ClassVar[float] = 1.0
    gates: ClassVar[tuple[str, ...]] = ("eraser", "writer", "write_filter")
    by_symbol: ClassVar[tuple[str, ...]] = ("read filter", "reader", "readout")

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        if program.level == 2:
            raise UsageError("the toy cell has no read filter for each cell, which -O2 needs", "compile with -O 0 or 1")
        half, size, a = gain / 2, len(program.cells), program.automaton
        tensors: dict[str, NDArray[Any]] = {}
        for part in cls.gates:
            tests = lower_tests(program, part, _keep_at_symbols if part == "eraser" else None)
            tensors[f"toy.{part}.input"] = half * tests.symbols
            tensors[f"toy.{part}.bias"] = half * tests.bias
            tensors |= matrix_tensors(f"toy.{part}.memory", [tests], half, size)
        allowed, _ = symbols_to_read(program)
        layers = {"reader": _either(allowed, half), "read_filter": _alive(allowed, half, len(a.alphabet) + 1)}
        for name, reading in layers.items():
            weight, bias = linear_layer(reading, half, len(a.alphabet) + 1, active=1.0)
            tensors |= {f"toy.{name}.memory": weight, f"toy.{name}.bias": bias}
        if a.outputs:
            weight, bias = linear_layer(outputs_to_read(program), OUTPUT_STRENGTH, len(a.outputs), active=1.0)
            tensors |= {"toy.output.memory": weight, "toy.output.bias": bias}
        return cls(header_of(program, cls.cell, dtype, gain, grammar), rounded(tensors, dtype, a.name))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        symbols, cells, outputs = len(self.alphabet), self.size, len(self.outputs)
        sources: dict[str, tuple[int, ...]] = {"input": (cells, symbols), "memory": (cells, cells), "bias": (cells,)}
        shapes = {f"toy.{part}.{source}": shape for part in self.gates for source, shape in sources.items()}
        layers = {"reader": symbols + 1, "read_filter": symbols + 1} | ({"output": outputs} if outputs else {})
        for name, rows in layers.items():
            shapes |= {f"toy.{name}.memory": (rows, cells), f"toy.{name}.bias": (rows,)}
        return shapes

    @cached_property
    def _inputs(self) -> dict[str, Array]:
        """What each symbol adds to each part, biases included, (S, H)."""
        return {part: self.tensors[f"toy.{part}.input"].T + self.tensors[f"toy.{part}.bias"] for part in self.gates}

    @cached_property
    def _recurrent(self) -> dict[str, Any]:
        return {part: self.matrix(f"toy.{part}.memory") for part in self.gates}

    def start(self, batch: int = 1) -> State:
        return (np.zeros((batch, self.size), self.format.work),)

    def step(self, state: State, tokens: Tokens) -> State:
        eraser, writer, write_filter = self._gates(state[0], tokens)
        round_ = self.format.round
        return (round_(round_(state[0] * eraser) + round_(writer * write_filter)),)

    def _gates(self, memory: Array, tokens: Tokens) -> tuple[Array, Array, Array]:
        """Eraser, writer and write filter, squashed, each (B, H)."""
        round_, tokens = self.format.round, known(tokens, len(self.alphabet))
        eraser, writer, write_filter = (
            round_(self._inputs[part][tokens] + (self._recurrent[part] @ memory.T).T) for part in self.gates
        )
        return round_(sigmoid(eraser)), round_(np.tanh(writer)), round_(sigmoid(write_filter))

    def _linear(self, name: str, memory: Array) -> Array:
        return self.format.round(memory @ self.tensors[f"toy.{name}.memory"].T + self.tensors[f"toy.{name}.bias"])

    def read(self, state: State) -> Readout:
        reader = self.format.round(np.tanh(self._linear("reader", state[0])))
        read_filter = self.format.round(sigmoid(self._linear("read_filter", state[0])))
        readout = self.format.round(reader * read_filter)
        output = best_output(self, lambda: self._linear("output", state[0]), len(readout))
        return Readout(readout, readout > 0.5, None, output)

    def parts(self, state: State, tokens: Tokens) -> dict[str, Array]:
        eraser, writer, write_filter = self._gates(state[0], tokens)
        after = self.step(state, tokens)
        return {
            "memory before": state[0],
            "eraser": eraser,
            "writer": writer,
            "write filter": write_filter,
            "memory": after[0],
            "read filter": self.format.round(sigmoid(self._linear("read_filter", after[0]))),
            "reader": self.format.round(np.tanh(self._linear("reader", after[0]))),
            "readout": self.read(after).logits,
        }

    def on(self, state: State) -> NDArray[np.bool_]:
        on: NDArray[np.bool_] = state[0] > 0.5
        return on

    def test(self, cell: int, part: str) -> CellTest:
        name = f"toy.{part}"
        return CellTest.of(
            self.tensors[f"{name}.input"][cell],
            self._recurrent[part][[cell]],
            self.tensors[f"{name}.bias"][cell],
        )


def _keep_at_symbols(test: Test) -> Test:
    """The eraser sees counts, which grow while a state is both kept and written: so it asks for the symbol alone.

    2·T + active(this cell) − 5/2    becomes    T − ½
    """
    return Test(bias=-1, symbols=tuple((x, 2) for x, _ in test.symbols)) if test.this else test


def _either(reading: Reading, half: float) -> Reading:
    """±half: allowed or not."""
    return Reading(dict.fromkeys(reading.before, half), [dict.fromkeys(values, half) for values in reading.cells])


def _alive(reading: Reading, half: float, rows: int) -> Reading:
    """half for every symbol before the first one and wherever anything is allowed."""
    everything = dict.fromkeys(range(rows), half)
    return Reading(everything, [everything if values else {} for values in reading.cells])
