"""Take out ε-moves: a state moves, and accepts, like every state that it leads to without reading.

    S –ε→ A, A –a→ B       becomes     S –a→ B, whose rule is S –ε→ A –a→ B
                                       A –a→ B

A move is of one rule, the shortest way to it. States that only ε-moves lead to are left for `trim`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lstmc.automaton.limits import AutomatonLimits
from lstmc.grammar import Grammar
from lstmc.grammar.grammar import EPSILON


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
    limits, of = AutomatonLimits.from_environment(), f"grammar '{grammar.name}': without ε-moves it has "
    reading: dict[str, list[tuple[str, dict[str, Any]]]] = {state: [] for state in graph}
    silent: dict[str, list[str]] = {state: [] for state in graph}
    for p, q, data in graph.edges(data=True):
        if "epsilon" in data:
            silent[p].append(q)
        else:
            reading[p].append((q, data))
    moves: list[Move] = []
    accepting: list[bool] = []
    for p in graph:
        accepting.append(False)
        for q, via in _ways(p, silent):
            moves += [Move(p, via, q, target, data) for target, data in reading[q]]
            accepting[-1] |= bool(graph.nodes[q].get("accept"))
            limits.refuse_more("rows", len(moves), of, "take out the ε-moves that are not needed")
    return moves, accepting


def _ways(state: str, silent: dict[str, list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The state and those that it leads to without reading, nearest first, each with the states on the way there."""
    ways: dict[str, tuple[str, ...]] = {state: ()}
    waiting = [state]
    for p in waiting:  # the list grows while we walk it
        yield p, ways[p]
        for q in silent[p]:
            if q not in ways:
                ways[q] = (*ways[p], p)
                waiting.append(q)
