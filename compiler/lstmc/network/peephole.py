"""The LSTM whose gates also see the memory of their own cell (Gers, Schraudolph & Schmidhuber, 2002).

A cell that is kept asks through the peephole of its eraser whether it is on, where the LSTM asks what it shows. Where
several cells may be on, memories count, and the eraser asks for the symbol alone, like the toy's.

Gates i, f, g, o are laid out as in a torch LSTM; the peepholes are those of i, f and o.
"""

from dataclasses import replace
from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import finished, keep_at_symbols, layer_tensors, lower_tests, test_tensors
from lstmc.network.lstm import DYADIC_SCALE, EXACT_SCALE, GATES, TANH_1
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Cell, Program, Test

EQUATIONS = Equations(
    state=("h", "c"),
    text="""
        write_peephole = test()
        erase_peephole = test()
        read_peephole = test()
        eraser = sigmoid(test(x, h) + erase_peephole * c)
        writer = tanh(test(x, h))
        write_filter = sigmoid(test(x, h) + write_peephole * c)
        c' = eraser * c + write_filter * writer
        read_filter = sigmoid(test(x, h) + read_peephole * c')
        h' = read_filter * tanh(c')
        readout = read(h')
    """,
)
PEEPHOLES = ("write_peephole", "erase_peephole", "read_peephole")
BIASES = ("peephole.bias_ih_l0", "peephole.bias_hh_l0")
WEIGHTS = {
    **{
        gate: Weights(
            Rows("peephole.weight_ih_l0", n), Rows("peephole.weight_hh_l0", n), tuple(Rows(bias, n) for bias in BIASES)
        )
        for n, gate in enumerate(GATES)
    },
    **{part: Weights(None, None, (Rows("peephole.weight_ch_l0", n),)) for n, part in enumerate(PEEPHOLES)},
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


class Peephole(Network):
    """State: h and c, each (B, H)."""

    cell: ClassVar[str] = "peephole"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = TANH_1
    titles: ClassVar[dict[str, str]] = {"c'": MEMORY, "h'": "reader"}

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        one_at_most = program.automaton.deterministic

        def eraser(cell: Cell) -> Test:
            return replace(cell.eraser, this=0) if one_at_most else keep_at_symbols(cell)

        def through_peephole(cell: Cell) -> Test:
            return Test(cell.eraser.this if one_at_most else 0)

        tests = {gate: lower_tests(program, eraser if gate == "eraser" else gate) for gate in GATES}
        tests |= {
            part: lower_tests(program, through_peephole if part == "erase_peephole" else lambda cell: Test())
            for part in PEEPHOLES
        }
        scale = EXACT_SCALE if program.level == 2 else DYADIC_SCALE
        layer, _ = reader_layer(cls, program, dtype)
        tensors = test_tensors(WEIGHTS, tests, gain / 2, scale) | layer_tensors(WEIGHTS["readout"], layer)
        return finished(cls, program, dtype, gain, grammar, tensors)
