"""Grammars as JSON, in node-link form as networkx has it, in files that end in .json."""

from collections.abc import Mapping as AnyMapping
from typing import ClassVar

from lstmc.grammar import Grammar, Nets
from lstmc.grammar.formats import Format, Limits, Mapping, Problem, Reading, Scalar, Tree
from lstmc_json.parser import Parser
from lstmc_json.writer import grammar_to_json

LSTMC_API = 1


class Json(Format):
    title, calls = "JSON", True
    remedies: ClassVar[AnyMapping[str, str]] = {
        "G001": 'add "start": true to a node, or "start": "any" at the top',
        "G003": 'add {"id": "..."} with that id to "nodes", or correct it',
        "G005": 'add a rule: {"source": "...", "target": "...", "symbol": "..."}',
        "G010": 'add it to "alphabet", or correct it',
        "G011": 'mark the state by "accept": true, or rename the symbol',
        "G018": 'if nothing is meant to be read, write "epsilon": true in place of "symbol"',
        "G023": 'leave some probability for the end, or take out "accept"',
        "G024": 'add "accept": true, or take out "end"',
        "G040": 'add "accept": true to a state in which a string may end, or the edge that is missing',
        "G051": 'add the key and its value, as in "id": "0"',
    }

    def read(self, text: str, limits: Limits, /) -> Reading:
        parser = Parser(text, limits)
        tree = parser.parse()
        return Reading(_node_link(tree, parser.problems), parser.problems)

    def write(self, grammar: Grammar | Nets) -> str:
        return grammar_to_json(grammar)


def _node_link(tree: Tree, problems: list[Problem]) -> Tree:
    """The tree as a YAML file says the same: networkx calls the edges `links` too, and editors want a `$schema`."""
    if not isinstance(tree, Mapping):
        return tree
    entries: list[tuple[Scalar, Tree]] = []
    for key, value in tree.entries:
        if key.text == "links" and tree.key("edges") is None:
            entries.append((Scalar("edges", key.place), value))
        elif key.text == "links":
            message = "`links` and `edges` both stand here; networkx means the same by them"
            problems.append(Problem(key.place, "G064", message, "keep one of the two"))
        elif key.text == "directed" and isinstance(value, Scalar) and value.plain and value.text == "false":
            help = 'write "directed": true, and an edge for each direction that is meant'
            problems.append(Problem(value.place, "G007", "the graph is undirected", help))
        elif key.text != "$schema":
            entries.append((key, value))
    return Mapping(entries, tree.place)


FORMAT = Json()
