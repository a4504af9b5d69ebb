"""Strings as users type them, and as networks read them."""

from collections.abc import Sequence

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import InputError

LONGEST = 40  # characters of a symbol that a message shows


def tokens(string: str | Sequence[str], alphabet: tuple[str, ...]) -> list[int]:
    """The numbers of a string's symbols. Raises InputError for a symbol that is not in the alphabet."""
    symbols = split_string(string, alphabet) if isinstance(string, str) else [_text(symbol) for symbol in string]
    number = {symbol: n for n, symbol in enumerate(alphabet)}
    try:
        return [number[symbol] for symbol in symbols]
    except KeyError:
        place, unknown = next((n, s) for n, s in enumerate(symbols, start=1) if s not in number)
    shown = ", ".join(map(_clipped, alphabet[:20])) + (", …" if len(alphabet) > 20 else "")
    help = _spaced(unknown, alphabet) or f"{did_you_mean(_clipped(unknown), alphabet)} the symbols are {shown}".strip()
    raise InputError(f"symbol {place} of the string, '{_clipped(unknown)}', is not in the alphabet", help)


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _spaced(text: str, alphabet: tuple[str, ...]) -> str:
    """What to type where blanks are missing between symbols, or where there are some though none is needed."""
    if text.isspace() and all(len(symbol) == 1 for symbol in alphabet):
        return "leave out the blanks: every symbol is one character"
    symbols = _segmented(text, set(alphabet)) if len(text) <= LONGEST else []
    return f"write a blank between two symbols: {' '.join(symbols)}" if len(symbols) > 1 else ""


def _segmented(text: str, alphabet: set[str]) -> list[str]:
    """The text as symbols of the alphabet, the first as short as can be; empty where it is none."""
    ways: list[list[str] | None] = [[]]  # for each length of its end, the last of them first
    for begin in range(len(text) - 1, -1, -1):
        ends = (end for end in range(begin + 1, len(text) + 1) if text[begin:end] in alphabet)
        found = next((end for end in ends if ways[len(text) - end] is not None), None)
        ways.append(None if found is None else [text[begin:found], *(ways[len(text) - found] or [])])
    return ways[-1] or []


def _text(symbol: object) -> str:
    """A symbol that is a number is the text of it, as in a grammar."""
    return symbol if isinstance(symbol, str) else str(symbol)


def split_string(text: str, alphabet: tuple[str, ...]) -> list[str]:
    """Character by character where every symbol is one character, else at blanks."""
    return list(text) if all(len(symbol) == 1 for symbol in alphabet) else text.split()


def join_string(symbols: Sequence[str], alphabet: tuple[str, ...]) -> str:
    """The inverse of `split_string`."""
    return ("" if all(len(symbol) == 1 for symbol in alphabet) else " ").join(symbols)
