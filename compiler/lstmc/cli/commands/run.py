"""lstmc run: strings through a network."""

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import click

from lstmc.cli.options import WEIGHTS, Build, build_options, json_option
from lstmc.cli.output import flush, json_line, note, person, rows, say, shorten
from lstmc.cli.progress import progress
from lstmc.cli.sources import Attempts, open_network
from lstmc.cli.strings import Line, lines_of_standard_input, symbols_of

if TYPE_CHECKING:
    from lstmc.network import Network, Run


@click.command(short_help="Is a string accepted? What may come next?")
@click.argument("weights", type=WEIGHTS)
@click.argument("strings", nargs=-1, metavar="[STRING...]")
@build_options
@click.option("--strict", is_flag=True, help="Exit with 1 when a string is not accepted.")
@json_option
def command(weights: str, strings: tuple[str, ...], build: Build, strict: bool, as_json: bool) -> int:
    """Run strings through a network: is each one accepted, alive or dead, and what may come next?

    A string is read character by character where every symbol is one character, else as symbols between blanks; one
    with blanks stands in double quotes, and a whole string may be a JSON list. Without STRING, strings come from
    standard input, one a line; an empty line is the empty string.

    \b
    Examples:
      lstmc run reber BTXSE BPVVE BTX BTT
      lstmc run reber BTXSE --strict --json
      lstmc run reber --cell toy ''
    """
    network = open_network(weights, build)
    attempts = Attempts()
    typed = not strings and person(sys.stdin)
    if typed:
        note("one string a line; end with Ctrl-D")
    rejected = False
    for lines in [_arguments(strings)] if strings else lines_of_standard_input():
        runs = _run(network, lines, attempts)
        rejected |= not all(run.accepted for run in runs)
        if as_json:
            for run in runs:
                json_line(run.to_dict())
        elif typed:
            say("".join("   ".join(_cells(network, run)[1:]) for run in runs))
        elif runs:
            rows(_columns(network), (_cells(network, run) for run in runs))
        flush()
    return attempts.code or int(strict and rejected)


def _arguments(strings: tuple[str, ...]) -> list[Line]:
    return [Line(f"'{shorten(text)}'", text) for text in strings]


def _run(network: "Network", lines: Iterable[Line], attempts: Attempts) -> list["Run"]:
    """The answers to the strings that the network can read; the others are told about."""
    from lstmc.network import run_all

    found = [attempts.attempt(partial(symbols_of, line, network)) for line in lines]
    strings = [symbols for symbols in found if symbols is not None]
    with progress("running", sum(map(len, strings))) as bar:
        return run_all(network, strings, bar.advance)


def _columns(network: "Network") -> list[str]:
    return ["string", "is", "may go on with", *(["outputs"] if network.outputs else [])]


def _cells(network: "Network", run: "Run") -> list[str]:
    verdict = "accepted" if run.accepted else "alive" if run.alive else "dead"
    output = [_said(run)] if network.outputs else []
    string = shorten(run.string) if person(sys.stdout) else run.string
    return [string, verdict, _next(run), *output]


def _said(run: "Run") -> str:
    """What a transducer says after each symbol; of a long string, for a person, the end. A dot is nothing."""
    from lstmc.network.strings import listed

    said = " ".join("·" if output is None else listed(output) for output in run.outputs)
    return f"… {said[-60:]}" if person(sys.stdout) and len(said) > 70 else said


def _next(run: "Run") -> str:
    """S X for a pipe; with probabilities for a person."""
    from lstmc.network.strings import listed

    if run.probabilities is None or not person(sys.stdout):
        return " ".join(map(listed, run.next))
    return ", ".join(f"{listed(symbol)} {chance:.4g}" for symbol, chance in run.probabilities.items())
