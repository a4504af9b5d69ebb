"""The gallery is what is made today: graph, cells at each level and proof of every grammar that comes with lstmc."""

import re
import shlex
import sys
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import gallery

import lstmc
from lstmc.cli.group import lstmc as commands
from lstmc.shipped import shipped

LARGEST = 300_000  # bytes of a page


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_pages_and_graphs_are_what_is_made_today(name):
    page = (gallery.PAGES / f"{name}.html").read_text(encoding="utf-8")
    drawn = (gallery.PICTURES / f"graph-{name}.svg").read_text(encoding="utf-8")
    assert len(page.encode()) < LARGEST
    assert all(f">{state}<" in drawn for state in lstmc.load_grammar(name).graph)
    assert page == gallery.page(name), gallery.__doc__
    assert drawn == gallery.graph(name), gallery.__doc__


@pytest.mark.parametrize("name", [entry.name for entry in gallery.entries() if entry.source == "lstmc"])
def test_plugins_have_their_graph(name):
    drawn = (gallery.PICTURES / f"graph-{name}.svg").read_text(encoding="utf-8")
    assert drawn == gallery.graph(name), gallery.__doc__


@pytest.mark.parametrize("entry", [each for each in gallery.entries() if each.parameters], ids=lambda each: each.name)
def test_the_parameters_that_are_shown_are_those_of_the_bare_name(entry, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = f"The same as `{gallery.opening(entry).split('`')[1]}`."  # code holds no backtick
    assert shown in gallery.PAGE.read_text(encoding="utf-8")
    made = []
    for command in (shlex.split(shown.split("`")[1]), ["lstmc", "compile", entry.name]):
        assert CliRunner().invoke(commands, [*command[1:], "--no-prove"]).exit_code == 0
        made.append((tmp_path / "build" / f"{entry.name}.safetensors").read_bytes())
    assert made[0] == made[1]


@pytest.mark.slow
def test_the_gallery_names_every_grammar_and_nothing_is_missing_or_left_over():
    text = gallery.PAGE.read_text(encoding="utf-8")
    assert text == gallery.gallery(), gallery.__doc__
    links = re.findall(r"\]\(([^)#]+)", text)
    assert all((gallery.DOCS / link).exists() for link in links)
    assert {f"illustrations/{name}.html" for name in shipped()} <= set(links)
    assert {f"pictures/graph-{entry.name}.svg" for entry in gallery.entries()} <= set(links)
    assert {path.stem for path in gallery.PAGES.iterdir()} == set(shipped())


def test_what_a_level_refuses_is_said():
    """No grammar of ours is refused, so here is one that says two things about one string."""
    graph = nx.MultiDiGraph(name="two")
    graph.add_node(0, start=True, accept=True)
    graph.add_node(1, accept=True)
    graph.add_edge(0, 0, symbol="a", output="x")
    graph.add_edge(0, 1, symbol="a", output="y")
    level, *numbers, proof = gallery.row(lstmc.Grammar.from_graph(graph), 2)
    assert (level, numbers) == ("`-O 2`", ["–", "–", "–"])
    assert proof.startswith("refused: ")
    assert "output" in proof
