"""Numbers as a proof knows them, and what a machine that keeps a contract may make of them.

A number is known by an interval, and by how far it is from a whole number that it is near, which tells 1 − e^−64 from
1. Near may also be tanh 1, which many cells show: the float64 TANH stands for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmc.network.number_formats import number_format
from lstmc.proof.contracts import Contract
from lstmc.proof.interval import (
    SLACK,
    TANH,
    TANH_1,
    TINY,
    Gate,
    Interval,
    outward,
    point,
    sigmoid,
    tanh,
    tanh_from_one,
)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SUMS = ("add", "subtract", "max", "relu", "sigmoid", "tanh")  # which may be of something infinite
ULPS = 8  # what exp and log σ may be off by, in units of the roundoff: kernels are within 2


class Near(NamedTuple):
    """A number of each situation, (U,).

    value    an interval that holds it
    center   a whole number, or TANH
    apart    how far it is from that
    sure     whether it is made of nothing but known numbers, tanh(1) and sigmoid(2)
    """

    value: Interval
    center: Floats
    apart: Interval
    sure: Bools

    @property
    def rest(self) -> Interval:
        """1 minus the number."""
        return (-self.apart).where(self.center == 1, point(1.0) + -self.value)

    def minus(self, center: Floats) -> Interval:
        """How far it is from another center."""
        return self.apart.where(self.center == center, self.value + -meant(center))

    def where(self, condition: Bools, other: "Near") -> "Near":
        """This one where the condition holds, the other elsewhere."""
        return Near(
            self.value.where(condition, other.value),
            np.where(condition, self.center, other.center),
            self.apart.where(condition, other.apart),
            np.where(condition, self.sure, other.sure),
        )


def meant(center: Floats | float) -> Interval:
    """The real number that a center stands for: itself, or tanh 1 or −tanh 1."""
    return TANH_1.where(np.asarray(center == TANH), (-TANH_1).where(np.asarray(center == -TANH), point(center)))


def known(value: Interval, sure: Bools | bool = False) -> Near:
    """A number of which an interval is known, and no more."""
    exact = value.lo == value.hi
    center = np.where(exact & (value.lo == np.rint(value.lo)), value.lo, 0.0)
    return Near(value, center, point(0.0).where(center != 0, value), np.asarray(sure | exact))


def at(center: Floats, apart: Interval) -> Near:
    """A number that is so far from a center."""
    return Near(meant(center) + apart, center, apart, apart.is_exactly(0.0))


@dataclass(frozen=True)
class Machine:
    """The domain of equations in which each operation may give whatever the contract allows it to."""

    contract: Contract

    def number(self, value: float) -> Near:
        """Machines may hold it as it is, or in their format."""
        held = number_format(self.contract.weights or "float64").rounded(np.asarray(value))
        return known(Interval(*(np.asarray(end, np.float64) for end in sorted((value, float(held))))))

    def function(self, name: str) -> Callable[..., Near]:
        function: Callable[..., Near] = getattr(self, f"_{name}")
        return lambda *numbers: self._held(function(*numbers), () if name in SUMS else numbers)

    def _held(self, found: Near, factors: tuple[Near, ...]) -> Near:
        """What is tiny may be 0. What may be too large is infinite or, made of what may be infinite, no number.

        factors   what it is made of, if that must be finite: 0 · ∞ is no number, and ∞ − ∞ is not, which is unbounded
        """
        flushed = Interval(np.minimum(found.value.lo, 0.0), np.maximum(found.value.hi, 0.0))
        found = found.where(_survives(found.value, self.contract), known(flushed))
        low, high = found.value.lo >= -self.contract.largest, found.value.hi <= self.contract.largest
        finite = [each.value.size <= self.contract.largest for each in factors]
        some = np.logical_and.reduce(np.broadcast_arrays(low & high if factors else low | high, *finite))
        ends = np.where(low & some, found.value.lo, -np.inf), np.where(high & some, found.value.hi, np.inf)
        return found.where(low & high & some, known(Interval(*ends)))

    def _add(self, a: Near, b: Near) -> Near:
        whole = [np.rint(each.center) == each.center for each in (a, b)]
        together = (whole[0] & whole[1]) | (a.center == 0) | (b.center == 0)
        value = a.value + b.value
        apart = (a.apart + b.apart).where(together, value)
        error = addition_error(a.value, b.value, self.contract)
        center = np.where(together, a.center + b.center, 0.0)
        found = _exactly(Near(value.widened(error), center, apart.widened(error), a.sure & b.sure))
        for one, other in ((a, b), (b, a)):
            found = one.where(_absorbs(one.value, other.value, self.contract), found)
        return found

    def _subtract(self, a: Near, b: Near) -> Near:
        return self._add(a, Near(-b.value, -b.center, -b.apart, b.sure))

    def _multiply(self, a: Near, b: Near) -> Near:
        error = product_error(a.value, b.value, self.contract)
        value = a.value * b.value
        for one, other in ((a.value, b.value), (b.value, a.value)):  # only the exponent changes
            scaled = Interval(one.lo * other.lo, one.lo * other.hi)
            normal = np.logical_and.reduce([(end == 0) | (np.abs(end) > TINY) for end in scaled])
            scales = _is_power_of_2(one) & normal & _survives(scaled, self.contract)
            value, error = scaled.where(scales, value), np.where(scales, 0.0, error)
        whole = [np.rint(each.center) == each.center for each in (a, b)]
        fits = (whole[0] & whole[1]) | (np.abs(a.center) == 1) | (np.abs(b.center) == 1)
        center = np.where(fits, a.center * b.center, 0.0)
        apart = meant(b.center) * a.apart + meant(a.center) * b.apart + a.apart * b.apart
        apart = apart.where(center != 0, value).widened(error)
        return _exactly(Near(value.widened(error), center, apart, a.sure & b.sure))

    def _divide(self, a: Near, b: Near) -> Near:
        """Nothing is known of a quotient by what may be 0."""
        zero = (b.value.lo <= 0) & (b.value.hi >= 0)
        with np.errstate(divide="ignore", over="ignore"):
            inverse = outward(1 / b.value.hi, 1 / b.value.lo)
        value = a.value * inverse.where(~zero, point(1.0))
        value = Interval(np.where(zero, -np.inf, value.lo), np.where(zero, np.inf, value.hi))
        error = rounding(value.size, self.contract) * (1 + 2 * self.contract.roundoff)
        return a.where(b.value.is_exactly(1.0), known(value.widened(np.where(zero, 0.0, error)), a.sure & b.sure))

    def _sigmoid(self, z: Near) -> Near:
        return _saturating(sigmoid(z.value, self.contract), z.value.lo > 0, z.value.is_exactly(2.0))

    def _tanh(self, z: Near) -> Near:
        gate = tanh(z.value, self.contract)
        mirrored = tanh(-z.value, self.contract)
        found = _saturating(gate, z.value.lo > 0.5, z.value.is_exactly(1.0))
        low = _exactly(Near(gate.value, np.full(z.center.shape, -1.0), mirrored.rest, np.zeros(z.center.shape, bool)))
        return _around_tanh_1(z, gate.value, self.contract).where(z.center == 1, low.where(z.value.hi < -0.5, found))

    def _relu(self, z: Near) -> Near:
        cut = Interval(np.maximum(z.value.lo, 0.0), np.maximum(z.value.hi, 0.0))
        return z.where(z.value.lo >= 0, known(cut, z.sure))

    def _max(self, a: Near, b: Near) -> Near:
        most = Interval(np.maximum(a.value.lo, b.value.lo), np.maximum(a.value.hi, b.value.hi))
        either = known(most, a.sure & b.sure)
        return a.where(a.value.lo >= b.value.hi, b.where(b.value.lo >= a.value.hi, either))

    def _exp(self, z: Near) -> Near:
        """exp(0) is 1; elsewhere it is right but for some units in the last place, or flushed to 0."""
        with np.errstate(over="ignore"):
            value = Interval(np.exp(z.value.lo) * (1 - SLACK), np.exp(z.value.hi) * (1 + SLACK) + TINY)
        value = self._approximately(value)
        one = known(point(np.ones(value.lo.shape)))
        return one.where(z.value.is_exactly(0.0), known(value._replace(lo=np.maximum(value.lo, 0.0))))

    def _logsigmoid(self, z: Near) -> Near:
        """log σ(z) = −log(1 + e^−z)."""
        ends = (-np.logaddexp(0.0, -end) for end in z.value)
        lo, hi = (end * (1 + sign * SLACK) for end, sign in zip(ends, (1, -1), strict=True))
        return known(self._approximately(Interval(lo - TINY, np.minimum(hi + TINY, 0.0))))

    def _approximately(self, value: Interval) -> Interval:
        return value.widened(rounding(value.size * ULPS, self.contract))


def _saturating(gate: Gate, high: Bools, sure: Bools) -> Near:
    """What a squashing function gives: near 1 where it is high."""
    center = np.where(high, 1.0, 0.0)
    return Near(gate.value, center, (-gate.rest).where(high, gate.value), sure | (gate.value.lo == gate.value.hi))


def _around_tanh_1(z: Near, value: Interval, contract: Contract) -> Near:
    """tanh of what is near 1."""
    apart = tanh_from_one(z.apart)
    apart = apart.widened(np.where(z.apart.is_exactly(0.0), contract.at_one, contract.tanh).astype(np.float64))
    most = np.where(z.apart.lo >= 9, 1.0, 1 + contract.tanh)
    apart = Interval(apart.lo, np.minimum(apart.hi, most - TANH_1.lo))
    return Near(value, np.full(z.center.shape, TANH), apart, z.value.is_exactly(1.0))


def _exactly(number: Near) -> Near:
    """The number, of which neither the interval nor how far it is from its center says less than the other."""
    whole, there = _is_whole(number.value), number.apart.is_exactly(0.0) & (number.center != TANH)
    center = np.where(whole, number.value.lo, number.center)
    value, apart = point(center).where(there, number.value), point(0.0).where(whole, number.apart)
    return Near(value, center, apart, number.sure | whole | there)


def _absorbs(a: Interval, b: Interval, contract: Contract) -> Bools:
    """Whether a is one whole number, up to 1/u, to which adding b changes nothing."""
    u = contract.roundoff
    if not u:
        return np.zeros((), np.bool_)
    return _is_whole(a) & (a.size * u <= 1) & (b.size * (1 + 4 * u) < u * a.size / 4)


def _is_power_of_2(value: Interval) -> Bools:
    return np.asarray((value.lo == value.hi) & (np.frexp(value.lo)[0] == 0.5))


def _survives(value: Interval, contract: Contract) -> Bools:
    """Where no number but 0 can be flushed to 0, or where that is among the numbers."""
    least = np.maximum(np.maximum(value.lo, -value.hi), 0.0)
    return np.asarray((least == 0) | (least >= contract.tiny))


def _is_whole(value: Interval) -> Bools:
    return np.asarray((value.lo == value.hi) & (np.rint(value.lo) == value.lo))


def rounding(size: Floats, contract: Contract) -> Floats:
    """The error of rounding a product of at most this size: u of it, or all of it where it is flushed to 0."""
    return np.maximum(contract.roundoff * size, np.minimum(size, contract.tiny))


def product_error(a: Interval, b: Interval, contract: Contract) -> Floats:
    """Multiplying by exactly 0 or 1 makes no error, but what is tiny may be flushed to 0."""
    exact = a.is_exactly(0.0) | b.is_exactly(0.0)
    for one, other in ((a, b), (b, a)):
        exact |= one.is_exactly(1.0) & _survives(other, contract)
    return np.where(exact, 0.0, rounding((a * b).size, contract))


def addition_error(a: Interval, b: Interval, contract: Contract) -> Floats:
    """|fl(a + b) − (a + b)| ≤ min(|a|, |b|, u·|a + b|), where a and b are rounded products, or it is flushed to 0.

    Whole numbers up to 1/u are added exactly.
    """
    u, both = contract.roundoff, a.size + b.size
    if not u:
        return np.zeros(both.shape)
    part, together = np.minimum(a.size, b.size), u * ((a + b).size + 2 * u * both)
    error = np.minimum(part, together) * (1 + 2 * contract.roundoff) + np.where(part > 0, contract.tiny, 0.0)
    return np.where(_is_whole(a) & _is_whole(b) & (u * both <= 1), 0.0, error)


def quantum(*values: Floats) -> float:
    """The largest power of two that all the numbers are multiples of; 1 where all are 0."""
    every = np.concatenate([np.ravel(each) for each in values])
    part, exponent = np.frexp(np.abs(every[every != 0]))
    whole = np.ldexp(part, 53).astype(np.int64)
    return float(np.ldexp((whole & -whole).astype(np.float64), exponent - 53).min(initial=np.inf)) if len(part) else 1.0


@dataclass(frozen=True)
class Addends:
    """Terms of a sum that are too many to be listed.

    small, terms   a bound of their total, and how many there are
    quantum        what all that is added is a multiple of, where it is exact: then nothing is rounded up to 1/u of it
    total, size, count   of those whose total is known: that, and their sizes and number
    """

    small: float
    terms: int
    quantum: float = 0.0
    total: Floats | float = 0.0
    size: Floats | float = 0.0
    count: Floats | float = 0.0


def add_up(exact: list[Interval], products: list[Interval], more: Addends, contract: Contract) -> Interval:
    """The sum of stored numbers and of products, in any order, with the roundoff that the contract allows."""
    value, error = sum_and_error(exact, products, more, contract)
    return point(np.zeros(value.lo.shape)).where(np.broadcast_to(error < 0, value.lo.shape), value.widened(error))


def sum_and_error(
    exact: list[Interval], products: list[Interval], more: Addends, contract: Contract
) -> tuple[Interval, Floats]:
    """The sum of the large terms, and how far the whole can be from it; −1 where there is nothing: that is exactly 0.

    Of the additions, those with one operand made of small terms only are wrong by at most that operand, since
    |fl(a + b) − (a + b)| ≤ min(|a|, |b|); the others are one fewer than the large terms, each wrong by at most
    u times its result: the last one's is the sum itself, the others' at most the total of all |terms|.
    """
    u, small, terms = contract.roundoff, more.small, more.terms
    value = reduce(Interval.__add__, [*exact, *products, point(more.total)])
    total = (sum((term.size for term in exact + products), np.zeros(1)) + more.size) * (1 + 8 * u)
    count = sum((~term.is_exactly(0.0) for term in exact + products), np.zeros(1, np.int64)) + more.count
    growth = float(np.exp(min(u * terms, 600.0)))
    grown = growth * (small + min(small, terms * contract.tiny))  # the small terms added up
    shadow = grown + np.minimum(grown, u * terms * growth * (total + grown))
    rounded = sum((rounding(term.size, contract) for term in products), np.zeros(1))
    earlier = rounded + u * np.maximum(count - 2, 0) * (total + shadow) + shadow
    last = (u * (np.minimum(total, value.size) + earlier) + contract.tiny) * (count > 1)
    ours = np.where(more.size <= more.quantum * 2.0**53, 0.0, more.size * more.count * 2.0**-52)  # of adding them up
    whole = _exact(exact + products, more, total, contract)
    value = point(sum((term.lo for term in exact + products), more.total)).where(whole, value)
    error = np.where(whole, 0.0, earlier + last + ours)
    error = np.where(total + grown < contract.largest / 2, error, np.inf)
    return value, np.where((count == 0) & (small == 0), -1.0, error)


def _exact(terms: list[Interval], more: Addends, total: Floats, contract: Contract) -> Bools:
    """Whether all terms are known, and multiples of a power of two that is no less than what rounding could lose."""
    if not more.quantum or more.small or more.quantum < contract.tiny:
        return np.zeros(1, np.bool_)
    whole = [(term.lo == term.hi) & (np.fmod(term.lo, more.quantum) == 0) for term in terms]
    fits = total * max(contract.roundoff, 2.0**-53) <= more.quantum  # neither the machine nor we round
    found: Bools = np.logical_and.reduce(np.broadcast_arrays(*whole, fits))
    return found
