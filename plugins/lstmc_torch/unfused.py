"""A compiled network as a module in which every part of the cells is a submodule, made from their equations.

net = lstmc_torch.load("build/reber.safetensors", unfused=True)
net.write_filter.register_forward_hook(lambda part, given, value: value * 0)      nothing is written any more
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from lstmc import Network
from lstmc.export import MATHEMATICS, PRIME, Bound, Expression, Line, Package, in_domain, statements
from lstmc_torch.module import GrammarModule, State

TEXTBOOK = {"i": "write_filter", "f": "eraser", "g": "writer", "o": "read_filter", "c": "memory", "h": "reader"}


class Tensors:
    """The domain of equations in which they are tensors: PyTorch rounds each operation to their type."""

    functions: ClassVar[dict[str, Callable[..., Tensor]]] = {
        "add": torch.add,
        "subtract": torch.sub,
        "multiply": torch.mul,
        "divide": torch.div,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "exp": torch.exp,
        "logsigmoid": nn.functional.logsigmoid,
        "max": torch.maximum,
    }

    def number(self, value: float) -> Tensor:
        with torch.inference_mode(False):  # it is kept, also for training
            return torch.tensor(value, dtype=torch.float64, device="cpu")  # without axes it widens nothing

    def function(self, name: str) -> Callable[..., Tensor]:
        return self.functions[name]


@cache
def _in_tensors(expression: Expression) -> Bound[Tensor]:
    """Made once for each expression, and not kept in the module, which can be pickled."""
    return in_domain(expression, Tensors())


def _written(cell: type[Network], line: Line) -> str:
    names = {name: cell.title(name) for name in (*cell.equations.state, *(each.name for each in cell.equations.lines))}
    names |= {name: f"{cell.title(name + PRIME)} before" for name in cell.equations.state}
    return statements([line], MATHEMATICS, names, {line.name: "sum"})[line.name]


class Part(nn.Module):
    """One line of the equations. It gives (B, H), or of the reader (B, S + 1).

    Called with what it reads: the symbol's one-hot vector and what cells show, if it has a sum; then the parts and
    states that it names, in their order.

    symbols, cells, bias   the weights of its sum, where it has one: (H, S), (H, H), (H,); of the reader (S + 1, H), …
    """

    def __init__(self, package: Package, line: Line) -> None:
        super().__init__()
        self.names, self.has_sum = line.names, line.sum is not None
        self._expression = line.expression
        self._text = _written(type(package.network), line)
        network, dtype = package.network, getattr(torch, package.format)
        if not self.has_sum:
            return
        rows = network.weights[line.name]
        package.refuse_full(len(network.bias(line.name)), package.size)

        def parameter(values: object) -> nn.Parameter:
            dense = values.toarray() if hasattr(values, "toarray") else values
            return nn.Parameter(torch.tensor(dense, dtype=dtype))

        self.symbols = None if rows.symbols is None else parameter(network.rows(rows.symbols))
        self.cells = None if rows.cells is None else parameter(network.rows(rows.cells))
        self.bias = parameter(network.bias(line.name))

    def extra_repr(self) -> str:
        return self._text

    def forward(self, *given: Tensor) -> Tensor:
        if not self.has_sum:
            return _in_tensors(self._expression)(dict(zip(self.names, given, strict=True)), None)
        x, shown, *others = given
        total = self.bias
        if self.cells is not None:
            total = shown @ self.cells.T + total
        if self.symbols is not None:
            total = total + x @ self.symbols.T
        return _in_tensors(self._expression)(dict(zip(self.names, others, strict=True)), total)


class UnfusedNetwork(GrammarModule):
    """The same network as a loop over symbols in which every part is a submodule, for hooks and interventions.

    eraser, writer, write_filter, read_filter   the gates of the cells, (B, H) at each step (of a toy: but the last)
    memory, reader                              what the cells remember and show after the step, (B, H)
    readout                                     the logits, (B, S + 1), once for all steps: (B, T, S + 1)
    output                                      those of a transducer's outputs, (B, T, O), else None

    i, f, g, o, c and h are other names of an LSTM's parts. Another cell type has a part for each of its equations.
    """

    def __init__(self, package: Package) -> None:
        super().__init__(package)
        cell = type(package.network)
        self._equations, self._names = cell.equations, {}
        self.config = SimpleNamespace(hidden_size=package.size)  # pyvene asks for it
        for line in cell.equations.lines:
            title = cell.title(line.name).replace(" ", "_")
            name = f"{title}_" if hasattr(self, title) else title
            self.add_module(name, Part(package, line))
            self._names[line.name] = name
        self.output = Part(package, cell.equations.output) if self.outputs else None
        self._names["output"] = "output"

    def __getattr__(self, name: str) -> Any:
        title = TEXTBOOK.get(name)
        if title is not None and self.compiled.cell == "lstm":
            return getattr(self, title)
        return super().__getattr__(name)

    def numbers(self) -> dict[str, Tensor]:
        network = self.compiled
        found = {name: torch.zeros(shape, dtype=self._like.dtype) for name, shape in network.shapes().items()}
        for name in (*network.equations.tests, *network.layers):
            part, of = self.get_submodule(self._names[name]), network.weights[name]
            for rows, values in ((of.symbols, part.symbols), (of.cells, part.cells), (of.biases[0], part.bias)):
                if rows is not None:
                    first = rows.block * len(values)
                    found[rows.tensor][first : first + len(values)] = values.detach().cpu()
        return found

    def run(self, one_hot: Tensor, state: State | None, lengths: Tensor | None) -> tuple[Tensor, State]:
        names, shown = self._equations.state, []
        zero = one_hot.new_zeros((len(one_hot), len(self.cells)))
        now = [zero] * len(names) if state is None else [part[0] for part in state]
        for time in range(one_hot.shape[1]):
            values = dict(zip(names, now, strict=True))
            self._lines(self._equations.of_cells, values, one_hot[:, time], now[0])
            after = [values[name + PRIME] for name in names]
            if lengths is not None:
                going = (time < lengths).to(zero.device)[:, None]
                after = [torch.where(going, new, old) for new, old in zip(after, now, strict=True)]
            now = after
            shown.append(now[0])
        return torch.stack(shown, dim=1), tuple(part[None] for part in now)

    def read(self, shown: Tensor) -> Tensor:
        values: dict[str, Tensor] = {}
        self._lines(self._equations.of_symbols, values, shown, shown)
        return values["readout"]

    def say(self, shown: Tensor) -> Tensor | None:
        return None if self.output is None else self.output(shown, shown)

    def _lines(self, lines: tuple[Line, ...], values: dict[str, Tensor], x: Tensor, shown: Tensor) -> None:
        for line in lines:
            summed = [] if line.sum is None else [x, shown]
            part = getattr(self, self._names[line.name])
            values[line.name] = part(*summed, *(values[name] for name in line.names))
