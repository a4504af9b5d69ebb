"""A cell type as a plugin would bring it: the minimal gated unit, whose candidate is written at every step."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from strange_cells import own

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import entering, finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Weights
from lstmc.program.program import ALWAYS

WEIGHTS = {
    "forget": own("gated.forget"),
    "entering": own("gated.entering", cells=False),
    "remembered": own("gated.remembered", symbols=False),
    "readout": Weights(None, own("reader").cells, own("reader").biases),
    "output": Weights(None, own("output").cells, own("output").biases),
}


class Gated(Network):
    """States that are on show 1, states that are off −1, as of a GRU; `forget` is always 1."""

    cell: ClassVar[str] = "gated"
    equations: ClassVar[Equations] = Equations(
        ("h",),
        """
        forget = sigmoid(test(x, h))
        entering = test(x)
        remembered = test(h)
        candidate = tanh(entering + remembered)
        h' = (1 - forget) * h + forget * candidate
        readout = read(h')
        """,
    )
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = 1.0
    idle: ClassVar[float] = -1.0
    rests: ClassVar[float] = -1.0
    titles: ClassVar[dict[str, str]] = {"h'": MEMORY}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    keeps: ClassVar[bool] = False
    deterministic: ClassVar[bool] = True

    @classmethod
    def lower(cls, program, dtype, gain, grammar):
        entered = lower_tests(program, entering, cls.idle)
        none = np.zeros(0, np.int64)
        tests = {
            "forget": lower_tests(program, lambda cell: ALWAYS),
            "entering": replace(entered, rows=none, columns=none, values=np.zeros(0)),
            "remembered": replace(entered, symbols=np.zeros_like(entered.symbols), bias=np.zeros_like(entered.bias)),
        }
        layer, probabilities = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, gain / 2, scale=1.0) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors, probabilities)
