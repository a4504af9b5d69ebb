"""An automaton: the grammar as frozen arrays, which passes map to new ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NONE = -1  # no output


@dataclass(frozen=True, eq=False)
class Automaton:
    """Q states over S symbols. A *row* is a move together with one rule of the grammar behind it.

    Rows are sorted by source, symbol, target, output, rule, so that the rows of one move stand together; a move has
    several rows once states have been merged. The dead state is left out: a move that is missing leads there.

        initial, accepting (Q,)     end (Q,)    probability that a string ends here (0 unless accepting)
        state_output (Q,)           output of being in a state (Moore), NONE without
        source, symbol, target, output, rule (R,)      output of a move (Mealy), NONE without
        probability (R,)            NaN, as in `end`, while not known: given by nobody, or nondeterministic
        origins                     the states of the grammar that each state stands for
        rules                       the rules of the grammar, as text
    """

    name: str
    alphabet: tuple[str, ...]
    outputs: tuple[str, ...]
    states: tuple[str, ...]
    origins: tuple[tuple[str, ...], ...]
    rules: tuple[str, ...]
    initial: Bools
    accepting: Bools
    end: Floats
    state_output: Ints
    source: Ints
    symbol: Ints
    target: Ints
    output: Ints
    rule: Ints
    probability: Floats

    def __post_init__(self) -> None:
        check(self)
        for array in (self.initial, self.accepting, self.end, self.state_output, self.source, self.symbol):
            array.flags.writeable = False
        for array in (self.target, self.output, self.rule, self.probability):
            array.flags.writeable = False

    @cached_property
    def moves(self) -> Ints:
        """The first row of each move, and behind them the number of rows: move m has rows moves[m] to moves[m + 1]."""
        keys = np.stack([self.source, self.symbol, self.target, self.output])
        new = np.any(keys[:, 1:] != keys[:, :-1], axis=0)
        first = np.flatnonzero(np.concatenate([np.ones(min(1, len(self.source)), np.bool_), new]))
        return np.append(first, len(self.source))

    def each_move(self) -> Iterator[tuple[int, int, int, int, tuple[int, ...]]]:
        """Source, symbol, target, output and rules of each move, in order."""
        first = self.moves.tolist()
        rules = self.rule.tolist()
        columns = [array[self.moves[:-1]].tolist() for array in (self.source, self.symbol, self.target, self.output)]
        for m, (p, x, q, o) in enumerate(zip(*columns, strict=True)):
            yield p, x, q, o, tuple(rules[first[m] : first[m + 1]])

    @property
    def mealy(self) -> bool:
        """Whether outputs stand on moves."""
        return bool(np.any(self.output != NONE))

    @property
    def deterministic(self) -> bool:
        """Whether every string leads to at most one state, by one way."""
        first = self.moves[:-1]
        source, symbol = self.source[first], self.symbol[first]
        return bool(self.initial.sum() <= 1 and not np.any((source[1:] == source[:-1]) & (symbol[1:] == symbol[:-1])))

    @property
    def weighted(self) -> bool:
        """Whether every move has a probability."""
        return not (np.isnan(self.probability).any() or np.isnan(self.end).any())

    def _repr_svg_(self) -> str:
        from lstmc.picture.notebook import automaton_svg

        return automaton_svg(self)


def check(automaton: Automaton) -> None:
    """The invariants that every pass relies on; a violation is a bug of ours."""
    a = automaton
    size, rows = len(a.states), len(a.source)
    assert len(set(a.states)) == size == len(a.origins), "state names are not unique"
    assert all(len(array) == size for array in (a.initial, a.accepting, a.end, a.state_output))
    assert all(len(array) == rows for array in (a.symbol, a.target, a.output, a.rule, a.probability))
    for array, limit in (
        (a.source, size),
        (a.target, size),
        (a.symbol, len(a.alphabet)),
        (a.output + 1, len(a.outputs) + 1),
        (a.rule, len(a.rules)),
        (a.state_output + 1, len(a.outputs) + 1),
    ):
        assert np.all((array >= 0) & (array < limit)), "an index is out of range"
    order = row_order(a.source, a.symbol, a.target, a.output, a.rule)
    assert np.array_equal(order, np.arange(rows)), "rows are not sorted"


def row_order(source: Ints, symbol: Ints, target: Ints, output: Ints, rule: Ints) -> Ints:
    """The order that sorts rows by source, symbol, target, output, rule."""
    return np.lexsort((rule, output, target, symbol, source))


def unique_names(names: list[str]) -> tuple[str, ...]:
    """The names; each with its number where two would be the same (a state may be called like a set of states)."""
    if len(set(names)) < len(names):
        names = [f"{name}#{number}" for number, name in enumerate(names)]
    return tuple(names)
