"""The rows of AT&T text, with the place of each column, and which columns they have.

    0<tab>1 <tab>a<tab>a        any run of tabs and blanks lies between two columns, as for OpenFst and HFST
    0<tab>1<tab> <tab>a b       in files of foma only tabs do: a symbol may be a blank, or hold one

Sources: what `fstcompile` (OpenFst 1.8), `hfst-txt2fst` (HFST 3.16) and `read att` (foma 0.10) make of such files.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place
from lstmc_att.symbols import LINE
from lstmc_att.weights import is_weight

_COLUMN = re.compile("[^ \t]+")
_NUMBER = re.compile("[0-9]+")
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
    lines = [(number, line) for number, line in enumerate(LINE.split(text), start=1) if line.strip(" \t")]
    if not lines:
        outline.stop(Place(1, 1), "not AT&T text: nothing is in the file", "a line is: state, next state, symbol")
    found: list[list[Column]] = []
    only_tabs = _is_of_foma(lines, outline)
    for number, line in lines:
        if line == SEPARATOR:
            help = "a file holds one grammar: write each transducer to a file of its own (`hfst-split`)"
            outline.stop(Place(number, 1, len(line)), "a second transducer", help, "G071")
        found.append(_by_tabs(line, number) if only_tabs else _by_blanks(line, number))
        limits.refuse_more("edges", len(found) - limits.states)  # of each state one row at most is no rule
    _note_gap(lines, outline)
    if kind == "auto":
        kind = _kind(found, outline)
    return [row for row in (_row(columns, kind, outline) for columns in found) if row is not None]


def _by_blanks(line: str, number: int) -> list[Column]:
    return [Column(each[0], Place(number, each.start() + 1, len(each[0]))) for each in _COLUMN.finditer(line)]


def _by_tabs(line: str, number: int) -> list[Column]:
    columns, start = [], 1
    for piece in line.split("\t"):
        columns.append(Column(piece, Place(number, start, max(1, len(piece)))))
        start += len(piece) + 1
    return columns


def _is_of_foma(lines: list[tuple[int, str]], outline: Outline) -> bool:
    """Whether blanks belong to symbols: each line is as foma writes it, and some symbol holds a blank within.

    A blank at the end of a column is more likely one too many. Either way a note says how other tools read the line.
    """
    odd = None
    for number, line in lines:
        pieces = line.split("\t")
        if len(pieces) not in (1, 4) or not all(map(_NUMBER.fullmatch, pieces[:2])) or not all(pieces):
            return False
        if " " in line and (odd is None or not _holds_blanks(odd[1])):
            odd = number, line
    if odd is None:
        return False
    number, line = odd
    column = next(each for each in _by_tabs(line, number) if " " in each.text)
    within = _holds_blanks(line)
    message = "a blank ends a column, as for OpenFst and HFST; to foma it belongs to the symbol"
    if within:
        message = "a blank belongs to a symbol, as for foma; OpenFst and HFST end a column there"
    help = "write a blank in a symbol as @_SPACE_@, and tabs alone between columns"
    outline.problem(column.place, "G073", message, help)
    return within


def _holds_blanks(line: str) -> bool:
    """Whether a column is blank, or holds a blank within."""
    return any(not piece.strip(" ") or " " in piece.strip(" ") for piece in line.split("\t"))


def _note_gap(lines: list[tuple[int, str]], outline: Outline) -> None:
    """An empty line is nothing to OpenFst and foma, and the end of a transducer to HFST."""
    for (before, _), (number, _) in pairwise(lines):
        if number > before + 1:
            message = "an empty line is passed over, as OpenFst and foma do; HFST begins another transducer there"
            outline.problem(Place(before + 1, 1), "G073", message, "take the empty line out")
            return


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
