"""Boxes leave room for a checker that rounds in another way."""

import numpy as np

from lstmc.proof.boxes import ROOM, _hull
from lstmc.proof.interval import Interval

OLD = (-1.0, 2.0)
ALL = np.ones(2, np.bool_)


def image(lo, hi):
    return Interval(np.array([0.0, lo]), np.array([0.0, hi]))


def test_what_lies_well_inside_leaves_a_box_as_it_is():
    assert _hull(image(-1 + 4 * ROOM, 2 - 4 * ROOM), ALL, OLD) == OLD


def test_what_comes_as_near_as_rounding_makes_it_grow():
    low, high = _hull(image(-1 + ROOM / 2, 0.5), ALL, OLD), _hull(image(-0.5, 2 - ROOM), ALL, OLD)
    assert low[0] < -1
    assert high[1] > 2


def test_what_is_kept_exactly_needs_no_room():
    assert _hull(image(-1.0, 2.0), ALL, OLD) == OLD


def test_what_leaves_a_box_makes_it_grow():
    for lo, hi in ((-1.1, 0.0), (0.0, 2.1)):
        found = _hull(image(lo, hi), ALL, OLD)
        assert found[0] < min(lo, -1 + 1e-9)
        assert found[1] > max(hi, 2 - 1e-9)
