"""Program to numbers: what every cell type shares. Nothing here depends on the order of a sum or on a library's exp."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE
from lstmc.errors import LimitError
from lstmc.network.header import CellLabel, Header
from lstmc.network.network import Network, Weights
from lstmc.network.number_formats import number_format
from lstmc.program import Cell, Program, Test
from lstmc.version import VERSION

Floats = NDArray[np.float64]
Made = TypeVar("Made", bound=Network)

# Recurrent matrices of more cells than this are kept, and stored, as sparse rows: at 2,048 cells
# a dense one of an LSTM takes 64 MiB in float32, nearly all of it zeros.
DENSE_CELLS = 2048


@dataclass(frozen=True, eq=False)
class Tests:
    """The tests of one part for all H cells, in units of half the gain; `active` counts as 1.

    symbols (H, S)   bias (H,)   cells: rows, columns and values of a sparse (H, H) matrix, sorted
    """

    symbols: Floats
    bias: Floats
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats


def lower_tests(program: Program, part: str, change: Callable[[Test], Test] | None = None) -> Tests:
    """Spell out the tests: positions become symbols' weights; states become cells; `before` becomes started's weight.

    change   what a cell type has to change in a test first
    """
    size, alphabet = len(program.cells), len(program.automaton.alphabet)
    symbols, bias = np.zeros((size, alphabet)), np.zeros(size)
    triples: list[tuple[int, int, int]] = []
    for row, cell in enumerate(program.cells):
        test: Test = getattr(cell, part)
        if change is not None:
            test = change(test)
        bias[row] = test.bias + test.before
        for x, weight in test.symbols:
            symbols[row, x] = weight
        if test.position:
            symbols[row, list(cell.order)] += test.position * np.arange(alphabet)
        triples += [(row, column, weight) for column, weight in _cell_weights(program, row, test)]
    rows, columns, values = np.array(sorted(triples), np.int64).reshape(-1, 3).T
    return Tests(symbols, bias, rows, columns, values.astype(np.float64))


def _cell_weights(program: Program, row: int, test: Test) -> Iterator[tuple[int, int]]:
    if test.before:
        yield 0, -test.before
    if test.this:
        yield row, test.this
    for q, weight in test.states:
        for column in program.cells_of[q]:
            yield column, weight


@dataclass(frozen=True, eq=False)
class Reading:
    """What may come next (or is the output), for each cell and before the first symbol: lists of (row, value)."""

    before: dict[int, float]
    cells: list[dict[int, float]]


def symbols_to_read(program: Program) -> tuple[Reading, float]:
    """For each cell, K + ln p of every symbol that may come next (K alone without probabilities); and K.

    K = max(16, 4 − ln of the smallest probability), so that allowed logits stay well above zero.
    """
    a = program.automaton
    first = a.moves[:-1]
    after: list[dict[int, float]] = [{} for _ in a.states]
    for p, x, chance in zip(*(v[first].tolist() for v in (a.source, a.symbol, a.probability)), strict=True):
        after[p][x] = chance
    for p in np.flatnonzero(a.accepting).tolist():
        after[p][len(a.alphabet)] = float(a.end[p])
    if not a.weighted:
        after = [dict.fromkeys(moves, 1.0) for moves in after]
    smallest = min(chance for moves in after for chance in moves.values())
    strength = max(16.0, 4 - logarithm(smallest))
    after = [{row: strength + logarithm(chance) for row, chance in moves.items()} for moves in after]
    before = {row: value for q in np.flatnonzero(a.initial).tolist() for row, value in after[q].items()}
    return Reading(before, [after[cell.state] if cell.state != NONE else {} for cell in program.cells]), strength


OUTPUT_STRENGTH = 16.0


def outputs_to_read(program: Program) -> Reading:
    """The output of each cell; before the first symbol that of a Moore machine's start, none for a Mealy machine."""
    a = program.automaton
    before = {} if a.mealy else {int(a.state_output[q]): OUTPUT_STRENGTH for q in np.flatnonzero(a.initial).tolist()}
    before.pop(NONE, None)
    return Reading(before, [{} if c.output == NONE else {c.output: OUTPUT_STRENGTH} for c in program.cells])


def linear_layer(reading: Reading, strength: float, rows: int, active: float) -> tuple[Floats, Floats]:
    """Weights (rows, H) and bias (rows,) that give each cell's values, and −strength wherever it names none.

    The bias answers before the first symbol; `started` takes it back ever after, also on a dead prefix.
    """
    weight, bias = np.zeros((rows, len(reading.cells))), np.full(rows, -strength)
    for row, value in reading.before.items():
        bias[row] = value
    for column, values in enumerate(reading.cells):
        for row, value in values.items():
            weight[row, column] = (value + strength) / active
    weight[:, 0] = (-strength - bias) / active
    return weight, bias


def test_tensors(
    weights: Mapping[str, Weights], tests: Mapping[str, Tests], half: float, scale: float
) -> dict[str, NDArray[Any]]:
    """The tensors of tests, those that share tensors one below the other; a second bias is 0.

    half, scale   half the gain, which multiplies all, and what multiplies weights on cells besides
    """
    found: dict[str, NDArray[Any]] = {}
    sharing: dict[str, list[str]] = {}
    for name in sorted(tests, key=lambda name: weights[name].biases[0].block):
        sharing.setdefault(weights[name].biases[0].tensor, []).append(name)
    for names in sharing.values():
        of, stacked = weights[names[0]], [tests[name] for name in names]
        bias = half * np.concatenate([test.bias for test in stacked])
        if of.symbols is not None:
            found[of.symbols.tensor] = half * np.concatenate([test.symbols for test in stacked])
        found |= {rows.tensor: np.zeros(bias.shape) if n else bias for n, rows in enumerate(of.biases)}
        if of.cells is not None:
            found |= _matrix_tensors(of.cells.tensor, stacked, half * scale)
    return found


def layer_tensors(weights: Weights, layer: tuple[Floats, Floats]) -> dict[str, NDArray[Any]]:
    """The tensors of a linear layer: weight and bias."""
    assert weights.cells is not None
    return {weights.cells.tensor: layer[0], weights.biases[0].tensor: layer[1]}


def _matrix_tensors(name: str, tests: list[Tests], factor: float) -> dict[str, NDArray[Any]]:
    """The weights on cells of several parts, stacked: dense, or as sparse rows above DENSE_CELLS cells."""
    size = len(tests[0].bias)
    rows = np.concatenate([number * size + test.rows for number, test in enumerate(tests)])
    columns = np.concatenate([test.columns for test in tests])
    values = factor * np.concatenate([test.values for test in tests])
    if size <= DENSE_CELLS:
        matrix = np.zeros((len(tests) * size, size))
        matrix[rows, columns] = values
        return {name: matrix}
    indptr = np.searchsorted(rows, np.arange(len(tests) * size + 1)).astype(np.int64)
    return {f"{name}.data": values, f"{name}.indices": columns, f"{name}.indptr": indptr}


def header_of(program: Program, cell: type[Network], dtype: str, gain: float, grammar: str) -> Header:
    """What the weights file says of the network."""
    a = program.automaton
    return Header(
        name=a.name,
        cell=cell.cell,
        dtype=dtype,
        alphabet=a.alphabet,
        outputs=a.outputs,
        cells=tuple(_label(program, each) for each in program.cells),
        options={
            "gain": int(gain) if gain == int(gain) else gain,
            "level": program.level,
            "memory": program.memory,
            "probabilities": a.weighted and cell.gives_logits(),
        },
        grammar=grammar,
        compiler=f"lstmc {VERSION}",
    )


def finished(
    cell: type[Made], program: Program, dtype: str, gain: float, grammar: str, tensors: dict[str, NDArray[Any]]
) -> Made:
    """The network of these tensors, and of a transducer the layer of its outputs. Raises LimitError as `rounded`."""
    a = program.automaton
    if a.outputs:
        layer = linear_layer(outputs_to_read(program), OUTPUT_STRENGTH, len(a.outputs), cell.active)
        tensors |= layer_tensors(cell.weights["output"], layer)
    return cell(header_of(program, cell, dtype, gain, grammar), rounded(tensors, dtype, a.name))


def rounded(tensors: dict[str, NDArray[Any]], dtype: str, name: str) -> dict[str, NDArray[Any]]:
    """The tensors as the format holds them. Raises LimitError where a weight is too large for it."""
    number = number_format(dtype)
    result = {}
    for key, values in tensors.items():
        if values.dtype == np.int64:
            result[key] = values
            continue
        largest = float(np.max(np.abs(values), initial=0.0))
        if largest > number.largest:
            raise LimitError(
                f"grammar '{name}': a weight of {largest:g} in '{key}' is too large for {dtype}",
                "choose a wider format (--dtype float32), a smaller --gain, or -O1, whose weights do not grow "
                "with the alphabet",
            )
        result[key] = number.rounded(values)
    return result


@lru_cache(maxsize=4096)
def logarithm(value: float) -> float:
    """ln, correctly rounded on every machine."""
    with localcontext(prec=50):
        return float(Decimal(value).ln())


def _label(program: Program, cell: Cell) -> CellLabel:
    a = program.automaton
    rules = tuple(a.rules[rule] for rule in cell.rules)
    if cell.state == NONE:
        return CellLabel(cell.name, "", (), rules)
    return CellLabel(cell.name, a.states[cell.state], a.origins[cell.state], rules)
