"""Claims as the checker reads them, and what readers show in the boxes claimed, against formulas to 300 bits."""

from types import SimpleNamespace

import numpy as np
import pytest
from mpmath import exp, mp, mpf
from reals import meant

from lstmc.proof import checker
from lstmc.proof.checker import BEFORE, CELLS, CONTRACTS, INF, Claim, Interval, Reading, Report

mp.prec = 300
PRECISE = 1e-11
BOX = {"on": {"c": [-0.01, 0.02], "h": [-0.03, 0.04]}, "off": {"c": [-0.05, 0.06], "h": [-0.07, 0.08]}}
KEPT = {"on": {"c": [-0.1, 0.2], "h": [None, 0.4]}, "off": {"c": [-0.5, None], "h": [-0.7, 0.8]}}
CLAIM = {"verdict": "every-length", "bound": None, "margin": 1.5, "probabilities": 0.25, "boxes": [BOX, KEPT]}
CLAIM |= {"entry": [-0.001, 0.002], "entry_off": [-0.003, 0.004], "drift": 1e-3, "rise": 2e-3}
BOUNDED = CLAIM | {"verdict": "bounded", "bound": 7}
LSTM = CELLS["lstm"]


def interval(low, high):
    return Interval(np.array(low, np.float64), np.array(high, np.float64))


# Claims


def ends_of(found):
    return list(zip(np.atleast_1d(found.lo).tolist(), np.atleast_1d(found.hi).tolist(), strict=True))


@pytest.mark.parametrize("verdict", ["every-length", "bounded"])
def test_a_claim_is_read_as_it_stands(verdict):
    report = Report()
    found = Claim.of(CONTRACTS["float32"], CLAIM if verdict != "bounded" else BOUNDED, LSTM, False, report)
    assert report.violations() == []
    assert (found.contract, found.cell) == (CONTRACTS["float32"], LSTM)
    assert found.bound == (7 if verdict == "bounded" else None)
    assert (found.margin, found.probabilities, found.drift, found.rise) == (1.5, 0.25, 1e-3, 2e-3)
    assert found.on.keys() == found.off.keys() == {"c", "h"}
    assert ends_of(found.on["c"]) == [(-0.01, 0.02), (-0.1, 0.2)]
    assert ends_of(found.off["c"]) == [(-0.05, 0.06), (-0.5, INF)]
    assert ends_of(found.on["h"]) == [(-0.03, 0.04), (-INF, 0.4)]
    assert ends_of(found.off["h"]) == [(-0.07, 0.08), (-0.7, 0.8)]
    assert ends_of(found.entry) == [(-0.001, 0.002)]
    assert ends_of(found.entry_off) == [(-0.003, 0.004)]
    assert found.top.tolist() == [CONTRACTS["float32"].highest(0.02), CONTRACTS["float32"].highest(0.2)]


def test_a_toy_shows_its_memory_and_nothing_need_be_said_of_probabilities():
    boxes = [{kind: {"memory": part["c"]} for kind, part in box.items()} for box in (BOX, KEPT)]
    data = CLAIM | {"boxes": boxes, "probabilities": None, "drift": None}
    found = Claim.of(CONTRACTS["float32"], data, CELLS["toy"], False, Report())
    assert np.allclose(ends_of(found.signal), [(0.99, 1.02), (0.9, 1.2)], rtol=1e-14, atol=0)
    assert found.dim.tolist() == [0.06, INF]
    assert (found.probabilities, found.drift) == (None, INF)


@pytest.mark.parametrize("name", CELLS)
def test_a_box_has_the_states_of_the_cell_and_no_others(name):
    cell = CELLS[name]
    box = {kind: {state: [-0.1, 0.1] for state in cell.state} for kind in ("on", "off")}
    report = Report()
    found = Claim.of(CONTRACTS["float16"], CLAIM | {"boxes": [box, box]}, cell, False, report)
    assert list(found.on) == list(found.off) == list(cell.state)
    limit = np.float16(cell.holds + 0.1)
    assert found.top.tolist() == [float(limit if limit <= cell.holds + 0.1 else np.nextafter(limit, np.float16(0)))] * 2
    for kind in ("on", "off"):
        for part in (*cell.state, "more"):
            states = dict(box[kind])
            states.pop(part, None) or states.update(more=[0.0, 0.0])
            with pytest.raises(ValueError, match="a box has other parts than the cell's states"):
                Claim.of(CONTRACTS["float16"], CLAIM | {"boxes": [box, box | {kind: states}]}, cell, False, report)


def boxed(kind, part, ends, n=0):
    boxes = [{k: dict(p) for k, p in box.items()} for box in (BOX, KEPT)]
    boxes[n][kind][part] = ends
    return CLAIM | {"boxes": boxes}


NONE, BOUND, PARTS = "float32: no verdict", "float32: no bound, or one too much", "float32: a box has other parts"
EMPTY = "float32: a box is empty, or does not hold 0, or no margin"
WRONG = {
    "more": (CLAIM | {"more": 1}, NONE),
    "less": ({k: v for k, v in CLAIM.items() if k != "rise"}, NONE),
    "another verdict": (CLAIM | {"verdict": "always"}, NONE),
    "a bound of what has none": (CLAIM | {"bound": 7}, BOUND),
    "no bound": (BOUNDED | {"bound": None}, BOUND),
    "a bound of 0": (BOUNDED | {"bound": 0}, BOUND),
    "a bound below 0": (BOUNDED | {"bound": -1}, BOUND),
    "a bound that is true": (BOUNDED | {"bound": True}, BOUND),
    "a bound that is a fraction": (BOUNDED | {"bound": 7.0}, BOUND),
    "a bound beyond all": (BOUNDED | {"bound": 10**300 + 1}, BOUND),
    "a third box": (CLAIM | {"boxes": [BOX, KEPT, KEPT]}, "too many values"),
    "one box": (CLAIM | {"boxes": [BOX]}, "not enough values"),
    "a box with more": (CLAIM | {"boxes": [BOX | {"more": 1}, KEPT]}, PARTS),
    "a box with more while off": (boxed("off", "more", [0.0, 0.0], 1), PARTS),
    "boxes with more": (CLAIM | {"boxes": [{k: p | {"more": [0.0, 0.0]} for k, p in BOX.items()}, KEPT]}, PARTS),
    "a box with more while on": (boxed("on", "more", [0.0, 0.0]), PARTS),
    "an end that is whole": (boxed("on", "c", [0, 0.5]), "0 is no number"),
    "an end that is true": (boxed("on", "c", [0.0, True]), "True is no number"),
    "an end that is a text": (boxed("on", "c", ["0", 0.0]), "'0' is no number"),
    "three ends": (boxed("on", "c", [0.0, 0.0, 0.0]), "too many values"),
    "a margin that is whole": (CLAIM | {"margin": 1}, "1 is no number"),
    "a margin of 0": (CLAIM | {"margin": 0.0}, EMPTY),
    "a margin below 0": (CLAIM | {"margin": -1.0}, EMPTY),
    "no margin": (CLAIM | {"margin": None}, EMPTY),
    "a drift below 0": (CLAIM | {"drift": -1e-9}, EMPTY),
    "a rise below 0": (CLAIM | {"rise": -1e-9}, EMPTY),
    "an entry without 0": (CLAIM | {"entry_off": [0.001, 0.002]}, EMPTY),
    "an entry below 0": (CLAIM | {"entry_off": [-0.002, -0.001]}, EMPTY),
    "an entry that is empty": (CLAIM | {"entry": [0.002, 0.001]}, EMPTY),
}
for kind_ in ("on", "off"):
    for part_ in ("c", "h"):
        for n_ in (0, 1):
            WRONG[f"an empty box {kind_} {part_} {n_}"] = (boxed(kind_, part_, [0.5, -0.5], n_), EMPTY)
            if kind_ == "off":
                WRONG[f"a box above 0 {part_} {n_}"] = (boxed(kind_, part_, [1e-9, 0.5], n_), EMPTY)
                WRONG[f"a box below 0 {part_} {n_}"] = (boxed(kind_, part_, [-0.5, -1e-9], n_), EMPTY)


@pytest.mark.parametrize(("data", "what"), WRONG.values(), ids=WRONG)
def test_what_is_said_of_a_claim_that_is_wrong(data, what):
    with pytest.raises(ValueError, match=f"^{what}"):
        Claim.of(CONTRACTS["float32"], data, LSTM, False, Report())


def test_claims_at_the_edge_hold():
    for data in (
        BOUNDED | {"bound": 10**300, "drift": 0.0, "rise": 0.0},
        BOUNDED | {"bound": 1},
        CLAIM | {"margin": 5e-324},
    ):
        report = Report()
        Claim.of(CONTRACTS["float32"], data, LSTM, False, report)
        assert report.violations() == []
        Claim.of(CONTRACTS["float32"], CLAIM | {"entry": [-9.0, 9.0], "entry_off": [-9.0, 9.0]}, LSTM, False, report)
        assert report.violations() == []  # where nothing is bounded, nothing enters
    points = boxed("off", "c", [0.0, 0.0]) | {"entry": [0.001, 0.001], "entry_off": [0.0, 0.0]}
    Claim.of(CONTRACTS["float32"], points, LSTM, False, Report())


def test_the_bound_of_a_claim_is_asked():
    for counts, bound, found in ((False, 99, 0), (True, 99, 0), (False, 100, 1), (True, 100, 2)):
        report = Report()
        Claim.of(CONTRACTS["float32"], BOUNDED | {"bound": bound}, LSTM, counts, report)
        assert len(report.violations()) == found, (counts, bound)


# Readers


def decided(margin, *changes):
    """What is said of a reader whose logits are at least 2 where they must be above 0, and else at most -1.5."""
    machine = {"deterministic": True, "states": 2, "initial": [0], "accepting": [1], "output": [-1, -1]}
    grammar = SimpleNamespace(alphabet=["a"], outputs=[])
    automaton = checker.Automaton.of(machine | {"moves": [[0, 0, 1]]}, grammar)
    wanted = np.array([[True, False], [False, False], [True, False], [False, True]])  # before, dead, 0, 1
    value = Interval(np.where(wanted, 2.0, -4.0), np.where(wanted, 3.0, -1.5))
    for end, *place, number in changes:
        getattr(value, end)[tuple(place)] = number
    steps = SimpleNamespace(automaton=automaton, cells=np.array([-1, 0, 1]), configurations=np.array([1, 2]))
    made = reading(CONTRACTS["float32"])
    made = checker.replace(made, claim=checker.replace(made.claim, margin=margin), steps=steps)
    made = checker.replace(made, held=SimpleNamespace(outputs=[]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Reading, "_readout", lambda *_: value)
        made.check()
    return [str(each) for each in made.report.violations()]


def test_what_is_wanted_is_above_0_at_its_lowest_and_else_below_0_at_its_highest():
    assert decided(1.5) == []
    assert decided(1.5000001) == ["float32: margin: claimed 1.5000001, but only 1.5 can be shown"]
    assert decided(1.0, ("lo", 3, 1, 1.25)) == []
    for end, where, y, number in (
        ("lo", 0, 0, 0.0),
        ("lo", 2, 0, -1.0),
        ("hi", 1, 0, 0.0),
        ("hi", 3, 0, 1.0),
        ("hi", 2, 1, np.nan),
    ):
        said = decided(1e-300, (end, where, y, number))
        assert said[0] == f"float32: reading: configuration {where - 1}: symbol {y} is not decided as it must be"
        assert [each.partition(": claimed")[0] for each in said[1:]] == ["float32: margin"]


CLASSES = np.array([0, 1, 0, 1])


def reading(contract, seed=0, deterministic=True, cell="lstm", same=False, amount=1.0):
    """A reader of a few cells, with the sums of its type: all weights of any size, some 0."""
    rng, cell = np.random.default_rng(seed), CELLS[cell]
    on, off = interval([-1e-3, -2e-3], [3e-3, 4e-3]), interval([-5e-4, -6e-4], [7e-4, 8e-4])
    empty = interval(0.0, 0.0)
    of = {"contract": contract, "cell": cell, "bound": None, "margin": 1.0, "probabilities": None}
    of |= {"on": dict.fromkeys(cell.state, on), "off": dict.fromkeys(cell.state, off)}
    of |= {"entry": empty, "entry_off": empty, "top": np.ones(2), "drift": 0.0, "rise": 0.0}
    weights = rng.normal(size=(3, 4)) * 20 * (rng.random((3, 4)) < 0.8)
    layers = {name: (weights * amount / (n + 1), rng.normal(size=3) * 16 * amount) for n, name in enumerate(cell.reads)}
    steps = SimpleNamespace(
        automaton=SimpleNamespace(deterministic=deterministic), wiring=SimpleNamespace(classes=CLASSES)
    )
    return Reading(SimpleNamespace(layers=layers), Claim(**of), steps, None, same, Report())


def shown(claim, kind):
    one, box = meant(claim.cell.active).low, claim.on[claim.cell.state[0]]
    return [one + mpf(float(getattr(box, end)[kind])) for end in ("lo", "hi")]


def times(weight, ends):
    both = [mpf(float(weight)) * end for end in ends]
    return min(both), max(both)


@pytest.mark.parametrize("cell", ["lstm", "toy", "gru", "rnn-relu"])
@pytest.mark.parametrize("name", ["exact", "float32", "bfloat16"])
def test_a_layer_adds_up_all_cells(name, cell):
    made = reading(CONTRACTS[name], cell=cell)
    for layer in made.claim.cell.reads:
        assert_added_up(made, layer)
    assert made.report.violations() == []


def assert_added_up(made, layer):
    (weight, bias), idle = made.held.layers[layer], mpf(made.claim.cell.idle)
    every, u = [BEFORE, 0, 1, 2, 3], mpf(made.claim.contract.u)
    found, error = made._layer(layer, np.array(every))
    for (n, k), y in ((each, y) for each in enumerate(every) for y in range(3)):
        low = high = mpf(float(bias[y]))
        dark = mpf(0)
        for m in range(4) if k != BEFORE else ():
            ends = times(weight[y, m], shown(made.claim, CLASSES[m]) if m in (0, k) else (idle, idle))
            low, high = low + ends[0], high + ends[1]
            if m:
                dark += abs(mpf(float(weight[y, m]))) * mpf(float(made.claim.dim[CLASSES[m]]))
        room = (u * 16 * (abs(low) + abs(high) + 90) + dark * u * 20) + mpf(1e-8) * dark + 1e-12
        assert mpf(float(found.lo[n, y])) <= low - dark <= mpf(float(found.lo[n, y])) + room
        assert mpf(float(found.hi[n, y])) - room <= high + dark <= mpf(float(found.hi[n, y]))
        assert dark <= mpf(float(error[n, y])) <= dark + room


@pytest.mark.parametrize("cell", [1, 3])
@pytest.mark.parametrize(("kind", "layer"), [("lstm", "readout"), ("toy", "reader"), ("toy", "read_filter")])
def test_where_several_cells_are_on_more_is_only_known_of_what_they_call_for(kind, layer, cell):
    """A row that a cell calls for may be read higher by others; nothing may be read with a weight below 0."""
    for weight, said in ((0.0, 0), (2.0, 0), (-2.0, 1)):
        made = reading(CONTRACTS["float32"], deterministic=False, cell=kind)
        made.held.layers[layer][0][:, 1:] = 0
        made.held.layers[layer][0][2, cell] = weight
        found, _ = made._layer(layer, np.array([BEFORE, 0, cell]))
        assert (found.hi == INF).tolist() == [[False] * 3, [False] * 3, [False, False, weight > 0]]
        assert np.isfinite(found.lo).all()
        assert [str(violation) for violation in made.report.violations()] == said * [
            f"float32: reading: row 2 of '{layer}' reads cell {cell} with a weight below 0"
        ]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_what_a_layer_gives_to_the_sum(cell, monkeypatch):
    """What cells that are off may add, and how many they are; room for the rounding of a sum of up to 2^20 numbers."""
    made, given = reading(CONTRACTS["float32"], cell=cell), []

    def add(self, *parts):
        given.extend(parts[2:])
        return Interval(np.zeros((2, 3)), np.zeros((2, 3))), np.zeros((2, 3))

    monkeypatch.setattr(checker.Contract, "sum", add)
    made._layer("readout", np.array([BEFORE, 2]))
    small, count, totals = given
    (weight, bias), dark = made.held.layers["readout"], made.claim.dim[CLASSES] * [0, 1, 1, 1]
    assert small.tolist()[0] == count.tolist()[0] == [0.0] * 3
    assert np.allclose(small[1], (np.abs(weight) * dark).sum(1) * (1 + 2.0**-30), rtol=1e-14, atol=0)
    assert count.tolist()[1] == (weight[:, 1:] != 0).sum(1).tolist()
    others, idle = weight[:, [1, 3]], made.claim.cell.idle
    parts = others.sum(1) * idle, np.abs(others).sum(1) * abs(idle), (others != 0).sum(1) * abs(idle)
    for found, wanted in zip((totals.value, totals.size, totals.count), parts, strict=True):
        assert np.allclose(found, [np.zeros(3), wanted], rtol=1e-13, atol=1e-13)
    assert totals.quantum == checker.quantum(weight, bias)
    odd = checker.replace(made.claim, cell=checker.replace(made.claim.cell, idle=-0.5))
    totals = checker.replace(made, claim=odd)._totals("readout", np.array([2]), weight[:, [2]].T)
    assert totals.quantum == 0.0
    assert totals.count.tolist() == [(others != 0).sum(1).tolist()]  # however little each of them shows


def test_the_toys_readout_is_what_both_layers_make_of_it():
    made = reading(CONTRACTS["float32"], cell="toy", seed=3, amount=1 / 30)
    every, right = np.array([BEFORE, 0, 1, 2]), np.zeros((4, 3), bool)
    found = made._readout(every, right)
    reader, filtered = (made._layer(name, every)[0] for name in ("reader", "read_filter"))
    contract = made.claim.contract
    product = contract.tanh(reader)[0] * contract.sigmoid(filtered)[0]
    error = np.maximum(contract.u * product.size, np.minimum(product.size, contract.tiny))
    assert np.allclose(found.lo, product.lo - error - 0.5, rtol=0, atol=1e-15)
    assert np.allclose(found.hi, product.hi + error - 0.5, rtol=0, atol=1e-15)
    assert (found.lo <= product.lo - error * 0.999 - 0.5).all()
    made.held.layers["reader"][1][1] = 1e39
    assert np.isnan(made._readout(every, right).lo).tolist() == [[False, True, False]] * 4
    made.held.layers["reader"][1][1], made.held.layers["read_filter"][1][2] = 0.0, 1e39
    assert np.isnan(made._readout(every, right).hi).tolist() == [[False, False, True]] * 4
    for nothing, layer, shut in (("reader", "read_filter", 0.0), ("read_filter", "reader", -200.0)):
        made.held.layers[nothing][0][1], made.held.layers[nothing][1][1] = 0.0, shut  # 0 times what may overflow
        made.held.layers[layer][1][1] = 1e39
        assert np.isnan(made._readout(every, right).hi)[:, 1].all()
        made.held.layers[layer][1][1] = 0.0


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "toy"])
def test_a_readout_that_is_a_sum_is_that_sum(cell):
    made = reading(CONTRACTS["bfloat16"], cell=cell)
    every, right = np.array([BEFORE, 0, 1, 2]), np.zeros((4, 3), bool)
    found, layer = made._readout(every, right), made._layer("readout", every)[0]
    assert (found.lo.tolist(), found.hi.tolist()) == (layer.lo.tolist(), layer.hi.tolist())


def test_a_threshold_may_be_held_in_the_format_of_the_machine():
    made = reading(CONTRACTS["bfloat16"])
    odd = checker.replace(made.claim, cell=checker.replace(LSTM, threshold=0.1))
    every, right = np.array([BEFORE, 0, 1, 2]), np.zeros((4, 3), bool)
    layer, found = made._layer("readout", every)[0], checker.replace(made, claim=odd)._readout(every, right)
    held = CONTRACTS["bfloat16"].rounded(np.array([0.1]))[0]
    assert held > 0.1
    assert (found.lo <= layer.lo - held).all()
    assert (found.hi >= layer.hi - 0.1).all()
    assert (found.hi <= layer.hi - 0.1 + 1e-9).all()


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("name", ["exact", "float32", "bfloat16"])
def test_probabilities_are_off_by_what_softmax_can_make_of_the_boxes(name, same, cell):
    """In mpmath: rows against the first one that is allowed, which the signals that both have in common leave alone."""
    for seed in range(12):
        made = reading(CONTRACTS[name], seed, same=same, cell=cell)
        rng = np.random.default_rng(seed)
        made.held.layers["readout"] = tuple(each / 10 for each in made.held.layers["readout"])
        k = rng.choice([BEFORE, 1, 2, 3], 3)
        chances = rng.random((3, 3)) * (rng.random((3, 3)) < 0.7)
        chances[:, seed % 3] += 0.1
        chances /= chances.sum(1, keepdims=True)
        found = made._error_of_chances(k, chances)
        errors = made._layer("readout", k)[1]
        worst = max(off(made, int(k[n]), chances[n], errors[n], same) for n in range(3)) + mpf(1e-12)
        assert abs(found - worst) <= (1e-13 if cell == "lstm" else 1e-12) * max(worst, 1)


def off(made, k, chances, errors, same):
    (weight, bias), claim = made.held.layers["readout"], made.claim
    right = [p for p, chance in enumerate(chances) if chance > 0]
    shares = []
    for y in range(3):
        low = high = mpf(float(bias[y])) - mpf(float(bias[right[0]]))
        if k != BEFORE:
            first = mpf(float(weight[y, 0])) - mpf(float(weight[right[0], 0]))
            own = mpf(float(weight[y, k])) - mpf(float(weight[right[0], k]))
            parts = [(first + own, CLASSES[k])] if same else [(first, 0), (own, CLASSES[k])]
            for difference, kind in parts:
                ends = sorted(difference * end for end in shown(claim, kind))
                low, high = low + ends[0], high + ends[1]
            for m in {1, 2, 3} - {k}:
                idle = (mpf(float(weight[y, m])) - mpf(float(weight[right[0], m]))) * mpf(claim.cell.idle)
                low, high = low + idle, high + idle
        shares.append((exp(low - mpf(float(errors[y]))), exp(high + mpf(float(errors[y])))))
    least, most = sum(shares[y][0] for y in right), sum(share[1] for share in shares)
    worst = []
    for y, (low, high) in enumerate(shares):
        if y in right:
            chance = mpf(float(chances[y]))
            worst += [high / (least - low + high) - chance, chance - low / (most - high + low)]
        else:
            worst.append(high / least)
    return max(worst)


@pytest.mark.parametrize("name", CONTRACTS)
def test_how_far_probabilities_may_be_off(name):
    """The contract's figure, by K/16 and by cell where it says so, and twice K roundoffs of the weights."""
    contract = CONTRACTS[name]
    for dtype, least, strength in (("float32", 0.5, 16.0), ("bfloat16", 1e-9, 4 - float(mp.log(mpf(1e-9))))):
        made = reading(contract)
        chances = SimpleNamespace(least=least)
        made = checker.replace(made, chances=chances, held=SimpleNamespace(dtype=dtype))
        made.steps.cells = np.zeros(5)
        limit = contract.tolerance * (strength / 16 if contract.scaled else 1)
        limit += 5 * contract.per_cell + 2 * strength * CONTRACTS[dtype].u
        for claimed, error, holds in (
            (limit, 0.0, True),
            (limit * (1 + 1e-9), 0.0, False),
            (limit / 2, limit / 2, True),
            (limit / 2, limit / 2 * (1 + 1e-9), False),
            (None, 0.0, False),
        ):
            report = Report()
            of = checker.replace(made, claim=checker.replace(made.claim, probabilities=claimed), report=report)
            of._check_chances(error)
            assert [each.what for each in report.violations()] == ([] if holds else [f"{name}: probabilities"])


def test_where_there_are_no_probabilities_none_are_claimed():
    for claimed, said in ((None, 0), (1e-6, 1)):
        made = reading(CONTRACTS["float32"])
        made = checker.replace(made, chances=None, claim=checker.replace(made.claim, probabilities=claimed))
        made._check_chances(0.0)
        assert len(made.report.violations()) == said


def test_our_own_roundings_count_where_many_cells_are_off():
    """Of float64 weights that are multiples of no common number, their total is known to so many digits."""
    made = reading(CONTRACTS["exact"], cell="gru")
    off = made._totals("readout", np.array([2]), made.held.layers["readout"][0][:, [2]].T)
    assert (off.own > 0).all()
    assert (off.own == off.size * off.count * 2.0**-52).all()
    before, layer = (
        made._error_of_chances(np.array([2]), np.array([[0.5, 0.25, 0.25]])),
        made._layer("readout", np.array([2])),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checker.Totals, "own", property(lambda totals: totals.size * 0 + 1.0))
        patched.setattr(Reading, "_layer", lambda *_: layer)
        after = made._error_of_chances(np.array([2]), np.array([[0.5, 0.25, 0.25]]))
    assert after > before
