"""1,000 damaged weights files: none is accepted unless it means the same. benchmarks/mutated_weights.py tries more."""

from random import Random

import pytest
from damaged_weights import SUBJECTS, damage, damaged_files, judge_many, subject
from hypothesis import given, settings

from lstmc.errors import LstmcError
from lstmc.network.weights_file import from_bytes


@pytest.mark.slow
def test_damaged_weights_are_refused() -> None:
    counts = judge_many(seed=7, count=1_000)
    assert set(counts) <= {"refused", "equal"}
    assert counts["refused"] > 900


def test_untouched_weights_are_not() -> None:
    for number in range(len(SUBJECTS)):
        data, _ = subject(number)
        assert from_bytes(data).to_bytes() == data


def test_damage_always_changes_the_bytes_and_is_the_same_for_a_seed() -> None:
    data, _ = subject(0)
    damaged = [damage(data, Random(seed)) for seed in range(50)]
    assert all(each != data for each in damaged)
    assert damaged == [damage(data, Random(seed)) for seed in range(50)]


@given(damaged_files())
@settings(max_examples=100, deadline=None)
def test_a_fault_would_be_shrunk_to_a_small_change(damaged: bytes) -> None:
    try:
        meaning = from_bytes(damaged).to_bytes()
    except LstmcError:
        return
    assert meaning in [subject(number)[0] for number in range(len(SUBJECTS))]
