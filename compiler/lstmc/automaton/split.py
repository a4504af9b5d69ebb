"""Split states by the output on the way in, so that being in a state tells the last output (Mealy to Moore).

    S -a/0-> A                     S -a-> A/0
    S -b/1-> A         becomes     S -b-> A/1       A/0 says 0, A/1 says 1

In:   a trimmed automaton.
Out:  no output on any move. A start state keeps a copy without output for the empty prefix. Raises LimitError for too
      many rows: one for each copy that a move leaves from.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton.automaton import NONE, Automaton, row_order, unique_names
from lstmc.automaton.limits import AutomatonLimits


def split(automaton: Automaton) -> Automaton:
    a = automaton
    if not a.mealy:
        return a
    (state, output), number = _copies(a)

    begin = np.searchsorted(state, np.arange(len(a.states) + 1))
    count = np.diff(begin)[a.source]  # how many copies of its source each row leaves from
    limits, of = AutomatonLimits.from_environment(), f"grammar '{a.name}': with a state for each output it has "
    limits.refuse_more("rows", int(count.sum()), of, "take fewer outputs")
    row = np.repeat(np.arange(len(a.source)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    source, target = begin[a.source[row]] + offset, number[: len(a.source)][row]
    no_output = np.full(len(row), NONE)
    order = row_order(source, a.symbol[row], target, no_output, a.rule[row])
    row = row[order]
    initial = a.initial[state] & (output == NONE)
    return replace(
        a,
        states=_names(a, state.tolist(), output.tolist()),
        origins=tuple(a.origins[q] for q in state),
        initial=initial,
        accepting=a.accepting[state],
        end=a.end[state],
        state_output=output,
        source=source[order],
        symbol=a.symbol[row],
        target=target[order],
        output=no_output,
        rule=a.rule[row],
        probability=a.probability[row],
    )


def copies(automaton: Automaton) -> list[tuple[int, int]]:
    """The state, and the output on the way in, of each state that `split` makes."""
    (state, output), _ = _copies(automaton)
    return list(zip(state.tolist(), output.tolist(), strict=True))


def _copies(automaton: Automaton) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """State and output of each copy (2, Q), and the numbers of the copies that moves, and then starts, lead to."""
    first = np.flatnonzero(automaton.initial)
    outputs = np.append(automaton.output, np.full(len(first), NONE))
    found, number = np.unique(np.stack([np.append(automaton.target, first), outputs], 1), axis=0, return_inverse=True)
    return found.T, number.ravel()  # NumPy 2.0.0: a column


def _names(automaton: Automaton, state: list[int], output: list[int]) -> tuple[str, ...]:
    return unique_names(
        [
            automaton.states[q] if o == NONE else f"{automaton.states[q]}/{automaton.outputs[o]}"
            for q, o in zip(state, output, strict=True)
        ]
    )
