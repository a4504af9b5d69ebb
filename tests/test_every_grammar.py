"""Random grammars of every kind, through every stage of the compiler, against the simulation of their graphs."""

import math
from collections.abc import Callable, Hashable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from agreement import TOLERANCE, Expected, mismatches
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import INVALID, VALID, grammars, loops, strings, transition_cover

import lstmc
from lstmc.automaton import NONE, Automaton, determinize, minimize, split, to_automaton, trim, weigh
from lstmc.errors import FindingsError
from lstmc.grammar.grammar import Grammar
from lstmc.network.weights_file import from_bytes
from lstmc.program import Cell, Program, allocate
from lstmc.program import Test as LinearTest
from lstmc.program.consecutive import consecutive_order
from lstmc.program.rectangles import rectangles
from lstmc.testing.simulation import Simulation

# The passes of the automaton: what each makes of a grammar still means the same.

PIPELINES: dict[str, Callable[[Grammar], Automaton]] = {
    "trim": lambda grammar: weigh(trim(to_automaton(grammar))),
    "split": lambda grammar: split(weigh(trim(to_automaton(grammar)))),
    "determinize": lambda grammar: determinize(split(weigh(trim(to_automaton(grammar))))),
    "minimize": lambda grammar: minimize(determinize(split(weigh(trim(to_automaton(grammar)))))),
}


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", PIPELINES)
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=10)
@given(data=st.data())
def test_every_pass_keeps_the_meaning(kind: str, pipeline: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind))
    string = data.draw(strings(grammar))
    simulation, follower = Simulation(grammar), Follower(PIPELINES[pipeline](grammar))
    merged = pipeline == "minimize"  # then a state stands for all those with the same future
    for symbol in [None, *string]:
        if symbol is not None:
            fired = rules_fired(simulation, symbol)
            simulation.step(symbol)
            follower.step(symbol)
            passed = ends_of(follower.rules(), fired) if grammar.silent else follower.rules()
            assert passed >= fired if merged else passed == fired
        assert follower.alive == simulation.alive
        origins = simulation.closed(follower.origins())
        assert origins >= simulation.states if merged else origins == simulation.states
        assert follower.allowed() == simulation.allowed()
        assert follower.outputs() == ({simulation.output()} if simulation.alive else set())
        assert follower.automaton.weighted == simulation.deterministic
        if simulation.deterministic and simulation.alive:
            assert follower.probabilities() == pytest.approx(simulation.probabilities(), abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=40)
@given(data=st.data())
def test_minimize_leaves_as_many_states_as_there_are_futures(kind: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind))
    assert len(PIPELINES["minimize"](grammar).states) == number_of_futures(grammar)


@pytest.mark.parametrize("kind", INVALID)
@settings(max_examples=40)
@given(data=st.data())
def test_a_transducer_that_contradicts_itself_is_refused(kind: str, data: st.DataObject) -> None:
    with pytest.raises(FindingsError, match="output"):
        PIPELINES["determinize"](data.draw(grammars(kind)))


def rules_fired(simulation: Simulation, symbol: str) -> set[str]:
    """The rules that reading the symbol makes use of, as text."""
    return {
        f"{state} –{symbol}{f'/{move.output}' if move.output is not None else ''}→ {move.target}"
        for state in simulation.states
        for move in simulation.moves[state]
        if move.symbol == symbol
    }


def ends_of(rules: set[str], known: set[str]) -> set[str]:
    """Of rules that begin with moves that read nothing the end, which reads, where it is known."""
    return {next((each for each in known if f"→ {rule}".endswith(f"→ {each}")), rule) for rule in rules}


class Follower:
    """An automaton and the states it may be in, read off its arrays."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton
        self.states = set(np.flatnonzero(automaton.initial).tolist())
        self.last: list[int] = []  # the rows of the last moves

    def step(self, symbol: str) -> None:
        a = self.automaton
        self.last = [r for r in self._rows() if a.alphabet[a.symbol[r]] == symbol]
        self.states = {int(a.target[r]) for r in self.last}

    @property
    def alive(self) -> bool:
        return bool(self.states)

    def rules(self) -> set[str]:
        return {self.automaton.rules[self.automaton.rule[r]] for r in self.last}

    def origins(self) -> set[str]:
        return {origin for state in self.states for origin in self.automaton.origins[state]}

    def allowed(self) -> set[str]:
        a = self.automaton
        end = {"end"} if any(a.accepting[q] for q in self.states) else set()
        return {a.alphabet[a.symbol[r]] for r in self._rows()} | end

    def probabilities(self) -> dict[str, float]:
        a = self.automaton
        (state,) = self.states
        end = {"end": float(a.end[state])} if a.accepting[state] else {}
        return {a.alphabet[a.symbol[r]]: float(a.probability[r]) for r in self._rows()} | end

    def outputs(self) -> set[str | None]:
        a = self.automaton
        if a.mealy:
            numbers = {int(a.output[r]) for r in self.last} or {NONE for _ in self.states}
        else:
            numbers = {int(a.state_output[q]) for q in self.states}
        return {None if number == NONE else a.outputs[number] for number in numbers}

    def _rows(self) -> list[int]:
        return [r for r in range(len(self.automaton.source)) if int(self.automaton.source[r]) in self.states]


def number_of_futures(grammar: Grammar) -> int:
    """How many prefixes differ in what they say now or after any string more (Nerode, 1958), dead ones not counted."""
    simulation = Simulation(grammar)
    meaning: dict[Hashable, Hashable] = {}  # of a place: the states that are possible, and the last output
    after: dict[Hashable, list[Hashable]] = {}
    waiting: list[tuple[str, ...]] = [()]
    for prefix in waiting:  # it grows while we walk
        simulation.read(prefix)
        place = simulation.states, simulation.output()
        if place in meaning or not simulation.alive:
            continue
        chances = frozenset((simulation.probabilities() or {}).items())
        meaning[place] = simulation.output(), frozenset(simulation.allowed()), chances
        after[place] = []
        for symbol in grammar.alphabet:
            simulation.read((*prefix, symbol))
            after[place].append((simulation.states, simulation.output()))
        waiting += [(*prefix, symbol) for symbol in grammar.alphabet]
    futures: dict[Hashable, Hashable] = dict.fromkeys(meaning, 0)
    while True:
        finer = {place: (meaning[place], *map(futures.get, after[place])) for place in meaning}
        numbers = {future: number for number, future in enumerate(set(finer.values()))}
        if len(numbers) == len(set(futures.values())):
            return len(numbers)
        futures = {place: numbers[future] for place, future in finer.items()}


# The program: its tests, read as they stand in small integers, follow the grammar.

PROGRAMS = {"O0": (0, "rewrite"), "O1-keep": (1, "keep"), "O1-rewrite": (1, "rewrite"), "O2": (2, "rewrite")}


@pytest.mark.slow
@pytest.mark.parametrize("level", PROGRAMS)
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=10)
@given(data=st.data())
def test_every_program_follows_its_grammar(kind: str, level: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind))
    string = data.draw(strings(grammar))
    simulation, machine = Simulation(grammar), Machine(allocate(to_automaton(grammar), *PROGRAMS[level]))
    merged = machine.program.level == 2  # then a cell stands for all states with the same future
    for symbol in string:
        fired = rules_fired(simulation, symbol)
        simulation.step(symbol)
        machine.step(symbol)
        on = machine.on_cells()
        origins = simulation.closed(q for cell in on for q in machine.program.automaton.origins[cell.state])
        assert origins >= simulation.states if merged else origins == simulation.states
        assert fired <= ends_of({machine.program.automaton.rules[rule] for cell in on for rule in cell.rules}, fired)
        assert {symbol for cell in on for symbol in machine.allowed(cell)} == simulation.allowed()
        assert {machine.says(cell) for cell in on} == ({simulation.output()} if on else set())
        one_at_most = simulation.deterministic or merged
        assert (len(on) if one_at_most else bool(on)) == simulation.alive


class Machine:
    """A program run with gates that are either open or closed: what its cells mean, without numbers."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.memory = [False for _ in program.cells]
        self.visible = [False for _ in program.cells]

    def step(self, symbol: str) -> None:
        x = self.program.automaton.alphabet.index(symbol)
        gates = [
            [self._holds(test, n, x) for test in (cell.eraser, cell.writer, cell.write_filter, cell.read_filter)]
            for n, cell in enumerate(self.program.cells)
        ]
        self.memory = [
            (keep and on) or (write and unfiltered)
            for on, (keep, write, unfiltered, _) in zip(self.memory, gates, strict=True)
        ]
        self.visible = [on and shown for on, (*_, shown) in zip(self.memory, gates, strict=True)]

    def on_cells(self) -> list[Cell]:
        """All cells that are on, but `started`."""
        return [cell for cell, on in zip(self.program.cells[1:], self.visible[1:], strict=True) if on]

    def allowed(self, cell: Cell) -> set[str]:
        a = self.program.automaton
        symbols = {a.alphabet[x] for p, x, *_ in a.each_move() if p == cell.state}
        return symbols | {"end"} if a.accepting[cell.state] else symbols

    def says(self, cell: Cell) -> str | None:
        return None if cell.output == NONE else self.program.automaton.outputs[cell.output]

    def _holds(self, test: LinearTest, n: int, x: int) -> bool:
        on = self.program.cells_of
        value = test.bias + dict(test.symbols).get(x, 0) + test.this * self.visible[n]
        value += sum(weight * self.visible[m] for q, weight in test.states for m in on.get(q, ()))
        value += test.before * (not self.visible[0])
        if test.position:
            value += test.position * self.program.cells[n].order.index(x)
        return value > 0


@settings(max_examples=300)
@given(st.integers(1, 6).flatmap(lambda size: st.permutations(range(size))), st.data())
def test_an_order_is_found_exactly_where_there_is_one(hidden: list[int], data: st.DataObject) -> None:
    size = len(hidden)
    ends = data.draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=6))
    sets = [frozenset(hidden[min(pair) : max(pair) + 1]) for pair in ends]
    assert all_intervals(sets, consecutive_order(sets, size))  # the hidden order would do, so one must be found
    sets += data.draw(st.lists(st.frozensets(st.integers(0, size - 1), min_size=1), max_size=2))
    order = consecutive_order(sets, size)
    if order is None:
        assert not any(all_intervals(sets, other) for other in permutations(range(size)))
    else:
        assert sorted(order) == list(range(size))
        assert all_intervals(sets, order)


def all_intervals(sets: list[frozenset[int]], order: tuple[int, ...]) -> bool:
    places = [[order.index(element) for element in each] for each in sets]
    return all(max(each) - min(each) == len(each) - 1 for each in places)


@settings(max_examples=100)
@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_rectangles_partition_the_ways_in(pairs: set[tuple[int, int]]) -> None:
    found = [(p, x) for sources, symbols in rectangles(pairs) for p in sources for x in symbols]
    assert len(found) == len(pairs)
    assert set(found) == pairs


# The network, from the grammar to the numbers, through the weights file and back.

VARIANTS: dict[str, dict[str, Any]] = {
    "O0": {"level": 0},
    "O0 float64": {"level": 0, "dtype": "float64"},
    "O1": {"level": 1},
    "O1 float64": {"level": 1, "dtype": "float64"},
    "O1 rewrite": {"level": 1, "memory": "rewrite"},
    "O1 rewrite float64": {"level": 1, "memory": "rewrite", "dtype": "float64"},
    "O2": {"level": 2},
    "O2 float64": {"level": 2, "dtype": "float64"},
    "toy O0": {"level": 0, "cell": "toy"},
    "toy O1": {"level": 1, "cell": "toy"},
    "toy O1 rewrite": {"level": 1, "memory": "rewrite", "cell": "toy"},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=10)
@given(data=st.data())
def test_every_network_says_what_its_grammar_says(kind: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind))
    random = [data.draw(strings(grammar)) for _ in range(3)]
    through_a_file = data.draw(st.booleans())
    expected = Expected(grammar, [*transition_cover(grammar), *random])
    for name, options in VARIANTS.items():
        network = lstmc.compile(grammar, **options)
        assert network.header.options["probabilities"] == (expected.deterministic and "toy" not in name)
        if through_a_file:
            network = from_bytes(network.to_bytes())
        assert mismatches(expected, network) == [], name


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=3)
@given(data=st.data())
def test_every_loop_can_be_repeated(kind: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind).filter(lambda drawn: loops(drawn, 1)))
    expected = Expected(grammar, loops(grammar, 700))
    for name in ("O0", "O1", "O1 rewrite", "O2", "toy O1"):
        assert mismatches(expected, lstmc.compile(grammar, **VARIANTS[name])) == [], name


@settings(max_examples=15)
@given(grammars(*VALID))
def test_the_toys_read_filter_closes_on_a_dead_prefix(grammar: Grammar) -> None:
    network = lstmc.compile(grammar, cell="toy")
    dead = [string for string in transition_cover(grammar) if not Simulation(grammar).read(string).alive]
    assume(dead)
    for string in dead:
        state = network.start()
        for token in network.tokens(string):
            state = network.step(state, np.array([token]))
        assert np.abs(network.read(state).logits).max() < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["O0", "O1", "O2", "toy O0", "toy O1"])
@settings(max_examples=15)
@given(data=st.data())
def test_sparse_weights_say_the_same(name: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(*VALID))
    expected = Expected(grammar, [*transition_cover(grammar), data.draw(strings(grammar))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lstmc.network.lowering.DENSE_CELLS", 1)
        patch.setattr("lstmc.network.weights_file.DENSE_CELLS", 1)
        network = lstmc.compile(grammar, **VARIANTS[name])
        restored = from_bytes(network.to_bytes())
    assert any(tensor.endswith(".indptr") for tensor in restored.tensors) == (network.size > 1)
    assert restored.header == network.header
    assert mismatches(expected, restored) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=10)
@given(data=st.data())
def test_a_run_tells_the_same_as_the_simulation(kind: str, data: st.DataObject) -> None:
    grammar = data.draw(grammars(kind))
    network = lstmc.compile(grammar)
    drawn = [[], *(data.draw(strings(grammar)) for _ in range(3))]
    for string, run in zip(drawn, lstmc.run_all(network, drawn), strict=True):
        simulation = Simulation(grammar).read(string)
        assert (run.accepted, run.alive, run.output) == (simulation.accepted, simulation.alive, simulation.output())
        assert set(run.next) == simulation.allowed()
        if simulation.deterministic:
            assert run.probabilities == pytest.approx(simulation.probabilities(), abs=TOLERANCE["float32"])
            assert run.logprob == pytest.approx(logprob(grammar, string), abs=1e-3)
        else:
            assert run.probabilities is run.logprob is None


def logprob(grammar: Grammar, string: list[str]) -> float | None:
    """ln of the probability of the symbols, and of ending after them where that is allowed."""
    simulation, total = Simulation(grammar), 0.0
    for symbol in string:
        probabilities = simulation.probabilities()
        simulation.step(symbol)
        if not simulation.alive:
            return None
        total += math.log(probabilities[symbol])
    return total + (math.log(simulation.probabilities()["end"]) if simulation.accepted else 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
@settings(max_examples=10)
@given(data=st.data())
def test_a_contradiction_is_refused_by_every_variant(name: str, data: st.DataObject) -> None:
    with pytest.raises(FindingsError, match="output"):
        lstmc.compile(data.draw(grammars(*INVALID)), **VARIANTS[name])
