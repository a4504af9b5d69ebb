"""docs/experiments-1997.md: the rows of its table are what the command makes, for the tasks that are quick."""

import sys

import numpy as np
import pytest
from pages import ROOT

import lstmc

sys.path.insert(0, str(ROOT / "benchmarks"))

import experiments_1997 as experiments
from markers import between

PAGE = (ROOT / "docs" / "experiments-1997.md").read_text("utf-8")
QUICK = [task for task in experiments.TASKS if task.experiment in ("1", "2a", "6a", "6b")]


@pytest.mark.slow
@pytest.mark.parametrize("task", QUICK, ids=lambda task: task.experiment)
def test_the_row_is_what_is_made(task):
    made = experiments.row(task._replace(strings=100))
    shown = f"| {' | '.join(made)} |\n".replace("| 100 | 0 |", f"| {task.strings:,} | 0 |")
    assert shown in PAGE


def test_every_task_has_its_row():
    table = between(PAGE, "table").splitlines()
    assert table[0] == f"| {' | '.join(experiments.HEAD)} |"
    rows = [line.strip("| ").split(" | ") for line in table[2:]]
    assert [row[:2] for row in rows] == [[task.experiment, task.task] for task in experiments.TASKS]
    assert {(row[7], row[8], row[-1]) for row in rows} == {("0", "every length", "0")}


def test_a_wrong_answer_is_counted():
    grammar = lstmc.load_grammar("temporal-order")
    network = lstmc.compile(grammar)
    assert experiments.errors(network, grammar, 20) == 0
    tensors = dict(network.tensors)
    tensors["output.bias"] = tensors["output.bias"] + np.float32(100)
    assert experiments.errors(type(network)(network.header, tensors), grammar, 20) > 20
