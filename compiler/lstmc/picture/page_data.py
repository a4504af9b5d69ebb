"""What the illustration knows beside the network's numbers: the grammar, its drawing, words, examples and verdicts."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from lstmc.automaton import Automaton, to_automaton, trim
from lstmc.errors import LstmcError
from lstmc.grammar import Grammar
from lstmc.grammar.read import parse_grammar
from lstmc.network import Network, explain
from lstmc.network.seed_toy import ALPHABET, seed_toy
from lstmc.picture.layout import Drawing, layout
from lstmc.sampling import Sample, near_misses, sample

MOST_DRAWN = 200  # states of a graph that can be shown whole; of a larger one the page shows a neighbourhood
STRINGS, MISSES = 8, 6  # examples of each kind
TRIED = 60  # strings that examples are taken from, so that there are short and long ones
LONGEST = 60  # symbols of an example
ENDLESS = (12, 24)  # symbols of an example where strings have no end


@dataclass(frozen=True)
class PageData:
    """page: what the page reads, ready for JSON; seed: the hand-made toy network, where it speaks the same alphabet."""

    page: dict[str, Any]
    seed: Network | None


def page_data(network: Network, grammar: Grammar | None, certificate: Mapping[str, Any] | None) -> PageData:
    """`certificate` is the data of the file."""
    if grammar is None and certificate is not None:
        grammar = parse_grammar(json.dumps(certificate["grammar"]), f"the certificate of '{network.name}'")
    seed = seed_toy(network.header.grammar) if network.alphabet == ALPHABET else None
    drawn = grammar is not None and len(grammar.graph) <= MOST_DRAWN
    page = {
        "grammar": None if grammar is None else _grammar(trim(to_automaton(grammar))),
        "drawing": _drawing(layout(grammar)) if grammar is not None and drawn else None,
        "words": _words(network),
        "examples": list(_examples(network if grammar is None else grammar, network)),
        "verdicts": [] if certificate is None else [_verdict(*each) for each in certificate["contracts"].items()],
    }
    return PageData(page, seed)


def _grammar(a: Automaton) -> dict[str, Any]:
    """The trimmed automaton: moves are [source, symbol, target, output, rule], each by number."""
    columns = (a.source, a.symbol, a.target, a.output, a.rule)
    return {
        "states": list(a.states),
        "initial": np.flatnonzero(a.initial).tolist(),
        "accepting": np.flatnonzero(a.accepting).tolist(),
        "outputs": list(a.outputs),
        "outputOf": a.state_output.tolist(),
        "moves": [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)],
        "rules": list(a.rules),
    }


def _drawing(drawing: Drawing) -> dict[str, Any]:
    """With a tenth of a pixel, which nobody sees and which keeps the page small."""
    return {key: _rounded(value) for key, value in asdict(drawing).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, (list, tuple)) else value


def _words(network: Network) -> dict[str, list[str]]:
    """For each part what it does in each cell."""
    cells = list(explain(network))
    return {part: [cell.parts[part][1] for cell in cells] for part in cells[0].parts}


def _examples(source: Grammar | Network, network: Network) -> Iterator[dict[str, Any]]:
    """Strings, and near misses, as numbers of symbols; none of a kind that cannot be found quickly."""
    for title, draw, count in (("strings", sample, STRINGS), ("near misses", near_misses, MISSES)):
        found = _found(draw, source)
        strings = sorted({tuple(network.tokens(list(each))) for each in found}, key=lambda each: (len(each), each))
        if strings:
            yield {"title": title, "strings": [list(each) for each in _spread(strings, count)]}


def _found(draw: Callable[..., Iterator[Sample]], source: Grammar | Network) -> list[tuple[str, ...]]:
    for length in (None, ENDLESS):
        try:
            drawn = islice(draw(source, n=TRIED, seed=1, length=length), TRIED)
            return [each.symbols for each in drawn if len(each.symbols) <= LONGEST]
        except LstmcError:
            continue  # strings without an end need a length; where there are no near misses there is nothing to show
    return []


def _spread(strings: list[tuple[int, ...]], count: int) -> Iterable[tuple[int, ...]]:
    """From short to long."""
    if len(strings) <= count:
        return strings
    return [strings[n * (len(strings) - 1) // (count - 1)] for n in range(count)]


def _verdict(contract: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "contract": contract,
        "kind": data["verdict"],
        "detail": data.get("counts") or data.get("reason"),
        "margin": data.get("margin"),
    }
