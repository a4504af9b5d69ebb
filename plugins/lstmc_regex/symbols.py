"""What one position reads: from characters, as a pattern names them, to symbols of an alphabet.

    [a-c\\d]    over a b 0 x    reads    a b 0        (?i)[a-c]    over a B x    reads    a B

Which characters `\\w`, `\\d` and `\\s` are, and which are the same but for their case, is asked of Python itself, so
that no table of ours can differ from it. A pattern that comes without an alphabet has the one that it names: its
characters and ranges, with `\\d`, `\\w`, `\\s` those of ASCII, and with (?i) their other cases.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from lstmc_regex.limits import Limits

NO_FLAGS = re.RegexFlag(0)
KINDS = {  # of ASCII; of white space what a symbol may be
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": (("\t", "\n"), ("\r", "\r"), (" ", " ")),
}


class Characters(NamedTuple):
    """Those of the ranges, of the kinds (letters of \\d, \\W and so on) and of Unicode's categories; or all others."""

    ranges: tuple[tuple[str, str], ...] = ()  # the first and the last of each
    kinds: str = ""
    categories: tuple[str, ...] = ()  # with ^ before those that are not meant
    others: bool = False
    flags: re.RegexFlag = NO_FLAGS

    @property
    def one(self) -> str:
        """The character, where there is only one; else nothing."""
        if len(self.ranges) != 1 or self.kinds or self.categories or self.others:
            return ""
        first, last = self.ranges[0]
        return first if first == last else ""

    @property
    def open(self) -> bool:
        """Whether an alphabet must say which symbols are meant."""
        return self.others or bool(self.categories) or any(kind.isupper() for kind in self.kinds)

    def named(self) -> Iterator[tuple[str, str]]:
        """Its ranges, with those of its kinds."""
        yield from self.ranges
        for kind in self.kinds.lower():
            yield from KINDS[kind]


class Symbols:
    """The symbols that there are: those that are listed or, where none are, those that the pattern names."""

    def __init__(self, listed: Sequence[str] | None, limits: Limits) -> None:
        self.listed, self._limits = listed, limits
        self._named: dict[Characters, None] = {}
        self._meant: dict[Characters, frozenset[str]] = {}
        self._cases = 0

    def name(self, characters: Characters) -> None:
        """The pattern has these; nothing changes where the symbols are listed. Raises LimitError for too many."""
        self._named[characters] = None
        if self.listed is None:
            self._limits.refuse_more("symbols", _count(merged(characters.ranges)))

    @cached_property
    def every(self) -> list[str]:
        """All, sorted; to be asked only after all are named."""
        found = set(self.listed or ())
        by_flags: dict[re.RegexFlag, list[tuple[str, str]]] = {}
        for characters in self._named if self.listed is None else ():
            by_flags.setdefault(characters.flags, []).extend(characters.named())
        for flags, ranges in by_flags.items():
            self._limits.refuse_more("symbols", _count(merged(ranges)))
            for character in (chr(code) for each in merged(ranges) for code in _codes(*each)):
                found.update(_cases(character, flags) if flags & re.IGNORECASE else character)
        self._limits.refuse_more("symbols", len(found))
        return sorted(found)

    def of(self, characters: Characters) -> frozenset[str]:
        """The symbols that are meant; to be asked only after all are named. Raises LimitError for too much work."""
        if characters not in self._meant:
            found = frozenset[str]().union(*self._pieces(characters))
            self._meant[characters] = frozenset(self.every).difference(found) if characters.others else found
        return self._meant[characters]

    def _pieces(self, characters: Characters) -> Iterator[frozenset[str]]:
        kinds = "".join(f"\\{kind}" for kind in characters.kinds)
        if characters.ranges and characters.flags & re.IGNORECASE and not _caseless(characters.one):
            self._cases += _count(characters.ranges)
            self._limits.refuse_more("cases", self._cases)
            yield self._asked(f"[{''.join(map(_written, characters.ranges))}{kinds}]", characters.flags)
        else:
            for first, last in characters.ranges:
                yield frozenset(self.every[bisect_left(self.every, first) : bisect_right(self.every, last)])
            if kinds:
                yield self._asked(f"[{kinds}]", characters.flags)
        for category in characters.categories:
            yield frozenset(symbol for symbol in self.every if _in_category(symbol, category))

    def _asked(self, pattern: str, flags: re.RegexFlag) -> frozenset[str]:
        """The symbols that a pattern of one character matches in Python."""
        return frozenset(re.findall(pattern, "".join(self.every), flags))


def merged(ranges: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The same characters in as few ranges as it takes, sorted."""
    found: list[tuple[str, str]] = []
    for first, last in sorted(ranges):
        if found and ord(first) <= ord(found[-1][1]) + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _codes(first: str, last: str) -> range:
    return range(ord(first), ord(last) + 1)


def _count(ranges: Iterable[tuple[str, str]]) -> int:
    return sum(len(_codes(*each)) for each in ranges)


def _caseless(character: str) -> bool:
    """Whether it is a character that no other one equals but for its case."""
    return character != "" and character.lower() == character == character.upper()


def _in_category(symbol: str, category: str) -> bool:
    """`L` holds `Lu`, `Ll` and so on; `^L` holds all others."""
    return unicodedata.category(symbol).startswith(category.removeprefix("^")) != category.startswith("^")


def _cases(character: str, flags: re.RegexFlag) -> Iterator[str]:
    """The character, and it in lower and upper case where that is one character, and with (?a) one of ASCII."""
    yield character
    for other in (character.lower(), character.upper(), character.upper().lower()):
        if len(other) == 1 and (other.isascii() or not flags & re.ASCII):
            yield other


def _written(characters: tuple[str, str]) -> str:
    """As the pattern has it: of capitals above U+FFFF, Python takes a range in either case, a character as it is."""
    first, last = (f"\\U{ord(each):08x}" for each in characters)
    return first if first == last else f"{first}-{last}"
