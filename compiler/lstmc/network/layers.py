"""The linear layers that read the cells: what may come next, and the output of a transducer.

Cells that show 1 or −1 are read with weights of which every sum is exact, in whatever order it is added up: all are
multiples of one power of two, the unit, and no row adds up to more of them than the format has digits for.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE
from lstmc.errors import LimitError
from lstmc.network.network import Network
from lstmc.network.number_formats import number_format
from lstmc.program import Program

Floats = NDArray[np.float64]
Layer = tuple[Floats, Floats]  # weights (rows, H) and bias (rows,)

STRENGTH = 16.0  # of what is allowed where nothing is said of probabilities, and of outputs

# With a unit of q a logit is off by q at most, and so a probability by q/2 at most: no more than this. The contract of
# the format allows as much, and in half formats twice as much.
TOLERATED = {"float64": 1e-5, "float32": 1e-5, "float16": 3e-2, "bfloat16": 0.15}


def reader_layer(cell: type[Network], program: Program, dtype: str) -> tuple[Layer, bool]:
    """The layer of the reader, and whether it gives probabilities.

    It does not where cells show 1 or −1 and so many allow one symbol that exact sums are too coarse for them.
    """
    (reading, strength), rows = symbols_to_read(program), len(program.automaton.alphabet) + 1
    if not cell.idle:
        return linear_layer(reading, strength, rows, cell.active), True
    if program.automaton.weighted:
        layer, unit = _finest(reading, strength, rows, number_format(dtype).roundoff)
        if unit / 2 <= TOLERATED[dtype]:
            return layer, True
    return _whole(program, dtype, reading, rows), False


def output_layer(cell: type[Network], program: Program, dtype: str) -> Layer:
    """The layer of a transducer's outputs."""
    reading, rows = outputs_to_read(program), len(program.automaton.outputs)
    return _whole(program, dtype, reading, rows) if cell.idle else linear_layer(reading, STRENGTH, rows, cell.active)


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
    strength = max(STRENGTH, 4 - logarithm(smallest))
    after = [{row: strength + logarithm(chance) for row, chance in moves.items()} for moves in after]
    before = {row: value for q in np.flatnonzero(a.initial).tolist() for row, value in after[q].items()}
    return Reading(before, [after[cell.state] if cell.state != NONE else {} for cell in program.cells]), strength


def outputs_to_read(program: Program) -> Reading:
    """The output of each cell; before the first symbol that of a Moore machine's start, none for a Mealy machine."""
    a = program.automaton
    before = {} if a.mealy else {int(a.state_output[q]): STRENGTH for q in np.flatnonzero(a.initial).tolist()}
    before.pop(NONE, None)
    return Reading(before, [{} if c.output == NONE else {c.output: STRENGTH} for c in program.cells])


def linear_layer(reading: Reading, strength: float, rows: int, active: float) -> Layer:
    """Weights and bias that give each cell's values, and −strength wherever it names none.

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


@lru_cache(maxsize=4096)
def logarithm(value: float) -> float:
    """ln, correctly rounded on every machine."""
    with localcontext(prec=50):
        return float(Decimal(value).ln())


def _finest(reading: Reading, strength: float, rows: int, roundoff: float) -> tuple[Layer, float]:
    """The layer for cells that show 1 or −1 with the smallest unit of which every sum is exact, and that unit."""
    largest = _largest_sum(_signed(reading, strength, rows, 0.0))
    unit = 2.0 ** (np.frexp(largest * roundoff)[1] - 1)
    while _largest_sum(layer := _signed(reading, strength, rows, unit)) * roundoff > unit:
        unit *= 2
    return layer, unit


def _whole(program: Program, dtype: str, reading: Reading, rows: int) -> Layer:
    """The layer for cells that show 1 or −1, with a value of STRENGTH wherever there is one: all weights are multiples
    of it. Raises LimitError where sums of them are not exact."""
    all_alike = Reading(_alike(reading.before), [_alike(values) for values in reading.cells])
    layer = _signed(all_alike, STRENGTH, rows, STRENGTH)
    check_exact(program, dtype, _largest_sum(layer) / STRENGTH)
    return layer


def _alike(values: dict[int, float]) -> dict[int, float]:
    return dict.fromkeys(values, STRENGTH)


def _signed(reading: Reading, strength: float, rows: int, unit: float) -> Layer:
    """As `linear_layer`, for cells that show 1 or −1: (h + started)/2 is 1 for one that is on, else 0.

    unit   all weights are multiples of it, unless it is 0
    """
    weight, bias = linear_layer(reading, strength, rows, 2.0)
    weight, bias, off = (_multiples(values, unit) for values in (weight, bias, np.full(rows, strength)))
    weight[:, 0] = weight[:, 1:].sum(axis=1) - off - bias
    return weight, bias


def _multiples(values: Floats, unit: float) -> Floats:
    return unit * np.rint(values / unit) if unit else values


def _largest_sum(layer: Layer) -> float:
    """How large a part of a sum can become, in whatever order it is added up."""
    weight, bias = layer
    return float((np.abs(weight).sum(axis=1) + np.abs(bias)).max())


def check_exact(program: Program, dtype: str, units: float) -> None:
    """Raises LimitError where sums of so many units are not exact in the format."""
    if units * number_format(dtype).roundoff > 1:
        raise LimitError(
            f"grammar '{program.automaton.name}': sums over {len(program.cells):,} cells that show 1 or −1 are not "
            f"exact in {dtype}",
            "choose a finer format (--dtype float32 or float64), or a cell type that shows 0 (--cell lstm)",
        )
