"""What a framework's LSTM kernel makes of σ and tanh, read out of a network that is built to show it.

Symbol 0 is `set`; each other one adds an offset d to the number z of every cell. The first half of the cells write
without remembering, the other half remember without writing, but for `set`:

    set, d     c' = tanh(z + d)   in the first half          c' = σ(z + d)     in the other
    set                                                      c' = 1, h' = tanh(1)

A framework may have one kernel for small layers and another for large ones, so the probe has as many cells as the
network. int8 kernels leave only biases alone: there all numbers are biases, and the only offset is 0.
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from lstmc.export.package import Package
from lstmc.export.runtime import Worker
from lstmc.network import Network
from lstmc.network.header import CellLabel, Header
from lstmc.network.lstm import EQUATIONS as LSTM
from lstmc.network.lstm import GATES
from lstmc.network.number_formats import number_format
from lstmc.network.toy import EQUATIONS as TOY
from lstmc.proof.contracts import Contract

PUSH = 1024.0  # shuts a gate exactly in every format: e^−1024 is 0 in float64
CELLS = (4, 512)  # of each half: at least, so that offsets are short numbers, and at most
AT_ONCE = 256  # strings

# Where kernels were seen to err most (docs/kernels.md): some are right on all sides of such a number.
WORST = (0.39224124, 0.55297756, 1.52464104, 4.35962677, 7.99884796, 8.47554016, 8.62324619, 16.4529877)

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


def can_probe(network: Network) -> bool:
    """Whether there is such a network of its cell type: one with the equations of the LSTM, or of the toy."""
    return network.equations in (LSTM, TOY)


def probe(like: Package) -> Package:
    """The network that shows the kernel, of the same cell type, number format and quantization."""
    number, network = number_format(like.network.header.dtype), like.network
    z, offsets = points(like)
    header = Header(
        name="probe",
        cell=network.cell,
        dtype=network.header.dtype,
        alphabet=("set", *(f"d = {offset:g}" for offset in offsets.tolist())),
        outputs=(),
        cells=tuple(CellLabel(f"{what} {value:g}", "", (), ()) for what in ("tanh", "σ") for value in z.tolist()),
        options={**network.header.options, "probabilities": False},
        grammar="",
        compiler=network.header.compiler,
    )
    network = replace(network, header=header, tensors={})
    tensors = {name: np.zeros(shape, number.work) for name, shape in network.shapes().items()}
    bias, inputs = _gates(z, offsets)
    for gate in network.equations.tests:
        of = network.weights[gate]
        for rows, values in ((of.symbols, inputs[gate]), (of.biases[0], bias[gate])):
            if rows is not None:
                tensors[rows.tensor][rows.block * len(values) : (rows.block + 1) * len(values)] = number.rounded(values)
    return replace(like, network=replace(network, tensors=tensors))


def _gates(z: Floats, offsets: Floats) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """For each gate the biases (2Z,) and the weights on symbols (2Z, S)."""
    push = np.full(len(z), PUSH)
    bias = {
        "write_filter": np.concatenate([push, -push]),
        "eraser": np.concatenate([-push, z]),
        "writer": np.concatenate([z, push]),
        "read_filter": np.concatenate([push, push]),
    }
    inputs = {gate: np.zeros((2 * len(z), 1 + len(offsets))) for gate in GATES}
    first, other = slice(len(z)), slice(len(z), None)
    inputs["writer"][first, 1:] = inputs["eraser"][other, 1:] = offsets
    inputs["write_filter"][other, 0] = 2 * PUSH
    return bias, inputs


def points(package: Package) -> tuple[Floats, Floats]:
    """The numbers of cells, and the offsets: together every 1/256 up to 30, or every 1/8; and then some."""
    number = package.network.format
    step = 1 / 256 if not package.quantize and number.roundoff <= 2.0**-24 else 1 / 8
    cells = min(max(package.size // 2, CELLS[0]), CELLS[1])
    base = np.zeros(1) if package.quantize else np.arange(2 ** int(np.log2(cells))) * step
    wide = step * len(base)
    up = np.concatenate(
        [
            np.arange(0, 30.01, wide),
            np.arange(36, 42, wide),
            np.arange(64, 120, 2.0),
            np.ldexp(1.0, np.arange(-14, 0)),
            WORST,
        ]
    )
    offsets = np.unique(number.rounded(np.concatenate([-up, up])).astype(np.float64))
    return (offsets, np.zeros(1)) if package.quantize else (np.resize(base, cells), offsets)


def measure(worker: Worker, package: Package, contract: Contract) -> Kernel:
    """Ask the probe, which `worker` runs, and compare with a contract."""
    base, offsets = points(package)
    z = (base + offsets[:, None]).ravel()
    places = np.argsort(z, kind="stable")
    order = places[(package.network.format.rounded(z) == z)[places]]  # other sums are rounded before they are squashed
    first, other = slice(len(base)), slice(len(base), None)
    tokens = np.stack([np.zeros(len(offsets), np.int64), 1 + np.arange(len(offsets))], axis=1)
    pieces = [worker.run(tokens[at : at + AT_ONCE]).state[-1] for at in range(0, len(tokens), AT_ONCE)]
    c = np.concatenate(pieces)
    z, written, kept = (np.ravel(each)[order] for each in (z, c[:, first], c[:, other]))
    state = worker.run(np.array([[0]])).state
    shown = state[0][0, other] if len(state) > 1 else None
    return Kernel(
        sigmoid=float(np.abs(kept - _sigmoid(z)).max()),
        tanh=float(np.abs(written - np.tanh(z)).max()),
        at_one=None if shown is None else float(np.abs(shown - np.tanh(1.0)).max()),
        one_from=_from(z, kept == 1),
        zero_from=_from(-z[::-1], kept[::-1] == 0),
        violations=tuple(_violations(z, kept, written, shown, contract)),
    )


def _violations(z: Floats, sigmoid: Floats, tanh: Floats, shown: Floats | None, contract: Contract) -> list[str]:
    """Each in words, with the worst z."""
    below = -z
    with np.errstate(over="ignore"):
        tail = 1.01 * np.maximum(np.exp(-below), contract.tiny)
    steepest = np.where(z == 0, 0, contract.slope * np.maximum(np.abs(z), contract.tiny))
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
        ("tanh", tanh, np.abs(tanh) <= steepest, f"at most {contract.slope:g}·|z|"),
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
