"""The order of things in their layers, improved: fewer arcs that cross, and arcs within a layer that pass less.

Layers are sorted by the mean place of the neighbours in the layer before, from the left and from the right in turn
(Sugiyama, Tagawa and Toda, 1981); then neighbours in a layer change places as long as that helps (Gansner, Koutsofios,
North and Vo, 1993). The best order that was met is kept.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Link = tuple[int, int]

ROUNDS = 16  # sweeps; later ones seldom find anything better
SMALL = 250  # things up to which neighbours change places after every sweep, else only in the end
SWAPS = 12  # rounds of changing places


def improved(layers: Sequence[Sequence[int]], links: Iterable[Link], within: Iterable[Link]) -> list[list[int]]:
    """The layers in a better order. `links` lead from a layer to the next, `within` between things of a layer."""
    listed = list(links)
    order = _Order([list(layer) for layer in layers], _sides(listed, 0), _sides(listed, 1), _both(within))
    best, fewest = order.copy(), order.cost()
    count = sum(map(len, layers))
    for n in range(ROUNDS):
        order.sweep(to_right=n % 2 == 0)
        if count <= SMALL:
            order.swap()
        cost = order.cost()
        if cost < fewest:
            best, fewest = order.copy(), cost
    order = _Order(best, order.left, order.right, order.within)
    order.swap()
    return order.layers


def _sides(links: Iterable[Link], side: int) -> dict[int, list[int]]:
    """For each thing its neighbours in the layer before (side 0), or in the layer after it (side 1)."""
    found: dict[int, list[int]] = {}
    for link in links:
        found.setdefault(link[1 - side], []).append(link[side])
    return found


def _both(links: Iterable[Link]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for a, b in links:
        found.setdefault(a, []).append(b)
        found.setdefault(b, []).append(a)
    return found


@dataclass
class _Order:
    """An order at work: `place` is where each thing stands in its layer."""

    layers: list[list[int]]
    left: dict[int, list[int]]
    right: dict[int, list[int]]
    within: dict[int, list[int]]

    def __post_init__(self) -> None:
        self.place = {thing: n for layer in self.layers for n, thing in enumerate(layer)}

    def copy(self) -> list[list[int]]:
        return [list(layer) for layer in self.layers]

    def cost(self) -> int:
        """How many pairs of arcs cross, and how many things arcs within a layer pass."""
        place = self.place
        passed = sum(abs(place[a] - place[b]) - 1 for a, others in self.within.items() for b in others) // 2
        return passed + sum(map(self._crossings, self.layers[:-1]))

    def _crossings(self, layer: Sequence[int]) -> int:
        """Of the arcs from this layer to the next: how many pairs end in another order than they begin."""
        count, ends = 0, list[int]()
        for thing in layer:
            reached = sorted(self.place[other] for other in self.right.get(thing, ()))
            count += sum(len(ends) - bisect_right(ends, end) for end in reached)
            for end in reached:
                insort(ends, end)
        return count

    def sweep(self, to_right: bool) -> None:
        """Sort every layer by the means of the places of its neighbours in the layer just sorted."""
        near = self.left if to_right else self.right
        for layer in self.layers[1:] if to_right else self.layers[-2::-1]:
            mean = {
                thing: sum(self.place[other] for other in near[thing]) / len(near[thing])
                for thing in layer
                if thing in near
            }
            sorted_ = iter(sorted(mean, key=lambda thing: (mean[thing], self.place[thing])))
            layer[:] = [next(sorted_) if thing in mean else thing for thing in layer]  # those without stay in place
            self.place.update((thing, n) for n, thing in enumerate(layer))

    def swap(self) -> None:
        """Let neighbours in a layer change places as long as that helps."""
        for _ in range(SWAPS):
            helped = False
            for layer in self.layers:
                for n in range(len(layer) - 1):
                    if self._gain(layer[n], layer[n + 1]) > 0:
                        layer[n], layer[n + 1] = layer[n + 1], layer[n]
                        self.place[layer[n]], self.place[layer[n + 1]] = n, n + 1
                        helped = True
            if not helped:
                return

    def _gain(self, a: int, b: int) -> int:
        """By how much the cost falls where b moves before a."""
        place, gain = self.place, 0
        for near in (self.left, self.right):
            ends, others = ([place[each] for each in near.get(thing, ())] for thing in (a, b))
            gain += sum((x > y) - (x < y) for x in ends for y in others)
        for thing, there in ((a, 1), (b, -1)):  # a moves down, b up; what lies that way comes nearer
            gain += sum(
                there if place[each] > place[thing] else -there
                for each in self.within.get(thing, ())
                if each not in (a, b)
            )
        return gain
