"""What is written reads back as the same grammar: in the formats that can say all of it."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inverse import assert_inverse, nasty
from strategies import VALID, grammars

from lstmc.grammar import Grammar

formats = st.sampled_from(("yaml", "json", "dot", "graphml"))


@pytest.mark.slow
@given(formats, nasty())
@settings(max_examples=200)
def test_nasty_texts_come_back(format: str, grammar: Grammar) -> None:
    assert_inverse(grammar, format)


@pytest.mark.slow
@given(formats, nasty("edges"))
@settings(max_examples=200)
def test_mealy_machines_with_nasty_texts_come_back(format: str, grammar: Grammar) -> None:
    assert_inverse(grammar, format)


@pytest.mark.slow
@given(formats, grammars(*VALID))
@settings(max_examples=200)
def test_every_kind_of_grammar_comes_back(format: str, grammar: Grammar) -> None:
    assert_inverse(grammar, format)


@pytest.mark.parametrize("format", ["yaml", "json", "dot", "graphml"])
@pytest.mark.parametrize("number", [5e-324, 1e-300, 1e-05, 0.1, 0.30000000000000004, 1.0])
def test_probabilities_come_back_bit_for_bit(format: str, number: float) -> None:
    graph = nx.MultiDiGraph(name="p")
    graph.add_node(0, start=True)
    graph.add_node(1, accept=True)
    graph.add_edge(0, 1, symbol="a", probability=number)
    if number < 1:
        graph.add_edge(0, 1, symbol="b", probability=1 - number)
    assert_inverse(Grammar.from_graph(graph), format)
