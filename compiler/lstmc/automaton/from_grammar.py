"""Turn a grammar's graph into arrays."""

from decimal import Decimal

import numpy as np

from lstmc.automaton.automaton import NONE, Automaton, row_order
from lstmc.automaton.without_epsilon import without_epsilon
from lstmc.grammar import Grammar


def to_automaton(grammar: Grammar) -> Automaton:
    """The automaton that says what the grammar says: states and symbols in the grammar's own order, no ε-moves.

    Raises LimitError where taking these out would make too many moves.
    """
    nodes = list(grammar.graph.nodes(data=True))
    moves, accepting = without_epsilon(grammar)
    state = {name: number for number, (name, _) in enumerate(nodes)}
    symbol = {text: number for number, text in enumerate(grammar.alphabet)}
    output = {text: number for number, text in enumerate(grammar.outputs)} | {None: NONE}

    source = np.array([state[move.source] for move in moves], np.int64)
    letter = np.array([symbol[move.reads["symbol"]] for move in moves], np.int64)
    target = np.array([state[move.target] for move in moves], np.int64)
    out = np.array([output[move.reads.get("output")] for move in moves], np.int64)
    probability = np.array([move.reads.get("probability", np.nan) for move in moves], np.float64)
    order = row_order(source, letter, target, out, np.arange(len(moves)))
    return Automaton(
        name=grammar.name,
        alphabet=grammar.alphabet,
        outputs=grammar.outputs,
        states=tuple(state),
        origins=tuple((name,) for name in state),
        rules=tuple(str(moves[row]) for row in order),
        initial=np.array([bool(data.get("start")) for _, data in nodes], np.bool_),
        accepting=np.array(accepting, np.bool_),
        end=_end(grammar, nodes, accepting),
        state_output=np.array([output[data.get("output")] for _, data in nodes], np.int64),
        source=source[order],
        symbol=letter[order],
        target=target[order],
        output=out[order],
        rule=np.arange(len(moves)),
        probability=probability[order],
    )


def _end(grammar: Grammar, nodes: list[tuple[str, dict[str, object]]], accepting: list[bool]) -> np.ndarray:
    """The probability of ending in each state: what is given, else what the state's edges leave, else not known."""
    end = np.zeros(len(nodes))
    for number, (name, data) in enumerate(nodes):
        if not accepting[number]:
            continue
        given = [d["probability"] for _, _, d in grammar.graph.out_edges(name, data=True) if "probability" in d]
        if "end" in data:
            end[number] = float(str(data["end"]))
        elif given:
            end[number] = float(1 - sum(Decimal(repr(p)) for p in given))
        else:
            end[number] = np.nan
    return end
