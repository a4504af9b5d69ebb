"""Turn a grammar's graph into arrays."""

from decimal import Decimal

import numpy as np

from lstmc.automaton.automaton import NONE, Automaton, row_order
from lstmc.grammar import Grammar


def to_automaton(grammar: Grammar) -> Automaton:
    """The automaton that says what the grammar says: states and symbols in the grammar's own order."""
    nodes = list(grammar.graph.nodes(data=True))
    edges = list(grammar.graph.edges(data=True))
    state = {name: number for number, (name, _) in enumerate(nodes)}
    symbol = {text: number for number, text in enumerate(grammar.alphabet)}
    output = {text: number for number, text in enumerate(grammar.outputs)} | {None: NONE}

    source = np.array([state[p] for p, _, _ in edges], np.int64)
    letter = np.array([symbol[data["symbol"]] for _, _, data in edges], np.int64)
    target = np.array([state[q] for _, q, _ in edges], np.int64)
    out = np.array([output[data.get("output")] for _, _, data in edges], np.int64)
    probability = np.array([data.get("probability", np.nan) for _, _, data in edges], np.float64)
    order = row_order(source, letter, target, out, np.arange(len(edges)))
    return Automaton(
        name=grammar.name,
        alphabet=grammar.alphabet,
        outputs=grammar.outputs,
        states=tuple(state),
        origins=tuple((name,) for name in state),
        rules=tuple(_rule(edges[row]) for row in order),
        initial=np.array([bool(data.get("start")) for _, data in nodes], np.bool_),
        accepting=np.array([bool(data.get("accept")) for _, data in nodes], np.bool_),
        end=_end(grammar, nodes),
        state_output=np.array([output[data.get("output")] for _, data in nodes], np.int64),
        source=source[order],
        symbol=letter[order],
        target=target[order],
        output=out[order],
        rule=np.arange(len(edges)),
        probability=probability[order],
    )


def _rule(edge: tuple[str, str, dict[str, str]]) -> str:
    p, q, data = edge
    return f"{p} –{data['symbol']}{'/' + data['output'] if 'output' in data else ''}→ {q}"


def _end(grammar: Grammar, nodes: list[tuple[str, dict[str, object]]]) -> np.ndarray:
    """The probability of ending in each state: what is given, else what the state's edges leave, else not known."""
    end = np.zeros(len(nodes))
    for number, (name, data) in enumerate(nodes):
        if not data.get("accept"):
            continue
        given = [d["probability"] for _, _, d in grammar.graph.out_edges(name, data=True) if "probability" in d]
        if "end" in data:
            end[number] = float(str(data["end"]))
        elif given:
            end[number] = float(1 - sum(Decimal(repr(p)) for p in given))
        else:
            end[number] = np.nan
    return end
