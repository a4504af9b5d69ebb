"""Altered weights, their digests made right again: none that is wrong on some string may pass."""

from random import Random

import numpy as np
import pytest
from mutants import REPETITIONS, attack, bound_to, random_subject, subject

from lstmc import load_grammar
from lstmc.proof.checker import check
from lstmc.shipped import shipped

BLOCKS, NETWORKS, MUTANTS = 12, 5, 8  # 480 in all; benchmarks/attacks.py tries more


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_altered_network_that_is_wrong_passes(block):
    passed = 0
    for seed in range(block * NETWORKS, (block + 1) * NETWORKS):
        rng = Random(f"mutants {seed}")
        found = random_subject(rng)
        assert check(found.network.to_bytes(), found.certificate) == [], found.label
        for _ in range(MUTANTS):
            what, violations, wrong = attack(found, rng)
            assert violations or not wrong, (seed, what, wrong)
            passed += not violations
    assert passed < NETWORKS * MUTANTS  # nearly all are refused


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_altered_shipped_network_that_is_wrong_passes(name):
    found = subject(load_grammar(name), 2 if name != "reber-unknown-start" else 1, "rewrite", "lstm", "float32")
    rng = Random(name)
    trials = [attack(found, rng) for _ in range(40)]
    assert not [trial for trial in trials if trial.wrong and not trial.violations]
    assert any(trial.violations for trial in trials)
    assert any(trial.wrong for trial in trials)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused(value):
    found = subject(load_grammar("reber"), 2, "rewrite", "lstm", "float32")
    for name in found.network.tensors:
        values = found.network.tensors[name].copy()
        values.flat[-1] = value
        altered = type(found.network)(found.network.header, {**found.network.tensors, name: values})
        assert check(altered.to_bytes(), bound_to(altered, found.certificate))


def test_a_network_of_another_grammar_is_refused():
    """Both proofs hold; exchanged, with all digests right, none does."""
    one, other = (subject(load_grammar(name), 2, "rewrite", "lstm", "float32") for name in ("reber", "continual-reber"))
    assert check(one.network.to_bytes(), bound_to(one.network, other.certificate))
    assert check(other.network.to_bytes(), bound_to(other.network, one.certificate))


def test_loops_are_tried_less_often_than_any_bound_allows():
    found = subject(load_grammar("reber"), 1, "keep", "lstm", "float32")
    assert max(len(string) for string in found.expected.strings) > REPETITIONS
