"""The network as a functional Keras model.

tokens (B, T) ──one_hot──╮
h, c (B, H) ────────────lstm──┬──reader──→ logits (B, T, S + 1)
                              ├──output──→ outputs (B, T, O), only of transducers
                              ╰──────────→ h, c (B, H)

A GRU or a simple recurrent network has another layer in the place of `lstm`, and h alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmc.export import Package


@dataclass(frozen=True)
class Layer:
    """A recurrent layer of Keras.

    kind      its class       name   of the layer, and what its tensors in the weights file begin with
    gates     the blocks of rows in Keras's order, by their number in the weights file, whose order is PyTorch's
    options   of the class    apart  whether it has two biases: a GRU's reset gate touches the second one alone
    """

    kind: str
    name: str
    gates: tuple[int, ...]
    options: Mapping[str, Any]
    apart: bool = False


GATES = {"activation": "tanh", "recurrent_activation": "sigmoid"}
LAYERS = {
    "lstm": Layer("LSTM", "lstm", (0, 1, 2, 3), GATES),
    "gru": Layer("GRU", "gru", (1, 0, 2), {**GATES, "reset_after": True}, apart=True),
    "rnn": Layer("SimpleRNN", "rnn", (0,), {"activation": "tanh"}),
    "rnn-relu": Layer("SimpleRNN", "rnn", (0,), {"activation": "relu"}),
}


def model_of(keras: Any, package: Package) -> Any:
    """Every name is given, and every number begins at 0: nothing hangs on what the process did with Keras before."""
    dtype, symbols = package.format, len(package.alphabet)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    before = [keras.Input((package.size,), dtype=dtype, name=name) for name in package.network.equations.state]
    one_hot = _one_hot(keras, symbols, dtype)
    layer = LAYERS[package.cell]
    recurrent = _recurrent(keras, layer, package.size, dtype)
    readers = [_dense(keras, "reader", symbols + 1, dtype)]
    if package.outputs:
        readers.append(_dense(keras, "output", len(package.outputs), dtype))
    hidden, *after = recurrent(one_hot(tokens), initial_state=before)
    model = keras.Model([tokens, *before], [*(reader(hidden) for reader in readers), *after], name="lstmc")
    one_hot.set_weights([np.eye(symbols)])
    recurrent.set_weights(_of_layer(package, layer))
    for reader in readers:
        reader.set_weights([package.tensors[f"{reader.name}.weight"].T, package.tensors[f"{reader.name}.bias"]])
    return model


def _one_hot(keras: Any, symbols: int, dtype: str) -> Any:
    """An Embedding, for CategoryEncoding takes strings of one symbol for a batch of numbers, and loses an axis."""
    return keras.layers.Embedding(
        symbols, symbols, embeddings_initializer="zeros", trainable=False, dtype=dtype, name="one_hot"
    )


def _recurrent(keras: Any, layer: Layer, size: int, dtype: str) -> Any:
    return getattr(keras.layers, layer.kind)(
        size,
        **layer.options,
        kernel_initializer="zeros",
        recurrent_initializer="zeros",  # the usual one, orthogonal, does not exist in half formats
        return_sequences=True,
        return_state=True,
        seed=0,  # of a dropout that is not there; without it Keras draws one from Python's own generator
        dtype=dtype,
        name=layer.name,
    )


def _dense(keras: Any, name: str, units: int, dtype: str) -> Any:
    return keras.layers.Dense(units, kernel_initializer="zeros", dtype=dtype, name=name)


def _of_layer(package: Package, layer: Layer) -> list[Any]:
    """In the order of Keras: kernel, recurrent kernel, bias. Matrices transposed; one bias, or two as rows."""

    def gates(name: str) -> Any:
        blocks = np.split(package.tensors[f"{layer.name}.{name}"], len(layer.gates))
        return np.concatenate([blocks[n] for n in layer.gates])

    first, second = gates("bias_ih_l0"), gates("bias_hh_l0")
    bias = np.stack([first, second]) if layer.apart else first + second
    return [gates("weight_ih_l0").T, gates("weight_hh_l0").T, bias]
