"""The seed's own failures: loops, and strings that a network makes itself. benchmarks/loops.py runs longer ones."""

from dataclasses import replace

import numpy as np
import pytest
from long_strings import LOOPS, VARIANTS, mistakes_in_loops, mistakes_in_own_strings

import lstmc

REPETITIONS = 20_000
SYMBOLS = 50_000


@pytest.fixture(scope="module")
def reber():
    return lstmc.load_grammar("reber")


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: f"{v['cell']}-O{v['level']}-{v['memory']}")
def test_every_answer_is_right(reber, variant):
    network = lstmc.compile(reber, **variant)
    assert mistakes_in_loops(network, reber, REPETITIONS) == []
    wrong, drawn = mistakes_in_own_strings(network, reber, SYMBOLS, seed=0)
    assert wrong == 0
    assert drawn >= SYMBOLS


def test_a_leaking_memory_is_noticed(reber):
    """At a gain of 16 the erasers are not exactly 1, as in the seed: a kept memory fades, and letters become wrong."""
    network = lstmc.compile(reber, cell="toy", gain=16)
    assert [mistake.prefix for mistake in mistakes_in_loops(network, reber, 5_000)] == [loop[0] for loop in LOOPS]


def test_a_wrong_reader_is_noticed(reber):
    network = lstmc.compile(reber)
    bias = network.tensors["reader.bias"] + np.float32(64)
    broken = replace(network, tensors={**network.tensors, "reader.bias": bias})
    wrong, drawn = mistakes_in_own_strings(broken, reber, 1_000, seed=0)
    assert wrong == drawn
