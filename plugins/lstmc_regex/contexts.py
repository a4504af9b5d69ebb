"""What holds between two symbols of a string: `^`, `$`, `\\b` and their like, which read nothing.

    before \\ after    edge    word    other         Each holds or not by what stands before it and after it: the
    edge              ^ $     ^ \\b    ^             edge of the string, or a symbol of some kind. A context is such
    word              $ \\b            \\b            a pair; a mask has a bit for each context, set where it holds.
    other             $       \\b

Two assertions in a row hold where the `&` of their masks does, one or the other where the `|` does. There are only as
many kinds as the pattern can tell apart: without `\\b` a letter is like any symbol.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from lstmc_regex.symbols import NO_FLAGS, Characters, Symbols


class Side(NamedTuple):
    """What stands on one side: the edge of the string, or a symbol."""

    edge: bool = False
    line_break: bool = False
    last: bool = False  # a line break that the string ends with
    word: bool = False
    ascii_word: bool = False


ASSERTIONS: dict[str, Callable[[Side, Side], bool]] = {
    "\\A": lambda before, after: before.edge,
    "\\Z": lambda before, after: after.edge,
    "$": lambda before, after: after.edge or after.last,
    "(?m)^": lambda before, after: before.edge or before.line_break,
    "(?m)$": lambda before, after: after.edge or after.line_break,
    "\\b": lambda before, after: before.word != after.word,
    "\\B": lambda before, after: before.word == after.word,
    "(?a)\\b": lambda before, after: before.ascii_word != after.ascii_word,
    "(?a)\\B": lambda before, after: before.ascii_word == after.ascii_word,
}
EDGE = 0  # the number of that side


class Contexts:
    """The sides that a pattern with some assertions can tell apart, and where each of these holds."""

    def __init__(self, assertions: Iterable[str], symbols: Symbols) -> None:
        used = frozenset(assertions)
        self._line_breaks = frozenset("\n") if used & {"$", "(?m)^", "(?m)$"} else frozenset[str]()
        self._words = _words(symbols, NO_FLAGS) if used & {"\\b", "\\B"} else frozenset[str]()
        self._ascii_words = _words(symbols, re.ASCII) if used & {"(?a)\\b", "(?a)\\B"} else frozenset[str]()
        told_apart = self._line_breaks | self._words | self._ascii_words
        sides = {self._side(symbol) for symbol in told_apart & frozenset(symbols.every)} | {Side()}
        # `$` holds before a line break that the string ends with, so there are two kinds of line break.
        lasts = {side._replace(last=True) for side in sides if side.line_break and "$" in used}
        self._sides = [Side(edge=True), *sorted(sides | lasts)]
        self._splits: dict[frozenset[str], list[tuple[int, frozenset[str]]]] = {}
        self.always = (1 << len(self._sides) ** 2 + 1) - 1
        self.masks = {name: self._mask(name) for name in used}

    @property
    def sides(self) -> range:
        return range(len(self._sides))

    def bit(self, before: int, after: int) -> int:
        return 1 << before * len(self._sides) + after

    @property
    def empty_in_python_3_14(self) -> int:
        """The bit of the empty string there. Before, `\\B` does not hold in it: the bit of two edges says so."""
        return 1 << len(self._sides) ** 2

    def split(self, reads: frozenset[str]) -> list[tuple[int, frozenset[str]]]:
        """Symbols by the sides that they can be, with the number of each."""
        if reads not in self._splits:
            self._splits[reads] = [(number, found) for number in self.sides if (found := self._of_side(reads, number))]
        return self._splits[reads]

    def ends(self, side: int) -> bool:
        """Whether nothing may follow what stands on that side."""
        return self._sides[side].last

    def _mask(self, assertion: str) -> int:
        holds, sides = ASSERTIONS[assertion], list(enumerate(self._sides))
        mask = sum(self.bit(i, j) for i, before in sides for j, after in sides if holds(before, after))
        if mask & self.bit(EDGE, EDGE):
            mask |= self.empty_in_python_3_14
        return mask & ~self.bit(EDGE, EDGE) if assertion.endswith("\\B") else mask

    def _of_side(self, reads: frozenset[str], number: int) -> frozenset[str]:
        side = self._sides[number]._replace(last=False)
        if side == Side():
            return reads - self._line_breaks - self._words - self._ascii_words
        return frozenset(symbol for symbol in reads if self._side(symbol) == side) if not side.edge else frozenset()

    def _side(self, symbol: str) -> Side:
        return Side(
            line_break=symbol in self._line_breaks,
            word=symbol in self._words,
            ascii_word=symbol in self._ascii_words,
        )


def _words(symbols: Symbols, flags: re.RegexFlag) -> frozenset[str]:
    return symbols.of(Characters(kinds="w", flags=flags))
