"""Show text that may hold anything: tabs, wide and combining characters, control characters, a million letters.

2 | nodes: [{id: 日本, start: yes}]
  |                         ^^^     carets stand below what is meant, as a terminal shows it
"""

import unicodedata

from lstmc.visible import visible

LONGEST_LINE = 110  # characters of a source line that are shown; longer lines are clipped around the place
BEFORE = 60  # how many of them stand before the place
LONGEST_QUOTE = 60  # characters of an id, symbol or value that a message quotes
TAB = "    "


def quoted(text: str) -> str:
    """The text in quotes, on one line, everything in it to be seen."""
    clipped = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return f"'{visible(clipped)}'"


def excerpt(line: str, column: int, width: int) -> tuple[str, str]:
    """A line of text and the carets below it; `column` counts characters from 1, as editors do."""
    first = max(0, column - 1 - BEFORE) if len(line) > LONGEST_LINE else 0
    last = min(len(line), first + LONGEST_LINE)
    cells = [TAB if character == "\t" else visible(character) for character in line[first:last]]
    before, meant = cells[: column - 1 - first], cells[column - 1 - first :][:width]
    left, right = "…" if first else "", "…" if last < len(line) else ""
    carets = " " * _columns(left + "".join(before)) + "^" * max(1, _columns("".join(meant)))
    return left + "".join(cells) + right, carets


def _columns(text: str) -> int:
    return sum(map(_width, text))


def _width(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
