"""Write a grammar as `networkx.node_link_graph(data, edges="edges")` takes it: one line for each state and each rule.

"nodes": [
  {"id": "start", "start": true, "pos": [53, 225]},
"""

import json
import re
from typing import Any

from lstmc.grammar import Grammar

# Written as escapes, so that a person sees them: odd blanks, direction marks, what is no character.
_ESCAPED = re.compile(
    "[\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LARGEST_WHOLE = 2.0**53  # up to here a whole number is written without a point


def grammar_to_json(grammar: Grammar) -> str:
    """The text of the file."""
    top = {"name": grammar.name, "alphabet": list(grammar.alphabet)}
    nodes = [{"id": state, **data} for state, data in grammar.graph.nodes(data=True)]
    edges = [{"source": p, "target": q, **data} for p, q, data in grammar.graph.edges(data=True)]
    lines = [
        "{",
        '  "directed": true,',
        '  "multigraph": true,',
        f'  "graph": {_line(top)},',
        '  "nodes": [',
        ",\n".join(f"    {_line(node)}" for node in nodes),
        "  ],",
        '  "edges": [',
        ",\n".join(f"    {_line(edge)}" for edge in edges),
        "  ]",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    whole = {key: _whole(value) for key, value in row.items()}
    return _ESCAPED.sub(_escape, json.dumps(whole, ensure_ascii=False))


def _whole(value: Any) -> Any:
    """A number without a point where it is a whole one."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    is_whole = isinstance(value, float) and value == int(value) and abs(value) < _LARGEST_WHOLE
    return int(value) if is_whole else value


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
