"""Strings of a grammar or, given a network, of what the network says: drawn, listed, or missed by little.

    sample("reber")       strings as the probabilities make them; `length` picks those of certain lengths
    near_misses(...)      one slip away from a string, and certainly none
    every_string(...)     all strings up to a length

Everything is drawn with `random.Random(seed).random()`, so that one seed gives the same strings on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from lstmc.automaton import MAX_STATES
from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.network.strings import join_string
from lstmc.sampling.language import Drawn, Language, Lengths
from lstmc.sampling.limits import SampleLimits
from lstmc.sampling.of_grammar import language_of_grammar
from lstmc.sampling.of_network import language_of_network
from lstmc.sampling.slips import slips


@dataclass(frozen=True)
class Sample:
    """A string.

    string     the symbols as `lstmc run` takes them      symbols   one by one
    logprob    ln of its probability, ending included where it ends; None where there are no probabilities
    accepted   whether it is a whole string of the grammar (a beginning of an endless one is not)
    """

    string: str
    symbols: tuple[str, ...]
    logprob: float | None
    accepted: bool


def sample(
    source: Grammar | Network,
    n: int = 10,
    seed: int = 0,
    length: Lengths | None = None,
    max_states: int = MAX_STATES,
) -> Iterator[Sample]:
    """`n` strings drawn from the distribution of a grammar, or from what a network predicts.

    A nondeterministic grammar, and a network without probabilities, take all that is allowed to be equally likely.

    length       (shortest, longest) number of symbols: only strings between them; for endless strings, beginnings of
                 them, and required
    max_states   how many states determinizing a grammar may make

    Raises UsageError for endless strings without `length` and for lengths that no string has, LimitError where strings
    do not end, lengths and states together are too many, or a network hardly ever makes such lengths.
    """
    language = _language(source, max_states)
    random = Random(seed)
    return (_sample(language, drawn) for drawn in islice(_draw(language, random, length), _count(n)))


def near_misses(
    source: Grammar | Network,
    n: int = 10,
    seed: int = 0,
    length: Lengths | None = None,
    max_states: int = MAX_STATES,
) -> Iterator[Sample]:
    """`n` strings that are one symbol replaced, left out, put in, or swapped with the next away from a string drawn as
    in `sample`, and that the grammar (or the network) does not have. Of an endless grammar: beginnings of no string.

    Raises as `sample` does, and LimitError where no near miss is found.
    """
    language = _language(source, max_states)
    random = Random(seed)
    wider = None if length is None else (max(0, _checked(length)[0] - 1), length[1] + 1)
    missed = slips(language, _draw(language, random, wider), random, length)
    return (_sample(language, Drawn(symbols, None), False) for symbols in islice(missed, _count(n)))


def every_string(source: Grammar | Network, length: Lengths, max_states: int = MAX_STATES) -> Iterator[Sample]:
    """Every string of these lengths, short ones first, then in the order of the alphabet.

    Of endless strings, every beginning. Raises LimitError where there are too many to keep.
    """
    language = _language(source, max_states)
    return (_sample(language, drawn) for drawn in language.every(_checked(length)))


def _language(source: Grammar | Network, max_states: int) -> Language:
    if isinstance(source, Network):
        return language_of_network(source)
    return language_of_grammar(source, max_states)


def _draw(language: Language, random: Random, length: Lengths | None) -> Iterator[Drawn]:
    if length is not None:
        return language.draw_within(random, _checked(length))
    if language.endless:
        raise UsageError(f"strings of '{language.name}' have no end", "say how much of them: --length 20, or 10..20")
    return language.draw(random)


def _sample(language: Language, drawn: Drawn, accepted: bool = True) -> Sample:
    symbols = tuple(language.alphabet[x] for x in drawn.symbols)
    return Sample(join_string(symbols, language.alphabet), symbols, drawn.logprob, accepted and not language.endless)


def _checked(length: Lengths) -> Lengths:
    if not 0 <= length[0] <= length[1]:
        raise UsageError(f"there are no lengths from {length[0]} to {length[1]}", "give the shorter one first")
    limits = SampleLimits.from_environment()
    if length[1] > limits.length:
        message = f"strings of {length[1]:,} symbols are longer than the limit of {limits.length:,}"
        raise LimitError(message, f"ask for shorter ones; or {limits.way_out('length')}")
    return length


def _count(n: int) -> int:
    if n < 0:
        raise UsageError(f"{n} strings cannot be drawn", "ask for 0 or more")
    return n
