"""Take out ε-moves: a state moves, and accepts, like every state that it leads to without reading.

    S –ε→ A, A –a→ B       becomes     S –a→ B, whose rule is S –ε→ A –a→ B
                                       A –a→ B

A move is of one rule, the shortest way to it. States that only ε-moves lead to are left for `trim`.
"""

from typing import Any, NamedTuple

from lstmc.automaton.limits import AutomatonLimits
from lstmc.grammar import Grammar
from lstmc.grammar.grammar import EPSILON

NEEDED = "take out the ε-moves that are not needed"


class Move(NamedTuple):
    """One move that reads: from `last`, to which ε-moves lead from `source` through the states `via`, itself first."""

    source: str
    via: tuple[str, ...]
    last: str
    target: str
    reads: dict[str, Any]

    def __str__(self) -> str:
        reads = self.reads["symbol"] + ("/" + self.reads["output"] if "output" in self.reads else "")
        return "".join(f"{p} –{EPSILON}→ " for p in self.via) + f"{self.last} –{reads}→ {self.target}"


def without_epsilon(grammar: Grammar) -> tuple[list[Move], list[bool]]:
    """The moves in the order of the grammar's states, and which of these accept. Raises LimitError for too many."""
    graph = grammar.graph
    limits, of = AutomatonLimits.from_environment(), f"grammar '{grammar.name}': "
    reading: dict[str, list[tuple[str, dict[str, Any]]]] = {state: [] for state in graph}
    silent: dict[str, list[str]] = {state: [] for state in graph}
    for p, q, data in graph.edges(data=True):
        if "epsilon" in data:
            silent[p].append(q)
        else:
            reading[p].append((q, data))
    moves: list[Move] = []
    accepting: list[bool] = []
    passed = 0
    for p in graph:
        accepting.append(False)
        before = _reached(p, silent)
        for q in before:
            via = _way(q, before) if reading[q] else ()
            moves += [Move(p, via, q, target, data) for target, data in reading[q]]
            accepting[-1] |= bool(graph.nodes[q].get("accept"))
            passed += len(via) * len(reading[q])
            limits.refuse_more("rows", len(moves), of + "without ε-moves it has ", NEEDED)
            limits.refuse_more("rows", passed, of + "ε-moves stand before its other moves in ", NEEDED)
    return moves, accepting


def _reached(state: str, silent: dict[str, list[str]]) -> dict[str, str]:
    """The state and those that it leads to without reading, nearest first, each with the one before it."""
    before, waiting = {state: state}, [state]
    for p in waiting:  # the list grows while we walk it
        for q in silent[p]:
            if q not in before:
                before[q] = p
                waiting.append(q)
    return before


def _way(state: str, before: dict[str, str]) -> tuple[str, ...]:
    """The states on the way to it, the first one first."""
    way: list[str] = []
    while before[state] != state:
        state = before[state]
        way.append(state)
    return tuple(reversed(way))
