"""States with the same future become one, and no others."""

from itertools import combinations
from random import Random

import networkx as nx
import numpy as np
import pytest
from drawing import automaton, picture
from hypothesis import given
from hypothesis import strategies as st
from laws import array_automaton, behaviour, chances, law, same
from strategies import VALID, grammars
from work import in_proportion, lines

from lstmc.automaton import Automaton, determinize, minimize, split, to_automaton, trim, weigh
from lstmc.grammar.catalogue import load_grammar, make
from lstmc.grammar.grammar import Grammar

ANY = grammars(*VALID)


def ready(grammar: Grammar) -> Automaton:
    return determinize(split(weigh(trim(to_automaton(grammar)))))


def test_picture() -> None:
    text = """
        S start
        F accept
        S -B-> a
        S -T-> b
        a -E-> F
        b -E-> F
        """
    assert picture(minimize(automaton(text)), by=True) == (
        "S start of S\n"
        "a=b of a, b\n"
        "F accept of F\n"
        "S -B-> a=b   by S –B→ a\n"
        "S -T-> a=b   by S –T→ b\n"
        "a=b -E-> F   by a –E→ F, b –E→ F\n"
    )


def test_picture_of_probabilities_and_outputs_that_keep_states_apart() -> None:
    text = """
        S start
        a accept says 0
        b accept says 0
        c accept says 1
        d accept says 0
        S -a-> a
        S -b-> b
        S -c-> c
        S -d-> d
        a -a-> a: 0.5
        b -a-> b: 0.25
        c -a-> c: 0.5
        d -a-> d
        """
    assert picture(minimize(weigh(automaton(text)))) == (
        "S start\n"
        "a=d accept: 1/2 says 0\n"  # one says ½, the other nothing, which means the same
        "b accept: 3/4 says 0\n"
        "c accept: 1/2 says 1\n"
        "S -a-> a=d: 1/4\n"
        "S -b-> b: 1/4\n"
        "S -c-> c: 1/4\n"
        "S -d-> a=d: 1/4\n"
        "a=d -a-> a=d: 1/2\n"
        "b -a-> b: 1/4\n"
        "c -a-> c: 1/2\n"
    )


SIZES = {  # with the dead state, as textbooks count
    ("reber", ""): 9,
    ("continual-reber", ""): 8,
    ("embedded-reber", "continual=true"): 20,
    **{("embedded-reber", f"depth={k}"): 12 * 2**k - 3 for k in (1, 2, 3, 6)},
    **{("tomita", f"number={n}"): size for n, size in zip(range(1, 8), (2, 3, 5, 4, 4, 3, 5), strict=True)},
    **{("modular", f"modulus={k}"): k for k in (2, 3, 7)},
}


@pytest.mark.parametrize(("name", "parameter"), SIZES)
def test_sizes_that_are_known(name: str, parameter: str) -> None:
    given = dict([parameter.split("=")]) if parameter else {}
    grammar = make(name, given) if given else load_grammar(name)
    a = minimize(ready(grammar))
    complete = len(a.moves) - 1 == len(a.states) * len(a.alphabet)
    assert len(a.states) + (not complete) == SIZES[name, parameter]


@law
@given(ANY)
def test_every_string_is_answered_as_before(grammar: Grammar) -> None:
    a = ready(grammar)
    assert behaviour(minimize(a), 4) == behaviour(a, 4)


@law
@given(grammars("probabilistic", "mealy", "moore"))
def test_probabilities_are_kept(grammar: Grammar) -> None:
    a = ready(grammar)
    assert chances(minimize(a), 5) == pytest.approx(chances(a, 5))


@pytest.mark.slow
@law
@given(ANY)
def test_as_many_states_as_refining_round_by_round_leaves(grammar: Grammar) -> None:
    a = ready(grammar)
    assert len(minimize(a).states) == len(set(moore(a).values()))


@law
@given(grammars("deterministic", "probabilistic", "moore"))
def test_states_that_are_merged_are_those_that_refining_leaves_together(grammar: Grammar) -> None:
    a = ready(grammar)
    together: dict[int, set[str]] = {}
    for state, number in moore(a).items():
        together.setdefault(number, set()).update(a.origins[state])
    assert {frozenset(each) for each in minimize(a).origins} == {frozenset(each) for each in together.values()}


@law
@given(ANY)
def test_some_string_tells_any_two_states_apart(grammar: Grammar) -> None:
    a = minimize(ready(grammar))
    apart = told_apart(a)
    assert all(pair in apart for pair in combinations(range(len(a.states)), 2))


@pytest.mark.slow
@law
@given(ANY)
def test_minimizing_twice_changes_nothing(grammar: Grammar) -> None:
    once = minimize(ready(grammar))
    again = minimize(once)
    assert same(again, once)


@law
@given(ANY)
def test_states_are_numbered_breadth_first(grammar: Grammar) -> None:
    a = minimize(ready(grammar))
    reached = np.flatnonzero(a.initial).tolist()
    for p in reached:  # it grows while we walk
        reached += [q for q in dict.fromkeys(a.target[a.source == p].tolist()) if q not in reached]
    assert reached == list(range(len(a.states)))


@pytest.mark.slow
@law
@given(grammars("deterministic", "nondeterministic", "moore"), st.randoms(use_true_random=False))
def test_the_order_of_the_nodes_in_the_file_does_not_matter(grammar: Grammar, rng: Random) -> None:
    nodes = list(grammar.graph.nodes(data=True))
    rng.shuffle(nodes)
    shuffled = nx.MultiDiGraph(**grammar.graph.graph)
    shuffled.add_nodes_from(nodes)
    shuffled.add_edges_from(grammar.graph.edges(data=True))
    a, b = minimize(ready(grammar)), minimize(ready(Grammar.from_graph(shuffled, grammar.name)))
    assert [move[:3] for move in a.each_move()] == [move[:3] for move in b.each_move()]
    assert a.accepting.tolist() == b.accepting.tolist()
    assert [set(each) for each in a.origins] == [set(each) for each in b.origins]


@law
@given(grammars("deterministic", "probabilistic", "moore"))
def test_every_rule_and_state_is_still_behind_something(grammar: Grammar) -> None:
    a = ready(grammar)
    b = minimize(a)
    assert sorted(origin for each in b.origins for origin in each) == sorted(a.states)
    assert sorted(b.rule.tolist()) == sorted(a.rule.tolist())
    block = {origin: q for q, each in enumerate(b.origins) for origin in each}
    of_rule = dict(zip(b.rule.tolist(), zip(b.source, b.symbol, b.target, strict=True), strict=True))
    for p, x, q, rule in zip(a.source, a.symbol, a.target, a.rule.tolist(), strict=True):
        assert of_rule[rule] == (block[a.states[p]], x, block[a.states[q]])


def chain(size: int) -> Automaton:
    """a^(size − 1): every state has a future of its own, and refining round by round takes `size` rounds."""
    return array_automaton("a", size, [(q, 0, q + 1) for q in range(size - 1)], {size - 1})


def cycle(size: int) -> Automaton:
    """a counted modulo `size`, but only modulo 10 matters."""
    return array_automaton("a", size, [(q, 0, (q + 1) % size) for q in range(size)], set(range(0, size, 10)))


@pytest.mark.slow
def test_long_chains_and_cycles() -> None:
    assert len(minimize(chain(50_000)).states) == 50_000
    assert len(minimize(cycle(20_000)).states) == 10


def test_work_grows_with_the_size_and_not_with_its_square() -> None:
    def work(size: int) -> int:
        a = chain(size)
        return lines(lambda: minimize(a))

    assert in_proportion(work, 250)


def now(a: Automaton, q: int) -> tuple[object, ...]:
    """What tells a state from others at once."""
    rows = np.flatnonzero(a.source == q)
    allowed = {int(a.symbol[r]): str(a.probability[r]) for r in rows}
    return bool(a.accepting[q]), str(a.end[q]), int(a.state_output[q]), tuple(sorted(allowed.items()))


def moore(a: Automaton) -> dict[int, int]:
    """The block of each state, refined round by round (Moore, 1956)."""
    block = numbered({q: now(a, q) for q in range(len(a.states))})
    while True:
        finer: dict[int, tuple[object, ...]] = {q: (number,) for q, number in block.items()}
        for p, _, q, _, _ in a.each_move():
            finer[p] += (block[q],)
        if len(set(finer.values())) == len(set(block.values())):
            return block
        block = numbered(finer)


def numbered(labels: dict[int, tuple[object, ...]]) -> dict[int, int]:
    numbers: dict[tuple[object, ...], int] = {}
    return {q: numbers.setdefault(label, len(numbers)) for q, label in labels.items()}


def told_apart(a: Automaton) -> set[tuple[int, int]]:
    """Pairs of states that some string tells apart, by filling the table of all pairs."""
    pairs = list(combinations(range(len(a.states)), 2))
    apart = {(p, q) for p, q in pairs if now(a, p) != now(a, q)}
    go = {(p, x): q for p, x, q, _, _ in a.each_move()}
    while True:
        more = {
            (p, q)
            for p, q in pairs
            if (p, q) not in apart
            and any(
                tuple(sorted((go[p, x], go[q, x]))) in apart
                for x in range(len(a.alphabet))
                if (p, x) in go and (q, x) in go
            )
        }
        if not more:
            return apart
        apart |= more
