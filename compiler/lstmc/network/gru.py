"""The gated recurrent unit (Cho et al., 2014), with the reset gate behind the product, as frameworks compute it.

A state that is on shows 1, one that is off −1. The reset gate is always open and the update gate always closed, so
that the candidate becomes the memory: it is 1 when the state is entered, a loop being one more way in. The update gate
could keep a memory at loops only where it also asked for `started`, since all cells show 0 before the first symbol, and
where the candidate wrote the state again all the same: nothing would be won. States coded by the reset gate alone are
not stable.

Tensors are named and laid out as in a torch module with gru = nn.GRU(S, H, batch_first=True) and a reader as beside
the LSTM; ONNX calls this form linear_before_reset = 1, Keras reset_after = True.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import (
    check_tests,
    entering,
    finished,
    layer_tensors,
    lower_tests,
    parted,
    test_tensors,
)
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program
from lstmc.program.program import ALWAYS, NEVER

EQUATIONS = Equations(
    state=("h",),
    text="""
        reset = sigmoid(test(x, h))
        update = sigmoid(test(x, h))
        entering = test(x)
        remembered = test(h)
        candidate = tanh(entering + reset * remembered)
        h' = update * h + (1 - update) * candidate
        readout = read(h')
    """,
)
SYMBOLS, CELLS = "gru.weight_ih_l0", "gru.weight_hh_l0"
BIASES = ("gru.bias_ih_l0", "gru.bias_hh_l0")
WEIGHTS = {
    **{
        gate: Weights(Rows(SYMBOLS, n), Rows(CELLS, n), tuple(Rows(bias, n) for bias in BIASES))
        for n, gate in enumerate(("reset", "update"))
    },
    "entering": Weights(Rows(SYMBOLS, 2), None, (Rows(BIASES[0], 2),)),
    "remembered": Weights(None, Rows(CELLS, 2), (Rows(BIASES[1], 2),)),
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Gru(Network):
    """The gated recurrent unit, as PyTorch has it.

    State: h, (B, H).
    """

    cell: ClassVar[str] = "gru"
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
        "keep": "its candidate is written at every step",
    }

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        entered = lower_tests(program, entering, cls.idle)
        check_tests(program, dtype, entered)
        of_symbols, of_cells = parted(entered)
        tests = {
            "reset": lower_tests(program, lambda cell: ALWAYS),
            "update": lower_tests(program, lambda cell: NEVER),
            "entering": of_symbols,
            "remembered": of_cells,
        }
        layer, probabilities = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, gain / 2, scale=1.0) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors, probabilities)
