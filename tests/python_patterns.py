"""Patterns of every kind that is read, for comparison with Python's `re`."""

import itertools
import re
import warnings
from functools import cache

import networkx as nx
from hypothesis import strategies as st

SYMBOLS = "aAkK\u212aé_0٣-. \n"  # K\u212a are one letter but for case; ٣ is a digit of Unicode
ALPHABET = "aAkK\u212aé_0٣\\-. \\n"  # listed as in a class

LITERALS = st.sampled_from(
    [
        *"aAkK\u212aé_0٣-",
        r"\.",
        r"\n",
        "\n",
        r"\ ",
        r"\x61",
        r"\u00e9",
        r"\U0000212a",
        r"\141",
        r"\060",
        r"\N{LATIN SMALL LETTER A}",
    ]
)
CLASSES = st.sampled_from(
    [
        *[".", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[ak]", "[^a]", "[a-k]", "[A-Z]", "[^\\n]", r"[\s\S]"],
        *[
            r"[^\W\d]",
            r"[\d\-]",
            r"[-a]",
            r"[.a]",
            r"[\x61-k]",
            r"[é-\u212a]",
            r"[^\w ]",
            r"[\b-a]",
            r"[\12a]",
            "[^]a]",
        ],
    ]
)
ASSERTIONS = st.sampled_from(["^", "$", r"\A", r"\Z", r"\b", r"\B", r"\b", "$"])
REPETITIONS = st.sampled_from(
    ["*", "+", "?", "{2}", "{1,}", "{,2}", "{,}", "{0,1}", "{1,3}", "*?", "+?", "??", "{1,2}?", "{2,}?", "{0}", "{2,3}"]
)
FLAGS = ["i", "s", "m", "a", "u", "is", "im", "-i", "-s", "-m", "ia", "s-i", "a-i", "ism"]
GROUPS = st.sampled_from(["(", "(?:", "(?:", *(f"(?{flags}:" for flags in FLAGS)])
GLOBAL = st.sampled_from(["", "", "(?i)", "(?s)", "(?m)", "(?a)", "(?im)", "(?#c)(?s)(?i)", "(?u)", "(?ms)"])


def patterns() -> st.SearchStrategy[str]:
    """Without what is read only where it changes nothing."""
    leaves = st.one_of(LITERALS, LITERALS, CLASSES, CLASSES, ASSERTIONS, st.just("(?#a b)"))
    return st.builds("{}{}".format, GLOBAL, st.recursive(leaves, _larger, max_leaves=8))


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("{}{})".format, GROUPS, inner)
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner | st.just(""), min_size=2, max_size=3).map("|".join),
        group,
        st.builds("{}{}".format, group, REPETITIONS),
        st.builds("{}{}".format, st.one_of(LITERALS, CLASSES), REPETITIONS),
    )


def atomic_patterns() -> st.SearchStrategy[str]:
    """With atomic groups and possessive repetitions, many of which change what matches."""
    leaves = st.sampled_from(["a", "A", "0", "-", r"\d", r"\w", "[aA]", "[a0]", ".", r"\b", "^", "$", "", "(?i:A)"])
    return st.recursive(leaves, _larger_atomic, max_leaves=7)


def _larger_atomic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("{}{})".format, st.sampled_from(["(?>", "(?:", "(?>"]), inner)
    repetitions = st.sampled_from(["*+", "++", "?+", "{1,2}+", "*", "?", "+", "{2}", "??", "{2,}+"])
    single = st.sampled_from(["a", "A", "0", r"\d", "[aA]", "."])
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        group,
        st.builds("{}{}".format, group, repetitions),
        st.builds("{}{}".format, single, repetitions),
    )


@cache
def short_strings(symbols: str = SYMBOLS, longest: int = 3) -> list[str]:
    return ["".join(each) for length in range(longest + 1) for each in itertools.product(symbols, repeat=length)]


def compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of [[ and the like, which may once mean sets in sets
        return re.compile(pattern)


def accepts(graph: nx.MultiDiGraph, string: str) -> bool:
    states = {"start"}
    for symbol in string:
        states = {q for p in states for _, q, read in graph.out_edges(p, data="symbol") if read == symbol}
    return any(graph.nodes[state].get("accept") for state in states)


def accepted(graph: nx.MultiDiGraph, symbols: str = SYMBOLS, longest: int = 3) -> set[str]:
    """The short strings that a graph accepts, found in one walk through the tree of all."""
    ways: dict[tuple[str, str], set[str]] = {}
    for source, target, symbol in graph.edges(data="symbol"):
        ways.setdefault((source, symbol), set()).add(target)
    accepting = {state for state, data in graph.nodes(data=True) if data.get("accept")}
    found, level = set(), {"": {"start"}}
    for _ in range(longest + 1):
        found |= {string for string, states in level.items() if states & accepting}
        level = {
            string + symbol: reached
            for string, states in level.items()
            for symbol in symbols
            if (reached := set().union(*(ways.get((state, symbol), ()) for state in states)))
        }
    return found
