"""docs/drawing.md: its commands and its Python work, and its pictures are what these commands make."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pages import ROOT, blocks, run_examples

sys.path.insert(0, str(ROOT / "benchmarks"))

import drawings

PAGE = drawings.PAGE.read_text("utf-8")

pytest.importorskip("matplotlib", reason="matplotlib is not installed")


def texts(file):
    return [element.text for element in ElementTree.parse(file).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.slow
def test_every_example_gives_what_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples(PAGE) == 4


@pytest.mark.slow
def test_the_python_of_the_page_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for block in blocks(PAGE, "python"):
        exec(block, {})
    assert sorted(path.name for path in Path().iterdir()) == ["graph.svg", "memory.pdf", "weights.svg"]


@pytest.mark.slow
def test_the_pictures_are_those_that_the_commands_make(tmp_path):
    """Their texts: the rest depends on the version of matplotlib."""
    for made in drawings.make(tmp_path):
        committed = drawings.PICTURES / made.name
        assert texts(committed) == texts(made), drawings.__doc__
        assert committed.stat().st_size < 150_000
