"""The gallery is what is made today, and shows every grammar that comes with lstmc."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import gallery

import lstmc
from lstmc.shipped import shipped

LARGEST = 300_000  # bytes of a page
DRAWING = re.compile(r'(?<="drawing":).*?(?=,"words":)', re.DOTALL)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_pages_and_graphs_are_what_is_made_today(name):
    """Byte for byte where states have places of their own; where others stand depends on the layout library."""
    grammar = lstmc.load_grammar(name)
    page = (gallery.PAGES / f"{name}.html").read_text(encoding="utf-8")
    drawn = (gallery.PICTURES / f"graph-{name}.svg").read_text(encoding="utf-8")
    assert len(page.encode()) < LARGEST
    assert DRAWING.search(page)
    assert all(f">{state}<" in drawn for state in grammar.graph)
    if all("pos" in data for _, data in grammar.graph.nodes(data=True)):
        assert page == gallery.page(name), gallery.__doc__
        assert drawn == gallery.graph(name), gallery.__doc__
    else:
        assert DRAWING.sub("", page) == DRAWING.sub("", gallery.page(name)), gallery.__doc__


def test_the_classic_graph_has_its_own_places():
    """So that its page is the same with every version of the layout library."""
    nodes = lstmc.load_grammar("reber").graph.nodes(data=True)
    assert all("pos" in data for _, data in nodes)


def test_the_gallery_names_every_grammar_and_nothing_is_missing_or_left_over():
    text = gallery.PAGE.read_text(encoding="utf-8")
    assert text == gallery.gallery(), gallery.__doc__
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((gallery.DOCS / link).exists() for link in links)
    assert {f"illustrations/{name}.html" for name in shipped()} <= set(links)
    assert {path.stem for path in gallery.PAGES.iterdir()} == set(shipped())
