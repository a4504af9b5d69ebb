"""Whatever bytes the checker is given, it answers with violations: no exception, no long wait, and never a yes."""

import json
import struct
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from mutants import bound_to, subject
from work import no_hanging

from lstmc import load_grammar
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import Violation, check


@cache
def proved(name="reber"):
    level = 1 if name in ("reber-unknown-start", "third-from-end") else 2
    found = subject(load_grammar(name), level, "keep" if level == 1 else "rewrite", "lstm", "float32")
    return found.network.to_bytes(), found.certificate


def refused(weights, certificate):
    with no_hanging():
        found = check(weights, certificate)
    assert found
    assert all(isinstance(violation, Violation) and str(violation) for violation in found)
    return found


DEEP = b"[" * 200_000
BYTES = {
    "nothing": b"",
    "one byte": b"\0",
    "text": b"these are no weights",
    "zeros": bytes(1000),
    "a length beyond the end": struct.pack("<Q", 2**63) + b"{}",
    "an empty table": struct.pack("<Q", 2) + b"{}",
    "deep JSON": struct.pack("<Q", len(DEEP)) + DEEP,
    "a list": struct.pack("<Q", 2) + b"[]",
    "no UTF-8": struct.pack("<Q", 2) + b"\xff\xff",
    "random": Random(0).randbytes(5000),
}


@pytest.mark.parametrize("weights", BYTES.values(), ids=BYTES)
def test_what_is_no_weights_file_is_refused(weights):
    refused(weights, proved()[1])


TEXTS = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "deep lists": DEEP,
    "deep objects": b'{"a":' * 200_000,
    "a number that is none": b'{"format": NaN}',
    "a number beyond all": b'{"format": 1e999}',
    "a number of many digits": b'{"format": 1' + b"0" * 100_000 + b"}",
    "half a character": b'{"name": "\\ud800"}',
    "no UTF-8": b'{"name": "\xff"}',
    "the same key twice": b'{"format": 1, "format": 1}',
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("certificate", TEXTS.values(), ids=TEXTS)
def test_what_is_no_certificate_is_refused(certificate):
    refused(proved()[0], certificate)


def test_truncated_files_are_refused():
    weights, certificate = proved()
    for size in range(0, len(weights), 97):
        refused(weights[:size], certificate)
    for size in range(0, len(certificate), 797):
        refused(weights, certificate[:size])


def test_bytes_that_belong_to_nothing_are_refused():
    weights, certificate = proved()
    refused(weights + b"\0", certificate)
    refused(b"\0" + weights, certificate)
    refused(weights, certificate + b"x")


def with_header(weights, change):
    """The weights with another table of tensors."""
    size = int.from_bytes(weights[:8], "little")
    table = json.loads(weights[8 : 8 + size])
    change(table)
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + weights[8 + size :]


TABLES = {
    "a tensor twice in the same place": lambda t: t["lstm.bias_ih_l0"].update(t["lstm.bias_hh_l0"]),
    "a tensor less": lambda t: t.pop("reader.bias"),
    "a tensor more": lambda t: t.update(more={"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}),
    "another shape": lambda t: t["reader.bias"].update(shape=[2, 4]),
    "a shape below zero": lambda t: t["reader.bias"].update(shape=[-8]),
    "a shape of fractions": lambda t: t["reader.bias"].update(shape=[8.0]),
    "a shape beyond all": lambda t: t["reader.bias"].update(shape=[2**64, 2**64]),
    "a shape that is none": lambda t: t["reader.bias"].update(shape=None),
    "offsets beyond the end": lambda t: t["reader.bias"].update(data_offsets=[0, 10**9]),
    "offsets that run back": lambda t: t["reader.bias"].update(data_offsets=[40, 8]),
    "three offsets": lambda t: t["reader.bias"].update(data_offsets=[0, 8, 16]),
    "a type that there is not": lambda t: t["reader.bias"].update(dtype="F8"),
    "a list as type": lambda t: t["reader.bias"].update(dtype=["F32"]),
    "integers": lambda t: t["reader.bias"].update(dtype="I64", shape=[4]),
    "no metadata": lambda t: t.pop("__metadata__"),
    "more metadata": lambda t: t["__metadata__"].update(format="pt"),
    "metadata that is no JSON": lambda t: t["__metadata__"].update(lstmc="{"),
    "metadata that is no text": lambda t: t.update(__metadata__={"lstmc": 1}),
    "metadata that is a list": lambda t: t.update(__metadata__=[]),
}


@pytest.mark.parametrize("change", TABLES.values(), ids=TABLES)
def test_a_wrong_table_is_refused(change):
    weights, certificate = proved()
    refused(with_header(weights, change), certificate)


def change_lstmc(**changes):
    def change(table):
        header = json.loads(table["__metadata__"]["lstmc"]) | changes
        table["__metadata__"]["lstmc"] = json.dumps(header)

    return change


HEADERS = (
    {"format": 2},
    {"format": "1"},
    {"name": None},
    {"cell": "unheard-of"},
    {"cell": ["lstm"]},
    {"dtype": "float64"},
    {"dtype": {}},
    {"alphabet": []},
    {"alphabet": "BTSXPVE"},
    {"alphabet": [1, 2, 3, 4, 5, 6, 7]},
    {"alphabet": list("TBSXPVE")},
    {"outputs": ["0"]},
    {"end": "E"},
    {"options": None},
    {"options": {"probabilities": False}},
    {"grammar": 1},
)


@pytest.mark.parametrize("changes", HEADERS, ids=str)
def test_a_wrong_header_is_refused_without_digests(changes):
    weights, certificate = proved()
    assert check(with_header(weights, change_lstmc(**changes)), certificate, digests=False)


HOSTILE = (None, True, -1, 0, 10**400, 1e308, -0.0, "", "x", [], {}, [[]], [None], {"a": 1}, [10**30, 10**30, 10**30])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reber", "reber-unknown-start", "third-from-end", "edge-detector"])
def test_anything_may_stand_anywhere_in_a_certificate(name):
    """Every kind of value in a random place: an answer each time."""
    weights, certificate = proved(name)
    rng = Random(name)
    for _ in range(400):
        data = json.loads(certificate)
        owner, key = place(data, rng)
        owner[key] = rng.choice(HOSTILE)
        found = check(weights, json.dumps(data).encode())
        assert all(isinstance(violation, Violation) and str(violation) for violation in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reber", "third-from-end"])
def test_anything_may_stand_anywhere_in_the_weights(name):
    weights, certificate = proved(name)
    rng = Random(name)
    for _ in range(200):
        altered = bytearray(weights)
        for _ in range(rng.randint(1, 4)):
            altered[rng.randrange(len(altered))] = rng.randrange(256)
        found = check(bytes(altered), certificate, digests=rng.random() < 0.5)
        assert all(isinstance(violation, Violation) for violation in found)


def place(data, rng):
    """A random place in JSON data, deep or not: what holds it, and its key."""
    owner, key = data, rng.choice(list(data))
    while rng.random() < 0.8 and isinstance(owner[key], (dict, list)) and owner[key]:
        owner = owner[key]
        key = rng.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    return owner, key


@pytest.mark.slow
def test_sparse_rows_must_be_in_order():
    """A column that stands twice would be added up by one reader, and overwritten by another."""
    grammar = load_grammar("random", {"states": 1500, "symbols": 3, "seed": 1})
    network, certificate = compile_proved(grammar, 1, "rewrite")
    assert check(network.to_bytes(), certificate.to_bytes()) == []
    start = network.tensors["lstm.weight_hh_l0.indptr"]
    first = int(start[int(np.flatnonzero(np.diff(start) > 1)[0])])  # of a row with more than one column
    for name, place, value in (
        ("indices", first + 1, network.tensors["lstm.weight_hh_l0.indices"][first]),
        ("indices", first, network.size),
        ("indices", first, -1),
        ("indptr", 1, 10**15),
        ("indptr", 0, 1),
    ):
        tensors = {key: values.copy() for key, values in network.tensors.items()}
        tensors[f"lstm.weight_hh_l0.{name}"][place] = value
        altered = replace(network, tensors=tensors)
        refused(altered.to_bytes(), bound_to(altered, certificate.to_bytes()))


def test_a_grammar_to_compare_with_may_be_anything():
    weights, certificate = proved()
    for grammar in ({}, {"nodes": None}, {"nodes": [], "edges": []}, {"nodes": [1], "edges": [2], "name": []}):
        assert check(weights, certificate, grammar=grammar)
