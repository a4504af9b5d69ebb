"""The toy cell that the project grew from: no output squashing; the gates read the memory itself.

The read filter closes for every symbol on a dead prefix, so that nothing is allowed there.
"""

from typing import ClassVar, Self

from lstmc.network.equations import Equations
from lstmc.network.layers import Reading, linear_layer, symbols_to_read
from lstmc.network.lowering import finished, keep_at_symbols, layer_tensors, lower_tests, test_tensors
from lstmc.network.network import MEMORY, Network, Rows, Weights
from lstmc.program import Program

EQUATIONS = Equations(
    state=("memory",),
    text="""
        eraser = sigmoid(test(x, memory))
        writer = tanh(test(x, memory))
        write_filter = sigmoid(test(x, memory))
        memory' = eraser * memory + write_filter * writer
        read_filter = sigmoid(read(memory'))
        reader = tanh(read(memory'))
        readout = reader * read_filter
    """,
    threshold=0.5,
)
GATES = EQUATIONS.tests
WEIGHTS = {
    **{
        gate: Weights(Rows(f"toy.{gate}.input"), Rows(f"toy.{gate}.memory"), (Rows(f"toy.{gate}.bias"),))
        for gate in GATES
    },
    **{
        layer: Weights(None, Rows(f"toy.{layer}.memory"), (Rows(f"toy.{layer}.bias"),))
        for layer in ("reader", "read_filter", "output")
    },
}


class Toy(Network):
    """The toy cell that the project grew from: its gates read the memory itself.

    State: the memory, (B, H).
    """

    cell: ClassVar[str] = "toy"
    equations: ClassVar[Equations] = EQUATIONS
    weights: ClassVar[dict[str, Weights]] = WEIGHTS
    active: ClassVar[float] = 1.0
    levels: ClassVar[tuple[int, ...]] = (0, 1)
    because: ClassVar[dict[int | str, str]] = {2: "it has no read filter for each cell"}
    titles: ClassVar[dict[str, str]] = {"memory'": MEMORY}

    @classmethod
    def lower(cls, program: Program, dtype: str, gain: float, grammar: str) -> Self:
        tests = {gate: lower_tests(program, keep_at_symbols if gate == "eraser" else gate) for gate in GATES}
        half, ends = gain / 2, len(program.automaton.alphabet) + 1
        tensors = test_tensors(WEIGHTS, tests, half, scale=1.0)
        allowed, _ = symbols_to_read(program)
        layers = {"reader": _either(allowed, half), "read_filter": _alive(allowed, half, ends)}
        for name, reading in layers.items():
            tensors |= layer_tensors(WEIGHTS[name], linear_layer(reading, half, ends, cls.active))
        return finished(cls, program, dtype, gain, grammar, tensors)


def _either(reading: Reading, half: float) -> Reading:
    """±half: allowed or not."""
    return Reading(dict.fromkeys(reading.before, half), [dict.fromkeys(values, half) for values in reading.cells])


def _alive(reading: Reading, half: float, rows: int) -> Reading:
    """half for every symbol before the first one and wherever anything is allowed."""
    everything = dict.fromkeys(range(rows), half)
    return Reading(everything, [everything if values else {} for values in reading.cells])
