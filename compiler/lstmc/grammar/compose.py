"""YAML text to a tree of texts, with the place of each.

    symbol: no      ->  'no', not False        id: 010  ->  '010', not 8        alphabet: [~]  ->  '~', not None

It reads the parser's events one by one and never builds YAML's own values, so every text stays as it stands in the
file, and nesting costs no stack. What YAML allows and a grammar does not (anchors, tags, several documents, the same
key twice) is reported, and reading goes on.
"""

import re
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

import yaml

from lstmc.grammar.excerpt import quoted
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Mapping, Place, Problem, Problems, Scalar, Sequence, Tree, Unread
from lstmc.grammar.yaml_wording import LINE_BREAK, not_yaml
from lstmc.visible import visible

DEEPEST = 64  # lists and mappings inside one another

# libyaml is many times faster than the parser in Python, which serves where it is not there.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Not among the characters that YAML 1.1 allows in a file; or a surrogate, which no file in UTF-8 holds; or a byte order
# mark at the beginning of a line, which libyaml takes for a blank and the parser in Python for a letter.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|(?<=[\n\r])\ufeff")
_MOST_COUNTED = 1002  # forbidden characters; a file that is no text is full of them


def compose(text: str, limits: Limits) -> tuple[Tree | None, list[Problem]]:
    """The tree of a text, and every problem found. No tree where the text is empty, not YAML, or nested too deeply.

    Raises LimitError where it holds more values than the limits allow.
    """
    forbidden = list(_forbidden(text))
    if forbidden:
        return None, forbidden
    composer = _Composer(limits)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.take(event)
            if composer.stopped:
                break
    except yaml.MarkedYAMLError as error:
        problem = not_yaml(error, text)
        if "nesting depth" in (error.problem or ""):  # libyaml from 0.2.6 on looks ahead, up to 1,000 levels
            problem = _too_deep(problem.place)
        return None, [*composer.problems, problem]
    except yaml.YAMLError as error:
        return None, [*composer.problems, Problem(Place(1, 1), "G060", f"not YAML: {error}", "is this a text file?")]
    except RecursionError:  # the parser in Python may nest its own calls; libyaml does not
        return None, [*composer.problems, _too_deep(Place(1, 1))]
    if not composer.problems and (composer.root is None or _is_nothing(composer.root)):
        help = "a grammar has `nodes:` and `edges:`, or a `plugin:`"
        return None, [Problem(Place(1, 1), "G067", "there is no grammar in the file", help)]
    return composer.root, composer.problems


def _is_nothing(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.plain and not tree.text


def _too_deep(place: Place) -> Problem:
    message = f"lists and mappings nested deeper than {DEEPEST}"
    return Problem(place, "G065", message, "a grammar needs no more than 4")


class _Open(NamedTuple):
    """A list or a mapping whose end has not come; a mapping's keys and values alternate in `children`."""

    is_mapping: bool
    place: Place
    children: list[Tree]


class _Composer:
    """Takes events, and grows the tree. `stopped` says that what follows would make no sense."""

    def __init__(self, limits: Limits) -> None:
        self.root: Tree | None = None
        self.problems: list[Problem] = Problems(limits.problems)
        self.stopped = False
        self._open: list[_Open] = []
        self._values = 0
        self._limits = limits
        self._take: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        """Take one event. Raises LimitError where there are too many."""
        self._values += 1
        if self._values > self._limits.values:
            self._limits.refuse_more("values", self._values)
        take = self._take.get(type(event))
        if take:
            take(event)

    def _scalar(self, event: Any) -> None:
        self._refuse_marks(event)
        self._add(Scalar(event.value, _place(event), event.style not in ("'", '"', "|", ">")))

    def _alias(self, event: Any) -> None:
        help = "write out what it stands for, or put it in quotes if it is a text"
        self._report(event, "G061", f"a grammar file has no aliases, such as {quoted('*' + event.anchor)}", help)
        self._add(Unread(_place(event)))

    def _begin(self, event: Any) -> None:
        self._refuse_marks(event)
        self._open.append(_Open(type(event) is yaml.MappingStartEvent, _place(event), []))
        if len(self._open) > DEEPEST:
            self.problems.append(_too_deep(_place(event)))
            self.root, self.stopped = None, True

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        self._add(Mapping(self._entries(done), done.place) if done.is_mapping else Sequence(done.children, done.place))

    def _document(self, event: Any) -> None:
        if self.root is not None:
            self._report(event, "G063", "a second document begins here", "keep one grammar in a file")
            self.stopped = True

    def _add(self, tree: Tree) -> None:
        if self._open:
            self._open[-1].children.append(tree)
        else:
            self.root = tree

    def _refuse_marks(self, event: Any) -> None:
        help = "take it out, or put it in quotes if it is a text"
        if event.anchor is not None:
            self._report(event, "G061", f"a grammar file has no anchors, such as {quoted('&' + event.anchor)}", help)
        if event.tag is not None:
            tag = quoted(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._report(event, "G062", f"a grammar file has no tags, such as {tag}", help)

    def _entries(self, mapping: _Open) -> list[tuple[Scalar, Tree]]:
        """The keys with their values; of a key that stands twice the first."""
        entries: dict[str, tuple[Scalar, Tree]] = {}
        for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
            if not isinstance(key, Scalar):
                help = "put a text that begins with [ or { in quotes"
                self.problems.append(Problem(key.place, "G066", "a key must be a text", help))
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
    found = list(islice(_FORBIDDEN.finditer(text), _MOST_COUNTED))
    if not found:
        return []
    before = re.split(LINE_BREAK, text[: found[0].start()])
    place = Place(len(before), len(before[-1]) + 1)
    if found[0][0] == "\ufeff":
        help = "take it out; was one file put behind another?"
        return [Problem(place, "G068", "a byte order mark, which only begins a file, begins this line", help)]
    count = f"{len(found) - 1}" if len(found) < _MOST_COUNTED else f"more than {_MOST_COUNTED - 2}"
    others = f" (and {count} others)" if found[1:] else ""
    message = f"the character {visible(found[0][0])}, which YAML does not allow{others}"
    is_wide = 3 * text.count("\0") > len(text)
    help = "save the file as UTF-8; this looks like UTF-16" if is_wide else "take it out; is this a text file?"
    return [Problem(place, "G068", message, help)]
