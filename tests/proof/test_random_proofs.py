"""Random grammars of all kinds, each compiled in a random way, proved and verified; benchmarks/random_proofs.py tries
more."""

import pytest
from proving import Task, try_proof

COUNT, BLOCKS = 500, 20
EXPLICIT, EXPLICIT_BLOCKS = 100, 5


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_network_is_proved(block):
    size = COUNT // BLOCKS
    for seed in range(block * size, (block + 1) * size):
        _, failures = try_proof(Task(10**6 + seed, states=7, symbols=5))
        assert failures == []


@pytest.mark.parametrize("block", range(EXPLICIT_BLOCKS))
def test_what_is_claimed_at_any_gain_is_confirmed(block):
    size = EXPLICIT // EXPLICIT_BLOCKS
    for seed in range(block * size, (block + 1) * size):
        _, failures = try_proof(Task(10**6 + seed, states=7, symbols=5, explicit=True))
        assert failures == []
