"""Run strings through a network: one, or many side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmc.network.network import Network, Readout
from lstmc.network.strings import join_string

BATCH = 256  # strings side by side; more gain nothing for the small networks that grammars make


@dataclass(frozen=True)
class Run:
    """What a network says after a string.

    accepted        whether it is a whole string of the grammar
    alive           whether a string of the grammar begins with it
    next            the symbols that may come next, `end` last where the string may end
    probabilities   of each of them; None where the network gives none
    logprob         ln of the probability of the symbols read, and of ending here where that is allowed;
                    None for a dead string, and where the network gives no probabilities
    output          what a transducer says after the last symbol; None where it says nothing
    outputs         what it says after each symbol; () for what is no transducer
    """

    string: str
    accepted: bool
    alive: bool
    next: tuple[str, ...]
    probabilities: dict[str, float] | None
    logprob: float | None
    output: str | None
    outputs: tuple[str | None, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The line that `lstmc run --json` prints."""
        return {**self.__dict__, "next": list(self.next), "outputs": list(self.outputs)}


def run(network: Network, string: str | Sequence[str]) -> Run:
    """What the network says after one string. Raises InputError for a symbol that it does not know."""
    return run_all(network, [string])[0]


def run_all(
    network: Network,
    strings: Iterable[str | Sequence[str]],
    progress: Callable[[int], None] | None = None,
) -> list[Run]:
    """What the network says after each string; `progress` is told how many symbols each step has read."""
    listed = list(strings)
    tokens = [network.tokens(string) for string in listed]
    order = sorted(range(len(listed)), key=lambda n: -len(tokens[n]))
    results: dict[int, Run] = {}
    for first in range(0, len(order), BATCH):
        group = order[first : first + BATCH]
        found = _side_by_side(network, [tokens[n] for n in group], progress)
        results |= zip(group, found, strict=True)
    return [results[n] for n in range(len(listed))]


def _side_by_side(network: Network, tokens: list[list[int]], progress: Callable[[int], None] | None) -> list[Run]:
    """Runs strings that are sorted from long to short; those that have ended are left behind."""
    found: list[Run | None] = [None] * len(tokens)
    state, logprob = network.start(len(tokens)), np.zeros(len(tokens))
    readout = network.read(state)
    said: list[NDArray[np.int64]] = []  # of a transducer, after each symbol
    going = len(tokens)
    for step in range(len(tokens[0]) + 1):
        while going and len(tokens[going - 1]) == step:
            going -= 1
            outputs = [int(each[going]) for each in said]
            found[going] = _result(network, tokens[going], readout, going, float(logprob[going]), outputs)
        if not going:
            break
        column = np.array([string[step] for string in tokens[:going]])
        if readout.probabilities is not None:
            logprob = logprob[:going] + np.log(readout.probabilities[np.arange(going), column])
        state = network.step(tuple(part[:going] for part in state), column)
        readout = network.read(state)
        if network.outputs:
            said.append(readout.output)
        if progress is not None:
            progress(going)
    return [result for result in found if result is not None]


def _result(network: Network, tokens: list[int], readout: Readout, row: int, logprob: float, outputs: list[int]) -> Run:
    names = (*network.alphabet, network.header.end)
    allowed = np.flatnonzero(readout.allowed[row]).tolist()
    accepted, alive = bool(readout.allowed[row, -1]), bool(allowed)
    probabilities = None
    if readout.probabilities is not None:
        chances = readout.probabilities[row]
        probabilities = {names[x]: float(chances[x]) for x in allowed}
        logprob += float(np.log(chances[-1])) if accepted else 0.0
    output, names_said = int(readout.output[row]), (*network.outputs, None)  # −1 is none
    return Run(
        string=join_string([network.alphabet[x] for x in tokens], network.alphabet),
        accepted=accepted,
        alive=alive,
        next=tuple(names[x] for x in allowed),
        probabilities=probabilities,
        logprob=logprob if alive and probabilities is not None else None,
        output=names_said[output],
        outputs=tuple(names_said[each] for each in outputs),
    )
