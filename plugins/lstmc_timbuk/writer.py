"""From a grammar to a Timbuk file, as far as a word automaton says the same.

Ops start:0 a:1

Automaton A
States q0 q1
Final States q1
Transitions
start -> q0
a(q0) -> q1
"""

import re
from collections.abc import Iterator

from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted
from lstmc.grammar.unsaid import refuse, unsaid
from lstmc_timbuk.reader import KEYWORDS, NAME, OTHERS


def grammar_to_timbuk(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError with every reason why there is none."""
    refuse("Timbuk", [*unsaid(grammar, "starts", "alphabet", "epsilon"), *_reasons(grammar)])
    graph, leaf = grammar.graph, _leaf(grammar)
    lines = [
        f"Ops {' '.join([f'{leaf}:0', *(f'{symbol}:1' for symbol in grammar.alphabet)])}",
        "",
        "Automaton A",
        f"States {' '.join(graph)}",
        f"Final States {' '.join(state for state, data in graph.nodes(data=True) if data.get('accept'))}",
        "Transitions",
        *(f"{leaf} -> {state}" for state in grammar.start),
    ]
    for source, target, data in graph.edges(data=True):
        below = f"{data['symbol']}({source})" if "symbol" in data else source
        lines.append(f"{below} -> {target}")
    return "\n".join(lines) + "\n"


def _leaf(grammar: Grammar) -> str:
    """A name for where words begin, that is no symbol and no state."""
    leaf = "start"
    while leaf in grammar.alphabet or leaf in grammar.graph:
        leaf += "_"
    return leaf


def _reasons(grammar: Grammar) -> Iterator[str]:
    for text in dict.fromkeys((*grammar.graph, *grammar.alphabet)):
        if not re.fullmatch(NAME, text):
            yield f"{quoted(text)} holds a character that separates names"
        elif text in (*KEYWORDS, *OTHERS):
            yield f"{quoted(text)} is a word of the format"
    for symbol in grammar.alphabet:
        if symbol in grammar.graph and grammar.silent:
            yield f"{quoted(symbol)} is both a symbol and a state"
