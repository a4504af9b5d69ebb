"""ONNX files, and how they are run: by ONNX Runtime, and by the reference evaluator that comes with onnx.

The reference evaluator is slow, shares no code with ONNX Runtime, and has the two number formats that the latter lacks.
"""

from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import ClassVar

from lstmc.errors import PluginError
from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime

INSTALL = "pip install 'lstmc[onnx]'"
FOR_REFERENCE = ("float64", "bfloat16")
FORMATS = ("float64", "float32", "float16", "bfloat16", "int8")


class Onnx(Exporter):
    """One file of standard operators; as int8 with one of ONNX Runtime's own (DynamicQuantizeLSTM)."""

    title: ClassVar[str] = "ONNX"
    suffix: ClassVar[str] = ".onnx"
    writing: ClassVar[tuple[str, ...]] = ("onnx",)
    install: ClassVar[str] = INSTALL

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
        return _snippet(package, file, REFERENCE if package.format in FOR_REFERENCE else ONNX_RUNTIME)

    def runtimes(self) -> tuple[Runtime, ...]:
        return python_runtime("onnxruntime", INSTALL, ("onnxruntime",), RUNTIME_LACKS), self._reference()

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


def _snippet(package: Package, file: str, begin: Template) -> str:
    return begin.substitute(file=python_literal(file)) + REST.substitute(
        outputs='"outputs", ' if package.outputs else "", example=python_literal(package.example)
    )


ONNX_RUNTIME = Template("""\
import json

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.log_severity_level = 3  # it would warn that h0 and c0, which may be left out, are no constants
session = onnxruntime.InferenceSession($file, options, providers=["CPUExecutionProvider"])
about = json.loads(session.get_modelmeta().custom_metadata_map["lstmc"])
""")
REFERENCE = Template("""\
import json

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator  # slow, but ONNX Runtime has no LSTM in this number format

np.seterr(over="ignore")  # it computes sigmoid(-z) as 1 / (1 + exp(z)), where exp(z) may be infinite
model = onnx.load($file)
session = ReferenceEvaluator(model)
about = json.loads({entry.key: entry.value for entry in model.metadata_props}["lstmc"])
""")
REST = Template("""\
symbols = about["alphabet"]


def predict(tokens, h=None, c=None):  # tokens (batch, time), batch at least 1; states (batch, cells)
    state = {} if h is None else {"h0": h[None], "c0": c[None]}
    *logits, h, c = session.run(["logits", $outputs"h", "c"], {"tokens": np.asarray(tokens, np.int64), **state})
    return *logits, h[0], c[0]


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")

EXPORTER = Onnx()
