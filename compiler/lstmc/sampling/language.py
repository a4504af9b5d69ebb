"""What strings are drawn from: a grammar, or a network."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, Protocol

from lstmc.errors import LimitError
from lstmc.sampling.limits import SampleLimits

Lengths = tuple[int, int]  # shortest and longest, both included


class Drawn(NamedTuple):
    """A string as numbers of symbols, with ln of its probability where there is one."""

    symbols: tuple[int, ...]
    logprob: float | None


class Language(Protocol):
    """A set of strings with probabilities. `endless`: no string ever ends, and beginnings take their place."""

    name: str
    alphabet: tuple[str, ...]
    endless: bool

    def draw(self, random: Random) -> Iterator[Drawn]:
        """Strings without end of them; raises LimitError for one that does not end within the limits."""

    def draw_within(self, random: Random, length: Lengths) -> Iterator[Drawn]:
        """Strings of these lengths; of endless strings beginnings, each length equally likely."""

    def every(self, length: Lengths) -> Iterator[Drawn]:
        """Every string of these lengths, short ones first, then in the order of the alphabet."""

    def has(self, strings: Sequence[Sequence[int]]) -> list[bool]:
        """Which strings belong to the language."""


def length_from(random: Random, length: Lengths) -> int:
    """A length between the two, each equally likely."""
    return length[0] + int(random.random() * (length[1] - length[0] + 1))


def not_ended(name: str, symbols: int, what: str) -> LimitError:
    """The error for strings that hardly ever end; `what` names the limit."""
    message = f"a string of '{name}' has not ended after {symbols:,} symbols"
    return LimitError(message, f"say how long strings may be: --length ..100; or {SampleLimits.way_out(what)}")


def between(length: Lengths) -> str:
    """The lengths in words."""
    return f"{length[0]}" if length[0] == length[1] else f"{length[0]} to {length[1]}"
