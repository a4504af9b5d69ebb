"""Strings of a network: drawn from what it predicts itself, many side by side."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import LimitError
from lstmc.network import Network, Readout, run_all
from lstmc.sampling.language import Drawn, Language, Lengths, between, length_from, not_ended
from lstmc.sampling.limits import SampleLimits

SIDE_BY_SIDE = 256  # fixed, so that the first strings are the same however many are asked for
MOST_CONFIGURATIONS = 10_000  # that are looked at to see whether strings end
MOST_NUMBERS, MOST_NUMBERS_WAITING = 500_000, 10_000_000  # of those looked at together, and of those that wait
PATIENCE, HOPELESS = 20_000, 5_000  # after so many strings, fewer than one in so many of the asked length


def language_of_network(network: Network) -> Language:
    return NetworkLanguage(network)


class NetworkLanguage:
    """The strings that a network allows."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.name, self.alphabet = network.name, network.alphabet
        self._limits = SampleLimits.from_environment()
        self.endless = not _ends(network)

    def draw(self, random: Random) -> Iterator[Drawn]:
        while True:
            for drawn in self._group(random, [self._limits.length] * SIDE_BY_SIDE):
                if drawn is None:
                    raise not_ended(self.name, self._limits.length, "length")
                yield drawn

    def draw_within(self, random: Random, length: Lengths) -> Iterator[Drawn]:
        if self.endless:
            while True:
                asked = [length_from(random, length) for _ in range(SIDE_BY_SIDE)]
                yield from (drawn for drawn in self._group(random, asked) if drawn is not None)
        tried = kept = 0
        while True:
            for drawn in self._group(random, [length[1]] * SIDE_BY_SIDE):
                tried += 1
                if drawn is not None and len(drawn.symbols) >= length[0]:
                    kept += 1
                    yield drawn
            if tried >= PATIENCE and kept * HOPELESS < tried:
                raise LimitError(
                    f"{kept} of {tried:,} strings of '{self.name}' had a length of {between(length)}",
                    "ask for other lengths, or draw from the grammar, which finds them at once",
                )

    def _group(self, random: Random, longest: list[int]) -> list[Drawn | None]:
        """One string for each length; of endless strings a beginning of it, of others None where it grows longer.

        Raises LimitError where all of them together become too long.
        """
        found: list[Drawn | None] = [None] * len(longest)
        symbols: list[list[int]] = [[] for _ in longest]
        logprob = np.zeros(len(longest))
        going = np.arange(len(longest))
        state = self.network.start(len(longest))
        kept = 0
        while len(going):
            kept += len(going)
            if kept > self._limits.symbols:
                raise not_ended(self.name, max(map(len, symbols)), "symbols")
            readout = self.network.read(state)
            stays = []
            picked, chance = _pick(readout, [random.random() for _ in going])
            with np.errstate(divide="ignore"):
                gained = np.log(chance)
            for row, (n, x) in enumerate(zip(going.tolist(), picked.tolist(), strict=True)):
                if self.endless and len(symbols[n]) == longest[n]:
                    found[n] = self._drawn(readout, symbols[n], logprob[n])
                elif x == len(self.alphabet):
                    found[n] = self._drawn(readout, symbols[n], logprob[n] + gained[row])
                elif len(symbols[n]) < longest[n]:
                    symbols[n].append(x)
                    stays.append(row)
            logprob[going[stays]] += gained[stays]
            going = going[stays]
            state = self.network.step(tuple(part[stays] for part in state), picked[stays])
        return found

    def _drawn(self, readout: Readout, symbols: list[int], logprob: float) -> Drawn:
        return Drawn(tuple(symbols), float(logprob) if readout.probabilities is not None else None)

    def every(self, length: Lengths) -> Iterator[Drawn]:
        """All beginnings of one length, each made longer by every symbol that may follow, so their order stays."""
        beginnings = np.zeros((1, 0), np.int64)
        logprob, state = np.zeros(1), self.network.start()
        for symbols in range(length[1] + 1):
            readout = self.network.read(state)
            with np.errstate(divide="ignore"):
                gained = np.log(_chances(readout))
            if symbols >= length[0]:
                whole = np.ones(len(beginnings), np.bool_) if self.endless else readout.allowed[:, -1]
                for row in np.flatnonzero(whole).tolist():
                    end = 0.0 if self.endless else gained[row, -1]
                    yield self._drawn(readout, beginnings[row].tolist(), logprob[row] + end)
            rows, following = np.nonzero(readout.allowed[:, :-1])
            if symbols == length[1] or not len(rows):
                return
            self._refuse_more(len(rows), symbols + 1)
            beginnings = np.concatenate([beginnings[rows], following[:, None]], axis=1)
            logprob = logprob[rows] + gained[rows, following]
            state = self.network.step(tuple(part[rows] for part in state), following)

    def _refuse_more(self, count: int, symbols: int) -> None:
        numbers = count * (self.network.size + symbols + len(self.alphabet))
        of = f"'{self.name}' has {count:,} beginnings of {symbols} symbols, which are "
        instead = "list shorter strings, or those of the grammar, which are found one by one"
        self._limits.refuse_more("numbers", numbers, of, instead)

    def has(self, strings: Sequence[Sequence[int]]) -> list[bool]:
        names = [[self.alphabet[x] for x in string] for string in strings]
        return [run.alive if self.endless else run.accepted for run in run_all(self.network, names)]


def _pick(readout: Readout, draws: list[float]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each string what comes next, the number of symbols for the end, and its probability."""
    chances = _chances(readout)
    sums = np.cumsum(chances, axis=1)
    picked = np.argmax(sums > (np.array(draws) * sums[:, -1])[:, None], axis=1)
    return picked, chances[np.arange(len(picked)), picked]


def _chances(readout: Readout) -> NDArray[np.float64]:
    """The probabilities of what is allowed: the network's own, or all alike where it gives none."""
    if readout.probabilities is not None:
        return np.where(readout.allowed, readout.probabilities, 0.0)
    alike: NDArray[np.float64] = readout.allowed / np.maximum(readout.allowed.sum(axis=1, keepdims=True), 1)
    return alike


def _ends(network: Network) -> bool:
    """Whether some string ends, as far as the first MOST_CONFIGURATIONS of the network's configurations tell.

    A few are looked at together, the last ones first, so that few wait.
    """
    together = max(1, MOST_NUMBERS // (network.size + len(network.alphabet)))
    waiting, rows_waiting = [network.start()], 1
    seen: set[bytes] = set()
    while waiting:
        state = waiting.pop()
        rows_waiting -= len(state[0])
        readout = network.read(state)
        if readout.allowed[:, -1].any():
            return True
        rows, following = np.nonzero(readout.allowed[:, :-1])
        for begin in range(0, len(rows), together):
            part = slice(begin, begin + together)
            after = network.step(tuple(each[rows[part]] for each in state), following[part])
            new = [row for row, on in enumerate(np.packbits(network.on(after), axis=1)) if _add(on.tobytes(), seen)]
            if new:
                waiting.append(tuple(each[new] for each in after))
                rows_waiting += len(new)
            if len(seen) >= MOST_CONFIGURATIONS or rows_waiting * network.size > MOST_NUMBERS_WAITING:
                return True
    return False


def _add(configuration: bytes, seen: set[bytes]) -> bool:
    """Whether it is new; it is seen then."""
    known = len(seen)
    seen.add(configuration)
    return len(seen) > known
