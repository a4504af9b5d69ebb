"""docs/experiments-1997.md: the rows of its tables are what the commands make, for the tasks that are quick."""

import sys

import numpy as np
import pytest
from pages import ROOT

import lstmc

sys.path.insert(0, str(ROOT / "benchmarks"))

import bound_1997
import experiments_1997 as experiments
from markers import between

PAGE = (ROOT / "docs" / "experiments-1997.md").read_text("utf-8")
QUICK = [task for task in experiments.TASKS if task.experiment in ("1", "2a", "6a", "6b")]


@pytest.mark.slow
@pytest.mark.parametrize("cell", experiments.CELLS)
@pytest.mark.parametrize("task", QUICK, ids=lambda task: task.experiment)
def test_the_row_is_what_is_made(task, cell):
    made = experiments.row(task._replace(strings=100), cell)
    shown = f"| {' | '.join(made)} |\n".replace("| 100 | 0 |", f"| {task.strings:,} | 0 |")
    assert shown in PAGE


def test_every_task_has_its_row():
    table = between(PAGE, "table").splitlines()
    assert table[0] == f"| {' | '.join(experiments.HEAD)} |"
    rows = [line.strip("| ").split(" | ") for line in table[2:]]
    expected = [[each.experiment, each.task, f"`{cell}`"] for each in experiments.TASKS for cell in experiments.CELLS]
    assert [[*row[:2], row[5]] for row in rows] == expected
    assert {(row[8], row[9], row[-1]) for row in rows} == {("0", "every length", "0")}


def test_the_bound_is_what_is_proved_and_nothing_is_wrong_before_it():
    case = bound_1997.CASES[0]
    assert f"| {' | '.join(bound_1997.row(case))} |" in between(PAGE, "bound")


def test_every_bound_has_its_row_and_was_kept():
    table = between(PAGE, "bound").splitlines()
    assert table[0] == f"| {' | '.join(bound_1997.HEAD)} |"
    rows = [line.strip("| ").split(" | ") for line in table[2:]]
    shown = [[c.grammar, f"`{c.contract}`", c.dtype, f"{c.gain:g}"] for c in bound_1997.CASES]
    assert [row[:4] for row in rows] == shown
    assert {row[7] for row in rows} == {"0"}


def test_a_network_that_forgets_too_early_would_be_seen(monkeypatch):
    monkeypatch.setattr(bound_1997.Numbers, "functions", bound_1997.Numbers.functions | {"sigmoid": _leaking})
    assert bound_1997.examine(bound_1997.CASES[1]).wrong > 0


def _leaking(z):
    return np.maximum(1 / (1 + np.exp(-z)), 1e-3)


def test_a_wrong_answer_is_counted():
    grammar = lstmc.load_grammar("temporal-order")
    network = lstmc.compile(grammar)
    assert experiments.errors(network, grammar, 20) == 0
    tensors = dict(network.tensors)
    tensors["output.bias"] = tensors["output.bias"] + np.float32(100)
    assert experiments.errors(type(network)(network.header, tensors), grammar, 20) > 20
