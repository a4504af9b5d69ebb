"""What follows from the calls of graphs: which nets end, or begin with a call, and which calls come back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import networkx as nx

Graphs = dict[str, "nx.MultiDiGraph[str]"]
Passes = Callable[[dict[str, Any], set[str]], bool]  # whether an edge can be passed, given the nets that can end


def is_last(graph: "nx.MultiDiGraph[str]", state: str) -> bool:
    """Whether nothing but the end is left there: a call that leads there keeps its net open no longer."""
    return bool(graph.nodes[state].get("accept")) and not graph.out_degree(state)


def starts(graph: "nx.MultiDiGraph[str]") -> list[str]:
    return [state for state, start in graph.nodes(data="start") if start]


def called(graph: "nx.MultiDiGraph[str]") -> set[str]:
    """The nets that it calls."""
    return {call for *_, call in graph.edges(data="call") if call is not None}


def reachable(main: str, graphs: Graphs) -> set[str]:
    """The nets that are called on the way, itself first."""
    found, waiting = {main}, [main]
    for name in waiting:
        new = sorted(called(graphs[name]) - found)
        found |= set(new)
        waiting += new
    return found


def lasting(graphs: Graphs) -> set[str]:
    """The nets that can end: by a way on which every net that is called can."""
    return _ending(graphs, lambda data, ending: "call" not in data or data["call"] in ending)


def empty(graphs: Graphs) -> set[str]:
    """The nets that can end before anything is read."""
    return _ending(graphs, _reads_nothing)


def first_calls(graphs: Graphs) -> "nx.DiGraph[str]":
    """An edge from each net to those that it may call before anything is read."""
    ending = empty(graphs)
    found: nx.DiGraph[str] = nx.DiGraph()
    found.add_nodes_from(graphs)
    for name, graph in graphs.items():
        near = _reached(graph, (edge for edge in graph.edges(data=True) if _reads_nothing(edge[2], ending)))
        found.add_edges_from((name, call) for p, _, call in graph.edges(data="call") if p in near and call is not None)
    return found


def waiting_calls(graphs: Mapping[str, "nx.MultiDiGraph[str]"]) -> list[tuple[str, str]]:
    """The recursive calls that wait, sorted: not in last place, and on a cycle of calls."""
    part = parts(graphs)
    return sorted({(name, call) for name, call in _calls(graphs, last=False) if part[name] == part[call]})


def parts(graphs: Mapping[str, "nx.MultiDiGraph[str]"]) -> dict[str, int]:
    """A number for each net; nets that call each other, over others or not, have the same."""
    whole: nx.DiGraph[str] = nx.DiGraph()
    whole.add_nodes_from(graphs)
    whole.add_edges_from((name, call) for name, graph in graphs.items() for call in called(graph))
    return {name: n for n, names in enumerate(nx.strongly_connected_components(whole)) for name in names}


def heads(main: str, graphs: Mapping[str, "nx.MultiDiGraph[str]"]) -> set[str]:
    """The nets that calls come back to: called from a net that is on the way from the main one, depth first, by name.

    Nets that come back to each other by calls in last place alone, after which nothing waits, count as one. Every
    circle with a call that waits goes through one of those found.
    """
    kept = set(_calls(graphs, last=False))
    last: nx.DiGraph[str] = nx.DiGraph()
    last.add_nodes_from(graphs)
    last.add_edges_from(_calls(graphs, last=True))
    one = {name: min(names) for names in nx.strongly_connected_components(last) for name in names}
    ways: dict[str, set[str]] = {name: set() for name in one.values()}
    for name, graph in graphs.items():
        ways[one[name]] |= {one[call] for call in called(graph) if one[call] != one[name] or (name, call) in kept}
    found: set[str] = set()
    done: set[str] = set()
    way = {one[main]: iter(sorted(ways[one[main]]))}  # each net with those that it calls and that are still to come
    while way:
        last_one, calls = next(reversed(way.items()))
        following = next(calls, None)
        if following is None:
            done.add(last_one)
            del way[last_one]
        elif following in way:
            found.add(following)
        elif following not in done:
            way[following] = iter(sorted(ways[following]))
    return {name for name in graphs if one[name] in found}


def _calls(graphs: Mapping[str, "nx.MultiDiGraph[str]"], last: bool) -> Iterator[tuple[str, str]]:
    """The calls in last place, or the others, which wait."""
    for name, graph in graphs.items():
        for _, target, call in graph.edges(data="call"):
            if call is not None and is_last(graph, target) == last:
                yield name, call


def _reads_nothing(data: dict[str, Any], ending: set[str]) -> bool:
    return "epsilon" in data or data.get("call") in ending


def _ending(graphs: Graphs, passes: Passes) -> set[str]:
    """The nets that end by edges that pass, given those that do; the least such set."""
    found: set[str] = set()
    while True:
        new = {name for name, graph in graphs.items() if name not in found and _ends(graph, found, passes)}
        if not new:
            return found
        found |= new


def _ends(graph: "nx.MultiDiGraph[str]", found: set[str], passes: Passes) -> bool:
    reached = _reached(graph, (edge for edge in graph.edges(data=True) if passes(edge[2], found)))
    return any(graph.nodes[state].get("accept") for state in reached)


def _reached(graph: "nx.MultiDiGraph[str]", edges: Iterable[tuple[str, str, dict[str, Any]]]) -> set[str]:
    """The states that strings come to by some of the edges."""
    ways: nx.DiGraph[str] = nx.DiGraph((p, q) for p, q, _ in edges)
    ways.add_nodes_from(graph)
    return {state for start in starts(graph) for state in (start, *nx.descendants(ways, start))}
