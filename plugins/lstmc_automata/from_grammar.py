"""From a grammar to a DFA of automata-lib where it is deterministic, else to an NFA.

Every state keeps its name. A DFA is complete only where the grammar is: `allow_partial` is set where a move is missing.
"""

from typing import Any

from lstmc.errors import PluginError, UsageError
from lstmc.grammar import Grammar
from lstmc_automata.to_graph import READS_NOTHING


def automaton_of(grammar: Grammar) -> Any:
    """Raises UsageError for probabilities, outputs, several starts and endless strings, which automata-lib has not."""
    try:
        from automata.fa.dfa import DFA
        from automata.fa.nfa import NFA
    except ImportError as error:
        raise PluginError(f"automata-lib cannot be imported: {error}", "pip install automata-lib") from error

    _refuse(grammar)
    moves: dict[str, dict[str, set[str]]] = {state: {} for state in grammar.graph}
    for source, target, symbol in grammar.graph.edges(data="symbol"):
        moves[source].setdefault(symbol or READS_NOTHING, set()).add(target)
    said: dict[str, Any] = {
        "states": set(moves),
        "input_symbols": set(grammar.alphabet),
        "initial_state": grammar.start[0],
        "final_states": {state for state, accept in grammar.graph.nodes(data="accept") if accept},
    }
    if grammar.silent or any(len(targets) > 1 for ways in moves.values() for targets in ways.values()):
        return NFA(transitions=moves, **said)
    single = {state: {symbol: target for symbol, (target,) in ways.items()} for state, ways in moves.items()}
    partial = any(len(ways) < len(grammar.alphabet) for ways in moves.values())
    return DFA(transitions=single, allow_partial=partial, **said)


def _refuse(grammar: Grammar) -> None:
    nodes, rules = grammar.graph.nodes(data=True), grammar.graph.edges(data=True)
    if any("probability" in data for *_, data in rules) or any("end" in data for _, data in nodes):
        raise UsageError("automata-lib's automata hold no probabilities", "take them out of the grammar")
    if grammar.outputs:
        raise UsageError("automata-lib's automata have no outputs", "take them out of the grammar, or convert to aalpy")
    if len(grammar.start) > 1:
        message = f"automata-lib's automata have one initial state, and strings may start in {len(grammar.start)} here"
        raise UsageError(message, "give the grammar one start")
    if not any(data.get("accept") for _, data in nodes):
        message = "the grammar's strings never end, and automata-lib's automata accept only strings that do"
        raise UsageError(message, "add `accept: true` to the states in which a string may end")
