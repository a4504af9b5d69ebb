"""-O1: one cell for each state and way of coming in, kept by the state's loops.

    0 –P→ 5, 5 –T→ 5    becomes    "5 by P": written at P out of 0, kept while it is on and T repeats

The ways in (p, x) to a state are partitioned into disjoint rectangles P × X, so that of a deterministic grammar
exactly one cell is on. With `--memory rewrite` a loop is a way in like any other, and nothing is kept.
"""

from collections.abc import Iterator
from dataclasses import replace

from lstmc.automaton import Automaton
from lstmc.program.program import ALWAYS, NEVER, Cell, Terms, Test, any_of, one_of
from lstmc.program.rectangles import Rectangle, rectangles
from lstmc.ranges import in_short

Ways = dict[tuple[int, int], tuple[int, ...]]  # (state before, symbol) -> rules


def way_in_cells(automaton: Automaton, keep: bool) -> Iterator[Cell]:
    ways: list[Ways] = [{} for _ in automaton.states]
    loops: list[Ways] = [{} for _ in automaton.states]
    for p, x, q, _, rules in automaton.each_move():
        (loops if keep and p == q else ways)[q][p, x] = rules
    return (cell for q in range(len(automaton.states)) for cell in _cells_of_state(automaton, q, ways[q], loops[q]))


def _cells_of_state(automaton: Automaton, q: int, ways: Ways, loops: Ways) -> list[Cell]:
    loop_symbols = tuple(sorted(x for _, x in loops))
    kept = tuple(rule for rules in loops.values() for rule in rules)
    found = rectangles(set(ways))
    common = Cell(
        name="",
        state=q,
        output=int(automaton.state_output[q]),
        written=(),
        kept=kept,
        eraser=_keep(loop_symbols) if loops else NEVER,
        writer=NEVER,
        write_filter=NEVER,
        read_filter=ALWAYS,
    )
    cells = [
        replace(
            common,
            name=_name(automaton, q, rectangle, found),
            written=tuple(rule for p in sources for x in symbols for rule in ways[p, x]),
            writer=one_of(symbols),
            write_filter=any_of(sources, before=any(automaton.initial[p] for p in sources)),
        )
        for rectangle in found
        for sources, symbols in (rectangle,)
    ]
    if loops and automaton.initial[q]:
        at_first = replace(
            common,
            name=f"{automaton.states[q]} at first",
            written=kept,
            writer=one_of(loop_symbols),
            write_filter=any_of(before=True),
        )
        cells.append(at_first)
    return cells


def _keep(symbols: tuple[int, ...]) -> Test:
    """True while this cell is on and one of the symbols is read: 2·x + active(this cell) − 5/2."""
    terms: Terms = tuple((x, 4) for x in symbols)
    return Test(bias=-5, symbols=terms, this=2)


def _name(automaton: Automaton, q: int, rectangle: Rectangle, found: list[Rectangle]) -> str:
    """5 by P, 5 by a–z; where another cell of the state has the same symbols, 5 by P from 0."""
    sources, symbols = rectangle
    read = [automaton.alphabet[x] for x in symbols]
    alone = any("–" in symbol for symbol in automaton.alphabet)  # a–z may be a symbol
    name = f"{automaton.states[q]} by {','.join(read if alone else in_short(read))}"
    if sum(symbols == others for _, others in found) > 1:
        name += f" from {','.join(automaton.states[p] for p in sources)}"
    return name
