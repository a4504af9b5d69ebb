"""Check that a network follows its grammar on every string of every length, trusting nobody.

    python checker.py WEIGHTS [CERTIFICATE] [--grammar-json FILE] [--no-digests]

This file stands alone: numpy and the standard library, nothing of the compiler. It reads the weights' bytes and the
certificate, and derives every obligation of the proof again. The certificate may be wrong in any way: what it says is
a hint that is checked, never a premise. Where `check` finds nothing, this holds for each contract that is not refused:

    Whatever is read, the network says what the grammar says: which symbols may come next, whether the string may end
    (with their probabilities, a transducer's output), and nothing at all once no string of the grammar begins so.
    An arithmetic as in CONTRACTS is assumed; `bounded` also assumes that no state is kept more than `bound` times in
    a row.

How it is shown, in the order of this file:

    1. files          bytes are what they say; tensors have their shapes; every number is finite
    2. grammar        what the grammar in the certificate means: `useful` states, moves, probabilities, outputs
    3. map            an inductive simulation: grammar and automaton allow, end and say the same, for ever
    4. numbers        intervals of float64, rounded outward; a contract's sigmoid, tanh and sums
    5. situations     all that a cell can see, each once: which cells are on, which symbol is read
    6. step           from the boxes of every situation one step lands in the boxes where the automaton's move leads
    7. reading        in the boxes of every configuration the reader decides as the automaton does
    8. command line

A *box* says where a cell's memory c and output h lie while the cell is on, or off. A *configuration* says which cells
are on. Cell 0, `started`, is on from the first symbol on. Where the automaton is deterministic at most one cell is on
besides: configuration k >= 1 is "cell k", 0 is "dead" and -1 "before the first symbol" (all numbers are 0). Else the
proof goes cell by cell, for "none" and for "one or more" of the cells that a write filter reads.
The step is an induction: boxes -> boxes; (3) carries it over to the grammar, and (7) reads it off.

The toy cell has no h: its gates read the memory c itself. Below, a *signal* is what gates read: h, or c for the toy.
"""

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

END = "end"
LISTED = 50  # violations of one kind that are spelled out; all are counted


@dataclass(frozen=True)
class Violation:
    """One way in which the certificate fails: `what` is its kind, `where` says it in words."""

    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}"


def check(
    weights: bytes, certificate: bytes, digests: bool = True, grammar: dict[str, Any] | None = None
) -> list[Violation]:
    """Every way the certificate fails to show that the weights follow the grammar; [] if it holds.

    digests   whether digests must match, too; without, only the mathematics can refuse
    grammar   the node-link form of a grammar file, to compare with the grammar that the certificate speaks of
    """
    report = Report()
    try:
        with np.errstate(all="ignore"):
            _check(weights, certificate, digests, grammar, report)
    except Stop:
        pass  # what stopped us stands in the report
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        report("malformed", f"something is not of the form it must have ({error!r:.200})")
    return report.violations()


def _check(weights: bytes, certificate: bytes, digests: bool, given: Any, report: "Report") -> None:
    network = read_weights(weights, digests, report)
    proof = read_certificate(certificate, network, digests, report)
    grammar = Grammar.of(proof.grammar, report)
    if given is not None and said(given) != said(proof.grammar):
        report("grammar", "the certificate speaks of another grammar than the one given")
    if proof.name != grammar.name or network.name != grammar.name:
        report("binding", f"certificate '{proof.name}', weights '{network.name}', grammar '{grammar.name}'")
    if list(network.alphabet) != list(grammar.alphabet) or list(network.outputs) != sorted(grammar.outputs):
        report.stop("binding", "the network's inputs or outputs are not the grammar's, in this order")
    if digests and network.grammar != digest(canonical(without_places(proof.grammar))):
        report("digest", "the weights were made from another grammar")
    automaton = read_automaton(proof.automaton, len(grammar.alphabet), len(grammar.outputs), report)
    meaning = check_map(proof.map, grammar, automaton, report)
    if (network.says_probabilities is not (grammar.weighted and network.cell == "lstm")) or (
        grammar.weighted and not automaton.deterministic
    ):
        report("binding", "the header promises probabilities that are not proved, or hides those of the grammar")
    cells, classes = read_cells(proof, network, automaton)
    steps: Steps = (
        Deterministic(network, automaton, cells, classes, proof.successors, report)
        if automaton.deterministic
        else CellByCell(network, automaton, cells, classes, report)
    )
    if not automaton.deterministic and network.outputs:
        check_one_output(automaton, report)
    own = proof.contracts.get(network.dtype)
    if not isinstance(own, dict) or own.get("verdict") == "refused":
        report("refused", f"nothing is proved under {network.dtype}, the arithmetic that the weights are made for")
    for name, contract in proof.contracts.items():
        if name not in CONTRACTS:
            report("malformed", f"there is no contract {name!r:.40}")
            continue
        claim = read_claim(name, contract, network.cell, not automaton.deterministic, report)
        if claim is not None:
            try:
                held = network.held(claim.contract)
            except OverflowError:
                report(f"{name}: overflow", "a weight is too large for the format")
                continue
            same = steps.check(held, claim, report)
            check_reading(held, claim, automaton, steps, meaning, same, report)


class Stop(Exception):
    """Raised where nothing further can be checked."""


@dataclass
class Report:
    """The violations found so far; of each kind the first LISTED are spelled out."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, what: str, where: str) -> None:
        self.found.setdefault(what, []).append(where)

    def stop(self, what: str, where: str) -> None:
        self(what, where)
        raise Stop

    def violations(self) -> list[Violation]:
        listed = [Violation(what, where) for what, places in self.found.items() for where in places[:LISTED]]
        more = {what: len(places) - LISTED for what, places in self.found.items() if len(places) > LISTED}
        return listed + [Violation(what, f"and {count} more") for what, count in more.items()]


# ---------------------------------------------------------------------------------------------------------------------
# 1. Files
# ---------------------------------------------------------------------------------------------------------------------

STORED = {"F64": ("<f8", "float64"), "F32": ("<f4", "float32"), "F16": ("<f2", "float16"), "BF16": ("<u2", "bfloat16")}
STORED["I64"] = ("<i8", "int64")
LSTM_GATES = ("write_filter", "eraser", "writer", "read_filter")  # i, f, g, o: blocks of rows, as in torch
TOY_GATES = LSTM_GATES[:3]  # the toy cell has no read filter: it is read as it is


@dataclass(frozen=True, eq=False)
class Network:
    """The numbers of a network of H cells over S symbols with G gates each, all as float64 (which holds every format).

    inputs (G, H, S)    biases (2, G, H): an LSTM has two, which machines add in any order
    gate, row, column, value   the nonzero weights of gates on cells, one entry each
    layers              name -> weights (R, H), biases (R,)
    """

    name: str
    cell: str
    dtype: str
    alphabet: list[str]
    outputs: list[str]
    grammar: str
    says_probabilities: bool
    digests: tuple[str, str]
    inputs: Array
    biases: Array
    gate: Ints
    row: Ints
    column: Ints
    value: Array
    layers: dict[str, tuple[Array, Array]]

    @property
    def cells(self) -> int:
        return int(self.inputs.shape[1])

    def held(self, contract: "Contract") -> "Network":
        """The network as a machine of the contract holds it. Raises OverflowError where a weight is too large."""
        together = self.cell == "lstm"  # i, f, g, o are blocks of one matrix
        value = self.value.copy()
        for gates in [slice(None)] if together else [self.gate == g for g in range(3)]:
            value[gates] = contract.matrix(self.value[gates])
        inputs = contract.matrix(self.inputs) if together else np.stack([contract.matrix(m) for m in self.inputs])
        layers = {name: (contract.matrix(w), contract.rounded(b)) for name, (w, b) in self.layers.items()}
        return replace(self, inputs=inputs, biases=contract.rounded(self.biases), value=value, layers=layers)


def canonical(data: object) -> bytes:
    """JSON in one form: sorted keys, no blanks, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_json(data: bytes, what: str, report: Report) -> dict[str, Any]:
    """A JSON object; a key that stands twice would be read differently by different readers."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def no_number(text: str) -> None:
        raise ValueError(f"{text} is no number")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no_number)
        canonical(value)  # no infinities (1e999) and no broken characters either
    except (ValueError, RecursionError) as error:
        report.stop("malformed", f"{what} is not readable JSON ({error!s:.100})")
    if not isinstance(value, dict):
        report.stop("malformed", f"{what} is not a JSON object")
    return value  # type: ignore[no-any-return]


def read_weights(data: bytes, digests: bool, report: Report) -> Network:
    """Safetensors: 8 bytes of length, a JSON header, numbers; all there is of the file is accounted for."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        report.stop("malformed", "the weights are not a whole safetensors file")
    table = read_json(data[8 : 8 + size], "the table of tensors", report)
    metadata = table.pop("__metadata__", None)
    if not isinstance(metadata, dict) or list(metadata) != ["lstmc"] or not isinstance(metadata["lstmc"], str):
        report.stop("malformed", "the weights do not have exactly one metadata key, 'lstmc'")
    raw = {name: _raw(name, entry, data[8 + size :], report) for name, entry in sorted(table.items())}
    ranges = sorted((entry["data_offsets"] for entry in table.values()), key=list)
    if [0, *(end for _, end in ranges)] != [*(start for start, _ in ranges), len(data) - 8 - size]:
        report.stop("malformed", "the tensors overlap, or leave bytes of the file unused")
    header = read_json(metadata["lstmc"].encode(), "the header", report)
    found = _digest_of_tensors(raw), digest(canonical({k: v for k, v in header.items() if k != "header"}))
    if digests and (header.get("tensors"), header.get("header")) != found:
        report("digest", "the weights were altered: a digest of theirs does not match")
    if header.get("format") != 1 or header.get("end") != END or header.get("cell") not in ("lstm", "toy"):
        report.stop("malformed", "the header has another format, end mark or cell type")
    texts(header["alphabet"]), texts(header["outputs"]), texts([header["name"], header["dtype"], header["grammar"]])
    if any(kind not in (header["dtype"], "int64") for kind, _, _ in raw.values()):
        report.stop("malformed", f"a tensor is not of the type {header['dtype']!r:.40} that the header says")
    return _network(header, {name: values for name, (_, values, _) in raw.items()}, found, report)


def _raw(name: str, entry: Any, data: bytes, report: Report) -> tuple[str, NDArray[Any], bytes]:
    """Type, numbers and bytes of one tensor."""
    ok = isinstance(entry, dict) and set(entry) == {"dtype", "shape", "data_offsets"} and entry["dtype"] in STORED
    numbers = [*entry["shape"], *entry["data_offsets"]] if ok else [None]
    if any(type(n) is not int or n < 0 for n in numbers) or len(entry["data_offsets"]) != 2:
        report.stop("malformed", f"tensor {name!r:.60} is not described as it must be")
    number_type, kind = STORED[entry["dtype"]]
    start, end = entry["data_offsets"]
    if not start <= end <= len(data) or math.prod(entry["shape"]) * int(number_type[2:]) != end - start:
        report.stop("malformed", f"tensor {name!r:.60} does not fit its place in the file")
    values: NDArray[Any] = np.frombuffer(data[start:end], number_type)
    if kind == "bfloat16":  # the upper half of a float32
        values = (values.astype(np.uint32) << 16).view(np.float32)
    if kind != "int64":
        values = values.astype(np.float64)
        if not np.isfinite(values).all():
            report.stop("not finite", f"tensor {name!r:.60} holds a number that is infinite or none")
    return kind, values.reshape(entry["shape"]), data[start:end]


def _digest_of_tensors(raw: dict[str, tuple[str, NDArray[Any], bytes]]) -> str:
    summary = hashlib.sha256()
    for name, (kind, values, data) in sorted(raw.items()):
        summary.update(canonical([name, kind, list(values.shape)]))
        summary.update(data)
    return summary.hexdigest()


def _network(header: dict[str, Any], tensors: dict[str, NDArray[Any]], digests: Any, report: Report) -> Network:
    toy, symbols = header["cell"] == "toy", len(header["alphabet"])
    rows = {"reader": symbols + 1} | ({"read_filter": symbols + 1} if toy else {})
    rows |= {"output": len(header["outputs"])} if header["outputs"] else {}

    def take(name: str, *shape: int) -> NDArray[Any]:
        values = tensors.pop(name, None)
        if values is None or values.shape != shape or values.dtype != np.float64:
            report.stop("malformed", f"there is no tensor '{name}' of the shape {shape}")
        return values  # type: ignore[return-value]

    def entries(name: str, height: int, width: int) -> tuple[Ints, Ints, Array]:
        """Rows, columns and values of a matrix that is stored dense or as sparse rows; zeros are left out."""
        if name in tensors:
            matrix = take(name, height, width)
            row, column = np.nonzero(matrix)
            return row, column, matrix[row, column]
        data, column, start = (tensors.pop(f"{name}.{part}", np.zeros(0)) for part in ("data", "indices", "indptr"))
        fits = data.dtype == np.float64 and column.dtype == start.dtype == np.int64
        fits = fits and data.ndim == column.ndim == start.ndim == 1 and len(start) == height + 1
        if not (fits and len(data) == len(column) == start[-1] and start[0] == 0 and (np.diff(start) >= 0).all()):
            report.stop("malformed", f"there is no matrix '{name}' of {height} by {width}")
        row = np.repeat(np.arange(height), np.diff(start))
        # Columns must rise within a row: a column that stands twice is added up by one reader, overwritten by another.
        if ((column < 0) | (column >= width)).any() or ((np.diff(column) <= 0) & (np.diff(row) == 0)).any():
            report.stop("malformed", f"the sparse rows of '{name}' are not in order")
        there = data != 0
        return row[there], column[there], data[there]

    if toy:
        cells = len(tensors.get("toy.writer.bias", ()))
        biases = np.stack([np.stack([take(f"toy.{g}.bias", cells) for g in TOY_GATES]), np.zeros((3, cells))])
        inputs = np.stack([take(f"toy.{g}.input", cells, symbols) for g in TOY_GATES])
        parts = [entries(f"toy.{g}.memory", cells, cells) for g in TOY_GATES]
        gate = np.repeat(np.arange(3), [len(row) for row, _, _ in parts])
        row, column, value = (np.concatenate([part[n] for part in parts]) for n in range(3))
        layers = {n: (take(f"toy.{n}.memory", r, cells), take(f"toy.{n}.bias", r)) for n, r in rows.items()}
    else:
        cells = len(tensors.get("lstm.bias_ih_l0", ())) // 4
        biases = np.stack([take(f"lstm.bias_{n}_l0", 4 * cells).reshape(4, cells) for n in ("ih", "hh")])
        inputs = take("lstm.weight_ih_l0", 4 * cells, symbols).reshape(4, cells, symbols)
        row, column, value = entries("lstm.weight_hh_l0", 4 * cells, cells)
        gate, row = np.divmod(row, max(cells, 1))
        layers = {n: (take(f"{n}.weight", r, cells), take(f"{n}.bias", r)) for n, r in rows.items()}
    if cells == 0 or any(name.partition(".")[0] != "cells" for name in tensors):  # cells.*: where cells come from
        report.stop("malformed", f"there are no cells, or unknown tensors ({', '.join(tensors):.100})")
    options = header.get("options")
    return Network(
        **{key: header[key] for key in ("name", "cell", "dtype", "alphabet", "outputs", "grammar")},
        says_probabilities=isinstance(options, dict) and options.get("probabilities") is True,
        digests=digests,
        inputs=inputs,
        biases=biases,
        gate=gate,
        row=row,
        column=column,
        value=value,
        layers=layers,
    )


@dataclass(frozen=True, eq=False)
class Proof:
    """A certificate, its parts not looked into yet."""

    name: str
    grammar: dict[str, Any]
    automaton: dict[str, Any]
    map: list[Any]
    cells: list[Any]
    classes: list[Any]
    successors: list[Any] | None
    contracts: dict[str, Any]


def read_certificate(data: bytes, network: Network, digests: bool, report: Report) -> Proof:
    read = read_json(data, "the certificate", report)
    kinds = {"name": str, "grammar": dict, "automaton": dict, "map": list, "cells": list, "classes": list}
    kinds |= {"contracts": dict}
    bad = [key for key, kind in kinds.items() if not isinstance(read.get(key), kind)]
    bad += sorted(set(read) - set(kinds) - {"format", "network", "successors"})
    if read.get("format") != 1 or bad:
        report.stop("malformed", f"the certificate is not of format 1 ({', '.join(bad):.100})")
    said_of = read.get("network")
    bound = {"cell": network.cell, "dtype": network.dtype, "alphabet": network.alphabet, "end": END}
    bound |= {"outputs": network.outputs}
    if not isinstance(said_of, dict) or {k: v for k, v in said_of.items() if k not in ("tensors", "header")} != bound:
        report("binding", "the certificate speaks of a network with other inputs, outputs, end mark, cell or format")
    elif digests and (said_of.get("tensors"), said_of.get("header")) != network.digests:
        report("digest", "the certificate speaks of other weights")
    return Proof(**{key: read[key] for key in kinds}, successors=read.get("successors"))


def texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("not a list of texts")
    return values


def integers(values: Any, low: int, high: int) -> list[int]:
    """A list of integers from low up to, not including, high."""
    if not isinstance(values, list) or not all(type(value) is int and low <= value < high for value in values):
        raise TypeError(f"not a list of integers from {low} to {high - 1}")
    return values


def triples(values: Any, *limits: tuple[int, int]) -> Ints:
    """A list of triples of integers, each within its limits, as an array (n, 3)."""
    if not isinstance(values, list) or not all(isinstance(row, list) and len(row) == 3 for row in values):
        raise TypeError("not a list of triples")
    for place, (low, high) in enumerate(limits):
        integers([row[place] for row in values], low, high)
    return np.array(values, np.int64).reshape(-1, 3)


def without_places(grammar: dict[str, Any]) -> dict[str, Any]:
    nodes = [{key: value for key, value in node.items() if key != "pos"} for node in grammar["nodes"]]
    return {**grammar, "nodes": nodes}


def said(grammar: dict[str, Any]) -> Any:
    """What a grammar says, whatever the order of its states and edges, and however its numbers are written."""

    def plain(entry: dict[str, Any]) -> bytes:
        stands = {k: float(v) if type(v) is int else v for k, v in entry.items() if v is not None and v is not False}
        return canonical(stands)

    data = without_places(grammar)
    return data.get("name"), data.get("alphabet"), sorted(map(plain, data["nodes"])), sorted(map(plain, data["edges"]))


# ---------------------------------------------------------------------------------------------------------------------
# 2. Grammar: what it means
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Grammar:
    """The useful states of a grammar: reachable, and with a way to the end or, where none accepts, on for ever.

    moves      for each useful state: (symbol, target, output or -1)
    says       the output of each state of a Moore machine, else -1
    chances    where the grammar is deterministic: for each useful state symbol -> probability, that of the end last
    """

    name: str
    alphabet: list[str]
    outputs: list[str]
    number: dict[str, int]
    start: list[int]
    accepts: list[bool]
    says: list[int]
    mealy: bool
    moves: dict[int, list[tuple[int, int, int]]]
    chances: dict[int, dict[int, float]] | None

    @property
    def weighted(self) -> bool:
        return self.chances is not None

    @classmethod
    def of(cls, data: dict[str, Any], report: Report) -> "Grammar":
        nodes, edges, alphabet = data["nodes"], data["edges"], texts(data["alphabet"])
        ids = texts([node["id"] for node in nodes])
        names = texts([data["name"], *(edge[key] for edge in edges for key in ("source", "target", "symbol"))])
        outputs = sorted(set(texts([each["output"] for each in [*nodes, *edges] if "output" in each])))
        number = {name: n for n, name in enumerate(ids)}
        letter = {text: n for n, text in enumerate(alphabet)}
        output = {text: n for n, text in enumerate(outputs)}
        if len(number) < len(ids) or len(letter) < len(alphabet) or END in letter:
            report.stop("grammar", "an id or a symbol stands twice, or a symbol is called 'end'")
        rules = [
            (
                number[e["source"]],
                letter[e["symbol"]],
                number[e["target"]],
                output[e["output"]] if "output" in e else -1,
            )
            for e in edges
        ]
        says = [output[node["output"]] if "output" in node else -1 for node in nodes]
        mealy = any(o >= 0 for _, _, _, o in rules)
        if len(set(rules)) < len(rules) or (mealy and max(says) >= 0):
            report.stop("grammar", "an edge stands twice, or outputs stand both at states and at edges")
        start = [n for n, node in enumerate(nodes) if node.get("start") is True]
        accepts = [node.get("accept") is True for node in nodes]
        useful = _useful(len(nodes), rules, start, accepts)
        moves: dict[int, list[tuple[int, int, int]]] = {p: [] for p in useful}
        for p, x, q, o in rules:
            if p in useful and q in useful:
                moves[p].append((x, q, o))
        start = [p for p in start if p in useful]
        if not start:
            report.stop("grammar", "the language is empty")
        given = [edge.get("probability") for edge in edges]
        ends = [node.get("end") for node in nodes]
        deterministic = len(start) == 1 and all(len({x for x, _, _ in m}) == len(m) for m in moves.values())
        chances = None
        if deterministic:
            chances = _chances(rules, given, ends, accepts, moves, len(alphabet), report)
        elif any(p is not None for p in [*given, *ends]):
            report("grammar", "a nondeterministic grammar has probabilities")
        return cls(names[0], alphabet, outputs, number, start, accepts, says, mealy, moves, chances)


def _useful(size: int, rules: list[tuple[int, int, int, int]], start: list[int], accepts: list[bool]) -> set[int]:
    after: list[list[int]] = [[] for _ in range(size)]
    before: list[list[int]] = [[] for _ in range(size)]
    for p, _, q, _ in rules:
        after[p].append(q)
        before[q].append(p)
    reached = _closure(start, after)
    if any(accepts):
        return reached & _closure([p for p in range(size) if accepts[p]], before)
    ways = [len(targets) for targets in after]  # endless strings: states without a way on fall away, one by one
    stuck = [p for p in range(size) if not ways[p]]
    for p in stuck:  # the list grows while we walk it
        for previous in before[p]:
            ways[previous] -= 1
            if not ways[previous]:
                stuck.append(previous)
    return reached - set(stuck)


def _closure(first: Sequence[int], after: list[list[int]]) -> set[int]:
    seen, waiting = set(first), list(first)
    while waiting:
        new = [q for q in after[waiting.pop()] if q not in seen]
        seen.update(new)
        waiting += new
    return seen


def _chances(
    rules: list[tuple[int, int, int, int]], given: list[Any], ends: list[Any], accepts: list[bool],
    moves: dict[int, list[tuple[int, int, int]]], end: int, report: Report,
) -> dict[int, dict[int, float]]:  # fmt: skip
    """All moves of a state are equally likely, the end among them, unless its edges say otherwise."""

    def exact(value: Any) -> Fraction:
        if type(value) not in (int, float) or not 0 < value <= 1:
            raise ValueError(f"{value!r:.40} is no probability")
        return Fraction(Decimal(repr(value)))  # the decimal that stands in the file

    chances: dict[int, dict[int, Fraction]] = {p: {} for p in moves}
    for (p, x, q, _), chance in zip(rules, given, strict=True):
        if p in moves and chance is not None:
            chances[p][x] = exact(chance)
            if q not in moves:
                report("grammar", "a move that no string of the grammar makes has a probability")
    for p, found in chances.items():
        if (not found and ends[p] is None) or not moves[p]:
            ways = [x for x, _, _ in moves[p]] + [end] * accepts[p]
            found |= dict.fromkeys(ways, Fraction(1, len(ways)))
        elif accepts[p]:
            found[end] = exact(ends[p]) if ends[p] is not None else 1 - sum(found.values())
        if set(found) != {x for x, _, _ in moves[p]} | ({end} if accepts[p] else set()) or min(found.values()) <= 0:
            report("grammar", "some moves of a state have a probability, and some have none")
        if abs(sum(found.values()) - 1) > Fraction(1, 10**9):  # the rounding that the grammar's checks let pass
            report("grammar", "the probabilities of a state do not sum to 1")
    return {p: {x: float(chance) for x, chance in found.items()} for p, found in chances.items()}


# ---------------------------------------------------------------------------------------------------------------------
# 3. Map: grammar and automaton are the same machine
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Automaton:
    """The certificate's automaton of Q states: symbol -> targets of each; `to` (Q + 1, S) where it is deterministic.

    The last row of `to`, number -1, is the dead state; -1 means that no move is there.
    """

    deterministic: bool
    initial: list[int]
    accepting: Bools
    output: Ints
    moves: list[dict[int, list[int]]]
    to: Ints

    def allowed(self) -> Bools:
        """Which symbols, and last the end, may come next in each state; the last row is the dead state."""
        allowed = np.zeros((len(self.moves) + 1, self.to.shape[1] + 1), np.bool_)
        for p, moves in enumerate(self.moves):
            allowed[p, list(moves)] = True
        allowed[:-1, -1] = self.accepting
        return allowed


def read_automaton(data: dict[str, Any], symbols: int, outputs: int, report: Report) -> Automaton:
    if set(data) != {"deterministic", "states", "initial", "accepting", "output", "moves"}:
        report.stop("malformed", "the automaton has other parts than it must have")
    output = np.array(integers(data["output"], -1, outputs), np.int64)
    size = len(output)
    initial = sorted(set(integers(data["initial"], 0, size)))
    accepting = np.zeros(size, np.bool_)
    accepting[integers(data["accepting"], 0, size)] = True
    rows = triples(data["moves"], (0, size), (0, symbols), (0, size))
    moves: list[dict[int, list[int]]] = [{} for _ in range(size)]
    for p, x, q in rows.tolist():
        moves[p].setdefault(x, []).append(q)
    deterministic = data["deterministic"]
    branches = len(initial) > 1 or any(len(targets) > 1 for found in moves for targets in found.values())
    if type(data["states"]) is not int or data["states"] != size or type(deterministic) is not bool or not initial:
        report.stop("malformed", "the automaton's states, start or kind are not in order")
    if deterministic and branches:
        report.stop("automaton", "the automaton is not deterministic, as it says")
    to = np.full((size + 1, symbols), -1)
    to[rows[:, 0], rows[:, 1]] = rows[:, 2]
    return Automaton(deterministic, initial, accepting, output, moves, to)


def check_map(entries: list[Any], grammar: Grammar, automaton: Automaton, report: Report) -> "Array | None":
    """Each entry (states of the grammar, a Mealy machine's last output, state of the automaton) says: they are alike.

    Where the start is mapped, and every entry's moves lead to entries again, grammar and automaton agree on what is
    allowed, accepted and said after every string, by induction on its length. Deterministic automata are matched
    with the set of all states that are possible; others state by state, each move of one having its like in the other.

    Returns the probabilities (Q + 1, S + 1) of what comes next in each state, where the grammar gives them.
    """
    pairs: dict[tuple[frozenset[int], int], set[int]] = {}
    for states, output, state in entries:
        numbers = frozenset(grammar.number[name] for name in texts(states))
        integers([output + 1], 0, len(grammar.outputs) + 1), integers([state], 0, len(automaton.moves))
        if not numbers or not numbers <= set(grammar.moves):
            report.stop("map", "an entry names a state that no string of the grammar uses, or none")
        if not automaton.deterministic and len(numbers) > 1:
            report.stop("map", "states are mapped together to an automaton that is not deterministic")
        pairs.setdefault((numbers, output), set()).add(state)
    together = automaton.deterministic
    starts = [frozenset(grammar.start)] if together else [frozenset({p}) for p in grammar.start]
    first = [pairs.get((start, -1), set()) & set(automaton.initial) for start in starts]
    if not all(first) or set().union(*first) != set(automaton.initial):
        report("map", "the starts of grammar and automaton are not mapped to each other")
    chances = np.full((len(automaton.moves) + 1, len(grammar.alphabet) + 1), np.nan) if grammar.weighted else None
    for (states, output), targets in pairs.items():
        says = {output} if grammar.mealy else {grammar.says[p] for p in states}
        for j in targets:
            where = f"state {j} stands for {sorted(states)!r:.60}"
            if bool(automaton.accepting[j]) is not any(grammar.accepts[p] for p in states):
                report("map", f"{where}, but they differ in whether a string may end")
            if says != {int(automaton.output[j])}:
                report("map", f"{where}, but they differ in their output")
            if not _same_moves(states, automaton.moves[j], pairs, grammar, together):
                report("map", f"{where}, but they differ in their moves")
            if chances is not None and len(states) == 1:
                _note_chances(chances[j], grammar, states, where, report)
    return chances


def _same_moves(
    states: frozenset[int],
    moves: dict[int, list[int]],
    pairs: dict[tuple[frozenset[int], int], set[int]],
    grammar: Grammar,
    together: bool,
) -> bool:
    ways: dict[Any, set[tuple[int, int]]] = {}  # what one move of the automaton stands for -> targets, outputs
    for p in states:
        for x, q, o in grammar.moves[p]:
            ways.setdefault(x if together else (x, q, o), set()).add((q, o))
    matched: set[tuple[int, int]] = set()
    for key, found in ways.items():
        x, outputs = key if together else key[0], {o for _, o in found}
        entry = frozenset(q for q, _ in found), outputs.pop()
        like = pairs.get(entry, set()) & set(moves.get(x, ())) if not outputs else None
        if not like:
            return False
        matched |= {(x, j) for j in like}
    return matched == {(x, j) for x, targets in moves.items() for j in targets}


def _note_chances(row: Array, grammar: Grammar, states: frozenset[int], where: str, report: Report) -> None:
    assert grammar.chances is not None
    (state,) = states
    new = np.zeros(len(row))
    for x, chance in grammar.chances[state].items():
        new[x] = chance
    if not np.isnan(row).any() and (row != new).any():
        report("map", f"{where}, and for a state with other probabilities")
    row[:] = new


def check_one_output(automaton: Automaton, report: Report) -> None:
    """States that one string can lead to say the same: walk through all pairs of states that are possible together."""
    seen = {(p, q) for p in automaton.initial for q in automaton.initial if p <= q}
    waiting = list(seen)
    while waiting:
        p, q = waiting.pop()
        if automaton.output[p] != automaton.output[q]:
            report("output", f"after some string states {p} and {q} are possible, which say different things")
        for x in automaton.moves[p].keys() & automaton.moves[q].keys():
            after = {(min(a, b), max(a, b)) for a in automaton.moves[p][x] for b in automaton.moves[q][x]}
            waiting += after - seen
            seen |= after
        if len(seen) > MOST_PAIRS:
            report.stop("limit", f"more than {MOST_PAIRS} pairs of states are possible together")


MOST_PAIRS = 20_000_000  # some GB of memory; a nondeterministic transducer of 6,000 states at the worst


# ---------------------------------------------------------------------------------------------------------------------
# 4. Numbers: intervals, and what a contract promises
# ---------------------------------------------------------------------------------------------------------------------

# numpy does not promise correctly rounded exp, tanh and log. Its own tests hold them to 4 ulp (2^-50, relatively);
# we give four times that. A test compares these enclosures with mpmath's.
SLACK = 2.0**-48
LEAST = 1e-300  # an upper bound of numbers that underflow: exp(-700) and less


@dataclass(frozen=True, eq=False)
class Interval:
    """Real numbers from lo to hi, elementwise.

    A float64 operation is off by at most half the distance to the next number, so one step outward encloses the
    result. Adding 0 and multiplying by 0 or 1 is exact, and takes no step: kept memories need that.
    """

    lo: Array
    hi: Array

    @classmethod
    def around(cls, centre: Any, radius: Any) -> "Interval":
        return cls(_outward(centre - radius, radius == 0, -1), _outward(centre + radius, radius == 0, 1))

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            _outward(self.lo + other.lo, (self.lo == 0) | (other.lo == 0), -1),
            _outward(self.hi + other.hi, (self.hi == 0) | (other.hi == 0), 1),
        )

    def __neg__(self) -> "Interval":
        return Interval(-self.hi, -self.lo)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        low, high = [], []
        for a in (self.lo, self.hi):
            for b in (other.lo, other.hi):
                zero = (a == 0) | (b == 0)
                product = np.where(zero, 0.0, a * b)  # 0 times "no bound" is 0: every number is finite
                exact = zero | (np.abs(a) == 1) | (np.abs(b) == 1)
                low.append(_outward(product, exact, -1))
                high.append(_outward(product, exact, 1))
        return Interval(np.minimum.reduce(low), np.maximum.reduce(high))

    def __and__(self, other: "Interval") -> "Interval":
        """What lies in both, where both enclose the same number."""
        return Interval(np.maximum(self.lo, other.lo), np.minimum(self.hi, other.hi))

    def __getitem__(self, index: Any) -> "Interval":
        return Interval(self.lo[index], self.hi[index])

    def where(self, condition: Any, other: "Interval") -> "Interval":
        """This one where the condition holds, else the other."""
        return Interval(np.where(condition, self.lo, other.lo), np.where(condition, self.hi, other.hi))

    def within(self, other: "Interval") -> Bools:
        return (self.lo >= other.lo) & (self.hi <= other.hi)  # type: ignore[no-any-return]

    def exactly(self, number: float) -> Bools:
        return (self.lo == number) & (self.hi == number)  # type: ignore[no-any-return]

    @property
    def size(self) -> Array:
        """The largest magnitude."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))


def _outward(value: Any, exact: Any, direction: int) -> Array:
    return np.where(exact, value, np.nextafter(value, direction * np.inf))


def point(value: Any) -> Interval:
    return Interval(np.asarray(value, np.float64), np.asarray(value, np.float64))


ZERO, ONE = point(0.0), point(1.0)
TANH_1 = Interval(np.array(0.7615941559557648), np.array(0.761594155955765))  # 0.76159415595576488811...


def logistic(z: Array) -> Interval:
    """1 / (1 + e^-z), enclosed, with as many digits of small values as of large ones."""
    size = np.abs(z)
    power = exp(Interval(-size, -size))
    low = np.where(z > 0, 1 / (1 + power.hi), power.lo / (1 + power.lo))
    high = np.where(z > 0, 1 / (1 + power.lo), power.hi / (1 + power.hi))
    return Interval(low * (1 - SLACK), np.minimum(high * (1 + SLACK), 1.0))  # a sum and a quotient: 2 half ulps


def exp(z: Interval) -> Interval:
    return Interval(
        np.where(z.lo < -700, 0.0, np.exp(z.lo) * (1 - SLACK)), np.maximum(np.exp(z.hi) * (1 + SLACK), LEAST)
    )


def tanh(z: Interval) -> Interval:
    low, high = np.tanh(z.lo), np.tanh(z.hi)
    return Interval(np.maximum(low - np.abs(low) * SLACK, -1.0), np.minimum(high + np.abs(high) * SLACK, 1.0))


def tanh_beyond_1(d: Interval) -> Interval:
    """tanh(1 + d) - tanh 1 = t (1 - T^2) / (1 + T t) with t = tanh d, T = tanh 1: precise for the smallest d."""
    t, big = tanh(d), 0.7615941559557649
    # Five roundings, amplified by at most 1 / (1 - T) < 4.2 and 1 / (1 - T^2) < 2.4: below 2^-48 relatively.
    low, high = (end * (1 - big * big) / (1 + big * end) for end in (t.lo, t.hi))
    return Interval(low - np.abs(low) * 2 * SLACK, high + np.abs(high) * 2 * SLACK)


@dataclass(frozen=True)
class Contract:
    """What is assumed of a machine. Numbers have `bits` significant bits down to 2^least, and overflow above `largest`.

    u            the result of an operation is the nearest number, and of two the even one: off by at most u times
                 itself; a number below `tiny` may be flushed to 0. Sums are added in any order.
    sigmoid      within `sigma_error`, not below 0; from `one_from` on exactly 1 and never above; sigmoid(-z) is at
                 most 1.01 e^-z from `tail_from` on, and exactly 0 from `zero_from` on
    tanh         within `tanh_error`, at 1 within `at_one` (and the same number in every cell); 0 at 0; not beyond 1
                 from 10 on, and exactly 1 from `flat_from` on; between 0 and `slope` x
    tolerance    how far softmax of the logits may be from the grammar's probabilities, with `per_cell` more for each
                 cell; `scaled`: times K / 16, K the logit of what is certain
    levels       a matrix holds this many multiples of its largest weight on each side (0: every number)
    """

    name: str
    u: float
    sigma_error: float
    tanh_error: float
    at_one: float
    one_from: float
    tail_from: float
    zero_from: float
    flat_from: float
    slope: float
    tolerance: float
    bits: int
    least: int = -1074
    tiny: float = 0.0
    largest: float = math.inf
    scaled: bool = False
    per_cell: float = 0.0
    levels: int = 0

    def rounded(self, values: Array) -> Array:
        """The nearest numbers of the format, ties to even. Raises OverflowError."""
        _, exponent = np.frexp(values)
        quantum = np.maximum(exponent - self.bits, self.least)
        nearest = np.ldexp(np.rint(np.ldexp(values, -quantum)), quantum) if self.bits < 53 else values
        if nearest.size and np.abs(nearest).max() > self.largest:
            raise OverflowError("a weight is too large for the format")
        return nearest

    def matrix(self, values: Array) -> Array:
        """A matrix as the machine holds it."""
        scale = np.abs(values).max(initial=0.0) / (self.levels or 1)
        return self.rounded(np.rint(values / scale) * scale if self.levels and scale else values)

    def sigmoid(self, z: Interval) -> tuple[Interval, Interval]:
        """sigmoid(z), and 1 - sigmoid(z), which float64 could not tell from 0."""
        error = Interval.around(0.0, np.float64(self.sigma_error))
        value = Interval(logistic(z.lo).lo, logistic(z.hi).hi) + error
        value = Interval(np.maximum(value.lo, 0.0), value.hi)
        small = Interval(np.zeros_like(z.lo), 1.01 * (1 + SLACK) * exp(z).hi)
        value = (value & small).where(z.hi <= -self.tail_from, value)
        value = ZERO.where(z.hi <= -self.zero_from, value)
        rest = Interval(logistic(-z.hi).lo, logistic(-z.lo).hi) + error
        one = z.lo >= self.one_from
        return ONE.where(one, value), ZERO.where(one, rest & (ONE - value))

    def tanh(self, z: Interval) -> tuple[Interval, Interval]:
        """tanh(z) and 1 - tanh(z) = 2 sigmoid(-2z)."""
        error = Interval.around(0.0, np.float64(self.tanh_error))
        value, rest = tanh(z) + error, Interval(2 * logistic(-2 * z.hi).lo, 2 * logistic(-2 * z.lo).hi) + error
        if math.isfinite(self.slope):
            steep = self.slope * (1 + SLACK)
            value = value & Interval(steep * np.minimum(z.lo, 0.0), steep * np.maximum(z.hi, 0.0))
        value = value & Interval(np.where(z.hi <= -10, -1.0, -np.inf), np.where(z.lo >= 10, 1.0, np.inf))
        value = ZERO.where(z.exactly(0), ONE.where(z.lo >= self.flat_from, value))
        return value, rest & (ONE - value)

    def tanh_beyond_1(self, d: Interval) -> Interval:
        """tanh(1 + d) - tanh 1."""
        error = np.where(d.exactly(0), self.at_one, self.tanh_error)
        value = tanh_beyond_1(d) + Interval(-error, error)
        return Interval(value.lo, np.where(d.lo >= 9, np.minimum(value.hi, (ONE - TANH_1).hi), value.hi))

    def rounding(self, size: Array) -> Array:
        """The error of rounding a product: u of it; all of it where it may be flushed to 0."""
        return np.maximum(self.u * size, np.minimum(size, self.tiny))

    def floor(self, number: Fraction) -> float:
        """The largest number of the format up to this one."""
        if number <= 0:
            raise ValueError("not above 0")
        exponent = (number.numerator // number.denominator).bit_length() - self.bits  # exact from 1 on
        step = Fraction(2) ** max(exponent, 1 - self.bits)
        return float(number // step * step)

    def sum(
        self, numbers: Sequence[Array], products: Sequence[tuple[Array, Interval]], small: Array, count: Array
    ) -> tuple[Interval, Array]:
        """A sum of numbers and of weights times signals, and of `count` terms more that are together at most `small`.

        Returns where the machine's sum lies, and a bound of its error alone; the error is NaN where the machine
        may overflow, and then shows nothing.

        Rounding to nearest never turns an order round, so a sum is not below its value with every term at its lowest,
        and the error need only be bounded there (and at the highest). With L terms of any size, and small ones:
          * a product is rounded once, and adding two parts that both hold a large term happens L - 1 times, each time
            off by at most u / (1 + u) of the result; the last result is the sum itself, and those before it are off
            by (1 + u / (1 + u))^(L - 2) - 1 of all sizes together;
          * a part of small terms alone is at most (1 + u)^count of their sum; adding it to another part a is off by at
            most itself, since a is a number (|fl(a+b) - (a+b)| <= |b|), and by at most u of the result.
        Terms that are 0 are free.
        """
        terms = [(point(n), False) for n in numbers] + [(point(w) * signal, True) for w, signal in products]
        total = ZERO
        for term, _ in terms:
            total = total + term
        u = self.u / (1 + self.u)
        grown = np.exp(self.u * (count + len(terms))) * (1 + SLACK)
        small = (small * (1 + u) + np.minimum(small, count * self.tiny)) * grown
        errors = []
        for end in ("lo", "hi"):
            sizes = [np.abs(getattr(term, end)) for term, _ in terms]
            value, whole = np.abs(getattr(total, end)), np.add.reduce(sizes)
            large = np.add.reduce([size != 0 for size in sizes], dtype=np.float64)
            rounded: Any = sum(self.rounding(size) for size, (_, product) in zip(sizes, terms, strict=True) if product)
            shadow = small + np.minimum(small, self.u * count * grown * (whole + 2 * small))
            n = np.maximum(large - 2, 0)
            many = n * u + 0.6 * (n * u) ** 2  # (1 + u)^n - 1, for nu < 1/4
            early = rounded + many * (whole + rounded) + (1 + many) * shadow + n * self.tiny
            last = u * (np.minimum(whole, value) + early) + np.where(value > early + self.tiny, 0.0, self.tiny)
            # The error is itself computed with some dozen roundings, all of positive numbers.
            error = np.where(np.isinf(value), 0.0, (early + np.where(large > 1, last, 0.0)) * (1 + SLACK))
            errors.append(np.where((whole + small > self.largest / 2) & np.isfinite(value), np.inf, error))
        # At one end overflow only means infinity (no part of the sum is further out); at both it may mean no number.
        low, high = (np.where(np.isinf(errors[0]) & np.isinf(errors[1]), np.nan, error) for error in errors)
        return total + Interval(-low, high), np.maximum(low, high)


INF = math.inf
_SINGLE = (24, -149, 2.0**-126, 3.4e38)
CONTRACTS = {
    contract.name: contract
    for contract in (
        # name, u, errors of sigmoid and tanh and at 1, sigmoid 1 and small and 0 and tanh 1 from, slope, tolerance,
        # bits, least, tiny, largest
        Contract("exact", 0.0, 0.0, 0.0, 0.0, INF, INF, INF, INF, 1.0, 1e-9, 53),
        Contract("float64", 2.0**-53, 3e-8, 3e-7, 6e-8, 38, 38, INF, 20, 1.01, 1e-5, 53, -1074, 2.0**-1022, 1.7e308),
        Contract("float32", 2.0**-24, 2e-7, 3e-7, 6e-8, 18, 18, 104, 20, 1.01, 1e-5, *_SINGLE, scaled=True),
        Contract("float16", 2.0**-11, 7e-4, 3e-4, 3e-4, 18, 18, 18, 20, 1.01, 6e-2, 11, -24, 2.0**-14, 65504.0),
        Contract("bfloat16", 2.0**-8, 6e-3, 2e-3, 2e-3, 18, 18, 104, 20, 1.01, 0.4, 8, -133, 2.0**-126, 3.38e38),
        Contract("approximate", 2.0**-24, 6e-7, 6e-7, 6e-7, INF, INF, INF, INF, INF, 5e-4, *_SINGLE, per_cell=1e-4),
        Contract("int8-weights", 2.0**-24, 2e-7, 3e-7, 6e-8, 18, 18, 104, 20, 1.01, 6e-2, *_SINGLE, levels=127),
    )
}


@dataclass(frozen=True, eq=False)
class Claim:
    """What the certificate claims under a contract. Boxes are arrays of two: for cells of class 0 and of class 1.

    on, on_signal     how far memory and signal are from 1 and from tanh 1 (toy: from 1) while a cell is on
    off, off_signal   memory and signal while it is off
    top               the largest number of the format that memory can be while the cell is on
    Bounded, for class 1: moves that find the memory as they leave it, on or off, need not land in their box at once.
    entry, entry_off  where the other moves land
    drift, rise       by how much one of them may change memory; by how much raise it where cells are ORs and it counts
    """

    contract: Contract
    bound: int | None
    margin: float
    probabilities: float | None
    on: Interval
    off: Interval
    on_signal: Interval
    off_signal: Interval
    top: Array
    entry: Interval
    entry_off: Interval
    drift: float
    rise: float
    toy: bool

    def signal(self) -> Interval:
        """The signal of a cell that is on, by class."""
        return (ONE if self.toy else TANH_1) + self.on_signal


def read_claim(name: str, data: Any, cell: str, counts: bool, report: Report) -> Claim | None:
    """None for a contract that is refused: nothing is claimed then."""
    verdict = data["verdict"]
    if verdict == "refused" and isinstance(data.get("reason"), str) and len(data) == 2:
        return None
    keys = {"verdict", "bound", "counts", "margin", "probabilities", "boxes", "entry", "entry_off", "drift", "rise"}
    if verdict not in ("every-length", "bounded") or set(data) != keys:
        report("malformed", f"{name}: no verdict, or other parts than it must have")
        return None
    bound = data["bound"]
    if bound is not None if verdict == "every-length" else type(bound) is not int or bound < 1:
        report("malformed", f"{name}: the verdict is {verdict}, with the bound {bound!r:.40}")
        return None
    if not isinstance(data["counts"], str if bound else type(None)):
        report("malformed", f"{name}: what is counted is not said, or said where nothing is")

    def box(kind: str, part: str) -> Interval:
        return Interval(*np.array([_ends(data["boxes"][n][kind]["c" if cell == "toy" else part]) for n in (0, 1)]).T)

    on = box("on", "c")
    top = [math.inf if hi == math.inf else CONTRACTS[name].floor(Fraction(hi) + 1) for hi in on.hi.tolist()]
    claim = Claim(
        contract=CONTRACTS[name],
        bound=bound,
        margin=_end(data["margin"], 1),
        probabilities=None if data["probabilities"] is None else _end(data["probabilities"], 1),
        on=on,
        off=box("off", "c"),
        on_signal=box("on", "h"),
        off_signal=box("off", "h"),
        top=np.array(top),
        entry=Interval(*np.array(_ends(data["entry"]))),
        entry_off=Interval(*np.array(_ends(data["entry_off"]))),
        drift=_end(data["drift"], 1),
        rise=_end(data["rise"], 1),
        toy=cell == "toy",
    )
    boxes = (claim.on, claim.off, claim.on_signal, claim.off_signal, claim.entry, claim.entry_off)
    bad = not 0 < claim.margin < math.inf or claim.drift < 0 or claim.rise < 0
    bad |= any((each.lo > each.hi).any() for each in boxes)
    # Numbers too small for the machine may be flushed to 0, so boxes of cells that are off must hold it.
    bad |= any(((each.lo > 0) | (each.hi < 0)).any() for each in (claim.off, claim.off_signal, claim.entry_off))
    if bad:
        report(f"{name}: boxes", "a box is empty, an off box does not hold 0, or the margin is not above 0")
        return None
    if bound is not None:
        _check_bound(claim, counts, report)
    return claim


def _ends(pair: Any) -> tuple[float, float]:
    """Both ends of a box; null where there is none."""
    low, high = pair
    return _end(low, -1), _end(high, 1)


def _end(value: Any, direction: int) -> float:
    if value is None:
        return direction * math.inf
    if type(value) not in (int, float):
        raise TypeError(f"{value!r:.40} is no number")
    return float(value)


def _check_bound(claim: Claim, counts: bool, report: Report) -> None:
    """After `bound` moves, each of which changes it by at most `drift` (or `rise`), memory is still in its box.

    A count that is above 1 is not lowered below what is left of 1, so its lowest begins at 1 at most.
    """
    low = min(float(claim.entry.lo), 0.0) if counts else float(claim.entry.lo)
    up = max(claim.drift, claim.rise) if counts else claim.drift
    for box, lowest, highest, rise in (
        (claim.on[1], low, float(claim.entry.hi), up),
        (claim.off[1], float(claim.entry_off.lo), float(claim.entry_off.hi), claim.drift),
    ):
        for end, start, change in ((-float(box.lo), -lowest, claim.drift), (float(box.hi), highest, rise)):
            if math.isinf(end):
                continue
            if not math.isfinite(start + change) or Fraction(start) + (claim.bound or 0) * Fraction(change) > Fraction(
                end
            ):
                report(
                    f"{claim.contract.name}: bound", f"{start}, moved {claim.bound} times by {change}, leaves its box"
                )


# ---------------------------------------------------------------------------------------------------------------------
# 5. Situations: all that a cell can see
# ---------------------------------------------------------------------------------------------------------------------

BEFORE, DEAD = -1, 0  # configurations: before the first symbol, and dead; k >= 1 is "cell k is on"
SOME = -2  # cell by cell: one or more of the cells that the write filter reads
MIXED = 2  # in place of a class: cells of either one
MOST_CASES = 1_000_000_000  # a quarter of an hour's work
BLOCK = 1 << 20  # cases looked at together


@dataclass(frozen=True, eq=False)
class Situations:
    """n situations of a cell, each with the numbers of all others like it.

    cell, symbol, other (n,)   an example: the cell, what it reads, which cell is on (0: none; or BEFORE, or SOME)
    own, before (n,)           whether the cell itself is on; whether nothing has been read yet
    pair (n, G)                for each gate, the pair whose weight on an active cell counts; -1 for none
    box (n, G)                 the class of that active cell, or MIXED
    """

    cell: Ints
    symbol: Ints
    other: Ints
    own: Bools
    before: Bools
    pair: Ints
    box: Ints

    def __str__(self) -> str:
        n = int(self.cell[0])
        when = {BEFORE: "before the first symbol", 0: "when no cell that it reads is on"}
        return f"cell {n} at symbol {self.symbol[0]} {when.get(int(self.other[0]), f'when cell {self.other[0]} is on')}"

    def __getitem__(self, index: Any) -> "Situations":
        return Situations(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


class Wiring:
    """Which cells each cell reads. A pair is a cell with another cell that it reads, or with itself.

    The numbers of cells, inputs (H, S) and pairs are equal where all weights behind them are; what cells that are off
    may add is rounded up to a 16th first, so that few different numbers are left of many cells.
    """

    def __init__(self, network: Network, classes: Ints) -> None:
        size, gates = network.cells, len(network.inputs)
        self.size, self.gates, self.symbols, self.classes = size, gates, network.inputs.shape[2], classes
        row, column = network.row, network.column
        self.first = column == 0
        keys = np.concatenate([row[~self.first] * size + column[~self.first], np.arange(1, size) * (size + 1)])
        self.keys, place = np.unique(keys, return_inverse=True)
        self.place = place[: len(place) - (size - 1)]
        self.cell, self.other = np.divmod(self.keys, size)
        self.itself = np.searchsorted(self.keys, np.arange(size) * (size + 1))  # the pair of each cell with itself
        self.itself[0] = -1
        self.gate, self.row = network.gate, row
        slot = row[~self.first] * gates + network.gate[~self.first]
        sums = np.bincount(
            slot * 2 + classes[column[~self.first]], np.abs(network.value[~self.first]), size * gates * 2
        )
        # A sum of up to 2^20 positive numbers, one after another, is off by at most 2^20 half ulps.
        self.sums = (sums * (1 + 2.0**-30)).reshape(size, gates, 2)
        self.off = _coarse(self.sums)
        self.count = _coarse(np.bincount(slot, minlength=size * gates).reshape(size, gates).astype(np.float64))
        biases, inputs, started, weights = self.weights(network)
        of_cells = np.concatenate([biases.transpose(1, 0, 2).reshape(size, -1), started, self.off.reshape(size, -1)], 1)
        flags = [self.count[:, g] for g in range(gates)] + [classes, np.arange(size) == 0]
        self.cell_number = numbered(*of_cells.T, *flags)
        self.input_number = numbered(*inputs.reshape(-1, gates).T).reshape(size, self.symbols)
        self.pair_number = numbered(*weights[:-1].T, classes[self.other], self.other == self.cell)

    def weights(self, held: Network) -> tuple[Array, Array, Array, Array]:
        """Biases (2, H, G), inputs (H, S, G), weights on `started` (H, G), weights of pairs (pairs + 1, G), last 0."""
        started, weights = np.zeros((self.size, self.gates)), np.zeros((len(self.keys) + 1, self.gates))
        started[self.row[self.first], self.gate[self.first]] = held.value[self.first]
        weights[self.place, self.gate[~self.first]] = held.value[~self.first]
        return held.biases.transpose(0, 2, 1), held.inputs.transpose(1, 2, 0), started, weights

    def has(self, cell: Ints, other: Ints) -> Bools:
        """Whether these are pairs."""
        if not len(self.keys):
            return np.zeros(len(cell), np.bool_)
        key = cell * self.size + other
        return self.keys[np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)] == key  # type: ignore[no-any-return]


def numbered(*columns: Any) -> Ints:
    """A number for each row of the columns; rows have the same number exactly where they are equal."""
    result: Ints = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        result = np.unique(result * len(values) + place, return_inverse=True)[1]
    return result


def _coarse(values: Array) -> Array:
    part, exponent = np.frexp(values)
    return np.ldexp(np.ceil(part * 32) / 32, exponent)


class Distinct:
    """Collects cases and keeps one of each key. A case is (key; cell, symbol, pair, other, whether on afterwards)."""

    def __init__(self) -> None:
        self.keys = np.zeros(0, np.int64)
        self.cases = np.zeros((0, 5), np.int64)

    def add(self, key: Ints, *columns: Ints) -> None:
        new, first = np.unique(key, return_index=True)
        new = np.concatenate([self.keys, new])
        cases = np.concatenate([self.cases, np.stack([column[first] for column in columns], 1)])
        self.keys, first = np.unique(new, return_index=True)
        self.cases = cases[first]


def read_cells(proof: Proof, network: Network, automaton: Automaton) -> tuple[Ints, Ints]:
    """The automaton's state of each cell, -1 for `started`, and the class of each."""
    cells = np.array(integers(proof.cells, -1, len(automaton.moves)), np.int64)
    classes = np.array(integers(proof.classes, 0, 2), np.int64)
    if len(cells) != network.cells or len(classes) != network.cells:
        raise ValueError("not as many cells as the network has")
    if cells[0] != -1 or (cells[1:] < 0).any() or classes[0] != 0:
        raise ValueError("cell 0 must be `started`, of class 0, and every other one of a state")
    return cells, classes


class Steps:
    """The obligations of the step, for every contract. `configurations` are the cells that are ever on."""

    deterministic: bool
    cells: Ints
    wiring: Wiring
    configurations: Ints

    def check(self, held: Network, claim: Claim, report: Report) -> bool:
        """Report what does not hold. Returns whether all that are on show one number, the machine's tanh(1)."""
        raise NotImplementedError


class Deterministic(Steps):
    """At most one cell is on besides `started`; the certificate names the successor of each configuration.

    What a cell does depends on the one cell that is on only where it reads that cell, or is it. So the situations of
    a cell are, for each symbol: before the first one; none of the cells that it reads is on (dead among them); and
    each of the cells that it reads.
    """

    deterministic = True

    def __init__(
        self, network: Network, automaton: Automaton, cells: Ints, classes: Ints, successors: Any, report: Report
    ) -> None:
        self.cells, self.wiring = cells, Wiring(network, classes)
        rows = triples(successors, (-1, len(cells)), (0, self.wiring.symbols), (1, len(cells)))
        self.to = np.zeros((len(cells) + 1, self.wiring.symbols), np.int64)  # the last row, number -1, is BEFORE
        self.to[rows[:, 0], rows[:, 1]] = rows[:, 2]
        if len(np.unique(rows[:, 0] * self.wiring.symbols + rows[:, 1])) < len(rows) or self.to[DEAD].any():
            report.stop("successors", "a successor is named twice, or for the dead configuration")
        reached = np.zeros(len(cells) + 1, np.bool_)
        new = np.array([BEFORE])
        while len(new):
            reached[new] = True
            new = np.unique(self.to[new])
            new = new[~reached[new]]
        reached[DEAD] = True
        self.configurations = np.flatnonzero(reached[1:-1]) + 1
        self._follow_the_automaton(automaton, np.array([BEFORE, *self.configurations]), report)
        self.situations, self.after = self._situations(reached)

    def _follow_the_automaton(self, automaton: Automaton, configurations: Ints, report: Report) -> None:
        state = np.where(configurations == BEFORE, automaton.initial[0], self.cells[configurations])
        wrong = self.cells[self.to[configurations]] != automaton.to[state]  # -1 on both sides: dead, and no move
        for row, x in np.argwhere(wrong).tolist():
            k = configurations[row]
            report("successors", f"configuration {k} at symbol {x} does not lead where the automaton moves")

    def _situations(self, reached: Bools) -> tuple[Situations, Bools]:
        w = self.wiring
        pairs = np.flatnonzero(reached[:-1][w.other])  # a cell that is never on is no other cell that is on
        if (len(pairs) + 2 * w.size) * w.symbols > MOST_CASES:
            raise ValueError(f"more than {MOST_CASES} cases")
        inputs, kinds = int(w.input_number.max()) + 1, int(w.pair_number.max(initial=-1)) + 3
        if (int(w.cell_number.max()) + 1) * inputs * kinds * 2 >= 2**62:
            raise ValueError("too many different weights")
        found = Distinct()

        def add(cell: Ints, symbol: Ints, pair: Ints, kind: Ints, other: Ints, after: Bools) -> None:
            key = ((w.cell_number[cell] * inputs + w.input_number[cell, symbol]) * kinds + kind) * 2 + after
            found.add(key, cell, symbol, pair, other, after.astype(np.int64))

        for start in range(0, len(pairs), max(1, BLOCK // w.symbols)):
            block = np.repeat(pairs[start : start + max(1, BLOCK // w.symbols)], w.symbols)
            symbol = np.tile(np.arange(w.symbols), len(block) // w.symbols)
            cell, other = w.cell[block], w.other[block]
            add(cell, symbol, block, w.pair_number[block], other, (self.to[other, symbol] == cell) | (cell == 0))
        cell, symbol = (grid.ravel() for grid in np.indices((w.size, w.symbols)))
        none = np.full_like(cell, -1)
        first = (self.to[BEFORE, symbol] == cell) | (cell == 0)
        add(cell, symbol, none, np.full_like(cell, kinds - 1), np.full_like(cell, BEFORE), first)
        add(cell, symbol, none, np.full_like(cell, kinds - 2), np.zeros_like(cell), cell == 0)
        # A cell may be on after another one that it does not read at all.
        k, symbol = (grid.ravel() for grid in np.indices((w.size, w.symbols)))
        cell = self.to[k, symbol]
        unread = (cell > 0) & reached[k] & ~w.has(cell, k)
        k, symbol, cell = k[unread], symbol[unread], cell[unread]
        none = np.full_like(cell, -1)
        add(cell, symbol, none, np.full_like(cell, kinds - 2), k, np.ones(len(cell), np.bool_))

        cell, symbol, pair, other, after = found.cases.T
        before = other == BEFORE
        own = (other == cell) & (pair >= 0) | ((cell == 0) & ~before)
        across = (len(cell), w.gates)
        box = np.broadcast_to(np.where(pair >= 0, w.classes[other], 0)[:, None], across)
        pair = np.broadcast_to(pair[:, None], across)
        return Situations(cell, symbol, other, own, before, pair, box), after == 1

    def check(self, held: Network, claim: Claim, report: Report) -> bool:
        on, off, same = step(self.situations, self.wiring, held, claim, counts=False)
        for n in np.flatnonzero(np.where(self.after, ~on, ~off)).tolist():
            should = "on" if self.after[n] else "off"
            report(f"{claim.contract.name}: step", f"{self.situations[n : n + 1]}: does not land in its box '{should}'")
        return bool(same[self.after].all())


class CellByCell(Steps):
    """Any set of cells may be on. Each cell must be an OR of others, which it may also keep:

        on afterwards   if and only if   (the symbol is in X and some cell that its write filter reads is on)
                                    or   (the symbol is in L and it is on itself)

    The write filter's weights on cells are not negative, so of all ways in which one or more are on, exactly one, and
    off as low as can be, is the lowest: rounding never turns an order round. No other gate reads another cell. X and L
    are found by looking; then all cells of a state together must do what the automaton's moves into it say.
    """

    deterministic = False
    KINDS = ("before", "none", "others", "itself", "both")

    def __init__(self, network: Network, automaton: Automaton, cells: Ints, classes: Ints, report: Report) -> None:
        self.cells, self.automaton = cells, automaton
        self.wiring = w = Wiring(network, classes)
        self.configurations = np.arange(1, len(cells))
        self.verified: set[bytes] = set()
        gate, row, column, value = network.gate, network.row, network.column, network.value
        filters = (gate == 0) & (column != 0)
        if (value[filters] < 0).any() or ((column != 0) & (column != row) & ((gate != 0) | (row == 0))).any():
            report.stop("form", "another gate than a write filter reads another cell, or with a weight below 0")
        order = np.flatnonzero(filters)[np.lexsort((value[filters], row[filters]))]
        self.read_by = np.split(column[order], np.searchsorted(row[order], np.arange(1, w.size)))
        least = np.full(w.size, -1)  # the pair with the least weight of each write filter
        reading, first = np.unique(row[order], return_index=True)
        least[reading] = np.searchsorted(w.keys, reading * w.size + column[order[first]])
        self.reads = np.bincount(row[order], minlength=w.size)
        kinds = [np.bincount(row[order], classes[column[order]] == k, w.size) > 0 for k in (0, 1)]
        read = np.where(kinds[0] & kinds[1], MIXED, kinds[1])
        self.reads_itself = np.zeros(w.size, np.bool_)
        self.reads_itself[row[filters & (row == column)]] = True
        weights = w.weights(network)[3]
        group = numbered(w.cell_number, *weights[w.itself].T, *weights[least].T, read, self.reads, self.reads_itself)
        inputs = int(w.input_number.max()) + 1
        key = (group[:, None] * inputs + w.input_number)[None] * 5 + np.arange(5)[:, None, None]
        _, first, self.like = np.unique(key, return_index=True, return_inverse=True)
        kind, cell, symbol = np.unravel_index(first, key.shape)
        own = (kind >= 3) | ((cell == 0) & (kind > 0))
        pair = np.where(own[:, None], w.itself[cell][:, None], -1).repeat(w.gates, 1)
        pair[:, 0] = np.where((kind == 2) | (kind == 4), least[cell], pair[:, 0])
        box = np.broadcast_to(classes[cell][:, None], pair.shape).copy()
        box[:, 0] = read[cell]
        alone = np.append(w.other, SOME)[least[cell]]
        some = np.where(self.reads[cell] > 1, SOME, alone)  # of one cell, "one or more" is one
        other = np.choose(kind, [BEFORE, 0, some, cell, some])
        self.situations = Situations(cell, symbol, other, own, kind == 0, pair, box)

    def check(self, held: Network, claim: Claim, report: Report) -> bool:
        name, shape = claim.contract.name, (5, self.wiring.size, self.wiring.symbols)
        landing = step(self.situations, self.wiring, held, claim, counts=True)
        lands_on, lands_off = (found[self.like].reshape(shape) for found in landing[:2])
        first, none, others, itself, both = lands_on
        possible = np.ones(shape, np.bool_)
        possible[3] &= ~self.reads_itself[:, None]  # it reads itself: then "itself" is one of "others"
        possible[2] &= (self.reads > self.reads_itself)[:, None]
        possible[4] &= (self.reads > 0)[:, None]
        possible[2:, 0] = False  # `started` is its own case:
        for kind, m, x in np.argwhere(possible & ~(lands_on | lands_off)).tolist():
            report(f"{name}: step", f"cell {m} at symbol {x} ({self.KINDS[kind]}): lands in neither of its boxes")
        if not (first[0].all() and none[0].all()):
            report(f"{name}: step", "`started` does not stay on")
        written, kept = np.where(possible[2], others, both & ~possible[3]), itself & possible[3]
        wrong = none | (possible[4] & (both != (written | kept)))
        wrong[0] = False
        for m, x in np.argwhere(wrong).tolist():
            report(f"{name}: step", f"cell {m} at symbol {x} is on out of nothing, or not as an OR")
        seen = hashlib.sha256(b"".join(part.tobytes() for part in (written, kept, first))).digest()
        if seen not in self.verified:
            before = sum(map(len, report.found.values()))
            self._follow_the_automaton(written, kept, first, name, report)
            if sum(map(len, report.found.values())) == before:
                self.verified.add(seen)
        return False

    def _follow_the_automaton(self, written: Bools, kept: Bools, first: Bools, name: str, report: Report) -> None:
        """Each part is a move of the automaton, and together they are all its moves between states with cells."""
        size = len(self.automaton.moves)
        of: list[list[int]] = [[] for _ in range(size)]
        for m, q in enumerate(self.cells.tolist()[1:], start=1):
            of[q].append(m)
        into: list[set[tuple[int, int]]] = [set() for _ in range(size)]
        for p, moves in enumerate(self.automaton.moves):
            for x, targets in moves.items():
                for q in targets:
                    into[q].add((p, x))
        for q in range(size):
            done = {(q, x) for x in np.flatnonzero(kept[of[q]].all(0)).tolist()} if of[q] else set()
            parts = {(q, x) for x in np.flatnonzero(kept[of[q]].any(0)).tolist()}
            for m in of[q]:
                symbols = np.flatnonzero(written[m]).tolist()
                sources = set(self.cells[self.read_by[m]].tolist())
                if symbols and len(self.read_by[m]) != sum(len(of[p]) for p in sources):
                    report(f"{name}: step", f"cell {m} reads some cells of a state, and not all")
                elif len(sources) * len(symbols) <= len(into[q]):
                    done |= {(p, x) for p in sources for x in symbols}
                else:
                    report(f"{name}: step", f"cell {m} is written by more than the moves into state {q}")
            if not (done | parts) <= into[q]:
                report(f"{name}: step", f"a cell of state {q} is on after what is no move into it")
            if not {(p, x) for p, x in into[q] if of[p]} <= done:
                report(f"{name}: step", f"no cell of state {q} is on after some move into it")
        for x in range(self.wiring.symbols):
            after = {q for p in self.automaton.initial for q in self.automaton.moves[p].get(x, ())}
            if after != {int(self.cells[m]) for m in np.flatnonzero(first[:, x]) if m}:
                report(f"{name}: step", f"the first symbol {x} does not lead where the automaton moves")


# ---------------------------------------------------------------------------------------------------------------------
# 6. Step: from boxes to boxes
# ---------------------------------------------------------------------------------------------------------------------


def step(s: Situations, w: Wiring, held: Network, claim: Claim, counts: bool) -> tuple[Bools, Bools, Bools]:
    """Whether one step of the network lands in the cell's box "on", whether in its box "off", in each situation;
    and where it lands "on", whether the signal is tanh(1) itself, as the machine computes it.

    counts   whether a cell that is on may be written again, so that its memory counts up
    """
    contract, kind = claim.contract, w.classes[s.cell]
    gates, overflow = _gates(s, w, held, claim)
    i, f, o = (contract.sigmoid(gates[:, n]) if n < w.gates else (ONE, ZERO) for n in (0, 1, 3))
    g = contract.tanh(gates[:, 2])
    up_to = Interval(claim.on[kind].lo * 0 - np.inf, claim.top[kind])
    c = ZERO.where(s.before, ((ONE + claim.on[kind]) & up_to).where(s.own, claim.off[kind]))
    beyond = claim.on[kind].where(s.own, c - ONE)  # c - 1, with the digits that c has no room for
    m = _memory(contract, c, beyond, i, f, g)
    signal, signal_beyond = _signal(claim, m.after, m.beyond, o)
    on = m.beyond.within(claim.on[kind]) & signal_beyond.within(claim.on_signal[kind])
    off = m.after.within(claim.off[kind]) & signal.within(claim.off_signal[kind])
    if claim.bound is not None:
        # A move that finds the cell as it leaves it changes memory a little; its signal is that of any memory in the
        # box. All other moves of class 1 enter.
        drift = (1 - SLACK) * claim.drift
        kept = s.own & (m.taken <= drift) & (m.added <= (max(drift, claim.rise) if counts else drift))
        kept &= _signal(claim, c, claim.on[kind], o)[1].within(claim.on_signal[kind])
        on = np.where(kind == 1, on & m.beyond.within(claim.entry) | kept, on)
        kept = ~s.own & (m.taken <= drift) & (m.added <= drift)
        kept &= _signal(claim, claim.off[kind], c - ONE, o)[0].within(claim.off_signal[kind])
        off = np.where(kind == 1, off & m.after.within(claim.entry_off) | kept, off)
    same = m.beyond.exactly(0) & o[0].exactly(1)
    return on & ~overflow, off & ~overflow, same


def _gates(s: Situations, w: Wiring, held: Network, claim: Claim) -> tuple[Interval, Bools]:
    """What each gate adds up before it is squashed, (n, G), and where the machine may overflow."""
    contract = claim.contract
    biases, inputs, started, weights = w.weights(held)
    signal = claim.signal()
    mixed = Interval(np.append(signal.lo, signal.lo.min()), np.append(signal.hi, signal.hi.max()))
    # What is off counts with the weights as stored, and held each is at most 2^-8 or half a level larger.
    level = np.abs(held.value).max(initial=0.0) / contract.levels / 2 if contract.levels else 0.0
    small, most = (
        (
            (sums * (1 + 2.0**-7 * (contract.bits < 53)) + (sums > 0) * count[..., None] * level)
            * claim.off_signal.size
        ).sum(-1)
        for sums, count in ((w.off[s.cell], w.count[s.cell]), (w.sums, w.count))
    )
    small = np.minimum(small, most.max(0)) * (1 + SLACK)
    quiet = s.before[:, None]  # before the first symbol all signals are 0
    small, count = (np.where(quiet, 0.0, each) for each in (small, w.count[s.cell]))
    numbers = [*biases[:, s.cell], inputs[s.cell, s.symbol]]  # inputs are 0 and 1
    products = [
        (started[s.cell], ZERO.where(quiet, signal[0])),
        (weights[s.pair, np.arange(w.gates)], ZERO.where(quiet, mixed[s.box])),
    ]
    total, error = contract.sum(numbers, products, small, count)
    more = (s.other == SOME)[:, None] & (np.arange(w.gates) == 0)
    return Interval(total.lo, np.where(more, np.inf, total.hi)), np.asarray(np.isnan(error).any(1))


Gate = tuple[Interval, Interval]  # a value, and 1 less the value


@dataclass(frozen=True, eq=False)
class Memory:
    """Memory after a step, and less 1; how much a step may take from it (where c > 1: from 1), and add to it."""

    after: Interval
    beyond: Interval
    taken: Array
    added: Array


def _memory(contract: Contract, c: Interval, beyond: Interval, i: Gate, f: Gate, g: Gate) -> Memory:
    """c' = RN(RN(f c) + RN(i g)), or with the products fused.

    Three forms of the same number, each precise somewhere; the truth lies in all:
        c' = f c + i g                                       (off)
        c' - 1 = f c - ((1-i) + (1-g) - (1-i)(1-g))          (written)
        c' - 1 = (c - 1) - (1-f) c + i g                     (kept)
    """
    u, kept, new, lost = contract.u, f[0] * c, i[0] * g[0], f[1] * c
    after = kept + new
    after_beyond = (kept - (i[1] + g[1] - i[1] * g[1])) & (beyond - lost + new) & (after - ONE)
    # Rounding. A product with 0 or 1 is exact; a sum with 0 is; else the sum is off by at most either part, or u of it.
    exact = f[0].exactly(0) | f[0].exactly(1) | c.exactly(0)
    exact_new = i[0].exactly(0) | i[0].exactly(1) | g[0].exactly(0) | g[0].exactly(1) | g[0].exactly(-1)

    def error(a: Array, b: Array) -> Array:
        """At one end, where the products are a and b: rounding keeps the order, so ends bound the ends."""
        total, a, b = np.abs(a + b), np.abs(a), np.abs(b)
        products = np.where(exact, 0.0, contract.rounding(a)) + np.where(exact_new, 0.0, contract.rounding(b))
        part = np.minimum(a, b) * (1 + 2 * u) + contract.tiny * ((a > 0) & (b > 0))
        return (products + np.minimum(part, u * (total + products))) * (1 + SLACK)

    rounding = Interval(-error(kept.lo, new.lo), error(kept.hi, new.hi))
    after, after_beyond = after + rounding, after_beyond + rounding
    most = new.size * (1 + 2 * u)
    # Absorption: what is less than a quarter of the last place of c leaves it as it is. (Below a power of two numbers
    # lie twice as close, so half the distance to the next number is at least u |c| / 2.) So does 1 with what is kept.
    absorbed = f[0].exactly(1) & ((most == 0) | (4 * most < u * c.lo))
    renewed = new.exactly(1) & ((kept.size == 0) | (4 * kept.size * (1 + 2 * u) < u))
    after = c.where(absorbed, ONE.where(renewed, after))
    after_beyond = beyond.where(absorbed, ZERO.where(renewed, after_beyond))
    if u:
        # With f <= 1 memory stops where it absorbs what is added: from 4 most / u on. And where `most` is at most A, a
        # power of two, what is up to A / u stays so: A / u + A lies half way to the next number, and the even one wins.
        stop = np.ldexp(1.0, np.frexp(most)[1]) / u
        stop = np.where(most * 2 == stop * u, stop / 2, stop)
        stop = np.where(c.size <= stop, stop, np.maximum(c.size, most * (5 / u)))
        stop = np.where(f[0].hi <= 1, stop, np.inf)
        after = after & Interval(-stop, stop)
        after_beyond = after_beyond & Interval(
            np.full_like(stop, -np.inf), np.minimum(stop, np.nextafter(stop - 1, np.inf))
        )
    # c' rises with c, so what is taken from a c > 1 leaves at least what is left of 1.
    low = Interval(c.lo, np.minimum(c.hi, 1.0))
    change = new - f[1] * low
    taken = error((f[0] * low).size, new.size) - np.minimum(change.lo, 0.0)
    added = error(kept.size, new.size) + np.maximum((new - lost).hi, 0.0)
    taken = np.where(absorbed | (f[0].exactly(1) & (new.lo >= 0)), 0.0, taken * (1 + SLACK))
    return Memory(after, after_beyond, taken, np.where(absorbed, 0.0, added * (1 + SLACK)))


def _signal(claim: Claim, c: Interval, beyond: Interval, o: Gate) -> tuple[Interval, Interval]:
    """h' = RN(o tanh(c')), and h' - tanh 1 = (tanh(c') - tanh 1) - (1-o) tanh(c'); for the toy c' and c' - 1."""
    if claim.toy:
        return c, beyond
    contract, (read, less) = claim.contract, o
    squashed, squashed_beyond = contract.tanh(c)[0], contract.tanh_beyond_1(beyond)
    signal = read * squashed
    error = np.where(read.exactly(0) | read.exactly(1), 0.0, contract.rounding(signal.size) * (1 + SLACK))
    rounding = Interval(-error, error)
    signal_beyond = squashed_beyond - less * (TANH_1 + squashed_beyond)
    return signal + rounding, signal_beyond + rounding


# ---------------------------------------------------------------------------------------------------------------------
# 7. Reading
# ---------------------------------------------------------------------------------------------------------------------


def check_reading(
    held: Network, claim: Claim, automaton: Automaton, steps: Steps, chances: "Array | None", same: bool, report: Report
) -> None:
    """In every configuration the reader allows what the automaton allows; outputs and probabilities are right."""
    allowed = automaton.allowed()
    says = automaton.output[:, None] == np.arange(len(held.outputs))
    says = np.concatenate([says, np.zeros((1, len(held.outputs)), np.bool_)])
    margin, error = math.inf, 0.0
    every = np.array([BEFORE, DEAD, *steps.configurations])
    height = max(1, BLOCK // allowed.shape[1])
    for k in (every[start : start + height] for start in range(0, len(every), height)):
        state = steps.cells[k]
        right, output = allowed[state], says[state]
        right[k == BEFORE] = allowed[automaton.initial].any(0)
        output[k == BEFORE] = says[automaton.initial[0]]
        read = read_toy if claim.toy else read_lstm
        found = np.where(right, *read(held, claim, steps, k, right, report))
        margin = min(margin, float(found.min()))
        for n, y in np.argwhere(~(found > 0)).tolist():
            report(
                f"{claim.contract.name}: reading", f"in configuration {k[n]} symbol {y} is not decided as it must be"
            )
        if held.outputs:
            value = _layer(held, claim, steps, "output", k, output, report)[0]
            found = np.where(output, value.lo, -value.hi)
            margin = min(margin, float(found.min()))
            for n, y in np.argwhere(~(found > 0)).tolist():
                report(
                    f"{claim.contract.name}: reading", f"in configuration {k[n]} output {y} is not said as it must be"
                )
        if chances is not None and not claim.toy:
            state = np.where(k == BEFORE, automaton.initial[0], state)
            error = max(
                error, _error_of_chances(held, claim, steps, k[k != DEAD], chances[state[k != DEAD]], same, report)
            )
    if not claim.margin <= margin:
        report(f"{claim.contract.name}: margin", f"claimed {claim.margin}, but only {margin} can be shown")
    if (claim.probabilities is not None) is not (chances is not None and not claim.toy):
        report(f"{claim.contract.name}: probabilities", "claimed where there are none, or not claimed")
    elif claim.probabilities is not None and chances is not None:
        strength = max(16.0, 4 - math.log(chances[chances > 0].min()))  # K, the logit of what is certain
        tolerance = claim.contract.tolerance * (strength / 16 if claim.contract.scaled else 1.0)
        tolerance += claim.contract.per_cell * held.cells + 2 * strength * CONTRACTS[held.dtype].u  # ln p, as stored
        if not error <= claim.probabilities <= tolerance:
            report(
                f"{claim.contract.name}: probabilities",
                f"claimed within {claim.probabilities}; shown {error}, and at most {tolerance} is tolerated",
            )


def _layer(
    held: Network, claim: Claim, steps: Steps, name: str, k: Ints, right: Bools, report: Report
) -> tuple[Interval, Array]:
    """A linear layer in configurations k, (n, R), and a bound of its roundoff.

    Cell by cell, k stands for "one or more cells, cell k among them": weights are not negative, and are 0 where the
    cell does not call for the row (`right`), so one cell is the least, and none of the row's the most.
    """
    weight, bias = held.layers[name]
    cell = np.maximum(k, 0)
    active = np.where((k > 0)[:, None], weight[:, cell].T, 0.0)
    if not steps.deterministic:
        stray = (k > 0)[:, None] & ((active < 0) | ((active != 0) & ~right & (name != "read_filter")))
        for n, y in np.argwhere(stray).tolist():
            report(f"{claim.contract.name}: reading", f"row {y} of '{name}' reads cell {k[n]}, which is not its own")
    started = (k != BEFORE)[:, None]
    classes, signal = steps.wiring.classes, claim.signal()
    size = np.where(np.arange(len(classes)) == 0, 0.0, claim.off_signal.size[classes])
    small = (np.abs(weight) * size).sum(1) * (1 + 2.0**-30)  # as in Wiring: up to 2^20 numbers
    count = np.count_nonzero(weight[:, 1:], axis=1).astype(np.float64)
    total, error = claim.contract.sum(
        [np.broadcast_to(bias, active.shape)],
        [
            (np.broadcast_to(weight[:, 0], active.shape), signal[0].where(started, ZERO)),
            (active, signal[classes[cell]][:, None]),
        ],
        np.where(started, small, 0.0),
        np.where(started, count, 0.0),
    )
    many = (k > 0)[:, None] & (right | (name == "read_filter")) & (not steps.deterministic)
    return Interval(total.lo, np.where(many, np.inf, total.hi)), error


def read_lstm(held: Network, claim: Claim, steps: Steps, k: Ints, right: Bools, report: Report) -> tuple[Array, Array]:
    """By how much each logit is above 0, and by how much below."""
    logits, _ = _layer(held, claim, steps, "reader", k, right, report)
    return logits.lo, -logits.hi


def read_toy(held: Network, claim: Claim, steps: Steps, k: Ints, right: Bools, report: Report) -> tuple[Array, Array]:
    """By how much each readout tanh(reader) sigmoid(read filter) is above one half, and by how much below."""
    reader, error = _layer(held, claim, steps, "reader", k, right, report)
    filter_, other_error = _layer(held, claim, steps, "read_filter", k, right, report)
    readout = claim.contract.tanh(reader)[0] * claim.contract.sigmoid(filter_)[0]
    rounding = claim.contract.rounding(readout.size)
    shown = ~(np.isnan(error) | np.isnan(other_error))
    above, below = readout.lo - 0.5 - rounding, 0.5 - readout.hi - rounding
    return np.where(shown, above, np.nan), np.where(shown, below, np.nan)


def _error_of_chances(
    held: Network, claim: Claim, steps: Steps, k: Ints, chances: Array, same: bool, report: Report
) -> float:
    """How far softmax of the logits can be from the probabilities (n, R), by differences to one allowed logit.

    What is common to both logits, the signals' deviations first of all, cancels in the difference of their weights;
    the roundoff of each is its own.
    """
    weight, bias = held.layers["reader"]
    right, started, cell = chances > 0, (k != BEFORE)[:, None], np.maximum(k, 0)
    _, error = _layer(held, claim, steps, "reader", k, right, report)
    reference, rows = right.argmax(1)[:, None], np.arange(len(k))[:, None]

    def difference(values: Array) -> Interval:
        values = np.broadcast_to(values, right.shape)
        return point(values) - point(values[rows, reference])

    first, signal = difference(weight[:, 0]), claim.signal()
    active = difference(np.where((k > 0)[:, None], weight[:, cell].T, 0.0))
    own = signal[steps.wiring.classes[cell]][:, None]
    weighted = (first + active) * own if same else first * signal[0] + active * own
    apart = difference(bias) + weighted.where(started, ZERO) + Interval(-error, error)
    share = exp(apart)  # of each row, as a multiple of the reference's
    least, most = (np.where(right, end, 0.0) for end in (share.lo, share.hi))
    total_least, total_most = least.sum(1, keepdims=True), share.hi.sum(1, keepdims=True)
    # The reference's share is about 1, so no sum is small; a thousand roundings of numbers up to 1 are below 1e-12.
    top, bottom = share.hi / (total_least - least + share.hi), share.lo / (total_most - most + share.lo)
    worst = np.where(right, np.maximum(top - chances, chances - bottom), share.hi / total_least)
    return float(worst.max()) + 1e-12


# ---------------------------------------------------------------------------------------------------------------------
# 8. Command line
# ---------------------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the proof that a network follows its grammar.")
    parser.add_argument("weights", type=Path, help="NAME.safetensors")
    parser.add_argument("certificate", type=Path, nargs="?", help="NAME.proof.json beside it, unless given")
    parser.add_argument("--grammar-json", type=Path, help="compare with this grammar, in node-link form")
    parser.add_argument("--no-digests", action="store_true", help="let only the mathematics refuse")
    given = parser.parse_args(arguments)
    try:
        certificate = (given.certificate or given.weights.with_suffix(".proof.json")).read_bytes()
        grammar = json.loads(given.grammar_json.read_bytes()) if given.grammar_json else None
        violations = check(given.weights.read_bytes(), certificate, not given.no_digests, grammar)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 3
    print(*(violations or verdicts(certificate)), sep="\n")
    return 1 if violations else 0


def verdicts(certificate: bytes) -> Iterator[str]:
    """One line for each contract of a certificate that has been checked."""
    for name, claim in json.loads(certificate)["contracts"].items():
        told = claim["verdict"], claim.get("counts"), claim.get("reason")
        yield ": ".join([name, *filter(None, told)])


if __name__ == "__main__":
    sys.exit(main())
