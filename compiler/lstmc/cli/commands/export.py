"""lstmc export: a network for another framework, and the program that loads it there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmc.cli.options import WEIGHTS, Build, build_options, int8_option, json_option
from lstmc.cli.output import json_line, note, say_exactly
from lstmc.cli.sources import certificate_of, is_weights, open_grammar, open_network, refuse_own

if TYPE_CHECKING:
    from lstmc.network import Network


@click.command(short_help="Write a network for another framework.")
@click.argument("weights", type=WEIGHTS)
@click.option(
    "--to",
    "to",
    required=True,
    metavar="NAME",
    shell_complete=lambda context, param, start: exporters(start),
    help="torch, onnx, keras, flax, equinox, torchrecurrent, xlstm, numpy, javascript, c, a plugin's; "
    "or hub, a folder for model hubs.",
)
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), metavar="FILE", help="What to write (NAME.…).")
@int8_option
@build_options
@json_option
def command(weights: str, to: str, file: Path | None, quantize: bool, build: Build, as_json: bool) -> None:
    """Write a network for another framework: one file with its weights, its read-out, its alphabet and the digest of
    its proof. The program that loads it there, without lstmc, is printed.

    \b
    Examples:
      lstmc export build/reber.safetensors --to numpy
      lstmc export reber -O2 --to onnx -o reber-smallest.onnx
      lstmc export build/reber.safetensors --to hub
    """
    from lstmc.export.write import export_network

    refuse_own(weights, file)
    network, proof = _proved(weights, build)
    exported = export_network(network, to, file, proof, quantize)
    if as_json:
        json_line({"file": str(exported.file), "to": to, "bytes": exported.size, "snippet": exported.snippet})
        return
    say_exactly(exported.snippet.rstrip("\n"))
    note(f"\n{exported.file}: {exported.size:,} bytes; the program above loads it from its folder")


def _proved(weights: str, build: Build) -> "tuple[Network, bytes | None]":
    """The network, with its certificate where it has one."""
    from lstmc.pipeline import compile_proved
    from lstmc.proof import provable

    if is_weights(weights):
        network = open_network(weights, build)
        proof = certificate_of(network, Path(weights))
        if proof is None:
            note(f"{weights} has no proof beside it: what is written will not name one")
    else:
        network, certificate = compile_proved(open_grammar(weights, build), **build.options)
        proof = certificate.to_bytes()
    if proof is not None and not provable(type(network)):
        note(f"nothing is proved of the cell type '{network.cell}': what is written will not name a proof")
        return network, None
    return network, proof


def exporters(start: str) -> list[str]:
    """The names that begin so, for the shell."""
    from lstmc.export.hub import HUB
    from lstmc.extensions import extensions

    return [name for name in (*(each.name for each in extensions("lstmc.exporters")), HUB) if name.startswith(start)]
