"""Intervals in float64, rounded outward; and squashing functions as a contract allows them.

Adding 0 and multiplying by 0 or 1 are exact, here as in every kernel: a memory that is kept, or empty, stays so.

An interval is a pair of arrays. Where a gate is nearly 1 its complement, 1 − gate, is carried beside it: e^−64 is
lost in 1 − e^−64, and 1 − σ(z) = σ(−z) is not.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmc.proof.contracts import Contract

Floats = NDArray[np.float64]

# numpy's exp and tanh are within a few units in the last place (2^-52 relative); this is far outside of that.
SLACK = 1e-14
# What underflows is not told apart from anything up to here: a checker need know no digits of e^−700 and less.
TINY = 1e-299


class Interval(NamedTuple):
    """All numbers from lo to hi."""

    lo: Floats
    hi: Floats

    def __add__(self, other: "Interval") -> "Interval":  # type: ignore[override]
        (lo, exact_lo), (hi, exact_hi) = ((a + b, (a == 0) | (b == 0)) for a, b in zip(self, other, strict=True))
        wider = outward(lo, hi)
        return Interval(np.where(exact_lo, lo, wider.lo), np.where(exact_hi, hi, wider.hi))

    def __neg__(self) -> "Interval":
        return Interval(-self.hi, -self.lo)

    def __mul__(self, other: "Interval") -> "Interval":  # type: ignore[override]
        with np.errstate(invalid="ignore"):
            corners = [a * b for a in self for b in other]
        corners = [np.where(np.isnan(corner), 0.0, corner) for corner in corners]  # 0·∞: an exact zero erases
        product = outward(np.minimum.reduce(corners), np.maximum.reduce(corners))
        product = self.where(other.is_exactly(1.0), other.where(self.is_exactly(1.0), product))
        return point(0.0).where(self.is_exactly(0.0) | other.is_exactly(0.0), product)

    def widened(self, by: Floats) -> "Interval":
        return self.where(np.asarray(by == 0), outward(self.lo - by, self.hi + by))

    def where(self, condition: NDArray[np.bool_], other: "Interval") -> "Interval":
        """This interval where the condition holds, the other elsewhere."""
        return Interval(np.where(condition, self.lo, other.lo), np.where(condition, self.hi, other.hi))

    def clipped(self, lo: float, hi: float) -> "Interval":
        return Interval(np.clip(self.lo, lo, hi), np.clip(self.hi, lo, hi))

    @property
    def size(self) -> Floats:
        """The largest absolute value."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))

    def is_exactly(self, value: float) -> NDArray[np.bool_]:
        return np.asarray((self.lo == value) & (self.hi == value))


def point(values: Floats | float) -> Interval:
    array = np.asarray(values, np.float64)
    return Interval(array, array)


def outward(lo: Floats, hi: Floats) -> Interval:
    """One unit in the last place further on both sides, which covers the rounding of one operation."""
    return Interval(np.nextafter(lo, -np.inf), np.nextafter(hi, np.inf))


def short(value: float, digits: int, up: bool) -> float:
    """The next number of few decimal digits above the value, or below it.

    exp and tanh differ between machines in their last digits, which a certificate must not show.
    """
    context = Context(prec=digits, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return float(context.create_decimal(value))


class Gate(NamedTuple):
    """A gate's value, and 1 minus it."""

    value: Interval
    rest: Interval


def sigmoid(z: Interval, contract: Contract) -> Gate:
    """Every value that the contract allows a kernel to give for any number of z."""
    return Gate(_sigmoid(z, contract), _sigmoid_rest(z, contract))


def _sigmoid(z: Interval, contract: Contract) -> Interval:
    value = true_sigmoid(z).widened(_sigmoid_error(z, contract))
    tail = 1.01 * np.maximum(np.exp(np.minimum(z.hi, 0.0)), contract.tiny) * (1 + SLACK) + TINY
    hi = np.where(z.hi <= -contract.tail_from, tail, value.hi)
    hi = np.where(z.hi <= -contract.zero_from, 0.0, hi)
    value = Interval(np.maximum(value.lo, 0.0), hi)
    half = Interval(np.asarray(0.5 - contract.at_zero), np.asarray(0.5 + contract.at_zero))
    value = half.where(z.size <= contract.roundoff / 4, value)
    return point(np.ones_like(hi)).where(z.lo >= contract.one_from, value)


def _sigmoid_error(z: Interval, contract: Contract) -> Floats:
    return np.where(z.is_exactly(2.0), contract.at_two, contract.sigmoid)


def _sigmoid_rest(z: Interval, contract: Contract) -> Interval:
    rest = true_sigmoid(-z).widened(_sigmoid_error(z, contract))
    return point(np.zeros_like(rest.lo)).where(z.lo >= contract.one_from, Interval(rest.lo, np.minimum(rest.hi, 1.0)))


def true_sigmoid(z: Interval) -> Interval:
    """Encloses 1 / (1 + e^−z), with a small relative error also where it is tiny."""
    return _relative(*(_logistic(end) for end in z))


def _logistic(z: Floats) -> Floats:
    power = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1 / (1 + power), power / (1 + power)))


def tanh(z: Interval, contract: Contract) -> Gate:
    """Every value that the contract allows; 0 at 0, never above 1 from 10 on, and 1 from `flat_from` on."""
    value = _relative(np.tanh(z.lo), np.tanh(z.hi)).widened(np.asarray(contract.tanh))
    rest = true_sigmoid(Interval(-2 * z.hi, -2 * z.lo))
    rest = outward(2 * rest.lo, 2 * rest.hi).widened(np.asarray(contract.tanh))
    large = z.lo >= 10
    value = Interval(value.lo, np.where(large, np.minimum(value.hi, 1.0), value.hi))
    rest = Interval(np.where(large, np.maximum(rest.lo, 0.0), rest.lo), rest.hi)
    if np.isfinite(contract.slope):
        steep = contract.slope * (1 + SLACK)
        low = np.where(z.lo < 0, np.minimum(z.lo, -contract.tiny), 0.0)
        high = np.where(z.hi > 0, np.maximum(z.hi, contract.tiny), 0.0)
        value = Interval(np.maximum(value.lo, steep * low), np.minimum(value.hi, steep * high))
    none, one = point(np.zeros_like(value.lo)), point(np.ones_like(value.lo))
    zero, flat = z.is_exactly(0.0), z.lo >= contract.flat_from
    return Gate(none.where(zero, one.where(flat, value)), one.where(zero, none.where(flat, rest)))


TANH = 0.7615941559557649  # the number nearest to tanh 1, and what it is called by
TANH_1 = Interval(np.asarray(0.7615941559557648), np.asarray(0.761594155955765))  # 0.76159415595576488811945828…


def tanh_from_one(d: Interval) -> Interval:
    """tanh(1 + d) − tanh 1 = t·(1 − T²) / (1 + T·t) with t = tanh d, T = tanh 1: exact also for tiny d."""
    return _relative(*(_from_one(end) for end in d))


def _from_one(d: Floats) -> Floats:
    t, one = np.tanh(d), 0.7615941559557649
    return np.asarray(t * (0.41997434161402614 / (1 + one * t)))


def _relative(lo: Floats, hi: Floats) -> Interval:
    """Widened by SLACK relative to each end, and by TINY so that no end is lost to underflow."""
    return Interval(lo - SLACK * np.abs(lo) - TINY, hi + SLACK * np.abs(hi) + TINY)
