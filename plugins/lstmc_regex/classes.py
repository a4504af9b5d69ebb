"""What one position may read: characters, escapes and classes, as sets of symbols.

a    \\n    \\x41    \\d    [a-z0-9_]    [^"]    .
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from lstmc.grammar.formats import quoted
from lstmc_regex.limits import Limits
from lstmc_regex.scan import Scanner, raise_problems

_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODES = {"x": 2, "u": 4, "U": 8}  # how many hexadecimal digits follow
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_LAST = 0x10FFFF  # of Unicode
_KINDS = {  # ASCII alone; of white space what a symbol may be
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": (("\t", "\n"), ("\r", "\r"), (" ", " ")),
}
_POSIX = ("[:", "[.", "[=")

NEEDS_ALPHABET = "say which symbols there are, as in a class: --set alphabet=a-z"

Ranges = Sequence[tuple[str, str]]  # the first and the last character of each


class Characters(NamedTuple):
    """Those of the ranges, or all others."""

    ranges: Ranges
    others: bool = False

    @property
    def one(self) -> str:
        """The character, where there is only one; else nothing."""
        first, last = self.ranges[0]
        return first if first == last and len(self.ranges) == 1 and not self.others else ""


class Symbols:
    """The symbols that may be meant: those of an alphabet, in its order, or any where there is none."""

    def __init__(self, alphabet: Sequence[str] | None, limits: Limits) -> None:
        self.alphabet, self._limits = alphabet, limits
        self._sorted = sorted(set(alphabet or ()))

    def of(self, characters: Characters) -> frozenset[str]:
        """Raises LimitError for too many."""
        found: set[str] = set()
        for first, last in characters.ranges:
            if self.alphabet is None:
                self._limits.refuse_more("symbols", len(found) + 1 + ord(last) - ord(first))
                found |= set(map(chr, range(ord(first), ord(last) + 1)))
            else:
                found |= set(self._sorted[bisect_left(self._sorted, first) : bisect_right(self._sorted, last)])
        return frozenset(self._sorted).difference(found) if characters.others else frozenset(found)


def read_alphabet(text: str, limits: Limits) -> list[str] | None:
    """The symbols that a text lists as a class does, `a-z0-9_`, in its order; None where it is empty."""
    if not text:
        return None
    scanner, listed = Scanner("alphabet", text), []
    any_symbol = Symbols(None, limits)
    while scanner.more:
        begin = scanner.at
        ranges, others = _item(scanner)
        if others:
            scanner.stop(begin, "all symbols but some, where all are to be listed", "list the symbols that there are")
        for each in ranges:
            listed += sorted(any_symbol.of(Characters([each])))
            limits.refuse_more("symbols", len(listed))
    if scanner.problems:
        raise_problems(scanner.problems)
    return listed


def read_class(scanner: Scanner, symbols: Symbols) -> frozenset[str]:
    """A class, of which `[` is read already; the empty set where something is wrong with it."""
    begin, problems = scanner.at - 1, len(scanner.problems)
    negated = scanner.skip("^")
    first, found = scanner.at, frozenset[str]()
    while scanner.at == first or not scanner.skip("]"):  # ] in the first place is a literal
        if not scanner.more:
            scanner.stop(begin, "a class that is never closed", "close it with ], or write \\[ for the sign itself")
        at = scanner.at
        item = _item(scanner)
        if item.one and not negated:
            found |= read_literal(scanner, at, item.one, symbols)
        elif not item.others or has_alphabet(scanner, at, symbols):
            found |= symbols.of(item)
    if len(scanner.problems) > problems or (negated and not has_alphabet(scanner, begin, symbols)):
        return frozenset()
    return some(scanner, begin, frozenset(symbols.alphabet or ()) - found if negated else found)


def read_literal(scanner: Scanner, at: int, character: str, symbols: Symbols) -> frozenset[str]:
    """The character alone, which must be in the alphabet."""
    if symbols.alphabet is not None and not symbols.of(Characters([(character, character)])):
        scanner.refuse(at, f"{quoted(character)} is not in the alphabet", "add it there, or take it out here")
    return frozenset([character])


def read_any(scanner: Scanner, at: int, symbols: Symbols) -> frozenset[str]:
    """All symbols but the line break."""
    line_break = Characters([("\n", "\n")], others=True)
    return some(scanner, at, symbols.of(line_break)) if has_alphabet(scanner, at, symbols) else frozenset()


def read_escape(scanner: Scanner, at: int, in_class: bool = False) -> Characters:
    """What stands behind a backslash, which is read already and stands at `at`."""
    if not scanner.more:
        scanner.stop(at, "a backslash with nothing behind it", "write \\\\ for the sign itself")
    sign = scanner.take()
    if sign in _CONTROLS:
        return _only(_CONTROLS[sign])
    if sign == "b" and in_class:
        return _only("\b")
    if sign.lower() in _KINDS:
        return Characters(_KINDS[sign.lower()], others=sign.isupper())
    if sign in _CODES:
        return _only(_code(scanner, at, sign))
    if sign in "0123456789" or (sign.isascii() and sign.isalpha()):
        scanner.refuse(at, _unknown(sign, in_class))
    return _only(sign)


def has_alphabet(scanner: Scanner, at: int, symbols: Symbols) -> bool:
    """Notes where there is none, and one is needed."""
    if symbols.alphabet is None:
        shown = quoted(scanner.text[at : scanner.at])
        scanner.refuse(at, f"{shown} takes its symbols from the alphabet, and there is none", NEEDS_ALPHABET)
    return symbols.alphabet is not None


def some(scanner: Scanner, at: int, found: frozenset[str]) -> frozenset[str]:
    """Notes where nothing is found."""
    if not found:
        scanner.refuse(at, "no symbol of the alphabet is meant", "add one to the alphabet, or take this out")
    return found


def _item(scanner: Scanner) -> Characters:
    """A character of a class, an escape, or a range of characters."""
    at = scanner.at
    if scanner.text.startswith(_POSIX, at) and scanner.parameter == "pattern":
        scanner.refuse(at, "a POSIX class, which is not understood", "write it as ranges, or \\[ for the sign itself")
    first = _character(scanner)
    follows = scanner.text[scanner.at : scanner.at + 2]
    if follows[:1] != "-" or follows in ("-", "-]"):
        return first
    scanner.take()
    last = _character(scanner)
    if not first.one or not last.one:
        scanner.refuse(at, "a range with an end that is no single character", "write \\- for the sign itself")
        return first
    if last.one < first.one:
        scanner.refuse(
            at, f"a range that ends before it begins, {quoted(scanner.text[at : scanner.at])}", "turn it round"
        )
        return first
    return Characters([(first.one, last.one)])


def _character(scanner: Scanner) -> Characters:
    at = scanner.at
    return read_escape(scanner, at, in_class=True) if scanner.skip("\\") else _only(scanner.take())


def _only(character: str) -> Characters:
    return Characters([(character, character)])


def _code(scanner: Scanner, at: int, sign: str) -> str:
    digits = scanner.text[scanner.at : scanner.at + _CODES[sign]]
    if len(digits) < _CODES[sign] or not _HEXADECIMAL.issuperset(digits) or int(digits, 16) > _LAST:
        scanner.refuse(at, f"\\{sign} without {_CODES[sign]} hexadecimal digits of a character", "write all of them")
        return "?"
    scanner.at += len(digits)
    return chr(int(digits, 16))


def _unknown(sign: str, in_class: bool) -> str:
    if sign in "123456789" and not in_class:
        return f"the backreference '\\{sign}', which is not understood: no finite graph remembers what a group has read"
    names = {"N": "a character by its name", "b": "a word boundary", "B": "a word boundary"}
    what = "a character in octal" if sign.isdigit() else names.get(sign, "an escape that is none of ours")
    return f"'\\{sign}', {what}, which is not understood"
