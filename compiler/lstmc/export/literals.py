"""Names and symbols of a grammar, written into the source text of a snippet."""

import json
from collections.abc import Sequence


def python_literal(value: str | Sequence[str]) -> str:
    """Text, or a list of texts, as Python in ASCII.

    JSON in ASCII will not do: it writes a symbol beyond U+FFFF as two surrogates, and Python would read two symbols.
    """
    return json.dumps(value, ensure_ascii=False).encode("ascii", "backslashreplace").decode()
