"""Where the texts of arcs stand: beside their arcs, where they cover nothing."""

from collections.abc import Mapping, Sequence

import numpy as np

from lstmc.picture.curves import Curve, Point, points_on
from lstmc.picture.labels import label_size
from lstmc.picture.places import Pair
from lstmc.picture.routes import CAREFUL, MOST, STEP, Taken

ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)  # where on an arc its label may stand
BENT = 6.0  # pixels from the straight way at which an arc counts as bent
BESIDE = 4.0  # pixels between an arc and its label
HIDDEN, CROSSED, LATER = 20.0, 3.0, 0.1  # what it costs to cover a state or label, to cover an arc, to be less near

Size = tuple[float, float]  # width and height


def place_labels(
    at: Mapping[str, Point],
    ways: Mapping[Pair, Curve],
    lines: Mapping[Pair, Sequence[str]],
    taken: Taken,
    radius: float,
) -> dict[Pair, Point]:
    """Where each label is centred: beside its arc, near the middle, where it covers nothing."""
    covered = Taken()  # by states and other labels
    for x, y in at.values():
        covered.add(_disc(x, y, radius))
    found = {}
    for pair, way in ways.items():
        size = label_size(lines[pair])
        candidates = _beside(way, size, pair[0] == pair[1], ALONG if len(ways) <= CAREFUL else ALONG[:1])
        found[pair] = _least_covering(candidates, size, taken, covered)
        covered.add(_box(found[pair], size))
    return found


def _beside(way: Curve, size: Size, is_loop: bool, along: Sequence[float]) -> list[Point]:
    """Places beside an arc, on both of its sides, and at last on it: the best first. A loop has only its far side."""
    points = points_on(way, STEP / 2, 2 * MOST)
    found = []
    for share in along[:1] if is_loop else along:
        n = min(len(points) - 2, max(1, round(share * (len(points) - 1))))
        dx, dy = points[n + 1] - points[n - 1]
        normal = np.array([dy, -dx]) / (float(np.hypot(dx, dy)) or 1.0)
        away = abs(normal[0]) * size[0] / 2 + abs(normal[1]) * size[1] / 2 + BESIDE
        bend = float(normal @ (points[n] - (points[0] + points[-1]) / 2))
        outside = bend if abs(bend) >= BENT else round(-float(normal[1]), 6)  # of the bend; above a straight arc
        side = away * normal if outside >= 0 else -away * normal
        found += [points[n] + side] if is_loop else [points[n] + side, points[n] - side]
    return [(float(x), float(y)) for x, y in [*found, points[len(points) // 2]]]


def _least_covering(candidates: Sequence[Point], size: Size, taken: Taken, covered: Taken) -> Point:
    best, least = candidates[0], float("inf")
    for n, (x, y) in enumerate(candidates):
        hidden = covered.inside(x, y, size[0] + 2, size[1])
        cost = HIDDEN * hidden + CROSSED * taken.inside(x, y, size[0] + 2, size[1] - 3) + LATER * n
        if cost < least:
            best, least = (x, y), cost
        if cost < CROSSED:  # nothing is covered
            break
    return best


def _disc(x: float, y: float, radius: float) -> Curve:
    angle = np.arange(12) * np.pi / 6
    rings = [(x + r * np.cos(angle), y + r * np.sin(angle)) for r in (radius, radius / 2)]
    return np.hstack(rings).T


def _box(centre: Point, size: Size) -> Curve:
    across = np.linspace(-0.5, 0.5, max(3, int(size[0] // 6))) * size[0]
    down = np.linspace(-0.5, 0.5, max(3, int(size[1] // 6))) * size[1]
    return np.array([(centre[0] + x, centre[1] + y) for x in across for y in down])
