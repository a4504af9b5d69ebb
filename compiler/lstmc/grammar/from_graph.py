"""From what is in memory, a networkx graph or a node-link dictionary, to a grammar, by the same checks as a file."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from itertools import count
from typing import Any

import networkx as nx

from lstmc.errors import UsageError
from lstmc.grammar.codes import KINDS
from lstmc.grammar.collector import paused_collector
from lstmc.grammar.diagnostics import Diagnostic, GrammarError
from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.from_tree import check_tree, draft_to_graph
from lstmc.grammar.limits import Limits
from lstmc.grammar.link import link
from lstmc.grammar.nets import Nets
from lstmc.grammar.tree import Mapping, Place, Problem, Scalar, Sequence, Tree
from lstmc.names import name_for
from lstmc.visible import visible

DEFAULT_NAME = "grammar"
_TOP = Place(0, 0)
_CHANGES = ("G004", "G056")  # warnings after which a grammar is not what is written there
_OF_NETWORKX = ("node_default", "edge_default")  # what its readers of files leave in a graph


@paused_collector()
def checked_graph(graph: Any, name: str | None = None) -> tuple["nx.MultiDiGraph[str]", tuple[Diagnostic, ...]]:
    """The graph of the grammar, frozen and of plain values, and its warnings. Raises GrammarError."""
    chosen = _name(graph, name)
    file = f"graph {quoted(chosen)}"
    _refuse_undirected(graph, file)
    draft, warnings = _checked(graph_to_tree(graph, chosen), file)
    if draft.calls:
        raise UsageError(f"the edges of {file} call", "make nets of it: lstmc.Nets.from_graphs({name: graph})")
    return draft_to_graph(draft, chosen), warnings


@paused_collector()
def checked_nets(graphs: AnyMapping[str, Any], depth: int | None = None) -> Nets:
    """The nets of graphs, the main one first. Raises GrammarError, and UsageError where there is no graph."""
    if not graphs:
        raise UsageError("there are no nets", "give a graph for each by its name, the main one first")
    (main, graph), *others = graphs.items()
    file = f"nets {quoted(main)}"
    for each in graphs.values():
        _refuse_undirected(each, file)
    tree = graph_to_tree(graph, main)
    nets: list[tuple[Scalar, Tree]] = [
        (Scalar(each, _TOP), graph_to_tree(of, None, f"net {quoted(each)}, ")) for each, of in others
    ]
    more = _entries({} if depth is None else {"depth": depth}, _TOP)
    draft, warnings = _checked(Mapping([*tree.entries, *more, (Scalar("nets", _TOP), Mapping(nets, _TOP))], _TOP), file)
    return _linked(draft, main, file, warnings)


@paused_collector()
def checked_nets_data(data: Any, file: str) -> Nets:
    """The nets of a node-link dictionary, as `Nets.to_dict` gives it."""
    draft, warnings = _checked_data(data, file)
    return _linked(draft, draft.name.text if draft.name else DEFAULT_NAME, file, warnings)


def _linked(draft: Draft, name: str, file: str, warnings: tuple[Diagnostic, ...]) -> Nets:
    from lstmc.grammar.catalogue import load_called  # which makes grammars of graphs in its turn

    problems, nets = link(draft, name_for(name), load_called, Limits.from_environment())
    found = tuple(_diagnostic(problem, file) for problem in sorted(set(problems)))
    if nets is None:
        raise GrammarError(warnings + found)
    return replace(nets, warnings=warnings + found)


def _name(graph: Any, name: str | None) -> str:
    if not isinstance(graph, nx.Graph):
        raise TypeError(f"a grammar is made from a networkx graph, not from a {type(graph).__name__}")
    return name or str(graph.graph.get("name") or DEFAULT_NAME)


def _refuse_undirected(graph: "nx.Graph[Any]", file: str) -> None:
    if not graph.is_directed():
        help = "make it a networkx.MultiDiGraph; graph.to_directed() gives each edge both directions"
        raise GrammarError((_diagnostic(Problem(Place(0, 0), "G007", "the graph is undirected", help), file),))


@paused_collector()
def checked_data(data: Any, file: str) -> tuple["nx.MultiDiGraph[str]", tuple[Diagnostic, ...]]:
    """The same of a node-link dictionary, as `Grammar.to_dict` gives it; `file` is what problems call it."""
    draft, warnings = _checked_data(data, file)
    if draft.calls:
        raise UsageError(f"the edges of {file} call", "make nets of it: lstmc.Nets.from_dict(data)")
    return draft_to_graph(draft, draft.name.text if draft.name else DEFAULT_NAME), warnings


def _checked_data(data: Any, file: str) -> tuple[Draft, tuple[Diagnostic, ...]]:
    try:
        draft, warnings = _checked(_data_to_tree(data), file)
    except RecursionError:
        problem = Problem(_TOP, "G065", "values are nested too deeply")
        raise GrammarError((_diagnostic(problem, file),)) from None
    changed = [each for each in warnings if each.code in _CHANGES]
    if changed:  # it would not be the grammar that the dictionary's digest is of
        raise GrammarError(tuple(replace(each, severity="error") for each in changed))
    return draft, warnings


def _checked(tree: Tree, file: str) -> tuple[Draft, tuple[Diagnostic, ...]]:
    problems, draft = check_tree(tree)
    found = tuple(_diagnostic(problem, file) for problem in sorted(set(problems)))
    if draft is None or any(each.severity == "error" for each in found):
        raise GrammarError(found)
    return draft, found


def graph_to_tree(graph: Any, name: str | None, net: str = "") -> Mapping:
    """The graph in node-link form; the place of everything is the node or edge that it belongs to, of a `net`."""
    number = count(1)
    of_graph = {key: value for key, value in graph.graph.items() if key not in (*_OF_NETWORKX, "name")}
    of_graph |= {} if name is None else {"name": name}
    nodes: list[Tree] = [_node(id, data, next(number), net) for id, data in graph.nodes(data=True)]
    edges: list[Tree] = [_edge(p, q, data, next(number), net) for p, q, data in graph.edges(data=True)]
    attributes = list(_entries(of_graph, _TOP))
    lists: list[tuple[Scalar, Tree]] = [
        (Scalar("nodes", _TOP), Sequence(nodes, _TOP)),
        (Scalar("edges", _TOP), Sequence(edges, _TOP)),
    ]
    return Mapping([*attributes, *lists], _TOP)


def _data_to_tree(data: Any) -> Tree:
    """The tree of a node-link dictionary; the place of everything is the item of `nodes` or `edges` that it is in."""
    if not isinstance(data, AnyMapping):
        return _tree(data, _TOP)
    lists = {"nodes": [], "edges": []} | {key: data[key] for key in ("nodes", "edges") if key in data}
    nets = data.get("nets")
    rest = {key: value for key, value in data.items() if key not in (*lists, "nets")}
    number = count(1)
    items = [(Scalar(key, _TOP), _items(key, value, number)) for key, value in lists.items()]
    if isinstance(nets, AnyMapping):
        items.append((Scalar("nets", _TOP), Mapping([_net(name, net, number) for name, net in nets.items()], _TOP)))
    elif nets is not None:
        items.append((Scalar("nets", _TOP), _tree(nets, _TOP)))
    return Mapping([*_entries(rest, _TOP), *items], _TOP)


def _net(name: object, data: Any, number: "count[int]") -> tuple[Scalar, Tree]:
    """Of a net the same, with its name before the item."""
    if not isinstance(data, AnyMapping):
        return Scalar(_text(name), _TOP), _tree(data, _TOP)
    items = [
        (Scalar(_text(key), _TOP), _items(f"nets[{_text(name)!r}].{key}", value, number))
        for key, value in data.items()
        if value is not None
    ]
    return Scalar(_text(name), _TOP), Mapping(items, _TOP)


def _items(key: str, value: Any, number: "count[int]") -> Tree:
    if not isinstance(value, list):
        return _tree(value, _TOP)
    places = (Place(0, next(number), 1, f"{key}[{n}]") for n in range(len(value)))
    return Sequence([_tree(item, place) for item, place in zip(value, places, strict=True)], _TOP)


def _node(id: object, data: AnyMapping[Any, Any], number: int, net: str) -> Mapping:
    place = Place(0, number, 1, f"{net}node {quoted(_text(id))}")
    return Mapping([(Scalar("id", place), _scalar(id, place)), *_entries(data, place)], place)


def _edge(p: object, q: object, data: AnyMapping[Any, Any], number: int, net: str) -> Mapping:
    symbol = f" –{visible(_text(data['symbol'])[:40])}→ " if data.get("symbol") is not None else " → "
    place = Place(0, number, 1, f"{net}edge {visible(_text(p))[:60]}{symbol}{visible(_text(q))[:60]}")
    ends: list[tuple[Scalar, Tree]] = [
        (Scalar("source", place), _scalar(p, place)),
        (Scalar("target", place), _scalar(q, place)),
    ]
    return Mapping([*ends, *_entries(data, place)], place)


def _entries(data: AnyMapping[Any, Any], place: Place) -> Iterator[tuple[Scalar, Tree]]:
    """The attributes; one that is None is not there."""
    for key, value in data.items():
        if value is not None:
            yield Scalar(_text(key), place), _tree(value, place)


def _tree(value: Any, place: Place) -> Tree:
    value = value.tolist() if hasattr(value, "tolist") else value  # numpy's scalars and arrays
    if isinstance(value, AnyMapping):
        return Mapping(list(_entries(value, place)), place)
    if isinstance(value, list | tuple):
        return Sequence([_tree(item, place) for item in value], place)
    return _scalar(value, place)


def _scalar(value: Any, place: Place) -> Scalar:
    return Scalar(_text(value), place, plain=not isinstance(value, str))


def _text(value: Any) -> str:
    """The text that stands for a value in a grammar file."""
    if isinstance(value, str):
        return str(value)
    value = value.item() if hasattr(value, "item") else value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _diagnostic(problem: Problem, file: str) -> Diagnostic:
    where = f"{problem.place.item}: " if problem.place.item else ""
    severity = KINDS[problem.code].severity
    return Diagnostic(file, 0, 0, problem.code, severity, where + problem.message, problem.help)
