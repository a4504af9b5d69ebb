"""One machine of LearnLib's in the formats that it writes (DOT, TAF, FSM) is one grammar; so is what is converted."""

from random import Random

import pytest

from lstmc.grammar import Grammar
from lstmc.grammar.convert import text_of
from lstmc.grammar.read import parse_grammar

INPUTS, OUTPUTS = ("coin", "push", "wait"), ("ok", "tea", "-")
Machine = dict[int, dict[str, tuple[str, int]]]  # of a state: what each input puts out, and where it leads


def machine(seed: int) -> Machine:
    """A Mealy machine whose states are all reached; every other one is partial: its last state has no way on."""
    rng = Random(seed)
    size = rng.randint(2, 6)
    made: Machine = {}
    for state in range(size):
        ways = {symbol: (rng.choice(OUTPUTS), rng.randrange(size)) for symbol in INPUTS}
        ways["coin"] = (ways["coin"][0], (state + 1) % size)
        if seed % 2:
            ways = {} if state == size - 1 else ways
        made[state] = ways
    return made


def as_dot(made: Machine) -> str:
    """As GraphDOT of AutomataLib 0.12 writes it."""
    nodes = [f'\ts{state} [shape="circle" label="{state}"];' for state in made]
    edges = [f'\ts{p} -> s{q} [label="{symbol} / {output}"];' for p, symbol, output, q in moves(made)]
    start = ['__start0 [label="" shape="none" width="0" height="0"];', "__start0 -> s0;"]
    return "\n".join(["digraph g {", "", *nodes, *edges, "", *start, "", "}"])


def as_taf(made: Machine) -> str:
    lines = ["mealy {" + ",".join(INPUTS) + "} {"]
    for state, ways in made.items():
        lines.append(f"\ts{state} {'[initial] ' if state == 0 else ''}{{")
        lines += [f'\t\t{symbol} / "{output}" -> s{target}' for symbol, (output, target) in ways.items()]
        lines.append("\t}")
    return "\n".join([*lines, "}"])


def as_fsm(made: Machine) -> str:
    """As AbstractFSMParser's machines are: states are numbers, from 1."""
    lines = [f'{p + 1} {q + 1} "{symbol}" "{output}"' for p, symbol, output, q in moves(made)]
    return "\n".join(["---", *("0" for _ in made), "---", *lines]) + "\n"


def moves(made: Machine) -> list[tuple[int, str, str, int]]:
    return [(p, symbol, output, q) for p, ways in made.items() for symbol, (output, q) in ways.items()]


@pytest.mark.parametrize("seed", range(20))
def test_a_mealy_machine_is_the_same_in_every_format(seed: int) -> None:
    made = machine(seed)
    for format, text in (("dot", as_dot(made)), ("taf", as_taf(made)), ("fsm", as_fsm(made))):
        grammar = parse_grammar(text, format=format)
        assert_is(grammar, made)
        for other in ("dot", "fsm", "jff"):
            assert_is(parse_grammar(text_of(grammar, other), format=other), made)


def assert_is(grammar: Grammar, made: Machine) -> None:
    """The same moves and outputs, whatever the states are called; strings stop where the machine has gaps."""
    graph = grammar.graph
    number = dict(zip(graph, made, strict=True))
    seen: Machine = {state: {} for state in made}
    for state, target, data in graph.edges(data=True):
        seen[number[state]][data["symbol"]] = (data["output"], number[target])
    assert number[grammar.start[0]] == 0
    assert seen == made
    assert {bool(data.get("accept")) for _, data in graph.nodes(data=True)} == {not all(made.values())}
