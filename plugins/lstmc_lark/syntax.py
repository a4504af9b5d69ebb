"""The text of a grammar of Lark to its definitions: what each rule and each terminal may be.

    list: "[" [value ("," value)*] "]"        Sequence(Literal("["), Repeated(Sequence(...), 0, 1), Literal("]"))

Names of rules are small letters, those of terminals large ones. A definition goes on over the end of a line where the
next one begins with |, and in brackets. The names and marks that only shape the tree (?, !, _, ->) change no string.

Source: the grammar reference of Lark 1.x, lark-parser.readthedocs.io.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lstmc.grammar.formats import Lines, Outline, Place, quoted

MOST_REPEATED = 1_000  # of ~ 3..5
DEEPEST = 50  # brackets inside one another


class Literal(NamedTuple):
    text: str
    folded: bool  # whether upper and lower case are alike
    place: Place


class Range(NamedTuple):
    first: str
    last: str
    place: Place


class Pattern(NamedTuple):
    """A regular expression, as Python writes it, with its flags as (?i)."""

    text: str
    place: Place


class Name(NamedTuple):
    text: str
    place: Place


class Sequence(NamedTuple):
    parts: "tuple[Part, ...]"


class Choice(NamedTuple):
    parts: "tuple[Part, ...]"


class Repeated(NamedTuple):
    """So many times; without end where `most` is None."""

    part: "Part"
    least: int
    most: int | None


Part = Literal | Range | Pattern | Name | Sequence | Choice | Repeated


class Definition(NamedTuple):
    name: str
    part: Part
    place: Place

    @property
    def terminal(self) -> bool:
        return is_terminal(self.name)


@dataclass
class Definitions:
    """What a file defines, in its order, what may stand between terminals, and what it takes from elsewhere."""

    rules: dict[str, Definition] = field(default_factory=dict)
    ignored: list[Part] = field(default_factory=list)
    imported: dict[str, Name] = field(default_factory=dict)  # by the name here, the name in Lark's common terminals


def is_terminal(name: str) -> bool:
    return name.lstrip("_")[:1].isupper()


class Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"(?P<blank>[ \t\f\r]+|//[^\n]*|\#[^\n]*|\\[ \t]*\r?\n)"
    r"|(?P<line>\n)"
    r"|(?P<directive>%[a-z]+)"
    r"|(?P<name>[!?]*_?[a-zA-Z][_a-zA-Z0-9]*)"
    r'|(?P<text>"(?:\\.|[^"\\\n])*"i?)'
    r"|(?P<pattern>/(?!/)(?:\\.|[^/\\\n])+/[a-z]*)"
    r"|(?P<number>[+-]?[0-9]+)"
    r"|(?P<sign>->|\.\.|[:|()\[\]{}*+?~,.])"
)
_OPEN, _CLOSE = {"(": ")", "[": "]"}, (")", "]")


def tokens(text: str, outline: Outline, lines: Lines) -> list[Token]:
    """What is no blank, with the ends of lines that end a definition."""
    found: list[Token] = []
    at = depth = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            outline.stop(lines.place(at), f"{quoted(text[at])}, which begins nothing", "is this a grammar of Lark?")
        kind = str(match.lastgroup)
        depth += (match[0] in _OPEN) - (match[0] in _CLOSE)
        if kind == "line" and depth <= 0:
            found.append(Token("line", "", at))
        elif kind not in ("blank", "line"):
            if match[0] == "|":  # a definition goes on
                while found and found[-1].kind == "line":
                    found.pop()
            found.append(Token(kind, match[0], at))
        at = match.end()
    return [*found, Token("line", "", len(text))]


class Parser:
    """Reads definitions; what is wrong is a problem of the outline, and the next line is gone on with."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._lines, self._outline = Lines(text), outline
        self._tokens = tokens(text, outline, self._lines)
        self._next = 0
        self._depth = 0

    def definitions(self) -> Definitions:
        found = Definitions()
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.kind == "line":
                self._next += 1
                continue
            try:
                self._statement(token, found)
                self._end()
            except _Wrong as wrong:
                self._outline.problem(self._place(wrong.token), wrong.code, wrong.message, wrong.help)
                while self._tokens[self._next].kind != "line":
                    self._next += 1
        return found

    def _statement(self, token: Token, found: Definitions) -> None:
        if token.kind == "directive":
            self._directive(token, found)
            return
        name = self._take("name", "a rule or a terminal is defined").text.lstrip("!?")
        if self._peek("{"):
            raise _Wrong(self._token, "a template, which is not understood", "write its rules out", "G071")
        if self._accept("."):
            raise _Wrong(token, "a priority, which is not understood", "take it out: every way to read counts", "G071")
        self._sign(":")
        part = self._choice()
        if name in found.rules:
            raise _Wrong(token, f"{quoted(name)} is defined twice", "write both as one, with |")
        found.rules[name] = Definition(name, part, self._place(token))

    def _directive(self, token: Token, found: Definitions) -> None:
        self._next += 1
        if token.text == "%ignore":
            found.ignored.append(self._choice())
        elif token.text == "%import":
            self._import(found)
        else:
            known = "%ignore and %import of common terminals are"
            raise _Wrong(token, f"{token.text}, which is not understood", f"write the rules out; {known}", "G071")

    def _import(self, found: Definitions) -> None:
        """`%import common.INT`, `%import common.INT -> NUMBER`, `%import common (INT, WS)`."""
        first = self._take("name", "a module is named")
        if first.text != "common":
            raise _Wrong(first, f"the module {quoted(first.text)}, which cannot be read", "write its rules out", "G071")
        if self._accept("("):
            while not self._accept(")"):
                name = self._take("name", "a terminal is named")
                found.imported[name.text] = Name(name.text, self._place(name))
                self._accept(",")
            return
        self._sign(".")
        name = self._take("name", "a terminal is named")
        own = self._take("name", "a terminal is named") if self._accept("->") else name
        found.imported[own.text] = Name(name.text, self._place(name))

    def _choice(self) -> Part:
        parts = [self._sequence()]
        while self._accept("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while (part := self._repeated()) is not None:
            parts.append(part)
        if self._accept("->"):
            self._take("name", "an alias is named")
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Part | None:
        part = self._single()
        while part is not None:
            if self._accept("*"):
                part = Repeated(part, 0, None)
            elif self._accept("+"):
                part = Repeated(part, 1, None)
            elif self._accept("?"):
                part = Repeated(part, 0, 1)
            elif self._accept("~"):
                part = self._counted(part)
            else:
                break
        return part

    def _counted(self, part: Part) -> Part:
        least = self._number()
        most = self._number() if self._accept("..") else least
        if not 0 <= least <= most <= MOST_REPEATED:
            message = f"~ {least}..{most}, which does not count from 0 to {MOST_REPEATED:,} upwards"
            raise _Wrong(self._token, message, "write ~ 2, or ~ 2..5")
        return Repeated(part, least, most)

    def _number(self) -> int:
        token = self._take("number", "a number says how often")
        return int(token.text[:9])

    def _single(self) -> Part | None:
        token = self._token
        if token.text in _OPEN and token.kind == "sign":
            return self._bracket(token)
        if token.kind not in ("text", "pattern", "name") or self._defines():
            return None
        self._next += 1
        place = self._place(token)
        if token.kind == "name":
            return Name(token.text.lstrip("!?"), place)
        if token.kind == "pattern":
            body, _, flags = token.text[1:].rpartition("/")
            body = body.replace("\\/", "/")
            return Pattern(f"(?{flags}){body}" if flags else body, place)
        text = self._text(token)
        if self._accept(".."):
            last = self._text(self._take("text", "a range has a last character"))
            if len(text) != 1 or len(last) != 1 or text > last:
                raise _Wrong(token, "a range that does not lead from a character up to one", 'write "a".."z"')
            return Range(text, last, place)
        return Literal(text, token.text.endswith("i"), place)

    def _defines(self) -> bool:
        """Whether a definition begins here, which a line without | ended."""
        return self._token.kind == "name" and self._tokens[self._next + 1].text == ":"

    def _bracket(self, token: Token) -> Part:
        self._next += 1
        self._depth += 1
        if self._depth > DEEPEST:
            self._outline.stop(self._place(token), f"brackets nested deeper than {DEEPEST}", "write rules of their own")
        part = self._choice()
        self._sign(_OPEN[token.text])
        self._depth -= 1
        return Repeated(part, 0, 1) if token.text == "[" else part

    def _text(self, token: Token) -> str:
        """A text without its quotes, with its escapes read as Python does."""
        body = token.text[1:].rpartition('"')[0]

        def meant(match: re.Match[str]) -> str:
            if match[0][1] in _ESCAPES:
                return _ESCAPES[match[0][1]]
            if len(match[0]) > 2 and int(match[0][2:], 16) <= 0x10FFFF:
                return chr(int(match[0][2:], 16))
            raise _Wrong(token, f"{quoted(match[0])}, an escape that is none", "write two \\ for one")

        return re.sub(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", meant, body)

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _peek(self, sign: str) -> bool:
        return self._token.kind == "sign" and self._token.text == sign

    def _accept(self, sign: str) -> bool:
        if not self._peek(sign):
            return False
        self._next += 1
        return True

    def _sign(self, sign: str) -> None:
        if not self._accept(sign):
            raise _Wrong(self._token, f"{self._here()}, where {quoted(sign)} should stand", f"write {sign}")

    def _take(self, kind: str, meant: str) -> Token:
        token = self._token
        if token.kind != kind:
            raise _Wrong(token, f"{self._here()}, where {meant}", "see the grammar reference of Lark")
        self._next += 1
        return token

    def _end(self) -> None:
        if self._token.kind != "line":
            raise _Wrong(self._token, f"{self._here()}, where a definition has ended", "begin a line with the next one")

    def _here(self) -> str:
        return "the end of the line" if self._token.kind == "line" else quoted(self._token.text)

    def _place(self, token: Token) -> Place:
        return self._lines.place(token.at, len(token.text))


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "b": "\b", "a": "\a", "0": "\0"}
_ESCAPES |= {sign: sign for sign in "\\\"'/"}


class _Wrong(Exception):
    """What is wrong with a definition."""

    def __init__(self, token: Token, message: str, help: str, code: str = "G070") -> None:
        super().__init__(message)
        self.token, self.message, self.help, self.code = token, message, help, code


def names(part: Part) -> Iterator[Name]:
    """The names that a part uses."""
    match part:
        case Name():
            yield part
        case Sequence() | Choice():
            for each in part.parts:
                yield from names(each)
        case Repeated():
            yield from names(part.part)
