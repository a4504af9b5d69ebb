"""A grammar: a finite-state graph that has been checked, and nothing else.

Attributes of the graph, all of them plain text, numbers, booleans and lists, so that `networkx.node_link_data`
can be written as YAML or JSON and read again unchanged:

    graph   name: str    alphabet: list[str] (the order of the inputs; always there)
    nodes   start: True    accept: True    end: float    output: str    pos: [float, float]    (each only if given)
    edges   symbol: str    probability: float    output: str                     (probability and output if given)
            epsilon: True                                                        (alone: a move that reads nothing)

Nodes are strings. A probability is a decimal that a double holds exactly, as its shortest text.
"""

import os
from dataclasses import dataclass
from typing import Any

import networkx as nx

from lstmc.grammar.diagnostics import Diagnostic

END = "end"  # the reserved name of the move that ends a string
EPSILON = "ε"  # what people read where a move reads nothing


@dataclass(frozen=True, eq=False, repr=False)
class Grammar:
    """A validated grammar. Make one with `load_grammar`, or with `Grammar.from_graph` from a networkx graph.

    graph      the rules, frozen: a node for each state, an edge for each rule
    warnings   what the checks found that is no error
    """

    graph: "nx.MultiDiGraph[str]"
    warnings: tuple[Diagnostic, ...] = ()

    @classmethod
    def from_graph(cls, graph: "nx.Graph[Any]", name: str | None = None) -> "Grammar":
        """The grammar that a networkx graph (MultiDiGraph or DiGraph) describes; ids, symbols and outputs become text.

        Attributes are those of a grammar file; one that is None is not there. Raises GrammarError with every problem.
        """
        from lstmc.grammar.from_graph import checked_graph

        return cls(*checked_graph(graph, name))

    @classmethod
    def from_dict(cls, data: Any, file: str = "<data>") -> "Grammar":
        """The grammar of a node-link dictionary, as `to_dict` gives it and certificates hold it.

        `file` is what problems call it. Raises GrammarError with every problem.
        """
        from lstmc.grammar.from_graph import checked_data

        return cls(*checked_data(data, file))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the grammar as a file, in the format that the name's ending says, that reads back as the same grammar.

        Raises UsageError for what that format cannot say, InputError where the file cannot be written.
        """
        from lstmc.grammar.convert import save_grammar

        save_grammar(self, path)

    @property
    def name(self) -> str:
        return str(self.graph.graph["name"])

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The symbols, in the order of the network's inputs."""
        return tuple(self.graph.graph["alphabet"])

    @property
    def used(self) -> tuple[str, ...]:
        """The symbols that rules read, sorted: the alphabet of a grammar that does not name one."""
        return tuple(sorted({symbol for *_, symbol in self.graph.edges(data="symbol") if symbol is not None}))

    @property
    def silent(self) -> bool:
        """Whether it has ε-moves, which read nothing."""
        return any("epsilon" in data for *_, data in self.graph.edges(data=True))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The output symbols of a transducer, sorted; empty for an acceptor."""
        marked = [data for _, data in self.graph.nodes(data=True)] + [data for *_, data in self.graph.edges(data=True)]
        return tuple(sorted({data["output"] for data in marked if "output" in data}))

    @property
    def start(self) -> tuple[str, ...]:
        """The states a string may start in, in the order of the file; several where the start is unknown."""
        return tuple(state for state, data in self.graph.nodes(data=True) if data.get("start"))

    def to_dict(self) -> dict[str, Any]:
        """The grammar as a node-link dictionary of plain values: what a grammar file holds."""
        return {**self.graph.graph, **node_link(self.graph)}

    def meaning(self) -> dict[str, Any]:
        """The same without the positions of a drawing: what digests and certificates name a grammar by."""
        return without_places(self.to_dict())

    def _repr_svg_(self) -> str:
        """The graph, as notebooks show it."""
        from lstmc.picture.notebook import grammar_svg

        return grammar_svg(self)

    def __eq__(self, other: object) -> bool:
        """Two grammars are equal when they say the same, in whatever order."""
        return isinstance(other, Grammar) and _unordered(self) == _unordered(other)

    def __hash__(self) -> int:
        return hash((self.name, self.alphabet))

    def __repr__(self) -> str:
        states, rules = self.graph.number_of_nodes(), self.graph.number_of_edges()
        return f"<Grammar '{self.name}': {states:,} states, {rules:,} rules, {len(self.alphabet):,} symbols>"


def node_link(graph: "nx.MultiDiGraph[str]") -> dict[str, Any]:
    """The states and rules of a graph, as a grammar file holds them."""
    nodes = [{"id": state, **data} for state, data in graph.nodes(data=True)]
    edges = [{"source": p, "target": q, **data} for p, q, data in graph.edges(data=True)]
    return {"nodes": nodes, "edges": edges}


def without_places(data: dict[str, Any]) -> dict[str, Any]:
    """A node-link dictionary, and the nets in it, without `pos`."""
    nodes = [{key: value for key, value in node.items() if key != "pos"} for node in data["nodes"]]
    nets = {name: without_places(net) for name, net in data.get("nets", {}).items()}
    return {**data, "nodes": nodes, **({"nets": nets} if nets else {})}


def _unordered(grammar: Grammar) -> tuple[Any, ...]:
    nodes = {state: dict(data) for state, data in grammar.graph.nodes(data=True)}
    edges = sorted((p, q, sorted(map(repr, data.items()))) for p, q, data in grammar.graph.edges(data=True))
    return dict(grammar.graph.graph), nodes, edges
