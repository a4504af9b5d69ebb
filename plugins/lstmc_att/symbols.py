"""The names of symbols: those that mean something to the tools, and the tables in which OpenFst keeps them.

    @_SPACE_@   a blank, which separates columns       <eps>, @0@      nothing is read, or nothing put out
    red 1       a line of a table: the symbol that the number 1 stands for; the number 0 is for nothing

Sources: OpenFst 1.8 (symbol-table.cc, fst/script), HFST 3.16 (HfstBasicTransducer::write_in_att_format).
"""

import re
from pathlib import Path
from typing import NamedTuple

from lstmc.errors import InputError, LimitError
from lstmc.grammar.formats import Limits, quoted, visible

NOTHING = ("<eps>", "<epsilon>", "@0@", "@_EPSILON_SYMBOL_@", "ε", "ɛ", "λ", "eps", "epsilon")
CLEAR = NOTHING[:4]  # those that some toolkit writes; the others are symbols to HFST and foma
_FOLDED = ("<eps>", "<epsilon>", "eps", "epsilon")
ANY = ("@_UNKNOWN_SYMBOL_@", "@_IDENTITY_SYMBOL_@")  # any symbol that the automaton does not name
FLAG = re.compile(r"@[PNRDCU]\.[^@]*@")  # a flag diacritic of HFST and foma: memory beside the states
LINE = re.compile("\r\n|[\n\r]")

_ESCAPES = {"@_SPACE_@": " ", "@_TAB_@": "\t", "@_COLON_@": ":"}
_ESCAPE = re.compile("|".join(_ESCAPES))
_COLUMN = re.compile("[^ \t]+")


class Table(NamedTuple):
    """A symbol table. `names`: by number, without the one that stands for nothing; `numbers`: by name, with it."""

    file: str
    names: dict[int, str]
    numbers: dict[str, int]


def text_of(column: str) -> str:
    """The text that a column stands for."""
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], column) if "@" in column else column


def is_nothing(column: str) -> bool:
    """Whether it is a usual name of what reads, or puts out, nothing."""
    return column in NOTHING or column.casefold() in _FOLDED


def column_of(text: str) -> str:
    """What stands for a text in a column."""
    return text.replace(" ", "@_SPACE_@").replace("\t", "@_TAB_@")


def why_no_column(text: str, is_symbol: bool) -> str:
    """Why a text cannot stand in a column; nothing where it can."""
    if "\n" in text or "\r" in text:
        return "holds a line break"
    if is_symbol and is_nothing(text):
        return "stands for nothing"
    if is_symbol and (text in ANY or FLAG.fullmatch(text)):
        return "means more than a symbol"
    return "is an escape" if _ESCAPE.search(text) else ""


def read_table(path: str, limits: Limits) -> Table:
    """The symbol table in a file. Raises InputError where it is none, LimitError where it is too large."""
    file, names, numbers = visible(path), {}, {}
    for line, row in enumerate(LINE.split(_text(path, limits)), start=1):
        columns = _COLUMN.findall(row)
        if not columns:
            continue
        if len(columns) != 2 or not re.fullmatch("[0-9]{1,18}", columns[1]):
            message = f"{file}:{line}:1: {quoted(row)} is no line of a symbol table"
            raise InputError(message, "each line is a symbol, a blank, and its number")
        name, number = text_of(columns[0]), int(columns[1])
        if number in names or name in numbers:
            twice = quoted(name) if name in numbers else f"the number {number}"
            raise InputError(f"{file}:{line}:1: {twice} stands twice in the symbol table", "take one of the two out")
        names[number], numbers[name] = name, number
    limits.refuse_more("values", len(names))
    return Table(file, {number: names[number] for number in sorted(names) if number}, numbers)


def _text(path: str, limits: Limits) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else "no path"
        raise InputError(f"{visible(path)}: cannot be read: {reason}", "give the path of a symbol table") from None
    if len(data) > limits.bytes:
        message = f"{visible(path)}: more than {limits.bytes:,} bytes, the limit of a file"
        raise LimitError(message, limits.way_out("bytes"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{visible(path)}: not UTF-8", "save the symbol table as UTF-8") from None
