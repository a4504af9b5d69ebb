"""Every file in tests/errors is wrong, or odd, in its own way; beside it stands what is said about it, to the letter.

LSTMC_GOLDEN=write pytest -m slow tests/grammar/test_errors.py        writes the texts anew: read the difference
"""

import os
import re
from pathlib import Path

import pytest
from checking import check_file

from lstmc.errors import LstmcError
from lstmc.grammar.codes import KINDS

ROOT = Path(__file__).parents[2]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/errors").iterdir() if path.suffix != ".txt")


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_the_text_of_every_problem(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    golden = Path(file).with_suffix(".txt")
    text = said(file)
    if os.environ.get("LSTMC_GOLDEN") == "write":
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_every_file_of_errors_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert len(FILES) >= 30
    assert [file for file in FILES if not said(file).strip()] == []


def test_eight_mistakes_are_reported_in_the_order_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = check_file("tests/errors/eight-mistakes.yaml")
    assert len({each.code for each in found}) >= 8
    assert [(each.line, each.column) for each in found] == sorted((each.line, each.column) for each in found)


def test_every_kind_of_problem_is_shown_by_some_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = {each.code for file in FILES if "utf" not in file for each in check_file(file)}
    assert shown == set(KINDS)


def test_every_problem_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = [each for file in FILES if "utf" not in file for each in check_file(file)]
    assert [str(each) for each in found if not each.help] == []


def test_no_format_is_given_the_advice_of_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    files = [file for file in FILES if not file.endswith(".yaml") and "utf" not in file]
    words = re.compile(r"`\w+: |`\w+:`|\{id: |\{source: ")
    assert [str(each) for file in files for each in check_file(file) if words.search(each.help)] == []


def said(file: str) -> str:
    try:
        return "\n\n".join(map(str, check_file(file))) + "\n"
    except LstmcError as error:
        return f"{error}\n"
