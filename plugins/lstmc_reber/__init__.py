"""Embedded Reber grammars."""

from typing import Annotated

import networkx as nx

from lstmc.grammar.parameters import Range

LSTMC_API = 1

# The classic diagram: from, to, symbol. `start` begins a string and 6 ends it.
REBER = (
    ("start", "0", "B"),
    ("0", "1", "T"),
    ("0", "5", "P"),
    ("1", "1", "S"),
    ("1", "2", "X"),
    ("2", "3", "S"),
    ("2", "5", "X"),
    ("5", "5", "T"),
    ("5", "4", "V"),
    ("4", "2", "P"),
    ("4", "3", "V"),
    ("3", "6", "E"),
)


def embedded_reber(*, depth: Annotated[int, Range(1, 12)] = 1, continual: bool = False) -> nx.MultiDiGraph:
    """Reber strings between two T or two P, nested to a depth: B (T r T | P r P) E.

    depth      how deep: r is an embedded Reber string of depth - 1, and the Reber grammar itself at depth 0. The
               second T or P must repeat the first, however long the string between them.
    continual  strings follow each other without end, and nothing marks where one begins.

    Symbols B, T, S, X, P, V, E; all ways on are equally likely. A state is named by the letters to repeat (outermost
    first) and its place: `start` and `end`, `choice` after B, `close` before E, 0 to 6 in the Reber grammar.
    The smallest complete automaton has 12 * 2^depth - 3 states, the dead one included; one less if continual.

    Sources: A. S. Reber, Implicit learning of artificial grammars, 1967. A. Cleeremans, D. Servan-Schreiber and
    J. L. McClelland, Finite state automata and simple recurrent networks, 1989 (embedded). F. A. Gers,
    J. Schmidhuber and F. Cummins, Learning to forget: continual prediction with LSTM, 2000 (continual).
    """
    graph = nx.MultiDiGraph(alphabet=["B", "T", "S", "X", "P", "V", "E"])
    _embed(graph, "", depth)
    if continual:
        ((last, _, key),) = graph.in_edges("end", keys=True)
        graph.remove_edge(last, "end", key)
        graph.remove_node("end")
        graph.add_edge(last, "start", symbol="E")
    else:
        graph.nodes["end"]["accept"] = True
    graph.nodes["start"]["start"] = True
    return graph


def _embed(graph: nx.MultiDiGraph, path: str, depth: int) -> tuple[str, str]:
    """Add the strings of one depth; returns their first and last state."""
    if depth == 0:
        for source, target, symbol in REBER:
            graph.add_edge(path + source, path + target, symbol=symbol)
        return path + "start", path + "6"
    start, choice, close, end = (path + place for place in ("start", "choice", "close", "end"))
    graph.add_edge(start, choice, symbol="B")
    for letter in ("T", "P"):
        first, last = _embed(graph, f"{path}{letter}.", depth - 1)
        graph.add_edge(choice, first, symbol=letter)
        graph.add_edge(last, close, symbol=letter)
    graph.add_edge(close, end, symbol="E")
    return start, end
