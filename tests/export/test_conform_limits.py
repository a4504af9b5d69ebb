"""Where `conform` draws its lines: what lies just within a limit passes, what lies just beyond is told."""

from dataclasses import replace

import numpy as np
import pytest

import lstmc
from lstmc.export import Package, conform
from lstmc.export.conform import LOGITS, STATES, _differing
from lstmc.export.probe import _violations, measure, points, probe
from lstmc.export.runtime import Answer
from lstmc.proof import CONTRACTS

FORMATS = ("float64", "float32", "float16", "bfloat16")


@pytest.fixture(scope="module")
def packages():
    reber = lstmc.load_grammar("reber")
    made = {name: Package(lstmc.compile(reber, dtype=name)) for name in FORMATS}
    return made | {
        "int8": Package(lstmc.compile(reber), quantize=True),
        "toy": Package(lstmc.compile(reber, cell="toy")),
        "edges": Package(lstmc.compile(lstmc.load_grammar("edge-detector"))),
    }


def test_how_much_is_asked_and_how_near_it_must_be_is_changed_on_purpose():
    assert (conform.LOOP, conform.PIECE, conform.STREAMED, conform.TIMES) == (20_000, 1_000, 32, 3)
    assert LOGITS == {"float64": 1e-4, "float32": 1e-4, "float16": 0.2, "bfloat16": 1.0, "int8": 1.0}
    assert STATES == {"float64": 1e-5, "float32": 1e-5, "float16": 5e-3, "bfloat16": 5e-2, "int8": 5e-2}


def answer(logits, outputs=None, state=0.0):
    """Two strings of two symbols, with this logit after the last symbol of the second one."""
    numbers = np.full((2, 2, 1), -16.0)
    numbers[1, 1] = logits
    said = None if outputs is None else np.array([[[1.0, -1.0]] * 2, [[1.0, -1.0], outputs]])
    return Answer(numbers, said, (np.zeros((2, 3)), np.array([[0.0] * 3, [0.0, state, 0.0]])), 0.0)


@pytest.mark.parametrize("name", LOGITS)
@pytest.mark.parametrize("sign", [1, -1])
def test_logits_may_be_off_by_so_much(packages, name, sign):
    ours, limit = answer(-8.0), LOGITS[name]
    assert _differing(answer(-8.0 + sign * limit * 0.999), ours, packages[name]) is None
    row, time, problem = _differing(answer(-8.0 + sign * limit * 1.001), ours, packages[name])
    assert (row, time) == (1, 1)
    assert problem.startswith("logits differ: 'B' is -")
    assert _differing(answer(np.nan), ours, packages[name])[2].startswith("logits differ")


def test_logits_of_a_stronger_reader_may_be_off_by_more(packages):
    network = packages["float32"].network
    stronger = replace(network, tensors={**network.tensors, "reader.bias": network.tensors["reader.bias"] * 2})
    assert _differing(answer(-8.0 + 1.9e-4), answer(-8.0), Package(stronger)) is None
    assert _differing(answer(-8.0 + 2.1e-4), answer(-8.0), Package(stronger)) is not None


@pytest.mark.parametrize(("name", "threshold"), [("float32", 0.0), ("toy", 0.5)])
def test_decisions_turn_at_the_threshold(packages, name, threshold):
    above, below = answer(threshold + 1e-6), answer(threshold - 1e-6)
    assert _differing(above, answer(threshold + 2e-6), packages[name]) is None
    assert _differing(below, answer(threshold), packages[name]) is None  # the threshold itself allows nothing
    for found, ours in ((above, below), (below, above), (above, answer(threshold))):
        assert _differing(found, ours, packages[name])[2].startswith("decisions differ")


def test_outputs_turn_at_zero(packages):
    ours = answer(-16, outputs=[-1e-9, -1.0])
    assert _differing(answer(-16, outputs=[0.0, -1.0]), ours, packages["edges"]) is None
    said = _differing(answer(-16, outputs=[-1.0, 1e-9]), ours, packages["edges"])
    assert said == (1, 1, f"outputs differ: '{packages['edges'].outputs[1]}', and not 'nothing'")


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_state_may_be_off_by_so_much(packages, name, sign):
    limit = STATES[name]
    assert _differing(answer(-16, state=sign * limit * 0.999), answer(-16), packages[name]) is None
    row, time, problem = _differing(answer(-16, state=sign * limit * 1.001), answer(-16), packages[name])
    assert (row, time, problem) == (1, 1, f"the state differs by {limit * 1.001:.2g}")
    assert "nan" in _differing(answer(-16, state=np.nan), answer(-16), packages[name])[2]


def right(name):
    """z, and what a kernel that makes no error but rounding says of it; tanh(1) in three cells."""
    contract = CONTRACTS[name]
    z = np.concatenate([-np.geomspace(1e-7, 800, 400)[::-1], [0.0], np.geomspace(1e-7, 800, 400)])
    z = np.unique(
        np.concatenate([z, np.arange(-50, 50, 1 / 4), [contract.one_from, -contract.zero_from, 9.9, 8.47554]])
    )
    z = z[np.isfinite(z)]
    sigmoid = np.where(z > -700, 1 / (1 + np.exp(-np.clip(z, -700, 800))), 0.0)
    sigmoid[z >= contract.one_from], sigmoid[z <= -contract.zero_from] = 1, 0
    tanh = np.where(np.abs(z) >= contract.flat_from, np.sign(z), np.tanh(z))
    return contract, z, {"sigmoid": sigmoid, "tanh": tanh, "shown": np.full(3, np.tanh(1.0))}


BREAKS = {  # which function, where, what it says there in place of the truth t, and what must be said; then what may be
    "σ within": ("sigmoid", 2, lambda c, t: t + 1.01 * c.sigmoid, "σ(2) = ", lambda c, t: t + 0.99 * c.sigmoid),
    "σ within, below": (
        "sigmoid",
        2,
        lambda c, t: t - 1.01 * c.sigmoid,
        "says within",
        lambda c, t: t - 0.99 * c.sigmoid,
    ),
    "σ is 1": ("sigmoid", "one_from", lambda c, t: 1 - 2.0**-53, "exactly 1 from", lambda c, t: 1.0),
    "σ is not above 1": ("sigmoid", 49, lambda c, t: 1 + 1e-9, "exactly 1 from", lambda c, t: 1.0),
    "σ in its tail": ("sigmoid", -45, lambda c, t: 1.02 * np.exp(-45.0), "at most 1.01·e^z", lambda c, t: t * 1.009),
    "σ never below 0": ("sigmoid", -40, lambda c, t: -1e-300, "never below 0", lambda c, t: t),
    "tanh within": ("tanh", 2, lambda c, t: t + 1.01 * c.tanh, "tanh(2) = ", lambda c, t: t + 0.99 * c.tanh),
    "tanh within, below": ("tanh", 8.47554, lambda c, t: t - 1.01 * c.tanh, "within", lambda c, t: t - 0.99 * c.tanh),
    "tanh is 1": ("tanh", 30, lambda c, t: 1 - 2.0**-53, "±1 from", lambda c, t: 1.0),
    "tanh is −1": ("tanh", -30, lambda c, t: -1 + 2.0**-53, "±1 from", lambda c, t: -1.0),
    "tanh is not above 1": ("tanh", 10, lambda c, t: 1 + 2.0**-52, "at most 1 from 10 on", lambda c, t: 1.0),
    "tanh is not steep": ("tanh", 1e-7, lambda c, t: 1.0101e-7, "at most 1.01·|z|", lambda c, t: 1.0099e-7),
    "tanh has the sign": ("tanh", 1e-7, lambda c, t: -1e-9, "of the sign of z", lambda c, t: 0.0),
    "tanh(0) is 0": ("tanh", 0, lambda c, t: 1e-300, "at most 1.01·|z|", lambda c, t: 0.0),
    "tanh(1)": ("shown", None, lambda c, t: t + 1.01 * c.at_one, "tanh(1) = ", lambda c, t: t + 0.99 * c.at_one),
    "tanh(1) in every cell": ("shown", 1, lambda c, t: t + 1e-12, "the same in every cell", lambda c, t: t),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_right_kernel_breaks_nothing(name):
    contract, z, values = right(name)
    assert _violations(z, **values, contract=contract) == []


@pytest.mark.parametrize("what", BREAKS)
@pytest.mark.parametrize("name", ["float32", "float64"])
def test_every_line_of_a_contract_is_drawn(name, what):
    contract, z, values = right(name)
    kind, at, wrong, said, within = BREAKS[what]
    place = slice(None) if at is None else at
    if kind != "shown":
        place = int(np.argmin(np.abs(z - (getattr(contract, at) if isinstance(at, str) else at))))
    truth = values[kind][place].copy()
    values[kind][place] = within(contract, truth)
    assert _violations(z, **values, contract=contract) == []
    values[kind][place] = wrong(contract, truth)
    (found,) = _violations(z, **values, contract=contract)
    assert said in found


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "shown"])
def test_what_is_no_number_breaks_the_contract(kind):
    contract, z, values = right("float32")
    values[kind][1] = np.nan
    assert any("= nan, but float32 says within" in found for found in _violations(z, **values, contract=contract))


def test_nothing_is_relative_below_the_smallest_normal_number():
    contract, z, values = right("float32")
    z = np.concatenate([z, [1e-40, -95.0]])
    for name, value in (("tanh", 1e-40), ("sigmoid", 0.5), ("tanh", -1.0), ("sigmoid", 0.0)):
        values[name] = np.append(values[name], value)
    values["tanh"][-2], values["sigmoid"][-1] = 1.009 * contract.tiny, 1.009 * contract.tiny
    assert _violations(z, **values, contract=contract) == []
    values["tanh"][-2], values["sigmoid"][-1] = 1.011 * contract.tiny, 1.011 * contract.tiny
    tail, slope = _violations(z, **values, contract=contract)
    assert "σ(-95)" in tail
    assert "tanh(1e-40)" in slope


def test_sigmoid_is_0_where_the_contract_says():
    contract, z, values = right("float32")
    values["sigmoid"][z == -104] = 1e-45
    (found,) = _violations(z, **values, contract=contract)
    assert "exactly 0 to −104" in found


@pytest.mark.parametrize(
    ("name", "apart"), [("float32", 1 / 256), ("float64", 1 / 256), ("bfloat16", 1 / 8), ("int8", 1 / 8)]
)
def test_the_probe_leaves_no_wide_gap(packages, name, apart):
    base, offsets = points(packages[name])
    z = np.unique(base + offsets[:, None])
    z = z[packages[name].network.format.rounded(z) == z]  # others are rounded before they are squashed
    inside = z[(z >= -30) & (z <= 30)]
    assert np.diff(inside).max() <= apart
    assert {inside[0], inside[-1]} == {-30, 30}
    assert packages[name].network.format.rounded(np.float64(8.47554016)) in z


@pytest.mark.parametrize(("size", "cells"), [(2, 8), (11, 10), (256, 256), (3000, 1024)])
def test_the_probe_is_about_as_large_as_the_network(packages, size, cells):
    """cuDNN has one kernel for small layers and another for large ones."""
    like = packages["float32"]
    labels = like.network.header.cells[:1] * size
    base, _ = points(replace(like, network=replace(like.network, header=replace(like.network.header, cells=labels))))
    assert 2 * len(base) == cells


@pytest.mark.parametrize("name", FORMATS)
def test_our_own_runner_satisfies_its_contract(packages, name):
    """What is rounded before it is squashed would not: some sums of the half formats."""
    probing = probe(packages[name])
    kernel = measure(Ours(probing.network), probing, CONTRACTS[name])
    assert kernel.violations == ()
    assert kernel.sigmoid > 0


def test_arithmetic_finer_than_a_contract_satisfies_it(packages):
    probing = probe(packages["float64"])
    assert measure(Ours(probing.network), probing, CONTRACTS["approximate"]).violations == ()


class Ours:
    """A worker that is our own runner."""

    def __init__(self, network):
        self.network = network

    def run(self, tokens):
        state = self.network.start(len(tokens))
        for column in tokens.T:
            state = self.network.step(state, column)
        return Answer(np.zeros((*tokens.shape, 1)), None, tuple(part.astype(np.float64) for part in state), 0.0)
