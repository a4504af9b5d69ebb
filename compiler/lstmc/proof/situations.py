"""The local situations of a network: everything that one cell's gates can see in one step, each kind once.

A cell sees the symbol, `started`, itself, and the cells that its gates have weights on, its *support*. Of a support
at most one cell is on at a time (deterministic grammars), or at least one (nondeterministic ones), or none. Most cells
of a network see the same few situations, so that a network of 100,000 rules has some thousands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.network import Network
from lstmc.network.network import Rows
from lstmc.network.number_formats import number_format
from lstmc.proof.contracts import Contract

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

INPUT, ERASER, WRITER, OUTPUT = range(4)  # write filter, eraser, writer, read filter: the order of the gates
GATES = ("write_filter", "eraser", "writer", "read_filter")


# Of all that is off only the total counts: held in a coarser format it is larger by at most half of 2^-7 of it, and by
# half a level for each weight where there are few levels. Twice that is room for a checker that counts otherwise.
HELD = 1 + 2.0**-6
BLOCK = 1 << 20  # places and symbols looked at together


@dataclass(frozen=True, eq=False)
class Gates:
    """The gates of H cells as they are stored: P gates, 4 for an LSTM, 3 for a toy (it has no read filter).

    bias (P, H)   inputs (P, H, S)   weights on cells: gate, row, column, value of each that is not zero
    scale         for each matrix of inputs and of cells the largest |weight|: (P,), (P,)
    """

    squashes: bool  # whether a cell shows h = σ(o)·tanh(c), or its memory itself
    bias: Floats
    inputs: Floats
    gate: Ints
    row: Ints
    column: Ints
    value: Floats
    input_scale: Floats
    cell_scale: Floats

    @cached_property
    def inputs_by_number(self) -> tuple[Floats, Ints]:
        """The different inputs that a symbol can be to a cell (M, P), and which of them each is to each cell (H, S)."""
        number: Ints = np.zeros(self.inputs.shape[1:], np.int64)
        for of_gate in self.inputs:
            values, place = np.unique(of_gate, return_inverse=True)
            number = number * len(values) + place.reshape(number.shape)
            number = np.unique(number, return_inverse=True)[1].reshape(number.shape)
        _, example = np.unique(number, return_index=True)
        return self.inputs.reshape(len(self.inputs), -1).T[example], number


def gates_of(network: Network) -> Gates:
    """The gates of an LSTM or toy network."""
    names = [name for name in GATES if name in network.equations.tests]
    weights = [network.weights[name] for name in names]
    entries = [_entries(network.rows(of.cells)) for of in weights]
    inputs = np.stack([network.rows(of.symbols) for of in weights if of.symbols is not None]).astype(np.float64)
    return Gates(
        squashes="read_filter" in names,
        bias=np.stack([network.bias(name) for name in names]).astype(np.float64),
        inputs=inputs,
        gate=np.repeat(np.arange(len(names)), [len(values) for _, _, values in entries]),
        row=np.concatenate([rows for rows, _, _ in entries]),
        column=np.concatenate([columns for _, columns, _ in entries]),
        value=np.concatenate([values for _, _, values in entries]),
        input_scale=_scales([of.symbols for of in weights], [np.abs(each).max() for each in inputs]),
        cell_scale=_scales([of.cells for of in weights], [np.max(np.abs(v), initial=0.0) for _, _, v in entries]),
    )


def _scales(rows: Sequence[Rows | None], largest: Sequence[float]) -> Floats:
    """The largest |weight| of the tensor that each gate's rows are of; `largest` is that of the rows."""
    tensors = [each.tensor if each is not None else "" for each in rows]
    by_tensor = {name: max(v for each, v in zip(tensors, largest, strict=True) if each == name) for name in tensors}
    return np.array([by_tensor[name] for name in tensors])


def _entries(matrix: Any) -> tuple[Ints, Ints, Floats]:
    """Row, column and value of every weight that is not zero."""
    if isinstance(matrix, np.ndarray):
        rows, columns = np.nonzero(matrix)
        return rows, columns, matrix[rows, columns].astype(np.float64)
    entries = matrix.tocoo()
    return entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data.astype(np.float64)


@dataclass(frozen=True, eq=False)
class Situations:
    """U kinds of situation at a symbol, and the kinds of the I places of cells at each of S symbols.

    bias, input, started, other, own (U, P)    biases, and weights on the symbol, on started, on one other cell, on the
                                               cell itself
    begun, own_on, other_on (U,)               whether started, the cell itself, another cell of the support is on
    kept, other_kept (U,)                      classes of the cell and of the other one: kept by their erasers, or not
    small (P,)                                 the largest total of |weights| on cells of any cell; terms: their number
    cell, by (I,)                              the places: which cell, which other one is on (−1: none)
    kind (I, S)                                what each place is at each symbol
    """

    bias: Floats
    input: Floats
    started: Floats
    other: Floats
    own: Floats
    begun: Bools
    own_on: Bools
    other_on: Bools
    kept: Bools
    other_kept: Bools
    small: Floats
    terms: int
    gates: Gates
    cell: Ints
    by: Ints
    kind: NDArray[np.int32]


def situations(gates: Gates, kept: Bools, together: bool) -> Situations:
    """Every situation of every cell.

    together   whether a cell and cells of its support can be on at once (nondeterministic grammars)
    """
    size = gates.bias.shape[1]
    own, started, (cells, others, weights) = _by_pair(gates)
    everyone = np.arange(size)
    none = np.full(size, -1)
    # Columns: cell, other, begun, own on. Before the first symbol; nothing of the support on; the cell itself on.
    places = [
        np.stack([everyone, none, 0 * everyone, 0 * everyone]),
        np.stack([everyone, none, 0 * everyone + 1, (everyone == 0).astype(np.int64)]),
        np.stack([everyone[1:], none[1:], 0 * everyone[1:] + 1, 0 * everyone[1:] + 1]),
        np.stack([cells, others, 0 * cells + 1, 0 * cells]),
    ]
    if together:
        places.append(np.stack([cells, others, 0 * cells + 1, 0 * cells + 1]))
    cell, by, begun, own_on = np.concatenate(places, axis=1)
    first = sum(place.shape[1] for place in places[:3])
    other = np.zeros((len(cell), len(gates.bias)))
    other[first:] = np.concatenate([weights] * (len(places) - 3))
    columns = [
        gates.bias.T[cell],
        started[cell] * begun[:, None],
        other,
        own[cell] * own_on[:, None],
        np.stack([begun, own_on, by >= 0, kept[cell], kept[by] & (by >= 0)], axis=1),
    ]
    table, row = np.unique(np.concatenate(columns, axis=1), axis=0, return_inverse=True)
    inputs, number = gates.inputs_by_number
    kind, (of_table, of_inputs) = _pairs(row.ravel(), number, cell)  # NumPy 2.0.0 makes a column of `row`
    parts = len(gates.bias)
    totals = np.zeros((parts, size))
    np.add.at(totals, (gates.gate, gates.row), np.abs(gates.value))
    found = table[of_table]
    flags = found[:, 4 * parts :] > 0
    return Situations(
        bias=found[:, :parts],
        input=inputs[of_inputs],
        started=found[:, parts : 2 * parts],
        other=found[:, 2 * parts : 3 * parts],
        own=found[:, 3 * parts : 4 * parts],
        begun=flags[:, 0],
        own_on=flags[:, 1],
        other_on=flags[:, 2],
        kept=flags[:, 3],
        other_kept=flags[:, 4],
        small=totals.max(axis=1, initial=0.0),
        terms=size,
        gates=gates,
        cell=cell,
        by=by,
        kind=kind,
    )


def _pairs(row: Ints, number: Ints, cell: Ints) -> tuple[NDArray[np.int32], tuple[Ints, Ints]]:
    """For each place and symbol (I, S) the number of the pair (its row, its input), and these pairs by number."""
    most = int(number.max()) + 1
    height = max(1, BLOCK // number.shape[1])
    blocks = [slice(start, start + height) for start in range(0, len(row), height)]

    def keys(block: slice) -> Ints:
        return row[block, None] * most + number[cell[block]]

    known = np.unique(np.concatenate([np.unique(keys(block)) for block in blocks]))
    kind = np.empty((len(row), number.shape[1]), np.int32)
    for block in blocks:
        kind[block] = np.searchsorted(known, keys(block))
    return kind, (known // most, known % most)


def _by_pair(gates: Gates) -> tuple[Floats, Floats, tuple[Ints, Ints, Floats]]:
    """Weights of each cell on itself (H, P), on started (H, P), and on each other cell: cell, other, weights (P,)."""
    parts, size = gates.bias.shape
    own, started = np.zeros((size, parts)), np.zeros((size, parts))
    itself, begun = gates.row == gates.column, (gates.column == 0) & (gates.row != 0)
    own[gates.row[itself], gates.gate[itself]] = gates.value[itself]
    started[gates.row[begun], gates.gate[begun]] = gates.value[begun]
    rest = ~itself & ~begun
    keys, place = np.unique(gates.row[rest] * size + gates.column[rest], return_inverse=True)
    weights = np.zeros((len(keys), parts))
    weights[place, gates.gate[rest]] = gates.value[rest]
    return own, started, (keys // size, keys % size, weights)


def under(found: Situations, contract: Contract) -> Situations:
    """The situations with their weights as the contract has them: rounded to its format, where that is coarser."""
    if not contract.weights:
        return found
    gates = found.gates
    level = float(gates.cell_scale.max()) / contract.levels if contract.levels else 0.0
    return replace(
        found,
        bias=coarse(found.bias, contract),
        input=coarse(found.input, contract, gates.input_scale),
        small=np.where(found.small > 0, (found.small + found.terms * level) * HELD, 0.0),
        started=coarse(found.started, contract, gates.cell_scale),
        other=coarse(found.other, contract, gates.cell_scale),
        own=coarse(found.own, contract, gates.cell_scale),
    )


def coarse(values: Floats, contract: Contract, scale: Floats | float = 0.0) -> Floats:
    """The numbers as the contract has them: nearest numbers of its format.

    scale   of a matrix its largest |weight|, which sets its levels where there are few
    """
    if contract.levels:
        level = np.asarray(scale) / contract.levels
        values = np.where(level > 0, np.round(values / np.where(level > 0, level, 1.0)) * level, values)
    return number_format(contract.weights).rounded(values).astype(np.float64)


def nominal(found: Situations, active: float) -> tuple[Bools, Bools]:
    """What an exact network would do, for every kind: whether the cell is on after, and its eraser open."""
    value = found.bias + found.input + active * (found.started + found.other + found.own)
    gate = 1 / (1 + np.exp(-np.clip(value, -700, 700)))
    memory = gate[:, ERASER] * found.own_on + gate[:, INPUT] * np.tanh(value[:, WRITER])
    shown = gate[:, OUTPUT] * np.tanh(memory) if found.gates.squashes else memory
    return shown > active / 2, gate[:, ERASER] > 0.5
