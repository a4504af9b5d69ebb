"""Languages, by a simulation that shares nothing with the readers: what a format's file is compared with."""

from collections.abc import Iterable
from itertools import product
from random import Random
from typing import NamedTuple

from lstmc.grammar import Grammar
from lstmc.testing.simulation import Simulation

Words = set[tuple[str, ...]]


class Automaton(NamedTuple):
    """A finite automaton as textbooks have it; a move without a symbol reads nothing."""

    moves: list[tuple[str, str | None, str]]
    start: list[str]
    final: list[str]

    @property
    def alphabet(self) -> list[str]:
        return sorted({symbol for _, symbol, _ in self.moves if symbol is not None})

    @property
    def states(self) -> list[str]:
        ends = [state for source, _, target in self.moves for state in (source, target)]
        return list(dict.fromkeys([*self.start, *ends, *self.final]))

    def words(self, upto: int = 4) -> Words:
        return {word for word in strings(self.alphabet, upto) if self.accepts(word)}

    def accepts(self, word: Iterable[str]) -> bool:
        now = self._silently(set(self.start))
        for symbol in word:
            now = self._silently({q for p, read, q in self.moves if p in now and read == symbol})
        return bool(now & set(self.final))

    def _silently(self, now: set[str]) -> set[str]:
        while more := {q for p, read, q in self.moves if p in now and read is None} - now:
            now |= more
        return now


def random_automaton(
    seed: int, alphabet: Iterable[str] = "ab", silent: bool = True, deterministic: bool = False, starts: int = 2
) -> Automaton:
    """An automaton of a few states, q0 among the starts; it accepts something."""
    rng = Random(seed)
    states = [f"q{number}" for number in range(rng.randint(2, 6))]
    letters: list[str | None] = [*alphabet]
    while True:
        moves = {
            (source, rng.choice([*letters, None] if silent and rng.random() < 0.4 else letters), rng.choice(states))
            for source in states
            for _ in range(rng.randint(1, 3))
        }
        if deterministic:
            moves = {
                (source, symbol, target)
                for (source, symbol), target in {m[:2]: m[2] for m in sorted(moves, key=str)}.items()
            }
        made = Automaton(
            sorted(moves, key=str),
            ["q0", *(["q1"] if starts > 1 and rng.random() < 0.3 else [])],
            sorted(rng.sample(states, rng.randint(1, len(states)))),
        )
        if made.alphabet == sorted(alphabet) and made.words(3):
            return made


def words_of(grammar: Grammar, upto: int = 4) -> Words:
    """The strings of a grammar, up to a length."""
    simulation = Simulation(grammar)
    return {word for word in strings(grammar.alphabet, upto) if simulation.read(word).accepted}


def strings(alphabet: Iterable[str], upto: int) -> Iterable[tuple[str, ...]]:
    letters = tuple(alphabet)
    return (word for length in range(upto + 1) for word in product(letters, repeat=length))
