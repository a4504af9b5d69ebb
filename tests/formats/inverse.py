"""Writing is the inverse of reading: what is tried in every format."""

import os
from pathlib import Path
from typing import Any

import networkx as nx
from checking import check_file
from hypothesis import strategies as st

from lstmc.grammar import END, Grammar
from lstmc.grammar.convert import convert
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc.grammar.write import grammar_to_yaml
from lstmc.names import is_name
from lstmc.testing.samples import NASTY

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests/formats/files"

LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, min_size=1, max_size=8),
    st.text("-:#,'\"\\ \n\t\r[]{}&;*!|<>%@`?=~.019aexsn_+E", min_size=1, max_size=6),
).filter(lambda word: word != END)
NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,20}", fullmatch=True).filter(is_name)


@st.composite
def nasty(draw: st.DrawFn, outputs: str = "nodes", most_starts: int = 3) -> Grammar:
    """A ring of states with nasty names, symbols and outputs, in an order of its own, with an alphabet of its own."""
    states = draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    graph = nx.MultiDiGraph()
    for state in states:
        graph.add_node(state, **draw(_attributes(outputs == "nodes")))
    for state in states[: draw(st.integers(1, most_starts))]:
        graph.nodes[state]["start"] = True
    graph.nodes[states[-1]]["accept"] = True
    for source, target in zip(states, states[1:] + states[:1], strict=True):
        output = {"output": draw(WORDS)} if outputs == "edges" and draw(st.booleans()) else {}
        graph.add_edge(source, target, symbol=draw(WORDS), **output)
    used = {symbol for *_, symbol in graph.edges(data="symbol")}
    if draw(st.booleans()):
        graph.graph["alphabet"] = draw(st.permutations(sorted(used | draw(st.sets(WORDS, max_size=3)))))
    return Grammar.from_graph(graph, draw(NAMES))


def _attributes(with_outputs: bool) -> st.SearchStrategy[dict[str, Any]]:
    number = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60)
    known: dict[str, st.SearchStrategy[Any]] = {"pos": st.tuples(number, number), "accept": st.booleans()}
    return st.fixed_dictionaries({}, optional=known | ({"output": WORDS} if with_outputs else {}))


def assert_inverse(grammar: Grammar, format: str) -> None:
    """The grammar reads back as it is, its states and rules in their order; and is written a second time alike."""
    text = convert(grammar, format)
    again = parse_grammar(text, format=format)
    assert again == grammar
    assert list(again.graph.nodes(data=True)) == list(grammar.graph.nodes(data=True))
    assert list(again.graph.edges(data=True)) == list(grammar.graph.edges(data=True))
    assert convert(again, format) == text


def assert_reads_as_beside(path: Path) -> None:
    """The file reads without a problem but notes, as the YAML file beside it, and comes back when it is written.

    LSTMC_GOLDEN=write makes the YAML anew, for a person to read the difference.
    """
    assert [str(each) for each in check_file(path) if each.code != "G073"] == []
    grammar = read_grammar(path)
    beside = path.with_suffix(".yaml")
    if os.environ.get("LSTMC_GOLDEN") == "write":
        beside.write_text(grammar_to_yaml(grammar), "utf-8")
    assert grammar_to_yaml(grammar) == beside.read_text("utf-8")
    assert_inverse(grammar, path.suffix[1:])
