"""Find a string that a network gets wrong: the shortest ones first, then long loops, in the network's own numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE, Automaton, split, to_automaton, trim
from lstmc.errors import InputError
from lstmc.grammar import Grammar
from lstmc.limits import Limits
from lstmc.network import Network
from lstmc.network.network import State
from lstmc.network.strings import join_string
from lstmc.proof.nondeterministic import allowed_after

Members = tuple[int, ...]  # the states that are possible, () after a dead prefix

NODES = 20_000  # strings that are tried in order of length, those aside that lead where another one has led
REPETITIONS = 5_000  # of every loop
LONGEST_LOOP = 3  # symbols
PLACES = NODES // 100  # sets of states whose loops are tried


@dataclass(frozen=True)
class SearchLimits(Limits):
    """How far the search goes in a large network, where it tries less; LSTMC_MAX_SEARCH_… move them."""

    variables: ClassVar[str] = "LSTMC_MAX_SEARCH"

    numbers: int = 20_000_000  # of cells, for the strings that are tried side by side
    products: int = 10_000_000_000  # of weights with numbers: half for short strings, what is left for loops


@dataclass(frozen=True)
class Counterexample:
    """A string, what the network then says may come next, and what the grammar says."""

    string: str
    network: tuple[str, ...]
    grammar: tuple[str, ...]

    def __str__(self) -> str:
        shown = self.string if len(self.string) <= 60 else f"{self.string[:40]}… ({len(self.string)} symbols)"
        network, grammar = (", ".join(names) or "nothing" for names in (self.network, self.grammar))
        return f"after '{shown}' the network allows {network}; the grammar allows {grammar}"


def counterexample(network: Network, grammar: Grammar, legal: bool = False) -> Counterexample | None:
    """A string that the network gets wrong, or None where none was found, which proves nothing.

    It tries 20,000 short strings and 5,000 repetitions of short loops; of a large network fewer (`SearchLimits`).

    legal   only prefixes of strings of the grammar, not dead ones

    Raises InputError where the two have not the same symbols.
    """
    if (network.alphabet, network.outputs) != (grammar.alphabet, grammar.outputs):
        raise InputError(
            f"the network '{network.name}' does not read and say the symbols of the grammar '{grammar.name}'",
            "name the grammar that it was made of",
        )
    search = _Search(network, grammar)
    return search.by_length(legal) or search.in_loops()


class _Search:
    def __init__(self, network: Network, grammar: Grammar) -> None:
        limits = SearchLimits.from_environment()
        self.network = network
        self.automaton: Automaton = split(trim(to_automaton(grammar)))
        self.moves: list[dict[int, set[int]]] = [{} for _ in self.automaton.states]
        for p, x, q, _, _ in self.automaton.each_move():
            self.moves[p].setdefault(x, set()).add(q)
        self.allowed = allowed_after(self.automaton)
        self.start: Members = tuple(np.flatnonzero(self.automaton.initial).tolist())
        self.at_once = max(1, limits.numbers // network.size)
        self.steps = limits.products // max(1, sum(int(np.count_nonzero(each)) for each in network.tensors.values()))

    def after(self, members: Members, x: int) -> Members:
        return tuple(sorted({q for p in members for q in self.moves[p].get(x, ())}))

    def onward(self, members: Members) -> list[int]:
        """The symbols that may come next."""
        return sorted({x for p in members for x in self.moves[p]})

    def by_length(self, legal: bool) -> Counterexample | None:
        """Breadth-first over strings; two that lead to the same states and numbers have the same future."""
        layer: list[tuple[tuple[int, ...], Members]] = [((), self.start)]
        state, seen, for_loops = self.network.start(1), set[tuple[Members, bytes]](), self.steps // 2
        every = range(len(self.network.alphabet))
        while layer:
            found = self._wrong(state, [members for _, members in layer])
            if found is not None:
                return self._tell(layer[found[0]][0], found[1], layer[found[0]][1])
            if len(seen) >= NODES or self.steps < for_loops:
                return None
            longer = (
                (parent, x, ((*string, x), self.after(members, x)))
                for parent, (string, members) in enumerate(layer)
                for x in (self.onward(members) if legal or not members else every)  # one step beyond a live prefix
            )
            tried = list(islice(longer, self.at_once))
            parents, tokens = [parent for parent, _, _ in tried], np.array([x for _, x, _ in tried], np.int64)
            state = self._step(tuple(part[parents] for part in state), tokens)
            fresh = {(tried[n][2][1], _digest(state, n)): n for n in reversed(range(len(tried)))}
            kept = sorted(n for key, n in fresh.items() if key not in seen)
            seen.update(fresh)
            layer = [tried[n][2] for n in kept]
            state = tuple(part[kept] for part in state)
        return None

    def in_loops(self) -> Counterexample | None:
        """Every short loop out of every set of states that strings lead to, side by side."""
        places = self._reached()
        loops = [(place, loop) for place in places for loop in self._loops(place)][: self.steps // LONGEST_LOOP]
        repetitions = min(REPETITIONS * LONGEST_LOOP, self.steps // max(1, len(loops)))
        for first in range(0, len(loops), self.at_once):
            found = self._repeat(places, loops[first : first + self.at_once], repetitions)
            if found is not None:
                return found
        return None

    def _repeat(
        self, places: dict[Members, tuple[int, ...]], loops: list[tuple[Members, tuple[int, ...]]], symbols: int
    ) -> Counterexample | None:
        members = [place for place, _ in loops]
        state = self._run_all([places[place] for place in members])
        for n in range(symbols):
            column = [loop[n % len(loop)] for _, loop in loops]
            state = self._step(state, np.array(column))
            members = [self.after(m, x) for m, x in zip(members, column, strict=True)]
            found = self._wrong(state, members)
            if found is not None:
                place, loop = loops[found[0]]
                string = (*places[place], *(loop[k % len(loop)] for k in range(n + 1)))
                return self._tell(string, found[1], members[found[0]])
        return None

    def _step(self, state: State, tokens: NDArray[np.int64]) -> State:
        self.steps -= len(tokens)
        return self.network.step(state, tokens)

    def _run_all(self, strings: list[tuple[int, ...]]) -> State:
        """The network's state after each string, as one batch; those of one length are run together."""
        known = sorted(set(strings), key=lambda string: (len(string), string))
        row = {string: n for n, string in enumerate(known)}
        states = []
        for length in sorted({len(string) for string in known}):
            together = [string for string in known if len(string) == length]
            state = self.network.start(len(together))
            for column in zip(*together, strict=True):
                state = self.network.step(state, np.array(column))
            states.append(state)
        rows = [row[string] for string in strings]
        return tuple(np.concatenate(parts)[rows] for parts in zip(*states, strict=True))

    def _reached(self) -> dict[Members, tuple[int, ...]]:
        """Sets of states with a shortest string that leads there."""
        reached: dict[Members, tuple[int, ...]] = {self.start: ()}
        for members in (queue := [self.start]):
            for x in self.onward(members):
                after = self.after(members, x)
                if after not in reached and len(reached) < PLACES:
                    reached[after] = (*reached[members], x)
                    queue.append(after)
        return reached

    def _loops(self, members: Members) -> list[tuple[int, ...]]:
        """Strings of up to LONGEST_LOOP symbols that lead back."""
        paths: list[tuple[tuple[int, ...], Members]] = [((), members)]
        found = []
        for _ in range(LONGEST_LOOP):
            paths = list(islice(self._longer(paths), NODES))
            found += [path for path, after in paths if after == members]
        return found

    def _longer(self, paths: list[tuple[tuple[int, ...], Members]]) -> Iterator[tuple[tuple[int, ...], Members]]:
        return (((*path, x), self.after(members, x)) for path, members in paths for x in self.onward(members))

    def _wrong(self, state: State, members: list[Members]) -> tuple[int, NDArray[np.bool_]] | None:
        """The first of a batch whose readout is not what the grammar says, and what it says instead."""
        readout = self.network.read(state)
        expected = np.array([self.allowed[list(m)].any(axis=0) for m in members])
        wrong = (readout.allowed != expected).any(axis=1)
        if self.network.outputs:
            outputs = [int(self.automaton.state_output[m[0]]) if m else NONE for m in members]
            wrong |= readout.output != np.array(outputs)
        return (int(np.argmax(wrong)), readout.allowed[np.argmax(wrong)]) if wrong.any() else None

    def _tell(self, string: tuple[int, ...], said: NDArray[np.bool_], members: Members) -> Counterexample:
        alphabet, names = self.network.alphabet, (*self.network.alphabet, self.network.header.end)
        right = self.allowed[list(members)].any(axis=0)
        network, grammar = (tuple(names[y] for y in np.flatnonzero(row)) for row in (said, right))
        return Counterexample(join_string([alphabet[x] for x in string], alphabet), network, grammar)


def _digest(state: State, n: int) -> bytes:
    """All numbers of one string."""
    return blake2b(b"".join(part[n].tobytes() for part in state), digest_size=16).digest()
