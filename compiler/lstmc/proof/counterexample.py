"""Find a string that a network gets wrong: the shortest ones first, then long loops, in the network's own numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import NONE, Automaton, split, to_automaton, trim
from lstmc.errors import InputError
from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.network.network import State
from lstmc.network.strings import join_string
from lstmc.proof.nondeterministic import allowed_after

Members = tuple[int, ...]  # the states that are possible, () after a dead prefix

NODES = 20_000  # strings that are tried in order of length, those aside that lead where another one has led
REPETITIONS = 5_000  # of every loop
LONGEST_LOOP = 3  # symbols


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
        self.network = network
        self.automaton: Automaton = split(trim(to_automaton(grammar)))
        self.moves: list[dict[int, set[int]]] = [{} for _ in self.automaton.states]
        for p, x, q, _, _ in self.automaton.each_move():
            self.moves[p].setdefault(x, set()).add(q)
        self.allowed = allowed_after(self.automaton)
        self.start: Members = tuple(np.flatnonzero(self.automaton.initial).tolist())

    def after(self, members: Members, x: int) -> Members:
        return tuple(sorted({q for p in members for q in self.moves[p].get(x, ())}))

    def by_length(self, legal: bool) -> Counterexample | None:
        """Breadth-first over strings; two that lead to the same states and numbers have the same future."""
        layer: list[tuple[tuple[int, ...], Members]] = [((), self.start)]
        state, seen, tried = self.network.start(1), set(), 0
        symbols = range(len(self.network.alphabet))
        while layer and tried < NODES:
            found = self._wrong(state, [members for _, members in layer])
            if found is not None:
                return self._tell(layer[found[0]][0], found[1], layer[found[0]][1])
            parents, following, tokens = [], [], []
            for parent, (string, members) in enumerate(layer):
                for x in symbols:
                    after = self.after(members, x)
                    if after or (members and not legal):  # one step beyond a live prefix
                        parents.append(parent)
                        following.append(((*string, x), after))
                        tokens.append(x)
            if not parents:
                return None
            state = self.network.step(tuple(part[parents] for part in state), np.array(tokens))
            keys = [(after, *(part[n].tobytes() for part in state)) for n, (_, after) in enumerate(following)]
            fresh = [n for n, key in enumerate(keys) if key not in seen and keys.index(key) == n]
            seen.update(keys)
            tried += len(fresh)
            layer = [following[n] for n in fresh]
            state = tuple(part[fresh] for part in state)
        return None

    def in_loops(self) -> Counterexample | None:
        """Every short loop out of every set of states that strings lead to, all side by side."""
        loops = [(access, loop) for members, access in self._reached().items() for loop in self._loops(members)]
        if not loops:
            return None
        strings = [list(access) for access, _ in loops]
        members = [self._members(access) for access, _ in loops]
        state = self._run_all(strings)
        for n in range(REPETITIONS * LONGEST_LOOP):
            column = [loop[n % len(loop)] for _, loop in loops]
            state = self.network.step(state, np.array(column))
            members = [self.after(m, x) for m, x in zip(members, column, strict=True)]
            found = self._wrong(state, members)
            if found is not None:
                access, loop = loops[found[0]]
                string = (*access, *(loop[k % len(loop)] for k in range(n + 1)))
                return self._tell(string, found[1], members[found[0]])
        return None

    def _run_all(self, strings: list[list[int]]) -> State:
        """The network's state after each string, as one batch."""
        states = []
        for string in strings:
            state = self.network.start(1)
            for x in string:
                state = self.network.step(state, np.array([x]))
            states.append(state)
        return tuple(np.concatenate(parts) for parts in zip(*states, strict=True))

    def _reached(self) -> dict[Members, tuple[int, ...]]:
        """Sets of states with a shortest string that leads there."""
        reached: dict[Members, tuple[int, ...]] = {self.start: ()}
        for members in (queue := [self.start]):
            for x in range(len(self.network.alphabet)):
                after = self.after(members, x)
                if after and after not in reached and len(reached) < NODES // 100:
                    reached[after] = (*reached[members], x)
                    queue.append(after)
        return reached

    def _members(self, string: tuple[int, ...]) -> Members:
        members = self.start
        for x in string:
            members = self.after(members, x)
        return members

    def _loops(self, members: Members) -> list[tuple[int, ...]]:
        """Strings of up to LONGEST_LOOP symbols that lead back."""
        found: list[tuple[int, ...]] = []
        paths: list[tuple[tuple[int, ...], Members]] = [((), members)]
        for _ in range(LONGEST_LOOP):
            paths = [((*p, x), self.after(m, x)) for p, m in paths for x in range(len(self.network.alphabet))]
            paths = [(path, after) for path, after in paths if after]
            found += [path for path, after in paths if after == members]
        return found

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
