"""A file as Equinox's manual has it: a line of JSON, then the leaves of the module."""

from collections.abc import Mapping
from io import BytesIO
from string import Template
from typing import ClassVar

from lstmc.export import Exporter, Package, Runtime, python_literal, python_runtime

INSTALL = "pip install 'lstmc[equinox]'"


class Equinox(Exporter):
    """The numbers of an Equinox module: an LSTMCell and a Linear reader."""

    title: ClassVar[str] = "Equinox"
    suffix: ClassVar[str] = ".eqx"
    writing: ClassVar[tuple[str, ...]] = ("equinox",)
    install: ClassVar[str] = INSTALL
    lacks: ClassVar[Mapping[str, str]] = {"int8": "Equinox has no int8 layers"}

    def write(self, package: Package) -> bytes:
        with self.importing():
            import equinox
            import jax.numpy as jnp

        tensors = dict(package.tensors)
        bias = tensors["lstm.bias_ih_l0"] + tensors["lstm.bias_hh_l0"]
        leaves = [tensors["lstm.weight_ih_l0"], tensors["lstm.weight_hh_l0"], bias]  # in the order of their fields
        for name in ("reader", "output") if package.outputs else ("reader",):
            leaves += [tensors[f"{name}.weight"], tensors[f"{name}.bias"]]
        stream = BytesIO()
        stream.write(f"{package.about_json}\n".encode())
        equinox.tree_serialise_leaves(stream, [leaf.astype(jnp.dtype(package.format)) for leaf in leaves])
        return stream.getvalue()

    def snippet(self, package: Package, file: str) -> str:
        return SNIPPET.substitute(
            file=python_literal(file),
            dtype=package.format,
            size=package.size,
            example=python_literal(package.example),
            double=DOUBLE if package.format == "float64" else "",
            output_field=OUTPUT_FIELD if package.outputs else "",
            output_layer=OUTPUT_LAYER if package.outputs else "",
            output=", jax.vmap(self.output)(hidden)" if package.outputs else "",
        )

    def runtimes(self) -> tuple[Runtime, ...]:
        return (python_runtime("equinox", INSTALL, ("equinox", "jax")),)


SNIPPET = Template("""\
import json

import equinox as eqx
import jax
import jax.numpy as jnp
$double

class Net(eqx.Module):
    lstm: eqx.nn.LSTMCell
    reader: eqx.nn.Linear$output_field

    def __init__(self, size):
        kind = {"dtype": jnp.$dtype, "key": jax.random.key(0)}
        self.lstm = eqx.nn.LSTMCell(len(symbols), size, **kind)
        self.reader = eqx.nn.Linear(size, len(symbols) + 1, **kind)$output_layer

    def __call__(self, tokens, h, c):  # one string
        def step(state, x):
            state = self.lstm(x, state)
            return state, state[0]

        one_hot = jax.nn.one_hot(tokens, len(symbols), dtype=jnp.$dtype)
        state, hidden = jax.lax.scan(step, (h, c), one_hot)
        return jax.vmap(self.reader)(hidden)$output, *state


with open($file, "rb") as file:
    about = json.loads(file.readline())
    symbols = about["alphabet"]
    net = eqx.tree_deserialise_leaves(file, eqx.filter_eval_shape(Net, $size))


@eqx.filter_jit
def run(net, tokens, h, c):
    return jax.vmap(net)(tokens, h, c)


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
OUTPUT_FIELD = """
    output: eqx.nn.Linear"""
OUTPUT_LAYER = """
        self.output = eqx.nn.Linear(size, len(about["outputs"]), **kind)"""

EXPORTER = Equinox()
