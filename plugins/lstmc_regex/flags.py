"""The flags of a pattern, `(?i)` at its begin and `(?i-s:...)` around a piece, as Python takes them."""

import re
from typing import NamedTuple

from lstmc.grammar.formats import quoted
from lstmc_regex.scan import Scanner

FLAGS = re.compile(r"\?(?!R\))([A-Za-z^]*)(?:(-)([A-Za-z]*))?([:)])")
_LETTERS = {"a": re.ASCII, "i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "u": re.UNICODE, "x": re.VERBOSE}
_TYPES = "au"  # one or the other
_HELP = "there are i m s x, and a or u; behind - there are i m s x"


class Change(NamedTuple):
    """What a group of flags asks for; `here` where it holds for what follows, not for a piece of its own."""

    on: str
    off: str
    here: bool

    def of(self, flags: re.RegexFlag) -> re.RegexFlag:
        """The flags that hold then. `u` is what holds unless `a` does, so it is no flag of its own."""
        if any(letter in _TYPES for letter in self.on):
            flags &= ~re.ASCII
        for letter in self.on.replace("u", ""):
            flags |= _LETTERS[letter]
        for letter in self.off:
            flags &= ~_LETTERS[letter]
        return flags


def read_flags(scanner: Scanner, at: int) -> Change | None:
    """The flags behind a `(` at `at`, if such a group stands there; notes what is wrong with them."""
    found = scanner.match(FLAGS)
    if found is None:
        return None
    on, minus, off, end = found[1], found[2], found[3] or "", found[4]
    shown = quoted(scanner.text[at : scanner.at])
    unknown = next((letter for letter in on + off if letter not in _LETTERS), None)
    if unknown is not None:
        scanner.refuse(at, f"{shown}, with the flag {quoted(unknown)}, which is not understood", _HELP)
    elif set(_TYPES) <= set(on):
        scanner.refuse(at, f"{shown}, with flags that exclude each other", "take a or u out")
    elif set(_TYPES) & set(off):
        scanner.refuse(
            at, f"{shown} takes a flag away that only another one replaces", "write u for not a, and a for not u"
        )
    elif set(on) & set(off):
        scanner.refuse(at, f"{shown} gives a flag and takes it away", "take one of them out")
    elif minus and (not off or end == ")"):
        scanner.refuse(at, f"{shown} takes a flag away from nothing", "write (?-i:...) around a piece")
    elif end == ")" and not on:
        scanner.refuse(at, f"{shown} names no flag", _HELP)
    else:
        return Change(on, off, end == ")")
    return Change("", "", end == ")")
