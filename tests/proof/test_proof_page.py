"""docs/proof.md and docs/proof-table.md say what is so: the contracts, the fields of a certificate, rows of the table.

LSTMC_GOLDEN=write makes the table of contracts anew.
"""

import os
import sys
from math import inf, log2
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import proof_table

import lstmc
from lstmc.pipeline import compile_proved
from lstmc.proof import CONTRACTS

PAGE = Path(__file__).parents[2] / "docs" / "proof.md"
BEGIN, END = "<!-- contracts: begin -->\n", "<!-- contracts: end -->\n"
COLUMNS = ("u", "σ", "tanh", "tanh 1", "σ = 1", "tail", "σ = 0", "tanh = 1", "slope", "tolerance")
FIELDS = (
    "roundoff",
    "sigmoid",
    "tanh",
    "at_one",
    "one_from",
    "tail_from",
    "zero_from",
    "flat_from",
    "slope",
    "tolerance",
)


def test_the_page_has_the_contracts():
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    fresh = before + BEGIN + contracts() + END + rest.split(END)[1]
    if os.environ.get("LSTMC_GOLDEN") == "write":
        PAGE.write_text(fresh, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == fresh, __doc__


def contracts() -> str:
    head = ("contract", *COLUMNS, "tiny", "largest", "weights")
    lines = [head, ("---",) * len(head)]
    for contract in CONTRACTS.values():
        rest = (power(contract.tiny), number(contract.largest), contract.weights or "as stored")
        lines.append((f"`{contract.name}`", *(number(getattr(contract, field)) for field in FIELDS), *rest))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def number(value: float) -> str:
    if value == inf:
        return "–"
    if 0 < value < 1 and log2(value) == int(log2(value)):
        return power(value)
    return f"{value:g}".replace("e-0", "e-").replace("e+", "e")


def power(value: float) -> str:
    return f"2^{int(log2(value))}" if value else "0"


def test_the_page_names_every_field_of_a_certificate():
    data = compile_proved(lstmc.load_grammar("reber"))[1].data
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert set(data) <= {name for row in rows for name in row.replace("`", "").replace(",", " ").split()}


@pytest.mark.parametrize(
    "row",
    [
        ("reber", "-O1", "lstm", "float32"),
        ("reber", "-O2", "lstm", "bfloat16"),
        ("number", "-O2", "lstm", "float16"),
        ("reber-unknown-start", "-O1", "toy", "float64"),
        ("weather-cycle", "-O1 rewrite", "lstm", "float32"),
    ],
    ids=str,
)
def test_rows_of_the_table(row):
    line = f"| {' | '.join(proof_table.row(*row))} |\n"
    assert line in proof_table.PAGE.read_text(encoding="utf-8"), proof_table.__doc__
