"""Cell types for which ONNX has an operator.

tokens (time, batch) → one-hot → lstm, gru or rnn → reader → logits → probabilities
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmc.export import Package
from lstmc_onnx.nodes import cells_to, initial

if TYPE_CHECKING:
    from onnx import NodeProto

WHOLE = ("float64", "float32", "float16", "bfloat16")
EVERY = (*WHOLE, "int8")


@dataclass(frozen=True)
class Kernel:
    """An operator of ONNX.

    operator   its name                             layer   what the tensors of the weights file begin with
    gates      the blocks of rows in ONNX's order, by their number in the weights file, whose order is PyTorch's
    doc        what a viewer shows                  options   attributes of the node
    apart      whether the biases must stay two: GRU's reset gate touches the second one alone
    peepholes  the blocks of weights on the memory of the cell itself, likewise; none for most
    formats    number formats in which something runs it
    """

    operator: str
    layer: str
    gates: tuple[int, ...]
    doc: str
    options: Mapping[str, Any] = field(default_factory=dict)
    apart: bool = False
    peepholes: tuple[int, ...] = ()
    formats: tuple[str, ...] = EVERY


LSTM = """\
Gates i, o, f, c: rows 0 to H − 1 of W and R are write filters (input gate), then H read filters (output gate), \
H erasers (forget gate), H writers (cell candidate); one row for each cell, in the order of `cells` in the metadata."""
GRU = """\
Gates z, r, h: rows 0 to H − 1 of W and R are update gates, then H reset gates, H candidates; one row for each cell, \
in the order of `cells` in the metadata."""
RNN = "One row of W and R for each cell, in the order of `cells` in the metadata."

KERNELS = {
    "lstm": Kernel("LSTM", "lstm", (0, 3, 1, 2), LSTM),
    "peephole": Kernel("LSTM", "peephole", (0, 3, 1, 2), LSTM, peepholes=(0, 2, 1), formats=WHOLE),
    "gru": Kernel("GRU", "gru", (1, 0, 2), GRU, {"linear_before_reset": 1}, apart=True),
    "rnn": Kernel("RNN", "rnn", (0,), RNN),
    "rnn-relu": Kernel("RNN", "rnn", (0,), RNN, {"activations": ["Relu"]}, formats=("float32", "float16")),
}


def kernel_of(package: Package) -> Kernel | None:
    """The operator that a network is written with; None where it is written with plain ones."""
    kernel = KERNELS.get(package.cell)
    return kernel if kernel is not None and package.format in kernel.formats else None


def nodes(package: Package, kernel: Kernel) -> "list[NodeProto]":
    """From `by_time` and initial states to `cells` (time, batch, H), the states after the last symbol, and `logits`."""
    from onnx.helper import make_node as node

    layer, states = kernel.layer, package.network.equations.state
    given = ["x", f"{layer}.W", f"{layer}.R", f"{layer}.B", "", *(f"initial_{name}" for name in states)]
    return [
        node("Gather", ["one_hot", "by_time"], ["x"], "one-hot"),
        *initial(states),
        node(
            kernel.operator,
            [*given, f"{layer}.P"] if kernel.peepholes else given,
            ["directions", *states],
            layer,
            kernel.doc,
            hidden_size=package.size,
            **kernel.options,
        ),
        node("Squeeze", ["directions", "one"], ["cells"], "one-direction"),
        *cells_to("reader", "logits"),
    ]


def numbers(package: Package, kernel: Kernel) -> dict[str, Any]:
    """The initializers of these nodes."""
    tensors, layer = package.tensors, kernel.layer
    package.refuse_full(len(package.alphabet), len(package.alphabet))

    def gates(array: Any, order: tuple[int, ...] = kernel.gates) -> Any:
        """Rows from the order of the weights file to that of ONNX."""
        blocks = np.split(array, len(order))
        return np.concatenate([blocks[n] for n in order])

    first, second = tensors[f"{layer}.bias_ih_l0"], tensors[f"{layer}.bias_hh_l0"]
    if not kernel.apart:
        first, second = first + second, np.zeros_like(second)
    found = {
        "one_hot": np.eye(len(package.alphabet)),
        f"{layer}.W": gates(tensors[f"{layer}.weight_ih_l0"])[None],
        f"{layer}.R": gates(tensors[f"{layer}.weight_hh_l0"])[None],
        f"{layer}.B": np.concatenate([gates(first), gates(second)])[None],  # of W, then of R, which ONNX adds
        "reader.weight": tensors["reader.weight"].T,
        "reader.bias": tensors["reader.bias"],
    }
    if kernel.peepholes:
        found[f"{layer}.P"] = gates(tensors[f"{layer}.weight_ch_l0"], kernel.peepholes)[None]
    return found
