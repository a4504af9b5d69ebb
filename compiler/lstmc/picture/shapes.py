"""A drawing as plain shapes, which svg.py writes and plot.py paints. What a shape is for is its `role`."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lstmc.picture.curves import Point
from lstmc.picture.labels import FONT, LINE, fitting, label_lines, short
from lstmc.picture.layout import Arc, Drawing, Node

HEAD, HALF = 9.0, 3.6  # an arrow head: its length, and half of its width
INNER = 4.0  # between the two circles of a state in which a string may end
SMALL = 11.0  # the size of texts beside a state


@dataclass(frozen=True)
class Circle:
    role: str  # state, accept
    centre: Point
    radius: float


@dataclass(frozen=True)
class Line:
    """A start, then three points for every piece of a cubic Bézier curve."""

    role: str  # arc, entry, bar
    path: tuple[Point, ...]


@dataclass(frozen=True)
class Head:
    """An arrow head: its three corners."""

    role: str  # arc, entry
    corners: tuple[Point, Point, Point]


@dataclass(frozen=True)
class Text:
    """A line of text, centred on a point."""

    role: str  # id, output, label, end
    centre: Point
    text: str
    size: float


Shape = Circle | Line | Head | Text


@dataclass(frozen=True)
class Group:
    """The shapes of one state or arc, and what they show, in words."""

    title: str
    shapes: tuple[Shape, ...]


def groups(drawing: Drawing) -> Iterator[Group]:
    """What to draw, from back to front: arcs, then states, then the texts of the arcs."""
    for arc in drawing.arcs:
        yield Group(arc_words(arc), tuple(_arrow("arc", arc.path)))
    for node in drawing.nodes:
        yield Group(node_words(node), tuple(_state(node, drawing.radius)))
    for arc in drawing.arcs:
        yield Group(arc_words(arc), tuple(_label(arc)))


def arc_words(arc: Arc) -> str:
    return f"{short(arc.source)} –{', '.join(label_lines(arc.texts)).replace(',,', ',')}→ {short(arc.target)}"


def node_words(node: Node) -> str:
    words = [f"state {short(node.id)}"]
    words += ["a string may start here"] if node.start else []
    words += [f"a string may end here{f', with probability {node.end}' if node.end else ''}"] if node.accept else []
    words += [f"output {short(node.output)}"] if node.output else []
    return ", ".join(words)


def _arrow(role: str, path: tuple[Point, ...]) -> Iterator[Shape]:
    """The line, up to its head, and the head with its tip at the end of the path."""
    tip = np.array(path[-1])
    before = next((np.array(point) for point in reversed(path[:-1]) if point != path[-1]), tip - (1.0, 0.0))
    way = (tip - before) / np.hypot(*(tip - before))
    aside = np.array([-way[1], way[0]]) * HALF
    base = tip - HEAD * way
    corners = [(round(float(x), 2), round(float(y), 2)) for x, y in (tip, base + aside, base - aside)]
    neck = tip - 0.7 * HEAD * way
    yield Line(role, (*path[:-1], (round(float(neck[0]), 2), round(float(neck[1]), 2))))
    yield Head(role, (corners[0], corners[1], corners[2]))


def _state(node: Node, radius: float) -> Iterator[Shape]:
    centre = (node.x, node.y)
    if node.entry:
        yield from _arrow("entry", _straight(node.entry, _towards(node.entry, centre, radius)))
    yield Circle("state", centre, radius)
    if node.accept:
        yield Circle("accept", centre, radius - INNER)
    room = 2 * (radius - (INNER if node.accept else 0.0)) - 6
    if node.output:
        yield Line("bar", _straight((node.x - radius + INNER, node.y + 1), (node.x + radius - INNER, node.y + 1)))
        yield _written("id", (node.x, node.y - 8), node.id, room * 0.86, FONT - 1)
        yield _written("output", (node.x, node.y + 10), node.output, room * 0.86, FONT - 1)
    else:
        yield _written("id", centre, node.id, room, FONT)
    if node.end:
        yield Text("end", (node.x, round(node.y + radius + LINE / 2 + 2, 2)), f"end {node.end}", SMALL)


def _written(role: str, centre: Point, text: str, width: float, size: float) -> Text:
    fitted, font = fitting(text, width, size)
    return Text(role, (centre[0], round(centre[1], 2)), fitted, font)


def _label(arc: Arc) -> Iterator[Shape]:
    lines = label_lines(arc.texts)
    x, y = arc.label
    for n, line in enumerate(lines):
        yield Text("label", (x, round(y + (n - (len(lines) - 1) / 2) * LINE, 2)), line, FONT)


def _straight(a: Point, b: Point) -> tuple[Point, ...]:
    steps = ((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (0.0, 1 / 3, 2 / 3, 1.0))
    return tuple((round(x, 2), round(y, 2)) for x, y in steps)


def _towards(a: Point, centre: Point, radius: float) -> Point:
    """Where the way from a to the centre of a circle meets its rim."""
    away = np.array(a) - centre
    x, y = centre + away * radius / np.hypot(*away)
    return float(x), float(y)
