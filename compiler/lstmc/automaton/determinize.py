"""Follow all possible states at once: one arrow per symbol (Rabin & Scott, 1959).

    S -a-> A
    S -a-> B        becomes     S -a-> {A,B}

In:   a trimmed automaton without outputs on moves.
Out:  a deterministic one, states numbered breadth-first; one that was deterministic comes back as it is.
"""

from dataclasses import replace

import numpy as np

from lstmc.automaton.automaton import NONE, Automaton, row_order, unique_names
from lstmc.automaton.limits import AutomatonLimits
from lstmc.automaton.one_output import check_one_output
from lstmc.errors import LimitError

MAX_STATES = 65_536  # n states can make 2^n sets; a limit that memory and patience allow

FOLLOW_ALL = "compile with -O1, which follows all states at once without determinizing"


def determinize(automaton: Automaton, max_states: int = MAX_STATES, instead: str = FOLLOW_ALL) -> Automaton:
    """Raises LimitError beyond `max_states` or for too many rows, FindingsError where one string has two outputs.

    instead   what to do where there are too many
    """
    a = automaton
    assert not a.mealy, "split first"
    if a.deterministic:
        return a
    if a.outputs:
        check_one_output(a)
    limits, of = AutomatonLimits.from_environment(), f"grammar '{a.name}': determinized it has "
    rows_of = _rows_by_state(a)
    first = tuple(np.flatnonzero(a.initial).tolist())
    sets, number = [first], {first: 0}
    moves: list[tuple[int, int, int, int]] = []  # source, symbol, target, rule
    for p, members in enumerate(sets):  # the list grows while we walk it
        successors: dict[int, set[int]] = {}
        behind: dict[int, set[int]] = {}
        for q in members:
            for x, target, rule in rows_of[q]:
                successors.setdefault(x, set()).add(target)
                behind.setdefault(x, set()).add(rule)
        for x in sorted(successors):
            key = tuple(sorted(successors[x]))
            if key not in number:
                number[key] = len(sets)
                sets.append(key)
                _check_limit(a, len(sets), max_states, instead)
            moves += [(p, x, number[key], rule) for rule in behind[x]]
            limits.refuse_more("rows", len(moves), of, instead)
    return _of_sets(a, sets, moves)


def _rows_by_state(a: Automaton) -> list[list[tuple[int, int, int]]]:
    rows: list[list[tuple[int, int, int]]] = [[] for _ in a.states]
    for p, x, q, rule in zip(a.source.tolist(), a.symbol.tolist(), a.target.tolist(), a.rule.tolist(), strict=True):
        rows[p].append((x, q, rule))
    return rows


def _check_limit(a: Automaton, size: int, max_states: int, instead: str) -> None:
    if size > max_states:
        raise LimitError(
            f"grammar '{a.name}': determinizing its {len(a.states)} states needs more than {max_states} sets of states",
            f"{instead}, or raise --max-states",
        )


def _of_sets(a: Automaton, sets: list[tuple[int, ...]], moves: list[tuple[int, int, int, int]]) -> Automaton:
    source, symbol, target, rule = np.array(moves, np.int64).reshape(-1, 4).T
    no_output = np.full(len(source), NONE)
    order = row_order(source, symbol, target, no_output, rule)
    accepting = np.array([a.accepting[list(members)].any() for members in sets], np.bool_)
    return replace(
        a,
        states=unique_names([_name(a, members, number) for number, members in enumerate(sets)]),
        origins=tuple(tuple(dict.fromkeys(o for q in members for o in a.origins[q])) for members in sets),
        initial=np.arange(len(sets)) == 0,
        accepting=accepting,
        end=np.where(accepting, np.nan, 0.0),
        state_output=a.state_output[[members[0] for members in sets]],  # all members say the same
        source=source[order],
        symbol=symbol[order],
        target=target[order],
        output=no_output,
        rule=rule[order],
        probability=np.full(len(source), np.nan),
    )


def _name(a: Automaton, members: tuple[int, ...], number: int) -> str:
    """{A,B,C}; beyond four members the first two, and the set's number to tell it from others."""
    if len(members) == 1:
        return a.states[members[0]]
    if len(members) <= 4:
        return "{" + ",".join(a.states[q] for q in members) + "}"
    return "{" + ",".join(a.states[q] for q in members[:2]) + f",…#{number}}}"
