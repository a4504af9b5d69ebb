"""1,000 damaged files of each format: no traceback, no hang, nothing silent. benchmarks/mutated_grammars.py: more."""

from random import Random

import pytest
from readers import corpus, formats

from lstmc.testing.mutation import mutate, try_mutants

COUNT, SEED = 1_000, 7


@pytest.mark.parametrize("format", formats())
def test_a_damaged_file_is_a_grammar_that_writes_back_or_says_why(format: str) -> None:
    texts = corpus(format)
    tally = try_mutants(texts, format, Random(SEED), COUNT)
    assert tally.faults == ()
    assert tally.read + tally.refused == COUNT
    assert tally.read > COUNT / 100  # else the damage is such that no test of a grammar is left
    assert tally.refused > COUNT / 10


def test_the_damage_is_the_same_for_the_same_seed_and_changes_the_text() -> None:
    text = "nodes: [{id: 0}]\n" * 5
    mutants = [mutate(text, [text], Random(seed)) for seed in range(100)]
    assert mutants == [mutate(text, [text], Random(seed)) for seed in range(100)]
    assert sum(mutant != text for mutant in mutants) > 90
