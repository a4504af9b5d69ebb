"""From a grammar to AT&T text that OpenFst, HFST and foma read, as far as such text can hold a grammar.

start<tab>0<tab>B<tab>B        an acceptor puts out what it reads
6                              strings may end in 6
"""

from collections.abc import Iterator
from typing import Any

from lstmc.errors import UsageError
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.grammar import Grammar
from lstmc_att.rows import SEPARATOR
from lstmc_att.symbols import NOTHING, column_of, why_no_column
from lstmc_att.weights import is_weight, weight_of

_NOTHING = NOTHING[2]  # as HFST and foma write it; OpenFst takes what its table has for 0
_NEVER = "Infinity"  # the weight of an end that no string has, by which a state is named that no rule names
_BYTE_ORDER_MARK = "\ufeff"
_MOST_REASONS = 5


def grammar_to_att(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError with every reason why there is none."""
    reasons = list(dict.fromkeys(_reasons(grammar)))
    if reasons:
        more = [f"and {len(reasons) - _MOST_REASONS} more reasons"] if len(reasons) > _MOST_REASONS else []
        message = "AT&T text cannot hold this grammar: " + "; ".join([*reasons[:_MOST_REASONS], *more])
        raise UsageError(message, "change the grammar, or write dot, json or yaml, which hold all of it")
    start = grammar.start[0]
    order = [start, *(state for state in grammar.graph if state != start)]
    puts_out, unclear = bool(grammar.outputs), _is_unclear(grammar)
    lines = [line for state in order for line in _lines(grammar, state, puts_out, unclear)]
    return "".join("\t".join(columns) + "\n" for columns in lines)


def _lines(grammar: Grammar, state: str, puts_out: bool, unclear: bool) -> Iterator[list[str]]:
    """The rules of a state, then its end."""
    data = grammar.graph.nodes[state]
    for _, target, rule in grammar.graph.out_edges(state, data=True):
        symbol = column_of(rule.get("symbol", _NOTHING))
        output = (column_of(rule["output"]) if "output" in rule else _NOTHING) if puts_out else symbol
        given = [weight_of(rule["probability"])] if "probability" in rule else ["0"] if unclear else []
        yield [column_of(state), column_of(target), symbol, output, *given]
    if not data.get("accept") and not grammar.graph.degree(state):
        yield [column_of(state), _NEVER]
    elif data.get("accept"):
        yield [column_of(state), *([weight_of(data["end"])] if "end" in data else [])]


def _is_unclear(grammar: Grammar) -> bool:
    """Whether four columns could be those of an acceptor with weights: then a weight of 0, which is none, is added."""
    key = "output" if grammar.outputs else "symbol"
    edges = [data for *_, data in grammar.graph.edges(data=True)]
    return not _numbers(grammar) and all(key in data and is_weight(column_of(data[key])) for data in edges)


def _numbers(grammar: Grammar) -> list[float]:
    """Every probability in the grammar."""
    of_edges = [data["probability"] for *_, data in grammar.graph.edges(data=True) if "probability" in data]
    return of_edges + [data["end"] for _, data in grammar.graph.nodes(data=True) if "end" in data]


def _reasons(grammar: Grammar) -> Iterator[str]:
    """Every reason why the text could not say all of a grammar."""
    states = dict(grammar.graph.nodes(data=True))
    edges = list(grammar.graph.edges(data=True))
    if len(grammar.start) > 1:
        yield f"strings may start in {len(grammar.start)} states"
    if any("output" in data for data in states.values()):
        yield "states have outputs"
    elif grammar.outputs and all(data.get("symbol") == data.get("output") for *_, data in edges):
        yield "each rule puts out what it reads, as an acceptor does"
    if any("pos" in data for data in states.values()):
        yield "states have positions (pos)"
    if grammar.alphabet != grammar.used:
        yield "the alphabet is not just the symbols of the rules, sorted"
    yield from _reasons_in_texts(grammar, edges)
    yield from _reasons_in_probabilities(grammar, states)


def _reasons_in_texts(grammar: Grammar, edges: list[tuple[str, str, dict[str, Any]]]) -> Iterator[str]:
    if grammar.start[0].startswith(_BYTE_ORDER_MARK):
        yield "the text would begin with a byte order mark"
    for state in grammar.graph:
        why = why_no_column(state, is_symbol=False) or ("separates transducers" if state == SEPARATOR else "")
        if why:
            yield f"the id {quoted(state)} {why}"
    for *_, data in edges:
        for key in ("symbol", "output"):
            if key in data and (why := why_no_column(data[key], is_symbol=True)):
                yield f"the {key} {quoted(data[key])} {why}"


def _reasons_in_probabilities(grammar: Grammar, states: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Where some probability is given, each move has one: in such text what is not given has 1."""
    numbers = _numbers(grammar)
    if not numbers:
        return
    if set(numbers) == {1.0}:
        yield "each probability is 1, as if there were none"
        return
    for state, data in states.items():
        given = ["probability" in rule for *_, rule in grammar.graph.out_edges(state, data=True)]
        given += ["end" in data] if data.get("accept") else []
        if len(given) > 1 and not all(given):
            what = "no probability of its end" if any(given) else "no probabilities, but others have"
            yield f"state {quoted(state)} has {what}"
