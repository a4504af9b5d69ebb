"""One step in the checker's numbers: each bound against its formula to 300 bits, and against machines.

A machine here takes any numbers of the boxes and rounds as the contract says; what it makes must lie in the bounds.
The formulas say that nothing is wider than it must be, so that no loosened bound goes unnoticed.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from mpmath import mp, mpf
from mpmath import tanh as real_tanh

from lstmc.proof import checker
from lstmc.proof.checker import BEFORE, CONTRACTS, INF, MIXED, ONE, SOME, ZERO, Claim, Interval, Network, Situations

mp.prec = 300
PRECISE = 1e-11
ROUNDED = ("float32", "float16", "bfloat16")


def interval(low, high):
    return Interval(np.array(low, np.float64), np.array(high, np.float64))


class Real:
    """An interval of real numbers, to 300 bits."""

    def __init__(self, low, high=None):
        self.low, self.high = mpf(low), mpf(low if high is None else high)

    def __add__(self, other):
        return Real(self.low + other.low, self.high + other.high)

    def __sub__(self, other):
        return Real(self.low - other.high, self.high - other.low)

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


def reals(found):
    return [Real(low, high) for low, high in zip(found.lo.tolist(), found.hi.tolist(), strict=True)]


def assert_close(found, wanted, where):
    """It encloses the wanted interval, and is hardly wider."""
    room = PRECISE * wanted.size + mpf(1e-15)
    assert found.low <= wanted.low <= found.low + room or found.low == wanted.low == -INF, (
        where,
        found.low,
        wanted.low,
    )
    assert found.high - room <= wanted.high <= found.high or found.high == wanted.high, (where, found.high, wanted.high)


# Memory

PREACTIVATIONS = [(-200, -120), (-70, -60), (-9, -7), (-0.5, 0.5), (6, 8), (17.5, 19), (60, 70), (130, 140)]
MEMORIES = [(0, 0), (-1e-9, 1e-12), (-0.01, 0.02), (1 - 1e-9, 1 + 1e-9), (1, 1), (0.9, 1.5), (0.99, 3.5), (0.5, 200.0)]


def cases(contract, seed=0):
    """Memories and gates of all kinds; (c, c - 1, i, f, g)."""
    rng = np.random.default_rng(seed)
    grid = np.array(np.meshgrid(*[range(8)] * 4)).reshape(4, -1)
    c, i, f, g = grid[:, rng.permutation(grid.shape[1])[:500]]
    low, high = (np.array(ends) for ends in zip(*MEMORIES, strict=True))
    memory = Interval(low[c], high[c])
    beyond = Interval(low[c] - 1, high[c] - 1)
    low, high = (np.array(ends, np.float64) for ends in zip(*PREACTIVATIONS, strict=True))
    gates = [contract.sigmoid(Interval(low[n], high[n])) for n in (i, f)]
    low, high = (np.where(g == 3, 0.0, ends[g]) for ends in (low, high))  # a writer of exactly 0
    return memory, beyond, *gates, contract.tanh(Interval(low, high))


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRACTS)
def test_memory_is_bounded_by_its_formula(name):
    contract = CONTRACTS[name]
    given = cases(contract)
    found = checker._memory(contract, *given)
    c, beyond = (reals(each) for each in given[:2])
    i, f, g = ([reals(each) for each in gate] for gate in given[2:])
    after, after_beyond = reals(found.after), reals(found.beyond)
    for n in range(len(c)):
        wanted = memory(contract, c[n], beyond[n], *((gate[0][n], gate[1][n]) for gate in (i, f, g)))
        assert_close(after[n], wanted[0], n)
        assert_close(after_beyond[n], wanted[1], n)
        for ours, theirs in zip((found.taken[n], found.added[n]), wanted[2:], strict=True):
            assert theirs <= mpf(float(ours)) <= theirs * (1 + PRECISE) + mpf(1e-300) + 1e-15 * (theirs > 0), n


def memory(contract, c, beyond, i, f, g):
    """The docstring and the comments of _memory, for one case."""
    u, one = mpf(contract.u), Real(1)
    kept, new, lost = f[0] * c, i[0] * g[0], f[1] * c
    after = kept + new
    after_beyond = (kept - (i[1] + g[1] - i[1] * g[1])) & (beyond - lost + new) & (after - one)
    exact, exact_new = f[0].exactly(1), i[0].exactly(1) or g[0].exactly(1)

    def error(a, b):
        return error_of_memory(contract, a, b, exact, exact_new)

    rounded = Real(-error(kept.low, new.low), error(kept.high, new.high))
    after, after_beyond = after + rounded, after_beyond + rounded
    most = new.size * (1 + 2 * u)
    absorbed = f[0].exactly(1) and (most == 0 or 4 * most < u * c.low)
    if new.exactly(1) and (kept.size == 0 or 4 * kept.size * (1 + 2 * u) < u):
        after, after_beyond = one, Real(0)
    if absorbed:
        after, after_beyond = c, beyond
    if u and f[0].high <= 1:
        power = mpf(2) ** mp.ceil(mp.log(most, 2)) if most else mpf(1)
        stop = power / u if c.size <= power / u else max(c.size, most * 5 / u)
        after, after_beyond = after & Real(-stop, stop), Real(after_beyond.low, min(after_beyond.high, stop - 1))
    low = Real(c.low, min(c.high, 1))
    taken = error((f[0] * low).size, new.size) - min((new - f[1] * low).low, 0)
    taken = 0 if absorbed or (f[0].exactly(1) and new.low >= 0) else taken
    added = 0 if absorbed else error(kept.size, new.size) + max((new - lost).high, 0)
    return after, after_beyond, taken, added


def error_of_memory(contract, a, b, exact, exact_new):
    u, tiny, total, a, b = mpf(contract.u), mpf(contract.tiny), abs(a + b), abs(a), abs(b)
    rounded = [0 if known else max(u * size, min(size, tiny)) for known, size in ((exact, a), (exact_new, b))]
    part = min(a, b) * (1 + 2 * u) + (tiny if a > 0 and b > 0 else 0)
    return sum(rounded) + min(part, u * (total + sum(rounded)))


def test_what_is_too_small_to_change_a_memory_of_1_leaves_it():
    """What is added, or kept beside a 1 that is written, counts for nothing below a quarter of the last place."""
    contract, one, u = CONTRACTS["bfloat16"], (ONE[None], ZERO[None]), 2.0**-8
    for ratio in (0.5, 0.9, 1 - 3.1 * u, 1 - 2.1 * u, 1 - 1.9 * u, 1 - 0.9 * u, 1 + 0.1 * u, 1.3, 2.0, 6.0):
        part = np.array([ratio * u / 4])
        gate = (Interval(part, part), Interval(1 - part, 1 - part))
        for c, i, f in ((np.ones(1), gate, one), (np.ones(1), one, gate), (np.full(1, 1.5), gate, one)):
            c = Interval(c, c)
            found = checker._memory(contract, c, c - ONE, i, f, one)
            given = [(reals(each[0])[0], reals(each[1])[0]) for each in (i, f)]
            wanted = memory(contract, reals(c)[0], reals(c - ONE)[0], *given, (Real(1), Real(0)))
            assert_close(reals(found.after)[0], wanted[0], (ratio, c))
            assert_close(reals(found.beyond)[0], wanted[1], (ratio, c))
            for ours, theirs in zip((found.taken[0], found.added[0]), wanted[2:], strict=True):
                assert theirs <= mpf(float(ours)) <= theirs * (1 + PRECISE), (ratio, c)
    even = interval([1 + 2 * u], [1 + 2 * u])  # 4 (1 + 2u) u/4 is u (1 + 2u): just not below it
    part = (interval([u / 4], [u / 4]), interval([1 - u / 4], [1 - u / 4]))
    assert not checker._memory(contract, even, even - ONE, part, one, one).after.exactly(1 + 2 * u)
    almost = interval([1 + 2 * u + 1e-15], [1 + 2 * u + 1e-15])
    assert checker._memory(contract, almost, almost - ONE, part, one, one).after.exactly(1 + 2 * u + 1e-15)
    just = np.array([u / 4 / (1 + 2 * u)])
    just = next(x for x in (just, np.nextafter(just, 0), np.nextafter(just, 1)) if 4 * x * (1 + 2 * u) == u)
    kept = (Interval(just, just), Interval(1 - just, 1 - just))
    assert checker._memory(contract, ONE[None], ZERO[None], one, kept, one).after.hi[0] > 1


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_error_of_memory_covers_its_own_roundings(name):
    contract, rng = CONTRACTS[name], np.random.default_rng(2)
    a, b = rng.normal(size=(2, 300)) * 2.0 ** rng.integers(-40, 4, (2, 300))
    exact = rng.random((2, 300)) < 0.5
    found = checker._error_of_memory(contract, a, b, tuple(exact))
    for n in range(300):
        wanted = error_of_memory(contract, mpf(a[n]), mpf(b[n]), *exact[:, n])
        assert wanted <= mpf(found[n]) <= wanted * (1 + PRECISE), n


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("name", ROUNDED)
def test_machines_stay_within_the_bounds_of_memory(name, fused):
    contract, rng = CONTRACTS[name], np.random.default_rng(7)
    fl = contract.rounded
    given = cases(contract, 1)
    bounds = checker._memory(contract, *given)
    for _ in range(40):
        numbers = [any_number(box, contract, rng) for box in (given[0], *(gate[0] for gate in given[2:]))]
        there = ~np.isnan(numbers).any(0)
        c, i, f, g = np.nan_to_num(numbers)
        kept, new = f * c, i * g  # exact: 53 bits hold the product of two numbers of 24
        if fused and rng.random() < 0.5:
            kept = fl(kept)
        elif fused:
            new = fl(new)
        else:
            kept, new = fl(kept), fl(new)
        after = fl(kept + new)
        for holds in (
            (bounds.after.lo <= after) & (after <= bounds.after.hi),
            (bounds.beyond.lo <= after - 1) & (after - 1 <= bounds.beyond.hi),
            np.minimum(c, 1) - after <= bounds.taken,
            after - c <= bounds.added,
        ):
            assert holds[there].all()


def any_number(box, contract, rng):
    """Numbers of the format in the boxes, their ends more often than others; NaN where there is none."""
    where = rng.choice([0.0, 0.0, 0.5, 1.0, 1.0], box.lo.shape)
    inside = np.where(where == 0.5, rng.uniform(box.lo, box.hi), np.where(where == 0.0, box.lo, box.hi))
    number = contract.rounded(inside)
    return np.where((number < box.lo) | (number > box.hi), np.nan, number)


def test_a_memory_that_counts_stops():
    """In bfloat16 adding 1 to 256 changes nothing; counts are bounded by twice that, or by what they have been."""
    contract, one = CONTRACTS["bfloat16"], (ONE, ZERO)

    def highest(top, eraser=one):
        c = interval([1.0], [top])
        found = checker._memory(contract, c, c - ONE, one, eraser, one)
        assert found.beyond.hi[0] <= found.after.hi[0] - 1 + 1e-9
        return float(found.after.hi[0])

    assert highest(100.0) == pytest.approx(101 * (1 + 1 / 257), abs=1)
    assert [highest(top) for top in (511.0, 512.0, 5000.0)] == [512.0, 512.0, 5000.0]
    assert 601 < highest(600.0) < 605
    assert 1200 < highest(1200.0) < 1206  # up to 5/u
    assert highest(1289.0) == 1290.0
    part = 1 / (1 + 2 * 2.0**-8)  # with 1 + 2u more of it, 1
    one_at_most = (interval([part], [part]), interval([1 - part], [1 - part]))
    c = interval([1.0], [256.0])
    assert checker._memory(contract, c, c - ONE, one_at_most, one, one).after.hi[0] == 256.0
    assert highest(512.0, (interval([1.0], [1.0 + 1e-9]), interval([-1e-9], [0.0]))) > 513  # an eraser above 1


# What gates read of a cell


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_signal_is_bounded_by_its_formula(name):
    contract, u = CONTRACTS[name], mpf(CONTRACTS[name].u)
    claimed = claim(contract)
    c = interval([0.0, -1e-9, 0.9, 1.0, 1.0, -0.3, 0.999], [0.0, 1e-9, 1.5, 1.0, 1.0, 0.4, 9.5])
    gate = interval([70.0, 70.0, 8.0, 70.0, 8.0, -9.0, 70.0], [71.0, 80.0, 9.0, 71.0, 9.0, 1.0, 80.0])
    read, less = contract.sigmoid(gate)
    signal, apart = checker._signal(claimed, c, c - ONE, (read, less))
    known = [reals(each) for each in (contract.tanh(c)[0], contract.tanh_beyond_1(c - ONE), read, less)]
    for n, (value, beyond, o, rest) in enumerate(zip(*known, strict=True)):
        wanted = o * value
        error = mpf(0) if o.exactly(0) or o.exactly(1) else max(u * wanted.size, min(wanted.size, mpf(contract.tiny)))
        around = Real(-error, error)
        assert_close(reals(signal)[n], wanted + around, n)
        assert_close(reals(apart)[n], beyond - rest * (Real(real_tanh(mpf(1))) + beyond) + around, n)


def test_the_toys_signal_is_its_memory():
    c, beyond = interval([0.9], [1.5]), interval([-0.05], [0.4])
    assert checker._signal(replace(claim(CONTRACTS["float32"]), toy=True), c, beyond, (ONE, ZERO)) == (c, beyond)


# The step


def claim(contract, **changes):
    """Boxes of class 0 and of class 1; each number differs from every other."""
    of = {"contract": contract, "toy": False, "bound": None, "margin": 1.0, "probabilities": None}
    of |= {"on": interval([-0.01, -0.02], [0.03, 0.5]), "off": interval([-0.011, -0.021], [0.031, 0.041])}
    of |= {
        "on_signal": interval([-0.012, -0.022], [0.032, 0.3]),
        "off_signal": interval([-0.013, -0.023], [0.033, 0.043]),
    }
    of |= {"entry": interval(-0.005, 0.006), "entry_off": interval(-0.007, 0.008), "drift": 1e-3, "rise": 2e-2}
    return Claim(**(of | {"top": np.array([1.03, 1.5])} | changes))


class Given:
    """Situations and wiring of n cases, with nothing but what `step` reads of them."""

    def __init__(self, own, before, kind, gates):
        self.classes, self.gates = np.array([0, 1]), gates
        self.cell, self.own, self.before = np.array(kind), np.array(own), np.array(before)


def step(monkeypatch, contract, sums, own, before, kind, counts=False, **changes):
    """checker.step where the gates add up to given intervals, (n, G)."""
    monkeypatch.setattr(checker, "_gates", lambda *_: sums)
    given = Given(own, before, kind, sums.lo.shape[1])
    landing = landings(contract, given, counts, **changes)
    return [each.tolist() for each in (landing.on, landing.off, landing.same)]


def landings(contract, given, counts=False, **changes):
    return checker.step(given, given, None, claim(contract, **changes), counts)


WRITTEN, KEPT, ERASED, QUIET = (70.0, -70.0, 70.0), (-70.0, 70.0, 0.0), (-70.0, -70.0, 0.0), (-70.0, -70.0, 70.0)


def sums_of(*rows, read=70.0):
    values = np.array([[*row, read] for row in rows])
    return Interval(values, values.copy())


@pytest.mark.parametrize("name", ["exact", "float32"])
def test_cells_land_in_the_box_that_they_are_written_to(name, monkeypatch):
    rows = [WRITTEN, WRITTEN, KEPT, KEPT, ERASED, ERASED, QUIET, WRITTEN]
    own = [False, True, False, True, False, True, False, False]
    before = [False] * 7 + [True]
    on, off, same = step(monkeypatch, CONTRACTS[name], sums_of(*rows), own, before, [0] * 8)
    exact = name == "float32"
    assert on == [True, True, False, exact, False, False, False, True]  # what leaks leaves its box
    assert off == [False, False, True, False, True, True, True, False]
    assert same == [exact, exact, False, False, False, False, False, exact]


def test_a_read_filter_must_be_open_for_what_is_on_and_closed_filters_hide(monkeypatch):
    for read, lands in ((70.0, [True, True]), (-70.0, [False, True]), (3.0, [False, True])):
        on, off, same = step(
            monkeypatch, CONTRACTS["float32"], sums_of(WRITTEN, ERASED, read=read), [0, 0], [0, 0], [0, 0]
        )
        assert [on[0], off[1]] == lands
        assert [off[0], on[1]] == [False, False]
        assert same[0] is (read == 70.0)


def test_a_gate_that_may_overflow_shows_nothing(monkeypatch):
    for gate in range(4):
        sums = sums_of(WRITTEN, ERASED)
        sums.lo[:, gate] = sums.hi[:, gate] = np.nan
        on, off, _ = step(monkeypatch, CONTRACTS["float32"], sums, [0, 0], [0, 0], [0, 0])
        assert not any(on + off)
        sums = sums_of(KEPT)
        sums.lo[:, gate] = np.nan
        on, off, _ = step(monkeypatch, CONTRACTS["float32"], sums, [True], [False], [0])
        assert not any(on + off)


def test_toys_have_no_read_filter(monkeypatch):
    sums = sums_of(WRITTEN, ERASED)
    toy = Interval(sums.lo[:, :3], sums.hi[:, :3])
    on, off, same = step(monkeypatch, CONTRACTS["float32"], toy, [0, 0], [0, 0], [0, 0], toy=True)
    assert (on, off, same) == ([True, False], [False, True], [True, False])


@pytest.mark.parametrize("part", ["on", "on_signal", "off", "off_signal"])
@pytest.mark.parametrize("kind", [0, 1])
def test_every_end_of_every_box_is_asked(part, kind, monkeypatch):
    """Boxes just as wide as what lands in them hold it; with any end a little nearer to the middle they do not."""
    contract = CONTRACTS["approximate"]
    rows, wide = sums_of((9.0, -9.0, 8.0), (-9.0, -7.0, 0.5), read=9.0), interval([-1.0, -1.0], [1.0, 1.0])
    free = {"on": wide, "off": wide, "on_signal": wide, "off_signal": wide, "top": np.array([2.0, 2.0])}
    lands = captured(monkeypatch, contract, rows, kind, free)
    for end in ("lo", "hi"):
        n = 0 if part[:2] == "on" else 1
        at = float(getattr(lands[part], end)[n])
        for number, holds in ((at, True), (at + (1e-9 if end == "lo" else -1e-9), False)):
            ends = {"lo": np.full(2, -1.0), "hi": np.full(2, 1.0)}
            ends[end][kind] = number
            if end == "lo":
                ends["hi"][kind] = max(1.0, number)
            box = {part: Interval(ends["lo"], ends["hi"])}
            if part == "on" or part == "off":  # the step leaves from these boxes, too: here from their old ones
                monkeypatch.setattr(checker, "_memory", lambda *_, m=lands["memory"]: m)
            found = step(monkeypatch, contract, rows, [False] * 2, [False] * 2, [kind] * 2, **(free | box))
            monkeypatch.undo()
            assert found[n][n] is holds, (part, end, number)


def captured(monkeypatch, contract, sums, kind, free):
    """What lands: memory and signal, each less what it is while on, and as it is."""
    kept = {}
    real = checker._memory, checker._signal

    def memory_of(*given):
        kept["memory"] = real[0](*given)
        kept["on"], kept["off"] = kept["memory"].beyond, kept["memory"].after
        return kept["memory"]

    def signal_of(*given):
        kept["off_signal"], kept["on_signal"] = real[1](*given)
        return kept["off_signal"], kept["on_signal"]

    monkeypatch.setattr(checker, "_memory", memory_of)
    monkeypatch.setattr(checker, "_signal", signal_of)
    step(monkeypatch, contract, sums, [False] * 2, [False] * 2, [kind] * 2, **free)
    monkeypatch.undo()
    return kept


def moved(taken, added, n=1):
    """A memory that lands far out of every entry, and is moved so much."""
    far = interval([0.2] * n, [0.2] * n)
    return checker.Memory(far, far, np.array([taken] * n), np.array([added] * n))


BOUNDED = {"bound": 10, "on": interval([-0.3, -0.3], [0.3, 0.3]), "on_signal": interval([-0.3, -0.3], [0.3, 0.3])}
BOUNDED |= {"off": interval([-0.3, -0.3], [0.3, 0.3]), "off_signal": interval([-0.3, -0.3], [0.3, 0.3])}
DRIFTS = [  # taken, added, whether on holds where nothing counts, where memories count, and whether off does
    (1e-4, 1e-4, True, True, True),
    (2e-3, 1e-4, False, False, False),
    (1e-4, 2e-3, False, True, False),
    (1e-4, 3e-2, False, False, False),
    (1e-3, 1e-3, True, True, True),
    (1.0000001e-3, 0.0, False, False, False),
    (0.0, 1.0000001e-3, False, True, False),
    (0.0, 2e-2, False, True, False),
    (0.0, 2.0000001e-2, False, False, False),
]


@pytest.mark.parametrize(("taken", "added", "plain", "counted", "off"), DRIFTS)
def test_a_kept_memory_may_drift_so_far(taken, added, plain, counted, off, monkeypatch):
    for counts, wanted in ((False, plain), (True, counted)):
        for own in (True, False):
            monkeypatch.setattr(checker, "_memory", lambda *_: moved(taken, added))
            given = [own], [False], [1]
            found = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), *given, counts, **BOUNDED)
            assert found[0] == [wanted and own]
            assert found[1] == [off and not own]
            other = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [own], [False], [0], counts, **BOUNDED)
            assert other[:2] == [[True], [True]]  # of class 0 nothing is asked but that it lands in its boxes


@pytest.mark.parametrize("own", [True, False])
def test_what_lands_only_by_drifting_is_told(own, monkeypatch):
    """Of class 1, what does not enter, but is kept; of class 0 nothing is kept so, and it must land in its box."""
    narrow = {part: interval([-0.1, -0.3], [0.1, 0.3]) for part in ("on", "off")}
    monkeypatch.setattr(checker, "_gates", lambda *_: sums_of(KEPT))
    for lands, moves, kind, there, drifts in (
        (0.2, 1e-4, 1, True, True),  # too far away to enter
        (0.002, 1e-4, 1, True, False),
        (0.002, 1.0, 1, True, False),
        (0.2, 1.0, 1, False, False),
        (0.2, 1e-4, 0, False, False),
        (0.002, 1e-4, 0, True, False),
    ):
        box = interval([lands], [lands])
        m = checker.Memory(box, box, np.array([moves]), np.array([moves]))
        monkeypatch.setattr(checker, "_memory", lambda *_, m=m: m)
        found = landings(CONTRACTS["float32"], Given([own], [False], [kind], 4), **(BOUNDED | narrow))
        mine, others = (found.drifts_on, found.drifts_off) if own else (found.drifts_off, found.drifts_on)
        assert (found.on if own else found.off).tolist() == [there], (lands, moves, kind)
        assert mine.tolist() == [drifts], (lands, moves, kind)
        assert others.tolist() == [False]
    plain = landings(CONTRACTS["float32"], Given([own], [False], [1], 4), **(BOUNDED | {"bound": None}))
    assert not plain.drifts_on.any()
    assert not plain.drifts_off.any()


def test_what_counts_may_drift_where_it_does_not_rise(monkeypatch):
    monkeypatch.setattr(checker, "_memory", lambda *_: moved(0.0, 5e-4))
    found = step(
        monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [True], [False], [1], True, **(BOUNDED | {"rise": 0.0})
    )
    assert found[0] == [True]


@pytest.mark.parametrize("part", ["entry", "entry_off"])
def test_a_move_that_is_no_drift_must_enter(part, monkeypatch):
    for at, enters in ((0.0, True), (0.1, False), (-0.1, False)):
        lands = interval([at], [at])
        m = checker.Memory(lands, lands, np.array([1.0]), np.array([1.0]))
        monkeypatch.setattr(checker, "_memory", lambda *_, m=m: m)
        boxes = BOUNDED | {"entry": interval(-0.2, 0.2), "entry_off": interval(-0.2, 0.2), part: interval(-0.05, 0.05)}
        on, off, _ = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [False], [False], [1], **boxes)
        assert (on if part == "entry" else off) == [enters]
        assert (off if part == "entry" else on) == [True]
        outside = boxes | {"on": interval([-0.3, 0.01], [0.3, 0.3]), "off": interval([-0.3, 0.01], [0.3, 0.3])}
        on, off, _ = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [False], [False], [1], **outside)
        assert (on, off) == ([at == 0.1 and part != "entry"], [at == 0.1 and part != "entry_off"])
        hidden = {"on_signal": interval([-0.3, 0.2], [0.3, 0.3]), "off_signal": interval([-0.3, 0.2], [0.3, 0.3])}
        on, off, _ = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [False], [False], [1], **(boxes | hidden))
        assert (on, off) == ([False], [False])


def test_the_signal_of_a_kept_memory_is_that_of_any_in_its_box(monkeypatch):
    monkeypatch.setattr(checker, "_memory", lambda *_: moved(0.0, 0.0))
    wide, narrow = interval([-0.3, -0.3], [0.3, 0.3]), interval([-0.3, -0.1], [0.3, 0.1])
    for part, own in (("on_signal", True), ("off_signal", False)):
        for box, holds in ((wide, True), (narrow, False)):
            boxes = BOUNDED | {part: box}
            found = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [own], [False], [1], **boxes)
            assert found[0 if own else 1] == [holds]
    closed = sums_of(KEPT, read=-70.0)  # while its read filter is closed, nothing that is on is seen, as it must be
    assert step(monkeypatch, CONTRACTS["float32"], closed, [True], [False], [1], **BOUNDED)[0] == [False]
    assert step(monkeypatch, CONTRACTS["float32"], closed, [False], [False], [1], **(BOUNDED | {"off_signal": narrow}))[
        1
    ] == [True]


def test_memory_is_looked_for_up_to_the_largest_number_of_the_format(monkeypatch):
    """The step begins with c in [0.7, top], not in all of the box."""
    seen, real = [], checker._memory

    def memory_of(contract, c, beyond, *gates):
        seen.append((c, beyond))
        return real(contract, c, beyond, *gates)

    monkeypatch.setattr(checker, "_memory", memory_of)
    given = [True, True, False], [False, False, True], [0, 1, 0]
    sums = sums_of(KEPT, KEPT, KEPT)
    step(monkeypatch, CONTRACTS["float32"], sums, *given, top=np.array([1.01, 1.2]))
    c, beyond = seen[0]
    assert np.allclose(c.lo, [0.99, 0.98, 0.0], rtol=1e-12)
    assert np.allclose(c.hi, [1.01, 1.2, 0.0], rtol=1e-12)
    assert np.allclose(beyond.lo, [-0.01, -0.02, -1.0], rtol=1e-12)
    assert np.allclose(beyond.hi, [0.03, 0.5, -1.0], rtol=1e-12)
    step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT, KEPT), [False] * 2, [False] * 2, [0, 1])
    c, beyond = seen[1]
    assert c.lo.tolist() == [-0.011, -0.021]
    assert c.hi.tolist() == [0.031, 0.041]
    assert np.allclose(beyond.hi, [-0.969, -0.959], rtol=1e-12)


# What gates add up


def network(rng, cells=5, symbols=3, gates=4):
    """A network with weights of all sizes on some cells; biases of two tensors, as an LSTM has."""
    dense = rng.normal(size=(gates, cells, cells)) * 10.0 ** rng.integers(-3, 2, (gates, cells, cells))
    dense[rng.random(dense.shape) < 0.5] = 0
    gate, row, column = np.nonzero(dense)
    value = dense[gate, row, column]
    names = [str(n) for n in range(symbols)]
    of = "n", "lstm", "float64", names, [], "", False, ("", "")
    inputs, biases = rng.normal(size=(gates, cells, symbols)), rng.normal(size=(2, gates, cells))
    return Network(*of, inputs, biases, gate, row, column, value, {}), dense


def test_cells_have_the_same_number_where_nothing_tells_them_apart():
    """Of cells 1 and 2, first of class 0: then one of them gets a weight, or is of the other class."""
    of = "n", "lstm", "float64", ["a"], [], "", False, ("", "")
    gates = range(4)

    def numbers(weights=(), classes=(0, 0, 0, 0, 1), bias=None):
        biases = np.zeros((2, 4, 5))
        if bias is not None:
            biases[bias] = 1.0
        *at, values = np.array(weights).reshape(-1, 4).T
        made = Network(*of, np.zeros((4, 5, 1)), biases, *(each.astype(int) for each in at), values, {})
        return checker.Wiring(made, np.array(classes)).cell_number.tolist()

    plain = numbers()
    assert plain[1] == plain[2] == plain[3]
    assert len({plain[0], plain[1], plain[4]}) == 3
    alike = [(g, m, k, 1.0) for g in gates for m in (1, 2) for k in (0, 3, 4)]
    assert numbers(alike)[1] == numbers(alike)[2] != numbers(alike)[3]
    for n, g in product(range(2), gates):
        assert numbers(bias=(n, g, 1))[1] != plain[2]
    for k, g in product((0, 3, 4), gates):
        for some in ([(g, 1, k, 1.0)], [each for each in alike if each[:3] != (g, 1, k)]):
            assert numbers(some)[1] != numbers(some)[2]
    for g in gates:
        for k in (3, 4):
            as_many = numbers([(g, 1, k, 1.0), (g, 2, k, 2.0)])
            assert as_many[1] != as_many[2]
        one_or_two = numbers([(g, 1, 3, 1.0), (g, 2, 1, 0.5), (g, 2, 3, 0.5)])  # that are as much together
        assert one_or_two[1] != one_or_two[2]
    assert numbers(classes=(0, 1, 0, 0, 1))[1] != numbers(classes=(0, 1, 0, 0, 1))[2]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["exact", "float64", "float32", "bfloat16", "int8-weights"])
@pytest.mark.parametrize("seed", range(4))
def test_gates_add_up_all_that_a_cell_can_see(name, seed):
    rng, contract = np.random.default_rng(seed), CONTRACTS[name]
    stored, _ = network(rng)
    classes = np.array([0, 1, 0, 1, 0])
    wiring = checker.Wiring(stored, classes)
    held = stored.held(contract)
    dense = np.zeros((4, 5, 5))
    dense[held.gate, held.row, held.column] = held.value
    claimed = claim(contract)
    for other in (BEFORE, 0, 1, 2, 3, 4):
        for cell in range(1, 5):
            pair = np.flatnonzero((wiring.cell == cell) & (wiring.other == other))
            n = int(pair[0]) if other > 0 and len(pair) else -1
            if other > 0 and n < 0:
                continue  # it does not read that one
            for symbol in range(3):
                box = classes[other] if other > 0 else 0
                found = gates_of(wiring, held, claimed, cell, symbol, other, n, box)
                wanted = [add_up(held, dense[g], claimed, classes, g, cell, symbol, other) for g in range(4)]
                assert_sums(found, wanted, contract)
    mixed = gates_of(wiring, held, claimed, 1, 0, 2, int(wiring.itself[1]), MIXED)
    for box in (0, 1):
        part = gates_of(wiring, held, claimed, 1, 0, 2, int(wiring.itself[1]), box)
        assert (mixed.lo <= part.lo).all()
        assert (mixed.hi >= part.hi).all()
    some = gates_of(wiring, held, claimed, 1, 0, SOME, int(wiring.itself[1]), 1)
    plain = gates_of(wiring, held, claimed, 1, 0, 1, int(wiring.itself[1]), 1)
    assert some.lo.tolist() == plain.lo.tolist()
    assert some.hi.tolist() == [[INF, *plain.hi[0, 1:]]]


def gates_of(wiring, held, claimed, cell, symbol, other, pair, box):
    ints = [np.array([each]) for each in (cell, symbol, other)]
    of = [np.array([other == cell]), np.array([other == BEFORE]), np.full((1, 4), pair), np.full((1, 4), box)]
    return checker._gates(Situations(*ints, *of), wiring, held, claimed)


def add_up(held, dense, claimed, classes, gate, cell, symbol, other):
    """(lowest, highest, what cells that are off may add) of a gate, cell by cell."""
    signal = claimed.signal()
    total = Real(0)
    for number in (*held.biases[:, gate, cell], held.inputs[gate, cell, symbol]):
        total += Real(number)
    if other == BEFORE:
        return total, mpf(0)
    dark = mpf(0)
    for k, kind in enumerate(classes.tolist()):
        if k == 0 or k == other:
            total += Real(dense[cell, k]) * Real(float(signal.lo[kind]), float(signal.hi[kind]))
        if k:
            dark += abs(mpf(dense[cell, k])) * mpf(float(claimed.off_signal.size[kind]))
    return total, dark


def assert_sums(found, wanted, contract):
    """The cells that are off are counted with at most 1/16 more, and what machines make of their weights."""
    for g, (total, dark) in enumerate(wanted):
        low, high = mpf(float(found.lo[0, g])), mpf(float(found.hi[0, g]))
        room = dark * (1 + 1 / mpf(16)) * (1 + 20 * mpf(contract.u) + 2.0**-7 * bool(contract.u))
        room += 12 * mpf(contract.u) * (abs(total.low) + abs(total.high) + 30) + 1e-12 + 0.5 * bool(contract.levels)
        assert low <= total.low - dark
        assert total.high + dark <= high
        assert total.low - low <= room
        assert high - total.high <= room


@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_given_to_the_sum(name, monkeypatch):
    """Numbers, products, and what cells that are off may add: as held, each weight may be more than it is stored as."""
    contract, rng = CONTRACTS[name], np.random.default_rng(5)
    stored, dense = network(rng)
    largest_at = np.arange(len(stored.value)) == 3
    stored = replace(stored, value=np.where(largest_at, -0.6, stored.value * 2.0**-10))
    dense[stored.gate, stored.row, stored.column] = stored.value
    classes = np.array([0, 1, 0, 1, 0])
    wiring, held, claimed, given = checker.Wiring(stored, classes), stored.held(contract), claim(contract), []

    def add(self, *parts):
        given.append(parts)
        return ZERO, np.zeros(1)

    monkeypatch.setattr(checker.Contract, "sum", add)
    level = max(np.abs(held.value).max() / contract.levels if contract.levels else 0.0, 2.0**contract.least)
    sums = np.abs(dense[:, :, 1:]) @ np.eye(2)[classes[1:]]  # by gate, cell and class
    count = (dense[:, :, 1:] != 0).sum(2)
    coarse, rough = checker._coarse(sums * (1 + 2.0**-30)), checker._coarse(count * 1.0)

    assert np.allclose(wiring.sums, sums.transpose(1, 0, 2) * (1 + 2.0**-30), rtol=1e-13, atol=0)

    def most(sums, count):
        each = (
            sums * (1 + 2.0**-7) + (sums > 0) * count[..., None] * level if name not in ("exact", "float64") else sums
        )
        return (each * claimed.off_signal.size).sum(-1)

    largest = most(sums, rough).max(1)
    for cell in range(1, 5):
        for other in (BEFORE, cell):
            gates_of(wiring, held, claimed, cell, 1, other, int(wiring.itself[cell]), classes[cell])
            numbers, products, small, found = given.pop()
            assert [each.tolist()[0] for each in numbers[:2]] == held.biases[:, :, cell].tolist()
            assert numbers[2].tolist() == [held.inputs[:, cell, 1].tolist()]
            quiet = other == BEFORE
            wanted = np.zeros(4) if quiet else np.minimum(most(coarse, rough)[:, cell], largest)
            assert (small[0] >= wanted).all()
            assert (small[0] <= wanted * (1 + 2e-9)).all()
            assert found.tolist() == [[0.0] * 4 if quiet else rough[:, cell].tolist()]
            signal = claimed.signal()
            for (weights, shown), column, kind in zip(products, (0, cell), (0, classes[cell]), strict=True):
                as_held = np.zeros((4, 5, 5))
                as_held[held.gate, held.row, held.column] = held.value
                assert weights.tolist()[0] == as_held[:, cell, column].tolist()
                ends = (0.0, 0.0) if quiet else (float(signal.lo[kind]), float(signal.hi[kind]))
                assert {*zip(shown.lo.ravel().tolist(), shown.hi.ravel().tolist(), strict=True)} == {ends}


def test_a_number_for_rows_that_are_equal():
    columns = [0.0, 1.0, 0.0, 1.0, 0.0], [5, 5, 5, 6, 5]
    assert checker.numbered(*columns).tolist() == [0, 1, 0, 2, 0]
    assert checker.numbered([3.0], [1]).tolist() == [0]
    assert checker.numbered([2.0, 1.0, 2.0]).tolist() == [1, 0, 1]
    assert checker.numbered([0, 1], [1, 0]).tolist() == [0, 1]
    assert checker.numbered([0, 1, 2], [1, 0, 0]).tolist() == [0, 1, 2]


def test_what_is_off_is_rounded_up_to_a_16th():
    values = np.array([0.0, 1.0, 1.01, 1.0625, 1.07, 0.51, 100.0])
    found = checker._coarse(values)
    assert found.tolist() == [0.0, 1.0, 1.0625, 1.0625, 1.125, 0.53125, 100.0]
