"""Cell types that nobody compiles anything to, with random weights: for what is made of any equations."""

from typing import ClassVar

import numpy as np

from lstmc.network.equations import Equations
from lstmc.network.header import CellLabel, Header
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.network.number_formats import number_format

SYMBOLS, CELLS, OUTPUTS = ("a", "b c", '"'), 5, ("x", "y")


def own(name, symbols=True, cells=True):
    reads = (Rows(f"{name}.{source}") if read else None for source, read in (("symbols", symbols), ("cells", cells)))
    return Weights(*reads, (Rows(f"{name}.bias"),))


class Minimal(Network):
    """The minimal gated unit (Zhou, Wu, Zhang & Zhou, 2016), in the form without a product before the sum."""

    cell: ClassVar[str] = "minimal"
    equations: ClassVar[Equations] = Equations(
        ("h",),
        """
        forget = sigmoid(test(x, h))
        entering = test(x)
        remembered = test(h)
        candidate = tanh(entering + forget * remembered)
        h' = (1 - forget) * h + forget * candidate
        readout = read(h')
        """,
    )
    weights: ClassVar[dict[str, Weights]] = {
        "forget": own("forget"),
        "entering": own("entering", cells=False),
        "remembered": own("remembered", symbols=False),
        "readout": own("reader", symbols=False),
        "output": own("output", symbols=False),
    }
    active: ClassVar[float] = 1.0
    titles: ClassVar[dict[str, str]] = {"h'": MEMORY}

    @classmethod
    def lower(cls, program, dtype, gain, grammar):
        raise NotImplementedError


class Stacked(Minimal):
    """The same with its weights in common tensors, block below block, as frameworks have them."""

    cell: ClassVar[str] = "stacked"
    weights: ClassVar[dict[str, Weights]] = Minimal.weights | {
        "forget": Weights(Rows("w.symbols", 1), Rows("w.cells"), (Rows("w.bias"), Rows("w.more", 2))),
        "entering": Weights(Rows("w.symbols"), None, (Rows("w.bias", 1),)),
        "remembered": Weights(None, Rows("w.cells", 1), (Rows("w.more", 1),)),
    }


class Strange(Minimal):
    """Every function and operation, and two states."""

    cell: ClassVar[str] = "strange"
    equations: ClassVar[Equations] = Equations(
        ("h", "count"),
        """
        a_gate = sigmoid(test(x, h))
        entering = relu(test(x, h))
        count' = max(count - 0.1 * a_gate, entering) / (2 + relu(count))
        h' = a_gate * tanh(count') - exp(h - 0.5) * 0.3 + 0.1 * logsigmoid(2 * count' - 1)
        half = 0.5 * read(h')
        readout = half / (1 + relu(half)) - 0.25
        """,
        threshold=0.125,
    )
    weights: ClassVar[dict[str, Weights]] = {
        "a_gate": own("a"),
        "entering": own("entering"),
        "half": own("reader", symbols=False),
        "output": own("output", symbols=False),
    }
    titles: ClassVar[dict[str, str]] = {"count'": MEMORY, "h'": "seen"}


class Logarithm(Minimal):
    """The logarithm of a gate that stands between shut and open as the symbol says."""

    cell: ClassVar[str] = "logarithm"
    equations: ClassVar[Equations] = Equations(("h",), "h' = logsigmoid(test(x))\nreadout = 1 * read(h')")
    weights: ClassVar[dict[str, Weights]] = {
        "h'": own("z", cells=False),
        "readout": own("reader", symbols=False),
        "output": own("output", symbols=False),
    }


def network(cell, dtype):
    """Of random weights."""
    rng, form = np.random.default_rng(7), number_format(dtype)
    cells = tuple(CellLabel(f"cell {n}", str(n), (), ()) for n in range(CELLS))
    options = {"gain": 1, "level": 1, "memory": "keep", "probabilities": cell.gives_logits()}
    header = Header("any", cell.cell, dtype, SYMBOLS, OUTPUTS, cells, options, "", "lstmc")
    empty = cell(header, {})
    return cell(header, {name: form.rounded(rng.normal(size=shape)) for name, shape in empty.shapes().items()})
