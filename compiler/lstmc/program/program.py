"""A program: memory cells with their tests in small integers, still independent of any cell type or number format."""

from dataclasses import dataclass
from functools import cached_property

from lstmc.automaton import NONE, Automaton

Terms = tuple[tuple[int, int], ...]  # pairs of a number (of a symbol, a state) and its weight


@dataclass(frozen=True)
class Test:
    """A linear test of what is read and remembered; all weights are integers, in units of half the gain G:

        G/2 · (bias + Σ symbols·x + position·pos(x) + Σ states·active(state) + this·active(this cell)
               + before·(1 − active(started)))

    symbols    weights of the symbols that may be read
    position   weight of the symbol's position in the cell's own order
    states     weights of states; active(state) is 1 when a cell of the state is on
    this       weight of the cell that the test belongs to
    before     weight of "no symbol has been read yet"
    """

    bias: int = 0
    symbols: Terms = ()
    position: int = 0
    states: Terms = ()
    this: int = 0
    before: int = 0


ALWAYS = Test(bias=1)
NEVER = Test(bias=-1)


def any_of(states: tuple[int, ...] = (), before: bool = False) -> Test:
    """True when one of the states is active (or, with `before`, when nothing has been read yet)."""
    return Test(bias=-1, states=tuple((q, 2) for q in states), before=2 * before)


def one_of(symbols: tuple[int, ...]) -> Test:
    """1 when one of the symbols is read, and exactly 0 otherwise: inputs are one-hot, and there is no bias."""
    return Test(symbols=tuple((x, 1) for x in symbols))


@dataclass(frozen=True)
class Cell:
    """One memory cell: it is on when its state is active.

    state, output   the automaton's state that it stands for, and the output that goes with it; NONE without
    written, kept   the rules that switch it on, and those that keep it on
    order           the symbols by position, where one of its tests reads pos(x)
    """

    name: str
    state: int
    output: int
    written: tuple[int, ...]
    kept: tuple[int, ...]
    eraser: Test
    writer: Test
    write_filter: Test
    read_filter: Test
    order: tuple[int, ...] = ()

    @property
    def rules(self) -> tuple[int, ...]:
        return tuple(sorted({*self.written, *self.kept}))


PARTS = ("eraser", "writer", "write_filter", "read_filter")

STARTED = Cell("started", NONE, NONE, (), (), eraser=NEVER, writer=ALWAYS, write_filter=ALWAYS, read_filter=ALWAYS)


@dataclass(frozen=True, eq=False)
class Program:
    """The cells, `started` first, for the states of an automaton; str() prints it with G and K left symbolic.

    The reader follows from the automaton: in each state, K + ln p for a symbol (or `end`) that may come next with
    probability p (K alone where there are no probabilities), −K for every other.
    """

    automaton: Automaton
    level: int
    memory: str
    cells: tuple[Cell, ...]

    @cached_property
    def cells_of(self) -> dict[int, tuple[int, ...]]:
        """The cells of each state."""
        found: dict[int, list[int]] = {}
        for number, cell in enumerate(self.cells):
            if cell.state != NONE:
                found.setdefault(cell.state, []).append(number)
        return {state: tuple(numbers) for state, numbers in found.items()}

    def __str__(self) -> str:
        from lstmc.program.text import text

        return text(self)

    def _repr_html_(self) -> str:
        from lstmc.picture.notebook import program_html

        return program_html(self)
