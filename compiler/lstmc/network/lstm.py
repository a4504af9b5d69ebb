"""The LSTM of every framework (Hochreiter & Schmidhuber, 1997; forget gate: Gers, Schmidhuber & Cummins, 2000).

The gates' textbook names: eraser f, writer g, write filter i, read filter o. Tensors are named and laid out
as in a torch module with lstm = nn.LSTM(S, H, batch_first=True) and reader = nn.Linear(H, S + 1).
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program

GATES = ("write_filter", "eraser", "writer", "read_filter")  # i, f, g, o: the order of the rows
TANH_1 = 0.7615941559557649  # an active cell's h

# Weights on cells are scaled so that an active cell counts as 1. A dyadic scale keeps the weights small dyadic
# numbers, exact in every format; -O2 adds up many positions and wants 1/tanh 1 itself.
DYADIC_SCALE = 21 / 16
EXACT_SCALE = 1 / TANH_1


EQUATIONS = Equations(
    state=("h", "c"),
    text="""
        eraser = sigmoid(test(x, h))
        writer = tanh(test(x, h))
        write_filter = sigmoid(test(x, h))
        c' = eraser * c + write_filter * writer
        read_filter = sigmoid(test(x, h))
        h' = read_filter * tanh(c')
        readout = read(h')
    """,
)
WEIGHTS = {
    **{
        gate: Weights(
            Rows("lstm.weight_ih_l0", n),
            Rows("lstm.weight_hh_l0", n),
            (Rows("lstm.bias_ih_l0", n), Rows("lstm.bias_hh_l0", n)),
        )
        for n, gate in enumerate(GATES)
    },
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Lstm(Network):
    """The LSTM of every framework, with an eraser (forget gate).

    State: h and c, each (B, H).
    """

    cell: ClassVar[str] = "lstm"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = TANH_1
    titles: ClassVar[dict[str, str]] = {"c'": MEMORY, "h'": "reader"}

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {gate: lower_tests(program, gate) for gate in GATES}
        tensors = test_tensors(WEIGHTS, tests, gain / 2, EXACT_SCALE if program.level == 2 else DYADIC_SCALE)
        layer, _ = reader_layer(cls, program, dtype)
        tensors |= layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors)
