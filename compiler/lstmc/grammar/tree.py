"""What stands in a grammar file: texts, lists and mappings, each with its place, before anything is checked.

    nodes: [{id: 0}]     Mapping([(Scalar("nodes"), Sequence([Mapping([(Scalar("id"), Scalar("0"))])]))])

A graph in memory becomes such a tree too, so that the same checks serve both.
"""

import math
from typing import NamedTuple

from lstmc.grammar.codes import KINDS


class Place(NamedTuple):
    """Where something stands: in a text by line and column, from 1; in a graph by the words of `item`.

    Places sort in the order of the file. In a graph `line` is 0, and `column` numbers the items.
    """

    line: int
    column: int
    width: int = 1
    item: str = ""

    def __str__(self) -> str:
        return f"line {self.line}" if self.line else self.item


class Scalar(NamedTuple):
    """One text. `plain` tells whether it stands without quotes, and so may be a number, or true or false."""

    text: str
    place: Place
    plain: bool = True


class Sequence(NamedTuple):
    items: "list[Tree]"
    place: Place


class Mapping(NamedTuple):
    """Keys and values in the order of the file; no key stands twice."""

    entries: "list[tuple[Scalar, Tree]]"
    place: Place

    def get(self, key: str) -> "Tree | None":
        return next((value for found, value in self.entries if found.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((found for found, _ in self.entries if found.text == key), None)


class Unread(NamedTuple):
    """Stands where something was refused that is reported already, and of which nothing more shall be said."""

    place: Place


Tree = Scalar | Sequence | Mapping | Unread


class Problem(NamedTuple):
    """What a check found. Problems sort in the order of the file."""

    place: Place
    code: str
    message: str
    help: str = ""


class TooManyProblems(Exception):
    """More errors than a file may have; `problems` are those found until then."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[-1].message)
        self.problems = problems


class Problems(list[Problem]):
    """Problems as they are found. A file that is none of ours could have millions, which nobody would read."""

    def __init__(self, most: float = math.inf) -> None:
        super().__init__()
        self._most = most
        self._errors = 0

    def append(self, problem: Problem) -> None:
        """Add it, unless it is the last one again. Raises TooManyProblems where there are more than `most` errors."""
        if self and self[-1] == problem:
            return
        super().append(problem)
        self._errors += KINDS[problem.code].severity == "error"
        if self._errors > self._most:
            raise TooManyProblems(self)


def place_of(tree: Tree, key: str) -> Place:
    """Where a key stands in a mapping, else where the mapping stands."""
    found = tree.key(key) if isinstance(tree, Mapping) else None
    return found.place if found else tree.place
