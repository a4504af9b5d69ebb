"""Small grammars from lines like `S -a-> A`, and automata back as such lines: pictures that a person can read."""

from fractions import Fraction
from math import isnan

import networkx as nx

from lstmc.automaton import NONE, Automaton, to_automaton
from lstmc.grammar.grammar import Grammar


def grammar(text: str, name: str = "small") -> Grammar:
    """A grammar from its rules and states, a line each; a state needs a line only where there is something to say.

    S -a-> A             rule                         A start accept         state
    S -a/1-> A           rule with an output          A says 1               state with an output
    S --> A              rule that reads nothing
    S -a-> A: 0.5        rule with a probability      A accept: 0.5          state with the probability of ending
    """
    graph = nx.MultiDiGraph()
    for line in filter(None, map(str.strip, text.splitlines())):
        line, _, chance = line.partition(": ")
        source, *words = line.split()
        graph.add_node(source)
        if words[0].startswith("-"):
            symbol, _, output = words[0][1:-2].partition("/")
            data: dict[str, object] = {"symbol": symbol} if symbol else {"epsilon": True}
            data |= {"output": output} if output else {}
            graph.add_edge(source, words[1], **data, **({"probability": float(chance)} if chance else {}))
        else:
            said = {"output": words[words.index("says") + 1]} if "says" in words else {}
            graph.nodes[source].update({word: True for word in words if word in ("start", "accept")} | said)
            if chance:
                graph.nodes[source]["end"] = float(chance)
    return Grammar.from_graph(graph, name)


def automaton(text: str) -> Automaton:
    """The automaton of a small grammar."""
    return to_automaton(grammar(text))


def picture(automaton: Automaton, by: bool = False) -> str:
    """A line for each state, then one for each move; `by` tells the rules and the grammar's states behind them."""
    a = automaton
    lines = []
    for q, state in enumerate(a.states):
        words = [state]
        words += ["start"] if a.initial[q] else []
        words += [f"accept{_chance(a.end[q])}"] if a.accepting[q] else []
        words += [f"says {a.outputs[a.state_output[q]]}"] if a.state_output[q] != NONE else []
        words += [f"of {', '.join(a.origins[q])}"] if by else []
        lines.append(" ".join(words))
    for (p, x, q, o, rules), row in zip(a.each_move(), a.moves[:-1], strict=True):
        said = f"/{a.outputs[o]}" if o != NONE else ""
        move = f"{a.states[p]} -{a.alphabet[x]}{said}-> {a.states[q]}{_chance(a.probability[row])}"
        lines.append(move + (f"   by {', '.join(a.rules[rule] for rule in rules)}" if by else ""))
    return "\n".join(lines) + "\n"


def _chance(probability: float) -> str:
    return "" if isnan(probability) else f": {Fraction(float(probability)).limit_denominator(1000)}"
