"""Explain a network from its stored weights: each test as a formula, in words, and the rules behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import InputError
from lstmc.network.arithmetic import Numbers
from lstmc.network.equations import PRIME, Apply, Bound, Line, bound, in_domain, run
from lstmc.network.header import CellLabel
from lstmc.network.network import CellTest, Network
from lstmc.network.number_formats import number_format
from lstmc.network.written import MATHEMATICS, SUM, Language, Written
from lstmc.program.formula import linear, symbol_text
from lstmc.program.words import BEFORE, THIS, Source, words, words_of_sum

LEFT = 1 / 16  # of the gain; a test that is clear is at half the gain or beyond


@dataclass(frozen=True)
class Explanation:
    """One memory cell: name, the rules that put it there, and for each part its formula and its meaning."""

    cell: str
    states: tuple[str, ...]
    rules: tuple[str, ...]
    parts: dict[str, tuple[str, str]]


def explain(network: Network, cell: str | None = None) -> Iterator[Explanation]:
    """Every cell, or the one of that name, or those of that state; `5 by a-z` and `0 -P-> 5` are names, too.

    Raises InputError where there is none.
    """
    cells = network.header.cells
    chosen = range(len(cells)) if cell is None else _named(cell, cells)
    if cell is not None and not chosen:
        names = [label.name for label in cells]
        hint = did_you_mean(cell, names)
        raise InputError(f"'{network.name}' has no cell '{cell}'", f"{hint} the cells are {_some(names)}".strip())
    for number in chosen:
        label = cells[number]
        yield Explanation(label.name, label.states, label.rules, dict(_parts(network, number)))


def _named(cell: str, cells: Sequence[CellLabel]) -> list[int]:
    """The cells that are called so; else those that are typed so; else those of the state that is called so."""
    ways: tuple[Callable[[CellLabel], bool], ...] = (
        lambda label: label.name == cell,
        lambda label: label.name.replace("–", "-").replace("→", "->") == cell,
        lambda label: cell in label.states,
    )
    found = ([n for n, label in enumerate(cells) if is_meant(label)] for is_meant in ways)
    return next(filter(None, found), [])


def _some(names: list[str]) -> str:
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")


def _parts(network: Network, number: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """The tests of a cell, and what is made of tests alone."""
    equations, tried, own = network.equations, dict[str, _Tried](), dict[str, float]()
    written = {name: Written(name) for name in equations.state}
    written |= {line.name: Written(network.title(line.name)) for line in equations.lines}
    for line in equations.of_cells:
        if line.reads_nothing:
            own[line.name] = network.test(number, line.name).bias
            written[line.name] = Written(linear([], own[line.name]))
            continue
        if line.sum is not None:
            tried[line.name] = _Tried(network, number, line, own)
        elif line.name.endswith(PRIME) or not tried.keys() >= set(line.names):
            continue
        sum = Written(formula(network, tried[line.name].test), SUM) if line.sum else None
        whole = in_domain(line.expression, FORMULA)(written, sum)
        yield network.title(line.name), (whole.text, _words(network, line, tried))


class _Formula(Language):
    """Mathematics in which nothing is multiplied by 0."""

    def _operation(self, name: str, left: Written, right: Written) -> Written:
        if ZERO in (left, right) and name in ("multiply", "add"):
            return ZERO if name == "multiply" else right if left == ZERO else left
        return super()._operation(name, left, right)


ZERO, FORMULA = Written("0"), _Formula(MATHEMATICS.functions, MATHEMATICS.signs)


def formula(network: Network, test: CellTest) -> str:
    """512·T + 336·h[5 by P] − 640, with the weights as they are stored."""
    symbols = [(weight, symbol_text(network.alphabet[x])) for x, weight in test.symbols]
    cells = [(weight, f"{network.equations.shown}[{network.header.cells[m].name}]") for m, weight in test.cells]
    return linear([*symbols, *cells], test.bias)


class _Tried:
    """A test of a cell, to be tried on every symbol out of every state that it reads, with the weights as stored.

    own   the numbers of the cell that its equations name, by which they multiply what it carries
    """

    def __init__(self, network: Network, number: int, line: Line, own: dict[str, float]) -> None:
        part = line.name
        self.test = network.test(number, part)
        self.own, self.carried = own, [n + end for n in network.equations.state for end in ("", PRIME)]
        self.summed = _argument(line) if {*own, *self.carried} >= set(line.names) else _alone
        self.network, self.symbols, self.started = network, dict(self.test.symbols), 0.0
        self.weights: dict[Source, float] = {}
        self.names: dict[Source, str] = {BEFORE: ""}
        by_itself = part == "eraser" or network.alternates
        for m, weight in self.test.cells:
            state = network.header.cells[m].state
            if not state:
                self.started = weight
            elif m == number and by_itself:
                self.weights[THIS] = weight
            elif state not in self.names.values():  # one cell of a state is on at a time, and all weigh the same
                source = ("state", m)
                self.weights[source], self.names[source] = weight, state
        if any(own.get(name) for name in line.names):
            self.weights.setdefault(THIS, 0.0)
        self.others = sum(weight for _, weight in self.test.cells) - self.started
        self.sources = [*self.weights, BEFORE] if self.started else list(self.weights)

    def value(self, source: Source, x: int) -> float:
        """The sum when the cells of a source are on, and all others off."""
        value = self.test.bias + self.symbols.get(x, 0.0)
        if source == BEFORE:
            return self._with(0.0, value)
        active, idle = self.network.active, self.network.idle
        value += active * self.started + idle * self.others + (active - idle) * self.weights.get(source, 0.0)
        memory = self.network.holds if source == THIS else self.network.rests
        return self._with(memory, value)

    def _with(self, memory: float, value: float) -> float:
        """The sum, with what the cell adds to it of its own memory."""
        return float(self.summed(dict.fromkeys(self.carried, memory) | self.own, value))

    def clear(self, source: Source, x: int) -> float:
        """The same, but 0 for what is left of a difference of weighted cells that would be 0."""
        value = self.value(source, x)
        return value if abs(value) > LEFT * self.network.header.options["gain"] else 0.0


def _argument(line: Line) -> Bound[float]:
    """What is squashed, if the line is squashed as a whole: the sum, and what is added to it of the cell itself."""
    numbers = Numbers(number_format("float64"))
    match line.expression:
        case Apply("sigmoid" | "tanh" | "relu", (argument,)) if line.names:
            return in_domain(argument, numbers)
    return _alone


def _alone(_: Mapping[str, float], sum: float | None) -> float:
    """The sum itself."""
    return sum or 0.0


def _words(network: Network, line: Line, tried: dict[str, _Tried]) -> str:
    """The part in words."""
    alphabet = network.alphabet
    if line.sum is None:
        return _words_of_several(network, line, tried)
    of, kind = tried[line.name], _kind(line)
    if kind == "sum":
        return words_of_sum(of.value, of.sources, of.names, of.symbols, alphabet)
    order = _order(of.symbols, len(alphabet)) if network.header.options["level"] == 2 else ()
    return words(kind, of.clear if kind == "writer" else of.value, of.sources, of.names, alphabet, order)


def _words_of_several(network: Network, line: Line, tried: dict[str, _Tried]) -> str:
    """What is made of several tests, tried by its equation."""
    lines = bound((*(network.equations.of_line(name) for name in tried), line), Numbers(number_format("float64")))
    names = {source: name for each in tried.values() for source, name in each.names.items()}
    sources = list(dict.fromkeys(source for each in tried.values() for source in each.sources))

    def value(source: Source, x: int) -> float:
        sums = {name: np.float64(each.value(source, x)) for name, each in tried.items()}
        return float(run(lines, {}, sums)[line.name])

    return words(_kind(line), value, sources, names, network.alphabet, ())


def _kind(line: Line) -> str:
    """Which words are for a part: a writer, an eraser, a filter, what is on or off, or a mere sum."""
    if line.name in ("writer", "eraser"):
        return line.name
    match line.expression:
        case Apply("sigmoid"):
            return "filter"
        case Apply("tanh" | "relu"):
            return "on"
    return "sum"


def _order(symbols: dict[int, float], size: int) -> tuple[int, ...]:
    """The symbols by position, where their weights are positions 0 … S − 1 times something."""
    weights = [abs(symbols.get(x, 0.0)) for x in range(size)]
    return tuple(sorted(range(size), key=weights.__getitem__)) if len(set(weights)) == size > 1 else ()
