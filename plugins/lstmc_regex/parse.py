"""Read a regular expression as Python writes it, with every problem that it has.

Python has a parser of its own, which is private, rewrites what it reads (ab|ac becomes a(?:b|c), so that positions
change) and calls itself for every group; this one is a loop.
"""

import re
from typing import Literal

from lstmc.errors import LimitError
from lstmc.grammar.formats import quoted
from lstmc_regex.classes import Symbols, has_alphabet, read_any, read_class, read_escape, read_literal, some
from lstmc_regex.limits import LONGEST_COUNT, MAX_DEPTH, Limits
from lstmc_regex.positions import Choice, Node, One, Repeat, Row
from lstmc_regex.scan import Scanner, raise_problems

_COUNT = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_NAME = re.compile(r"\?P<([^>]*)>")
_STRANGE = (  # what a group may begin with that we do not understand
    (re.compile(r"\?="), "a lookahead"),
    (re.compile(r"\?!"), "a negative lookahead"),
    (re.compile(r"\?<="), "a lookbehind"),
    (re.compile(r"\?<!"), "a negative lookbehind"),
    (re.compile(r"\?P=[^)]*"), "a backreference"),
    (re.compile(r"\?#[^)]*"), "a comment"),
    (re.compile(r"\?>"), "an atomic group"),
    (re.compile(r"\?\([^)]*\)"), "a condition"),
    (re.compile(r"\?[A-Za-z-]+(?=[:)]):?"), "a flag"),
    (re.compile(r"\?<?"), "an extension"),
)
_ANCHORS: dict[str, Literal["^", "$"]] = {"^": "^", "$": "$", "\\A": "^", "\\Z": "$", "\\z": "$"}


class _Group:
    """A group that is open, and its branches so far."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.branches: list[list[Node]] = [[]]

    def node(self) -> Node:
        rows: list[Node] = [row[0] if len(row) == 1 else Row(row) for row in self.branches]
        return rows[0] if len(rows) == 1 else Choice(rows)


def parse(pattern: str, symbols: Symbols, limits: Limits) -> Node:
    """Raises ParameterError with every problem, LimitError for one too large."""
    limits.refuse_more("characters", len(pattern))
    scanner = Scanner("pattern", pattern)
    tree = _Parser(scanner, symbols, limits).tree()
    if scanner.problems:
        raise_problems(scanner.problems)
    limits.refuse_more("positions", tree.size)
    return tree


class _Parser:
    def __init__(self, scanner: Scanner, symbols: Symbols, limits: Limits) -> None:
        self._scanner, self._symbols = scanner, symbols
        self._open, self._limits, self._read = [_Group(0)], limits, 0
        self._names: set[str] = set()

    def tree(self) -> Node:
        while self._scanner.more:
            at = self._scanner.at
            sign = self._scanner.take()
            if sign == "(":
                self._begin_group(at)
            elif sign == "|":
                self._open[-1].branches.append([])
            elif sign == ")":
                self._end_group(at)
            else:
                self._piece(at, sign)
        if len(self._open) > 1:
            help = "close it with ), or write \\( for the sign itself"
            self._scanner.stop(self._open[-1].at, "a group that is never closed", help)
        return self._open[0].node()

    def _begin_group(self, at: int) -> None:
        if len(self._open) > MAX_DEPTH:
            raise LimitError(f"regex: groups nested more than {MAX_DEPTH} deep", "write the pattern with fewer groups")
        self._open.append(_Group(at))
        scanner = self._scanner
        name = scanner.match(_NAME)
        if name is not None:
            self._name(at, name[1])
        elif not scanner.skip("?:"):
            self._strange(at)

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
        self._add(self._open.pop().node())

    def _piece(self, at: int, sign: str) -> None:
        scanner, symbols = self._scanner, self._symbols
        if sign in "*+?" or (sign == "{" and self._count_stands(at)):
            scanner.stop(at, f"'{sign}' with nothing before it to repeat", "write \\ before it for the sign itself")
        anchor = _ANCHORS.get(scanner.text[at : at + 2] if sign == "\\" else sign)
        if anchor is not None:
            scanner.at = at + (2 if sign == "\\" else 1)
            self._open[-1].branches[-1].append(One(anchor))
        elif sign == "[":
            self._add(self._one(read_class(scanner, symbols)))
        elif sign == ".":
            self._add(self._one(read_any(scanner, at, symbols)))
        elif sign == "\\":
            self._add(self._one(self._escape(at)))
        else:
            self._add(One(read_literal(scanner, at, sign, symbols)))

    def _one(self, reads: frozenset[str]) -> One:
        """A position. Each symbol that it reads will be a rule or several, so too many are refused at once."""
        self._read += len(reads)
        self._limits.refuse_more("rules", self._read)
        return One(reads)

    def _escape(self, at: int) -> frozenset[str]:
        scanner, symbols, problems = self._scanner, self._symbols, len(self._scanner.problems)
        characters = read_escape(scanner, at)
        if len(scanner.problems) > problems or (characters.others and not has_alphabet(scanner, at, symbols)):
            return frozenset()
        if characters.one:
            return read_literal(scanner, at, characters.one, symbols)
        return some(scanner, at, symbols.of(characters))

    def _add(self, node: Node) -> None:
        """A piece, as often as it says that it is repeated."""
        self._open[-1].branches[-1].append(self._repeated(node))
        at, scanner = self._scanner.at, self._scanner
        if scanner.text[at : at + 1] in ("*", "+", "?") or self._count_stands(at):
            scanner.stop(at, "a second repetition of the same piece", "put the first one into a group: (?:a*)*")

    def _repeated(self, node: Node) -> Node:
        scanner = self._scanner
        at = scanner.at
        most: int | None
        if scanner.skip("*"):
            least, most = 0, None
        elif scanner.skip("+"):
            least, most = 1, None
        elif scanner.skip("?"):
            least, most = 0, 1
        elif self._count_stands(at):
            least, most = self._count()
        else:
            return node
        if scanner.skip("+"):
            scanner.refuse(scanner.at - 1, "a possessive repetition, which is not understood", "take the + out")
        scanner.skip("?")  # a lazy one prefers other matches, and allows the same strings
        return Repeat(node, least, most)

    def _count_stands(self, at: int) -> bool:
        """Whether {m}, {m,}, {,n} or {m,n} stands there; any other { is a literal, as in Python."""
        found = _COUNT.match(self._scanner.text, at)
        return found is not None and found[0] != "{}"

    def _count(self) -> tuple[int, int | None]:
        at = self._scanner.at
        found = self._scanner.match(_COUNT)
        assert found is not None, "asked before"
        least, comma, most = found.groups()
        if max(len(least), len(most)) > LONGEST_COUNT:
            digits = f"{LONGEST_COUNT} digits"
            raise LimitError(f"regex: pattern, column {at + 1}: a count of more than {digits}", "take a smaller one")
        low, high = int(least or 0), (int(most) if most else None) if comma else int(least)
        if high is not None and high < low:
            self._scanner.refuse(at, f"{found[0]} asks for at least {low} and at most {high}", "turn the numbers round")
            high = low
        return low, high
