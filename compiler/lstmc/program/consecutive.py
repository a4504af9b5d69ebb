"""Order a universe so that each of some sets is an interval (the consecutive-ones property; Booth & Lueker, 1976).

    {T, S}, {S, X}, {X, V, S}    becomes    T S X V        with {T, S} = 0…1, {S, X} = 1…2, {X, V, S} = 1…3

Sets that overlap (meet, and neither holds the other) fix each other's places up to reflection, so each connected
component of overlapping sets is laid out by itself; components nest inside one another, or are apart.
"""

Set = frozenset[int]


def consecutive_order(sets: list[Set], size: int) -> tuple[int, ...] | None:
    """An order of range(size) in which every set is an interval, or None where there is none."""
    proper = sorted({s for s in sets if 1 < len(s) < size}, key=lambda s: (-len(s), sorted(s)))
    layouts = []
    for component in _components(proper):
        layout = _layout(component)
        if layout is None:
            return None
        layouts.append(layout)
    return tuple(_nest(layouts, set(range(size))))


def _overlap(a: Set, b: Set) -> bool:
    return bool(a & b) and not a <= b and not b <= a


def _components(sets: list[Set]) -> list[list[Set]]:
    """Connected components of the overlap graph, each set but the first overlapping an earlier one."""
    waiting, components = list(sets), []
    while waiting:
        component = [waiting.pop(0)]
        for placed in component:  # the list grows while we walk it
            component += [s for s in waiting if _overlap(placed, s)]
            waiting = [s for s in waiting if not _overlap(placed, s)]
        components.append(component)
    return components


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


def _nest(layouts: list[list[set[int]]], universe: set[int]) -> list[int]:
    """The elements of the universe in order: each outermost layout block by block, with the layouts inside nested."""
    outer: list[tuple[set[int], list[set[int]]]] = []
    inner = []
    for layout in sorted(layouts, key=lambda blocks: (-sum(map(len, blocks)), len(blocks))):
        union = set().union(*layout)
        if any(union <= other for other, _ in outer):
            inner.append(layout)
        else:
            outer.append((union, layout))
    free = universe.difference(*(union for union, _ in outer))
    pieces = [[element] for element in free]
    for _, layout in outer:
        within = [[blocks for blocks in inner if blocks[0] <= block] for block in layout]
        pieces.append([e for block, nested in zip(layout, within, strict=True) for e in _nest(nested, block)])
    return [element for piece in sorted(pieces, key=min) for element in piece]
