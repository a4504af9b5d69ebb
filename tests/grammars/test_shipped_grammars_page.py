"""docs/shipped-grammars.md names every grammar, and what it says of them is so."""

import re
from pathlib import Path

import pytest
from grammar_oracle import minimal_size

from lstmc.grammar.catalogue import load_grammar, names

PAGE = (Path(__file__).parents[2] / "docs" / "shipped-grammars.md").read_text("utf-8")
FILES = {row[0]: row[1:] for row in re.findall(r"^\| `([^`]+)` \| (.+) \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)}
PLUGINS = dict(re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL))
OURS = [entry for entry in names() if entry.source in ("file", "lstmc")]


def test_none_is_missing_and_none_is_made_up():
    assert set(FILES) == {entry.name for entry in OURS if entry.source == "file"}
    assert set(PLUGINS) == {entry.name for entry in OURS if entry.source == "lstmc"}


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.name)
def test_each_works_and_says_what_it_is(entry):
    assert entry.problem == ""
    assert 20 < len(entry.description) < 120


@pytest.mark.parametrize("entry", [entry for entry in OURS if entry.source == "lstmc"], ids=lambda entry: entry.name)
def test_parameters_are_told_with_default_and_range(entry):
    text, told = PLUGINS[entry.name], re.findall(r"^\* `(\w+)`", PLUGINS[entry.name], re.MULTILINE)
    assert told == [parameter.name for parameter in entry.parameters]
    for parameter in entry.parameters:
        default = " ".join(parameter.default) if parameter.type is tuple else str(parameter.default)
        default = default.lower() if parameter.type is bool else default
        assert f"* `{parameter.name}` ({default}): {parameter.expects}." in text
    assert re.search(r"^Sources?: ", text, re.MULTILINE)


NONDETERMINISTIC = ("reber-unknown-start", "third-from-end")  # those: test_shipped_files


@pytest.mark.parametrize("name", [name for name in FILES if name not in NONDETERMINISTIC])
def test_sizes_are_those_of_the_page(name):
    assert minimal_size(load_grammar(name).graph) == int(FILES[name][1])
