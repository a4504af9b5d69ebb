"""Grammars as graphs in the DOT language of Graphviz, in files that end in .dot or .gv."""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_dot.reader import read_dot
from lstmc_dot.wanted import Kind, Probabilities, Wanted
from lstmc_dot.writer import grammar_to_dot

LSTMC_API = 1


class Dot(Format):
    title = "DOT"
    remedies: ClassVar[Mapping[str, str]] = {
        "G001": 'add an edge: a -> b [label="x"]; strings begin in the first node, or behind an invisible one',
        "G005": 'add an edge: a -> b [label="x"]',
        "G010": "add it to the attribute `alphabet`",
        "G011": "draw the node with shape=doublecircle, or rename the symbol",
        "G018": "if nothing is meant to be read, write it as the label, and no `symbol` beside it",
        "G020": "`--set probabilities=none` passes them over; or make the automaton deterministic",
        "G023": "leave some probability for the end, or draw the state with one line",
        "G024": "draw the state with shape=doublecircle, or take out `end`",
        "G040": "draw a state in which a string may end with shape=doublecircle, or add the edge that is missing",
    }

    def read(
        self,
        text: str,
        limits: Limits,
        /,
        *,
        several: bool = True,
        kind: Kind = "auto",
        probabilities: Probabilities = "read",
    ) -> Reading:
        """The parameters are those of `Wanted`."""
        return read_dot(text, limits, Wanted(several, kind, probabilities))

    def write(self, grammar: Grammar) -> str:
        return grammar_to_dot(grammar)


FORMAT = Dot()
