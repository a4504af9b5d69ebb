"""An LSTM network as an ONNX graph, whose parts a person recognizes in a viewer.

    tokens (batch, time)                      → one-hot → lstm → reader → logits → probabilities
    h0, c0 (1, 1 or batch, H), by default 0   ↗         ↘ h, c          ↘ output → outputs (of a transducer)

Inside, time comes first, as ONNX Runtime wants it. Names in the graph are fixed; the grammar's own words, which may be
anything, stand in the metadata alone.
"""

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmc.errors import LimitError
from lstmc.export import Package

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# The oldest operators that do, so that old runtimes load the file: LSTM knows bfloat16 since opset 22. The IR version
# is the one that came with the opset. What onnx itself would write, its newest, runtimes refuse until they catch up.
OPSET, IR_VERSION = 17, 8
BFLOAT16_OPSET, BFLOAT16_IR_VERSION = 22, 10
VERSION = 1  # of the names in the graph, and of what they mean
MAX_BYTES = 2**31 - 2**20  # protobuf holds 2 GiB; the rest is for names and metadata
TOO_LARGE_TOKEN = 2**31 - 1

TYPES = {"float64": "DOUBLE", "float32": "FLOAT", "float16": "FLOAT16", "bfloat16": "BFLOAT16", "int8": "FLOAT"}

MODEL = """\
A grammar compiled to an LSTM by lstmc. It reads strings of symbols, given by their numbers in `alphabet`, and says \
after each symbol what may come next. The metadata says what the numbers mean; `lstmc` holds all of it, as JSON.

A logit above 0: this symbol may come next; of the last one, `end`: the string may end here. Where nothing may come, \
no string of the grammar begins like this.

h0 and c0 may be left out; then strings begin. To go on with strings, give h and c of the last run as h0 and c0."""
LSTM = """\
Gates i, o, f, c: rows 0 to H − 1 of W and R are write filters (input gate), then H read filters (output gate), \
H erasers (forget gate), H writers (cell candidate); one row for each cell, in the order of `cells` in the metadata."""
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
        doc_string=MODEL,
    )
    helper.set_model_props(made, _metadata(package))
    return made


def _nodes(package: Package) -> "list[NodeProto]":
    from onnx.helper import make_node as node

    probabilities = (
        node("Softmax", ["logits"], ["probabilities"], "probabilities", SOFTMAX, axis=-1)
        if package.probable
        else node("Sigmoid", ["logits"], ["probabilities"], "probabilities", SIGMOID)
    )
    return [
        node("Less", ["tokens", "zero"], ["negative"], "negative-tokens"),
        node("Where", ["negative", "too_large", "tokens"], ["checked"], "no-negative-tokens", NEGATIVE),
        node("Transpose", ["checked"], ["by_time"], "time-first", perm=[1, 0]),
        node("Gather", ["one_hot", "by_time"], ["x"], "one-hot"),
        node("Shape", ["tokens"], ["batch"], "batch", start=0, end=1),
        node("Concat", ["batch", "one"], ["strings"], "strings", axis=0),
        node("Expand", ["h0", "strings"], ["initial_h"], "h0-for-every-string"),
        node("Expand", ["c0", "strings"], ["initial_c"], "c0-for-every-string"),
        node(
            "LSTM",
            ["x", "lstm.W", "lstm.R", "lstm.B", "", "initial_h", "initial_c"],
            ["directions", "h", "c"],
            "lstm",
            LSTM,
            hidden_size=package.size,
        ),
        node("Squeeze", ["directions", "one"], ["cells"], "one-direction"),
        *_layer("reader", "logits"),
        probabilities,
        *(_layer("output", "outputs") if package.outputs else []),
    ]


def _layer(name: str, result: str) -> "list[NodeProto]":
    """A linear layer over h, and only then strings first: ONNX Runtime 1.32 dies of Transpose, MatMul in float16."""
    from onnx.helper import make_node as node

    return [
        node("MatMul", ["cells", f"{name}.weight"], [f"{name}.sum"], name),
        node("Add", [f"{name}.sum", f"{name}.bias"], [f"{name}.by_time"], f"{name}-bias"),
        node("Transpose", [f"{name}.by_time"], [result], f"{name}-strings-first", perm=[1, 0, 2]),
    ]


def _inputs(package: Package) -> list[Any]:
    from onnx.helper import make_tensor_value_info as value

    state = [1, "batch_or_1", package.size]
    return [
        value("tokens", _type("INT64"), ["batch", "time"], "numbers of symbols, from 0, in the order of `alphabet`"),
        value("h0", _number(package), state, "h of the last run; left out: 0, strings begin"),
        value("c0", _number(package), state, "c of the last run; left out: 0, strings begin"),
    ]


def _outputs(package: Package) -> list[Any]:
    from onnx.helper import make_tensor_value_info as value

    symbols, state = ["batch", "time", len(package.alphabet) + 1], [1, "batch", package.size]
    outputs = ["batch", "time", len(package.outputs)]
    spoken = "of the symbols of `outputs`: above 0, it is the output"
    return [
        value("logits", _number(package), symbols, "of the symbols of `alphabet`, then `end`: above 0, it may come"),
        value("probabilities", _number(package), symbols, SOFTMAX if package.probable else SIGMOID),
        *([value("outputs", _number(package), outputs, spoken)] if package.outputs else []),
        value("h", _number(package), state, "after the last symbol"),
        value("c", _number(package), state, "after the last symbol"),
    ]


def _initializers(package: Package) -> "list[TensorProto]":
    tensors, size = package.tensors, package.size
    package.refuse_full(len(package.alphabet), len(package.alphabet))
    bias = _iofc(tensors["lstm.bias_ih_l0"] + tensors["lstm.bias_hh_l0"])
    numbers = {
        "one_hot": np.eye(len(package.alphabet)),
        "lstm.W": _iofc(tensors["lstm.weight_ih_l0"])[None],
        "lstm.R": _iofc(tensors["lstm.weight_hh_l0"])[None],
        "lstm.B": np.concatenate([bias, np.zeros_like(bias)])[None],  # of W, then of R, which ONNX adds
        "reader.weight": tensors["reader.weight"].T,
        "reader.bias": tensors["reader.bias"],
        "h0": np.zeros((1, 1, size)),
        "c0": np.zeros((1, 1, size)),
    }
    if package.outputs:
        numbers |= {"output.weight": tensors["output.weight"].T, "output.bias": tensors["output.bias"]}
    stored = {name: package.network.format.stored(array) for name, array in numbers.items()}
    if sum(array.nbytes for array in stored.values()) > MAX_BYTES:
        raise LimitError(
            f"'{package.name}' has {package.size:,} cells: they are too many for an ONNX file, which holds 2 GiB",
            "export to numpy, javascript or c, which keep matrices sparse, or compile at another level",
        )
    whole = {"zero": np.array([0]), "one": np.array([1]), "too_large": np.array([TOO_LARGE_TOKEN])}
    return [_tensor(name, _number(package), array) for name, array in stored.items()] + [
        _tensor(name, _type("INT64"), array) for name, array in whole.items()
    ]


def _iofc(array: Any) -> Any:
    """Rows from the order of the weights file, gates i, f, g, o, to that of ONNX: i, o, f, g (which ONNX calls c)."""
    i, f, g, o = np.split(array, 4)
    return np.concatenate([i, o, f, g])


def _tensor(name: str, number: int, array: Any) -> "TensorProto":
    from onnx.helper import make_tensor

    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return make_tensor(name, number, array.shape, little.tobytes(), raw=True)


def _number(package: Package) -> int:
    return _type(TYPES[package.format])


def _type(name: str) -> int:
    from onnx import TensorProto

    return int(TensorProto.DataType.Value(name))


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
        "probabilities": SOFTMAX if package.probable else SIGMOID,
        **{f"weights.{part}": digest for part, digest in sorted(weights.items())},
        "proof": package.proof or "",
        "lstmc": package.about_json,
    }
