"""Write a grammar as `networkx.node_link_graph(data, edges="edges")` takes it: one line for each state and each rule.

"nodes": [
  {"id": "start", "start": true, "pos": [53, 225]},
"""

import json
import re
from typing import Any

from lstmc.grammar import Grammar, Nets

# Written as escapes, so that a person sees them: odd blanks, direction marks, what is no character.
_ESCAPED = re.compile(
    "[\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LARGEST_WHOLE = 2.0**53  # up to here a whole number is written without a point


def grammar_to_json(grammar: Grammar | Nets) -> str:
    """The text of the file."""
    data = grammar.to_dict()
    top = {"name": grammar.name, "alphabet": list(grammar.alphabet)}
    fields = ['"directed": true', '"multigraph": true', f'"graph": {_line(top)}']
    fields += [f'"depth": {data["depth"]}'] if "depth" in data else []
    nets = [f"    {_line_of(name)}: " + _braces(_graph(net), "    ") for name, net in data.get("nets", {}).items()]
    fields += ['"nets": {\n' + ",\n".join(nets) + "\n  }"] if nets else []
    return _braces([*fields, *_graph(data)]) + "\n"


def _braces(fields: list[str], indent: str = "") -> str:
    inner = f",\n{indent}  ".join(field.replace("\n", f"\n{indent}") for field in fields)
    return f"{{\n{indent}  {inner}\n{indent}}}"


def _graph(data: dict[str, Any]) -> list[str]:
    """Its states and its rules, a line each."""
    return [
        f'"{key}": [\n' + ",\n".join(f"    {_line(row)}" for row in data[key]) + "\n  ]" for key in ("nodes", "edges")
    ]


def _line(row: dict[str, Any]) -> str:
    return _line_of({key: _whole(value) for key, value in row.items()})


def _line_of(value: Any) -> str:
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))


def _whole(value: Any) -> Any:
    """A number without a point where it is a whole one."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    is_whole = isinstance(value, float) and value == int(value) and abs(value) < _LARGEST_WHOLE
    return int(value) if is_whole else value


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
