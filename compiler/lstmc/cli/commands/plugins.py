"""lstmc plugins: what is installed, from where, and whether it works."""

from collections.abc import Callable
from dataclasses import asdict, replace
from inspect import getdoc

import click

from lstmc.cli.options import json_option
from lstmc.cli.output import json_line, rows
from lstmc.errors import PluginError
from lstmc.extensions import GROUPS, Extension, extensions, load

CELLS = "lstmc.cells"


@click.command(short_help="List the plugins, and whether they work.")
@json_option
def command(as_json: bool) -> None:
    """List every plugin: its group and name, the package that brings it, whether it works, and what it is.

    Each is imported, and asked whether it is what its group holds. One that is broken, made for another version, or
    named like one that is there already is refused, with the reason, and disturbs nothing else.

    \b
    Examples:
      lstmc plugins
      lstmc --no-plugins plugins --json
    """
    found = [_tried(extension) for group in GROUPS for extension in extensions(group, load=True)]
    if as_json:
        for each in found:
            json_line({**asdict(each), "description": _description(each)})
        return
    rows(
        ["group", "name", "package", "version", "state", "what it is, or why it is refused"],
        ([e.group, e.name, e.package, e.version, e.state, e.problem or _description(e)] for e in found),
    )


def _description(extension: Extension) -> str:
    """The first line of what a cell type says of itself. (`lstmc list` says it of grammars.)"""
    if extension.state != "loaded" or extension.group != CELLS:
        return ""
    text = getdoc(load(CELLS, extension.name))
    return text.partition("\n")[0] if text else ""


def _tried(extension: Extension) -> Extension:
    """The extension, refused where it can be imported but is not what its group holds."""
    if extension.state != "loaded" or extension.group not in _OPEN:
        return extension
    try:
        _OPEN[extension.group](extension.name)
    except PluginError as error:
        return replace(extension, state="refused", problem=error.message)
    return extension


def _grammar(name: str) -> object:
    from lstmc.grammar.catalogue import declared

    return declared(name)


def _format(name: str) -> object:
    from lstmc.grammar.formats import any_format

    return any_format(name)


def _cell(name: str) -> object:
    from lstmc.network.cell_types import cell_type

    return cell_type(name)


def _exporter(name: str) -> object:
    from lstmc.export.exporters import exporter

    return exporter(name)


_OPEN: dict[str, Callable[[str], object]] = {  # each raises PluginError for what is not of its group
    "lstmc.grammars": _grammar,
    "lstmc.formats": _format,
    CELLS: _cell,
    "lstmc.exporters": _exporter,
}
