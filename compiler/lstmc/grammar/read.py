"""Read grammar files: text to tree to grammar, with every problem that the file has.

bytes --decode--> text --compose--> tree --check--> draft --> graph
                                      \\--plugin: NAME, parameters--> the plugin's graph
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from lstmc.errors import InputError, LimitError
from lstmc.files import read_bytes
from lstmc.grammar.codes import KINDS
from lstmc.grammar.collector import paused_collector
from lstmc.grammar.compose import compose
from lstmc.grammar.diagnostics import Diagnostic, GrammarError, GrammarPluginError
from lstmc.grammar.excerpt import visible
from lstmc.grammar.from_graph import DEFAULT_NAME
from lstmc.grammar.from_plugin import check_plugin_tree
from lstmc.grammar.from_tree import check_tree, draft_to_graph
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.schema import is_plugins, name_problems
from lstmc.grammar.tree import Mapping, Problem, Sequence, Tree
from lstmc.grammar.yaml_wording import LINE_BREAK

BYTE_ORDER_MARK = "\ufeff"


def read_grammar(path: str | os.PathLike[str], limits: Limits | None = None) -> Grammar:
    """The grammar of a file. A file without `name` gives it its own name, without the ending.

    Raises GrammarError with every problem of the file, InputError for a file that cannot be read or is not UTF-8,
    LimitError for one above the limits.
    """
    file = Path(path)
    limits = limits or Limits.from_environment()
    return _grammar(_read(_text(file, limits), os.fspath(path), file.stem, limits))


def parse_grammar(text: str, file: str = "<text>", limits: Limits | None = None) -> Grammar:
    """The grammar that a text describes; `file` is what problems call it. Raises GrammarError, LimitError."""
    return _grammar(_read(text, file, DEFAULT_NAME, limits or Limits.from_environment()))


def check_file(path: str | os.PathLike[str], limits: Limits | None = None) -> tuple[Diagnostic, ...]:
    """Every problem of a grammar file, in the order of the file; none where it is fine.

    Raises InputError for a file that cannot be read or is not UTF-8, LimitError for one above the limits.
    """
    file = Path(path)
    limits = limits or Limits.from_environment()
    return _read(_text(file, limits), os.fspath(path), file.stem, limits).diagnostics


class _Reading(NamedTuple):
    diagnostics: tuple[Diagnostic, ...]
    grammar: Grammar | None  # none where there is an error


def _grammar(reading: _Reading) -> Grammar:
    if reading.grammar is not None:
        return reading.grammar
    codes = {each.code for each in reading.diagnostics if each.severity == "error"}
    raise (GrammarPluginError if codes <= {"G080", "G081"} else GrammarError)(reading.diagnostics)


def _text(path: Path, limits: Limits) -> str:
    try:
        data = read_bytes(path, limits.bytes)
    except LimitError as error:
        raise LimitError(
            error.message, "set LSTMC_MAX_GRAMMAR_BYTES to a larger number if you trust the file"
        ) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"{visible(str(path))}:{line}:{column}: not UTF-8: {_wrong_bytes(data, error.start)}"
        raise InputError(message, "save the file as UTF-8") from None


def _wrong_bytes(data: bytes, at: int) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the file begins as UTF-16 does"
    return f"byte 0x{data[at]:02x}"


@paused_collector()
def _read(text: str, file: str, stem: str, limits: Limits) -> _Reading:
    text = text.removeprefix(BYTE_ORDER_MARK)
    tree, problems = compose(text, limits, file)
    if tree is None:
        return _Reading(_diagnostics(problems, text, file), None)
    _refuse_large(tree, limits, file)
    if is_plugins(tree):
        return _read_plugins(tree, problems, text, file, stem)
    checked, draft = check_tree(tree)
    name = draft.name.text if draft and draft.name else stem
    nameless = name_problems(stem) if draft and draft.name is None else []
    diagnostics = _diagnostics([*problems, *checked, *nameless], text, file)
    if draft is None or _wrong(diagnostics):
        return _Reading(diagnostics, None)
    return _Reading(diagnostics, Grammar(draft_to_graph(draft, name), diagnostics))


def _read_plugins(tree: Tree, problems: list[Problem], text: str, file: str, stem: str) -> _Reading:
    try:
        found, made = check_plugin_tree(tree, stem)
    except GrammarError as error:  # what the plugin makes is no grammar
        return _Reading(_diagnostics(problems, text, file) + error.diagnostics, None)
    diagnostics = _diagnostics([*problems, *found], text, file) + (made.warnings if made else ())
    return _Reading(diagnostics, None if _wrong(diagnostics) else made)


def _wrong(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(each.severity == "error" for each in diagnostics)


def _refuse_large(tree: Tree, limits: Limits, file: str) -> None:
    for what, key in (("states", "nodes"), ("edges", "edges")):
        rows = tree.get(key) if isinstance(tree, Mapping) else None
        if isinstance(rows, Sequence):
            limits.refuse_more(what, len(rows.items), visible(file))


def _diagnostics(problems: list[Problem], text: str, file: str) -> tuple[Diagnostic, ...]:
    """The problems in the order of the file, each with its line."""
    lines = re.split(LINE_BREAK, text) if problems else []
    return tuple(_diagnostic(problem, lines, file) for problem in sorted(set(problems)))


def _diagnostic(problem: Problem, lines: list[str], file: str) -> Diagnostic:
    place = problem.place
    source = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    severity = KINDS[problem.code].severity
    return Diagnostic(
        file, place.line, place.column, problem.code, severity, problem.message, problem.help, source, place.width
    )
