"""Explain a network from its stored weights: each test as a formula, in words, and the rules behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import InputError
from lstmc.network.equations import in_domain
from lstmc.network.header import CellLabel
from lstmc.network.network import CellTest, Network
from lstmc.network.written import MATHEMATICS, SUM, Written
from lstmc.program.formula import linear, symbol_text
from lstmc.program.words import BEFORE, THIS, Source, words


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
    for part in network.gates:
        test = network.test(number, part)
        names = {name: Written(network.title(name)) for name in network.gates}
        line = network.equations.of_line(part)
        whole = in_domain(line.expression, MATHEMATICS)(names, Written(formula(network, test), SUM))
        yield network.title(part), (whole.text, _words(network, number, part, test))


def formula(network: Network, test: CellTest) -> str:
    """512·T + 336·h[5 by P] − 640, with the weights as they are stored."""
    symbols = [(weight, symbol_text(network.alphabet[x])) for x, weight in test.symbols]
    cells = [(weight, f"{network.equations.shown}[{network.header.cells[m].name}]") for m, weight in test.cells]
    return linear([*symbols, *cells], test.bias)


def _words(network: Network, number: int, part: str, test: CellTest) -> str:
    """The test in words, found by trying the stored weights on every symbol out of every state that they read."""
    symbols, started = dict(test.symbols), 0.0
    weights: dict[Source, float] = {}
    names: dict[Source, str] = {BEFORE: ""}
    for m, weight in test.cells:
        state = network.header.cells[m].state
        if not state:
            started = weight
        elif m == number and part == "eraser":
            weights[THIS] = weight
        elif state not in names.values():  # one cell of a state is on at a time, and all weigh the same
            source = ("state", len(names))
            weights[source], names[source] = weight, state

    def opens(source: Source, x: int) -> bool:
        begun = 0.0 if source == BEFORE else started
        return test.bias + symbols.get(x, 0.0) + network.active * (begun + weights.get(source, 0.0)) > 0

    sources = [*weights, BEFORE] if started else list(weights)
    return words(part, opens, sources, names, network.alphabet, _order(symbols, len(network.alphabet)))


def _order(symbols: dict[int, float], size: int) -> tuple[int, ...]:
    """The symbols by position, where their weights are positions 0 … S − 1 times something."""
    weights = [abs(symbols.get(x, 0.0)) for x in range(size)]
    return tuple(sorted(range(size), key=weights.__getitem__)) if len(set(weights)) == size > 1 else ()
