"""Grammars as JFLAP draws and saves them, in files that end in .jff."""

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_jflap.reader import read_jflap
from lstmc_jflap.writer import grammar_to_jflap

LSTMC_API = 1


class Jflap(Format):
    title = "JFLAP"

    def read(self, text: str, limits: Limits, /) -> Reading:
        return read_jflap(text, limits)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_jflap(grammar)


FORMAT = Jflap()
