"""A grammar as it was written, before it is known to be right: states, rules, and the place of everything.

What has not the shape of the schema is left out (it is reported already); `complete` tells whether anything was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from lstmc.grammar.number import decimal, is_number
from lstmc.grammar.tree import Mapping, Place, Scalar, Sequence, Tree, place_of

Fields = dict[str, Tree]


class State(NamedTuple):
    id: Scalar
    start: bool
    accept: bool
    end: Scalar | None
    output: Scalar | None
    pos: tuple[float, float] | None
    place: Place


class Rule(NamedTuple):
    source: Scalar
    target: Scalar
    symbol: Scalar | None  # none in an ε-move, which reads nothing, and in a call
    probability: Scalar | None
    output: Scalar | None
    place: Place
    call: Scalar | None = None  # the name of a net

    @property
    def silent(self) -> bool:
        """Whether it is an ε-move."""
        return self.symbol is None and self.call is None


@dataclass(frozen=True)
class Draft:
    """What stands under `start:` is `starts`, a list, or `any_start`, or `unclear_start` where it is neither."""

    name: Scalar | None
    alphabet: tuple[Scalar, ...] | None
    any_start: bool
    unclear_start: bool
    starts: tuple[Scalar, ...]
    states: tuple[State, ...]
    rules: tuple[Rule, ...]
    ranges: tuple[Scalar, ...]  # what stands under `symbols` of edges
    nodes_at: Place
    complete: bool
    determinize: bool = False  # whether states shall be beliefs, so that probabilities can be said
    depth: Scalar | None = None
    nets: tuple[tuple[Scalar, "Draft"], ...] = ()  # the other nets, by name

    @property
    def calls(self) -> bool:
        """Whether there is more than one finite graph in it."""
        return bool(self.nets) or any(rule.call for rule in self.rules)


def tree_to_draft(tree: Mapping, alphabet: tuple[Scalar, ...] | None = None) -> Draft:
    """What the tree says, as far as it has the shape of a grammar file. `alphabet`: of a net, that of the whole."""
    nested = tree.get("graph")
    whole = {**(_fields(nested) if isinstance(nested, Mapping) else {}), **_fields(tree)}
    nodes, edges = _items(whole.get("nodes")), _items(whole.get("edges"))
    states, of_edges = tuple(_states(nodes)), [list(_rules(edge)) for edge in edges]
    rules = tuple(chain.from_iterable(of_edges))
    chances = whole.get("probabilities")
    if isinstance(chances, Scalar) and chances.text == "none":
        states = tuple(state._replace(end=None) for state in states)
        rules = tuple(rule._replace(probability=None) for rule in rules)
    start, listed, nets = whole.get("start"), whole.get("alphabet"), whole.get("nets")
    symbols = tuple(_scalars(listed)) if isinstance(listed, Sequence) else alphabet
    is_any = isinstance(start, Scalar) and start.text == "any"
    return Draft(
        name=_scalar(whole.get("name")),
        alphabet=symbols,
        any_start=is_any,
        unclear_start=start is not None and not is_any and not isinstance(start, Sequence),
        starts=tuple(_scalars(start)),
        states=states,
        rules=rules,
        ranges=tuple(item for edge in edges for item in symbol_ranges(_fields(edge).get("symbols"))),
        nodes_at=place_of(tree, "nodes"),
        determinize=isinstance(chances, Scalar) and chances.text == "determinize",
        depth=_scalar(whole.get("depth")),
        nets=tuple(
            (name, tree_to_draft(net, symbols))
            for name, net in (nets.entries if isinstance(nets, Mapping) else ())
            if isinstance(net, Mapping)
        ),
        complete=len(states) == len(nodes) and all(of_edges) and bool(states and rules),
    )


def _states(nodes: list[Tree]) -> Iterator[State]:
    for node in nodes:
        fields = _fields(node)
        id = _scalar(fields.get("id"))
        if id is not None:
            yield State(
                id,
                _is_meant(fields.get("start")),
                _is_meant(fields.get("accept")),
                _number(fields.get("end")),
                _scalar(fields.get("output")),
                _pos(fields.get("pos")),
                node.place,
            )


def _rules(edge: Tree) -> Iterator[Rule]:
    """The rule of an edge, or one for each symbol of its list or its ranges."""
    fields = _fields(edge)
    source, target, symbol = _scalar(fields.get("source")), _scalar(fields.get("target")), fields.get("symbol")
    given, output, call = _number(fields.get("probability")), _scalar(fields.get("output")), _scalar(fields.get("call"))
    symbols: list[Scalar | None] = [*_scalars(symbol)] if isinstance(symbol, Sequence) else [_scalar(symbol)]
    if "symbols" in fields:
        symbols = [
            item._replace(text=chr(code)) for item in symbol_ranges(fields["symbols"]) for code in codes(item.text)
        ]
    for each in symbols:
        silent = call is not None or _is_meant(fields.get("epsilon"))
        if source is not None and target is not None and (each is not None or silent):
            yield Rule(source, target, each, given, output, edge.place, None if each else call)


def symbol_ranges(symbols: Tree | None) -> list[Scalar]:
    """What stands under `symbols`: one text or a list."""
    return [symbols] if isinstance(symbols, Scalar) else [*_scalars(symbols)]


def codes(text: str) -> range:
    """The code points of a character, or of a range such as a-z; none where it is neither."""
    first, last = (text[0], text[-1]) if len(text) == 1 or (len(text) == 3 and text[1] == "-") else ("b", "a")
    return range(ord(first), ord(last) + 1)


def _fields(tree: Tree | None) -> Fields:
    return {key.text: value for key, value in tree.entries} if isinstance(tree, Mapping) else {}


def _items(tree: Tree | None) -> list[Tree]:
    return tree.items if isinstance(tree, Sequence) else []


def _scalar(tree: Tree | None) -> Scalar | None:
    return tree if isinstance(tree, Scalar) else None


def _number(tree: Tree | None) -> Scalar | None:
    return decimal(tree) if isinstance(tree, Scalar) else None


def _scalars(tree: Tree | None) -> Iterator[Scalar]:
    return (item for item in _items(tree) if isinstance(item, Scalar))


def _is_meant(tree: Tree | None) -> bool:
    """Whether it says true, or wants to: what is neither true nor false is reported, and causes no second error."""
    return tree is not None and not (isinstance(tree, Scalar) and tree.text == "false")


def _pos(tree: Tree | None) -> tuple[float, float] | None:
    numbers = [float(each.text) for each in _scalars(tree) if each.plain and is_number(each.text)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
