"""Weights that are not what lstmc wrote are refused, each with the reason, and never with a traceback."""

import json
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import safetensors
from safetensors.numpy import save

import lstmc
from lstmc.canonical import canonical, digest
from lstmc.errors import InputError, LstmcError, PluginError
from lstmc.grammar.catalogue import load_grammar
from lstmc.network import from_bytes, lowering, weights_file
from lstmc.network.network import check_tensors
from lstmc.network.weights_file import KEY, tensors_digest

Tensors = dict[str, np.ndarray]
Header = dict[str, Any]
Change = Callable[[Header, Tensors], None]

REBER = lstmc.compile(load_grammar("reber")).to_bytes()
HEADER_SIZE = int.from_bytes(REBER[:8], "little")


def forged(change: Change, data: bytes = REBER, digests: bool = True) -> bytes:
    """The file with something changed; its digests as an attacker would write them, or as they were."""
    text = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"][KEY]
    header: Header = json.loads(text)
    tensors = {
        name: np.frombuffer(t["data"], {"F32": "<f4", "I64": "<i8"}[t["dtype"]]).reshape(t["shape"])
        for name, t in safetensors.deserialize(data)
    }
    change(header, tensors)
    if digests:
        header.pop("header", None)
        header["tensors"] = tensors_digest(tensors, str(header.get("dtype")))
        header["header"] = digest(canonical(header))
    return save(tensors, {KEY: canonical(header).decode()})


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as found:
        from_bytes(data, "reber.safetensors")
    assert found.value.help
    assert found.value.message.startswith("reber.safetensors: ")
    return found.value.message


def test_an_unchanged_file_is_not_refused() -> None:
    assert from_bytes(forged(lambda header, tensors: None)).to_bytes() == REBER


@pytest.mark.parametrize("length", [*range(12), HEADER_SIZE, HEADER_SIZE + 7, HEADER_SIZE + 8, len(REBER) - 1])
def test_truncated(length: int) -> None:
    assert "not a whole safetensors file" in refusal(REBER[:length])


def test_truncated_anywhere() -> None:
    for length in range(12, len(REBER), 97):
        refusal(REBER[:length])


def test_something_behind_the_end() -> None:
    refusal(REBER + b"\0")


REGIONS = {"length": range(8), "header": range(8, 8 + HEADER_SIZE, 23), "data": range(8 + HEADER_SIZE, len(REBER), 131)}


@pytest.mark.parametrize("region", REGIONS)
def test_one_flipped_bit(region: str) -> None:
    for place in REGIONS[region]:
        for bit in range(8):
            changed = bytearray(REBER)
            changed[place] ^= 1 << bit
            refusal(bytes(changed))


def test_an_altered_tensor_with_the_old_digests() -> None:
    def change(header: Header, tensors: Tensors) -> None:
        tensors["reader.bias"] = tensors["reader.bias"] * 2

    assert "weights were altered" in refusal(forged(change, digests=False))


def test_an_altered_alphabet_with_a_new_digest_of_the_tensors_alone() -> None:
    def change(header: Header, tensors: Tensors) -> None:
        header["alphabet"] = list("TBSXPVE")
        header["tensors"] = tensors_digest(tensors, "float32")

    assert "header of the weights was altered" in refusal(forged(change, digests=False))


def test_a_later_format() -> None:
    message = refusal(forged(lambda header, _: header.update(format=2)))
    assert message == "reber.safetensors: is of format 2, which this lstmc does not know (it knows 1)"


def set_header(**changes: object) -> Change:
    return lambda header, _: header.update(changes)


def set_options(**changes: object) -> Change:
    return lambda header, _: header["options"].update(changes)


def drop(name: str) -> Change:
    def change(header: Header, tensors: Tensors) -> None:
        tensors.pop(name, None)
        header.pop(name, None)

    return change


def replace(name: str, values: np.ndarray) -> Change:
    return lambda _, tensors: tensors.update({name: values})


FORGERIES: dict[str, tuple[Change, str]] = {
    "a missing tensor": (drop("reader.bias"), "no tensor 'reader.bias'"),
    "an extra tensor": (replace("reader.extra", np.zeros(3, np.float32)), "unknown tensor 'reader.extra'"),
    "another shape": (replace("reader.bias", np.zeros(9, np.float32)), "shape (9,), not (8,)"),
    "turned round": (replace("reader.weight", np.zeros((11, 8), np.float32)), "shape (11, 8), not (8, 11)"),
    "wider numbers": (replace("reader.bias", np.zeros(8, np.float64)), "holds float64 where float32 belongs"),
    "integers": (replace("reader.bias", np.zeros(8, np.int64)), "holds int64 where float32 belongs"),
    "a type of no use": (replace("reader.bias", np.zeros(8, np.uint8)), "holds U8, which lstmc does not use"),
    "another dtype": (set_header(dtype="float16"), "holds float32 where float16 belongs"),
    "an unknown dtype": (set_header(dtype="float8"), "a number format that this lstmc lacks"),
    "one symbol more": (set_header(alphabet=list("BTSXPVEZ")), "shape (44, 7), not (44, 8)"),
    "outputs without a layer": (set_header(outputs=["x"]), "no tensor 'output.weight'"),
    "an alphabet of numbers": (set_header(alphabet=[1, 2]), "not in order"),
    "an alphabet of text": (set_header(alphabet="BTSXPVE"), "not in order"),
    "no alphabet": (drop("alphabet"), "not in order"),
    "no cells": (set_header(cells=[]), "no cells, or no symbols"),
    "no symbols": (set_header(alphabet=[]), "no cells, or no symbols"),
    "cells of text": (set_header(cells=["a"]), "not in order"),
    "cells that are a table": (set_header(cells={"names": []}), "not in order"),
    "no options": (set_header(options=None), "not in order"),
    "options of nothing": (set_header(options={}), "not in order"),
    "a level of text": (set_options(level="1"), "'level' is '1'"),
    "a level that there is not": (set_options(level=3), "'level' is 3"),
    "a level that is a truth": (set_options(level=True), "'level' is True"),
    "a memory that there is not": (set_options(memory="kept"), "'memory' is 'kept'"),
    "a gain beyond all floats": (set_options(gain=10**400), "'gain' is 1"),
    "a gain of nothing": (set_options(gain=0), "'gain' is 0"),
    "a gain that is a truth": (set_options(gain=True), "'gain' is True"),
    "probabilities by number": (set_options(probabilities=1), "'probabilities' is 1"),
    "a name that is a path": (set_header(name="../reber"), "'../reber' cannot be a name"),
    "a symbol twice": (set_header(alphabet=list("BTSXPVB")), "a name stands twice"),
    "no format": (drop("format"), "not in order"),
    "a format of text": (set_header(format="one"), "format one"),
    "an older format": (set_header(format=0), "format 0"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_with_digests_that_match(name: str) -> None:
    change, reason = FORGERIES[name]
    assert reason in refusal(forged(change))


def test_a_cell_type_that_is_not_installed() -> None:
    with pytest.raises(PluginError, match="'unheard-of'"):
        from_bytes(forged(set_header(cell="unheard-of")))


@pytest.fixture
def sparse(monkeypatch: pytest.MonkeyPatch) -> bytes:
    for module in (lowering, weights_file):
        monkeypatch.setattr(module, "DENSE_CELLS", 5)
    return lstmc.compile(load_grammar("reber")).to_bytes()


ROWS = "lstm.weight_hh_l0"


def run_back(indptr: np.ndarray) -> np.ndarray:
    """The first and the last in place, those between from large to small."""
    return np.concatenate([indptr[:1], indptr[-2:0:-1], indptr[-1:]])


def twice(tensors: Tensors) -> dict[str, np.ndarray]:
    """The first row that has two columns has the first of them twice."""
    start, indices = tensors[f"{ROWS}.indptr"], tensors[f"{ROWS}.indices"].copy()
    place = start[:-1][np.diff(start) > 1][0]
    indices[place + 1] = indices[place]
    return {f"{ROWS}.indices": indices}


def beyond(tensors: Tensors) -> dict[str, np.ndarray]:
    """The last column of the last row that has one is that after the last of all, 10."""
    indices = tensors[f"{ROWS}.indices"].copy()
    indices[-1] = 11
    return {f"{ROWS}.indices": indices}


SPARSE_FORGERIES: dict[str, Callable[[Tensors], dict[str, np.ndarray]]] = {
    "a column twice in a row": twice,
    "columns out of order": lambda t: {f"{ROWS}.indices": t[f"{ROWS}.indices"][::-1].copy()},
    "columns beyond the last": lambda t: {f"{ROWS}.indices": t[f"{ROWS}.indices"] + 11},
    "a column beyond the last": beyond,
    "a column before the first": lambda t: {f"{ROWS}.indices": t[f"{ROWS}.indices"] - 11},
    "rows that run back": lambda t: {f"{ROWS}.indptr": t[f"{ROWS}.indptr"][::-1].copy()},
    "a row that runs back": lambda t: {f"{ROWS}.indptr": run_back(t[f"{ROWS}.indptr"])},
    "too few rows": lambda t: {f"{ROWS}.indptr": t[f"{ROWS}.indptr"][:-1].copy()},
    "no rows": lambda t: {f"{ROWS}.indptr": np.zeros(0, np.int64)},
    "rows that begin late": lambda t: {f"{ROWS}.indptr": np.maximum(t[f"{ROWS}.indptr"], 1)},
    "rows that end early": lambda t: {f"{ROWS}.indptr": np.minimum(t[f"{ROWS}.indptr"], t[f"{ROWS}.indptr"][-1] - 1)},
    "more numbers than places": lambda t: {f"{ROWS}.data": np.append(t[f"{ROWS}.data"], np.float32(1))},
    "more places than numbers": lambda t: {f"{ROWS}.indices": np.append(t[f"{ROWS}.indices"], 10)},
    "integers for numbers": lambda t: {f"{ROWS}.data": t[f"{ROWS}.data"].astype(np.int64)},
    "numbers for places": lambda t: {f"{ROWS}.indices": t[f"{ROWS}.indices"].astype(np.float32)},
    "a matrix of places": lambda t: {f"{ROWS}.{part}": t[f"{ROWS}.{part}"][None] for part in ("data", "indices")},
    "a matrix of numbers": lambda t: {f"{ROWS}.data": t[f"{ROWS}.data"][None]},
    "a rule that is not there": lambda t: {"cells.rules.indices": t["cells.rules.indices"] + 100},
    "a rule before the first": lambda t: {"cells.rules.indices": t["cells.rules.indices"] - 1},
    "labels that begin late": lambda t: {"cells.rules.indptr": np.maximum(t["cells.rules.indptr"], 1)},
    "labels that end early": lambda t: {"cells.rules.indptr": np.minimum(t["cells.rules.indptr"], 1)},
    "too few labels": lambda t: {"cells.rules.indptr": t["cells.rules.indptr"][:-1].copy()},
    "no labels": lambda t: {"cells.states.indptr": np.zeros(0, np.int64)},
    "labels in a matrix": lambda t: {"cells.states.indices": t["cells.states.indices"][None]},
    "labels that are numbers": lambda t: {"cells.states.indices": t["cells.states.indices"].astype(np.float32)},
}


@pytest.mark.parametrize("name", SPARSE_FORGERIES)
def test_forged_sparse_rows(name: str, sparse: bytes) -> None:
    refusal(forged(lambda _, tensors: tensors.update(SPARSE_FORGERIES[name](tensors)), sparse))


def test_sparse_rows_that_fit_are_not(sparse: bytes) -> None:
    assert from_bytes(sparse).to_bytes() == sparse


@pytest.mark.parametrize("part", ["names", "state", "states", "rules"])
def test_a_text_is_no_list_of_labels(part: str, sparse: bytes) -> None:
    def change(header: Header, tensors: Tensors) -> None:
        header["cells"][part] = "x" * len(header["cells"][part])

    assert "is not a list" in refusal(forged(change, sparse))


def test_options_that_nobody_knows_are_passed_over() -> None:
    assert from_bytes(forged(set_options(more=1))).to_bytes() == REBER


def test_a_sparse_file_without_its_labels(sparse: bytes) -> None:
    for name in ("cells.rules.indices", "cells.states.indptr"):
        assert "not in order" in refusal(forged(drop(name), sparse))


def test_rows_that_wrap_around_64_bits_are_refused(sparse: bytes) -> None:
    """Each difference of these numbers is at least 0, modulo 2^64: who trusts it writes past the end of his memory."""
    wrapped = np.array([0, 2**62, 2**63 - 1, -2], np.int64)

    def wrap(name: str, tensors: Tensors) -> None:
        indptr = tensors[name].copy()
        indptr[: len(wrapped)] = wrapped
        assert np.all(np.diff(indptr) >= 0)
        tensors[name] = indptr

    assert f"the sparse rows of '{ROWS}'" in refusal(forged(lambda _, t: wrap(f"{ROWS}.indptr", t), sparse))
    assert "cells.rules" in refusal(forged(lambda _, t: wrap("cells.rules.indptr", t), sparse))


@pytest.mark.parametrize("shape", [[2**62, 0], [2**40, 0], [0, 2**63]], ids=str)
def test_an_empty_tensor_with_a_shape_beyond_the_file(shape: list[int]) -> None:
    size = int.from_bytes(REBER[:8], "little")
    table = json.loads(REBER[8 : 8 + size])
    table["cells.states.indices"] = {"dtype": "I64", "shape": shape, "data_offsets": [0, 0]}
    text = json.dumps(table).encode()
    text += b" " * (-len(text) % 8)
    message = refusal(len(text).to_bytes(8, "little") + text + REBER[8 + size :])
    assert "has a shape that the file is too short for" in message


def test_an_empty_tensor_may_claim_as_many_rows_as_the_file_has_bytes() -> None:
    empty = {"dtype": "I64", "shape": [100, 0], "data": b""}
    assert weights_file._tensor("cells.states.indices", empty, 100)[1].shape == (100, 0)
    with pytest.raises(InputError, match="has a shape that the file is too short for"):
        weights_file._tensor("cells.states.indices", empty, 99)


def test_nothing_but_one_sparse_matrix_may_be_left() -> None:
    tensors = {"m.data": np.ones(1), "m.indices": np.zeros(1, np.int64), "m.indptr": np.array([0, 1])}
    network: Any = SimpleNamespace(size=1, alphabet=("a",), tensors=tensors, shapes=lambda: {"m": (1, 1)})
    check_tensors(network)
    tensors["more"] = np.ones(1)
    with pytest.raises(InputError, match="unknown tensor 'more'"):
        check_tensors(network)


def test_other_files() -> None:
    plain = save({"reader.bias": np.zeros(8, np.float32)})
    assert "has no 'lstmc' metadata" in refusal(plain)
    strange = ('{"format": 1, "gain": NaN}', '{"format": 1, "name": "\\ud800"}', '{"format": 1e999}')
    for text in ("", "[]", "null", "{", "7", "[" * 100_000, '{"format": 1}', '{"format": null}', *strange):
        refusal(save({"reader.bias": np.zeros(8, np.float32)}, {KEY: text}))
    for data in (b"", b"hello", b"\xff" * 100, (2**63).to_bytes(8, "little") + b"{}", b"\0" * 8, b"{" * 64):
        refusal(data)


def test_random_bytes_are_refused_and_never_a_bug() -> None:
    rng = np.random.default_rng(5)
    for _ in range(300):
        changed = bytearray(REBER)
        for place in rng.integers(0, len(REBER), 1 + int(rng.integers(4))):
            changed[place] = int(rng.integers(256))
        if bytes(changed) != REBER:
            with suppress(LstmcError):
                assert (
                    from_bytes(bytes(changed)).to_bytes() == REBER
                )  # where only blanks that mean nothing have changed
