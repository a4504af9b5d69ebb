"""What is written reads back as the same grammar, here and, text for text, in any other YAML tool."""

import re
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lstmc.errors import InputError
from lstmc.grammar import END, Grammar, GrammarError
from lstmc.grammar.convert import save_grammar
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc.grammar.write import grammar_to_yaml
from lstmc.names import is_name

ROOT = Path(__file__).parents[2]

# fmt: off
NASTY = [
    "no", "Yes", "y", "on", "~", "null", "true", "1e5", "1.0e+5", "010", "0x1F", "0o17", "1_000", "12:30:00", "-1",
    "2024-01-01", "2001-12-14t21:59:43.10-05:00", ".5", "5.", ".inf", "-.INF", ".nan", "=", "<<", "!", "!!str",
    "'", '"', "''", "\\", "\\n", "#", " #", "a #b", ":", ": ", "a: b", "a:", ",", "[", "]", "{", "}", "&a", "*a", "|",
    ">", "%", "@", "`", "-", "- a", "--- ", "...", "?", "? a", " a", "a ", "\n", "a\nb", "\r\n", "\t", "\u2028",
    "é", "e\u0301", "日本", "🙂", "👩\u200d👦", "\u202e", "\ufeff", "\xa0", "a" * 2000, "a b  c", "None", "END",
]
# fmt: on

# Characters that YAML can hold, escaped or not, but for those that no symbol may hold.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, min_size=1, max_size=8),
    st.text("-:#,'\"\\ \n\t[]{}&*!|>%@`?=~.0123456789abcdefINFnaoysx_+eE", min_size=1, max_size=6),
).filter(lambda word: word != END)

# What a tool for YAML 1.2 (core schema) takes for something else than text.
YAML_1_2 = re.compile(
    r"~|null|Null|NULL||true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


@st.composite
def nasty(draw: st.DrawFn) -> Grammar:
    """A ring of states with nasty names, nasty symbols, and nasty outputs."""
    states = draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    graph = nx.MultiDiGraph()
    for state in states:
        graph.add_node(state, **draw(attributes()))
    graph.nodes[states[0]]["start"] = True
    graph.nodes[states[-1]]["accept"] = True
    for source, target in zip(states, states[1:] + states[:1], strict=True):
        graph.add_edge(source, target, symbol=draw(WORDS))
    return Grammar.from_graph(
        graph, draw(st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,20}", fullmatch=True).filter(is_name))
    )


def attributes() -> st.SearchStrategy[dict[str, Any]]:
    number = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**60), 2**60)
    return st.fixed_dictionaries(
        {}, optional={"output": WORDS, "pos": st.tuples(number, number), "accept": st.booleans()}
    )


@pytest.mark.slow
@given(nasty())
def test_nasty_texts_read_back(grammar: Grammar) -> None:
    assert parse_grammar(grammar_to_yaml(grammar)) == grammar
    assert parse_grammar(yaml.safe_dump(nx.node_link_data(grammar.graph, edges="edges"), allow_unicode=True)) == grammar


@pytest.mark.slow
@given(nasty())
def test_other_tools_see_texts(grammar: Grammar) -> None:
    text = grammar_to_yaml(grammar)
    assert yaml.safe_load(text) == grammar.to_dict()
    keys = {"symbol", "source", "target", "id", "output", "name"}
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    plain = [value.value for key, value in pairs(document) if key in keys and value.style is None]
    plain += [
        item.value for key, value in pairs(document) if key == "alphabet" for item in value.value if not item.style
    ]
    assert [word for word in plain if YAML_1_2.fullmatch(word)] == []


def pairs(node: yaml.Node) -> list[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        return [pair for key, value in node.value for pair in [(key.value, value), *pairs(value)]]
    return [pair for item in node.value for pair in pairs(item)] if isinstance(node, yaml.SequenceNode) else []


def test_the_text_is_quoted_only_where_it_must_be() -> None:
    words = ["B", "a b", "2a", "é", "→", "🙂", "x-y", "a.b", "no", "1", "a:", "#", "it's", "'", "\n", "\u200b"]
    graph = nx.MultiDiGraph()
    graph.add_node("q", start=True, accept=True, pos=[0.5, 2])
    for word in words:
        graph.add_edge("q", "q", symbol=word)
    graph.graph["alphabet"] = words
    expected = r"""[B, a b, 2a, é, →, 🙂, x-y, a.b, 'no', '1', 'a:', '#', 'it''s', '''', "\n", "\u200b"]"""
    text = grammar_to_yaml(Grammar.from_graph(graph, "words"))
    assert text.splitlines()[:4] == [
        "name: words",
        f"alphabet: {expected}",
        "nodes:",
        "  - {id: q, start: true, accept: true, pos: [0.5, 2]}",
    ]


def test_reber_is_written_as_a_person_writes_it(tmp_path: Path) -> None:
    read_grammar(ROOT / "grammars/reber.yaml").save(tmp_path / "reber.yaml")
    lines = (tmp_path / "reber.yaml").read_text().splitlines()
    assert lines[1] == "alphabet: [B, T, S, X, P, V, E]"
    assert "  - {id: start, start: true, pos: [53, 225]}" in lines
    assert "  - {source: '1', target: '2', symbol: X}" in lines
    assert read_grammar(tmp_path / "reber.yaml") == read_grammar(ROOT / "grammars/reber.yaml")


def test_a_graph_is_saved_in_one_call(tmp_path: Path) -> None:
    graph = nx.DiGraph()
    graph.add_node(0, start=True, accept=True)
    graph.add_edge(0, 0, symbol="a")
    saved = save_grammar(graph, tmp_path / "loop.yaml")
    assert saved.name == "loop"
    assert read_grammar(tmp_path / "loop.yaml") == saved


def test_a_graph_that_is_no_grammar_leaves_the_file_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("precious")
    with pytest.raises(GrammarError):
        save_grammar(nx.MultiDiGraph(), tmp_path / "mine.yaml")
    assert (tmp_path / "mine.yaml").read_text() == "precious"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        read_grammar(ROOT / "grammars/reber.yaml").save(tmp_path / "file/reber.yaml")
