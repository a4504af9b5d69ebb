"""The LSTM as it was first (Hochreiter & Schmidhuber, 1997): without an eraser, so that memory is only ever added to.

A cell that is on holds 2. It is kept by a write filter that stays closed, and erased by writing −2. The write filter
opens where more than 3/2 comes together:

    w + [one of the states before was on] + 2·[this cell is on]      w: 1 for symbols of a way in, −1 for loops, else 0

and then what is written has the sign of [one of the states before was on] − [this cell is on]. So a cell that is on is
kept at loops and erased at all else; that it is entered at the symbol of a loop cannot be told from a loop, and its
state is split in two that take turns at that symbol.
"""

from typing import ClassVar, Self

from lstmc.automaton import NONE
from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import finished, layer_tensors, lower_tests, test_tensors
from lstmc.network.lstm import DYADIC_SCALE, TANH_1
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Cell, Program, Test
from lstmc.program.program import ALWAYS

EQUATIONS = Equations(
    state=("h", "c"),
    text="""
        writer = 4 * sigmoid(test(x, h)) - 2
        write_filter = sigmoid(test(x, h))
        c' = c + write_filter * writer
        read_filter = sigmoid(test(x, h))
        h' = read_filter * (2 * sigmoid(c') - 1)
        readout = read(h')
    """,
)
WEIGHTS = {
    **{
        part: Weights(
            Rows(f"lstm_1997.{part}.symbols"), Rows(f"lstm_1997.{part}.cells"), (Rows(f"lstm_1997.{part}.bias"),)
        )
        for part in EQUATIONS.tests
    },
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Lstm1997(Network):
    """The LSTM as it was first, without an eraser.

    State: h and c, each (B, H).
    """

    cell: ClassVar[str] = "lstm-1997"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = TANH_1  # 2σ(2) − 1
    holds: ClassVar[float] = 2.0
    titles: ClassVar[dict[str, str]] = {"c'": MEMORY, "h'": "reader"}
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    deterministic: ClassVar[bool] = True
    alternates: ClassVar[bool] = True
    because: ClassVar[dict[int | str, str]] = {2: "it cannot erase what it wrote for nothing"}

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {
            "writer": lower_tests(program, _writer),
            "write_filter": lower_tests(program, _write_filter),
            "read_filter": lower_tests(program, lambda cell: ALWAYS),
        }
        layer, _ = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, gain / 2, DYADIC_SCALE) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors)


def _write_filter(cell: Cell) -> Test:
    if cell.state == NONE:
        return Test(bias=1, this=-2)
    entered, loops = cell.writer.symbols, cell.eraser.symbols
    symbols = tuple(sorted([*((x, 2) for x, _ in entered), *((x, -2) for x, _ in loops)]))
    before = cell.write_filter
    return Test(bias=-3, symbols=symbols, states=before.states, this=4, before=before.before)


def _writer(cell: Cell) -> Test:
    before = cell.write_filter
    return ALWAYS if cell.state == NONE else Test(states=before.states, this=-2, before=before.before)
