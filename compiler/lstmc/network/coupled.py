"""The LSTM of which one filter both writes and erases (CIFG: coupled input and forget gate; Greff et al., 2017).

What is written takes the place of what was there, so that nothing is kept: the write filter is always open, and the
writer asks which symbol is read. The read filter asks for the states before: it may open for any of several, so that
the cell follows all states at once. A loop is one more way in.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.lstm import DYADIC_SCALE, TANH_1
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program
from lstmc.program.program import ALWAYS

EQUATIONS = Equations(
    state=("h", "c"),
    text="""
        writer = tanh(test(x, h))
        write_filter = sigmoid(test(x, h))
        c' = (1 - write_filter) * c + write_filter * writer
        read_filter = sigmoid(test(x, h))
        h' = read_filter * tanh(c')
        readout = read(h')
    """,
)
WEIGHTS = {
    **{
        part: Weights(Rows(f"coupled.{part}.symbols"), Rows(f"coupled.{part}.cells"), (Rows(f"coupled.{part}.bias"),))
        for part in EQUATIONS.tests
    },
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Coupled(Network):
    """The LSTM of which one filter both writes and erases (CIFG).

    State: h and c, each (B, H).
    """

    cell: ClassVar[str] = "coupled"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = TANH_1
    titles: ClassVar[dict[str, str]] = {"c'": MEMORY, "h'": "reader"}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    keeps: ClassVar[bool] = False
    because: ClassVar[dict[int | str, str]] = {
        2: "its write filter, which also erases, must always be open",
        "keep": "its write filter, which also erases, must always be open",
    }

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {
            "writer": lower_tests(program, "writer"),
            "write_filter": lower_tests(program, lambda cell: ALWAYS),
            "read_filter": lower_tests(program, "write_filter"),
        }
        layer, _ = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, gain / 2, DYADIC_SCALE) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors)
