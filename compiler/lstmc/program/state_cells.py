"""-O2: one cell for each state; a window on the symbols' order opens for what the state before expects.

    1 –X→ 2, 4 –P→ 2    becomes    "2": the write filter opens from X on after 1, from P on after 4;
                                    the read filter closes beyond X after 1, beyond P after 4

Each cell puts the symbols in an order of its own in which every predecessor's symbols are an interval lo … hi. Where
no such order is found, the cell is split: each part takes some of the predecessors.

In:   a deterministic automaton without outputs on moves.
"""

from collections.abc import Iterator

from lstmc.automaton import Automaton
from lstmc.program.consecutive import Family, Set, consecutive_order
from lstmc.program.program import ALWAYS, NEVER, Cell, Test

Ways = dict[int, dict[int, tuple[int, ...]]]  # state before -> symbol -> rules


def state_cells(automaton: Automaton) -> Iterator[Cell]:
    ways: list[Ways] = [{} for _ in automaton.states]
    for p, x, q, _, rules in automaton.each_move():
        ways[q].setdefault(p, {})[x] = rules
    return (
        _cell(automaton, q, {p: ways[q][p] for p in group}, order, number if len(groups) > 1 else 0)
        for q in range(len(automaton.states))
        for groups in (_groups(ways[q], len(automaton.alphabet)),)
        for number, (group, order) in enumerate(groups, start=1)
    )


def _groups(ways: Ways, size: int) -> list[tuple[list[int], tuple[int, ...]]]:
    """Predecessors that can share a cell, with the order of the symbols that makes their sets intervals."""
    by_set: dict[Set, list[int]] = {}
    for p, symbols in ways.items():
        by_set.setdefault(frozenset(symbols), []).append(p)
    together = consecutive_order(list(by_set), size)
    if together is not None:
        return [(list(ways), together)] if ways else []
    families: list[Family] = []
    for new in by_set:
        if not any(family.take(new) for family in families[-MOST_FAMILIES:]):
            families.append(Family([new]))
    return [
        (sorted(p for each in family.sets for p in by_set[each]), consecutive_order(family.sets, size) or ())
        for family in families
    ]


# A predecessor is tried beside the last few groups; beyond them a cell of its own has to do.
MOST_FAMILIES = 8


def _cell(automaton: Automaton, q: int, ways: Ways, order: tuple[int, ...], number: int) -> Cell:
    position = {x: n for n, x in enumerate(order)}
    beyond = len(order) + 1  # C of the formula: more than any position
    lows, highs, before_low, before_high = [], [], 0, 0
    for p, symbols in ways.items():
        places = [position[x] for x in symbols]
        low, high = 2 * (beyond - min(places)), 2 * (max(places) + 1)
        lows.append((p, low))
        highs.append((p, high))
        if automaton.initial[p]:
            before_low, before_high = low, high
    return Cell(
        name=f"{automaton.states[q]} part {number}" if number else automaton.states[q],
        state=q,
        output=int(automaton.state_output[q]),
        written=tuple(rule for symbols in ways.values() for rules in symbols.values() for rule in rules),
        kept=(),
        eraser=NEVER,
        writer=ALWAYS,
        write_filter=Test(bias=1 - 2 * beyond, position=2, states=tuple(lows), before=before_low),
        read_filter=Test(bias=-1, position=-2, states=tuple(highs), before=before_high),
        order=order,
    )
