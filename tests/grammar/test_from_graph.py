"""A graph in memory becomes a grammar by the checks of a file; what is wrong is said of the node or edge."""

from typing import Any

import networkx as nx
import numpy as np
import pytest

from lstmc.grammar import Diagnostic, Grammar, GrammarError


def little(**graph: Any) -> "nx.MultiDiGraph[Any]":
    made = nx.MultiDiGraph(**graph)
    made.add_node("a", start=True)
    made.add_node("b", accept=True)
    made.add_edge("a", "b", symbol="x")
    return made


def refused(graph: Any, name: str | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(GrammarError) as caught:
        Grammar.from_graph(graph, name)
    return caught.value.diagnostics


def test_texts_are_made_of_what_python_has() -> None:
    graph = nx.MultiDiGraph(alphabet=[True, 2, 1.5, np.int64(7), "x"])
    graph.add_node(0, start=np.bool_(True), pos=np.array([1, 2]))
    graph.add_node((1, "b"), accept=True, output=3)
    for symbol in [True, 2, 1.5, np.int64(7), "x"]:
        graph.add_edge(0, (1, "b"), symbol=symbol, probability=np.float64(0.2))
    grammar = Grammar.from_graph(graph, "mixed")
    assert grammar.to_dict() == {
        "name": "mixed",
        "alphabet": ["true", "2", "1.5", "7", "x"],
        "nodes": [{"id": "0", "start": True, "pos": [1.0, 2.0]}, {"id": "(1, 'b')", "accept": True, "output": "3"}],
        "edges": [
            {"source": "0", "target": "(1, 'b')", "symbol": symbol, "probability": 0.2}
            for symbol in ["true", "2", "1.5", "7", "x"]
        ],
    }
    values = [value for _, data in grammar.graph.nodes(data=True) for value in data.values()]
    assert {type(value) for value in values} == {bool, list, str}


def test_what_is_none_is_not_there() -> None:
    graph = little()
    graph.nodes["a"]["output"] = graph.nodes["a"]["accept"] = None
    assert Grammar.from_graph(graph).graph.nodes["a"] == {"start": True}


def test_names() -> None:
    assert Grammar.from_graph(little()).name == "grammar"
    assert Grammar.from_graph(little(name="mine")).name == "mine"
    assert Grammar.from_graph(little(name="mine"), "yours").name == "yours"
    (found,) = refused(little(name="my/graph"))
    assert (found.code, found.file) == ("G054", "graph 'my/graph'")
    changed = Grammar.from_graph(little(name="my graph"))
    assert (changed.name, [each.code for each in changed.warnings]) == ("my-graph", ["G056"])


def test_start_of_the_graph_becomes_marks_of_the_nodes() -> None:
    grammar = Grammar.from_graph(little(start="any"))
    assert grammar.start == ("a", "b")
    assert Grammar.from_graph(little(start=["a"])) == Grammar.from_graph(little())
    assert Grammar.from_graph(little(start="a")) == Grammar.from_graph(little())


def test_the_graph_is_a_frozen_copy() -> None:
    graph = little()
    grammar = Grammar.from_graph(graph)
    graph.nodes["a"]["start"] = False
    assert grammar.start == ("a",)
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        grammar.graph.add_node("c")


def test_a_graph_without_parallel_edges_is_a_grammar() -> None:
    assert Grammar.from_graph(nx.DiGraph(little())) == Grammar.from_graph(little())


def test_an_undirected_graph_is_not() -> None:
    (found,) = refused(nx.MultiGraph(little()), "mine")
    assert (found.code, found.file, found.message) == ("G007", "graph 'mine'", "the graph is undirected")


def test_what_is_no_graph() -> None:
    with pytest.raises(TypeError, match="not from a dict"):
        Grammar.from_graph({})  # type: ignore[arg-type]


def test_problems_name_the_edge_or_node() -> None:
    graph = little(alphabet=["x"])
    graph.add_edge("b", "a", symbol="y")
    graph.add_edge("b", "a")
    graph.add_edge("a", "a", symbol="x", probability=1.5, weight=1)
    graph.add_node("c", acept=True)
    found = refused(graph, "mine")
    assert [(each.code, each.message) for each in found] == [
        ("G050", "node 'c': unknown key 'acept'"),
        (
            "G020",
            "edge a –x→ a: a probability, but state 'a' has two moves on 'x', so the grammar is not deterministic",
        ),
        ("G025", "edge a –x→ a: `probability` must be above 0 and at most 1, not 1.5"),
        ("G050", "edge a –x→ a: unknown key 'weight'"),
        ("G010", "edge b –y→ a: the symbol 'y' is not in the alphabet"),
        ("G051", "edge b → a: an edge without `symbol`"),
    ]
    assert {(each.file, each.line, each.column, each.source) for each in found} == {("graph 'mine'", 0, 0, "")}
    assert str(found[0]).startswith("graph 'mine': error[G0")


def test_warnings_stay_with_the_grammar() -> None:
    graph = little()
    graph.add_node("island")
    (warning,) = Grammar.from_graph(graph).warnings
    assert str(warning) == (
        "graph 'grammar': warning[G041]: node 'island': nothing leads to state 'island': no string comes there\n"
        "help: add an edge to it, or take it out"
    )


def test_two_ids_that_are_equal_as_text() -> None:
    graph = little()
    graph.add_edge(1, "1", symbol="x")
    assert "G002" in {each.code for each in refused(graph)}


@pytest.mark.parametrize("symbol", ["", "end", "\ud800", "\x00"])
def test_symbols_that_no_grammar_has(symbol: str) -> None:
    graph = little()
    graph.add_edge("b", "b", symbol=symbol)
    (found,) = refused(graph)
    assert found.code in ("G011", "G014", "G015")
    str(found).encode("utf-8")


@pytest.mark.parametrize("graph", [nx.MultiDiGraph(), nx.DiGraph(name="nothing")])
def test_an_empty_graph(graph: Any) -> None:
    assert {each.code for each in refused(graph)} == {"G001", "G005"}


@pytest.mark.parametrize("alphabet", ["xyz", {"x"}, 3, []])
def test_an_alphabet_without_an_order(alphabet: object) -> None:
    (found,) = refused(little(alphabet=alphabet))
    assert found.code in ("G052", "G012")


def test_what_networkx_leaves_in_a_graph_that_it_read_does_no_harm(tmp_path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("0", start=True, accept=True)
    graph.add_edge("0", "0", symbol="a")
    nx.write_graphml(graph, tmp_path / "loop.graphml")
    read = nx.read_graphml(tmp_path / "loop.graphml", force_multigraph=True)
    assert set(read.graph) == {"node_default", "edge_default"}
    assert Grammar.from_graph(read, "loop") == Grammar.from_graph(graph, "loop")


def test_a_dictionary_is_the_grammar_that_gave_it() -> None:
    graph = little(name="🙂")
    graph.add_edge("b", "a", symbol="🙂", output="\u2028")
    graph.add_edge("b", "b", symbol="yes", output="1e3")
    graph["a"]["b"][0]["output"] = "~"
    graph.nodes["a"]["pos"] = [0.5, -1]
    grammar = Grammar.from_graph(graph, "faces")
    assert Grammar.from_dict(grammar.to_dict()) == grammar
    assert Grammar.from_dict(grammar.meaning()).meaning() == grammar.meaning()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "<data>: error[G052]: a grammar file must be a mapping of keys and values, not 'None'"),
        ({}, "<data>: error[G001]: the grammar has no nodes"),
        ({"plugin": "dyck"}, "<data>: error[G050]: unknown key 'edges'"),
        ({"nodes": [{"id": "a", "start": True, "accept": True}, 1]}, "<data>: error[G052]: nodes[1]: an item of "),
        ({"nodes": [[[]]]}, "<data>: error[G052]: nodes[0]: an item of "),
    ],
)
def test_a_dictionary_that_is_no_grammar_is_told_by_its_items(data: Any, said: str) -> None:
    with pytest.raises(GrammarError) as caught:
        Grammar.from_dict(data)
    assert any(str(each).startswith(said) for each in caught.value.diagnostics), str(caught.value)


def test_a_dictionary_nested_without_end_is_refused() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(GrammarError, match="G065"):
        Grammar.from_dict({"nodes": nested})
