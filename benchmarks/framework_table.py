"""The table of frameworks: how each one runs the Reber network in every number format, and what its kernel does.

    python benchmarks/framework_table.py            compares docs/frameworks.md with the table measured here
    python benchmarks/framework_table.py --write    writes it anew

A framework that cannot hold an LSTM runs the first cell type that it can. The table stands between two markers. Only
speeds may differ from one run to the next; they are rounded to one digit, and not compared. Ends with 1 where anything
else differs, or a framework is not installed.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import product
from math import floor, isinf, log10
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "export"))

from exported import cell_of
from markers import with_table

import lstmc
from lstmc.export.conform import Conformance, conform
from lstmc.export.probe import Kernel
from lstmc.extensions import extensions

PAGE = Path(__file__).parent.parent / "docs" / "frameworks.md"
FORMATS = ("float32", "float64", "float16", "bfloat16", "int8")
HEAD = ("framework", "format", "", "logits", "state", "σ", "tanh", "σ = 1", "σ = 0", "symbols/s")
SPEED = re.compile(r"\| [0-9,–]+ \|$", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table anew")
    options = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    fresh = with_table(page, "table", HEAD, sorted(measured(), key=lambda line: line[0]))
    if options.write:
        PAGE.write_text(fresh, encoding="utf-8")
    elif SPEED.sub("", fresh) != SPEED.sub("", page):
        print(f"{PAGE} is not what is measured: run {sys.argv[0]} --write, and look at the difference", file=sys.stderr)
        return 1
    return 0


def measured() -> Iterator[tuple[str, ...]]:
    reber = lstmc.load_grammar("reber")
    for name, found in product(FORMATS, extensions("lstmc.exporters")):
        network = lstmc.compile(reber, dtype="float32" if name == "int8" else name, cell=cell_of(found.name))
        for each in conform(network, [found.name], quantize=name == "int8"):
            if each.outcome in ("missing", "broken"):
                raise SystemExit(f"{each.runtime}: {each.problem}")
            yield row(each, name)


def row(each: Conformance, name: str) -> tuple[str, ...]:
    kernel = each.kernel
    if each.outcome == "lacks":
        return each.runtime, name, each.problem.replace("|", "/"), *("–",) * 7
    return (
        each.runtime,
        name,
        "conforms" if each.outcome == "conforms" else each.problem,
        short(each.logits),
        short(each.state),
        *(("–",) * 4 if kernel is None else shown(kernel)),
        f"{rounded(each.speed or 0):,}",
    )


def shown(kernel: Kernel) -> tuple[str, ...]:
    return short(kernel.sigmoid), short(kernel.tanh), threshold(kernel.one_from), threshold(-kernel.zero_from)


def short(number: float | None) -> str:
    return "–" if number is None else "0" if number == 0 else f"{number:.1e}"


def threshold(z: float) -> str:
    return "never" if isinf(z) else f"{z:.2f}".rstrip("0").rstrip(".")


def rounded(number: float) -> int:
    """To one digit."""
    unit = 10 ** floor(log10(max(number, 1)))
    return round(number / unit) * unit


if __name__ == "__main__":
    sys.exit(main())
