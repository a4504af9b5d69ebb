"""The table of cell types: what each of them makes of the same grammars, and what is proved of it.

    python benchmarks/cells_table.py            compares docs/cells-table.md with what is made, proved and checked
    python benchmarks/cells_table.py --write    writes its tables anew; takes some minutes
    python benchmarks/cells_table.py --types    the table of docs/cells.md alone, what each type is; with --write, too

Each network is compiled and proved in float32, and the checker verifies it: the verdicts are those of the checker. Ends
with 1 where it finds a violation. The tables stand between markers; everything around them is left alone.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from markers import with_table

import lstmc
import lstmc_onnx.kernels
import lstmc_torch.layers
from lstmc.export import exporter
from lstmc.network import Network, cell_type
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import Verdict, verify

DOCS = Path(__file__).parents[1] / "docs"
PAGE, TYPES_PAGE = DOCS / "cells-table.md", DOCS / "cells.md"

CELLS = ("lstm", "toy", "peephole", "coupled", "gru", "rnn", "rnn-relu", "lstm-1997", "slstm")
SHOWN = ("exact", "float32", "float16", "approximate")  # the contracts
NUMBERS = ("memory cells", "parameters", "largest weight")
HEAD = ("grammar", "cell type", "program", *NUMBERS, *SHOWN)
TYPES_HEAD = ("cell type", "carries", "levels", "loops at -O1", "states at a time", "a layer or operator in")
HOLDERS = {  # the cell types that a framework has as a layer or an operator
    "PyTorch": lstmc_torch.layers.LAYERS,
    "ONNX": lstmc_onnx.kernels.KERNELS,
    **{name: exporter(name.lower()).cells or () for name in ("Keras", "Flax", "Equinox", "torchrecurrent", "xlstm")},
}


class Source(NamedTuple):
    """A grammar: its name, and the parameters of a plugin's."""

    name: str
    parameters: dict[str, str]


REBER = (Source("reber", {}), *(Source("embedded-reber", {"depth": str(depth)}) for depth in (1, 2, 3)))
TOMITA = tuple(Source("tomita", {"number": str(number)}) for number in range(1, 8))
KINDS = ("deterministic", "nondeterministic", "probabilistic", "mealy", "moore")
RANDOM = tuple(
    Source("random", {"kind": kind, "states": "12", "symbols": "4", "seed": str(seed)})
    for kind, seed in product(KINDS, range(4))
)


class Program(NamedTuple):
    """What a cell type makes of a grammar: a level, and at level 1 what loops do to the memory."""

    cell: str
    level: int
    memory: str

    def __str__(self) -> str:
        both = self.level == 1 and cell_type(self.cell).keeps
        return f"-O{self.level}{f' {self.memory}' if both else ''}"


class Made(NamedTuple):
    """A network that was compiled, proved and checked."""

    cells: int
    parameters: int
    largest: float
    verdicts: dict[str, Verdict]


class Violated(Exception):
    """The checker does not confirm a proof."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the tables anew")
    parser.add_argument("--types", action="store_true", help="only the table of docs/cells.md")
    options = parser.parse_args()
    try:
        fresh = {TYPES_PAGE: with_table(TYPES_PAGE.read_text("utf-8"), "types", TYPES_HEAD, map(kind, CELLS))}
        fresh |= {} if options.types else {PAGE: page()}
    except Violated as found:
        print(found, file=sys.stderr)
        return 1
    stale = [file for file, text in fresh.items() if file.read_text("utf-8") != text]
    for file in stale:
        if options.write:
            file.write_text(fresh[file], "utf-8")
        else:
            print(f"{file} is not what is made: run {sys.argv[0]} --write, look at the difference", file=sys.stderr)
    return 1 if stale and not options.write else 0


def page() -> str:
    """The page of the tables."""
    found = with_table(PAGE.read_text("utf-8"), "reber", HEAD, rows(REBER))
    found = with_table(found, "tomita", HEAD, rows(TOMITA))
    return with_table(found, "random", HEAD[1:], (summary(RANDOM, program) for program in programs()))


def kind(name: str) -> tuple[str, ...]:
    """What a cell type is, and what it takes."""
    cell = cell_type(name)
    levels = ", ".join(f"-O{level}" for level in cell.levels)
    layers = ", ".join(framework for framework, cells in HOLDERS.items() if name in cells)
    loops, states = "kept or rewritten" if cell.keeps else "rewritten", "one" if cell.deterministic else "several"
    return f"[`{name}`](#{name})", ", ".join(cell.equations.state), levels, loops, states, layers or "–"


def programs() -> Iterator[Program]:
    """All that there are, cell type by cell type."""
    for name in CELLS:
        cell = cell_type(name)
        for level in cell.levels:
            memories = ("keep", "rewrite") if level == 1 and cell.keeps else ("rewrite",)
            yield from (Program(name, level, memory) for memory in memories)


def rows(sources: Sequence[Source]) -> Iterator[tuple[str, ...]]:
    return (row(source, program) for source in sources for program in programs())


def row(source: Source, program: Program) -> tuple[str, ...]:
    """One line of a table: a grammar and a program."""
    made = build(source, program)
    numbers = (f"{made.cells:,}", f"{made.parameters:,}", f"{made.largest:,.4g}")
    name = lstmc.load_grammar(source.name, source.parameters).name
    return (name, program.cell, str(program), *numbers, *(short(made.verdicts[contract]) for contract in SHOWN))


def summary(sources: Sequence[Source], program: Program) -> tuple[str, ...]:
    """One line for several grammars: from the smallest number to the largest, and how many verdicts of each kind."""
    made = [build(source, program) for source in sources]
    numbers = (
        between([each.cells for each in made], "{:,}"),
        between([each.parameters for each in made], "{:,}"),
        between([each.largest for each in made], "{:,.4g}"),
    )
    said = (counted([each.verdicts[contract] for each in made]) for contract in SHOWN)
    return (program.cell, str(program), *numbers, *said)


def build(source: Source, program: Program) -> Made:
    """Compiled and proved in float32, and checked. Raises Violated where the checker finds anything."""
    grammar = lstmc.load_grammar(source.name, source.parameters)
    network, certificate = compile_proved(grammar, program.level, program.memory, program.cell)
    found = verify(network.to_bytes(), certificate.to_bytes(), grammar=grammar.meaning())
    if found.violations:
        raise Violated(f"{grammar.name}, {program.cell} {program}: {'; '.join(map(str, found.violations))}")
    verdicts = {verdict.contract: verdict for verdict in found.verdicts}
    return Made(network.size, network.parameters, largest_weight(network), verdicts)


def largest_weight(network: Network) -> float:
    floats = (values for values in network.tensors.values() if values.dtype != np.int64)  # those are places of numbers
    return max(float(np.abs(values).max(initial=0.0)) for values in floats)


def short(verdict: Verdict) -> str:
    """`every length`, `up to` a number of what is counted, or `refused`."""
    if verdict.kind != "bounded":
        return verdict.kind.replace("-", " ")
    return f"up to {size(verdict)} {counts(verdict)}"


def counted(verdicts: Sequence[Verdict]) -> str:
    """How many verdicts of each kind; of bounded ones the smallest bound."""
    kinds = Counter(verdict.kind for verdict in verdicts)
    said = [f"{kinds[kind]} {kind.replace('-', ' ')}" for kind in ("every-length", "refused") if kinds[kind]]
    bounded = [verdict for verdict in verdicts if verdict.kind == "bounded"]
    if bounded:
        least = min(bounded, key=lambda verdict: verdict.bound or 0)
        said.insert(min(1, kinds["every-length"]), f"{len(bounded)} bounded ({size(least)} {counts(least)} and more)")
    return ", ".join(said)


def size(verdict: Verdict) -> str:
    """The bound, as the checker says it."""
    found = re.search(r"(?:about )?([\d.]+(?:·10\^\d+)?) (?:symbols may|times)", verdict.counts or "")
    assert found is not None, verdict.counts
    return found[1]


def counts(verdict: Verdict) -> str:
    """What is counted."""
    said = verdict.counts or ""
    if said.endswith("symbols may be read"):
        return "symbols"
    return "repeats" if "may be read" in said else "loops"


def between(values: Sequence[float], form: str) -> str:
    least, most = form.format(min(values)), form.format(max(values))
    return least if least == most else f"{least}–{most}"


if __name__ == "__main__":
    sys.exit(main())
