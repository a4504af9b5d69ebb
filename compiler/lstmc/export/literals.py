"""Names and symbols of a grammar, written into the source text of a snippet."""

import json
import re
from collections.abc import Sequence


def python_literal(value: str | Sequence[str]) -> str:
    """Text, or a list of texts, as Python in ASCII.

    JSON will not do: it writes a symbol beyond U+FFFF as two surrogates, and Python would read two symbols.
    """
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[^ -~]", lambda found: found[0].encode("unicode_escape").decode(), text)
