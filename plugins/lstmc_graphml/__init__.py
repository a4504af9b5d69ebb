"""Grammars as GraphML, which networkx and many editors of graphs read and write, in files that end in .graphml."""

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_graphml.reader import read_graphml
from lstmc_graphml.writer import grammar_to_graphml

LSTMC_API = 1


class Graphml(Format):
    title = "GraphML"

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_graphml(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_graphml(grammar)


FORMAT = Graphml()
