"""Run the examples of a page. In a console block what stands behind `$ ` must print what follows it there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from lstmc.cli.group import lstmc

ROOT = Path(__file__).parents[1]
LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{7,}(e-?[0-9]+)?")


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a language on a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Each command of the page with the text that follows it."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def run_python(page: str, file: str, without: str = "") -> int:
    """Run the Python of a page from top to bottom, as one program, in the current folder; how many blocks there were.

    `without`: a block to leave out, such as a snippet that another test runs in a process of its own.
    """
    names: dict[str, object] = {}
    found = [block for block in blocks(page, "python") if block != without]
    for block in found:
        exec(compile(block, file, "exec"), names)
    return len(found)


def run_examples(page: str) -> int:
    """Run every command in the order of the page, in the current folder, and compare; how many there were.

    `cat` shows a file, which is made here; `printf … |` gives standard input; `; echo $?` shows the exit code.
    """
    tried = 0
    for command, expected in steps(page):
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
        assert _matches(_same_everywhere(expected), _same_everywhere(result.output)), f"$ {command}\n{result.output}"
        assert code is None or result.exit_code == int(code)
        tried += 1
    return tried


def _same_everywhere(text: str) -> str:
    """The text without what depends on the machine (seconds, the last digits of long numbers) or on who looks.

    A person sees columns, a pipe tabs: both become single blanks.
    """
    text = LONG_NUMBER.sub(lambda number: f"{float(number[0]):.5f}", text)
    text = re.sub(r'"seconds": [0-9.]+', '"seconds": 0', text)
    return "".join(f"{' '.join(line.split())}\n" for line in text.splitlines())


def _matches(expected: str, found: str) -> bool:
    """The same text, where a line `...` stands for any lines, and `…` for any text."""
    pattern = ".*?".join(re.escape(piece) for piece in re.split(r"^\.\.\.\n|…", expected, flags=re.MULTILINE))
    return re.fullmatch(pattern, found, re.DOTALL) is not None
