"""Programs as text: golden files that a person can read."""

import networkx as nx
import pytest
from drawing import grammar
from golden_text import assert_golden

import lstmc
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.grammar import Grammar
from lstmc.program.formula import linear, number, symbol_text

VARIANTS = {"O0": (0, "keep"), "O1": (1, "keep"), "O1-rewrite": (1, "rewrite"), "O2": (2, "keep")}


@pytest.mark.parametrize("variant", VARIANTS)
def test_reber(variant: str) -> None:
    level, memory = VARIANTS[variant]
    assert_golden(str(lstmc.to_program(load_grammar("reber"), level, memory)), f"program-reber-{variant}.txt")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("edge-detector", 0),  # a Mealy machine, whose cells of -O0 carry the outputs
        ("edge-detector", 1),  # and whose states are split by output
        ("remainder-3", 1),  # a Moore machine
        ("weather-cycle", 1),  # probabilities
        ("third-from-end", 1),  # nondeterministic, as it is
        ("third-from-end", 2),  # and determinized
        ("number", 2),  # several symbols lead from one state to another
    ],
)
def test_other_kinds(name: str, level: int) -> None:
    assert_golden(str(lstmc.to_program(load_grammar(name), level)), f"program-{name}-O{level}.txt")


@pytest.mark.parametrize("level", [1, 2])
def test_reber_from_an_unknown_start(level: int) -> None:
    graph: nx.MultiDiGraph[str] = load_grammar("reber").graph.copy()
    for node in graph:
        graph.nodes[node]["start"] = True
    program = lstmc.to_program(Grammar.from_graph(graph, "reber-from-anywhere"), level)
    assert_golden(str(program), f"program-reber-from-anywhere-O{level}.txt")


def test_a_cell_in_two_parts() -> None:
    assert_golden(str(lstmc.to_program(grammar(ROUND, "round"), 2)), "program-round-O2.txt")


ROUND = """
    S start
    Q accept
    S -a-> A
    S -b-> B
    S -c-> C
    A -a-> Q
    A -b-> Q
    B -b-> Q
    B -c-> Q
    C -c-> Q
    C -a-> Q
    """


def test_symbols_that_could_be_taken_for_something_else_are_quoted() -> None:
    assert [symbol_text(s) for s in ("B", "s10", "é", "0", "+", " ", "·", "'", "two words")] == [
        *("B", "s10", "é"),
        *("'0'", "'+'", "' '", "'·'", "'''", "'two words'"),
    ]


def test_formulas() -> None:
    assert linear([(2.0, "T"), (-1.0, "h[0]"), (0.0, "x")], -2.5) == "2·T − h[0] − 2.5"
    assert linear([], -128.0) == "−128"
    assert linear([], 0.0) == "0"
    assert number(0.1) == "0.1"
    assert number(1e16) == "1e+16"
    assert number(-3.0) == "-3"
