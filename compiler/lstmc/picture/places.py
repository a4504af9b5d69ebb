"""Where the states of a grammar stand: where its file says, or in layers from left to right.

A layer holds the states that are equally far from the start; a state that no way leads back from stands to the
right of all that lead to it. Long arcs are led between the states of the layers that they pass (Sugiyama, Tagawa and
Toda, 1981).
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from lstmc.grammar import Grammar
from lstmc.picture.curves import Point
from lstmc.picture.order import improved
from lstmc.picture.spread import spread

Pair = tuple[str, str]  # source and target of an arc

MOST_BENDS = 30_000  # points that long arcs may pass all together; longer ones then go straight
STRAIGHT = 3.0  # how much more it matters for each end of a piece of an arc that is no state
CLOSEST, WIDEST = 3.0, 20_000.0  # radii between two states, and pixels of a drawing, whose file gives positions


@dataclass(frozen=True)
class Spacing:
    """In pixels: between the centres of layers; half of the height that a state, one with a loop, and an arc needs."""

    across: float
    state: float
    looped: float
    bend: float


@dataclass(frozen=True)
class Places:
    """Where states stand, which points an arc passes on its way (none for a short one), and who says so."""

    at: Mapping[str, Point]
    by: Mapping[Pair, tuple[Point, ...]]
    given: bool


def places(grammar: Grammar, pairs: Sequence[Pair], spacing: Spacing, radius: float) -> Places:
    """The places of all states; `pairs` are the arcs between different states, each once."""
    given = {
        state: (float(d["pos"][0]), float(d["pos"][1])) for state, d in grammar.graph.nodes(data=True) if "pos" in d
    }
    if len(given) == len(grammar.graph):
        return Places(_readable(given, radius), {}, given=True)
    layered = _layered(grammar, pairs, spacing)
    return _with_given(layered, given) if given else layered


def _readable(given: Mapping[str, Point], radius: float) -> dict[str, Point]:
    """The positions as given; smaller where no page could hold them, larger where states would cover each other."""
    shrink = max(1.0, *(abs(coordinate) / WIDEST for point in given.values() for coordinate in point))
    at = {state: (x / shrink, y / shrink) for state, (x, y) in given.items()}
    points = sorted(set(at.values()))
    near, extent = _closest(points), max(max(axis) - min(axis) for axis in zip(*points, strict=True))
    grow = max(1.0, min(CLOSEST * radius / near, WIDEST / extent)) if near else 1.0
    return {state: (x * grow, y * grow) for state, (x, y) in at.items()}


def _closest(points: Sequence[Point]) -> float:
    """The least distance between two of some points, sorted by x; of many points only neighbours are looked at."""
    ahead = 60  # enough for any drawing that a person made
    distances = (
        max(abs(q[0] - p[0]), abs(q[1] - p[1])) for n, p in enumerate(points) for q in points[n + 1 : n + 1 + ahead]
    )
    return min(distances, default=0.0)


def _with_given(layered: Places, given: Mapping[str, Point]) -> Places:
    """The given positions, and the others moved to where they fit them on average; long arcs then go straight."""
    shift = [sum(given[state][axis] - layered.at[state][axis] for state in given) / len(given) for axis in (0, 1)]
    moved = {state: (x + shift[0], y + shift[1]) for state, (x, y) in layered.at.items()}
    return Places(moved | dict(given), {}, given=True)


def _layered(grammar: Grammar, pairs: Sequence[Pair], spacing: Spacing) -> Places:
    layer = layers(list(grammar.graph), grammar.start, pairs)
    led = _to_be_led(pairs, layer)
    number = {state: n for n, state in enumerate(layer)}
    level = list(layer.values())  # of each thing: of the states, and then of each bend
    chains = []  # the things that each arc passes
    for p, q in led:
        passed = range(layer[p] + 1, layer[q])
        chains.append([number[p], *range(len(level), len(level) + len(passed)), number[q]])
        level += passed
    inside = [(number[p], number[q]) for p, q in dict.fromkeys(map(_sorted, pairs)) if layer[p] == layer[q]]
    order = improved(_by_layer(level), [link for chain in chains for link in pairwise(chain)], inside)
    down = spread(order, _room(grammar, number, len(level), spacing), _beside(chains, len(number)))
    stand = [(at * spacing.across, place) for at, place in zip(level, down, strict=True)]
    by = {pair: tuple(stand[n] for n in chain[1:-1]) for pair, chain in zip(led, chains, strict=True)}
    return Places(
        {state: stand[number[state]] for state in grammar.graph},
        {pair: _way(pair, layer, by) for pair in pairs},
        given=False,
    )


def _sorted(pair: Pair) -> Pair:
    return min(pair), max(pair)


def _by_layer(level: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(max(level) + 1)]
    for thing, layer in enumerate(level):
        found[layer].append(thing)
    return found


def _room(grammar: Grammar, number: Mapping[str, int], count: int, spacing: Spacing) -> list[float]:
    room = [spacing.bend] * count
    for state, n in number.items():
        room[n] = spacing.looped if grammar.graph.has_edge(state, state) else spacing.state
    return room


def _beside(chains: Sequence[Sequence[int]], states: int) -> dict[int, list[tuple[int, float]]]:
    """What wishes to be level with what: bends of a long arc the most, so that it becomes straight."""
    beside: dict[int, list[tuple[int, float]]] = {}
    for chain in chains:
        for a, b in pairwise(chain):
            strength = STRAIGHT ** ((a >= states) + (b >= states))
            beside.setdefault(a, []).append((b, strength))
            beside.setdefault(b, []).append((a, strength))
    return beside


def _to_be_led(pairs: Sequence[Pair], layer: Mapping[str, int]) -> list[Pair]:
    """Arcs to other layers, all from left to right, the short ones first, until there are too many bends.

    Two between the same states need no more than one.
    """
    forward = dict.fromkeys((p, q) if layer[p] < layer[q] else (q, p) for p, q in pairs if layer[p] != layer[q])
    found, bends = [], 0
    for p, q in sorted(forward, key=lambda pair: layer[pair[1]] - layer[pair[0]]):
        bends += layer[q] - layer[p] - 1
        if bends > MOST_BENDS:
            break
        found.append((p, q))
    return found


def _way(pair: Pair, layer: Mapping[str, int], by: Mapping[Pair, tuple[Point, ...]]) -> tuple[Point, ...]:
    p, q = pair
    return by.get(pair, ()) if layer[p] < layer[q] else by.get((q, p), ())[::-1]


def layers(states: Sequence[str], start: Iterable[str], pairs: Collection[Pair]) -> dict[str, int]:
    """The layer of every state, from 0.

    On a cycle only arcs count that lead one step further away from the start; others are seen as ways back.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(states)
    graph.add_edges_from(pairs)
    component = {state: n for n, found in enumerate(nx.strongly_connected_components(graph)) for state in found}
    away = _distances(graph, list(start), component)
    forward = [(p, q) for p, q in pairs if component[p] != component[q] or away[q] == away[p] + 1]
    onward: nx.DiGraph[str] = nx.DiGraph()
    onward.add_nodes_from(states)
    onward.add_edges_from(forward)
    layer = dict.fromkeys(states, 0)
    for state in nx.topological_sort(onward):
        for target in onward[state]:
            layer[target] = max(layer[target], layer[state] + 1)
    return layer


def _distances(graph: "nx.DiGraph[str]", start: list[str], component: Mapping[str, int]) -> dict[str, int]:
    """How many steps each state is away from where strings start; states that cannot be reached from others."""
    away: dict[str, int] = {}
    for wanted in (start, list(graph)):
        left = [state for state in wanted if state not in away]
        queue = deque(_first_of_all(graph, left, component))
        away.update(dict.fromkeys(queue, 0))
        while queue:
            state = queue.popleft()
            for target in graph[state]:
                if target not in away:
                    away[target] = away[state] + 1
                    queue.append(target)
    return away


def _first_of_all(graph: "nx.DiGraph[str]", states: Sequence[str], component: Mapping[str, int]) -> list[str]:
    """Of some states (all possible starts) a few from which all of them can be reached, as far left as can be."""
    after: set[int] = set()  # components that another of the states leads to
    seen: set[str] = set()
    for first in states:
        reached, stack = {first}, [first]
        while stack:
            for target in graph[stack.pop()]:
                if component[target] != component[first]:
                    after.add(component[target])
                if target not in reached and target not in seen:
                    reached.add(target)
                    stack.append(target)
        seen |= reached
    found = {component[state]: state for state in reversed(states) if component[state] not in after}
    return list(dict.fromkeys(found[component[state]] for state in states if component[state] in found))
