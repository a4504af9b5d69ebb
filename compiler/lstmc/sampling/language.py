"""What strings are drawn from: a grammar, or a network."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple, Protocol

Lengths = tuple[int, int]  # shortest and longest, both included

MAX_LENGTH = 100_000  # symbols of a string that is drawn without asking for a length


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
        """Strings without end of them; raises LimitError for one beyond MAX_LENGTH."""

    def draw_within(self, random: Random, length: Lengths) -> Iterator[Drawn]:
        """Strings of these lengths; of endless strings beginnings, each length equally likely."""

    def every(self, length: Lengths) -> Iterator[Drawn]:
        """Every string of these lengths, short ones first, then in the order of the alphabet."""

    def has(self, strings: Sequence[Sequence[int]]) -> list[bool]:
        """Which strings belong to the language."""


def length_from(random: Random, length: Lengths) -> int:
    """A length between the two, each equally likely."""
    return length[0] + int(random.random() * (length[1] - length[0] + 1))


def between(length: Lengths) -> str:
    """The lengths in words."""
    return f"{length[0]}" if length[0] == length[1] else f"{length[0]} to {length[1]}"
