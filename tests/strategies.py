"""Random grammars of every kind, and strings that try them.

Each kind is built once, from a `random.Random`: Hypothesis hands in one that it can shrink, the long benchmark a
seeded one. Every grammar is valid by construction, but not tidy: states that nothing reaches, moves that lead nowhere,
symbols that no rule uses, one symbol that both loops and leads in, a start state with a loop and with ways in.
"""

import string
from collections.abc import Callable
from random import Random
from typing import Any

import networkx as nx
from hypothesis import strategies as st

from lstmc.grammar.grammar import Grammar
from lstmc.testing.simulation import END, Simulation, useful_states

Graph = nx.MultiDiGraph
Builder = Callable[[Random, int, int], Graph]

MOST_STATES, MOST_SYMBOLS = 7, 5
LONGEST_LOOP = 100  # repetitions in one random string; `loops` gives longer ones
MOST_SETS = 60
SYMBOLS = string.ascii_letters
ODD_SYMBOLS = ("no", "→", "10", "1e5", "~", "on", "010", "2024-01-01", "#", "Start", "null", "-", "é", "True", "END")
ODD_STATES = ("start", "no", "→", "1e5", "0", "00", "q 1", "dead", "~", "started", "a", "END", "-1", "1.5", "#")
OUTPUTS = ("0", "1", "yes")


def grammars(*kinds: str) -> st.SearchStrategy[Grammar]:
    """Random grammars of the kinds named."""
    return st.builds(random_grammar, st.sampled_from(kinds), st.randoms(use_true_random=False))


def strings(grammar: Grammar, length: int = 40) -> st.SearchStrategy[list[str]]:
    """Strings for a grammar: mostly legal, some nearly so, some with long loops."""
    return st.builds(random_string, st.just(grammar), st.randoms(use_true_random=False), st.just(length))


def random_grammar(kind: str, rng: Random, most_states: int = MOST_STATES, most_symbols: int = MOST_SYMBOLS) -> Grammar:
    """A valid grammar of that kind (but those of INVALID are to be refused); the same for the same generator."""
    states = max(rng.randint(1, most_states), rng.randint(1, most_states))  # one state alone is soon tried
    graph = (VALID | INVALID)[kind](rng, states, rng.randint(1, most_symbols))
    return Grammar.from_graph(_with_names(graph, rng), f"random-{kind}")


def random_string(grammar: Grammar, rng: Random, length: int = 40) -> list[str]:
    """A walk through the grammar, with a loop many times over now and then; more than half end in an illegal move."""
    simulation = Simulation(grammar)
    symbols: list[str] = []
    mistake = rng.randrange(length) if rng.random() < 0.6 else length
    while len(symbols) < length:
        legal = sorted(simulation.allowed() - {END})
        illegal = sorted(set(grammar.alphabet) - set(legal))
        if illegal and (len(symbols) >= mistake or not legal):
            return [*symbols, rng.choice(illegal), *(rng.choice(grammar.alphabet) for _ in range(rng.randrange(6)))]
        if not legal:
            return symbols
        symbol = rng.choice(legal)
        before = simulation.states
        simulation.step(symbol)
        loops = simulation.states == before
        symbols += [symbol] * (rng.randint(1, LONGEST_LOOP) if loops and rng.random() < 0.1 else 1)
    return symbols


def transition_cover(grammar: Grammar, most: int = MOST_SETS) -> list[list[str]]:
    """Strings that try every symbol in every set of states that is possible at once, and all symbols after that.

    most   of so many sets, those reached first: a nondeterministic grammar may have far too many
    """
    prefixes: dict[frozenset[str], list[str]] = {Simulation(grammar).start: []}
    waiting: list[list[str]] = [[]]
    for prefix in waiting:  # it grows while we walk
        for symbol in grammar.alphabet:
            states = Simulation(grammar).read([*prefix, symbol]).states
            if states and states not in prefixes and len(prefixes) < most:
                prefixes[states] = [*prefix, symbol]
                waiting.append(prefixes[states])
    return [[*prefix, symbol, *grammar.alphabet] for prefix in prefixes.values() for symbol in grammar.alphabet]


def loops(grammar: Grammar, repetitions: int) -> list[list[str]]:
    """For every symbol that leaves a set of states as it is: the way there, the loop over and over, and any symbol."""
    found = []
    for tried in transition_cover(grammar):
        *prefix, symbol = tried[: -len(grammar.alphabet)]
        before, after = (Simulation(grammar).read(read).states for read in (prefix, [*prefix, symbol]))
        if before == after:
            found += [[*prefix, *[symbol] * repetitions, other] for other in grammar.alphabet]
    return found


# The kinds, as graphs. States are 0, 1, 2, ... and symbols a, b, c, ... until `_with_names` renames them.


def _deterministic(rng: Random, states: int, symbols: int) -> Graph:
    """A path from the start to an accepting state, and rules at random around it."""
    graph = Graph()
    graph.add_nodes_from(range(states))
    graph.nodes[0]["start"] = True
    goal = max(rng.randrange(states), rng.randrange(states))
    for state in range(goal):
        graph.add_edge(state, state + 1, symbol=rng.choice(SYMBOLS[:symbols]))
    density = rng.choice((0.1, 0.3, 0.6, 0.9))
    for state in graph:
        for symbol in SYMBOLS[:symbols]:
            if symbol not in _symbols(graph, state) and rng.random() < density:
                graph.add_edge(state, _target(graph, state, rng), symbol=symbol)
    if not graph.edges:
        graph.add_edge(goal, 0, symbol=SYMBOLS[0])
    for state in graph:
        if state == goal or rng.random() < 0.2:
            graph.nodes[state]["accept"] = True
    if rng.random() < 0.3:
        _split_state(graph, rng)
    return graph


def _nondeterministic(rng: Random, states: int, symbols: int) -> Graph:
    graph = _deterministic(rng, states, symbols)
    for _ in range(rng.randint(1, 1 + states)):
        source, _, symbol = rng.choice(list(graph.edges(data="symbol")))
        _add_rule(graph, source, _target(graph, source, rng), symbol=symbol)
    return graph


def _unknown_start(rng: Random, states: int, symbols: int) -> Graph:
    graph = rng.choice((_deterministic, _deterministic, _nondeterministic))(rng, states, symbols)
    share = rng.choice((0.3, 0.6, 1.0))  # 1: `start: any`
    for state in graph:
        if rng.random() < share:
            graph.nodes[state]["start"] = True
    return graph


def _probabilistic(rng: Random, states: int, symbols: int) -> Graph:
    return _weighted(_deterministic(rng, states, symbols), rng)


def _mealy(rng: Random, states: int, symbols: int) -> Graph:
    graph = rng.choice((_deterministic, _probabilistic))(rng, states, symbols)
    _give_outputs([data for *_, data in graph.edges(data=True)], rng)
    return graph


def _moore(rng: Random, states: int, symbols: int) -> Graph:
    graph = rng.choice((_deterministic, _probabilistic))(rng, states, symbols)
    _give_outputs([data for _, data in graph.nodes(data=True)], rng)
    return graph


def _endless(rng: Random, states: int, symbols: int) -> Graph:
    """No state accepts. A string that would come to a stop is led back; it may weigh its moves, guess, or speak."""
    graph = rng.choice((_deterministic, _nondeterministic, _unknown_start))(rng, states, symbols)
    for _, data in graph.nodes(data=True):
        data.pop("accept", None)
    if not useful_states(graph):
        stops = [state for state in nx.descendants(graph, 0) | {0} if not graph.out_degree(state)]
        graph.add_edge(stops[0], rng.choice(sorted(nx.ancestors(graph, stops[0]) | {stops[0]})), symbol=SYMBOLS[0])
    if not _is_deterministic(graph):
        return graph
    if rng.random() < 0.6:
        _weighted(graph, rng)
    if rng.random() < 0.2:
        _give_outputs([data for _, data in graph.nodes(data=True)], rng)
    return graph


def _transducer_of_copies(rng: Random, states: int, symbols: int) -> Graph:
    """A nondeterministic transducer that never contradicts itself: some states have a copy that says the same."""
    graph = rng.choice((_mealy, _moore))(rng, states, symbols)
    for data in [data for *_, data in graph.edges(data=True)] + [data for _, data in graph.nodes(data=True)]:
        data.pop("probability", None)
        data.pop("end", None)
    for state in rng.sample(range(len(graph)), rng.randint(1, min(2, len(graph)))):
        _copy(graph, state, start=graph.nodes[state].get("start", False) and rng.random() < 0.5)
    return graph


def _transducer_of_symbols(rng: Random, states: int, symbols: int) -> Graph:
    """A nondeterministic Mealy machine that never contradicts itself: what it says follows from the symbol."""
    graph = rng.choice((_nondeterministic, _unknown_start))(rng, states, symbols)
    says = {symbol: rng.choice((*OUTPUTS, None)) for symbol in SYMBOLS[1:symbols]} | {SYMBOLS[0]: OUTPUTS[0]}
    _add_rule(graph, 0, 0, symbol=SYMBOLS[0])
    for *_, data in graph.edges(data=True):
        if says[data["symbol"]] is not None:
            data["output"] = says[data["symbol"]]
    return graph


def _silent(rng: Random, states: int, symbols: int) -> Graph:
    """With ε-moves; where it speaks, what it says follows from the symbol."""
    builders = _deterministic, _nondeterministic, _unknown_start, _endless, _transducer_of_symbols
    graph = rng.choice(builders)(rng, states, symbols)
    for data in [data for *_, data in graph.edges(data=True)] + [data for _, data in graph.nodes(data=True)]:
        data.pop("probability", None)
        data.pop("end", None)
    for _, data in graph.nodes(data=True):
        data.pop("output", None)
    for _ in range(rng.randint(1, 1 + states)):
        _add_rule(graph, rng.randrange(len(graph)), rng.randrange(len(graph)), epsilon=True)
    return graph


def _contradicting_mealy(rng: Random, states: int, symbols: int) -> Graph:
    """A transducer with a move that may say one thing or another."""
    graph = _deterministic(rng, states, symbols)
    _give_outputs([data for *_, data in graph.edges(data=True)], rng)
    source, target, data = _some_useful_rule(graph, rng)
    other = rng.choice([output for output in OUTPUTS if output != data.get("output")])
    graph.add_edge(source, target, symbol=data["symbol"], output=other)
    return graph


def _contradicting_moore(rng: Random, states: int, symbols: int) -> Graph:
    """A transducer in which one of two copies of a state says something else."""
    graph = _deterministic(rng, states, symbols)
    _give_outputs([data for _, data in graph.nodes(data=True)], rng)
    _, target, _ = _some_useful_rule(graph, rng)
    copy = _copy(graph, target, start=False)
    graph.nodes[copy]["output"] = rng.choice([o for o in OUTPUTS if o != graph.nodes[target].get("output")])
    return graph


VALID: dict[str, Builder] = {
    "deterministic": _deterministic,
    "nondeterministic": _nondeterministic,
    "unknown-start": _unknown_start,
    "probabilistic": _probabilistic,
    "mealy": _mealy,
    "moore": _moore,
    "endless": _endless,
    "transducer-of-copies": _transducer_of_copies,
    "transducer-of-symbols": _transducer_of_symbols,
    "silent": _silent,
}
READING = tuple(kind for kind in VALID if kind != "silent")  # those whose rules all read a symbol
INVALID: dict[str, Builder] = {
    "contradicting-mealy": _contradicting_mealy,
    "contradicting-moore": _contradicting_moore,
}


def _target(graph: Graph, source: int, rng: Random) -> int:
    """Any state, but the source itself more often than others: loops are where memories leak."""
    return source if rng.random() < 0.25 else rng.randrange(len(graph))


def _symbols(graph: Graph, state: int) -> set[str]:
    return {symbol for *_, symbol in graph.out_edges(state, data="symbol")}


def _add_rule(graph: Graph, source: int, target: int, **data: Any) -> None:
    """Add a rule unless the very same is there."""
    if data not in [dict(other) for other in (graph.get_edge_data(source, target) or {}).values()]:
        graph.add_edge(source, target, **data)


def _is_deterministic(graph: Graph) -> bool:
    starts = [state for state, start in graph.nodes(data="start") if start]
    return len(starts) == 1 and all(len(_symbols(graph, state)) == graph.out_degree(state) for state in graph)


def _weighted(graph: Graph, rng: Random) -> Graph:
    """Give most states probabilities: decimals that sum to 1 with `end`, which stands there or is what remains."""
    useful = useful_states(graph)
    for state in sorted(useful):
        if rng.random() < 0.2 or any(target not in useful for target in graph.successors(state)):
            continue  # a move that leads nowhere must not have a probability
        accepts = bool(graph.nodes[state].get("accept"))
        *shares, rest = _shares(graph.out_degree(state) + 1, rng)
        if not accepts and shares:
            shares[0] = round(shares[0] + rest, 6)
        for (*_, data), share in zip(graph.out_edges(state, data=True), shares, strict=True):
            data["probability"] = share
        if accepts and rng.random() < 0.5:
            graph.nodes[state]["end"] = rest
    return graph


def _shares(count: int, rng: Random) -> list[float]:
    """Positive decimals that sum to 1, few digits long, now and then very unequal."""
    digits = rng.choice((1, 2, 2, 3, 6)) if count <= 10 else 6
    cuts = sorted(rng.sample(range(1, 10**digits), count - 1))
    return [(b - a) / 10**digits for a, b in zip([0, *cuts], [*cuts, 10**digits], strict=True)]


def _give_outputs(places: list[dict[str, Any]], rng: Random) -> None:
    """Give all of these states or rules an output, or only some."""
    share = rng.choice((1.0, 1.0, 0.5))
    for place in places:
        if rng.random() < share:
            place["output"] = rng.choice(OUTPUTS)
    rng.choice(places)["output"] = OUTPUTS[0]


def _copy(graph: Graph, state: int, start: bool) -> int:
    """Add a state with the same ways in and on."""
    copy = len(graph)
    graph.add_node(copy, **{key: value for key, value in graph.nodes[state].items() if key != "start"})
    if start:
        graph.nodes[copy]["start"] = True
    for _, target, data in list(graph.out_edges(state, data=True)):
        _add_rule(graph, copy, target, **data)
    for source, _, data in list(graph.in_edges(state, data=True)):
        _add_rule(graph, source, copy, **data)
    return copy


def _split_state(graph: Graph, rng: Random) -> None:
    """Give a state a twin that some of its ways in lead to: the same future, unless weights or outputs differ."""
    state, twin = rng.randrange(len(graph)), len(graph)
    graph.add_node(twin, **{key: value for key, value in graph.nodes[state].items() if key != "start"})
    for _, target, data in list(graph.out_edges(state, data=True)):
        graph.add_edge(twin, target, **data)
    for source, _, key, data in list(graph.in_edges(state, keys=True, data=True)):
        if rng.random() < 0.5:
            graph.remove_edge(source, state, key)
            graph.add_edge(source, twin, **data)


def _some_useful_rule(graph: Graph, rng: Random) -> tuple[int, int, dict[str, Any]]:
    useful = useful_states(graph)
    rules = [rule for rule in graph.edges(data=True) if rule[0] in useful and rule[1] in useful]
    if not rules:  # the empty string alone: the start accepts
        graph.add_edge(0, 0, symbol=SYMBOLS[0])
        return 0, 0, graph.get_edge_data(0, 0)[0]
    return rng.choice(rules)


def _with_names(graph: Graph, rng: Random) -> Graph:
    """The same graph with its states shuffled and renamed, plain symbols or odd ones, and perhaps an alphabet."""
    numbers = rng.sample(range(len(graph)), len(graph))
    states = dict(zip(numbers, rng.choice(_state_names(len(graph))), strict=False))
    used = sorted({symbol for *_, symbol in graph.edges(data="symbol") if symbol is not None})
    odd = rng.random() < 0.25 and len(used) < len(ODD_SYMBOLS)
    names = rng.sample(ODD_SYMBOLS, len(used) + 1) if odd else [*used, "unused"]
    symbols = dict(zip(used, names, strict=False))
    named = Graph()
    if rng.random() < 0.5:
        alphabet = names[: len(used) + rng.randrange(2)]  # sometimes with a symbol that no rule uses
        named.graph["alphabet"] = rng.sample(alphabet, len(alphabet))
    for number in numbers:
        named.add_node(states[number], **graph.nodes[number])
    for source, target, data in graph.edges(data=True):
        reads = {"symbol": symbols[data["symbol"]]} if "symbol" in data else {}
        named.add_edge(states[source], states[target], **(data | reads))
    return named


def _state_names(count: int) -> list[list[Any]]:
    odd = ODD_STATES if count <= len(ODD_STATES) else range(count)
    return [list(range(count)), [f"q{i}" for i in range(count)], list(odd[:count])]
