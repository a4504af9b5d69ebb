"""Strings that find out whether two networks say the same: all short ones, random long ones, and loops.

They are made of a network's *configurations* (which cells are on), found by trying every symbol in each.
"""

from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np
from numpy.typing import NDArray

from lstmc.network import Network

SHORT = 4_096  # short strings at most
AT_ONCE = 40_000_000  # numbers of cells that they may have side by side
LONG, LENGTH = 64, 256  # random strings, and their symbols
LOOPS = 16  # loops side by side
MAX_NUMBERS = 40_000_000  # logits of all loops together
MAX_CONFIGURATIONS = 2_000
MAX_TRIED = 100_000_000  # numbers of state that may be computed to find them

Tokens = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Map:
    """Configurations, numbered as found; 0 is the start.

    following (Q, S)   the next one, −1 where it was not followed        going (Q, S)   symbols that may come, and after
    which strings can go on for ever
    """

    following: Tokens
    going: NDArray[np.bool_]


def short_strings(network: Network) -> Tokens:
    """Every string of one length over the alphabet, dead ones too; as long as 4,096 strings allow, 1 at least.

    Of a network of more than 9,765 cells as many fewer as keep memory.
    """
    symbols, length = len(network.alphabet), 1
    most = min(SHORT, AT_ONCE // network.size)
    while symbols ** (length + 1) <= most and length < LENGTH:
        length += 1
    return np.array(list(product(range(symbols), repeat=length)))


def long_strings(found: Map, seed: int) -> Tokens:
    """Random strings of 256 symbols that stay alive where that is possible; one wrong symbol slips into every other."""
    random, symbols = Random(seed), found.following.shape[1]
    tokens = np.zeros((LONG, LENGTH), np.int64)
    for row in tokens:
        place, slip = 0, random.randrange(2 * LENGTH)
        for time in range(LENGTH):
            offered = np.flatnonzero(found.going[place]).tolist() if place >= 0 and time != slip else []
            row[time] = random.choice(offered) if offered else random.randrange(symbols)
            place = int(found.following[place, row[time]]) if place >= 0 else -1
    return tokens


def loops(found: Map, length: int) -> Tokens:
    """Up to 16 strings of a length, each a way to a configuration and then its shortest way back, again and again.

    The shortest loops and the longest of them; none where every string ends.
    """
    ways = _ways(found, 0)
    places = sorted({0, *ways})
    places = places[:: len(places) // 100 + 1]
    backs = [(ways.get(place, []), back) for place in places if (back := _ways(found, place).get(place))]
    backs.sort(key=lambda loop: len(loop[1]))
    rows = max(2, min(LOOPS, MAX_NUMBERS // (length * (found.following.shape[1] + 1))))
    chosen = backs if len(backs) <= rows else backs[: rows // 2] + backs[-(rows // 2) :]
    return np.array([_cut(beginning, back, length) for beginning, back in chosen], np.int64).reshape(-1, length)


def configurations(network: Network) -> Map:
    """Which configurations there are, found breadth first as far as the limits allow."""
    state, symbols = network.start(), len(network.alphabet)
    number = {network.on(state)[0].tobytes(): 0}
    following = [[-1] * symbols]
    allowed = [network.read(state).allowed[0, :-1]]
    most = min(MAX_CONFIGURATIONS, MAX_TRIED // (symbols * network.size) + 1)
    layer = [0]
    while layer and len(number) < most:
        state = network.step(
            tuple(np.repeat(part, symbols, axis=0) for part in state), np.tile(np.arange(symbols), len(layer))
        )
        on, read, fresh = network.on(state), network.read(state).allowed[:, :-1], []
        for row in range(len(on)):
            key = on[row].tobytes()
            if key not in number:
                number[key] = len(number)
                fresh.append(row)
                following.append([-1] * symbols)
                allowed.append(read[row])
            following[layer[row // symbols]][row % symbols] = number[key]
        layer = [number[on[row].tobytes()] for row in fresh]
        state = tuple(part[fresh] for part in state)
    return _map(np.array(following), np.array(allowed))


def _map(following: Tokens, allowed: NDArray[np.bool_]) -> Map:
    """Keep the moves that can go on for ever, unless there are none."""
    going = allowed & (following >= 0)
    while True:
        lasting = np.asarray(going.any(axis=1))
        kept = going & lasting[following]
        if np.array_equal(kept, going):
            return Map(following, kept if kept.any() else allowed)
        going = kept


def _ways(found: Map, start: int) -> dict[int, list[int]]:
    """The shortest way to every configuration, of at least one symbol."""
    ways: dict[int, list[int]] = {}
    waiting: list[tuple[int, list[int]]] = [(start, [])]
    for place, way in waiting:  # grows as it is walked
        for x in np.flatnonzero(found.going[place]).tolist():
            target = int(found.following[place, x])
            if target >= 0 and target not in ways:
                ways[target] = [*way, x]
                waiting.append((target, ways[target]))
    return ways


def _cut(beginning: list[int], back: list[int], length: int) -> list[int]:
    return (beginning + back * (length // len(back) + 1))[:length]
