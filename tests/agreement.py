"""Compare a network with the simulation of its grammar, symbol by symbol, many strings side by side."""

from collections.abc import Sequence

import numpy as np

from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.testing.simulation import END, Simulation

TOLERANCE = {"float64": 1e-5, "float32": 1e-5, "float16": 3e-2, "bfloat16": 0.15}  # of probabilities

Strings = Sequence[Sequence[str]]


class Expected:
    """What a grammar says after every prefix of B strings of up to T symbols, the empty prefix first.

    strings                           from long to short
    read (B, T + 1)                   whether the string is that long; the rest stands for nothing
    allowed (B, T + 1, S + 1)         the last column is `end`
    probabilities (B, T + 1, S + 1)   NaN where there are none: the grammar is nondeterministic, or the prefix dead
    output (B, T + 1)                 the number of the output, -1 for none
    """

    def __init__(self, grammar: Grammar, strings: Strings) -> None:
        self.strings = sorted(strings, key=len, reverse=True)
        self.names = (*grammar.alphabet, END)
        self.outputs = grammar.outputs
        shape = (len(strings), len(self.strings[0]) + 1)
        self.read = np.zeros(shape, np.bool_)
        self.allowed = np.zeros((*shape, len(self.names)), np.bool_)
        self.probabilities = np.full(self.allowed.shape, np.nan)
        self.output = np.full(shape, -1)
        self.deterministic = Simulation(grammar).deterministic
        for row, string in enumerate(self.strings):
            simulation = Simulation(grammar)
            self._note(simulation, row, 0)
            for time, symbol in enumerate(string, start=1):
                simulation.step(symbol)
                self._note(simulation, row, time)

    @property
    def steps(self) -> int:
        """How many symbols are read in all."""
        return sum(map(len, self.strings))

    def _note(self, simulation: Simulation, row: int, time: int) -> None:
        allowed, probabilities, output = simulation.allowed(), simulation.probabilities(), simulation.output()
        self.read[row, time] = True
        self.allowed[row, time] = [name in allowed for name in self.names]
        if probabilities:
            self.probabilities[row, time] = [float(probabilities.get(name, 0)) for name in self.names]
        self.output[row, time] = -1 if output is None else self.outputs.index(output)


def mismatches(expected: Expected, network: Network) -> list[str]:
    """Every prefix after which the network says something else than the grammar, in one line each.

    The empty list means that alive, accepted, allowed, output and (from a deterministic grammar) probabilities agree.
    """
    assert (*network.alphabet, END) == expected.names
    allowed, probabilities, output = _read_all(network, expected)
    wrong = {
        "allowed": np.any(allowed != expected.allowed, axis=2),
        "output": output != expected.output,
    }
    if probabilities is not None:
        tolerance = TOLERANCE[network.header.dtype]
        wrong["probabilities"] = np.any(np.abs(probabilities - expected.probabilities) > tolerance, axis=2)
    return [
        f"{what} after {list(expected.strings[row])[:time]}"
        for what, where in wrong.items()
        for row, time in np.argwhere(where & expected.read).tolist()
    ]


def _read_all(network: Network, expected: Expected) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """What the network says, in the shapes of `Expected`; strings that have ended are left behind."""
    number = {symbol: n for n, symbol in enumerate(network.alphabet)}
    tokens = [[number[symbol] for symbol in string] for string in expected.strings]
    allowed = np.zeros_like(expected.allowed)
    probabilities = np.full_like(expected.probabilities, np.nan)
    output = np.full_like(expected.output, -1)
    state = network.start(len(tokens))
    for time in range(expected.read.shape[1]):
        going = int(expected.read[:, time].sum())
        if time:
            column = np.array([string[time - 1] for string in tokens[:going]])
            state = network.step(tuple(part[:going] for part in state), column)
        readout = network.read(state)
        allowed[:going, time], output[:going, time] = readout.allowed, readout.output
        if readout.probabilities is not None:
            probabilities[:going, time] = readout.probabilities
    return allowed, None if readout.probabilities is None else probabilities, output
