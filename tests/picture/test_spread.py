"""How far down things stand: level with their neighbours, in their order, with room for each."""

from itertools import pairwise
from random import Random

import pytest

from lstmc.picture import spread as module
from lstmc.picture.spread import _offsets, _rising, _settle, spread

SEEDS = range(100)


def test_the_nearest_numbers_that_never_fall():
    """By their formula: of the means that end at a number or behind it the least, and of those the largest."""
    for seed in SEEDS:
        rng = Random(seed)
        wishes = [rng.randint(-9, 9) for _ in range(rng.randint(1, 7))]
        weights = [rng.choice((0.01, 1, 1, 3, 9)) for _ in wishes]

        def mean(first, last, wishes=wishes, weights=weights):
            there = range(first, last + 1)
            return sum(wishes[n] * weights[n] for n in there) / sum(weights[n] for n in there)

        count = len(wishes)
        wanted = [max(min(mean(a, b) for b in range(n, count)) for a in range(n + 1)) for n in range(count)]
        assert _rising(wishes, weights) == pytest.approx(wanted)


def test_what_stands_as_close_as_it_may_begins_at_0():
    assert _offsets([2, 0, 1], [1.0, 2.5, 10.0]) == [10.0, 21.0, 24.5]


@pytest.mark.parametrize(
    ("layer", "beside", "before", "after"),
    [
        ([0], {0: [(1, 1.0), (2, 3.0)]}, [0, 10, 30], [25, 10, 30]),  # the mean of the neighbours, as they matter
        ([0, 1], {}, [40, 70, 0], [40, 70, 0]),  # who has none stays
        ([0, 1], {0: [(2, 1.0)], 1: [(2, 1.0)]}, [0, 0, 50], [45, 55, 50]),  # two at one place share it
        ([0, 1], {0: [(2, 3.0)], 1: [(2, 1.0)]}, [0, 0, 50], [47.5, 57.5, 50]),
        ([1, 0], {0: [(2, 1.0)], 1: [(3, 1.0)]}, [0, 0, 50, 90], [75, 65, 50, 90]),  # in their order
        ([0, 1], {0: [(2, 1.0)]}, [0, 20, 20], [pytest.approx(20, abs=0.1), pytest.approx(30, abs=0.1), 20]),
    ],
)
def test_a_layer_settles_beside_its_neighbours(layer, beside, before, after):
    """Each thing needs 10 pixels; who wishes nothing gives way."""
    down = [float(each) for each in before]
    _settle(layer, [5.0] * len(before), beside, down)
    assert down == after


def test_layers_settle_from_the_left_and_from_the_right_in_turn(monkeypatch):
    order, room, beside = [[0], [1], [2]], [1.0, 5.0, 9.0], {0: [(1, 1.0)], 1: [(0, 1.0), (2, 1.0)], 2: [(1, 1.0)]}
    found = []
    for rounds in range(4):
        monkeypatch.setattr(module, "ROUNDS", rounds)
        found.append(spread(order, room, beside))
    assert found == [[1, 5, 9], [5, 7, 7], [6, 6, 7], [6, 6.5, 6.5]]


def test_all_have_room_and_keep_their_order():
    for seed in SEEDS:
        rng = Random(seed)
        order, room = [[0, 1, 2], [3, 4], [5, 6, 7]], [rng.choice((5.0, 11.0, 40.0)) for _ in range(8)]
        beside = {}
        for left, right in pairwise(order):
            for a in left:
                for b in rng.sample(right, rng.randint(0, 2)):
                    beside.setdefault(a, []).append((b, 1.0))
                    beside.setdefault(b, []).append((a, 1.0))
        down = spread(order, room, beside)
        for layer in order:
            assert all(down[b] - down[a] >= room[a] + room[b] - 1e-9 for a, b in pairwise(layer))


def test_how_often_they_settle_is_changed_on_purpose():
    assert module.ROUNDS == 24
