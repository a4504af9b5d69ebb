"""docs/cli.md: every example in it gives what the page says, and the page names all that there is."""

import re
import shlex

import click
import pytest
from pages import ROOT, run_examples, steps

from lstmc.cli import ending
from lstmc.cli.group import lstmc

PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")


@pytest.mark.slow
def test_every_example_gives_what_the_page_says(folder):
    assert run_examples(PAGE) >= 15


def test_every_command_has_a_section_with_an_example():
    shown = {shlex.split(command.rpartition("| ")[2])[1] for command, _ in steps(PAGE) if "lstmc" in command}
    names = lstmc.list_commands(click.Context(lstmc))
    assert set(names) <= shown
    for name in names:
        assert f"\n## lstmc {name}\n" in PAGE


def test_every_option_is_on_the_page():
    context = click.Context(lstmc)
    for name in lstmc.list_commands(context):
        for parameter in lstmc.get_command(context, name).params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}" in PAGE or f"`{parameter.opts[-1]}" in PAGE, (name, parameter.opts)


@pytest.mark.parametrize(
    "code",
    [0, 1, ending.USAGE, ending.FILE_OR_INPUT, ending.LIMIT, 5, ending.BUG, ending.INTERRUPTED, ending.READER_GONE],
)
def test_every_exit_code_is_on_the_page(code):
    assert re.search(rf"^\| {code} \| \S", PAGE, re.MULTILINE)
