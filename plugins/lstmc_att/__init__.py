"""Grammars as AT&T text, the table that OpenFst, HFST and foma write and read, in files that end in .att."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lstmc.grammar.formats import Format, Limits, Reading
from lstmc.grammar.grammar import Grammar
from lstmc_att.reader import Options, read_att
from lstmc_att.symbols import read_table
from lstmc_att.writer import grammar_to_att

LSTMC_API = 1


class Att(Format):
    title = "AT&T text"
    remedies: ClassVar[Mapping[str, str]] = {
        "G005": "write a line for each rule: state, next state, symbol",
        "G011": "write a line with the state alone where strings end, or rename the symbol",
        "G018": "if nothing is meant to be read, give it the number 0 in the symbol table",
        "G040": "write a line with the state alone where a string may end, or add the line that is missing",
    }

    def read(
        self,
        text: str,
        limits: Limits,
        /,
        *,
        kind: Literal["auto", "acceptor", "transducer"] = "auto",
        symbols: str = "",
        outputs: str = "",
        weights: Literal["log", "probability", "none"] = "log",
    ) -> Reading:
        """The parameters:

        kind      what the columns after the states are: a symbol and its weight, or a symbol, an output and a weight
        symbols   a symbol table of OpenFst, where symbols (and outputs, unless they have their own) are numbers
        outputs   a symbol table for the outputs
        weights   what weights are: logarithms of probabilities, negated; probabilities; or nothing that matters

        Raises InputError for a table that cannot be read.
        """
        of_symbols = read_table(symbols, limits) if symbols else None
        of_outputs = read_table(outputs, limits) if outputs else of_symbols
        return read_att(text, limits, Options(kind, weights, of_symbols, of_outputs))

    def write(self, grammar: Grammar) -> str:
        return grammar_to_att(grammar)


FORMAT = Att()
