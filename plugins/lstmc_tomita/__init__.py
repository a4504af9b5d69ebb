"""Tomita's seven grammars."""

from typing import Annotated

import networkx as nx

from lstmc.grammar.parameters import Range

LSTMC_API = 1

# For each number the accepting states and the rules, both as words: `a0b` is a rule from a to b on 0. The start is a.
TOMITA = {
    1: ("a", "a1a"),
    2: ("a", "a1b b0a"),
    # a: even 1s so far, or none   b: odd 1s   then, for ever after:   c: odd 0s   d: even 0s, or any 1s
    3: ("a b d", "a0a a1b b1a b0c c0d d0c d1d"),
    4: ("a b c", "a1a a0b b1a b0c c1a"),
    # the parity of 0s and of 1s: a even even, b odd even, c even odd, d odd odd
    5: ("a", "a0b b0a c0d d0c a1c c1a b1d d1b"),
    6: ("a", "a0b b0c c0a a1c c1b b1a"),
    7: ("a b c d", "a0a a1b b1b b0c c0c c1d d1d"),
}


def tomita(*, number: Annotated[int, Range(1, 7)] = 1) -> nx.MultiDiGraph:
    """Tomita's grammars over 0 and 1, by number: the standard small languages for learning automata.

    number  1: 1*.  2: (10)*.  3: no odd run of 0s anywhere after an odd run of 1s.  4: no 000.  5: evenly many 0s and
            evenly many 1s.  6: the number of 0s minus that of 1s is a multiple of 3.  7: 0* 1* 0* 1*.

    The smallest complete automata have 2, 3, 5, 4, 4, 3 and 5 states, the dead one included where there is one. (Some
    authors read 3 as "no odd run of 0s right after an odd run of 1s", another language with 5 states.)

    Source: M. Tomita, Dynamic construction of finite automata from examples using hill-climbing, 1982.
    """
    accepting, rules = TOMITA[number]
    graph = nx.MultiDiGraph(alphabet=["0", "1"])
    for source, symbol, target in map(tuple, rules.split()):
        graph.add_edge(source, target, symbol=symbol)
    graph.nodes["a"]["start"] = True
    for state in accepting.split():
        graph.nodes[state]["accept"] = True
    return graph
