"""From a grammar to a Mata or VTF file, as far as these hold it.

@NFA-explicit
%Alphabet-auto
%Initial q0
%Final q1
q0 a q1
"""

import re
from collections.abc import Iterable, Iterator

from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted
from lstmc.grammar.unsaid import refuse, unsaid
from lstmc_mata.lines import LINE, in_quotes, unquoted
from lstmc_mata.reader import EPSILON

_BARE = re.compile(r'[^\s"()#%@\\&|!]+')


def grammar_to_mata(grammar: Grammar) -> str:
    """The text of a .mata file. Raises UsageError with every reason why there is none."""
    refuse("Mata", [*unsaid(grammar, "starts", "alphabet", "epsilon"), *_reasons(grammar), *_reasons_of_mata(grammar)])
    alphabet = "%Alphabet-auto" if grammar.alphabet == grammar.used else _line("%Alphabet-enum", grammar.alphabet)
    return _text(grammar, "@NFA-explicit", alphabet, "%States-enum", EPSILON)


def grammar_to_vtf(grammar: Grammar) -> str:
    """The text of a .vtf file. Raises UsageError with every reason why there is none."""
    refuse("VTF", [*unsaid(grammar, "starts", "alphabet", "epsilon"), *_reasons(grammar)])
    return _text(grammar, "@NFA", _line("%Alphabet", grammar.alphabet), "%States", "()")


def _text(grammar: Grammar, type: str, alphabet: str, states: str, epsilon: str) -> str:
    graph = grammar.graph
    ends = [state for source, target in graph.edges() for state in (source, target)]
    implied = list(dict.fromkeys([*grammar.start, *ends])) == list(graph)
    lines = [type, alphabet, *([] if implied else [_line(states, graph)])]
    lines.append(_line("%Initial", grammar.start))
    lines.append(_line("%Final", [state for state, data in graph.nodes(data=True) if data.get("accept")]))
    for source, target, data in graph.edges(data=True):
        symbol = _word(data["symbol"]) if "symbol" in data else epsilon
        lines.append(f"{_word(source)} {symbol} {_word(target)}")
    return "\n".join(lines) + "\n"


def _line(key: str, texts: Iterable[str]) -> str:
    return " ".join([key, *map(_word, texts)])


def _word(text: str) -> str:
    return text if _BARE.fullmatch(text) else in_quotes(text)


def _symbols(grammar: Grammar) -> list[str | None]:
    return [data.get("symbol") for *_, data in grammar.graph.edges(data=True)]


def _reasons(grammar: Grammar) -> Iterator[str]:
    for text in (*grammar.graph, *grammar.alphabet):
        if LINE.search(text) or text.splitlines() not in ([text], []):
            yield f"{quoted(text)} holds a line break"
        elif unquoted(in_quotes(text)[1:-1]) != text or _open(text):
            yield f"{quoted(text)} has a backslash that would be an escape"


def _open(text: str) -> bool:
    """Whether a backslash at its end, or before a quote in it, would take the quote with it."""
    return re.fullmatch(r'(?:\\.|[^"\\])*+', text.replace('"', '\\"'), re.DOTALL) is None


def _reasons_of_mata(grammar: Grammar) -> Iterator[str]:
    symbols = _symbols(grammar)
    numbers = all(symbol is None or (symbol.isascii() and symbol.isdigit()) for symbol in symbols)
    if None in symbols and not numbers:
        yield f"an ε-move is the number {EPSILON}, and these symbols are no numbers: VTF has a word for it"
    if EPSILON in grammar.alphabet and numbers:
        yield f"the symbol {EPSILON} reads nothing"
    for state in grammar.graph:
        if state in ("true", "false"):
            yield f"the id {quoted(state)} is a formula"
