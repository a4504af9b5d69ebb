"""The boxes hold what they say: against mpmath's interval arithmetic, and against machines that round in any order."""

from random import Random

import numpy as np
import pytest
from mpmath import iv
from strategies import random_string

import lstmc
from lstmc.network.arithmetic import sigmoid
from lstmc.network.number_formats import number_format
from lstmc.pipeline import compile_proved
from lstmc.shipped import shipped

REWRITTEN = ((0, "rewrite"), (1, "rewrite"), (2, "rewrite"))  # nothing is kept: proved under `exact`, too
STEPS = 25  # kinds of steps tried for each network in interval arithmetic, which is slow
iv.prec = 300


@pytest.mark.slow
@pytest.mark.parametrize("level", REWRITTEN, ids=str)
@pytest.mark.parametrize("name", sorted(shipped()))
def test_one_step_from_the_boxes_lands_in_the_boxes(name, level):
    """Real arithmetic, to 300 bits, with nothing of the prover's but the boxes."""
    grammar = lstmc.load_grammar(name)
    network, certificate = compile_proved(grammar, *level, dtype="float64")
    box = certificate.verdicts["exact"].boxes.rewritten
    for before, symbol, after in kinds_of_steps(network, grammar)[:STEPS]:
        h, c = real_step(network, box, before, symbol)
        for n, on in enumerate(after):
            assert inside(c[n] - 1 if on else c[n], box.ends("c", on)), (before, symbol, n, "c")
            assert inside(h[n] - real_tanh(iv.mpf(1)) if on else h[n], box.ends("h", on)), (before, symbol, n, "h")


def kinds_of_steps(network, grammar):
    """(cells that are on or None before the first symbol, symbol, cells that are on after), each once."""
    found, rng = {}, Random(0)
    for _ in range(30):
        before, state = None, network.start(1)
        for symbol in network.tokens(random_string(grammar, rng, 12)):
            state = network.step(state, np.array([symbol]))
            after = tuple(network.on(state)[0].tolist())
            found[before, symbol] = after
            before = after
    return sorted(((b, x, a) for (b, x), a in found.items()), key=str)


def real_step(network, box, before, symbol):
    """h and c after the step, as intervals, for every h and c in the boxes."""
    size = network.size
    on = [False] * size if before is None else before
    if before is None:
        h = c = [iv.mpf(0)] * size
    else:
        h = [(real_tanh(iv.mpf(1)) if is_on else 0) + iv.mpf(box.ends("h", is_on)) for is_on in on]
        c = [(1 if is_on else 0) + iv.mpf(box.ends("c", is_on)) for is_on in on]
    bias, inputs = network.tensors["lstm.bias_ih_l0"], network.tensors["lstm.weight_ih_l0"][:, symbol]
    cells = network.matrix("lstm.weight_hh_l0")
    summed = []
    for row in range(4 * size):
        total = iv.mpf(float(bias[row])) + iv.mpf(float(inputs[row]))
        for n in np.flatnonzero(cells[row]).tolist():
            total += iv.mpf(float(cells[row, n])) * h[n]
        summed.append(total)
    i, f, g, o = (summed[k * size : (k + 1) * size] for k in range(4))
    c = [real_sigmoid(f[n]) * c[n] + real_sigmoid(i[n]) * real_tanh(g[n]) for n in range(size)]
    return [real_sigmoid(o[n]) * real_tanh(c[n]) for n in range(size)], c


def real_sigmoid(z):
    return 1 / (1 + iv.exp(-z))


def real_tanh(z):
    return 1 - 2 / (iv.exp(2 * z) + 1)


def inside(value, ends):
    return ends[0] <= value.a and value.b <= ends[1]


ROUNDED = [
    (name, level, dtype)
    for name in ("reber", "reber-unknown-start", "number")
    for level in (*REWRITTEN, (1, "keep"))
    for dtype in ("float64", "float32", "float16", "bfloat16")
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level", "dtype"), ROUNDED, ids=str)
def test_machines_stay_in_the_boxes(name, level, dtype):
    """The network's own arithmetic over long strings, and sums in a new random order at every step."""
    grammar = lstmc.load_grammar(name)
    network, certificate = compile_proved(grammar, *level, dtype=dtype)
    boxes = certificate.verdicts[dtype].boxes
    classes, rng = np.array(certificate.data["classes"]), Random(1)
    for machine, length in ((network.step, 2000), (any_order(network, np.random.default_rng(1)), 150)):
        tokens = network.tokens(long_string(grammar, rng, length))
        state = network.start(1)
        for token in tokens:
            state = machine(state, np.array([token]))
            for kind, box in enumerate((boxes.rewritten, boxes.kept)):
                assert_inside(network, state, classes == kind, box)


def long_string(grammar, rng, length):
    symbols = []
    while len(symbols) < length:  # what comes after a mistake is one more string of dead steps, cut short
        symbols = random_string(grammar, rng, length)[:length] + symbols
    return symbols[:length]


def assert_inside(network, state, cells, box):
    on = network.on(state)[0]
    for part, active, ends_on, ends_off in (
        (state[1], 1.0, box.ends("c", True), box.ends("c", False)),
        (state[0], 0.7615941559557649, box.ends("h", True), box.ends("h", False)),
    ):
        values = part[0].astype(np.float64)
        beyond = values[on & cells] - active
        assert ((ends_on[0] - 1e-16 <= beyond) & (beyond <= ends_on[1] + 1e-16)).all(), beyond
        dark = values[~on & cells]
        assert ((ends_off[0] <= dark) & (dark <= ends_off[1])).all(), dark


def any_order(network, random):
    """A step that rounds every product and every sum of two, in a random order."""
    form = number_format(network.header.dtype)
    fl = form.round
    cells = np.asarray(network.matrix("lstm.weight_hh_l0"))
    bias, inputs = network.tensors["lstm.bias_ih_l0"], network.tensors["lstm.weight_ih_l0"]

    def step(state, tokens):
        terms = np.concatenate([fl(cells * state[0][0]).T, bias[None], inputs[:, tokens].T])
        total = np.zeros(len(bias), form.work)
        for term in terms[random.permutation(len(terms))]:
            total = fl(total + term)
        i, f, g, o = np.split(total, 4)
        c = fl(fl(fl(sigmoid(f)) * state[1][0]) + fl(fl(sigmoid(i)) * fl(np.tanh(g))))
        return fl(fl(sigmoid(o)) * fl(np.tanh(c)))[None], c[None]

    return step
