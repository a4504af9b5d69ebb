"""Networks whose illustrations the browser opens, each compiled and proved once."""

from dataclasses import dataclass
from functools import cache

import networkx as nx

import lstmc
from lstmc.picture.page import illustrate

VARIANTS = {
    "reber": ("reber", {}, {}),
    "reber toy": ("reber", {}, {"cell": "toy"}),
    **{f"reber {cell}": ("reber", {}, {"cell": cell}) for cell in ("coupled", "gru", "rnn", "rnn-relu")},
    **{f"reber {cell}": ("reber", {}, {"cell": cell}) for cell in ("lstm-1997", "slstm")},
    "reber -O2 float64": ("reber", {}, {"level": 2, "dtype": "float64"}),
    "embedded": ("embedded-reber", {"depth": "1"}, {}),
    "embedded toy": ("embedded-reber", {"depth": "1"}, {"cell": "toy"}),
    "third-from-end": ("third-from-end", {}, {}),
    "third-from-end toy": ("third-from-end", {}, {"cell": "toy"}),
    "unknown start": ("reber-unknown-start", {}, {}),
    "unknown start toy": ("reber-unknown-start", {}, {"cell": "toy"}),
    "remainder": ("remainder-3", {}, {}),
    "remainder toy": ("remainder-3", {}, {"cell": "toy"}),
    "edges": ("edge-detector", {}, {}),
    "edges toy": ("edge-detector", {}, {"cell": "toy"}),
    "weather": ("weather-cycle", {}, {}),
    "continual": ("continual-reber", {}, {}),
    "large": ("random", {"states": "100", "symbols": "4", "seed": "1"}, {}),
}


@dataclass(frozen=True, eq=False)
class Subject:
    grammar: lstmc.Grammar
    network: lstmc.Network
    certificate: lstmc.Certificate


@cache
def subject(name: str) -> Subject:
    """One of the variants."""
    grammar, parameters, options = VARIANTS[name]
    loaded = lstmc.load_grammar(grammar, parameters)
    return Subject(loaded, *lstmc.compile_proved(loaded, **options))


def illustration(name: str, embed: bool = False) -> str:
    """Its page."""
    found = subject(name)
    return illustrate(found.network, found.grammar, found.certificate, embed=embed)


LONG = "x" * 10_000
# Everything that breaks out of a text, an attribute, a script, a comment or a template, or hides, or turns around.
HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='window.hacked=1",
    "<svg/onload=alert(1)>",
    "<!--",
    "]]>",
    "a\u202eb",
    "\u200f1",
    "\u2028",
    "{{}}",
    "${alert(1)}",
    "__proto__",
    "a|b",
    "|",
    "&lt;b&gt;",
    "\\",
    "\n",
    "é😀",
    LONG,
)


@cache
def hostile(outputs: bool = True) -> Subject:
    """A ring through these names, as symbols, states and outputs; the network bears one of them too."""
    graph = nx.MultiDiGraph()
    for number, name in enumerate(HOSTILE):
        follower = HOSTILE[(number + 1) % len(HOSTILE)]
        graph.add_edge(name, follower, symbol=name, **({"output": follower} if outputs else {}))
    graph.nodes[HOSTILE[0]].update(start=True, accept=True)
    grammar = lstmc.Grammar.from_graph(graph, "hostile")
    return Subject(grammar, *lstmc.compile_proved(grammar))
