"""The example of docs/plugins.md, taken from the page, installed and used."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from lstmc.grammar.catalogue import load_grammar, make, names

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text("utf-8")


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """What an installer makes of the page's two files."""
    project = tomllib.loads(block("toml"))["project"]
    info = tmp_path / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", "utf-8"
    )
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {target}" for name, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    (tmp_path / "lstmc_repeat.py").write_text(block("python"), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("lstmc_repeat", None)


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
