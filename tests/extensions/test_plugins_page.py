"""The examples of docs/plugins.md, taken from the page, installed and used."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from installing import install

import lstmc
from lstmc.errors import UsageError
from lstmc.grammar.catalogue import load_grammar, make, names
from lstmc.network.equations import Equations
from lstmc.network.toy import EQUATIONS as TOY
from lstmc.testing import assert_conforms

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")


def block(language, number=0):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    project = tomllib.loads(block("toml"))["project"]
    install(tmp_path, project["name"], project["version"], project["entry-points"], "lstmc_repeat", block("python"))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("lstmc_repeat", None)


@pytest.fixture
def exporting(tmp_path, monkeypatch):
    points = tomllib.loads(block("toml", 2))["project"]["entry-points"]
    install(tmp_path, "lstmc-npz", "1.0", points, "lstmc_npz", block("python", 3))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("lstmc_npz", None)


def test_the_example_is_listed_with_its_description_and_parameters(installed):
    (entry,) = [entry for entry in names() if entry.name == "repeat"]
    assert (entry.description, entry.source, entry.problem) == (
        "One symbol, a fixed number of times.",
        "lstmc-repeat",
        "",
    )
    assert [(parameter.name, parameter.expects, parameter.default) for parameter in entry.parameters] == [
        ("times", "a whole number from 1 to 1000", 3),
        ("symbol", "a text", "a"),
    ]


def test_the_example_makes_its_grammar(installed):
    assert "lstmc compile repeat --set times=5\n" in PAGE
    grammar = make("repeat", {"times": "5"})
    assert (grammar.name, len(grammar.graph), grammar.alphabet, grammar.start) == ("repeat-times-5", 6, ("a",), ("0",))
    assert [state for state, data in grammar.graph.nodes(data=True) if data.get("accept")] == ["5"]


def test_the_example_works_in_a_grammar_file(installed):
    path = installed / "five.yaml"
    path.write_text(block("yaml"), "utf-8")
    grammar = load_grammar(path)
    assert (grammar.name, len(grammar.graph), grammar.alphabet) == ("five-b", 6, ("b",))


def test_the_exporter_of_the_page_conforms(exporting):
    network = lstmc.compile(lstmc.load_grammar("reber"))
    (result,) = lstmc.conform(network, ["npz"], length=1_000)
    assert (result.outcome, result.problem) == ("conforms", "")


def test_the_exporter_of_the_page_writes_what_its_snippet_reads(exporting, monkeypatch, capsys):
    monkeypatch.chdir(exporting)
    network = lstmc.compile(lstmc.load_grammar("reber"))
    exported = lstmc.export_network(network, "npz")
    first = exported.file.read_bytes()
    exec(exported.snippet, {})
    assert capsys.readouterr().out == "S X\n"
    assert lstmc.export_network(network, "npz").file.read_bytes() == first


def test_the_exporter_of_the_page_says_what_it_lacks(exporting):
    with pytest.raises(UsageError, match="cannot hold bfloat16: NumPy has no such type"):
        lstmc.export_network(lstmc.compile(lstmc.load_grammar("reber"), dtype="bfloat16"), "npz")
    with pytest.raises(UsageError, match="cannot hold the cell type 'toy'"):
        lstmc.export_network(lstmc.compile(lstmc.load_grammar("reber"), cell="toy"), "npz")


@pytest.mark.slow
def test_the_exporter_of_the_page_keeps_the_contract(exporting):
    assert_conforms("lstmc.exporters", "npz")


@pytest.fixture
def reading(tmp_path, monkeypatch):
    points = tomllib.loads(block("toml", 1))["project"]["entry-points"]
    install(tmp_path, "lstmc-triples", "1.0", points, "lstmc_triples", block("python", 2))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("lstmc_triples", None)


@pytest.mark.slow
def test_the_format_of_the_page_keeps_the_contract(reading):
    assert_conforms("lstmc.formats", "tri")


def test_the_format_of_the_page_reads_what_it_shows_and_tells_the_place_of_a_mistake(reading):
    shown = re.search(r"    !name turns.*?1 b 0\n", PAGE, re.DOTALL)[0]
    text = re.sub(r" {5,}in state.*", "", shown)
    (reading / "turns.tri").write_text(text, "utf-8")
    assert lstmc.compile(lstmc.load_grammar(reading / "turns.tri")).accepts("abab")
    (reading / "turns.tri").write_text(f"{text}0 a\n", "utf-8")
    with pytest.raises(lstmc.GrammarError) as caught:
        lstmc.load_grammar(reading / "turns.tri")
    assert [(each.line, each.column, each.code) for each in caught.value.diagnostics] == [(7, 1, "G070")]


@pytest.mark.slow
def test_the_one_line_of_the_page_is_the_kit(installed):
    names: dict[str, object] = {}
    exec(compile(block("python", 1), "docs/plugins.md", "exec"), names)
    names["test_the_plugin"]()


def test_the_equations_on_the_page_are_the_toys() -> None:
    shown = Equations(TOY.state, block("text", 0), TOY.threshold)
    assert shown.lines == TOY.lines
