"""Random grammars, for tests and measurements."""

from collections.abc import Iterator
from random import Random
from string import ascii_lowercase
from typing import Annotated, Literal

import networkx as nx

from lstmc.errors import LimitError
from lstmc.grammar.limits import Limits
from lstmc.grammar.parameters import Range

LSTMC_API = 1

Kind = Literal["deterministic", "nondeterministic", "unknown-start", "probabilistic", "mealy", "moore"]
Rule = tuple[int, int, int]  # source, symbol, target

ACCEPTING = 0.25  # the share of states in which a string may end
OUTPUTS = ("u", "v", "w")
PARTS = 10_000  # probabilities are whole parts of this, so that they are short decimals and sum to 1 exactly
MAX_PLACES = 2_000_000  # for rules: what is looked through in seconds


def random(
    *,
    states: Annotated[int, Range(1, 1_000_000)] = 10,
    symbols: Annotated[int, Range(1, 1000)] = 3,
    density: Annotated[float, Range(0, 1)] = 0.5,
    kind: Kind = "deterministic",
    seed: Annotated[int, Range(0, 10**18 - 1)] = 0,
) -> nx.MultiDiGraph:
    """A random grammar, the same everywhere for the same parameters; every state can be reached, and left for an end.

    states   how many, all of them used; named 0, 1, 2, …, where strings start in 0
    symbols  how many: a, b, c, …, or s0, s1, s2, … where 26 are too few
    density  the share of the (state, symbol) pairs that have a rule, beyond those that it takes to reach every state
    kind     deterministic; nondeterministic: a pair may have several rules, and one does (given two states);
             unknown-start: a string may start in several states (given two); probabilistic: each move has a
             probability, a multiple of 1/10000; mealy: each rule has an output u, v or w; moore: each state has one
    seed     another seed, another grammar

    Takes time in proportion to states times symbols. Raises LimitError where these are more than 2,000,000, or where
    the grammar would have more states or rules than a file may have (LSTMC_MAX_GRAMMAR_EDGES).
    A state accepts with probability 1/4, and where nothing else would lead to an end.

    Source: our own. A random tree of rules from state 0 reaches every state; other rules are drawn one by one.
    """
    places = states * symbols
    if places > MAX_PLACES:
        raise LimitError(f"random: {places:,} places for rules, more than {MAX_PLACES:,}", "take fewer states")
    Limits.from_environment().refuse_size(states, int(places * density), "random: about ")
    draw = Draw(seed)
    letters = ascii_lowercase if symbols <= len(ascii_lowercase) else [f"s{number}" for number in range(symbols)]
    rules = sorted(_rules(draw, states, symbols, density, kind == "nondeterministic"))
    accepting = _accepting(draw, states, rules)
    graph = nx.MultiDiGraph(alphabet=list(letters[:symbols]))
    graph.add_nodes_from(map(str, range(states)))
    for source, symbol, target in rules:
        graph.add_edge(str(source), str(target), symbol=letters[symbol])
    for state in accepting:
        graph.nodes[str(state)]["accept"] = True
    _mark(draw, graph, kind)
    return graph


class Draw:
    """Draws that are the same in every version of Python: `random()` alone is promised to stay as it is."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def below(self, limit: int) -> int:
        return int(self._random() * limit)

    def chance(self, probability: float) -> bool:
        return self._random() < probability


def _rules(draw: Draw, states: int, symbols: int, density: float, several: bool) -> set[Rule]:
    """A tree that reaches every state, then each free place with probability `density`."""
    rules = set()
    free = [list(range(symbols)) for _ in range(states)]  # the symbols that a state has no rule for
    parents = [0]  # the states reached so far that have a free symbol
    for state in range(1, states):
        index = draw.below(len(parents))
        parent = parents[index]
        rules.add((parent, _take(draw, free[parent]), state))
        if not free[parent]:
            parents[index] = parents[-1]
            parents.pop()
        parents.append(state)
    for state in range(states):
        rules |= {(state, symbol, draw.below(states)) for symbol in free[state] if draw.chance(density)}
    if several and states > 1:
        rules |= set(_more(draw, states, sorted(rules), density))
    return rules or {(0, 0, 0)}  # a grammar has a rule


def _take(draw: Draw, symbols: list[int]) -> int:
    index = draw.below(len(symbols))
    symbols[index], symbols[-1] = symbols[-1], symbols[index]
    return symbols.pop()


def _more(draw: Draw, states: int, rules: list[Rule], density: float) -> Iterator[Rule]:
    """Second rules for places that have one: for one place in any case, for others with half the density."""
    sure = draw.below(len(rules))
    for index, (source, symbol, target) in enumerate(rules):
        if index == sure or draw.chance(density / 2):
            yield source, symbol, (target + 1 + draw.below(states - 1)) % states  # any target but the one it has


def _accepting(draw: Draw, states: int, rules: list[Rule]) -> set[int]:
    """A random set of states, and as many more as it takes for an end to be in reach from everywhere."""
    sources: list[list[int]] = [[] for _ in range(states)]
    for source, _, target in rules:
        sources[target].append(source)
    chosen = {state for state in range(states) if draw.chance(ACCEPTING)}
    leads = [False] * states  # to an end
    for state in [*sorted(chosen), *reversed(range(states))]:  # the last ones are the leaves of the tree
        if leads[state]:
            continue
        chosen.add(state)
        leads[state] = True
        todo = [state]
        while todo:
            fresh = [source for source in sources[todo.pop()] if not leads[source]]
            for source in fresh:
                leads[source] = True
            todo += fresh
    return chosen


def _mark(draw: Draw, graph: nx.MultiDiGraph, kind: Kind) -> None:
    """The start, and what the kind of grammar adds to states and rules."""
    nodes = list(graph)
    graph.nodes[nodes[0]]["start"] = True
    if kind == "unknown-start" and len(nodes) > 1:
        sure = 1 + draw.below(len(nodes) - 1)
        for index, state in enumerate(nodes):
            if index == sure or draw.chance(0.5):
                graph.nodes[state]["start"] = True
    if kind == "moore":
        for state in nodes:
            graph.nodes[state]["output"] = OUTPUTS[draw.below(len(OUTPUTS))]
    if kind == "mealy":
        for *_, data in graph.edges(data=True):
            data["output"] = OUTPUTS[draw.below(len(OUTPUTS))]
    if kind == "probabilistic":
        for state in nodes:
            moves = [data for *_, data in graph.out_edges(state, data=True)]
            accepts = graph.nodes[state].get("accept", False)
            shares = _shares(draw, len(moves) + accepts)
            for data, share in zip(moves, shares, strict=False):
                data["probability"] = share
            if accepts:
                graph.nodes[state]["end"] = shares[-1]


def _shares(draw: Draw, count: int) -> list[float]:
    """Random probabilities that sum to 1 as decimals."""
    weights = [1 + draw.below(8) for _ in range(count)]
    parts = [PARTS * weight // sum(weights) for weight in weights]  # never 0: a thousand weights of 8 sum to 8,000
    parts[0] += PARTS - sum(parts)
    return [part / PARTS for part in parts]
