"""Read grammar files: text to tree to grammar, with every problem that the file has.

bytes --decode--> text --format--> tree --check--> draft --> graph
                                     \\--plugin: NAME, parameters--> the plugin's graph
"""

import os
import re
from collections.abc import Mapping as AnyMapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from lstmc.errors import InputError, LimitError
from lstmc.files import read_bytes
from lstmc.grammar.codes import KINDS
from lstmc.grammar.collector import paused_collector
from lstmc.grammar.diagnostics import Diagnostic, GrammarError, GrammarPluginError
from lstmc.grammar.draft import codes, symbol_ranges
from lstmc.grammar.formats import DEFAULT, Reading, Unreadable, endings, file_format, format_of
from lstmc.grammar.from_graph import DEFAULT_NAME
from lstmc.grammar.from_plugin import NamedPlugin, check_plugin_tree, named_plugin
from lstmc.grammar.from_tree import Found, check_tree, draft_to_graph, graphs_of
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.link import link
from lstmc.grammar.nets import Nets, plain
from lstmc.grammar.parameters import read_parameters
from lstmc.grammar.schema import is_plugins, name_problems
from lstmc.grammar.tree import Mapping, Problem, Sequence, TooManyProblems, Tree
from lstmc.names import name_for
from lstmc.visible import visible
from lstmc.within import within

BYTE_ORDER_MARK = "\ufeff"

_calling: ContextVar[tuple[Path, ...]] = ContextVar("_calling", default=())  # the files that call this one


@dataclass(frozen=True)
class Source:
    """A text to be read. `file` is what problems call it, `stem` the name of a grammar that gives itself none."""

    text: str
    file: str
    stem: str = DEFAULT_NAME
    format: str = DEFAULT
    parameters: AnyMapping[str, object] | None = None
    depth: int | None = None  # of calls, in place of the one that the text gives


def read_grammar(
    path: str | os.PathLike[str],
    limits: Limits | None = None,
    format: str | None = None,
    parameters: AnyMapping[str, object] | None = None,
    depth: int | None = None,
) -> Grammar | Nets:
    """The grammar of a file, or the nets of one whose edges call. A file without `name` gives it its own name, without
    the ending.

    format      the name of a format (`lstmc plugins` lists them); by the file's ending unless given
    parameters  those that the format takes, as text or as Python values
    depth       of the calls, in place of the one that the file gives

    Raises GrammarError with every problem of the file, InputError for a file that cannot be read or is not UTF-8,
    LimitError for one above the limits, PluginError for a format that is not there or does not work.
    """
    limits = limits or Limits.from_environment()
    return _grammar(_read(replace(_source(path, limits, format, parameters), depth=depth), limits))


def parse_grammar(
    text: str, file: str = "<text>", limits: Limits | None = None, format: str = DEFAULT, name: str = DEFAULT_NAME
) -> Grammar:
    """The grammar that a text describes, called `name` where the text does not say; `file` is what problems call it.

    Raises GrammarError, LimitError, and UsageError for a text whose edges call.
    """
    return plain(parse_nets(text, file, limits, format, name))


def parse_nets(
    text: str, file: str = "<text>", limits: Limits | None = None, format: str = DEFAULT, name: str = DEFAULT_NAME
) -> Grammar | Nets:
    """The same as it is written: the nets of a text whose edges call."""
    return _grammar(_read(Source(text, file, name, format), limits or Limits.from_environment()))


def plugin_of(path: str | os.PathLike[str], format: str | None = None) -> NamedPlugin | None:
    """The plugin that a grammar file names, and its parameters there; None where it names none."""
    limits = Limits.from_environment()
    source = _source(path, limits, format)
    return named_plugin(_tree(source, limits).tree)


def _source(
    path: str | os.PathLike[str],
    limits: Limits,
    format: str | None = None,
    parameters: AnyMapping[str, object] | None = None,
) -> Source:
    file = Path(path)
    return Source(_text(file, limits), os.fspath(path), file.stem, format or format_of(file), parameters)


class _Checked(NamedTuple):
    diagnostics: tuple[Diagnostic, ...]
    grammar: Grammar | Nets | None  # none where there is an error


def _grammar(checked: _Checked) -> Grammar | Nets:
    if checked.grammar is not None:
        return checked.grammar
    codes = {each.code for each in checked.diagnostics if each.severity == "error"}
    raise (GrammarPluginError if codes <= {"G080", "G081"} else GrammarError)(checked.diagnostics)


def _text(path: Path, limits: Limits) -> str:
    try:
        data = read_bytes(path, limits.bytes)
    except LimitError as error:
        raise LimitError(error.message, limits.way_out("bytes")) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"{visible(str(path))}:{line}:{column}: not UTF-8: {_wrong_bytes(data, error.start)}"
        raise InputError(message, "save the file as UTF-8") from None


def _wrong_bytes(data: bytes, at: int) -> str:
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "the file begins as UTF-32 does"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the file begins as UTF-16 does"
    return f"byte 0x{data[at]:02x}"


@paused_collector()
def _read(source: Source, limits: Limits) -> _Checked:
    file = visible(source.file)
    work = partial(_check, source, limits)
    try:
        return within(limits.seconds, work, "reading it", limits.way_out("seconds"))
    except LimitError as error:
        raise LimitError(f"{file}: {error.message}", error.help) from None


def _check(source: Source, limits: Limits) -> _Checked:
    source = replace(source, text=source.text.removeprefix(BYTE_ORDER_MARK))
    tree, problems = _tree(source, limits)
    if tree is None:
        return _Checked(_diagnostics(problems, source, limits), None)
    _refuse_large(tree, limits)
    if is_plugins(tree):
        return _check_plugins(tree, problems, source, limits)
    checked, draft = _check_tree(tree, limits)
    checked = _remedied(checked, source)
    name = draft.name.text if draft and draft.name else source.stem
    nameless = name_problems(source.stem) if draft and draft.name is None else []
    diagnostics = _diagnostics([*problems, *checked, *nameless], source, limits)
    if draft is None or _wrong(diagnostics):
        return _Checked(diagnostics, None)
    if draft.calls:
        linked, nets = link(draft, name_for(name), partial(_beside, Path(source.file)), limits, source.depth)
        diagnostics = _diagnostics([*problems, *checked, *nameless, *_remedied(linked, source)], source, limits)
        return _Checked(diagnostics, replace(nets, warnings=diagnostics) if nets else None)
    return _Checked(diagnostics, Grammar(draft_to_graph(draft, name, limits), diagnostics))


def _remedied(problems: list[Problem], source: Source) -> list[Problem]:
    """With what to do in the words of the format."""
    remedies = file_format(source.format).remedies
    return [each._replace(help=remedies.get(each.code, each.help)) for each in problems]


def _beside(file: Path, name: str) -> Grammar | Nets:
    """A grammar that a file calls: a file beside it, or one of the catalogue; never a file of another folder."""
    from lstmc.grammar.catalogue import load_called  # which reads files in its turn

    beside = file.parent / name
    if beside.name != name:
        raise InputError(f"'{visible(name)}' is in another folder", "put it beside this file")
    if beside in _calling.get():
        raise InputError(f"'{visible(name)}' calls this file in its turn", "put both into one file, under `nets:`")
    token = _calling.set((*_calling.get(), file))
    try:
        is_file = os.path.isfile(beside) or beside.suffix[1:].casefold() in endings()
        return load_called(beside if is_file else name)
    finally:
        _calling.reset(token)


def _tree(source: Source, limits: Limits) -> Reading:
    read = file_format(source.format).read
    values = read_parameters(source.format, read, source.parameters or {}, skip=2)
    try:
        return read(source.text, limits, **values)
    except (Unreadable, TooManyProblems) as stop:
        return Reading(None, stop.problems)


def _check_tree(tree: Tree, limits: Limits) -> Found:
    try:
        return check_tree(tree, limits.problems)
    except TooManyProblems as stop:
        return Found(stop.problems, None)


def _check_plugins(tree: Tree, problems: list[Problem], source: Source, limits: Limits) -> _Checked:
    try:
        found, made = check_plugin_tree(tree, source.stem)
    except GrammarError as error:  # what the plugin makes is no grammar
        return _Checked(_diagnostics(problems, source, limits) + error.diagnostics, None)
    diagnostics = _diagnostics([*problems, *found], source, limits) + (made.warnings if made else ())
    return _Checked(diagnostics, replace(made, warnings=diagnostics) if made and not _wrong(diagnostics) else None)


def _wrong(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(each.severity == "error" for each in diagnostics)


def _refuse_large(tree: Tree, limits: Limits) -> None:
    nodes, edges = (
        [item for graph in graphs_of(tree) if isinstance(items := graph.get(key), Sequence) for item in items.items]
        for key in ("nodes", "edges")
    )
    limits.refuse_more("states", len(nodes))
    limits.refuse_more("edges", len(edges))
    ranges = (symbol_ranges(edge.get("symbols")) for edge in edges if isinstance(edge, Mapping))
    limits.refuse_more("edges", sum(len(codes(item.text)) for items in ranges for item in items))


def _diagnostics(problems: list[Problem], source: Source, limits: Limits) -> tuple[Diagnostic, ...]:
    """The problems in the order of the file, each with its line; where they are too many, the last one says so."""
    found = sorted(set(problems))
    if sum(KINDS[each.code].severity == "error" for each in found) > limits.problems:
        message = f"more than {limits.problems:,} problems; what else is wrong with the file was not looked at"
        help = f"is it the right file? If so, mend those before, or {limits.way_out('problems')}"
        found = [*found[: limits.problems], Problem(found[limits.problems].place, "G070", message, help)]
    lines = re.split(file_format(source.format).line_break, source.text) if problems else []
    return tuple(_diagnostic(problem, lines, source.file) for problem in found)


def _diagnostic(problem: Problem, lines: list[str], file: str) -> Diagnostic:
    place = problem.place
    source = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    severity = KINDS[problem.code].severity
    return Diagnostic(
        file, place.line, place.column, problem.code, severity, problem.message, problem.help, source, place.width
    )
