"""1,000 damaged files of each format: no traceback, no hang, nothing silent. benchmarks/mutated_grammars.py: more."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import corpus, damaged_texts, formats

from lstmc.testing.mutation import READ, REFUSED, judge, mutate, try_mutants

COUNT, SEED = 1_000, 7


@pytest.mark.slow
@pytest.mark.parametrize("format", formats())
def test_a_damaged_file_is_a_grammar_that_writes_back_or_says_why(format: str) -> None:
    texts = corpus(format)
    tally = try_mutants(texts, format, Random(SEED), COUNT)
    assert tally.faults == ()
    assert tally.read + tally.refused == COUNT
    assert tally.read > COUNT / 100  # else the damage is such that no test of a grammar is left
    assert tally.refused > COUNT / 10


@pytest.mark.slow
@given(st.sampled_from(formats()).flatmap(lambda name: st.tuples(st.just(name), damaged_texts(name))))
@settings(max_examples=200, deadline=None)
def test_a_fault_would_be_shrunk_to_a_small_file(damaged: tuple[str, str]) -> None:
    format, text = damaged
    assert judge(text, format) in (READ, REFUSED)


def test_the_damage_is_the_same_for_the_same_seed_and_changes_the_text() -> None:
    text = "nodes: [{id: 0}]\n" * 5
    mutants = [mutate(text, [text], Random(seed)) for seed in range(100)]
    assert mutants == [mutate(text, [text], Random(seed)) for seed in range(100)]
    assert sum(mutant != text for mutant in mutants) > 90
