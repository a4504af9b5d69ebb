"""The simple recurrent network with tanh (Elman, 1990).

A state that is on shows 1, one that is off −1: the memory is one test of the symbol and of the states before. A loop
is one more way in.

Tensors are named and laid out as in a torch module with rnn = nn.RNN(S, H, batch_first=True) and a reader as beside
the LSTM.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import check_tests, entering, finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program

EQUATIONS = Equations(
    state=("h",),
    text="""
        h' = tanh(test(x, h))
        readout = read(h')
    """,
)
WEIGHTS = {
    "h'": Weights(Rows("rnn.weight_ih_l0"), Rows("rnn.weight_hh_l0"), (Rows("rnn.bias_ih_l0"), Rows("rnn.bias_hh_l0"))),
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Rnn(Network):
    """The simple recurrent network with tanh.

    State: h, (B, H).
    """

    cell: ClassVar[str] = "rnn"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = 1.0
    idle: ClassVar[float] = -1.0
    rests: ClassVar[float] = -1.0
    titles: ClassVar[dict[str, str]] = {"h'": MEMORY}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    keeps: ClassVar[bool] = False
    deterministic: ClassVar[bool] = True
    because: ClassVar[dict[int | str, str]] = {
        2: "it has no write filter and no read filter",
        "keep": "it is written at every step",
    }

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        test = lower_tests(program, entering, cls.idle)
        check_tests(program, dtype, test)
        layer, probabilities = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, {"h'": test}, gain / 2, scale=1.0) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors, probabilities)
