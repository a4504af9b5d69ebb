"""A `state_dict` without pickle for the sLSTMCell of the package xlstm.

The cell itself has the weights of h and the bias; those of the symbols are a Linear before it, as in its sLSTMLayer.
That layer cannot be asked for: it normalizes what the cell shows.
"""

from collections.abc import Mapping
from string import Template
from typing import ClassVar

import numpy as np

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime, state_dict_file

INSTALL = "pip install 'lstmc[xlstm]'"
GATES = ("entrance", "lasting", "writer", "read_filter")  # i, f, z, o, one below the other


class Xlstm(Exporter):
    """The numbers of a PyTorch module: a Linear, an sLSTMCell of one head, and a Linear reader."""

    title: ClassVar[str] = "xlstm"
    suffix: ClassVar[str] = ".xlstm.safetensors"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[tuple[str, ...]] = ("slstm",)
    lacks: ClassVar[Mapping[str, str]] = {"int8": "xlstm has no int8 layers"}

    def write(self, package: Package) -> bytes:
        package.refuse_full(len(GATES) * package.size, package.size)
        tensors = dict(package.tensors)

        def stacked(source: str) -> np.ndarray:
            return np.concatenate([tensors.pop(f"slstm.{gate}.{source}") for gate in GATES])

        tensors |= {
            "gates.weight": stacked("symbols"),
            "cell._recurrent_kernel_": stacked("cells")[None],  # of the one head
            "cell._bias_": stacked("bias"),
        }
        return state_dict_file(package, tensors)

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            file=python_literal(file),
            dtype=package.format,
            size=package.size,
            example=python_literal(package.example),
            output_layer=OUTPUT_LAYER if package.outputs else "",
            output=", self.output(h)" if package.outputs else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("xlstm", INSTALL, ("xlstm", "torch", "safetensors")),)


SNIPPET = Template("""\
import json

import torch
from safetensors import safe_open
from xlstm.blocks.slstm.cell import sLSTMCell, sLSTMCellConfig

with safe_open($file, "pt") as file:
    about = json.loads(file.metadata()["lstmc"])
    weights = {name: file.get_tensor(name) for name in file.keys()}
symbols = about["alphabet"]


class Net(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.gates = torch.nn.Linear(len(symbols), 4 * size, bias=False)
        self.cell = sLSTMCell(sLSTMCellConfig(size, num_heads=1, backend="vanilla", output_shape="BSH"))
        self.reader = torch.nn.Linear(size, len(symbols) + 1)$output_layer

    def forward(self, tokens, state=None):
        one_hot = torch.nn.functional.one_hot(tokens, len(symbols)).to(torch.$dtype)
        h, state = self.cell(self.gates(one_hot), state)
        return self.reader(h)$output, *state


net = Net($size).to(torch.$dtype)
net.load_state_dict(weights)


@torch.inference_mode()
def predict(tokens, *state):  # tokens (batch, time); state: h, c, n and m, each (batch, cells)
    return net(torch.as_tensor(tokens), torch.stack(state) if state else None)


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")
OUTPUT_LAYER = """
        self.output = torch.nn.Linear(size, len(about["outputs"]))"""

EXPORTER = Xlstm()
