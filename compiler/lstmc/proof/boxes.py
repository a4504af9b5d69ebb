"""Boxes: the intervals that hold a cell's numbers while it is on, and while it is off, under a contract."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import exp, floor, inf

import numpy as np
from numpy.typing import NDArray

from lstmc.proof.contracts import Contract
from lstmc.proof.interval import TANH_1, Gate, Interval, point, short, sigmoid, tanh, tanh_from_one
from lstmc.proof.situations import INPUT, OUTPUT, WRITER, Situations

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """On: the deviation of c from 1, and of h from tanh 1. Off: c and h themselves. Each a pair, low and high."""

    on_c: tuple[float, float] = (0.0, 0.0)
    on_h: tuple[float, float] = (0.0, 0.0)
    off_c: tuple[float, float] = (0.0, 0.0)
    off_h: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Boxes:
    """One box for the cells that are rewritten at each step, one for those that their erasers keep.

    entry, entry_off   where the memory of a kept cell lands when it is not kept: on (deviation from 1), and off
    drift              by how much one step of keeping can change it (of a count: lower it)
    rise               by how much one step of keeping and writing again can raise it
    bound              how many times in a row a memory may be kept; None: any number
    """

    rewritten: Box
    kept: Box
    entry: tuple[float, float] = (0.0, 0.0)
    entry_off: tuple[float, float] = (0.0, 0.0)
    drift: float = 0.0
    rise: float = 0.0
    bound: int | None = None
    same: bool = False  # whether every cell that is on shows the same number, tanh(1) as the kernel has it


@dataclass(frozen=True)
class Failure:
    """Why no boxes hold: the kind of situation where it goes wrong, and what goes wrong there."""

    kind: int
    what: str
    leaks: bool = False  # a kept memory drifts: only a bounded proof can hold
    overflows: bool = False  # numbers are too large, and not too small


@dataclass(frozen=True, eq=False)
class Image:
    """What one step makes of every kind of situation, (U,).

    c, h        deviations where the cell is on afterwards, else values
    keeps       where the eraser is open and the cell stays as it is, on or off
    drift       how far keeping moves the memory (a count: down); rise: how far up a count
    overflows   where a gate's sum may be too large for the format
    same        whether every cell that is on ends with a memory of exactly 1 and an open read filter of exactly 1
    """

    c: Interval
    h: Interval
    keeps: Bools
    drift: Floats
    rise: Floats
    overflows: Bools
    same: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """What has to be settled: the situations, where the cell is on afterwards and its eraser open, the arithmetic.

    together   whether cells may be on together, so that memories count
    slack      how far a kept memory may drift, for a bounded proof; 0 for one of every length
    """

    found: Situations
    on: Bools
    eraser_open: Bools
    contract: Contract
    together: bool
    slack: float


# How often the boxes may grow before the proof gives up; those that settle do so within four rounds.
ROUNDS = 12
# A box this wide cannot be told from the other: on is about 1 (or tanh 1), off about 0.
WIDEST = 0.5
# What is claimed of a bound, and of drift, so that a checker with another rounding can confirm it.
SURE = Fraction(99, 100)
MOST = 10**300  # a larger bound says no more, and float64 cannot hold it
OTHERWISE = 1 + 1e-6
DIGITS = 4  # of every end of a box: two machines then write the same certificate
# Between what a step makes and the end of its box there must be some room, relative to its size, unless both are one
# number that is kept exactly: a checker that rounds otherwise then finds it inside, too.
ROOM = 1e-9
# A count may grow as long as a closed eraser, of at most e^−100 at the gains that are chosen, still erases it to this.
ERASED = 1e-3
REACHED = 100


def settle(problem: Problem) -> Boxes | Failure:
    """Boxes that one step leads back into, from every situation."""
    boxes = Boxes(Box(), Box())
    for _ in range(ROUNDS):
        image = step(problem, boxes)
        failure = _wrong(problem, image)
        if failure is not None:
            return failure
        grown = _around(problem, image, boxes)
        if not problem.slack and grown.drift:
            return Failure(0, "a kept memory leaks", leaks=True)
        if grown == boxes:
            return boxes
        boxes = grown
    return Failure(0, "the intervals of the memory do not settle: errors grow from step to step")


def _around(problem: Problem, image: Image, old: Boxes) -> Boxes:
    """The old boxes where the image fits into them, else larger ones."""
    on, slack = problem.on, problem.slack
    kept = problem.found.kept
    landing = kept & ~image.keeps
    entry = _hull(image.c, on & landing, old.entry)
    entry_off = _hull(image.c, ~on & landing, old.entry_off, zero=True)
    drift = short(float(np.max(image.drift, where=image.keeps, initial=0.0)) * OTHERWISE, DIGITS, up=True)
    rise = short(float(np.max(image.rise, where=image.keeps, initial=0.0)) * OTHERWISE, DIGITS, up=True)
    rewritten = _box(image, on, ~kept, ~kept, old.rewritten)
    box = _box(image, on, kept, landing if slack else kept, old.kept)
    bound = None
    if slack:
        top = _top(problem, entry)
        box = replace(box, on_c=(entry[0] - slack, top), off_c=(entry_off[0] - slack, entry_off[1] + slack))
        moves = (slack, drift), (top - entry[1], max(drift, rise))
        steps = [Fraction(room) / Fraction(by) for room, by in moves if by]
        bound = min(floor(min(steps) * SURE), MOST) if steps else None
    elif problem.together and problem.contract.roundoff and kept.any():
        box = replace(box, on_c=(box.on_c[0], 2 / problem.contract.roundoff))  # where a count stays: _kept
    if not problem.found.gates.squashes:  # the memory itself is what a toy's cell shows
        rewritten, box = (replace(b, on_h=b.on_c, off_h=b.off_c) for b in (rewritten, box))
    return Boxes(rewritten, box, entry, entry_off, drift, rise, bound, image.same)


def _top(problem: Problem, entry: tuple[float, float]) -> float:
    """How high a kept memory may get."""
    if not problem.together:
        return entry[1] + problem.slack
    return ERASED / problem.contract.sigmoid if problem.contract.sigmoid else ERASED * exp(REACHED)


def _box(image: Image, on: Bools, which: Bools, landing: Bools, old: Box) -> Box:
    return Box(
        _hull(image.c, on & landing, old.on_c),
        _hull(image.h, on & which, old.on_h),
        _hull(image.c, ~on & landing, old.off_c, zero=True),
        _hull(image.h, ~on & which, old.off_h, zero=True),
    )


def _hull(image: Interval, which: Bools, old: tuple[float, float], zero: bool = False) -> tuple[float, float]:
    """The old interval where it holds the image; else one that holds both, and a little more so that it settles."""
    if not which.any():
        return old
    lows, highs, room = image.lo[which], image.hi[which], ROOM * image.size[which]
    if np.all((old[0] <= lows - room) | (old[0] == lows)) and np.all((highs + room <= old[1]) | (highs == old[1])):
        return old
    lo, hi = float(lows.min()), float(highs.max())
    if zero or old != (0.0, 0.0):
        lo, hi = min(lo, old[0]), max(hi, old[1])
    if lo == hi == 0.0:
        return 0.0, 0.0
    more = min((hi - lo) / 16, 1e-6)  # wide boxes would grow for ever if they grew in proportion
    return short(lo - more, DIGITS, up=False), short(hi + more, DIGITS, up=True)


def _wrong(problem: Problem, image: Image) -> Failure | None:
    """What no box can hold, or only one in which on cannot be told from off."""
    if image.overflows.any():
        what = f"a sum may exceed {problem.contract.largest / 2:g}, half of the largest number"
        return Failure(int(np.argmax(image.overflows)), what, overflows=True)
    on = problem.on
    high = image.c.hi > WIDEST if not problem.together else np.zeros_like(on)
    wrong_on = on & ((image.c.lo < -WIDEST) | high | (image.h.lo < -WIDEST / 2))
    wrong_off = ~on & (image.h.size > WIDEST / 2)
    for wrong, what in ((wrong_on, "should be on, and its memory is not held near 1"), (wrong_off, "should be off")):
        if wrong.any():
            kind = int(np.argmax(wrong))
            c, h = (f"{float(x.lo[kind]):.3g} … {float(x.hi[kind]):.3g}" for x in (image.c, image.h))
            return Failure(kind, f"{what} (deviations: memory {c}, shown {h})")
    return None


def step(problem: Problem, boxes: Boxes) -> Image:
    """One step of the network from the boxes, with every error that the contract allows."""
    found, on, contract = problem.found, problem.on, problem.contract
    sums = _sums(problem, boxes)
    write_filter, eraser, writer, read_filter = _gates(sums, contract)
    own, kept = found.own_on, found.kept
    keeps = (own == on) & problem.eraser_open & kept
    deviation, memory = _by_class(kept, boxes, "on_c"), _by_class(kept, boxes, "off_c")
    before = (point(1.0) + deviation).where(own, memory)
    held = deviation.where(own, memory)  # as boxes say it: a deviation where the cell is on, else a value
    added, carried = write_filter.value * writer.value, eraser.value * before
    error = (
        _product_error(carried, eraser.value, before, contract)
        + _product_error(added, write_filter.value, writer.value, contract)
        + _addition_error(carried, added, contract)
    )
    rest = write_filter.rest + writer.rest + -(write_filter.rest * writer.rest)
    written = (carried + -rest).where(on, carried + added).widened(error)
    little = carried.size * (1 + 4 * contract.roundoff) < contract.roundoff / 4
    one = on & added.is_exactly(1.0) & little  # 1 absorbs what is left of the past
    written = point(np.zeros(on.shape)).where(one, written)
    change, rise, after = _kept(problem, held, before, eraser, added, error)
    c = after.where(keeps, written)
    shown = held.where(keeps, c) if problem.slack else c
    same = bool(np.all((c.is_exactly(0.0) & read_filter.value.is_exactly(1.0)) | ~on))
    if found.gates.squashes:
        shown = _shown(shown, on, read_filter, contract)
    counts = problem.together & on
    drift = np.where(counts, np.maximum(-change.lo, -eraser.rest.lo), change.size)  # an eraser above 1 leaks, too
    overflows = np.logical_or.reduce([np.isinf(summed.lo) for summed in sums])
    return Image(c, shown, keeps, np.maximum(drift, 0.0), rise, overflows, same)


def _kept(
    problem: Problem, held: Interval, before: Interval, eraser: Gate, added: Interval, error: Floats
) -> tuple[Interval, Floats, Interval]:
    """What keeping does: how it changes the memory, how far up it lets a count rise, and the memory after.

    An eraser of exactly 1 keeps the memory exactly, and a sum absorbs what is below a quarter of its roundoff: then
    nothing changes, for ever. A memory near 0 absorbs only once it has grown to 4/u times what is added.
    """
    contract, u = problem.contract, problem.contract.roundoff
    open_exactly = eraser.value.is_exactly(1.0)
    most = np.where(added.is_exactly(0.0), 0.0, added.size * (1 + 4 * u) + contract.tiny)
    still = open_exactly & ((most == 0) | (most < u * before.lo / 4))
    limit = np.where(open_exactly & ~problem.on, 5 * most / u, 0.0) if u else np.zeros(still.shape)
    if problem.together:  # of a count the lowest value matters: 1 at most, for keeping more cannot fall below that
        low = Interval(before.lo, np.minimum(before.hi, 1.0))
        change = (-(eraser.rest * low) + added).widened((5 * u + contract.tiny) * np.ones(still.shape))
        more = before.hi * (4 * u + np.maximum(-eraser.rest.lo, 0.0)) + contract.tiny
        rise = np.where(problem.on, np.maximum(added.hi, 0.0) * (1 + 4 * u) + more, 0.0)
    else:
        change = (-(eraser.rest * before) + added).widened(error)
        rise = np.zeros(still.shape)
    absorbed = still | (limit > 0)
    change = point(np.zeros(still.shape)).where(absorbed, change)
    after = Interval(held.lo + np.minimum(change.lo, 0.0), held.hi + np.maximum(change.hi, rise))
    if problem.together and u:  # from 2/u on numbers lie 4 apart, so that adding less than 2 changes nothing any more
        after = Interval(after.lo, np.where(problem.on & (most < 2), np.minimum(after.hi, 2 / u), after.hi))
    after = Interval(np.minimum(after.lo, -limit), np.maximum(after.hi, limit)).where(limit > 0, after)
    return change, rise, after


def _shown(c: Interval, on: Bools, read_filter: Gate, contract: Contract) -> Interval:
    """h = σ(o)·tanh(c): the deviation from tanh 1 where the cell is on, the value where it is off."""
    near = tanh_from_one(c).widened(np.where(c.is_exactly(0.0), contract.at_one, contract.tanh).astype(np.float64))
    most = np.where(c.lo >= 9, 1.0, 1 + contract.tanh)
    near = Interval(near.lo, np.minimum(near.hi, most - TANH_1.lo))
    rounded = ~read_filter.value.is_exactly(1.0)
    product_error = np.where(rounded, contract.roundoff * 1.01, 0.0).astype(np.float64)  # h is below 1.01
    bright = (near + -(read_filter.rest * (TANH_1 + near))).widened(product_error)
    dark = read_filter.value * tanh(c, contract).value
    return bright.where(on, dark.widened(rounding(dark.size, contract)))


def _gates(sums: list[Interval], contract: Contract) -> tuple[Gate, ...]:
    """The gates (U,), in their order. A toy has no read filter: it is open."""
    gates = [tanh(z, contract) if n == WRITER else sigmoid(z, contract) for n, z in enumerate(sums)]
    shape = sums[0].lo.shape
    return (*gates, Gate(point(np.ones(shape)), point(np.zeros(shape))))[: OUTPUT + 1]


def _sums(problem: Problem, boxes: Boxes) -> list[Interval]:
    """What each gate adds up before it is squashed, (U,)."""
    found, contract = problem.found, problem.contract
    active = TANH_1 if found.gates.squashes else point(1.0)

    def shown(kept: Bools) -> Interval:
        return active + _by_class(kept[:, None], boxes, "on_h")

    begun, other = shown(np.zeros_like(found.kept)), shown(found.other_kept)
    if problem.together:  # one on, at its lowest: what more there may be only makes an OR larger
        other = Interval(other.lo, np.maximum(other.lo, active.hi))
    terms = [
        point(found.started) * begun,
        point(found.other) * other,
        point(found.own) * shown(found.kept),
    ]
    dim = max(max(abs(end) for end in box.off_h) for box in (boxes.rewritten, boxes.kept))
    small = found.small * dim * (1 + 8 * contract.roundoff)
    result = []
    for gate in range(found.bias.shape[1]):
        summed = _sum(found, [_column(term, gate) for term in terms], gate, float(small[gate]), contract)
        if problem.together and gate == INPUT:  # one or more of those that it reads are on: the sum can only be larger
            some = found.other_on | (found.own_on & (found.own[:, INPUT] > 0))
            summed = Interval(summed.lo, np.where(some, inf, summed.hi))
        result.append(summed)
    return result


def _column(term: Interval, gate: int) -> Interval:
    return Interval(term.lo[:, gate], term.hi[:, gate])


def _sum(found: Situations, cells: list[Interval], gate: int, small: float, contract: Contract) -> Interval:
    """A pre-activation, (U,): bias, input and weighted cells added up in any order."""
    exact = [point(found.bias[:, gate]), point(found.input[:, gate])]
    return add_up(exact, cells, small, found.terms, contract)


def add_up(exact: list[Interval], products: list[Interval], small: float, terms: int, contract: Contract) -> Interval:
    """The sum of stored numbers and of products, in any order, with the roundoff that the contract allows.

    small, terms   a bound of the total of all other products (of cells that are off), and how many there are
    """
    value, error = sum_and_error(exact, products, small, terms, contract)
    return point(np.zeros(value.lo.shape)).where(np.broadcast_to(error < 0, value.lo.shape), value.widened(error))


def sum_and_error(
    exact: list[Interval], products: list[Interval], small: float, terms: int, contract: Contract
) -> tuple[Interval, Floats]:
    """The sum of the large terms, and how far the whole can be from it; −1 where there is nothing: that is exactly 0.

    Of the additions, those with one operand made of small terms only are wrong by at most that operand, since
    |fl(a + b) − (a + b)| ≤ min(|a|, |b|); the others are one fewer than the large terms, each wrong by at most
    u times its result: the last one's is the sum itself, the others' at most the total of all |terms|.
    """
    u = contract.roundoff
    value = reduce(Interval.__add__, exact + products)
    total = sum((term.size for term in exact + products), np.zeros(1)) * (1 + 8 * u)  # with its own roundoff
    count = sum((~term.is_exactly(0.0) for term in exact + products), np.zeros(1, np.int64))
    growth = float(np.exp(min(u * terms, 600.0)))
    grown = growth * (small + min(small, terms * contract.tiny))  # the small terms added up
    shadow = grown + np.minimum(grown, u * terms * growth * (total + grown))
    rounded = sum((rounding(term.size, contract) for term in products), np.zeros(1))
    earlier = rounded + u * np.maximum(count - 2, 0) * (total + shadow) + shadow
    last = (u * (np.minimum(total, value.size) + earlier) + contract.tiny) * (count > 1)
    error = np.where(total + grown < contract.largest / 2, earlier + last, inf)
    return value, np.where((count == 0) & (small == 0), -1.0, error)


def _by_class(kept: Bools, boxes: Boxes, name: str) -> Interval:
    low, high = (np.where(kept, getattr(boxes.kept, name)[n], getattr(boxes.rewritten, name)[n]) for n in (0, 1))
    return Interval(low, high)


def rounding(size: Floats, contract: Contract) -> Floats:
    """The error of rounding a product of at most this size: u of it, or all of it where it is flushed to 0."""
    return np.maximum(contract.roundoff * size, np.minimum(size, contract.tiny))


def _product_error(product: Interval, left: Interval, right: Interval, contract: Contract) -> Floats:
    """A gate of exactly 0 or 1 makes no error, nor does a memory or a writer of exactly 0."""
    exact = left.is_exactly(0.0) | left.is_exactly(1.0) | right.is_exactly(0.0)
    return np.where(exact, 0.0, rounding(product.size, contract))


def _addition_error(a: Interval, b: Interval, contract: Contract) -> Floats:
    """|fl(a + b) − (a + b)| ≤ min(|a|, |b|, u·|a + b|), where a and b are rounded products, or it is flushed to 0."""
    part, together = np.minimum(a.size, b.size), contract.roundoff * (a.size + b.size)
    return np.minimum(part, together) * (1 + 2 * contract.roundoff) + np.where(part > 0, contract.tiny, 0.0)
