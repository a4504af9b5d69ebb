"""Read a regular expression as Python writes it, with every problem that it has.

Python has a parser of its own, which is private, rewrites what it reads (ab|ac becomes a(?:b|c), so that positions
change) and calls itself for every group; this one is a loop.
"""

import re
from typing import NamedTuple

from lstmc.errors import LimitError
from lstmc.grammar.formats import quoted
from lstmc_regex.classes import need_alphabet, need_symbol, only, read_class, read_escape
from lstmc_regex.flags import Change, read_flags
from lstmc_regex.limits import LONGEST_COUNT, MAX_DEPTH, Limits
from lstmc_regex.positions import Assertion, Atomic, Choice, Node, One, Repeat, Row
from lstmc_regex.scan import Scanner
from lstmc_regex.symbols import NO_FLAGS, Characters, Symbols

_COUNT = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_NAME = re.compile(r"\?(?:P?<(?![=!])([^>]*)>|'([^']*)')")
_COMMENT = re.compile(r"\?#(?:[^\\)]|\\.)*(\)?)", re.DOTALL)  # in which Python reads \) as one sign
_VERBOSE_COMMENT = re.compile(r"(?:[^\\\n]|\\.)*\n?", re.DOTALL)
_BLANKS = " \t\n\r\v\f"
_STRANGE = (  # what a group may begin with that we do not understand
    (re.compile(r"\?="), "a lookahead"),
    (re.compile(r"\?!"), "a negative lookahead"),
    (re.compile(r"\?<="), "a lookbehind"),
    (re.compile(r"\?<!"), "a negative lookbehind"),
    (re.compile(r"\?P=[^)]*"), "a backreference"),
    (re.compile(r"\?(?:R|[+-]?[0-9]+|P?>\w+|&\w+)(?=\))"), "a pattern inside itself"),
    (re.compile(r"\?\([^)]*\)"), "a condition"),
    (re.compile(r"\?\|"), "a group that counts groups anew"),
    (re.compile(r"\*[A-Za-z_:]+(?=\))"), "a control verb"),
    (re.compile(r"\?<?"), "an extension"),
)
_ASSERTIONS = {"\\A": "\\A", "\\Z": "\\Z", "\\z": "\\Z", "\\b": "\\b", "\\B": "\\B"}

PIECE, ASSERTION, REPEATED = "piece", "assertion", "repeated"


class Parsed(NamedTuple):
    """The pattern as a tree, with the assertions that it has."""

    tree: Node
    assertions: frozenset[str]
    scanner: Scanner  # for what is found to be wrong later


class _Group:
    """A group that is open, and its branches so far; `last` is what a repetition would repeat, "" where nothing."""

    def __init__(self, at: int, flags: re.RegexFlag, atomic: bool = False) -> None:
        self.at, self.flags, self.atomic, self.last = at, flags, atomic, ""
        self.branches: list[list[Node]] = [[]]

    def add(self, node: Node, kind: str = PIECE) -> None:
        self.branches[-1].append(node)
        self.last = kind

    def node(self) -> Node:
        rows: list[Node] = [row[0] if len(row) == 1 else Row(row) for row in self.branches]
        whole = rows[0] if len(rows) == 1 else Choice(rows)
        return Atomic(whole, self.at) if self.atomic else whole


def parse(pattern: str, symbols: Symbols, limits: Limits) -> Parsed:
    """Raises ParameterError with every problem, LimitError for one too large."""
    limits.refuse_more("characters", len(pattern))
    scanner = Scanner("pattern", pattern)
    parser = _Parser(scanner, symbols)
    tree = parser.tree()
    scanner.raise_problems()
    limits.refuse_more("positions", tree.size)
    return Parsed(tree, frozenset(parser.assertions), scanner)


class _Parser:
    def __init__(self, scanner: Scanner, symbols: Symbols) -> None:
        self._scanner, self._symbols = scanner, symbols
        self._open = [_Group(0, NO_FLAGS)]
        self._names: set[str] = set()
        self._types = ""  # a or u, as it is said for the whole pattern
        self.assertions: set[str] = set()

    @property
    def _group(self) -> _Group:
        return self._open[-1]

    def tree(self) -> Node:
        while self._scanner.more:
            at = self._scanner.at
            sign = self._scanner.take()
            if self._group.flags & re.VERBOSE and sign in _BLANKS:
                pass
            elif self._group.flags & re.VERBOSE and sign == "#":
                self._scanner.match(_VERBOSE_COMMENT)
            elif sign == "(":
                self._begin_group(at)
            elif sign == "|":
                self._group.branches.append([])
                self._group.last = ""
            elif sign == ")":
                self._end_group(at)
            elif sign in "*+?" or (sign == "{" and self._count_stands(at)):
                self._repeat(at)
            else:
                self._piece(at, sign)
        if len(self._open) > 1:
            help = "close it with ), or write \\( for the sign itself"
            self._scanner.stop(self._group.at, "a group that is never closed", help)
        return self._open[0].node()

    def _begin_group(self, at: int) -> None:
        scanner, flags = self._scanner, self._group.flags
        comment = scanner.match(_COMMENT)
        if comment is not None:
            if not comment[1]:
                scanner.stop(at, "a comment that is never closed", "close it with )")
            return
        change = read_flags(scanner, at)
        if change is not None and change.here:
            self._change_all(at, change)
            return
        if len(self._open) > MAX_DEPTH:
            raise LimitError(f"regex: groups nested more than {MAX_DEPTH} deep", "write the pattern with fewer groups")
        name = scanner.match(_NAME)
        atomic = scanner.skip("?>")
        self._open.append(_Group(at, change.of(flags) if change else flags, atomic))
        if name is not None:
            self._name(at, name[1] or name[2] or "")
        elif not atomic and change is None:
            self._strange(at)

    def _change_all(self, at: int, change: Change) -> None:
        """Flags of the whole pattern, which stand at its begin."""
        shown = quoted(self._scanner.text[at : self._scanner.at])
        types = "".join(letter for letter in change.on if letter in "au")
        if len(self._open) > 1 or len(self._group.branches) > 1 or self._group.branches[0]:
            message = f"the flags {shown} behind the begin of the pattern"
            self._scanner.refuse(at, message, "put them there, or write (?i:...) around what they are for")
        elif self._types and types and self._types[0] != types[0]:
            self._scanner.refuse(at, f"{shown} and another flag exclude each other", "take a or u out")
        self._types = self._types or types
        self._group.flags = change.of(self._group.flags)

    def _strange(self, at: int) -> None:
        tried = ((self._scanner.match(begin), what) for begin, what in _STRANGE)
        found, what = next(((found, what) for found, what in tried if found is not None), (None, ""))
        if found is not None:
            self._scanner.refuse(at, f"{quoted('(' + found[0])}, {what}, which is not understood")

    def _name(self, at: int, name: str) -> None:
        if not name.isidentifier():
            self._scanner.refuse(at, f"a group cannot be called {quoted(name)}", "write (?:...), or (...)")
        elif name in self._names:
            self._scanner.refuse(at, f"two groups are called {quoted(name)}", "give it a name of its own")
        self._names.add(name)

    def _end_group(self, at: int) -> None:
        if len(self._open) == 1:
            self._scanner.stop(at, "a ) that closes nothing", "take it out, or write \\) for the sign itself")
        closed = self._open.pop()
        self._group.add(closed.node())

    def _piece(self, at: int, sign: str) -> None:
        scanner, flags, wrong = self._scanner, self._group.flags, self._scanner.wrong
        assertion = self._assertion(scanner.text[at : at + 2] if sign == "\\" else sign)
        if assertion is not None:
            scanner.at = at + (2 if sign == "\\" else 1)
            self.assertions.add(assertion)
            self._group.add(Assertion(assertion), ASSERTION)
        elif sign == "\\" and scanner.skip("Q"):
            end = scanner.text.find("\\E", scanner.at)
            for place in range(scanner.at, end if end >= 0 else len(scanner.text)):
                self._one(place, only(scanner.text[place], flags), scanner.wrong)
            scanner.at = end + 2 if end >= 0 else len(scanner.text)
        elif sign == "[":
            self._one(at, read_class(scanner, self._symbols, flags), wrong)
        elif sign == ".":
            self._one(at, Characters(() if flags & re.DOTALL else (("\n", "\n"),), others=True), wrong)
        else:
            self._one(at, read_escape(scanner, at, flags) if sign == "\\" else only(sign, flags), wrong)

    def _assertion(self, sign: str) -> str | None:
        """The name of the assertion that a sign is here, if it is one."""
        flags = self._group.flags
        if sign in ("^", "$"):
            return f"(?m){sign}" if flags & re.MULTILINE else {"^": "\\A", "$": "$"}[sign]
        name = _ASSERTIONS.get(sign)
        return f"(?a){name}" if name in ("\\b", "\\B") and flags & re.ASCII else name

    def _one(self, at: int, characters: Characters, wrong: int) -> None:
        """A position; `wrong` is how much was wrong before it was read."""
        characters = characters._replace(flags=characters.flags & (re.IGNORECASE | re.ASCII))
        self._group.add(One(characters))
        if self._scanner.wrong > wrong:
            return
        if not characters.open or need_alphabet(self._scanner, at, self._symbols):
            self._symbols.name(characters)
            need_symbol(self._scanner, at, characters, self._symbols)

    def _repeat(self, at: int) -> None:
        """The last piece, as often as a sign at `at` says, which may be read already."""
        scanner, group = self._scanner, self._group
        if group.last in ("", ASSERTION):
            sign = scanner.text[at]
            scanner.stop(at, f"'{sign}' with nothing before it to repeat", "write \\ before it for the sign itself")
        if group.last == REPEATED:
            scanner.stop(at, "a second repetition of the same piece", "put the first one into a group: (?:a*)*")
        scanner.at = at
        least, most = self._count()
        possessive = scanner.skip("+")
        lazy = not possessive and scanner.skip("?")  # it prefers other matches, and allows the same strings
        repeated: Node = Repeat(group.branches[-1].pop(), least, most, lazy)
        group.add(Atomic(repeated, at) if possessive else repeated, REPEATED)

    def _count_stands(self, at: int) -> bool:
        """Whether {m}, {m,}, {,n} or {m,n} stands there; any other { is a literal, as in Python."""
        found = _COUNT.match(self._scanner.text, at)
        return found is not None and found[0] != "{}"

    def _count(self) -> tuple[int, int | None]:
        scanner = self._scanner
        at = scanner.at
        found = scanner.match(_COUNT)
        if found is None:
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[scanner.take()]
        least, comma, most = found.groups()
        if max(len(least), len(most)) > LONGEST_COUNT:
            digits = f"{LONGEST_COUNT} digits"
            raise LimitError(f"regex: {scanner.place(at)}: a count of more than {digits}", "take a smaller one")
        low, high = int(least or 0), (int(most) if most else None) if comma else int(least)
        if high is not None and high < low:
            scanner.refuse(at, f"{found[0]} asks for at least {low} and at most {high}", "turn the numbers round")
            high = low
        return low, high
