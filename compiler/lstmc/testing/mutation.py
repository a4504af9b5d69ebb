"""Damage texts and files, and judge what a reader makes of them.

A reader of hostile input may answer with a grammar, or say what is wrong in our own errors, soon. Anything else is a
fault: another exception, a place outside of the text, an answer after more than `SLOWEST` seconds, or a grammar that
does not read back as itself once it is written.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from lstmc.errors import LimitError, LstmcError, UsageError
from lstmc.grammar import Grammar, GrammarError, Nets
from lstmc.grammar.convert import text_of
from lstmc.grammar.formats import file_format
from lstmc.grammar.read import parse_nets

SLOWEST = 2.0  # seconds
LONGEST_PIECE = 40  # characters that one change takes out, doubles or moves
CHANGES = (1, 1, 1, 2, 4)  # how many: one alone leaves many files right

# What files of one format or another are made of, and what readers stumble over.
# fmt: off
PIECES: tuple[str, ...] = (
    *"{}[]()<>,;:=#&*!|'\"%@`-?~/\\^$+. \n\r\t0",
    "\x00", "\x1b", "\x85", "\xa0", "\u00ad", "\u200b", "\u202e", "\u2028", "\ud800", "\udfff", "\ufeff", "\uffff",
    "é", "e\u0301", "日", "🙂", "->", "--", "/*", "*/", "//", "<!--", "-->", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<?x?>",
    "&a;", "&lt;", "&#0;", "&#x110000;", "<![CDATA[", "]]>", "\\u0000", "\\ud800", "\\n", "\\x00", "!!x ", "&a ", "*a ",
    "<<: ", "---\n", "...\n", "null", "true", "false", "end", "any", "start", "accept", "symbol", "plugin: tomita\n",
    "1e999999", "-1", "0.5", "1e-320", "NaN", "Infinity", "9" * 400, "0x10", "1_000", "01", "@0@", "<eps>",
    "--help", "-O2", "", "\n\n", "a" * 300, "[" * 100, "{" * 100, "(" * 100, "<a>" * 100,
)
# fmt: on


def mutate(text: str, others: Sequence[str], rng: Random) -> str:
    """The text with a few random changes; `others` lend it pieces."""
    for _ in range(rng.choice(CHANGES)):
        text = rng.choice(_CHANGES)(text, others, rng)
    return text


READ, REFUSED = "read", "refused"


def judge(text: str, format: str) -> str:
    """READ or REFUSED, as the format's reader takes a text; what is wrong with how it does, where something is."""
    began = time.process_time()
    try:
        judgement = _judge(text, format)
    except Exception as error:  # which is what we look for
        return f"{type(error).__name__}: {error}"
    seconds = time.process_time() - began
    return judgement if seconds <= SLOWEST else f"an answer after {seconds:.1f} seconds"


def _judge(text: str, format: str) -> str:
    try:
        grammar = parse_nets(text, "<mutant>", format=format)
    except GrammarError as error:
        return _said_badly(error, text, format) or REFUSED
    except LstmcError as error:
        return REFUSED if error.message else "an error that says nothing"
    return not_inverse(grammar, format) or READ


def _said_badly(error: GrammarError, text: str, format: str) -> str:
    """What is wrong with the diagnostics; "" where nothing is."""
    str(error).encode("utf-8")  # it can be printed
    lines = re.split(file_format(format).line_break, text.removeprefix("\ufeff"))
    for each in error.diagnostics:
        if each.line and not (each.line <= len(lines) and 1 <= each.column <= len(lines[each.line - 1]) + 1):
            return f"{each.code} stands at {each.line}:{each.column}, outside of the text"
    return "" if any(each.severity == "error" for each in error.diagnostics) else "refused, but for no error"


def not_inverse(grammar: Grammar | Nets, format: str) -> str:
    """How a grammar differs once it is written and read; "" where it does not, or the format cannot say it."""
    try:
        text = text_of(grammar, format)
    except UsageError:
        return ""
    try:
        again = parse_nets(text, "<written>", format=format, name=grammar.name)
    except LimitError:
        return ""  # what is written may be longer than what was read
    except LstmcError as error:
        return f"what is written cannot be read: {error}"
    if again != grammar:
        return f"what is written reads as another grammar: {text!r}"
    return "" if text_of(again, format) == text else "written a second time, the text is another one"


def _insert(text: str, others: Sequence[str], rng: Random) -> str:
    at = rng.randint(0, len(text))
    return f"{text[:at]}{rng.choice(PIECES)}{text[at:]}"


def _replace(text: str, others: Sequence[str], rng: Random) -> str:
    at = rng.randint(0, len(text))
    return f"{text[:at]}{rng.choice(PIECES)}{text[at + rng.randint(1, 3) :]}"


def _remove(text: str, others: Sequence[str], rng: Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + text[at + rng.randint(1, LONGEST_PIECE) :]


def _double(text: str, others: Sequence[str], rng: Random) -> str:
    at = rng.randint(0, len(text))
    return text[:at] + text[at : at + rng.randint(1, LONGEST_PIECE)] * rng.choice((2, 2, 3, 50)) + text[at:]


def _borrow(text: str, others: Sequence[str], rng: Random) -> str:
    other, at = rng.choice(others), rng.randint(0, len(text))
    begin = rng.randint(0, len(other))
    return text[:at] + other[begin : begin + rng.randint(1, LONGEST_PIECE)] + text[at:]


def _flip(text: str, others: Sequence[str], rng: Random) -> str:
    """One bit of the bytes; what is then no UTF-8 becomes a replacement character."""
    data = bytearray(text.encode("utf-8", "replace"))
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data.decode("utf-8", "replace")


def _line(text: str, others: Sequence[str], rng: Random) -> str:
    """One line taken out, doubled, or put elsewhere."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.choice((0, 1, 2))):
        lines.insert(rng.randint(0, len(lines)), line)
    return "".join(lines)


def _letter(text: str, others: Sequence[str], rng: Random) -> str:
    """One letter or digit in place of another."""
    places = [match.start() for match in re.finditer("[A-Za-z0-9]", text)]
    if not places:
        return text
    at = rng.choice(places)
    return f"{text[:at]}{rng.choice('abxyzABTX01259')}{text[at + 1 :]}"


def _cut(text: str, others: Sequence[str], rng: Random) -> str:
    return text[: rng.randint(0, len(text))]


Change = Callable[[str, Sequence[str], Random], str]
_CHANGES: tuple[Change, ...] = (
    _insert,
    _insert,
    _replace,
    _remove,
    _double,
    _borrow,
    _flip,
    _line,
    _letter,
    _letter,
    _cut,
)


@dataclass(frozen=True)
class Tally:
    """What became of many mutants: how many still read, how many were refused, and every fault with its text."""

    read: int
    refused: int
    faults: tuple[tuple[str, str], ...]


def try_mutants(texts: Sequence[str], format: str, rng: Random, count: int) -> Tally:
    """Judge `count` mutants of the texts."""
    mutants = [mutate(rng.choice(texts), texts, rng) for _ in range(count)]
    judged = [(judge(text, format), text) for text in mutants]
    counts = Counter(judgement for judgement, _ in judged)
    faults = tuple(pair for pair in judged if pair[0] not in (READ, REFUSED))
    return Tally(counts[READ], counts[REFUSED], faults)
