"""How arcs run between states: past other states, beside the arc that leads back, and around loops."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from lstmc.picture.curves import Curve, Point, bent, between_rims, level, loop, points_on, smooth
from lstmc.picture.places import Pair, Places

CLEAR = 7.0  # pixels between an arc and a state that it passes
ASIDE = 9.0  # how far an arc lies beside the middle, where another leads back
APART = 18.0  # how far the control points of a short arc lie aside then
DETOURS = (30.0, -30.0, 60.0, -60.0, 110.0, -110.0, 180.0, -180.0)  # bends tried, the gentlest first
LOOP = 30.0  # how far a loop reaches beyond its state
ROUND = 14.0  # how much free room is wished around that
UP, DOWN, LEFT, RIGHT = -np.pi / 2, np.pi / 2, np.pi, 0.0
AROUND = (UP, DOWN, UP + 0.8, UP - 0.8, DOWN + 0.8, DOWN - 0.8, RIGHT, LEFT)  # where loops and entries may stand
STEP, MOST = 8.0, 96  # pixels between the points on an arc that are looked at, and how many at most
CAREFUL = 3_000  # arcs; in a larger drawing nobody could follow them, and they go straight


def routes(places: Places, pairs: Sequence[Pair], radius: float) -> dict[Pair, Curve]:
    """The way of each arc between different states, from rim to rim."""
    both = set(pairs) & {(q, p) for p, q in pairs}
    states = list(places.at)
    number = {state: n for n, state in enumerate(states)}
    centres = np.array([places.at[state] for state in states])
    found = {}
    for p, q in pairs:
        others = np.full(len(states), len(pairs) <= CAREFUL)
        others[[number[p], number[q]]] = False
        found[p, q] = _clearest(_ways(places, (p, q), (p, q) in both), centres, others, radius)
    return found


def _ways(places: Places, pair: Pair, two_way: bool) -> Iterable[Curve]:
    """Ways that an arc could take, the best first."""
    a, b = (places.at[state] for state in pair)
    by = places.by.get(pair, ())
    if by:
        aside = (ASIDE if a[0] > b[0] else -ASIDE) if two_way else 0.0
        points = [a, *((x, y + aside) for x, y in by), b]
        yield smooth(points)
        yield level(points)
        return
    usual = APART if two_way else 0.0
    yield bent(a, b, usual)
    if not two_way and abs(a[0] - b[0]) > 1:
        yield level([a, b])
    for detour in DETOURS:
        if not two_way or detour > usual:
            yield bent(a, b, detour)


def _clearest(ways: Iterable[Curve], centres: Curve, others: "np.ndarray", radius: float) -> Curve:
    """The first way that keeps clear of all other states, or the one that meets the fewest."""
    best, fewest = None, len(centres)  # the two that it connects it does not meet
    for way in ways:
        met = _met(way, centres, others, radius + CLEAR)
        if met < fewest:
            best, fewest = way, met
        if not met:
            break
    assert best is not None
    return between_rims(best, radius)


def _met(way: Curve, centres: Curve, others: "np.ndarray", distance: float) -> int:
    """How many of the other states lie nearer to a way than that."""
    low, high = way.min(axis=0) - distance, way.max(axis=0) + distance
    near = centres[others & ((centres > low) & (centres < high)).all(axis=1)]
    if not len(near):
        return 0
    points = points_on(way, 2 * STEP, MOST // 2)
    apart = (near[:, :1] - points[:, 0]) ** 2 + (near[:, 1:] - points[:, 1]) ** 2
    return int(np.count_nonzero(apart.min(axis=1) < distance**2))


class Taken:
    """What the drawing holds already: points on arcs by the square of a grid that they lie in."""

    SQUARE = 32.0

    def __init__(self) -> None:
        self.squares: dict[tuple[int, int], list[Point]] = {}

    def add(self, points: Curve) -> None:
        for x, y in points.tolist():
            self.squares.setdefault((int(x // self.SQUARE), int(y // self.SQUARE)), []).append((x, y))

    def inside(self, x: float, y: float, width: float, height: float) -> int:
        """How many points lie in the box around (x, y)."""
        left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
        columns = range(int(left // self.SQUARE), int(right // self.SQUARE) + 1)
        rows = range(int(top // self.SQUARE), int(bottom // self.SQUARE) + 1)
        squares = (self.squares.get((column, row), ()) for column in columns for row in rows)
        return sum(left < px < right and top < py < bottom for square in squares for px, py in square)


def loops(at: Mapping[str, Point], looped: Sequence[str], taken: Taken, radius: float) -> dict[str, Curve]:
    """The loop of each of these states: above it, or else where no other arc is."""
    found = {}
    for state in looped:
        found[state] = loop(at[state], radius, _freest(at[state], AROUND, taken, radius, LOOP), LOOP)
        taken.add(points_on(found[state], STEP, MOST))
    return found


def entries(
    at: Mapping[str, Point], starts: Sequence[str], taken: Taken, radius: float, length: float
) -> dict[str, Point]:
    """Where the arrow into each start state begins: left of it, or else where no arc is."""
    found = {}
    for state in starts:
        angle = _freest(at[state], (LEFT, LEFT + 0.7, LEFT - 0.7, *AROUND), taken, radius, length)
        x, y = at[state]
        found[state] = (float(x + (radius + length) * np.cos(angle)), float(y + (radius + length) * np.sin(angle)))
        taken.add(np.linspace(at[state], found[state], 8))
    return found


def _freest(centre: Point, directions: Sequence[float], taken: Taken, radius: float, size: float) -> float:
    """The first direction from a state in which nothing stands, or the one in which the least does."""

    def met(direction: float) -> int:
        away = radius + size / 2 + 3  # the middle of what is to stand there
        x, y = centre[0] + away * np.cos(direction), centre[1] + away * np.sin(direction)
        return taken.inside(x, y, size + ROUND, size + ROUND)

    return min(directions, key=met)
