"""The rows of AT&T text, with the place of each column, and which columns they have."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place
from lstmc_att.symbols import LINE
from lstmc_att.weights import is_weight

_COLUMN = re.compile("[^ ]+")
SEPARATOR = "--"  # between two transducers in files of HFST and foma


class Column(NamedTuple):
    text: str
    place: Place


class Row(NamedTuple):
    """A way from `source` to `target`; or the end of strings in `source`, where there is no target."""

    source: Column
    target: Column | None
    symbol: Column | None
    output: Column | None
    weight: Column | None


def rows(text: str, kind: str, outline: Outline, limits: Limits) -> list[Row]:
    """The rows of a text; what is none is reported. Raises Unreadable where `kind` cannot be told, LimitError."""
    found: list[list[Column]] = []
    for columns in _columns(text, outline):
        found.append(columns)
        limits.refuse_more("edges", len(found) - limits.states)  # of each state one row at most is no rule
    if not found:
        outline.stop(Place(1, 1), "not AT&T text: nothing is in the file", "a line is: state, next state, symbol")
    if kind == "auto":
        kind = _kind(found, outline)
    return [row for row in (_row(columns, kind, outline) for columns in found) if row is not None]


def _columns(text: str, outline: Outline) -> Iterator[list[Column]]:
    for number, line in enumerate(LINE.split(text), start=1):
        if line == SEPARATOR:
            help = "a file holds one grammar: write each transducer to a file of its own (`hfst-split`)"
            outline.stop(Place(number, 1, len(line)), "a second transducer", help, "G071")
        if line.strip(" \t"):
            yield list(_split(line, number))


def _split(line: str, number: int) -> Iterator[Column]:
    """By tabs where there are any, else by blanks: a column may be a blank in files of foma."""
    if "\t" not in line:
        for match in _COLUMN.finditer(line):
            yield Column(match[0], Place(number, match.start() + 1, len(match[0])))
        return
    start = 1
    for piece in line.rstrip("\t").split("\t"):
        yield Column(piece, Place(number, start, max(1, len(piece))))
        start += len(piece) + 1


def _kind(found: list[list[Column]], outline: Outline) -> str:
    """Whether the columns are those of an acceptor or of a transducer."""
    ways = [columns for columns in found if 3 <= len(columns) <= 5]
    for columns in ways:
        if len(columns) != 4:
            return "acceptor" if len(columns) == 3 else "transducer"
    if not ways or not all(is_weight(columns[3].text) for columns in ways):
        return "transducer"
    message = "the fourth column may be an output or a weight: each one is a number"
    help = "say which: `--set kind=transducer`, or `--set kind=acceptor`"
    return outline.stop(ways[0][3].place, message, help)


def _row(columns: list[Column], kind: str, outline: Outline) -> Row | None:
    is_way = len(columns) > 2
    texts = 3 if kind == "acceptor" else 4
    most = 2 if not is_way else texts + 1
    if is_way and not texts <= len(columns) <= most:
        wanted = "state, next state, symbol" + (", output" if kind == "transducer" else "") + ", and perhaps a weight"
        message = f"a line with {len(columns)} columns in the text of {'an' if kind == 'acceptor' else 'a'} {kind}"
        help = f"the columns are: {wanted}; separate them by tabs, and write a blank within one as @_SPACE_@"
        outline.problem(columns[-1].place, "G070", message, help)
        return None
    last = columns[-1] if len(columns) == most else None
    if last is not None and not is_weight(last.text):
        outline.problem(last.place, "G070", "a weight that is no number", "write one such as 0.25, or take it out")
        last = None
    if not is_way:
        return Row(columns[0], None, None, None, last)
    return Row(columns[0], columns[1], columns[2], columns[3] if kind == "transducer" else None, last)
