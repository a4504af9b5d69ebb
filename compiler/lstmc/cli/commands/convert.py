"""lstmc convert: a grammar from one format to another."""

from pathlib import Path

import click

from lstmc.cli.options import GRAMMAR, expand_option, formats, from_option, set_option
from lstmc.cli.output import counted, say, say_exactly
from lstmc.cli.sources import open_nets, tell_warnings


@click.command(short_help="Write a grammar in another format.")
@click.argument("source", type=GRAMMAR, metavar="GRAMMAR")
@click.argument("file", type=click.Path(path_type=Path), required=False, metavar="[FILE]")
@from_option
@click.option(
    "--to",
    "to",
    metavar="NAME",
    shell_complete=lambda context, param, start: formats(start),
    help="The format to write; by the ending of FILE unless given, yaml without FILE or ending.",
)
@set_option
@expand_option
def command(
    source: str,
    file: Path | None,
    format: str | None,
    to: str | None,
    parameters: tuple[tuple[str, str], ...],
    expand: bool | None,
    depth: int | None,
) -> None:
    """Write a grammar in another format, into FILE or, without one, to standard output.

    Formats are named by the endings of their files: yaml, json, dot, att, jff, graphml, and those of plugins. What a
    format cannot say is refused; nothing is left out.

    \b
    Examples:
      lstmc convert reber reber.dot
      lstmc convert reber --to graphml
    """
    from lstmc.grammar.convert import save_grammar, text_of
    from lstmc.grammar.nets import Nets

    grammar = open_nets(source, dict(parameters), format, expand, depth)
    tell_warnings(grammar)
    if file is None:
        say_exactly(text_of(grammar, to or "yaml").rstrip("\n"))
        return
    save_grammar(grammar, file, to)
    graphs = grammar.nets.values() if isinstance(grammar, Nets) else [grammar.graph]
    states, rules = sum(map(len, graphs)), sum(graph.number_of_edges() for graph in graphs)
    of = f"{counted(len(graphs), 'net')}, " if isinstance(grammar, Nets) else ""
    say(f"{file}: {of}{counted(states, 'state')}, {counted(rules, 'rule')}")
