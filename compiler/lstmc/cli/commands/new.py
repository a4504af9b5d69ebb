"""lstmc new: a grammar file or a plugin to begin with."""

from pathlib import Path

import click

from lstmc.cli.options import GRAMMAR, formats, set_option
from lstmc.cli.output import note, say
from lstmc.errors import UsageError


@click.command(short_help="Begin a grammar of your own, or a plugin.")
@click.argument("name")
@click.option(
    "--from", "source", type=GRAMMAR, metavar="GRAMMAR", help="Begin with this one; a small one unless given."
)
@click.option(
    "--format",
    metavar="FORMAT",
    shell_complete=lambda context, param, start: formats(start),
    help="The format of that one's file; by the ending of its name unless given.",
)
@set_option
@click.option("--plugin", is_flag=True, help="Make a Python package that brings a grammar of that name.")
def command(
    name: str, source: str | None, format: str | None, parameters: tuple[tuple[str, str], ...], plugin: bool
) -> None:
    """Begin a grammar of your own: writes NAME.yaml, and the schema beside it by which editors check and complete it.

    With --plugin: the folder NAME with a package that brings a grammar of that name, its test and its README. Nothing
    that is there is overwritten.

    \b
    Examples:
      lstmc new turns
      lstmc new my-reber --from reber
      lstmc new --plugin repeat
    """
    from lstmc.grammar.new import new_grammar, new_plugin

    name = name if plugin else name.removesuffix(".yaml")
    if plugin and (source or format or parameters):
        raise UsageError("--plugin begins with a small grammar", "leave out --from, --format and --set")
    written = new_plugin(name, Path()) if plugin else new_grammar(name, Path(), source, dict(parameters), format)
    for file in written:
        say(str(file))
    note(_next_steps(name, plugin))


def _next_steps(name: str, plugin: bool) -> str:
    if plugin:
        return f'next: cd {name}\n      pip install -e ".[test]"\n      pytest\n      lstmc compile {name}'
    return f"next: lstmc check {name}.yaml --watch\n      lstmc compile {name}.yaml"
