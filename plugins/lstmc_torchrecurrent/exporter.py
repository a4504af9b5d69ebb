"""A `state_dict` without pickle for torchrecurrent's PeepholeLSTM, whose gates and peepholes are stacked as ours."""

from collections.abc import Mapping
from string import Template
from typing import ClassVar

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime, state_dict_file

INSTALL = "pip install 'lstmc[torchrecurrent]'"
NAMES = {"weight_ih_l0": "weight_ih", "weight_hh_l0": "weight_hh", "weight_ch_l0": "weight_ph"}
NAMES |= {"bias_ih_l0": "bias_ih", "bias_hh_l0": "bias_hh"}


class Torchrecurrent(Exporter):
    """The numbers of a PyTorch module: a PeepholeLSTM and a Linear reader."""

    title: ClassVar[str] = "torchrecurrent"
    suffix: ClassVar[str] = ".torchrecurrent.safetensors"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[tuple[str, ...]] = ("peephole",)
    lacks: ClassVar[Mapping[str, str]] = {"int8": "torchrecurrent has no int8 layers"}

    def write(self, package: Package) -> bytes:
        tensors = dict(package.tensors)
        for ours, theirs in NAMES.items():
            tensors[f"recurrent.cells.0.{theirs}"] = tensors.pop(f"peephole.{ours}")
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
        return (python_runtime("torchrecurrent", INSTALL, ("torchrecurrent", "torch", "safetensors")),)


SNIPPET = Template("""\
import json

import torch
import torchrecurrent
from safetensors import safe_open

with safe_open($file, "pt") as file:
    about = json.loads(file.metadata()["lstmc"])
    weights = {name: file.get_tensor(name) for name in file.keys()}
symbols = about["alphabet"]


class Net(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.recurrent = torchrecurrent.PeepholeLSTM(len(symbols), size, batch_first=True)
        self.reader = torch.nn.Linear(size, len(symbols) + 1)$output_layer

    def forward(self, tokens, state=None):
        one_hot = torch.nn.functional.one_hot(tokens, len(symbols)).to(torch.$dtype)
        h, state = self.recurrent(one_hot, state)
        return self.reader(h)$output, *state


net = Net($size).to(torch.$dtype)
net.load_state_dict(weights)


@torch.inference_mode()
def predict(tokens, h=None, c=None):  # tokens (batch, time); states (batch, cells)
    *logits, h, c = net(torch.as_tensor(tokens), None if h is None else (h[None], c[None]))
    return *logits, h[0], c[0]


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")
OUTPUT_LAYER = """
        self.output = torch.nn.Linear(size, len(about["outputs"]))"""

EXPORTER = Torchrecurrent()
