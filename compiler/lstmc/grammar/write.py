"""Write a grammar as YAML: one line for each state and each rule, and the same bytes for the same grammar.

    name: reber
    alphabet: [B, T, S, X, P, V, E]
    nodes:
      - {id: start, start: true, pos: [53, 225]}
    edges:
      - {source: start, target: '0', symbol: B}

A text is quoted where it would not read back as the same text, here or in any other YAML tool, which would take 0 for
a number and no for false.
"""

import re
from collections.abc import Iterator
from typing import Any

from lstmc.grammar.grammar import Grammar
from lstmc.grammar.nets import Nets

# Plain text: begins with a letter, digit, or sign that means nothing in YAML, and holds nothing that does.
_INDICATORS = r",\[\]{}#:&*!|>'\"%@`?=<\\~"
_PLAIN = re.compile(rf"[^\s{_INDICATORS}\-.+]([^\s{_INDICATORS}]|\ (?=[^\s{_INDICATORS}]))*")

# What some YAML tool takes for something else than text: truth, nothing, numbers of every kind, times, dates.
_NO_TEXT = re.compile(
    r"y|n|yes|no|on|off|true|false|null|none|[-+.]?(inf|nan)"
    r"|[0-9][0-9_,.:]*([eE][-+]?[0-9]*)?|0[xob][0-9a-f_]*|[0-9]+-[0-9-]+.*",
    re.IGNORECASE,
)

# Written as escapes, so that a person sees them: control characters, odd blanks, direction marks, what is no character.
_ESCAPED = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_LARGEST_WHOLE = 2.0**53  # up to here a whole number is written without a point


def grammar_to_yaml(grammar: Grammar | Nets) -> str:
    """The text of the grammar file."""
    return "\n".join(_block(grammar.to_dict())) + "\n"


def _block(data: dict[str, Any], indent: str = "") -> Iterator[str]:
    """A line for each state, each rule, and each value; nets are indented."""
    for key, value in data.items():
        if key in ("nodes", "edges"):
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {_flow(item)}" for item in value)
        elif isinstance(value, dict):
            yield f"{indent}{_text(key)}:"
            yield from _block(value, indent + "  ")
        else:
            yield f"{indent}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    """A value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case bool():
            return "true" if value else "false"
        case float() | int():
            return _number(value)
        case _:
            return _text(value)


def _number(value: float) -> str:
    """The shortest text of a number, with a point where YAML 1.1 wants one before an exponent."""
    if value == int(value) and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    text = repr(float(value))
    return text if "." in text else text.replace("e", ".0e")


def _text(text: str) -> str:
    if _ESCAPED.search(text):
        return '"' + _ESCAPED.sub(_escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
    if _PLAIN.fullmatch(text) and not _NO_TEXT.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[match[0]]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
