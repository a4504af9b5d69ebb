"""Grammars as JFLAP draws and saves them, in files that end in .jff."""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_jflap.reader import read_jflap
from lstmc_jflap.writer import grammar_to_jflap

LSTMC_API = 1


class Jflap(Format):
    title = "JFLAP"
    remedies: ClassVar[Mapping[str, str]] = {
        "G001": "mark a state as initial: <initial/>",
        "G005": "add a <transition>",
        "G011": "mark the state as final, or rename the symbol",
        "G010": "add a <symbol> to <lstmc>",
        "G018": "if nothing is meant to be read, write <read/>",
        "G040": "mark a state as final in which a string may end, or add the transition that is missing",
    }

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_jflap(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_jflap(grammar)


FORMAT = Jflap()
