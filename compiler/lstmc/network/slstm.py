"""The sLSTM of xLSTM (Beck et al., 2024): an exponential write filter, a normalizer n, and a stabilizer m.

Nothing is kept: at every step each cell is erased and written with 1. Which cells are on is what the read filter says:
it opens when the state is entered, a loop being one more way in. The write filter and the eraser are exponentials of
`entrance` and `lasting`, over the larger of the two.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import entering, finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program, Test

EQUATIONS = Equations(
    state=("h", "c", "n", "m"),
    text="""
        entrance = test(x, h)
        lasting = logsigmoid(test(x, h)) + m
        m' = max(entrance, lasting)
        write_filter = exp(entrance - m')
        eraser = exp(lasting - m')
        writer = tanh(test(x, h))
        c' = eraser * c + write_filter * writer
        n' = eraser * n + write_filter
        read_filter = sigmoid(test(x, h))
        h' = read_filter * c' / n'
        readout = read(h')
    """,
)
WEIGHTS = {
    **{
        part: Weights(Rows(f"slstm.{part}.symbols"), Rows(f"slstm.{part}.cells"), (Rows(f"slstm.{part}.bias"),))
        for part in EQUATIONS.tests
    },
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}

# e^−200 is 0 in float32 and below half a unit of 1 in every format; tanh(20) is 1 in all of them.
FORGOTTEN, WRITTEN = -200, 20


class Slstm(Network):
    """The sLSTM of xLSTM: an exponential write filter, a normalizer and a stabilizer.

    State: h, c, n and m, each (B, H).
    """

    cell: ClassVar[str] = "slstm"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = 1.0
    rests: ClassVar[float] = 1.0
    titles: ClassVar[dict[str, str]] = {"c'": MEMORY, "h'": "reader", "n'": "normalizer", "m'": "stabilizer"}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    keeps: ClassVar[bool] = False
    deterministic: ClassVar[bool] = True
    because: ClassVar[dict[int | str, str]] = {
        2: "it is written at every step",
        "keep": "it is written at every step",
    }

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {
            "entrance": lower_tests(program, lambda cell: Test()),
            "lasting": lower_tests(program, lambda cell: Test(FORGOTTEN)),
            "writer": lower_tests(program, lambda cell: Test(WRITTEN)),
        }
        read_filter = {"read_filter": lower_tests(program, entering)}
        layer, _ = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, half=1.0, scale=1.0) | test_tensors(WEIGHTS, read_filter, gain / 2, 1.0)
        return finished(cls, program, dtype, gain, grammar, tensors | layer_tensors(WEIGHTS["readout"], layer))
