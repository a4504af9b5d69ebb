"""Grammars as Mata and VATA write finite automata, in files that end in .mata and .vtf.

Sources: github.com/VeriFIT/mata (AUTOMATAFORMAT.md, src/parser.cc, src/nfa/builder.cc) and
github.com/ondrik/automata-benchmarks (vtf/).
"""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_mata.reader import read_sections
from lstmc_mata.writer import grammar_to_mata, grammar_to_vtf

LSTMC_API = 1

REMEDIES = {
    "G001": "name a state: %Initial q0",
    "G005": "write one: state, symbol, next state",
    "G010": "add it to the alphabet, or take the alphabet out",
    "G011": "rename the symbol",
    "G018": "if nothing is meant to be read, name the symbol behind %Epsilon; @NFA also writes q () r",
}


class Mata(Format):
    title = "Mata"
    remedies: ClassVar[Mapping[str, str]] = REMEDIES

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_sections(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_mata(grammar)


class Vtf(Format):
    title = "VTF"
    remedies: ClassVar[Mapping[str, str]] = REMEDIES

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_sections(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_vtf(grammar)


MATA = Mata()
VTF = Vtf()
