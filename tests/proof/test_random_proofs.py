"""Random grammars of all kinds, each compiled in a random way, proved and verified; benchmarks/random_proofs.py tries
more."""

from random import Random

import pytest
from proving import Task, proved_or_not, try_proof, violations
from strategies import random_grammar

import lstmc

COUNT, BLOCKS = 300, 20
EXPLICIT, EXPLICIT_BLOCKS = 100, 5


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_network_is_proved(block):
    size = COUNT // BLOCKS
    for seed in range(block * size, (block + 1) * size):
        _, failures = try_proof(Task(10**6 + seed, states=7, symbols=5))
        assert failures == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(EXPLICIT_BLOCKS))
def test_what_is_claimed_at_any_gain_is_confirmed(block):
    size = EXPLICIT // EXPLICIT_BLOCKS
    for seed in range(block * size, (block + 1) * size):
        _, failures = try_proof(Task(10**6 + seed, states=7, symbols=5, explicit=True))
        assert failures == []


HARD = {  # found among thousands: the prover was nearer to the truth than the checker goes
    "what is off, held in a coarser format": (
        "transducer-of-copies",
        619,
        1,
        "rewrite",
        "toy",
        "float16",
        11.660549464480303,
    ),
    "a memory of 1 that is flushed": ("deterministic", 828, 2, "rewrite", "lstm", "float16", 190.0),
    "a sum that overflows": ("endless", 870, 2, "rewrite", "lstm", "bfloat16", 3208.129660451799),
    "a count that drifts by more than it rises": (
        "nondeterministic",
        5021,
        1,
        "keep",
        "lstm",
        "float32",
        21.042623117397888,
    ),
    "a toy's cell that reads itself and others": ("transducer-of-copies", 5407, 1, "rewrite", "toy", "float64", 28.0),
    "a cell that reads itself and others": ("silent", 5989, 1, "rewrite", "lstm", "float64", 18.0),
    "sums far beyond what exp can hold": ("moore", 1005, 0, "rewrite", "gru", "float64", 131072.0),
    "memories that are added to where they are off": (
        "transducer-of-copies",
        1387,
        1,
        "rewrite",
        "lstm-1997",
        "float64",
        47.4075,
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_claimed_in_hard_cases_is_confirmed(name):
    kind, seed, *options = HARD[name]
    assert violations(*proved_or_not(random_grammar(kind, Random(f"proof {seed}"), 7, 5), *options)) == []


def test_a_gain_between_powers_of_two():
    assert violations(*proved_or_not(lstmc.load_grammar("reber"), 0, "rewrite", "toy", "float64", 12.0)) == []
