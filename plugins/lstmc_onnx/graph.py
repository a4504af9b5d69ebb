"""A network as an ONNX graph, whose parts a person recognizes in a viewer.

    tokens (batch, time)                      → one-hot → lstm → reader → logits → probabilities
    h0, c0 (1, 1 or batch, H), by default 0   ↗         ↘ h, c          ↘ output → outputs (of a transducer)

Where ONNX has no operator for the cell type there are plain ones in its place: plain.py.

Inside, time comes first, as ONNX Runtime wants it. Names in the graph are fixed; the grammar's own words, which may be
anything, stand in the metadata alone.
"""

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmc.errors import LimitError
from lstmc.export import Package
from lstmc_onnx import kernels, plain
from lstmc_onnx.nodes import cells_to, dense, number_type, tensor, type_of

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# The oldest operators that do, so that old runtimes load the file: LSTM knows bfloat16 since opset 22. The IR version
# is the one that came with the opset. What onnx itself would write, its newest, runtimes refuse until they catch up.
OPSET, IR_VERSION = 17, 8
BFLOAT16_OPSET, BFLOAT16_IR_VERSION = 22, 10
VERSION = 1  # of the names in the graph, and of what they mean
MAX_BYTES = 2**31 - 2**20  # protobuf holds 2 GiB; the rest is for names and metadata
TOO_LARGE_TOKEN = 2**31 - 1

MODEL = """\
A grammar compiled to {a_network} by lstmc. It reads strings of symbols, given by their numbers in `alphabet`, and \
says after each symbol what may come next. The metadata says what the numbers mean; `lstmc` holds all of it, as JSON.

A logit above {threshold}: this symbol may come next; of the last one, `end`: the string may end here. Where nothing \
may come, no string of the grammar begins like this.

{initial} may be left out; then strings begin. To go on with strings, give {states} of the last run as {initial}."""
SOFTMAX = (
    "softmax of the logits: what comes next; where all logits are below 0, nothing may come, and this says nothing"
)
SIGMOID = "sigmoid of the logits, since the grammar has no probabilities: 1 for what may come next, 0 for what may not"
NEGATIVE = (
    "ONNX counts negative numbers from the end: −1 would be the last symbol. This makes them too large, an error."
)


def model(package: Package) -> "ModelProto":
    """Raises LimitError where it would be larger than an ONNX file can be."""
    from onnx import helper

    graph = helper.make_graph(_nodes(package), "lstmc", _inputs(package), _outputs(package), _initializers(package))
    brain = package.format == "bfloat16"
    _, _, version = package.network.header.compiler.partition(" ")
    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", BFLOAT16_OPSET if brain else OPSET)],
        ir_version=BFLOAT16_IR_VERSION if brain else IR_VERSION,
        producer_name="lstmc",
        producer_version=version,
        model_version=VERSION,
        doc_string=_description(package),
    )
    helper.set_model_props(made, _metadata(package))
    return made


def _description(package: Package) -> str:
    states = package.network.equations.state
    return MODEL.format(
        a_network="an LSTM" if package.cell == "lstm" else f"a network of the cell type {package.cell}",
        threshold=Fraction(package.network.equations.threshold),
        initial=" and ".join(f"{name}0" for name in states),
        states=" and ".join(states),
    )


def _nodes(package: Package) -> "list[NodeProto]":
    from onnx.helper import make_node as node

    kernel = kernels.kernel_of(package)
    return [
        node("Less", ["tokens", "zero"], ["negative"], "negative-tokens"),
        node("Where", ["negative", "too_large", "tokens"], ["checked"], "no-negative-tokens", NEGATIVE),
        node("Transpose", ["checked"], ["by_time"], "time-first", perm=[1, 0]),
        *(plain.nodes(package) if kernel is None else kernels.nodes(package, kernel)),
        *_probabilities(package),
        *(cells_to("output", "outputs") if package.outputs else []),
    ]


def _probabilities(package: Package) -> "list[NodeProto]":
    """None where the readout is no sum: there softmax means nothing."""
    from onnx.helper import make_node as node

    if not package.network.gives_logits():
        return []
    if package.probable:
        return [node("Softmax", ["logits"], ["probabilities"], "probabilities", SOFTMAX, axis=-1)]
    return [node("Sigmoid", ["logits"], ["probabilities"], "probabilities", SIGMOID)]


def _inputs(package: Package) -> list[Any]:
    from onnx.helper import make_tensor_value_info as value

    number, shape = number_type(package), [1, "batch_or_1", package.size]
    return [
        value("tokens", type_of("INT64"), ["batch", "time"], "numbers of symbols, from 0, in the order of `alphabet`"),
        *(
            value(f"{name}0", number, shape, f"{name} of the last run; left out: 0, strings begin")
            for name in package.network.equations.state
        ),
    ]


def _outputs(package: Package) -> list[Any]:
    from onnx.helper import make_tensor_value_info as value

    symbols, state = ["batch", "time", len(package.alphabet) + 1], [1, "batch", package.size]
    number, outputs = number_type(package), ["batch", "time", len(package.outputs)]
    above = f"above {Fraction(package.network.equations.threshold)}"
    given = f"of the symbols of `alphabet`, then `end`: {above}, it may come"
    chances = value("probabilities", number, symbols, SOFTMAX if package.probable else SIGMOID)
    spoken = value("outputs", number, outputs, "of the symbols of `outputs`: above 0, it is the output")
    return [
        value("logits", number, symbols, given),
        *([chances] if package.network.gives_logits() else []),
        *([spoken] if package.outputs else []),
        *(value(name, number, state, "after the last symbol") for name in package.network.equations.state),
    ]


def _initializers(package: Package) -> "list[TensorProto]":
    network, kernel = package.network, kernels.kernel_of(package)
    numbers = plain.numbers(package) if kernel is None else kernels.numbers(package, kernel)
    numbers |= {f"{name}0": np.zeros((1, 1, package.size)) for name in network.equations.state}
    if package.outputs:
        weights = dense(package, network.weights["output"].cells)
        numbers |= {"output.weight": weights.T, "output.bias": network.bias("output")}
    stored = {name: network.format.stored(array) for name, array in numbers.items()}
    if sum(array.nbytes for array in stored.values()) > MAX_BYTES:
        raise LimitError(
            f"'{package.name}' has {package.size:,} cells: they are too many for an ONNX file, which holds 2 GiB",
            "export to numpy, javascript or c, which keep matrices sparse, or compile at another level",
        )
    whole = {"zero": np.array([0]), "one": np.array([1]), "too_large": np.array([TOO_LARGE_TOKEN])}
    return [tensor(name, number_type(package), array) for name, array in stored.items()] + [
        tensor(name, type_of("INT64"), array) for name, array in whole.items()
    ]


def _metadata(package: Package) -> dict[str, str]:
    """All about it under `lstmc`; before that, what a person wants to see in a viewer. Lists are JSON."""
    weights = package.about["weights"]
    return {
        "name": package.name,
        "alphabet": json.dumps(package.alphabet, ensure_ascii=False),
        "end": package.end,
        **({"outputs": json.dumps(package.outputs, ensure_ascii=False)} if package.outputs else {}),
        "cells": json.dumps([cell.name for cell in package.network.header.cells], ensure_ascii=False),
        "number format": package.format,
        **({"probabilities": SOFTMAX if package.probable else SIGMOID} if package.network.gives_logits() else {}),
        **{f"weights.{part}": digest for part, digest in sorted(weights.items())},
        "proof": package.proof or "",
        "lstmc": package.about_json,
    }
