"""Every grammar that has a name: the files that come with lstmc, and those that plugins make."""

import hashlib
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import networkx as nx

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import InputError, LstmcError, PluginError, UsageError
from lstmc.extensions import OURS, Extension, extensions, load, run_plugin, told
from lstmc.grammar.formats import Objects, any_format, endings, file_format, format_of, objects
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.nets import Nets, plain
from lstmc.grammar.parameters import Parameter, parameters_of, read_parameters
from lstmc.names import LONGEST, is_name
from lstmc.shipped import shipped

GROUP = "lstmc.grammars"

Factory = Callable[..., Any]

_making: ContextVar[tuple[str, ...]] = ContextVar("_making", default=())  # the plugins at work, the outermost first


@dataclass(frozen=True)
class Entry:
    """A named grammar. One of a plugin that does not work has its reason in `problem`, and no description."""

    name: str
    description: str  # one line
    source: str  # "file", or the package that brings the plugin
    parameters: tuple[Parameter, ...] = ()
    problem: str = ""


def names() -> tuple[Entry, ...]:
    """Every named grammar, sorted by name; broken plugins too. Imports the plugins, for their descriptions."""
    files = [Entry(name, _first_comment(path), "file") for name, path in shipped().items()]
    plugins = [_entry(extension) for extension in extensions(GROUP, load=True)]
    return tuple(sorted(files + plugins, key=lambda entry: (entry.name, entry.problem != "")))


def load_grammar(
    source: Any,
    parameters: Mapping[str, object] | None = None,
    format: str | None = None,
    expand: bool = False,
    depth: int | None = None,
) -> Grammar:
    """The grammar of a file (a path), of a name in the catalogue, or of an object in memory.

    source      a name first; else a path, where it looks like one (a folder in it, or the ending of a format) or a
                file of that name exists; else a networkx graph, or an object of a package that a plugin knows
                (automata-lib, AALpy)
    parameters  of a plugin or of a format, as text or as Python values; given with a file that names a plugin, they
                go before those in the file
    format      of a file; by its ending unless given
    expand      whether nets that call each other become a grammar, each state of which says which calls wait
    depth       how many calls that have come back may wait at once, in place of the depth that a file gives

    Raises InputError for a name or file that is not there, GrammarError for a file with errors, UsageError for
    parameters of a grammar that has none, an object that is no grammar, or nets that are not to be expanded,
    PluginError for a plugin that does not work or does not take the parameters, and LimitError for an expansion of too
    many states.
    """
    return plain(load_nets(source, parameters, format, depth), expand)


def load_nets(
    source: Any,
    parameters: Mapping[str, object] | None = None,
    format: str | None = None,
    depth: int | None = None,
) -> Grammar | Nets:
    """The same as it is written: the nets of a file whose edges call. Parameters and errors as of `load_grammar`."""
    found = _load(source, parameters, format, depth)
    if depth is not None and isinstance(found, Grammar):
        raise UsageError(f"grammar '{found.name}' calls nothing", "leave out --depth; a plugin's is --set depth=3")
    return found


def load_called(source: str | os.PathLike[str]) -> Grammar | Nets:
    """A grammar that edges of another one call, whose depth is what counts."""
    return _load(source, None, None, depth=0)


def _load(
    source: Any, parameters: Mapping[str, object] | None, format: str | None, depth: int | None
) -> Grammar | Nets:
    if not isinstance(source, str | os.PathLike):
        made = _of_object(source)
        return made if depth is None or isinstance(made, Grammar) else replace(made, depth=depth)
    name = os.fspath(source)
    if isinstance(source, str) and format is None:
        if name in shipped():
            return _read(shipped()[name], parameters, None, depth)
        if name in {extension.name for extension in extensions(GROUP)}:
            return make(name, parameters)
    path = Path(source)
    is_path = not isinstance(source, str) or path.name != name or path.suffix[1:].casefold() in endings()
    if is_path or format is not None or os.path.isfile(path):  # of a name that no file can have, too
        return _read(path, parameters, format, depth)
    raise InputError(f"there is no grammar '{name}', and no file of that name", _there_is(name))


def make(plugin: str, parameters: Mapping[str, object] | None = None, name: str | None = None) -> Grammar:
    """The grammar that a plugin makes, under `name`: else the plugin's, with the parameters that are not its defaults.

    `make("embedded-reber", {"depth": "2"})` is called `embedded-reber-depth-2`. Raises PluginError where the plugin
    does not work, does not take the parameters (ParameterError), asks for itself, or makes something else than a
    graph, and LimitError for a graph that is larger than a file may be.
    """
    factory = cast(Factory, load(GROUP, plugin))
    values = read_parameters(plugin, factory, parameters or {})
    made = _made(plugin, factory, values)
    graph = made.graph if isinstance(made, Grammar) else made
    if not isinstance(graph, nx.MultiDiGraph):
        raise PluginError(f"'{plugin}' does not work: it makes a {type(made).__name__}, not a networkx.MultiDiGraph")
    Limits.from_environment().refuse_size(len(graph), graph.number_of_edges(), f"{plugin}: ")
    return Grammar.from_graph(graph, name or _name(plugin, parameters_of(plugin, factory), values))


def declared(plugin: str) -> tuple[Parameter, ...]:
    """The parameters that a plugin takes. Raises PluginError where it does not work, or we cannot read them."""
    return parameters_of(plugin, cast(Factory, load(GROUP, plugin)))


def _made(plugin: str, factory: Factory, values: dict[str, Any]) -> Any:
    """What the factory returns; one that is not ours has the time that a plugin has."""
    makers = (*_making.get(), plugin)
    if plugin in makers[:-1]:
        raise PluginError(f"'{plugin}' does not work: it asks for itself: {' → '.join(makers)}")
    token = _making.set(makers)
    try:
        if any(each.name == plugin and each.package == OURS for each in extensions(GROUP)):
            return factory(**values)
        return run_plugin(partial(factory, **values), f"plugin '{plugin}'")
    except LstmcError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(f"'{plugin}' does not work: {told(error)}") from error
    finally:
        _making.reset(token)


def _of_object(thing: object) -> Grammar | Nets:
    if isinstance(thing, Grammar | Nets):
        return thing
    if isinstance(thing, nx.Graph):
        return Grammar.from_graph(thing)
    package = type(thing).__module__.partition(".")[0]
    if package not in endings():
        known = ", ".join(name for name in endings() if isinstance(any_format(name), Objects))
        raise UsageError(
            f"no grammar is made of a {type(thing).__name__}", f"objects of {known}, and networkx graphs are"
        )
    return Grammar.from_graph(objects(package).to_graph(thing))


def _read(path: Path, parameters: Mapping[str, object] | None, format: str | None, depth: int | None) -> Grammar | Nets:
    from lstmc.grammar.read import plugin_of, read_grammar  # they make plugin grammars in their turn

    if not parameters:
        return read_grammar(path, format=format, depth=depth)
    name = format or format_of(path)
    if parameters_of(name, file_format(name).read, skip=2):
        return read_grammar(path, format=name, parameters=parameters, depth=depth)
    read_grammar(path, format=name, depth=depth)  # it tells what is wrong with the file itself
    named = plugin_of(path, name)
    if named is None:
        raise UsageError(
            f"{path} takes no parameters: {', '.join(parameters)}",
            "parameters belong to a plugin: see `lstmc plugins`",
        )
    return make(named.plugin, {**named.parameters, **parameters})


def _there_is(name: str) -> str:
    files = [f"{name}.{ending}" for ending in endings() if os.path.isfile(f"{name}.{ending}")]
    if files:
        return f"did you mean the file {files[0]}?"
    known = [*shipped(), *(extension.name for extension in extensions(GROUP))]
    return did_you_mean(name, known) or "there are " + ", ".join(sorted(set(known)))


def _entry(extension: Extension) -> Entry:
    if extension.problem:
        return Entry(extension.name, "", extension.package, problem=extension.problem)
    factory = cast(Factory, load(GROUP, extension.name))
    try:
        parameters = parameters_of(extension.name, factory)
    except PluginError as error:
        return Entry(
            extension.name,
            "",
            extension.package,
            problem=error.message.removeprefix(f"'{extension.name}' does not work: "),
        )
    description = (factory.__doc__ or "").strip().partition("\n")[0]
    return Entry(extension.name, description, extension.package, parameters)


def _first_comment(path: Path) -> str:
    """The first line of comment that is meant for people."""
    comments = (line[1:].strip() for line in path.read_text("utf-8").splitlines() if line.startswith("#"))
    return next((text for text in comments if not text.startswith("yaml-language-server:")), "")


def _name(plugin: str, declared: tuple[Parameter, ...], values: Mapping[str, Any]) -> str:
    """The plugin's name and its parameters, in letters that the name of a file may hold."""
    parts = [f"-{each.name}-{_text(values[each.name])}" for each in declared if values[each.name] != each.default]
    name = plugin + "".join(parts)
    plain = "".join(c if is_name(f"_{c}_") else f"_{ord(c):x}" for c in name)
    if is_name(plain):
        return plain
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{plain[: LONGEST - len(digest) - 1]}-{digest}"


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "+".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
