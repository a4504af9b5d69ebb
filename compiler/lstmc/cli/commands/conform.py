"""lstmc conform: does the network behave in each framework as it does here, and as its proof assumes?"""

import sys
from collections import Counter
from math import isinf
from typing import TYPE_CHECKING

import click

from lstmc.cli.commands.export import exporters
from lstmc.cli.options import WEIGHTS, Build, build_options, int8_option, json_option
from lstmc.cli.output import flush, json_line, note, person, rows, say, shorten
from lstmc.cli.progress import progress
from lstmc.cli.sources import open_network
from lstmc.errors import PluginError

if TYPE_CHECKING:
    from lstmc.export.conform import Conformance


@click.command(short_help="Does it behave in each framework as proved?")
@click.argument("weights", type=WEIGHTS)
@click.option(
    "--in",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=lambda context, param, start: exporters(start),
    help="Only there (as in `lstmc export --to`); repeat it for several. All that are installed, unless given.",
)
@int8_option
@click.option(
    "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", help="Where: the processor, or an NVIDIA GPU (cpu)."
)
@click.option("--length", type=click.IntRange(min=1), default=20_000, help="How many symbols a loop has (20000).")
@click.option("--seed", type=int, default=0, help="Of the random strings (0).")
@build_options
@json_option
def command(
    weights: str,
    names: tuple[str, ...],
    quantize: bool,
    device: str,
    length: int,
    seed: int,
    build: Build,
    as_json: bool,
) -> int:
    """Run a network in every framework that is installed, and compare with our own runner at every symbol: all short
    strings, random long ones in a batch and symbol by symbol, and long loops. Then, of an LSTM or toy, measure in the
    framework's own kernel what the contract of the proof assumes of σ and tanh. On a GPU (--device cuda) PyTorch runs,
    in float32 with TF32 on, with TF32 off, and without cuDNN.

    The exit code is 1 where anything differs; 5 where a framework is broken, or was asked for and is not installed.

    \b
    Examples:
      lstmc conform build/reber.safetensors --in numpy
      lstmc conform reber -O2 --in numpy --length 1000 --json
    """
    from lstmc.export.conform import conform

    network = open_network(weights, build)
    found: list[Conformance] = []
    with progress("running") as bar:
        for each in conform(network, names or None, quantize, length, seed, bar.tell, device):
            found.append(each)
            if as_json:
                json_line(each.to_dict())
                flush()
    if not as_json:
        _print(found)
    return _code(found, bool(names))


def _print(found: "list[Conformance]") -> None:
    """A table of those that ran, and a line for each of the others; for a pipe a line each."""
    if not person(sys.stdout):
        rows([], ([*_cells(each), shorten(each.string or "", 200), each.problem] for each in found))
        return
    ran = [each for each in found if each.symbols]
    if ran:
        rows(["in", "is", "logits", "state", "σ", "tanh", "σ=1 from", "symbols/s"], map(_cells, ran))
        say("")
    for each in found:
        if each.outcome in ("missing", "lacks"):
            say(f"{each.runtime} {'is ' if each.outcome == 'missing' else ''}{each.problem}")
        elif each.outcome != "conforms":
            say(f"{each.runtime} {each.outcome}{_after(each)}: {each.problem}")
    counts = Counter(each.outcome for each in found)
    note(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())))


def _cells(each: "Conformance") -> list[str]:
    kernel = each.kernel
    return [
        each.runtime,
        each.outcome,
        _short(each.logits),
        _short(each.state),
        _short(kernel.sigmoid if kernel else None),
        _short(kernel.tanh if kernel else None),
        "" if kernel is None else "never" if isinf(kernel.one_from) else f"{kernel.one_from:g}",
        "" if each.speed is None else f"{each.speed:,.0f}",
    ]


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:.1g}"


def _after(each: "Conformance") -> str:
    return f" after '{shorten(each.string)}' ({len(each.string):,} characters)" if each.string is not None else ""


def _code(found: "list[Conformance]", asked: bool) -> int:
    """1: something differs; 5: something is broken, asked for and not there, or nothing could be run at all."""
    outcomes = {each.outcome for each in found}
    if "differs" in outcomes:
        return 1
    unavailable = outcomes & {"broken"} or (outcomes & {"missing", "lacks"} if asked else set())
    return PluginError.exit_code if unavailable or "conforms" not in outcomes else 0
