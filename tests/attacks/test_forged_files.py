"""Weights files put together by hand: the checker reads the numbers that stand there, or says what is wrong."""

import hashlib
import json
import re
import struct
from functools import cache

import numpy as np
import pytest
from test_splices import TWINS, grammar

from lstmc.pipeline import compile_proved
from lstmc.proof import checker
from lstmc.proof.checker import CONTRACTS, Report

MATRIX = "lstm.weight_hh_l0"


@cache
def compiled(name="an output of a state", level=(1, "keep"), cell="lstm", dtype="float32"):
    network, certificate = compile_proved(grammar(*TWINS[name][1]), *level, cell, dtype)
    return network, certificate.to_bytes()


def parts_of(weights):
    """Table of tensors, header, and the tensors' bytes, by name."""
    size = int.from_bytes(weights[:8], "little")
    table = json.loads(weights[8 : 8 + size])
    header = json.loads(table.pop("__metadata__")["lstmc"])
    data = {name: weights[8 + size :][slice(*entry["data_offsets"])] for name, entry in table.items()}
    return table, header, data


def file_of(table, header, data, metadata=None, after=b""):
    """A safetensors file, its digests made right."""
    numbers, summary = b"", hashlib.sha256()
    for name, entry in table.items():
        entry.setdefault("data_offsets", [len(numbers), len(numbers) + len(data[name])])
        numbers += data[name]
    kinds = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64"}
    for name, entry in sorted(table.items()):
        summary.update(checker.canonical([name, kinds[entry["dtype"]], entry["shape"]]) + data[name])
    header["tensors"] = summary.hexdigest()
    header["header"] = checker.digest(checker.canonical({k: v for k, v in header.items() if k != "header"}))
    text = json.dumps({**table, "__metadata__": metadata or {"lstmc": json.dumps(header)}}).encode()
    return struct.pack("<Q", len(text)) + text + numbers + after


def rebuilt(change=None, **of):
    """The network's file with its parts changed; places of tensors are given anew unless the change gives them."""
    table, header, data = parts_of(compiled(**of)[0].to_bytes())
    for entry in table.values():
        del entry["data_offsets"]
    extra = change(table, header, data) if change else None
    return file_of(table, header, data, **(extra if isinstance(extra, dict) else {}))


def read(weights):
    report = Report()
    network = checker.read_weights(weights, True, report)
    assert report.violations() == []
    return network


def sparse(table, header, data, zero=False):
    """The matrix of cells on cells as sparse rows; with a 0 that is stored."""
    matrix = np.frombuffer(data.pop(MATRIX), "<f4").reshape(table.pop(MATRIX)["shape"])
    there = matrix != 0
    if zero:
        there[tuple(np.argwhere(~there)[3])] = True
    start = np.append(0, np.cumsum(there.sum(1)))
    for part, values, kind in (
        ("data", matrix[there], "<f4"),
        ("indices", np.nonzero(there)[1], "<i8"),
        ("indptr", start, "<i8"),
    ):
        put(table, data, f"{MATRIX}.{part}", values.astype(kind))


def put(table, data, name, values):
    table[name] = {"dtype": "I64" if values.dtype == np.int64 else "F32", "shape": list(values.shape)}
    data[name] = values.tobytes()


def taken(table, data, name):
    return (
        np.frombuffer(data[name], "<i8" if table[name]["dtype"] == "I64" else "<f4")
        .reshape(table[name]["shape"])
        .copy()
    )


def dense(network):
    gates, size, _ = network.inputs.shape
    found = np.zeros((gates, size, size))
    found[network.gate, network.row, network.column] = network.value
    return found


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
@pytest.mark.parametrize("level", [(0, "rewrite"), (1, "keep"), (2, "rewrite")], ids=str)
def test_the_numbers_of_an_lstm_are_read_as_they_stand(level, dtype):
    network = compiled(level=level, dtype=dtype)[0]
    found, tensors, size = read(rebuilt(level=level, dtype=dtype)), network.tensors, network.size
    order = [("write_filter", "eraser", "writer", "read_filter").index(test) for test in found.cell.tests]
    assert found.inputs.tolist() == tensors["lstm.weight_ih_l0"].reshape(4, size, -1)[order].tolist()
    biases = [tensors[f"lstm.bias_{n}_l0"].reshape(4, size)[order] for n in ("ih", "hh")]
    assert found.biases.tolist() == np.stack(biases).tolist()
    assert dense(found).tolist() == tensors[MATRIX].reshape(4, size, size)[order].tolist()
    assert (found.value != 0).all()
    for name, tensor in (("readout", "reader"), ("output", "output")):
        assert [each.tolist() for each in found.layers[name]] == [
            tensors[f"{tensor}.{p}"].tolist() for p in ("weight", "bias")
        ]
    assert set(found.layers) == {"readout", "output"}
    header = network.header
    assert (found.name, found.cell, found.dtype) == ("twin", checker.CELLS["lstm"], dtype)
    assert (found.alphabet, found.outputs, found.grammar) == (["a", "b"], ["x", "y"], header.grammar)
    assert found.says_probabilities is True
    assert found.digests == tuple(network.digests()[part] for part in ("tensors", "header"))


def test_the_numbers_of_a_toy_are_read_as_they_stand():
    network = compiled(cell="toy")[0]
    found, tensors = read(rebuilt(cell="toy")), network.tensors
    for g, gate in enumerate(found.cell.tests):
        name = f"toy.{gate}"
        assert found.inputs[g].tolist() == tensors[f"{name}.input"].tolist()
        assert found.biases[:, g].tolist() == [tensors[f"{name}.bias"].tolist(), [0.0] * network.size]
        assert dense(found)[g].tolist() == tensors[f"{name}.memory"].tolist()
    assert set(found.layers) == {"reader", "output", "read_filter"}
    for name in found.layers:
        assert [each.tolist() for each in found.layers[name]] == [
            tensors[f"toy.{name}.{p}"].tolist() for p in ("memory", "bias")
        ]
    assert found.says_probabilities is False


@pytest.mark.parametrize("cell", ["coupled", "gru", "rnn", "rnn-relu", "lstm-1997", "slstm"])
def test_the_numbers_of_every_other_cell_are_read_as_they_stand(cell):
    """Against what the network itself says of each of its parts."""
    network = compiled(cell=cell, level=(1, "rewrite"))[0]
    found = read(rebuilt(cell=cell, level=(1, "rewrite")))
    assert found.cell.tests == list(network.equations.tests)
    for g, name in enumerate(found.cell.tests):
        of = network.weights[name]
        symbols = np.zeros_like(found.inputs[g]) if of.symbols is None else network.rows(of.symbols)
        cells = np.zeros_like(dense(found)[g]) if of.cells is None else network.rows(of.cells)
        assert found.inputs[g].tolist() == symbols.tolist()
        assert dense(found)[g].tolist() == cells.tolist()
        assert found.biases[:, g].sum(0).tolist() == network.bias(name).tolist()
    for name in network.layers:
        weight, bias = found.layers[name]
        assert weight.tolist() == network.rows(network.weights[name].cells).tolist()
        assert bias.tolist() == network.bias(name).tolist()
    assert set(found.layers) == set(network.layers)


@pytest.mark.parametrize("zero", [False, True])
def test_sparse_rows_are_read_as_the_matrix_that_they_are(zero):
    found, wanted = read(rebuilt(lambda *parts: sparse(*parts, zero=zero))), read(rebuilt())
    for name in ("gate", "row", "column", "value"):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist()


@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("name", ["exact", "bfloat16", "int8-weights"])
def test_a_machine_holds_each_matrix_in_its_format(name, cell):
    """Where there are levels, they are of one matrix: of a toy each gate has its own."""
    found, contract, rng = read(rebuilt(cell=cell)), CONTRACTS[name], np.random.default_rng(0)
    scales = np.array([1.0, 0.3, 0.07, 9.0])[: len(found.inputs)]
    found = checker.replace(found, gate=np.arange(len(found.value)) % len(scales))
    inputs = rng.normal(size=found.inputs.shape) * scales[:, None, None]
    value = rng.normal(size=found.value.shape) * scales[found.gate]
    layers = {n: (rng.normal(size=w.shape), rng.normal(size=b.shape)) for n, (w, b) in found.layers.items()}
    changed = checker.replace(found, inputs=inputs, value=value, biases=found.biases / 3, layers=layers)
    held = changed.held(contract)
    matrices = [range(len(scales))] if cell == "lstm" else [[g] for g in range(3)]
    for gates in matrices:
        gates = list(gates)
        assert held.inputs[gates].tolist() == contract.matrix(inputs[gates]).tolist()
        there = np.isin(found.gate, gates)
        assert held.value[there].tolist() == contract.matrix(value[there]).tolist()
    assert held.biases.tolist() == contract.rounded(found.biases / 3).tolist()
    for n, (weight, bias) in layers.items():
        assert [e.tolist() for e in held.layers[n]] == [
            contract.matrix(weight).tolist(),
            contract.rounded(bias).tolist(),
        ]
    assert changed.value.tolist() == value.tolist()


def change_tensor(name, change):
    def changed(table, header, data):
        put(table, data, name, change(taken(table, data, name)))

    return changed


def change_sparse(part, change):
    def changed(table, header, data):
        sparse(table, header, data)
        put(table, data, f"{MATRIX}.{part}", change(taken(table, data, f"{MATRIX}.{part}")))

    return changed


def at(place, value):
    def changed(values):
        values[place] = value
        return values

    return changed


def entry(name, **changes):
    return lambda table, header, data: table[name].update(changes)


def headed(**changes):
    return lambda table, header, data: header.update(changes)


def options(**changes):
    return lambda table, header, data: header["options"].update(changes)


def fractions(table, header, data):
    for part in ("indices", "indptr"):
        change = change_sparse if MATRIX in table else lambda part, change: change_tensor(f"{MATRIX}.{part}", change)
        change(part, lambda values: values.astype("<f4"))(table, header, data)


def beyond(table, header, data):
    end = sum(map(len, data.values())) + 1
    table["reader.bias"] |= {"shape": [1], "data_offsets": [end - 4, end]}


def shared(table, header, data):
    """Two tensors in one place."""
    table["lstm.bias_hh_l0"]["data_offsets"] = [0, len(data["lstm.bias_hh_l0"])]
    del table["lstm.bias_ih_l0"]
    put(table, data, "lstm.bias_ih_l0", np.frombuffer(data["lstm.bias_hh_l0"], "<f4"))
    table["lstm.bias_ih_l0"]["data_offsets"] = table["lstm.bias_hh_l0"]["data_offsets"]


def no_symbols(table, header, data):
    header["alphabet"] = []
    put(table, data, "lstm.weight_ih_l0", np.zeros((4 * compiled()[0].size, 0), "<f4"))
    for part in ("weight", "bias"):
        put(table, data, f"reader.{part}", taken(table, data, f"reader.{part}")[:1])


def none_of_them(table, header, data):
    """No cells, in all tensors alike."""
    for name in table:
        shape = [0 if n % compiled()[0].size == 0 and n > 2 else n for n in table[name]["shape"]]
        size = int(np.prod(shape)) * (8 if table[name]["dtype"] == "I64" else 4)
        table[name]["shape"], data[name] = shape, data[name][:size]


WRONG = {
    "more metadata": (lambda *_: {"metadata": {"lstmc": "{}", "more": ""}}, "exactly one metadata key"),
    "other metadata": (lambda *_: {"metadata": {"more": "{}"}}, "exactly one metadata key"),
    "bytes after the tensors": (lambda *_: {"after": b"\0"}, "overlap, or leave bytes"),
    "another key of a tensor": (entry("reader.bias", more=1), "'reader.bias' has other keys"),
    "another number type": (
        lambda t, h, d: (t["reader.bias"].update(dtype="F16"), d.update({"reader.bias": d["reader.bias"][:6]})),
        "is not of the type",
    ),
    "a shape that is too large": (entry("reader.bias", shape=[4]), "does not fit its place"),
    "a shape that is too small": (entry("reader.bias", shape=[2]), "does not fit its place"),
    "a shape below zero": (entry("reader.bias", shape=[-3]), "integers from 0"),
    "a shape that is true": (entry("reader.bias", shape=[True, 3]), "integers from 0"),
    "a place beyond the end": (beyond, "integers from 0"),
    "three dimensions": (entry("reader.bias", shape=[3, 1, 1]), "is no matrix"),
    "another shape": (entry("reader.bias", shape=[1, 3]), r"no tensor 'reader.bias' of the shape (3,)"),
    "NaN": (change_tensor("reader.bias", at(1, np.nan)), "infinite or none"),
    "infinity": (change_tensor("lstm.bias_hh_l0", at(-1, -np.inf)), "infinite or none"),
    "a tensor less": (lambda t, h, d: t.pop("lstm.bias_hh_l0") and None, "no tensor 'lstm.bias_hh_l0'"),
    "a tensor more": (lambda t, h, d: put(t, d, "more", np.zeros(0, "<f4")), "unknown tensors ['more']"),
    "cells without a dot": (lambda t, h, d: put(t, d, "cells", np.zeros(0, "<f4")), "unknown tensors ['cells']"),
    "integers": (change_tensor("reader.bias", lambda values: values.astype(np.int64)), "'reader.bias' holds integers"),
    "tensors in one place": (shared, "overlap, or leave bytes"),
    "no symbols": (no_symbols, "there are no cells, no symbols"),
    "no cells": (none_of_them, "there are no cells, no symbols"),
    "another format": (headed(format=2), "another format or end mark"),
    "a format that is a fraction": (headed(format=1.0), "another format or end mark"),
    "a format that is true": (headed(format=True), "another format or end mark"),
    "another end mark": (headed(end="a"), "another format or end mark"),
    "another cell type": (headed(cell="unheard-of"), "states the equations of another type"),
    "a symbol that is no text": (headed(alphabet=["a", 1]), "not a list of texts"),
    "an output that is no text": (headed(outputs=["x", 1]), "not a list of texts"),
    "a name that is no text": (headed(name=1), "not a list of texts"),
    "a grammar that is no text": (headed(grammar=1), "not a list of texts"),
    "more symbols": (headed(alphabet=["a", "b", "c"]), "no tensor 'lstm.weight_ih_l0'"),
    "more outputs": (headed(outputs=["x", "y", "z"]), "no tensor 'output.weight'"),
    "no outputs": (headed(outputs=[]), "unknown tensors ['output."),
    "a header with more": (headed(more=1), "less or more"),
    "an option more": (options(more=1), "less or more"),
    "probabilities that are 1": (options(probabilities=1), "less or more"),
    "row starts from 1": (change_sparse("indptr", at(0, 1)), "is no matrix of"),
    "row starts to less": (change_sparse("indptr", lambda v: np.append(v[:-1], v[-1] - 1)), "is no matrix of"),
    "a row less": (change_sparse("indptr", lambda values: values[1:]), "is no matrix of"),
    "row starts in two rows": (change_sparse("indptr", lambda values: values[None]), "is no matrix of"),
    "row starts that fall": (
        change_sparse("indptr", lambda v: np.concatenate([v[:1], v[2:3] + 1, v[2:]])),
        "leave the matrix",
    ),
    "row starts below 0": (change_sparse("indptr", at(1, -1)), "leave the matrix"),
    "row starts beyond the end": (change_sparse("indptr", at(1, 99)), "leave the matrix"),
    "a column below 0": (change_sparse("indices", at(0, -1)), "leave the matrix"),
    "a column too many": (change_sparse("indices", at(-1, 5)), "leave the matrix"),
    "columns that are fractions": (change_sparse("indices", lambda values: values.astype("<f4")), "is no matrix of"),
    "row starts that are fractions": (change_sparse("indptr", lambda values: values.astype("<f4")), "is no matrix of"),
    "columns in two rows": (change_sparse("indices", lambda values: values[None]), f"no tensor '{MATRIX}.data'"),
    "a column less": (change_sparse("indices", lambda values: values[1:]), f"no tensor '{MATRIX}.data'"),
    "columns in one column": (change_sparse("indices", lambda values: values[:, None]), "is no matrix of"),
    "fractions alone": (fractions, "is no matrix of"),
    "a column twice": (change_sparse("indices", lambda v: np.concatenate([v[:1], v[:1], v[2:]])), "are not in order"),
    "columns in another order": (
        change_sparse("indices", lambda v: np.concatenate([v[1::-1], v[2:]])),
        "are not in order",
    ),
}


@pytest.mark.parametrize(("change", "what"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_wrong_in_one_thing_is_refused_for_that(change, what):
    level = (2, "rewrite") if "column" in what or "are not in order" in what else (1, "keep")
    weights = rebuilt(change, level=level)
    with pytest.raises(ValueError, match=re.escape(what)):
        checker.read_weights(weights, True, Report())


def test_tensors_that_say_where_cells_come_from_may_be_any():
    read(rebuilt(lambda t, h, d: put(t, d, "cells.more", np.zeros(3, "<f4"))))
    read(rebuilt(lambda t, h, d: put(t, d, "cells.rules", np.zeros(3, np.int64))))


def test_a_file_ends_where_its_table_says():
    whole = rebuilt()
    for weights in (b"", b"\1", b"\1\0\0\0\0\0\0\0", whole[:100], whole[:7] + b"\1" + whole[8:]):
        with pytest.raises(ValueError, match="not a whole safetensors file"):
            checker.read_weights(weights, True, Report())
    empty = struct.pack("<Q", 2) + b"{}"
    with pytest.raises(ValueError, match="exactly one metadata key"):
        checker.read_weights(empty, True, Report())


def test_digests_must_match_where_they_are_asked_for():
    table, header, data = parts_of(rebuilt())
    for part in ("tensors", "header", "format"):
        other = {**header, part: "0" * 64} if part != "format" else {**header, "name": "other"}
        text = json.dumps({**table, "__metadata__": {"lstmc": json.dumps(other)}}).encode()
        weights = struct.pack("<Q", len(text)) + text + b"".join(data[name] for name in table)
        for digests, said in ((True, ["digest"]), (False, [])):
            report = Report()
            checker.read_weights(weights, digests, report)
            assert [violation.what for violation in report.violations()] == said


HEADERS = {
    "another grammar": (headed(grammar="0" * 64), "lstm", "digest"),
    "probabilities that are hidden": (options(probabilities=False), "lstm", "binding"),
    "probabilities of a toy": (options(probabilities=True), "toy", "binding"),
}


@pytest.mark.parametrize(("change", "cell", "what"), HEADERS.values(), ids=HEADERS)
def test_the_header_speaks_of_the_grammar_of_the_certificate(change, cell, what):
    weights, data = rebuilt(change, cell=cell), json.loads(compiled(cell=cell)[1])
    data["network"] |= {part: parts_of(weights)[1][part] for part in ("tensors", "header")}
    for digests, said in ((True, [what]), (False, [what] if what == "binding" else [])):
        found = checker.check(weights, json.dumps(data).encode(), digests)
        assert [violation.what for violation in found] == said


# What certificates are made of


@pytest.mark.parametrize("value", [0, 2, -3])
def test_integers_are_within_their_limits(value):
    assert checker.integers([value], value, value + 1) == [value]
    for low, high in ((value + 1, value + 2), (value - 1, value)):
        with pytest.raises(ValueError, match=f"integers from {low} to {high - 1}"):
            checker.integers([value], low, high)


@pytest.mark.parametrize("values", [(1,), {1: 1}, [True], [1.0], ["1"], [1, None], None, 1])
def test_what_is_no_list_of_integers(values):
    with pytest.raises(ValueError, match="not a list of integers"):
        checker.integers(values, 0, 9)


def test_triples_are_within_their_limits():
    limits = (-1, 2), (0, 3), (1, 4)
    assert checker.triples([[-1, 0, 1], [1, 2, 3]], *limits).tolist() == [[-1, 0, 1], [1, 2, 3]]
    assert checker.triples([], *limits).shape == (0, 3)
    for row in ([-2, 0, 1], [2, 0, 1], [0, -1, 1], [0, 3, 1], [0, 0, 0], [0, 0, 4]):
        with pytest.raises(ValueError, match="not a list of integers"):
            checker.triples([[0, 0, 1], row], *limits)
    for rows in ([[0, 0]], [[0, 0, 1, 1]], [(0, 0, 1)], ((0, 0, 1),), [None], "abc", {}):
        with pytest.raises(ValueError, match="not a list of triples"):
            checker.triples(rows, *limits)


def test_json_is_read_in_one_way():
    assert checker.read_json(b'{"a": [1, "\xc3\xa9"]}', "it") == {"a": [1, "é"]}
    for text, what in (
        (b'{"a": 1, "a": 1}', "it: a key stands twice"),
        (b'{"b": {"a": 1, "a": 1}}', "it: a key stands twice"),
        (b"[1]", "it is not a JSON object"),
        (b'{"a": NaN}', ""),
        (b'{"a": 1e999}', ""),
        (b'{"a": "\\ud800"}', ""),
        (b'{"a": "\xff"}', ""),
    ):
        with pytest.raises(ValueError, match=re.escape(what)):
            checker.read_json(text, "it")
    digits = b'{"a": %s}' % (b"9" * checker.LONGEST_NUMBER)
    assert checker.read_json(digits, "it")
    with pytest.raises(ValueError, match="it: a number of"):
        checker.read_json(digits.replace(b"9", b"99", 1), "it")


def test_canonical_json():
    assert checker.canonical({"b": [1, 0.5], "a": "é"}) == '{"a":"é","b":[1,0.5]}'.encode()
