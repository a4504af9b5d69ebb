import itertools

import pytest
from grammar_oracle import minimal_size, words

from lstmc.errors import LimitError
from lstmc_dyck import dyck


def balanced(word, pairs, depth):
    stack = []
    for bracket in word:
        if bracket in pairs:
            stack.append(pairs[bracket])
        elif not stack or stack.pop() != bracket:
            return False
        if len(stack) > depth:
            return False
    return not stack


@pytest.mark.parametrize(
    ("kinds", "depth", "upto"), [(1, 1, 12), (1, 4, 12), (2, 1, 8), (2, 2, 8), (2, 3, 8), (3, 2, 6), (5, 2, 4)]
)
def test_languages_and_sizes(kinds, depth, upto):
    pairs = dict(list({"(": ")", "[": "]", "{": "}", "<": ">", "(5": ")5"}.items())[:kinds])
    graph = dyck(kinds=kinds, depth=depth)
    symbols = [bracket for pair in pairs.items() for bracket in pair]
    assert graph.graph["alphabet"] == symbols
    every = {word for length in range(upto + 1) for word in itertools.product(symbols, repeat=length)}
    assert words(graph, upto) == {word for word in every if balanced(word, pairs, depth)}
    assert minimal_size(graph) == sum(kinds**height for height in range(depth + 1)) + 1


def test_too_large_a_grammar_is_refused():
    with pytest.raises(
        LimitError, match="2 kinds of brackets to depth 40 have 2,199,023,255,551 states, more than the"
    ):
        dyck(kinds=2, depth=40)
