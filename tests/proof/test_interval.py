"""Interval arithmetic of the prover: it holds the exact result, hardly wider, and exactly that where it is known."""

from fractions import Fraction
from math import inf, nextafter

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmc.proof.contracts import CONTRACTS
from lstmc.proof.interval import Interval, point, short, sigmoid, tanh, tanh_from_one, true_sigmoid
from lstmc.proof.near import Addends, add_up

NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, -1.0, 1e-300, -1e-300, 0.1])


def interval(ends):
    lo, hi = sorted(ends)
    return Interval(np.array(lo), np.array(hi))


INTERVALS = st.tuples(NUMBERS, NUMBERS).map(interval) | NUMBERS.map(point)


@given(INTERVALS, INTERVALS)
def test_sums_and_products_hold_what_they_must_and_hardly_more(a, b):
    ends = [[Fraction(float(end)) for end in each] for each in (a, b)]
    sums = [x + y for x in ends[0] for y in ends[1]]
    products = [x * y for x in ends[0] for y in ends[1]]
    for found, exact in ((a + b, sums), (a * b, products)):
        assert Fraction(float(found.lo)) <= min(exact)
        assert Fraction(float(found.hi)) >= max(exact)
        assert found.lo >= nextafter(nextafter(float(min(exact)), -inf), -inf)
        assert found.hi <= nextafter(nextafter(float(max(exact)), inf), inf)
    assert tuple(-a) == (-a.hi, -a.lo)
    assert a.size == max(abs(a.lo), abs(a.hi))


@given(INTERVALS)
def test_adding_nothing_and_multiplying_by_nothing_or_one_is_exact(a):
    for found in (a + point(0.0), point(0.0) + a, a * point(1.0), point(1.0) * a, a.widened(np.array(0.0))):
        assert tuple(found) == tuple(a)
    everything = Interval(np.array(-inf), np.array(inf))
    for found in (a * point(0.0), point(0.0) * a, everything * point(0.0)):
        assert tuple(found) == (0, 0)
    half = Interval(np.array(0.0), np.array(1.0)) + Interval(np.array(0.1), np.array(0.2))
    assert half.lo == 0.1  # exact at the end where nothing is added
    assert half.hi > 1.2


@given(INTERVALS, st.floats(1e-9, 10))
def test_widening_goes_both_ways_and_clipping_comes_back(a, by):
    wide = a.widened(np.array(by))
    assert Fraction(float(wide.lo)) <= Fraction(float(a.lo)) - Fraction(by)
    assert Fraction(float(wide.hi)) >= Fraction(float(a.hi)) + Fraction(by)
    assert tuple(Interval(np.array(-3.0), np.array(3.0)).clipped(-1, 2)) == (-1, 2)
    assert tuple(a.where(np.array(True), wide)) == tuple(a)
    assert tuple(a.where(np.array(False), wide)) == tuple(wide)


@pytest.mark.parametrize(
    ("value", "digits", "down", "up"), [(0.12345, 3, 0.123, 0.124), (-1.5, 1, -2.0, -1.0), (2, 3, 2, 2)]
)
def test_short_numbers_are_rounded_to_the_side_that_is_safe(value, digits, down, up):
    assert (short(value, digits, up=False), short(value, digits, up=True)) == (down, up)


POINTS = (-800.0, -90.0, -40.0, -21.0, -9.0, -1.0, -1e-5, 0.0, 1e-5, 1.0, 5.0, 9.9, 10.0, 19.9, 20.5, 25.0, 90.0)


@pytest.mark.parametrize("name", CONTRACTS)
def test_squashed_intervals_hold_what_the_contract_allows(name):
    """Around the true value by its error, within its bounds; exactly 1 and 0 where it says so; rests add up to 1."""
    contract = CONTRACTS[name]
    for z in POINTS:
        at = point(z)
        for gate, true, error in (
            (sigmoid(at, contract), float(true_sigmoid(at).lo), contract.sigmoid),
            (tanh(at, contract), float(np.tanh(z)), contract.tanh),
        ):
            near_half = gate.value.is_exactly(0.5) and abs(z) <= contract.roundoff / 4
            room = max(contract.roundoff / 16 if near_half else 0.0, 3e-9)
            assert gate.value.lo <= true + room
            assert gate.value.hi >= true - room
            assert gate.value.hi - gate.value.lo <= 2 * error + 1e-9
            assert gate.value.lo + gate.rest.lo <= 1 + room
            assert gate.value.hi + gate.rest.hi >= 1 - room
            assert gate.rest.hi - gate.rest.lo <= 2 * error + 1e-9
        gate, squashed = sigmoid(at, contract), tanh(at, contract)
        assert gate.value.lo >= 0
        assert gate.rest.hi <= 1
        assert (tuple(gate.value), tuple(gate.rest)) == ((1, 1), (0, 0)) or z < contract.one_from
        assert gate.value.hi == 0 or z > -contract.zero_from
        assert gate.value.hi <= 1.0101 * max(np.exp(z), contract.tiny) + 2e-299 or z > -contract.tail_from
        assert tuple(squashed.value) == (1, 1) or z < contract.flat_from
        assert squashed.value.hi <= 1 or z < 10
        assert squashed.rest.lo >= 0 or z < 10
        assert (tuple(squashed.value), tuple(squashed.rest)) == ((0, 0), (1, 1)) or z != 0
        if np.isfinite(contract.slope):
            steep = contract.slope * max(abs(z), contract.tiny) * 1.000001
            assert -steep * (z < 0) <= squashed.value.lo
            assert squashed.value.hi <= steep * (z > 0)


@given(st.floats(-0.5, 0.5).map(lambda d: d if abs(d) > 1e-60 else 0.0) | st.sampled_from([1e-30, -1e-30]))
def test_what_tanh_does_near_one_keeps_its_digits(d):
    found = tanh_from_one(point(d))
    with mpmath.workdps(80):
        exact = mpmath.tanh(1 + mpmath.mpf(d)) - mpmath.tanh(1)
        assert float(found.lo) <= exact <= float(found.hi)
        assert float(found.hi) - float(found.lo) <= 1e-12 * abs(exact) + 1e-298


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_a_sum_in_any_order_is_within_what_the_prover_says(name):
    """Stored numbers and products, added up by rounding each time, in several orders; and nothing but zeros is 0."""
    contract, dtype = CONTRACTS[name], {"float16": np.float16}.get(name, np.float32)
    rng = np.random.default_rng(1)
    zeros = add_up([point(np.zeros(1))], [point(np.zeros(1))], Addends(0.0, 3), contract)
    assert (*zeros.lo, *zeros.hi) == (0, 0)
    for _ in range(100):
        numbers = [dtype(x) for x in rng.normal(size=6) * 2.0 ** rng.integers(-8, 8, 6)]
        (low,), (high,) = add_up([point(np.array([float(x)])) for x in numbers], [], Addends(0.0, 6), contract)
        exact = sum(map(Fraction, map(float, numbers)))
        size = sum(abs(float(x)) for x in numbers)
        for order in (numbers, numbers[::-1], sorted(numbers)):
            total = dtype(0)
            for number in order:
                total = dtype(total + number)
            assert low <= float(total) <= high
        assert low <= float(exact) <= high
        assert high - low <= 20 * contract.roundoff * size
    assert add_up([point(np.array([contract.largest]))] * 2, [], Addends(0.0, 2), contract).hi == inf
