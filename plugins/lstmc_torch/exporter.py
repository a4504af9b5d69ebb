"""The weights file for PyTorch: a `state_dict` without pickle, and the few lines of a module that takes it.

Of a cell type that PyTorch has no layer for the lines are its equations.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import ClassVar

from lstmc import Network
from lstmc.errors import PluginError
from lstmc.export import (
    PRIME,
    SUM,
    Exporter,
    Language,
    Line,
    Package,
    Rows,
    Runtime,
    Written,
    in_domain,
    python_literal,
    python_runtime,
    with_metadata,
)
from lstmc_torch.layers import LAYERS, Layer

INSTALL = "pip install 'lstmc[torch]'"
MODULES = ("torch", "safetensors")


class Torch(Exporter):
    """The safetensors file of `lstmc compile`, with every matrix in full and the digest of the proof added."""

    title: ClassVar[str] = "PyTorch"
    suffix: ClassVar[str] = ".torch.safetensors"
    install: ClassVar[str] = INSTALL
    cells: ClassVar[None] = None

    def lacking(self, package: Package, runtime: Runtime | None = None) -> str:
        if package.quantize and package.cell not in QUANTIZED:
            layer = LAYERS.get(package.cell)
            what = f"no torch.nn.{layer.kind}" if layer else f"layers alone, and has none for '{package.cell}'"
            return f"PyTorch quantizes {what}"
        return super().lacking(package, runtime)

    def write(self, package: Package) -> bytes:
        dense = replace(package.network, tensors=package.tensors)
        return with_metadata(dense.to_bytes(), {"format": "pt", "proof": package.proof or ""})

    def snippet(self, package: Package, file: str) -> str:
        return _program(package, file)

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("torch", INSTALL, MODULES),)

    def runtimes_on(self, device: str, number_format: str) -> tuple[Runtime, ...]:
        """In float32 one for each of the settings, which change nothing in another format."""
        if find_spec("torch") is not None:
            import torch

            if not torch.cuda.is_available():
                raise PluginError("torch sees no CUDA device", "run this where there is one, or leave out --device")
        return tuple(_on(device, setting) for setting in (SETTINGS if number_format == "float32" else ("",)))


def _on(device: str, setting: str = "") -> Runtime:
    """The program with everything on a device, in a setting of float32."""
    lacks = {"int8": "PyTorch runs its int8 layers on the processor alone"}
    runtime = python_runtime(f"torch on {device}{setting and f', {setting}'}", INSTALL, MODULES, lacks)
    begin = DEVICE.substitute(device=device) + SETTINGS.get(setting, "")

    def command(package: Package, folder: Path, _: str) -> list[str]:
        program = _program(package, f"{package.name}{Torch.suffix}", f', "{device}"')
        return runtime.command(package, folder, begin + program)

    return replace(runtime, command=command)


def _program(package: Package, file: str, device: str = "") -> str:
    layer = LAYERS.get(package.cell)
    head = HEAD.substitute(file=python_literal(file), device=device)
    step = _by_equations(package) if layer is None else _by_layer(package, layer)
    rest = REST.substitute(
        example=python_literal(package.example), threshold=Fraction(package.network.equations.threshold)
    )
    return head + step + rest


def _by_layer(package: Package, layer: Layer) -> str:
    states = package.network.equations.state
    given = ", ".join(f"{name}[None]" for name in states)
    return BY_LAYER.substitute(
        kind=layer.kind,
        layer=layer.name,
        options="".join(f', {name}="{value}"' for name, value in layer.options.items()),
        dtype="float32" if package.quantize else package.format,
        size=package.size,
        output_layer=OUTPUT_LAYER if package.outputs else "",
        output=", self.output(h)" if package.outputs else "",
        quantize=QUANTIZE.substitute(kind=layer.kind) if package.quantize else "",
        state="state" if len(states) == 1 else "*state",
        none=_none(states),
        given=given if len(states) == 1 else f"({given})",
        states=", ".join(states),
        found=", ".join(f"{name}[0]" for name in states),
    )


def _by_equations(package: Package) -> str:
    network, cell = package.network, type(package.network)
    equations, names, shown = cell.equations, cell.identifiers(), cell.equations.shown
    values = {name: Written(text) for name, text in names.items()}

    def statements(lines: tuple[Line, ...]) -> Iterator[str]:
        for line in lines:
            sum = Written(_sum(network, line.name, shown), SUM) if line.sum else None
            text = in_domain(line.expression, TORCH)(values, sum).text
            yield f"    return {text}" if line.name == "readout" else f"    {names[line.name]} = {text}"

    outputs = bool(package.outputs)
    return BY_EQUATIONS.substitute(
        state=", ".join(equations.state),
        step="\n".join(statements(equations.of_cells)),
        after=", ".join(names[name + PRIME] for name in equations.state),
        shown=shown,
        threshold=Fraction(equations.threshold),
        read="\n".join(statements(equations.of_symbols)),
        none=_none(equations.state),
        first=equations.state[0],
        zero=" = ".join(equations.state),
        size=package.size,
        dtype=package.format,
        outputs="\n    outputs = []" if outputs else "",
        say=f"\n        outputs.append({_sum(network, 'output', shown)})" if outputs else "",
        stacked=", torch.stack(outputs, 1)" if outputs else "",
    )


def _none(states: tuple[str, ...]) -> str:
    return ", ".join(f"{name}=None" for name in states)


def _sum(network: Network, name: str, shown: str) -> str:
    """What a test or a reader adds up."""

    def tensor(rows: Rows) -> str:
        height, count = network.shapes()[rows.tensor][0], network.blocks[rows.tensor]
        first, last = rows.block * height // count, (rows.block + 1) * height // count
        return f'weights["{rows.tensor}"]' + (f"[{first}:{last}]" if count > 1 else "")

    of = network.weights[name]
    terms = [] if of.symbols is None else [f"{tensor(of.symbols)}.T[x]"]
    terms += [] if of.cells is None else [f"{shown} @ {tensor(of.cells)}.T"]
    return " + ".join([*terms, *map(tensor, of.biases)])


DEVICE = Template("""\
import torch

torch.set_default_device("$device")
""")
TF32 = """\
torch.backends.cudnn.allow_tf32 = {0}
torch.backends.cuda.matmul.allow_tf32 = {0}
"""
SETTINGS = {  # TF32 multiplies numbers of 10 bits; cuDNN has a rougher tanh for small layers than PyTorch
    "TF32 on": TF32.format(True),
    "TF32 off": TF32.format(False),
    "cuDNN off": TF32.format(False) + "torch.backends.cudnn.enabled = False\n",
}
HEAD = Template("""\
import json

import torch
from safetensors import safe_open

with safe_open($file, "pt"$device) as file:
    about = json.loads(file.metadata()["lstmc"])
    weights = {name: file.get_tensor(name) for name in file.keys() if not name.startswith("cells.")}
symbols = about["alphabet"]
""")
BY_LAYER = Template("""

class Net(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.$layer = torch.nn.$kind(len(symbols), size, batch_first=True$options)
        self.reader = torch.nn.Linear(size, len(symbols) + 1)$output_layer

    def forward(self, tokens, state=None):
        one_hot = torch.nn.functional.one_hot(tokens, len(symbols)).to(torch.$dtype)
        h, state = self.$layer(one_hot, state)
        return self.reader(h)$output, $state


net = Net($size).to(torch.$dtype)
net.load_state_dict(weights)$quantize


@torch.inference_mode()
def predict(tokens, $none):  # tokens (batch, time); states (batch, cells)
    *logits, $states = net(torch.as_tensor(tokens), None if h is None else $given)
    return *logits, $found
""")
BY_EQUATIONS = Template("""

def step(x, $state):  # symbols (batch,), and what the cells carry, each (batch, cells)
$step
    return $after


def read($shown):  # (batch, symbols + 1): above $threshold where a symbol may come
$read


@torch.inference_mode()
def predict(tokens, $none):  # tokens (batch, time); states (batch, cells)
    tokens = torch.as_tensor(tokens)
    if $first is None:
        $zero = torch.zeros(len(tokens), $size, dtype=torch.$dtype)
    logits = []$outputs
    for x in tokens.T:
        $state = step(x, $state)
        logits.append(read($shown))$say
    return torch.stack(logits, 1)$stacked, $state
""")
REST = Template("""

tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > $threshold])
""")
TORCH = Language(
    functions={
        "sigmoid": "torch.sigmoid({})",
        "tanh": "torch.tanh({})",
        "relu": "torch.relu({})",
        "exp": "torch.exp({})",
        "logsigmoid": "torch.nn.functional.logsigmoid({})",
        "max": "torch.maximum(torch.as_tensor({}), torch.as_tensor({}))",  # of which one may be a number
    },
    signs={"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / "},
    constant="{!r}",
)
QUANTIZED = ("lstm", "gru")
OUTPUT_LAYER = """
        self.output = torch.nn.Linear(size, len(about["outputs"]))"""
QUANTIZE = Template("""
net = torch.ao.quantization.quantize_dynamic(net, {torch.nn.$kind, torch.nn.Linear}, torch.qint8)""")

EXPORTER = Torch()
