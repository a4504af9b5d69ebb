"""Split states in two that take turns, where a loop's symbol is also one of those by which the state is entered.

    S -a-> A                        S -a-> A
    A -a-> A        becomes         A -a-> A again -a-> A

So a cell that holds a state never has to tell a loop from a way in: at each symbol it is either entered, or kept.

In:   an automaton of any kind.
Out:  one of the same language, in which no loop has a symbol by which its state is entered, and no loop is the first
      move of a string; with `all_loops`, one without loops. Moves, outputs, probabilities and origins are as before.
"""

from dataclasses import replace

import numpy as np

from lstmc.automaton.automaton import Automaton, Bools, row_order, unique_names


def alternate(automaton: Automaton, all_loops: bool = False) -> Automaton:
    a = automaton
    turning = _turning(a, all_loops)
    twin, size = np.full(len(a.states), -1), len(a.states)
    twins = np.unique(a.source[turning])
    if not len(twins):
        return a
    twin[twins] = size + np.arange(len(twins))
    copied = np.flatnonzero(twin[a.source] >= 0)  # the rows that leave from twins, too
    row = np.concatenate([np.arange(len(a.source)), copied])
    source = np.concatenate([a.source, twin[a.source[copied]]])
    target = np.concatenate([np.where(turning, twin[a.target], a.target), a.target[copied]])
    stays = np.flatnonzero((a.source == a.target)[row] & ~turning[row])
    target[stays] = source[stays]
    order = row_order(source, a.symbol[row], target, a.output[row], a.rule[row])
    row, states = row[order], np.concatenate([np.arange(size), twins])
    return replace(
        a,
        states=unique_names([*a.states, *(f"{a.states[q]} again" for q in twins)]),
        origins=tuple(a.origins[q] for q in states),
        initial=np.concatenate([a.initial, np.zeros(len(twins), np.bool_)]),
        accepting=a.accepting[states],
        end=a.end[states],
        state_output=a.state_output[states],
        source=source[order],
        symbol=a.symbol[row],
        target=target[order],
        output=a.output[row],
        rule=a.rule[row],
        probability=a.probability[row],
    )


def _turning(a: Automaton, all_loops: bool) -> Bools:
    """The rows of loops that lead to the twin: also all loops of a start state, which the first symbol enters."""
    loops: Bools = a.source == a.target
    if all_loops:
        return loops
    way = a.target * len(a.alphabet) + a.symbol
    turning: Bools = loops & (a.initial[a.source] | np.isin(way, way[~loops]))
    return turning
