"""What is proved of small grammars, as golden texts, and the checker confirms each. A prover that claims too much is
caught by the checker, one that claims less by the text, to the last bit: eight letters stand for all numbers."""

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from golden_text import assert_golden
from proving import Task, case, label, proved, violations

import lstmc
from lstmc.canonical import canonical, digest
from lstmc.errors import LimitError
from lstmc.proof import prove

TASKS = [Task(seed, states=4, symbols=3, explicit=seed % 2 == 1) for seed in range(24)]
ALTERED = product(("reber", "third-from-end", "edge-detector", "weather-cycle"), ("lstm", "toy"), range(5))
EXACT = ("bound", "margin", "probabilities", "boxes", "entry", "entry_off", "drift", "rise")
SOFT = product(("lstm", "toy"), (10, 20, 24))


@pytest.mark.slow
def test_verdicts_of_random_grammars():
    lines = []
    for task in TASKS:
        this = case(task)
        try:
            network, certificate = proved(this)
        except LimitError as error:
            lines.append(f"{label(task, this)}: {error}")
            continue
        assert violations(network, certificate) == []
        lines.append(f"{label(task, this)}")
        lines += [f"  {told(verdict)}" for verdict in certificate.verdicts.values()]
    assert_golden("\n".join(lines) + "\n", "verdicts-random.txt")


@pytest.mark.slow
def test_verdicts_of_memories_that_leak():
    """At soft gains a kept memory leaks away at once, after a few symbols, or after many."""
    reber, lines = lstmc.load_grammar("reber"), []
    for cell, gain in SOFT:
        network = lstmc.compile(reber, level=1, memory="keep", cell=cell, gain=gain)
        certificate = prove(network, reber, contracts=["exact", "float32", "approximate"])
        assert violations(network, certificate) == []
        lines.append(f"{cell} gain {gain}")
        lines += [f"  {told(verdict)}" for verdict in certificate.verdicts.values()]
    assert_golden("\n".join(lines) + "\n", "verdicts-leaking.txt")


@pytest.mark.slow
def test_verdicts_of_altered_networks():
    """One weight is gone, of the other sign, a quarter, or in another place: what is wrong, and where it shows."""
    lines = []
    for name, cell, seed in ALTERED:
        grammar = lstmc.load_grammar(name)
        network, what = altered(lstmc.compile(grammar, cell=cell), Random(f"{name} {cell} {seed}"))
        certificate = prove(network, grammar, contracts=["float32", "approximate"])
        claims = {verdict.kind for verdict in certificate.verdicts.values()} - {"refused"}
        assert not claims or violations(network, certificate) == []
        lines.append(f"{name} {cell}, {what}")
        lines += [f"  {told(verdict)}" for verdict in certificate.verdicts.values()]
    assert_golden("\n".join(lines) + "\n", "verdicts-altered.txt")


def altered(network, rng):
    """The network with one weight changed, and what was done."""
    name = rng.choice(sorted(name for name, values in network.tensors.items() if values.any()))
    values = network.tensors[name].copy()
    place = tuple(rng.choice(np.argwhere(values)).tolist())
    other = tuple(rng.randrange(length) for length in values.shape)
    what = rng.choice(("gone", "negated", "quartered", "moved"))
    weight, values[place] = values[place], 0
    if what == "moved":
        values[other] = weight
    else:
        values[place] = weight * {"gone": 0, "negated": -1, "quartered": 0.25}[what]
    return replace(network, tensors={**network.tensors, name: values}), f"{name} {place} {what}"


def told(verdict):
    """Its bound, its margin, and how far its boxes reach."""
    numbers = {"margin": verdict.margin, "probabilities": verdict.probabilities, "bound": verdict.bound}
    if verdict.boxes is not None:
        for name, box in (("rewritten", verdict.boxes.rewritten), ("kept", verdict.boxes.kept)):
            shown = next(iter(box.on))
            numbers |= {f"{name} {part}_h": max(map(abs, box.ends(shown, part == "on"))) for part in ("on", "off")}
    said = [f"{name} {number:.4g}" for name, number in numbers.items() if number is not None]
    exact = {name: value for name, value in verdict.to_dict().items() if name in EXACT}
    return "; ".join([str(verdict), *said, *([digest(canonical(exact))[:8]] if exact else [])])
