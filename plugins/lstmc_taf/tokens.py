"""The words of a TAF file, with their places; comments are none.

dfa {a,"b c"} {  // comment       names, texts in quotes, where \\" is a quote, and signs
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lstmc.grammar.formats import Lines, Outline, Place, quoted

NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")
KINDS = ("dfa", "mealy")  # in capitals too
SIGNS = ("..", "->", "[", "]", "{", "}", ",", "/", "*")
_TOKEN = re.compile(
    r"[ \t\r\n]*+(?:(//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)"
    r'|"((?:\\"|[^"])++)"|([A-Za-z_][A-Za-z0-9_]*+|[0-9]++)|(\.\.|->|[\[\]{},/*])|(.))',
    re.DOTALL,
)
END = "the end of the file"


class Token(NamedTuple):
    """`kind`: name, text (in quotes), sign, or end."""

    text: str
    kind: str
    place: Place


def tokens(text: str, outline: Outline) -> Iterator[Token]:
    """Every word, and then the end again and again. Raises Unreadable for what is none."""
    lines, at = Lines(text), 0
    while (match := _TOKEN.match(text, at)) is not None:
        at = match.end()
        _, quote, word, sign, other = match.groups()
        if quote is not None:
            yield Token(quote.replace('\\"', '"'), "text", lines.place(match.start(2) - 1, len(quote) + 2))
        elif word is not None:
            yield Token(word, "name", lines.place(match.start(3), len(word)))
        elif sign is not None and text.startswith("/*", match.start(4)):
            outline.stop(lines.place(match.start(4), 2), "a comment that does not end", "end it with */")
        elif sign is not None:
            yield Token(sign, "sign", lines.place(match.start(4), len(sign)))
        elif other is not None:
            what = "a quote that does not end" if other == '"' else f"the character {quoted(other)}"
            outline.stop(lines.place(match.start(5)), what, 'symbols with other characters stand in quotes: "a b"')
    end = Token(END, "end", lines.place(max(0, len(text.rstrip()) - 1)))
    while True:
        yield end
