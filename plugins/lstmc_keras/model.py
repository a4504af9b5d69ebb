"""The network as a functional Keras model.

tokens (B, T) ──one_hot──╮
h, c (B, H) ────────────lstm──┬──reader──→ logits (B, T, S + 1)
                              ├──output──→ outputs (B, T, O), only of transducers
                              ╰──────────→ h, c (B, H)
"""

from typing import Any

import numpy as np

from lstmc.export import Package


def model_of(keras: Any, package: Package) -> Any:
    """Every name is given, and every number begins at 0: nothing hangs on what the process did with Keras before."""
    dtype, symbols = package.format, len(package.alphabet)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    h, c = (keras.Input((package.size,), dtype=dtype, name=name) for name in ("h", "c"))
    one_hot = _one_hot(keras, symbols, dtype)
    lstm = _lstm(keras, package.size, dtype)
    readers = [_dense(keras, "reader", symbols + 1, dtype)]
    if package.outputs:
        readers.append(_dense(keras, "output", len(package.outputs), dtype))
    hidden, *state = lstm(one_hot(tokens), initial_state=[h, c])
    model = keras.Model([tokens, h, c], [*(reader(hidden) for reader in readers), *state], name="lstmc")
    for layer in (one_hot, lstm, *readers):
        layer.set_weights(_numbers(package, layer.name))
    return model


def _one_hot(keras: Any, symbols: int, dtype: str) -> Any:
    """An Embedding, for CategoryEncoding takes strings of one symbol for a batch of numbers, and loses an axis."""
    return keras.layers.Embedding(
        symbols, symbols, embeddings_initializer="zeros", trainable=False, dtype=dtype, name="one_hot"
    )


def _lstm(keras: Any, size: int, dtype: str) -> Any:
    return keras.layers.LSTM(
        size,
        activation="tanh",
        recurrent_activation="sigmoid",
        kernel_initializer="zeros",
        recurrent_initializer="zeros",  # the usual one, orthogonal, does not exist in half formats
        return_sequences=True,
        return_state=True,
        seed=0,  # of a dropout that is not there; without it Keras draws one from Python's own generator
        dtype=dtype,
        name="lstm",
    )


def _dense(keras: Any, name: str, units: int, dtype: str) -> Any:
    return keras.layers.Dense(units, kernel_initializer="zeros", dtype=dtype, name=name)


def _numbers(package: Package, layer: str) -> list[Any]:
    """In the order of Keras: kernel, (recurrent kernel,) bias. Matrices transposed, gates i, f, g, o, one bias."""
    tensors = package.tensors
    if layer == "one_hot":
        return [np.eye(len(package.alphabet))]
    if layer == "lstm":
        bias = tensors["lstm.bias_ih_l0"] + tensors["lstm.bias_hh_l0"]
        return [tensors["lstm.weight_ih_l0"].T, tensors["lstm.weight_hh_l0"].T, bias]
    return [tensors[f"{layer}.weight"].T, tensors[f"{layer}.bias"]]
