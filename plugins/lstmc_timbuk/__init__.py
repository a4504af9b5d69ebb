"""Grammars as word automata in the format of Timbuk, in files that end in .timbuk and .tmb.

Source: VATA (github.com/ondrik/libvata, README.md), which takes words for trees whose symbols have one subtree.
"""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_timbuk.reader import read_timbuk
from lstmc_timbuk.writer import grammar_to_timbuk

LSTMC_API = 1


class Timbuk(Format):
    title = "Timbuk"
    remedies: ClassVar[Mapping[str, str]] = {
        "G001": "write a transition of the constant: x -> q0",
        "G005": "write one: a(q0) -> q1",
        "G010": "add it to Ops, with the arity 1",
        "G011": "rename the symbol",
        "G018": "if nothing is meant to be read, write a transition between two states: q -> r",
        "G012": "add a symbol of arity 1 to Ops",
    }

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_timbuk(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_timbuk(grammar)


FORMAT = Timbuk()
