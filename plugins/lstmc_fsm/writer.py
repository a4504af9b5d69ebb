"""From a grammar to an FSM file, as far as such a file says the same.

label(2) label "reject" "accept"
id(2) id "q0" "q1"
---
0 0
1 1
---
1 2 "a"
"""

from collections.abc import Iterator

from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted
from lstmc.grammar.unsaid import Held, refuse, unsaid, unsaid_without_final_states
from lstmc_fsm.reader import ID, LINE, PART

_SILENT = "tau"


def grammar_to_fsm(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError with every reason why there is none."""
    graph = grammar.graph
    unmarked = bool(grammar.outputs) or all(data.get("accept") for _, data in graph.nodes(data=True))
    held: tuple[Held, ...] = ("outputs", "epsilon", "endless") if unmarked else ("outputs",)
    refuse("FSM", [*unsaid(grammar, *held), *_reasons(grammar, unmarked)])
    start = grammar.start[0]
    order = [start, *(state for state in graph if state != start)]
    numbers = {state: number for number, state in enumerate(order, start=1)}
    named = order != [str(number) for number in numbers.values()]
    first = [] if unmarked else ['label(2) label "reject" "accept"']
    first += [f"{ID}({len(order)}) {ID} {' '.join(map(_in_quotes, order))}"] if named else []
    second = [_vector(number, graph.nodes[state], unmarked, named) for state, number in numbers.items()]
    third = []
    for state in order:
        for _, target, data in graph.out_edges(state, data=True):
            labels = [data.get("symbol", _SILENT), *([data.get("output", "")] if grammar.outputs else [])]
            third.append(f"{numbers[state]} {numbers[target]} {' '.join(map(_in_quotes, labels))}")
    return "\n".join([*first, PART, *second, PART, *third]) + "\n"


def _vector(number: int, data: dict[str, object], unmarked: bool, named: bool) -> str:
    accept = [] if unmarked else [str(int(bool(data.get("accept"))))]
    return " ".join([*accept, *([str(number - 1)] if named else [])]) or "0"


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _reasons(grammar: Grammar, unmarked: bool) -> Iterator[str]:
    if grammar.outputs:
        yield from unsaid_without_final_states(grammar)
    if grammar.outputs and grammar.silent:
        yield "moves of a Mealy machine read nothing"
    if unmarked and not grammar.outputs and _SILENT in grammar.alphabet:
        yield f"the symbol {quoted(_SILENT)} reads nothing"
    for text in (*grammar.graph, *grammar.alphabet, *grammar.outputs):
        if LINE.search(text):
            yield f"{quoted(text)} holds a line break"
