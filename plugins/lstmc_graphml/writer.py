"""Write a grammar as GraphML that networkx reads: one line for each state and each rule.

    <node id="start"><data key="start">true</data><data key="x">53.0</data><data key="y">225.0</data></node>
    <edge source="start" target="0"><data key="symbol">B</data></edge>

GraphML has no lists: a position is the two numbers x and y, and an alphabet a text in JSON.
"""

import json
from collections.abc import Iterator
from typing import Any

from lstmc.grammar import Grammar
from lstmc.grammar.xml import escaped, in_quotes
from lstmc_graphml.reader import NAMESPACE

_HEAD = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="{NAMESPACE}"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="{NAMESPACE} {NAMESPACE}/1.0/graphml.xsd">"""

# What is written, in this order: the name serves as the id of its key too, for no two are called alike.
_TYPES = {
    "graph": {"name": "string", "alphabet": "string"},
    "node": {
        "start": "boolean",
        "accept": "boolean",
        "end": "double",
        "output": "string",
        "x": "double",
        "y": "double",
    },
    "edge": {"symbol": "string", "epsilon": "boolean", "probability": "double", "output": "string"},
}


def grammar_to_graphml(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError for texts with a character that XML does not hold."""
    top = dict(_top(grammar))
    nodes = [(state, dict(_state(data))) for state, data in grammar.graph.nodes(data=True)]
    edges = list(grammar.graph.edges(data=True))
    used = {"graph": set(top), "node": _keys(nodes), "edge": _keys(edges)}
    lines = [_HEAD]
    for scope, types in _TYPES.items():
        for name, type in types.items():
            if name in used[scope]:
                lines.append(f'  <key id="{name}" for="{scope}" attr.name="{name}" attr.type="{type}"/>')
    lines.append('  <graph edgedefault="directed">')
    lines += [f"    {each}" for each in _data(top, "graph")]
    for state, data in nodes:
        lines.append(f"    <node id={in_quotes(state)}>{''.join(_data(data, 'node'))}</node>")
    for source, target, data in edges:
        ends = f"source={in_quotes(source)} target={in_quotes(target)}"
        lines.append(f"    <edge {ends}>{''.join(_data(data, 'edge'))}</edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _top(grammar: Grammar) -> Iterator[tuple[str, str]]:
    """The name; and the alphabet where it is not what the rules use, sorted."""
    yield "name", grammar.name
    if grammar.alphabet != grammar.used:
        yield "alphabet", json.dumps(grammar.alphabet, ensure_ascii=False)


def _state(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if key == "pos":
            yield from zip(("x", "y"), map(float, value), strict=True)
        else:
            yield key, value


def _keys(rows: list[Any]) -> set[str]:
    return {key for *_, data in rows for key in data}


def _data(data: dict[str, Any], scope: str) -> Iterator[str]:
    for name, type in _TYPES[scope].items():
        if name in data:
            value = data[name]
            text = "true" if value is True else repr(float(value)) if type == "double" else escaped(value)
            yield f'<data key="{name}">{text}</data>'
