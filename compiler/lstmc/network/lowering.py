"""Program to numbers: what every cell type shares. Nothing here depends on the order of a sum or on a library's exp."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE
from lstmc.errors import LimitError
from lstmc.network.header import CellLabel, Header
from lstmc.network.layers import Floats, Layer, check_exact, output_layer
from lstmc.network.network import Network, Rows, Weights
from lstmc.network.number_formats import number_format
from lstmc.program import Cell, Program, Test
from lstmc.version import VERSION

Made = TypeVar("Made", bound=Network)
Block = TypeVar("Block")

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


def entering(cell: Cell) -> Test:
    """1 when the cell is entered (one of its symbols is read, and one of the states before was on), else −1 or −3.

    Where one state at most is on: the sum of two tests that are 1 or −1, less 1.
    """
    before, symbols = cell.write_filter, cell.writer.symbols
    if not symbols:
        return before
    return Test(bias=-3, symbols=tuple((x, 2) for x, _ in symbols), states=before.states, before=before.before)


def lower_tests(program: Program, of: str | Callable[[Cell], Test], idle: float = 0.0) -> Tests:
    """Spell out the tests: positions become symbols' weights; states become cells; `before` becomes started's weight.

    of     the test of each cell, or the name of one of the program
    idle   what a cell shows that is off, where one that is on shows 1
    """
    size, alphabet = len(program.cells), len(program.automaton.alphabet)
    symbols, bias = np.zeros((size, alphabet)), np.zeros(size)
    triples: list[tuple[int, int, int]] = []
    for row, cell in enumerate(program.cells):
        test: Test = getattr(cell, of) if isinstance(of, str) else of(cell)
        bias[row] = test.bias + test.before
        for x, weight in test.symbols:
            symbols[row, x] = weight
        if test.position:
            symbols[row, list(cell.order)] += test.position * np.arange(alphabet)
        triples += [(row, column, weight) for column, weight in _cell_weights(program, row, test)]
    rows, columns, values = np.array(sorted(triples), np.int64).reshape(-1, 3).T
    return _between(idle, Tests(symbols, bias, rows, columns, values.astype(np.float64)))


def _cell_weights(program: Program, row: int, test: Test) -> Iterator[tuple[int, int]]:
    if test.before:
        yield 0, -test.before
    if test.this:
        yield row, test.this
    for q, weight in test.states:
        for column in program.cells_of[q]:
            yield column, weight


def _between(idle: float, tests: Tests) -> Tests:
    """A cell that shows `idle` while it is off counts (h − idle·started)/(1 − idle), which is 0 then, 1 while it is on,
    and 0 before the first symbol, when all cells show 0."""
    if not idle:
        return tests
    own, others = tests.columns == 0, tests.columns > 0
    values = tests.values[others] / (1 - idle)
    of_started = np.concatenate([tests.values[own], -idle * values])
    started = np.bincount(np.append(tests.rows[own], tests.rows[others]), of_started, len(tests.bias))
    taken = np.flatnonzero(started)
    rows, columns = np.append(taken, tests.rows[others]), np.append(np.zeros_like(taken), tests.columns[others])
    order, values = np.lexsort((columns, rows)), np.concatenate([started[taken], values])
    return replace(tests, rows=rows[order], columns=columns[order], values=values[order])


def parted(tests: Tests) -> tuple[Tests, Tests]:
    """The sum over the symbol, with the bias, and the sum over the cells, for a cell type that has them apart."""
    none = np.zeros(0, np.int64)
    of_symbols = replace(tests, rows=none, columns=none, values=np.zeros(0))
    of_cells = replace(tests, symbols=np.zeros_like(tests.symbols), bias=np.zeros_like(tests.bias))
    return of_symbols, of_cells


def check_tests(program: Program, dtype: str, tests: Tests) -> None:
    """Raises LimitError where a sum over cells that show 1 or −1 is not exact in the format."""
    cells = np.bincount(tests.rows, np.abs(tests.values), len(tests.bias))
    check_exact(program, dtype, float((np.abs(tests.bias) + np.abs(tests.symbols).max(axis=1) + cells).max()))


def keep_at_symbols(cell: Cell) -> Test:
    """The eraser of a cell whose memory counts while its state is both kept and written: it asks for the symbol alone.

    2·T + active(this cell) − 5/2    becomes    T − ½
    """
    test = cell.eraser
    return Test(bias=-1, symbols=tuple((x, 2) for x, _ in test.symbols)) if test.this else test


def test_tensors(
    weights: Mapping[str, Weights], tests: Mapping[str, Tests], half: float, scale: float
) -> dict[str, NDArray[Any]]:
    """The tensors of tests, those that share tensors one below the other; a second bias is 0.

    half, scale   half the gain, which multiplies all, and what multiplies weights on cells besides
    """
    symbols: dict[Rows, Floats] = {}
    biases: dict[Rows, Floats] = {}
    cells: dict[Rows, Tests] = {}
    for name, test in tests.items():
        of = weights[name]
        symbols |= {of.symbols: half * test.symbols} if of.symbols else {}
        biases |= {rows: np.zeros_like(test.bias) if n else half * test.bias for n, rows in enumerate(of.biases)}
        cells |= {of.cells: test} if of.cells else {}
    found = {tensor: np.concatenate(blocks) for each in (symbols, biases) for tensor, blocks in _stacked(each)}
    for tensor, stacked in _stacked(cells):
        found |= _matrix_tensors(tensor, stacked, half * scale)
    return found


def _stacked(blocks: dict[Rows, Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks of each tensor, in order."""
    for tensor in dict.fromkeys(rows.tensor for rows in blocks):
        yield tensor, [blocks[rows] for rows in sorted(blocks, key=lambda rows: rows.block) if rows.tensor == tensor]


def layer_tensors(weights: Weights, layer: Layer) -> dict[str, NDArray[Any]]:
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


def header_of(
    program: Program, cell: type[Network], dtype: str, gain: float, grammar: str, probabilities: bool = True
) -> Header:
    """What the weights file says of the network; it gives probabilities where these are known."""
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
            "probabilities": probabilities and a.weighted and cell.gives_logits(),
        },
        grammar=grammar,
        compiler=f"lstmc {VERSION}",
    )


def finished(
    cell: type[Made],
    program: Program,
    dtype: str,
    gain: float,
    grammar: str,
    tensors: dict[str, NDArray[Any]],
    probabilities: bool = True,
) -> Made:
    """The network of these tensors, and of a transducer the layer of its outputs. Raises LimitError as `rounded`."""
    a = program.automaton
    if a.outputs:
        tensors |= layer_tensors(cell.weights["output"], output_layer(cell, program, dtype))
    header = header_of(program, cell, dtype, gain, grammar, probabilities)
    return cell(header, rounded(tensors, dtype, a.name))


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


def _label(program: Program, cell: Cell) -> CellLabel:
    a = program.automaton
    rules = tuple(a.rules[rule] for rule in cell.rules)
    if cell.state == NONE:
        return CellLabel(cell.name, "", (), rules)
    return CellLabel(cell.name, a.states[cell.state], a.origins[cell.state], rules)
