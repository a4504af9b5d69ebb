"""The weights of a network as a labelled heat map: every number that is not 0, by what it belongs to and what it reads.

Rows are the tests of the cells and the rows of the reader; columns what they read: symbols, cells, and the bias.
Blue adds, red takes away, white is 0; shades go by powers, so that 16 is seen beside 768.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from lstmc.errors import LimitError
from lstmc.network import Network
from lstmc.picture.labels import short, text_width
from lstmc.picture.plot import FAINT, GRID, INK, PAPER, Canvas, matplotlib, shade

SQUARE, SMALLEST_SQUARE = 25.0, 9.0  # pixels of a number
FEW = 40  # columns up to which squares are large, and hold their numbers as text
MOST_CELLS = 1_000
PALEST, DARK = 0.2, 0.5  # depth of the shade of the smallest number; depth from which what stands on it is white
EXAMPLES = 4  # shades of each colour in the legend
MARGIN, LINE, LEGEND, LEGEND_WIDTH, PAGE, LARGEST_FONT = 12.0, 17.0, 66.0, 480.0, 1150.0, 12.0  # pixels
LEAST = 75.0  # the width of a panel of few columns, whose title is wider


@dataclass(frozen=True, eq=False)
class Block:
    """A part of the network: a row for each thing that it belongs to, `numbers` by (row, column)."""

    title: str
    rows: tuple[str, ...]
    numbers: dict[tuple[int, int], float]
    together: int = 1  # so many rows belong to one thing


def weights(network: Network, by: str = "part") -> Any:
    """The figure; `by` says whether rows of one `part` stand together, or those of one `cell`.

    Raises LimitError for a network whose cells nobody could read on a picture.
    """
    if network.size > MOST_CELLS:
        raise LimitError(
            f"'{network.name}' has {network.size:,} cells, more than a picture can show ({MOST_CELLS:,})",
            "lstmc explain tells each of them in words",
        )
    blocks = [*(_cells_first(network) if by == "cell" else _gates(network)), *_layers(network)]
    with matplotlib():
        return _figure(network, blocks)


def _gates(network: Network) -> Iterator[Block]:
    """A block for each part, with a row for each cell."""
    names = tuple(short(cell.name) for cell in network.header.cells)
    for part in network.gates:
        numbers: dict[tuple[int, int], float] = {}
        for cell in range(network.size):
            numbers |= {(cell, column): number for column, number in _test(network, cell, part)}
        yield Block(network.title(part), names, numbers)


def _cells_first(network: Network) -> Iterator[Block]:
    """One block, with a row for each part of each cell."""
    rows: list[str] = []
    numbers: dict[tuple[int, int], float] = {}
    for cell, label in enumerate(network.header.cells):
        for part in network.gates:
            numbers |= {(len(rows), column): number for column, number in _test(network, cell, part)}
            rows.append(f"{short(label.name)} · {network.title(part)}")
    yield Block("cells", tuple(rows), numbers, together=len(network.gates))


def _test(network: Network, cell: int, part: str) -> Iterator[tuple[int, float]]:
    """The numbers of a test by column."""
    test, symbols = network.test(cell, part), len(network.alphabet)
    yield from test.symbols
    yield from ((symbols + m, weight) for m, weight in test.cells)
    if test.bias:
        yield symbols + network.size, test.bias


def _layers(network: Network) -> Iterator[Block]:
    """The reader and its kind: a row for each symbol that may come next, or for each output."""
    symbols = tuple(map(short, (*network.alphabet, network.header.end)))
    for layer in network.layers:
        matrix = np.hstack([network.rows(network.weights[layer].cells), network.bias(layer)[:, None]])
        rows, columns = np.nonzero(matrix)
        found = zip(rows.tolist(), columns.tolist(), matrix[rows, columns].tolist(), strict=True)
        numbers = {(row, len(network.alphabet) + column): number for row, column, number in found}
        yield Block(network.sum_title(layer), symbols if layer != "output" else _outputs(network), numbers)


def _outputs(network: Network) -> tuple[str, ...]:
    return tuple(map(short, network.outputs))


@dataclass(frozen=True)
class Kind:
    """Columns of one kind: what they are, the number of the first, and their names."""

    title: str
    first: int
    names: tuple[str, ...]

    def read_by(self, block: Block) -> bool:
        return any(self.first <= column < self.first + len(self.names) for _, column in block.numbers)


class Shades:
    """The colour of a number: by its sign, and by its logarithm between the smallest and the largest that there are."""

    def __init__(self, numbers: Sequence[float]) -> None:
        sizes = [abs(number) for number in numbers if number and np.isfinite(number)]
        self.low, self.high = min(sizes, default=1.0), max(sizes, default=1.0)

    def depth(self, number: float) -> float:
        """From −1 to 1; 0 only for 0."""
        if not number:
            return 0.0
        share = float(np.log(abs(number) / self.low) / np.log(self.high / self.low)) if self.high > self.low else 1.0
        return float(np.sign(number)) * (PALEST + (1 - PALEST) * share)

    def colour(self, number: float) -> Any:
        return shade(self.depth(number))

    def examples(self) -> list[float]:
        """Numbers for a legend, in equal steps of shade."""
        steps = EXAMPLES if self.high > self.low else 1
        sizes = [self.low * (self.high / self.low) ** (n / max(1, steps - 1)) for n in range(steps)]
        return [*(-size for size in reversed(sizes)), 0.0, *sizes]


@dataclass(frozen=True)
class Panel:
    """A block with the kinds of columns that it has a number in; where its first square stands, and how much room
    the names of columns take above that.
    """

    block: Block
    kinds: tuple[Kind, ...]
    left: float
    top: float
    over: float
    square: float

    @property
    def edges(self) -> list[float]:
        """Where each kind of columns begins, and where the last one ends."""
        return [self.left + self.square * n for n in accumulate((len(kind.names) for kind in self.kinds), initial=0)]

    @property
    def bottom(self) -> float:
        return self.top + len(self.block.rows) * self.square

    def squares(self) -> list[tuple[float, float, float, float]]:
        """The box of each number."""
        at: dict[int, float] = {}
        for kind, edge in zip(self.kinds, self.edges, strict=False):
            at |= {kind.first + n: edge + n * self.square for n in range(len(kind.names))}
        return [
            (at[column], self.top + row * self.square, self.square, self.square) for row, column in self.block.numbers
        ]


def _figure(network: Network, blocks: Sequence[Block]) -> Any:
    panels = _panels(blocks, _kinds(network))
    shades = Shades([number for block in blocks for number in block.numbers.values()])
    width = max(LEGEND_WIDTH, *(max(panel.edges[-1], panel.left + LEAST) for panel in panels)) + MARGIN
    bottom = max(panel.bottom for panel in panels) + 2 * MARGIN
    canvas = Canvas(width, bottom + LEGEND, f"the weights of {network.name}")
    for n, line in enumerate(_about(network)):
        canvas.text(MARGIN, MARGIN + (n + 0.5) * LINE, line, 13 - n, ha="left", color=FAINT if n else INK)
    for panel in panels:
        _names(canvas, panel)
        _numbers(canvas, panel, shades)
    _legend(canvas, shades, bottom)
    return canvas.figure


def _about(network: Network) -> tuple[str, str]:
    head = f"{short(network.name)}: {network.cell}, {network.header.dtype}, -O{network.header.options['level']}"
    return head, f"{network.size} cells, {network.nonzero:,} of {network.parameters:,} numbers are not 0"


def _kinds(network: Network) -> tuple[Kind, Kind, Kind]:
    symbols = tuple(map(short, network.alphabet))
    cells = tuple(short(cell.name) for cell in network.header.cells)
    bias = len(symbols) + len(cells)
    return Kind("symbols", 0, symbols), Kind("cells", len(symbols), cells), Kind("", bias, ("bias",))


def _panels(blocks: Sequence[Block], kinds: Sequence[Kind]) -> list[Panel]:
    """The blocks beside each other as far as a page is wide, then below."""
    count = sum(len(kind.names) for kind in kinds)
    square = SQUARE if count <= FEW else max(SMALLEST_SQUARE, FEW * SQUARE / count)
    side = {block.title: max(text_width(name, _font(square)) for name in block.rows) + 2 * MARGIN for block in blocks}
    over = max(text_width(name, _font(square)) for kind in kinds for name in kind.names) + MARGIN
    page = max(PAGE, 1.4 * (max(side.values()) + count * square))
    found: list[Panel] = []
    left, top, bottom = 0.0, MARGIN + 2 * LINE, 0.0
    for block in blocks:
        read = tuple(kind for kind in kinds if kind.read_by(block) or not kind.title)
        width = side[block.title] + max(LEAST, sum(len(kind.names) for kind in read) * square)
        if left and left + width > page:
            left, top = 0.0, bottom
        found.append(Panel(block, read, left + side[block.title], top + over + 2 * LINE + MARGIN, over, square))
        left, bottom = left + width + MARGIN, max(bottom, found[-1].bottom + MARGIN)
    return found


def _names(canvas: Canvas, panel: Panel) -> None:
    """The title, the names of rows and columns, and the lines between them."""
    side, (left, *_, right) = panel.square, (*panel.edges, panel.edges[-1])
    title = panel.top - panel.over - 1.5 * LINE
    canvas.text(left, title, panel.block.title, 14, ha="left", weight="bold")
    canvas.text(left, title + LINE, _reads(panel.kinds), 11, ha="left", color=FAINT)
    for n, name in enumerate(panel.block.rows):
        canvas.text(left - 5, panel.top + (n + 0.5) * side, name, _font(side), ha="right")
    for n, name in enumerate(name for kind in panel.kinds for name in kind.names):
        canvas.text(left + (n + 0.5) * side, panel.top - 5, name, _font(side), va="bottom", rotation=90)
    count = round((right - left) / side)
    across = [((left, panel.top + n * side), (right, panel.top + n * side)) for n in range(len(panel.block.rows) + 1)]
    down = [((left + n * side, panel.top), (left + n * side, panel.bottom)) for n in range(count + 1)]
    canvas.lines(across + down, GRID)
    canvas.lines(across[:: panel.block.together] if panel.block.together > 1 else [], FAINT)
    canvas.lines([((x, panel.top), (x, panel.bottom)) for x in panel.edges] + [across[0], across[-1]], INK, 1)


def _reads(kinds: Sequence[Kind]) -> str:
    titles = [kind.title for kind in kinds if kind.title]
    return f"reads {' and '.join(titles)}" if titles else "its bias alone"


def _numbers(canvas: Canvas, panel: Panel, shades: Shades) -> None:
    boxes, numbers = panel.squares(), list(panel.block.numbers.values())
    canvas.boxes(boxes, [shades.colour(number) for number in numbers])
    if panel.square < SQUARE:
        return
    for (x, y, *_), number in zip(boxes, numbers, strict=True):
        _number(canvas, x + panel.square / 2, y + panel.square / 2, number, shades)


def _number(canvas: Canvas, x: float, y: float, number: float, shades: Shades) -> None:
    """A number on its own colour."""
    written = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    canvas.text(x, y, written.replace("-", "−"), 8, color=PAPER if abs(shades.depth(number)) > DARK else INK)


def _legend(canvas: Canvas, shades: Shades, top: float) -> None:
    examples = shades.examples()
    width = (LEGEND_WIDTH - 2 * MARGIN) / len(examples)
    boxes = [(MARGIN + n * width, top, width, SQUARE) for n in range(len(examples))]
    canvas.boxes(boxes, [shades.colour(number) for number in examples], edge=GRID)
    for (x, y, *_), number in zip(boxes, examples, strict=True):
        _number(canvas, x + width / 2, y + SQUARE / 2, number, shades)
    canvas.text(MARGIN, top + SQUARE + LINE, "red takes away, white is 0, blue adds", 11, ha="left", color=FAINT)


def _font(square: float) -> float:
    return min(LARGEST_FONT, 0.9 * square)
