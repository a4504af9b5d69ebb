"""Any cell type in operators that every runtime has, made from its equations.

by_time (time, batch) → step, a Scan over time → cells (time, batch, H) → the equations of the reader → logits

step:  x (batch,) → its row of `step.symbols` ───┐
       what cells show → times `step.cells` ─────┴→ a sum for each test → the equations, a node for each operation
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lstmc.export import MATHEMATICS, PRIME, Line, Package, in_domain, statements
from lstmc_onnx.nodes import dense, initial, number_type, tensor, type_of

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

OPERATORS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "Relu",
    "exp": "Exp",
    "max": "Max",
}
STEP = "One symbol further, in the order in which the equations of the cell type stand."
SYMBOLS = "what the symbol adds to every sum; biases are in it"


def nodes(package: Package) -> "list[NodeProto]":
    """From `by_time` to `cells` (time, batch, H), the states after the last symbol, and `logits`."""
    from onnx.helper import make_node as node

    states = package.network.equations.state
    return [
        *initial(states),
        *(node("Squeeze", [f"initial_{name}", "zero"], [f"first.{name}"], f"first-{name}") for name in states),
        node(
            "Scan",
            [*(f"first.{name}" for name in states), "by_time"],
            [*(f"last.{name}" for name in states), "cells"],
            "step",
            STEP,
            body=_step(package),
            num_scan_inputs=1,
        ),
        *(node("Unsqueeze", [f"last.{name}", "zero"], [name], f"last-{name}") for name in states),
        *_reader(package),
    ]


def numbers(package: Package) -> dict[str, Any]:
    """The initializers of these nodes."""
    network, tests = package.network, package.network.equations.tests
    size, symbols, found = package.size, len(package.alphabet), {}
    if tests:
        package.refuse_full(len(tests) * size, max(symbols, size))
        rows = [dense(package, network.weights[name].symbols, (size, symbols)) for name in tests]
        biases = np.concatenate([network.bias(name) for name in tests])
        found["step.symbols"] = (np.concatenate(rows) + biases[:, None]).T
    if _look_at_cells(package):
        found["step.cells"] = np.concatenate(
            [dense(package, network.weights[name].cells, (size, size)) for name in tests]
        ).T
    for name in network.equations.reads:
        found[f"{name}.weight"] = dense(package, network.weights[name].cells).T
        found[f"{name}.bias"] = network.bias(name)
    return found


class Nodes:
    """The domain of equations in which they are nodes of a graph, and a value is the name of what a node gives."""

    def __init__(self, package: Package) -> None:
        self.all: list[NodeProto] = []
        self._package, self._line = package, ""

    def add(self, operator: str, inputs: list[str], output: str, doc: str = "", **attributes: Any) -> str:
        from onnx.helper import make_node

        self.all.append(make_node(operator, inputs, [output], output, doc, **attributes))
        return output

    def line(self, line: Line, output: str, values: Mapping[str, str], sum: str | None) -> str:
        """The value of a line. Its last node is called `output`, and tells the equation to who looks at it."""
        self._line, before = output, len(self.all)
        found = in_domain(line.expression, self)(values, sum)
        if len(self.all) == before:
            return found
        last = self.all[-1]
        last.name = last.output[0] = output
        last.doc_string = _equation(self._package, line)
        return output

    def number(self, value: float) -> str:
        network = self._package.network
        stored = network.format.stored(np.array(value, network.format.work))
        return self._next("Constant", value=tensor("", number_type(self._package), stored))

    def function(self, name: str) -> Callable[..., str]:
        if name == "logsigmoid":
            return self._logsigmoid
        return lambda *inputs: self._next(OPERATORS[name], *inputs)

    def _logsigmoid(self, z: str) -> str:
        """−log(1 + e^−z), which ONNX Runtime does not have in float64: there min(z, 0) − log(1 + e^−|z|)."""
        if self._package.format != "float64":
            return self._next("Neg", self._next("Softplus", self._next("Neg", z)))
        power = self._next("Exp", self._next("Neg", self._next("Abs", z)))
        return self._next(
            "Sub",
            self._next("Min", z, self.number(0.0)),
            self._next("Log", self._next("Add", self.number(1.0), power)),
        )

    def _next(self, operator: str, *inputs: str, **attributes: Any) -> str:
        return self.add(operator, [*inputs], f"{self._line}.{len(self.all)}", **attributes)


def _step(package: Package) -> "GraphProto":
    from onnx.helper import make_graph, make_tensor_value_info

    equations, names, made = package.network.equations, type(package.network).identifiers(), Nodes(package)
    before, after = ([f"{when}.{name}" for name in equations.state] for when in ("before", "after"))
    values, sums = dict(zip(equations.state, before, strict=True)), _sums(package, made)
    for line in equations.of_cells:
        values[line.name] = made.line(line, f"step.{names[line.name]}", values, sums.get(line.name))
    for name, output in zip((*equations.state, equations.shown), (*after, "shown"), strict=True):
        made.add("Identity", [values[name + PRIME]], output)
    given, results = (
        [make_tensor_value_info(name, number_type(package), ["batch", package.size]) for name in each]
        for each in (before, [*after, "shown"])
    )
    x = make_tensor_value_info("x", type_of("INT64"), ["batch"])
    return make_graph(made.all, "step", [*given, x], results)


def _sums(package: Package, made: Nodes) -> dict[str, str]:
    """What each test adds up, by its line."""
    from onnx.helper import make_node

    equations, names = package.network.equations, type(package.network).identifiers()
    sums = {name: f"step.{names[name]}.sum" for name in equations.tests}
    if sums:
        added = made.add("Gather", ["step.symbols", "x"], "step.of-symbol", SYMBOLS)
        if _look_at_cells(package):
            seen = made.add("MatMul", [f"before.{equations.shown}", "step.cells"], "step.of-cells")
            added = made.add("Add", [seen, added], "step.sums")
        heights = made.add("Constant", [], "step.heights", value_ints=[package.size] * len(sums))
        made.all.append(make_node("Split", [added, heights], [*sums.values()], "step.tests", axis=1))
    return sums


def _look_at_cells(package: Package) -> bool:
    """Whether any test reads what cells show."""
    network = package.network
    return any(network.weights[name].cells is not None for name in network.equations.tests)


def _reader(package: Package) -> "list[NodeProto]":
    """Strings come first only at the end: ONNX Runtime 1.32 dies of Transpose, MatMul in float16."""
    equations, made, values = package.network.equations, Nodes(package), dict[str, str]()
    for line in equations.of_symbols:
        sum = None
        if line.sum is not None:
            product = made.add("MatMul", ["cells", f"{line.name}.weight"], f"{line.name}.product")
            sum = made.add("Add", [product, f"{line.name}.bias"], f"{line.name}.sum")
        values[line.name] = made.line(line, f"read.{line.name}", values, sum)
    made.add("Transpose", [values["readout"]], "logits", perm=[1, 0, 2])
    return made.all


def _equation(package: Package, line: Line) -> str:
    cell = type(package.network)
    names = {each.name: cell.title(each.name) for each in cell.equations.lines}
    names |= {name: f"{cell.title(name + PRIME)} before" for name in cell.equations.state}
    return f"{names[line.name]} = {statements([line], MATHEMATICS, names, {line.name: 'sum'})[line.name]}"
