"""The experiments of the paper that the LSTM comes from, with no training strings at all.

    python benchmarks/experiments_1997.py            compares docs/experiments-1997.md with what is made and tried
    python benchmarks/experiments_1997.py --write    writes its table anew; takes some minutes

Each task is compiled to the LSTM of today and to the cell of the paper, proved, and tried after every symbol of 2,560
strings, as many as the paper's experiment 6 tests with; of the longest ones fewer.

Source of the tasks and of the figures beside ours: S. Hochreiter and J. Schmidhuber, Long short-term memory, Neural
Computation 9(8), 1997, sections 5.1, 5.2 and 5.6 (tables 1 to 3 and 9; section 5.2, task 2b).
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from markers import with_table

import lstmc
from lstmc.grammar import Grammar
from lstmc.pipeline import compile_proved
from lstmc.sampling import sample
from lstmc.testing.simulation import Simulation

PAGE = Path(__file__).parents[1] / "docs" / "experiments-1997.md"
SEED, AT_ONCE = 1, 64
CONTRACT = "float32"
CELLS = ("lstm", "lstm-1997")


class Task(NamedTuple):
    """An experiment; what the paper's LSTM has, and how many strings it was trained with."""

    experiment: str
    task: str
    grammar: str
    parameters: dict[str, str]
    weights: int | None
    training: int
    solved: str
    strings: int = 2_560  # that are tried


LAG, ORDER = "long-lag", "temporal-order"
TASKS = (
    Task("1", "embedded Reber", "embedded-reber", {}, 276, 8_440, "all runs"),
    Task("2a", "p = 100, two strings", LAG, {"experiment": "2a", "p": "100"}, 10_504, 5_040, "all runs"),
    Task("2b", "p = 100, any order", LAG, {"experiment": "2b", "p": "100"}, None, 5_680, "all runs"),
    Task("2c", "q = 50, p = 50", LAG, {"experiment": "2c", "q": "50", "p": "50"}, 364, 30_000, "all runs"),
    Task("2c", "q = 1,000, p = 50", LAG, {"experiment": "2c", "q": "1000", "p": "50"}, 364, 203_000, "all runs", 128),
    Task("6a", "order of two marks", ORDER, {"experiment": "6a"}, 156, 31_390, "1 of 2,560 wrong"),
    Task("6b", "order of three marks", ORDER, {"experiment": "6b"}, 308, 571_100, "2 of 2,560 wrong"),
)
THEIRS = ("weights, 1997", "training strings, 1997", "solved, 1997")
OURS = ("cell type", "cells", "weights that are not 0", "training strings", f"proved under {CONTRACT}", "strings tried")
HEAD = ("experiment", "task", *THEIRS, *OURS, "symbols with a wrong answer")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table anew")
    options = parser.parse_args()
    page = PAGE.read_text("utf-8")
    fresh = with_table(page, "table", HEAD, [row(task, cell) for task in TASKS for cell in CELLS])
    if options.write:
        PAGE.write_text(fresh, "utf-8")
    elif fresh != page:
        print(f"{PAGE} is not what is made: run {sys.argv[0]} --write, and look at the difference", file=sys.stderr)
        return 1
    return 0


def row(task: Task, cell: str) -> tuple[str, ...]:
    grammar = lstmc.load_grammar(task.grammar, task.parameters)
    network, certificate = compile_proved(grammar, cell=cell)
    wrong = errors(network, grammar, task.strings)
    theirs = ("–" if task.weights is None else f"{task.weights:,}", f"{task.training:,}", task.solved)
    proved = certificate.verdicts[CONTRACT].says
    ours = (f"`{cell}`", f"{network.size:,}", f"{network.nonzero:,}", "0", proved, f"{task.strings:,}", str(wrong))
    return (task.experiment, task.task, *theirs, *ours)


def errors(network: lstmc.Network, grammar: Grammar, count: int) -> int:
    """After how many symbols of so many strings, which the grammar makes, the network says something wrong."""
    strings = sorted((each.symbols for each in sample(grammar, n=count, seed=SEED)), key=len)
    simulation, wrong = Simulation(grammar), 0
    for first in range(0, count, AT_ONCE):
        together = strings[first : first + AT_ONCE]
        state, read = network.start(len(together)), [iter(answers(simulation, network, each)) for each in together]
        for time in range(len(together[-1])):
            column = [string[min(time, len(string) - 1)] for string in together]  # what ended reads on, unheard
            state = network.step(state, np.array(network.tokens(column)))
            readout = network.read(state)
            for row, string in enumerate(together):
                if time < len(string):
                    allowed, output = next(read[row])
                    wrong += bool((readout.allowed[row] != allowed).any() or readout.output[row] != output)
    return wrong


def answers(simulation: Simulation, network: lstmc.Network, string: tuple[str, ...]) -> list[tuple[list[bool], int]]:
    """What the grammar lets follow each symbol, and the number of its output, −1 for none."""
    simulation.restart()
    found = []
    for symbol in string:
        simulation.step(symbol)
        allowed, output = simulation.allowed(), simulation.output()
        names = (*network.alphabet, network.header.end)
        number = -1 if output is None else network.outputs.index(output)
        found.append(([name in allowed for name in names], number))
    return found


if __name__ == "__main__":
    sys.exit(main())
