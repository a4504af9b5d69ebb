"""Grammars whose ids, symbols and outputs mean something else in some format, for all that are written and read."""

from typing import Any

import networkx as nx
from hypothesis import strategies as st

from lstmc.grammar import END, Grammar

# fmt: off
NASTY = [
    "no", "Yes", "y", "on", "~", "null", "true", "1e5", "1.0e+5", "010", "0x1F", "0o17", "1_000", "12:30:00", "-1",
    "2024-01-01", "2001-12-14t21:59:43.10-05:00", ".5", "5.", ".inf", "-.INF", ".nan", "=", "<<", "!", "!!str",
    "'", '"', "''", "\\", "\\n", "#", " #", "a #b", ":", ": ", "a: b", "a:", ",", "[", "]", "{", "}", "&a", "*a", "|",
    ">", "%", "@", "`", "-", "- a", "--- ", "...", "?", "? a", " a", "a ", "\n", "a\nb", "\r\n", "\t", "\u2028",
    "é", "e\u0301", "日本", "🙂", "👩\u200d👦", "\u202e", "\ufeff", "\xa0", "a" * 2000, "a b  c", "None", "END",
]
# fmt: on

# Characters that YAML can hold, escaped or not, but for those that no symbol may hold.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, min_size=1, max_size=8),
    st.text("-:#,'\"\\ \n\t[]{}&*!|>%@`?=~.0123456789abcdefINFnaoysx_+eE", min_size=1, max_size=6),
).filter(lambda word: word != END)


@st.composite
def nasty(draw: st.DrawFn) -> Grammar:
    """A ring of states with nasty names, nasty symbols, and nasty outputs."""
    states = draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    graph = nx.MultiDiGraph()
    for state in states:
        graph.add_node(state, **draw(attributes()))
    graph.nodes[states[0]]["start"] = True
    graph.nodes[states[-1]]["accept"] = True
    for source, target in zip(states, states[1:] + states[:1], strict=True):
        graph.add_edge(source, target, symbol=draw(WORDS))
    return Grammar.from_graph(graph, draw(st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,20}", fullmatch=True)))


def attributes() -> st.SearchStrategy[dict[str, Any]]:
    number = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60)
    return st.fixed_dictionaries(
        {}, optional={"output": WORDS, "pos": st.tuples(number, number), "accept": st.booleans()}
    )
