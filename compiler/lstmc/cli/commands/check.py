"""lstmc check: every problem of a grammar."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lstmc.cli.options import GRAMMAR, json_option, set_option
from lstmc.cli.output import json_line, say
from lstmc.cli.progress import progress
from lstmc.cli.sources import Attempts

if TYPE_CHECKING:
    from lstmc.grammar import Diagnostic


@click.command(short_help="Find every problem of a grammar.")
@click.argument("grammars", nargs=-1, required=True, type=GRAMMAR, metavar="GRAMMAR...")
@set_option
@json_option
def command(grammars: tuple[str, ...], parameters: tuple[tuple[str, str], ...], as_json: bool) -> int:
    """Find every problem of grammars: where it is, what is wrong, what to do.

    The exit code is 1 where there is an error; warnings alone are fine. `lstmc explain G003` tells what a code means.

    \b
    Examples:
      lstmc check reber
      lstmc check embedded-reber --set depth=3
    """
    attempts = Attempts()
    with progress("checking", len(grammars)) as advance:
        for source in grammars:
            found = attempts.attempt(partial(_check, source, dict(parameters)))
            advance(1)
            if found is not None:
                attempts.code = attempts.code or found.code
                _print(source, found.problems, as_json)
    return attempts.code


class _Found(NamedTuple):
    """The problems of a grammar, and the exit code that they make."""

    problems: "tuple[Diagnostic, ...]"
    code: int


def _check(source: str, parameters: dict[str, str]) -> _Found:
    from lstmc.grammar import GrammarError
    from lstmc.grammar.catalogue import load_grammar

    try:
        grammar = load_grammar(source, parameters)
    except GrammarError as error:
        return _Found(error.diagnostics, error.exit_code)
    if grammar.outputs:
        from lstmc.pipeline import to_program

        to_program(grammar)  # raises where one string of a nondeterministic transducer has two outputs
    return _Found(grammar.warnings, 0)


def _print(source: str, found: "tuple[Diagnostic, ...]", as_json: bool) -> None:
    if as_json:
        for diagnostic in found:
            json_line(_to_dict(diagnostic))
        return
    for diagnostic in found:
        say(f"{diagnostic}\n")
    say(f"{source}: {_count(found, 'error')}, {_count(found, 'warning')}" if found else f"{source}: fine")


def _to_dict(diagnostic: "Diagnostic") -> dict[str, Any]:
    shown = ("file", "line", "column", "code", "severity", "message", "help")
    return {key: value for key, value in asdict(diagnostic).items() if key in shown}


def _count(found: "tuple[Diagnostic, ...]", severity: str) -> str:
    number = sum(each.severity == severity for each in found)
    return f"{number} {severity}{'' if number == 1 else 's'}"
