"""Weights files: what they hold, the same bytes every time, and read back as they were written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import safetensors
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import VALID, grammars

import lstmc
from lstmc.grammar.catalogue import load_grammar, make
from lstmc.grammar.grammar import Grammar
from lstmc.network import Network, from_bytes, lowering, weights_file
from lstmc.network.weights_file import tensors_digest

CELLS = [("lstm", 0), ("lstm", 1), ("lstm", 2), ("toy", 0), ("toy", 1)]
DTYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"}


def header_of(data: bytes) -> dict[str, dict[str, object]]:
    """The header of a safetensors file, without the library."""
    header: dict[str, dict[str, object]] = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return header


def same(a: Network, b: Network) -> bool:
    return (
        type(a) is type(b)
        and a.header == b.header
        and a.tensors.keys() == b.tensors.keys()
        and all(
            a.tensors[name].tobytes() == b.tensors[name].tobytes() and a.tensors[name].dtype == b.tensors[name].dtype
            for name in a.tensors
        )
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors_are_named_and_shaped_as_in_torch(dtype: str) -> None:
    header = header_of(lstmc.compile(load_grammar("edge-detector"), dtype=dtype).to_bytes())
    assert list(header.pop("__metadata__")) == ["lstmc"]
    cells, symbols, outputs = 5, 2, 3
    assert {name: tensor["shape"] for name, tensor in header.items()} == {
        "lstm.weight_ih_l0": [4 * cells, symbols],
        "lstm.weight_hh_l0": [4 * cells, cells],
        "lstm.bias_ih_l0": [4 * cells],
        "lstm.bias_hh_l0": [4 * cells],
        "reader.weight": [symbols + 1, cells],
        "reader.bias": [symbols + 1],
        "output.weight": [outputs, cells],
        "output.bias": [outputs],
    }
    assert {tensor["dtype"] for tensor in header.values()} == {DTYPES[dtype]}


def test_the_second_bias_is_zero() -> None:
    assert not lstmc.compile(load_grammar("reber")).tensors["lstm.bias_hh_l0"].any()


def test_numbers_are_counted() -> None:
    network = lstmc.compile(load_grammar("reber"))
    assert network.parameters == sum(values.size for values in network.tensors.values())
    assert network.nonzero == sum(np.count_nonzero(values) for values in network.tensors.values())


def test_toy_tensors_are_named_by_part_and_source() -> None:
    header = header_of(lstmc.compile(load_grammar("reber"), cell="toy").to_bytes())
    del header["__metadata__"]
    parts = {(part, source) for part in ("eraser", "writer", "write_filter") for source in ("input", "memory", "bias")}
    parts |= {(part, source) for part in ("reader", "read_filter") for source in ("memory", "bias")}
    assert set(header) == {f"toy.{part}.{source}" for part, source in parts}


def test_what_the_header_says() -> None:
    data = lstmc.compile(load_grammar("reber"), level=2).to_bytes()
    said = json.loads(str(header_of(data)["__metadata__"]["lstmc"]))
    assert said["format"] == 1
    assert said["cell"] == "lstm"
    assert said["dtype"] == "float32"
    assert said["alphabet"] == list("BTSXPVE")
    assert said["outputs"] == []
    assert said["options"] == {"gain": 128, "level": 2, "memory": "rewrite", "probabilities": True}
    assert said["compiler"] == f"lstmc {lstmc.__version__}"
    assert said["cells"][4] == {
        "name": "2",
        "state": "2",
        "states": ["2"],
        "rules": ["1 –X→ 2", "4 –P→ 2"],
    }
    assert {len(said[name]) for name in ("grammar", "tensors", "header")} == {64}


def test_nothing_in_the_file_tells_where_or_when_it_was_made() -> None:
    data = lstmc.compile(load_grammar("reber")).to_bytes()
    for text in (os.getcwd(), sys.prefix, os.uname().nodename, os.environ.get("USER", "nobody's name")):
        assert text.encode() not in data


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("cell", "level"), CELLS)
def test_what_is_saved_is_loaded(cell: str, level: int, dtype: str, tmp_path: Path) -> None:
    for name in ("reber", "edge-detector", "weather-cycle", "third-from-end"):
        network = lstmc.compile(load_grammar(name), level=level, cell=cell, dtype=dtype)
        network.save(tmp_path / "file")
        loaded = lstmc.load(tmp_path / "file")
        assert same(loaded, network)
        assert loaded.to_bytes() == network.to_bytes()


@settings(max_examples=40)
@given(grammars(*VALID), st.sampled_from(CELLS))
def test_any_grammar_is_loaded_as_it_was_saved(grammar: Grammar, kind: tuple[str, int]) -> None:
    network = lstmc.compile(grammar, cell=kind[0], level=kind[1])
    assert same(from_bytes(network.to_bytes()), network)


@pytest.mark.parametrize(("cell", "level"), CELLS)
def test_sparse_files_hold_the_same_network(cell: str, level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    grammar = load_grammar("nested-3")
    dense = lstmc.compile(grammar, cell=cell, level=level)
    for module in (lowering, weights_file):
        monkeypatch.setattr(module, "DENSE_CELLS", 10)
    sparse = lstmc.compile(grammar, cell=cell, level=level)
    loaded = from_bytes(sparse.to_bytes())
    assert same(loaded, sparse)
    assert loaded.header == dense.header
    assert loaded.parameters == dense.parameters
    assert loaded.nonzero == dense.nonzero
    for name in dense.tensors:
        found = loaded.matrix(name)
        assert (found if isinstance(found, np.ndarray) else found.toarray()).tobytes() == dense.tensors[name].tobytes()
    for string in ("BPBTBTBTXSETETEPE", "BTTPE", ""):
        assert loaded.run(string).next == dense.run(string).next
    names = set(header_of(sparse.to_bytes()))
    assert {f"cells.{column}.{part}" for column in ("states", "rules") for part in ("indices", "indptr")} < names
    assert sum(name.endswith(".data") for name in names) == (1 if cell == "lstm" else 3)


@pytest.mark.parametrize(("cell", "level"), CELLS)
def test_up_to_the_limit_a_network_is_dense(cell: str, level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = lstmc.compile(load_grammar("reber"), cell=cell, level=level)
    plain = network.to_bytes()
    for limit, dense in ((network.size, True), (network.size - 1, False)):
        for module in (lowering, weights_file):
            monkeypatch.setattr(module, "DENSE_CELLS", limit)
        again = lstmc.compile(load_grammar("reber"), cell=cell, level=level)
        assert (again.to_bytes() == plain) is dense


@pytest.mark.slow
def test_a_network_too_large_for_dense_weights() -> None:
    grammar = make("random", {"states": 2200, "symbols": 4, "density": 0.8, "seed": 7})
    network = lstmc.compile(grammar, level=2, dtype="bfloat16")
    assert network.size > lowering.DENSE_CELLS
    data = network.to_bytes()
    assert len(data) < 1_000_000  # dense, its recurrent weights alone would take 38 MB
    assert same(from_bytes(data), network)


SAME_BYTES = """
import hashlib, lstmc
from lstmc.grammar.catalogue import load_grammar
from lstmc.network import lowering, weights_file
summary = hashlib.sha256()
for name in ("reber", "edge-detector", "third-from-end", "number", "nested-3"):
    for level, memory, cell in ((0, "keep", "lstm"), (1, "keep", "toy"), (1, "rewrite", "lstm"), (2, "keep", "lstm")):
        summary.update(lstmc.compile(load_grammar(name), level, memory, cell, "bfloat16").to_bytes())
        summary.update(str(lstmc.to_program(load_grammar(name), level, memory)).encode())
lowering.DENSE_CELLS = weights_file.DENSE_CELLS = 5
summary.update(lstmc.compile(load_grammar("reber")).to_bytes())
print(summary.hexdigest())
"""


@pytest.mark.slow
def test_the_same_grammar_gives_the_same_bytes_whatever_the_order_of_sets() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", SAME_BYTES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(found) == 1


def test_the_safetensors_library_reads_it_too(tmp_path: Path) -> None:
    lstmc.compile(load_grammar("reber")).save(tmp_path / "file")
    with safetensors.safe_open(tmp_path / "file", "np") as file:
        assert set(file.metadata()) == {"lstmc"}
        assert file.get_tensor("lstm.bias_ih_l0").shape == (44,)


def test_a_file_in_bfloat16_is_laid_out_as_the_library_lays_out_others() -> None:
    """Its header without blanks, in UTF-8, filled up to 8 bytes: the numbers that follow are aligned."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", symbol="é")
    graph.nodes["a"]["start"] = graph.nodes["b"]["accept"] = True
    network = lstmc.compile(Grammar.from_graph(graph, "accented"), dtype="bfloat16")
    data = network.to_bytes()
    size = int.from_bytes(data[:8], "little")
    text = data[8 : 8 + size].decode()
    assert size % 8 == 0
    assert text.rstrip(" ") == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
    assert len(text) - len(text.rstrip(" ")) < 8
    assert from_bytes(data).alphabet == ("é",)


def test_the_digest_tells_integers_from_numbers_of_the_same_bytes() -> None:
    digests = {tensors_digest({"a": np.zeros(2, kind)}, "float64") for kind in (np.int64, np.float64)}
    assert len(digests) == 2
