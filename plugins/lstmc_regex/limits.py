"""How large a pattern may be, and what is made of it, so that none takes all memory or all day."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.limits import Limits as UpperLimits

MAX_DEPTH = 100  # groups inside one another; what follows them calls itself three times as deep at most
LONGEST_COUNT = 9  # digits in {m,n}; more would be above every other limit


@dataclass(frozen=True)
class Limits(UpperLimits):
    """Upper limits of a pattern; LSTMC_MAX_REGEX_POSITIONS and so on in the environment move them."""

    variables: ClassVar[str] = "LSTMC_MAX_REGEX"
    subject: ClassVar[str] = "regex: "

    characters: int = 100_000  # of the pattern
    positions: int = 10_000  # literals and classes, written out as often as they are repeated
    rules: int = 250_000
    cases: int = 2_000_000  # characters of classes that (?i) compares in lower and upper case
    symbols: int = 10_000  # of the alphabet, or named by the pattern
