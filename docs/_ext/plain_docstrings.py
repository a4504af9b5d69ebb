"""Show docstrings as they stand in the source: names in columns, drawings, and running text.

Our docstrings are plain text. What stands in two columns there becomes a list of words and meanings; what is indented,
or has more columns, stays as it is; in the rest only `name` and *word* have a meaning.
"""

import re
from typing import Any

from sphinx.application import Sphinx

BLANK = re.compile(r"\n\s*\n")
TWO_COLUMNS = re.compile(r"(\S+(?:,? \S+)*) {2,}(\S+(?: \S+)*)")  # a name or some, and what is said of them
COLUMNS = re.compile(r"\S {2,}\S")
MARKED = re.compile(r"(`[^`]*`|(?<![\w*])\*\w+\*(?![\w*]))")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def process(app: Sphinx, what: str, name: str, found: object, options: Any, lines: list[str]) -> None:
    lines[:] = to_rst("\n".join(lines)).split("\n")


def to_rst(docstring: str) -> str:
    """The same as reStructuredText."""
    return "\n\n".join(block(paragraph) for paragraph in BLANK.split(docstring.strip("\n")) if paragraph.strip())


def block(paragraph: str) -> str:
    lines = paragraph.split("\n")
    if listed := words_and_meanings(lines):
        return "\n".join(f"{text(name)}\n    {text(' '.join(said))}" for name, said in listed)
    if any(line.startswith(" ") or COLUMNS.search(line) for line in lines):
        return "::\n\n" + "\n".join(f"    {line}" for line in lines)
    return text(paragraph)


def words_and_meanings(lines: list[str]) -> list[tuple[str, list[str]]]:
    """The names in the first column, each with the lines of the second; none where there are not two columns."""
    listed: list[tuple[str, list[str]]] = []
    for line in lines:
        if found := TWO_COLUMNS.fullmatch(line):
            listed.append((found[1], [found[2]]))
        elif listed and line.startswith(" ") and not COLUMNS.search(line):
            listed[-1][1].append(line.strip())
        else:
            return []
    return listed


def text(plain: str) -> str:
    """Running text: `name` is code, *word* is stressed, everything else is no markup."""
    return "".join(f"{each}\\ " if MARKED.fullmatch(each) else escaped(each) for each in MARKED.split(plain))


def escaped(plain: str) -> str:
    return re.sub(r"([\\*_|`])", r"\\\1", plain)
