"""Text that may hold anything, made to be seen: what does not show, or changes how others show, becomes an escape."""

import json
import re

FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs, says Unicode, that leave nothing on the screen

# Characters that do not show, or that change how others show (bidirectional marks): written as escapes.
_UNSEEN = re.compile(
    "[^\\S ]|[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff"
    f"\U000e0000-\U000e0fff{FILLERS}]"
)


def visible(text: str, keep: str = "") -> str:
    """The text with escapes for what cannot be seen; the characters of `keep` stay."""
    return _UNSEEN.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text)


def visible_json(text: str) -> str:
    """JSON with JSON's own escapes for them: it means the same."""
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _escape(character: str) -> str:
    code = ord(character)
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return short.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
