"""From a pattern to its positions, and to which may follow which (Glushkov 1961; McNaughton & Yamada 1960).

    a(b|c)*d        positions    a1 b2 c3 d4          first: 1          last: 4
                    follow       1: 2 3 4    2: 2 3 4    3: 2 3 4

A position is a literal or a class, written out as often as it is repeated. Every string of the pattern is a walk
from a first position along `follow` to a last one. An assertion (`^`, `\\b`) has no position: it says in which contexts
one may follow the other, so each way has a mask (`contexts.py`). A class is split into positions that each read
symbols of one kind, where kinds matter, so that in the end a way is there or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

from lstmc_regex.contexts import EDGE, Contexts
from lstmc_regex.limits import Limits
from lstmc_regex.symbols import Characters, Symbols

Ends = Mapping[int, frozenset[int]]  # positions by the mask of the contexts in which they are meant


class Part(NamedTuple):
    """What a piece of a pattern comes to: where its strings begin and end, and where one of them is empty."""

    first: Ends
    last: Ends
    empty: int  # a mask
    greedy: bool = True  # whether Python tries to read on before it stops


class Walks(NamedTuple):
    """The positions that some string reads, in their order, and how strings walk through them."""

    reads: dict[int, frozenset[str]]
    first: frozenset[int]
    follow: dict[int, frozenset[int]]
    last: frozenset[int]
    empty: bool
    empty_in_python_3_14: bool


class Positions:
    """The positions so far, by number: what each reads, of which side it is, and which may follow it."""

    def __init__(self, symbols: Symbols, contexts: Contexts, limits: Limits) -> None:
        self.symbols, self.contexts, self._limits = symbols, contexts, limits
        self.reads: list[frozenset[str]] = []
        self._sides: list[int] = []
        self._follow: list[dict[int, set[int]]] = []
        self._pairs = self._symbols_read = 0
        self._guards: dict[int, dict[int, tuple[frozenset[int], frozenset[str]]]] = {}
        self.giving_back: set[int] = set()  # where atomic groups stand that change what matches

    def add(self, characters: Characters) -> Part:
        """Raises LimitError for too many; each symbol that a position reads will be a rule or several."""
        begin = len(self.reads)
        for side, symbols in self.contexts.split(self.symbols.of(characters)):
            self.reads.append(symbols)
            self._sides.append(side)
            self._follow.append({})
            self._symbols_read += len(symbols)
        self._limits.refuse_more("positions", len(self.reads))
        self._limits.refuse_more("rules", self._symbols_read)
        only = {self.contexts.always: frozenset(range(begin, len(self.reads)))}
        return Part(only, only, empty=0)

    def join(self, before: Ends, after: Ends) -> None:
        """Raises LimitError where there are more pairs than there may be rules, for each pair is a rule or several."""
        for mask, positions in before.items():
            for other, followers in after.items():
                if mask & other:
                    self._join(positions, followers, mask & other)
        if self._guards:
            self._watch(before, after)

    def row(self, parts: Iterable[Part]) -> Part:
        """One part after the other."""
        first: Ends = {}
        last: Ends = {}
        empty, greedy = self.contexts.always, True
        for part in parts:
            self.join(last, part.first)
            first = _union([first, _within(part.first, empty)])
            last = _union([_within(last, part.empty), part.last])
            empty, greedy = empty & part.empty, greedy and part.greedy
        return Part(first, last, empty, greedy)

    def guard(self, part: Part, begin: int, at: int) -> None:
        """What was added from `begin` on is an atomic group, which never gives back what it has read.

        It changes nothing where it can read a string in one way only, reads as much as it can, and where a symbol leads
        to one position whether it is still read by the group or by what follows: then the walk through the positions is
        the same, and only names differ. (A loop around the group may lead back to where the group itself goes on.)
        """
        follow = {number: frozenset().union(*self._follow[number].values()) for number in range(begin, len(self.reads))}
        begins = frozenset[int]().union(*part.first.values())
        self._limits.refuse_more("rules", sum(map(len, follow.values())))
        if not part.greedy or not all(self._one_way(each) for each in (begins, *follow.values())):
            self.giving_back.add(at)
            return
        for number in frozenset[int]().union(*part.last.values()):
            inside = follow[number] | begins if part.empty else follow[number]
            self._guards.setdefault(number, {})[at] = inside, self._read_by(inside)

    def walks(self, whole: Part) -> Walks:
        contexts = self.contexts
        of_side = [frozenset(n for n, side in enumerate(self._sides) if side == each) for each in contexts.sides]

        def allowed(ends: Mapping[int, Iterable[int]], before: int) -> frozenset[int]:
            found = [
                of_side[after].intersection(positions)
                for mask, positions in ends.items()
                for after in contexts.sides
                if mask & contexts.bit(before, after)
            ]
            return frozenset().union(*found)

        first = allowed(whole.first, EDGE)
        follow = [
            frozenset() if contexts.ends(side) else allowed(ways, side)
            for ways, side in zip(self._follow, self._sides, strict=True)
        ]
        last = frozenset(
            number
            for mask, positions in whole.last.items()
            for number in positions
            if mask & contexts.bit(self._sides[number], EDGE)
        )
        there = _closure(first, follow) & _closure(last, _backwards(follow))
        return Walks(
            {number: self.reads[number] for number in sorted(there)},
            first & there,
            {number: follow[number] & there for number in sorted(there)},
            last & there,
            bool(whole.empty & contexts.bit(EDGE, EDGE)),
            bool(whole.empty & contexts.empty_in_python_3_14),
        )

    def _join(self, positions: Iterable[int], followers: frozenset[int], mask: int) -> None:
        for position in positions:
            found = self._follow[position].setdefault(mask, set())
            self._pairs -= len(found)
            found |= followers
            self._pairs += len(found)
            self._limits.refuse_more("rules", self._pairs)

    def _watch(self, before: Ends, after: Ends) -> None:
        """Whether an atomic group could read what follows it, and come to another position."""
        guarded = self._guards.keys() & frozenset[int]().union(*before.values())
        outside = frozenset[int]().union(*after.values()) if guarded else frozenset[int]()
        for number in guarded:
            for at, (inside, read) in self._guards[number].items():
                if not read.isdisjoint(self._read_by(outside - inside)):
                    self.giving_back.add(at)

    def _one_way(self, positions: Iterable[int]) -> bool:
        """Whether no symbol is read by two of the positions."""
        found = set[str]()
        for number in positions:
            if not found.isdisjoint(self.reads[number]):
                return False
            found |= self.reads[number]
        return True

    def _read_by(self, positions: Iterable[int]) -> frozenset[str]:
        return frozenset[str]().union(*{self.reads[number] for number in positions})


class Node(Protocol):
    """A piece of a pattern. `size` is how many classes it writes out, `grow` adds their positions."""

    @property
    def size(self) -> int: ...

    def grow(self, positions: Positions) -> Part: ...


@dataclass(frozen=True)
class One:
    """A literal or a class."""

    characters: Characters
    size: int = 1

    def grow(self, positions: Positions) -> Part:
        return positions.add(self.characters)


@dataclass(frozen=True)
class Assertion:
    """What reads nothing, and holds in some contexts."""

    name: str
    size: int = 0

    def grow(self, positions: Positions) -> Part:
        return Part({}, {}, positions.contexts.masks[self.name])


class Row:
    """One piece after the other."""

    def __init__(self, pieces: Sequence[Node]) -> None:
        self.pieces, self.size = pieces, sum(piece.size for piece in pieces)

    def grow(self, positions: Positions) -> Part:
        return positions.row(piece.grow(positions) for piece in self.pieces)


class Choice:
    """One piece or another."""

    def __init__(self, pieces: Sequence[Node]) -> None:
        self.pieces, self.size = pieces, sum(piece.size for piece in pieces)

    def grow(self, positions: Positions) -> Part:
        parts = [piece.grow(positions) for piece in self.pieces]
        empty = 0
        for part in parts:
            empty |= part.empty
        stops_late = not any(part.empty for part in parts[:-1])  # one that may be empty is tried before those behind it
        return Part(
            _union([part.first for part in parts]),
            _union([part.last for part in parts]),
            empty,
            stops_late and all(part.greedy for part in parts),
        )


class Repeat:
    """A piece `least` to `most` times, or without end where `most` is None.

    x{2,4} is x x (x (x)?)?, so that a copy is followed by the next one alone. Where x may be empty nothing changes but
    that none is needed: what a string reads is then some copies that are not.
    """

    def __init__(self, piece: Node, least: int, most: int | None, lazy: bool = False) -> None:
        self.piece, self.least, self.endless, self.lazy = piece, least, most is None, lazy
        self.copies = max(1, least) if most is None else most
        self.size = piece.size * self.copies

    def grow(self, positions: Positions) -> Part:
        always = positions.contexts.always
        copies = [self.piece.grow(positions) for _ in range(self._written_out)]
        if not copies:
            return Part({}, {}, always)
        least = 0 if copies[0].empty == always else self.least
        needed, more = copies[:least], copies[least:]
        if self.endless:
            positions.join(copies[-1].last, copies[-1].first)
        for one, other in pairwise(more):
            positions.join(one.last, other.first)
        if more:
            last = _union([copy.last for copy in more])
            needed.append(Part(more[0].first, last, always, more[0].greedy))
        whole = positions.row(needed)
        return whole._replace(greedy=whole.greedy and not self.lazy)

    @property
    def _written_out(self) -> int:
        return self.copies if self.size else min(self.copies, 1)  # assertions hold once or never


@dataclass(frozen=True)
class Atomic:
    """A piece that never gives back what it has read. It stands at a column, from 0."""

    piece: Node
    at: int

    @property
    def size(self) -> int:
        return self.piece.size

    def grow(self, positions: Positions) -> Part:
        begin = len(positions.reads)
        part = self.piece.grow(positions)
        if len(positions.reads) > begin:
            positions.guard(part, begin, self.at)
        return part


def _union(several: Sequence[Ends]) -> Ends:
    found: dict[int, frozenset[int]] = {}
    for ends in several:
        for mask, positions in ends.items():
            found[mask] = found[mask] | positions if mask in found else positions
    return found


def _within(ends: Ends, mask: int) -> Ends:
    """The ends in those contexts alone."""
    return _union([{each & mask: positions} for each, positions in ends.items() if each & mask])


def _backwards(follow: Sequence[Iterable[int]]) -> list[set[int]]:
    into: list[set[int]] = [set() for _ in follow]
    for number, followers in enumerate(follow):
        for follower in followers:
            into[follower].add(number)
    return into


def _closure(begin: Iterable[int], ways: Sequence[Iterable[int]]) -> set[int]:
    """The positions of `begin`, and those that ways lead to from them."""
    found = set(begin)
    todo = list(found)
    while todo:
        fresh = set(ways[todo.pop()]) - found
        found |= fresh
        todo += fresh
    return found
