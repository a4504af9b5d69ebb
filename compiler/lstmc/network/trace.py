"""Trace a string through a network: every part of every cell at every step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lstmc.network.network import Network
from lstmc.network.number_formats import Array
from lstmc.network.strings import tokens


@dataclass(frozen=True, eq=False)
class Step:
    """One symbol. parts: name → (H,), in the order in which data flows; those of `Network.by_symbol` (S + 1,)."""

    symbol: str
    parts: dict[str, Array]
    states: tuple[str, ...]  # the states that are on afterwards
    next: tuple[str, ...]  # what may come next
    output: str | None = None  # what a transducer says


@dataclass(frozen=True, eq=False)
class Trace:
    """A string's way through a network."""

    cells: tuple[str, ...]
    readout: tuple[str, ...]  # the names of the reader's rows
    steps: tuple[Step, ...]

    def _repr_html_(self) -> str:
        from lstmc.picture.notebook import trace_html

        return trace_html(self)


def trace(network: Network, string: str | Sequence[str]) -> Trace:
    """Raises InputError for a symbol that the network does not know."""
    names = (*network.alphabet, network.header.end)
    return Trace(tuple(cell.name for cell in network.header.cells), names, tuple(steps(network, string)))


def steps(network: Network, string: str | Sequence[str]) -> Iterator[Step]:
    """The steps one by one, for strings whose whole trace would not fit into memory."""
    names = (*network.alphabet, network.header.end)
    state = network.start()
    for x in tokens(string, network.alphabet):
        token = np.array([x])
        parts = {name: values[0] for name, values in network.parts(state, token).items()}
        state = network.step(state, token)
        readout = network.read(state)
        allowed = tuple(names[y] for y in np.flatnonzero(readout.allowed[0]))
        output = network.outputs[readout.output[0]] if readout.output[0] >= 0 else None
        yield Step(network.alphabet[x], parts, network.decode(*(part[0] for part in state)), allowed, output)
