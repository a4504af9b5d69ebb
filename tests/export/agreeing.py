"""Does an exported network, run by the snippet that is printed for it, predict what the graph of its grammar says?

The graph is walked by tables of long_strings.py, which share no code with the compiler. Snippets run in fresh
processes that cannot import lstmc.
"""

from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
import pytest
from long_strings import Walk, walk

import lstmc
from lstmc.export import Package, Runtime, exporter
from lstmc.export.runtime import Answer, Worker

STRINGS, LENGTH = 2_000, 40
REPETITIONS, CHUNK = 20_000, 5_000
LOGITS = {"float64": 1e-4, "float32": 1e-4, "float16": 0.2, "bfloat16": 1.0, "int8": 1.0}  # against the reference
CASES = ("reber", "embedded", "random")


@dataclass(frozen=True, eq=False)
class Case:
    """A grammar with its network and its graph as tables."""

    grammar: lstmc.Grammar
    network: lstmc.Network
    graph: Walk


@cache
def case(name: str, dtype: str = "float32", cell: str = "lstm") -> Case:
    """`reber` and `embedded` (nested 2 deep) at -O1, and `random`, 200 states at -O2 (at -O1 for the toy)."""
    grammars = {
        "reber": lambda: lstmc.load_grammar("reber"),
        "embedded": lambda: lstmc.load_grammar("embedded-reber", {"depth": "2"}),
        "random": lambda: lstmc.load_grammar("random", {"states": "200", "symbols": "4", "seed": "1"}),
    }
    grammar = grammars[name]()
    level = 2 if name == "random" and cell == "lstm" else 1
    network = lstmc.compile(grammar, level=level, dtype=dtype, cell=cell)
    return Case(grammar, network, walk(grammar))


def started(name: str, package: Package, runtime: Runtime) -> Worker:
    """The printed snippet at work. Skips where the framework is not installed."""
    chosen = exporter(name)
    needed = runtime.missing()
    if needed:
        pytest.skip(f"{', '.join(needed)} is not installed: {runtime.install}")
    chosen.check(package)
    return chosen.start(package, runtime)


def runtimes(name: str) -> list[Runtime]:
    """For pytest.mark.parametrize: every way in which an exporter's files are run."""
    return [pytest.param(runtime, id=runtime.name) for runtime in exporter(name).runtimes()]


def expected(network: lstmc.Network, tokens: np.ndarray) -> Answer:
    """Logits and outputs after each symbol, and the state after the last one, as our own runner has them."""
    state, logits, outputs = network.start(len(tokens)), [], []
    for column in tokens.T:
        state = network.step(state, column)
        logits.append(network.read(state).logits)
        outputs.append(network._layer("output", network.shown(state)))
    return Answer(np.stack(logits, 1), np.stack(outputs, 1), state, 0.0)


def apart(found: Answer, wanted: Answer) -> float:
    """The largest difference."""
    pairs = [
        (found.logits, wanted.logits),
        (found.outputs, wanted.outputs),
        *zip(found.state, wanted.state, strict=True),
    ]
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def whole_and_in_pieces(worker: Worker, tokens: np.ndarray) -> tuple[Answer, Answer]:
    """The answers for strings side by side, and for pieces of them that go on where the last one ended."""
    pieces = [worker.run(tokens[:, :4]), worker.run(tokens[:, 4:5], True), worker.run(tokens[:, 5:], True)]
    joined = (np.concatenate([getattr(each, part) for each in pieces], 1) for part in ("logits", "outputs"))
    return worker.run(tokens), Answer(*joined, pieces[-1].state, 0.0)


def check_strings_and_loops(worker: Worker, case: Case, number_format: str) -> None:
    """The allowed sets for 2,000 strings and for loops of 20,000 symbols, and the logits of the strings."""
    tokens = strings(case)
    answer = worker.run(tokens)
    assert difference(answer, case, tokens) <= LOGITS[number_format]
    assert wrong(answer, allowed(case.graph, tokens), case) == 0
    loops, expected = loops_of(case.graph)
    for first in range(0, REPETITIONS, CHUNK):
        found = worker.run(loops[:, first : first + CHUNK], goes_on=first > 0)
        assert wrong(found, expected[:, first : first + CHUNK], case) == 0


@cache
def strings(case: Case) -> np.ndarray:
    """Token numbers (2,000, 40): beginnings of strings of the grammar; in every other one a wrong symbol slips in.

    After the end of a string others follow: a dead prefix.
    """
    random, graph = Random(1), case.graph
    symbols = graph.following.shape[1]
    tokens = np.zeros((STRINGS, LENGTH), np.int64)
    for row in tokens:
        place, slip = graph.start, random.randrange(2 * LENGTH)
        for time in range(LENGTH):
            going = np.flatnonzero(graph.allowed[place, :-1]).tolist()
            row[time] = random.choice(going) if going and time != slip else random.randrange(symbols)
            place = graph.following[place, row[time]]
    return tokens


def allowed(graph: Walk, tokens: np.ndarray) -> np.ndarray:
    """What may follow after each symbol, (B, T, S + 1)."""
    place, found = np.full(len(tokens), graph.start), []
    for column in tokens.T:
        place = graph.following[place, column]
        found.append(graph.allowed[place])
    return np.stack(found, axis=1)


def loops_of(graph: Walk, most: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Up to four loops, each a shortest way to a state and then its shortest way back, again and again.

    tokens (B, 20,000), and what is allowed after each (B, 20,000, S + 1)
    """
    dead = len(graph.following) - 1
    found = []
    for state, beginning in _ways(graph, graph.start).items():
        if state != dead and (back := _ways(graph, state, first=False).get(state)):
            found.append((len(back), beginning, back))
    found.sort(key=lambda loop: loop[0])
    assert found
    rows = [(beginning + back * REPETITIONS)[:REPETITIONS] for _, beginning, back in (*found[:2], *found[-2:])]
    tokens = np.array(rows[:most])
    return tokens, allowed(graph, tokens)


def _ways(graph: Walk, start: int, first: bool = True) -> dict[int, list[int]]:
    """The shortest way to every state that can be reached; to `start` itself none, or one that is not empty."""
    ways: dict[int, list[int]] = {start: []} if first else {}
    waiting: list[tuple[int, list[int]]] = [(start, [])]
    for place, way in waiting:
        for x in np.flatnonzero(graph.allowed[place, :-1]).tolist():
            target = int(graph.following[place, x])
            if target not in ways:
                ways[target] = [*way, x]
                waiting.append((target, ways[target]))
    return ways


def difference(answer: Answer, case: Case, tokens: np.ndarray) -> float:
    """The largest of any logit from our own runner's."""
    state, largest = case.network.start(len(tokens)), 0.0
    for time, column in enumerate(tokens.T):
        state = case.network.step(state, column)
        largest = np.maximum(largest, np.abs(case.network.read(state).logits - answer.logits[:, time]).max())
    return float(largest)


def wrong(answer: Answer, expected: np.ndarray, case: Case) -> int:
    """After how many symbols something else is allowed."""
    threshold = 0.5 if case.network.cell == "toy" else 0
    return int(((answer.logits > threshold) != expected).any(axis=2).sum())
