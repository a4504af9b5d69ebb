"""The simple recurrent network with a rectifier, in integers: nothing is rounded, whatever the gain.

A state that is on shows exactly 1, one that is off exactly 0:

    h' = relu([one of the symbols is read] + [one of the states before was on] − 1)

A loop is one more way in. Unlike the other cells it pulls nothing back: what is off by a little stays off.

Tensors are named and laid out as in a torch module with rnn = nn.RNN(S, H, nonlinearity="relu", batch_first=True) and
a reader as beside the LSTM.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import entering, finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Weights
from lstmc.network.rnn import WEIGHTS
from lstmc.program import Cell, Program, Test
from lstmc.program.program import ALWAYS

EQUATIONS = Equations(
    state=("h",),
    text="""
        h' = relu(test(x, h))
        readout = read(h')
    """,
)


class RnnRelu(Network):
    """The simple recurrent network with a rectifier, in integers.

    State: h, (B, H).
    """

    cell: ClassVar[str] = "rnn-relu"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = 1.0
    titles: ClassVar[dict[str, str]] = {"h'": MEMORY}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    keeps: ClassVar[bool] = False
    deterministic: ClassVar[bool] = True
    steep: ClassVar[bool] = False
    because: ClassVar[dict[int | str, str]] = {
        2: "it has no write filter and no read filter",
        "keep": "it is written at every step",
    }

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {"h'": lower_tests(program, _one_or_less)}
        layer, _ = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, half=1.0, scale=1.0) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, 1, grammar, tensors)


def _one_or_less(cell: Cell) -> Test:
    """`entering` plus 1, halved: 1 where that is 1, else 0 or −1."""
    test = entering(cell)
    if test == ALWAYS:
        return test
    halves = (tuple((number, weight // 2) for number, weight in terms) for terms in (test.symbols, test.states))
    symbols, states = halves
    return Test((test.bias + 1) // 2, symbols, states=states, before=test.before // 2)
