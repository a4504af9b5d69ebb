"""Check the shape of a grammar file by the published JSON Schema, grammar.schema.json.

jsonschema takes some 70 microseconds for an edge, and most edges have the same shape: the same keys, with texts and
numbers that the schema does not tell apart. So each shape is validated once, and what is wrong with it is reported
wherever it stands.
"""

import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lstmc.grammar.excerpt import quoted
from lstmc.grammar.number import decimal, is_number
from lstmc.grammar.schema_wording import changed_name, meant_keys, say, unknown_key
from lstmc.grammar.tree import Mapping, Place, Problem, Scalar, Sequence, Tree, Unread
from lstmc.names import FITTING, is_name, is_nearly_name

Schema = dict[str, Any]
Keys = tuple[str, ...]

SCHEMA_FILE = Path(__file__).with_name("grammar.schema.json")


def schema_problems(tree: Tree) -> Iterator[Problem]:
    """Every way in which the tree has not the shape of a grammar file."""
    shapes = _Shapes()
    instance = shapes.instance(tree, _branch(tree))
    for error in _validator().iter_errors(instance):
        for path in shapes.paths(list(error.absolute_path)):
            at = _at(tree, path)
            if not isinstance(at, Unread):
                yield from say(error, path, at)


def with_meant_keys(tree: Tree) -> tuple[Tree, list[Problem]]:
    """The tree with other tools' keys (`states`, `from`, `label`) named as they are here, and a problem for each."""
    problems: list[Problem] = []
    if not isinstance(tree, Mapping) or is_plugins(tree):
        return tree, problems

    def renamed(mapping: Mapping, of: str) -> Mapping:
        meant = meant_keys(tuple(key.text for key, _ in mapping.entries), tuple(_definition(of)["properties"]))
        problems.extend(unknown_key(key, meant[key.text]) for key, _ in mapping.entries if key.text in meant)
        keys = [(key._replace(text=meant.get(key.text, key.text)), value) for key, value in mapping.entries]
        return mapping._replace(entries=keys) if meant else mapping

    def net(mapping: Mapping, of: str) -> Mapping:
        entries: list[tuple[Scalar, Tree]] = []
        for key, value in renamed(mapping, of).entries:
            item = {"nodes": "node", "edges": "edge"}.get(key.text)
            if item and isinstance(value, Sequence):
                items = [renamed(each, item) if isinstance(each, Mapping) else each for each in value.items]
                value = value._replace(items=items) if problems else value
            elif key.text == "nets" and isinstance(value, Mapping):
                nets = [(name, net(each, "net") if isinstance(each, Mapping) else each) for name, each in value.entries]
                value = value._replace(entries=nets) if problems else value
            entries.append((key, value))
        return mapping._replace(entries=entries)

    found = net(tree, "written")
    return (found if problems else tree), problems


def name_problems(stem: str) -> list[Problem]:
    """What is wrong with the name that a grammar gets from its file."""
    if is_name(stem):
        return []
    if is_nearly_name(stem):
        return [changed_name(stem, Place(1, 1), "the file's name")]
    message = f"the grammar has no name, and cannot take that of its file, {quoted(stem)}"
    return [Problem(Place(1, 1), "G054", message, "add `name: ...` at the top; " + FITTING)]


def is_plugins(tree: Tree) -> bool:
    """Whether the file names a plugin instead of holding a graph."""
    return isinstance(tree, Mapping) and tree.key("plugin") is not None


@cache
def schema() -> Schema:
    """The JSON Schema (draft-07) of grammar files."""
    loaded: Schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    return loaded


@cache
def _validator() -> Any:
    from jsonschema import Draft7Validator

    return Draft7Validator(schema())


def _branch(tree: Tree) -> Schema:
    return _definition("made" if is_plugins(tree) else "written")


def _definition(name: str) -> Schema:
    definition: Schema = schema()["definitions"][name]
    return definition


def _resolved(part: Schema) -> Schema:
    return _definition(part["$ref"].rpartition("/")[2]) if "$ref" in part else part


class _Shapes:
    """Turns a tree into what jsonschema validates; of a list of mappings, one of each shape."""

    def __init__(self) -> None:
        self._alike: dict[Keys, list[list[int]]] = {}  # by the way to a list, for each shape, the items that have it

    def instance(self, tree: Tree, part: Schema, way: Keys = ()) -> Any:
        """Plain data in which a text is "" and a number is some number where the schema accepts every one."""
        part = _resolved(part)
        match tree:
            case Scalar():
                return _value(tree, part)
            case Mapping():
                parts, others = part.get("properties", {}), part.get("additionalProperties") or {}
                return {k.text: self.instance(v, parts.get(k.text, others), (*way, k.text)) for k, v in tree.entries}
            case Sequence():
                items = part.get("items", {})
                instances = [self.instance(item, items) for item in tree.items]
                if _resolved(items) is _definition("text") and not any(instances):
                    return instances[:1]  # each is a text, of which the schema says no more
                return self._one_of_each(way, instances) if _resolved(items).get("type") == "object" else instances
            case Unread():
                return None

    def paths(self, path: list[Any]) -> list[list[Any]]:
        """Every place in the tree that a path in the instance stands for."""
        for at in range(1, len(path)):
            if groups := self._alike.get(tuple(path[:at])):
                return [[*path[:at], number, *path[at + 1 :]] for number in groups[path[at]]]
        return [path]

    def _one_of_each(self, way: Keys, instances: list[Any]) -> list[Any]:
        groups: dict[str, list[int]] = {}
        for number, instance in enumerate(instances):
            groups.setdefault(repr(instance), []).append(number)
        self._alike[way] = list(groups.values())
        return [instances[numbers[0]] for numbers in groups.values()]


def _value(scalar: Scalar, part: Schema) -> Any:
    if "null" in part.get("type", ()) and "pattern" not in part:  # any text will do
        return ""
    kind = part.get("type")
    scalar = decimal(scalar) if kind == "number" else scalar
    if kind == "boolean" and scalar.plain and scalar.text in ("true", "false"):
        return scalar.text == "true"
    if kind == "integer" and scalar.plain and scalar.text.isdecimal() and scalar.text.isascii():
        return int(scalar.text[:9])
    if kind == "number" and scalar.plain and is_number(scalar.text):
        number = float(scalar.text)
        inside = part.get("exclusiveMinimum", -math.inf) < number <= part.get("maximum", math.inf)
        return part.get("maximum", 0) if inside else number
    return scalar.text


def _at(tree: Tree, path: list[Any]) -> Tree:
    for step in path:
        match tree:
            case Mapping():
                tree = tree.get(step) or tree
            case Sequence():
                tree = tree.items[step]
    return tree
