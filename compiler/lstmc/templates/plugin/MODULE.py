"""The grammar NAME: two symbols in turn, a number of times."""

from typing import Annotated

import networkx as nx

from lstmc.grammar.parameters import Range

LSTMC_API = 1  # the version of the contract that this is made for


def grammar(*, times: Annotated[int, Range(1, 1000)] = 3, first: str = "a", second: str = "b") -> nx.MultiDiGraph:
    """Two symbols in turn, a number of times.

    times          how often
    first, second  the symbols

    Source: say here where the grammar comes from.
    """
    graph = nx.MultiDiGraph()
    graph.add_node(0, start=True)
    for count in range(times):
        graph.add_edge(2 * count, 2 * count + 1, symbol=first)
        graph.add_edge(2 * count + 1, 2 * count + 2, symbol=second)
    graph.nodes[2 * times]["accept"] = True
    return graph
