"""lstmc draw: pictures of a grammar's graph, a network's weights, and its memory over a string."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmc.cli.options import WEIGHTS, Build, build_options
from lstmc.cli.output import counted, say, shorten
from lstmc.cli.progress import progress
from lstmc.cli.sources import grammar_of, is_weights, open_grammar, open_network, refuse_own
from lstmc.cli.strings import Line, symbols_of
from lstmc.errors import UsageError

if TYPE_CHECKING:
    from lstmc.grammar import Grammar

GRAPH, WEIGHTS_MAP, MEMORY = "graph", "weights", "memory"


@click.command(short_help="Draw a graph, the weights, or the memory over a string.")
@click.argument("source", type=WEIGHTS, metavar="GRAMMAR|WEIGHTS")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="FILE.svg, .png or .pdf (NAME.svg)."
)
@click.option(
    "--what",
    type=click.Choice([GRAPH, WEIGHTS_MAP, MEMORY]),
    help="Unless you say: the graph of a grammar, the weights of a network, its memory where there is a --string.",
)
@click.option("--string", metavar="STRING", help="The string over which the memory is drawn.")
@click.option("--by", type=click.Choice(["part", "cell"]), help="How weights are grouped: by part (default) or cell.")
@build_options
def command(source: str, file: Path | None, what: str | None, string: str | None, by: str | None, build: Build) -> None:
    """Draw the graph of a grammar; the weights of a network as a heat map, every number by its cell, its part and what
    it reads; or what is in its memory at each step of a string, and what may come next.

    A graph as SVG needs nothing else; all other pictures are made by matplotlib: pip install 'lstmc[plot]'.

    \b
    Examples:
      lstmc draw reber -o reber.svg
      lstmc draw reber --string BTSSXSE -o memory.png
      lstmc draw build/reber.safetensors -o weights.pdf
    """
    from lstmc.picture.write import format_of

    what = what or _usual(source, string, build)
    _check_options(what, string, by)
    format = format_of(file or Path(f"{what}.svg"))
    if what == GRAPH:
        _draw_graph(_grammar(source, build), file, format)
    else:
        _draw_network(source, file, format, string, by or "part", build)


def _usual(source: str, string: str | None, build: Build) -> str:
    """What is drawn unless the user says it: a graph only where nothing speaks of a network."""
    if string is not None:
        return MEMORY
    return WEIGHTS_MAP if is_weights(source) or build.options else GRAPH


def _check_options(what: str, string: str | None, by: str | None) -> None:
    if what == MEMORY and string is None:
        raise UsageError("the memory over which string?", "give one: --string BTXSE")
    if what != MEMORY and string is not None:
        raise UsageError(f"--string draws the memory, not the {what}", "leave one of the two out")
    if what != WEIGHTS_MAP and by is not None:
        raise UsageError(f"--by groups weights; it cannot change a picture of the {what}", "leave it out")


def _grammar(source: str, build: Build) -> "Grammar":
    if is_weights(source):
        return grammar_of(open_network(source, build), Path(source))
    if build.options:
        said = ", ".join(name for name in build.given if name != "--set")
        raise UsageError(f"{said} cannot change the graph of a grammar", "leave that out, or draw the weights")
    return open_grammar(source, build)


def _draw_graph(grammar: "Grammar", file: Path | None, format: str) -> None:
    from lstmc.picture.write import draw

    with progress("drawing"):
        path = draw(grammar, file or Path(f"{grammar.name}.{format}"))
    states, rules = counted(len(grammar.graph), "state"), counted(grammar.graph.number_of_edges(), "rule")
    say(f"{path}: the graph of '{grammar.name}', {states} and {rules}")


def _draw_network(source: str, file: Path | None, format: str, string: str | None, by: str, build: Build) -> None:
    from lstmc.picture.write import draw

    refuse_own(source, file)
    network = open_network(source, build)
    symbols = None if string is None else symbols_of(Line(f"'{shorten(string)}'", string), network)
    what = WEIGHTS_MAP if symbols is None else MEMORY
    with progress("drawing"):
        path = draw(network, file or Path(f"{network.name}-{what}.{format}"), symbols, by)
    over = "" if string is None else f" over '{shorten(string)}'"
    say(f"{path}: the {what} of '{network.name}'{over}, {network.size:,} cells")
