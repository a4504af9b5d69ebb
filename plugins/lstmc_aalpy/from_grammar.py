"""From a grammar to a machine of AALpy: a Dfa, or a MealyMachine or MooreMachine where it has outputs.

States keep their names and their order, and each has its shortest `prefix`, which AALpy's oracles use.
"""

from typing import Any

from lstmc.errors import PluginError, UsageError
from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted, stops_nowhere


def machine_of(grammar: Grammar) -> Any:
    """Raises UsageError for what these machines have not: probabilities, several starts, or several moves; a Dfa
    without an accepting state; a Mealy or Moore machine with one, unless it is partial and all states accept."""
    try:
        from aalpy import automata
    except ImportError as error:
        raise PluginError(f"AALpy cannot be imported: {error}", "pip install aalpy") from error

    _refuse(grammar)
    nodes, rules = grammar.graph.nodes(data=True), grammar.graph.edges(data=True)
    mealy = any("output" in data for *_, data in rules)
    states: dict[str, Any]
    if mealy:
        machine, states = automata.MealyMachine, {name: automata.MealyState(name) for name in grammar.graph}
    elif grammar.outputs:
        machine = automata.MooreMachine
        states = {name: automata.MooreState(name, data.get("output")) for name, data in nodes}
    else:
        machine = automata.Dfa
        states = {name: automata.DfaState(name, bool(data.get("accept"))) for name, data in nodes}
    order = {symbol: place for place, symbol in enumerate(grammar.alphabet)}
    for source, target, data in sorted(rules, key=lambda rule: order[rule[2]["symbol"]]):
        states[source].transitions[data["symbol"]] = states[target]
        if mealy:
            states[source].output_fun[data["symbol"]] = data.get("output")
    start = states[grammar.start[0]]
    _set_prefixes(start)
    return machine(start, list(states.values()))


def _set_prefixes(start: Any) -> None:
    start.prefix = ()
    todo = [start]
    for state in todo:  # it grows while we walk
        for symbol, target in state.transitions.items():
            if target.prefix is None:
                target.prefix = (*state.prefix, symbol)
                todo.append(target)


def _refuse(grammar: Grammar) -> None:
    nodes, rules = grammar.graph.nodes(data=True), grammar.graph.edges(data=True)
    if any("probability" in data for *_, data in rules) or any("end" in data for _, data in nodes):
        raise UsageError("AALpy's Dfa, MealyMachine and MooreMachine hold no probabilities", "take them out")
    if grammar.silent:
        raise UsageError("AALpy's machines have no moves that read nothing (ε)", "convert to automata's NFA, which has")
    if len(grammar.start) > 1:
        message = f"AALpy's machines have one initial state, and strings may start in {len(grammar.start)} here"
        raise UsageError(message, "give the grammar one start")
    accepts = any(data.get("accept") for _, data in nodes)
    stops = not all(dict(grammar.graph.out_degree()).values()) and all(data.get("accept") for _, data in nodes)
    if grammar.outputs and accepts and not stops:
        message = "AALpy's MealyMachine and MooreMachine have no accepting states"
        raise UsageError(message, "take out `accept`: the strings of the grammar are then endless")
    if stops_nowhere(grammar):
        message = "a state has no moves, so in AALpy strings may stop anywhere, and in this grammar they never do"
        raise UsageError(message, "add `accept: true` to every state")
    if not grammar.outputs and not accepts:
        message = "the grammar's strings never end, and AALpy's Dfa accepts only strings that do"
        raise UsageError(message, "add `accept: true` to the states in which a string may end")
    seen: set[tuple[str, str]] = set()
    for source, _, data in rules:
        if (source, data["symbol"]) in seen:
            message = f"state {quoted(source)} has two moves on {quoted(data['symbol'])}"
            raise UsageError(f"AALpy's machines are deterministic, and {message}", "make the grammar deterministic")
        seen.add((source, data["symbol"]))
