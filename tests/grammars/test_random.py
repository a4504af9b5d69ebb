import hashlib
import json
from decimal import Decimal
from typing import get_args

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import in_proportion, lines

from lstmc.errors import LimitError
from lstmc.grammar.catalogue import make
from lstmc_random import Kind, random

KINDS = get_args(Kind)

parameters = st.fixed_dictionaries(
    {
        "states": st.integers(1, 20),
        "symbols": st.integers(1, 5),
        "density": st.floats(0, 1),
        "kind": st.sampled_from(KINDS),
        "seed": st.integers(0, 10**18 - 1),
    }
)


@given(parameters)
def test_every_state_is_reached_and_leads_to_an_end(asked):
    graph = random(**asked)
    accepting = [state for state, data in graph.nodes(data=True) if data.get("accept")]
    assert len(graph) == asked["states"]
    assert nx.descendants(graph, "0") | {"0"} == set(graph)
    assert set().union(*(nx.ancestors(graph, state) | {state} for state in accepting)) == set(graph)


@given(parameters)
def test_it_is_a_grammar_without_warnings(asked):
    assert make("random", asked).warnings == ()


@given(parameters)
def test_each_kind_has_what_it_says(asked):
    graph, kind, several_states = random(**asked), asked["kind"], asked["states"] > 1
    nodes, rules = graph.nodes(data=True), list(graph.edges(data=True))
    places = {(source, data["symbol"]) for source, _, data in rules}
    assert (len(places) < len(rules)) == (kind == "nondeterministic" and several_states)
    assert len({(source, target, data["symbol"]) for source, target, data in rules}) == len(rules)
    starts = [state for state, data in nodes if data.get("start")]
    assert (len(starts) > 1) == (kind == "unknown-start" and several_states)
    assert starts[0] == "0"
    assert all(("output" in data) == (kind == "mealy") for *_, data in rules)
    assert all(("output" in data) == (kind == "moore") for _, data in nodes)
    assert all(("probability" in data) == (kind == "probabilistic") for *_, data in rules)
    for state, data in nodes:
        if kind == "probabilistic":
            moves = [way["probability"] for *_, way in graph.out_edges(state, data=True)]
            assert all(each > 0 for each in moves)
            assert ("end" in data) == data.get("accept", False)
            assert sum(Decimal(str(each)) for each in [*moves, data.get("end", 0)]) == 1


def test_density_is_the_share_of_the_places_that_the_tree_leaves():
    full = random(states=50, symbols=4, density=1.0)
    assert full.number_of_edges() == 200
    assert random(states=50, symbols=4, density=0.0).number_of_edges() == 49
    half = random(states=1000, symbols=10, density=0.5).number_of_edges()
    assert abs(half - (999 + (10_000 - 999) / 2)) < 250  # five standard deviations


def digest(graph):
    data = json.dumps([graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True))])
    return hashlib.sha256(data.encode()).hexdigest()[:16]


GOLDEN = {
    "deterministic": "2b27118bd75a24d7",
    "nondeterministic": "f0d59c6721356a46",
    "unknown-start": "3986df88a4b2438e",
    "probabilistic": "8f0a6d2f82446b5c",
    "mealy": "7a6a368d34f316a5",
    "moore": "c3dc0ccaf084a5cb",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_grammar_everywhere(kind):
    assert digest(random(states=30, symbols=4, density=0.3, kind=kind, seed=2026)) == GOLDEN[kind]


def test_another_seed_gives_another_grammar():
    assert len({digest(random(seed=seed)) for seed in range(100)}) == 100


@pytest.mark.slow
def test_work_grows_with_the_rules_and_not_with_their_square():
    def work(states):
        return lines(lambda: random(states=states, symbols=10, density=1.0))

    assert in_proportion(work, 50)
    assert random(states=10_000, symbols=10, density=1.0).number_of_edges() == 100_000


def test_too_large_a_grammar_is_refused():
    for what, parameters in (
        ("3,000,000 places", {"states": "1000000", "symbols": "3"}),
        ("about 100,001 states", {"states": "100001", "symbols": "1"}),
        ("about 500,000 edges", {"states": "1000", "symbols": "1000", "density": "0.5"}),
    ):
        with pytest.raises(LimitError, match=what):
            make("random", parameters)


def test_many_symbols_have_names_of_their_own():
    graph = random(states=20, symbols=40, density=0.9, kind="probabilistic")
    assert len(set(graph.graph["alphabet"])) == 40
    assert {data["symbol"] for *_, data in graph.edges(data=True)} <= set(graph.graph["alphabet"])
