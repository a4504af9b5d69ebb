"""The memory of a network over a string, step by step, and what it says may come next.

Above, a row for each cell: the darker, the nearer its memory is to what it is while the cell is on, and red where it is
below 0; a dot where the cell is on, that is where the reader sees it (the read filter may hide what is remembered).
Below, a row for each symbol: blue where it may come next, with its probability; a ring around the one that came, which
is red where it was not allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmc.errors import LimitError
from lstmc.network import Network
from lstmc.network.network import MEMORY
from lstmc.network.number_formats import Array
from lstmc.picture.labels import short, text_width
from lstmc.picture.plot import FAINT, GRID, INK, PAPER, Canvas, matplotlib, shade

MOST_SQUARES = 400_000  # cells times steps, and symbols times steps
ALL_SHOWN = 40  # cells of a network that is shown whole; of a larger one those that ever remember something
SQUARE, SMALLEST_SQUARE, FEW = 25.0, 9.0, 60  # pixels of a step; steps up to which squares are large, and hold numbers
MARGIN, LINE, LARGEST_FONT, LEAST = 12.0, 17.0, 12.0, 440.0
SOME = 0.05  # of what is remembered: less counts as nothing
PALE, DEEP = 0.2, 0.6  # the shade of what is allowed, hardly and certainly
DARK = 0.5  # the shade from which what stands on it is white
WRONG = "#b3261e"
NEGATIVE = "memory: blue is above 0, red below"
LEGEND = (
    "dot: the reader sees the cell",
    "blue: may come next, the darker the more probably",
    "frame: what came, crossed where it was not allowed",
)


@dataclass(frozen=True, eq=False)
class History:
    """A string's way through a network of H cells and S symbols, N steps, with the state before the first.

    symbols, outputs   what was read, N, and what a transducer said after each, '' for nothing
    memory (H, N + 1)   as a share of what it is in a cell that is on       on (H, N + 1)
    chances (S + 1, N + 1)   of what may come next; 0 not allowed
    """

    symbols: tuple[str, ...]
    outputs: tuple[str, ...]
    memory: Array
    on: Array
    chances: Array


def memory(network: Network, string: str | Sequence[str]) -> Any:
    """The figure. Raises InputError for an unknown symbol, LimitError for a string that is too long to be seen."""
    tokens = network.tokens(string)
    squares = (len(tokens) + 1) * max(network.size, len(network.alphabet) + 1)
    if squares > MOST_SQUARES:
        most = MOST_SQUARES // max(network.size, len(network.alphabet) + 1) - 1
        message = f"{len(tokens):,} symbols and {network.size:,} cells are more than a picture can show"
        raise LimitError(message, f"draw a string of at most {most:,} symbols")
    with matplotlib():
        return _figure(network, history(network, tokens))


def history(network: Network, tokens: Sequence[int]) -> History:
    """What the network remembers and says at each step."""
    state = network.start()
    memories, on, chances, outputs = [np.zeros(network.size)], [network.on(state)[0]], [_chances(network, state)], []
    for token in tokens:
        step = np.array([token])
        parts = network.parts(state, step)
        state = network.step(state, step)
        on.append(network.on(state)[0])
        memories.append(parts[MEMORY][0] / abs(network.holds or 1))
        chances.append(_chances(network, state))
        said = int(network.read(state).output[0])
        outputs.append(network.outputs[said] if said >= 0 else "")
    symbols = tuple(network.alphabet[token] for token in tokens)
    return History(symbols, tuple(outputs), np.array(memories).T, np.array(on).T, np.array(chances).T)


def _chances(network: Network, state: Any) -> Array:
    """The probability of each symbol that is allowed; 1 where the network gives none."""
    readout = network.read(state)
    chances = np.ones_like(readout.logits) if readout.probabilities is None else readout.probabilities
    found: Array = np.where(readout.allowed, chances, 0.0)[0]
    return found


@dataclass(frozen=True)
class Rows:
    """Rows of squares with a title: the name of each, and where the first square stands."""

    title: str
    names: tuple[str, ...]
    left: float
    top: float
    above: float  # how far above that its title stands
    square: float
    steps: int

    @property
    def right(self) -> float:
        return self.left + self.steps * self.square

    @property
    def bottom(self) -> float:
        return self.top + len(self.names) * self.square

    def centre(self, row: int, step: int) -> tuple[float, float]:
        return self.left + (step + 0.5) * self.square, self.top + (row + 0.5) * self.square

    def box(self, row: int, step: int) -> tuple[float, float, float, float]:
        return self.left + step * self.square, self.top + row * self.square, self.square, self.square


def _figure(network: Network, found: History) -> Any:
    shown, probable = _shown(network, found), bool(network.header.options["probabilities"])
    legend = (*((NEGATIVE,) if (found.memory < -SOME).any() else ()), *LEGEND)
    cells, symbols = _rows(network, found, shown)
    below = _room(found.outputs, cells.square) if any(found.outputs) else 0.0
    height = symbols.bottom + below + (1 + len(legend)) * LINE + MARGIN
    canvas = Canvas(max(symbols.right, LEAST) + MARGIN, height, network.name)
    for n, line in enumerate(_about(network, found, shown)):
        canvas.text(MARGIN, MARGIN + (n + 0.5) * LINE, line, 13 - n, ha="left", color=FAINT if n else INK)
    _read(canvas, cells, found.symbols)
    _remembered(canvas, cells, found.memory[shown], found.on[shown])
    _expected(canvas, symbols, found, probable)
    for rows in (cells, symbols):
        _frame(canvas, rows)
    _came(canvas, symbols, found, network)
    if below:
        _said(canvas, symbols, found.outputs)
    for n, line in enumerate(legend):
        canvas.text(MARGIN, symbols.bottom + below + (1.5 + n) * LINE, line, 11, ha="left", color=FAINT)
    return canvas.figure


def _shown(network: Network, found: History) -> list[int]:
    if network.size <= ALL_SHOWN:
        return list(range(network.size))
    empty = network.rests / abs(network.holds or 1)
    remembers = (np.abs(found.memory[:, 1:] - empty) > SOME).any(axis=1)
    return [int(cell) for cell in np.flatnonzero(remembers | found.on.any(axis=1))]


def _about(network: Network, found: History, shown: Sequence[int]) -> tuple[str, str]:
    head = f"{short(network.name)}: {network.cell}, -O{network.header.options['level']}, the memory over "
    left = network.size - len(shown)
    rest = f"{left} of {network.size} cells stay off and are left out; " if left else ""
    last = "accepted" if found.chances[-1, -1] else "not accepted"
    steps = len(found.symbols)
    return head + f"{steps} symbol{'' if steps == 1 else 's'}", f"{rest}the string is {last}"


def _rows(network: Network, found: History, shown: Sequence[int]) -> tuple[Rows, Rows]:
    """Those of the cells, and below them those of the symbols that may come next."""
    steps = len(found.symbols) + 1
    square = SQUARE if steps <= FEW else max(SMALLEST_SQUARE, FEW * SQUARE / steps)
    cells = tuple(short(network.header.cells[cell].name) for cell in shown)
    symbols = tuple(map(short, (*network.alphabet, network.header.end)))
    left = max(text_width(name, _font(square)) for name in (*cells, *symbols, "what is read")) + 2 * MARGIN
    top = 2 * MARGIN + 3.5 * LINE + _room(found.symbols, square)
    above = Rows("memory", cells, left, top, _room(found.symbols, square) + LINE, square, steps)
    return above, Rows("what may come next", symbols, left, above.bottom + 2.5 * LINE, LINE, square, steps)


def _room(symbols: Sequence[str], square: float) -> float:
    """The height that symbols take which stand above or below the steps."""
    turned = max((text_width(_label(symbol), _font(square)) for symbol in symbols), default=0.0)
    return turned + 5 if _turned(symbols, square) else LINE


def _label(symbol: str) -> str:
    return short(symbol, 12)


def _turned(symbols: Sequence[str], square: float) -> bool:
    """Whether the symbols are too long to stand side by side."""
    return any(text_width(_label(symbol), _font(square)) > square - 2 for symbol in symbols)


def _read(canvas: Canvas, cells: Rows, symbols: Sequence[str]) -> None:
    """The symbols above the steps that read them."""
    style = {"rotation": 90, "va": "bottom"} if _turned(symbols, cells.square) else {"va": "bottom"}
    for step, symbol in enumerate(symbols, start=1):
        x, _ = cells.centre(0, step)
        canvas.text(x, cells.top - 5, _label(symbol), _font(cells.square), weight="bold", **style)
    canvas.text(cells.left - 5, cells.top - 5, "what is read", 11, ha="right", va="bottom", color=FAINT)


def _frame(canvas: Canvas, rows: Rows) -> None:
    canvas.text(rows.left, rows.top - rows.above, rows.title, 13, ha="left", weight="bold")
    for n, name in enumerate(rows.names):
        canvas.text(rows.left - 5, rows.centre(n, 0)[1], name, _font(rows.square), ha="right")
    across = [((rows.left, y), (rows.right, y)) for y in (rows.box(n, 0)[1] for n in range(len(rows.names) + 1))]
    down = [((x, rows.top), (x, rows.bottom)) for x in (rows.box(0, n)[0] for n in range(rows.steps + 1))]
    canvas.lines(across + down, GRID)
    canvas.lines([across[0], across[-1], down[0], down[-1]], INK, 1)


def _remembered(canvas: Canvas, rows: Rows, memory: Array, on: Array) -> None:
    kept = _where(memory)
    canvas.boxes([rows.box(*at) for at in kept], [shade(float(memory[at])) for at in kept])
    lit = _where(on)
    colours = [PAPER if abs(memory[at]) > DARK else INK for at in lit]
    canvas.dots([rows.centre(*at) for at in lit], rows.square * 0.3, colours)


def _expected(canvas: Canvas, rows: Rows, found: History, probable: bool) -> None:
    allowed = _where(found.chances)
    shades = {at: PALE + (DEEP - PALE) * float(found.chances[at]) if probable else PALE for at in allowed}
    canvas.boxes([rows.box(*at) for at in allowed], [shade(shades[at]) for at in allowed])
    if probable and rows.square == SQUARE:
        for at in allowed:
            chance = f"{found.chances[at]:.2g}".removeprefix("0")
            canvas.text(*rows.centre(*at), chance, 8, color=INK)


def _came(canvas: Canvas, rows: Rows, found: History, network: Network) -> None:
    """Frames around the symbols that came, in the column of what was expected before them."""
    at = [(network.alphabet.index(symbol), step) for step, symbol in enumerate(found.symbols)]
    wrong = [each for each in at if not found.chances[each]]
    for places, colour in ((set(at) - set(wrong), INK), (wrong, WRONG)):
        canvas.boxes([rows.box(*each) for each in sorted(places)], "none", edge=colour)
    crosses = (((x, y), (x + w, y + h)) for x, y, w, h in (rows.box(*each) for each in wrong))
    canvas.lines(list(crosses), WRONG, 1.5)


def _said(canvas: Canvas, rows: Rows, outputs: Sequence[str]) -> None:
    """What a transducer says, below the steps."""
    style = {"rotation": 90, "va": "top"} if _turned(outputs, rows.square) else {"va": "top"}
    for step, output in enumerate(outputs, start=1):
        canvas.text(rows.centre(0, step)[0], rows.bottom + 5, _label(output), _font(rows.square), **style)
    canvas.text(rows.left - 5, rows.bottom + 5, "it says", 11, ha="right", va="top", color=FAINT)


def _where(numbers: Array) -> list[tuple[int, int]]:
    """Row and column of everything that is not 0."""
    rows, columns = np.nonzero(numbers)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _font(square: float) -> float:
    return min(LARGEST_FONT, 0.9 * square)
