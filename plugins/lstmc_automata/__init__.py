"""Objects of automata-lib: DFA and NFA, in both directions."""

from typing import Any

import networkx as nx

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Objects
from lstmc_automata.from_grammar import automaton_of
from lstmc_automata.to_graph import graph_of

LSTMC_API = 1


class Automata(Objects):
    title = "automata-lib objects"

    def to_graph(self, thing: Any) -> "nx.MultiDiGraph[str]":
        return graph_of(thing)

    def from_grammar(self, grammar: Grammar) -> Any:
        return automaton_of(grammar)


OBJECTS = Automata()
