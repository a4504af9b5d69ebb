"""From a tree to a grammar: the schema, then what no schema can say, then the graph."""

import math
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import networkx as nx

from lstmc.grammar.beliefs import determinized
from lstmc.grammar.checks import draft_problems
from lstmc.grammar.checks.start import start_states
from lstmc.grammar.draft import Draft, Rule, State, tree_to_draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.limits import Limits
from lstmc.grammar.schema import schema_problems, with_meant_keys
from lstmc.grammar.tree import Mapping, Place, Problem, Problems, Scalar, Sequence, Tree
from lstmc.names import name_for


class Found(NamedTuple):
    """Every problem of a tree, and what it says as far as that can be told."""

    problems: list[Problem]
    draft: Draft | None


def check_tree(tree: Tree, most: float = math.inf) -> Found:
    """Every problem of a tree that holds a graph. Raises TooManyProblems where there are more than `most` errors."""
    tree = _with_listed_start(tree)
    found = Problems(most)
    tree, misnamed = with_meant_keys(tree)
    for problem in chain(misnamed, schema_problems(tree)):
        found.append(problem)
    if not isinstance(tree, Mapping):
        return Found(found, None)
    draft = tree_to_draft(tree)
    taken = map(_taken_for_one, graphs_of(tree))
    wrong = map(draft_problems, (draft, *(net for _, net in draft.nets)))
    for problem in chain(_said_twice(tree), *taken, *wrong):
        found.append(problem)
    return Found(found, draft)


def graphs_of(tree: Tree) -> list[Mapping]:
    """The mappings that hold the graph at the top, and those of the nets."""
    if not isinstance(tree, Mapping):
        return []
    nets = tree.get("nets")
    named = nets.entries if isinstance(nets, Mapping) else ()
    return [tree, *(net for _, net in named if isinstance(net, Mapping))]


def _with_listed_start(tree: Tree) -> Tree:
    """`start: s0`, where s0 is a state, is a list of one, at the top, in `graph:` and in `nets:`."""
    nodes = tree.get("nodes") if isinstance(tree, Mapping) else None
    if not isinstance(tree, Mapping) or not isinstance(nodes, Sequence):
        return tree

    def listed(key: Scalar, value: Tree) -> tuple[Scalar, Tree]:
        if key.text == "graph" and isinstance(value, Mapping):
            return key, Mapping([listed(*entry) for entry in value.entries], value.place)
        if key.text == "nets" and isinstance(value, Mapping):
            return key, Mapping([(name, _with_listed_start(net)) for name, net in value.entries], value.place)
        if key.text != "start" or not isinstance(value, Scalar) or value.text == "any":
            return key, value
        ids = (node.get("id") for node in nodes.items if isinstance(node, Mapping))
        is_id = any(isinstance(id, Scalar) and id.text == value.text for id in ids)
        return key, Sequence([value], value.place) if is_id else value

    return Mapping([listed(*entry) for entry in tree.entries], tree.place)


def draft_to_graph(draft: Draft, name: str, limits: Limits | None = None) -> "nx.MultiDiGraph[str]":
    """The frozen graph of a draft without errors, as grammar.py describes it. Raises LimitError where it is asked to be
    deterministic, and is too large then."""
    draft = determinized(draft, limits or Limits.from_environment()) if draft.determinize else draft
    starts = set(start_states(draft))
    alphabet = [symbol.text for symbol in draft.alphabet or ()]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name=name_for(name), alphabet=alphabet or sorted({rule.symbol.text for rule in draft.rules if rule.symbol})
    )
    graph.add_nodes_from((state.id.text, dict(_state(state, starts))) for state in draft.states)
    rules = ((rule.source.text, rule.target.text, tuple(_rule(rule))) for rule in draft.rules)
    graph.add_edges_from((source, target, dict(data)) for source, target, data in dict.fromkeys(rules))
    nx.freeze(graph)
    return graph


def _state(state: State, starts: set[str]) -> Iterator[tuple[str, object]]:
    if state.id.text in starts:
        yield "start", True
    if state.accept:
        yield "accept", True
    if state.end:
        yield "end", float(state.end.text)
    if state.output:
        yield "output", state.output.text
    if state.pos:
        yield "pos", list(state.pos)


def _rule(rule: Rule) -> Iterator[tuple[str, object]]:
    if rule.call:
        yield "call", rule.call.text
    else:
        yield ("symbol", rule.symbol.text) if rule.symbol else ("epsilon", True)
    if rule.probability:
        yield "probability", float(rule.probability.text)
    if rule.output:
        yield "output", rule.output.text


def _said_twice(tree: Mapping) -> Iterator[Problem]:
    nested = tree.get("graph")
    for key, _ in nested.entries if isinstance(nested, Mapping) else ():
        top = tree.key(key.text)
        if top is not None and key.text in ("name", "alphabet", "start", "probabilities"):
            message = f"`{key.text}` stands in `graph:`, and at the top too"
            yield Problem(key.place, "G055", message, "keep one of the two")


def _taken_for_one(tree: Mapping) -> Iterator[Problem]:
    """Edges of which networkx would keep only one: between the same states without `multigraph`, or with one key."""
    multigraph, edges = tree.get("multigraph"), tree.get("edges")
    is_simple = isinstance(multigraph, Scalar) and multigraph.plain and multigraph.text == "false"
    names = ("source", "target") if is_simple else ("key", "source", "target")
    seen: dict[tuple[str, ...], Place] = {}
    for edge in edges.items if isinstance(edges, Sequence) else ():
        if not isinstance(edge, Mapping) or not isinstance(edge.get(names[0]), Scalar):
            continue
        texts = tuple(value.text for value in map(edge.get, names) if isinstance(value, Scalar))
        first = seen.setdefault(texts, edge.place)
        if first is not edge.place and len(texts) == len(names):
            why = "`multigraph` is false" if is_simple else f"both have the key {quoted(texts[0])}"
            message = f"another edge from {quoted(texts[-2])} to {quoted(texts[-1])}, first in {first}, but {why}"
            help = "networkx keeps one of the two: " + ("let `multigraph` be true" if is_simple else "take the key out")
            yield Problem(edge.place, "G053", message, help)
