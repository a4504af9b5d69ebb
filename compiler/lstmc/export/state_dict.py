"""Numbers as users of PyTorch keep them: a `state_dict` without pickle, in a safetensors file."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from string import Template
from typing import ClassVar

import numpy as np
import safetensors.numpy

from lstmc.export.exporters import Exporter
from lstmc.export.literals import python_literal
from lstmc.export.package import Package
from lstmc.export.runtime import Runtime, python_runtime
from lstmc.network.number_formats import Array
from lstmc.network.weights_file import as_bfloat16


def state_dict_file(package: Package, tensors: Mapping[str, Array]) -> bytes:
    """The tensors in the number format of the package, with `package.about_json` under `lstmc`."""
    stored = {name: np.ascontiguousarray(package.network.format.stored(values)) for name, values in tensors.items()}
    data = safetensors.numpy.save(stored, {"format": "pt"})
    data = as_bfloat16(data) if package.format == "bfloat16" else data
    return with_metadata(data, {"lstmc": package.about_json, "proof": package.proof or ""})


def with_metadata(data: bytes, more: Mapping[str, str]) -> bytes:
    """The same safetensors file with more metadata; keys sorted, so that it is always the same."""
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header["__metadata__"] = dict(sorted((header["__metadata__"] | more).items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # numbers that follow are aligned to 8 bytes
    return len(text).to_bytes(8, "little") + text + data[8 + size :]


class StateDict(Exporter):
    """The numbers of a module of PyTorch: a recurrent layer that another package has, and a Linear reader.

    imports, layers, run, predict   what the printed program has in these places; `layers` sets attributes of the module
                                    from `size`, `run` makes h and the next state of `one_hot`
    """

    imports: ClassVar[str]
    layers: ClassVar[str]
    run: ClassVar[str]
    predict: ClassVar[str]

    @abstractmethod
    def tensors(self, package: Package) -> Mapping[str, Array]:
        """By the names of the module."""

    def write(self, package: Package) -> bytes:
        return state_dict_file(package, self.tensors(package))

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            imports=self.imports,
            layers=self.layers,
            run=self.run,
            predict=self.predict,
            file=python_literal(file),
            dtype=package.format,
            size=package.size,
            example=python_literal(package.example),
            output_layer=OUTPUT_LAYER if package.outputs else "",
            output=", self.output(h)" if package.outputs else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime(self.title, self.install, (self.title, "torch", "safetensors")),)


SNIPPET = Template("""\
import json

$imports

with safe_open($file, "pt") as file:
    about = json.loads(file.metadata()["lstmc"])
    weights = {name: file.get_tensor(name) for name in file.keys()}
symbols = about["alphabet"]


class Net(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        $layers
        self.reader = torch.nn.Linear(size, len(symbols) + 1)$output_layer

    def forward(self, tokens, state=None):
        one_hot = torch.nn.functional.one_hot(tokens, len(symbols)).to(torch.$dtype)
        $run
        return self.reader(h)$output, *state


net = Net($size).to(torch.$dtype)
net.load_state_dict(weights)


@torch.inference_mode()
$predict


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")
OUTPUT_LAYER = """
        self.output = torch.nn.Linear(size, len(about["outputs"]))"""
