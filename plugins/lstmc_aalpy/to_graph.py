"""From a machine of AALpy to a graph: states in the machine's order, symbols in the order in which they stand there.

    Dfa                 accepts where `is_accepting`; states that no string uses are left out
    MealyMachine        outputs of moves. An Onfsm is one with several moves
    MooreMachine        outputs of states. An NDMooreMachine is one with several moves
    MarkovChain         a move reads the output of the state that it leads to, as `step` returns it

An output that is None is no output. Where no state accepts, strings are endless; but where a state of a transducer has
no moves they may stop everywhere, since then the machine is a partial one.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import networkx as nx

from lstmc.errors import UsageError
from lstmc.grammar.formats import quoted
from lstmc.grammar.values import Texts


class Move(NamedTuple):
    symbol: Any
    target: Any
    output: Any = None
    probability: float | None = None


class Kind(NamedTuple):
    """How to read the states of one kind of machine."""

    moves: Callable[[Any], Iterator[Move]]
    output: Callable[[Any], Any] = lambda state: None
    accepts: Callable[[Any], bool] | None = None


def graph_of(machine: Any) -> "nx.MultiDiGraph[str]":
    """Raises UsageError for a machine that is no finite graph, accepts nothing, or whose names cannot be told apart."""
    kind = _kind(machine)
    states = list(dict.fromkeys([*machine.states, machine.initial_state]))
    names = _names(states)
    symbol, output = Texts("input"), Texts("output")
    graph = nx.MultiDiGraph()
    for state in states:
        graph.add_node(names[state], output=_unless_none(output, kind.output(state)))
        if kind.accepts and kind.accepts(state):
            graph.nodes[names[state]]["accept"] = True
    graph.nodes[names[machine.initial_state]]["start"] = True
    for state in states:
        for move in kind.moves(state):
            if move.target not in names:
                message = f"a move of state {quoted(names[state])} leads to a state that is not among the machine's"
                raise UsageError(message, "add it to `states`")
            said = {"output": _unless_none(output, move.output), "probability": move.probability}
            graph.add_edge(names[state], names[move.target], symbol=symbol(move.symbol), **said)
    read = (move.symbol for state in states for move in kind.moves(state))
    graph.graph["alphabet"] = list(dict.fromkeys(map(symbol, read)))
    if kind.accepts:
        return _used(graph)
    if not all(dict(graph.out_degree()).values()):
        nx.set_node_attributes(graph, True, "accept")
    return graph


def _of_dfa(state: Any) -> Iterator[Move]:
    return (Move(symbol, target) for symbol, target in state.transitions.items())


def _of_mealy(state: Any) -> Iterator[Move]:
    return (Move(symbol, target, state.output_fun.get(symbol)) for symbol, target in state.transitions.items())


def _of_onfsm(state: Any) -> Iterator[Move]:
    several = ((symbol, way) for symbol, ways in state.transitions.items() for way in dict.fromkeys(ways))
    return (Move(symbol, target, output) for symbol, (output, target) in several)


def _of_several(state: Any) -> Iterator[Move]:
    return (Move(symbol, target) for symbol, targets in state.transitions.items() for target in dict.fromkeys(targets))


def _of_chain(state: Any) -> Iterator[Move]:
    """A state without moves says its output again and again."""
    for target, probability in state.transitions or [(state, 1.0)]:
        if target.output is None:
            raise UsageError(f"state {quoted(str(target.state_id))} of the MarkovChain has no output", "give it one")
        yield Move(target.output, target, probability=probability)


def _says(state: Any) -> Any:
    return state.output


def _is_accepting(state: Any) -> bool:
    return bool(state.is_accepting)


_KINDS = {
    "Dfa": Kind(_of_dfa, accepts=_is_accepting),
    "MealyMachine": Kind(_of_mealy),
    "MooreMachine": Kind(_of_dfa, _says),
    "MarkovChain": Kind(_of_chain),
    "Onfsm": Kind(_of_onfsm),
    "NDMooreMachine": Kind(_of_several, _says),
}
_REASONS = {
    "Mdp": "its probabilities are of outputs after an input, and those of a grammar are of inputs",
    "StochasticMealyMachine": "its probabilities are of outputs after an input, and those of a grammar are of inputs",
    "Sevpa": "it has a stack, which no finite graph has",
    "Vpa": "it has a stack, which no finite graph has",
}


def _kind(machine: Any) -> Kind:
    """By the name of its class, or of one that it is derived from."""
    classes = [each.__name__ for each in type(machine).__mro__ if each.__module__.partition(".")[0] == "aalpy"]
    for name in classes:
        if name in _KINDS:
            return _KINDS[name]
    reason = next((_REASONS[name] for name in classes if name in _REASONS), "these are: " + ", ".join(_KINDS))
    raise UsageError(f"no grammar is made of AALpy's {type(machine).__name__}", reason)


def _names(states: list[Any]) -> dict[Any, str]:
    name = Texts("state")
    names = {state: name(state.state_id) for state in states}
    taken: set[str] = set()
    for text in names.values():
        if text in taken:
            raise UsageError(f"two states of the machine are called {quoted(text)}", "give each an id of its own")
        taken.add(text)
    return names


def _unless_none(text: Texts, value: Any) -> str | None:
    return None if value is None else text(value)


def _used(graph: "nx.MultiDiGraph[str]") -> "nx.MultiDiGraph[str]":
    """The states between the start and an accepting one: others, such as a trap, only say that nothing follows."""
    start = [state for state, starts in graph.nodes(data="start") if starts]
    accepting = [state for state, accepts in graph.nodes(data="accept") if accepts]
    reached = set().union(*nx.bfs_layers(graph, start))
    used = reached.intersection(set().union(*nx.bfs_layers(graph.reverse(copy=False), accepting)))
    if not used:
        raise UsageError("the Dfa accepts nothing", "a grammar needs a string: make a state accepting")
    graph.remove_nodes_from(set(graph) - used)
    return graph
