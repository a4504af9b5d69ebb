"""How large a pattern may be, and what is made of it, so that none takes all memory or all day."""

import os
from dataclasses import dataclass, fields

from lstmc.errors import LimitError, UsageError

MAX_DEPTH = 100  # groups inside one another; what follows them calls itself three times as deep at most
LONGEST_COUNT = 9  # digits in {m,n}; more would be above every other limit


@dataclass(frozen=True)
class Limits:
    """Upper limits of a pattern; LSTMC_MAX_REGEX_POSITIONS and so on in the environment move them."""

    characters: int = 100_000  # of the pattern
    positions: int = 10_000  # literals, classes and anchors, written out as often as they are repeated
    rules: int = 250_000
    symbols: int = 10_000  # of the alphabet, or of one class

    @classmethod
    def from_environment(cls) -> "Limits":
        """The limits that hold. Raises UsageError where a variable is no number."""
        given = {field.name: os.environ.get(_variable(field.name)) for field in fields(cls)}
        return cls(**{name: _whole(_variable(name), text) for name, text in given.items() if text is not None})

    def refuse_more(self, what: str, count: int) -> None:
        """Raises LimitError where `count` is above the limit of that name."""
        limit: int = getattr(self, what)
        if count > limit:
            shown = f"{count:,}" if count < 10**12 else "far more"
            message = f"regex: {shown} {what}, more than the limit of {limit:,}"
            raise LimitError(message, f"set {_variable(what)} to a larger number if you trust the pattern")


def _variable(name: str) -> str:
    return f"LSTMC_MAX_REGEX_{name.upper()}"


def _whole(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UsageError(f"{variable} must be a whole number, not '{text}'", f"unset {variable}, or give it a number")
    return int(text)
