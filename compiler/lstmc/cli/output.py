"""What commands print: JSON lines for programs, tables and colour for people, tab-separated lines for pipes.

Everything is printed from here, so that nothing out of a file (a name, a symbol, a certificate's text) can move the
cursor, turn the line around, or begin a line that looks like ours: what cannot be seen is printed as an escape.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from secrets import token_hex
from shutil import get_terminal_size
from textwrap import TextWrapper
from typing import Any, TextIO

import click

from lstmc.visible import visible, visible_json


def person(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream. (Python has no stream where the shell has closed it.)"""
    return stream is not None and stream.isatty()


LONGEST_TEXT = 400  # characters of what names states and symbols, which may be megabytes
LONG_WORD = re.compile(rf"\S{{{LONGEST_TEXT + 1},}}")
OURS = f"\x1b{token_hex(8)}"  # the ESC of our own colours until they are printed: no file can know this number
LINES = "\n\t"  # what stays in texts of several lines
AS_IT_IS: Any = dict.fromkeys(("expand_tabs", "replace_whitespace", "break_long_words", "break_on_hyphens"), False)


def paint(text: str, stream: TextIO | None, **style: Any) -> str:
    """The text in colour where a person looks and does not ask for none (https://no-color.org)."""
    if not person(stream) or os.environ.get("NO_COLOR"):
        return text
    return click.style(visible(text, keep=LINES), **style).replace("\x1b", OURS)


def json_line(data: object) -> None:
    """One object on a line of standard output; in ASCII where the output cannot hold everything.

    An integer that readers of JSON might round, since they have only float64, is a string.
    """
    utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    print(visible_json(json.dumps(_exact(data), ensure_ascii=not utf8, allow_nan=False)))


def _exact(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _exact(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_exact(value) for value in data]
    return str(data) if type(data) is int and abs(data) > 2**53 else data


def say(*lines: str) -> None:
    """Lines of a result, on standard output. (click's echo writes past a progress bar, and would tear it.)"""
    print(*map(_shown, lines), sep="\n")


def say_hanging(indent: int, *lines: str) -> None:
    """Lines of a result; for a person what is too long for the terminal goes on below, further in."""
    if person(sys.stdout):
        wrapper = TextWrapper(get_terminal_size().columns, subsequent_indent=" " * indent, **AS_IT_IS)
        lines = tuple(part for line in lines for part in wrapper.wrap(line))
    if lines:
        say(*lines)


def say_text(text: str) -> None:
    """A text of several lines."""
    print(_shown(text, LINES))


def say_exactly(text: str) -> None:
    """A text that programs read: in a pipe or a file as it is, to the letter."""
    say_text(text) if person(sys.stdout) else print(text)


def note(text: str) -> None:
    """Lines on standard error: no result, only for people; after what was printed, where both go to one place."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # which is told where the command ends
            flush()
        print(_shown(text, LINES), file=sys.stderr, flush=True)


def _shown(text: str, keep: str = "") -> str:
    return "\x1b".join(visible(part, keep) for part in text.split(OURS))


def flush() -> None:
    """Let a pipe have what was printed so far."""
    if sys.stdout is not None:
        sys.stdout.flush()


def rows(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """A table for a person; for a pipe one line each, without the titles, cells between tabs."""
    if person(sys.stdout):
        _table(columns, lines)
        return
    for line in lines:
        say_text("\t".join(map(visible, line)))


def _table(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for title in columns:
        table.add_column(title, overflow="fold")
    for line in lines:
        styles = (VERDICTS.get(cell, "") if title in JUDGED else "" for title, cell in zip(columns, line, strict=True))
        table.add_row(*(Text(visible(cell, keep="\n"), style=style) for cell, style in zip(line, styles, strict=True)))
    Console(file=sys.stdout, highlight=False).print(table)


JUDGED = ("is", "state")  # the columns that hold verdicts
VERDICTS = {
    "accepted": "green",
    "conforms": "green",
    "loaded": "green",
    "alive": "cyan",
    "broken": "red",
    "dead": "red",
    "differs": "red",
    "refused": "red",
}


def counted(number: int, thing: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def shorten(text: str, width: int = 40) -> str:
    """The text, or its two ends where it is longer than a line of a table can hold."""
    if len(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def shorten_words(text: str) -> str:
    """The text, in which of each longer word than names need stand the two ends."""
    return LONG_WORD.sub(lambda word: shorten(word[0], LONGEST_TEXT), text)
