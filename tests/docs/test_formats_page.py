"""docs/formats.md: its commands and its Python run as they stand, and it names every format that comes with lstmc."""

import re
from pathlib import Path

import pytest
from pages import ROOT, blocks, run_examples, run_python

from lstmc.extensions import extensions

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples(PAGE) == 7
    assert run_python(PAGE, "formats.md") == 1


def test_it_names_every_format() -> None:
    named = {
        ending for row in re.findall(r"^\| (`.+?`) \|", PAGE, re.MULTILINE) for ending in re.findall(r"`(\w+)`", row)
    }
    ours = {each.name for each in extensions("lstmc.formats") if each.package == "lstmc"}
    objects = {"aalpy", "automata", "networkx"}  # of Python: no file ends like them
    assert ours - objects == named


def test_its_programs_are_there_and_take_these_options() -> None:
    """They take minutes; the tests try less of the same."""
    commands = [line.split() for block in blocks(PAGE, "sh") for line in block.splitlines()]
    assert len(commands) == 3
    for python, program, *options in commands:
        assert python == "python"
        source = (ROOT / program).read_text("utf-8")
        assert all(f'"{option}"' in source for option in options if option.startswith("--"))
        assert program in "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
