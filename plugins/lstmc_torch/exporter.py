"""The weights file for PyTorch: a `state_dict` without pickle, and the few lines of a module that takes it."""

import json
from dataclasses import replace
from string import Template
from typing import ClassVar

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime

INSTALL = "pip install 'lstmc[torch]'"


class Torch(Exporter):
    """The safetensors file of `lstmc compile`, with every matrix in full and the digest of the proof added."""

    title: ClassVar[str] = "PyTorch"
    suffix: ClassVar[str] = ".torch.safetensors"
    install: ClassVar[str] = INSTALL

    def write(self, package: Package) -> bytes:
        dense = replace(package.network, tensors=package.tensors)
        return _with_metadata(dense.to_bytes(), {"format": "pt", "proof": package.proof or ""})

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            file=python_literal(file),
            dtype="float32" if package.quantize else package.format,
            size=package.size,
            example=python_literal(package.example),
            output_layer=OUTPUT_LAYER if package.outputs else "",
            output=", self.output(h)" if package.outputs else "",
            quantize=QUANTIZE if package.quantize else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("torch", INSTALL, ("torch", "safetensors")),)


SNIPPET = Template("""\
import json

import torch
from safetensors import safe_open

with safe_open($file, "pt") as file:
    about = json.loads(file.metadata()["lstmc"])
    weights = {name: file.get_tensor(name) for name in file.keys() if not name.startswith("cells.")}
symbols = about["alphabet"]


class Net(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.lstm = torch.nn.LSTM(len(symbols), size, batch_first=True)
        self.reader = torch.nn.Linear(size, len(symbols) + 1)$output_layer

    def forward(self, tokens, state=None):
        one_hot = torch.nn.functional.one_hot(tokens, len(symbols)).to(torch.$dtype)
        h, state = self.lstm(one_hot, state)
        return self.reader(h)$output, *state


net = Net($size).to(torch.$dtype)
net.load_state_dict(weights)$quantize


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
QUANTIZE = """
net = torch.ao.quantization.quantize_dynamic(net, {torch.nn.LSTM, torch.nn.Linear}, torch.qint8)"""


def _with_metadata(data: bytes, more: dict[str, str]) -> bytes:
    """The same safetensors file with more metadata; keys sorted, so that it is always the same."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"] = dict(sorted((header["__metadata__"] | more).items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # numbers that follow are aligned to 8 bytes
    return len(text).to_bytes(8, "little") + text + data[8 + size :]


EXPORTER = Torch()
