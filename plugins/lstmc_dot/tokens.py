"""The words of the DOT language, with their places.

    s0 -> "s 1" [x=<<b>a</b>>]    name s0, sign ->, quoted s 1, sign [, name x, sign =, html <b>a</b>, sign ]

Source: Graphviz, https://graphviz.org/doc/info/lang.html, and what its scanner does where that page is silent.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from lstmc.grammar.formats import Lines, Outline, Place, quoted, visible

_WORD = re.compile(
    r"""(?: [ \t\r\n\f\v]++ | //[^\n\r]*+ | /\*.*?\*/ | \#[^\n\r]*+ )*+
      (?: (?P<name> [A-Za-z_\x80-\U0010ffff] [A-Za-z0-9_\x80-\U0010ffff]*+ )
        | (?P<sign> -> | -- | [][{};,=:+] )
        | (?P<quoted> " [^"\\]*+ (?: \\. [^"\\]*+ )*+ " )
        | (?P<number> -? (?: \.[0-9]++ | [0-9]++ (?:\.[0-9]*+)? ) )
        | (?P<html> < )
        | (?P<end> \Z )
        | (?P<wrong> . ) )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(\r\n|.)", re.DOTALL)
_IDS = ("name", "number", "quoted", "html")
KEYWORDS = ("digraph", "edge", "graph", "node", "strict", "subgraph")
_BRACKET = re.compile("<!--|[<>]")
_DELIMITER = re.compile(r"[A-Za-z0-9_.\x80-\U0010ffff]")  # what must not follow a number


class Word(NamedTuple):
    """`kind`: name, number, quoted, html, sign, or end (of the text). `text`: without quotes or angle brackets."""

    kind: str
    text: str
    position: int
    width: int

    def is_id(self) -> bool:
        return self.kind in _IDS

    def is_keyword(self, *words: str) -> bool:
        """Whether it is one of these words of the language; upper and lower case do not matter, quotes do."""
        return self.kind == "name" and self.text.casefold() in words

    def __str__(self) -> str:
        return "the end of the file" if self.kind == "end" else quoted(self.text)


class Words:
    """The words of a text, one after the other; `next` is the one that comes."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._outline = outline
        self._lines = Lines(text)
        self._words = self._read(text)
        self.next = next(self._words)

    def place(self, word: Word) -> Place:
        return self._lines.place(word.position, word.width)

    def take(self) -> Word:
        """The next word; at the end of the text the end, as often as it is taken."""
        word, self.next = self.next, next(self._words)
        return word

    def skip(self, *signs: str) -> bool:
        """Take the next word if it is one of these signs; whether it was."""
        if self.next.text not in signs or self.next.kind != "sign":
            return False
        self.next = next(self._words)
        return True

    def expect(self, sign: str, help: str = "") -> None:
        """Take that sign. Raises Unreadable where something else stands."""
        if not self.skip(sign):
            self.stop(self.next, f"{self.next} where `{sign}` must stand", help)

    def expect_id(self, what: str) -> Word:
        """Take an id, all of it where quoted pieces are put together by +. Raises Unreadable where none stands."""
        word = self.take()
        if word.kind not in _IDS:
            self.stop(word, f"{word} where {what} must stand", f"write {what}; in quotes if it is more than a word")
        if word.is_keyword(*KEYWORDS):
            self.stop(
                word, f"{word} where {what} must stand, but DOT has another use for this word", "put it in quotes"
            )
        if word.kind != "quoted" or self.next.text != "+":
            return word
        pieces = [word.text]
        while self.skip("+"):
            piece = self.take()
            if piece.kind != "quoted":
                self.stop(piece, f"{piece} after `+`", "put it in quotes: + joins quoted texts")
            pieces.append(piece.text)
        return word._replace(text="".join(pieces))

    def stop(self, word: Word, message: str, help: str = "", code: str = "G070") -> NoReturn:
        """Something that reading cannot go on after. Raises Unreadable."""
        self._outline.stop(self.place(word), message if code != "G070" else f"not DOT: {message}", help, code)

    def _read(self, text: str) -> Iterator[Word]:
        position, kind = 0, ""
        while kind != "end":
            match = _WORD.match(text, position)
            assert match is not None  # one character is always a word, or a wrong one
            kind = match.lastgroup or ""
            raw, start, position = match[kind], match.start(kind), match.end()
            if kind == "quoted":
                raw = _unquoted(raw)
            elif kind == "html":
                position = self._end_of_html(text, start)
                raw = text[start + 1 : position - 1]
            elif kind == "number" and _DELIMITER.match(text, position):
                word = Word(kind, text[start : position + 1], start, position + 1 - start)
                self.stop(word, f"a number with something behind it: {visible(word.text)}", "put the text in quotes")
            elif kind == "wrong":
                self._refuse(text, start)
            yield Word(kind, raw, start, position - start)
        while True:
            yield Word("end", "", len(text), 1)

    def _end_of_html(self, text: str, start: int) -> int:
        """Where the text between angle brackets ends that begins at `start`."""
        depth, position = 0, start
        while match := _BRACKET.search(text, position):
            position = match.end()
            if match[0] == "<!--" and depth:
                close = text.find("-->", position)
                if close < 0:
                    break
                position = close + 3
                continue
            depth += 1 if match[0] != ">" else -1
            if not depth:
                return position
        return self.stop(Word("html", "<", start, 1), "an HTML text that does not end", "add the `>` that is missing")

    def _refuse(self, text: str, position: int) -> NoReturn:
        """Stop at what is no word. Raises Unreadable."""
        word = Word("sign", text[position], position, 1)
        if word.text == '"':
            self.stop(word, "a quoted text that does not end", 'add the " that is missing; inside, a quote is \\"')
        if text.startswith("/*", position):
            self.stop(word, "a comment that does not end", "add the `*/` that is missing")
        self.stop(word, f"{word} means nothing here", "put texts that hold more than letters, digits and _ in quotes")


def _unquoted(raw: str) -> str:
    """What a quoted text says: \\" is a quote, a backslash at the end of a line joins it to the next."""
    inside = raw[1:-1]
    if "\\" not in inside:
        return inside
    return _ESCAPED.sub(lambda match: {'"': '"', "\n": "", "\r\n": ""}.get(match[1], match[0]), inside)
