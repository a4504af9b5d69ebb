"""Boxes: the intervals that hold a cell's numbers while it is on, and while it is off, under a contract."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import exp, floor, inf

import numpy as np
from numpy.typing import NDArray

from lstmc.network.equations import PRIME, in_domain
from lstmc.proof.contracts import Contract
from lstmc.proof.interval import Interval, point, short
from lstmc.proof.near import Addends, Machine, Near, add_up, addition_error, at, known, meant, product_error
from lstmc.proof.recurrence import Recurrence
from lstmc.proof.situations import Situations, states_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ends = tuple[float, float]  # of an interval: low and high


@dataclass(frozen=True)
class Box:
    """How far each state of a cell is from what it is while the cell is on; and while it is off."""

    on: dict[str, Ends] = field(default_factory=dict)
    off: dict[str, Ends] = field(default_factory=dict)

    def ends(self, name: str, on: bool) -> Ends:
        return (self.on if on else self.off).get(name, (0.0, 0.0))


@dataclass(frozen=True)
class Boxes:
    """One box for the cells that are rewritten at each step, one for those that keep their memory.

    entry, entry_off   where the memory of a kept cell lands when it is not kept: on, and off
    drift              by how much one step of keeping can change it (of a count: lower it)
    rise               by how much one step of keeping and writing again can raise it
    bound              how many times in a row a memory may be kept; None: any number
    """

    rewritten: Box
    kept: Box
    entry: Ends = (0.0, 0.0)
    entry_off: Ends = (0.0, 0.0)
    drift: float = 0.0
    rise: float = 0.0
    bound: int | None = None
    same: bool = False  # whether every cell that is on shows the same number

    def of(self, kept: Bools, name: str, on: bool) -> Interval:
        """How far a state may be from what it is while the cell is on, or off."""
        pairs = zip(self.kept.ends(name, on), self.rewritten.ends(name, on), strict=True)
        return Interval(*(np.where(kept, of_kept, of_rewritten) for of_kept, of_rewritten in pairs))

    def dim(self, shown: str) -> float:
        """How far what is shown while off may be from what it is then."""
        return max(abs(end) for box in (self.rewritten, self.kept) for end in box.ends(shown, on=False))


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

    states      how far each is from what it is about, on or off as the cell is afterwards
    keeps       where the memory stays as it is
    drift       how far keeping moves the memory (a count: down); rise: how far up a count
    overflows   where a sum may be too large for the format
    same        whether every cell that is on shows the same number
    """

    states: dict[str, Interval]
    keeps: Bools
    drift: Floats
    rise: Floats
    overflows: Bools
    same: bool


@dataclass(frozen=True, eq=False)
class Problem:
    """What has to be settled: the situations, where the cell is on afterwards and its memory kept, the arithmetic.

    together   whether cells may be on together, so that memories count
    slack      how far a kept memory may drift, for a bounded proof; 0 for one of every length
    """

    found: Situations
    recurrence: Recurrence
    on: Bools
    open: Bools
    contract: Contract
    together: bool
    slack: float

    @property
    def memory(self) -> str:
        return self.found.gates.cell.memory()

    @property
    def shown(self) -> str:
        return self.found.gates.cell.equations.shown

    @property
    def accumulates(self) -> bool:
        """Whether the memory is kept at every step, so that errors add up from the first symbol on."""
        return bool(self.open.all())


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
    on, slack, memory = problem.on, problem.slack, problem.memory
    kept = problem.found.kept
    landing = kept & ~image.keeps
    entry = _hull(image.states[memory], on & landing, old.entry)
    entry_off = _hull(image.states[memory], ~on & landing, old.entry_off, zero=True)
    drift = short(float(np.max(image.drift, where=image.keeps, initial=0.0)) * OTHERWISE, DIGITS, up=True)
    rise = short(float(np.max(image.rise, where=image.keeps, initial=0.0)) * OTHERWISE, DIGITS, up=True)
    rewritten = _box(image, on, ~kept, old.rewritten)
    box = _box(image, on, kept, old.kept)
    bound = None
    if slack:
        top = _top(problem, entry)
        box.on[memory], box.off[memory] = (entry[0] - slack, top), (entry_off[0] - slack, entry_off[1] + slack)
        moves = (slack, drift), (top - entry[1], max(drift, rise))
        steps = [Fraction(room) / Fraction(by) for room, by in moves if by]
        bound = min(floor(min(steps) * SURE), MOST) if steps else None
    elif problem.together and problem.contract.roundoff and kept.any():
        box.on[memory] = (box.on[memory][0], 2 / problem.contract.roundoff)  # where a count stays: _kept
    return Boxes(rewritten, box, entry, entry_off, drift, rise, bound, image.same)


def _top(problem: Problem, entry: Ends) -> float:
    """How high a kept memory may get."""
    if not problem.together:
        return entry[1] + problem.slack
    return ERASED / problem.contract.sigmoid if problem.contract.sigmoid else ERASED * exp(REACHED)


def _box(image: Image, on: Bools, which: Bools, old: Box) -> Box:
    return Box(
        {name: _hull(found, on & which, old.ends(name, on=True)) for name, found in image.states.items()},
        {name: _hull(found, ~on & which, old.ends(name, on=False), zero=True) for name, found in image.states.items()},
    )


def _hull(image: Interval, which: Bools, old: Ends, zero: bool = False) -> Ends:
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
    unknown = np.logical_or.reduce([~np.isfinite(ends) for state in image.states.values() for ends in state])
    if unknown.any():
        return Failure(int(np.argmax(unknown)), "nothing is known of what it carries: it divides by what may be 0")
    on, c, h = problem.on, image.states[problem.memory], image.states[problem.shown]
    high = c.hi > WIDEST if not problem.together else np.zeros_like(on)
    wrong_on = on & ((c.lo < -WIDEST) | high | (h.lo < -WIDEST / 2))
    wrong_off = ~on & (h.size > WIDEST / 2)
    held = f"should be on, and its memory is not held near {problem.found.gates.cell.holds:g}"
    for wrong, what in ((wrong_on, held), (wrong_off, "should be off")):
        if wrong.any():
            kind = int(np.argmax(wrong))
            memory, shown = (f"{float(x.lo[kind]):.3g} … {float(x.hi[kind]):.3g}" for x in (c, h))
            return Failure(kind, f"{what} (deviations: memory {memory}, shown {shown})")
    return None


def step(problem: Problem, boxes: Boxes) -> Image:
    """One step of the network from the boxes, with every error that the contract allows."""
    cell, on, machine = problem.found.gates.cell, problem.on, Machine(problem.contract)
    sums = dict(zip(problem.found.gates.names, _sums(problem, boxes), strict=True))
    about = states_of(cell)
    values = {name: _before(problem.found, boxes, name, *ends) for name, ends in about.items()}
    moved: Moved | None = None
    for line in cell.equations.of_cells:
        summed = None if line.sum is None else known(sums[line.name])
        if line.name == problem.recurrence.line:
            kept, written = (
                in_domain(part, machine)(values, summed)
                for part in (problem.recurrence.kept, problem.recurrence.written)
            )
            moved = _moved(problem, boxes, values[problem.memory], kept, written)
            values[line.name] = at(moved.center, moved.shown)
        else:
            values[line.name] = in_domain(line.expression, machine)(values, summed)
    assert moved is not None, "every cell has a memory"
    states = {name: values[name + PRIME].minus(np.where(on, *ends)) for name, ends in about.items()}
    shown = values[problem.shown + PRIME]
    return Image(
        states | {problem.memory: moved.after},
        moved.keeps,
        moved.drift,
        moved.rise,
        overflows=np.logical_or.reduce([np.isinf(summed.lo) for summed in sums.values()]),
        same=bool(np.all(shown.sure[on])) and all(len(set(end[on].tolist())) <= 1 for end in shown.value),
    )


def _before(found: Situations, boxes: Boxes, name: str, active: float, idle: float) -> Near:
    """A state before the step: 0 before the first symbol."""
    apart = boxes.of(found.kept, name, True).where(found.own_on, boxes.of(found.kept, name, False))
    begun = at(np.where(found.own_on, active, idle), apart)
    return begun.where(found.begun, known(point(np.zeros(found.begun.shape))))


@dataclass(frozen=True, eq=False)
class Moved:
    """The memory after a step: how far it is from what it is then, and what the lines below it may count on."""

    center: Floats
    after: Interval
    shown: Interval
    keeps: Bools
    drift: Floats
    rise: Floats


def _moved(problem: Problem, boxes: Boxes, before: Near, kept: Near, written: Near) -> Moved:
    """memory' = kept · memory + written."""
    found, on, contract, memory = problem.found, problem.on, problem.contract, problem.memory
    center = np.where(on, *states_of(found.gates.cell)[memory])
    keeps = problem.open & found.kept & ((found.own_on == on) | problem.accumulates)
    carried = kept.value * before.value
    error = product_error(kept.value, before.value, contract) + addition_error(carried, written.value, contract)
    apart = written.minus(center)
    after = (carried + apart).widened(error)
    little = carried.size * (1 + 4 * contract.roundoff) < contract.roundoff * np.abs(center) / 4
    renewed = apart.is_exactly(0.0) & little  # it absorbs what is left of the past
    after = point(np.zeros(on.shape)).where(renewed, after)
    change, rise, still = _kept(problem, before, kept, written, written.minus(center - before.center), error)
    keeps &= ~renewed
    after = still.where(keeps, after)
    box = boxes.of(found.kept, memory, True).where(on, boxes.of(found.kept, memory, False))
    counts = problem.together & on
    drift = np.where(counts, np.maximum(-change.lo, -kept.rest.lo), change.size)  # what multiplies by more leaks, too
    return Moved(
        center, after, box.where(keeps, after) if problem.slack else after, keeps, np.maximum(drift, 0.0), rise
    )


def _kept(
    problem: Problem, before: Near, kept: Near, written: Near, added: Interval, error: Floats
) -> tuple[Interval, Floats, Interval]:
    """What keeping does: how it changes the memory, how far up it lets a count rise, and the memory after.

    added   what is written, less what it is meant to change

    An eraser of exactly 1 keeps the memory exactly, and a sum absorbs what is below a quarter of its roundoff: then
    nothing changes, for ever. A memory near 0 absorbs only once it has grown to 4/u times what is added.
    """
    contract, u, same = problem.contract, problem.contract.roundoff, problem.found.own_on == problem.on
    open_exactly = kept.value.is_exactly(1.0) & same
    most = np.where(written.value.is_exactly(0.0), 0.0, written.value.size * (1 + 4 * u) + contract.tiny)
    still = open_exactly & ((most == 0) | (most < u * before.value.lo / 4))
    grows = bool(u) and not problem.slack  # a bounded proof counts every move
    limit = np.where(open_exactly & ~problem.on, 5 * most / u, 0.0) if grows else np.zeros(still.shape)
    limit = np.where(limit < WIDEST / 2, limit, 0.0)
    if problem.together:  # of a count the lowest value matters: 1 at most, for keeping more cannot fall below that
        low = Interval(before.value.lo, np.minimum(before.value.hi, 1.0))
        change = (-(kept.rest * low) + added).widened((5 * u + contract.tiny) * np.ones(still.shape))
        more = before.value.hi * (4 * u + np.maximum(-kept.rest.lo, 0.0)) + contract.tiny
        rise = np.where(problem.on, np.maximum(added.hi, 0.0) * (1 + 4 * u) + more, 0.0)
    else:
        change = (-(kept.rest * before.value) + added).widened(error)
        rise = np.zeros(still.shape)
    change = point(np.zeros(still.shape)).where(still | (limit > 0), change)
    held = before.apart
    after = Interval(held.lo + np.minimum(change.lo, 0.0), held.hi + np.maximum(change.hi, rise))
    if problem.together and u:  # from 2/u on numbers lie 4 apart, so that adding less than 2 changes nothing any more
        after = Interval(after.lo, np.where(problem.on & (most < 2), np.minimum(after.hi, 2 / u), after.hi))
    after = Interval(np.minimum(after.lo, -limit), np.maximum(after.hi, limit)).where(limit > 0, after)
    return change, rise, after


def _sums(problem: Problem, boxes: Boxes) -> list[Interval]:
    """What each test adds up, (U,)."""
    found, contract, cell = problem.found, problem.contract, problem.found.gates.cell
    active = meant(np.asarray(cell.active))

    def shown(kept: Bools) -> Interval:
        return active + boxes.of(kept[:, None], problem.shown, on=True)

    begun, other = shown(np.full_like(found.kept, found.started_kept)), shown(found.other_kept)
    if problem.together:  # one on, at its lowest: what more there may be only makes an OR larger
        other = Interval(other.lo, np.maximum(other.lo, active.hi))
    terms = [
        point(found.started) * begun,
        point(found.other) * other,
        point(found.own) * shown(found.kept),
    ]
    small = found.small * boxes.dim(problem.shown) * (1 + 8 * contract.roundoff)
    result = []
    for test in range(found.bias.shape[1]):
        exact = [point(found.bias[:, test]), point(found.input[:, test])]
        off = found.off[:, test] * cell.idle, found.off_size[:, test] * abs(cell.idle), found.off_count[:, test]
        more = Addends(float(small[test]), found.terms, found.gates.quanta[test], *off)
        products = [Interval(term.lo[:, test], term.hi[:, test]) for term in terms]
        summed = add_up(exact, products, more, contract)
        if problem.together and test == found.gates.filter:  # one or more are on: the sum can only be larger
            some = found.other_on | (found.own_on & (found.own[:, test] > 0))
            summed = Interval(summed.lo, np.where(some, inf, summed.hi))
        result.append(summed)
    return result
