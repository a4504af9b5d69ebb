"""Which cells each level makes, and from which rules."""

import numpy as np
import pytest
from drawing import automaton
from hypothesis import given, settings
from strategies import READING, VALID, grammars

import lstmc
from lstmc.automaton import NONE, to_automaton
from lstmc.errors import UsageError
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.grammar import Grammar
from lstmc.program import allocate

VARIANTS = {"O0": (0, "keep"), "O1": (1, "keep"), "O1-rewrite": (1, "rewrite"), "O2": (2, "keep")}


@pytest.mark.parametrize(("variant", "cells"), {"O0": 13, "O1": 11, "O1-rewrite": 13, "O2": 8}.items())
def test_reber(variant: str, cells: int) -> None:
    assert len(lstmc.to_program(load_grammar("reber"), *VARIANTS[variant]).cells) == cells


def test_there_is_no_other_level_or_memory() -> None:
    for level, memory in ((3, "keep"), (-1, "keep"), (1, "forget")):
        with pytest.raises(UsageError, match="choose"):
            allocate(automaton("S start\nA accept\nS -a-> A\n"), level, memory)


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=50)
@given(grammar=grammars(*VALID))
def test_every_rule_is_behind_a_cell_of_the_state_that_it_leads_to(variant: str, grammar: Grammar) -> None:
    program = allocate(to_automaton(grammar), *VARIANTS[variant])
    a = program.automaton
    assert {rule for cell in program.cells for rule in cell.rules} == set(a.rule.tolist())
    for cell in program.cells[1:]:
        into = a.target == cell.state
        assert set(cell.written) <= set(a.rule[into].tolist())
        assert set(cell.kept) <= set(a.rule[into & (a.source == a.target)].tolist())
        assert cell.state != NONE


@pytest.mark.slow
@settings(max_examples=50)
@given(grammars(*READING))
def test_level_0_makes_a_cell_for_each_rule(grammar: Grammar) -> None:
    program = allocate(to_automaton(grammar), 0)
    assert sorted(cell.written for cell in program.cells[1:]) == sorted((rule,) for rule in program.automaton.rule)


@settings(max_examples=50)
@given(grammars(*VALID))
def test_a_cell_of_level_1_is_written_by_a_rectangle_of_ways_in_and_no_way_in_twice(grammar: Grammar) -> None:
    program = allocate(to_automaton(grammar), 1, "rewrite")
    a = program.automaton
    ways = [
        (p, x, cell.state)
        for cell in program.cells[1:]
        for p in [q for q, _ in cell.write_filter.states] + ["before"] * bool(cell.write_filter.before)
        for x, _ in cell.writer.symbols
    ]
    begun = [way for way in ways if way[0] == "before"]
    assert len(ways) - len(begun) == len(set(ways) - set(begun))
    assert all(begun.count(way) <= a.initial.sum() for way in begun)  # each start may be in a rectangle of its own
    moves = {(p, x, q) for p, x, q, _, _ in a.each_move()}
    there = set(a.target.tolist())  # the others have no cell that could be read
    first = {("before", x, q) for p, x, q in moves if a.initial[p]}
    assert set(ways) == {move for move in moves if move[0] in there} | first


@pytest.mark.slow
@settings(max_examples=50)
@given(grammars(*VALID))
def test_each_cell_of_level_2_has_an_order_in_which_what_each_state_expects_is_one_window(grammar: Grammar) -> None:
    program = allocate(to_automaton(grammar), 2)
    a = program.automaton
    rules = [rule for cell in program.cells for rule in set(cell.written)]
    assert len(program.cells) >= 1 + len(set(a.target.tolist()))
    for cell in program.cells[1:]:
        assert sorted(cell.order) == list(range(len(a.alphabet)))
        for p, _ in cell.write_filter.states:
            symbols = a.symbol[(a.source == p) & (a.target == cell.state)].tolist()
            places = sorted({cell.order.index(x) for x in symbols})
            assert places == list(range(places[0], places[-1] + 1))
    assert len(rules) == len(set(zip(a.rule.tolist(), a.target.tolist(), strict=True)))


def test_cells_of_states_that_nothing_leads_back_to_are_not_made_and_not_read() -> None:
    program = allocate(automaton("S start\nA accept\nS -a-> A\nA -a-> A\n"), 1, "keep")
    assert [cell.name for cell in program.cells] == ["started", "A by a"]
    assert program.cells[1].write_filter.states == ()


def test_names_of_cells_stay_apart() -> None:
    a = automaton("started start\nstarted#1 accept\nstarted -a-> started#1\nstarted#1 -b-> started\n")
    for variant in VARIANTS.values():
        names = [cell.name for cell in allocate(a, *variant).cells]
        assert len(set(names)) == len(names) == 3


def test_cells_that_share_their_symbols_are_told_apart_by_where_they_come_from() -> None:
    text = """
        S start
        Q accept
        S -a-> A
        S -b-> B
        S -c-> C
        A -a-> Q
        B -b-> Q
        C -a-> Q
        C -c-> Q
        """
    names = [cell.name for cell in allocate(automaton(text), 1).cells if cell.name.startswith("Q")]
    assert len(names) == len(set(names)) == 3
    states = np.array([cell.state for cell in allocate(automaton(text), 1).cells])
    assert np.count_nonzero(states == 1) == 3
