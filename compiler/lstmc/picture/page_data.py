"""What the illustration knows beside the network's numbers: the grammar, its drawing, words, examples and verdicts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from random import Random
from typing import Any

import numpy as np

from lstmc.automaton import to_automaton, trim
from lstmc.automaton.without_epsilon import without_epsilon
from lstmc.canonical import digest
from lstmc.errors import LstmcError
from lstmc.grammar import Grammar
from lstmc.network import Network, explain
from lstmc.network.seed_toy import ALPHABET, seed_toy
from lstmc.picture.layout import Drawing, layout
from lstmc.picture.page_cell import page_cell
from lstmc.proof.checker import Findings, verify
from lstmc.sampling.language import Language
from lstmc.sampling.of_grammar import language_of_grammar
from lstmc.sampling.of_network import language_of_network
from lstmc.stages import Tell, untold

MOST_DRAWN = 200  # states of a graph that can be shown whole; of a larger one the page shows a neighbourhood
EXAMPLES = 8  # of each kind
MOST_STATES = 4096  # that a grammar may be determinized to for examples
TRIED = 60  # strings that examples are taken from, so that there are short and long ones
SEED = 1  # of what is drawn, so that one network always gives one page
LONGEST = 60  # symbols of an example
ENDLESS = (12, 24)  # symbols of an example where strings have no end

Symbols = tuple[int, ...]


@dataclass(frozen=True)
class PageData:
    """page: what the page reads, ready for JSON; seed: the hand-made toy network, where it speaks the same alphabet;
    proof: the digest of the certificate, where that holds."""

    page: dict[str, Any]
    seed: Network | None
    proof: str | None


def page_data(network: Network, grammar: Grammar | None, certificate: bytes | None, tell: Tell = untold) -> PageData:
    """`certificate` is the file; its verdicts are told where the checker finds no fault in it."""
    if grammar is None and certificate is not None:
        named = json.loads(certificate).get("grammar")
        grammar = Grammar.from_dict(named, f"the certificate of '{network.name}'")
    seed = seed_toy(network.header.grammar) if network.alphabet == ALPHABET else None
    drawn = grammar is not None and len(grammar.graph) <= MOST_DRAWN
    found = None if certificate is None else verify(network.to_bytes(), certificate, tell=tell)
    page = {
        "grammar": None if grammar is None else _grammar(grammar),
        "drawing": _drawing(layout(grammar)) if grammar is not None and drawn else None,
        "cells": {each.cell: page_cell(type(each)) for each in (network, seed) if each is not None},
        "words": _words(network),
        "examples": list(_examples(network, grammar)),
        "verdicts": [] if found is None else list(_verdicts(found, network.header.dtype)),
    }
    proof = digest(certificate) if certificate is not None and found is not None and not found.violations else None
    return PageData(page, seed, proof)


def _grammar(grammar: Grammar) -> dict[str, Any]:
    """The trimmed automaton: moves are [source, symbol, target, output, rule], each by number.

    via   of rules that begin with moves that read nothing: the states that these lead through, first and last included
    """
    a = trim(to_automaton(grammar))
    via = {str(move): [*move.via, move.last] for move in without_epsilon(grammar)[0] if move.via}
    columns = (a.source, a.symbol, a.target, a.output, a.rule)
    return {
        "states": list(a.states),
        "initial": np.flatnonzero(a.initial).tolist(),
        "accepting": np.flatnonzero(a.accepting).tolist(),
        "outputs": list(a.outputs),
        "outputOf": a.state_output.tolist(),
        "moves": [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)],
        "rules": list(a.rules),
        "via": {rule: via[rule] for rule in a.rules if rule in via},
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


def _examples(network: Network, grammar: Grammar | None) -> Iterator[dict[str, Any]]:
    """Strings, and near misses, as numbers of symbols; nothing of a kind that is not found quickly."""
    random = Random(SEED)
    try:
        language: Language = language_of_grammar(grammar, MOST_STATES) if grammar else language_of_network(network)
        drawn = language.draw_within(random, ENDLESS) if language.endless else language.draw(random)
        strings = {each.symbols for each in islice(drawn, TRIED) if len(each.symbols) <= LONGEST}
        slipped = list(_slips(sorted(strings), len(language.alphabet), random))
        missed = {string for string, has in zip(slipped, language.has(slipped), strict=True) if not has}
    except LstmcError:
        return  # its strings hardly end, or are too many to tell apart
    for title, found in (("strings", strings), ("near misses", missed)):
        if found:
            yield {"title": title, "strings": _spread(sorted(found, key=lambda each: (len(each), each)))}


def _slips(strings: Sequence[Symbols], symbols: int, random: Random) -> Iterator[Symbols]:
    """Each string with one symbol replaced, and with one left out."""
    for string in strings:
        if string:
            place, symbol = int(random.random() * len(string)), int(random.random() * symbols)
            yield (*string[:place], symbol, *string[place + 1 :])
            yield (*string[:place], *string[place + 1 :])


def _spread(strings: Sequence[Symbols]) -> list[list[int]]:
    """Some of them, from short to long."""
    last = len(strings) - 1
    some = strings if last < EXAMPLES else [strings[n * last // (EXAMPLES - 1)] for n in range(EXAMPLES)]
    return [list(each) for each in some]


def _verdicts(found: Findings, dtype: str) -> Iterator[dict[str, Any]]:
    """What the checker finds, in the order in which contracts are listed everywhere; one fault is a refusal."""
    for fault in found.violations[:1]:
        yield {"contract": dtype, "kind": "refused", "detail": str(fault), "margin": None}
    for said in found.verdicts:
        detail = said.counts or said.reason
        yield {"contract": said.contract, "kind": said.kind, "detail": detail, "margin": said.margin}
