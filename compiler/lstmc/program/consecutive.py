"""Order a universe so that each of some sets is an interval (the consecutive-ones property; Booth & Lueker, 1976).

    {T, S}, {S, X}, {X, V, S}    becomes    V X S T        with {T, S} = 2…3, {S, X} = 1…2, {X, V, S} = 0…2

Sets that overlap (meet, and neither holds the other) fix each other's places up to reflection, so each connected
component of overlapping sets is laid out by itself; components nest inside one another, or are apart.
"""

from dataclasses import dataclass, field

Set = frozenset[int]


def consecutive_order(sets: list[Set], size: int) -> tuple[int, ...] | None:
    """An order of range(size) in which every set is an interval, or None where there is none."""
    proper = _in_order({s for s in sets if 1 < len(s) < size})
    if len(proper) > size * (size - 1) // 2:  # there are not as many intervals
        return None
    if len(proper) > MOST_SETS and consecutive_order(proper[:MOST_SETS], size) is None:  # soon told, most of the time
        return None
    layouts = []
    for component in _components(proper):
        layout = _layout(component)
        if layout is None:
            return None
        layouts.append(layout)
    return tuple(_nest(layouts, size))


@dataclass
class Family:
    """Sets that have an order in which each is an interval, and the same by components of overlapping ones."""

    sets: list[Set]
    components: list[list[Set]] = field(init=False)

    def __post_init__(self) -> None:
        self.components = _components(self.sets)

    def take(self, new: Set) -> bool:
        """Whether there is still an order with a set more; it is added then.

        Only the components that it overlaps are laid out again. Where they have more than MOST_SETS sets, which
        takes too long, there is said to be none.
        """
        touched = [
            each for each in self.components if any(not (s <= new or s >= new or s.isdisjoint(new)) for s in each)
        ]
        united = _in_order({new, *(s for each in touched for s in each)})
        if len(united) > MOST_SETS:
            return False
        (component,) = _components(united)
        if _layout(component) is None:
            return False
        self.components = [each for each in self.components if each not in touched] + [component]
        self.sets.append(new)
        return True


MOST_SETS = 64  # all pairs of them are looked at


def _in_order(sets: set[Set]) -> list[Set]:
    return sorted(sets, key=lambda s: (-len(s), sorted(s)))


def _components(sets: list[Set]) -> list[list[Set]]:
    """Connected components of the overlap graph, each set but the first overlapping an earlier one."""
    waiting = [(s, sum(1 << element for element in s)) for s in sets]  # as bits, since every pair may be compared
    components = []
    while waiting:
        component = [waiting.pop(0)]
        for _, placed in component:  # the list grows while we walk it
            component += [pair for pair in waiting if _overlap(placed, pair[1])]
            waiting = [pair for pair in waiting if not _overlap(placed, pair[1])]
        components.append([s for s, _ in component])
    return components


def _overlap(a: int, b: int) -> bool:
    """Whether two sets, as bits, meet and neither holds the other."""
    return a & b not in (0, a, b)


def _layout(component: list[Set]) -> list[set[int]] | None:
    """Blocks from left to right, whose elements no set of the component tells apart; None where a set cannot fit."""
    blocks = [set(component[0])]
    for new in component[1:]:
        refined = _refine(blocks, new)
        if refined is None:
            return None
        blocks = refined
    return blocks


def _refine(blocks: list[set[int]], new: Set) -> list[set[int]] | None:
    """Split the blocks so that `new` is a run of them; what it adds goes to the end that it touches."""
    outside = set(new).difference(*blocks)
    if not outside:
        return _run(blocks, new)
    return _run([*blocks, outside], new) or _run([outside, *blocks], new)


def _run(blocks: list[set[int]], new: Set) -> list[set[int]] | None:
    hit = [number for number, block in enumerate(blocks) if block & new]
    first, last = hit[0], hit[-1]
    if not all(block <= new for block in blocks[first + 1 : last]):
        return None
    left = [blocks[first] - new, blocks[first] & new]
    right = [blocks[last] & new, blocks[last] - new]
    inside = [*left, *blocks[first + 1 : last], *right]
    return [*blocks[:first], *filter(None, inside), *blocks[last + 1 :]]


def _nest(layouts: list[list[set[int]]], size: int) -> list[int]:
    """The elements in order: layout by layout from the outermost to the innermost, each gathered at its first element.

    A layout lies within one block of an outer one, so gathering it leaves the outer one as it was laid out.
    """
    order = list(range(size))
    for layout in sorted(layouts, key=lambda blocks: (-sum(map(len, blocks)), len(blocks))):
        block_of = {element: number for number, block in enumerate(layout) for element in block}
        first = next(place for place, element in enumerate(order) if element in block_of)
        gathered = sorted((element for element in order if element in block_of), key=block_of.__getitem__)
        order = order[:first] + gathered + [element for element in order[first:] if element not in block_of]
    return order
