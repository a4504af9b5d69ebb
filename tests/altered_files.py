"""Weights and certificates that somebody altered who then made all digests right: only their meaning can refuse them.

JUDGES[kind](seed)   "refused" or "equal"; anything else says what is wrong with the answer. The same for a seed.

An altered file is a fault where a reader raises anything but our own errors, takes more than SLOWEST seconds of CPU or
runs out of memory, and where the checker accepts it although the network is wrong on some string, or the certificate
claims more than is true.
"""

import copy
import json
import time
from collections.abc import Callable
from functools import cache, partial
from random import Random
from typing import Any, NamedTuple

import certificate_grammars
import numpy as np
from agreement import Expected
from mutants import Subject as Compiled
from mutants import bound_to, mutant, reproved, wrong
from mutants import subject as compiled

import lstmc
from lstmc.canonical import canonical, digest
from lstmc.errors import LstmcError
from lstmc.network import Network, from_bytes, lowering, weights_file
from lstmc.network.weights_file import KEY, tensors_digest
from lstmc.proof.checker import Findings, verify
from lstmc.testing.mutation import SLOWEST

REFUSED, EQUAL = "refused", "equal"

# grammar, level, memory, cell, dtype; and whether matrices are stored as sparse rows
SUBJECTS = (
    ("reber", 1, "keep", "lstm", "float32", True),
    ("reber", 2, "rewrite", "lstm", "float16", False),
    ("reber", 0, "rewrite", "toy", "float32", True),
    ("number", 1, "rewrite", "lstm", "bfloat16", False),
    ("edge-detector", 2, "rewrite", "lstm", "float64", False),
    ("third-from-end", 1, "keep", "lstm", "float32", True),
    ("weather-cycle", 2, "rewrite", "lstm", "float32", False),
    ("remainder-3", 1, "rewrite", "toy", "float64", False),
    ("third-from-end", 1, "rewrite", "coupled", "float32", False),
    ("reber", 1, "rewrite", "gru", "float32", False),
    ("number", 0, "rewrite", "gru", "float64", True),
    ("reber", 1, "rewrite", "rnn", "bfloat16", False),
    ("remainder-3", 1, "rewrite", "rnn-relu", "float32", False),
    ("edge-detector", 1, "keep", "lstm-1997", "float32", False),
    ("reber", 0, "rewrite", "slstm", "float32", False),
)


class Subject(NamedTuple):
    """A network with its proof, as compiled and as files; and what the prover found under each contract."""

    compiled: Compiled
    weights: bytes
    certificate: dict[str, Any]
    contracts: dict[str, Any]


@cache
def subject(number: int) -> Subject:
    *how, sparse = SUBJECTS[number]
    dense = lowering.DENSE_CELLS
    try:
        lowering.DENSE_CELLS = weights_file.DENSE_CELLS = 2 if sparse else dense
        found = compiled(lstmc.load_grammar(how[0]), *how[1:])
        data = found.network.to_bytes()
    finally:
        lowering.DENSE_CELLS = weights_file.DENSE_CELLS = dense
    network = from_bytes(data)
    certificate = json.loads(found.certificate) | {"network": json.loads(found.certificate)["network"] | names(data)}
    assert not verify(data, canonical(certificate)).violations
    return Subject(found._replace(network=network), data, certificate, certificate["contracts"])


def _with_few_contracts(found: Subject, rng: Random) -> Subject:
    """The certificate with the contract of the weights, and one more: each of the others costs as much again."""
    contracts = found.certificate["contracts"]
    kept = {found.certificate["network"]["dtype"], rng.choice(sorted(contracts))}
    left_out = {"verdict": "refused", "reason": "not asked for"}
    few = {name: contract if name in kept else left_out for name, contract in contracts.items()}
    return found._replace(certificate=found.certificate | {"contracts": few})


def judge(kind: str, seed: int) -> str:
    rng = Random(f"{kind} {seed}")
    found = _with_few_contracts(subject(rng.randrange(len(SUBJECTS))), rng)
    weights, certificate, what = FORGERS[kind](found, rng)
    began = time.process_time()
    try:
        with np.errstate(all="ignore"):
            judgement = _judge(found, weights, certificate)
    except Exception as error:  # which is what we look for
        judgement = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - began
    if seconds > SLOWEST:
        judgement = f"an answer after {seconds:.1f} seconds: {judgement}"
    return judgement if judgement in (REFUSED, EQUAL) else f"{kind} {seed}: {found.compiled.label}, {what}: {judgement}"


def _judge(found: Subject, weights: bytes, certificate: bytes) -> str:
    findings = verify(weights, certificate)
    out_of_memory = [each.where for each in findings.violations if "MemoryError" in each.where]
    if out_of_memory:
        return out_of_memory[0]
    try:
        network = from_bytes(weights)
    except LstmcError as error:
        if not error.message:
            return "an error that says nothing"
        if findings.violations:
            return REFUSED
        same = _proved_part(weights) == _proved_part(found.weights)
        return EQUAL if same else f"the checker alone accepts it; the loader says: {error}"
    if findings.violations:
        network.run(network.alphabet[:3])  # it must run, whatever it says
        return REFUSED
    if network.alphabet != found.compiled.network.alphabet or network.outputs != found.compiled.network.outputs:
        return "accepted with other symbols"
    bad = wrong(network, found.compiled.expected, certificate) or _too_much(
        found, network, findings, weights == found.weights
    )
    return f"accepted, but {bad}" if bad else EQUAL


def _proved_part(weights: bytes) -> Any:
    """What a proof speaks of: all numbers and the alphabets, but not where the cells come from."""
    header, table, numbers = taken_apart(weights)
    said = {key: header.get(key) for key in ("name", "cell", "dtype", "alphabet", "outputs", "end", "grammar")}
    proved = [name for name in sorted(table) if not name.startswith("cells.")]
    return said, [(name, table[name]["dtype"], table[name]["shape"], numbers[name]) for name in proved]


def _too_much(found: Subject, network: Network, findings: Findings, untouched: bool) -> str:
    """What is claimed beyond what is true; "" where nothing is. `untouched`: the weights are as they were proved."""
    for verdict in findings.verdicts:
        first = found.contracts[verdict.contract]
        if verdict.kind == "refused":
            continue
        if verdict.contract == network.header.dtype and (verdict.margin or 0) > _margin(
            network, found.compiled.expected
        ):
            return f"a margin of {verdict.margin} is claimed, which some string does not have"
        if not untouched or first["verdict"] == "every-length":
            continue
        if verdict.bound is None or first["verdict"] == "refused" or verdict.bound > ROOM * first["bound"]:
            return f"'{verdict}' is claimed, where the prover found {first['verdict']} {first.get('bound')}"
    return ""


ROOM = 4  # the prover tries a few slacks; a bound with another one may be a little larger


def _margin(network: Network, expected: Expected) -> float:
    """The smallest distance of any decision from the other one, on the strings that are tried."""
    middle = 0.5 if network.cell == "toy" else 0.0
    smallest = np.inf
    number = {symbol: n for n, symbol in enumerate(network.alphabet)}
    tokens = [[number[symbol] for symbol in string] for string in expected.strings]
    state = network.start(len(tokens))
    for place in range(expected.read.shape[1]):
        going = int(expected.read[:, place].sum())
        if place:
            column = np.array([string[place - 1] for string in tokens[:going]])
            state = network.step(tuple(part[:going] for part in state), column)
        smallest = min(smallest, float(np.abs(network.read(state).logits - middle).min()))
    return smallest


# Weights


def forged_weights(found: Subject, rng: Random) -> tuple[bytes, bytes, str]:
    """The weights altered, and the certificate bound to them; now and then one that the prover makes for them."""
    if rng.random() < NUMBERS:
        network, what = mutant(found.compiled.network, rng)
        again = rng.random() < AGAIN
        proof = reproved(found.compiled, network) if again else bound_to(network, canonical(found.certificate))
        return network.to_bytes(), proof, what
    header, table, numbers = taken_apart(found.weights)
    what = rng.choice((_integers, _integers, _header, _table))(header, table, numbers, rng)
    weights = put_together(header, table, numbers)
    certificate = found.certificate | {"network": found.certificate["network"] | names(weights)}
    return weights, to_json(certificate), what


NUMBERS = 0.3  # of the mutants have another number, row or column; the others are forged elsewhere
AGAIN = 0.1  # of those are proved anew: benchmarks/attacks.py does that for many

Table = dict[str, dict[str, Any]]
Numbers = dict[str, bytes]

INTEGERS = (-1, 0, 1, 2, 3, 7, 2**31, 2**32, 2**62, 2**63 - 1, -(2**63), -2, 10**6)


def _integers(header: dict[str, Any], table: Table, numbers: Numbers, rng: Random) -> str:
    """A few integers of sparse rows or labels changed, or a run of them that wraps around 64 bits."""
    names = [name for name in sorted(numbers) if name.endswith((".indices", ".indptr")) and numbers[name]]
    if not names:
        return _header(header, table, numbers, rng)
    name = rng.choice(names)
    values = np.frombuffer(numbers[name], "<i8").copy()
    how = rng.choice(("set", "add", "swap", "wrap", "sort", "double"))
    for _ in range(rng.choice((1, 1, 2, 4))):
        place, other = rng.randrange(len(values)), rng.randrange(len(values))
        if how == "set":
            values[place] = rng.choice(INTEGERS)
        elif how == "add":
            values[place] += rng.choice((-2, -1, 1, 2))
        elif how == "swap":
            values[[place, other]] = values[[other, place]]
        elif how == "double":
            values[place] = values[other]
    if how == "wrap":
        run = (2**62, 2**63 - 1, -2)
        first = rng.randrange(1, max(2, len(values) - len(run)))
        values[first : first + len(run)] = run[: len(values[first : first + len(run)])]
    elif how == "sort":
        values.sort()
    numbers[name] = values.tobytes()
    return f"{name}: {how}"


def _header(header: dict[str, Any], table: Table, numbers: Numbers, rng: Random) -> str:
    """Something in the header altered."""
    before = copy.deepcopy(header)
    _alter(header, rng)
    return f"header, {_difference(before, header)}"


def _table(header: dict[str, Any], table: Table, numbers: Numbers, rng: Random) -> str:
    """A tensor less, more, twice, of another shape or type, or under another name."""
    name, other = rng.choice(sorted(table)), rng.choice(sorted(table))
    how = rng.choice(("drop", "shape", "shape", "type", "name", "exchange", "copy", "cut"))
    if how == "drop":
        del table[name], numbers[name]
    elif how == "shape":
        shapes = ([len(numbers[name])], [2**62, 0], [0], [], table[name]["shape"][::-1], [1, *table[name]["shape"]])
        table[name]["shape"] = rng.choice((*shapes, [-1], [2**63], [2**64, 2**64], [1.0], "x", None, [True]))
    elif how == "type":
        table[name]["dtype"] = rng.choice(("F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F8", "", None, 1))
    elif how == "name":
        new = rng.choice((f"{name}.data", f"{name}.indptr", "cells.states.indices", "", "x" * 1000, "\x1b[1m"))
        table[new], numbers[new] = table.pop(name), numbers.pop(name)
    elif how == "exchange":
        numbers[name], numbers[other] = numbers[other], numbers[name]
    elif how == "copy":
        table["more"], numbers["more"] = copy.deepcopy(table[name]), numbers[name]
    elif how == "cut":
        numbers[name] = numbers[name][: rng.randint(0, len(numbers[name]))]
    return f"{name}: {how} {table.get(name, {}).get('shape')!r:.60}"


def taken_apart(data: bytes) -> tuple[dict[str, Any], Table, Numbers]:
    """The header, the table of tensors, and the bytes of each."""
    size = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + size])
    header = json.loads(table.pop("__metadata__")[KEY])
    numbers = {name: data[8 + size :][slice(*entry["data_offsets"])] for name, entry in table.items()}
    return header, table, numbers


def put_together(header: dict[str, Any], table: Table, numbers: Numbers) -> bytes:
    """The file, with offsets and digests as they have to be, where there are any."""
    at, entries = 0, {}
    for name, entry in table.items():
        entries[name] = {**entry, "data_offsets": [at, at + len(numbers[name])]}
        at += len(numbers[name])
    header = {key: value for key, value in header.items() if key not in ("header", "tensors")}
    header["tensors"] = _tensors_digest(table, numbers, header.get("dtype"))
    header["header"] = _digest(header)
    text = to_json({"__metadata__": {KEY: to_json(header).decode()}, **entries})
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(numbers[name] for name in entries)


def _tensors_digest(table: Table, numbers: Numbers, dtype: Any) -> str:
    """As `lstmc` would; where it could not, something."""
    try:
        tensors = {}
        for name, entry in table.items():
            kind = "<i8" if entry["dtype"] == "I64" else {"F64": "<f8", "F32": "<f4"}.get(entry["dtype"], "<u2")
            tensors[name] = np.frombuffer(numbers[name], kind).reshape(entry["shape"])
        return tensors_digest(tensors, dtype)
    except (TypeError, ValueError, MemoryError, OverflowError):
        return ""


def _digest(header: dict[str, Any]) -> str:
    try:
        return digest(canonical(header))
    except (ValueError, RecursionError):
        return ""


def names(weights: bytes) -> dict[str, Any]:
    """What a certificate names the weights by."""
    header, _, _ = taken_apart(weights)
    return {"tensors": header["tensors"], "header": header["header"]}


# Certificates


def forged_certificate(found: Subject, rng: Random) -> tuple[bytes, bytes, str]:
    """The certificate altered: values of every kind, parts of another one, claims that are a little larger."""
    certificate = copy.deepcopy(found.certificate)
    what = rng.choice((_alter_somewhere, _alter_somewhere, _claim, _claim, _splice, _numbers))(certificate, rng)
    data = to_json(certificate)
    return found.weights, _twice(data, rng) if rng.random() < TWICE else data, what


TWICE = 0.02  # of the certificates have a key twice


def _alter_somewhere(certificate: dict[str, Any], rng: Random) -> str:
    before = copy.deepcopy(certificate)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        name = rng.choice(sorted(certificate))  # each part as often as any other, however large
        part = {name: certificate.pop(name)}
        _alter(part, rng)
        certificate |= part
        if not certificate:
            break
    return _difference(before, certificate)


def _claim(certificate: dict[str, Any], rng: Random) -> str:
    """A number of one contract's claim moved."""
    name = rng.choice(sorted(certificate["contracts"]))
    contract = certificate["contracts"][name]
    if contract["verdict"] == "refused" or rng.random() < 0.1:
        others = [each for each in certificate["contracts"].values() if each["verdict"] != "refused"]
        certificate["contracts"][name] = copy.deepcopy(rng.choice(others)) if others else contract
        return f"{name}: the claim of another contract"
    places = _floats(contract, "")
    owner, key, where = rng.choice(places)
    factor = rng.choice((0, 0.5, 0.99, 1 - 1e-6, 1 + 1e-6, 1.001, 1.1, 2, 10, 1e6, -1))
    owner[key] = int(owner[key] * factor) if isinstance(owner[key], int) else owner[key] * factor
    return f"{name}{where} times {factor}"


def _floats(data: Any, where: str) -> list[tuple[Any, Any, str]]:
    """Every number in JSON data: what holds it, its key, and where that is."""
    found = []
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        if isinstance(value, (dict, list)):
            found += _floats(value, f"{where}.{key}")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append((data, key, f"{where}.{key}"))
    return found


def _numbers(certificate: dict[str, Any], rng: Random) -> str:
    """A number anywhere replaced by one nearby, or by one that is far too large."""
    owner, key, where = rng.choice(_floats(certificate, ""))
    new = owner[key] + rng.choice((-1, 1)) if rng.random() < 0.6 else rng.choice((*INTEGERS, 10**30, 1e308, 2.0**53))
    owner[key] = new
    return f"{where} is {new!r:.40}"


def _splice(certificate: dict[str, Any], rng: Random) -> str:
    """A part of another certificate in place of the own one."""
    other = subject(rng.randrange(len(SUBJECTS))).certificate
    parts = rng.sample(sorted(other), rng.choice((1, 1, 2, 3)))
    certificate |= {part: copy.deepcopy(other[part]) for part in parts}
    return f"{', '.join(parts)} of {other['name']}"


def _twice(data: bytes, rng: Random) -> bytes:
    """A key, and what follows it up to the next comma, stands twice."""
    keys = [at for at in range(len(data)) if data[at : at + 2] in (b'{"', b',"')]
    at = rng.choice(keys) + 1
    end = data.find(b",", at)
    return data[:at] + data[at : end + 1] + data[at:] if end > 0 else data


FORGERS: dict[str, Callable[[Subject, Random], tuple[bytes, bytes, str]]] = {
    "weights": forged_weights,
    "certificates": forged_certificate,
}


JUDGES: dict[str, Callable[[int], str]] = {kind: partial(judge, kind) for kind in FORGERS}


# JSON


def _alter(data: Any, rng: Random) -> None:
    """One random change somewhere in JSON data, in place."""
    owner, key = certificate_grammars._place(data, rng)
    rng.choice((*certificate_grammars._CHANGES, _deepen))(owner, key, rng)


def _deepen(owner: Any, key: Any, rng: Random) -> None:
    if key is not None:
        for _ in range(rng.choice((1, 70, 900))):
            owner[key] = [owner[key]] if rng.random() < 0.5 else {"a": owner[key]}


def to_json(data: Any) -> bytes:
    """As canonical as can be: halves of characters escaped."""
    try:
        return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def _difference(before: Any, after: Any) -> str:
    """Where two JSON values differ first, in a few words."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            if key not in before or key not in after or repr(before[key]) != repr(after[key]):
                return f"{key}.{_difference(before.get(key), after.get(key))}"
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            if repr(one) != repr(other):
                return f"{place}.{_difference(one, other)}"
    return f"{before!r:.50} becomes {after!r:.80}"
