"""lstmc plugins: what is installed beside lstmc's own, and whether it works."""

from dataclasses import asdict

import click

from lstmc.cli.options import json_option
from lstmc.cli.output import json_line, rows
from lstmc.extensions import GROUPS, extensions


@click.command(short_help="List the plugins, and whether they work.")
@json_option
def command(as_json: bool) -> None:
    """List every plugin: its group and name, the package that brings it, and whether it works.

    \b
    Examples:
      lstmc plugins
      lstmc plugins --json
    """
    found = [extension for group in GROUPS for extension in extensions(group, load=True)]
    if as_json:
        for each in found:
            json_line(asdict(each))
        return
    rows(
        ["group", "name", "package", "version", "state", "problem"],
        ([each.group, each.name, each.package, each.version, each.state, each.problem] for each in found),
    )
