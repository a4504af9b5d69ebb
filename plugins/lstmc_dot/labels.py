"""What the labels of a drawing say: symbols, outputs and probabilities, as tools for automata write them.

    a               the symbol a                    a:0.5  a (0.5)     a with its probability
    a/x  a / x      a, and the output x             a/x:0.5            all three
    a, b    a|b     two symbols, as are a and b on two lines; within brackets, as in (1,2), nothing is separated
    a / x,y         one symbol with the output x,y  a / x, b / y       two symbols, each with its output
    a /             a symbol whose output is empty: it has none
    s0|x            of a node: its output is x      s0 / x             the same, where every node has such a label

Sources: AALpy 2 (utils/FileHandler.py), AutomataLib 0.12 (net.automatalib.visualization), automata-lib 9, Graphviz
(https://graphviz.org/doc/info/attrs.html#k:escString, https://graphviz.org/doc/info/shapes.html).
"""

import re
from collections.abc import Mapping
from html.entities import name2codepoint
from types import MappingProxyType
from typing import NamedTuple

BLANKS = " \t\r\n\f\v"
SLASH = " / "

# What moves without a symbol are labelled with, in capitals too.
_NOTHING = ("ε", "ɛ", "λ", "eps", "epsilon", "<eps>", "<epsilon>", "@0@", "@_epsilon_symbol_@")
_LINE_BREAK = re.compile(r"\r\n?|\n")
_TAG = re.compile(
    r"<!--.*?-->|<(/?[A-Za-z]*+)[^<>]*+>|[\x00-\x1f]++", re.DOTALL
)  # HTML shows no line breaks of the file
_BREAKS = {"br": "\n", "br/": "\n", "/tr": "\n", "/td": " ", "hr": "\n"}
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{0,40}));")
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_NAMED = re.compile(r"\\([EGHNT\\])")
_NAMELESS: Mapping[str, str] = MappingProxyType({})
_IN_A_LABEL = {"n": "\n", "l": "\n", "r": "\n"}  # centred, left, right
_IN_A_TEXT = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", " ": " "}
_NUMBER = re.compile(r"[0-9]++|[0-9]*+\.[0-9]++(?:[eE][-+]?[0-9]++)?|[0-9]++[eE][-+]?[0-9]++")
_BAR = re.compile(r"\\.|\|", re.DOTALL)
_PORT = re.compile(r"\A\s*+<[^<>]*+>")  # of a field of a record
_SEPARATOR = re.compile("(,| [|] )")
_BARE_BAR = re.compile("([|])")
_OPENING, _CLOSING = "([{", ")]}"


class Move(NamedTuple):
    """What a label says of one rule. An output of "" is that of a slash with nothing behind it; a probability is the
    text of a number."""

    symbol: str
    output: str | None = None
    probability: str | None = None


def shown(label: str, is_html: bool, names: Mapping[str, str] = _NAMELESS) -> str:
    """The text that a person sees: escapes, entities and tags resolved. `names`: what \\N, \\T and so on stand for."""
    if is_html:
        label = _TAG.sub(_tag, label)
    if "\\" in label and is_html:
        label = _NAMED.sub(lambda match: "\\" if match[1] == "\\" else names.get(match[1], match[0]), label)
    elif "\\" in label:
        said = {**_IN_A_LABEL, **names}
        label = _BACKSLASH.sub(lambda match: said.get(match[1], match[1]), label)
    return _ENTITY.sub(_entity, label) if "&" in label else label


def reads_nothing(symbol: str) -> bool:
    """Whether it stands for a move without a symbol."""
    return symbol.casefold() in _NOTHING


def holds_picture(label: str) -> bool:
    """Whether an HTML label holds an image."""
    return any((match[1] or "").casefold() == "img" for match in _TAG.finditer(label))


def slash_of(labels: list[str]) -> str:
    """What stands between symbol and output in these labels: a slash, with blanks around it where any has them."""
    return SLASH if any(SLASH in label for label in labels) else "/"


def parts(label: str, slash: str = "/") -> list[str] | None:
    """The texts that a label separates by line breaks, commas and bars, without the blanks around them.

    Commas and bars behind a slash belong to the output, unless a slash stands in every text that they separate. None
    where a text is empty.
    """
    label = label.strip(BLANKS)
    if label == "," or not any(sign in label for sign in ",|\n\r"):
        return [label]
    found = []
    for line in filter(None, (line.strip(BLANKS) for line in _LINE_BREAK.split(label))):
        pieces = [piece.strip(BLANKS) for piece in _separated(line, _SEPARATOR)]
        if _has_output(pieces[0], slash) and not all(_has_output(piece, slash) for piece in pieces):
            pieces = [line]
        for piece in pieces:
            found += [piece] if _has_output(piece, slash) else _between_bars(piece)
    return found if all(found) else None


def move(part: str, weighted: bool, slashed: bool = True) -> Move:
    """What one text says. `weighted`: a number at its end is a probability; `slashed`: a slash separates an output."""
    probability = None
    if weighted:
        part, probability = _split_probability(part)
    slash = part.find("/", 1) if slashed else -1
    if slash < 0:
        return Move(part, None, probability)
    return Move(part[:slash].rstrip(BLANKS), part[slash + 1 :].lstrip(BLANKS), probability)


def are_weighted(texts: list[str]) -> bool:
    """Whether labels have probabilities: one ends in a number with a point, or each of them in 1."""
    numbers = [_split_probability(text)[1] for text in texts]
    has_point = any(number is not None and not number.isdigit() for number in numbers)
    return has_point or (bool(numbers) and all(number == "1" for number in numbers))


def is_number(text: str) -> bool:
    """Whether a label is a probability and nothing else."""
    return _NUMBER.fullmatch(text) is not None and not text.isdigit()


def node_fields(label: str, is_html: bool) -> list[str]:
    """The fields of a node's label, separated by bars, as they stand there."""
    label = label.strip(BLANKS)
    if label.startswith("{") and label.endswith("}"):
        label = label[1:-1]
    if is_html:
        return label.split("|")
    bars = [match.start() for match in _BAR.finditer(label) if match[0] == "|"]
    return [label[start + 1 : end] for start, end in zip([-1, *bars], [*bars, len(label)], strict=True)]


def field_text(field: str, is_html: bool, names: Mapping[str, str]) -> str:
    """What a field of a node's label says."""
    return shown(field if is_html else _PORT.sub("", field), is_html, names).strip(BLANKS)


def text_of(value: str) -> str:
    """The text that an attribute of ours stands for: \\\\ is a backslash, \\n a line break; others stay as they are."""
    return _BACKSLASH.sub(lambda match: _IN_A_TEXT.get(match[1], match[0]), value) if "\\" in value else value


def _has_output(piece: str, slash: str) -> bool:
    return f"{piece} ".find(slash, 1) > 0


def _between_bars(piece: str) -> list[str]:
    """The symbols in a|b|c; a text that only holds a bar, such as ||, is one."""
    between = [each.strip(BLANKS) for each in _separated(piece, _BARE_BAR)] if "|" in piece else []
    return between if len(between) > 1 and all(between) else [piece]


def _separated(line: str, separator: re.Pattern[str]) -> list[str]:
    """The pieces of a line; those within one pair of brackets are kept together."""
    pieces: list[str] = []
    kept: list[str] = []
    depth = 0
    for number, piece in enumerate(separator.split(line)):  # every second one is a separator
        if number % 2 == 0:
            kept.append(piece)
            if len(piece.strip(BLANKS)) > 1:  # a bracket alone is a symbol
                depth += sum(map(piece.count, _OPENING)) - sum(map(piece.count, _CLOSING))
        elif depth > 0:
            kept.append(piece)
        else:
            pieces.append("".join(kept))
            kept, depth = [], 0
    return [*pieces, "".join(kept)]


def _split_probability(text: str) -> tuple[str, str | None]:
    before, colon, number = text.rpartition(":")
    if not colon and text.endswith(")"):
        before, colon, number = text[:-1].rpartition(" (")
    before, number = before.rstrip(BLANKS), number.strip(BLANKS)
    return (before, number) if before and colon and _NUMBER.fullmatch(number) else (text, None)


def _tag(match: re.Match[str]) -> str:
    return _BREAKS.get((match[1] or "").casefold(), "")


def _entity(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:  # one of HTML 4: Graphviz knows no others
        return chr(name2codepoint[name]) if name in name2codepoint else match[0]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF else match[0]
