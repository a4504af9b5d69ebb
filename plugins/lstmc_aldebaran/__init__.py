"""Grammars as labelled transition systems in the format of Aldebaran, in files that end in .aut.

Sources: the manual page of CADP (cadp.inria.fr/man/aut.html), mCRL2 (ltsconvert), AutomataLib (serialization/aut).
"""

from collections.abc import Mapping
from typing import ClassVar

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_aldebaran.reader import SILENT, read_aut
from lstmc_aldebaran.writer import grammar_to_aut

LSTMC_API = 1


class Aldebaran(Format):
    title = "Aldebaran"
    remedies: ClassVar[Mapping[str, str]] = {
        "G003": "states are numbered from 0; raise their number, the third in the first line",
        "G005": 'write one: (0, "a", 1)',
        "G011": "rename the label",
        "G018": "if nothing is meant to be read, name the label: `--set silent=NAME`",
        "G012": "write a move with a label that reads something",
    }

    def read(self, text: str, limits: Limits, /, *, silent: tuple[str, ...] = SILENT) -> Reading:
        """The parameter:

        silent   the labels of moves that read nothing: `i` in CADP, `tau` in mCRL2
        """
        return read_aut(text, limits, silent)

    def write(self, grammar: Grammar) -> str:
        return grammar_to_aut(grammar)


FORMAT = Aldebaran()
