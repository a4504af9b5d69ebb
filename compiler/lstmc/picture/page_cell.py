"""What the illustration knows of a cell type: its rows, and the formula of each, made from the equations."""

from typing import Any

from lstmc.network import Network
from lstmc.network.equations import PRIME, SYMBOL, Line, in_domain
from lstmc.network.network import MEMORY
from lstmc.network.written import MATHEMATICS, SUM, Written

LOGITS = 16  # how large a readout is that is a sum: as large as an output


def page_cell(cell: type[Network]) -> dict[str, Any]:
    """Ready for JSON.

    states       the parts that a step needs of the one before; cells show the first, which is `shown` in formulas
    on           a cell is on that shows more            threshold   a symbol may come where the readout is above
    rows         the parts in the order in which data flows, each with what it has numbers for: cells or symbols
    gates        the parts that are tests of cells       scale       how large a readout is
    watched      the part that tells which cells are on, over the string: the memory if it does
    formulas     of each part, see `_formula`
    """
    equations = cell.equations
    states = [cell.title(name + PRIME) for name in equations.state]
    before = sorted(states, key=lambda title: title != MEMORY)
    return {
        "states": states,
        "shown": equations.shown,
        "on": cell.on_above(),
        "threshold": equations.threshold,
        "rows": [
            ["input", "symbols"],
            *([f"{title} before", "cells"] for title in before),
            *([cell.title(line.name), "cells"] for line in equations.of_cells),
            *([cell.title(line.name), "symbols"] for line in equations.of_symbols),
        ],
        "gates": [cell.title(name) for name in equations.tests],
        "watched": cell.title(equations.shown + PRIME) if cell.holds == cell.rests else MEMORY,
        "scale": LOGITS if cell.gives_logits() else 1,
        "formulas": {cell.title(line.name): _formula(cell, line) for line in (*equations.lines, equations.output)},
    }


def _formula(cell: type[Network], line: Line) -> dict[str, Any]:
    """Of one part.

    names    the parts in it              text   the formula, where {0}, {1}, … are these and {sum} is its sum
    shape    the same with their names
    weights  of a sum: the table of its weights, which are over the part `over`; `matrices` are those they stand in
    """
    equations, shown = cell.equations, cell.equations.shown
    titles = {each.name: cell.title(each.name) for each in equations.lines}
    titles |= {name: f"{cell.title(name + PRIME)} before" for name in equations.state}
    write = in_domain(line.expression, MATHEMATICS)
    places = {name: Written(f"{{{n}}}") for n, name in enumerate(line.names)}
    is_gate, is_memory = line.name in equations.tests, titles[shown + PRIME] == MEMORY
    source = f"{MEMORY} before" if is_gate and is_memory else shown
    read = {SYMBOL: "input", shown: source, shown + PRIME: source}
    terms = [*(f"weights·{read[name]}" for name in line.sum.of), "bias"] if line.sum else []
    own = f"{shown} = " if line.name == shown + PRIME and not is_memory else ""
    words = {name: Written(titles[name]) for name in line.names}
    found: dict[str, Any] = {
        "names": [titles[name] for name in line.names],
        "text": write(places, Written("{sum}", SUM)).text,
        "shape": own + write(words, Written(" + ".join(terms), SUM)).text,
    }
    if line.sum is not None:
        of = cell.weights[line.name]
        found["weights"] = cell.sum_title(line.name)
        found["over"] = f"{titles[shown + PRIME]} before" if is_gate else titles[shown + PRIME]
        found["matrices"] = {
            source: rows.tensor if rows else "" for source, rows in (("symbols", of.symbols), ("cells", of.cells))
        }
    return found
