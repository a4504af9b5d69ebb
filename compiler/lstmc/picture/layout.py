"""The drawing of a grammar's graph, in pixels: circles, arcs between their rims, and where each text stands.

    Drawing   what svg.py and plot.py draw, and the page animates; nothing in it depends on how it is drawn

Strings go from left to right as far as the graph lets them. Parallel edges are one arc with all their symbols.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lstmc.grammar import Grammar
from lstmc.grammar.grammar import EPSILON
from lstmc.picture.curves import Curve, Point, points_on
from lstmc.picture.labels import LINE, label_lines, label_size, short, text_width
from lstmc.picture.lettering import place_labels
from lstmc.picture.places import Pair, Spacing, places
from lstmc.picture.routes import LOOP, MOST, STEP, Taken, entries, loops, routes

SMALLEST, LARGEST = 24.0, 34.0  # the radius of a state: as its id needs
ENTRY = 24.0  # the length of the arrow into a start state
MARGIN = 10.0  # around everything
MOST_BLANK = 500.0  # left of given positions and above them: there they stay exactly as given
GAP = 70.0  # between the rims of states in two layers, at least
BEND = 11.0  # half of the height that an arc takes in a layer that it passes
BELOW = 40.0  # between the rims of states in a layer, at least


@dataclass(frozen=True)
class Node:
    """A state: a circle around (x, y).

    output   of a Moore machine's state, else ""
    end      the probability of ending here where one is stated, else ""
    entry    where the arrow into a start state begins; it ends at the rim
    """

    id: str
    x: float
    y: float
    start: bool
    accept: bool
    output: str
    end: str = ""
    entry: Point | None = None


@dataclass(frozen=True)
class Arc:
    """All edges from one state to another.

    symbols   of all of them, in the order of the alphabet
    path      the start, then three points for every piece of a cubic Bézier curve; ends at the rim of the target
    label     where its text is centred
    texts     for each symbol what stands at the arc: "T", with an output "a/0", with a stated probability "T 0.5"
    """

    source: str
    target: str
    symbols: tuple[str, ...]
    path: tuple[Point, ...]
    label: Point
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """The size of the whole, the radius of every state, states in the order of the grammar, arcs in that of edges."""

    width: float
    height: float
    radius: float
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]


def layout(grammar: Grammar) -> Drawing:
    """The drawing of a grammar: always the same one."""
    texts = _texts(grammar)
    radius = _radius(grammar)
    pairs = [pair for pair in texts if pair[0] != pair[1]]
    stand = places(grammar, pairs, _spacing(texts, radius, grammar), radius)
    taken = Taken()
    ways = routes(stand, pairs, radius)
    for way in ways.values():
        taken.add(points_on(way, STEP, MOST))
    ways |= {(state, state): way for state, way in loops(stand.at, _looped(texts), taken, radius).items()}
    begin = entries(stand.at, grammar.start, taken, radius, ENTRY)
    labels = place_labels(stand.at, ways, {pair: _lines(found) for pair, found in texts.items()}, taken, radius)
    arcs = tuple(_arc(pair, texts[pair], ways[pair], labels[pair]) for pair in texts)
    return _framed(_nodes(grammar, stand.at, begin), arcs, radius, stand.given)


def _texts(grammar: Grammar) -> dict[Pair, list[tuple[str, str]]]:
    """For each pair of states: (symbol, text) of all edges between them, in the order of the alphabet."""
    order = {symbol: n for n, symbol in enumerate((*grammar.alphabet, EPSILON))}
    found: dict[Pair, list[tuple[str, str]]] = {}
    for p, q, data in grammar.graph.edges(data=True):
        found.setdefault((p, q), []).append((data.get("symbol", EPSILON), _text(data)))
    return {pair: sorted(entries, key=lambda entry: (order[entry[0]], entry[1])) for pair, entries in found.items()}


def _text(data: Mapping[str, Any]) -> str:
    output = f"/{short(data['output'])}" if "output" in data else ""
    probability = f" {data['probability']:.4g}" if "probability" in data else ""
    return short(data.get("symbol", EPSILON)) + output + probability


def _lines(texts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return label_lines([text for _, text in texts])


def _looped(texts: Mapping[Pair, Any]) -> list[str]:
    return [p for p, q in texts if p == q]


def _radius(grammar: Grammar) -> float:
    """Large enough for the ids, within limits; longer ids are written smaller."""
    widest = max(text_width(short(state)) for state in grammar.graph)
    return min(LARGEST, max(SMALLEST, widest / 2 + 5))


def _spacing(texts: Mapping[Pair, Sequence[tuple[str, str]]], radius: float, grammar: Grammar) -> Spacing:
    """Room between states for the labels of the arcs, and for loops where there are some."""
    widest = max(label_size(_lines(found))[0] for found in texts.values())
    above = max((label_size(_lines(texts[p, p]))[1] for p in _looped(texts)), default=0.0)  # a loop
    crowd = min(120.0, len(grammar.graph) * 0.6)  # many arcs between two layers need to be told apart
    across = 2 * radius + max(GAP + crowd, widest + 30)
    return Spacing(across, state=radius + BELOW / 2, looped=radius + (BELOW + LOOP + above) / 2, bend=BEND)


def _arc(pair: Pair, texts: Sequence[tuple[str, str]], way: Curve, label: Point) -> Arc:
    path = tuple((float(x), float(y)) for x, y in way)
    return Arc(*pair, tuple(symbol for symbol, _ in texts), path, label, tuple(text for _, text in texts))


def _nodes(grammar: Grammar, at: Mapping[str, Point], begin: Mapping[str, Point]) -> tuple[Node, ...]:
    return tuple(
        Node(
            id=state,
            x=at[state][0],
            y=at[state][1],
            start=bool(data.get("start")),
            accept=bool(data.get("accept")),
            output=str(data.get("output", "")),
            end=f"{data['end']:.4g}" if "end" in data else "",
            entry=begin.get(state),
        )
        for state, data in grammar.graph.nodes(data=True)
    )


def _framed(nodes: tuple[Node, ...], arcs: tuple[Arc, ...], radius: float, given: bool) -> Drawing:
    """The drawing with a margin; given positions stay unless something would stick out, or much would be blank."""
    points = [point for node in nodes for point in _extent(node, radius)]
    for arc in arcs:
        width, height = label_size(label_lines(arc.texts))
        points += [*arc.path, *((arc.label[0] + s * width / 2, arc.label[1] + s * height / 2) for s in (-1, 1))]
    left, top = (min(axis) for axis in zip(*points, strict=True))
    right, bottom = (max(axis) for axis in zip(*points, strict=True))
    dx, dy = (0.0 if given and 0 <= edge <= MOST_BLANK else MARGIN - edge for edge in (left, top))
    return Drawing(
        width=round(right + dx + MARGIN, 1),
        height=round(bottom + dy + MARGIN, 1),
        radius=round(radius, 1),
        nodes=tuple(_moved_node(node, dx, dy) for node in nodes),
        arcs=tuple(_moved_arc(arc, dx, dy) for arc in arcs),
    )


def _extent(node: Node, radius: float) -> list[Point]:
    corners = [(node.x - radius, node.y - radius), (node.x + radius, node.y + radius)]
    if node.end:
        corners.append((node.x, node.y + radius + LINE))
    return corners if node.entry is None else [*corners, node.entry]


def _moved_node(node: Node, dx: float, dy: float) -> Node:
    entry = _moved(node.entry, dx, dy) if node.entry else None
    x, y = _moved((node.x, node.y), dx, dy)
    return replace(node, x=x, y=y, entry=entry)


def _moved_arc(arc: Arc, dx: float, dy: float) -> Arc:
    return replace(arc, path=tuple(_moved(point, dx, dy) for point in arc.path), label=_moved(arc.label, dx, dy))


def _moved(point: Point, dx: float, dy: float) -> Point:
    return round(point[0] + dx, 2), round(point[1] + dy, 2)
