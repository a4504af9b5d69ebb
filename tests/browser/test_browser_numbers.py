"""The page computes what the network computes: bit by bit the same way back, and as the Python trace says."""

from random import Random

import numpy as np
import pytest
from subjects import VARIANTS, subject

from lstmc.network.trace import trace

# A string of each grammar that goes through most of its rules; the last symbols lead nowhere.
STRINGS = {
    "reber": "BTSSSXXTTVPXVVEBT",
    "embedded": "BPBTSSXXTVPSEPEB",
    "third-from-end": "aabbabaaabbbaba",
    "unknown": "XTTVPXVVEE",
    "remainder": "11010010111010001",
    "edges": "0011010111000101",
}
CASES = [name for name in VARIANTS if name.split()[0] in STRINGS]

WALK = """
const names = (selector, key) => [...document.querySelectorAll(selector)].map((each) => each.dataset[key]);
const steps = [];
for (let n = 0; n < argument; n++) {
  document.querySelector("#step").click();
  const marked = [names("#alphabet .allowed", "symbol"), names("#graph [data-state].on", "state")];
  steps.push([window.lstmc.position(), table(), window.lstmc.state(), ...marked]);
}
return steps;
"""


@pytest.mark.parametrize("name", CASES)
def test_every_number_is_that_of_the_trace(visit, name):
    """Each visible number of each step to 1e-6 (of its size, where that is above 1), with what is lit and allowed."""
    network, string = subject(name).network, STRINGS[name.split()[0]]
    on_page = visit(name)
    on_page.type(string)
    on_page.go(0)
    found = on_page.ask(WALK, len(string))
    shown = 0
    for number, (step, expected) in enumerate(zip(found, trace(network, string).steps, strict=True), 1):
        position, table, state, allowed, lit = step
        assert position == number
        for part, values in expected.parts.items():
            assert close(state[part], values), (position, part)
            assert all(close(float(value), values[int(cell)]) for cell, value in table[part].items()), (position, part)
            shown += len(table[part])
        assert set(allowed) == set(expected.next) - {"end"}
        assert set(lit) == possible(subject(name).grammar, string[:position])
    all_there_are = len(string) * sum(map(len, expected.parts.values()))
    assert shown >= all_there_are if network.size <= 32 else 0 < shown < all_there_are


def close(found, expected):
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    return found.shape == expected.shape and (np.abs(found - expected) <= 1e-6 * np.maximum(1, np.abs(expected))).all()


def possible(grammar, string):
    """The states that a walk through the graph can be in."""
    states = set(grammar.start)
    for symbol in string:
        edges = grammar.graph.edges(data=True)
        states = {target for source, target, data in edges if source in states and data["symbol"] == symbol}
    return states


THERE_AND_BACK = """
document.body.hidden = true; // nothing need be laid out
const seen = [everything()];
const [step, back] = ["#step", "#back"].map((name) => document.querySelector(name));
const same = [];
for (let n = 0; n < argument; n++) {
  step.click();
  seen.push(everything());
}
for (let n = argument - 1; n >= 0; n--) {
  back.click();
  same.push(everything() === seen[n]);
}
return [seen.length, new Set(seen).size, same];
"""


@pytest.mark.parametrize(("name", "steps"), [("reber", 1000), ("reber toy", 250)])
def test_a_thousand_steps_on_and_back_give_the_same_bits(visit, name, steps):
    """Of the state and of the text of every cell, in a string that loops, leaves the grammar and goes on."""
    random = Random(1)
    string = ("BTXX" + "T" * (steps // 2) + "VPXVVE").ljust(steps, "?")
    string = "".join(random.choice("BTSXPVE") if symbol == "?" else symbol for symbol in string)
    on_page = visit(name)
    on_page.type(string)
    on_page.go(0)
    count, different, same = on_page.ask(THERE_AND_BACK, steps)
    assert count == different == steps + 1
    assert same == [True] * steps
    assert on_page.position == 0
