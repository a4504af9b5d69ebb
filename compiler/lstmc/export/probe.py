"""What a framework's LSTM kernel makes of σ and tanh, read out of a network that is built to show it.

Every gate of cell k has the bias z_k, a number to be tried. The symbols open and shut the other gates:

    write     write filter open                       c' = tanh(z)
    set       write filter open, writer +1            c' = 1          h' = tanh(1)
    forget    write filter shut, after `set`          c' = σ(z)

Only biases hold the numbers to be tried, since int8 kernels leave biases alone.
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import UsageError
from lstmc.export.package import Package
from lstmc.export.runtime import Worker
from lstmc.network.header import CellLabel, Header
from lstmc.network.lstm import GATES
from lstmc.network.network import Network
from lstmc.network.number_formats import number_format
from lstmc.network.toy import Toy
from lstmc.proof.contracts import Contract

SYMBOLS = ("write", "set", "forget")
PUSH = 512.0  # far beyond every z that is tried, and the same for all gates: int8 has one scale for all weights
PUSHES = {"write": {"write_filter": 1}, "set": {"write_filter": 1, "writer": 1}, "forget": {"write_filter": -1}}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kernel:
    """What was measured.

    sigmoid, tanh   the largest error of each           at_one     the largest error of tanh(1); None for the toy cell
    one_from        from here on σ is exactly 1         zero_from  from here on σ(−z) is exactly 0; inf: nowhere tried
    violations      every way in which it breaks the contract
    """

    sigmoid: float
    tanh: float
    at_one: float | None
    one_from: float
    zero_from: float
    violations: tuple[str, ...]


def probe(like: Network) -> Network:
    """The network that shows the kernel, of the same cell type and number format."""
    number = number_format(like.header.dtype)
    z = number.rounded(points())
    header = Header(
        name="probe",
        cell=like.cell,
        dtype=like.header.dtype,
        alphabet=SYMBOLS,
        outputs=(),
        cells=tuple(CellLabel(f"z = {value:g}", "", (), ()) for value in z.tolist()),
        options={**like.header.options, "probabilities": False},
        grammar="",
        compiler=like.header.compiler,
    )
    network = replace(like, header=header, tensors={})
    tensors = {name: np.zeros(shape, number.work) for name, shape in network.shapes().items()}
    weights = {gate: PUSH * np.array([[PUSHES[symbol].get(gate, 0) for symbol in SYMBOLS]] * len(z)) for gate in GATES}
    weights["read_filter"] += PUSH
    if isinstance(like, Toy):
        for gate in Toy.gates:
            tensors |= {f"toy.{gate}.input": number.rounded(weights[gate]), f"toy.{gate}.bias": z}
    elif like.cell == "lstm":
        tensors["lstm.weight_ih_l0"] = number.rounded(np.concatenate([weights[gate] for gate in GATES]))
        tensors["lstm.bias_ih_l0"] = np.tile(z, len(GATES))
    else:
        raise UsageError(f"no probe is known for the cell type '{like.cell}'", "conform takes lstm and toy")
    return replace(network, tensors=tensors)


def points() -> Floats:
    """The z that are tried, sorted: evenly up to 30, closer where kernels begin to saturate, and next to 0."""
    up = np.concatenate(
        [
            np.arange(0, 30.01, 1 / 8),
            np.arange(16, 20, 1 / 32),
            np.arange(36, 40, 1 / 8),
            np.arange(64, 120, 2.0),
            np.ldexp(1.0, np.arange(-14, 0)),
        ]
    )
    return np.unique(np.concatenate([-up, up]))


def measure(worker: Worker, package: Package, contract: Contract) -> Kernel:
    """Ask the probe, which `worker` runs, and compare with a contract."""
    z = package.network.format.rounded(points()).astype(np.float64)
    written = worker.run(np.array([[0]])).state[-1][0]
    first = worker.run(np.array([[1, 2]]))  # set, forget
    forgotten, set_ = first.state[-1][0], worker.run(np.array([[1]]))
    shown = set_.state[0][0] if len(set_.state) > 1 else None
    sigmoid, tanh = _sigmoid(z), np.tanh(z)
    return Kernel(
        sigmoid=float(np.abs(forgotten - sigmoid).max()),
        tanh=float(np.abs(written - tanh).max()),
        at_one=None if shown is None else float(np.abs(shown - np.tanh(1.0)).max()),
        one_from=_from(z, forgotten == 1),
        zero_from=_from(-z[::-1], forgotten[::-1] == 0),
        violations=tuple(_violations(z, forgotten, written, shown, contract)),
    )


def _violations(z: Floats, sigmoid: Floats, tanh: Floats, shown: Floats | None, contract: Contract) -> list[str]:
    """Each in words, with the worst z."""
    below = -z
    with np.errstate(over="ignore"):
        tail = 1.01 * np.exp(-below)
    checks = (
        ("σ", sigmoid, (sigmoid == 1) | (z < contract.one_from), f"exactly 1 from {contract.one_from:g} on"),
        ("σ", sigmoid, (sigmoid == 0) | (below < contract.zero_from), f"exactly 0 to −{contract.zero_from:g}"),
        (
            "σ",
            sigmoid,
            (sigmoid <= tail) | (below < contract.tail_from),
            f"at most 1.01·e^z to −{contract.tail_from:g}",
        ),
        ("σ", sigmoid, sigmoid >= 0, "never below 0"),
        ("tanh", tanh, (np.abs(tanh) == 1) | (np.abs(z) < contract.flat_from), f"±1 from {contract.flat_from:g} on"),
        ("tanh", tanh, (np.abs(tanh) <= 1) | (np.abs(z) < 10), "at most 1 from 10 on"),
        ("tanh", tanh, np.abs(tanh) <= contract.slope * np.abs(z), f"at most {contract.slope:g}·|z|"),
        ("tanh", tanh, tanh * np.sign(z) >= 0, "of the sign of z"),
    )
    found = [
        _far("σ", z, sigmoid, _sigmoid(z), contract.sigmoid, contract),
        _far("tanh", z, tanh, np.tanh(z), contract.tanh, contract),
        *(_worst(name, z, values, right, says, contract) for name, values, right, says in checks),
    ]
    if shown is not None:
        ones = np.ones_like(shown)
        found.append(_far("tanh", ones, shown, np.tanh(ones), contract.at_one, contract))
        found.append(_worst("tanh", ones, shown, shown == shown[0], "the same in every cell", contract))
    return [violation for violation in found if violation]


def _far(name: str, z: Floats, values: Floats, exact: Floats, error: float, contract: Contract) -> str:
    """The value that is farthest off; nothing where all are within the error."""
    worst = int(np.argmax(np.abs(values - exact)))  # NaN is the farthest
    if np.abs(values - exact)[worst] <= error:
        return ""
    return f"{name}({z[worst]:g}) = {values[worst]:.9g}, but {contract.name} says within {error:g}"


def _worst(name: str, z: Floats, values: Floats, right: NDArray[np.bool_], says: str, contract: Contract) -> str:
    """The wrong value of the largest z; nothing where all are right."""
    wrong = np.flatnonzero(~right)
    if not len(wrong):
        return ""
    worst = wrong[np.argmax(np.abs(z[wrong]))]
    return f"{name}({z[worst]:g}) = {values[worst]:.9g}, but {contract.name} says {says}"


def _sigmoid(z: Floats) -> Floats:
    return np.asarray(np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z)))))


def _from(z: Floats, holds: NDArray[np.bool_]) -> float:
    """The smallest z from which on it holds everywhere; inf where it does not hold at the largest."""
    wrong = np.flatnonzero(~holds)
    last = int(wrong[-1]) + 1 if len(wrong) else 0
    return float(z[last]) if last < len(z) else inf
