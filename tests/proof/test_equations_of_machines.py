"""Equations as machines work them out: what any may make of numbers in their intervals lies in what is said of them.

Of the checker, and of the prover, which says the same in its own words. Machines take numbers of the intervals, their
ends most often, work in the format of the contract, flush what is tiny or do not, and round each result once.
"""

import numpy as np
import pytest
from mpmath import exp, log1p, mp, mpf, tanh
from reals import ROUNDED, TANH_OF_1, any_number, interval

from lstmc.proof import contracts, near
from lstmc.proof.checker import CONTRACTS, INF, TANH, Interval, Number, Totals, quantum
from lstmc.proof.interval import Interval as Ours

mp.prec = 300
OPERATIONS = ("add", "subtract", "multiply", "divide", "max")
FUNCTIONS = ("sigmoid", "tanh", "relu", "exp", "logsigmoid")
REAL = {"sigmoid": lambda z: 1 / (1 + exp(-z)), "tanh": tanh, "relu": lambda z: max(z, mpf(0)), "exp": exp}
REAL |= {"logsigmoid": lambda z: -log1p(exp(-z)), "add": lambda a, b: a + b, "subtract": lambda a, b: a - b}
REAL |= {"multiply": lambda a, b: a * b, "divide": lambda a, b: a / b, "max": max}

# center, low and high end of what it is away from that
NUMBERS = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (2.0, 0.0, 0.0), (4.0, 0.0, 0.0), (1000.0, 0.0, 0.0)]
NUMBERS += [(0.0, 0.25, 0.25), (0.0, -3.0, -3.0), (0.0, -1e-40, 1e-39), (0.0, 1e-40, 1e-38), (0.0, 1e-3, 2e-3)]
NUMBERS += [(1.0, -1e-30, 0.0), (1.0, 0.0, 0.01), (-1.0, -0.01, 0.02), (2.0, -1e-9, 1e-9), (3.0, -0.5, 0.5)]
NUMBERS += [(TANH, 0.0, 0.0), (TANH, -1e-4, 1e-4), (-TANH, 0.0, 1e-6), (0.0, -20.0, 3.0), (0.0, -INF, INF)]
NUMBERS += [(0.0, 0.5, 300.0), (0.0, -90.0, -70.0), (0.0, 21.0, 64.0), (0.0, -1e-6, 2e-6), (0.0, 2.0**-130, 1.0)]


def both(pairs):
    """The same numbers to the checker and to the prover."""
    center, low, high = (np.array(part, np.float64) for part in zip(*pairs, strict=True))
    theirs = Number.at(center, Interval(low, high))
    return theirs, near.at(center, Ours(low, high))


PAIRS = [(a, b) for a in NUMBERS for b in NUMBERS]


def asked(contract, name):
    """(where it lies, center, how far it is from that), of the checker and of the prover, and what was asked."""
    if name in OPERATIONS:
        firsts, seconds = both([a for a, _ in PAIRS]), both([b for _, b in PAIRS])
        given = list(zip(firsts, seconds, strict=True))
    else:
        given = [(each,) for each in both(NUMBERS)]
    with np.errstate(all="ignore"):
        values = dict(zip("ab", given[0], strict=False))
        theirs = CONTRACTS[contract].evaluate((name, *(("name", each) for each in values)), values, None)
        ours = near.Machine(contracts.CONTRACTS[contract]).function(name)(*given[1])
    return (theirs, ours), [each.value for each in given[0]]


def real_center(center):
    return {TANH: TANH_OF_1, -TANH: -TANH_OF_1}.get(center, mpf(float(center)))


@pytest.mark.parametrize("name", OPERATIONS + FUNCTIONS)
def test_real_numbers_lie_in_what_is_said_of_them(name):
    """Under `exact` nothing is rounded: every value of the ends and of the middle lies there, to 300 bits."""
    every, boxes = asked("exact", name)
    for n in range(len(boxes[0].lo)):
        corners = [inside(float(box.lo[n]), float(box.hi[n])) for box in boxes]
        points = [(a,) for a in corners[0]] if len(corners) == 1 else [(a, b) for a in corners[0] for b in corners[1]]
        for found in every:
            for z in points:
                if name == "divide" and z[1] == 0:
                    assert not np.isfinite([found.value.lo[n], found.value.hi[n]]).any()
                    continue
                value = REAL[name](*map(mpf, z))
                assert_holds(found, n, value, (n, z))


def inside(low, high):
    low, high = max(low, -1000.0), min(high, 1000.0)
    return [low, (low + high) / 2, high]


def assert_holds(found, n, value, where):
    if np.isnan(found.value.lo[n]):
        return  # nothing is said
    # What float64 cannot tell of the ends themselves, which stand for tanh 1.
    room = mpf(2) ** -50 * abs(value) + mpf(1e-299)
    assert mpf(float(found.value.lo[n])) <= value + room, where
    assert value - room <= mpf(float(found.value.hi[n])), where
    apart, room = value - real_center(found.center[n]), mpf(2) ** -48 * max(1, abs(value))
    assert mpf(float(found.apart.lo[n])) <= apart + room, where
    assert apart - room <= mpf(float(found.apart.hi[n])), where


@pytest.mark.parametrize("flushing", [False, True])
@pytest.mark.parametrize("contract", ROUNDED)
@pytest.mark.parametrize("name", OPERATIONS + FUNCTIONS)
def test_machines_stay_within_what_is_said_of_them(name, contract, flushing):
    every, boxes = asked(contract, name)
    of, rng = CONTRACTS[contract], np.random.default_rng(3)

    def flushed(values):
        return np.where(np.abs(values) < of.tiny, 0.0, values) if flushing else values

    finite = [Interval(np.maximum(box.lo, -of.largest), np.minimum(box.hi, of.largest)) for box in boxes]
    for _ in range(12):
        given = [any_number(box, of, rng) for box in finite]
        with np.errstate(all="ignore"):
            value = machine(name, *given)
            there = ~np.isnan(given).any(0) & np.isfinite(value) & (np.abs(value) <= of.largest / 2)
            value = flushed(of.rounded(np.where(there, value, 0.0)))
        for found in every:
            known = there & ~np.isnan(found.value.lo)
            inside = (found.value.lo <= value) & (value <= found.value.hi)
            assert inside[known].all(), [
                (given[0][n], given[-1][n], value[n]) for n in np.flatnonzero(known & ~inside)[:3]
            ]
            center = np.where(found.center == TANH, TANH, found.center)
            near_it = (found.apart.lo <= value - center + 1e-16) & (value - center - 1e-16 <= found.apart.hi)
            assert near_it[known].all(), [
                (given[0][n], given[-1][n], value[n]) for n in np.flatnonzero(known & ~near_it)[:3]
            ]


def machine(name, a, b=None):
    """In float64, which is exact enough to be rounded once more (and of what is on the edge, either will do)."""
    return {
        "add": lambda: a + b,
        "subtract": lambda: a - b,
        "multiply": lambda: a * b,
        "divide": lambda: a / b,
        "max": lambda: np.maximum(a, b),
        "sigmoid": lambda: 1 / (1 + np.exp(-a)),
        "tanh": lambda: np.tanh(a),
        "relu": lambda: np.maximum(a, 0.0),
        "exp": lambda: np.exp(a),
        "logsigmoid": lambda: -np.logaddexp(0.0, -a),
    }[name]()


def of(low, high):
    return Number.of(interval([low], [high]))


@pytest.mark.parametrize("name", CONTRACTS)
def test_whole_numbers_are_added_exactly_up_to_the_digits_of_the_format(name):
    contract = CONTRACTS[name]
    digits = 2.0 ** min(contract.bits, 40)
    for a, b, exact in (
        (digits - 3, 2.0, True),
        (digits / 2, -digits / 2, True),
        (digits - 1, 3.0, contract.bits > 40),
        (0.5, 2.0, False),
    ):
        found = contract._add(of(a, a), of(b, b))
        assert found.value.exactly(a + b)[0] == exact, (a, b)
        assert found.value.lo <= a + b <= found.value.hi


@pytest.mark.parametrize("name", ROUNDED)
def test_whole_numbers_absorb_what_is_below_a_quarter_of_their_last_place(name):
    contract = CONTRACTS[name]
    for one in (1.0, -1.0, 4.0, 1.0 / contract.u):
        for ratio, absorbed in ((0.24, True), (0.26, False)):
            little = ratio * contract.u * abs(one)
            found = contract._add(of(one, one), of(-little, little))
            assert found.value.exactly(one)[0] == (absorbed and abs(one) <= 1 / contract.u), (one, ratio)
    beyond = 4 / contract.u  # of which we do not know that it is a number
    assert not contract._add(of(beyond, beyond), of(-0.1, 0.1)).value.exactly(beyond)[0]
    assert not contract._add(of(0.75, 0.75), of(-1e-9, 1e-9)).value.exactly(0.75)[0]


@pytest.mark.parametrize("name", ROUNDED)
def test_powers_of_two_only_move_the_exponent_where_nothing_is_flushed(name):
    contract = CONTRACTS[name]
    for power in (2.0, 0.5, 4.0):
        for low, high in ((0.1, 0.3), (-0.3, 0.7), (0.0, 0.3)):
            found = contract._multiply(of(power, power), of(low, high))
            assert (found.value.lo[0], found.value.hi[0]) == (low * power, high * power)
        for low, high in ((contract.tiny / 4, 0.3), (-contract.tiny / 4, 0.3), (0.0, contract.tiny / 4)):
            found = contract._multiply(of(power, power), of(low, high))
            assert found.value.lo[0] <= 0  # it may be flushed
            assert found.value.hi[0] > high * power  # or rounded up among the smallest numbers
    found = contract._multiply(of(3.0, 3.0), of(0.1, 0.3))
    assert found.value.hi[0] > 0.9


def test_centers_are_whole_numbers_that_are_multiplied_exactly():
    """Beyond 2^53 two ways of multiplying them would differ."""
    contract = CONTRACTS["exact"]
    million = of(999999.0, 999999.0)
    assert contract._multiply(million, million).apart.exactly(0)[0]
    once, true = contract._multiply(million, million), mpf(999999) ** 4
    twice = contract._multiply(once, once)
    assert mpf(float(twice.value.lo[0])) <= true <= mpf(float(twice.value.hi[0]))
    assert true == mpf(float(twice.center[0])) or not twice.apart.exactly(0)[0]


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name != "exact"])
def test_nothing_is_known_of_what_may_be_too_large(name):
    contract = CONTRACTS[name]
    values = {"a": of(0.0, contract.largest), "z": of(0.0, 800.0), "zero": of(0.0, 0.0)}
    twice = ("add", ("name", "a"), ("name", "a"))
    for term in (
        ("subtract", twice, twice),
        ("multiply", ("name", "zero"), twice),
        ("divide", twice, ("number", 2.0)),
        ("multiply", ("name", "a"), ("name", "a")),
        ("exp", ("name", "z")),
        ("multiply", ("name", "zero"), ("exp", ("name", "z"))),  # which may be 0 times infinity
        ("divide", ("name", "zero"), ("name", "zero")),
        ("tanh", ("divide", ("name", "a"), ("name", "zero"))),
    ):
        found = contract.evaluate(term, values, None)
        if name == "float64" and "exp" in str(term):
            continue  # e^800 alone is beyond it
        assert np.isnan([found.value.lo, found.value.hi, found.apart.lo, found.apart.hi]).all(), term
    assert not np.isnan(contract.evaluate(("name", "a"), values, None).value.hi)
    if name == "float64":  # in which the checker counts itself
        return
    above = contract.evaluate(twice, values, None).value  # infinite, if it is too large
    assert (above.lo <= 0, above.hi) == (True, INF)
    below = contract.evaluate(("subtract", ("name", "zero"), twice), values, None).value
    assert (below.lo, below.hi >= 0) == (-INF, True)
    assert contract.evaluate(("sigmoid", twice), values, None).value.hi < 1.01


def test_one_number_is_what_the_same_numbers_make():
    """tanh(1) and sigmoid(2), what is known, and what is made of them; nothing else is the same in every cell."""
    contract = CONTRACTS["float32"]
    one, two, wide, odd = of(1.0, 1.0), of(2.0, 2.0), of(1.0, 1.1), of(3.0, 3.0)
    assert contract._tanh(one).same[0]
    assert contract._sigmoid(two).same[0]
    assert contract._subtract(contract._multiply(two, contract._sigmoid(two)), one).same[0]
    for other in (contract._tanh(wide), contract._tanh(two), contract._sigmoid(one), contract._exp(one)):
        assert not other.same[0]
        assert not contract._add(other, one).same[0]
    assert not contract._logsigmoid(odd).same[0]
    assert contract._sigmoid(of(64.0, 65.0)).same[0]  # 1
    assert contract._exp(of(0.0, 0.0)).same[0]


# Sums


@pytest.mark.parametrize("name", ROUNDED)
def test_sums_of_multiples_of_one_power_of_two_are_exact_in_any_order(name):
    contract, rng = CONTRACTS[name], np.random.default_rng(1)
    for _ in range(100):
        step = 2.0 ** rng.integers(-10, 3)
        terms = rng.integers(-6, 7, 12) * step
        weights, numbers = terms[2:], terms[:2]
        fits = np.abs(terms).sum() * contract.u <= step
        more = Totals(*(np.array([each]) for each in (weights[2:].sum(), np.abs(weights[2:]).sum(), 8.0)), step)
        found, error = contract.sum(
            [np.array([each]) for each in numbers],
            [(np.array([each]), interval([1.0], [1.0])) for each in weights[:2]],
            np.zeros(1),
            np.zeros(1),
            more,
        )
        assert bool(found.exactly(terms.sum())[0]) is bool(fits and error[0] == 0)
        total = 0.0
        for term in rng.permutation(terms):
            total = contract.rounded(np.array(total + term)).item()
        assert found.lo[0] <= total <= found.hi[0]
        if fits:
            assert total == terms.sum()


def test_a_sum_is_exact_only_where_all_is_known():
    contract = CONTRACTS["float32"]

    def exact(number=3.0, signal=(1.0, 1.0), small=0.0, value=2.0, size=4.0, step=0.5):
        more = Totals(np.array([value]), np.array([size]), np.array([3.0]), step)
        products = [(np.array([1.5]), interval([signal[0]], [signal[1]]))]
        found, error = contract.sum([np.array([number])], products, np.array([small]), np.array([1.0]), more)
        return found.lo[0] == found.hi[0] and error[0] == 0

    assert exact()
    assert not exact(number=3.25)
    assert not exact(signal=(1.0, 1.0 + 2.0**-20))
    assert not exact(signal=(0.75, 0.75))
    assert not exact(small=1e-30)
    assert not exact(value=2.25)
    assert not exact(size=2.0**24)
    assert exact(size=2.0**23 - 8)
    assert not exact(step=0.0)
    assert not exact(step=2.0**-130)


def test_the_quantum_is_what_all_are_multiples_of():
    for values, wanted in (([], 1.0), ([0.0], 1.0), ([3.0, 0.0, 8.0], 1.0), ([4.0, 8.0], 4.0), ([0.75, -2.0], 0.25)):
        assert quantum(np.array(values)) == near.quantum(np.array(values)) == wanted
    for values in ([0.1, 5.0], [2.0**-149], [1e300, 1e-300], [5e-324], [-(2.0**-1022)]):
        step = quantum(np.array(values))
        assert np.frexp(step)[0] == 0.5
        assert (np.fmod(values, step) == 0).all()
        assert any(np.fmod(each, 2 * step) for each in values) or step == 5e-324
    assert quantum(np.array([[2.0]]), np.array([1.0, 0.5])) == 0.5


def test_what_is_exact_is_known_exactly():
    """tanh that is 1, or exp that has come to 0, is that number, and not next to it."""
    for name in ("float64", "float32", "float16", "bfloat16"):
        contract = CONTRACTS[name]
        for z, one in ((30.0, 1.0), (-30.0, -1.0)):
            found = contract._tanh(of(z, z + 1))
            assert found.center.tolist() == [one]
            assert found.apart.exactly(0).all()
        assert contract._exp(of(-800.0, -800.0)).value.lo.tolist() == [0.0]


@pytest.mark.parametrize("name", ["float32", "float16"])
def test_what_is_too_small_to_be_normal_may_be_flushed(name):
    """Of 1.5·tiny − tiny, half of `tiny` is left, or nothing."""
    contract = CONTRACTS[name]
    tiny = contract.tiny
    error = contract.adding(interval(1.5 * tiny, 1.5 * tiny), interval(-tiny, -tiny))
    assert 0.5 * tiny <= error <= 1.01 * tiny
