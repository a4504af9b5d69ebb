"""The reader: in every configuration its decisions must be right, and its probabilities within the tolerance."""

from dataclasses import dataclass, replace
from math import expm1, inf, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.network import Network
from lstmc.network.equations import in_domain
from lstmc.proof.boxes import Boxes
from lstmc.proof.contracts import Contract
from lstmc.proof.interval import Interval, point
from lstmc.proof.near import Addends, Machine, Near, add_up, known, meant, quantum, sum_and_error
from lstmc.proof.situations import MEASURES, coarse

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layer:
    """A linear layer over the cells: weight (rows, H) and bias (rows,)."""

    weight: Floats
    bias: Floats

    def under(self, contract: Contract) -> "Layer":
        """As the contract has it: rounded to its format, where that is coarser."""
        if not contract.weights:
            return self
        scale = float(np.abs(self.weight).max(initial=0.0))
        return Layer(coarse(self.weight, contract, scale), coarse(self.bias, contract))


def layers_of(network: Network) -> dict[str, Layer]:
    """Those of the reader, by the names of its lines, and `output` of a transducer."""

    def wide(values: NDArray[Any]) -> Floats:
        return np.asarray(values, np.float64)

    return {
        name: Layer(wide(network.rows(network.weights[name].cells)), wide(network.bias(name)))
        for name in network.layers
    }


@dataclass(frozen=True, eq=False)
class Configurations:
    """The configurations to read: by the cell that is on (−1: none), whether anything was read, and what is right.

    allowed (K, S + 1)    output (K,), NONE without    probability (K, S + 1), or None
    """

    cell: Ints
    begun: Bools
    allowed: Bools
    output: Ints
    probability: Floats | None

    def distinct(self, layers: dict[str, Layer], kept: Bools) -> "tuple[Configurations, dict[str, Floats], Bools]":
        """Those that differ in what is read or right: with the weights of the cell (rows, K), and its class."""
        there = self.cell >= 0
        columns = {name: layer.weight[:, self.cell] * there for name, layer in layers.items()}
        classes = kept[self.cell] & there
        rest = [np.stack([self.begun, classes, there, self.output]).astype(np.float64), self.allowed.T]
        chances = [] if self.probability is None else [self.probability.T]
        table = np.concatenate([*columns.values(), *rest, *chances])
        _, first = np.unique(table, axis=1, return_index=True)
        chosen = Configurations(
            self.cell[first],
            self.begun[first],
            self.allowed[first],
            self.output[first],
            None if self.probability is None else self.probability[first],
        )
        return chosen, {name: column[:, first] for name, column in columns.items()}, classes[first]


@dataclass(frozen=True)
class Reading:
    """What the reader is worth: its smallest margin, and the largest error of a probability (None without)."""

    margin: float
    probabilities: float | None


@dataclass(frozen=True)
class Misread:
    """What is read wrongly: the cell that is on (−1: none, −2: any), the row of the layer, and what goes wrong."""

    cell: int
    row: int
    what: str


def read(
    network: Network, configurations: Configurations, boxes: Boxes, kept: Bools, contract: Contract, together: bool
) -> Reading | Misread:
    """The worst of all configurations, or the first that is read wrongly."""
    layers = {name: layer.under(contract) for name, layer in layers_of(network).items()}
    chosen, columns, classes = configurations.distinct(layers, kept)
    name = network.equations.shown
    active, idle = meant(np.asarray(network.active)), network.idle
    dim = boxes.dim(name)
    begun = active + boxes.of(kept[:1], name, on=True)
    shown = active + boxes.of(classes, name, on=True)
    if together:  # one on, at its lowest: what more there may be only makes an OR larger
        shown = Interval(shown.lo, np.maximum(shown.lo, active.hi))

    def terms(layer: str) -> tuple[list[Interval], list[Interval], Addends]:
        weights, bias = layers[layer].weight, layers[layer].bias
        sizes = np.abs(weights)
        small = float(sizes.sum(axis=1).max(initial=0.0)) * dim * (1 + 4 * contract.roundoff)
        exact, more = [point(bias[:, None])], Addends(small, weights.shape[1], quantum(weights, bias))
        if idle:
            total, size, count = (
                (measure(weights[:, 1:]).sum(axis=1, keepdims=True) - measure(columns[layer])) * chosen.begun
                for measure in MEASURES
            )
            more = replace(more, total=total * idle, size=size * abs(idle), count=count)
        first = point(weights[:, :1] * chosen.begun) * begun
        return exact, [first, point(columns[layer]) * shown], more

    def summed(layer: str) -> Interval:
        """The layer's values, (rows, K)."""
        value = add_up(*terms(layer), contract)
        more = columns[layer] > 0  # one or more on: a sum of such terms can only be larger
        return Interval(value.lo, np.where(more, inf, value.hi)) if together else value

    values: dict[str, Near] = {}
    for line in network.equations.of_symbols:
        given = known(summed(line.name)) if line.sum is not None else None
        values[line.name] = in_domain(line.expression, Machine(contract))(values, given)
    value, middle = values["readout"].value, network.equations.threshold
    gap = np.where(chosen.allowed.T, value.lo - middle, middle - value.hi)
    margin = float(gap.min())
    if not margin > 0:
        row, k = np.unravel_index(int(np.argmin(gap)), gap.shape)
        what = "is allowed and may be read as not" if chosen.allowed[k, row] else "is not allowed and may be read as so"
        return Misread(int(chosen.cell[k]), int(row), what)
    if "output" in layers:
        right = np.arange(len(network.outputs))[:, None] == chosen.output
        outputs = summed("output")
        gap = np.where(right, outputs.lo, -outputs.hi)
        if not float(gap.min()) > 0:
            row, k = np.unravel_index(int(np.argmin(gap)), gap.shape)
            return Misread(int(chosen.cell[k]), -1, f"the output '{network.outputs[int(row)]}' may be read wrongly")
        margin = min(margin, float(gap.min()))
    if chosen.probability is None:
        return Reading(margin, None)
    exact, products, more = terms("readout")
    off = np.broadcast_to(sum_and_error(exact, products, more, contract)[1], value.lo.shape)
    cells = (begun, shown, boxes.same)
    constant = sum((term.lo for term in exact), more.total) + np.zeros(value.lo.shape)
    error = _probability_error(layers["readout"], columns["readout"], constant, chosen, cells, value, off)
    tolerance = tolerance_of(contract, network, strength(chosen.probability))
    if error * ROOM + 1e-11 > tolerance:
        return Misread(-2, 0, f"probabilities may be off by {error:.2g}, more than {tolerance:.2g}")
    return Reading(margin, error)


# Between an error and the tolerance there must be room for what is claimed, which is a little more than the error.
ROOM = 1.02

# The errors of the logarithms of p, of at most 700 and each within a few units in the last place, and of the sums.
LOGARITHMS = 1e-12


def strength(probability: Floats) -> float:
    """K of the reader: max(16, 4 − ln of the smallest probability)."""
    return max(16.0, 4 - log(float(np.min(probability, where=probability > 0, initial=1.0))))


def tolerance_of(contract: Contract, network: Network, strength: float) -> float:
    """By how much a probability may be off under a contract."""
    scale = strength / 16 if contract.scaled else 1.0
    stored = 2 * strength * network.format.roundoff
    return contract.tolerance * scale + contract.per_cell * network.size + stored


def _probability_error(
    layer: Layer,
    column: Floats,
    constant: Floats,
    chosen: Configurations,
    cells: tuple[Interval, Interval, bool],
    value: Interval,
    off: Floats,
) -> float:
    """How far softmax of the logits can be from the grammar's probabilities, at worst.

    The logits of allowed symbols are compared with each other: what moves them all alike does not matter. If they
    differ from ln p by amounts that lie within w of each other, a probability p is off by at most
    p·(1 − p)·(e^w − 1) / (1 + min(p, 1 − p)·(e^w − 1)); symbols that are not allowed take at most the rest.

    constant (rows, K)   what no cell that is on has a part in
    cells           what `started` and the cell that is on show, and whether that is the same number
    off (rows, K)   how far each logit may be from the sum of its terms
    """
    assert chosen.probability is not None
    begun, shown, same = cells
    worst = 0.0
    for k in range(len(chosen.cell)):
        allowed = np.flatnonzero(chosen.allowed[k])
        if not len(allowed):
            continue
        p = chosen.probability[k, allowed] / chosen.probability[k, allowed].sum()
        base = allowed[0]
        b, w, c = constant[:, k], layer.weight[:, 0] * chosen.begun[k], column[:, k]
        started, on = (point(v[allowed]) + -point(v[base]) for v in (w, c))
        here = Interval(shown.lo[k], shown.hi[k])
        weighted = (started + on) * here if same else started * begun + on * here
        difference = point(b[allowed]) + -point(b[base]) + weighted + -point(np.log(p) - np.log(p[0]))
        spread = float(difference.hi.max() - difference.lo.min() + 2 * off[allowed, k].max()) + LOGARITHMS
        others = float(np.exp(value.hi[~chosen.allowed[k], k] - value.lo[base, k]).sum())
        grown = expm1(min(spread, 700.0))
        worst = max(worst, float(np.max(p * (1 - p) * grown / (1 + np.minimum(p, 1 - p) * grown))) + others)
    return worst
