"""docs/first-grammar.md: done step by step as it says, it gives what it says."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT, blocks, run_examples

PAGE = (ROOT / "docs" / "first-grammar.md").read_text("utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
DESCRIPTION = re.compile("<desc>.*</desc>")
USES = ["import lstmc", "import torch", "import numpy"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a reader has come to the last step: every command has been typed, and printed what the page says."""
    folder = tmp_path_factory.mktemp("first")
    wrong, right = blocks(PAGE, "yaml")
    lines = wrong.splitlines(keepends=True)
    before, after = PAGE.split(f"```yaml\n{right}```")
    with contextlib.chdir(folder):
        Path("coffee.yaml").write_text(wrong, "utf-8")
        assert run_examples(before) == 1
        lines[6 - 1] = right  # "Correct line 6"
        Path("coffee.yaml").write_text("".join(lines), "utf-8")
        assert run_examples(after) == 6
        yield folder


def test_the_commands_print_what_the_page_says(folder: Path) -> None:
    assert sorted(path.name for path in (folder / "build").iterdir()) == ["coffee.proof.json", "coffee.safetensors"]


def test_the_picture_is_what_the_command_makes(folder: Path) -> None:
    """In words: where states stand depends on the layout library. `cp coffee.svg` renews it."""
    shown = (ROOT / "docs" / "pictures" / "graph-coffee.svg").read_text("utf-8")
    assert DESCRIPTION.search(shown)[0] == DESCRIPTION.search((folder / "coffee.svg").read_text("utf-8"))[0]


def test_every_program_has_its_output() -> None:
    assert [program for program, _ in PROGRAMS] == blocks(PAGE, "python")
    assert [program[: len(use)] for (program, _), use in zip(PROGRAMS, USES, strict=True)] == USES


@pytest.mark.parametrize(("program", "printed"), PROGRAMS, ids=USES)
def test_the_programs_print_what_the_page_says(program: str, printed: str, folder: Path) -> None:
    if "torch" in program:
        pytest.importorskip("torch", reason="PyTorch is not installed; pip install torch, and this is tested too")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "first-grammar.md", "exec"), {})
    assert output.getvalue() == printed
