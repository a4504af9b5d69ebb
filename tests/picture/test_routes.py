"""The ways of arcs, one by one: which are tried, which is taken, and where loops and entries find room."""

from math import cos, hypot, pi, sin
from random import Random

import numpy as np
import pytest

from lstmc.picture import routes as module
from lstmc.picture.curves import bent, level, points_on, smooth
from lstmc.picture.places import Places
from lstmc.picture.routes import Taken, _clearest, _met, _ways, entries, loops, routes


def ways(a, b, two_way=False, by=()):
    return list(_ways(Places({"a": a, "b": b}, {("a", "b"): by}, given=False), ("a", "b"), two_way))


def same(found, wanted):
    return len(found) == len(wanted) and all(map(np.array_equal, found, wanted))


A, B = (0.0, 0.0), (120.0, 50.0)
DETOURS = (30, -30, 60, -60, 110, -110, 180, -180)


def test_a_short_arc_tries_a_straight_way_a_level_one_and_wider_and_wider_bends():
    assert same(ways(A, B), [bent(A, B, 0), level([A, B]), *(bent(A, B, by) for by in DETOURS)])


def test_beside_an_arc_that_leads_back_it_bends_to_its_own_side():
    assert same(ways(A, B, two_way=True), [bent(A, B, by) for by in (18, 30, 60, 110, 180)])


def test_no_bend_is_tried_twice(monkeypatch):
    monkeypatch.setattr(module, "APART", 30.0)
    assert same(ways(A, B, two_way=True), [bent(A, B, by) for by in (30, 60, 110, 180)])


def test_there_is_no_level_way_up_or_down():
    assert [len(ways(A, (x, 50.0))) for x in (0.0, 1.0, -1.0, 1.5, -1.5)] == [9, 9, 9, 10, 10]


@pytest.mark.parametrize(
    ("a", "b", "two_way", "aside"), [(A, B, False, 0), (B, A, False, 0), (A, B, True, -9), (B, A, True, 9)]
)
def test_a_long_arc_is_led_by_its_points_and_beside_the_one_that_leads_back(a, b, two_way, aside):
    points = [a, (40.0, 30.0 + aside), (80.0, 10.0 + aside), b]
    assert same(ways(a, b, two_way, ((40.0, 30.0), (80.0, 10.0))), [smooth(points), level(points)])


def lines(*heights):
    return [np.array([(0.0, y), (100.0, y), (200.0, y), (300.0, y)]) for y in heights]


def clearest(found, *centres):
    """The height of the way that is taken past some states, from one state to another."""
    ends = [(0.0, 0.0), (300.0, 0.0)]
    others = np.array([False, False, *(True for _ in centres)])
    return _clearest(iter(found), np.array([*ends, *centres]), others, 30.0)[0, 1]


def test_the_first_way_is_taken_that_meets_no_state_or_else_the_fewest():
    """A state of 30 pixels is met by what comes nearer than 37."""
    x = 300 / 17 * 8  # there a point is looked at
    one, other = (x, 10.0), (x, 80.0)
    assert clearest(lines(10, 80, 0), one) == 80
    assert clearest(lines(80, -60, 200), one) == 80
    assert clearest(lines(45, 10, 11), one, other) == 10
    assert clearest(lines(10, 11), one) == 10
    assert clearest(lines(46, 48), one, other) == 48
    assert clearest(lines(-26, -28), one) == -28


def test_no_further_way_is_made_than_is_needed():
    def made():
        yield from lines(0, 100)
        raise AssertionError

    assert clearest(made(), (150.0, 10.0)) == 100


def test_a_way_ends_at_the_rims():
    (line,) = lines(0)
    found = _clearest([line], np.array([(0.0, 0.0), (300.0, 0.0)]), np.array([False, False]), 30.0)
    assert found[[0, -1]].tolist() == [[pytest.approx(30), 0], [pytest.approx(270), 0]]


def test_the_states_that_a_way_meets_are_counted():
    """Against all points on it; a state that is just as far away as it may be counts for neither."""
    counts = set()
    for seed in range(200):
        rng = Random(seed)
        way = np.array([(rng.uniform(-200, 200), rng.uniform(-200, 200)) for _ in range(4)])
        centres = np.array([(rng.uniform(-250, 250), rng.uniform(-250, 250)) for _ in range(12)])
        others = np.array([rng.random() < 0.8 for _ in centres])
        points = points_on(way, 16.0, 48)
        apart = [min(hypot(x - px, y - py) for px, py in points) for x, y in centres]
        counts.add(_met(way, centres, others, 40.0))
        assert _met(way, centres, others, 40.0) == sum(each < 40 for each in np.array(apart)[others])
    assert counts >= set(range(6))
    (line,) = lines(0)
    assert _met(line, np.array([(-24.0, 32.0), (-24.0, 31.9)]), np.array([True, True]), 40.0) == 1


def test_even_on_a_long_way_no_state_is_overlooked():
    way = np.array([(0.0, 0.0), (4700 / 3, 0.0), (9400 / 3, 0.0), (4700.0, 0.0)])
    centres = np.array([(100.0 * n, 40.5) for n in range(1, 47)])
    assert _met(way, centres, np.full(46, True), 41.0) == 46


def test_what_is_taken_is_counted_point_by_point():
    """Those on the edge of the box are not inside."""
    for seed in range(100):
        rng = Random(seed)
        points = [(rng.randint(-90, 90), rng.randint(-90, 90)) for _ in range(300)]
        taken = Taken()
        taken.add(np.array(points, float))
        x, y, width, height = rng.randint(-60, 60), rng.randint(-60, 60), rng.randint(1, 90), rng.randint(1, 90)
        inside = sum(abs(px - x) < width / 2 and abs(py - y) < height / 2 for px, py in points)
        assert taken.inside(x, y, width, height) == inside


RADIUS = 60.0
ABOVE = -pi / 2
LOOPS = (ABOVE, pi / 2, ABOVE + 0.8, ABOVE - 0.8, pi / 2 + 0.8, pi / 2 - 0.8, 0.0, pi)
ENTRIES = (pi, pi + 0.7, pi - 0.7, ABOVE, pi / 2, ABOVE + 0.8, pi / 2 - 0.8, 0.0)
CENTRE = (300.0, 700.0)


def at_angle(angle, away):
    return np.array([(CENTRE[0] + away * cos(angle), CENTRE[1] + away * sin(angle))])


def looped(taken):
    """The angle at which the loop stands, and how far it reaches."""
    way = loops({"a": CENTRE}, ["a"], taken, RADIUS)["a"]
    x, y = (way[1] + way[2]) / 2 - CENTRE
    assert np.hypot(*(way[[0, -1]] - CENTRE).T) == pytest.approx([RADIUS, RADIUS])
    return np.arctan2(y, x), hypot(x, y)


def entered(taken):
    (x, y) = entries({"a": CENTRE}, ["a"], taken, RADIUS, 24.0)["a"]
    return np.arctan2(y - CENTRE[1], x - CENTRE[0]), hypot(x - CENTRE[0], y - CENTRE[1])


@pytest.mark.parametrize(
    ("find", "directions", "size", "reach"), [(looped, LOOPS, 30.0, 90.0), (entered, ENTRIES, 24.0, 84.0)]
)
def test_loops_and_entries_stand_where_nothing_is(find, directions, size, reach):
    """Above, or left of, the state, unless something is there; then where the next direction is free."""
    away = RADIUS + size / 2 + 3
    filled = []
    for angle in (*directions, directions[0]):  # where something is everywhere the first is as good as any
        taken = Taken()
        for each in filled:
            taken.add(at_angle(each, away))
        found, far = find(taken)
        assert cos(found - angle) == pytest.approx(1), (found, angle)
        assert far == pytest.approx(reach)
        filled.append(angle)


@pytest.mark.parametrize(
    ("find", "other", "half"), [(looped, pi / 2, (30 + 14) / 2), (entered, pi + 0.7, (24 + 14) / 2)]
)
def test_so_much_room_is_wished_around_them(find, other, half):
    first, size = (ABOVE, 30.0) if find is looped else (pi, 24.0)
    middle = at_angle(first, RADIUS + size / 2 + 3)
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        for distance, angle in ((half - 0.5, other), (half + 0.5, first)):
            taken = Taken()
            taken.add(middle + np.array([(x * distance, y * distance)]))
            assert cos(find(taken)[0] - angle) == pytest.approx(1)


def test_loops_and_entries_keep_clear_of_each_other():
    """The entries of two states at one place, and their loops."""
    at = {"a": CENTRE, "b": CENTRE}
    taken = Taken()
    found = loops(at, ["a", "b"], taken, RADIUS)
    assert np.allclose(found["a"] + found["b"], 2 * np.array(CENTRE), atol=1e-6)  # above and below
    where = sorted(point for square in taken.squares.values() for point in square)
    assert where == sorted(map(tuple, np.vstack([points_on(found[state], 8.0, 96) for state in ("a", "b")]).tolist()))
    taken = Taken()
    first, second = entries(at, ["a", "b"], taken, RADIUS, 24.0).values()
    assert first == pytest.approx((300 - 84, 700))
    assert second == pytest.approx((300 + 84 * cos(pi + 0.7), 700 + 84 * sin(pi + 0.7)))
    points = [(300 + (x - 300) * n / 7, 700 + (y - 700) * n / 7) for x, y in (first, second) for n in range(8)]
    where = sorted(point for square in taken.squares.values() for point in square)
    assert np.array(where) == pytest.approx(np.array(sorted(points)))


def test_arcs_there_and_back_are_known_and_other_states_are_passed():
    places = Places({"a": (0.0, 0.0), "b": (150.0, 0.0), "c": (300.0, 0.0)}, {}, given=True)
    found = routes(places, [("a", "b"), ("b", "a"), ("a", "c")], 30.0)
    assert list(found) == [("a", "b"), ("b", "a"), ("a", "c")]
    middles = {pair: points_on(way, 1.0, 101)[50] for pair, way in found.items()}
    assert middles["a", "b"][1] == pytest.approx(-18 * 3 / 4, abs=0.5)
    assert middles["b", "a"][1] == pytest.approx(18 * 3 / 4, abs=0.5)
    assert abs(middles["a", "c"][1]) > 37


def test_of_very_many_arcs_all_go_straight(monkeypatch):
    places = Places({"a": (0.0, 0.0), "b": (150.0, 0.0), "c": (300.0, 0.0)}, {}, given=True)
    heights = []
    for careful in (1, 0):
        monkeypatch.setattr(module, "CAREFUL", careful)
        heights.append(routes(places, [("a", "c")], 30.0)["a", "c"][1, 1])
    assert heights[0] != 0
    assert heights[1] == 0


def test_distances_are_changed_on_purpose():
    assert (module.CLEAR, module.ASIDE, module.APART, module.CAREFUL) == (7, 9, 18, 3_000)
    assert (module.LOOP, module.ROUND, module.STEP, module.MOST) == (30, 14, 8, 96)
