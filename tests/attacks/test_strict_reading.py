"""What has a second meaning, or none, is refused: of files nothing is read past, and no number is trusted before it is
bounded. Each file holds but for one thing, with all digests right, and what is said of it is that thing."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from mutants import bound_to
from test_hostile_bytes import change_lstmc, with_header

from lstmc import load_grammar
from lstmc.network import lowering, weights_file
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import LONGEST_NUMBER, check


@cache
def proved(name="reber", cell="lstm"):
    network, certificate = compile_proved(load_grammar(name), cell=cell)
    return network.to_bytes(), certificate.to_bytes()


def said_of(change, name="reber", cell="lstm"):
    weights, certificate = proved(name, cell)
    data = json.loads(certificate)
    change(data)
    return [str(violation) for violation in check(weights, json.dumps(data).encode(), digests=False)]


def boxes(data):
    return data["contracts"]["float32"]["boxes"]


CERTIFICATES = {
    "a number of states that is a truth value": (
        lambda data: data["automaton"].update(states=True),
        "no states, no start, or no kind",
    ),
    "an initial state twice": (lambda data: data["automaton"].update(initial=[0, 0]), "not in order"),
    "an accepting state twice": (lambda data: data["automaton"]["accepting"].append(7), "not in order"),
    "a move twice": (lambda data: data["automaton"]["moves"].append(data["automaton"]["moves"][0]), "stands twice"),
    "an entry of the map twice": (lambda data: data["map"].append(data["map"][0]), "stands twice"),
    "a state of the map twice": (lambda data: data["map"][0][0].append(data["map"][0][0][0]), "stands twice"),
    "a third box": (lambda data: boxes(data).append(boxes(data)[0]), "too many values to unpack"),
    "a box with more": (lambda data: boxes(data)[0].update(more=None), "a box has other parts"),
    "a box with more while on": (lambda data: boxes(data)[0]["on"].update(more=None), "a box has other parts"),
    "a box with more while off": (lambda data: boxes(data)[1]["off"].update(more=None), "a box has other parts"),
    "a box that is a whole number": (lambda data: boxes(data)[0]["on"].update(h=[-1, 1]), "-1 is no number"),
    "a margin that is true": (lambda data: data["contracts"]["float32"].update(margin=True), "True is no number"),
    "no digest of weights": (lambda data: data["network"].pop("tensors"), "names no weights"),
    "no digest of a header": (lambda data: data["network"].pop("header"), "names no weights"),
    "more about the network": (lambda data: data["network"].update(more=1), "binding: "),
    "nothing but digests": (
        lambda data: data.update(network={part: data["network"][part] for part in ("tensors", "header")}),
        "binding: ",
    ),
    "a number of many digits": (lambda data: data.update(format=10**LONGEST_NUMBER), "a number of 401 digits"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("change", "what"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate_is_read_to_the_letter(change, what):
    assert said_of(lambda data: None) == []
    (said,) = said_of(change)
    assert what in said


def test_a_toy_has_one_state():
    def change(data):
        boxes(data)[0]["on"]["h"] = [-0.5, 0.5]

    assert said_of(lambda data: None, cell="toy") == []
    assert ["other parts than the cell's states" in said for said in said_of(change, cell="toy")] == [True]


def test_successors_belong_to_deterministic_automata():
    assert said_of(lambda data: None, "third-from-end") == []
    (said,) = said_of(lambda data: data.update(successors=[]), "third-from-end")
    assert "successors" in said


def test_a_move_stands_once_where_several_may_start_alike():
    (said,) = said_of(lambda data: data["automaton"]["moves"].append(data["automaton"]["moves"][0]), "third-from-end")
    assert "stands twice" in said


OPTIONS = {"level": 1, "memory": "keep", "gain": 256.0, "probabilities": True}
HEADERS = {
    "another key": ({"more": 1}, "less or more"),
    "another option": ({"options": OPTIONS | {"more": 1}}, "less or more"),
    "an option less": ({"options": {"probabilities": True}}, "less or more"),
    "probabilities that are a number": ({"options": OPTIONS | {"probabilities": 1}}, "less or more"),
}


@pytest.mark.parametrize(("changes", "what"), HEADERS.values(), ids=HEADERS)
def test_a_header_is_read_to_the_letter(changes, what):
    weights, certificate = proved()
    (said,) = check(with_header(weights, change_lstmc(**changes)), certificate, digests=False)
    assert what in str(said)


TABLES = {
    "a key more": (lambda t: t["reader.bias"].update(more=1), "has other keys"),
    "a long shape": (lambda t: t["reader.bias"].update(shape=[8, 1, 1]), "is no matrix"),
}


@pytest.mark.parametrize(("change", "what"), TABLES.values(), ids=TABLES)
def test_a_table_of_tensors_is_read_to_the_letter(change, what):
    weights, certificate = proved()
    (said,) = check(with_header(weights, change), certificate, digests=False)
    assert what in str(said)


def test_sparse_rows_that_wrap_around_64_bits_are_refused(monkeypatch):
    """The differences of these row starts have all wrapped around to what may be, and add up to the end."""
    for module in (lowering, weights_file):
        monkeypatch.setattr(module, "DENSE_CELLS", 5)
    network, certificate = compile_proved(load_grammar("reber"))
    starts = network.tensors["lstm.weight_hh_l0.indptr"].copy()
    starts[1:4] = 2**62, -(2**63), -(2**62)
    assert (np.diff(starts) >= 0).all()
    altered = replace(network, tensors={**network.tensors, "lstm.weight_hh_l0.indptr": starts})
    (said,) = check(altered.to_bytes(), bound_to(altered, certificate.to_bytes()))
    assert "leave the matrix" in str(said)
