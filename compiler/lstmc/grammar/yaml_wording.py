"""Say what a YAML parser stumbled over, so that who writes a grammar can mend it."""

import re
from typing import Any, NamedTuple

import yaml

from lstmc.grammar.tree import Place, Problem

LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"  # where YAML 1.1 begins a new line

_QUOTE_IT = "a text that begins with one of [ ] { } , # & * ! | > % @ ` or a quote needs quotes, as in '*'"
_CLOSE_IT = "close it, put ',' between its items, and put a text that holds one of [ ] { } , in quotes"


class _Stop(NamedTuple):
    """Where the parser stopped, and where it had begun what it could not finish."""

    begin: Place
    place: Place
    before: str  # the line that it stopped in, up to there
    above: str  # the line above

    @property
    def far(self) -> bool:
        return self.begin.line < self.place.line


class _Wording(NamedTuple):
    message: str
    help: str
    place: Place


def _unclosed(what: str, bracket: str) -> Any:
    def word(stop: _Stop) -> _Wording:
        if stop.far:
            here = f"line {stop.place.line} cannot go on with it"
            return _Wording(f"the {what} that begins here is not closed, and {here}", _CLOSE_IT, stop.begin)
        return _Wording(f"a ',' or the '{bracket}' of the {what} should stand here", _CLOSE_IT, stop.place)

    return word


def _no_value(stop: _Stop) -> _Wording:
    """A bracket or a '#' that was meant as text is blamed, not what stands behind it."""
    text = stop.before.rstrip()
    if comment := re.search(r"\s(#.*)$", stop.before):
        place = stop.place._replace(column=comment.start(1) + 1, width=1)
        return _Wording("'#' begins a comment here, so no value is left", _QUOTE_IT, place)
    if text[-1:] in ("[", "{"):
        what = {"[": "a list", "{": "a mapping"}[text[-1]]
        return _Wording(f"'{text[-1]}' begins {what}", _QUOTE_IT, stop.place._replace(column=len(text)))
    return _Wording("a value should stand here", _QUOTE_IT, stop.place)


def _escape(message: str, help: str) -> Any:
    def word(stop: _Stop) -> _Wording:
        column = stop.before.rfind("\\") + 1 or stop.place.column
        return _Wording(message, help, stop.place._replace(column=column, width=2))

    return word


_KEY_ALONE = re.compile(r"([ -]*)([A-Za-z]+)(:| +)([^ :].*)?")  # name:x, or name x


def _no_key(stop: _Stop) -> _Wording:
    """A line above that was meant as `key: value` is blamed: without the blank, YAML goes on with it as one text."""
    meant, inner = _KEY_ALONE.fullmatch(stop.above.rstrip()), stop.before.lstrip(" ")
    if meant and meant[4] and ": " not in stop.above and len(meant[1]) == len(stop.before) - len(inner):
        place = Place(stop.place.line - 1, len(meant[1]) + 1, len(stop.above.strip(" -")))
        return _Wording("a line that is no 'key: value'", f"write {meant[2]}: {meant[4]}", place)
    if dash := re.match(" *-(?=[^ -])", stop.before):
        return _Wording(
            "a '-' without a blank behind it", "begin each item with '- '", Place(stop.place.line, dash.end())
        )
    return _Wording("a ':' where no key can stand", f"{_ALIKE}; put a text that holds ': ' in quotes", stop.place)


def _here(message: str, help: str) -> Any:
    return lambda stop: _Wording(message, help, stop.place)


def _begun(message: str, help: str) -> Any:
    return lambda stop: _Wording(message, help, stop.begin)


_ALIKE = "indent all keys alike, and so all dashes of a list"

# What YAML's parsers say (libyaml and the one in Python), and what we say instead.
_REWORDED = (
    (r"expected ',' or '\}'", _unclosed("mapping", "}")),
    (r"expected ',' or '\]'", _unclosed("list", "]")),
    (r"mapping values are not allowed", _no_key),
    (r"expected ':'", _begun("a line that is no 'key: value'", "write a ':' and a blank after the key")),
    (r"cannot start any token", _here("a text cannot begin with this character", _QUOTE_IT)),
    (r"expected alphabetic or numeric", _begun("'*' begins an alias, and '&' an anchor", _QUOTE_IT)),
    (
        r"unexpected end of stream",
        _begun("the quote that begins here is never closed", "write the same quote again where the text ends"),
    ),
    (
        r"invalid Unicode character escape",
        _escape("half of a surrogate pair is no character", "write the character itself"),
    ),
    (r"unknown escape|hexdec", _escape("no escape that YAML knows", "write '\\' twice, or use single quotes")),
    (r"\btab\b", _here("a tab where YAML wants blanks", "indent with blanks")),
    (r"expected key|expected <block end>", _here("this does not line up with the lines above", _ALIKE)),
    (
        r"expected '-' indicator",
        _here("this does not line up with the list above", "begin each item with '- ', indented alike"),
    ),
    (
        r"sequence entries are not allowed",
        _here("a '-' where no list can begin", "begin the list on a line of its own"),
    ),
    (
        r"expected <document start>",
        _here("something stands after the end of the grammar", "take it out; a file holds one grammar"),
    ),
    (r"expected (the )?node content", _no_value),
    (r"tag|expected whitespace or line break", _begun("'!' begins a tag", _QUOTE_IT)),
)


def not_yaml(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """What the parser stumbled over, in our words."""
    lines = re.split(LINE_BREAK, text.rstrip())
    said = error.problem or "cannot be read"
    begin, place = _mark(error.context_mark, lines), _mark(error.problem_mark or error.context_mark, lines)
    place = place or Place(1, 1)
    line = lines[place.line - 1]
    if line[place.column - 1 :].startswith("\t"):
        said = "tab"
    stop = _Stop(begin or place, place, line[: place.column - 1], lines[place.line - 2] if place.line > 1 else "")
    for pattern, word in _REWORDED:
        if re.search(pattern, said):
            message, help, place = word(stop)
            return Problem(place, "G060", f"not YAML: {message}", help)
    return Problem(place, "G060", f"not YAML: {said}", "https://yaml.org/spec/1.1 says what YAML is")


def _mark(mark: Any, lines: list[str]) -> Place | None:
    """The place of a mark; the end of the text where it lies beyond, so that there is a line to show."""
    if mark is None:
        return None
    return Place(mark.line + 1, mark.column + 1) if mark.line < len(lines) else Place(len(lines), len(lines[-1]) + 1)
