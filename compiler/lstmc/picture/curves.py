"""Curves made of cubic Bézier pieces: an array (1 + 3 n, 2) of the first point, then three points for each piece."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
Point = tuple[float, float]

_T = np.linspace(0.0, 1.0, 17)[:, None]
_BERNSTEIN = np.hstack([(1 - _T) ** 3, 3 * _T * (1 - _T) ** 2, 3 * _T**2 * (1 - _T), _T**3])


def bent(a: Point, b: Point, bend: float) -> Curve:
    """From a to b; `bend` says how far the control points lie to the left of the way (0: a straight line)."""
    start, end = np.array(a), np.array(b)
    along = (end - start) / 3
    aside = bend * _left(end - start)
    return np.array([start, start + along + aside, end - along + aside, end])


def level(points: Sequence[Point]) -> Curve:
    """Through all points, horizontally at each: so it keeps clear of what stands above and below them."""
    found = [points[0]]
    for (ax, ay), (bx, by) in pairwise(points):
        half = (bx - ax) / 2
        found += [(ax + half, ay), (bx - half, by), (bx, by)]
    return np.array(found)


def smooth(points: Sequence[Point]) -> Curve:
    """Through all points, along the line between the neighbours of each (Catmull and Rom, 1974)."""
    q = np.array([points[0], *points, points[-1]])
    found = [q[1]]
    for n in range(1, len(q) - 2):
        found += [q[n] + (q[n + 1] - q[n - 1]) / 6, q[n + 1] - (q[n + 2] - q[n]) / 6, q[n + 1]]
    return np.array(found)


def loop(centre: Point, radius: float, direction: float, size: float) -> Curve:
    """From the rim of a circle back to it, on the side of `direction` (an angle; y points downwards)."""
    c = np.array(centre)
    out, back = (np.array([np.cos(a), np.sin(a)]) for a in (direction - 0.5, direction + 0.5))
    far = (radius + size) / np.cos(0.5)  # the middle of a Bézier lies 3/4 of the way to its control points
    return np.array([c + radius * out, c + far * out, c + far * back, c + radius * back])


def between_rims(curve: Curve, radius: float) -> Curve:
    """The part of a curve between centres that lies outside both circles."""
    return _outside(_outside(curve, radius)[::-1], radius)[::-1]


def points_on(curve: Curve, step: float, most: int) -> Curve:
    """Points along the curve, evenly spaced, `step` apart or, of a long curve, `most` in number; at least 9."""
    fine = np.vstack([_BERNSTEIN @ curve[n : n + 4] for n in range(0, len(curve) - 1, 3)])
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(fine, axis=0).T))])
    count = int(min(most, max(9, length[-1] / step)))
    at = np.linspace(0.0, length[-1], count)
    return np.column_stack([np.interp(at, length, fine[:, 0]), np.interp(at, length, fine[:, 1])])


def _outside(curve: Curve, radius: float) -> Curve:
    """The curve without its beginning inside the circle around its first point."""
    for n in range(0, len(curve) - 1, 3):
        piece = curve[n : n + 4]
        if np.hypot(*(piece[3] - curve[0])) > radius:
            return np.vstack([_after(piece, complex(*curve[0]), radius), curve[n + 4 :]])
    return curve  # the circles touch: nothing lies between them


def _after(piece: Curve, centre: complex, radius: float) -> Curve:
    """The part of a piece that lies outside a circle in which it begins. (Complex numbers are quick points.)"""
    corners = [complex(x, y) for x, y in piece.tolist()]
    low, high = 0.0, 1.0
    for _ in range(24):  # halvings: to a millionth of a pixel
        middle = (low + high) / 2
        inside = abs(_split(corners, middle)[0] - centre) < radius
        low, high = (middle, high) if inside else (low, middle)
    return np.array([(z.real, z.imag) for z in _split(corners, high)])


def _split(piece: Sequence[complex], t: float) -> tuple[complex, complex, complex, complex]:
    """The part of a Bézier piece from t on (de Casteljau)."""
    a, b, c, d = piece
    ab, bc, cd = a + t * (b - a), b + t * (c - b), c + t * (d - c)
    abc, bcd = ab + t * (bc - ab), bc + t * (cd - bc)
    return abc + t * (bcd - abc), bcd, cd, d


def _left(way: Curve) -> Curve:
    """The unit vector to the left of a way, as one sees it on the screen."""
    length = np.hypot(*way)
    return np.array([way[1], -way[0]]) / length if length else np.zeros(2)
