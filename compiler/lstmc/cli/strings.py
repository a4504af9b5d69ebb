"""Strings that the user gives: as arguments, or on standard input."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from lstmc.errors import InputError

if TYPE_CHECKING:
    from lstmc.network import Network


MOST_AT_A_TIME = 64 * 1024  # bytes: enough strings to run side by side


class Line(NamedTuple):
    """A string and where it stands, as errors name it."""

    place: str
    text: str | bytes


def lines_of_standard_input() -> Iterator[list[Line]]:
    """The lines of standard input without their line breaks, as many at a time as have come."""
    if sys.stdin is None:  # closed by the shell
        return
    stream: Any = sys.stdin.buffer  # its type does not tell of read1
    count, pending = 0, [b""]
    while chunk := stream.read1(MOST_AT_A_TIME):
        first, *others = chunk.split(b"\n")
        pending.append(first)
        if others:
            texts = [b"".join(pending), *others[:-1]]
            pending = [others[-1]]
            yield [_line(number, text) for number, text in enumerate(texts, start=count + 1)]
            count += len(texts)
    if last := b"".join(pending):
        yield [_line(count + 1, last)]


def _line(number: int, text: bytes) -> Line:
    return Line(f"standard input, line {number}", text.removesuffix(b"\r"))


def symbols_of(line: Line, network: "Network") -> list[str]:
    """The symbols of a string. Raises InputError, with the place, for text that is not UTF-8 or an unknown symbol."""
    from lstmc.network.strings import split_string

    try:
        text = line.text if isinstance(line.text, str) else line.text.decode()
        symbols = split_string(text, network.alphabet)
        network.tokens(symbols)
    except UnicodeDecodeError as error:
        raise InputError(f"{line.place}: not UTF-8: byte {error.start + 1}", "give text as UTF-8") from None
    except InputError as error:
        raise InputError(f"{line.place}: {error.message}", error.help) from None
    return symbols
