import itertools

import pytest
from grammar_oracle import minimal_size, words

from lstmc.errors import LimitError, PluginError
from lstmc.grammar.catalogue import make
from lstmc_modular import modular


@pytest.mark.parametrize(("modulus", "remainder"), [(1, 0), (2, 0), (2, 1), (3, 2), (5, 0)])
@pytest.mark.parametrize(("alphabet", "count"), [(("0", "1"), "1"), (("a", "b", "c"), "b"), (("tick",), "tick")])
def test_languages_and_sizes(modulus, remainder, alphabet, count):
    graph = modular(modulus=modulus, alphabet=alphabet, count=count, remainder=remainder)
    every = {word for length in range(8) for word in itertools.product(alphabet, repeat=length)}
    assert words(graph, 7) == {word for word in every if word.count(count) % modulus == remainder}
    assert minimal_size(graph) == modulus


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"count": "2"}, "modular: count must be a symbol of the alphabet (0 1), not '2'"),
        ({"alphabet": ""}, "modular: count must be a symbol of the alphabet (), not '1'"),
        ({"modulus": "3", "remainder": "3"}, "modular: remainder must be less than the modulus 3, not 3"),
    ],
)
def test_parameters_that_do_not_go_together(parameters, message):
    with pytest.raises(PluginError) as caught:
        make("modular", parameters)
    assert caught.value.message == message


def test_too_large_a_grammar_is_refused():
    with pytest.raises(LimitError, match="modular: 500,000 edges, more than the limit of 250,000"):
        modular(modulus=10_000, alphabet=tuple(map(str, range(50))))
