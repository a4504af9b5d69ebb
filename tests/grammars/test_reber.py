import itertools

import networkx as nx
import pytest
from grammar_oracle import mean_length, minimal_size, moves, start, words

from lstmc.grammar.catalogue import make
from lstmc_reber import REBER, embedded_reber


def reber():
    graph = nx.MultiDiGraph(alphabet=list("BTSXPVE"))
    graph.add_edges_from((p, q, {"symbol": x}) for p, q, x in REBER)
    graph.nodes["start"]["start"] = graph.nodes["6"]["accept"] = True
    return graph


def is_embedded(word, depth):
    """B (T r T | P r P) E, r one less deep; at depth 0 the shape of a Reber string, as a walk over its letters."""
    if depth:
        if len(word) < 5 or word[0] != "B" or word[1] not in "TP" or word[-2] != word[1] or word[-1] != "E":
            return False
        return is_embedded(word[2:-2], depth - 1)
    ways = {"": {"B": "a"}, "a": {"T": "b", "P": "c"}, "b": {"S": "b", "X": "d"}, "c": {"T": "c", "V": "e"}}
    ways |= {"d": {"X": "c", "S": "f"}, "e": {"P": "d", "V": "f"}, "f": {"E": "end"}, "end": {}}
    state = ""
    for letter in word:
        state = ways[state].get(letter)
        if state is None:
            return False
    return state == "end"


@pytest.mark.parametrize("depth", range(1, 6))
def test_sizes(depth):
    graph = embedded_reber(depth=depth)
    assert minimal_size(graph) == 12 * 2**depth - 3
    assert len(graph) == 12 * 2**depth - 4
    assert minimal_size(embedded_reber(depth=depth, continual=True)) == 12 * 2**depth - 4


@pytest.mark.slow
def test_the_deepest_is_made_too():
    assert len(embedded_reber(depth=12)) == 12 * 2**12 - 4


def test_mean_lengths():
    assert mean_length(reber()) == 8
    assert mean_length(embedded_reber()) == 12


@pytest.mark.parametrize(("depth", "upto"), [(1, 16), (2, 20)])
def test_the_words_are_those_of_the_definition(depth, upto):
    short = {word for word in words(reber(), upto) if is_embedded(word, 0)}
    nested = {tuple(word) for word in short}
    for _ in range(depth):
        nested = {("B", x, *word, x, "E") for x, word in itertools.product("TP", nested)}
    made = words(embedded_reber(depth=depth), upto)
    assert made == {word for word in nested if len(word) <= upto}
    assert all(is_embedded("".join(word), depth) for word in made)
    assert len(made) > 40


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_wrong_letter_is_refused_everywhere(depth):
    accepted = words(embedded_reber(depth=depth), 9 + 4 * (depth - 1))
    assert accepted
    for word in accepted:
        for place, letter in itertools.product(range(len(word)), "BTSXPVE"):
            changed = "".join((*word[:place], letter, *word[place + 1 :]))
            assert (tuple(changed) in accepted) == is_embedded(changed, depth)


def test_the_continual_stream_goes_on_for_ever_and_holds_the_words_one_after_another():
    graph = make("embedded-reber", {"continual": "true"}).graph
    assert not any(data.get("accept") for _, data in graph.nodes(data=True))
    table = moves(graph)
    assert all(table.values())
    for word in list(words(embedded_reber(), 11)):
        state = start(graph)
        for symbol in word * 2:
            state = table[state][symbol][0]
        assert state == start(graph)
