"""Graphs that call each other: a recursive transition network (Woods, 1970).

    value   0 –a→ 1            0 –[→ 2 –value→ 3 –]→ 1         a, [a], [[a]], ...: as deep as `depth` allows

An edge reads a symbol, or calls a net: it leads on when that net has ended, in one of its accepting states. Until then
the call waits; one in last place, after which its net can only end, waits for nothing. `depth` is how many calls may
wait at once that have come back: to a net from which, on the way from the main one, they were called. Where none can,
there is no bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from lstmc.errors import UsageError
from lstmc.grammar.diagnostics import Diagnostic
from lstmc.grammar.grammar import Grammar, node_link, without_places


@dataclass(frozen=True, eq=False, repr=False)
class Nets:
    """Validated graphs that call each other. `load_nets` makes them of a file; `expand` makes a Grammar of them.

    name       of the grammar, and of the main net, which strings begin and end in
    alphabet   the symbols, in the order of the network's inputs
    nets       by name the rules of each net, frozen, the main one first; attributes are those of a Grammar's graph, and
               edges that call have `call`, the name of a net, in place of `symbol`
    depth      how many calls that have come back may wait at once; None where there is no bound, nor need of one
    warnings   what the checks found that is no error
    """

    name: str
    alphabet: tuple[str, ...]
    nets: Mapping[str, "nx.MultiDiGraph[str]"]
    depth: int | None = None
    warnings: tuple[Diagnostic, ...] = ()

    def expand(self) -> Grammar:
        """The grammar whose states say which calls wait. Raises LimitError where there are too many, and FindingsError
        where no string is nested so little."""
        from lstmc.grammar.expand import expanded

        return expanded(self)

    @classmethod
    def from_graphs(cls, graphs: "Mapping[str, nx.Graph[Any]]", depth: int | None = None) -> "Nets":
        """The nets that networkx graphs describe, by their names, the main one first; `call` at an edge names a net.

        Attributes are those of a grammar file; the name of the main net is that of the grammar. Raises GrammarError
        with every problem.
        """
        from lstmc.grammar.from_graph import checked_nets

        return checked_nets(graphs, depth)

    @classmethod
    def from_dict(cls, data: Any, file: str = "<data>") -> "Nets":
        """The nets of a node-link dictionary, as `to_dict` gives it. Raises GrammarError with every problem."""
        from lstmc.grammar.from_graph import checked_nets_data

        return checked_nets_data(data, file)

    def to_dict(self) -> dict[str, Any]:
        """What a grammar file holds: the main net at the top, the others under `nets`."""
        main, *others = self.nets
        top: dict[str, Any] = {"name": self.name, "alphabet": list(self.alphabet)}
        top |= {} if self.depth is None else {"depth": self.depth}
        nets = {name: node_link(self.nets[name]) for name in others}
        return {**top, **node_link(self.nets[main]), **({"nets": nets} if nets else {})}

    def meaning(self) -> dict[str, Any]:
        """The same without the positions of a drawing."""
        return without_places(self.to_dict())

    def __eq__(self, other: object) -> bool:
        """Nets are equal when they say the same, in the same order."""
        return isinstance(other, Nets) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.name, self.alphabet, self.depth))

    def __repr__(self) -> str:
        rules = sum(graph.number_of_edges() for graph in self.nets.values())
        return f"<Nets '{self.name}': {len(self.nets):,} nets, {rules:,} rules, {len(self.alphabet):,} symbols>"


def plain(found: "Grammar | Nets", expand: bool = False) -> Grammar:
    """The grammar, or the expansion of nets where that is asked for. Raises UsageError where it is not."""
    if isinstance(found, Grammar):
        return found
    if not expand:
        raise UsageError(
            f"grammar '{found.name}' calls nets, and only its expansion into states is compiled",
            "add --expand; in Python, load_grammar(..., expand=True)",
        )
    return found.expand()
