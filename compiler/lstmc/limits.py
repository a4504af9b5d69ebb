"""Upper limits, so that no file takes all memory or all day; a variable in the environment moves each.

@dataclass(frozen=True)
class RegexLimits(Limits):
    variables = "LSTMC_MAX_REGEX"          LSTMC_MAX_REGEX_POSITIONS=50000 moves the one below
    positions: int = 10_000
"""

import os
from dataclasses import dataclass, fields
from typing import ClassVar, Self

from lstmc.errors import LimitError, UsageError

LONGEST = 18  # digits, which hold every sensible limit, and spare Python's own limit on long numbers


@dataclass(frozen=True)
class Limits:
    """Derive from it: each field is a limit, a whole number, with its default."""

    variables: ClassVar[str]  # what the names of the variables begin with
    subject: ClassVar[str] = ""  # what messages begin with, where nobody else says whose limit it is

    @classmethod
    def from_environment(cls) -> Self:
        """The limits that hold unless a caller says otherwise. Raises UsageError where a variable is no number."""
        given = {field.name: os.environ.get(cls.variable(field.name)) for field in fields(cls)}
        return cls(**{name: _whole(cls.variable(name), text) for name, text in given.items() if text is not None})

    @classmethod
    def variable(cls, what: str) -> str:
        """The variable that moves the limit of that name."""
        return f"{cls.variables}_{what.upper()}"

    @classmethod
    def way_out(cls, what: str) -> str:
        """How to move a limit, for errors."""
        return f"set {cls.variable(what)} to a larger number if you trust it"

    def refuse_more(self, what: str, count: int, of: str = "", instead: str = "") -> None:
        """Raises LimitError where `count` is above the limit of that name; who reads a file says which file.

        of        what has so many, where that is to be said       instead   what else helps than another limit
        """
        limit: int = getattr(self, what)
        if count > limit:
            shown = f"{count:,}" if count < 10**LONGEST else "far more"
            message = f"{self.subject}{of}{shown} {what}, more than the limit of {limit:,}"
            raise LimitError(message, f"{instead}; or {self.way_out(what)}" if instead else self.way_out(what))


def _whole(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        raise UsageError(f"{variable} must be a whole number, not '{text}'", f"unset {variable}, or give it a number")
    return int(text)
