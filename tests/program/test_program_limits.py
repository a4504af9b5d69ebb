"""What would become too large is refused before it is made, with the figure and a way out."""

from importlib import import_module

import pytest

import lstmc
from lstmc.errors import LimitError
from lstmc.pipeline import to_program
from lstmc.program.consecutive import MOST_SETS, Family

allocate = import_module("lstmc.program.allocate")  # the module: its package has a function of that name
REBER = lstmc.load_grammar("reber")


@pytest.mark.parametrize(("level", "cells"), [(0, 13), (1, 11), (2, 8)])
@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_the_weights_for_symbols_are_counted_as_they_come_to_be(level, cells, cell, monkeypatch):
    kept = ("input", "weight_ih_l0", "reader.weight", "reader.memory", "read_filter.memory")
    if (cell, level) != ("toy", 2):
        network = lstmc.compile(REBER, level=level, cell=cell)
        assert network.size == cells
        found = sum(values.size for name, values in network.tensors.items() if name.endswith(kept))
        assert found == cells * 5 * 7 + (2 if cell == "toy" else 1) * cells  # and what says that a string may end
    monkeypatch.setenv("LSTMC_MAX_NETWORK_WEIGHTS", str(cells * 5 * 7))
    assert len(to_program(REBER, level).cells) == cells
    monkeypatch.setenv("LSTMC_MAX_NETWORK_WEIGHTS", str(cells * 5 * 7 - 1))
    with pytest.raises(LimitError, match=f"grammar 'reber': {cells} cells or more over 7 symbols") as caught:
        to_program(REBER, level)
    assert f"{cells * 5 * 7} weights, more than the limit of {cells * 5 * 7 - 1}" in caught.value.message
    assert "set LSTMC_MAX_NETWORK_WEIGHTS to a larger number" in caught.value.help


def test_outputs_are_counted_too(monkeypatch):
    grammar = lstmc.load_grammar("edge-detector")
    cells = len(to_program(grammar).cells)
    weights = cells * (5 * len(grammar.alphabet) + len(grammar.outputs))
    monkeypatch.setenv("LSTMC_MAX_NETWORK_WEIGHTS", str(weights))
    to_program(grammar)
    monkeypatch.setenv("LSTMC_MAX_NETWORK_WEIGHTS", str(weights - 1))
    with pytest.raises(LimitError, match=f"{weights} weights"):
        to_program(grammar)


@pytest.mark.slow
def test_a_pattern_of_65_bytes_is_refused_before_its_first_cell(monkeypatch):
    """A state for each of 2,500 positions, each with weights for 2,500 symbols: 31 million."""
    monkeypatch.setattr(allocate, "_cells", lambda *_: (pytest.fail("a cell was made") for _ in "x"))
    grammar = lstmc.load_grammar("regex", {"pattern": r"[\u4e00-\u57c2]a{2499}"})
    for level in (0, 1, 2):
        with pytest.raises(LimitError, match=r"cells or more over 2,500 symbols are \d\d,\d+,\d+ weights"):
            to_program(grammar, level)


def test_cells_are_refused_one_by_one(monkeypatch):
    """Of 13 cells the tenth is one too many, and those behind it are never made."""
    made = []
    cells = allocate._cells
    monkeypatch.setattr(allocate, "_cells", lambda *given: (made.append(cell) or cell for cell in cells(*given)))
    monkeypatch.setenv("LSTMC_MAX_NETWORK_WEIGHTS", str(9 * 5 * 7))
    with pytest.raises(LimitError, match="10 cells or more"):
        to_program(REBER, 0)
    assert len(made) == 9


def test_a_family_of_many_overlapping_sets_takes_no_more():
    """Each pair of sets is looked at: beyond some, one that would fit is turned away."""
    family = Family([frozenset({0, 1})])
    taken = [family.take(frozenset({n, n + 1})) for n in range(1, MOST_SETS + 1)]
    assert taken == [True] * (MOST_SETS - 1) + [False]
    assert family.take(frozenset({500, 501}))  # it overlaps none of them
