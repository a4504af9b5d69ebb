"""Say what stands in a text where JSON knows no token, so that who wrote it can mend it."""

import re
from typing import NamedTuple

from lstmc.grammar.formats import quoted, visible

BODY = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+'  # a text but for the quote that ends it

_OPEN_TEXT = re.compile(BODY)
_WORD = re.compile(r"[\w.+$-]++")
_PYTHON = {"True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "Null": "null"}


class Wrong(NamedTuple):
    """What is wrong, from `begin` on."""

    begin: int
    width: int
    message: str
    help: str


def no_token(text: str, begin: int, is_first: bool, is_behind_text: bool) -> Wrong:
    """What stands at `begin`. `is_first`: nothing stands before it; `is_behind_text`: a text ends right before it."""
    first, word = text[begin], _WORD.match(text, begin)
    if first == '"':
        return _open_text(text, begin)
    if first == "'":
        return Wrong(begin, 1, "a text stands in double quotes", "write \"...\" instead of '...'")
    if first in "#/":
        return Wrong(begin, 1, "JSON has no comments", "take it out, or write the grammar as YAML")
    if is_behind_text:
        help = 'a quote is missing before it; or write \\" for one within a text'
        return Wrong(begin, 1, "a text ends right before this", help)
    if is_first:
        shown = quoted(word[0] if word else first)
        return Wrong(begin, 1, f"a grammar begins with {{, not with {shown}", "is it YAML? then call the file .yaml")
    if word:
        return _no_word(begin, word[0])
    return Wrong(begin, 1, f"nothing in JSON begins with {visible(first)}", "put a text in double quotes")


def _open_text(text: str, begin: int) -> Wrong:
    """A text that does not end, or ends too early."""
    body = _OPEN_TEXT.match(text, begin)
    end = body.end() if body else begin
    if end < len(text) and text[end] == "\\":
        return Wrong(end, 2, "no escape that JSON knows", "write \\\\ for a \\, and \\u00e9 for é")
    if end < len(text) and text[end] not in "\r\n":
        help = "write \\t for a tab, and \\u with four digits for other characters"
        return Wrong(end, 1, f"the character {visible(text[end])} within a text", help)
    return Wrong(begin, end - begin, "the text that begins here is not closed on its line", 'write " where it ends')


def _no_word(begin: int, word: str) -> Wrong:
    """A number, a name, or a word of another language."""
    message, help = f"a text without quotes: {quoted(word)}", f'write "{word}"' if len(word) < 40 else 'write "..."'
    if word.lstrip("+-").casefold() in ("nan", "infinity", "inf"):
        message, help = f"{quoted(word)} is no number in JSON", "leave it out"
    elif word in _PYTHON:
        message, help = f"no word of JSON: {quoted(word)}", f"write {_PYTHON[word]}"
    elif word[0].isdigit() or word[0] in "+-.":
        message, help = f"no number as JSON writes it: {quoted(word)}", "write it as in 10, 0.5 or 1e-3"
    return Wrong(begin, len(word), message, help)
