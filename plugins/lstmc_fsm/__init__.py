"""Grammars in the FSM format of mCRL2, LTSmin and LearnLib, in files that end in .fsm.

Sources: www.mcrl2.org (ltsconvert, the FSM format), AutomataLib (serialization/fsm).
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from lstmc.grammar import Grammar
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_fsm.reader import Options, read_fsm
from lstmc_fsm.writer import grammar_to_fsm

LSTMC_API = 1


class Fsm(Format):
    title = "FSM"
    remedies: ClassVar[Mapping[str, str]] = {
        "G003": "states are numbered from 1, one for each line of the second part",
        "G005": 'write one in the third part: 1 2 "a"',
        "G011": "rename the label",
        "G018": "if nothing is meant to be read, name the label: `--set silent=NAME`",
        "G014": 'write a label: 1 2 "a"',
    }

    def read(
        self,
        text: str,
        limits: Limits,
        /,
        *,
        kind: Literal["auto", "lts", "acceptor", "mealy", "alternating"] = "auto",
        accept: str = "label=accept",
        silent: tuple[str, ...] = ("tau",),
    ) -> Reading:
        """The parameters:

        kind     lts: strings may stop in every state; acceptor: in those with the value that `accept` names; mealy: a
                 second label is an output; alternating: each input is a move, and its output the next. Unless given,
                 two labels make a Mealy machine, the value an acceptor
        accept   the parameter of states that says whether they accept, and its value there
        silent   in an lts, the labels of moves that read nothing
        """
        return read_fsm(text, limits, Options(kind, accept, silent))

    def write(self, grammar: Grammar) -> str:
        return grammar_to_fsm(grammar)


FORMAT = Fsm()
