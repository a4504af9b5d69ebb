"""One step in the checker's numbers: each bound against its formula to 300 bits, and against machines.

A machine here takes any numbers of the boxes and rounds as the contract says; what it makes must lie in the bounds.
The formulas say that nothing is wider than it must be, so that no loosened bound goes unnoticed.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from mpmath import mp, mpf
from reals import PRECISE, ROUNDED, Near, Real, any_number, assert_close, interval, nears, of, shaped

from lstmc.proof import checker
from lstmc.proof.checker import (
    BEFORE,
    CELLS,
    CONTRACTS,
    INF,
    MIXED,
    SOME,
    ZERO,
    Claim,
    Interval,
    Network,
    Number,
    Situations,
    meant,
)

# Memory

PREACTIVATIONS = [(-200, -120), (-70, -60), (-9, -7), (-0.5, 0.5), (6, 8), (17.5, 19), (60, 70), (130, 140)]
MEMORIES = [(0, 0), (-1e-9, 1e-12), (-0.01, 0.02), (1 - 1e-9, 1 + 1e-9), (1, 1), (0.9, 1.5), (0.99, 3.5), (0.5, 200.0)]
KINDS = ("lstm", "coupled", "gru", "lstm-1997", "slstm")  # of a memory: kept by a gate, by 1 minus a gate, by 1


def cases(contract, name, seed=0):
    """Memories of all kinds, what they are multiplied by, and what is added: 500 cases of one cell."""
    rng, cell = np.random.default_rng(seed), CELLS[name]
    grid = np.array(np.meshgrid(*[range(8)] * 4)).reshape(4, -1)
    c, i, f, g = grid[:, rng.permutation(grid.shape[1])[:500]]
    low, high = (np.array(ends, np.float64) for ends in zip(*MEMORIES, strict=True))
    apart = Interval(low[c] - (c > 2), high[c] - (c > 2))
    memory = Number.at(np.where(c > 2, *cell.about[cell.memory]), apart)
    low, high = (np.array(ends, np.float64) for ends in zip(*PREACTIVATIONS, strict=True))
    write, kept = (contract._sigmoid(of(low[n], high[n])) for n in (i, f))
    low, high = (np.where(g == 3, 0.0, ends[g]) for ends in (low, high))  # a writer of exactly 0
    one, written = shaped(of(1.0, 1.0), 500), contract._tanh(of(low, high))
    kept = {"coupled": contract._subtract(one, write), "gru": write, "lstm-1997": one}.get(name, kept)
    write = contract._subtract(one, write) if name == "gru" else write
    if name == "lstm-1997":
        written = contract._subtract(contract._multiply(shaped(of(4.0, 4.0), 500), kept), shaped(of(2.0, 2.0), 500))
        written = written.where(f > 3, contract._sigmoid(of(*(np.array(PREACTIVATIONS, float)[f].T))))
    return memory, kept, contract._multiply(write, written)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("contract", CONTRACTS)
def test_memory_is_bounded_by_its_formula(contract, name):
    contract, cell = CONTRACTS[contract], CELLS[name]
    given = cases(contract, name)
    assert_memory(checker._memory(cell, contract, *given), cell, contract, given)


def assert_memory(found, cell, contract, given):
    after, *numbers = (nears(each) for each in (found.after, *given))
    for n, case in enumerate(zip(*numbers, strict=True)):
        wanted, taken, added = memory(contract, cell, *case)
        assert after[n].center == wanted.center, n
        assert_close(after[n].apart, wanted.apart, (n, "apart"))
        assert_close(after[n].value, wanted.value, (n, "value"))
        assert found.after.same[n] == after[n].apart.exactly(0), n
        assert found.after.same[n] == wanted.apart.exactly(0) or after[n].apart.size < 1e-15, n
        still = case[1].value.exactly(1) and case[2].value.exactly(0)
        for ours, theirs in ((found.taken[n], taken), (found.added[n], added)):
            assert theirs <= mpf(float(ours)), n
            assert mpf(float(ours)) <= theirs * (1 + PRECISE) + mpf(0 if still else 1e-15), n


def memory(contract, cell, c, kept, new):
    """The docstring and the comments of _memory, for one case."""
    u, one, f = mpf(contract.u), Real(1), kept.value
    held, left = f * c.value, -kept.apart if kept.center == 1 else one - f
    lost, after = left * c.value, held + new.value
    center = cell.holds if after.low > (mpf(cell.holds) + mpf(cell.rests)) / 2 else cell.rests
    moved = new.less(center - c.center)
    apart = (held + new.less(center)) & (c.apart - lost + moved) & (after - Real(center))
    exact = f.exactly(1) or f.exactly(0) or c.value.exactly(0) or (c.value.exactly(1) and survives(contract, f))
    units = held.whole and new.value.whole and after.size * u <= 1

    def error(a, b):
        return mpf(0) if units else error_of_memory(contract, a, b, exact)

    rounded = Real(-error(held.low, new.value.low), error(held.high, new.value.high))
    after, apart = after + rounded, apart + rounded
    most = new.value.size * (1 + 2 * u)
    absorbed = f.exactly(1) and 4 * most < u * c.value.low and center == c.center
    if new.value.exactly(center) and 4 * held.size * (1 + 2 * u) < u * abs(center):
        after, apart = Real(center), Real(0)
    if absorbed:
        after, apart = c.value, c.apart
    if u and max(abs(f.low), f.high) <= 1:
        power = mpf(2) ** mp.ceil(mp.log(most, 2)) if most else mpf(1)
        stop = power / u if c.value.size <= power / u else max(c.value.size, most * 5 / u)
        after = after & Real(-stop, stop)
        apart = apart & (after - Real(center))
        apart = Real(apart.low, min(apart.high, stop) if center >= 0 else apart.high)
    low = Real(c.value.low, min(c.value.high, cell.holds))
    taken = most_error((f * low).size, new.value.size, (f * low + new.value).size, contract, exact, units)
    taken -= min((moved - left * low).low, 0)
    rises = f.exactly(1) and moved.low >= 0 and center == c.center
    taken = mpf(0) if absorbed or rises else taken if f.low >= 0 else INF
    added = most_error(held.size, new.value.size, (held + new.value).size, contract, exact, units)
    added = mpf(0) if absorbed else added + max((moved - lost).high, 0)
    if apart.exactly(0):
        after = Real(center)
    return Near(after, center, apart), taken, added


def survives(contract, value):
    return max(value.low, -value.high) <= 0 or max(value.low, -value.high) >= contract.tiny


def error_of_memory(contract, a, b, exact):
    return most_error(abs(a), abs(b), abs(a + b), contract, exact)


def most_error(a, b, total, contract, exact, units=False):
    u, tiny = mpf(contract.u), mpf(contract.tiny)
    rounded = 0 if exact else max(u * a, min(a, tiny))
    part = min(a, b) * (1 + 2 * u) + (tiny if a > 0 and b > 0 else 0)
    return mpf(0) if units else rounded + min(part, u * (total + rounded))


def a_memory(low, high, center=1.0):
    apart = interval([low - center], [high - center])
    return Number(interval([low], [high]), np.array([center]), apart, apart.exactly(0))


UNIT = Number.of(interval([1.0], [1.0]))


def a_part(number):
    return Number.of(interval([number], [number]))


def test_what_is_too_small_to_change_a_memory_of_1_leaves_it():
    """What is added, or kept beside a 1 that is written, counts for nothing below a quarter of the last place."""
    contract, cell, u = CONTRACTS["bfloat16"], CELLS["lstm"], 2.0**-8
    for ratio in (0.5, 0.9, 1 - 3.1 * u, 1 - 2.1 * u, 1 - 1.9 * u, 1 - 0.9 * u, 1 + 0.1 * u, 1.3, 2.0, 6.0):
        part = a_part(ratio * u / 4)
        for c, kept, new in ((1.0, UNIT, part), (1.0, part, UNIT), (1.5, UNIT, part)):
            given = a_memory(c, c), kept, new
            assert_memory(checker._memory(cell, contract, *given), cell, contract, given)
    even = a_memory(1 + 2 * u, 1 + 2 * u)  # 4 (1 + 2u) u/4 is u (1 + 2u): just not below it
    assert not checker._memory(cell, contract, even, UNIT, a_part(u / 4)).after.value.exactly(1 + 2 * u)
    almost = a_memory(1 + 2 * u + 1e-15, 1 + 2 * u + 1e-15)
    assert checker._memory(cell, contract, almost, UNIT, a_part(u / 4)).after.value.size == almost.value.size
    just = np.array(u / 4 / (1 + 2 * u))
    just = next(x for x in (just, np.nextafter(just, 0), np.nextafter(just, 1)) if 4 * x * (1 + 2 * u) == u)
    assert checker._memory(cell, contract, a_memory(1.0, 1.0), a_part(just), UNIT).after.value.hi[0] > 1


def test_a_memory_of_2_absorbs_twice_as_much_and_holds_what_it_takes():
    """Of a cell of 1997 nothing is lost; 2 is written and -2 takes it away again, both exactly."""
    contract, cell, u = CONTRACTS["bfloat16"], CELLS["lstm-1997"], 2.0**-8
    for c, new, after in ((0.0, 2.0, 2.0), (2.0, -2.0, 0.0), (2.0, u / 2.1, 2.0), (2.0, 0.0, 2.0), (0.0, 0.0, 0.0)):
        found = checker._memory(cell, contract, a_memory(c, c, c), UNIT, a_part(new))
        assert found.after.value.exactly(after), (c, new)
        assert found.after.apart.exactly(0), (c, new)
        assert (found.taken, found.added) == (0, 0), (c, new)
    drifting = checker._memory(cell, contract, a_memory(0.0, 0.0, 0.0), UNIT, a_part(2.0 + u))
    assert drifting.after.center == 2
    assert drifting.after.apart.lo <= u <= drifting.after.apart.hi
    assert u <= drifting.added <= 1.1 * u
    for c in (1e-6, -1e-6, -1.3 * u):  # rounding may take something of what was there before
        drifting = checker._memory(cell, contract, a_memory(c, c, 0.0), UNIT, a_part(2.0))
        assert drifting.taken > 0


def test_what_a_memory_is_meant_to_change_by_is_known_exactly():
    """Where what is held and what rests are no whole numbers, their difference is none of float64."""
    cell = replace(CELLS["lstm"], holds=0.3, rests=0.1)
    for c, new in ((0.1, 0.2), (0.3, -0.2)):
        given = a_memory(c, c, c), UNIT, a_part(new)
        found = checker._memory(cell, CONTRACTS["exact"], *given).after
        exact = mpf(c) + mpf(new) - mpf(float(found.center[0]))
        assert exact != 0
        assert mpf(float(found.apart.lo[0])) <= exact <= mpf(float(found.apart.hi[0]))


def test_nothing_is_known_of_a_memory_that_grows_beyond_all_numbers():
    contract, cell = CONTRACTS["float32"], CELLS["lstm"]
    wide = Number.at(np.array([1.0]), interval([-1.0], [INF]))
    assert np.isnan(checker._memory(cell, contract, wide, a_part(1.5), UNIT).after.value.lo).all()
    assert not np.isnan(checker._memory(cell, contract, wide, UNIT, UNIT).after.value.lo).any()
    nothing = Number.of(interval([np.nan], [np.nan]))
    found = checker._memory(cell, contract, a_memory(0.0, 0.0, 0.0), nothing, UNIT).after
    assert np.isnan([found.value.lo, found.value.hi]).all()  # 0 times what is no number is none


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_error_of_memory_covers_its_own_roundings(name):
    contract, rng = CONTRACTS[name], np.random.default_rng(2)
    a, b = rng.normal(size=(2, 300)) * 2.0 ** rng.integers(-40, 4, (2, 300))
    exact = rng.random(300) < 0.5
    found = checker._error_of_memory(contract, np.abs(a), np.abs(b), np.abs(a + b), exact)
    for n in range(300):
        wanted = most_error(mpf(abs(a[n])), mpf(abs(b[n])), mpf(abs(a[n] + b[n])), contract, exact[n])
        assert wanted <= mpf(found[n]) <= wanted * (1 + PRECISE), n


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("name", ROUNDED)
def test_machines_stay_within_the_bounds_of_memory(name, fused, kind):
    contract, rng, cell = CONTRACTS[name], np.random.default_rng(7), CELLS[kind]
    fl = contract.rounded
    given = cases(contract, kind, 1)
    bounds = checker._memory(cell, contract, *given)
    for _ in range(40):
        numbers = [any_number(each.value, contract, rng) for each in given]
        there = ~np.isnan(numbers).any(0)
        c, f, new = np.nan_to_num(numbers)
        kept = f * c if fused else fl(f * c)  # exact: 53 bits hold the product of two numbers of 24
        after = fl(kept + new)
        center = bounds.after.center
        for holds in (
            (bounds.after.value.lo <= after) & (after <= bounds.after.value.hi),
            (bounds.after.apart.lo <= after - center) & (after - center <= bounds.after.apart.hi),
            np.minimum(c, cell.holds) - given[0].center - (after - center) <= bounds.taken,
            (after - center) - (c - given[0].center) <= bounds.added,
        ):
            assert holds[there].all()
    assert there.any()


def test_a_memory_that_counts_stops():
    """In bfloat16 adding 1 to 256 changes nothing; counts are bounded by twice that, or by what they have been."""
    contract, cell = CONTRACTS["bfloat16"], CELLS["lstm"]

    def highest(top, eraser=UNIT):
        found = checker._memory(cell, contract, a_memory(1.0, top), eraser, UNIT).after
        assert found.apart.hi[0] <= found.value.hi[0] - 1 + 1e-9
        return float(found.value.hi[0])

    assert highest(100.0) == pytest.approx(101 * (1 + 1 / 257), abs=1)
    assert [highest(top) for top in (511.0, 512.0, 5000.0)] == [512.0, 512.0, 5000.0]
    assert 601 < highest(600.0) < 605
    assert 1200 < highest(1200.0) < 1206  # up to 5/u
    assert highest(1289.0) == 1290.0
    part = 1 / (1 + 2 * 2.0**-8)  # with 1 + 2u more of it, 1
    found = checker._memory(cell, contract, a_memory(1.0, 256.0), UNIT, a_part(part))
    assert found.after.value.hi[0] == 256.0
    above = Number(interval([1.0], [1.0 + 1e-9]), np.ones(1), interval([0.0], [1e-9]), np.zeros(1, bool))
    assert highest(512.0, above) > 513  # an eraser above 1


# The step


def claim(contract, cell="lstm", **changes):
    """Boxes of class 0 and of class 1; each number differs from every other."""
    boxes = {"on": interval([-0.01, -0.02], [0.03, 0.5]), "off": interval([-0.011, -0.021], [0.031, 0.041])}
    boxes |= {
        "on_signal": interval([-0.012, -0.022], [0.032, 0.3]),
        "off_signal": interval([-0.013, -0.023], [0.033, 0.043]),
    }
    boxes = {name: changes.pop(name, box) for name, box in boxes.items()}
    cell = CELLS[cell]
    of = {"contract": contract, "cell": cell, "bound": None, "margin": 1.0, "probabilities": None}
    of |= {k: {cell.state[0]: boxes[f"{k}_signal"]} | {cell.memory: boxes[k]} for k in ("on", "off")}
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
    """Of an LSTM: rows of write filter, eraser and writer."""
    values = np.array([[eraser, writer, write, read] for write, eraser, writer in rows])
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
        assert same[0] is (abs(read) == 70.0 and read > 0)


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
    on, off, same = step(monkeypatch, CONTRACTS["float32"], toy, [0, 0], [0, 0], [0, 0], cell="toy")
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
    """What lands: memory and signal, each less what it is while on, and less what it is while off."""
    kept, real = {}, checker._within

    def within(claimed, kinds, after, but=""):
        (active, idle), cell = claimed.cell.about[claimed.cell.state[0]], claimed.cell
        memory = after[f"{cell.memory}'"]
        kept["on"], kept["off"] = memory.less(cell.holds), memory.less(cell.rests)
        kept["on_signal"], kept["off_signal"] = after["h'"].less(active), after["h'"].less(idle)
        kept["memory"] = checker.Memory(memory, np.zeros(2), np.zeros(2))
        return real(claimed, kinds, after, but)

    monkeypatch.setattr(checker, "_within", within)
    step(monkeypatch, contract, sums, [False] * 2, [False] * 2, [kind] * 2, **free)
    monkeypatch.undo()
    return kept


def landed(at, center, taken=0.0, added=0.0):
    """A memory that lands so far from what it is about, and is moved so much."""
    far = interval([at], [at])
    number = Number(interval([center + at], [center + at]), np.array([center]), far, far.exactly(0))
    return checker.Memory(number, np.array([taken]), np.array([added]))


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
        for own, center in product((True, False), (1.0, 0.0)):
            m = landed(0.2, center, taken, added)
            monkeypatch.setattr(checker, "_memory", lambda *_, m=m: m)
            given = [own], [False], [1]
            found = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), *given, counts, **BOUNDED)
            assert found[0] == [wanted and own and center == 1]
            assert found[1] == [off and not own and center == 0]
            other = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [own], [False], [0], counts, **BOUNDED)
            assert other[:2] == [[center == 1], [center == 0]]  # of class 0 nothing is asked but that it lands there


@pytest.mark.parametrize("own", [True, False])
def test_what_accumulates_drifts_on_and_off_alike(own, monkeypatch):
    """Where every move keeps the memory, each may move it a little, whether the cell was on before or not."""
    wide = {f"{part}_signal": interval([-0.9] * 2, [0.9] * 2) for part in ("on", "off")}
    boxes = BOUNDED | wide | {"cell": "lstm-1997", "top": np.array([2.5, 2.5])}
    sums = Interval(np.array([[0.0, -70.0, 70.0]]), np.array([[0.0, -70.0, 70.0]]))
    for center, taken, added in product((2.0, 0.0), (1e-4, 2e-3), (1e-4, 2e-3)):
        m = landed(0.2, center, taken, added)
        monkeypatch.setattr(checker, "_memory", lambda *_, m=m: m)
        monkeypatch.setattr(checker, "_gates", lambda *_: sums)
        found = landings(CONTRACTS["float32"], Given([own], [False], [1], 3), **boxes)
        holds = max(taken, added) < 1e-3
        assert found.on.tolist() == found.drifts_on.tolist() == [holds and center == 2]
        assert found.off.tolist() == found.drifts_off.tolist() == [holds and center == 0]


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
        m = landed(lands, float(own), moves, moves)
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
    monkeypatch.setattr(checker, "_memory", lambda *_: landed(0.2, 1.0, 0.0, 5e-4))
    found = step(
        monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [True], [False], [1], True, **(BOUNDED | {"rise": 0.0})
    )
    assert found[0] == [True]


@pytest.mark.parametrize("part", ["entry", "entry_off"])
def test_a_move_that_is_no_drift_must_enter(part, monkeypatch):
    n, center = (0, 1.0) if part == "entry" else (1, 0.0)
    for at, enters in ((0.0, True), (0.1, False), (-0.1, False)):
        m = landed(at, center, 1.0, 1.0)
        monkeypatch.setattr(checker, "_memory", lambda *_, m=m: m)
        boxes = BOUNDED | {"entry": interval(-0.2, 0.2), "entry_off": interval(-0.2, 0.2), part: interval(-0.05, 0.05)}
        given = CONTRACTS["float32"], sums_of(KEPT), [False], [False], [1]
        found = step(monkeypatch, *given, **boxes)
        assert found[n] == [enters]
        assert found[1 - n] == [False]
        other = {"entry": "entry_off", "entry_off": "entry"}[part]
        assert step(monkeypatch, *given, **(boxes | {part: boxes[other], other: boxes[part]}))[n] == [True]
        outside = boxes | {"on": interval([-0.3, 0.01], [0.3, 0.3]), "off": interval([-0.3, 0.01], [0.3, 0.3])}
        outside[part] = interval(-0.2, 0.2)
        assert step(monkeypatch, *given, **outside)[n] == [at == 0.1]
        hidden = {"on_signal": interval([-0.3, 0.2], [0.3, 0.3]), "off_signal": interval([-0.3, 0.2], [0.3, 0.3])}
        assert step(monkeypatch, *given, **(boxes | hidden))[:2] == [[False], [False]]


def test_the_signal_of_a_kept_memory_is_that_of_any_in_its_box(monkeypatch):
    wide, narrow = interval([-0.3, -0.3], [0.3, 0.3]), interval([-0.3, -0.1], [0.3, 0.1])
    for part, own in (("on_signal", True), ("off_signal", False)):
        monkeypatch.setattr(checker, "_memory", lambda *_, own=own: landed(0.2, float(own)))
        for box, holds in ((wide, True), (narrow, False)):
            boxes = BOUNDED | {part: box}
            found = step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT), [own], [False], [1], **boxes)
            assert found[0 if own else 1] == [holds]
        closed = sums_of(KEPT, read=-70.0)  # while its read filter is closed, nothing that is on is seen, as it must be
        found = step(
            monkeypatch, CONTRACTS["float32"], closed, [own], [False], [1], **(BOUNDED | {"off_signal": narrow})
        )
        assert found[0 if own else 1] == [not own]


def test_memory_is_looked_for_up_to_the_largest_number_of_the_format(monkeypatch):
    """The step begins with c in [0.7, top], not in all of the box."""
    seen, real = [], checker._memory

    def memory_of(cell, contract, c, *gates):
        seen.append(c)
        return real(cell, contract, c, *gates)

    monkeypatch.setattr(checker, "_memory", memory_of)
    given = [True, True, False], [False, False, True], [0, 1, 0]
    sums = sums_of(KEPT, KEPT, KEPT)
    step(monkeypatch, CONTRACTS["float32"], sums, *given, top=np.array([1.01, 1.2]))
    assert np.allclose(seen[0].value.lo, [0.99, 0.98, 0.0], rtol=1e-12)
    assert np.allclose(seen[0].value.hi, [1.01, 1.2, 0.0], rtol=1e-12)
    assert np.allclose(seen[0].apart.lo, [-0.01, -0.02, 0.0], rtol=1e-12)
    assert np.allclose(seen[0].apart.hi, [0.03, 0.5, 0.0], rtol=1e-12)
    assert seen[0].center.tolist() == [1.0, 1.0, 0.0]
    step(monkeypatch, CONTRACTS["float32"], sums_of(KEPT, KEPT), [False] * 2, [False] * 2, [0, 1])
    assert seen[1].value.lo.tolist() == seen[1].apart.lo.tolist() == [-0.011, -0.021]
    assert seen[1].value.hi.tolist() == [0.031, 0.041]


@pytest.mark.parametrize("name", CELLS)
def test_before_the_first_symbol_all_is_0_and_then_what_the_boxes_say(name, monkeypatch):
    """What a step begins with, for every state of every cell."""
    cell, seen = CELLS[name], []
    names = cell.state
    box = {state: interval([-0.01 * (n + 1)] * 2, [0.02 * (n + 1)] * 2) for n, state in enumerate(names)}
    off = {state: interval([-0.03 * (n + 1)] * 2, [0.04 * (n + 1)] * 2) for n, state in enumerate(names)}
    claimed = replace(claim(CONTRACTS["exact"], name), on=box, off=off, top=np.array([9.0, 9.0]))

    def run(cell, contract, gates, before, remembered=None):
        seen.append(before)
        raise StopIteration

    monkeypatch.setattr(checker, "_run", run)
    monkeypatch.setattr(checker, "_gates", lambda *_: None)
    given = Given([True, False, False], [False, False, True], [0, 1, 0], len(cell.tests))
    with pytest.raises(StopIteration):
        checker.step(given, given, None, claimed, False)
    for state, (active, idle) in cell.about.items():
        number = seen[0][state]
        assert number.center.tolist() == [active, idle, 0.0]
        assert number.apart.lo.tolist() == [box[state].lo[0], off[state].lo[1], 0.0]
        assert number.apart.hi.tolist() == [box[state].hi[0], off[state].hi[1], 0.0]
        wanted = [meant(active) + box[state][:1], meant(idle) + off[state][1:], ZERO]
        assert [float(number.value.lo[n]) for n in range(3)] == [float(each.lo.max()) for each in wanted]
        assert [float(number.value.hi[n]) for n in range(3)] == [float(each.hi.max()) for each in wanted]


# What gates add up


TENSORS = np.zeros((2, 4), np.int64)  # all in one


def network(rng, cells=5, symbols=3, gates=4, cell="lstm"):
    """A network with weights of all sizes on some cells; biases of two tensors, as an LSTM has."""
    dense = rng.normal(size=(gates, cells, cells)) * 10.0 ** rng.integers(-3, 2, (gates, cells, cells))
    dense[rng.random(dense.shape) < 0.5] = 0
    gate, row, column = np.nonzero(dense)
    value = dense[gate, row, column]
    names = [str(n) for n in range(symbols)]
    of = "n", CELLS[cell], "float64", names, [], "", False, ("", "")
    inputs, biases = rng.normal(size=(gates, cells, symbols)), rng.normal(size=(2, gates, cells))
    return Network(*of, inputs, biases, gate, row, column, value, TENSORS, {}), dense


def test_a_machine_of_few_levels_rounds_each_tensor_by_its_largest_weight():
    """Symbols and cells are read from tensors of their own, in which other tests may have rows."""
    rng, contract = np.random.default_rng(0), CONTRACTS["int8-weights"]
    tensors = np.array([[0, 0, 1, 2], [3, 4, 4, 3]])
    stored = replace(network(rng)[0], tensors=tensors)
    held = stored.held(contract)
    for of_inputs, of_cells in (([0, 1], []), ([2], []), ([3], []), ([], [0, 3]), ([], [1, 2])):
        entries = np.isin(stored.gate, of_cells)
        assert np.array_equal(held.inputs[of_inputs], contract.matrix(stored.inputs[of_inputs]))
        assert np.array_equal(held.value[entries], contract.matrix(stored.value[entries]))
    assert not np.array_equal(contract.matrix(stored.inputs), held.inputs)  # each has a largest weight of its own
    assert not np.array_equal(contract.matrix(stored.value), held.value)


def test_cells_have_the_same_number_where_nothing_tells_them_apart():
    """Of cells 1 and 2, first of class 0: then one of them gets a weight, or is of the other class."""
    of = "n", CELLS["lstm"], "float64", ["a"], [], "", False, ("", "")
    gates = range(4)

    def numbers(weights=(), classes=(0, 0, 0, 0, 1), bias=None, of=of):
        biases = np.zeros((2, 4, 5))
        if bias is not None:
            biases[bias] = 1.0
        *at, values = np.array(weights).reshape(-1, 4).T
        made = Network(*of, np.zeros((4, 5, 1)), biases, *(each.astype(int) for each in at), values, TENSORS, {})
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
    shows = "n", CELLS["gru"], *of[2:]  # of what is off, too: its weights count with their signs, and unrounded
    for g in gates:
        for other in (-1.0, 1.0 + 2.0**-20):
            unlike = numbers([(g, 1, 3, 1.0), (g, 2, 3, other)], of=shows)
            assert unlike[1] != unlike[2]
        same = numbers([(g, 1, 3, 1.0), (g, 2, 3, 1.0)], of=shows)
        assert same[1] == same[2]


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("name", ["exact", "float64", "float32", "bfloat16", "int8-weights"])
@pytest.mark.parametrize("seed", range(4))
def test_gates_add_up_all_that_a_cell_can_see(name, seed, cell):
    rng, contract = np.random.default_rng(seed), CONTRACTS[name]
    stored, _ = network(rng, cell=cell)
    classes = np.array([0, 1, 0, 1, 0])
    wiring = checker.Wiring(stored, classes)
    held = stored.held(contract)
    dense = np.zeros((4, 5, 5))
    dense[held.gate, held.row, held.column] = held.value
    claimed = claim(contract, cell)
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
    for wiring.filter in (-1, 0, 2):
        some = gates_of(wiring, held, claimed, 1, 0, SOME, int(wiring.itself[1]), 1)
        plain = gates_of(wiring, held, claimed, 1, 0, 1, int(wiring.itself[1]), 1)
        assert some.lo.tolist() == plain.lo.tolist()
        assert some.hi.tolist() == [[INF if g == wiring.filter else plain.hi[0, g] for g in range(4)]]


def gates_of(wiring, held, claimed, cell, symbol, other, pair, box):
    ints = [np.array([each]) for each in (cell, symbol, other)]
    of = [np.array([other == cell]), np.array([other == BEFORE]), np.full((1, 4), pair), np.full((1, 4), box)]
    return checker._gates(Situations(*ints, *of), wiring, held, claimed)


def add_up(held, dense, claimed, classes, gate, cell, symbol, other):
    """(lowest, highest, what cells that are off may add) of a gate, cell by cell."""
    signal = claimed.signal
    total = Real(0)
    for number in (*held.biases[:, gate, cell], held.inputs[gate, cell, symbol]):
        total += Real(number)
    if other == BEFORE:
        return total, mpf(0)
    dark = mpf(0)
    for k, kind in enumerate(classes.tolist()):
        if k == 0 or k == other:
            total += Real(dense[cell, k]) * Real(float(signal.lo[kind]), float(signal.hi[kind]))
        else:
            total += Real(dense[cell, k]) * Real(claimed.cell.idle)
        if k:
            dark += abs(mpf(dense[cell, k])) * mpf(float(claimed.dim[kind]))
    return total, dark


def assert_sums(found, wanted, contract):
    """The cells that are off are counted with at most 1/16 more, and what machines make of their weights."""
    for g, (total, dark) in enumerate(wanted):
        low, high = mpf(float(found.lo[0, g])), mpf(float(found.hi[0, g]))
        room = dark * (1 + 1 / mpf(16)) * (1 + 20 * mpf(contract.u) + 2.0**-7 * bool(contract.u))
        room += 16 * mpf(contract.u) * (abs(total.low) + abs(total.high) + 60) + 1e-12 + 0.5 * bool(contract.levels)
        assert low <= total.low - dark
        assert total.high + dark <= high
        assert total.low - low <= room
        assert high - total.high <= room


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_given_to_the_sum(name, kind, monkeypatch):
    """Numbers, products, and what cells that are off may add: as held, each weight may be more than it is stored as."""
    contract, rng = CONTRACTS[name], np.random.default_rng(5)
    stored, dense = network(rng, cell=kind)
    largest_at = np.arange(len(stored.value)) == 3
    stored = replace(stored, value=np.where(largest_at, -0.6, stored.value * 2.0**-10))
    dense[stored.gate, stored.row, stored.column] = stored.value
    classes = np.array([0, 1, 0, 1, 0])
    wiring, held, claimed, given = checker.Wiring(stored, classes), stored.held(contract), claim(contract, kind), []

    def add(self, *parts):
        given.append(parts)
        return interval([0.0], [0.0]), np.zeros(1)

    monkeypatch.setattr(checker.Contract, "sum", add)
    level = max(np.abs(held.value).max() / contract.levels if contract.levels else 0.0, 2.0**contract.least)
    sums = np.abs(dense[:, :, 1:]) @ np.eye(2)[classes[1:]]  # by gate, cell and class
    count = (dense[:, :, 1:] != 0).sum(2)
    coarse, rough = checker._coarse(sums * (1 + 2.0**-30)), checker._coarse(count * 1.0)
    as_held = np.zeros((4, 5, 5))
    as_held[held.gate, held.row, held.column] = held.value

    assert np.allclose(wiring.sums, sums.transpose(1, 0, 2) * (1 + 2.0**-30), rtol=1e-13, atol=0)

    def most(sums, count):
        each = (
            sums * (1 + 2.0**-7) + (sums > 0) * count[..., None] * level if name not in ("exact", "float64") else sums
        )
        return (each * claimed.dim).sum(-1)

    largest = most(sums, rough).max(1)
    for cell in range(1, 5):
        for other in (BEFORE, cell):
            gates_of(wiring, held, claimed, cell, 1, other, int(wiring.itself[cell]), classes[cell])
            quiet = other == BEFORE
            wanted = np.zeros(4) if quiet else np.minimum(most(coarse, rough)[:, cell], largest)
            for g, (numbers, products, small, found, totals) in enumerate(given):
                assert [each.item() for each in numbers] == [*held.biases[:, g, cell], held.inputs[g, cell, 1]]
                assert wanted[g] <= small.item() <= wanted[g] * (1 + 2e-9)
                assert found.item() == (0.0 if quiet else rough[g, cell])
                signal = claimed.signal
                for (weight, shown), column, box in zip(products, (0, cell), (0, classes[cell]), strict=True):
                    assert weight.item() == as_held[g, cell, column]
                    ends = (0.0, 0.0) if quiet else (float(signal.lo[box]), float(signal.hi[box]))
                    assert (shown.lo.item(), shown.hi.item()) == ends
                others = [as_held[g, cell, k] for k in range(1, 5) if k != cell]
                terms = np.count_nonzero(dense[g, cell, 1:]) - (as_held[g, cell, cell] != 0)
                parts = [sum(others) * claimed.cell.idle, sum(map(abs, others)), terms]
                parts = [0.0] * 3 if quiet or kind == "lstm" else parts
                assert np.allclose([each.item() for each in (totals.value, totals.size, totals.count)], parts)
                every = np.concatenate([held.biases[:, g].ravel(), held.inputs[g].ravel(), as_held[g].ravel()])
                assert totals.quantum == checker.quantum(every)
                assert (np.fmod(every, totals.quantum) == 0).all()
            assert len(given) == 4
            given.clear()
    odd = replace(
        claimed, cell=replace(claimed.cell, idle=-0.75)
    )  # then products are multiples of no such power of two
    gates_of(wiring, held, odd, 1, 1, 1, int(wiring.itself[1]), 0)
    assert {parts[4].quantum for parts in given} == {0.0}


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
