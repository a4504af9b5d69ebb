"""The gain: how steep every gate is. A gate that is on or off has a pre-activation of about ±G/2."""

import math

from lstmc.errors import LimitError, UsageError
from lstmc.network.number_formats import number_format
from lstmc.program import Program

# A closed gate is exactly 0 in float32 from 104 on (sigmoid(−104) is below the smallest float32): a memory that is
# kept must not leak. -O2 writes its memory anew at each step, and at 40 sigmoid is exact even in float64.
REACH = {0: 104, 1: 104, 2: 40}

# Relative error of one weighted cell in units of the format's roundoff: the weight, h, tanh, the product, and the sum.
ROUNDINGS = 5
LARGEST_GAIN = 2.0**15


def check_gain(gain: float) -> float:
    """The gain that somebody asks for. Raises UsageError where no gate could open or close with it."""
    if not (math.isfinite(gain) and gain > 0):
        raise UsageError(f"a gain of {gain:g} makes no gates", "choose a positive number, or leave the choice to lstmc")
    return gain


def choose_gain(program: Program, dtype: str) -> float:
    """The smallest power of two for which every gate's |pre-activation| reaches what the level needs.

    Raises LimitError where rounding in the format eats the margin: at -O2 the sums grow with the alphabet.
    """
    gain = 2.0
    while gain * (0.5 - _error(program, dtype)) < REACH[program.level]:
        gain *= 2
        if gain > LARGEST_GAIN:
            a = program.automaton
            raise LimitError(
                f"grammar '{a.name}': -O2 cannot tell {len(a.alphabet)} symbols apart in {dtype}",
                "compile with -O1, or choose a finer format (--dtype float32 or float64)",
            )
    return gain


def _error(program: Program, dtype: str) -> float:
    """A bound on the error of a sum of weighted cells, in units of the gain.

    At -O2 sums reach S + 1. Up to -O1 few cells are active, each short of 1 by 0.0004: too little to ask for another
    power of two.
    """
    if program.level < 2:
        return 0.0
    return ROUNDINGS * number_format(dtype).roundoff * (len(program.automaton.alphabet) + 1)
