"""lstmc schema: JSON Schemas of grammar files and of what --json prints."""

from pathlib import Path

import click

from lstmc.cli.output import say_text
from lstmc.did_you_mean import did_you_mean
from lstmc.errors import UsageError

GRAMMAR = "grammar"


@click.command(short_help="Print the JSON Schema of grammars, or of a command's --json.")
@click.argument("name", default=GRAMMAR, metavar="[NAME]", shell_complete=lambda context, param, text: _names(text))
def command(name: str) -> None:
    """Print the JSON Schema (draft-07) of grammar files or, by the name of a command, of a line that --json prints.

    \b
    Examples:
      lstmc schema grammar
      lstmc schema run
    """
    names = _names()
    if name not in names:
        raise UsageError(
            f"there is no schema '{name}'", f"{did_you_mean(name, names)} there are {', '.join(names)}".strip()
        )
    say_text(_file(name).read_text("utf-8").rstrip())


def _names(start: str = "") -> list[str]:
    found = [GRAMMAR, *sorted(path.name.removesuffix(".schema.json") for path in _folder().glob("*.schema.json"))]
    return [name for name in found if name.startswith(start)]


def _file(name: str) -> Path:
    if name == GRAMMAR:
        return Path(__file__).parents[2] / "grammar" / "grammar.schema.json"
    return _folder() / f"{name}.schema.json"


def _folder() -> Path:
    return Path(__file__).parents[1] / "schemas"
