"""A `state_dict` without pickle for the sLSTMCell of the package xlstm.

The cell itself has the weights of h and the bias; those of the symbols are a Linear before it, as in its sLSTMLayer.
That layer cannot be asked for: it normalizes what the cell shows.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from lstmc.export import Package, StateDict

GATES = ("entrance", "lasting", "writer", "read_filter")  # i, f, z, o, one below the other


class Xlstm(StateDict):
    """The numbers of a PyTorch module: a Linear, an sLSTMCell of one head, and a Linear reader."""

    title: ClassVar[str] = "xlstm"
    suffix: ClassVar[str] = ".xlstm.safetensors"
    install: ClassVar[str] = "pip install 'lstmc[xlstm]'"
    cells: ClassVar[tuple[str, ...]] = ("slstm",)
    lacks: ClassVar[Mapping[str, str]] = {"int8": "xlstm has no int8 layers"}
    imports: ClassVar[str] = """\
import torch
from safetensors import safe_open
from xlstm.blocks.slstm.cell import sLSTMCell, sLSTMCellConfig"""
    layers: ClassVar[str] = """\
self.gates = torch.nn.Linear(len(symbols), 4 * size, bias=False)
        self.cell = sLSTMCell(sLSTMCellConfig(size, num_heads=1, backend="vanilla", output_shape="BSH"))"""
    run: ClassVar[str] = "h, state = self.cell(self.gates(one_hot), state)"
    predict: ClassVar[str] = """\
def predict(tokens, *state):  # tokens (batch, time); state: h, c, n and m, each (batch, cells)
    return net(torch.as_tensor(tokens), torch.stack(state) if state else None)"""

    def tensors(self, package: Package) -> Mapping[str, Any]:
        package.refuse_full(len(GATES) * package.size, package.size)
        found = dict(package.tensors)

        def stacked(source: str) -> Any:
            return np.concatenate([found.pop(f"slstm.{gate}.{source}") for gate in GATES])

        return found | {
            "gates.weight": stacked("symbols"),
            "cell._recurrent_kernel_": stacked("cells")[None],  # of the one head
            "cell._bias_": stacked("bias"),
        }


EXPORTER = Xlstm()
