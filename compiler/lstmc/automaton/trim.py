"""Remove the states that no string passes through.

    S -a-> A -b-> end              S -a-> A -b-> end
    S -c-> B            becomes
    C -d-> A

Out:  every state can be reached, and has a future: a way to an accepting state or, where none is accepting
      and strings are endless, a way on for ever.
"""

import numpy as np

from lstmc.automaton.automaton import Automaton, Bools, Ints
from lstmc.automaton.restrict import restrict


def trim(automaton: Automaton) -> Automaton:
    size = len(automaton.states)
    onward = _reachable(automaton.source, automaton.target, automaton.initial, size)
    if automaton.accepting.any():
        alive = _reachable(automaton.target, automaton.source, automaton.accepting, size)
    else:
        alive = _endless(automaton)
    return restrict(automaton, onward & alive)


def _reachable(source: Ints, target: Ints, first: Bools, size: int) -> Bools:
    """The states that moves lead to from the first ones, themselves included."""
    order = np.argsort(source, kind="stable")
    start = np.searchsorted(source[order], np.arange(size + 1)).tolist()
    after = target[order].tolist()
    seen = first.copy()
    waiting = np.flatnonzero(first).tolist()
    while waiting:
        state = waiting.pop()
        for successor in after[start[state] : start[state + 1]]:
            if not seen[successor]:
                seen[successor] = True
                waiting.append(successor)
    return seen


def _endless(automaton: Automaton) -> Bools:
    """The states with a way on for ever: states without moves fall away until all that are left have one."""
    size = len(automaton.states)
    order = np.argsort(automaton.target, kind="stable")
    start = np.searchsorted(automaton.target[order], np.arange(size + 1)).tolist()
    before = automaton.source[order].tolist()
    ways = np.bincount(automaton.source, minlength=size)
    waiting = np.flatnonzero(ways == 0).tolist()
    alive = ways > 0
    while waiting:
        state = waiting.pop()
        for predecessor in before[start[state] : start[state + 1]]:
            ways[predecessor] -= 1
            if ways[predecessor] == 0:
                alive[predecessor] = False
                waiting.append(predecessor)
    return alive
