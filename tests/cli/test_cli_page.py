"""docs/cli.md: every example in it gives what the page says, and the page names all that there is."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lstmc.cli import ending
from lstmc.cli.group import lstmc

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{7,}(e-?[0-9]+)?")


def steps():
    """Each command of the page with the text that follows it."""
    for block in BLOCKS:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def same_everywhere(text):
    """The text with the digits left out that depend on the machine: seconds, and the last ones of long numbers."""
    text = LONG_NUMBER.sub(lambda number: f"{float(number[0]):.5f}", text)
    return re.sub(r'"seconds": [0-9.]+', '"seconds": 0', text)


def matches(expected, found):
    """The same text, where a line `...` stands for any lines, and `…` for any text."""
    pattern = ".*?".join(re.escape(piece) for piece in re.split(r"^\.\.\.\n|…", expected, flags=re.MULTILINE))
    return re.fullmatch(pattern, found, re.DOTALL)


def test_every_example_gives_what_the_page_says(folder):
    """In the order of the page, in one folder; `cat` shows a file, which is made here."""
    tried = 0
    for command, expected in steps():
        if command.startswith("cat "):
            Path(command.removeprefix("cat ")).write_text(expected, "utf-8")
            continue
        words, input, code = shlex.split(command), None, None
        if "|" in words:
            printer, words = words[: words.index("|")], words[words.index("|") + 1 :]
            assert printer[0] == "printf"
            input = printer[1].replace("\\n", "\n")
        if words[-3:-1] == [";", "echo"]:
            words, (*shown, code) = words[:-3], expected.splitlines()
            expected = "".join(f"{line}\n" for line in shown)
        assert words[0] == "lstmc"
        result = CliRunner().invoke(lstmc, words[1:], input=input)
        assert matches(same_everywhere(expected), same_everywhere(result.output)), f"$ {command}\n{result.output}"
        assert code is None or result.exit_code == int(code)
        tried += 1
    assert tried >= 15


def test_every_command_has_a_section_with_an_example():
    shown = {shlex.split(command.rpartition("| ")[2])[1] for command, _ in steps() if "lstmc" in command}
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
