"""Patterns as people write them, with strings that match and strings that almost do: each read as Python reads it."""

from random import Random

import pytest
from everyday_patterns import EVERYDAY
from python_patterns import accepts, compiled

from lstmc_regex import regex

NEAR = 60  # strings near each of those that match


@pytest.mark.parametrize(
    ("pattern", "alphabet", "members"), [each[1:] for each in EVERYDAY], ids=[e[0] for e in EVERYDAY]
)
def test_everyday_patterns_are_read_as_python_reads_them(pattern: str, alphabet: str, members: list[str]) -> None:
    graph, expression, rng = regex(pattern=pattern, alphabet=alphabet), compiled(pattern), Random(0)
    symbols = graph.graph["alphabet"]
    assert [each for each in members if not expression.fullmatch(each) or not accepts(graph, each)] == []
    tried = ["", *symbols, *(near(each, symbols, rng) for each in members for _ in range(NEAR))]
    assert [each for each in tried if accepts(graph, each) != bool(expression.fullmatch(each))] == []


def near(string: str, symbols: list[str], rng: Random) -> str:
    """The string with one or two small changes: a symbol more, less, another, doubled, or in the other case."""
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(string) + 1)
        other = string[at : at + 1].swapcase()
        pieces = ["", rng.choice(symbols), string[at : at + 1] * 2, other if other in symbols else ""]
        string = string[:at] + rng.choice(pieces) + string[at + rng.choice((0, 1)) :]
    return string
