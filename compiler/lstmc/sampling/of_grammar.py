"""Strings of a grammar: walks through its automaton."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from math import ldexp, log
from random import Random

import numpy as np

from lstmc.automaton import NONE, Automaton, determinize, to_automaton, trim, weigh
from lstmc.automaton.automaton import row_order
from lstmc.errors import UsageError
from lstmc.grammar import Grammar
from lstmc.sampling.language import Drawn, Language, Lengths, between, length_from, not_ended
from lstmc.sampling.lengths import Masses, masses
from lstmc.sampling.limits import SampleLimits

END = -1  # instead of the number of a symbol: the string ends


def language_of_grammar(grammar: Grammar, max_states: int) -> Language:
    """Raises LimitError where determinizing needs more than `max_states`."""
    automaton = _without_outputs(trim(to_automaton(grammar)))
    known = automaton.deterministic  # a nondeterministic grammar has no probabilities
    return GrammarLanguage(weigh(determinize(automaton, max_states)), known)


def _without_outputs(a: Automaton) -> Automaton:
    nothing = np.full(len(a.source), NONE)
    order = row_order(a.source, a.symbol, a.target, nothing, a.rule)
    return replace(
        a,
        state_output=np.full(len(a.states), NONE),
        output=nothing,
        source=a.source[order],
        symbol=a.symbol[order],
        target=a.target[order],
        rule=a.rule[order],
        probability=a.probability[order],
    )


class GrammarLanguage:
    """The strings of a trimmed, deterministic, weighed automaton; `known` tells whether its probabilities mean a thing.

    moves   for each state its ways on: symbol (or END), target, probability
    """

    def __init__(self, automaton: Automaton, known: bool) -> None:
        self.automaton, self.known = automaton, known
        self.name, self.alphabet = automaton.name, automaton.alphabet
        self._longest = SampleLimits.from_environment().length
        self.endless = not automaton.accepting.any()
        self.start = int(np.flatnonzero(automaton.initial)[0])
        self.moves: list[list[tuple[int, int, float]]] = [[] for _ in automaton.states]
        first = automaton.moves[:-1]
        columns = (automaton.source, automaton.symbol, automaton.target, automaton.probability)
        for p, x, q, chance in zip(*(column[first].tolist() for column in columns), strict=True):
            self.moves[p].append((x, q, chance))
        for p in np.flatnonzero(automaton.accepting).tolist():
            self.moves[p].append((END, p, float(automaton.end[p])))

    @cached_property
    def _sums(self) -> list[list[float]]:
        """For each state the probabilities of its moves, added up."""
        return [list(accumulate(chance for _, _, chance in moves)) for moves in self.moves]

    @cached_property
    def _target(self) -> list[dict[int, int]]:
        return [{x: q for x, q, _ in moves if x != END} for moves in self.moves]

    def draw(self, random: Random) -> Iterator[Drawn]:
        while True:
            drawn = self._walk(random, self._longest + 1)
            if len(drawn.symbols) > self._longest:
                raise not_ended(self.name, self._longest, "length")
            yield drawn

    def _walk(self, random: Random, longest: int) -> Drawn:
        """From the start until the string ends or has as many symbols."""
        symbols: list[int] = []
        q, logprob = self.start, 0.0
        while len(symbols) < longest:
            x, q, chance = self.moves[q][_choose(random, self._sums[q])]
            logprob += log(chance)
            if x == END:
                break
            symbols.append(x)
        return self._drawn(symbols, logprob)

    def _drawn(self, symbols: Sequence[int], logprob: float) -> Drawn:
        return Drawn(tuple(symbols), logprob if self.known else None)

    def draw_within(self, random: Random, length: Lengths) -> Iterator[Drawn]:
        if self.endless:
            while True:
                yield self._walk(random, length_from(random, length))
        table = masses(self.automaton, length[1])
        sums = _added([table.at(k, self.start) for k in range(length[0], length[1] + 1)])
        if not sums or sums[-1] == 0:
            raise UsageError(f"no string of '{self.name}' has a length of {between(length)}", self._nearest(table))
        while True:
            yield self._walk_exactly(random, table, length[0] + _choose(random, sums))

    def _walk_exactly(self, random: Random, table: Masses, length: int) -> Drawn:
        """A string of that length, as likely as it is among all of that length."""
        symbols: list[int] = []
        q, logprob = self.start, 0.0
        for left in range(length - 1, -1, -1):
            moves = [move for move in self.moves[q] if move[0] != END]
            parts = [table.at(left, target) for _, target, _ in moves]
            weighed = [(chance * part, power) for (_, _, chance), (part, power) in zip(moves, parts, strict=True)]
            x, q, chance = moves[_choose(random, _added(weighed))]
            logprob += log(chance)
            symbols.append(x)
        return self._drawn(symbols, logprob + log(float(self.automaton.end[q])))

    def _nearest(self, table: Masses) -> str:
        """Which lengths there are, as far as the table goes."""
        there = [str(k) for k in range(table.longest + 1) if table.at(k, self.start)[0] > 0]
        return f"there are strings of {', '.join(there[-3:])} symbols" if there else "all strings are longer"

    def every(self, length: Lengths) -> Iterator[Drawn]:
        table = None if self.endless else masses(self.automaton, length[1])
        for exactly in range(length[0], length[1] + 1):
            yield from self._every_of(exactly, table)

    def _every_of(self, length: int, table: Masses | None) -> Iterator[Drawn]:
        """Depth first, entering a state only where a string of that length goes on from it."""

        def leads_on(q: int, left: int) -> bool:
            return table is None or table.at(left, q)[0] > 0

        if not leads_on(self.start, length):
            return
        symbols: list[int] = []
        logprobs = [0.0]
        path = [self.start]
        waiting = [iter(self.moves[self.start])]
        while waiting:
            if len(symbols) == length:
                end = 0.0 if self.endless else log(float(self.automaton.end[path[-1]]))
                yield self._drawn(symbols, logprobs[-1] + end)
                step = None
            else:
                left = length - len(symbols) - 1
                step = next((move for move in waiting[-1] if move[0] != END and leads_on(move[1], left)), None)
            if step is None:
                waiting.pop()
                path.pop()
                logprobs.pop()
                if symbols:
                    symbols.pop()
                continue
            x, q, chance = step
            symbols.append(x)
            path.append(q)
            logprobs.append(logprobs[-1] + log(chance))
            waiting.append(iter(self.moves[q]))

    def has(self, strings: Sequence[Sequence[int]]) -> list[bool]:
        return [self._has(string) for string in strings]

    def _has(self, string: Sequence[int]) -> bool:
        q = self.start
        for x in string:
            if x not in self._target[q]:
                return False
            q = self._target[q][x]
        return self.endless or bool(self.automaton.accepting[q])


def _choose(random: Random, sums: list[float]) -> int:
    """A place in the list, as likely as what it adds to the sum."""
    place = bisect_right(sums, random.random() * sums[-1])
    while place == len(sums) or (place and sums[place] == sums[place - 1]):  # rounding up to the sum itself
        place -= 1
    return place


def _added(parts: list[tuple[float, int]]) -> list[float]:
    """Numbers m·2^e, added up in units of the largest."""
    top = max((power for part, power in parts if part), default=0)
    return list(accumulate(ldexp(part, power - top) for part, power in parts))
