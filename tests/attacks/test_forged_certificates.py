"""Certificates forged field by field, their digests right: what they claim more than is true must be refused.

Golden files say by which violations: of each kind how many there are, and the first.
"""

import copy
import json
import math
import re
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest
from golden_text import assert_golden
from mutants import subject, wrong

from lstmc import load_grammar
from lstmc.automaton import minimize
from lstmc.proof.checker import check, verify
from lstmc.proof.simulation_map import simulation_map

NETWORKS = {
    "reber -O2": ("reber", 2, "rewrite", "lstm", "float32"),
    "reber -O1": ("reber", 1, "keep", "lstm", "float32"),
    "number toy": ("number", 1, "keep", "toy", "float32"),
    "weather": ("weather-cycle", 1, "rewrite", "lstm", "bfloat16"),
    "edge-detector": ("edge-detector", 2, "rewrite", "lstm", "float32"),
    "third-from-end": ("third-from-end", 1, "keep", "lstm", "float32"),
    "third-from-end toy": ("third-from-end", 0, "rewrite", "toy", "float64"),
    "third-from-end coupled": ("third-from-end", 1, "rewrite", "coupled", "float32"),
    "reber gru": ("reber", 1, "rewrite", "gru", "float32"),
    "edge-detector rnn": ("edge-detector", 0, "rewrite", "rnn", "float32"),
    "number rnn-relu": ("number", 1, "rewrite", "rnn-relu", "float32"),
    "reber 1997": ("reber", 1, "keep", "lstm-1997", "float32"),
    "reber slstm": ("reber", 0, "rewrite", "slstm", "float32"),
}


@cache
def proved(name):
    found = subject(load_grammar(NETWORKS[name][0]), *NETWORKS[name][1:])
    return found.network.to_bytes(), found.certificate


def bounded_or(claims, name="float32"):
    """The name of a bounded contract of the certificate, else another."""
    return next((n for n, claim in claims.items() if claim["verdict"] == "bounded"), name)


class NothingToForgeError(Exception):
    """The certificate has nothing of the kind."""


def forge(change):
    """A forgery: a function that alters the data of a certificate, or raises NothingToForgeError."""
    FORGERIES[change.__name__] = change
    return change


FORGERIES = {}


@forge
def a_larger_margin(data):
    data["contracts"]["float32"]["margin"] *= 1.01


@forge
def no_margin(data):
    data["contracts"]["float32"]["margin"] = 0.0


@forge
def a_margin_below_zero(data):
    data["contracts"]["float32"]["margin"] *= -1


@forge
def better_probabilities(data):
    claim = data["contracts"]["float32"]
    if claim["probabilities"] is None:
        raise NothingToForgeError("it has no probabilities")
    claim["probabilities"] /= 2 if not data["cell"]["idle"] else 64  # more adds up there: we claim less than is shown


@forge
def no_probabilities_or_too_many(data):
    claim = data["contracts"]["float32"]
    claim["probabilities"] = None if claim["probabilities"] else 1e-6


@forge
def probabilities_with_more_tolerance(data):
    claim = data["contracts"]["float32"]
    if claim["probabilities"] is None:
        raise NothingToForgeError("it has no probabilities")
    claim["probabilities"] = 0.5


@forge
def a_larger_bound(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    if claim["verdict"] != "bounded":
        raise NothingToForgeError("nothing is bounded")
    claim["bound"] = claim["bound"] * 2 + 1


@forge
def every_length_where_it_is_bounded(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    if claim["verdict"] != "bounded":
        raise NothingToForgeError("nothing is bounded")
    claim |= {"verdict": "every-length", "bound": None}


@forge
def less_drift(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    if claim["verdict"] != "bounded":
        raise NothingToForgeError("nothing is bounded")
    claim["drift"] /= 2


@forge
def a_smaller_entry(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    if claim["verdict"] != "bounded" or claim["entry"] == [0.0, 0.0]:
        raise NothingToForgeError("nothing is bounded")
    claim["entry"] = [0.0, 0.0]


@forge
def a_smaller_entry_off(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    if claim["verdict"] != "bounded":
        raise NothingToForgeError("nothing is bounded")
    if claim["entry_off"] == [0.0, 0.0]:
        raise NothingToForgeError("what is off is exactly that")
    claim["entry_off"] = [0.0, 0.0]


@forge
def a_bound_of_zero(data):
    claim = data["contracts"][bounded_or(data["contracts"])]
    claim["bound"] = 0


@forge
def a_refused_contract_that_is_claimed(data):
    data["contracts"]["approximate"] = {"verdict": "every-length"}


@forge
def exact_boxes_in_float32(data):
    data["contracts"]["approximate"] = copy.deepcopy(data["contracts"]["float64"])


def _boxes(data, contract="approximate"):
    """The boxes of the classes that cells have."""
    return [data["contracts"][contract]["boxes"][kind] for kind in sorted(set(data["classes"]))]


@forge
def half_of_on(data):
    if not any(any(ends) for box in _boxes(data) for ends in box["on"].values()):
        raise NothingToForgeError("what is on is exactly that")
    for box in _boxes(data):
        box["on"] = {part: [end / 2 for end in ends] for part, ends in box["on"].items()}


@forge
def half_of_off(data):
    if not any(any(ends) for box in _boxes(data) for ends in box["off"].values()):
        raise NothingToForgeError("what is off is exactly that")
    for box in _boxes(data):
        box["off"] = {part: [end / 2 for end in ends] for part, ends in box["off"].items()}


@forge
def shifted_boxes(data):
    for box in _boxes(data):
        box["on"] = {part: [end + 1e-3 for end in ends] for part, ends in box["on"].items()}


@forge
def a_memory_as_wide_as_can_be(data):
    for box in _boxes(data):
        box["on"] = {part: [None, None] for part in box["on"]}
        box["off"] = {part: [None, None] for part in box["off"]}


@forge
def an_off_box_without_zero(data):
    if not any(any(ends) for box in _boxes(data) for ends in box["off"].values()):
        raise NothingToForgeError("what is off is exactly that")
    for box in _boxes(data):
        box["off"] = {part: [ends[1] / 2, ends[1]] for part, ends in box["off"].items()}


@forge
def an_empty_box(data):
    for box in _boxes(data):
        box["on"] = {part: [1.0, -1.0] for part in box["on"]}


@forge
def the_other_classes(data):
    if not any(data["classes"]):
        raise NothingToForgeError("there is one class only")
    data["classes"] = [0] * len(data["classes"])


@forge
def started_of_class_1(data):
    first, second = data["contracts"]["float32"]["boxes"]
    if data["classes"][0] or first == second:
        raise NothingToForgeError("it is, or nothing tells the classes apart")
    data["classes"][0] = 1


@forge
def two_cells_exchanged(data):
    cells = data["cells"]
    other = next((n for n in range(2, len(cells)) if cells[n] != cells[1]), None)
    if other is None:
        raise NothingToForgeError("all cells are of one state")
    cells[1], cells[other] = cells[other], cells[1]


@forge
def a_cell_less(data):
    data["cells"].pop()
    data["classes"].pop()


@forge
def a_cell_of_a_state_that_there_is_not(data):
    data["cells"][-1] = data["automaton"]["states"]


@forge
def a_successor_less(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"].pop()


@forge
def another_successor(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"][-1][2] = data["successors"][-1][2] % (len(data["cells"]) - 1) + 1


@forge
def a_successor_of_what_is_no_configuration(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"][0][0] = -2


@forge
def a_successor_that_is_dead(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"][0][2] = 0


@forge
def a_successor_of_the_dead(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"].append([0, 0, 1])


@forge
def a_successor_twice(data):
    if "successors" not in data:
        raise NothingToForgeError("it is not deterministic")
    data["successors"].append(data["successors"][0])


@forge
def a_move_less(data):
    data["automaton"]["moves"].pop()


@forge
def another_target(data):
    data["automaton"]["moves"][-1][2] = (data["automaton"]["moves"][-1][2] + 1) % data["automaton"]["states"]


@forge
def another_symbol(data):
    data["automaton"]["moves"][-1][1] = (data["automaton"]["moves"][-1][1] + 1) % len(data["network"]["alphabet"])


@forge
def all_states_accepting(data):
    if len(data["automaton"]["accepting"]) == data["automaton"]["states"]:
        data["automaton"]["accepting"] = []
    else:
        data["automaton"]["accepting"] = list(range(data["automaton"]["states"]))


@forge
def another_start(data):
    automaton = data["automaton"]
    automaton["initial"] = [(n + 1) % automaton["states"] for n in automaton["initial"]]
    if len(automaton["initial"]) == automaton["states"]:
        raise NothingToForgeError("it may start anywhere")


@forge
def another_kind_of_automaton(data):
    data["automaton"]["deterministic"] = not data["automaton"]["deterministic"]


@forge
def another_output(data):
    output = data["automaton"]["output"]
    if max(output) < 0:
        raise NothingToForgeError("it is no transducer")
    output[-1] = (output[-1] + 2) % (len(data["network"]["outputs"]) + 1) - 1


@forge
def an_entry_of_the_map_less(data):
    data["map"].pop()


@forge
def another_entry_of_the_map(data):
    data["map"][-1][2] = (data["map"][-1][2] + 1) % data["automaton"]["states"]


@forge
def states_of_the_map_together(data):
    data["map"][-1][0] = [node["id"] for node in data["grammar"]["nodes"]]


@forge
def no_map(data):
    data["map"] = []


@forge
def an_edge_of_the_grammar_less(data):
    data["grammar"]["edges"].pop()


@forge
def another_edge_of_the_grammar(data):
    edges, ids = data["grammar"]["edges"], [node["id"] for node in data["grammar"]["nodes"]]
    edges[-1]["target"] = ids[(ids.index(edges[-1]["target"]) + 1) % len(ids)]


@forge
def another_accepting_state_of_the_grammar(data):
    node = data["grammar"]["nodes"][0]
    node["accept"] = not node.get("accept", False)


@forge
def another_start_of_the_grammar(data):
    nodes = data["grammar"]["nodes"]
    starts = [bool(node.pop("start", False)) for node in nodes]
    if all(starts):
        raise NothingToForgeError("it may start anywhere")
    for n, node in enumerate(nodes):
        if starts[n - 1]:
            node["start"] = True


@forge
def probabilities_of_the_grammar(data):
    """Where moves are equally likely, or nothing is known of them, they are said to be unequal."""
    if data["network"]["cell"] == "toy":
        raise NothingToForgeError("a toy gives no probabilities")
    for node in data["grammar"]["nodes"]:
        moves = [edge for edge in data["grammar"]["edges"] if edge["source"] == node["id"]]
        if len(moves) == 2 and not node.get("accept"):
            moves[0]["probability"], moves[1]["probability"] = 0.25, 0.75
            return
    data["grammar"]["edges"][0]["probability"] = 0.5


@forge
def the_alphabet_in_another_order(data):
    data["grammar"]["alphabet"].reverse()
    data["network"]["alphabet"].reverse()


@forge
def the_alphabet_of_the_grammar_in_another_order(data):
    data["grammar"]["alphabet"].reverse()


@forge
def another_end_mark(data):
    data["network"]["end"] = data["network"]["alphabet"][0]


@forge
def another_type_of_cell(data):
    data["network"]["cell"] = "toy" if data["network"]["cell"] == "lstm" else "lstm"


@forge
def the_equations_of_another_type_of_cell(data):
    data["cell"] = json.loads(proved("number toy" if data["cell"]["name"] != "toy" else "reber -O1")[1])["cell"]


@forge
def other_equations(data):
    lines = data["cell"]["equations"]
    lines[0] = lines[0] + " + 0"


@forge
def equations_that_are_none(data):
    data["cell"]["equations"][0] = "why not"


@forge
def weights_in_other_rows(data):
    data["cell"]["weights"] = dict(reversed(data["cell"]["weights"].items()))
    first, second, *_ = data["cell"]["weights"]
    weights = data["cell"]["weights"]
    weights[first], weights[second] = weights[second], weights[first]


@forge
def more_shown_while_on(data):
    data["cell"]["active"] += 0.5


@forge
def more_shown_while_off(data):
    data["cell"]["idle"] += 0.25


@forge
def more_held(data):
    data["cell"]["holds"] += 1.0


@forge
def a_state_less(data):
    for claim in data["contracts"].values():
        for box in claim.get("boxes", []):
            box["on"].popitem()


@forge
def another_number_format(data):
    data["network"]["dtype"] = "float16"


@forge
def other_outputs(data):
    data["network"]["outputs"] = [*data["network"]["outputs"], "more"]


@forge
def another_name(data):
    data["name"] += " "


@forge
def another_name_of_the_grammar(data):
    data["grammar"]["name"] += "x"


@forge
def another_format(data):
    data["format"] = 1


@forge
def nothing_claimed(data):
    data["contracts"] = {name: {"verdict": "refused", "reason": "why not"} for name in data["contracts"]}


@forge
def no_contracts(data):
    data["contracts"] = {}


@forge
def a_refusal_that_says_more(data):
    data["contracts"]["exact"] = {"verdict": "refused", "reason": "why not", "counts": "every length"}


@forge
def a_refusal_without_a_reason(data):
    data["contracts"]["exact"] = {"verdict": "refused"}


@forge
def a_refusal_whose_reason_is_no_text(data):
    data["contracts"]["exact"] = {"verdict": "refused", "reason": None}


@forge
def a_text_about_what_is_counted(data):
    data["contracts"]["exact"]["counts"] = "every length"


@forge
def a_bound_that_no_number_holds(data):
    data["contracts"][bounded_or(data["contracts"])] |= {"verdict": "bounded", "bound": 10**301}


@forge
def a_contract_of_its_own(data):
    data["contracts"]["always"] = data["contracts"]["float32"]


@forge
def more_parts(data):
    data["note"] = "believe me"


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_the_certificate_holds_as_it_is(name):
    assert check(*proved(name)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_forgeries_are_refused_for_what_they_forge(name):
    weights, certificate = proved(name)
    lines = []
    for forgery in sorted(FORGERIES):
        data = json.loads(certificate)
        try:
            FORGERIES[forgery](data)
        except NothingToForgeError:
            continue
        spoken_of = {"exact", "float32", "approximate", "always", data["network"]["dtype"], NETWORKS[name][-1]}
        data["contracts"] = {contract: data["contracts"][contract] for contract in data["contracts"].keys() & spoken_of}
        found = check(weights, json.dumps(data).encode(), digests=False)
        assert found, forgery
        lines += [forgery, *said(found)]
    assert_golden("\n".join(lines) + "\n", f"forgeries-{name.replace(' ', '-')}.txt")


def said(violations):
    """A line for each kind of violation: how many, and the first one, its numbers to six digits."""
    kinds = {}
    for violation in sorted(violations, key=lambda violation: violation.what):
        kinds.setdefault(violation.what, []).append(violation.where)
    return [f"    {what} ({len(where)}): {NUMBER.sub(six_digits, where[0])}" for what, where in kinds.items()]


NUMBER = re.compile(r"-?\d+\.\d+(e-?\d+)?|-?\d+e-?\d+")


def six_digits(number):
    return f"{float(number[0]):.6g}"


@pytest.mark.parametrize("name", NETWORKS)
def test_weaker_claims_hold(name):
    """What says less than was proved is accepted: the checker compares with what it derives, not with what we wrote."""
    weights, certificate = proved(name)
    data = json.loads(certificate)
    for claim in data["contracts"].values():
        if claim["verdict"] != "refused":
            claim["margin"] /= 2
        if claim.get("bound"):
            claim["bound"] = math.ceil(claim["bound"] / 2)
    data["contracts"]["exact"] = {"verdict": "refused", "reason": "not asked for"}
    assert check(weights, json.dumps(data).encode()) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_digests_bind(name):
    weights, certificate = proved(name)
    for part in ("tensors", "header"):
        data = json.loads(certificate)
        data["network"][part] = "0" * 64
        assert {violation.what for violation in check(weights, json.dumps(data).encode())} == {"digest"}
        assert {violation.what for violation in verify(weights, json.dumps(data).encode()).violations} == {"digest"}
        assert check(weights, json.dumps(data).encode(), digests=False) == []


@pytest.mark.parametrize("name", NETWORKS)
def test_how_far_memories_rise_counts_where_several_cells_are_on(name):
    """Where one cell is on at most, none is written again while it is on, and so none rises."""
    weights, certificate = proved(name)
    data = json.loads(certificate)
    claims = {n: claim | {"rise": 1e9} for n, claim in data["contracts"].items() if claim["verdict"] == "bounded"}
    data["contracts"] |= claims
    wanted = set() if data["automaton"]["deterministic"] else {f"{contract}: bound" for contract in claims}
    assert {violation.what for violation in check(weights, json.dumps(data).encode())} == wanted


@pytest.mark.parametrize("name", ["reber", "number", "continual-reber", "remainder-3"])
def test_a_broken_minimize_is_found(name, monkeypatch):
    """It takes one state for another where a move leads; the map is that of the right automaton."""
    honest = []

    def broken(automaton):
        honest.append(minimize(automaton))
        target = honest[-1].target.copy()
        target[-1] = (target[-1] + 1) % len(honest[-1].states)
        return replace(honest[-1], target=target)

    monkeypatch.setattr(import_module("lstmc.program.allocate"), "minimize", broken)
    forged_map = import_module("lstmc.proof.prove")
    monkeypatch.setattr(forged_map, "simulation_map", lambda grammar, _: simulation_map(grammar, honest[-1]))
    found = subject(load_grammar(name), 2, "rewrite", "lstm", "float32")
    assert wrong(found.network, found.expected, found.certificate)
    kinds = {violation.what for violation in check(found.network.to_bytes(), found.certificate)}
    assert kinds == {"map"}


def test_the_grammar_file_is_compared():
    weights, certificate = proved("reber -O2")
    grammar = load_grammar("reber").to_dict()
    assert check(weights, certificate, grammar=grammar) == []
    grammar["nodes"].reverse()
    assert check(weights, certificate, grammar=grammar) == []
    (said,) = check(weights, certificate, grammar=grammar | {"start": "any"})
    assert str(said) == "malformed: no grammar of exactly its four keys"
    other = load_grammar("continual-reber").to_dict() | {"name": "reber"}
    assert [violation.what for violation in check(weights, certificate, grammar=other)] == ["grammar"]
