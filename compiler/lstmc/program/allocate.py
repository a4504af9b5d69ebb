"""Automaton to program: which passes and which cells each level takes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from lstmc.automaton import (
    MAX_STATES,
    Automaton,
    alternate,
    check_one_output,
    determinize,
    minimize,
    split,
    trim,
    weigh,
)
from lstmc.automaton.automaton import unique_names
from lstmc.errors import UsageError
from lstmc.program.limits import NetworkLimits
from lstmc.program.program import STARTED, Cell, Program, Test
from lstmc.program.rule_cells import rule_cells
from lstmc.program.state_cells import state_cells
from lstmc.program.way_in_cells import way_in_cells

LEVELS = (0, 1, 2)
MEMORIES = ("keep", "rewrite")
FOLLOW_ONE = "choose a cell type that follows all states at once, such as --cell lstm"

Pass = Callable[[Automaton], Automaton]


def passes(level: int, max_states: int = MAX_STATES) -> tuple[Pass, ...]:
    """The passes of a level, in order."""
    return {
        0: (trim, weigh),
        1: (trim, weigh, split),
        2: (trim, weigh, split, partial(determinize, max_states=max_states), minimize),
    }[level]


def allocate(
    automaton: Automaton,
    level: int = 1,
    memory: str = "keep",
    max_states: int = MAX_STATES,
    deterministic: bool = False,
    alternating: bool = False,
) -> Program:
    """The program of an automaton as the grammar gives it.

    level           0: a cell for each rule, 1: for each state and way of coming in, 2: for each state of the minimal
                    automaton
    memory          at level 1, "keep": loops keep the memory, "rewrite": they write it again
    deterministic   whether to determinize at every level, so that one cell at most is on
    alternating     whether no cell may be written while it is on: its state is split in two that take turns

    Raises UsageError for another level or memory, LimitError where determinizing needs more than `max_states` states
    or the cells too many weights, and FindingsError for a transducer that has two outputs for one string.
    """
    if level not in LEVELS:
        raise UsageError(f"there is no level {level}", "choose -O 0, 1 or 2")
    if memory not in MEMORIES:
        raise UsageError(f"there is no memory '{memory}'", "choose --memory keep or rewrite")
    for automaton_pass in passes(level, max_states):
        automaton = automaton_pass(automaton)
    if deterministic and not automaton.deterministic:
        automaton = determinize(split(automaton), max_states, FOLLOW_ONE)
    if alternating:
        automaton = alternate(automaton, all_loops=level != 1 or memory == "rewrite")
    if automaton.outputs and not automaton.deterministic:
        check_one_output(split(automaton))
    cells = _without_missing(_limited(automaton, _cells(automaton, level, memory)))
    names = unique_names([cell.name for cell in cells])
    return Program(
        automaton=automaton,
        level=level,
        memory="keep" if level == 1 and memory == "keep" else "rewrite",
        cells=tuple(replace(cell, name=name) for cell, name in zip(cells, names, strict=True)),
    )


def _cells(automaton: Automaton, level: int, memory: str) -> Iterator[Cell]:
    if level == 0:
        return rule_cells(automaton)
    if level == 1:
        return way_in_cells(automaton, keep=memory == "keep")
    return state_cells(automaton)


def _limited(automaton: Automaton, cells: Iterable[Cell]) -> list[Cell]:
    """`started` and the cells. Raises LimitError at the first one too many."""
    limits = NetworkLimits.from_environment()
    limits.refuse_cells(automaton, 1 + len(np.unique(automaton.target)))  # each state that is reached has one
    found = [STARTED]
    for cell in cells:
        found.append(cell)
        limits.refuse_cells(automaton, len(found))
    return found


def _without_missing(cells: list[Cell]) -> list[Cell]:
    """The cells without tests on states that have no cell: a start state that nothing leads back to."""
    there = {cell.state for cell in cells}

    def mend(test: Test) -> Test:
        states = tuple((q, weight) for q, weight in test.states if q in there)
        return test if len(states) == len(test.states) else replace(test, states=states)

    return [replace(cell, write_filter=mend(cell.write_filter), read_filter=mend(cell.read_filter)) for cell in cells]
