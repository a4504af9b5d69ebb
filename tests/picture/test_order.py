"""The order of things in layers: its cost pair by pair, and that each step lowers it by what it says."""

from itertools import combinations, pairwise
from random import Random

import pytest

from lstmc.picture import order
from lstmc.picture.order import _both, _Order, _sides, improved


def case(seed):
    """Layers of things, links from a layer to the next, and links within layers."""
    rng = Random(seed)
    sizes = [rng.randint(1, 5) for _ in range(rng.randint(2, 4))]
    things = list(range(sum(sizes)))
    rng.shuffle(things)
    layers = [[things.pop() for _ in range(size)] for size in sizes]
    links = [(a, b) for one, other in pairwise(layers) for a in one for b in other]
    within = [pair for layer in layers for pair in combinations(layer, 2)]
    return layers, *([each for each in found if rng.random() < 0.4] for found in (links, within))


def made(layers, links, within):
    return _Order([list(layer) for layer in layers], _sides(links, 0), _sides(links, 1), _both(within))


def cost(layers, links, within):
    """Pairs of arcs that cross, and things that arcs within a layer pass."""
    at = {thing: (n, place) for n, layer in enumerate(layers) for place, thing in enumerate(layer)}
    crossed = sum(
        at[a][0] == at[c][0] and (at[a][1] - at[c][1]) * (at[b][1] - at[d][1]) < 0
        for (a, b), (c, d) in combinations(links, 2)
    )
    return crossed + sum(abs(at[a][1] - at[b][1]) - 1 for a, b in within)


SEEDS = range(200)


def test_the_cost_is_counted_pair_by_pair():
    assert len({cost(*case(seed)) for seed in SEEDS}) > 10
    for seed in SEEDS:
        assert made(*case(seed)).cost() == cost(*case(seed))


def test_what_is_gained_is_what_the_cost_falls_by():
    for seed in SEEDS:
        layers, links, within = case(seed)
        found = made(layers, links, within)
        for layer in layers:
            for n in range(len(layer) - 1):
                other = [[*each] for each in layers]
                mine = other[layers.index(layer)]
                mine[n], mine[n + 1] = mine[n + 1], mine[n]
                fall = cost(layers, links, within) - cost(other, links, within)
                assert found._gain(layer[n], layer[n + 1]) == fall


@pytest.mark.parametrize("to_right", [True, False])
def test_a_sweep_sorts_by_the_mean_place_of_neighbours_in_the_layer_just_sorted(to_right):
    for seed in SEEDS:
        layers, links, within = case(seed)
        found = made(layers, links, within)
        found.sweep(to_right)
        one_way = [*layers] if to_right else [*reversed(layers)]
        wanted = one_way[:1]
        for layer in one_way[1:]:
            near = {
                thing: [wanted[-1].index(a) for pair in links for a in pair if thing in pair and a in wanted[-1]]
                for thing in layer
            }
            means = sorted((sum(of) / len(of), layer.index(thing), thing) for thing, of in near.items() if of)
            moved = iter(means)
            wanted.append([next(moved)[2] if near[thing] else thing for thing in layer])
        assert found.layers == (wanted if to_right else wanted[::-1])
        assert found.place == {thing: n for layer in found.layers for n, thing in enumerate(layer)}


def test_places_are_changed_until_that_helps_no_more():
    for seed in SEEDS:
        layers, links, within = case(seed)
        found = made(layers, links, within)
        found.swap()
        assert all(found._gain(*pair) <= 0 for layer in found.layers for pair in pairwise(layer))
        assert found.place == {thing: n for layer in found.layers for n, thing in enumerate(layer)}
        assert found.cost() <= cost(layers, links, within)


def test_the_best_order_that_was_met_is_kept(monkeypatch):
    """However many things there are, and if sweeps make it worse."""
    for small in (0, order.SMALL):
        monkeypatch.setattr(order, "SMALL", small)
        for seed in SEEDS:
            layers, links, within = case(seed)
            before = [[*layer] for layer in layers]
            met, found = [cost(layers, links, within)], made(layers, links, within)
            for n in range(order.ROUNDS):
                found.sweep(n % 2 == 0)
                if small:
                    found.swap()
                met.append(found.cost())
            better = improved(layers, links, within)
            assert cost(better, links, within) <= min(met)
            if small:  # else places are changed in the end, too
                assert cost(better, links, within) == min(met)
            assert [sorted(layer) for layer in better] == [sorted(layer) for layer in before]
            assert layers == before


def test_how_long_one_looks_is_changed_on_purpose():
    assert (order.ROUNDS, order.SMALL, order.SWAPS) == (16, 250, 12)
