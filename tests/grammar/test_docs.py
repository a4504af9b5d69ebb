"""docs/grammars.md says what is so: its examples run, its tables are those of the code."""

import re
from pathlib import Path

import pytest
from checking import check_file

import lstmc
from lstmc.automaton.limits import AutomatonLimits
from lstmc.export.limits import ExportLimits
from lstmc.extensions import PluginLimits
from lstmc.files import FileLimits
from lstmc.grammar.compose import DEEPEST
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar, parse_nets
from lstmc.grammar.schema import schema
from lstmc.program.limits import NetworkLimits
from lstmc.sampling.limits import SampleLimits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/grammars.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table after a heading, without its head."""
    lines = PAGE.split(heading, 1)[1].split("\n|---", 1)[1].splitlines()[1:]
    table = lines[: next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_grammar_on_the_page_is_fine(text: str) -> None:
    assert parse_nets(text).warnings == ()


def test_the_page_has_grammars() -> None:
    assert len(blocks("yaml")) >= 7
    assert len(parse_grammar(blocks("yaml")[1]).alphabet) == 8


def test_the_python_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (lists,) = (text for text in blocks("yaml") if text.startswith("name: lists"))
    (tmp_path / "lists.yaml").write_text(lists)
    names = {"lstmc": lstmc}
    for code in blocks("python"):
        exec(compile(code, "docs/grammars.md", "exec"), names)
    assert (tmp_path / "loop.yaml").is_file()


def test_the_problem_on_the_page_is_what_is_printed() -> None:
    (text,) = blocks("text")
    (found,) = check_file(ROOT / "tests/errors/unknown-state.yaml")
    assert str(found).replace(found.file, "grammars/mine.yaml") == text.strip()


def test_the_table_of_limits() -> None:
    limits = Limits()
    stated = {row[2]: row[1] for row in rows("## Limits")}
    assert stated == {
        "`LSTMC_MAX_GRAMMAR_BYTES`": f"{limits.bytes:,}",
        "`LSTMC_MAX_GRAMMAR_STATES`": f"{limits.states:,}",
        "`LSTMC_MAX_GRAMMAR_EDGES`": f"{limits.edges:,}",
        "`LSTMC_MAX_GRAMMAR_BELIEFS`": f"{limits.beliefs:,}",
        "`LSTMC_MAX_GRAMMAR_VALUES`": f"{limits.values:,}",
        "`LSTMC_MAX_GRAMMAR_PROBLEMS`": f"{limits.problems:,}",
        "`LSTMC_MAX_GRAMMAR_SECONDS`": f"{limits.seconds:,}",
        "`LSTMC_MAX_PLUGIN_SECONDS`": f"{PluginLimits().seconds:,}",
        "`LSTMC_MAX_FILE_BYTES`": f"{FileLimits().bytes:,}",
        "`LSTMC_MAX_AUTOMATON_ROWS`": f"{AutomatonLimits().rows:,}",
        "`LSTMC_MAX_AUTOMATON_PAIRS`": f"{AutomatonLimits().pairs:,}",
        "`LSTMC_MAX_NETWORK_WEIGHTS`": f"{NetworkLimits().weights:,}",
        "`LSTMC_MAX_EXPORT_BYTES`": f"{ExportLimits().bytes:,}",
        "`LSTMC_MAX_EXPORT_WEIGHTS`": f"{ExportLimits().weights:,}",
        "`LSTMC_MAX_SAMPLE_LENGTH`": f"{SampleLimits().length:,}",
        "`LSTMC_MAX_SAMPLE_SYMBOLS`": f"{SampleLimits().symbols:,}",
        "`LSTMC_MAX_SAMPLE_NUMBERS`": f"{SampleLimits().numbers:,}",
        "": str(DEEPEST),
    }


@pytest.mark.parametrize(
    ("heading", "part"), [("At the top:", "written"), ("Of a node:", "node"), ("Of an edge:", "edge")]
)
def test_the_tables_of_keys(heading: str, part: str) -> None:
    stated = {key for row in rows(heading) for key in re.findall(r"`(\w+)`", row[0])}
    assert stated == set(schema()["definitions"][part]["properties"])
