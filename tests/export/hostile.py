"""A grammar whose names are everything that breaks out of a string or a comment of some language."""

from functools import cache

import networkx as nx

import lstmc

SYMBOLS = (
    '"',
    "'",
    "\\",
    "\\n",
    "\\\n",
    "\n",
    "*/",
    "/*",
    "//",
    "??/",
    "??=",
    "</script>",
    "<!--",
    "-->",
    "]]>",
    "`${1}`",
    "$name",
    "{0}",
    "%s",
    "#",
    "\u2028",
    "a\u202eb",
    "\u200f1",
    "😀",
    "é",
    "__proto__",
    "constructor",
    "0",
    "end of it",
    '"""',
    "\\x41",
    "\\u0041",
)


@cache
def hostile(outputs: bool = False, cell: str = "lstm") -> lstmc.Network:
    """A ring through all symbols, the states called like them; each says the symbol, where it has outputs."""
    graph = nx.MultiDiGraph()
    for number, symbol in enumerate(SYMBOLS):
        follower = SYMBOLS[(number + 1) % len(SYMBOLS)]
        graph.add_edge(symbol, follower, symbol=symbol, **({"output": follower} if outputs else {}))
    graph.nodes[SYMBOLS[0]].update(start=True, accept=True)
    return lstmc.compile(lstmc.Grammar.from_graph(graph, "1-int.c++"), cell=cell)


def ring(times: int) -> list[str]:
    """The only string of so many symbols."""
    return [SYMBOLS[n % len(SYMBOLS)] for n in range(times)]
