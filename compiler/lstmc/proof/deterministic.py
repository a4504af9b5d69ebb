"""Deterministic grammars: at most one cell is on beside `started`, so a configuration is the cell that is on.

−1   before the first symbol, nothing is on         0   dead: only `started` is on         k   `started` and cell k
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE, Automaton
from lstmc.proof.situations import Situations

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DEAD = 0
BEFORE = -1


@dataclass(frozen=True)
class Wrong:
    """Where network and automaton part: the configuration, the symbol, and what happens."""

    configuration: int
    symbol: int
    what: str


def successors(found: Situations, on: Bools, automaton: Automaton, states: Ints) -> Ints | Wrong:
    """The configuration after each configuration and symbol, (H + 1, S), the last row that of BEFORE.

    states (H,)   the automaton's state that each cell stands for
    """
    unready = not_started(found, on)
    if unready is not None:
        return unready
    size, symbols = len(states), len(automaton.alphabet)
    after = np.zeros((size + 1, symbols), np.int64)
    fires = on[found.kind]
    for row, x in np.argwhere(fires & (found.cell > 0)[:, None]).tolist():
        n, p = int(found.cell[row]), int(found.by[row])
        if p < 0:
            kind = found.kind[row, x]
            p = n if found.own_on[kind] else (DEAD if found.begun[kind] else BEFORE)
        if after[p, x] != DEAD or p == DEAD:
            what = "fires out of a dead prefix" if p == DEAD else f"is on together with cell {after[p, x]}"
            return Wrong(p, x, f"cell {n} {what}")
        after[p, x] = n
    wanted = _moves(automaton)[np.append(states[1:], np.flatnonzero(automaton.initial)[0])]
    got = np.where(after == DEAD, NONE, states[after])[[*range(1, size), size]]
    wrong = np.argwhere(wanted != got)
    if len(wrong):
        row, x = wrong[0].tolist()
        p = BEFORE if row == size - 1 else row + 1
        names = [automaton.states[q] if q != NONE else "the dead state" for q in (wanted[row, x], got[row, x])]
        return Wrong(p, x, f"leads to {names[1]} instead of {names[0]}")
    return after


def not_started(found: Situations, on: Bools) -> Wrong | None:
    """Where `started` is not on after a step, whatever was read: no configuration would be what it seems."""
    if ((found.gates.row == 0) & (found.gates.column != 0)).any():
        return Wrong(BEFORE, 0, "`started` reads cells")
    kinds = found.kind[found.cell == 0]
    for place, x in np.argwhere(~on[kinds]).tolist():
        begun = found.begun[kinds[place, x]]
        return Wrong(DEAD if begun else BEFORE, x, "`started` is not on afterwards")
    return None


def _moves(automaton: Automaton) -> Ints:
    """The state after each state and symbol, (Q, S); NONE for the dead state."""
    after = np.full((len(automaton.states), len(automaton.alphabet)), NONE)
    after[automaton.source, automaton.symbol] = automaton.target
    return after
