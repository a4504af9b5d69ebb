"""The gallery: a page on which one sees it think, and a picture of its graph, for every shipped grammar.

    python benchmarks/gallery.py            compares docs/gallery.md, its pages and its pictures with what is made
    python benchmarks/gallery.py --write    writes them anew

The list in the gallery stands between two markers; everything around it is left alone.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import lstmc
from lstmc.grammar.catalogue import names
from lstmc.picture.layout import layout
from lstmc.picture.page import illustrate
from lstmc.picture.svg import to_svg
from lstmc.shipped import shipped

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PAGES, PICTURES = DOCS / "gallery.md", DOCS / "illustrations", DOCS / "pictures"
BEGIN, END = "<!-- gallery: begin -->\n", "<!-- gallery: end -->\n"
WIDEST = 900  # pixels of a picture on the page


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write everything anew")
    options = parser.parse_args()
    if options.write:
        for path, text in made():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in made() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path} is not what is made: run {sys.argv[0]} --write, and look at the difference", file=sys.stderr)
    return 1 if stale else 0


def made() -> Iterator[tuple[Path, str]]:
    """Every file of the gallery."""
    yield PAGE, gallery()
    for name in sorted(shipped()):
        yield PICTURES / f"graph-{name}.svg", graph(name)
        yield PAGES / f"{name}.html", page(name)


def page(name: str) -> str:
    """What `lstmc illustrate NAME` writes."""
    grammar = lstmc.load_grammar(name)
    network, certificate = lstmc.compile_proved(grammar)
    return illustrate(network, grammar, certificate)


def graph(name: str) -> str:
    """What `lstmc draw NAME` writes, no wider than the page."""
    return to_svg(layout(lstmc.load_grammar(name)), name, WIDEST)


def gallery() -> str:
    """docs/gallery.md, its list made anew."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    descriptions = {entry.name: entry.description for entry in names() if entry.source == "file"}
    sections = "\n".join(section(name, descriptions[name]) for name in sorted(shipped()))
    return before + BEGIN + sections + END + rest.split(END)[1]


def section(name: str, description: str) -> str:
    grammar = lstmc.load_grammar(name)
    size = lstmc.compile(grammar).size
    states, rules = grammar.graph.number_of_nodes(), grammar.graph.number_of_edges()
    return f"""\
## {name}

{description} {states} states, {rules} rules, {size} memory cells.

[![The graph of {name}](pictures/graph-{name}.svg)](illustrations/{name}.html)

[Open its page](illustrations/{name}.html), or make it: `lstmc illustrate {name} -o {name}.html`
"""


if __name__ == "__main__":
    sys.exit(main())
