"""From a grammar to an Aldebaran file, as far as a labelled transition system says the same.

des (0, 2, 2)
(0, "a", 1)
(1, i, 0)
"""

from collections.abc import Iterator

from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted
from lstmc.grammar.unsaid import refuse, unsaid
from lstmc_aldebaran.reader import LINE, SILENT


def grammar_to_aut(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError with every reason why there is none."""
    refuse("Aldebaran", [*unsaid(grammar, "epsilon"), *_reasons(grammar)])
    graph = grammar.graph
    lines = [f"des ({grammar.start[0]}, {graph.number_of_edges()}, {len(graph)})"]
    for state in map(str, range(len(graph))):
        for _, target, data in graph.out_edges(state, data=True):
            label = f'"{data["symbol"]}"' if "symbol" in data else SILENT[0]
            lines.append(f"({state}, {label}, {target})")
    return "\n".join(lines) + "\n"


def _reasons(grammar: Grammar) -> Iterator[str]:
    states = dict(grammar.graph.nodes(data=True))
    if not all(data.get("accept") for data in states.values()):
        yield "strings may not stop in every state"
    if set(states) != set(map(str, range(len(states)))):
        yield f"the states are not called 0 to {len(states) - 1}"
    for symbol in grammar.alphabet:
        if LINE.search(symbol):
            yield f"the symbol {quoted(symbol)} holds a line break"
        elif symbol in SILENT:
            yield f"the symbol {quoted(symbol)} reads nothing"
