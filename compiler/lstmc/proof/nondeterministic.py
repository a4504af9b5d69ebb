"""Nondeterministic grammars: any number of cells may be on. Each cell is proved by itself.

Of its support a cell only tells "none on" from "one or more on": one test of it reads others, with weights above 0, and
rounding to nearest never turns an order round, so with more cells on, in whatever order they are added, it is at least
what it is with the lowest of them alone. So it is on after a step exactly if one of its predecessors was on and the
symbol is one that it is written at, or if it was on itself and the symbol is one that keeps it. What all cells of a
state do together must then be what the automaton's moves say.
"""

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import Automaton
from lstmc.network import Network
from lstmc.proof.deterministic import BEFORE, DEAD, Wrong, not_started
from lstmc.proof.reading import layers_of
from lstmc.proof.situations import Situations

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def compare(found: Situations, on: Bools, automaton: Automaton, states: Ints) -> Wrong | None:
    """Where what the cells do together is not what the automaton does; None where it is the same."""
    gates = found.gates
    own = (gates.gate == gates.filter) | (gates.row == gates.column)
    positive = (gates.column == 0) | (own & (gates.value > 0))
    if not positive.all():
        row = int(gates.row[np.argmin(positive)])
        return Wrong(row, 0, f"cell {row} reads other cells by more than an OR")
    return not_started(found, on) or _firing(found, on, automaton, states)


def _firing(found: Situations, on: Bools, automaton: Automaton, states: Ints) -> Wrong | None:
    """Which cell switches on which state at which symbol: exactly what the moves say, for every cell of a state."""
    moves = set(zip(automaton.source.tolist(), automaton.symbol.tolist(), automaton.target.tolist(), strict=True))
    initial = set(np.flatnonzero(automaton.initial).tolist())
    there: set[tuple[int, int, int]] = set()  # cell that was on, symbol, state that is on after
    for n, p, kinds in zip(found.cell.tolist(), found.by.tolist(), found.kind, strict=True):
        fires, kind = np.flatnonzero(on[kinds]).tolist(), kinds[0]  # which cells are on is the same at each symbol
        if n == 0 or (p >= 0 and found.own_on[kind]):
            continue  # with both on, it fires where either does: _either_fires
        source = p if p >= 0 else n if found.own_on[kind] else DEAD if found.begun[kind] else BEFORE
        there |= {(source, x, int(states[n])) for x in fires}
    after = _after(moves)
    wanted = {(n, x, q) for n, p in enumerate(states.tolist()) for x, q in after.get(p, ())}
    wanted |= {(BEFORE, x, q) for p in initial for x, q in after.get(p, ())}
    for n, x, q in sorted(there ^ wanted):
        does = "switches on" if (n, x, q) in there else "does not switch on"
        return Wrong(n, x, f"{does} the state {automaton.states[q]}")
    return _either_fires(found, on)


def _after(moves: set[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    after: dict[int, list[tuple[int, int]]] = {}
    for p, x, q in moves:
        after.setdefault(p, []).append((x, q))
    return after


def _either_fires(found: Situations, on: Bools) -> Wrong | None:
    """With itself and another cell on, a cell must fire where either alone makes it fire."""
    alone: dict[tuple[int, int], Bools] = {}
    for n, p, kinds in zip(found.cell.tolist(), found.by.tolist(), found.kind, strict=True):
        if found.begun[kinds[0]] and (p < 0) == found.own_on[kinds[0]]:
            alone[n, p] = on[kinds]
    for n, p, kinds in zip(found.cell.tolist(), found.by.tolist(), found.kind, strict=True):
        if p >= 0 and found.own_on[kinds[0]]:
            wrong = np.flatnonzero(on[kinds] != (alone[n, p] | alone[n, -1]))
            if len(wrong):
                return Wrong(p, int(wrong[0]), f"cell {n} is on or off depending on what else is on")
    return None


def reads_by_or(network: Network) -> Wrong | None:
    """Whether no reader's weight on a cell is below 0: then more cells on can only allow more."""
    for name, layer in layers_of(network).items():
        wrong = np.argwhere(layer.weight[:, 1:] < 0)
        if len(wrong):
            row, n = wrong[0].tolist()
            return Wrong(n + 1, row, f"the {network.sum_title(name)} reads cell {n + 1} wrongly")
    return None


def allowed_after(automaton: Automaton) -> Bools:
    """Which symbols may come next in each state, `end` last, (Q, S + 1)."""
    allowed = np.zeros((len(automaton.states), len(automaton.alphabet) + 1), np.bool_)
    allowed[automaton.source, automaton.symbol] = True
    allowed[:, -1] = automaton.accepting
    return allowed
