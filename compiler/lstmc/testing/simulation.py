"""What a grammar means, read straight off its graph: the oracle that the compiler is compared with.

It shares no code with the compiler's passes. It walks the graph with the set of all states that are still possible,
and knows one thing besides: which states belong to no string at all.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

import networkx as nx

from lstmc.grammar.grammar import Grammar

END = "end"


class Move(NamedTuple):
    """One rule out of a state."""

    symbol: str
    target: str
    probability: Fraction | None
    output: str | None


class AmbiguousOutputError(Exception):
    """A nondeterministic transducer may have said more than one thing."""


class Simulation:
    """A grammar and a prefix: `step` reads one symbol more; everything else tells about the prefix read so far.

    states     the states that are possible now, those that ε-moves lead to among them; none when the prefix is dead
    """

    def __init__(self, grammar: Grammar) -> None:
        graph = grammar.graph
        useful = useful_states(graph)
        starts = {state for state in useful if graph.nodes[state].get("start")}
        self.silent = nx.DiGraph((p, q) for p, q, data in graph.edges(data=True) if "epsilon" in data and q in useful)
        self.start = self.closed(starts)
        self.nodes: dict[str, dict[str, Any]] = {state: dict(graph.nodes[state]) for state in useful}
        self.moves: dict[str, list[Move]] = {state: [] for state in useful}
        for source, target, data in graph.edges(data=True):
            if "epsilon" not in data and source in useful and target in useful:
                probability = None if data.get("probability") is None else Fraction(str(data["probability"]))
                self.moves[source].append(Move(data["symbol"], target, probability, data.get("output")))
        entered = starts.union(move.target for moves in self.moves.values() for move in moves)
        self.deterministic = len(starts) == 1 and not any(_branches(self._moves({state})) for state in entered)
        self.moore = any("output" in data for data in self.nodes.values())
        self.restart()

    def restart(self) -> None:
        """Back to the empty prefix."""
        self.states = self.start
        self._outputs: set[str | None] = self._outputs_of_states() if self.moore else {None}

    def step(self, symbol: str) -> None:
        """Read one symbol more."""
        moves = [move for move in self._moves(self.states) if move.symbol == symbol]
        self.states = self.closed({move.target for move in moves})
        self._outputs = self._outputs_of_states() if self.moore else {move.output for move in moves}

    def read(self, prefix: Iterable[str]) -> "Simulation":
        """Start again and read the prefix."""
        self.restart()
        for symbol in prefix:
            self.step(symbol)
        return self

    def closed(self, states: Iterable[str]) -> frozenset[str]:
        """The states, and those that ε-moves lead to from them."""
        found = frozenset(states)
        return found.union(*(nx.descendants(self.silent, state) for state in found if state in self.silent))

    @property
    def alive(self) -> bool:
        """Does some string of the grammar begin with the prefix?"""
        return bool(self.states)

    @property
    def accepted(self) -> bool:
        """Is the prefix a whole string of the grammar?"""
        return any(self._accepts(state) for state in self.states)

    def allowed(self) -> set[str]:
        """The symbols that may come next, `end` among them."""
        symbols = {move.symbol for move in self._moves(self.states)}
        return symbols | {END} if self.accepted else symbols

    def probabilities(self) -> dict[str, Fraction] | None:
        """The probability of everything that may come next; None for a nondeterministic grammar."""
        if not self.deterministic:
            return None
        if not self.alive:
            return {}
        moves = self._moves(self.states)
        if any(move.probability is not None for move in moves):
            given = {move.symbol: move.probability for move in moves if move.probability is not None}
            rest = 1 - sum(given.values(), Fraction(0))
            return given | {END: rest} if self.accepted else given
        allowed = self.allowed()
        return {symbol: Fraction(1, len(allowed)) for symbol in allowed}

    def output(self) -> str | None:
        """What a transducer says now: a Mealy machine by its last move, a Moore machine by its state."""
        if len(self._outputs) > 1:
            raise AmbiguousOutputError(f"one of {sorted(map(str, self._outputs))} in {sorted(self.states)}")
        return next(iter(self._outputs), None)

    def _moves(self, states: Iterable[str]) -> list[Move]:
        return [move for state in self.closed(states) for move in self.moves[state]]

    def _accepts(self, state: str) -> bool:
        return bool(self.nodes[state].get("accept"))

    def _outputs_of_states(self) -> set[str | None]:
        return {self.nodes[state].get("output") for state in self.states}


def useful_states(graph: "nx.MultiDiGraph[str]") -> set[str]:
    """The states that occur in some string: reachable, and with a way to the end or, in an endless grammar, on."""
    start = {state for state, data in graph.nodes(data=True) if data.get("start")}
    accepting = {state for state, data in graph.nodes(data=True) if data.get("accept")}
    reachable = start.union(*(nx.descendants(graph, state) for state in start))
    if accepting:
        return reachable & accepting.union(*(nx.ancestors(graph, state) for state in accepting))
    reading = [(p, q) for p, q, data in graph.edges(data=True) if "epsilon" not in data]
    on_cycles = {p for p, q in reading if p == q or p in nx.descendants(graph, q)}
    return reachable & on_cycles.union(*(nx.ancestors(graph, state) for state in on_cycles))


def same_language(first: Grammar, second: Grammar, most: int = 2000) -> bool:
    """Whether two grammars allow the same symbols, and say the same, after each prefix: of so many sets of states."""
    one, two = Simulation(first), Simulation(second)
    seen = {(one.start, two.start)}
    waiting: list[tuple[str, ...]] = [()]
    for prefix in waiting:  # it grows while we walk
        one.read(prefix)
        two.read(prefix)
        if (one.allowed(), one.probabilities(), one.output()) != (two.allowed(), two.probabilities(), two.output()):
            return False
        for symbol in sorted(one.allowed() - {END}):
            pair = one.read([*prefix, symbol]).states, two.read([*prefix, symbol]).states
            if pair not in seen and len(seen) < most:
                seen.add(pair)
                waiting.append((*prefix, symbol))
    return True


def ambiguous(grammar: Grammar) -> bool:
    """Is there a prefix after which a transducer may have said more than one thing?"""
    simulation = Simulation(grammar)
    seen = {simulation.start}
    waiting: list[tuple[str, ...]] = [()]
    for prefix in waiting:  # one for each set of states; it grows while we walk
        for longer in [(), *((*prefix, symbol) for symbol in sorted(simulation.read(prefix).allowed() - {END}))]:
            try:
                simulation.read(longer).output()
            except AmbiguousOutputError:
                return True
            if simulation.states not in seen:
                seen.add(simulation.states)
                waiting.append(longer)
    return False


def _branches(moves: list[Move]) -> bool:
    """Does one symbol lead to different places, or say different things?"""
    return len({move.symbol for move in moves}) < len({(move.symbol, move.target, move.output) for move in moves})
