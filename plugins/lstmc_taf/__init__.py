"""Grammars in LearnLib's textual format of automata (TAF), in files that end in .taf.

Source: AutomataLib (serialization/taf).
"""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_taf.reader import read_taf
from lstmc_taf.writer import grammar_to_taf

LSTMC_API = 1


class Taf(Format):
    title = "TAF"
    remedies: ClassVar[Mapping[str, str]] = {
        "G001": "mark a state as initial: s0 [initial] { }",
        "G002": "put all of a state into one block",
        "G005": "write a transition: a -> s1",
        "G010": "add it to the alphabet in the first line",
        "G011": "rename the symbol",
        "G012": "name the symbols behind the kind: dfa {a,b} { }",
        "G018": "automata of LearnLib read a symbol with each move; take such moves out in your tool",
        "G013": "take one of the two out",
    }

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_taf(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_taf(grammar)


FORMAT = Taf()
