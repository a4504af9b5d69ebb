"""Intervals of real numbers, to 300 bits, and the numbers of machines: what the checker's bounds are compared with."""

from dataclasses import dataclass

import numpy as np
from mpmath import mp, mpf
from mpmath import tanh as real_tanh

from lstmc.proof.checker import INF, TANH, Interval, Number

mp.prec = 300
PRECISE = 1e-11  # how much wider than its formula a bound may be, relatively
ROUNDED = ("float32", "float16", "bfloat16")
TANH_OF_1 = real_tanh(mpf(1))


def interval(low, high):
    return Interval(np.array(low, np.float64), np.array(high, np.float64))


class Real:
    """An interval of real numbers, to 300 bits."""

    def __init__(self, low, high=None):
        self.low, self.high = mpf(low), mpf(low if high is None else high)

    def __add__(self, other):
        return Real(self.low + other.low, self.high + other.high)

    def __neg__(self):
        return Real(-self.high, -self.low)

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Real(min(ends), max(ends))

    def __and__(self, other):
        return Real(max(self.low, other.low), min(self.high, other.high))

    @property
    def size(self):
        return max(abs(self.low), abs(self.high))

    def exactly(self, number):
        return self.low == self.high == number

    @property
    def whole(self):
        return self.low == self.high == mp.nint(self.low)


@dataclass
class Near:
    """A number of the checker, to 300 bits."""

    value: Real
    center: float
    apart: Real

    def less(self, center):
        return self.apart if self.center == center else self.value - meant(center)


def meant(center):
    return Real({TANH: TANH_OF_1, -TANH: -TANH_OF_1}.get(center, mpf(float(center))))


def reals(found):
    return [Real(low, high) for low, high in zip(found.lo.tolist(), found.hi.tolist(), strict=True)]


def nears(number):
    parts = reals(number.value), number.center.tolist(), reals(number.apart)
    return [Near(*each) for each in zip(*parts, strict=True)]


def shaped(number, size):
    """The number once for each of so many cases."""
    there = np.ones(size, bool)
    return number.where(there, number)


def of(low, high):
    return Number.of(interval(low, high))


def assert_close(found, wanted, where, least=1e-15):
    """It encloses the wanted interval, and is hardly wider."""
    room = PRECISE * wanted.size + mpf(least)
    assert found.low <= wanted.low, (where, found.low, wanted.low)
    assert wanted.high <= found.high, (where, found.high, wanted.high)
    assert wanted.low <= found.low + room or found.low == wanted.low == -INF, (where, found.low, wanted.low)
    assert found.high - room <= wanted.high or found.high == wanted.high == INF, (where, found.high, wanted.high)


def any_number(box, contract, rng):
    """Numbers of the format in the boxes, their ends more often than others; NaN where there is none."""
    where = rng.choice([0.0, 0.0, 0.5, 1.0, 1.0], box.lo.shape)
    inside = np.where(where == 0.5, rng.uniform(box.lo, box.hi), np.where(where == 0.0, box.lo, box.hi))
    number = contract.rounded(inside)
    return np.where((number < box.lo) | (number > box.hi), np.nan, number)
