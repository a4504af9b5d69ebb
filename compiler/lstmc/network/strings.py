"""Strings as users type them, and as networks read them."""

import json
import re
from collections.abc import Sequence
from typing import Any

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
    """Character by character where every symbol is one character, else at blanks.

    A symbol with blanks stands in double quotes, as in JSON: "New York" Rome. A whole string may be a JSON list, too:
    ["New York", "Rome"], where each text in it is a symbol.
    """
    if text.startswith("["):
        listed = _json(text)
        are_texts = isinstance(listed, list) and all(isinstance(each, str) for each in listed)
        if are_texts and (set(listed) <= set(alphabet) or not any(symbol.startswith("[") for symbol in alphabet)):
            return list(listed)
    if _by_character(alphabet):
        return list(text)
    return [_unquoted(token) for token in _TOKEN.findall(text)]


def join_string(symbols: Sequence[str], alphabet: tuple[str, ...]) -> str:
    """The inverse of `split_string`, in one line."""
    text = "".join(symbols) if _by_character(alphabet) else " ".join(map(written, symbols))
    in_one_line = "\n" not in text and "\r" not in text
    if in_one_line and (not text.startswith("[") or split_string(text, alphabet) == [*symbols]):
        return text
    return json.dumps([*symbols], ensure_ascii=False)


def written(symbol: str) -> str:
    """The symbol as it stands between blanks."""
    needs_quotes = symbol.startswith('"') or any(map(str.isspace, symbol))
    return json.dumps(symbol, ensure_ascii=False) if needs_quotes else symbol


def listed(symbol: str) -> str:
    """The symbol as it stands among others that are listed: in quotes where blanks would tear it apart."""
    return json.dumps(symbol, ensure_ascii=False) if any(map(str.isspace, symbol)) else symbol


def _by_character(alphabet: tuple[str, ...]) -> bool:
    return all(len(symbol) == 1 for symbol in alphabet)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?!\S)|\S+')  # in quotes, with escapes; or what stands between blanks


def _unquoted(token: str) -> str:
    text = _json(token) if token.startswith('"') else token
    return text if isinstance(text, str) else token


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
