"""How far down things stand in their layers: near to their neighbours, in the given order, with room for each.

Layer after layer, from the left and from the right, each thing wishes to stand level with the mean of its neighbours;
the nearest places that keep the order are found by merging neighbours that get too close (isotonic regression).
"""

from collections.abc import Mapping, Sequence

ROUNDS = 24  # sweeps over all layers; the places hardly move after that


def spread(
    order: Sequence[Sequence[int]], room: Sequence[float], beside: Mapping[int, Sequence[tuple[int, float]]]
) -> list[float]:
    """How far down each thing stands.

    order    the things in each layer, from top to bottom      room    half of the height that each needs
    beside   for each thing the things in other layers that it wishes to be level with, and how much
    """
    down = [0.0] * len(room)
    for layer in order:
        for thing, offset in zip(layer, _offsets(layer, room), strict=True):
            down[thing] = offset
    for n in range(ROUNDS):
        for layer in order if n % 2 == 0 else reversed(order):
            _settle(layer, room, beside, down)
    return down


def _settle(
    layer: Sequence[int],
    room: Sequence[float],
    beside: Mapping[int, Sequence[tuple[int, float]]],
    down: list[float],
) -> None:
    wishes, weights = [], []
    offsets = _offsets(layer, room)
    for thing, offset in zip(layer, offsets, strict=True):
        near = beside.get(thing, ())
        weight = sum(strength for _, strength in near)
        wish = sum(down[other] * strength for other, strength in near) / weight if weight else down[thing]
        wishes.append(wish - offset)
        weights.append(weight or 0.01)
    for thing, offset, place in zip(layer, offsets, _rising(wishes, weights), strict=True):
        down[thing] = place + offset


def _offsets(layer: Sequence[int], room: Sequence[float]) -> list[float]:
    """How far down each thing stands where all stand as close as they may."""
    found, bottom = [], 0.0
    for thing in layer:
        found.append(bottom + room[thing])
        bottom += 2 * room[thing]
    return found


def _rising(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The numbers nearest to the wishes that never fall (pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for wish, weight in zip(wishes, weights, strict=True):
        mean, total, count = wish, weight, 1
        while pools and pools[-1][0] > mean:
            before, heavy, many = pools.pop()
            mean = (mean * total + before * heavy) / (total + heavy)
            total, count = total + heavy, count + many
        pools.append((mean, total, count))
    return [mean for mean, _, count in pools for _ in range(count)]
