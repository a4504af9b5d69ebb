"""A network as rows of sparse tests, as the exporters write it that are plain code.

    5 by P    eraser    bias −640    symbols {T: 512}    cells {5 by P: 336}

Numbers that are 0 are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstmc.export.package import Package
from lstmc.network.network import Rows

Pairs = list[tuple[int, float]]


@dataclass(frozen=True)
class Row:
    """What one gate of one cell adds up, or one line of the reader: numbers that are not 0.

    symbols, cells   (which, weight), in their order; readers look at no symbol
    """

    bias: float
    symbols: Pairs
    cells: Pairs


def gate_rows(package: Package) -> dict[str, list[Row]]:
    """For each test of the cells a row for each cell: eraser, writer, write filter, and an LSTM's read filter."""
    return _rows(package, package.network.equations.tests)


def reader_rows(package: Package) -> dict[str, list[Row]]:
    """The layers that read all cells: `reader`, and `read filter` in the toy, with a row for each symbol and for `end`;
    `output` of a transducer, with a row for each output symbol.
    """
    return _rows(package, package.network.layers)


def number_literal(value: float, dtype: str) -> str:
    """A number in few digits, from which it comes back exactly: read as float64, then rounded to the format.

    Half formats are written out as float32, which holds them all.
    """
    kind = np.float64 if dtype == "float64" else np.float32
    text = str(kind(value))
    return text if kind(float(text)) == value else repr(float(value))


def _rows(package: Package, names: Sequence[str]) -> dict[str, list[Row]]:
    network = package.network
    weights = [network.weights[name] for name in names]
    tensors = {rows.tensor for of in weights for rows in (of.symbols, of.cells) if rows is not None}
    sparse = {tensor: package.sparse(tensor) for tensor in sorted(tensors)}

    def block(rows: Rows) -> list[Pairs]:
        found = sparse[rows.tensor]
        height = len(found) // network.blocks[rows.tensor]
        return found[rows.block * height : (rows.block + 1) * height]

    tables = {}
    for name, of in zip(names, weights, strict=True):
        bias = network.bias(name).tolist()
        none: list[Pairs] = [[]] * len(bias)
        symbols, cells = (none if rows is None else block(rows) for rows in (of.symbols, of.cells))
        tables[network.sum_title(name)] = [Row(*each) for each in zip(bias, symbols, cells, strict=True)]
    return tables
