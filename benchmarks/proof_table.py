"""The table of proofs: every shipped grammar at every level, cell and number format, under every contract.

    python benchmarks/proof_table.py            compares docs/proof-table.md with what is proved
    python benchmarks/proof_table.py --write    writes it anew

The table stands between two markers; everything around them is left alone.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from markers import with_table

import lstmc
from lstmc.errors import FindingsError, LimitError
from lstmc.pipeline import compile_proved
from lstmc.proof import CONTRACTS, Certificate, Verdict
from lstmc.shipped import shipped

PAGE = Path(__file__).parent.parent / "docs" / "proof-table.md"

LEVELS = {"-O0": (0, "rewrite"), "-O1": (1, "keep"), "-O1 rewrite": (1, "rewrite"), "-O2": (2, "rewrite")}
VARIANTS = [*product(LEVELS, ("lstm",)), *product(tuple(LEVELS)[:3], ("toy",))]
DTYPES = ("float32", "float64", "float16", "bfloat16")
HEAD = ("grammar", "level", "cell", "dtype", "gain", *CONTRACTS, "margin", "half-width")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table anew")
    options = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    fresh = with_table(page, "table", HEAD, lines(sorted(shipped())))
    if options.write:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != page:
        print(f"{PAGE} is not what is proved: run {sys.argv[0]} --write, and look at the difference", file=sys.stderr)
        return 1
    return 0


def lines(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Every line of the table."""
    return (row(*each) for name in names for each in variants(name))


def variants(name: str) -> Iterator[tuple[str, str, str, str]]:
    for (level, cell), dtype in product(VARIANTS, DTYPES):
        yield name, level, cell, dtype


def row(name: str, level: str, cell: str, dtype: str) -> tuple[str, ...]:
    """One line of the table."""
    number, memory = LEVELS[level]
    try:
        network, certificate = compile_proved(lstmc.load_grammar(name), number, memory, cell, dtype)
    except (FindingsError, LimitError):
        return name, level, cell, dtype, *("not compiled",) * (len(HEAD) - 4)
    verdicts = certificate.verdicts
    own = verdicts[dtype]
    said = (short(verdict) for verdict in verdicts.values())
    return (
        name,
        level,
        cell,
        dtype,
        str(network.header.options["gain"]),
        *said,
        f"{own.margin:.3g}",
        width(certificate, own),
    )


def short(verdict: Verdict) -> str:
    """`every`, `≤ 10^n` where bounded, `–` where refused."""
    if verdict.kind == "bounded":
        return f"≤ 10^{len(str(verdict.bound)) - 1}"
    return {"every-length": "every", "refused": "–"}[verdict.kind]


def width(certificate: Certificate, verdict: Verdict) -> str:
    """The largest deviation of what a cell shows while it is on; counts of a nondeterministic grammar go beyond any."""
    boxes = verdict.boxes
    assert boxes is not None
    used = [boxes.rewritten, *([boxes.kept] if any(certificate.data["classes"]) else [])]
    shown = certificate.data["cell"]["state"][0]
    widest = max(abs(end) for box in used for end in box.ends(shown, on=True))
    return f"{widest:.1e}" if widest < 0.1 else "counts"


if __name__ == "__main__":
    sys.exit(main())
