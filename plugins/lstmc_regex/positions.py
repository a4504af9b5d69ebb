"""From a pattern to its positions, and to which may follow which (Glushkov 1961; McNaughton & Yamada 1960).

    a(b|c)*d        positions    a1 b2 c3 d4          first: 1          last: 4
                    follow       1: 2 3 4    2: 2 3 4    3: 2 3 4

A position is a literal or a class, written out as often as it is repeated. Every string of the pattern is a walk
from a first position along `follow` to a last one. An anchor is a position that reads nothing; `without_anchors` takes
it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol

from lstmc_regex.limits import Limits

Reads = frozenset[str] | Literal["^", "$"]  # one of these symbols; nothing, at the begin or the end


class Part(NamedTuple):
    """What a piece of a pattern comes to: where its strings begin and end, and whether one of them is empty."""

    first: frozenset[int]
    last: frozenset[int]
    empty: bool


NOTHING = Part(frozenset(), frozenset(), empty=True)  # the empty string alone


@dataclass
class Positions:
    """The positions so far, by number: what each reads, and which may follow it."""

    limits: Limits
    reads: list[Reads] = field(default_factory=list)
    follow: list[set[int]] = field(default_factory=list)
    _pairs: int = 0

    def add(self, reads: Reads) -> Part:
        self.reads.append(reads)
        self.follow.append(set())
        only = frozenset([len(self.reads) - 1])
        return Part(only, only, empty=False)

    def join(self, before: frozenset[int], after: frozenset[int]) -> None:
        """Raises LimitError where there are more pairs than there may be rules, for each pair is a rule or several."""
        for position in before:
            followers = self.follow[position]
            self._pairs -= len(followers)
            followers |= after
            self._pairs += len(followers)
            self.limits.refuse_more("rules", self._pairs)


class Node(Protocol):
    """A piece of a pattern. `size` is how many positions it has, `grow` adds them."""

    @property
    def size(self) -> int: ...

    def grow(self, positions: Positions) -> Part: ...


@dataclass(frozen=True)
class One:
    """A literal, a class, or an anchor."""

    reads: Reads
    size: int = 1

    def grow(self, positions: Positions) -> Part:
        return positions.add(self.reads)


class Row:
    """One piece after the other."""

    def __init__(self, pieces: Sequence[Node]) -> None:
        self.pieces, self.size = pieces, sum(piece.size for piece in pieces)

    def grow(self, positions: Positions) -> Part:
        first: set[int] = set()
        last: set[int] = set()
        empty = True
        for piece in self.pieces:
            part = piece.grow(positions)
            positions.join(frozenset(last), part.first)
            if empty:
                first |= part.first
            if not part.empty:
                last.clear()
            last |= part.last
            empty = empty and part.empty
        return Part(frozenset(first), frozenset(last), empty)


class Choice:
    """One piece or another."""

    def __init__(self, pieces: Sequence[Node]) -> None:
        self.pieces, self.size = pieces, sum(piece.size for piece in pieces)

    def grow(self, positions: Positions) -> Part:
        parts = [piece.grow(positions) for piece in self.pieces]
        first = frozenset().union(*(part.first for part in parts))
        last = frozenset().union(*(part.last for part in parts))
        return Part(first, last, any(part.empty for part in parts))


class Repeat:
    """A piece `least` to `most` times, or without end where `most` is None.

    x{2,4} is x x (x (x)?)?, so that a copy is followed by the next one alone. Where x may be empty nothing changes but
    that none is needed: what a string reads is then some copies that are not.
    """

    def __init__(self, piece: Node, least: int, most: int | None) -> None:
        self.piece, self.least, self.endless = piece, least, most is None
        self.copies = (max(1, least) if most is None else most) if piece.size else 0
        self.size = piece.size * self.copies

    def grow(self, positions: Positions) -> Part:
        copies = [self.piece.grow(positions) for _ in range(self.copies)]
        if not copies:
            return NOTHING
        for one, other in pairwise(copies):
            positions.join(one.last, other.first)
        if self.endless:
            positions.join(copies[-1].last, copies[-1].first)
        least = 0 if copies[0].empty else self.least
        last = frozenset().union(*(copy.last for copy in copies[max(1, least) - 1 :]))
        return Part(copies[0].first, last, least == 0)


def without_anchors(positions: Positions, whole: Part) -> Part:
    """The same strings without the anchors; what only an anchor in the middle leads to is left without a way in.

    `^` holds before the first symbol and `$` after the last, so a string is: some `^`, its symbols, some `$`. Of the
    empty string both hold anywhere.
    """
    reads, follow = positions.reads, positions.follow
    letters = {number for number, each in enumerate(reads) if isinstance(each, frozenset)}
    if len(letters) == len(reads):
        return whole
    before = _closure(whole.first, follow, {number for number, each in enumerate(reads) if each == "^"})
    both = _closure(whole.first, follow, set(range(len(reads))) - letters)
    after = _closure(whole.last, _backwards(follow), {number for number, each in enumerate(reads) if each == "$"})
    for number in range(len(reads)):
        follow[number] = follow[number] & letters if number in letters else set()
    return Part(
        frozenset(before & letters),
        frozenset(after & letters),
        whole.empty or any(number not in letters and number in whole.last for number in both),
    )


def used(positions: Positions, whole: Part) -> list[int]:
    """The positions that some string reads, in their order: anchors may leave others."""
    every = set(range(len(positions.reads)))
    reached = _closure(whole.first, positions.follow, every)
    return sorted(reached & _closure(whole.last, _backwards(positions.follow), every))


def _backwards(follow: Sequence[set[int]]) -> list[set[int]]:
    into: list[set[int]] = [set() for _ in follow]
    for number, followers in enumerate(follow):
        for follower in followers:
            into[follower].add(number)
    return into


def _closure(begin: frozenset[int], ways: Sequence[set[int]], through: set[int]) -> set[int]:
    """The positions of `begin`, and those that ways lead to from them by positions of `through` alone."""
    found = set(begin)
    todo = list(found & through)
    while todo:
        fresh = ways[todo.pop()] - found
        found |= fresh
        todo += fresh & through
    return found
