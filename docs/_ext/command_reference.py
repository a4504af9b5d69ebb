"""The directive `command-reference`: every command of `lstmc` with all its arguments and options, as `--help` says."""

import inspect
import re
from collections.abc import Iterator
from typing import ClassVar

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lstmc.cli.group import lstmc

AS_IT_STANDS = "\b\n"  # click's mark at a paragraph that is not to be wrapped


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("command-reference", CommandReference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CommandReference(SphinxDirective):
    """Takes nothing, and gives a section for `lstmc` and for each of its commands."""

    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # the commands may change while the page does not
        return self.parse_text_to_nodes(markdown(), allow_section_headings=True)


def markdown() -> str:
    """The whole reference."""
    top = click.Context(lstmc, info_name="lstmc", **lstmc.context_settings)
    contexts = [top]
    for name in lstmc.list_commands(top):
        command = lstmc.get_command(top, name)
        assert command is not None
        contexts.append(click.Context(command, info_name=name, parent=top))
    return "\n\n".join("\n\n".join(section(context)) for context in contexts)


def section(context: click.Context) -> Iterator[str]:
    """What is told of one command."""
    command = context.command
    yield f"## {context.command_path}"
    summary, *told = re.split(r"\n\n+", inspect.cleandoc(command.help or ""))
    yield summary
    yield fenced(" ".join([context.command_path, *command.collect_usage_pieces(context)]))
    yield from map(paragraph, told)
    records = [each.get_help_record(context) for each in command.get_params(context) if isinstance(each, click.Option)]
    rows = [f"| {code(record[0])} | {cell(record[1])} |" for record in records if record]
    yield "\n".join(["| option | |", "|---|---|", *rows])
    if context.parent:
        yield f"[Examples](../cli.md#{context.command_path.replace(' ', '-')})"


def paragraph(text: str) -> str:
    if not text.startswith(AS_IT_STANDS):
        return text
    title, examples = text.removeprefix(AS_IT_STANDS).split("\n", 1)
    return f"{title}\n\n{fenced(inspect.cleandoc(examples))}"


def fenced(text: str) -> str:
    return f"```text\n{text}\n```"


def code(text: str) -> str:
    return f"`{cell(text)}`"


def cell(text: str) -> str:
    """Text inside a table."""
    return text.replace("|", r"\|")
