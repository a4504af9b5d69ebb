"""Nets to states: a state of the expansion is a state of a net, with the calls that wait.

    value   0 –[→ 1 –value→ 2 –]→ 3         in 1, while a call waits to go on in 2:   2/1

A call is a move that reads nothing, into the net that is called, and where that accepts, one leads back.
"""

from collections.abc import Iterator
from typing import NamedTuple

import networkx as nx

from lstmc.errors import FindingsError
from lstmc.grammar.calls import heads, is_last, parts, starts
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.nets import Nets


class Waiting(NamedTuple):
    """A call: the net that made it, where that goes on, and whether it came back to a net that calls lead back to."""

    net: str
    state: str
    back: bool = False


class Place(NamedTuple):
    """A state of a net, and the calls that wait, the first one first."""

    calls: tuple[Waiting, ...]
    net: str
    state: str


def expanded(nets: Nets) -> Grammar:
    """The grammar that says the same. Raises LimitError where it has more states or edges than a file may have, and
    FindingsError where no string is nested so little."""
    limits, of = Limits.from_environment(), f"grammar '{nets.name}', expanded: "
    main, *_ = nets.nets
    back = Back(heads(main, nets.nets), parts(nets.nets))
    first = [Place((), main, state) for state in starts(nets.nets[main])]
    number = {place: n for n, place in enumerate(first)}
    waiting, edges = list(first), []
    for place in waiting:  # grows as it is walked
        for target, data in _moves(nets, place, back):
            if target not in number:
                number[target] = len(number)
                waiting.append(target)
            edges.append((number[place], number[target], data))
        limits.refuse_size(len(number), len(edges), of, "choose a smaller depth")
    accepts = [not place.calls and bool(nets.nets[place.net].nodes[place.state].get("accept")) for place in waiting]
    names = _names(nets, waiting)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=nets.name, alphabet=list(nets.alphabet))
    for n, name in enumerate(names):
        graph.add_node(name, **({"start": True} if n < len(first) else {}), **({"accept": True} if accepts[n] else {}))
    graph.add_edges_from((names[p], names[q], data) for p, q, data in edges)
    alive = _alive(graph)
    if not alive:
        raise FindingsError(
            f"grammar '{nets.name}': no string is nested only {nets.depth or 0} deep", "choose a larger `depth:`"
        )
    graph.remove_nodes_from([name for name in names if name not in alive])
    nx.freeze(graph)
    return Grammar(graph, nets.warnings)


class Back(NamedTuple):
    """The nets that calls come back to, and which nets call each other."""

    heads: set[str]
    part: dict[str, int]

    def after(self, calls: tuple[Waiting, ...], net: str) -> tuple[Waiting, ...]:
        """The calls that wait once a net is called: the last one, if it is one of that net's circle, has come back."""
        if not calls or net not in self.heads or self.part[calls[-1].net] != self.part[net]:
            return calls
        return (*calls[:-1], calls[-1]._replace(back=True))


def _moves(nets: Nets, place: Place, back: Back) -> Iterator[tuple[Place, dict[str, object]]]:
    graph = nets.nets[place.net]
    for _, target, data in graph.out_edges(place.state, data=True):
        if "call" not in data:
            yield place._replace(state=target), dict(data)
            continue
        calls, net = place.calls, data["call"]
        if not is_last(graph, target):
            calls = (*calls, Waiting(place.net, target))
        calls = back.after(calls, net)
        if nets.depth is None or sum(call.back for call in calls) <= nets.depth:
            for state in starts(nets.nets[net]):
                yield Place(calls, net, state), {"epsilon": True}
    if place.calls and graph.nodes[place.state].get("accept"):
        last = place.calls[-1]
        yield Place(place.calls[:-1], last.net, last.state), {"epsilon": True}


def _names(nets: Nets, places: list[Place]) -> list[str]:
    """Where calls go on, and the state, with the names of nets if there are several; numbered if two are the same."""
    several = len(nets.nets) > 1

    def name(place: Place) -> str:
        where = (*((call.net, call.state) for call in place.calls), (place.net, place.state))
        return "/".join(f"{net}:{state}" if several else state for net, state in where)

    names = [name(place) for place in places]
    return names if len(set(names)) == len(names) else [f"{name}#{n}" for n, name in enumerate(names)]


def _alive(graph: "nx.MultiDiGraph[str]") -> set[str]:
    """The states from which a string can end, or, where none accepts, go on for ever."""
    goals = {state for state, accept in graph.nodes(data="accept") if accept}
    if not goals:
        circle = {state: n for n, part in enumerate(nx.strongly_connected_components(graph)) for state in part}
        reading = ((p, q) for p, q, data in graph.edges(data=True) if "epsilon" not in data)
        goals = {p for p, q in reading if circle[p] == circle[q]}
    found, waiting = set(goals), list(goals)
    while waiting:
        new = set(graph.predecessors(waiting.pop())) - found
        found |= new
        waiting += new
    return found
