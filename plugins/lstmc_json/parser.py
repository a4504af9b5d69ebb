r"""JSON text to a tree of texts, with the place of each.

    {"id": 0.10, "symbol": "\u00e9"}   ->   Mapping: 'id' is the text 0.10, 'symbol' the text é

Numbers keep their text. A key whose value is null is not there, as an attribute of a networkx graph that is None. The
parser keeps its own stack and takes one token after another, each once, so neither depth nor length can hurt it.
ECMA-404, The JSON data interchange syntax, 2017.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from lstmc.grammar.formats import (
    Limits,
    Lines,
    Mapping,
    Place,
    Problem,
    Problems,
    Scalar,
    Sequence,
    Tree,
    Unreadable,
    quoted,
)
from lstmc_json.wording import BODY, no_token

DEEPEST = 64  # lists and mappings inside one another; a grammar needs 4

_BLANKS = re.compile(r"[ \t\n\r]*+")
_TOKEN = re.compile(
    r"[ \t\n\r]*+(?:"
    r"(?P<mark>[{}\[\]:,])"
    rf'|(?P<text>{BODY}")'
    r"|(?P<word>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.+-])|(?:true|false|null)\b)"
    r")"
)
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # Python's own reader lets half of a pair pass
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class _Open(NamedTuple):
    """A list or a mapping whose end has not come; `seen` are the keys of a mapping with their places."""

    tree: Sequence | Mapping
    seen: dict[str, Place]


class _Token(NamedTuple):
    kind: str | None  # mark, text or word; None at the end
    text: str
    begin: int


Step = Callable[[], Any]  # takes a token, and gives the step that takes the next; None at the end


class Parser:
    """Parses one text. `problems` are those that do not stop it."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.problems: list[Problem] = Problems(limits.problems)
        self._text = text
        self._limits = limits
        self._lines = Lines(text)
        self._at = 0
        self._values = 0
        self._root: Tree | None = None
        self._open: list[_Open] = []
        self._key: Scalar | None = None  # whose value comes next

    def parse(self) -> Tree:
        """The tree. Raises Unreadable where the text is no JSON, LimitError where it holds too many values."""
        if _BLANKS.fullmatch(self._text):
            help = "a grammar has `nodes` and `edges`, or a `plugin`"
            raise Unreadable(Problem(Place(1, 1), "G067", "there is no grammar in the file", help))
        step: Step | None = self._value
        while step:
            step = step()
        assert self._root is not None  # only then is there no next step
        return self._root

    def _value(self, first: bool = False) -> Step:
        """A value; where `first`, the list may also end here."""
        token = self._next()
        if token.kind == "text":
            return self._add(self._scalar(token))
        if token.kind == "word":
            return self._add(Scalar(token.text, self._place(token)))
        if token.text == "[":
            self._begin(Sequence([], self._place(token)))
            return self._first_item
        if token.text == "{":
            self._begin(Mapping([], self._place(token)))
            return self._first_key
        if first and token.text == "]":
            return self._end()
        return self._no_value(token)

    def _first_item(self) -> Step:
        return self._value(first=True)

    def _name(self, first: bool = False) -> Step:
        """A key and its colon; where `first`, the mapping may also end here."""
        token = self._next()
        if first and token.text == "}" and token.kind == "mark":
            return self._end()
        if token.kind != "text":
            return self._no_key(token)
        self._key = self._scalar(token)
        colon = self._next()
        if colon.kind != "mark" or colon.text != ":":
            self._stop(
                self._place(colon), f"there is no ':' after the key {quoted(self._key.text)}", "write key, ':', value"
            )
        return self._value

    def _first_key(self) -> Step:
        return self._name(first=True)

    def _after(self) -> Step:
        """What follows a value: a comma, or the end of what it stands in."""
        token = self._next()
        is_mapping = isinstance(self._open[-1].tree, Mapping)
        if token.kind == "mark" and token.text == ",":
            return self._name if is_mapping else self._value
        if token.kind == "mark" and token.text == ("}" if is_mapping else "]"):
            return self._end()
        if token.kind is None:
            self._not_closed()
        begun = self._open[-1].tree.place
        what = f"the {'mapping' if is_mapping else 'list'} that begins at {begun.line}:{begun.column}"
        message = f"{what} is not closed, or lacks a comma"
        return self._stop(self._place(token), message, "write a comma between two values")

    def _finish(self) -> None:
        token = self._next()
        if token.kind is not None:
            self._stop(self._place(token), "something stands after the end of the grammar", "take it out")

    def _begin(self, tree: Sequence | Mapping) -> None:
        self._add(tree)
        self._open.append(_Open(tree, {}))
        if len(self._open) > DEEPEST:
            message = f"lists and mappings nested deeper than {DEEPEST}"
            raise Unreadable(*self.problems, Problem(tree.place, "G065", message, "a grammar needs no more than 4"))

    def _end(self) -> Step:
        self._open.pop()
        return self._after if self._open else self._finish

    def _add(self, tree: Tree) -> Step:
        """Put a value where it belongs."""
        self._values += 1 if self._key is None else 2
        if self._values > self._limits.values:
            self._limits.refuse_more("values", self._values)
        if not self._open:
            self._root = tree
            return self._finish
        holder, seen = self._open[-1]
        if isinstance(holder, Sequence):
            holder.items.append(tree)
        elif self._key is not None:
            self._add_entry(holder, seen, self._key, tree)
            self._key = None
        return self._after

    def _add_entry(self, holder: Mapping, seen: dict[str, Place], key: Scalar, value: Tree) -> None:
        first = seen.setdefault(key.text, key.place)
        if first is not key.place:
            message = f"the key {quoted(key.text)} stands twice: here, and before at {first.line}:{first.column}"
            self.problems.append(Problem(key.place, "G064", message, "keep one of the two"))
        elif not (isinstance(value, Scalar) and value.plain and value.text == "null"):
            holder.entries.append((key, value))

    def _next(self) -> _Token:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            return self._no_token()
        kind = match.lastgroup
        begin, self._at = match.span(kind or 0)
        return _Token(kind, self._text[begin : self._at], begin)

    def _place(self, token: _Token) -> Place:
        return self._lines.place(token.begin, len(token.text))

    def _scalar(self, token: _Token) -> Scalar:
        """The text that is meant by one in quotes."""
        text = token.text[1:-1]
        if _SURROGATE.search(text):
            text = _ESCAPE.sub(lambda match: self._meant(match, token.begin + 1), text)
        elif "\\" in text:
            text = json.loads(token.text)
        return Scalar(text, self._place(token), plain=False)

    def _meant(self, escape: re.Match[str], begin: int) -> str:
        high, low, code, short = escape.groups()
        if high:
            return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
        if not code:
            return _SHORT.get(short, short)
        if 0xD800 <= int(code, 16) < 0xE000:
            place = self._lines.place(begin + escape.start(), len(escape[0]))
            message = f"{escape[0]} is half of a surrogate pair, and no character"
            self.problems.append(Problem(place, "G015", message, "write the character itself"))
            return "\ufffd"
        return chr(int(code, 16))

    # What is wrong, in words

    def _no_token(self) -> _Token:
        """The end of the text. Raises Unreadable where it is not the end."""
        blanks = _BLANKS.match(self._text, self._at)
        begin = blanks.end() if blanks else self._at
        if begin == len(self._text):
            return _Token(None, "", len(self._text.rstrip(" \t\n\r")))
        is_behind_text = begin == self._at and self._text[begin - 1 : begin] == '"'
        wrong = no_token(self._text, begin, not (self._open or self._root), is_behind_text)
        return self._stop(self._lines.place(wrong.begin, wrong.width), wrong.message, wrong.help)

    def _no_value(self, token: _Token) -> NoReturn:
        if token.kind is None and self._open:
            self._not_closed()
        if token.text in ("]", "}") and self._key is None:
            self._stop(self._place(token), f"a value should stand before {token.text}", "take out the comma before it")
        self._stop(self._place(token), "a value should stand here", 'write "text", 10, true, [...] or {...}')

    def _no_key(self, token: _Token) -> NoReturn:
        if token.kind is None:
            self._not_closed()
        if token.text == "}":
            self._stop(self._place(token), "a key should stand before }", "take out the comma before it")
        self._stop(self._place(token), "a key should stand here, a text in double quotes", 'write "id": ...')

    def _not_closed(self) -> NoReturn:
        what, mark = ("mapping", "}") if isinstance(self._open[-1].tree, Mapping) else ("list", "]")
        message = f"the {what} that begins here is not closed"
        self._stop(self._open[-1].tree.place, message, f"write {mark} where it ends; is the file complete?")

    def _stop(self, place: Place, message: str, help: str) -> NoReturn:
        raise Unreadable(*self.problems, Problem(place, "G070", f"not JSON: {message}", help))
