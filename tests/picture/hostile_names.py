"""A grammar whose names are everything that breaks out of a text, hides, or takes all the room."""

import networkx as nx

import lstmc

NAMES = (
    "</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--",
    "]]>",
    "&amp;",
    "a\u202eb",
    "\u200f1\u2066",
    "\u2028",
    "line\nbreak\ttab",
    "e\u0301" * 3,
    "$\\frac{1}{0}$",
    "${x}",
    "%s",
    "日本語の長い名前",
    "x" * 10_000,
    "😀",
)
ESCAPED = ("\\u202e", "\\u200f", "\\u2028", "\\n", "\\t", "\\u2066")


def hostile_grammar(outputs: bool = False) -> lstmc.Grammar:
    """A ring through states of these names, by symbols of these names."""
    graph = nx.MultiDiGraph()
    for name, follower in zip(NAMES, (*NAMES[1:], NAMES[0]), strict=True):
        graph.add_edge(name, follower, symbol=follower, **({"output": name} if outputs else {}))
        graph.add_edge(name, name, symbol=name, **({"output": name} if outputs else {}))
    graph.nodes[NAMES[0]].update(start=True, accept=True)
    return lstmc.Grammar.from_graph(graph, "hostile")
