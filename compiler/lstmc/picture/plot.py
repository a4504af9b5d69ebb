"""Pictures by matplotlib (`pip install 'lstmc[plot]'`): the door to it, and a grammar's graph as PNG or PDF.

Nothing here touches pyplot, which keeps a list of figures and looks for a screen; nothing depends on a user's own
settings of matplotlib, and the same picture gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, singledispatch
from io import BytesIO
from typing import Any

from lstmc.errors import PluginError
from lstmc.picture.curves import Point
from lstmc.picture.labels import short
from lstmc.picture.layout import Drawing
from lstmc.picture.shapes import Circle, Head, Line, Shape, Text, groups

POINTS = 72 / 96  # of a pixel
WIDE = 0.93  # matplotlib's own font is wider than others
SHARP = 2  # pixels of a PNG for each pixel of the drawing
MOST_PIXELS, LONGEST_SIDE = 40e6, 30_000  # of a PNG; a larger picture is made with fewer for each of its own
INK, PAPER, FILL, ARC, LABEL, OUTPUT = "#1f2328", "#ffffff", "#eef2f7", "#6b7683", "#0b4f9e", "#8a3b00"  # as in svg.py
FAINT, GRID = "#57606a", "#e3e7ec"
DEPTHS = ("#8f1d14", "#d6604d", "#ffffff", "#4393c3", "#0b3d78")  # red and blue: every kind of eye tells them apart
TEXTS = {"id": (INK, "normal"), "output": (OUTPUT, "bold"), "label": (LABEL, "bold"), "end": (FAINT, "normal")}


class Canvas:
    """A figure measured in pixels, y downwards."""

    def __init__(self, width: float, height: float, title: str) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor=PAPER)
        self.figure.set_label(short(title, 60))
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], colours: Any, edge: Any = "none") -> None:
        """Rectangles: left, top, width, height, and the colour of each."""
        from matplotlib.collections import PolyCollection

        corners = [((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h in boxes]
        self.axes.add_collection(PolyCollection(corners, facecolors=colours, edgecolors=edge, linewidths=1.5))

    def dots(self, centres: Sequence[Point], size: float, colours: Sequence[str]) -> None:
        if centres:
            self.axes.scatter(*zip(*centres, strict=True), s=(size * POINTS) ** 2, c=colours, linewidths=0, zorder=3)

    def lines(self, lines: Sequence[tuple[Point, Point]], colour: str, width: float = 0.5) -> None:
        from matplotlib.collections import LineCollection

        self.axes.add_collection(LineCollection(lines, colors=colour, linewidths=width * POINTS))

    def text(self, x: float, y: float, text: str, size: float, **style: Any) -> None:
        """Centred unless `ha` and `va` say otherwise."""
        look = {"ha": "center", "va": "center", "color": INK} | style
        self.axes.text(x, y, text, fontsize=size * POINTS, **look)


def shade(depth: float) -> Any:
    """The colour of a number from −1, dark red, over 0, white, to 1, dark blue."""
    return _depths()((1 + max(-1.0, min(1.0, depth))) / 2)


@cache
def _depths() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("lstmc", DEPTHS, N=257)  # an odd number: white is in the middle


def graph(drawing: Drawing, title: str) -> Any:
    """The figure of a grammar's graph, one pixel for each of the drawing's."""
    with matplotlib():
        canvas = Canvas(drawing.width, drawing.height, title)
        for group in groups(drawing):
            for shape in group.shapes:
                _paint(shape, canvas)
        return canvas.figure


def to_bytes(figure: Any, format: str) -> bytes:
    """The figure as a file: `svg`, `png` or `pdf`; it names no time and no version."""
    nothing = {"svg": ("Date", "Creator"), "png": ("Software",), "pdf": ("CreationDate", "Creator", "Producer")}
    metadata: dict[str, str | None] = dict.fromkeys(nothing[format])
    if format != "png":
        metadata["Title"] = figure.get_label()
    width, height = (inches * 96 for inches in figure.get_size_inches())
    sharp = min(SHARP, (MOST_PIXELS / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    file = BytesIO()
    with matplotlib():
        figure.savefig(file, format=format, metadata=metadata, dpi=96 * sharp)
    return file.getvalue()


@contextmanager
def matplotlib() -> Iterator[None]:
    """Work with matplotlib's own settings. Raises PluginError where it is not installed."""
    try:
        import matplotlib as installed
    except ImportError as error:
        raise PluginError(
            "matplotlib is not installed; it makes all pictures but graphs as SVG", "pip install 'lstmc[plot]'"
        ) from error
    plain = {key: value for key, value in installed.rcParamsDefault.items() if key != "backend"}
    own = {"svg.hashsalt": "lstmc", "svg.fonttype": "none", "pdf.fonttype": 42, "text.parse_math": False}
    with installed.rc_context(plain | own):
        yield


@singledispatch
def _paint(shape: Shape, canvas: Canvas) -> None:
    raise TypeError(type(shape))


@_paint.register
def _circle(shape: Circle, canvas: Canvas) -> None:
    from matplotlib.patches import Circle as Patch

    fill = FILL if shape.role == "state" else "none"
    canvas.axes.add_patch(Patch(shape.centre, shape.radius, facecolor=fill, edgecolor=INK, linewidth=1.5 * POINTS))


@_paint.register
def _line(shape: Line, canvas: Canvas) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    path = Path(shape.path, [Path.MOVETO, *[Path.CURVE4] * (len(shape.path) - 1)])
    bar = shape.role == "bar"
    line = {"edgecolor": INK if bar else ARC, "linewidth": (0.8 if bar else 1.5) * POINTS}
    canvas.axes.add_patch(PathPatch(path, facecolor="none", capstyle="butt", **line))


@_paint.register
def _head(shape: Head, canvas: Canvas) -> None:
    from matplotlib.patches import Polygon

    canvas.axes.add_patch(Polygon(shape.corners, closed=True, facecolor=ARC, edgecolor="none"))


@_paint.register
def _text(shape: Text, canvas: Canvas) -> None:
    from matplotlib.patheffects import withStroke

    colour, weight = TEXTS[shape.role]
    halo = [withStroke(linewidth=4 * POINTS, foreground=PAPER)] if shape.role == "label" else []
    style: dict[str, Any] = {"va": "center_baseline", "color": colour, "weight": weight, "path_effects": halo}
    canvas.text(*shape.centre, shape.text, shape.size * WIDE, **style)
