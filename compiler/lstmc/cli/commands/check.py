"""lstmc check: every problem of a grammar."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lstmc.cli.ending import tell_error
from lstmc.cli.findings import FORMATS, Checked
from lstmc.cli.options import GRAMMAR, expand_option, from_option, json_option, set_option
from lstmc.cli.output import json_line
from lstmc.cli.progress import progress
from lstmc.cli.sources import open_nets
from lstmc.errors import LstmcError, UsageError

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.grammar.nets import Nets

Load = Callable[[str], "Grammar | Nets"]
SARIF = "sarif"  # says everything at the end, where the other formats print grammar by grammar


@click.command(short_help="Find every problem of a grammar.")
@click.argument("grammars", nargs=-1, required=True, type=GRAMMAR, metavar="GRAMMAR...")
@from_option
@set_option
@expand_option
@click.option(
    "--output-format",
    type=click.Choice([*FORMATS, SARIF]),
    help="How problems are printed: with their lines (full, the default), one a line (concise), for programs (json), "
    "or for code hosts (github, sarif).",
)
@json_option
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
def command(
    grammars: tuple[str, ...],
    format: str | None,
    parameters: tuple[tuple[str, str], ...],
    expand: bool | None,
    depth: int | None,
    output_format: str | None,
    as_json: bool,
    watch: bool,
) -> int:
    """Find every problem of grammars: where it is, what is wrong, what to do.

    The exit code is 1 where there is an error; warnings alone are fine. `lstmc explain G003` tells what a code means.

    \b
    Examples:
      lstmc check reber
      lstmc check embedded-reber --set depth=3
    """
    if as_json and output_format not in (None, "json"):
        raise UsageError(f"--json is --output-format json, not {output_format}", "leave out one of the two")
    load = partial(open_nets, parameters=dict(parameters), format=format, expand=expand, depth=depth)
    work = partial(_check_all, grammars, load, output_format or ("json" if as_json else "full"))
    return _watch(grammars, output_format, work) if watch else work()


def _watch(grammars: tuple[str, ...], output_format: str | None, work: "partial[int]") -> int:
    from lstmc.cli.watch import watch

    if output_format == SARIF:
        raise UsageError("--watch prints again and again, and SARIF is one document", "choose another --output-format")
    files = _files(grammars)
    if not files:
        raise UsageError(f"--watch has no file to watch: plugins make {', '.join(grammars)}", "name a grammar file")
    return watch(files, work)


def _files(grammars: tuple[str, ...]) -> list[Path]:
    """The files behind what was named; a plugin's grammar has none."""
    from lstmc.extensions import extensions
    from lstmc.shipped import shipped

    plugins = {extension.name for extension in extensions("lstmc.grammars")}
    return [shipped().get(source, Path(source)) for source in grammars if source in shipped() or source not in plugins]


def _check_all(grammars: tuple[str, ...], load: Load, output_format: str) -> int:
    """Check each and print what was found; the exit code of the first that is not fine."""
    run = []
    with progress("checking", len(grammars)) as bar:
        for source in grammars:
            checked = _check(source, load)
            bar.advance(1)
            if checked.failure:
                tell_error(checked.failure)
            if output_format in FORMATS:
                FORMATS[output_format](checked)
            run.append(checked)
    code = next((checked.code for checked in run if checked.code), 0)
    if output_format == SARIF:
        from lstmc.cli.sarif import sarif

        json_line(sarif(run, code))
    return code


def _check(source: str, load: Load) -> Checked:
    from lstmc.grammar import GrammarError
    from lstmc.pipeline import grammar_digest

    try:
        grammar = load(source)
    except GrammarError as error:
        return Checked(source, error.diagnostics, error.exit_code)
    except LstmcError as error:
        return Checked(source, (), error.exit_code, error)
    try:
        _refuse_two_outputs(grammar)
    except LstmcError as error:
        return Checked(source, grammar.warnings, error.exit_code, error)
    return Checked(source, grammar.warnings, 0, digest=grammar_digest(grammar))


def _refuse_two_outputs(grammar: "Grammar | Nets") -> None:
    """Raises FindingsError where one string of a nondeterministic transducer has two outputs."""
    if getattr(grammar, "outputs", ()):  # nets are looked at once they are expanded
        from lstmc.pipeline import to_program

        to_program(grammar)
