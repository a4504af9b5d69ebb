"""Say what a YAML parser stumbled over, so that who writes a grammar can mend it."""

import re
from typing import Any

import yaml

from lstmc.grammar.tree import Place, Problem

LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"  # where YAML 1.1 begins a new line

_QUOTE_IT = "a text that begins with one of [ ] { } , # & * ! | > % @ ` or a quote needs quotes, as in '*'"

# What YAML's parsers say (libyaml and the one in Python), and what we say instead.
_REWORDED = (
    (r"expected ',' or '\}'", "the mapping that begins with '{' is not closed, or lacks a comma", _QUOTE_IT),
    (r"expected ',' or '\]'", "the list that begins with '[' is not closed, or lacks a comma", _QUOTE_IT),
    (
        r"mapping values are not allowed",
        "a ':' where no key can stand",
        "indent all keys alike, and put a text that holds ': ' in quotes",
    ),
    (r"expected ':'", "a line that is no 'key: value'", "write a ':' and a blank after the key"),
    (r"cannot start any token", "a text cannot begin with this character", _QUOTE_IT),
    (r"expected alphabetic or numeric", "'*' and '&' begin an alias or an anchor", _QUOTE_IT),
    (
        r"unexpected end of stream",
        "the quote that begins here is never closed",
        "write the same quote again where the text ends",
    ),
    (r"invalid Unicode character escape", "half of a surrogate pair is no character", "write the character itself"),
    (r"unknown escape|hexdec", "no escape that YAML knows", "write '\\' twice, or use single quotes"),
    (r"\btab\b", "a tab where YAML wants blanks", "indent with blanks"),
    (r"expected key|expected <block end>", "this does not line up with what stands above", "indent all keys alike"),
    (
        r"expected '-' indicator",
        "this does not line up with the list above",
        "begin each item with '- ', indented alike",
    ),
    (r"sequence entries are not allowed", "a '-' where no list can begin", "begin the list on a line of its own"),
    (r"expected <document start>", "something stands after the end of the grammar", ""),
    (r"expected (the )?node content", "a value should stand here", _QUOTE_IT),
    (r"tag|expected whitespace or line break", "'!' begins a tag", _QUOTE_IT),
)


def not_yaml(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """What the parser stumbled over, in our words."""
    lines = re.split(LINE_BREAK, text.rstrip())
    said = error.problem or "cannot be read"
    begin, stop = _mark(error.context_mark, lines), _mark(error.problem_mark or error.context_mark, lines)
    if "unexpected end of stream" in said:
        begin = stop = begin or stop
    since = f" (it begins at {begin.line}:{begin.column})" if begin and begin != stop else ""
    place = stop or Place(1, 1)
    if lines[place.line - 1][place.column - 1 :].startswith("\t"):
        said = "tab"
    for pattern, message, help in _REWORDED:
        if re.search(pattern, said):
            return Problem(place, "G060", f"not YAML: {message}{since}", help)
    return Problem(place, "G060", f"not YAML: {said}{since}", "")


def _mark(mark: Any, lines: list[str]) -> Place | None:
    """The place of a mark; the end of the text where it lies beyond, so that there is a line to show."""
    if mark is None:
        return None
    return Place(mark.line + 1, mark.column + 1) if mark.line < len(lines) else Place(len(lines), len(lines[-1]) + 1)
