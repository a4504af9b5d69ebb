"""Strings as users type them, and as networks read them."""

from collections.abc import Sequence

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import InputError


def tokens(string: str | Sequence[str], alphabet: tuple[str, ...]) -> list[int]:
    """The numbers of a string's symbols. Raises InputError for a symbol that is not in the alphabet."""
    symbols = split_string(string, alphabet) if isinstance(string, str) else [_text(symbol) for symbol in string]
    number = {symbol: n for n, symbol in enumerate(alphabet)}
    try:
        return [number[symbol] for symbol in symbols]
    except KeyError:
        place, unknown = next((n, s) for n, s in enumerate(symbols, start=1) if s not in number)
    shown = ", ".join(alphabet[:20]) + (", …" if len(alphabet) > 20 else "")
    unknown = unknown if len(unknown) <= 40 else f"{unknown[:40]}…"
    raise InputError(
        f"symbol {place} of the string, '{unknown}', is not in the alphabet",
        f"{did_you_mean(unknown, alphabet)} the symbols are {shown}".strip(),
    )


def _text(symbol: object) -> str:
    """A symbol that is a number is the text of it, as in a grammar."""
    return symbol if isinstance(symbol, str) else str(symbol)


def split_string(text: str, alphabet: tuple[str, ...]) -> list[str]:
    """Character by character where every symbol is one character, else at blanks."""
    return list(text) if all(len(symbol) == 1 for symbol in alphabet) else text.split()


def join_string(symbols: Sequence[str], alphabet: tuple[str, ...]) -> str:
    """The inverse of `split_string`."""
    return ("" if all(len(symbol) == 1 for symbol in alphabet) else " ").join(symbols)
