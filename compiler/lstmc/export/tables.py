"""A network as rows of sparse tests, as the exporters write it that are plain code.

    5 by P    eraser    bias −640    symbols {T: 512}    cells {5 by P: 336}

Numbers that are 0 are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmc.export.package import Package

BY_CELL = {  # the rows of torch's matrices, in their order
    "lstm": ("write filter", "eraser", "writer", "read filter"),
    "toy": ("eraser", "writer", "write filter"),
}
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
    """For each gate of the cells a row for each cell: eraser, writer, write filter, and an LSTM's read filter."""
    found = dict(_lstm(package) if package.cell == "lstm" else _toy(package))
    return {part: found[part] for part in ("eraser", "writer", "write filter", "read filter") if part in found}


def reader_rows(package: Package) -> dict[str, list[Row]]:
    """The layers that read all cells: `reader`, and `read filter` in the toy, with a row for each symbol and for `end`;
    `output` of a transducer, with a row for each output symbol.
    """
    if package.cell == "lstm":
        names = {"reader": "reader.weight", "output": "output.weight"}
    else:
        names = {"reader": "toy.reader.memory", "read filter": "toy.read_filter.memory", "output": "toy.output.memory"}
    return {part: _layer(package, name) for part, name in names.items() if name in package.network.shapes()}


def number_literal(value: float, dtype: str) -> str:
    """A number in few digits, from which it comes back exactly: read as float64, then rounded to the format.

    Half formats are written out as float32, which holds them all.
    """
    kind = np.float64 if dtype == "float64" else np.float32
    text = str(kind(value))
    return text if kind(float(text)) == value else repr(float(value))


def _lstm(package: Package) -> Iterator[tuple[str, list[Row]]]:
    tensors, size = package.network.tensors, package.size
    bias = _sum(package, tensors["lstm.bias_ih_l0"], tensors["lstm.bias_hh_l0"])
    symbols, cells = package.sparse("lstm.weight_ih_l0"), package.sparse("lstm.weight_hh_l0")
    rows = [Row(*each) for each in zip(bias, symbols, cells, strict=True)]
    for number, part in enumerate(BY_CELL["lstm"]):
        yield part, rows[number * size : (number + 1) * size]


def _toy(package: Package) -> Iterator[tuple[str, list[Row]]]:
    for part in BY_CELL["toy"]:
        name = f"toy.{part.replace(' ', '_')}"
        bias = package.network.tensors[f"{name}.bias"].tolist()
        symbols, cells = package.sparse(f"{name}.input"), package.sparse(f"{name}.memory")
        yield part, [Row(*each) for each in zip(bias, symbols, cells, strict=True)]


def _layer(package: Package, name: str) -> list[Row]:
    bias = package.network.tensors[f"{name.rpartition('.')[0]}.bias"].tolist()
    return [Row(b, [], cells) for b, cells in zip(bias, package.sparse(name), strict=True)]


def _sum(package: Package, *parts: NDArray[np.floating]) -> list[float]:
    found: list[float] = package.network.format.rounded(np.sum(parts, axis=0, dtype=np.float64)).tolist()
    return found
