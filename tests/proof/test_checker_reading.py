"""Claims as the checker reads them, and what readers show in the boxes claimed, against formulas to 300 bits."""

from types import SimpleNamespace

import numpy as np
import pytest
from mpmath import exp, mp, mpf
from mpmath import tanh as real_tanh

from lstmc.proof import checker
from lstmc.proof.checker import BEFORE, CONTRACTS, INF, Claim, Interval, Reading, Report

mp.prec = 300
PRECISE = 1e-11
BOX = {"on": {"c": [-0.01, 0.02], "h": [-0.03, 0.04]}, "off": {"c": [-0.05, 0.06], "h": [-0.07, 0.08]}}
KEPT = {"on": {"c": [-0.1, 0.2], "h": [None, 0.4]}, "off": {"c": [-0.5, None], "h": [-0.7, 0.8]}}
CLAIM = {"verdict": "every-length", "bound": None, "margin": 1.5, "probabilities": 0.25, "boxes": [BOX, KEPT]}
CLAIM |= {"entry": [-0.001, 0.002], "entry_off": [-0.003, 0.004], "drift": 1e-3, "rise": 2e-3}
BOUNDED = CLAIM | {"verdict": "bounded", "bound": 7}


def interval(low, high):
    return Interval(np.array(low, np.float64), np.array(high, np.float64))


# Claims


def ends_of(found):
    return list(zip(np.atleast_1d(found.lo).tolist(), np.atleast_1d(found.hi).tolist(), strict=True))


@pytest.mark.parametrize("verdict", ["every-length", "bounded"])
def test_a_claim_is_read_as_it_stands(verdict):
    report = Report()
    found = Claim.of(CONTRACTS["float32"], CLAIM if verdict != "bounded" else BOUNDED, False, False, report)
    assert report.violations() == []
    assert (found.contract, found.toy, found.bound) == (
        CONTRACTS["float32"],
        False,
        7 if verdict == "bounded" else None,
    )
    assert (found.margin, found.probabilities, found.drift, found.rise) == (1.5, 0.25, 1e-3, 2e-3)
    assert ends_of(found.on) == [(-0.01, 0.02), (-0.1, 0.2)]
    assert ends_of(found.off) == [(-0.05, 0.06), (-0.5, INF)]
    assert ends_of(found.on_signal) == [(-0.03, 0.04), (-INF, 0.4)]
    assert ends_of(found.off_signal) == [(-0.07, 0.08), (-0.7, 0.8)]
    assert ends_of(found.entry) == [(-0.001, 0.002)]
    assert ends_of(found.entry_off) == [(-0.003, 0.004)]
    assert found.top.tolist() == [CONTRACTS["float32"].highest(0.02), CONTRACTS["float32"].highest(0.2)]


def test_a_toy_shows_its_memory_and_nothing_need_be_said_of_probabilities():
    boxes = [{kind: {"c": part["c"], "h": part["c"]} for kind, part in box.items()} for box in (BOX, KEPT)]
    data = CLAIM | {"boxes": boxes, "probabilities": None, "drift": None}
    found = Claim.of(CONTRACTS["float32"], data, True, False, Report())
    assert ends_of(found.on_signal) == ends_of(found.on)
    assert ends_of(found.off_signal) == ends_of(found.off)
    assert (found.probabilities, found.drift) == (None, INF)


@pytest.mark.parametrize("kind", ["on", "off"])
def test_a_toy_that_shows_what_its_memory_is_not_is_refused(kind):
    boxes = [{k: {"c": part["c"], "h": part["c"]} for k, part in box.items()} for box in (BOX, KEPT)]
    boxes[1][kind]["h"] = [-0.9, 0.9]
    with pytest.raises(ValueError, match="a toy's shows what its memory is not"):
        Claim.of(CONTRACTS["float32"], CLAIM | {"boxes": boxes}, True, False, Report())


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
        Claim.of(CONTRACTS["float32"], data, False, False, Report())


def test_claims_at_the_edge_hold():
    for data in (
        BOUNDED | {"bound": 10**300, "drift": 0.0, "rise": 0.0},
        BOUNDED | {"bound": 1},
        CLAIM | {"margin": 5e-324},
    ):
        report = Report()
        Claim.of(CONTRACTS["float32"], data, False, False, report)
        assert report.violations() == []
        Claim.of(CONTRACTS["float32"], CLAIM | {"entry": [-9.0, 9.0], "entry_off": [-9.0, 9.0]}, False, False, report)
        assert report.violations() == []  # where nothing is bounded, nothing enters
    points = boxed("off", "c", [0.0, 0.0]) | {"entry": [0.001, 0.001], "entry_off": [0.0, 0.0]}
    Claim.of(CONTRACTS["float32"], points, False, False, Report())


def test_the_bound_of_a_claim_is_asked():
    for counts, bound, found in ((False, 99, 0), (True, 99, 0), (False, 100, 1), (True, 100, 2)):
        report = Report()
        Claim.of(CONTRACTS["float32"], BOUNDED | {"bound": bound}, False, counts, report)
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
        patched.setattr(Reading, "_logits", lambda *_: value)
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


def reading(contract, seed=0, deterministic=True, toy=False, same=False):
    rng = np.random.default_rng(seed)
    on, off = interval([-1e-3, -2e-3], [3e-3, 4e-3]), interval([-5e-4, -6e-4], [7e-4, 8e-4])
    empty = interval(0.0, 0.0)
    of = {"contract": contract, "toy": toy, "bound": None, "margin": 1.0, "probabilities": None, "on": on, "off": off}
    of |= {
        "on_signal": on,
        "off_signal": off,
        "entry": empty,
        "entry_off": empty,
        "top": np.ones(2),
        "drift": 0.0,
        "rise": 0.0,
    }
    weights = rng.normal(size=(3, 4)) * 20 * (rng.random((3, 4)) < 0.8)
    layers = {
        name: (weights * scale, rng.normal(size=3) * 16) for name, scale in (("reader", 1.0), ("read_filter", 0.5))
    }
    steps = SimpleNamespace(
        automaton=SimpleNamespace(deterministic=deterministic), wiring=SimpleNamespace(classes=CLASSES)
    )
    return Reading(SimpleNamespace(layers=layers), Claim(**of), steps, None, same, Report())


def shown(claim, kind):
    one = mpf(1) if claim.toy else real_tanh(mpf(1))
    return [one + mpf(float(getattr(claim.on_signal, end)[kind])) for end in ("lo", "hi")]


def times(weight, ends):
    both = [mpf(float(weight)) * end for end in ends]
    return min(both), max(both)


@pytest.mark.parametrize("toy", [False, True])
@pytest.mark.parametrize("name", ["exact", "float32", "bfloat16"])
def test_a_layer_adds_up_all_cells(name, toy):
    made = reading(CONTRACTS[name], toy=toy)
    weight, bias = made.held.layers["reader"]
    every, u = [BEFORE, 0, 1, 2, 3], mpf(CONTRACTS[name].u)
    found, error = made._layer("reader", np.array(every), np.zeros((5, 3), bool))
    for (n, k), y in ((each, y) for each in enumerate(every) for y in range(3)):
        low = high = mpf(float(bias[y]))
        dark = mpf(0)
        for m in range(4) if k != BEFORE else ():
            if m in (0, k):
                ends = times(weight[y, m], shown(made.claim, CLASSES[m]))
                low, high = low + ends[0], high + ends[1]
            if m:
                dark += abs(mpf(float(weight[y, m]))) * mpf(float(made.claim.off_signal.size[CLASSES[m]]))
        room = (u * 12 * (abs(low) + abs(high) + 60) + dark * u * 20) + mpf(1e-8) * dark + 1e-12
        assert mpf(float(found.lo[n, y])) <= low - dark <= mpf(float(found.lo[n, y])) + room
        assert mpf(float(found.hi[n, y])) - room <= high + dark <= mpf(float(found.hi[n, y]))
        assert dark <= mpf(float(error[n, y])) <= dark + room
    assert made.report.violations() == []


@pytest.mark.parametrize("cell", [1, 3])
@pytest.mark.parametrize("layer", ["reader", "read_filter"])
def test_where_several_cells_are_on_more_is_only_known_of_their_own_rows(layer, cell):
    """A row of a cell's own may be read higher by others; a filter may always; nothing else may have a weight."""
    for weight, own, said in ((0.0, False, 0), (0.0, True, 0), (2.0, True, 0), (-2.0, True, 1), (2.0, False, 1)):
        made = reading(CONTRACTS["float32"], deterministic=False)
        made.held.layers[layer][0][:, 1:] = 0
        made.held.layers[layer][0][2, cell] = weight
        right = np.zeros((3, 3), bool)
        right[2, 2] = own
        found, _ = made._layer(layer, np.array([BEFORE, 0, cell]), right)
        above = layer == "read_filter"
        assert (found.hi == INF).tolist() == [[False] * 3, [False] * 3, [above, above, own or above]]
        assert np.isfinite(found.lo).all()
        wrong = said if not (above and weight > 0) else 0
        assert [str(violation) for violation in made.report.violations()] == wrong * [
            f"float32: reading: row 2 of '{layer}' reads cell {cell}, which is not its own, or with a weight below 0"
        ]


def test_what_a_layer_gives_to_the_sum(monkeypatch):
    """What cells that are off may add, and how many they are; room for the rounding of a sum of up to 2^20 numbers."""
    made, given = reading(CONTRACTS["float32"]), []

    def add(self, *parts):
        given.extend(parts[2:])
        return Interval(np.zeros((2, 3)), np.zeros((2, 3))), np.zeros((2, 3))

    monkeypatch.setattr(checker.Contract, "sum", add)
    made._layer("reader", np.array([BEFORE, 2]), np.zeros((2, 3), bool))
    weight, dark = made.held.layers["reader"][0], made.claim.off_signal.size[CLASSES] * [0, 1, 1, 1]
    assert given[0].tolist()[0] == given[1].tolist()[0] == [0.0] * 3
    assert np.allclose(given[0][1], (np.abs(weight) * dark).sum(1) * (1 + 2.0**-30), rtol=1e-14, atol=0)
    assert given[1].tolist()[1] == (weight[:, 1:] != 0).sum(1).tolist()


def test_the_toys_readout_is_what_both_layers_make_of_it():
    made = reading(CONTRACTS["float32"], toy=True, seed=3)
    for name, (weight, bias) in made.held.layers.items():
        made.held.layers[name] = weight / 30, bias / 30
    every, right = np.array([BEFORE, 0, 1, 2]), np.zeros((4, 3), bool)
    found = made._toy(every, right)
    reader, filtered = (made._layer(name, every, right)[0] for name in ("reader", "read_filter"))
    contract = made.claim.contract
    product = contract.tanh(reader)[0] * contract.sigmoid(filtered)[0]
    error = np.maximum(contract.u * product.size, np.minimum(product.size, contract.tiny))
    assert np.allclose(found.lo, product.lo - error - 0.5, rtol=0, atol=1e-15)
    assert np.allclose(found.hi, product.hi + error - 0.5, rtol=0, atol=1e-15)
    assert (found.lo <= product.lo - error * 0.999 - 0.5).all()
    made.held.layers["reader"][1][1] = 1e39
    assert np.isnan(made._toy(every, right).lo).tolist() == [[False, True, False]] * 4
    made.held.layers["reader"][1][1], made.held.layers["read_filter"][1][2] = 0.0, 1e39
    assert np.isnan(made._toy(every, right).hi).tolist() == [[False, False, True]] * 4
    for nothing, layer, shut in (("reader", "read_filter", 0.0), ("read_filter", "reader", -200.0)):
        made.held.layers[nothing][0][1], made.held.layers[nothing][1][1] = 0.0, shut  # 0 times what may overflow
        made.held.layers[layer][1][1] = 1e39
        assert np.isnan(made._toy(every, right).hi)[:, 1].all()
        made.held.layers[layer][1][1] = 0.0


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("name", ["exact", "float32", "bfloat16"])
def test_probabilities_are_off_by_what_softmax_can_make_of_the_boxes(name, same):
    """In mpmath: rows against the first one that is allowed, which the signals that both have in common leave alone."""
    for seed in range(12):
        made = reading(CONTRACTS[name], seed, same=same)
        rng = np.random.default_rng(seed)
        made.held.layers["reader"] = tuple(each / 10 for each in made.held.layers["reader"])
        k = rng.choice([BEFORE, 1, 2, 3], 3)
        chances = rng.random((3, 3)) * (rng.random((3, 3)) < 0.7)
        chances[:, seed % 3] += 0.1
        chances /= chances.sum(1, keepdims=True)
        found = made._error_of_chances(k, chances)
        errors = made._layer("reader", k, chances > 0)[1]
        worst = max(off(made, int(k[n]), chances[n], errors[n], same) for n in range(3)) + mpf(1e-12)
        assert abs(found - worst) <= 1e-13 * max(worst, 1)


def off(made, k, chances, errors, same):
    (weight, bias), claim = made.held.layers["reader"], made.claim
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
    for toy, chances in ((False, None), (True, SimpleNamespace(least=0.5))):
        for claimed, said in ((None, 0), (1e-6, 1)):
            made = reading(CONTRACTS["float32"], toy=toy)
            made = checker.replace(made, chances=chances, claim=checker.replace(made.claim, probabilities=claimed))
            made._check_chances(0.0)
            assert len(made.report.violations()) == said
