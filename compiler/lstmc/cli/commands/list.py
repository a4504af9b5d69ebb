"""lstmc list: the grammars that have a name."""

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import json_option
from lstmc.cli.output import json_line, person, rows

if TYPE_CHECKING:
    from lstmc.grammar.catalogue import Entry


@click.command(short_help="List the grammars that have a name.")
@json_option
def command(as_json: bool) -> None:
    """List the grammars that have a name: files that come with lstmc, and what plugins make.

    In a pipe: name, parameters with their defaults, where it comes from, and what it is, between tabs.

    \b
    Examples:
      lstmc list
      lstmc list --json
    """
    from lstmc.grammar.catalogue import names

    entries = names()
    if as_json:
        for entry in entries:
            json_line(_to_dict(entry))
        return
    if person(sys.stdout):
        rows(["name", "what it is"], ([entry.name, _described(entry)] for entry in entries))
    else:
        rows([], ([entry.name, _parameters(entry), entry.source, _what(entry)] for entry in entries))


def _to_dict(entry: "Entry") -> dict[str, Any]:
    return {
        "name": entry.name,
        "description": entry.description,
        "source": entry.source,
        "parameters": [
            {"name": each.name, "default": each.default, "expects": each.expects} for each in entry.parameters
        ],
        "problem": entry.problem,
    }


def _parameters(entry: "Entry", option: str = "") -> str:
    return " ".join(option + shlex.quote(f"{each.name}={each.typed_default}") for each in entry.parameters)


def _described(entry: "Entry") -> str:
    return "\n".join([_what(entry), *([_parameters(entry, "--set ")] if entry.parameters else [])])


def _what(entry: "Entry") -> str:
    return f"does not work: {entry.problem}" if entry.problem else entry.description
