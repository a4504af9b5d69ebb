"""The checker's numbers, at both sides: each bound encloses what it must, and is hardly wider than its formula.

The formulas are those of the docstrings, worked out again to 300 bits. What makes a bound tighter than its formula,
or forgets a term, an end or a case of it, turns a test red; so does what makes it wider.
"""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from mpmath import exp, mp, mpf
from mpmath import tanh as real_tanh

from lstmc.proof import checker
from lstmc.proof.checker import CELLS, CONTRACTS, INF, ONE, TANH_1, ZERO, Claim, Interval, Report, around, point

mp.prec = 300
PRECISE = 1e-12  # how much wider than its formula a bound may be, relatively
TANH_OF_1 = real_tanh(mpf(1))


def interval(low, high):
    return Interval(np.array(low, np.float64), np.array(high, np.float64))


def ends_of(found):
    return list(zip(np.atleast_1d(found.lo).tolist(), np.atleast_1d(found.hi).tolist(), strict=True))


def assert_encloses(found, low, high, where="", least=1e-290):
    """`found`, two floats, encloses the real numbers from low to high, and hardly more."""
    assert mpf(found[0]) <= low, (where, found, low)
    assert high <= mpf(found[1]), (where, found, high)
    if math.isfinite(found[0]):
        assert low - mpf(found[0]) <= PRECISE * abs(low) + least, (where, found, low)
    if math.isfinite(found[1]):
        assert mpf(found[1]) - high <= PRECISE * abs(high) + least, (where, found, high)


# Intervals

ENDS = (-1e150, -2.0, -1.0, -0.1, -(2.0**-60), 0.0, 2.0**-60, 0.1, 1.0, 2.0)
PAIRS = [(low, high) for low, high in product(ENDS, ENDS) if low <= high]


@pytest.mark.parametrize("first", PAIRS, ids=str)
def test_a_sum_and_a_product_take_one_step_outward_unless_they_are_exact(first):
    one, others = interval(*first), interval(*zip(*PAIRS, strict=True))
    assert ends_of(one + others) == ends_of(others + one)
    assert ends_of(one * others) == ends_of(others * one)
    for (low, high), (a, b) in zip(ends_of(one + others), PAIRS, strict=True):
        assert low == stepped(Fraction(first[0]), Fraction(a), "+", -INF)
        assert high == stepped(Fraction(first[1]), Fraction(b), "+", INF)
    for (low, high), other in zip(ends_of(one * others), PAIRS, strict=True):
        every = [(Fraction(a), Fraction(b)) for a in first for b in other]
        assert low == min(stepped(a, b, "*", -INF) for a, b in every)
        assert high == max(stepped(a, b, "*", INF) for a, b in every)


def stepped(a, b, operation, direction):
    """The nearest number, one step further; a sum with 0, and a product with 0, 1 or -1, as it is."""
    exact = 0 in (a, b) or (operation == "*" and 1 in (abs(a), abs(b)))
    value = a + b if operation == "+" else a * b
    nearest = float(value)
    return nearest if exact else math.nextafter(nearest, direction)


def test_no_bound_times_0_is_0():
    everything = interval(-INF, INF)
    assert ends_of(everything * ZERO) == ends_of(ZERO * everything) == [(0.0, 0.0)]
    assert ends_of(everything * ONE) == ends_of(-everything) == [(-INF, INF)]


def test_what_intervals_say_of_themselves():
    x = interval([-3.0, 1.0, 2.0], [1.0, 1.0, 5.0])
    assert x.size.tolist() == [3.0, 1.0, 5.0]
    assert (-x).size.tolist() == [3.0, 1.0, 5.0]
    assert ends_of(-x) == [(-1.0, 3.0), (-1.0, -1.0), (-5.0, -2.0)]
    assert (x - x).lo.tolist() == [-4.000000000000001, -5e-324, -3.0000000000000004]
    assert x.exactly(1).tolist() == [False, True, False]
    assert interval([1.0, 0.0], [2.0, 1.0]).exactly(1).tolist() == [False, False]
    assert [ends_of(x[n]) for n in (0, 1)] == [[(-3.0, 1.0)], [(1.0, 1.0)]]
    assert interval(-5.0, -4.0).size == 5.0
    assert interval(-2.0, -4.0).size == 4.0
    assert ends_of(x & interval(0.0, 3.0)) == [(0.0, 1.0), (1.0, 1.0), (2.0, 3.0)]
    assert ends_of(x.where([True, False, True], ZERO)) == [(-3.0, 1.0), (0.0, 0.0), (2.0, 5.0)]
    outer = interval(-3.0, 1.0)
    inner = interval([-3.0, -3.1, -3.0, -2.0], [1.0, 1.0, 1.1, 0.5])
    assert inner.within(outer).tolist() == [True, False, False, True]
    assert ends_of(around(2.0)) == [(-2.0, 2.0)]
    assert ends_of(point([0.5])) == [(0.5, 0.5)]


def test_tanh_1_lies_between_two_neighbours():
    assert mpf(float(TANH_1.lo)) < TANH_OF_1 < mpf(float(TANH_1.hi))
    assert TANH_1.hi == np.nextafter(TANH_1.lo, 1)


def test_functions_rise_from_end_to_end():
    """Of a wide argument each end is that of the argument's end."""
    z = interval([-3.0, 0.25, -2.0, -800.0, -720.0, 0.0, -1.0], [-1.0, 2.0, 5.0, 800.0, -1.0, 1.0, 0.0])
    for function in (checker.exp, checker.logistic, checker.tanh, checker.tanh_beyond_1):
        found, low, high = function(z), function(point(z.lo)), function(point(z.hi))
        assert found.lo.tolist() == low.lo.tolist()
        assert found.hi.tolist() == high.hi.tolist()


class WorstNumpy:
    """numpy, whose exp and tanh err by 4 units in the last place, as its own tests allow."""

    def __init__(self, direction):
        self.direction = 1 + direction * 2.0**-50

    def __getattr__(self, name):
        return getattr(np, name)

    def exp(self, x):
        return np.exp(x) * self.direction

    def tanh(self, x):
        return np.tanh(x) * self.direction


@pytest.mark.parametrize("direction", [-1, 1])
def test_functions_enclose_the_real_ones_if_numpy_is_as_wrong_as_it_may_be(direction, monkeypatch):
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.uniform(-40, 40, 300), rng.uniform(-1, 1, 100), 10.0 ** rng.uniform(-30, 0, 50)])
    monkeypatch.setattr(checker, "np", WorstNumpy(direction))
    assert checker.SLACK == 4 * 2.0**-50  # four times the error that numpy's own tests allow
    for function, real in (
        (checker.exp, exp),
        (checker.logistic, lambda x: 1 / (1 + exp(-x))),
        (checker.tanh, real_tanh),
        (checker.tanh_beyond_1, lambda x: real_tanh(1 + x) - TANH_OF_1),
    ):
        for x, (low, high) in zip(points.tolist(), ends_of(function(point(points))), strict=True):
            assert mpf(low) <= real(mpf(x)) <= mpf(high), (function, x)


def test_where_functions_leave_the_range_of_float64():
    z = point([-1e4, -745.5, -700.5, -700.0, 709.0, 710.0, 1e4])
    power = checker.exp(z)
    assert power.lo.tolist()[:3] == [0.0, 0.0, 0.0]
    assert power.hi.tolist()[:2] == [1e-300, 1e-300]
    assert power.lo[3] > 0
    assert (power.lo[4:] == [1e300] * 3).all()
    assert np.isinf(power.hi[5:]).all()
    big = checker.tanh(point([30.0, -30.0]))
    assert (big.lo[1], big.hi[0]) == (-1.0, 1.0)
    assert checker.logistic(point(800.0)).hi == 1.0
    nothing = [f(ZERO) for f in (checker.tanh, checker.tanh_beyond_1)]
    assert [ends_of(each) for each in nothing] == [[(0.0, 0.0)]] * 2
    tiny = checker.tanh(point([5e-324, -5e-324]))  # nothing is relative there
    assert (tiny.hi[0], tiny.lo[1]) == (1e-323, -1e-323)
    assert (tiny.lo[0], tiny.hi[1]) == (0.0, 0.0)


# Contracts

BENDS = (1, 9, 10, 20, 22, 40, 104)
POINTS = sorted({sign * (at + by) for sign in (-1, 1) for by in (-0.01, 0.0, 0.01) for at in BENDS})
POINTS += [-800.0, -95.0, -0.3, -1e-3, -1e-8, -1e-40, 0.0, 1e-40, 1e-8, 1e-3, 0.3, 800.0]
SPANS = [(x, x) for x in POINTS] + [(-12.0, -9.0), (-19.0, 3.0), (-0.5, 0.25), (9.5, 11.0), (17.0, 19.0), (19.0, 21.0)]
SPANS += [(-110.0, -17.0), (-103.0, -19.0), (-39.0, -37.0), (-0.5, 0.0), (0.0, 0.5), (-5e-9, 7e-9)]


def real_sigmoid(x):
    return 1 / (1 + exp(-mpf(x)))


@pytest.mark.parametrize("name", CONTRACTS)
def test_sigmoid_is_what_the_contract_says(name):
    contract = CONTRACTS[name]
    value, rest = contract.sigmoid(interval(*zip(*SPANS, strict=True)))
    for span, found, less in zip(SPANS, ends_of(value), ends_of(rest), strict=True):
        low, high = (real_sigmoid(x) for x in span)
        error = mpf(contract.sigma_error)
        wanted = [max(low - error, mpf(0)), high + error]
        if max(map(abs, span)) <= contract.u / 4:
            wanted = [mpf(0.5) - mpf(contract.at_zero), mpf(0.5) + mpf(contract.at_zero)]
        if span[1] <= -contract.tail_from:
            wanted[1] = min(wanted[1], mpf(1.01) * max(exp(mpf(span[1])), mpf(contract.tiny)))
        if span[1] <= -contract.zero_from:
            wanted = [mpf(0), mpf(0)]
        if span[0] >= contract.one_from:
            wanted = [mpf(1), mpf(1)]
        assert_encloses(found, *wanted, span)
        wanted = [max(1 - high - error, 1 - wanted[1]), min(1 - low + error, 1 - wanted[0])]
        if span[0] >= contract.one_from:
            wanted = [mpf(0), mpf(0)]
        assert_encloses(less, *wanted, span, 1e-16 if error else 1e-290)


@pytest.mark.parametrize("name", CONTRACTS)
def test_tanh_is_what_the_contract_says(name):
    contract = CONTRACTS[name]
    value, rest = contract.tanh(interval(*zip(*SPANS, strict=True)))
    for span, found, less in zip(SPANS, ends_of(value), ends_of(rest), strict=True):
        low, high = (real_tanh(mpf(x)) for x in span)
        error = mpf(contract.tanh_error)
        wanted = [low - error, high + error]
        if contract.slope < INF:
            tiny = mpf(contract.tiny)
            wanted[0] = max(wanted[0], mpf(contract.slope) * min(mpf(span[0]), -tiny) if span[0] < 0 else mpf(0))
            wanted[1] = min(wanted[1], mpf(contract.slope) * max(mpf(span[1]), tiny) if span[1] > 0 else mpf(0))
        if span[1] <= -10:
            wanted[0] = max(wanted[0], mpf(-1))
        if span[0] >= 10:
            wanted[1] = min(wanted[1], mpf(1))
        if span[0] >= contract.flat_from:
            wanted = [mpf(1), mpf(1)]
        if span[1] <= -contract.flat_from:
            wanted = [mpf(-1), mpf(-1)]
        if span == (0.0, 0.0):
            wanted = [mpf(0), mpf(0)]
        assert_encloses(found, *wanted, span, 1e-290 if contract.slope < INF else 5e-324)
        precise = [2 * real_sigmoid(-2 * x) + sign * error for x, sign in ((span[1], -1), (span[0], 1))]
        wanted = [max(precise[0], 1 - wanted[1]), min(precise[1], 1 - wanted[0])] if error else precise
        assert_encloses(less, *wanted, span, 1e-15 if error else 1e-290)


@pytest.mark.parametrize("name", CONTRACTS)
def test_tanh_beyond_1_is_what_the_contract_says(name):
    contract, spans = CONTRACTS[name], [(0.0, 0.0), (-1e-9, 0.0), (0.0, 1e-9), (-0.5, 0.5), (8.9, 9.5), (9.0, 9.5)]
    spans += [(-3.0, 12.0), (1e-30, 2e-30)]
    found = contract.tanh_beyond_1(interval(*zip(*spans, strict=True)))
    for span, ends in zip(spans, ends_of(found), strict=True):
        error = mpf(contract.at_one if span == (0.0, 0.0) else contract.tanh_error)
        low, high = (real_tanh(1 + mpf(x)) - TANH_OF_1 for x in span)
        high += error
        if span[0] >= 9:
            high = min(high, 1 - TANH_OF_1)
        assert_encloses(ends, low - error, high, span)


def test_products_are_rounded_or_flushed():
    contract = replace(CONTRACTS["float16"], tiny=2.0**-14)
    sizes = np.array([0.0, 2.0**-20, 2.0**-14, 2.0**-13, 1.0, 3.0])
    wanted = [0.0, 2.0**-20, 2.0**-14, 2.0**-14, 2.0**-11, 3 * 2.0**-11]
    assert contract.rounding(sizes).tolist() == wanted


def test_the_highest_number_of_a_format():
    """The largest number up to 1 + beyond."""
    for name, dtype in (("float32", np.float32), ("float16", np.float16), ("float64", np.float64)):
        for beyond in (0.0, 1e-9, 1e-4, 0.5, 0.999, 1.0, 2.5, 6.999, 7.0, 1000.3, 40000.0):
            found, limit = CONTRACTS[name].highest(beyond), Fraction(beyond) + 1
            assert Fraction(found) <= limit
            assert found == dtype(found)
            assert Fraction(float(np.nextafter(dtype(found), dtype(np.inf)))) > limit
        assert CONTRACTS[name].highest(-0.5) == 1.0
        assert CONTRACTS[name].highest(-1e-300) == 1.0
        assert CONTRACTS[name].highest(INF) == INF
    assert CONTRACTS["exact"].highest(0.5) == INF
    assert CONTRACTS["bfloat16"].highest(2.01) == 3.0


def test_matrices_of_levels():
    weights = np.array([[-127.0, 63.4, 63.5, 64.5], [126.6, 0.4, 0.6, 0.0]])
    held = CONTRACTS["int8-weights"].matrix(weights)
    assert held.tolist() == [[-127.0, 63.0, 64.0, 64.0], [127.0, 0.0, 1.0, 0.0]]
    scaled = CONTRACTS["int8-weights"].matrix(weights * 3)
    assert scaled.tolist() == (held * 3).tolist()
    assert CONTRACTS["int8-weights"].matrix(np.zeros((2, 2))).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert CONTRACTS["int8-weights"].matrix(np.zeros(0)).tolist() == []
    assert CONTRACTS["float32"].matrix(weights).tolist() == weights.astype(np.float32).tolist()
    small = CONTRACTS["int8-weights"].matrix(weights * 2.0**-20)
    assert small.tolist() == (held * 2.0**-20).tolist()
    third = np.array([1 / 3, 254.0])  # a multiple of 254/127 is itself rounded to float32
    assert CONTRACTS["int8-weights"].matrix(third / 7).tolist() == [0.0, float(np.float32(254 / 7))]


def test_numbers_are_rounded_to_the_last_place_of_the_format():
    values = np.array([2.0**-24, 2.0**-25, 1.5 * 2.0**-24, 65504.0, -65504.0, 65519.0, 1 + 2.0**-11, 1 + 3 * 2.0**-11])
    assert CONTRACTS["float16"].rounded(values).tolist() == values.astype(np.float16).tolist()
    for name, largest in (("float16", 65504.0), ("float32", 3.4e38), ("bfloat16", 3.38e38)):
        assert CONTRACTS[name].largest == largest
        assert np.abs(CONTRACTS[name].rounded(np.array([-largest])))[0] <= largest * 1.01
    for sign in (1, -1):
        with pytest.raises(ValueError, match="float16: a weight is too large for the format"):
            CONTRACTS["float16"].rounded(np.array([0.0, sign * 65520.0]))
    assert CONTRACTS["float16"].rounded(np.zeros(0)).size == 0
    small = np.array([1.0, 1.5, 0.5, 0.75, 2.5, -0.5, -0.6]) * 2.0**-149
    assert CONTRACTS["float32"].rounded(small).tolist() == small.astype(np.float32).tolist()
    for value, nearest in ((1 + 2.0**-8, 1.0), (1 + 3 * 2.0**-8, 1 + 2.0**-6), (1 + 2.0**-7, 1 + 2.0**-7)):
        assert CONTRACTS["bfloat16"].rounded(np.array([value])).tolist() == [nearest]
    small = np.array([1.0, 1.5, 0.5, 0.75, 2.5]) * 2.0**-133
    assert (CONTRACTS["bfloat16"].rounded(small) * 2.0**133).tolist() == [1.0, 2.0, 0.0, 1.0, 2.0]
    for name in ("exact", "float64"):
        values = [0.1, -1e308, 5e-324, 15e-324, 1 + 2.0**-52, 0.0]
        assert CONTRACTS[name].rounded(np.array(values)).tolist() == values


# Sums

SUMS = [(name, count) for name in ("exact", "float64", "float32", "float16", "bfloat16") for count in (0, 3, 60)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), SUMS, ids=str)
def test_a_sum_errs_by_what_its_docstring_says(name, count):
    contract, rng, size = CONTRACTS[name], np.random.default_rng(count), 50
    for numbers, products in ((1, 0), (0, 1), (2, 0), (1, 1), (3, 2), (6, 6)):
        sizes = [10.0 ** rng.uniform(-9, 2, size) for _ in range(numbers + products)]
        sizes += [2.0 ** rng.uniform(-135, -10, size) for _ in range(2)] if contract.tiny > 1e-300 else []
        terms = [np.where(rng.random(size) < 0.2, 0.0, rng.normal(size=size) * each) for each in sizes]
        numbers_, weights = terms[:numbers], terms[numbers:]
        low = [rng.uniform(-1, 1, size) for _ in weights]
        signals = [Interval(a, a + rng.uniform(0, 0.1, size)) for a in low]
        small = 10.0 ** rng.uniform(-12, 0, size) if count else np.zeros(size)
        pairs = list(zip(weights, signals, strict=True))
        found, error = contract.sum(numbers_, pairs, small, np.full(size, count))
        for n in range(size):
            plain = [mpf(values[n]) for values in numbers_]
            ends = [(mpf(w[n]) * mpf(s.lo[n]), mpf(w[n]) * mpf(s.hi[n])) for w, s in pairs]
            low, high = (plain + [pick(pair) for pair in ends] for pick in (min, max))
            errors = [sum_error(contract, len(plain), end, mpf(small[n]), count) for end in (low, high)]
            spread = sum(map(abs, low)) + sum(map(abs, high))
            assert_encloses((found.lo[n], found.hi[n]), sum(low) - errors[0], sum(high) + errors[1], n, 1e-13 * spread)
            assert max(errors) <= mpf(error[n]) <= max(errors) * (1 + PRECISE) + mpf(5e-324)


def sum_error(contract, numbers, terms, small, count):
    """The bound that the docstring of Contract.sum derives, of terms at one end."""
    u, tiny = mpf(contract.u), mpf(contract.tiny)
    each = u / (1 + u)
    grown = exp(u * (count + len(terms) + 1))
    small = (small * (1 + each) + min(small, count * tiny)) * grown
    sizes = [abs(term) for term in terms]
    value, whole, large = abs(sum(terms)), sum(sizes), sum(size != 0 for size in sizes)
    rounded = sum((max(u * size, min(size, tiny)) for size in sizes[numbers:]), mpf(0))
    shadow = small + min(small, u * count * grown * (whole + 2 * small))
    n = max(large - 2, 0)
    many = n * each + mpf(0.6) * (n * each) ** 2
    early = rounded + many * (whole + rounded) + (1 + many) * shadow + n * tiny
    last = each * (min(whole, value) + early) + (0 if value > early + tiny else tiny)
    return early + (last if large > 1 else 0)


def test_many_roundings_of_one_term_stay_below_their_bound():
    """(1 + u)^n - 1 <= nu + 0.6 (nu)^2 for nu < 1/4."""
    for nu in np.linspace(0.001, 0.25, 50):
        for n in (1, 10, 1000):
            u = mpf(nu) / n
            assert (1 + u) ** n - 1 <= n * u + mpf("0.6") * (n * u) ** 2


def test_where_a_sum_overflows():
    half = CONTRACTS["float16"].largest / 2

    def of(number, small=0.0, low=0.0, high=0.0):
        found, error = CONTRACTS["float16"].sum(
            [np.array(number)], [(np.array(1.0), interval(low, high))], np.array(small), np.array(1.0 * bool(small))
        )
        return found.lo.item(), found.hi.item(), error.item()

    assert np.isfinite(of(half)).all()
    assert np.isnan(of(half * 1.001)).all()
    assert np.isnan(of(-half * 1.001)).all()
    assert np.isnan(of(half * 0.999, small=half * 0.1)).all()
    assert np.isfinite(of(half * 0.8, small=half * 0.1)).all()
    low, high, error = of(0.0, low=0.0, high=half * 1.1)  # it may overflow at one end: no bound there
    assert (low <= 0, high, error) == (True, INF, INF)
    low, high, error = of(0.0, low=-half * 1.1, high=0.0)
    assert (low, high >= 0, error) == (-INF, True, INF)
    low, high, error = of(1.0, low=0.0, high=INF)
    assert (0 <= low <= 1, high) == (True, INF)
    assert error == 0.0


# Bounds


def claim(on=None, off=None, cell="lstm", **changes):
    """On and off: of the memory."""
    empty, cell = Interval(np.zeros(2), np.zeros(2)), CELLS[cell]
    boxes = [dict.fromkeys(cell.state, empty) | ({cell.memory: box} if box else {}) for box in (on, off)]
    of = {"contract": CONTRACTS["float32"], "cell": cell, "bound": None, "margin": 1.0, "probabilities": None}
    of |= {"on": boxes[0], "off": boxes[1], "entry": ZERO, "entry_off": ZERO}
    return Claim(**(of | {"top": np.ones(2), "drift": 0.0, "rise": 0.0} | changes))


def both(low, high):
    """The same box for class 0, where nothing is counted, far wider, and for class 1."""
    return interval([-99.0, low], [99.0, high])


@pytest.mark.parametrize("end", ["on low", "on high", "on high by rise", "off low", "off high"])
def test_a_bound_is_what_fits_between_entry_and_box(end):
    """10 moves of 1/8 each, from an entry at 1/4: a box that ends at 3/2 holds them, and 11 it does not."""
    rising = end == "on high by rise"
    box, entry = {"on low": (-1.5, 99.0), "off low": (-1.5, 99.0)}.get(end, (-99.0, 1.5)), interval(-0.25, 0.25)
    wide, none = both(-99.0, 99.0), interval(0.0, 0.0)
    parts = {"on": both(*box), "entry": entry} if end[:2] == "on" else {"off": both(*box), "entry_off": entry}
    moved = {"drift": 0.001, "rise": 0.125} if rising else {"drift": 0.125, "rise": 0.001}
    given = {"on": wide, "off": wide, "entry": none, "entry_off": none} | parts | moved
    for bound, holds in ((10, True), (11, False)):
        report = Report()
        claim(bound=bound, **given)._check_bound(rising, report)
        assert {v.what for v in report.violations()} == (set() if holds else {"float32: bound"})
        assert len(report.violations()) == (not holds)
    if rising:
        report = Report()
        claim(bound=11, **given)._check_bound(False, report)
        assert report.violations() == []  # where nothing counts up, nothing rises
        claim(bound=11, **(given | {"drift": 0.125, "rise": 0.0, "on": both(-99.0, 1.5)}))._check_bound(True, report)
        assert len(report.violations()) == 1  # what counts up drifts, too


def test_the_lowest_memory_begins_at_1_at_most():
    for bound, found in ((4, 0), (5, 1)):
        report = Report()
        box = {"on": both(-1.0, 99.0), "off": both(-99.0, 99.0), "entry": interval(0.5, 0.5)}
        claim(bound=bound, drift=0.25, **box)._check_bound(False, report)
        assert len(report.violations()) == found


def test_a_box_without_an_end_holds_any_number_of_moves():
    for moved in ({"drift": 0.5, "rise": INF}, {"drift": INF, "rise": 0.5}):
        report = Report()
        wide = interval([-1.0, -INF], [1.0, INF])
        claim(bound=10**30, on=wide, off=wide, **moved)._check_bound(True, report)
        assert report.violations() == []
        claim(bound=1, on=both(-9.0, 9.0), off=both(-9.0, 9.0), **moved)._check_bound(True, report)
        assert report.violations()
    report = Report()
    claim(bound=1, on=both(-9.0, 9.0), entry=interval(-INF, 0.0))._check_bound(True, report)
    assert len(report.violations()) == 1


def test_where_all_memories_accumulate_off_and_on_are_one_run():
    """10 moves of 1/8 each, from wherever a memory enters, on or off: what drifts while off goes on while on."""
    boxes = {"on": both(-1.5, 1.5), "off": both(-1.5, 1.5), "entry": interval(-0.25, 0.125), "drift": 0.125}
    for entry_off, bound, found in (
        (interval(0.0, 0.0), 10, 0),
        (interval(0.0, 0.25), 10, 0),
        (interval(0.0, 0.25), 11, 2 + 2),
        (interval(0.0, 0.375), 10, 2),  # the highest of both begins both
        (interval(-0.375, 0.0), 10, 2),
    ):
        report = Report()
        claim(**boxes, cell="lstm-1997", bound=bound, entry_off=entry_off)._check_bound(False, report)
        assert len(report.violations()) == found, (entry_off, bound)
    assert claim(cell="lstm-1997").accumulates
    assert not any(claim(cell=name).accumulates for name in CELLS if name != "lstm-1997")


def test_the_signal_of_a_cell_that_is_on():
    on, off = interval([-0.25, -0.5], [0.25, 0.5]), interval([-0.75, -0.125], [0.25, 0.5])
    for name, shown in {"toy": ONE, "lstm": TANH_1, "gru": ONE, "lstm-1997": TANH_1, "slstm": ONE}.items():
        boxes = {CELLS[name].state[0]: on}, {CELLS[name].state[0]: off}
        made = replace(claim(cell=name), on=claim(cell=name).on | boxes[0], off=claim(cell=name).off | boxes[1])
        assert ends_of(made.signal) == ends_of(shown + on)
        assert made.dim.tolist() == [0.75, 0.5]
