"""Context-free grammars in the EBNF of Lark, in files that end in .lark."""

from collections.abc import Mapping
from typing import Any, ClassVar

from lstmc.errors import UsageError
from lstmc.grammar.formats import Format, Limits, Reading
from lstmc_lark.nets import read_lark

LSTMC_API = 1


class Lark(Format):
    title = "Lark"
    example = """
start: ("a" | item)~2 /[bc]+/
item: "(" [ITEM] ")"
ITEM: "d".."f"+  // and
%import common.WS
%ignore WS
"""
    remedies: ClassVar[Mapping[str, str]] = {
        "G010": "add it to the parameter `alphabet`",
        "G090": "define it, or correct its name",
        "G091": "say how deep: --depth 3",
        "G092": "begin the rule with a symbol, or with a repetition in place of the rule itself",
        "G093": "add a way through it that does not come back to it",
        "G094": "it is not needed from the rule that strings begin with; --set start=NAME chooses another",
    }

    def read(
        self,
        text: str,
        limits: Limits,
        /,
        *,
        start: str = "start",
        alphabet: str = "",
    ) -> Reading:
        """Each rule and each terminal becomes a net, over characters.

        start      the rule that strings begin with
        alphabet   the characters, listed as in a class of a regular expression; unless given, those that strings use
        """
        return read_lark(text, limits, start, alphabet)

    def write(self, grammar: Any) -> str:
        raise UsageError("grammars of Lark are read, and not written", "write yaml, which says that edges call, too")


FORMAT = Lark()
