"""Strings that the user gives: as arguments, or on standard input."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lstmc.errors import InputError

if TYPE_CHECKING:
    from lstmc.network import Network


class Line(NamedTuple):
    """A string and where it stands, as errors name it."""

    place: str
    text: str | bytes


def lines_of_standard_input() -> Iterator[Line]:
    """The lines of standard input as they come, without their line breaks."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        yield Line(f"standard input, line {number}", line.removesuffix(b"\n").removesuffix(b"\r"))


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
