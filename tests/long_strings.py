"""Long loops of the Reber grammar, and long streams of strings that a network makes itself.

The toy LSTM that this project grew from predicts wrong letters after 13 to 87 repetitions; ours must never. Both checks
compare what is allowed, at every step, with a walk through the grammar's graph that shares no code with the compiler.
"""

from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmc import Grammar, Network

LOOPS = (("BT", "S"), ("BP", "T"), ("BTXX", "T"))  # a beginning, and the symbol that repeats
VARIANTS = tuple(
    {"cell": cell, "level": level, "memory": memory}
    for cell, level, memory in (
        ("lstm", 0, "keep"),
        ("lstm", 1, "keep"),
        ("lstm", 1, "rewrite"),
        ("lstm", 2, "keep"),
        ("toy", 0, "keep"),
        ("toy", 1, "keep"),
        ("toy", 1, "rewrite"),
    )
)
STREAMS = 256  # side by side


class Walk(NamedTuple):
    """A deterministic grammar's graph as tables; the last state is the dead one.

    start     where strings begin        following (Q + 1, S)   the next state        allowed (Q + 1, S + 1)
    """

    start: int
    following: NDArray[np.int64]
    allowed: NDArray[np.bool_]


class Mistake(NamedTuple):
    """The first wrong answer of a loop."""

    prefix: str
    repetitions: int


def walk(grammar: Grammar) -> Walk:
    """The tables, straight from the graph."""
    graph = grammar.graph
    number = {state: n for n, state in enumerate(graph)}
    symbol = {text: n for n, text in enumerate(grammar.alphabet)}
    following = np.full((len(number) + 1, len(symbol)), len(number))
    allowed = np.zeros((len(number) + 1, len(symbol) + 1), np.bool_)
    for source, target, data in graph.edges(data=True):
        following[number[source], symbol[data["symbol"]]] = number[target]
        allowed[number[source], symbol[data["symbol"]]] = True
    for state, data in graph.nodes(data=True):
        allowed[number[state], -1] = bool(data.get("accept"))
    return Walk(number[grammar.start[0]], following, allowed)


def mistakes_in_loops(network: Network, grammar: Grammar, repetitions: int) -> list[Mistake]:
    """The first mistake in each loop that has one, the three loops run side by side."""
    graph = walk(grammar)
    parts = [_after(network, graph, beginning) for beginning, _ in LOOPS]
    state = tuple(np.concatenate(rows) for rows in zip(*(state for state, _ in parts), strict=True))
    expected = graph.allowed[[place for _, place in parts]]
    repeated = np.array([network.alphabet.index(symbol) for _, symbol in LOOPS])
    first: dict[int, int] = {}
    for repetition in range(repetitions + 1):
        wrong = network.read(state).allowed != expected
        if wrong.any():
            for row in np.flatnonzero(wrong.any(axis=1)).tolist():
                first.setdefault(row, repetition)
        state = network.step(state, repeated)
    return [Mistake(LOOPS[row][0], repetition) for row, repetition in sorted(first.items())]


def _after(network: Network, graph: Walk, beginning: str) -> tuple[tuple[NDArray[np.floating], ...], int]:
    """The network's state and the graph's after a string that no loop is in."""
    state, place = network.start(), graph.start
    for x in network.tokens(beginning):
        state, place = network.step(state, np.array([x])), int(graph.following[place, x])
    return state, place


def mistakes_in_own_strings(network: Network, grammar: Grammar, symbols: int, seed: int) -> tuple[int, int]:
    """How many answers were wrong, and how many symbols (ends among them) the network drew from its own predictions."""
    graph, random = walk(grammar), Random(seed)
    state, place = network.start(STREAMS), np.full(STREAMS, graph.start)
    end, wrong, drawn = len(network.alphabet), 0, 0
    while drawn < symbols:
        readout = network.read(state)
        wrong += int((readout.allowed != graph.allowed[place]).any(axis=1).sum())
        chances = readout.allowed if readout.probabilities is None else readout.probabilities * readout.allowed
        sums = np.cumsum(chances, axis=1, dtype=np.float64)
        draws = np.array([random.random() for _ in range(STREAMS)])
        picked = np.argmax(sums > (draws * sums[:, -1])[:, None], axis=1)
        drawn += STREAMS
        over = (picked == end) | (sums[:, -1] == 0)
        token = np.where(over, 0, picked)
        place = np.where(over, graph.start, graph.following[place, token])
        state = network.step(state, token)
        for part, fresh in zip(state, network.start(STREAMS), strict=True):
            part[over] = fresh[over]
    return wrong, drawn
