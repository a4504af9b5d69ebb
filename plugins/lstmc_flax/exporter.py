"""A msgpack file of flax.serialization: what is to be known, and the parameters as nested dictionaries of arrays."""

import json
from collections.abc import Mapping
from string import Template
from typing import Any, ClassVar

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime

INSTALL = "pip install 'lstmc[flax]'"


class Flax(Exporter):
    """The parameters of a Flax NNX module: an OptimizedLSTMCell in an RNN, and a Linear reader."""

    title: ClassVar[str] = "Flax"
    suffix: ClassVar[str] = ".msgpack"
    writing: ClassVar[tuple[str, ...]] = ("flax",)
    install: ClassVar[str] = INSTALL
    lacks: ClassVar[Mapping[str, str]] = {"int8": "Flax has no int8 layers"}

    def write(self, package: Package) -> bytes:
        with self.importing():
            import jax.numpy as jnp
            from flax import serialization

        parameters = _parameters(package, jnp.dtype(package.format))
        return bytes(serialization.msgpack_serialize({"about": json.loads(package.about_json), "params": parameters}))

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            file=python_literal(file),
            dtype=package.format,
            size=package.size,
            example=python_literal(package.example),
            double=DOUBLE if package.format == "float64" else "",
            output_layer=OUTPUT_LAYER if package.outputs else "",
            output=", self.output(hidden)" if package.outputs else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("flax", INSTALL, ("flax", "jax")),)


SNIPPET = Template("""\
import jax
import jax.numpy as jnp
from flax import nnx, serialization
$double
with open($file, "rb") as file:
    saved = serialization.msgpack_restore(file.read())
about = saved["about"]
symbols = about["alphabet"]


class Net(nnx.Module):
    def __init__(self, size, rngs):
        kind = {"dtype": jnp.$dtype, "param_dtype": jnp.$dtype, "rngs": rngs}
        zeros = nnx.initializers.zeros_init()
        self.lstm = nnx.RNN(
            nnx.OptimizedLSTMCell(len(symbols), size, recurrent_kernel_init=zeros, **kind), return_carry=True
        )
        self.reader = nnx.Linear(size, len(symbols) + 1, **kind)$output_layer

    def __call__(self, tokens, h, c):
        one_hot = jax.nn.one_hot(tokens, len(symbols))
        (c, h), hidden = self.lstm(one_hot, initial_carry=(c, h))  # Flax carries (c, h)
        return self.reader(hidden)$output, h, c


net = Net($size, nnx.Rngs(0))
nnx.update(net, jax.device_put(saved["params"]))


@nnx.jit
def run(net, tokens, h, c):
    return net(tokens, h, c)


def predict(tokens, *state):  # tokens (batch, time); state: h and c, each (batch, cells)
    state = state or [jnp.zeros((len(tokens), $size), jnp.$dtype)] * 2
    return run(net, jnp.array(tokens), *state)


tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, about["end"]], logits) if logit > 0])
""")
DOUBLE = """
jax.config.update("jax_enable_x64", True)
"""
OUTPUT_LAYER = """
        self.output = nnx.Linear(size, len(about["outputs"]), **kind)"""


def _parameters(package: Package, kind: Any) -> dict[str, Any]:
    """Nested as in the module. Kernels are transposed, and the one bias of the cell stands with `dense_h`."""
    tensors = {name: tensor.astype(kind) for name, tensor in package.tensors.items()}
    cell = {
        "dense_h": {
            "bias": tensors["lstm.bias_ih_l0"] + tensors["lstm.bias_hh_l0"],
            "kernel": tensors["lstm.weight_hh_l0"].T.copy(),
        },
        "dense_i": {"kernel": tensors["lstm.weight_ih_l0"].T.copy()},
    }
    readers = {
        name: {"bias": tensors[f"{name}.bias"], "kernel": tensors[f"{name}.weight"].T.copy()}
        for name in (("output", "reader") if package.outputs else ("reader",))
    }
    return {"lstm": {"cell": cell}, **readers}


EXPORTER = Flax()
