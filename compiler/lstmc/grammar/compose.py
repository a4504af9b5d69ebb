"""YAML text to a tree of texts, with the place of each.

    symbol: no      ->  'no', not False        id: 010  ->  '010', not 8        alphabet: [~]  ->  '~', not None

It reads the parser's events one by one and never builds YAML's own values, so every text stays as it stands in the
file, and nesting costs no stack. What YAML allows and a grammar does not (anchors, tags, several documents, the same
key twice) is reported, and reading goes on.
"""

import re
from typing import Any, NamedTuple

import yaml

from lstmc.grammar.excerpt import quoted, visible
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Mapping, Place, Problem, Scalar, Sequence, Tree, Unread

DEEPEST = 64  # lists and mappings inside one another; a grammar needs 4

# libyaml is thirty times faster than the parser in Python, and reads the same language.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# All that YAML 1.1 allows in a file, but for surrogates, which no file in UTF-8 holds.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_QUOTE_IT = "to write a text that begins with one of [ ] { } , # & * ! | > % @ ` or a quote, put it in quotes: '*'"

# What YAML's parsers say (libyaml and the one in Python), and what we say instead.
_REWORDED = (
    (r"expected ',' or '\}'", "the mapping that begins with '{' is not closed, or lacks a comma", _QUOTE_IT),
    (r"expected ',' or '\]'", "the list that begins with '[' is not closed, or lacks a comma", _QUOTE_IT),
    (r"mapping values are not allowed", "a ':' where no key can stand", "put texts that hold ': ' in quotes"),
    (r"expected ':'", "a line that is no 'key: value'", "write a ':' and a blank after the key"),
    (r"cannot start any token", "a text cannot begin with this character", _QUOTE_IT),
    (r"expected alphabetic or numeric", "'*' and '&' begin an alias or an anchor", _QUOTE_IT),
    (r"unexpected end of stream", "the quote is never closed", "write the same quote again where the text ends"),
    (
        r"unknown escape|hexdec|invalid Unicode character escape",
        "no escape that YAML knows",
        "write '\\' twice, or use single quotes",
    ),
    (r"tab", "a tab where YAML wants blanks", "indent with blanks"),
    (r"expected key|expected <block end>", "this does not line up with the keys above", "indent all keys alike"),
    (
        r"expected '-' indicator",
        "this does not line up with the list above",
        "begin each item with '- ', indented alike",
    ),
    (r"sequence entries are not allowed", "a '-' where no list can begin", "begin the list on a line of its own"),
    (r"expected <document start>", "something stands after the end of the grammar", ""),
    (r"expected (the )?node content", "a value is missing here", _QUOTE_IT),
    (r"tag", "'!' begins a tag", _QUOTE_IT),
)


def compose(text: str, limits: Limits, file: str) -> tuple[Tree | None, list[Problem]]:
    """The tree of a text, and every problem found. No tree where the text is empty, not YAML, or nested too deeply.

    Raises LimitError where it holds more values than the limits allow.
    """
    forbidden = list(_forbidden(text))
    if forbidden:
        return None, forbidden
    composer = _Composer(limits, file)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if not composer.take(event):
                break
    except yaml.MarkedYAMLError as error:
        return None, [*composer.problems, _not_yaml(error)]
    except yaml.YAMLError as error:
        return None, [*composer.problems, Problem(Place(1, 1), "G060", f"not YAML: {error}")]
    except RecursionError:  # the parser in Python may nest its own calls; libyaml does not
        return None, [*composer.problems, Problem(Place(1, 1), "G065", f"nested deeper than {DEEPEST}")]
    if composer.root is None and not composer.problems:
        composer.problems.append(Problem(Place(1, 1), "G067", "there is nothing in the file", "write a grammar"))
    return composer.root, composer.problems


class _Open(NamedTuple):
    """A list or a mapping whose end has not come; a mapping's keys and values alternate in `children`."""

    is_mapping: bool
    place: Place
    children: list[Tree]


class _Composer:
    """Takes events, and grows the tree."""

    def __init__(self, limits: Limits, file: str) -> None:
        self.problems: list[Problem] = []
        self.root: Tree | None = None
        self._open: list[_Open] = []
        self._values = 0
        self._limits = limits
        self._file = file

    def take(self, event: Any) -> bool:
        """Take one event. False ends the reading: what follows would make no sense."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._values += 1
            if self._values > self._limits.values:
                self._limits.refuse_more("values", self._values, self._file)
            self._refuse_marks(event)
            self._add(Scalar(event.value, _place(event), event.style not in ("'", '"', "|", ">")))
        elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
            self._refuse_marks(event)
            self._open.append(_Open(kind is yaml.MappingStartEvent, _place(event), []))
            return self._is_shallow(event)
        elif kind is yaml.SequenceEndEvent:
            done = self._open.pop()
            self._add(Sequence(done.children, done.place))
        elif kind is yaml.MappingEndEvent:
            done = self._open.pop()
            self._add(Mapping(self._entries(done), done.place))
        elif kind is yaml.AliasEvent:
            self._report(
                event, "G061", f"the alias {quoted('*' + event.anchor)}", f"write out what it stands for; {_QUOTE_IT}"
            )
            self._add(Unread(_place(event)))
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            self._report(event, "G063", "a second document begins here", "keep one grammar in a file")
            return False
        return True

    def _add(self, tree: Tree) -> None:
        if self._open:
            self._open[-1].children.append(tree)
        else:
            self.root = tree

    def _is_shallow(self, event: Any) -> bool:
        if len(self._open) <= DEEPEST:
            return True
        self._report(
            event, "G065", f"lists and mappings nested deeper than {DEEPEST}", "a grammar needs no more than 4"
        )
        self.root = None
        return False

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._report(event, "G061", f"the anchor {quoted('&' + event.anchor)}", f"take it out; {_QUOTE_IT}")
        if event.tag is not None:
            self._report(event, "G062", f"the tag {quoted(event.tag)}", f"take it out; {_QUOTE_IT}")

    def _entries(self, mapping: _Open) -> list[tuple[Scalar, Tree]]:
        """The keys with their values; of a key that stands twice the first."""
        entries: dict[str, tuple[Scalar, Tree]] = {}
        for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(Problem(key.place, "G066", "a key must be a text", _QUOTE_IT))
            elif key.text in entries:
                first = entries[key.text][0].place
                message = f"the key {quoted(key.text)} stands twice: here, and before at {first.line}:{first.column}"
                self.problems.append(Problem(key.place, "G064", message, "keep one of the two"))
            else:
                entries[key.text] = (key, value)
        return list(entries.values())

    def _report(self, event: Any, code: str, message: str, help: str) -> None:
        self.problems.append(Problem(_place(event), code, message, help))


def _place(event: Any) -> Place:
    """Where the event's text stands: of lists and mappings, and of text over several lines, the first character."""
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Place(start.line + 1, start.column + 1, max(1, width))


def _forbidden(text: str) -> list[Problem]:
    found = list(_FORBIDDEN.finditer(text))
    problems = []
    for match in found[:1]:
        before = re.split(LINE_BREAK, text[: match.start()])
        place = Place(len(before), len(before[-1]) + 1)
        others = f" (and {len(found) - 1} more such characters)" if found[1:] else ""
        message = f"the character {visible(match[0])}, which YAML does not allow{others}"
        problems.append(Problem(place, "G068", message, "take it out; is this a text file?"))
    return problems


LINE_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"  # where YAML 1.1 begins a new line


def _not_yaml(error: yaml.MarkedYAMLError) -> Problem:
    mark: Any = error.problem_mark or error.context_mark
    said = error.problem or "cannot be read"
    for pattern, message, help in _REWORDED:
        if re.search(pattern, said):
            return Problem(_mark(mark), "G060", f"not YAML: {message}{_since(error)}", help)
    return Problem(_mark(mark), "G060", f"not YAML: {said}{_since(error)}", "")


def _since(error: yaml.MarkedYAMLError) -> str:
    """Where the thing began that went wrong."""
    begin, mark = error.context_mark, error.problem_mark
    if begin is None or mark is None or (begin.line, begin.column) == (mark.line, mark.column):
        return ""
    return f" (it begins at {begin.line + 1}:{begin.column + 1})"


def _mark(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
