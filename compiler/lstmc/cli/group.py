"""`lstmc` itself: finds the commands, and ends every one of them in the same way."""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from lstmc.cli import commands
from lstmc.cli.ending import hear_interrupts, quiet, tell_and_code
from lstmc.cli.output import flush, say_text
from lstmc.did_you_mean import did_you_mean
from lstmc.extensions import only_ours
from lstmc.version import VERSION

WELCOME = """\
lstmc compiles a grammar into the weights of an LSTM, without training. Three commands to try:

  lstmc compile reber           make build/reber.safetensors
  lstmc run reber BTXSE BTX     is a string accepted? what may come next?
  lstmc explain reber           every memory cell in words

`lstmc --help` lists all commands."""


class Commands(click.Group):
    """The modules of lstmc.cli.commands, each imported when it is needed."""

    def list_commands(self, context: click.Context) -> list[str]:
        folder = Path(commands.__path__[0])
        return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        found: click.Command = import_module(f"{commands.__name__}.{name}").command
        found.name = name
        return found

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = arguments[0]
        if name.startswith("-") or self.get_command(context, name):
            return super().resolve_command(context, arguments)
        hint = did_you_mean(name, self.list_commands(context))
        raise click.UsageError(f"there is no command '{name}'" + (f": {hint}" if hint else ""), context)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> NoReturn:
        """As click's own, but every error is told in our way and ends with its code."""
        hear_interrupts()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # a terminal that lacks σ or → is no reason to stop
        try:
            with warnings.catch_warnings():
                if not sys.warnoptions:  # what Python warns of is for developers, who ask for it by -W
                    warnings.simplefilter("ignore")
                code = super().main(args, *rest, **{**named, "standalone_mode": False}) or 0
        except BaseException as error:
            code = tell_and_code(error)
        quiet(sys.stdout)
        sys.exit(code)

    def invoke(self, context: click.Context) -> Any:
        try:
            result = super().invoke(context)
            flush()
        except BrokenPipeError as error:  # click would call it a failure of ours
            raise SystemExit(tell_and_code(error)) from None
        return result


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(VERSION, message="lstmc %(version)s")
@click.option("--no-plugins", is_flag=True, help="Do without what other packages bring.")
@click.pass_context
def lstmc(context: click.Context, no_plugins: bool) -> None:
    """Compile symbolic grammars into the weights of LSTMs, without training.

    GRAMMAR is a file, or the name of a grammar that `lstmc list` shows. Where WEIGHTS are asked for, a grammar does
    too: it is compiled in memory.

    \b
    Example:
      lstmc run reber BTXSE
    """
    if no_plugins:
        context.with_resource(only_ours())
    if context.invoked_subcommand is None:
        say_text(WELCOME)
