"""lstmc illustrate: one HTML page on which a network is seen at work."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmc.cli.options import WEIGHTS, Build, build_options
from lstmc.cli.output import note, say
from lstmc.cli.progress import progress
from lstmc.cli.sources import certificate_of, is_weights, open_grammar, open_network, refuse_own, shipped_grammar_of
from lstmc.errors import FindingsError

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.network import Network


@click.command(short_help="Make a page on which a network is seen at work.")
@click.argument("weights", type=WEIGHTS)
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="What to write (NAME.html)."
)
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@click.option("--embed", is_flag=True, help="A frame to paste into another page, such as a post of a blog.")
@build_options
def command(weights: str, file: Path | None, show: bool, embed: bool, build: Build) -> None:
    """Make one HTML file on which a network reads strings, and every part of it can be watched: graph, tape, every
    number of every cell (of an LSTM memory, eraser, writer, filters and reader), and what is proved. It needs no server
    and no connection.

    \b
    Examples:
      lstmc illustrate reber
      lstmc illustrate build/reber.safetensors --embed -o post.html
    """
    from lstmc.files import write_bytes
    from lstmc.picture.page import illustrate

    refuse_own(weights, file)
    network, grammar, proof = _opened(weights, build)
    with progress("drawing") as bar:
        page = illustrate(network, grammar, proof, embed, bar.tell).encode()
    path = file or Path(f"{network.name}{'.embed' if embed else ''}.html")
    write_bytes(path, page)
    say(str(path))
    note(f"{len(page):,} bytes; {'paste it into a page' if embed else 'open it in a browser'}")
    if show:
        click.launch(str(path))


def _opened(weights: str, build: Build) -> "tuple[Network, Grammar | None, bytes | None]":
    """The network, with its grammar and its certificate where there are any."""
    if is_weights(weights):
        network = open_network(weights, build)
        proof = certificate_of(network, Path(weights))
        if proof is None:
            note(f"{weights} has no proof beside it: the page shows no graph, and says that nothing is proved")
        return network, shipped_grammar_of(network), proof
    from lstmc.pipeline import compile, compile_proved
    from lstmc.proof import prove

    grammar = open_grammar(weights, build)
    try:
        with progress("compiling") as bar:
            network, certificate = compile_proved(grammar, **build.options, tell=bar.tell)
    except FindingsError as error:
        network = compile(grammar, **build.options)
        certificate = prove(network, grammar)
        note(f"{error.message}: the page shows what it does all the same")
    return network, grammar, certificate.to_bytes()
