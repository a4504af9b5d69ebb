"""Check that a network follows its grammar on every string of every length, trusting nobody.

    python checker.py WEIGHTS [CERTIFICATE] [--grammar-json FILE] [--no-digests]

This file stands alone: numpy and the standard library, nothing of the compiler. It reads the weights' bytes and the
certificate, and derives every obligation of the proof again. The certificate may be wrong in any way: what it says is
a hint that is checked, never a premise. Where `check` finds nothing, this holds for each contract that is not refused:

    Whatever is read, the network says what the grammar says: which symbols may come next, whether the string may end
    (with their probabilities, a transducer's output), and nothing at all once no string of the grammar begins so.
    An arithmetic as in CONTRACTS is assumed; `bounded` also assumes that no memory is kept more than `bound` times in
    a row.

How it is shown, in the order of this file:

    1. files          bytes are what they say; tensors have their shapes; every number is finite
    2. cells          the equations of a cell type: a table of those that we vouch for; others as the certificate states
    3. grammar        what the grammar in the certificate means: useful states, moves, probabilities, outputs
    4. map            an inductive simulation: grammar and automaton allow, end and say the same, for ever
    5. numbers        intervals of float64, rounded outward; what a contract promises of sums and functions
    6. situations     all that a cell can see, each once: which cells are on, which symbol is read
    7. step           from the boxes of every situation one step lands in the boxes where the automaton's move leads
    8. reading        in the boxes of every configuration the reader decides as the automaton does
    9. command line

A *box* says how far each state of a cell may be from what it is about, while the cell is on, or off. Two of the states
matter: the *memory*, and the *signal*, which is what the tests of other cells read. A *configuration* says which cells
are on. Cell 0, `started`, is on from the first symbol on. Where the automaton is deterministic at most one cell is on
besides: configuration k >= 1 is "cell k", 0 is "dead" and -1 "before the first symbol" (all numbers are 0). Else the
proof goes cell by cell, for "none" and for "one or more" of the cells that a write filter reads.
The step is an induction from boxes to boxes; (3) carries it over to the grammar, and (7) reads it off.
"""

import argparse
import ast
import hashlib
import json
import math
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]  # always float64
Ints = NDArray[np.int64]
Rows = tuple[str, int]  # a tensor, and which block of its rows
Bools = NDArray[np.bool_]

END = "end"
LISTED = 50  # violations of one kind that are spelled out; all are counted
LONGEST_QUOTE = 300  # characters of a text that nobody checked
LONGEST_NUMBER = 400  # digits of a whole number; a bound has at most 301


@dataclass(frozen=True)
class Violation:
    """One way in which the certificate fails: `what` is its kind, `where` says it in words."""

    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}"


@dataclass(frozen=True)
class Verdict:
    """What was found to hold under a contract: `kind` is "every-length", "bounded" or "refused".

    bound, counts            of a bounded one: how often in a row what may happen, and that in words
    margin, probabilities    by how much every decision is right; how far a probability is off, where there are any
    reason                   of a refused one: why, says the certificate; nobody checked that
    """

    contract: str
    kind: str
    bound: int | None = None
    counts: str | None = None
    margin: float | None = None
    probabilities: float | None = None
    reason: str | None = None

    @property
    def says(self) -> str:
        """The verdict in words, on one line."""
        if self.reason is not None:
            return f"refused; the certificate says why, which nobody checked: {self.reason[:LONGEST_QUOTE]!r}"
        return self.kind.replace("-", " ") + (f": {self.counts}" if self.counts else "")

    def __str__(self) -> str:
        return f"{self.contract}: {self.says}"


@dataclass(frozen=True)
class Findings:
    """What a check found: violations; or none, and then the verdicts, each of which holds.

    equations   of a cell type that we do not vouch for: what the certificate says that its cells compute
    """

    violations: list[Violation]
    verdicts: list[Verdict]
    equations: str | None = None


def check(
    weights: bytes, certificate: bytes, digests: bool = True, grammar: dict[str, Any] | None = None
) -> list[Violation]:
    """Every way the certificate fails to show that the weights follow the grammar; [] if it holds.

    digests   whether digests must match, too; without, only the mathematics can refuse
    grammar   a grammar as `demand_canonical` wants it, to compare with the one that the certificate speaks of;
              positions of a drawing (`pos`) may stand in it
    """
    return verify(weights, certificate, digests, grammar).violations


def verify(
    weights: bytes,
    certificate: bytes,
    digests: bool = True,
    grammar: dict[str, Any] | None = None,
    tell: Callable[[str, int, int], None] | None = None,
    runs: Callable[[str], dict[str, Any] | None] | None = None,
) -> Findings:
    """The same, and what the certificate shows where it holds: nothing in it but what was checked or derived.

    tell   hears how far it is: what is checked now, how many contracts are done, and of how many
    runs   what runs a network of cells of this name says that they compute, to compare with what the certificate
           states; None where nothing does
    """
    report, verdicts, equations = Report(), list[Verdict](), None
    try:
        with np.errstate(all="ignore"):
            told = tell or (lambda *_: None)
            verdicts, equations = _check(weights, certificate, digests, grammar, runs, report, told)
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        # Every reader below raises where a part is not of the form it must have; nothing is checked any further then.
        report("malformed", str(error) if type(error) is ValueError else f"{error!r:.200}")
    violations = report.violations()
    return Findings(violations, [] if violations else verdicts, equations)


def _check(
    weights: bytes,
    certificate: bytes,
    digests: bool,
    given: Any,
    runs: Callable[[str], dict[str, Any] | None] | None,
    report: "Report",
    tell: Callable[[str, int, int], None],
) -> tuple[list[Verdict], str | None]:
    proof = read_certificate(certificate)
    stated = Cell.of(proof["cell"])
    network = read_weights(weights, digests, report, stated)
    bind(proof["network"], network, digests, report)
    cell, equations = network.cell, None if network.cell.name in CELLS else stated.says
    if runs is not None and runs(cell.name) not in (None, proof["cell"]):
        report("binding", "the certificate states other equations than what runs the network")
    if cell != stated:
        report("binding", f"the certificate states other equations than those of the cell type '{cell.name}'")
    grammar = Grammar.of(proof["grammar"], report)
    if given is not None and said(without_places(given)) != said(proof["grammar"]):
        report("grammar", "the certificate speaks of another grammar than the one given")
    if not proof["name"] == network.name == grammar.name:
        report("binding", f"certificate '{proof['name']}', weights '{network.name}', grammar '{grammar.name}'")
    if network.alphabet != grammar.alphabet or network.outputs != grammar.outputs:
        report("binding", "the network's inputs or outputs are not the grammar's, in this order")
        return [], equations
    if digests and network.grammar != digest(canonical(proof["grammar"])):
        report("digest", "the weights were made from another grammar")
    automaton = Automaton.of(proof["automaton"], grammar)
    chances = check_map(proof["map"], grammar, automaton, report)
    given_at_all = grammar.chances is not None and cell.gives_logits
    hidden = given_at_all and not network.says_probabilities and not cell.idle
    if hidden or (network.says_probabilities and not given_at_all):
        report("binding", "the header promises probabilities that the grammar does not give, or hides them")
    if not cell.gives_logits or (cell.idle and not network.says_probabilities):
        chances = None
    if grammar.chances is not None and not automaton.deterministic:
        report("map", "the grammar is deterministic, and its automaton is not")
    if network.outputs and not automaton.deterministic:
        check_one_output(automaton, report)
    kind = Deterministic if automaton.deterministic else CellByCell
    steps: Steps = kind(network, automaton, proof, report)
    claims = proof["contracts"]
    demand(claims.keys() <= CONTRACTS.keys(), "the certificate speaks of a contract that there is not")
    verdicts = []
    for done, name in enumerate(name for name in CONTRACTS if name in claims):
        tell(f"checking under {name}", done, len(claims))
        verdicts.append(_verdict(CONTRACTS[name], claims[name], network, steps, chances, report))
    own = next((verdict for verdict in verdicts if verdict.contract == network.dtype), None)
    if own is None or own.kind == "refused":
        why = f": {own.says}" if own else ""
        report("refused", f"nothing is proved under {network.dtype}, the arithmetic that the weights are made for{why}")
    return verdicts, equations


def _verdict(
    contract: "Contract",
    claimed: dict[str, Any],
    network: "Network",
    steps: "Steps",
    chances: "Chances | None",
    report: "Report",
) -> Verdict:
    """What is shown under one contract: the certificate's claim, where the report has nothing of it."""
    if claimed["verdict"] == "refused":  # nothing is claimed
        demand(claimed.keys() == {"verdict", "reason"}, f"{contract.name}: a refusal is a verdict and a reason")
        return Verdict(contract.name, "refused", reason=texts([claimed["reason"]])[0])
    claim = Claim.of(contract, claimed, network.cell, not steps.automaton.deterministic, report)
    held = network.held(contract)
    same, counts = steps.check(held, claim, report)
    Reading(held, claim, steps, chances, same, report).check()
    return Verdict(contract.name, claimed["verdict"], claim.bound, counts, claim.margin, claim.probabilities)


@dataclass
class Report:
    """The violations found so far; of each kind the first LISTED are spelled out."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, what: str, where: str) -> None:
        self.found.setdefault(what, []).append(where)

    def violations(self) -> list[Violation]:
        listed = [Violation(what, printable(where)) for what, places in self.found.items() for where in places[:LISTED]]
        more = {what: len(places) - LISTED for what, places in self.found.items() if len(places) > LISTED}
        return listed + [Violation(what, f"and {count} more") for what, count in more.items()]


def printable_lines(text: str) -> str:
    """The same of each line."""
    return "\n".join(map(printable, text.splitlines()))


def printable(text: str) -> str:
    """The text on one line, with escapes for what a terminal would obey or not show."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


# ---------------------------------------------------------------------------------------------------------------------
# 1. Files
# ---------------------------------------------------------------------------------------------------------------------

STORED = {"F64": ("<f8", "float64"), "F32": ("<f4", "float32"), "F16": ("<f2", "float16"), "BF16": ("<u2", "bfloat16")}
STORED["I64"] = ("<i8", "int64")
HEADER = {"format", "name", "cell", "dtype", "alphabet", "end", "outputs", "options", "grammar", "tensors", "header"}
HEADER |= {"cells", "compiler"}  # which are for people
OPTIONS = {"probabilities", "level", "memory", "gain"}

# How much is done for a file of anybody's; LSTMC_MAX_PROOF_BYTES in the environment moves the first, and so on.
LIMITS = {
    "bytes": 32 * 1024 * 1024,  # of a certificate: in memory it takes up to 36 times as much
    "moves": 20_000_000,  # that the map compares: half a minute
    "pairs": 50_000_000,  # of states of a transducer that one string can lead to, for each symbol: half a minute
    "cases": 200_000_000,  # cell, symbol and cell that is on: some minutes
}


def refuse_more(what: str, count: int) -> None:
    """Raises ValueError where there is more to do than the limit of that name; before it is done."""
    variable = f"LSTMC_MAX_PROOF_{what.upper()}"
    limit = int(os.environ.get(variable, LIMITS[what]))
    demand(count <= limit, f"{count:,} {what}, more than the limit of {limit:,}; {variable} moves it")


def demand(condition: Any, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


@dataclass(frozen=True, eq=False)
class Network:
    """The numbers of a network of H cells over S symbols with G tests each, all as float64 (which holds every format).

    inputs (G, H, S)    biases (2, G, H): a test may have two, which machines add in any order
    gate, row, column, value   the nonzero weights of tests on cells, one entry each
    tensors (2, G)      the number of the tensor that holds a test's weights on symbols, and that of those on cells
    layers              name -> weights (R, H), biases (R,)
    """

    name: str
    cell: "Cell"
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
    tensors: Ints
    layers: dict[str, tuple[Array, Array]]

    def held(self, contract: "Contract") -> "Network":
        """The network as a machine of the contract holds it. Raises ValueError where a weight is too large."""
        inputs, value = self.inputs.copy(), self.value.copy()
        for n in set(self.tensors.ravel().tolist()):
            of_inputs, of_cells = self.tensors[0] == n, self.tensors[1][self.gate] == n
            inputs[of_inputs] = contract.matrix(self.inputs[of_inputs])
            value[of_cells] = contract.matrix(self.value[of_cells])
        layers = {name: (contract.matrix(w), contract.rounded(b)) for name, (w, b) in self.layers.items()}
        return replace(self, inputs=inputs, biases=contract.rounded(self.biases), value=value, layers=layers)


def canonical(data: object) -> bytes:
    """JSON in one form: sorted keys, no blanks, UTF-8, and no numbers that are none."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_json(data: bytes, what: str) -> dict[str, Any]:
    """A JSON object; a key that stands twice would be read differently by different readers."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        demand(len({key for key, _ in pairs}) == len(pairs), f"{what}: a key stands twice")
        return dict(pairs)

    def whole(text: str) -> int:
        demand(len(text) <= LONGEST_NUMBER, f"{what}: a number of {len(text)} digits")
        return int(text)

    value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_int=whole)
    canonical(value)  # raises ValueError for infinities and broken characters
    demand(isinstance(value, dict), f"{what} is not a JSON object")
    return value  # type: ignore[no-any-return]


def read_weights(data: bytes, digests: bool, report: Report, stated: "Cell | None" = None) -> Network:
    """Safetensors: 8 bytes of length, a JSON table, numbers; all there is of the file is accounted for.

    stated   a type of cell that is none of ours
    """
    size = int.from_bytes(data[:8], "little")
    demand(8 + size <= len(data), "the weights are not a whole safetensors file")
    table, numbers = read_json(data[8 : 8 + size], "the table of tensors"), data[8 + size :]
    metadata = table.pop("__metadata__", {})
    demand(list(metadata) == ["lstmc"], "the weights do not have exactly one metadata key, 'lstmc'")
    header = read_json(metadata["lstmc"].encode(), "the header")
    tensors, summary, places = {}, hashlib.sha256(), []
    for name, entry in sorted(table.items()):
        demand(entry.keys() == {"dtype", "shape", "data_offsets"}, f"tensor '{name:.60}' has other keys")
        (number_type, kind), shape, (start, end) = STORED[entry["dtype"]], entry["shape"], entry["data_offsets"]
        integers([*shape, start, end], 0, len(numbers) + 1)
        demand(len(shape) <= 2, f"tensor '{name:.60}' is no matrix")
        demand(math.prod(shape) * int(number_type[2:]) == end - start, f"tensor '{name:.60}' does not fit its place")
        demand(kind in (header["dtype"], "int64"), f"tensor '{name:.60}' is not of the type that the header says")
        values: NDArray[Any] = np.frombuffer(numbers[start:end], number_type).reshape(shape)
        if kind == "bfloat16":  # the upper half of a float32
            values = (values.astype(np.uint32) << 16).view(np.float32)
        tensors[name] = values if kind == "int64" else values.astype(np.float64)
        demand(np.isfinite(tensors[name]).all(), f"tensor '{name:.60}' holds a number that is infinite or none")
        summary.update(canonical([name, kind, shape]) + numbers[start:end])
        places.append((start, end))
    places.sort()
    covered = [0, *(end for _, end in places)] == [*(start for start, _ in places), len(numbers)]
    demand(covered, "the tensors overlap, or leave bytes of the file unused")
    found = summary.hexdigest(), digest(canonical({k: v for k, v in header.items() if k != "header"}))
    if digests and (header.get("tensors"), header.get("header")) != found:
        report("digest", "the weights were altered: a digest of theirs does not match")
    fits = header.keys() == HEADER and header["options"].keys() == OPTIONS
    demand(fits and type(header["options"]["probabilities"]) is bool, "the header says less or more than it must")
    demand(repr(header["format"]) == "1" and header["end"] == END, "the header has another format or end mark")
    texts([*header["alphabet"], *header["outputs"], header["name"], header["dtype"], header["grammar"]])
    cell = CELLS.get(header["cell"], stated)
    if cell is None or cell.name != header["cell"]:
        raise ValueError("the certificate states the equations of another type of cell than the network's")
    return _network(header, cell, tensors, found)


class Stored:
    """The tensors of a weights file: each is taken once, in one shape; what is left in the end nobody knows."""

    def __init__(self, tensors: dict[str, NDArray[Any]], blocks: dict[str, int]) -> None:
        self.left, self.blocks = tensors, blocks
        self.dense: dict[str, Array] = {}
        self.sparse: dict[str, tuple[Ints, Ints, Array]] = {}

    def take(self, name: str, *shape: int) -> Array:
        fits = name in self.left and self.left[name].shape == shape
        demand(fits, f"there is no tensor '{name}' of the shape {shape}")
        demand(self.left[name].dtype == np.float64, f"tensor '{name}' holds integers")
        return self.left.pop(name)

    def rows(self, of: Rows, *shape: int) -> Array:
        """Some rows of a tensor that is stored dense."""
        (name, block), height = of, shape[0]
        full = self.blocks[name] * height, *shape[1:]
        if name not in self.dense:
            self.dense[name] = self.take(name, *full)
        demand(self.dense[name].shape == full, f"tensor '{name}' is of two shapes")
        return self.dense[name][block * height : (block + 1) * height]

    def entries(self, of: Rows, cells: int) -> tuple[Ints, Ints, Array]:
        """Rows, columns and values of some rows of a tensor of weights on cells."""
        name, block = of
        if name not in self.sparse:
            self.sparse[name] = self._entries(name, self.blocks[name] * cells, cells)
        row, column, value = self.sparse[name]
        here = row // cells == block
        return row[here] - block * cells, column[here], value[here]

    def _entries(self, name: str, height: int, width: int) -> tuple[Ints, Ints, Array]:
        """Of a matrix that is stored dense or as sparse rows; zeros are left out."""
        if name in self.left:
            matrix = self.take(name, height, width)
            row, column = np.nonzero(matrix)
            return row, column, matrix[row, column]
        column, start = (self.left.pop(f"{name}.{part}") for part in ("indices", "indptr"))
        value = self.take(f"{name}.data", len(column))
        fits = column.dtype == start.dtype == np.int64 and column.ndim == 1 and start.shape == (height + 1,)
        demand(fits and start[0] == 0 and start[-1] == len(value), f"'{name}' is no matrix of {height} rows")
        inside = (start >= 0).all() and (np.diff(start) >= 0).all()  # in this order: differences could wrap around
        inside = inside and ((column >= 0) & (column < width)).all()
        demand(inside, f"the sparse rows of '{name}' leave the matrix")
        row = np.repeat(np.arange(height), np.diff(start))
        # A column that stands twice in a row is added up by one reader, and overwritten by another.
        demand(((np.diff(column) > 0) | (np.diff(row) > 0)).all(), f"the sparse rows of '{name}' are not in order")
        there = value != 0
        return row[there], column[there], value[there]


def _network(
    header: dict[str, Any], cell: "Cell", tensors: dict[str, NDArray[Any]], digests: tuple[str, str]
) -> Network:
    symbols, outputs = len(header["alphabet"]), len(header["outputs"])
    tests, reads = (list(sums) for sums in (cell.tests, cell.reads))
    first, _ = cell.weights[tests[0]].biases[0]
    cells = len(tensors[first]) // cell.blocks[first]
    stored = Stored(tensors, cell.blocks)
    inputs, biases = np.zeros((len(tests), cells, symbols)), np.zeros((2, len(tests), cells))
    number, parts = np.zeros((2, len(tests)), np.int64), []
    every = sorted(cell.blocks)
    for n, test in enumerate(tests):
        of = cell.weights[test]
        for place, each in enumerate(of.biases):
            biases[place, n] = stored.rows(each, cells)
        if of.symbols is not None:
            inputs[n], number[0, n] = stored.rows(of.symbols, cells, symbols), every.index(of.symbols[0])
        if of.cells is not None:
            row, column, value = stored.entries(of.cells, cells)
            parts.append((np.full(len(row), n), row, column, value))
            number[1, n] = every.index(of.cells[0])
    gate, row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    heights = dict.fromkeys(reads, symbols + 1) | ({"output": outputs} if outputs else {})
    layers = {}
    for name, height in heights.items():
        of = cell.weights[name]
        if of.cells is None or len(of.biases) != 1 or cell.blocks[of.cells[0]] != 1:
            raise ValueError(f"'{name}' has no weights on cells, not one bias, or shares a tensor")
        layers[name] = stored.rows(of.cells, height, cells), stored.rows(of.biases[0], height)
    unknown = [name for name in stored.left if not name.startswith("cells.")]  # cells.*: where the cells come from
    demand(cells and symbols and not unknown, f"there are no cells, no symbols, or unknown tensors {unknown!r:.100}")
    name, dtype, alphabet = (header[key] for key in ("name", "dtype", "alphabet"))
    about = name, cell, dtype, alphabet, header["outputs"], header["grammar"], header["options"]["probabilities"]
    return Network(*about, digests, inputs, biases, gate, row, column, value, number, layers)


def read_certificate(data: bytes) -> dict[str, Any]:
    """The certificate; what stands in its parts is not looked into yet."""
    refuse_more("bytes", len(data))
    proof = read_json(data, "the certificate")
    parts = {"format", "name", "network", "cell", "grammar", "automaton", "map", "cells", "classes", "contracts"}
    parts |= {"successors"}
    demand(repr(proof["format"]) == "2" and set(proof) | {"successors"} == parts, "the certificate is not of format 2")
    return proof


def bind(of: dict[str, Any], network: Network, digests: bool, report: Report) -> None:
    """The certificate speaks of these weights."""
    demand({"tensors", "header"} <= of.keys(), "the certificate names no weights")
    if digests and (of["tensors"], of["header"]) != network.digests:
        report("digest", "the certificate speaks of other weights")
    name = network.cell.name
    bound = {"cell": name, "dtype": network.dtype, "alphabet": network.alphabet, "outputs": network.outputs}
    if {**of, "tensors": "", "header": ""} != {**bound, "end": END, "tensors": "", "header": ""}:
        report("binding", "the certificate speaks of a network with other inputs, outputs, end mark, cell or format")


def texts(values: Any) -> list[str]:
    demand(isinstance(values, list) and all(isinstance(value, str) for value in values), "not a list of texts")
    return values  # type: ignore[no-any-return]


def integers(values: Any, low: int, high: int) -> list[int]:
    """A list of integers from low up to, not including, high."""
    fits = isinstance(values, list) and all(type(value) is int and low <= value < high for value in values)
    demand(fits, f"not a list of integers from {low} to {high - 1}")
    return values  # type: ignore[no-any-return]


def triples(values: Any, *limits: tuple[int, int]) -> Ints:
    """A list of triples of integers, each within its limits, as an array (n, 3)."""
    demand(
        isinstance(values, list) and all(isinstance(r, list) and len(r) == 3 for r in values), "not a list of triples"
    )
    for place, (low, high) in enumerate(limits):
        integers([row[place] for row in values], low, high)
    return np.array(values, np.int64).reshape(len(values), 3)


def without_places(grammar: dict[str, Any]) -> dict[str, Any]:
    """The grammar without what belongs to its drawing."""
    nodes = [{key: value for key, value in node.items() if key != "pos"} for node in grammar["nodes"]]
    return {**grammar, "nodes": nodes}


# ---------------------------------------------------------------------------------------------------------------------
# 2. Cells: what their equations say
# ---------------------------------------------------------------------------------------------------------------------

Term = tuple[Any, ...]  # ("name", n), ("number", v), ("sum", kind, sources), or a function or operation with its terms
FUNCTIONS = {"sigmoid": 1, "tanh": 1, "relu": 1, "exp": 1, "logsigmoid": 1, "max": 2}  # and their arguments
OPERATIONS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
RESERVED = {"x", "test", "read", *FUNCTIONS}  # nothing else is called so
PRIME, STAND_IN = "'", "ʹ"  # c' is what c is after the step
LONGEST = 10_000  # characters of equations


@dataclass(frozen=True)
class Weights:
    """Where the weights of a sum lie: those on symbols, on what cells show, and biases."""

    symbols: Rows | None
    cells: Rows | None
    biases: tuple[Rows, ...]

    @classmethod
    def of(cls, data: Any) -> "Weights":
        demand(isinstance(data, dict) and data.keys() == {"symbols", "cells", "biases"}, "weights lie nowhere")
        symbols, cells = (None if data[part] is None else _rows(data[part]) for part in ("symbols", "cells"))
        demand(isinstance(data["biases"], list) and 1 <= len(data["biases"]) <= 2, "a sum has one bias, or two")
        return cls(symbols, cells, tuple(_rows(each) for each in data["biases"]))


def _rows(data: Any) -> Rows:
    demand(isinstance(data, list) and len(data) == 2 and type(data[0]) is str, "rows are a tensor and a number")
    integers(data[1:], 0, 16)
    return data[0], data[1]


@dataclass(frozen=True)
class Cell:
    """A type of cell: what it carries from step to step, and its equations.

    state             all 0 at first; the first of them is the signal
    memory            the state that it remembers: its equation is memory' = kept memory + written
    active, idle      what is about the signal of a cell that is on, and of one that is off
    holds, rests      what is about its memory while it is on, and while it is off
    text, threshold   a line for each equation; what may come next has a readout above the threshold
    weights           of each sum, and of `output`
    """

    name: str
    state: tuple[str, ...]
    memory: str
    text: str
    weights: dict[str, Weights]
    active: float = 1.0
    idle: float = 0.0
    holds: float = 1.0
    rests: float = 0.0
    threshold: float = 0.0

    def __post_init__(self) -> None:
        lines = (line.strip() for line in self.text.splitlines())
        object.__setattr__(self, "text", "\n".join(filter(None, lines)))

    @classmethod
    def of(cls, data: Any) -> "Cell":
        """As a certificate states it. Raises ValueError where it is no cell."""
        names = {"name", "state", "memory", "active", "idle", "holds", "rests"}
        names |= {"threshold", "equations", "weights"}
        demand(isinstance(data, dict) and data.keys() == names, "the certificate states no equations")
        numbers = [data[part] for part in ("active", "idle", "holds", "rests", "threshold")]
        demand(all(type(number) is float and abs(number) < 1e6 for number in numbers), "no numbers of a cell")
        name, memory, *state = texts([data["name"], data["memory"], *data["state"]])
        text = "\n".join(texts(data["equations"]))
        weights = {sum: Weights.of(each) for sum, each in data["weights"].items()}
        cell = cls(name, tuple(state), memory, text, weights, *numbers)
        cell.lines  # noqa: B018  raises ValueError
        return cell

    @cached_property
    def lines(self) -> dict[str, Term]:
        """What each line says, in order."""
        fits = len(self.text) <= LONGEST and len(set(self.state)) == len(self.state) and self.memory in self.state
        demand(fits and all(map(_is_name, self.state)), "a cell without a memory, or too much of it")
        demand(
            self.active - self.idle >= 0.5 and self.holds > 0, "a cell that is on shows no more than one that is off"
        )
        found: dict[str, Term] = {}
        primed = {state + PRIME for state in self.state}
        for line in self.text.splitlines():
            name, term = _line(line)
            known = {*self.state, *found}
            fits = name not in known and (name in primed or _is_name(name)) and set(_names(term)) <= known
            demand(fits, f"'{line:.80}': unknown, or known already")
            sums = [part[1:] for part in _parts(term) if part[0] == "sum"]
            named, signal = {part[1] for part in _parts(term) if part[0] == "name"}, self.state[0]
            reader = _of_symbols(found)
            reads = not reader.isdisjoint(named) or any(kind == "read" for kind, _ in sums)
            fits = named <= (reader if reads else known) and len(sums) <= 1 and not (reads and name in primed)
            demand(fits, f"'{line:.80}': of cells and of symbols, or of two sums")
            for kind, sources in sums:
                every = ("x", signal), (signal, "x"), ("x",), (signal,), ()
                fits = sources == (signal + PRIME,) if kind == "read" else sources in every
                of = self.weights[name]
                fits &= (of.symbols is not None, of.cells is not None) == ("x" in sources, sources not in (("x",), ()))
                demand(fits, f"'{line:.80}': no sum, or its weights are not what it reads")
            found[name] = term
        demand(primed | {"readout"} <= set(found), "a state, or the readout, has no equation")
        demand("readout" in _of_symbols(found), "the readout reads nothing")
        return found

    @cached_property
    def of_symbols(self) -> dict[str, Term]:
        """The lines of the reader."""
        return {name: self.lines[name] for name in self.lines if name in _of_symbols(self.lines)}

    @cached_property
    def of_cells(self) -> dict[str, Term]:
        """The lines of a step."""
        return {name: term for name, term in self.lines.items() if name not in self.of_symbols}

    @cached_property
    def tests(self) -> list[str]:
        """The lines of a step that have a sum."""
        return [name for name, term in self.of_cells.items() if any(part[0] == "sum" for part in _parts(term))]

    @cached_property
    def reads(self) -> list[str]:
        """The lines of the reader that have a sum."""
        return [name for name, term in self.of_symbols.items() if any(part[0] == "sum" for part in _parts(term))]

    @cached_property
    def blocks(self) -> dict[str, int]:
        """How many blocks of rows each tensor has."""
        found: dict[str, set[int]] = {}
        for name in (*self.tests, *self.reads, "output"):
            of = self.weights[name]
            for tensor, block in filter(None, (of.symbols, of.cells, *of.biases)):
                found.setdefault(tensor, set()).add(block)
        # The levels of a matrix are those of all its rows.
        demand(all(len(blocks) == max(blocks) + 1 for blocks in found.values()), "rows of a tensor are of no sum")
        return {tensor: len(blocks) for tensor, blocks in found.items()}

    @property
    def gives_logits(self) -> bool:
        """Whether the readout is a sum and nothing else."""
        return bool(self.lines["readout"][0] == "sum")

    @cached_property
    def recurrence(self) -> tuple[Term, Term]:
        """What the memory is multiplied by, and what is added to that."""
        whole, me = self.lines[self.memory + PRIME], ("name", self.memory)
        for one, other in (whole[1:], whole[:0:-1]) if whole[0] == "add" else ((whole, ("number", 0.0)),):
            if me in _parts(one) and me not in _parts(other):
                if one == me:
                    return ("number", 1.0), other
                demand(one[0] == "multiply", f"{self.memory}' is not kept {self.memory} + written")
                for factor, rest in (one[1:], one[:0:-1]):
                    if factor == me and me not in _parts(rest):
                        return rest, other
        demand(me not in _parts(whole), f"{self.memory}' is not kept {self.memory} + written")
        return ("number", 0.0), whole

    @property
    def says(self) -> str:
        """All that a reader needs to know of cells that nobody vouches for."""
        carried = ", ".join(self.state)
        return f"{carried} = 0 at first\n{self.text}\na symbol may come next where its readout > {self.threshold:g}"

    @property
    def about(self) -> dict[str, tuple[float, float]]:
        """What each state is about, while a cell is on and while it is off; 0 where that is not known."""
        found = dict.fromkeys(self.state, (0.0, 0.0)) | {self.memory: (self.holds, self.rests)}
        return found | {self.state[0]: (self.active, self.idle)}


def _line(line: str) -> tuple[str, Term]:
    """The name of a line, and what it says. To Python's parser c' is a name with a stand-in at its end."""
    demand(line.isascii() and line.isprintable() and not set(line) & set('"#\\'), f"{line!a:.80}: no equation")
    name, _, right = line.replace(PRIME, STAND_IN).partition("=")
    try:
        body = ast.parse(right.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"'{line:.80}': no equation") from error
    return name.strip().replace(STAND_IN, PRIME), _term(body)


def _is_name(text: str) -> bool:
    return re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", text) is not None and text not in RESERVED


def _of_symbols(lines: dict[str, Term]) -> set[str]:
    """The names of those that read sums of the reader, or lines that do."""
    found: set[str] = set()
    for name, term in lines.items():
        if any(part[:2] == ("sum", "read") or (part[0] == "name" and part[1] in found) for part in _parts(term)):
            found.add(name)
    return found


def _term(node: ast.expr) -> Term:
    if isinstance(node, ast.Name):
        return "name", node.id.replace(STAND_IN, PRIME)
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6:
        return "number", float(value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)], _term(node.left), _term(node.right)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords):
        raise ValueError("no equation")
    name, terms = node.func.id, [_term(each) for each in node.args]
    if name in ("test", "read"):
        demand(all(term[0] == "name" for term in terms), "a sum of what has no name")
        return "sum", name, tuple(term[1] for term in terms)
    demand(FUNCTIONS.get(name) == len(terms), f"equations know no '{name:.40}' of {len(terms)} numbers")
    return name, *terms


def _parts(term: Term) -> Iterator[Term]:
    """The term and all within it."""
    yield term
    for part in term[1:] if term[0] not in ("name", "number", "sum") else ():
        yield from _parts(part)


def _names(term: Term) -> Iterator[str]:
    for part in _parts(term):
        if part[0] == "name":
            yield part[1]
        elif part[0] == "sum":
            yield from (source for source in part[2] if source != "x")


def _stacked(name: str, *tests: str) -> dict[str, Weights]:
    """The weights of tests in common tensors, one below the other, as of torch."""
    symbols, cells, *biases = (f"{name}.{part}_l0" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    return {
        test: Weights((symbols, n), (cells, n), tuple((bias, n) for bias in biases)) for n, test in enumerate(tests)
    }


def _apart(name: str, *tests: str, of: tuple[str, str] = ("symbols", "cells")) -> dict[str, Weights]:
    """The weights of tests in tensors of their own."""
    symbols, cells = of
    return {
        test: Weights((f"{name}.{test}.{symbols}", 0), (f"{name}.{test}.{cells}", 0), ((f"{name}.{test}.bias", 0),))
        for test in tests
    }


def _read(**layers: str) -> dict[str, Weights]:
    """The weights of linear layers over the cells, each a weight and a bias."""
    return {
        name: Weights(None, (weight, 0), ((weight.rpartition(".")[0] + ".bias", 0),)) for name, weight in layers.items()
    }


TANH = 0.7615941559557649  # what stands for tanh 1
READERS = _read(readout="reader.weight", output="output.weight")
GATED = ("write_filter", "eraser", "writer", "read_filter")  # i, f, g, o: blocks of rows, as in torch
CELLS = {
    cell.name: cell
    for cell in (
        Cell(
            "lstm",
            ("h", "c"),
            "c",
            """
            eraser = sigmoid(test(x, h))
            writer = tanh(test(x, h))
            write_filter = sigmoid(test(x, h))
            c' = eraser * c + write_filter * writer
            read_filter = sigmoid(test(x, h))
            h' = read_filter * tanh(c')
            readout = read(h')
            """,
            _stacked("lstm", *GATED) | READERS,
            active=TANH,
        ),
        Cell(
            "toy",
            ("memory",),
            "memory",
            """
            eraser = sigmoid(test(x, memory))
            writer = tanh(test(x, memory))
            write_filter = sigmoid(test(x, memory))
            memory' = eraser * memory + write_filter * writer
            read_filter = sigmoid(read(memory'))
            reader = tanh(read(memory'))
            readout = reader * read_filter
            """,
            _apart("toy", "eraser", "writer", "write_filter", of=("input", "memory"))
            | _read(reader="toy.reader.memory", read_filter="toy.read_filter.memory", output="toy.output.memory"),
            threshold=0.5,
        ),
        Cell(
            "peephole",
            ("h", "c"),
            "c",
            """
            write_peephole = test()
            erase_peephole = test()
            read_peephole = test()
            eraser = sigmoid(test(x, h) + erase_peephole * c)
            writer = tanh(test(x, h))
            write_filter = sigmoid(test(x, h) + write_peephole * c)
            c' = eraser * c + write_filter * writer
            read_filter = sigmoid(test(x, h) + read_peephole * c')
            h' = read_filter * tanh(c')
            readout = read(h')
            """,
            _stacked("peephole", *GATED)
            | {
                part: Weights(None, None, (("peephole.weight_ch_l0", n),))
                for n, part in enumerate(("write_peephole", "erase_peephole", "read_peephole"))
            }
            | READERS,
            active=TANH,
        ),
        Cell(
            "coupled",
            ("h", "c"),
            "c",
            """
            writer = tanh(test(x, h))
            write_filter = sigmoid(test(x, h))
            c' = (1 - write_filter) * c + write_filter * writer
            read_filter = sigmoid(test(x, h))
            h' = read_filter * tanh(c')
            readout = read(h')
            """,
            _apart("coupled", "write_filter", "writer", "read_filter") | READERS,
            active=TANH,
        ),
        Cell(
            "gru",
            ("h",),
            "h",
            """
            reset = sigmoid(test(x, h))
            update = sigmoid(test(x, h))
            entering = test(x)
            remembered = test(h)
            candidate = tanh(entering + reset * remembered)
            h' = update * h + (1 - update) * candidate
            readout = read(h')
            """,
            _stacked("gru", "reset", "update")
            | {
                "entering": Weights(("gru.weight_ih_l0", 2), None, (("gru.bias_ih_l0", 2),)),
                "remembered": Weights(None, ("gru.weight_hh_l0", 2), (("gru.bias_hh_l0", 2),)),
            }
            | READERS,
            idle=-1.0,
            rests=-1.0,
        ),
        Cell(
            "rnn",
            ("h",),
            "h",
            """
            h' = tanh(test(x, h))
            readout = read(h')
            """,
            _stacked("rnn", "h'") | READERS,
            idle=-1.0,
            rests=-1.0,
        ),
        Cell(
            "rnn-relu",
            ("h",),
            "h",
            """
            h' = relu(test(x, h))
            readout = read(h')
            """,
            _stacked("rnn", "h'") | READERS,
        ),
        Cell(
            "lstm-1997",
            ("h", "c"),
            "c",
            """
            writer = 4 * sigmoid(test(x, h)) - 2
            write_filter = sigmoid(test(x, h))
            c' = c + write_filter * writer
            read_filter = sigmoid(test(x, h))
            h' = read_filter * (2 * sigmoid(c') - 1)
            readout = read(h')
            """,
            _apart("lstm_1997", "writer", "write_filter", "read_filter") | READERS,
            active=TANH,
            holds=2.0,
        ),
        Cell(
            "slstm",
            ("h", "c", "n", "m"),
            "c",
            """
            entrance = test(x, h)
            lasting = logsigmoid(test(x, h)) + m
            m' = max(entrance, lasting)
            write_filter = exp(entrance - m')
            eraser = exp(lasting - m')
            writer = tanh(test(x, h))
            c' = eraser * c + write_filter * writer
            n' = eraser * n + write_filter
            read_filter = sigmoid(test(x, h))
            h' = read_filter * c' / n'
            readout = read(h')
            """,
            _apart("slstm", "entrance", "lasting", "writer", "read_filter") | READERS,
            rests=1.0,
        ),
    )
}


# ---------------------------------------------------------------------------------------------------------------------
# 3. Grammar: what it means
# ---------------------------------------------------------------------------------------------------------------------

Rule = tuple[int, int, int, int]  # state, symbol or EPSILON, state, output or -1: by number
EPSILON = -1  # in place of a symbol: the rule reads nothing


@dataclass(frozen=True, eq=False)
class Grammar:
    """The useful states of a grammar: reachable, and with a way to the end or, where none accepts, on for ever.

    start      those of them in which strings may start
    accepts    whether strings may end in a state; says: the output of each state of a Moore machine, else -1
    moves      for each useful state: (symbol, target, output or -1)
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

    @classmethod
    def of(cls, data: dict[str, Any], report: Report) -> "Grammar":
        demand_canonical(data)
        nodes, edges, alphabet = data["nodes"], data["edges"], data["alphabet"]
        number = {node["id"]: n for n, node in enumerate(nodes)}
        letter = {text: n for n, text in enumerate(alphabet)} | {None: EPSILON}
        known = all({e["source"], e["target"]} <= number.keys() and e.get("symbol") in letter for e in edges)
        demand(known, "an edge of the grammar is of an unknown state or symbol")
        outputs = sorted({each["output"] for each in [*nodes, *edges] if "output" in each})
        output = {text: n for n, text in enumerate(outputs)} | {None: -1}
        rules = [
            (number[e["source"]], letter[e.get("symbol")], number[e["target"]], output[e.get("output")]) for e in edges
        ]
        says = [output[node.get("output")] for node in nodes]
        mealy = any(o >= 0 for *_, o in rules)
        unique = len(number) == len(nodes) and len(letter) == len(alphabet) + 1 and len(set(rules)) == len(rules)
        demand(unique and END not in letter, "an id, a symbol or an edge stands twice, or a symbol is called 'end'")
        first: dict[tuple[int, int], int] = {}
        order = [(p, first.setdefault((p, q), n)) for n, (p, _, q, _) in enumerate(rules)]
        demand(order == sorted(order), "the edges of the grammar are not in order")
        demand(not mealy or max(says) < 0, "outputs stand both at states and at edges")
        accepts, starts = ["accept" in node for node in nodes], [n for n, node in enumerate(nodes) if "start" in node]
        given = [edge.get("probability") for edge in edges]
        ends = {n: node["end"] for n, node in enumerate(nodes) if "end" in node}
        silent = [(p, q) for p, x, q, _ in rules if x == EPSILON]
        if silent:
            demand(all(says[p] == says[q] for p, q in silent), "a move that reads nothing changes the output")
            demand(not ends and not any(given), "a grammar with moves that read nothing has probabilities")
            rules, accepts = _without_epsilon(rules, accepts)
            given = [None] * len(rules)
        useful = _useful(starts, accepts, rules)
        start = [n for n in starts if n in useful]
        demand(start, "the language is empty")
        moves: dict[int, list[tuple[int, int, int]]] = {p: [] for p in useful}
        for p, x, q, o in rules:
            if p in useful and q in useful:
                moves[p].append((x, q, o))
        if ends or any(chance is not None for chance in given):
            alone = len(starts) == 1 and len({rule[:2] for rule in rules}) == len(rules)
            demand(alone, "a nondeterministic grammar has probabilities")
        chances = None
        if len(start) == 1 and all(len({x for x, _, _ in found}) == len(found) for found in moves.values()):
            chances = _chances(list(zip(rules, given, strict=True)), ends, accepts, moves, len(alphabet), report)
        return cls(data["name"], alphabet, outputs, number, start, accepts, says, mealy, moves, chances)


def _without_epsilon(rules: list[Rule], accepts: list[bool]) -> tuple[list[Rule], list[bool]]:
    """A state reads, and accepts, as all those do that it leads to without reading."""
    silent: list[list[int]] = [[] for _ in accepts]
    reading: list[list[Rule]] = [[] for _ in accepts]
    for rule in rules:
        if rule[1] == EPSILON:
            silent[rule[0]].append(rule[2])
        else:
            reading[rule[0]].append(rule)
    found, work = dict.fromkeys(rule for of in reading for rule in of), 0
    accepting = accepts.copy()
    for p, first in enumerate(silent):
        around = _closure(first, silent)
        found |= dict.fromkeys((p, *rule[1:]) for q in around for rule in reading[q])
        accepting[p] |= any(accepts[q] for q in around)
        work += sum(1 + len(silent[q]) + len(reading[q]) for q in around)
        refuse_more("moves", work)
    return list(found), accepting


def said(grammar: dict[str, Any]) -> Any:
    """What a grammar says, whatever the order of its states and edges."""
    demand_canonical(grammar)
    return grammar["name"], grammar["alphabet"], *(sorted(map(canonical, grammar[k])) for k in ("nodes", "edges"))


# What a text may hold: no control characters but tab and line breaks, no surrogates, nothing that is no character.
TEXT = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
DEVICE = r"(?i:con|prn|aux|nul|(com|lpt)[0-9])(\.|$)"  # of Windows, which no file can be called
NAME = re.compile(rf"(?!{DEVICE})[A-Za-z0-9_]([A-Za-z0-9_.+-]{{0,98}}[A-Za-z0-9_+-])?")  # also that of files
FORMS = {  # of each part of a grammar: the keys that must be there, and those that may
    "nodes": [({"id"}, {"start", "accept", "end", "output"})],
    "edges": [({"source", "target", "symbol"}, {"probability", "output"}), ({"source", "target", "epsilon"}, set())],
}


def demand_canonical(data: Any) -> None:
    """The one form that a grammar has; whatever has another could mean something else to another reader.

        name, alphabet, nodes, edges
        nodes   id      and only where they say something   start: true  accept: true  end: probability  output
        edges   source  target  symbol      as well as      probability  output
           or   source  target  epsilon: true      which reads nothing

    All else is text. In a certificate edges stand in the order of their sources; of one source, those to the same
    target together.
    """
    demand(isinstance(data, dict) and set(data) == {"name", "alphabet", *FORMS}, "no grammar of exactly its four keys")
    demand(isinstance(data["name"], str) and NAME.fullmatch(data["name"]), "the grammar's name could be no file's")
    demand(data["alphabet"] and all(map(_is_text, texts(data["alphabet"]))), "the alphabet does not hold fitting texts")
    for part, forms in FORMS.items():
        demand(isinstance(data[part], list) and data[part], f"the grammar has no {part}")
        for entry in data[part]:
            fits = isinstance(entry, dict) and any(least <= set(entry) <= least | more for least, more in forms)
            demand(fits and all(_fits(*each) for each in entry.items()), f"not of the form of {part}: {entry!r:.200}")


def _fits(key: str, value: Any) -> bool:
    if key in ("start", "accept", "epsilon"):
        return value is True
    return type(value) is float and 0 < value <= 1 if key in ("end", "probability") else _is_text(value)


def _is_text(value: Any) -> bool:
    return type(value) is str and TEXT.fullmatch(value) is not None


def _useful(start: list[int], accepts: list[bool], rules: list[Rule]) -> set[int]:
    after: list[list[int]] = [[] for _ in accepts]
    before: list[list[int]] = [[] for _ in accepts]
    for p, _, q, _ in rules:
        after[p].append(q)
        before[q].append(p)
    reached = _closure(start, after)
    if any(accepts):
        return reached & _closure([p for p, accepting in enumerate(accepts) if accepting], before)
    ways = [len(targets) for targets in after]  # endless strings: states without a way on fall away, one by one
    stuck = [p for p, count in enumerate(ways) if not count]
    for p in stuck:  # the list grows while we walk it
        for previous in before[p]:
            ways[previous] -= 1
            if not ways[previous]:
                stuck.append(previous)
    return reached - set(stuck)


def _closure(first: list[int], after: list[list[int]]) -> set[int]:
    seen, waiting = set(first), list(first)
    while waiting:
        new = set(after[waiting.pop()]) - seen
        seen |= new
        waiting += new
    return seen


def _chances(
    rules: list[tuple[Rule, float | None]],
    ends: dict[int, float],
    accepts: list[bool],
    moves: dict[int, list[tuple[int, int, int]]],
    end: int,
    report: Report,
) -> dict[int, dict[int, float]]:
    """All moves of a state are equally likely, the end among them, unless its edges say otherwise."""

    def exact(value: float) -> Fraction:
        return Fraction(Decimal(repr(value)))  # the decimal that stands in the file

    least = Fraction(1, 10**9)  # the rounding that the checks of grammars let pass
    given: list[dict[int, float | None]] = [{} for _ in accepts]
    for (p, x, q, _), chance in rules:
        given[p][x] = chance
        if p in moves and q not in moves and chance is not None:
            report("grammar", "a move that no string of the grammar makes has a probability")
    chances: dict[int, dict[int, Fraction]] = {p: {} for p in moves}
    for p, of in enumerate(given):
        found = {x: exact(chance) for x, chance in of.items() if chance is not None}
        if not found and p not in ends:
            if p in moves:
                ways = {x for x, _, _ in moves[p]} | ({end} if accepts[p] else set())
                chances[p] = dict.fromkeys(ways, Fraction(1, len(ways)))
            continue
        if len(found) < len(of):
            report("grammar", "some moves of a state have a probability, and some have none")
        if p in ends and not accepts[p]:
            report("grammar", "a state that does not accept has a probability of ending")
        rest = 1 - sum(found.values(), exact(ends[p]) if p in ends else Fraction(0))
        if accepts[p]:
            found[end] = exact(ends[p]) if p in ends else rest
        if not (rest > least if accepts[p] and p not in ends else abs(rest) <= least):
            report("grammar", "the probabilities of a state do not sum to 1, or leave nothing for the end")
        if p in moves:
            chances[p] = found
    return {p: {x: float(chance) for x, chance in found.items()} for p, found in chances.items()}


# ---------------------------------------------------------------------------------------------------------------------
# 4. Map: grammar and automaton are the same machine
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Automaton:
    """The certificate's automaton of Q states: for each, symbol -> targets; its output or -1; whether it accepts.

    rows (M, 3)         the moves in order: state, symbol, state
    first (Q + 1,)      the first row of each state; the dead state, number -1, has none
    accepting (Q + 1,)  of the dead state, too
    """

    deterministic: bool
    initial: list[int]
    output: Ints
    moves: list[dict[int, list[int]]]
    rows: Ints
    first: Ints
    accepting: Bools
    symbols: int

    @classmethod
    def of(cls, data: dict[str, Any], grammar: Grammar) -> "Automaton":
        demand(set(data) == {"deterministic", "states", "initial", "accepting", "output", "moves"}, "no automaton")
        deterministic, symbols = data["deterministic"], len(grammar.alphabet)
        output = np.array(integers(data["output"], -1, len(grammar.outputs)), np.int64)
        size = len(output)
        initial, ends = (integers(data[part], 0, size) for part in ("initial", "accepting"))
        for part in (initial, ends):
            demand(sorted(set(part)) == part, "the automaton's initial or accepting states are not in order")
        counted = type(data["states"]) is int and data["states"] == size
        demand(counted and initial and type(deterministic) is bool, "no states, no start, or no kind")
        listed = triples(data["moves"], (0, size), (0, symbols), (0, size))
        rows = np.unique(listed, axis=0)
        demand(len(rows) == len(listed), "a move of the automaton stands twice")
        moves: list[dict[int, list[int]]] = [{} for _ in range(size)]
        for p, x, q in rows.tolist():
            moves[p].setdefault(x, []).append(q)
        one = len(initial) == 1 and all(len(targets) == 1 for of in moves for targets in of.values())
        demand(one or not deterministic, "the automaton is not deterministic, as it says")
        accepting = np.zeros(size + 1, np.bool_)
        accepting[ends] = True
        first = np.searchsorted(rows[:, 0], np.arange(size + 1))
        return cls(deterministic, initial, output, moves, rows, first, accepting, symbols)

    def table(self, states: Ints, of_rows: NDArray[Any], of_ends: NDArray[Any]) -> NDArray[Any]:
        """For these n states (n, S + 1): what is given for the move at each symbol, 0 without one; last, of the end.

        Only ever of some states, since a small file may have very many states and symbols.
        """
        count = np.append(np.diff(self.first), 0)[states]
        place = np.repeat(np.arange(len(states)), count)
        row = np.arange(len(place)) - np.repeat(np.cumsum(count) - count - self.first[states], count)
        found = np.zeros((len(states), self.symbols + 1), of_rows.dtype)
        found[place, self.rows[row, 1]] = of_rows[row]
        found[:, -1] = of_ends[states]
        return found

    def allowed(self, states: Ints) -> Bools:
        """Which symbols, and last the end, may come next in each of the states, (n, S + 1)."""
        return self.table(states, np.ones(len(self.rows), np.bool_), self.accepting)

    def following(self, states: Ints) -> Ints:
        """Where the automaton is deterministic, the states that follow, (n, S); -1 is the dead one."""
        return self.table(states, self.rows[:, 2] + 1, np.zeros_like(self.first))[:, :-1] - 1


@dataclass(frozen=True, eq=False)
class Chances:
    """The probability of each move of the automaton (M,), and of ending in each state (Q + 1,); NaN where unknown."""

    automaton: Automaton
    moves: Array
    ends: Array

    def of(self, states: Ints) -> Array:
        """Of what comes next in each of the states, (n, S + 1)."""
        return self.automaton.table(states, self.moves, self.ends)

    @property
    def least(self) -> float:
        """The smallest above 0."""
        every = np.append(self.moves, self.ends)
        return float(every[every > 0].min(initial=1.0))


def check_map(entries: list[Any], grammar: Grammar, automaton: Automaton, report: Report) -> Chances | None:
    """Each entry (states of the grammar, a Mealy machine's last output, state of the automaton) says: they are alike.

    Where the start is mapped, and every entry's moves lead to entries again, grammar and automaton agree on what is
    allowed, accepted and said after every string, by induction on its length. Deterministic automata are matched
    with the set of all states that are possible; others state by state, each move of one having its like in the other.

    Returns the probabilities of what comes next in each state, where the grammar gives them.
    """
    pairs: dict[tuple[frozenset[int], int], set[int]] = {}
    for names, output, state in entries:
        states = frozenset(grammar.number[name] for name in texts(names))
        integers([output], -1, len(grammar.outputs)), integers([state], 0, len(automaton.moves))
        demand(states and states <= grammar.moves.keys(), "the map names states that no string of the grammar uses")
        demand(automaton.deterministic or len(states) == 1, "the map merges states where it must not")
        alike = pairs.setdefault((states, output), set())
        demand(len(states) == len(names) and state not in alike, "an entry of the map, or a state in it, stands twice")
        alike.add(state)
    starts = [frozenset(grammar.start)] if automaton.deterministic else [frozenset({p}) for p in grammar.start]
    first = [pairs.get((start, -1), set()) & set(automaton.initial) for start in starts]
    if not all(first) or set().union(*first) != set(automaton.initial):
        report("map", "the starts of grammar and automaton are not mapped to each other")
    refuse_more("moves", sum(len(alike) * sum(len(grammar.moves[p]) for p in key[0]) for key, alike in pairs.items()))
    chances: list[dict[int, float]] = [{} for _ in automaton.moves]
    for (states, output), alike in pairs.items():
        says = {output} if grammar.mealy else {grammar.says[p] for p in states}
        for j in alike:
            where = f"state {j} stands for {sorted(states)!r:.60}, but they differ in"
            if bool(automaton.accepting[j]) is not any(grammar.accepts[p] for p in states):
                report("map", f"{where} whether a string may end")
            if says != {int(automaton.output[j])}:
                report("map", f"{where} their output")
            if not _same_moves(states, automaton.moves[j], pairs, grammar, automaton.deterministic):
                report("map", f"{where} their moves")
            if grammar.chances is not None:
                found = grammar.chances[min(states)]
                if chances[j] and chances[j] != found:
                    report("map", f"{where} their probabilities")
                chances[j] = found
    if grammar.chances is None:
        return None
    of_moves = [chances[p].get(x, math.nan) for p, x, _ in automaton.rows.tolist()]
    accepting = np.flatnonzero(automaton.accepting)
    of_ends = np.zeros(len(automaton.accepting))
    of_ends[accepting] = [chances[q].get(automaton.symbols, math.nan) for q in accepting.tolist()]
    return Chances(automaton, np.array(of_moves, np.float64), of_ends)


def _same_moves(
    states: frozenset[int],
    moves: dict[int, list[int]],
    pairs: dict[tuple[frozenset[int], int], set[int]],
    grammar: Grammar,
    together: bool,
) -> bool:
    """Whether each move of the states leads to an entry of the map, and so does each move of the automaton's state."""
    ways: dict[Any, set[tuple[int, int]]] = {}  # what one move of the automaton stands for -> targets and outputs
    for p in states:
        for x, q, o in grammar.moves[p]:
            ways.setdefault(x if together else (x, q, o), set()).add((q, o))
    matched: set[tuple[int, int]] = set()
    for way, found in ways.items():
        x, targets, outputs = way if together else way[0], frozenset(q for q, _ in found), {o for _, o in found}
        alike = {j for o in outputs for j in pairs.get((targets, o), ())} & set(moves.get(x, ()))
        if not alike or len(outputs) > 1:
            return False
        matched |= {(x, j) for j in alike}
    return matched == {(x, j) for x, targets in moves.items() for j in targets}


def check_one_output(automaton: Automaton, report: Report) -> None:
    """States that one string can lead to say the same: find, for each state, all that are possible with it at once.

    A set of states is a number with a bit for each.
    """
    ahead = [{x: sum(1 << q for q in targets) for x, targets in of.items()} for of in automaton.moves]
    alike: dict[int, int] = defaultdict(int)
    for p, output in enumerate(automaton.output.tolist()):
        alike[output] |= 1 << p
    together, work = [0] * len(ahead), 0
    new = dict.fromkeys(automaton.initial, sum(1 << p for p in automaton.initial))
    while new:
        p, found = new.popitem()
        found &= ~together[p]
        together[p] |= found
        for q in _members(found & ~alike[int(automaton.output[p])]):
            if p < q:
                report("output", f"after some string states {p} and {q} are possible, which say different things")
        members = _members(found)
        for x, targets in automaton.moves[p].items():
            work += len(members) + len(targets)
            refuse_more("pairs", work)
            after = 0
            for q in members:
                after |= ahead[q].get(x, 0)
            for q in targets:
                if after & ~together[q]:
                    new[q] = new.get(q, 0) | after


def _members(states: int) -> list[int]:
    return [q for q, bit in enumerate(f"{states:b}"[::-1]) if bit == "1"]


# ---------------------------------------------------------------------------------------------------------------------
# 5. Numbers: intervals, and what a contract promises
# ---------------------------------------------------------------------------------------------------------------------

# numpy does not promise correctly rounded exp and tanh. Its own tests hold them to 4 units in the last place (2^-50,
# relatively); we give four times that, which also covers a few operations on top. A test compares with mpmath.
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

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            _outward(self.lo + other.lo, (self.lo == 0) | (other.lo == 0), -np.inf),
            _outward(self.hi + other.hi, (self.hi == 0) | (other.hi == 0), np.inf),
        )

    def __neg__(self) -> "Interval":
        return Interval(-self.hi, -self.lo)

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        low, high = [], []
        for a, b in ((a, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)):
            zero = ((a == 0) | (b == 0)) & ~np.isnan(a + b)
            product = np.where(zero, 0.0, a * b)  # 0 times "no bound" is 0: every number is finite
            exact = zero | (np.abs(a) == 1) | (np.abs(b) == 1)
            low.append(_outward(product, exact, -np.inf))
            high.append(_outward(product, exact, np.inf))
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
        return np.asarray((self.lo >= other.lo) & (self.hi <= other.hi))

    def exactly(self, number: float) -> Bools:
        return np.asarray((self.lo == number) & (self.hi == number))

    @property
    def size(self) -> Array:
        """The largest magnitude."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))


def _outward(value: Any, exact: Any, direction: float) -> Array:
    return np.asarray(np.where(exact, value, np.nextafter(value, direction)))


def point(value: Any) -> Interval:
    return Interval(np.asarray(value, np.float64), np.asarray(value, np.float64))


def around(radius: Any) -> Interval:
    return Interval(-np.asarray(radius, np.float64), np.asarray(radius, np.float64))


ZERO, ONE = point(0.0), point(1.0)
TANH_1 = Interval(np.array(0.7615941559557648), np.array(0.761594155955765))  # 0.76159415595576488811...


def meant(center: Any) -> Interval:
    """The number that a center stands for: itself, or tanh 1 or -tanh 1, which are no float64."""
    return TANH_1.where(np.equal(center, TANH), (-TANH_1).where(np.equal(center, -TANH), point(center)))


@dataclass(frozen=True, eq=False)
class Number:
    """A number in each situation: where it lies; how far it is from a whole number or tanh 1 that it is near, which
    float64 could not say of 1 - e^-64; and whether it is made of nothing but known numbers, tanh(1) and sigmoid(2), so
    that it is the same in every cell where it is made of the same."""

    value: Interval
    center: Array
    apart: Interval
    same: Bools

    @classmethod
    def of(cls, value: Interval, same: Any = False) -> "Number":
        """A number of which no more is known than where it lies."""
        exact = value.lo == value.hi
        center = np.where(exact & (np.rint(value.lo) == value.lo), value.lo, 0.0)
        return cls(value, center, ZERO.where(center != 0, value), np.asarray(same | exact))

    @classmethod
    def at(cls, center: Array, apart: Interval) -> "Number":
        return cls(meant(center) + apart, center, apart, apart.exactly(0))

    def near_whole(self, most: float) -> Bools:
        """Where it is near a whole number of at most that size: two to 2^52 are added exactly, to 2^26 multiplied."""
        return np.asarray((np.rint(self.center) == self.center) & (np.abs(self.center) <= most))

    def less(self, center: Any) -> Interval:
        """The number minus another center."""
        return self.apart.where(self.center == center, self.value - meant(center))

    def where(self, condition: Any, other: "Number") -> "Number":
        value, apart = self.value.where(condition, other.value), self.apart.where(condition, other.apart)
        center, same = np.where(condition, self.center, other.center), np.where(condition, self.same, other.same)
        return Number(value, center, apart, same)

    def settled(self) -> "Number":
        """The same; what is one whole number is near that."""
        one = whole(self.value)
        center = np.where(one, self.value.lo, self.center)
        return Number(self.value, center, ZERO.where(one, self.apart), self.same | one)

    def widened(self, error: Array) -> "Number":
        return Number(self.value + around(error), self.center, self.apart + around(error), self.same)


def whole(interval: Interval) -> Bools:
    """Where it is one whole number."""
    return np.asarray((interval.lo == interval.hi) & (np.rint(interval.lo) == interval.lo))


def exp(z: Interval) -> Interval:
    low = np.where(z.lo < -700, 0.0, np.minimum(np.exp(z.lo) * (1 - SLACK), 1e300))
    return Interval(low, np.maximum(np.exp(z.hi) * (1 + SLACK), LEAST))


def logistic(z: Interval) -> Interval:
    """1 / (1 + e^-z), with as many digits of small values as of large ones."""
    power = exp(-z)
    return Interval((1 - SLACK) / (1 + power.hi), np.minimum((1 + SLACK) / (1 + power.lo), 1.0))


def tanh(z: Interval) -> Interval:
    return _widened(np.tanh(z.lo), np.tanh(z.hi), SLACK) & around(1.0)


def tanh_beyond_1(d: Interval) -> Interval:
    """tanh(1 + d) - tanh 1 = t (1 - T^2) / (1 + T t) with t = tanh d, T = tanh 1: precise for the smallest d."""
    t, big = tanh(d), 0.7615941559557649
    # Five roundings, amplified by at most 1 / (1 - T) < 4.2 and 1 / (1 - T^2) < 2.4: below 2^-48 relatively.
    low, high = (end * (1 - big * big) / (1 + big * end) for end in (t.lo, t.hi))
    return _widened(low, high, SLACK)


def _widened(low: Array, high: Array, slack: float) -> Interval:
    """Widened relatively, and by the smallest number, below which nothing is relative; 0 stays."""
    low, high = low - np.abs(low) * slack, high + np.abs(high) * slack
    return Interval(_outward(low, low == 0, -np.inf), _outward(high, high == 0, np.inf))


@dataclass(frozen=True)
class Contract:
    """What is assumed of a machine. Numbers have `bits` significant bits down to 2^least, and overflow above `largest`.

    u            the result of an operation is the nearest number, and of two the even one: off by at most u times
                 itself; a number below `tiny` may be flushed to 0. Sums are added in any order.
    sigmoid      within `sigma_error`, at 2 within `at_two`, not below 0; up to u/4 around 0 within `at_zero` of 1/2;
                 from `one_from` on exactly 1 and never above; sigmoid(-z) is at most 1.01 e^-z, or `tiny` if that is
                 more, from `tail_from` on, and exactly 0 from `zero_from` on
    tanh         within `tanh_error`, at 1 within `at_one` (and the same number in every cell); 0 at 0; not beyond 1
                 from 10 on, and exactly 1 from `flat_from` on; between 0 and `slope` x (or `tiny`)
    tolerance    how far softmax of the logits may be from the grammar's probabilities, with `per_cell` more for each
                 cell; `scaled`: times K / 16, K the logit of what is certain
    levels       a matrix holds this many multiples of its largest weight on each side (0: every number)
    """

    name: str
    u: float
    sigma_error: float
    at_two: float
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
    at_zero: float = 0.0

    def rounded(self, values: Array) -> Array:
        """The nearest numbers of the format, ties to even. Raises ValueError where one is too large."""
        quantum = np.maximum(np.frexp(values)[1] - self.bits, self.least)
        nearest: Array = np.ldexp(np.rint(np.ldexp(values, -quantum)), quantum)
        demand(np.abs(nearest).max(initial=0.0) <= self.largest, f"{self.name}: a weight is too large for the format")
        return nearest

    def matrix(self, values: Array) -> Array:
        """A matrix as the machine holds it."""
        scale = np.abs(values).max(initial=0.0) / self.levels if self.levels else 0.0
        return self.rounded(np.rint(values / scale) * scale if scale else values)

    def sigmoid(self, z: Interval) -> tuple[Interval, Interval]:
        """sigmoid(z), and 1 - sigmoid(z), which float64 could not tell from 0."""
        error = around(np.where(z.exactly(2), self.at_two, self.sigma_error))
        one = z.lo >= self.one_from
        value = logistic(z) + error
        value = Interval(np.maximum(value.lo, 0.0), value.hi)
        value = (point(0.5) + around(self.at_zero)).where(z.size <= self.u / 4, value)
        tail = Interval(np.array(0.0), 1.01 * np.maximum(exp(z).hi, self.tiny))
        value = ZERO.where(z.hi <= -self.zero_from, tail.where(z.hi <= -self.tail_from, value))
        return ONE.where(one, value), ZERO.where(one, (logistic(-z) + error) & (ONE - value))

    def tanh(self, z: Interval) -> tuple[Interval, Interval]:
        """tanh(z) and 1 - tanh(z) = 2 sigmoid(-2z)."""
        error, twice = around(self.tanh_error), logistic(Interval(-2 * z.hi, -2 * z.lo))
        value = tanh(z) + error
        if math.isfinite(self.slope):
            steep = self.slope * (1 + SLACK)
            low = np.where(z.lo < 0, np.minimum(z.lo, -self.tiny), 0.0)
            high = np.where(z.hi > 0, np.maximum(z.hi, self.tiny), 0.0)
            value = value & Interval(steep * low, steep * high)
        value = value & Interval(np.where(z.hi <= -10, -1.0, -np.inf), np.where(z.lo >= 10, 1.0, np.inf))
        value = ZERO.where(z.exactly(0), ONE.where(z.lo >= self.flat_from, value))
        value = (-ONE).where(z.hi <= -self.flat_from, value)
        return value, (Interval(2 * twice.lo, 2 * twice.hi) + error) & (ONE - value)

    def tanh_beyond_1(self, d: Interval) -> Interval:
        """tanh(1 + d) - tanh 1."""
        value = tanh_beyond_1(d) + around(np.where(d.exactly(0), self.at_one, self.tanh_error))
        return Interval(value.lo, np.where(d.lo >= 9, np.minimum(value.hi, (ONE - TANH_1).hi), value.hi))

    def rounding(self, size: Array) -> Array:
        """The error of rounding a product: u of it; all of it where it may be flushed to 0."""
        return np.asarray(np.maximum(self.u * size, np.minimum(size, self.tiny)))

    def highest(self, beyond: float) -> float:
        """The largest number of the format up to 1 + beyond. Real numbers know no largest; below 1 a bound will do."""
        if not self.u or math.isinf(beyond):
            return math.inf
        number = Fraction(beyond) + 1
        step = Fraction(2) ** (int(number).bit_length() - self.bits)
        return float(max(number // step * step, Fraction(1)))

    def evaluate(self, term: Term, values: dict[str, "Number"], summed: "Number | None") -> "Number":
        """What a machine may make of an equation."""
        kind, *rest = term
        if kind == "name":
            return values[rest[0]]
        if kind == "sum":
            assert summed is not None
            return summed
        if kind == "number":
            shape = next(iter(values.values())).center.shape
            return Number.of(self.constant(rest[0]).where(np.ones(shape, np.bool_), ZERO))
        function: Callable[..., Number] = getattr(self, f"_{kind}")
        numbers = [self.evaluate(each, values, summed) for each in rest]
        found = function(*numbers)
        # What is tiny may be 0. What may be too large may be infinite, and of that a sum is no number only where it is
        # unbounded at both ends; of products of it nothing is known.
        flushed = Interval(np.minimum(found.value.lo, 0.0), np.maximum(found.value.hi, 0.0))
        found = found.where(self.survives(found.value), Number.of(flushed))
        low, high = found.value.lo >= -self.largest, found.value.hi <= self.largest
        fits = low | high
        if kind not in ("add", "subtract", "max", "relu", "sigmoid", "tanh"):
            finite = (each.value.size <= self.largest for each in numbers)
            fits = np.logical_and.reduce(np.broadcast_arrays(low, high, *finite))
        ends = Interval(np.where(low, found.value.lo, -np.inf), np.where(high, found.value.hi, np.inf))
        nothing = Interval(np.full(found.center.shape, np.nan), np.full(found.center.shape, np.nan))
        return found.where(low & high & fits, Number.of(ends.where(fits, nothing)))

    def constant(self, number: float) -> Interval:
        """A number of an equation, which machines may hold as it is, or in their format."""
        low, high = sorted((number, float(self.rounded(np.array(number)))))
        return Interval(np.array(low), np.array(high))

    def _subtract(self, a: "Number", b: "Number") -> "Number":
        return self._add(a, Number(-b.value, -b.center, -b.apart, b.same))

    def _add(self, a: "Number", b: "Number") -> "Number":
        """Whole numbers up to 1/u are added exactly, and absorb what is below a quarter of their last place."""
        fits = a.near_whole(2.0**52) & b.near_whole(2.0**52) | (a.center == 0) | (b.center == 0)
        value = a.value + b.value
        apart, center = (a.apart + b.apart).where(fits, value), np.where(fits, a.center + b.center, 0.0)
        found = Number(value, center, apart, a.same & b.same).widened(self.adding(a.value, b.value))
        exact = found.apart.exactly(0) & (np.rint(center) == center)
        found = replace(found, value=point(center).where(exact, found.value)).settled()
        for one, other in ((a, b), (b, a)):
            little = 4 * other.value.size * (1 + 2 * self.u) < self.u * one.value.size
            found = one.where(whole(one.value) & (one.value.size * self.u <= 1) & little, found)
        return found

    def adding(self, a: Interval, b: Interval) -> Array:
        """The error of adding two numbers: at most either of them, and u of the sum; none of whole ones up to 1/u."""
        both, least = a.size + b.size, np.minimum(a.size, b.size)
        if not self.u:
            return np.zeros(both.shape)
        error = np.minimum(least, self.u * ((a + b).size + 2 * self.u * both)) * (1 + SLACK)
        error = error + np.where(least > 0, self.tiny, 0.0)
        return np.where(whole(a) & whole(b) & (self.u * both <= 1), 0.0, error)

    def _multiply(self, a: "Number", b: "Number") -> "Number":
        fits = a.near_whole(2.0**26) & b.near_whole(2.0**26) | (np.abs(a.center) == 1) | (np.abs(b.center) == 1)
        value, center = a.value * b.value, np.where(fits, a.center * b.center, 0.0)
        apart = meant(b.center) * a.apart + meant(a.center) * b.apart + a.apart * b.apart
        error = np.where(a.value.exactly(0) | b.value.exactly(0), 0.0, self.rounding(value.size))
        for one, other in ((a.value, b.value), (b.value, a.value)):  # a power of two only moves the exponent
            scaled = Interval(one.lo * other.lo, one.lo * other.hi)
            scales = (one.lo == one.hi) & (np.frexp(one.lo)[0] == 0.5)
            least = max(self.tiny, LEAST)
            scales &= np.logical_and.reduce([(end == 0) | (np.abs(end) > least) for end in (scaled.lo, scaled.hi)])
            value = scaled.where(scales, value)
            error = np.where(scales, 0.0, error)
        return Number(value, center, apart.where(center != 0, value), a.same & b.same).widened(error).settled()

    def survives(self, value: Interval) -> Bools:
        """Where no number but 0 can be flushed to 0, or where that is among the numbers."""
        least = np.maximum(np.maximum(value.lo, -value.hi), 0.0)
        return np.asarray((least == 0) | (least >= self.tiny))

    def _divide(self, a: "Number", b: "Number") -> "Number":
        """By what may be 0, nothing is known."""
        apart_from_0 = (b.value.lo > 0) | (b.value.hi < 0)
        nothing = point(np.full(b.center.shape, np.nan))
        inverse = Interval(np.nextafter(1 / b.value.hi, -np.inf), np.nextafter(1 / b.value.lo, np.inf))
        value = (a.value * inverse.where(apart_from_0, ONE)).where(apart_from_0, nothing)
        found = Number.of(value + around(self.rounding(value.size) * (1 + SLACK)), a.same & b.same)
        return a.where(b.value.exactly(1), found)

    def _sigmoid(self, z: "Number") -> "Number":
        value, rest = self.sigmoid(z.value)
        high = z.value.lo > 0
        same = z.value.exactly(2) | (value.lo == value.hi)
        return Number(value, np.where(high, 1.0, 0.0), (-rest).where(high, value), same)

    def _tanh(self, z: "Number") -> "Number":
        """Near 1, near -1, or neither; of what is near 1 itself, near tanh 1."""
        value, rest = self.tanh(z.value)
        _, mirrored = self.tanh(-z.value)
        high, low, one = z.value.lo > 0.5, z.value.hi < -0.5, z.center == 1
        apart = self.tanh_beyond_1(z.apart).where(one, (-rest).where(high, mirrored.where(low, value)))
        center = np.where(one, TANH, np.where(high, 1.0, np.where(low, -1.0, 0.0)))
        apart = ZERO.where((value.lo == value.hi) & (value.lo == center), apart)
        return Number(value, center, apart, z.value.exactly(1) | (value.lo == value.hi))

    def _relu(self, z: "Number") -> "Number":
        cut = Interval(np.maximum(z.value.lo, 0.0), np.maximum(z.value.hi, 0.0))
        return z.where(z.value.lo >= 0, Number.of(cut, z.same))

    def _max(self, a: "Number", b: "Number") -> "Number":
        most = Interval(np.maximum(a.value.lo, b.value.lo), np.maximum(a.value.hi, b.value.hi))
        return a.where(a.value.lo >= b.value.hi, b.where(b.value.lo >= a.value.hi, Number.of(most, a.same & b.same)))

    def _exp(self, z: "Number") -> "Number":
        """1 at 0, not below 0; elsewhere a machine's is right but for 8 roundings, or 0 for what is tiny."""
        power = exp(z.value)
        value = power + around(self.rounding(8 * power.size))
        value = Interval(np.maximum(value.lo, 0.0), value.hi)
        return Number.of(ONE.where(z.value.exactly(0), value))

    def _logsigmoid(self, z: "Number") -> "Number":
        """log sigmoid(z) = -log(1 + e^-z), with the same error."""
        value = _widened(-np.logaddexp(0.0, -z.value.lo), -np.logaddexp(0.0, -z.value.hi), SLACK)
        value = value + around(self.rounding(8 * value.size))
        return Number.of(Interval(value.lo, np.minimum(value.hi, 0.0)))

    def sum(
        self,
        numbers: Sequence[Array],
        products: Sequence[tuple[Array, Interval]],
        small: Array,
        count: Array,
        totals: "Totals | None" = None,
    ) -> tuple[Interval, Array]:
        """A sum of numbers and of weights times signals, and of `count` terms more that are together at most `small`.

        Returns where the machine's sum lies, and a bound of its error alone; both are NaN, which shows nothing, where
        the machine may overflow.

        Rounding to nearest never turns an order round, so a sum is not below its value with every term at its lowest,
        and the error need only be bounded there (and at the highest). With L terms of any size, and small ones:
          * a product is rounded once, and adding two parts that both hold a large term happens L - 1 times, each time
            off by at most u / (1 + u) of the result; the last result is the sum itself, and those before it are off
            by (1 + u / (1 + u))^(L - 2) - 1 of all sizes together;
          * a part of small terms alone is at most (1 + u)^count of their sum; adding it to another part a is off by at
            most itself, since a is a number (|fl(a+b) - (a+b)| <= |b|), and by at most u of the result.
        Terms that are 0 are free. Where all are known, and multiples of a power of two that is at least u of all sizes
        together, every part is a number, and nothing is rounded.
        """
        terms = [(point(n), False) for n in numbers] + [(point(w) * signal, True) for w, signal in products]
        more = totals or Totals(np.zeros(1), np.zeros(1), np.zeros(1))
        terms.append((around(more.own) + point(more.value), False))
        total = ZERO
        for term, _ in terms:
            total = total + term
        exact = more.exact([term for term, _ in terms], small, self)
        total = point(sum(term.lo for term, _ in terms)).where(exact, total)
        u = self.u / (1 + self.u)
        grown = np.exp(self.u * (count + len(terms)))
        small = (small * (1 + u) + np.minimum(small, count * self.tiny)) * grown
        errors = []
        for end in ("lo", "hi"):
            sizes = [np.abs(getattr(term, end)) for term, _ in terms]
            value, every = np.abs(getattr(total, end)), sum(sizes[:-1], np.maximum(more.size, sizes[-1]))
            large = sum((size != 0 for size in sizes[:-1]), more.count)
            rounded: Any = sum(self.rounding(size) for size, (_, product) in zip(sizes, terms, strict=True) if product)
            shadow = small + np.minimum(small, self.u * count * grown * (every + 2 * small))
            n = np.maximum(large - 2, 0)
            many = n * u + 0.6 * (n * u) ** 2  # (1 + u)^n - 1, for nu < 1/4
            early = rounded + many * (every + rounded) + (1 + many) * shadow + n * self.tiny
            last = u * (np.minimum(every, value) + early) + np.where(value > early + self.tiny, 0.0, self.tiny)
            # The error is itself computed with some dozen roundings, all of positive numbers, and `grown`.
            error = np.where(np.isinf(value), 0.0, (early + np.where(large > 1, last, 0.0)) * (1 + SLACK))
            error = np.where(exact, 0.0, error)
            errors.append(np.where((every + small > self.largest / 2) & np.isfinite(value), np.inf, error))
        # At one end overflow only means infinity (no part of the sum is further out); at both it may mean no number.
        low, high = (np.where(np.isinf(errors[0]) & np.isinf(errors[1]), np.nan, error) for error in errors)
        return total + Interval(-low, high), np.maximum(low, high)


@dataclass(frozen=True, eq=False)
class Totals:
    """Many terms of a sum that are known but for their roundoff: their total, their sizes, and how many there are.

    quantum   a power of two that all numbers and weights of the sum are multiples of; 0 where that is not known
    """

    value: Array
    size: Array
    count: Array
    quantum: float = 0.0

    def exact(self, terms: list[Interval], small: Array, contract: Contract) -> Bools:
        """Where neither the machine nor we round anything."""
        step, u = self.quantum, max(contract.u, 2.0**-53)
        if not step >= max(contract.tiny, LEAST):
            return np.zeros(1, np.bool_)
        known = [(term.lo == term.hi) & (np.fmod(term.lo, step) == 0) for term in terms]
        sizes = sum((np.abs(term.lo) for term in terms[:-1]), np.maximum(self.size, np.abs(terms[-1].lo)))
        fits = [small == 0, sizes * u <= step, np.abs(self.value) <= self.size]
        return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*known, *fits)))

    @property
    def own(self) -> Array:
        """How far our own adding up may be off."""
        exact = self.size <= self.quantum * 2.0**53
        return np.where(exact, 0.0, self.size * self.count * 2.0**-52)


def quantum(*values: Array) -> float:
    """The largest power of two that all the numbers are multiples of; 1 where all are 0."""
    every = np.concatenate([np.ravel(each) for each in values])
    part, exponent = np.frexp(every[every != 0])
    digits = np.abs(np.ldexp(part, 53).astype(np.int64))
    lowest = np.ldexp((digits & -digits).astype(np.float64), exponent - 53)
    return float(lowest.min(initial=1.0 if not len(part) else np.inf))


INF = math.inf
_APPROXIMATE = (2.0**-24, 6e-7, 6e-7, 6e-7, 6e-7, INF, INF, INF, INF, INF)
_OF_SINGLE = (2.0**-24, 2.3e-7, 6.5e-8, 4.1e-7, 6e-8, 20, 20, 104, 20, 1.01)
_SINGLE = (24, -149, 2.0**-126, 3.4e38)
CONTRACTS = {
    contract.name: contract
    for contract in (
        # name, u, errors of sigmoid and at 2 and of tanh and at 1, sigmoid 1 and small and 0 and tanh 1 from, slope,
        # tolerance, bits, least, tiny, largest
        Contract("exact", 0.0, 0.0, 0.0, 0.0, 0.0, INF, INF, INF, INF, 1.0, 1e-9, 53),
        Contract(
            "float64", 2.0**-53, 3.5e-8, 6e-8, 4.1e-7, 6e-8, 40, 40, INF, 22, 1.01, 1e-5, 53, -1074, 2**-1022, 1.7e308
        ),
        Contract("float32", *_OF_SINGLE, 1e-5, *_SINGLE, scaled=True),
        Contract("float16", 2.0**-11, 9e-4, 5.5e-4, 3.1e-4, 3e-4, 20, 20, 20, 20, 1.01, 6e-2, 11, -24, 2**-14, 65504.0),
        Contract(
            "bfloat16", 2.0**-8, 6.5e-3, 2.6e-3, 2.5e-3, 2e-3, 20, 20, 104, 20, 1.01, 0.4, 8, -133, 2.0**-126, 3.38e38
        ),
        Contract("approximate", *_APPROXIMATE, 5e-4, *_SINGLE, per_cell=1e-4, at_zero=6e-7),
        Contract("int8-weights", *_OF_SINGLE, 6e-2, *_SINGLE, levels=127),
    )
}


@dataclass(frozen=True, eq=False)
class Claim:
    """What the certificate claims under a contract. Boxes are arrays of two: for cells of class 0 and of class 1.

    on, off           for each state how far it is from what it is about, while a cell is on, and while it is off
    top               the largest number of the format that memory can be while the cell is on
    Bounded, for class 1: a move that finds a cell as it leaves it, on or off, need not land in its box at once.
    entry, entry_off  where the other moves land
    drift, rise       by how much such a move may change memory; by how much raise it where cells are ORs and it counts
    accumulates       whether memory is kept in every move, so that this counts all of them
    """

    contract: Contract
    cell: Cell
    bound: int | None
    margin: float
    probabilities: float | None
    on: dict[str, Interval]
    off: dict[str, Interval]
    entry: Interval
    entry_off: Interval
    top: Array
    drift: float
    rise: float

    @classmethod
    def of(cls, contract: Contract, data: dict[str, Any], cell: Cell, counts: bool, report: Report) -> "Claim":
        name, bound, bounded = contract.name, data["bound"], data["verdict"] == "bounded"
        parts = {"verdict", "bound", "margin", "probabilities", "boxes", "entry", "entry_off", "drift", "rise"}
        demand(set(data) == parts and (bounded or data["verdict"] == "every-length"), f"{name}: no verdict")
        fits = type(bound) is int and 0 < bound <= MOST_TIMES if bounded else bound is None
        demand(fits, f"{name}: no bound, or one too much")

        first, second = data["boxes"]
        for each in (first, second):
            fits = each.keys() == {"on", "off"} and all(part.keys() == set(cell.state) for part in each.values())
            demand(fits, f"{name}: a box has other parts than the cell's states")

        def box(kind: str, state: str) -> Interval:
            ends = [_ends(each[kind][state]) for each in (first, second)]
            return Interval(*np.array(ends, np.float64).T)

        on, off = ({state: box(kind, state) for state in cell.state} for kind in ("on", "off"))
        entry, entry_off = entries = [Interval(*np.array(_ends(data[part]))) for part in ("entry", "entry_off")]
        top = [contract.highest(hi + cell.holds - 1) for hi in on[cell.memory].hi.tolist()]
        chances = _end(data["probabilities"], None)
        margin, drift, rise = (_end(data[part], INF) for part in ("margin", "drift", "rise"))
        boxes = [*on.values(), *off.values(), *entries]
        fits = all((each.lo <= each.hi).all() for each in boxes) and drift >= 0 and rise >= 0
        # A number may be flushed to 0 wherever it is not held near 1, so what is off must hold 0: then what the machine
        # flushes is still in the box, and so is all that follows from it, since 0 leads to 0 or to less than it did.
        holds = all(((each.lo <= 0) & (each.hi >= 0)).all() for each in (*off.values(), entry_off))
        demand(fits and holds and 0 < margin < INF, f"{name}: a box is empty, or does not hold 0, or no margin")
        of = contract, cell, bound, margin, chances, on, off, entry, entry_off
        claim = cls(*of, np.array(top), drift, rise)
        if bounded:
            claim._check_bound(counts, report)
        return claim

    def _check_bound(self, counts: bool, report: Report) -> None:
        """After `bound` moves, each of which changes it by at most `drift` (or `rise`), memory is still in its box.

        A memory above 1 is not lowered below what is left of 1, so its lowest begins at 1 at most.
        """
        times = self.bound or 0
        on, off = self.on[self.cell.memory], self.off[self.cell.memory]
        entry, entry_off, up = self.entry, self.entry_off, max(self.drift, self.rise) if counts else self.drift
        if self.accumulates:  # what drifted while off goes on while on
            entry = entry_off = Interval(np.minimum(entry.lo, entry_off.lo), np.maximum(entry.hi, entry_off.hi))
        for end, start, change in (
            (-on.lo[1], -np.minimum(entry.lo, 0.0), self.drift),
            (on.hi[1], entry.hi, up),
            (-off.lo[1], -entry_off.lo, self.drift),
            (off.hi[1], entry_off.hi, self.drift),
        ):
            moves = np.isfinite(start) and np.isfinite(change)
            if np.isfinite(end) and not (moves and Fraction(float(start)) + times * Fraction(change) <= float(end)):
                report(f"{self.contract.name}: bound", f"{start} leaves its box, {self.bound} times moved by {change}")

    @property
    def accumulates(self) -> bool:
        return self.cell.recurrence[0] == ("number", 1.0)

    @property
    def signal(self) -> Interval:
        """The signal of a cell that is on, by class."""
        return meant(self.cell.active) + self.on[self.cell.state[0]]

    @property
    def dim(self) -> Array:
        """How far the signal of a cell that is off may be from what it is about, by class."""
        return self.off[self.cell.state[0]].size


def _ends(pair: Any) -> tuple[float, float]:
    """Both ends of a box; null where there is none."""
    low, high = pair
    return _end(low, -INF), _end(high, INF)


def _end(value: Any, otherwise: Any) -> Any:
    demand(value is None or type(value) is float, f"{value!r:.40} is no number")
    return otherwise if value is None else value


# ---------------------------------------------------------------------------------------------------------------------
# 6. Situations: all that a cell can see
# ---------------------------------------------------------------------------------------------------------------------

BEFORE, DEAD = -1, 0  # configurations: before the first symbol, and dead; k >= 1 is "cell k is on"
SOME = -2  # cell by cell: one or more of the cells that the write filter reads
MIXED = 2  # in place of a class: cells of either one
BLOCK = 1 << 20  # cases looked at together
MOST_TIMES = 10**300  # that a bound may be: float64 holds no more


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

    def __getitem__(self, n: int) -> str:
        when = {BEFORE: "before the first symbol", 0: "when no cell that it reads is on"}
        other = int(self.other[n])
        return f"cell {self.cell[n]} at symbol {self.symbol[n]} {when.get(other, f'when cell {other} is on')}"


class Wiring:
    """Which cells each cell reads. A pair is a cell with another cell that it reads, or with itself.

    The numbers of cells, inputs (H, S) and pairs are equal where all weights behind them are; what cells that are off
    may add is rounded up to a 16th first, so that few different numbers are left of many cells.
    """

    def __init__(self, network: Network, classes: Ints) -> None:
        gates, size, self.symbols = network.inputs.shape
        self.gates, self.size, self.classes = gates, size, classes
        gate, row, column = network.gate, network.row, network.column
        self.first, others = (gate[column == 0], row[column == 0]), column != 0
        self.is_first = ~others
        readers = np.unique(gate[others & (row != column)])
        self.filter = int(readers[0]) if len(readers) == 1 else -1  # the one test that reads other cells
        itself = np.arange(1, size) * (size + 1)
        self.keys, place = np.unique(np.append(row[others] * size + column[others], itself), return_inverse=True)
        self.place = place[: others.sum()], gate[others]
        self.cell, self.other = np.divmod(self.keys, size)
        self.itself = np.append(-1, np.searchsorted(self.keys, itself))
        # What cells that are off can add: sums of |weight| by class, and how many. A sum of up to 2^20 positive
        # numbers, one after another, is off by at most 2^20 half units in the last place.
        slot = row[others] * gates + gate[others]
        sums = np.bincount(slot * 2 + classes[column[others]], np.abs(network.value[others]), size * gates * 2)
        self.sums = sums.reshape(size, gates, 2) * (1 + 2.0**-30)
        self.off = _coarse(self.sums)
        self.count = _coarse(np.bincount(slot, minlength=size * gates).reshape(size, gates))
        biases, inputs, started, weights = self.weights(network)
        columns = [*biases, started, self.off[..., 0], self.off[..., 1], self.count, classes[:, None]]
        if network.cell.idle:  # then what is off is added up, too, in whatever format a machine holds it
            columns.append(self._alike(network)[:, None])
        self.cell_number = numbered(*np.concatenate(columns, 1).T, np.arange(size) == 0)
        self.input_number = numbered(*inputs.reshape(size * self.symbols, gates).T).reshape(size, self.symbols)
        self.pair_number = numbered(*weights[:-1].T, classes[self.other], self.other == self.cell)

    def _alike(self, network: Network) -> Array:
        """A number for each cell, the same for cells whose tests have the same weights on others than `started`."""
        others = ~self.is_first
        row, gate, value = network.row[others], network.gate[others], network.value[others]
        order = np.lexsort((value, gate, row))
        ends = np.searchsorted(row[order], np.arange(self.size + 1)).tolist()
        pairs = np.stack([gate[order].astype(np.float64), value[order]], 1)
        known: dict[bytes, int] = {}
        parts = (pairs[low:high].tobytes() for low, high in pairwise(ends))
        return np.array([known.setdefault(part, len(known)) for part in parts], np.float64)

    def totals(self, held: Network) -> list[Array]:
        """The weights of each cell's tests on others than `started`: their totals, their sizes, their number (H, G)."""
        others, shape = ~self.is_first, (self.size, self.gates)
        slot, value = held.row[others] * self.gates + held.gate[others], held.value[others]
        found = [
            np.bincount(slot, each, self.size * self.gates) for each in (value, np.abs(value), np.ones_like(value))
        ]
        return [each.astype(np.float64).reshape(shape) for each in found]

    def weights(self, held: Network) -> tuple[Array, Array, Array, Array]:
        """Biases (2, H, G), inputs (H, S, G), weights on `started` (H, G), weights of pairs (pairs + 1, G), last 0."""
        started, weights = np.zeros((self.gates, self.size)), np.zeros((len(self.keys) + 1, self.gates))
        started[self.first] = held.value[self.is_first]
        weights[self.place] = held.value[~self.is_first]
        return held.biases.transpose(0, 2, 1), held.inputs.transpose(1, 2, 0), started.T, weights


def numbered(*columns: Any) -> Ints:
    """A number for each row of the columns; rows have the same number exactly where they are equal."""
    result: Ints = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        result = np.unique(result * len(values) + place, return_inverse=True)[1]
    return result


def _coarse(values: NDArray[Any]) -> Array:
    part, exponent = np.frexp(values)
    return np.asarray(np.ldexp(np.ceil(part * 32) / 32, exponent))


def blocks(numbers: Ints, symbols: int) -> list[Ints]:
    """The numbers in parts that, with each of the symbols, make up to BLOCK cases."""
    height = max(1, BLOCK // symbols)
    return np.split(numbers, range(height, len(numbers), height))


def _listed(kind: str, names: list[str]) -> str:
    """One of that kind, or each of several; some stand for many."""
    names = [printable(name) for name in dict.fromkeys(names)]
    more = " and others" if len(names) > 5 else ""
    return f"{kind} {names[0]}" if len(names) == 1 else f"each of the {kind}s {', '.join(names[:5])}{more}"


def _times(bound: int) -> str:
    return f"{bound}" if bound < 10_000 else f"about {bound:.1e}".replace("e+", "·10^").replace("^0", "^")


class Steps:
    """The obligations of the step, the same for every contract; each kind of automaton has its own.

    cells (H,)       the automaton's state of each cell, -1 for `started`
    configurations   the cells that are ever on
    """

    situations: Situations

    def __init__(self, network: Network, automaton: Automaton, proof: dict[str, Any]) -> None:
        self.automaton = automaton
        self.cells = np.array(integers(proof["cells"], -1, len(automaton.moves)), np.int64)
        classes = np.array(integers(proof["classes"], 0, 2), np.int64)
        demand(len(self.cells) == len(classes) == network.inputs.shape[1], "not as many cells as the network has")
        named = self.cells[0] == -1 and (self.cells[1:] >= 0).all()
        demand(named, "cell 0 must be `started`, the others of states")
        self.alphabet = network.alphabet
        self.names: list[list[str]] = [[] for _ in automaton.moves]  # what the map says each state stands for
        for names, _, state in proof["map"]:
            self.names[state] += names
        self.wiring = Wiring(network, classes)
        self.configurations: Ints = np.arange(1, len(self.cells))

    def check(self, held: Network, claim: Claim, report: Report) -> tuple[bool, str | None]:
        """Report what does not hold.

        Returns whether all that are on show one number, as a machine's tanh(1); and of a bounded claim what it counts.
        """
        raise NotImplementedError

    def counted(self, drifts: Bools, claim: Claim) -> str | None:
        """What may happen `bound` times in a row, in words; `drifts` says in which situations memory drifts.

        While no cell drifts that is off, a cell that drifts is on, and then its state is kept. Else the count is of the
        symbols at which any cell drifts.
        """
        if claim.bound is None:
            return None
        s, w = self.situations, self.wiring
        if claim.accumulates or (s.cell[drifts] == 0).any():  # `started` is on, and kept, whatever is read
            return f"{_times(claim.bound)} symbols may be read"
        if not drifts.any():
            return "no memory drifts, whatever is read"
        like = numbered(w.cell_number.repeat(w.symbols), w.input_number.ravel()).reshape(w.size, w.symbols)
        cell, symbol = np.nonzero(np.isin(like, like[s.cell[drifts], s.symbol[drifts]]))
        more = "" if self.automaton.deterministic else ", or kept and written again,"
        times = _times(claim.bound)
        if s.own[drifts].all():
            names = [name for q in np.unique(self.cells[cell]).tolist() for name in self.names[q]]
            return f"{_listed('state', names)} may be kept{more} {times} times in a row"
        names = [self.alphabet[x] for x in np.unique(symbol).tolist()]
        return f"{_listed('symbol', names)} may be read {times} times in a row"


class Deterministic(Steps):
    """At most one cell is on besides `started`; the certificate names the successor of each configuration.

    What a cell does depends on the one cell that is on only where it reads that cell, or is it. So the situations of
    a cell are, for each symbol: before the first one; none of the cells that it reads is on (dead among them); and
    each of the cells that it reads.
    """

    def __init__(self, network: Network, automaton: Automaton, proof: dict[str, Any], report: Report) -> None:
        super().__init__(network, automaton, proof)
        size, symbols = len(self.cells), self.wiring.symbols
        rows = triples(proof["successors"], (-1, size), (0, symbols), (1, size))
        self.to = np.zeros((size + 1, symbols), np.int64)  # the last row, number -1, is BEFORE
        self.to[rows[:, 0], rows[:, 1]] = rows[:, 2]
        demand(np.count_nonzero(self.to) == len(rows), "a successor is named twice")
        demand(not self.to[DEAD].any(), "the dead configuration has a successor")
        reached = np.zeros(size + 1, np.bool_)
        new = np.array([BEFORE])
        while len(new):
            reached[new] = True
            new = np.unique(self.to[new])
            new = new[~reached[new]]
        self.configurations = np.flatnonzero(reached[1:-1]) + 1
        every = np.append(BEFORE, self.configurations)
        state = np.where(every == BEFORE, automaton.initial[0], self.cells[every])
        for n, x in np.argwhere(
            self.cells[self.to[every]] != automaton.following(state)
        ).tolist():  # -1: dead, and no move
            report("successors", f"configuration {every[n]} at symbol {x} does not lead where the automaton moves")
        cell, symbol, pair, other = self._distinct(reached)
        self.after = (self.to[other, symbol] == cell) | (cell == 0)
        before = other == BEFORE
        own = np.where(cell == 0, ~before, other == cell)
        across = (len(cell), self.wiring.gates)
        pair, box = (np.broadcast_to(each[:, None], across) for each in (pair, self.wiring.classes[other]))
        self.situations = Situations(cell, symbol, other, own, before, pair, box)

    def _cases(self, reached: Bools) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """All cases, many at a time: cell, symbol, pair or -1, configuration."""
        w = self.wiring
        for block in blocks(np.flatnonzero(reached[w.other]), w.symbols):
            pair, symbol = np.repeat(block, w.symbols), np.tile(np.arange(w.symbols), len(block))
            yield w.cell[pair], symbol, pair, w.other[pair]
        cell, symbol = (grid.ravel() for grid in np.indices((w.size, w.symbols)))
        none = np.full_like(cell, -1)
        yield cell, symbol, none, np.full_like(cell, BEFORE)
        yield cell, symbol, none, np.full_like(cell, DEAD)  # and all others in which the cell is off afterwards
        after = self.to[cell, symbol]  # a cell may be on after one that it does not read
        unread = reached[cell] & ~np.isin(after * w.size + cell, w.keys)
        yield after[unread], symbol[unread], none[unread], cell[unread]

    def _distinct(self, reached: Bools) -> Ints:
        """Of all cases with the same numbers and the same outcome one, (4, n)."""
        w = self.wiring
        inputs, pairs = (int(number.max(initial=0)) + 1 for number in (w.input_number, w.pair_number))
        refuse_more("cases", (len(w.keys) + 3 * w.size) * w.symbols)
        demand(
            (int(w.cell_number.max()) + 1) * inputs * (pairs + 2) * 2 < 2**62, "there are too many different weights"
        )
        pair_number = np.append(w.pair_number + 2, 0)
        keys, cases = np.zeros(0, np.int64), np.zeros((4, 0), np.int64)
        for cell, symbol, pair, other in self._cases(reached):
            after = (self.to[other, symbol] == cell) | (cell == 0)
            kind = pair_number[pair] + (other == BEFORE)
            key = ((w.cell_number[cell] * inputs + w.input_number[cell, symbol]) * (pairs + 2) + kind) * 2 + after
            key, first = np.unique(key, return_index=True)
            found = np.stack([cell[first], symbol[first], pair[first], other[first]])
            keys, first = np.unique(np.append(keys, key), return_index=True)
            cases = np.concatenate([cases, found], 1)[:, first]
        return cases

    def check(self, held: Network, claim: Claim, report: Report) -> tuple[bool, str | None]:
        landing = step(self.situations, self.wiring, held, claim, counts=False)
        for n in np.flatnonzero(np.where(self.after, ~landing.on, ~landing.off)).tolist():
            box = "on" if self.after[n] else "off"
            report(f"{claim.contract.name}: step", f"{self.situations[n]}: does not land in its box '{box}'")
        drifts = np.where(self.after, landing.drifts_on, landing.drifts_off)
        shown = landing.shown[self.after]
        one = landing.same[self.after].all() and (shown.lo == shown.lo[0]).all() and (shown.hi == shown.hi[0]).all()
        return bool(one), self.counted(drifts, claim)


class CellByCell(Steps):
    """Any set of cells may be on. Each cell must be an OR of others, which it may also keep:

        on afterwards   if and only if   (the symbol is in X and some cell that its write filter reads is on)
                                    or   (the symbol is in L and it is on itself)

    The weights of its write filter (or of the one test that reads others) are not negative, so of all ways in which
    one or more are on, exactly one, and off as low as can be, is the lowest: rounding never turns an order round. X and
    L are found by looking; then all cells of a state together must do what the automaton's moves into it say.
    """

    KINDS = ("before the first symbol", "none is on", "some it reads are on", "it is on itself", "both")

    def __init__(self, network: Network, automaton: Automaton, proof: dict[str, Any], report: Report) -> None:
        super().__init__(network, automaton, proof)
        demand("successors" not in proof, "successors of an automaton that is not deterministic")
        w, gate, row, column, value = self.wiring, network.gate, network.row, network.column, network.value
        demand(network.cell.idle == 0, "cells that show something while they are off, in any number of them")
        filters = (gate == w.filter) & (column != 0)
        demand((value[filters] >= 0).all(), "a test reads cells with a weight below 0: it is no OR")
        alone = (column == 0) | (column == row) | ((gate == w.filter) & (row != 0))
        demand(alone.all(), "`started`, or a second test of a cell, reads another cell")
        order = np.flatnonzero(filters)[np.lexsort((value[filters], row[filters]))]
        row, column = row[order], column[order]
        self.read_by = np.split(column, np.searchsorted(row, np.arange(1, w.size)))
        self.reads = np.bincount(row, minlength=w.size)
        self.reads_itself = np.bincount(row[row == column], minlength=w.size) > 0
        least = np.full(w.size, -1)  # the pair with the least weight of each write filter
        reader, first = np.unique(row, return_index=True)
        least[reader] = np.searchsorted(w.keys, reader * w.size + column[first])
        of_class = [np.bincount(row, w.classes[column] == k, w.size) > 0 for k in (0, 1)]
        read = np.where(of_class[0] & of_class[1], MIXED, of_class[1])
        weights = w.weights(network)[3]
        group = numbered(w.cell_number, *weights[w.itself].T, *weights[least].T, read, self.reads, self.reads_itself)
        number = numbered(group.repeat(w.symbols), w.input_number.ravel())  # cells and symbols that are alike
        _, first = np.unique(number, return_index=True)
        cell, symbol = np.tile(np.divmod(first, w.symbols), len(self.KINDS))
        every = np.arange(len(self.KINDS))
        kind, self.like = every.repeat(len(first)), np.add.outer(every * len(first), number)
        own = (kind >= 3) | ((cell == 0) & (kind > 0))
        pair = np.where(own, w.itself[cell], -1)[:, None].repeat(w.gates, 1)
        reading = (kind == 2) | (kind == 4)
        box = w.classes[cell][:, None].repeat(w.gates, 1)
        if w.filter >= 0:
            pair[reading, w.filter] = least[cell[reading]]
            box[:, w.filter] = read[cell]
        some = np.where(self.reads[cell] > 1, SOME, np.append(w.other, SOME)[least[cell]])  # some of one is that one
        other = np.choose(kind, [BEFORE, 0, some, cell, some])
        self.situations = Situations(cell, symbol, other, own, kind == 0, pair, box)
        self.problems: dict[tuple[bytes, bytes, bytes], list[str]] = {}  # by what was found to be written, kept, first

    def check(self, held: Network, claim: Claim, report: Report) -> tuple[bool, str | None]:
        what, shape = f"{claim.contract.name}: step", (5, self.wiring.size, self.wiring.symbols)
        landing = step(self.situations, self.wiring, held, claim, counts=True)
        lands_on, lands_off = landing.on[self.like].reshape(shape), landing.off[self.like].reshape(shape)
        possible = np.ones(shape, np.bool_)
        possible[2] = (self.reads > self.reads_itself)[:, None]
        possible[3] = ~self.reads_itself[:, None]  # of a cell that reads itself "it is on" is one of "some it reads"
        possible[4] = (self.reads > 0)[:, None]
        for kind, m, x in np.argwhere(possible & ~lands_on & ~lands_off).tolist():
            report(what, f"cell {m} at symbol {x}, {self.KINDS[kind]}: lands in neither of its boxes")
        first, none, others, itself, both = lands_on
        written, kept = np.where(possible[2], others, both & ~possible[3]), itself & possible[3]
        wrong = none | (possible[4] & (both != (written | kept)))
        wrong[0] = ~(first[0] & none[0])
        for m, x in np.argwhere(wrong).tolist():
            report(what, f"cell {m} at symbol {x} is on out of nothing, or not as an OR")
        parts = written.tobytes(), kept.tobytes(), first.tobytes()
        if parts not in self.problems:
            self.problems[parts] = list(self._not_the_automaton(written, kept, first))
        for problem in self.problems[parts]:
            report(what, problem)
        drifts = np.where(landing.on, landing.drifts_on, landing.drifts_off)
        drifts[np.setdiff1d(self.like, self.like.reshape(shape)[possible])] = False
        return False, self.counted(drifts, claim)

    def _not_the_automaton(self, written: Bools, kept: Bools, first: Bools) -> Iterator[str]:
        """Each part must be a move of the automaton, and together all its moves between states that have cells."""
        of: list[list[int]] = [[] for _ in self.automaton.moves]
        for m, q in enumerate(self.cells.tolist()[1:], start=1):
            of[q].append(m)
        into: list[set[tuple[int, int]]] = [set() for _ in of]
        for p, moves in enumerate(self.automaton.moves):
            for x, targets in moves.items():
                for q in targets:
                    into[q].add((p, x))
        for q, cells in enumerate(of):
            done = {(q, x) for x in np.flatnonzero(kept[cells].all(0)).tolist()} if cells else set()
            parts = {(q, x) for x in np.flatnonzero(kept[cells].any(0)).tolist()}
            for m in cells:
                symbols, sources = np.flatnonzero(written[m]).tolist(), set(self.cells[self.read_by[m]].tolist())
                if symbols and len(self.read_by[m]) != sum(len(of[p]) for p in sources):
                    yield f"cell {m} reads some cells of a state, and not all"
                elif len(sources) * len(symbols) > len(into[q]):
                    yield f"cell {m} is written by more than the moves into state {q}"
                else:
                    done |= {(p, x) for p in sources for x in symbols}
            if not done | parts <= into[q]:
                yield f"a cell of state {q} is on after what is no move into it"
            if not {(p, x) for p, x in into[q] if of[p]} <= done:
                yield f"no cell of state {q} is on after some move into it"
        after: list[set[int]] = [set() for _ in range(self.wiring.symbols)]
        for p in self.automaton.initial:
            for x, targets in self.automaton.moves[p].items():
                after[x] |= set(targets)
        for x, states in enumerate(after):
            if states != {int(self.cells[m]) for m in np.flatnonzero(first[:, x]) if m}:
                yield f"the first symbol {x} does not lead where the automaton moves"


# ---------------------------------------------------------------------------------------------------------------------
# 7. Step: from boxes to boxes
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Landing:
    """Where one step of the network lands, in each situation.

    on, off      whether in the cell's box "on", and whether in its box "off"
    drifts_on    whether it lands there only as what finds the cell as it leaves it; `drifts_off` likewise
    same, shown  whether the signal is one number, the same in every cell that shows the same; and where that lies
    """

    on: Bools
    off: Bools
    drifts_on: Bools
    drifts_off: Bools
    same: Bools
    shown: Interval


def step(s: Situations, w: Wiring, held: Network, claim: Claim, counts: bool) -> Landing:
    """One step of the network from each situation.

    counts   whether a cell that is on may be written again, so that its memory counts up
    """
    cell, contract, kind = claim.cell, claim.contract, w.classes[s.cell]
    memory, drift = cell.memory, claim.drift
    gates = _gates(s, w, held, claim)
    before = {}
    for name, (active, idle) in cell.about.items():
        box = claim.on[name][kind].where(s.own, claim.off[name][kind])
        number = Number.at(np.where(s.own, active, idle), box)
        if name == memory:
            number.value.hi[:] = np.where(s.own, np.minimum(number.value.hi, claim.top[kind]), number.value.hi)
        before[name] = Number.of(ZERO.where(s.before, point(np.zeros(len(kind))))).where(s.before, number)
    m, after = _run(cell, contract, gates, before)
    on, off = _within(claim, kind, after)
    drifts_on = drifts_off = np.zeros_like(on)
    if claim.bound is not None:
        # A move that finds a cell of class 1 as it leaves it changes memory a little, and the signal is that of any
        # memory in the box. All other moves enter.
        here = m.after.center == cell.holds
        box = claim.on[memory][kind].where(here, claim.off[memory][kind])
        _, any_of_box = _run(cell, contract, gates, before, Number.at(m.after.center, box))
        stays_on, stays_off = _within(claim, kind, any_of_box, memory)
        kept = (kind == 1) & (m.taken <= drift)
        up = m.added <= (max(drift, claim.rise) if counts else drift)
        kept_on = kept & up & stays_on & here & (s.own | claim.accumulates)
        on &= (kind == 0) | m.after.less(cell.holds).within(claim.entry)
        drifts_on, on = kept_on & ~on, kept_on | on
        kept_off = kept & (m.added <= drift) & stays_off & ~here & (~s.own | claim.accumulates)
        off &= (kind == 0) | m.after.less(cell.about[memory][1]).within(claim.entry_off)
        drifts_off, off = kept_off & ~off, kept_off | off
    certain = ~np.isnan(gates.lo).any(1)  # nothing overflows
    shown = after[cell.state[0] + PRIME]
    return Landing(on & certain, off & certain, drifts_on, drifts_off, shown.same, shown.value)


def _run(
    cell: Cell, contract: Contract, gates: Interval, before: dict[str, Number], remembered: Number | None = None
) -> tuple["Memory", dict[str, Number]]:
    """The memory, and all lines of the equations, after a step; with another memory, where one is `remembered`."""
    values = dict(before)
    for name, term in cell.of_cells.items():
        summed = Number.of(gates[:, cell.tests.index(name)]) if name in cell.tests else None
        if name == cell.memory + PRIME:
            kept, new = (contract.evaluate(part, values, summed) for part in cell.recurrence)
            found = _memory(cell, contract, before[cell.memory], kept, new)
            values[name] = remembered or found.after
        else:
            values[name] = contract.evaluate(term, values, summed)
    return found, values


def _within(claim: Claim, kind: Ints, after: dict[str, Number], but: str = "") -> tuple[Bools, Bools]:
    """Where every state `but` one lands in its box "on", and where in its box "off"."""
    on, off = (np.ones(len(kind), np.bool_) for _ in range(2))
    for name, (active, idle) in claim.cell.about.items():
        if name != but:
            number = after[name + PRIME]
            on &= number.less(active).within(claim.on[name][kind])
            off &= number.less(idle).within(claim.off[name][kind])
    return on, off


def _gates(s: Situations, w: Wiring, held: Network, claim: Claim) -> Interval:
    """What each test adds up before it is squashed, (n, G); NaN where the machine may overflow."""
    contract, signal, quiet = claim.contract, claim.signal, s.before[:, None]  # before, all signals are 0
    biases, inputs, started, weights = w.weights(held)
    mixed = Interval(np.append(signal.lo, signal.lo.min()), np.append(signal.hi, signal.hi.max()))
    # What is off counts with the weights as stored: held, each is larger by at most 2^-8 of it, or by half a level.
    level = max(np.abs(held.value).max(initial=0.0) / contract.levels if contract.levels else 0.0, 2.0**contract.least)

    def off(sums: Array, count: Array) -> Array:
        largest = sums * (1 + 2.0**-7) + np.where(sums > 0, count[..., None] * level, 0.0)
        # Of two sums; each is larger by 2^-30 than it must be, which covers these roundings.
        return np.asarray(((largest if contract.bits < 53 else sums) * claim.dim).sum(-1))

    count = np.where(quiet, 0.0, w.count[s.cell])
    small = np.minimum(off(w.off[s.cell], count), off(w.sums, w.count).max(0))
    found = []
    on = weights[s.pair, np.arange(w.gates)]
    for n in range(w.gates):
        of_gate = held.gate == n
        step = quantum(held.biases[:, n], held.inputs[n], held.value[of_gate]) if claim.cell.idle.is_integer() else 0.0
        none = np.zeros(len(s.cell))
        totals = Totals(none, none, none, step)
        if claim.cell.idle:
            own = [on[:, n], np.abs(on[:, n]), on[:, n] != 0]
            every = [total[s.cell, n] - each for total, each in zip(w.totals(held), own, strict=True)]
            value, size, number = (np.where(s.before, 0.0, each) for each in every)
            totals = Totals(value * claim.cell.idle, size * abs(claim.cell.idle), number, step)
        total, _ = contract.sum(
            [*biases[:, s.cell, n], inputs[s.cell, s.symbol, n]],  # inputs are 0 and 1
            [
                (started[s.cell, n], ZERO.where(s.before, signal[w.classes[0]])),
                (on[:, n], ZERO.where(s.before, mixed[s.box[:, n]])),
            ],
            np.where(s.before, 0.0, small[:, n]),
            count[:, n],
            totals,
        )
        found.append(Interval(total.lo, np.where((s.other == SOME) & (n == w.filter), np.inf, total.hi)))
    return Interval(*(np.stack([getattr(each, end) for each in found], 1) for end in ("lo", "hi")))


@dataclass(frozen=True, eq=False)
class Memory:
    """Memory after a step; how much a step may take from it (where it counts: from what it holds), and add to it."""

    after: Number
    taken: Array
    added: Array


def _memory(cell: Cell, contract: Contract, c: Number, kept: Number, new: Number) -> Memory:
    """c' = RN(RN(kept c) + new), or with the product fused. C is what c is about, C' what c' is about.

    Three forms of the same number, each precise somewhere; the truth lies in all:
        c' = kept c + new                                    (off)
        c' - C' = kept c + (new - C')                        (written)
        c' - C' = (c - C) - (1 - kept) c + (new - (C' - C))  (kept)
    """
    u, f = contract.u, kept.value
    held, lost = f * c.value, (ONE - f).where(kept.center != 1, -kept.apart) * c.value
    after = held + new.value
    center = np.where(after.lo > cell.holds / 2 + cell.about[cell.memory][1] / 2, *cell.about[cell.memory])
    exact = (np.rint(center) == center) & (np.rint(c.center) == c.center) | (center == c.center)
    moved = new.less(center - c.center).where(exact, new.value - (meant(center) - meant(c.center)))
    apart = (held + new.less(center)) & (c.apart - lost + moved) & (after - meant(center))
    # Rounding. A product with 0 or 1 is exact; a sum with 0 is; else the sum is off by at most either part, or u of it.
    unrounded = f.exactly(1) | f.exactly(0) | c.value.exactly(0) | (c.value.exactly(1) & contract.survives(f))
    units = whole(held) & whole(new.value) & (after.size * u <= 1)

    def error(a: Array, b: Array, total: Array) -> Array:
        return np.where(units, 0.0, _error_of_memory(contract, np.abs(a), np.abs(b), np.abs(total), unrounded))

    ends = ((held.lo, new.value.lo), (held.hi, new.value.hi))
    low_error, high_error = (error(a, b, a + b) for a, b in ends)
    rounding = Interval(-low_error, high_error)
    after, apart = after + rounding, apart + rounding
    # Absorption: what is less than a quarter of the last place of c leaves it as it is. (Below a power of two numbers
    # lie twice as close, so half the distance to the next number is at least u |c| / 2.) So does C' with what is kept.
    most = new.value.size * (1 + 2 * u)
    absorbed = f.exactly(1) & (4 * most < u * c.value.lo) & (center == c.center)
    meets = whole(new.value) & (new.value.lo == center)
    renewed = meets & (4 * held.size * (1 + 2 * u) < u * np.abs(center))
    after = c.value.where(absorbed, meant(center).where(renewed, after))
    apart = c.apart.where(absorbed, ZERO.where(renewed, apart))
    if u:
        # With kept <= 1 memory stops where it absorbs what is added: from 4 most / u on. And where `most` is at most A,
        # a power of two, what is up to A / u stays so: A / u + A lies half way to the next number, and the even one
        # wins.
        part, exponent = np.frexp(most)
        stop = np.ldexp(1.0, exponent - (part == 0.5)) / u
        stop = np.where(c.value.size <= stop, stop, np.maximum(c.value.size, most * (5 / u)))
        stops = (np.abs(f.lo) <= 1) & (f.hi <= 1)
        stop = np.where(stops, stop, np.inf)
        after = (after & around(stop)).where(stops | (after.size <= contract.largest), point(np.nan))
        apart = apart & (after - meant(center))
        apart = Interval(apart.lo, np.minimum(apart.hi, np.where(center >= 0, stop, np.inf)))
    # c' rises with c, so what is taken from a c above what it holds leaves at least what is left of that.
    low = Interval(c.value.lo, np.minimum(c.value.hi, cell.holds))
    less = (ONE - f).where(kept.center != 1, -kept.apart)
    taken = error((f * low).size, new.value.size, (f * low + new.value).size) - np.minimum((moved - less * low).lo, 0.0)
    # What is kept and added to is a number: rounding does not take it below that.
    rises = f.exactly(1) & (moved.lo >= 0) & (center == c.center)
    taken = np.where(absorbed | rises, 0.0, taken * (1 + SLACK))
    taken = np.where(f.lo >= 0, taken, np.inf)
    added = error(held.size, new.value.size, (held + new.value).size) + np.maximum((moved - lost).hi, 0.0)
    found = Number(meant(center).where(apart.exactly(0), after), center, apart, apart.exactly(0))
    return Memory(found, taken, np.where(absorbed, 0.0, added * (1 + SLACK)))


def _error_of_memory(contract: Contract, a: Array, b: Array, total: Array, unrounded: Bools) -> Array:
    """Of the sizes of a product, of what is added and of the sum: rounding keeps the order, so ends bound the ends."""
    product = np.where(unrounded, 0.0, contract.rounding(a))
    part = np.minimum(a, b) * (1 + 2 * contract.u) + np.where((a > 0) & (b > 0), contract.tiny, 0.0)
    return np.asarray((product + np.minimum(part, contract.u * (total + product))) * (1 + SLACK))


# ---------------------------------------------------------------------------------------------------------------------
# 8. Reading
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Reading:
    """In every configuration the reader allows what the automaton allows; outputs and probabilities are right.

    chances   of what comes next in each state of the automaton, where there are any
    same      whether all cells that are on show the same number
    """

    held: Network
    claim: Claim
    steps: Steps
    chances: Chances | None
    same: bool
    report: Report

    def check(self) -> None:
        name, automaton, outputs = self.claim.contract.name, self.steps.automaton, len(self.held.outputs)
        says = np.append(automaton.output, -1)[:, None] == np.arange(outputs)
        every = np.array([BEFORE, DEAD, *self.steps.configurations])
        first = np.zeros(automaton.symbols + 1, np.bool_)
        first[automaton.rows[np.isin(automaton.rows[:, 0], automaton.initial), 1]] = True
        first[-1] = automaton.accepting[automaton.initial].any()
        margin, error = INF, 0.0
        for k in blocks(every, automaton.symbols):
            state = np.where(k == BEFORE, automaton.initial[0], self.steps.cells[k])
            right, output = automaton.allowed(state), says[state]
            right[k == BEFORE] = first
            found = [(right, self._readout(k, right), "symbol")]
            if outputs:
                found.append((output, self._layer("output", k)[0], "output"))
            for wanted, value, what in found:
                above = np.where(wanted, value.lo, -value.hi)
                margin = float(np.minimum(margin, above.min()))
                for n, y in np.argwhere(~(above > 0)).tolist():
                    self.report(f"{name}: reading", f"configuration {k[n]}: {what} {y} is not decided as it must be")
            if self.chances is not None:
                alive = k != DEAD
                error = float(np.maximum(error, self._error_of_chances(k[alive], self.chances.of(state[alive]))))
        if not self.claim.margin <= margin:
            self.report(f"{name}: margin", f"claimed {self.claim.margin}, but only {margin} can be shown")
        self._check_chances(error)

    def _check_chances(self, error: float) -> None:
        claim, contract = self.claim, self.claim.contract
        if self.chances is None:
            if claim.probabilities is not None:
                self.report(f"{contract.name}: probabilities", "claimed where there are none")
            return
        strength = max(16.0, 4 - math.log(self.chances.least))  # K
        tolerance = contract.tolerance * (strength / 16 if contract.scaled else 1.0)
        # Weights as they are stored say ln p no better than this.
        tolerance += contract.per_cell * len(self.steps.cells) + 2 * strength * CONTRACTS[self.held.dtype].u
        if claim.probabilities is None or not error <= claim.probabilities <= tolerance:
            told = f"claimed within {claim.probabilities}; shown {error}, and at most {tolerance} is tolerated"
            self.report(f"{contract.name}: probabilities", told)

    def _layer(self, name: str, k: Ints) -> tuple[Interval, Array]:
        """A linear layer in configurations k, (n, R), and a bound of its roundoff.

        Cell by cell, k stands for "one or more cells, cell k among them": weights are not negative, so one cell is
        the least; and the most where the weight is 0, as it is in all rows that the cell does not call for.
        """
        (weight, bias), classes, signal = self.held.layers[name], self.steps.wiring.classes, self.claim.signal
        cell, started = np.maximum(k, 0), (k != BEFORE)[:, None]
        active = np.where((k > 0)[:, None], weight[:, cell].T, 0.0)
        more = np.zeros(active.shape, np.bool_)
        if not self.steps.automaton.deterministic:
            more = (k > 0)[:, None] & (active > 0)
            for n, y in np.argwhere(active < 0).tolist():
                where = f"row {y} of '{name}' reads cell {k[n]} with a weight below 0"
                self.report(f"{self.claim.contract.name}: reading", where)
        off = np.where(np.arange(len(classes)) == 0, 0.0, self.claim.dim[classes])
        small = (np.abs(weight) * off).sum(1) * (1 + 2.0**-30)  # as in Wiring: a sum of up to 2^20 numbers
        total, error = self.claim.contract.sum(
            [np.broadcast_to(bias, active.shape)],
            [
                (np.broadcast_to(weight[:, 0], active.shape), signal[classes[0]].where(started, ZERO)),
                (active, signal[classes[cell]][:, None]),
            ],
            np.where(started, small, 0.0),
            np.where(started, np.count_nonzero(weight[:, 1:], axis=1), 0.0),
            self._totals(name, k, active),
        )
        return Interval(total.lo, np.where(more, np.inf, total.hi)), error

    def _totals(self, name: str, k: Ints, active: Array) -> Totals:
        """The cells that are off in configurations k: nothing, unless they show something then."""
        weight, idle = self.held.layers[name][0], self.claim.cell.idle
        every, begun = weight[:, 1:], (k != BEFORE)[:, None] & (idle != 0)
        parts = ((every, active), (np.abs(every), np.abs(active)), (every != 0, active != 0))
        value, size, count = ((whole.sum(1) - part.astype(np.float64)) * begun for whole, part in parts)
        step = quantum(*self.held.layers[name]) if idle.is_integer() else 0.0
        return Totals(value * idle, size * abs(idle), count, step)

    def _readout(self, k: Ints, right: Bools) -> Interval:
        """The readout in configurations k, less the threshold."""
        cell, contract = self.claim.cell, self.claim.contract
        values: dict[str, Number] = {}
        certain = np.ones(right.shape, np.bool_)
        for name, term in cell.of_symbols.items():
            layer = self._layer(name, k)[0] if name in cell.reads else ZERO.where(right, ZERO)
            certain &= ~np.isnan(layer.lo)
            values[name] = contract.evaluate(term, values or {"": Number.of(layer)}, Number.of(layer))
        return (values["readout"].value - contract.constant(cell.threshold)).where(certain, point(np.nan))

    def _error_of_chances(self, k: Ints, chances: Array) -> float:
        """How far softmax of the logits can be from the probabilities (n, R), by differences to one allowed logit.

        What is common to both logits, the signals' deviations first of all, cancels in the difference of their
        weights; the roundoff of each is its own.
        """
        weight, bias = self.held.layers["readout"]
        right, cell, rows = chances > 0, np.maximum(k, 0), np.arange(len(k))[:, None]
        error, reference = self._layer("readout", k)[1], right.argmax(1)[:, None]

        def difference(values: Array) -> Interval:
            values = np.broadcast_to(values, right.shape)
            return point(values) - point(values[rows, reference])

        signal, first = self.claim.signal, difference(weight[:, 0])
        active, own = difference(weight[:, cell].T), self.steps.wiring.classes[cell]
        shown = signal[own][:, None]
        weighted = (
            (first + active) * shown if self.same else first * signal[self.steps.wiring.classes[0]] + active * shown
        )
        off = self._totals("readout", k, weight[:, cell].T)
        apart = (
            difference(bias)
            + difference(off.value)
            + around(off.own + off.own[rows, reference])
            + weighted.where((k != BEFORE)[:, None], ZERO)
            + around(error)
        )
        share = exp(apart)  # of each row, as a multiple of the reference's, which is 1 but for roundoff
        least, most = (np.where(right, end, 0.0) for end in (share.lo, share.hi))
        total_least, total_most = least.sum(1, keepdims=True), share.hi.sum(1, keepdims=True)
        # No sum is small, since the reference's share is among them; thousands of roundings are below 1e-12.
        top, bottom = share.hi / (total_least - least + share.hi), share.lo / (total_most - most + share.lo)
        worst = np.where(right, np.maximum(top - chances, chances - bottom), share.hi / total_least)
        return float(worst.max(initial=0.0)) + 1e-12


# ---------------------------------------------------------------------------------------------------------------------
# 9. Command line
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
        grammar = read_json(given.grammar_json.read_bytes(), "the grammar") if given.grammar_json else None
        found = verify(given.weights.read_bytes(), certificate, not given.no_digests, grammar)
    except (OSError, ValueError) as error:
        print(printable(str(error)), file=sys.stderr)
        return 3
    print(*(found.violations or found.verdicts), sep="\n")
    if found.equations is not None and not found.violations:
        print(f"of these equations, which the certificate states:\n{printable_lines(found.equations)}")
    return 1 if found.violations else 0


if __name__ == "__main__":
    sys.exit(main())
