"""Near misses: strings that are one slip away from a string of the language, and certainly not in it."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from lstmc.errors import LimitError
from lstmc.sampling.language import Drawn, Language, Lengths

TOGETHER = 256  # strings that are tried side by side
MOST_TRIES = 20_000  # in a row without one near miss

Symbols = tuple[int, ...]


def slips(language: Language, strings: Iterator[Drawn], random: Random, length: Lengths | None) -> Iterator[Symbols]:
    """Near misses of the strings. Raises LimitError where MOST_TRIES in a row are none."""
    tries = 0
    while True:
        slipped = [_slip(random, drawn.symbols, len(language.alphabet)) for drawn in islice(strings, TOGETHER)]
        fitting = [s for s in slipped if s is not None and (length is None or length[0] <= len(s) <= length[1])]
        for string, belongs in zip(fitting, language.has(fitting), strict=True):
            if not belongs:
                tries = 0
                yield string
        tries += len(slipped)
        if tries > MOST_TRIES:
            raise LimitError(
                f"no near miss of '{language.name}' was found in {MOST_TRIES:,} tries",
                "perhaps all strings over its alphabet, or all of these lengths, belong to it",
            )


def _slip(random: Random, string: Symbols, symbols: int) -> Symbols | None:
    """One symbol replaced, left out, put in, or swapped with the next; None where that is not possible."""
    kind = int(random.random() * 4)
    place = int(random.random() * (len(string) + (kind == 2)))
    symbol = int(random.random() * symbols)
    before, after = string[:place], string[place + 1 :]
    if kind == 2:
        return (*before, symbol, *string[place:])
    if not string:
        return None
    if kind == 0:
        return (*before, symbol, *after)
    if kind == 1:
        return (*before, *after)
    return (*before, after[0], string[place], *after[1:]) if after else None
