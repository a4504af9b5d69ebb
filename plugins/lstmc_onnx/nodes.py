"""Nodes that stand in every graph, whatever its cell type, and the numbers of nodes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from lstmc.export import Package, Rows

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

TYPES = {"float64": "DOUBLE", "float32": "FLOAT", "float16": "FLOAT16", "bfloat16": "BFLOAT16", "int8": "FLOAT"}


def initial(states: tuple[str, ...]) -> "list[NodeProto]":
    """Of each state the one of before the first symbol for every string: NAME0 → initial_NAME, (1, batch, H)."""
    from onnx.helper import make_node as node

    return [
        node("Shape", ["tokens"], ["batch"], "batch", start=0, end=1),
        node("Concat", ["batch", "one"], ["strings"], "strings", axis=0),
        *(node("Expand", [f"{name}0", "strings"], [f"initial_{name}"], f"{name}0-for-every-string") for name in states),
    ]


def cells_to(name: str, result: str) -> "list[NodeProto]":
    """A linear layer over h, and only then strings first: ONNX Runtime 1.32 dies of Transpose, MatMul in float16."""
    from onnx.helper import make_node as node

    return [
        node("MatMul", ["cells", f"{name}.weight"], [f"{name}.sum"], name),
        node("Add", [f"{name}.sum", f"{name}.bias"], [f"{name}.by_time"], f"{name}-bias"),
        node("Transpose", [f"{name}.by_time"], [result], f"{name}-strings-first", perm=[1, 0, 2]),
    ]


def dense(package: Package, rows: Rows | None, shape: tuple[int, int] = (0, 0)) -> Any:
    """These rows of a tensor in full; zeros of that shape where there are none."""
    if rows is None:
        return np.zeros(shape, package.network.format.work)
    found = package.network.rows(rows)
    if isinstance(found, np.ndarray):
        return found
    package.refuse_full(*found.shape)
    return found.toarray()


def number_type(package: Package) -> int:
    """The type of the numbers, as ONNX counts types."""
    return type_of(TYPES[package.format])


def type_of(name: str) -> int:
    from onnx import TensorProto

    return int(TensorProto.DataType.Value(name))


def tensor(name: str, number: int, array: Any) -> "TensorProto":
    """Of stored numbers."""
    from onnx.helper import make_tensor

    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return make_tensor(name, number, array.shape, little.tobytes(), raw=True)
