"""Every weight of small networks altered by itself: the checker names each cell and symbol that has become wrong.

What is wrong is found by running the altered network one step from the numbers that its cells show while they are on.
Digests are not looked at, and the certificate is that of the network as it was.
"""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from test_splices import TWINS, grammar

from lstmc.errors import LstmcError
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import check

DETERMINISTIC = ("an output of a state", "a start")
NONDETERMINISTIC = ("a choice of targets", "starts")
TRIED = (((1, "keep"), "lstm"), ((1, "keep"), "toy"), ((2, "rewrite"), "lstm"), ((1, "rewrite"), "coupled"))
TRIED += (((1, "rewrite"), "gru"), ((1, "rewrite"), "rnn"), ((1, "rewrite"), "rnn-relu"), ((1, "keep"), "lstm-1997"))
STEP = re.compile(r"cell (\d+) at symbol (\d+)")
READING = re.compile(r"configuration (-?\d+): (\w+) (\d+) is not decided")


@cache
def proved(name, level, cell):
    """The network and its certificate, with what is claimed in float32 alone."""
    network, certificate = compile_proved(grammar(*TWINS[name][1]), *level, cell)
    data = json.loads(certificate.to_bytes())
    data["contracts"] = {"float32": data["contracts"]["float32"]}
    return network, data


def tried(names):
    return list(_tried(names))


def _tried(names):
    for name in names:
        for variant in TRIED:
            try:
                proved(name, *variant)
            except LstmcError:
                continue
            if ("successors" in proved(name, *variant)[1]) is not (name in DETERMINISTIC):
                continue  # the level, or the cell type, has made it deterministic
            yield pytest.param(name, *variant, id=f"{name} -O{variant[0][0]} {variant[0][1]} {variant[1]}")


def altered(network, layers):
    """Each number of the cells, or of the layers that read them, negated and enlarged; or put where there is none.

    What a gate reads of a cell is taken away instead: then the cell does not even read it.
    """
    cells = tensors_of(network, "cells", network.gates)
    read = tensors_of(network, "cells", network.layers) | {
        of.tensor for name in network.layers for of in network.weights[name].biases
    }
    for name, values in network.tensors.items():
        if values.dtype != np.int64 and (name in read) == layers:
            for place in np.ndindex(values.shape):
                changed = values.copy()
                other = 0.0 if not layers and name in cells else -2 * values[place]
                changed[place] = other if values[place] else 300.0
                yield name, place, replace(network, tensors={**network.tensors, name: changed})


def state(network, on):
    """What the network holds while these cells are on, and no others."""
    shown, memory = (np.full((1, network.size), off, np.float32) for off in (network.idle, network.rests))
    shown[0, list(on)], memory[0, list(on)] = network.active, network.holds
    return (shown, memory)[: len(network.equations.state)]


def violations(network, data):
    return check(network.to_bytes(), json.dumps(data).encode(), digests=False)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level", "cell"), tried(DETERMINISTIC))
def test_every_wrong_step_is_named(name, level, cell):
    network, data = proved(name, level, cell)
    to = {(k, x): q for k, x, q in data["successors"]}
    cases = [(k, x) for k in (-1, 0, *set(to.values())) for x in range(len(network.alphabet))]
    for where, place, other in altered(network, layers=False):
        wrong = set()
        for k, x in cases:
            before = network.start(1) if k < 0 else state(network, {0, k})
            after = other.on(other.step(before, np.array([x])))[0]
            wanted = np.isin(np.arange(network.size), [0, to.get((k, x), 0)])
            wrong |= {(m, x) for m in np.flatnonzero(after != wanted).tolist()}
        found = violations(other, data)
        named = {tuple(map(int, STEP.search(each.where).groups())) for each in found if each.what == "float32: step"}
        numbers = symbol_numbers(other)
        like = {(m, x) for m, y in named for x in range(len(network.alphabet)) if numbers(m, x) == numbers(m, y)}
        assert wrong <= like, (where, place)  # of symbols with the same numbers one is named
        assert {each.what for each in found} <= {"float32: step"}, (where, place)
        assert {m for m, _ in named} <= {place[0] % network.size}, (where, place)


def symbol_numbers(network):
    inputs = [network.tensors[name] for name in sorted(tensors_of(network, "symbols", network.gates))]
    return lambda m, x: [values[m :: network.size, x].tolist() for values in inputs]


def tensors_of(network, part, sums):
    """The tensors of what these sums read."""
    rows = [getattr(network.weights[name], part) for name in sums]
    return {of.tensor for of in rows if of is not None}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level", "cell"), tried(NONDETERMINISTIC))
def test_no_wrong_step_of_any_set_of_cells_passes(name, level, cell):
    """What counts is which states have cells that are on: more cells of a state say no more."""
    network, data = proved(name, level, cell)
    sets = [(0, *some) for size in range(network.size) for some in combinations(range(1, network.size), size)]
    cases = [(some, x) for some in sets for x in range(len(network.alphabet))]
    before = [np.concatenate(parts) for parts in zip(*(state(network, some) for some, _ in cases), strict=True)]
    tokens = np.array([x for _, x in cases])
    of = np.array(data["cells"])[:, None] == np.arange(data["automaton"]["states"])

    def states(net):
        first = net.step(net.start(len(network.alphabet)), np.arange(len(network.alphabet)))
        return np.concatenate([net.on(each) for each in (net.step(tuple(before), tokens), first)]) @ of

    right = states(network)
    for where, place, other in altered(network, layers=False):
        found = violations(other, data)
        assert found or (states(other) == right).all(), (where, place)
        assert {each.what for each in found} <= {"float32: step", "malformed"}, (where, place)


def test_of_a_state_that_is_read_all_cells_are():
    """A state is on while one of its cells is. Who reads some of them is an OR as good as any: nothing else tells."""
    network, data = proved("a choice of targets", (0, "rewrite"), "lstm")
    of, weights = np.array(data["cells"]), network.tensors["lstm.weight_hh_l0"]
    tried = 0
    for m, k in np.argwhere(weights[: network.size]):
        if k == 0 or np.count_nonzero(of == of[k]) == 1:
            continue
        changed = weights.copy()
        changed[m, k] = 0
        found = violations(replace(network, tensors={**network.tensors, "lstm.weight_hh_l0": changed}), data)
        assert {str(each) for each in found} == {
            f"float32: step: cell {m} reads some cells of a state, and not all",
            f"float32: step: no cell of state {of[m]} is on after some move into it",
        }
        tried += 1
    assert tried > 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level", "cell"), tried(DETERMINISTIC + NONDETERMINISTIC))
def test_every_wrong_reading_is_named(name, level, cell):
    network, data = proved(name, level, cell)
    on = sorted({q for _, _, q in data["successors"]}) if "successors" in data else list(range(1, network.size))
    for where, place, other in altered(network, layers=True):
        found = violations(other, data)
        wrong = set()
        for k in (-1, 0, *on):
            given = network.start(1) if k < 0 else state(network, {0, k})
            right, read = network.read(given), other.read(given)
            wrong |= {(k, "symbol", y) for y in np.flatnonzero(right.allowed[0] != read.allowed[0]).tolist()}
            if right.output[0] != read.output[0]:
                wrong.add((k, "output", int(place[0])))
        named = {READING.search(each.where) for each in found if each.what == "float32: reading"} - {None}
        named = {(int(k), what, int(y)) for k, what, y in (each.groups() for each in named)}
        assert wrong <= named, (where, place)
        assert {each.what for each in found} <= {f"float32: {what}" for what in ("reading", "margin", "probabilities")}
        assert {y for _, _, y in named} <= {place[0]}, (where, place)
