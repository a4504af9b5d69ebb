"""How large a grammar file may be, and how long it may take, so that no file takes all memory or all day."""

import os
from dataclasses import dataclass, fields

from lstmc.errors import LimitError, UsageError


@dataclass(frozen=True)
class Limits:
    """Upper limits of a grammar file; LSTMC_MAX_GRAMMAR_BYTES and so on in the environment move them."""

    bytes: int = 16 * 1024 * 1024
    states: int = 100_000
    edges: int = 250_000
    values: int = 3_000_000  # texts, lists and mappings in the file, keys among them: an edge has 7 to 13
    seconds: int = 60  # from the bytes to the grammar, the work of a plugin that the file names among them

    @classmethod
    def from_environment(cls) -> "Limits":
        """The limits that hold unless a caller says otherwise. Raises UsageError where a variable is no number."""
        given = {field.name: os.environ.get(_variable(field.name)) for field in fields(cls)}
        return cls(**{name: _whole(_variable(name), text) for name, text in given.items() if text is not None})

    def refuse_more(self, what: str, count: int) -> None:
        """Raises LimitError where `count` is above the limit of that name; who reads a file says which file."""
        limit: int = getattr(self, what)
        if count > limit:
            raise LimitError(f"{count:,} {what}, more than the limit of {limit:,}", self.way_out(what))

    def way_out(self, what: str) -> str:
        """How to move a limit, for errors."""
        return f"set {_variable(what)} to a larger number if you trust the file"


def _variable(name: str) -> str:
    return f"LSTMC_MAX_GRAMMAR_{name.upper()}"


def _whole(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UsageError(f"{variable} must be a whole number, not '{text}'", f"unset {variable}, or give it a number")
    return int(text)
