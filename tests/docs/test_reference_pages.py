"""Every key of a grammar file, and the diagnostics: the pages are what is made of schema and codes today."""

import re
import sys
from pathlib import Path

import pytest
from pages import ROOT, blocks, run_examples

from lstmc.grammar.read import parse_grammar
from lstmc.grammar.schema import schema

sys.path.insert(0, str(ROOT / "benchmarks"))

import reference_pages

KEYS = ROOT / "docs" / "reference" / "grammar-file.md"


@pytest.mark.parametrize("page", reference_pages.made(), ids=lambda page: page.name)
def test_the_page_is_what_is_made_today(page: Path) -> None:
    assert page.read_text("utf-8") == reference_pages.made()[page], reference_pages.__doc__


def test_every_key_has_a_kind_and_a_meaning() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", KEYS.read_text("utf-8"), re.MULTILINE)
    parts = [reference_pages.part_at(*path) for path in reference_pages.SECTIONS.values()]
    assert [key for key, _, _ in rows] == [key for part in parts for key in part["properties"]]
    required = [key for key, _, meaning in rows if meaning.startswith("**Required.**")]
    assert required == [key for part in parts for key in part["properties"] if key in part.get("required", ())]
    assert all(kind.strip() and meaning.endswith(".") for _, kind, meaning in rows)


def test_no_part_of_the_schema_is_left_out() -> None:
    told = {path[0] for path in reference_pages.SECTIONS.values()} | set(reference_pages.VALUES.values())
    in_tables = {"alphabet", "start", "parameter", "probabilities"}  # told where the key is
    assert told | in_tables == set(schema()["definitions"])


def test_its_grammars_are_fine() -> None:
    grammars = blocks(KEYS.read_text("utf-8"), "yaml")
    assert len(grammars) == 2
    assert all(parse_grammar(text).warnings == () for text in grammars)


def test_the_command_on_the_page_of_diagnostics() -> None:
    assert run_examples((ROOT / "docs" / "diagnostics.md").read_text("utf-8")) == 1
