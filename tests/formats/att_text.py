"""AT&T text in tests: reading it, and grammars that it can hold."""

import networkx as nx
from hypothesis import assume

from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.read import parse_grammar


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>.att", format="att")


def plain(grammar: Grammar) -> Grammar:
    """The grammar as far as AT&T text can hold its like: without positions, sorted, one start, the name of any text."""
    graph = nx.MultiDiGraph(name="grammar")
    for state, data in grammar.graph.nodes(data=True):
        dropped = ("pos", "output") if state == grammar.start[0] else ("pos", "output", "start")
        graph.add_node(state, **{key: value for key, value in data.items() if key not in dropped})
    graph.add_edges_from((p, q, dict(data)) for p, q, data in grammar.graph.edges(data=True))
    try:
        return Grammar.from_graph(graph)
    except GrammarError:  # with one start the language is empty
        assume(False)
        raise
