"""Grammars as GraphML, which networkx and many editors of graphs read and write, in files that end in .graphml."""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_graphml.reader import read_graphml
from lstmc_graphml.writer import grammar_to_graphml

LSTMC_API = 1


class Graphml(Format):
    title = "GraphML"
    remedies: ClassVar[Mapping[str, str]] = {
        "G001": "give a node the data key `start`, with the value true",
        "G003": "add a <node> of that id",
        "G005": "add an <edge>",
        "G010": "add it to the data key `alphabet`",
        "G011": "give the node the data key `accept`, with the value true, or rename the symbol",
        "G023": "leave some probability for the end, or take out the data key `accept`",
        "G024": "give the node the data key `accept`, with the value true, or take out `end`",
        "G040": "give a node in which a string may end the data key `accept`, with the value true, or add an edge",
        "G051": "add a <data> element with that key",
    }

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_graphml(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_graphml(grammar)


FORMAT = Graphml()
