"""The gallery: for every grammar that comes with lstmc its graph, the cells at each level, and what is proved of them.

    python benchmarks/gallery.py            compares docs/gallery.md, its pages and its pictures with what is made
    python benchmarks/gallery.py --write    writes them anew

A shipped file has a page besides, on which one sees its network think; a plugin stands there with its own parameters.
The lists in the gallery stand between markers; everything around them is left alone.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from markers import with_text
from proof_table import short

import lstmc
from lstmc.errors import FindingsError, LimitError
from lstmc.grammar.catalogue import Entry, names
from lstmc.picture.layout import layout
from lstmc.picture.page import illustrate
from lstmc.picture.svg import to_svg

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PAGES, PICTURES = DOCS / "gallery.md", DOCS / "illustrations", DOCS / "pictures"
SOURCES = {"file": "gallery", "lstmc": "plugins"}  # of a grammar -> the list in which it stands
LEVELS = (0, 1, 2)
HEAD = ("level", "cells", "parameters", "gain", "proof")
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
    for entry in entries():
        yield PICTURES / f"graph-{entry.name}.svg", graph(entry.name)
        if entry.source == "file":
            yield PAGES / f"{entry.name}.html", page(entry.name)


def entries() -> list[Entry]:
    """The grammars that come with lstmc; not those of other plugins that happen to be installed here."""
    return [entry for entry in names() if entry.source in SOURCES]


def page(name: str) -> str:
    """What `lstmc illustrate NAME` writes."""
    grammar = lstmc.load_grammar(name)
    network, certificate = lstmc.compile_proved(grammar)
    return illustrate(network, grammar, certificate)


def graph(name: str) -> str:
    """What `lstmc draw NAME` writes, no wider than the page."""
    return to_svg(layout(lstmc.load_grammar(name)), name, WIDEST)


def gallery() -> str:
    """docs/gallery.md, its lists made anew."""
    text = PAGE.read_text(encoding="utf-8")
    for source, marker in SOURCES.items():
        sections = "\n".join(section(entry) for entry in entries() if entry.source == source)
        text = with_text(text, marker, sections)
    return text


def section(entry: Entry) -> str:
    """What the gallery says of one grammar."""
    name, grammar = entry.name, lstmc.load_grammar(entry.name)
    picture = f"![The graph of {name}](pictures/graph-{name}.svg)"
    table = [
        ("level", "cells", "parameters", "gain", "proof"),
        ("---",) * 5,
        *(row(grammar, level) for level in LEVELS),
    ]
    paragraphs = [
        f"### {name}",
        f"{entry.description} {sizes(grammar)}.",
        f"[{picture}](illustrations/{name}.html)" if entry.source == "file" else picture,
        "\n".join(f"| {' | '.join(line)} |" for line in table),
        opening(entry),
    ]
    return "\n\n".join(paragraphs) + "\n"


def sizes(grammar: lstmc.Grammar) -> str:
    numbers = {"state": grammar.graph.number_of_nodes(), "rule": grammar.graph.number_of_edges()}
    return ", ".join(f"{number} {what}{'s' if number > 1 else ''}" for what, number in numbers.items())


def row(grammar: lstmc.Grammar, level: int) -> tuple[str, ...]:
    """What a level makes of a grammar, or why it refuses."""
    try:
        network, certificate = lstmc.compile_proved(grammar, level)
    except (FindingsError, LimitError) as error:
        return f"`-O {level}`", "–", "–", "–", f"refused: {error.message.replace('|', '/')}"
    numbers = (str(network.size), f"{network.parameters:,}", str(network.header.options["gain"]))
    return f"`-O {level}`", *numbers, proved(certificate)


def proved(certificate: lstmc.Certificate) -> str:
    """`every length`, and the contracts under which it is not that."""
    kinds = {contract: short(verdict) for contract, verdict in certificate.verdicts.items()}
    if set(kinds.values()) == {"every"}:
        return "every length"
    others = (f"{said} under {contract}" for contract, said in kinds.items() if said != "every")
    return "every length; " + ", ".join(others).replace("–", "refused")


def opening(entry: Entry) -> str:
    """How to see more of it."""
    if entry.source == "file":
        return f"[Open its page](illustrations/{entry.name}.html), or make it: `lstmc illustrate {entry.name}`"
    given = " ".join(f"--set {quote(f'{each.name}={typed(each.default)}')}" for each in entry.parameters)
    return f"The same as `lstmc compile {entry.name} {given}`. [Its parameters](shipped-grammars.md#{entry.name})"


def typed(value: object) -> str:
    """The text that stands for a parameter."""
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.exit(main())
