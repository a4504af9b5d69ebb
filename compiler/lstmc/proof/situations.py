"""The local situations of a network: everything that one cell's gates can see in one step, each kind once.

A cell sees the symbol, `started`, itself, and the cells that its gates have weights on, its *support*. Of a support
at most one cell is on at a time (deterministic grammars), or at least one (nondeterministic ones), or none. Most cells
of a network see the same few situations, so that a network of 100,000 rules has some thousands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.network import Network
from lstmc.network.arithmetic import Numbers
from lstmc.network.equations import PRIME, bound, in_domain, run
from lstmc.network.network import Rows
from lstmc.network.number_formats import number_format
from lstmc.proof.contracts import Contract
from lstmc.proof.near import quantum
from lstmc.proof.recurrence import Recurrence

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


# Of all that is off only the total counts: held in a coarser format it is larger by at most half of 2^-7 of it, and by
# half a level for each weight where there are few levels. Twice that is room for a checker that counts otherwise.
HELD = 1 + 2.0**-6
BLOCK = 1 << 20  # places and symbols looked at together


@dataclass(frozen=True, eq=False)
class Gates:
    """The tests of H cells as they are stored: P of them, in the order of the network's weights.

    bias (P, H)   inputs (P, H, S)   weights on cells: gate, row, column, value of each that is not zero
    scale         for each matrix of inputs and of cells the largest |weight|: (P,), (P,)
    """

    cell: type[Network]
    names: tuple[str, ...]
    bias: Floats
    inputs: Floats
    gate: Ints
    row: Ints
    column: Ints
    value: Floats
    input_scale: Floats
    cell_scale: Floats

    def under(self, contract: Contract) -> "Gates":
        """As the contract has them: rounded to its format, where that is coarser."""
        if not contract.weights:
            return self
        largest = self.cell_scale[self.gate]
        return replace(
            self,
            bias=coarse(self.bias, contract),
            inputs=coarse(self.inputs, contract, self.input_scale[:, None, None]),
            value=coarse(self.value, contract, largest),
        )

    @cached_property
    def filter(self) -> int | None:
        """The test that reads other cells, where there is only one such test."""
        found = np.unique(self.gate[(self.column != 0) & (self.column != self.row)])
        return int(found[0]) if len(found) == 1 else None

    @cached_property
    def quanta(self) -> Floats:
        """For each test what all its numbers are multiples of, (P,)."""
        every = range(len(self.bias))
        return np.array([quantum(self.bias[n], self.inputs[n], self.value[self.gate == n]) for n in every])

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
    """The tests of a network."""
    names = tuple(name for name in network.weights if name in network.equations.tests)
    weights = [network.weights[name] for name in names]
    none = np.zeros((network.size, 0))
    entries = [_entries(none if of.cells is None else network.rows(of.cells)) for of in weights]
    no_symbols = np.zeros((network.size, len(network.alphabet)))
    by_symbol = [no_symbols if of.symbols is None else network.rows(of.symbols) for of in weights]
    inputs = np.stack(by_symbol).astype(np.float64)
    return Gates(
        cell=type(network),
        names=names,
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
    off, off_size, off_count (U, P)            where cells that are off show something: the total of the weights on
                                               those, of the |weights|, and how many there are
    started_kept                               the class of `started`
    small (P,)                                 the largest total of |weights| on cells of any cell; terms: their number
    cell, by (I,)                              the places: which cell, which other one is on (−1: none)
    kind (I, S)                                what each place is at each symbol
    """

    bias: Floats
    input: Floats
    started: Floats
    other: Floats
    own: Floats
    off: Floats
    off_size: Floats
    off_count: Floats
    begun: Bools
    own_on: Bools
    other_on: Bools
    kept: Bools
    other_kept: Bools
    started_kept: bool
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
    own_weight = own[cell] * own_on[:, None]
    columns = [
        gates.bias.T[cell],
        started[cell] * begun[:, None],
        other,
        own_weight,
        *_off(gates, cell, begun, [other, own_weight]),
        np.stack([begun, own_on, by >= 0, kept[cell], kept[by] & (by >= 0)], axis=1),
    ]
    table, row = np.unique(np.concatenate(columns, axis=1), axis=0, return_inverse=True)
    inputs, number = gates.inputs_by_number
    kind, (of_table, of_inputs) = _pairs(row.ravel(), number, cell)  # NumPy 2.0.0 makes a column of `row`
    parts = len(gates.bias)
    totals = np.zeros((parts, size))
    np.add.at(totals, (gates.gate, gates.row), np.abs(gates.value))
    found = table[of_table]
    flags = found[:, -5:] > 0
    off = found[:, 4 * parts : -5] if gates.cell.idle else np.zeros((len(found), 3 * parts))
    return Situations(
        bias=found[:, :parts],
        input=inputs[of_inputs],
        started=found[:, parts : 2 * parts],
        other=found[:, 2 * parts : 3 * parts],
        own=found[:, 3 * parts : 4 * parts],
        off=off[:, :parts],
        off_size=off[:, parts : 2 * parts],
        off_count=off[:, 2 * parts :],
        begun=flags[:, 0],
        own_on=flags[:, 1],
        other_on=flags[:, 2],
        kept=flags[:, 3],
        other_kept=flags[:, 4],
        started_kept=bool(kept[0]),
        small=totals.max(axis=1, initial=0.0),
        terms=size,
        gates=gates,
        cell=cell,
        by=by,
        kind=kind,
    )


def _off(gates: Gates, cell: Ints, begun: Ints, on: list[Floats]) -> list[Floats]:
    """Totals of the weights of each place on cells that are off, `started` aside, where these show anything at all."""
    if not gates.cell.idle:
        return []
    parts, size = gates.bias.shape
    others = gates.column != 0
    place = gates.row[others] * parts + gates.gate[others]
    columns = []
    for measure in MEASURES:
        total = np.bincount(place, measure(gates.value[others]), size * parts).reshape(size, parts)[cell]
        off = total - np.add.reduce([measure(each) for each in on])
        columns.append(np.asarray(off * begun[:, None], np.float64))
    return columns


def counted(weights: Floats) -> Floats:
    """1 for each that is not 0."""
    return np.asarray(weights != 0, np.float64)


MEASURES: tuple[Callable[[Floats], Floats], ...] = (np.positive, np.abs, counted)


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


def under(found: Situations, contract: Contract, kept: Bools, together: bool) -> Situations:
    """The situations with their weights as the contract has them: rounded to its format, where that is coarser.

    Where cells show something while they are off, the situations are those of the rounded weights.
    """
    if not contract.weights:
        return found
    gates = found.gates
    if gates.cell.idle:
        return situations(gates.under(contract), kept, together)
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


def nominal(found: Situations, recurrence: Recurrence) -> tuple[Bools, Bools]:
    """What an exact network would do, for every kind: whether the cell is on after, and whether its memory is kept."""
    cell, numbers = found.gates.cell, Numbers(number_format("float64"))
    summed = found.bias + found.input + cell.active * (found.started + found.other + found.own) + cell.idle * found.off
    sums = dict(zip(found.gates.names, summed.T, strict=True))
    values = {
        name: np.where(found.own_on, on, np.where(found.begun, off, 0.0)) for name, (on, off) in states_of(cell).items()
    }
    with np.errstate(over="ignore", invalid="ignore"):
        run(bound(cell.equations.of_cells, numbers), values, sums)
        kept = in_domain(recurrence.kept, numbers)(values, sums.get(recurrence.line))
    kept = np.broadcast_to(kept, found.begun.shape)
    return values[cell.equations.shown + PRIME] > cell.on_above(), kept > 0.5


def states_of(cell: type[Network]) -> dict[str, tuple[float, float]]:
    """What each state of a cell is about, while it is on and while it is off; 0 where that is not known."""
    found = dict.fromkeys(cell.equations.state, (0.0, 0.0))
    return found | {cell.memory(): (cell.holds, cell.rests), cell.equations.shown: (cell.active, cell.idle)}
