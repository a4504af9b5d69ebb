"""From a DFA or an NFA of automata-lib to a graph: the states that some string uses, from the start outwards.

What reads nothing in an NFA is an ε-move here.
States from which no final one can be reached, such as the trap of a complete DFA, are left out, and so are those that
nothing leads to: they say nothing about the strings. Sets have no order, so states and symbols are sorted.
"""

from typing import Any

import networkx as nx

from lstmc.errors import UsageError
from lstmc.grammar.values import Texts

Moves = dict[str, dict[str, list[str]]]  # state -> symbol -> states

READS_NOTHING = ""
_REASONS = {
    "GNFA": "its moves read whole regular expressions; take its to_regex(), and `lstmc compile regex`",
    "DPDA": "it has a stack, which no finite graph has",
    "NPDA": "it has a stack, which no finite graph has",
    "DTM": "it has a tape, which no finite graph has",
    "NTM": "it has a tape, which no finite graph has",
    "MNTM": "it has tapes, which no finite graph has",
}


def graph_of(automaton: Any) -> "nx.MultiDiGraph[str]":
    """Raises UsageError for what is neither DFA nor NFA, accepts nothing, or has two states of the same text."""
    from automata.fa.dfa import DFA
    from automata.fa.nfa import NFA

    if not isinstance(automaton, DFA | NFA):
        kind = type(automaton).__name__
        raise UsageError(f"no grammar is made of automata-lib's {kind}", _REASONS.get(kind, "give a DFA or an NFA"))
    state, symbol = Texts("state"), Texts("symbol")
    moves: Moves = {state(each): {} for each in automaton.states}
    for source, ways in automaton.transitions.items():
        for read, targets in ways.items():
            several = [targets] if isinstance(automaton, DFA) else targets
            moves[state(source)][symbol(read)] = sorted(map(state, several))
    final = set(map(state, automaton.final_states))
    graph = _graph(moves, final, state(automaton.initial_state))
    graph.graph["alphabet"] = sorted(map(symbol, automaton.input_symbols))
    if not graph:
        raise UsageError("the automaton accepts nothing", "a grammar needs a string: make a state final")
    return graph


def _graph(moves: Moves, final: set[str], start: str) -> "nx.MultiDiGraph[str]":
    """The states that some string uses; none where there is no string."""
    graph = nx.MultiDiGraph()
    graph.add_node(start, start=True)
    todo = [start]
    for state in todo:  # it grows while we walk
        if state in final:
            graph.nodes[state]["accept"] = True
        for symbol, targets in sorted(moves[state].items()):
            todo += [target for target in targets if target not in graph]
            reads = {"epsilon": True} if symbol == READS_NOTHING else {"symbol": symbol}
            graph.add_edges_from((state, target, reads) for target in targets)
    with_an_end = nx.bfs_layers(graph.reverse(copy=False), [state for state in graph if state in final])
    graph.remove_nodes_from(set(graph).difference(*with_an_end))
    return graph
