"""Grammars of every kind, small, and some of them nasty: what plugins are tried on."""

from collections.abc import Iterator
from typing import Any

import networkx as nx

from lstmc.grammar import Grammar
from lstmc.grammar.catalogue import load_grammar
from lstmc.shipped import shipped

# Texts that formats, languages and frameworks take for something else than text.
# fmt: off
NASTY = (
    "no", "1e5", "010", "a b", " ", "a,b", "a/b", "a|b", "a:0.5", '"', "'", "\\", "\\n", "<eps>", "<b>", "&", "ε", "0",
    "->", "//", "/* */", "#", "é", "e\u0301", "日", "🙂", "\n", "\t", "--help", "@0@", "[a-z]", "null", "graph", "s0",
)
# fmt: on


def samples() -> Iterator[Grammar]:
    """Every shipped grammar, and one of each further kind."""
    for name in shipped():
        yield load_grammar(name)
    yield load_grammar("embedded-reber", {"depth": 2})
    end = {"accept": True}
    yield _grammar("moore", [("a", "b", {}), ("b", "b", {})], {"a": {"output": "x"}, "b": {"output": "y", **end}})
    yield _grammar("mealy", [("a", "b", {"output": "x"}), ("b", "a", {})], {"b": end})
    thirds = [("a", "a", {"probability": 1 / 3}), ("a", "b", {"probability": 2 / 3})]
    yield _grammar("thirds", thirds, {"b": end})
    yield _grammar("stops", [("a", "a", {"probability": 0.1})], {"a": {"end": 0.9, **end}})
    yield _grammar("letters", [("a", "b", {}), ("b", "a", {})], {"b": end})
    steps = _grammar("steps", [("a", "b", {}), ("b", "b", {})], {"a": end, "b": end}).graph
    yield Grammar.from_graph(nx.relabel_nodes(nx.MultiDiGraph(steps), {"a": "0", "b": "1"}), "steps")
    yield Grammar.from_graph(_nasty(), "nasty")


def _grammar(name: str, rules: list[tuple[str, str, dict[str, Any]]], states: dict[str, dict[str, Any]]) -> Grammar:
    """Rule n reads the nth letter of the alphabet; strings start in a."""
    graph = nx.MultiDiGraph()
    graph.add_node("a", start=True)
    for number, (source, target, data) in enumerate(rules):
        graph.add_edge(source, target, symbol="xyz"[number], **data)
    for state, data in states.items():
        graph.nodes[state].update(data)
    return Grammar.from_graph(graph, name)


def _nasty() -> "nx.MultiDiGraph[str]":
    """A ring in which each text is an id and a symbol; its alphabet is not sorted, and a symbol in it has no rule."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(alphabet=[*reversed(NASTY), "unused"])
    graph.add_node(NASTY[0], start=True, accept=True, pos=[1.5, -2.0])
    graph.add_node(NASTY[1], start=True)
    for number, text in enumerate(NASTY):
        graph.add_edge(text, NASTY[(number + 1) % len(NASTY)], symbol=text)
        graph.add_edge(text, text, symbol=NASTY[number - 1])
    return graph
