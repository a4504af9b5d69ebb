"""docs/compiling.md works the Reber grammar through by hand: its tables are what the network has and does.

LSTMC_GOLDEN=write makes the tables anew.
"""

import os
from collections.abc import Iterator

import pytest
from pages import ROOT

import lstmc

PAGE = ROOT / "docs" / "compiling.md"
NETWORK = lstmc.compile(lstmc.load_grammar("reber"))
PARTS = ("writer", "write filter", "eraser")
STRING = "BPTVVE"
HALF = 0.5  # a gate is open above it, and a memory on


def cells() -> Iterator[tuple[str, ...]]:
    """Every cell: its rules, and what its parts do."""
    yield "cell", "rules", *PARTS
    yield ("---",) * 5
    for each in lstmc.explain(NETWORK):
        yield f"`{each.cell}`", ", ".join(each.rules), *(each.parts[part][1] for part in PARTS)


def steps() -> Iterator[tuple[str, ...]]:
    """A string symbol by symbol: whose parts are on, which memories are, and what the reader says."""
    yield "symbol", "writers that write", "write filters that are open", "erasers that keep", "on", "may come next"
    yield ("---",) * 6
    for n, step in enumerate(NETWORK.trace(STRING).steps, start=1):
        logits = (f"{symbol} {logit:.1f}".removesuffix(".0") for symbol, logit in following(STRING[:n]))
        yield step.symbol, *(on(step.parts[part]) for part in (*PARTS, "memory")), ", ".join(logits)


def on(values) -> str:
    """The cells of which a part is on, `started` aside."""
    named = zip(NETWORK.header.cells, values, strict=True)
    found = [f"`{cell.name}`" for cell, value in named if value > HALF and cell.name != "started"]
    return ", ".join(found) or "none"


def following(string: str) -> Iterator[tuple[str, float]]:
    """What may come next, with its logit."""
    state = NETWORK.start()
    for token in NETWORK.tokens(string):
        state = NETWORK.step(state, [token])
    logits = NETWORK.read(state).logits[0]
    return ((name, value) for name, value in zip([*NETWORK.alphabet, "end"], logits, strict=True) if value > 0)


@pytest.mark.parametrize("table", [cells, steps], ids=lambda table: table.__name__)
def test_the_tables_of_the_example(table):
    begin, end = f"<!-- {table.__name__}: begin -->\n", f"<!-- {table.__name__}: end -->\n"
    page = PAGE.read_text("utf-8")
    before, rest = page.split(begin)
    fresh = before + begin + "".join(f"| {' | '.join(row)} |\n" for row in table()) + end + rest.split(end)[1]
    if os.environ.get("LSTMC_GOLDEN") == "write":
        PAGE.write_text(fresh, "utf-8")
    assert PAGE.read_text("utf-8") == fresh, __doc__


def test_what_the_page_says_of_the_reader():
    assert [f"{value:.1f}" for _, value in following("BP")] == ["15.3", "15.3"]
    state = NETWORK.start()
    for token in NETWORK.tokens("BTT"):
        state = NETWORK.step(state, [token])
    assert set(NETWORK.read(state).logits[0].tolist()) == {-16.0}
    assert on(state[1][0]) == "none"
