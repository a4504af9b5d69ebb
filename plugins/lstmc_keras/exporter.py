"""A `.keras` file of standard layers, so that `keras.saving.load_model` opens it on every backend."""

from collections.abc import Mapping
from string import Template
from typing import ClassVar

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime

INSTALL = "pip install 'lstmc[keras]'"


class Keras(Exporter):
    """A functional model: tokens, h, c → logits, (outputs,) h, c. What else is to be known stands in `lstmc.json`.

    A GRU and a simple recurrent network have h alone.
    """

    title: ClassVar[str] = "Keras"
    suffix: ClassVar[str] = ".keras"
    writing: ClassVar[tuple[str, ...]] = ("keras",)
    install: ClassVar[str] = INSTALL
    lacks: ClassVar[Mapping[str, str]] = {"int8": "Keras quantizes no recurrent layer"}
    cells: ClassVar[tuple[str, ...]] = ("lstm", "gru", "rnn", "rnn-relu")

    def write(self, package: Package) -> bytes:
        from lstmc_keras.archive import archive
        from lstmc_keras.backend import able_to_hold, imported_keras
        from lstmc_keras.model import model_of

        with self.importing():
            keras = imported_keras(INSTALL)
        with able_to_hold(package.format, keras):
            return archive(model_of(keras, package), package.about_json)

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            file=python_literal(file),
            size=package.size,
            state="h and c, each" if package.cell == "lstm" else "h",
            times=" * 2" if package.cell == "lstm" else "",
            example=python_literal(package.example),
            double=DOUBLE if package.format == "float64" else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (
            python_runtime("keras on jax", INSTALL, ("keras", "jax"), variables={"KERAS_BACKEND": "jax"}),
            python_runtime(
                "keras on torch",
                "pip install 'lstmc[keras,torch]'",
                ("keras", "torch"),
                variables={"KERAS_BACKEND": "torch"},
            ),
        )


SNIPPET = Template("""\
import json
import os
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")  # or "torch"$double
import keras
import numpy as np

file = $file
with zipfile.ZipFile(file) as archive:
    about = json.loads(archive.read("lstmc.json"))
symbols = about["alphabet"]
model = keras.saving.load_model(file)


def predict(tokens, *state):  # tokens (batch, time); state: $state (batch, cells)
    state = state or [np.zeros((len(tokens), $size))]$times
    return model.predict_on_batch([np.array(tokens), *state])


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")
DOUBLE = """
os.environ["JAX_ENABLE_X64"] = "1"  # else the jax backend computes in float32"""

EXPORTER = Keras()
