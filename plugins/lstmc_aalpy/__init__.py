"""Machines of AALpy, such as those that it learns, in both directions."""

from typing import Any

import networkx as nx

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Objects
from lstmc_aalpy.from_grammar import machine_of
from lstmc_aalpy.to_graph import graph_of

LSTMC_API = 1


class Machines(Objects):
    title = "AALpy machines"

    def to_graph(self, thing: Any) -> "nx.MultiDiGraph[str]":
        return graph_of(thing)

    def from_grammar(self, grammar: Grammar) -> Any:
        return machine_of(grammar)


OBJECTS = Machines()
