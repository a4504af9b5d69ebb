"""Everything that a network computes on some strings, as arrays: what experiments start from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from lstmc.limits import Limits
from lstmc.network.network import Network
from lstmc.network.number_formats import Array

ENDED = -1  # in place of a symbol, where a string has ended


@dataclass(frozen=True)
class StatesLimits(Limits):
    """How much is kept at once; LSTMC_MAX_STATES_NUMBERS moves it."""

    variables: ClassVar[str] = "LSTMC_MAX_STATES"

    numbers: int = 100_000_000


@dataclass(frozen=True, eq=False)
class States:
    """What a network is after each symbol of B strings, of which the longest has T symbols; H cells, S symbols.

    symbols (B, T)          the symbols by number, −1 where a string has ended; there numbers are NaN, and nothing is on
    carried                 by name what the cells carry, (B, T, H): h and c, or the toy's memory
    parts                   by name every part, (B, T, H), and of the reader (B, T, S + 1), as `trace` has them
    active (B, T, Q)        which of the grammar's Q states are on; `names` are theirs
    allowed (B, T, S + 1)   what may come next, the end last
    """

    symbols: Any
    carried: dict[str, Any]
    parts: dict[str, Any]
    active: Any
    names: tuple[str, ...]
    allowed: Any

    def torch(self) -> Self:
        """The same as tensors of PyTorch, which share memory with these arrays."""
        import torch

        return replace(
            self,
            symbols=torch.from_numpy(self.symbols),
            carried={name: torch.from_numpy(values) for name, values in self.carried.items()},
            parts={name: torch.from_numpy(values) for name, values in self.parts.items()},
            active=torch.from_numpy(self.active),
            allowed=torch.from_numpy(self.allowed),
        )


def states(network: Network, strings: Iterable[str | Sequence[str]]) -> States:
    """Raises InputError for a symbol that the network does not know, LimitError for more numbers than may be kept."""
    tokens = [network.tokens(string) for string in strings]
    batch, length = len(tokens), max(map(len, tokens), default=0)
    size, ends = network.size, len(network.alphabet) + 1
    widths = {name: ends if name in network.by_symbol else size for name in _parts(network)}
    names = tuple(dict.fromkeys(label.state for label in network.header.cells if label.state))
    of_state = np.array([[label.state == name for name in names] for label in network.header.cells], np.bool_)

    def empty(width: int) -> Array:
        return np.full((batch, length, width), np.nan, network.format.work)

    numbers = batch * length * (sum(widths.values()) + size * len(network.equations.state) + len(names) + ends)
    StatesLimits.from_environment().refuse_more("numbers", numbers, "these strings have ", "take fewer or shorter ones")
    symbols = np.full((batch, length), ENDED)
    for row, string in zip(symbols, tokens, strict=True):
        row[: len(string)] = string
    carried = {name: empty(size) for name in network.equations.state}
    parts = {name: empty(width) for name, width in widths.items()}
    active = np.zeros((batch, length, len(names)), np.bool_)
    allowed = np.zeros((batch, length, ends), np.bool_)
    state = tuple(part.copy() for part in network.start(batch))
    for step, column in enumerate(symbols.T):
        going = np.flatnonzero(column != ENDED)
        before, read = tuple(part[going] for part in state), column[going]
        for name, values in network.parts(before, read).items():
            parts[name][going, step] = values
        after = network.step(before, read)
        for part, kept, values in zip(state, carried.values(), after, strict=True):
            part[going] = kept[going, step] = values
        active[going, step] = network.on(after) @ of_state
        allowed[going, step] = network.read(after).allowed
    return States(symbols, carried, parts, active, names, allowed)


def _parts(network: Network) -> list[str]:
    return list(network.parts(network.start(1), np.zeros(1, np.int64)))
