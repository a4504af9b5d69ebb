"""Mutants of a module of the page, as python_mutants makes them of Python; tree-sitter tells where everything stands.

What only the eye can judge is left alone: texts, and where a module draws all numbers but 0 and 1, which are pixels and
milliseconds. `put` changes what the page and its tests are made of.
"""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from lstmc.picture import page_script

MEMORY = resource.RLIM_INFINITY  # a browser claims more than it uses
PARSER = Parser(Language(tree_sitter_javascript.language()))
DRAWS = ("dom.mjs", "document.", "RADIUS")  # a module that holds one of these draws
LONG = 150  # letters of a line before only the neighbourhood of the change is shown

OPERATORS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "==="}
OPERATORS |= {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*", "+=": "-=", "-=": "+=", "*=": "/="}
OPERATORS |= {"++": "--", "--": "++", "&&": "||", "||": "&&", "??": "&&", "^": "&", "|": "&", ">>>": "<<"}
NAMES = {"true": "false", "some": "every", "min": "max"}
NAMES |= {other: name for name, other in NAMES.items()}
DELETED = ("expression_statement", "if_statement", "for_statement", "for_in_statement", "continue_statement")
DELETED += ("break_statement",)
FUNCTIONS = ("function_declaration", "method_definition", "class_declaration", "variable_declarator")


@dataclass(frozen=True)
class Mutant:
    """Letters `begin` to `end` of the text and what takes their place; `before` and `after` are the lines around."""

    function: str
    line: int
    begin: int
    end: int
    new: str
    before: str
    after: str
    lines: tuple[int, int] = (0, 0)  # who reads the file may kill it: nobody can say which functions are called

    @property
    def key(self) -> str:
        return f"{self.function}: {self.before} => {self.after}"


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its text."""
    text = source.encode()
    measures = not any(word in source for word in DRAWS)
    return [
        _mutant(text, node, function, new)
        for node, function in _walk(PARSER.parse(text).root_node, ())
        for node, new in _replacements(node, measures)
    ]


def imported(path: Path) -> None:
    """Nothing: a page is made of texts."""


def put(path: Path, mutant: Mutant) -> None:
    """Make the page of the mutant from now on; for a process that ends soon."""
    text, read = path.read_bytes(), page_script.read_script
    changed = (text[: mutant.begin] + mutant.new.encode() + text[mutant.end :]).decode()
    page_script.read_script = lambda name: changed if name == path.stem else read(name)


def _mutant(text: bytes, node: Node, function: tuple[str, ...], new: str) -> Mutant:
    begin, end = node.start_byte, node.end_byte
    first = text.rfind(b"\n", 0, begin) + 1
    last = text.find(b"\n", end)
    before = (text[first:begin], text[begin:end], text[end:last])
    changed = (text[first:begin], new.encode(), text[end:last])
    lines = (" ".join(b"".join(each).decode().split()) for each in (before, changed))
    if len(b"".join(before)) > LONG:
        lines = (" ".join(each.decode().split()) for each in (before[1][:LONG], changed[1][:LONG]))
    return Mutant(".".join(function) or "module", node.start_point[0] + 1, begin, end, new, *lines)


def _walk(node: Node, function: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    yield node, function
    if node.type in FUNCTIONS and (name := node.child_by_field_name("name")):
        function = (*function, _text(name))
    for child in node.children:
        yield from _walk(child, function)


def _replacements(node: Node, measures: bool) -> Iterator[tuple[Node, str]]:
    """What a change may put where: at the node, or at a part of it."""
    if node.type in DELETED:
        yield node, ";"
    match node.type:
        case "return_statement" if node.named_children:
            yield node, "return null;"
        case "arrow_function" if (body := node.child_by_field_name("body")).type != "statement_block":
            yield body, "null"
        case "binary_expression":
            left, operator, right = (node.child_by_field_name(name) for name in ("left", "operator", "right"))
            yield from _swapped(operator)
            if operator.type in ("&&", "||", "??"):
                yield from ((node, _text(side)) for side in (left, right))
        case "augmented_assignment_expression" | "update_expression":
            yield from _swapped(node.child_by_field_name("operator"))
        case "unary_expression" if node.child_by_field_name("operator").type in ("!", "-"):
            yield node, _text(node.child_by_field_name("argument"))
        case "ternary_expression" | "if_statement":
            condition = node.child_by_field_name("condition")
            yield from ((condition, f"({new})") for new in (f"!({_text(condition)})", "true", "false"))
        case "spread_element" if node.parent.type == "array":
            yield node, ""
        case "number":
            if _text(node) in ("0", "1"):
                yield node, "1" if _text(node) == "0" else "0"
            elif measures:
                yield node, f"(2 * {_text(node)})"
        case "true" | "false":
            yield node, NAMES[node.type]
        case "property_identifier" if node.parent.type == "member_expression" and _text(node) in NAMES:
            yield node, NAMES[_text(node)]


def _swapped(operator: Node) -> Iterator[tuple[Node, str]]:
    if operator.type in OPERATORS:
        yield operator, OPERATORS[operator.type]


def _text(node: Node) -> str:
    return node.text.decode()
