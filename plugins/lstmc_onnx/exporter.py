"""ONNX files, and how they are run: by ONNX Runtime, and by the reference evaluator that comes with onnx.

The reference evaluator is slow, shares no code with ONNX Runtime, and has the two number formats that the latter lacks.
"""

from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import ClassVar

from lstmc.errors import PluginError
from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime
from lstmc_onnx.kernels import kernel_of

INSTALL = "pip install 'lstmc[onnx]'"
RUNTIME = "onnxruntime"
FORMATS = ("float64", "float32", "float16", "bfloat16", "int8")


class Onnx(Exporter):
    """One file of standard operators; as int8 with one of ONNX Runtime's own (DynamicQuantizeLSTM).

    Of lstm, gru, rnn and rnn-relu the layer is one operator (kernels.py); that of any other cell type is made of plain
    ones, from its equations (plain.py).
    """

    title: ClassVar[str] = "ONNX"
    suffix: ClassVar[str] = ".onnx"
    writing: ClassVar[tuple[str, ...]] = ("onnx",)
    install: ClassVar[str] = INSTALL
    cells: ClassVar[None] = None

    def lacking(self, package: Package, runtime: Runtime | None = None) -> str:
        if package.cell == "lstm":
            return super().lacking(package, runtime)
        if package.quantize:
            return "ONNX Runtime quantizes no layer but the LSTM"
        if runtime is None:
            return ""
        operator = _operator(package)
        if runtime.name == RUNTIME:
            what = f"no {operator}" if operator else "nothing"
            return f"ONNX Runtime has {what} in {package.format}" if package.format in _for_reference(package) else ""
        if _too_old():
            return "before onnx 1.23 the reference evaluator was not tried"
        return "the reference evaluator has no RNN with relu" if operator and package.cell == "rnn-relu" else ""

    def check(self, package: Package) -> None:
        super().check(package)
        if package.quantize and find_spec("onnxruntime") is None:
            raise PluginError(f"{self.title}: onnxruntime, which makes weights int8, is not installed", self.install)

    def write(self, package: Package) -> bytes:
        with self.importing():
            for module in ("onnx", *(["onnxruntime"] if package.quantize else [])):
                import_module(module)
        from lstmc_onnx.graph import model
        from lstmc_onnx.int8 import quantized

        made = model(package)
        return bytes((quantized(made) if package.quantize else made).SerializeToString(deterministic=True))

    def snippet(self, package: Package, file: str) -> str:
        return _snippet(package, file, REFERENCE if package.format in _for_reference(package) else ONNX_RUNTIME)

    def runtimes(self) -> tuple[Runtime, ...]:
        return python_runtime(RUNTIME, INSTALL, ("onnxruntime",), RUNTIME_LACKS), self._reference()

    def _reference(self) -> Runtime:
        lacks = dict.fromkeys(FORMATS, TOO_OLD) if _too_old() else REFERENCE_LACKS
        one = {"OPENBLAS_NUM_THREADS": "1"}  # its products are small: more threads only wait for each other
        runtime = python_runtime("onnx-reference", INSTALL, ("onnx",), lacks, one)

        def command(package: Package, folder: Path, _: str) -> list[str]:
            file = f"{package.name}{self.suffix}"
            return runtime.command(package, folder, _snippet(package, file, REFERENCE))

        return replace(runtime, command=command)


RUNTIME_LACKS = {
    "float64": "ONNX Runtime has no LSTM in float64",
    "bfloat16": "ONNX Runtime has no LSTM in bfloat16",
}
REFERENCE_LACKS = {"int8": "a quantized LSTM is ONNX Runtime's own operator"}
TOO_OLD = "before onnx 1.23 the reference evaluator keeps c for itself, and no string can go on"


def _too_old() -> bool:
    """Whether onnx is installed, and its reference evaluator does not give the memory after the last symbol."""
    try:
        return tuple(int(part) for part in version("onnx").split(".")[:2]) < (1, 23)
    except (PackageNotFoundError, ValueError):
        return False


def _operator(package: Package) -> str:
    """The operator of ONNX that the network is written with; nothing where it is written with plain ones."""
    kernel = kernel_of(package)
    return kernel.operator if kernel else ""


def _for_reference(package: Package) -> tuple[str, ...]:
    """The number formats that ONNX Runtime has not: of layers, or of operators at all."""
    return ("float64", "bfloat16") if _operator(package) else ("bfloat16",)


def _snippet(package: Package, file: str, begin: Template) -> str:
    states = package.network.equations.state
    initial = " and ".join(f"{name}0" for name in states)
    operator = _operator(package)
    return begin.substitute(
        file=python_literal(file),
        are=f"{initial}, which may be left out, {'is no constant' if len(states) == 1 else 'are no constants'}",
        lacks=f"no {operator} in this number format" if operator else "nothing in this number format",
    ) + REST.substitute(
        outputs='"outputs", ' if package.outputs else "",
        none=", ".join(f"{name}=None" for name in states),
        first=states[0],
        given=", ".join(f'"{name}0": {name}[None]' for name in states),
        states=", ".join(states),
        names=", ".join(f'"{name}"' for name in states),
        found=", ".join(f"{name}[0]" for name in states),
        threshold=Fraction(package.network.equations.threshold),
        example=python_literal(package.example),
    )


ONNX_RUNTIME = Template("""\
import json

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.log_severity_level = 3  # it would warn that $are
session = onnxruntime.InferenceSession($file, options, providers=["CPUExecutionProvider"])
about = json.loads(session.get_modelmeta().custom_metadata_map["lstmc"])
""")
REFERENCE = Template("""\
import json

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator  # slow, but ONNX Runtime has $lacks

np.seterr(over="ignore")  # it computes sigmoid(-z) as 1 / (1 + exp(z)), where exp(z) may be infinite
model = onnx.load($file)
session = ReferenceEvaluator(model)
about = json.loads({entry.key: entry.value for entry in model.metadata_props}["lstmc"])
""")
REST = Template("""\
symbols = about["alphabet"]


def predict(tokens, $none):  # tokens (batch, time), batch at least 1; states (batch, cells)
    state = {} if $first is None else {$given}
    *logits, $states = session.run(["logits", $outputs$names], {"tokens": np.asarray(tokens, np.int64), **state})
    return *logits, $found


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > $threshold])
""")

EXPORTER = Onnx()
