r"""The lines of such a file as words, with their places.

q0 a "a state"        # a comment           three words; the last stands in quotes, where only \" is an escape
%Final q1 | q2 \                            in @NFA-explicit, operators are words of their own;
       q3                                   a line goes on behind a backslash
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lstmc.grammar.formats import Outline, Place

LINE = re.compile("\r\n|[\n\r]")
OPERATORS = ("&", "|", "!")
_WORD = re.compile(r'\s*+(?:(#.*)|"((?:\\.|[^"\\])*+)"(?=[\s#)]|$)|([()])|([^\s"()#]++)(?!")|(.))', re.DOTALL)
_ESCAPE = re.compile(r'\\"')
_PAIR = re.compile(r"\\.", re.DOTALL)
_PIECE = re.compile("[&|!]|[^&|!]+")


class Word(NamedTuple):
    text: str
    place: Place
    quoted: bool = False

    def is_a(self, *texts: str) -> bool:
        """Whether it is one of these, and not in quotes, where a word is a name."""
        return not self.quoted and self.text in texts


def lines_of_words(text: str, outline: Outline) -> Iterator[list[Word]]:
    """The lines that are not empty. Raises Unreadable where one is none."""
    words: list[Word] = []
    goes_on = False
    for number, line in enumerate(LINE.split(text), start=1):
        found = list(_words(line.removesuffix("\\"), number, outline))
        words += found
        if found:
            goes_on = line.endswith("\\")
        if words and not goes_on:
            yield words
            words = []
    if words:
        outline.stop(words[0].place, "this line goes on, and no line follows", "take the backslash at its end out")


def pieces(words: list[Word]) -> list[Word]:
    """The words with operators apart, as Mata splits them."""
    return [piece for word in words for piece in ([word] if word.quoted else _pieces(word))]


def in_quotes(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def unquoted(text: str) -> str:
    """What stands between quotes, without its escapes: a backslash before anything else is a backslash."""
    return _PAIR.sub(lambda pair: '"' if _ESCAPE.fullmatch(pair[0]) else pair[0], text)


def _words(line: str, number: int, outline: Outline) -> Iterator[Word]:
    at = 0
    while (match := _WORD.match(line, at)) is not None:
        at = match.end()
        start = match.start(match.lastindex or 0)
        comment, quoted, bracket, plain, wrong = match.groups()
        if comment is not None:
            return
        if wrong is not None:
            message = f"a misplaced {'quote' if wrong == chr(34) else 'character'}"
            outline.stop(Place(number, start + 1), message, 'a name in quotes is written "a name", a quote in it \\"')
        if quoted is not None:
            yield Word(unquoted(quoted), Place(number, start, len(quoted) + 2), quoted=True)
        else:
            word = bracket or plain
            if plain and re.search(".[@%]", plain):
                help = 'write the name in quotes: "a%b"'
                outline.stop(Place(number, start + 1, len(word)), "@ and % begin a line, and stand in no name", help)
            yield Word(word, Place(number, start + 1, len(word)))


def _pieces(word: Word) -> Iterator[Word]:
    for match in _PIECE.finditer(word.text):
        yield Word(match[0], Place(word.place.line, word.place.column + match.start(), len(match[0])))
