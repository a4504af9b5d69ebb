"""From a file that names a plugin to the grammar that the plugin makes.

    {name: nested-3, plugin: embedded-reber, parameters: {depth: 3}}

Parameters are handed over as texts, as from the command line: the plugin knows their types. A name that no plugin has
is an error, so a file can never name Python code.
"""

from typing import TYPE_CHECKING, NamedTuple

from lstmc.errors import PluginError
from lstmc.grammar.codes import KINDS
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.schema import name_problems, schema_problems
from lstmc.grammar.tree import Mapping, Place, Problem, Scalar, Sequence, Tree, place_of
from lstmc.names import is_nearly_name, name_for

if TYPE_CHECKING:
    from lstmc.grammar.parameters import Problem as ParameterProblem


def check_plugin_tree(tree: Tree, stem: str) -> tuple[list[Problem], Grammar | None]:
    """Every problem of the tree, and the grammar where there is none. `stem` is the name where the file gives none."""
    problems = list(schema_problems(tree))
    if any(KINDS[each.code].severity == "error" for each in problems) or not isinstance(tree, Mapping):
        return problems, None
    name, named = tree.get("name"), named_plugin(tree)
    if named is None:
        return problems, None
    if not isinstance(name, Scalar):
        problems += name_problems(stem)
    called = name.text if isinstance(name, Scalar) else stem
    try:
        made = _make(named.plugin, named.parameters, name_for(called) if is_nearly_name(called) else called)
    except PluginError as error:
        return [*problems, *_problems(error, tree)], None
    return problems, made


class NamedPlugin(NamedTuple):
    """What a file says that names a plugin."""

    plugin: str
    parameters: dict[str, str | list[str]]


def named_plugin(tree: Tree | None) -> NamedPlugin | None:
    """The plugin that a file names, and its parameters; None where it names none."""
    plugin, parameters = (tree.get(key) if isinstance(tree, Mapping) else None for key in ("plugin", "parameters"))
    if not isinstance(plugin, Scalar):
        return None
    entries = parameters.entries if isinstance(parameters, Mapping) else []
    return NamedPlugin(plugin.text, {key.text: _value(value) for key, value in entries})


def _make(plugin: str, parameters: dict[str, str | list[str]], name: str) -> Grammar:
    from lstmc.grammar.catalogue import make  # plugins are looked up only where a file asks for one

    return make(plugin, parameters, name)


def _value(tree: Tree) -> str | list[str]:
    if isinstance(tree, Sequence):
        return [item.text for item in tree.items if isinstance(item, Scalar)]
    return tree.text if isinstance(tree, Scalar) else ""


def _problems(error: PluginError, tree: Mapping) -> list[Problem]:
    from lstmc.grammar.parameters import ParameterError

    plugin = (tree.get("plugin") or tree).place

    if not isinstance(error, ParameterError):
        return [Problem(plugin, "G080", error.message, error.help)]
    parameters = tree.get("parameters")
    return [Problem(_of(each, parameters, plugin), "G081", each.message, each.help) for each in error.problems]


def _of(problem: "ParameterProblem", parameters: Tree | None, plugin: Place) -> Place:
    """Where a parameter stands: its value or, where the name is wrong, that."""
    if not isinstance(parameters, Mapping):
        return plugin
    value = parameters.get(problem.parameter)
    return place_of(parameters, problem.parameter) if problem.unknown or value is None else value.place
