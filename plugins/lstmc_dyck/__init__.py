"""Balanced brackets."""

from typing import Annotated

import networkx as nx

from lstmc.grammar.limits import Limits
from lstmc.grammar.parameters import Range

LSTMC_API = 1

USUAL = ("()", "[]", "{}", "<>")


def dyck(*, kinds: Annotated[int, Range(1, 1000)] = 2, depth: Annotated[int, Range(1, 100)] = 3) -> nx.MultiDiGraph:
    """Balanced brackets of several kinds, nested to a depth: each closes the last one that is still open.

    kinds  how many: ( ) then [ ] then { } then < >; from the fifth on the symbols are `(5` and `)5`, `(6` and `)6`, …
    depth  how many may be open at a time; one more is not allowed

    Flattened: a state for each stack of open brackets, kinds^0 + kinds^1 + … + kinds^depth of them, each named by its
    brackets (`empty` where none is open); the smallest complete automaton has these and the dead one. Strings end
    where nothing is open. Raises LimitError above 100,000 states, or what else a file may have.

    Sources: N. Chomsky and M. P. Schützenberger, The algebraic theory of context-free languages, 1963 (Dyck
    languages). J. Hewitt et al., RNNs can generate bounded hierarchical languages with optimal memory, 2020 (to a
    depth).
    """
    states = sum(kinds**height for height in range(depth + 1))
    of = f"dyck: {kinds} kinds of brackets to depth {depth} have "
    Limits.from_environment().refuse_size(states, 2 * (states - 1), of, "take fewer kinds, or less depth")
    pairs = [tuple(USUAL[kind]) if kind < len(USUAL) else (f"({kind + 1}", f"){kind + 1}") for kind in range(kinds)]
    graph = nx.MultiDiGraph(alphabet=[bracket for pair in pairs for bracket in pair])
    graph.add_node("empty", start=True, accept=True)
    stacks = ["empty"]
    for _ in range(depth):
        higher = []
        for stack in stacks:
            for opening, closing in pairs:
                one_more = opening if stack == "empty" else stack + opening
                graph.add_edge(stack, one_more, symbol=opening)
                graph.add_edge(one_more, stack, symbol=closing)
                higher.append(one_more)
        stacks = higher
    return graph
