"""GraphML, both ways with networkx: what it writes is read, and what is written it reads as the same graph."""

import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from inverse import FILES, ROOT, assert_reads_as_beside, nasty
from pages import run_examples, run_python
from strategies import VALID, grammars
from work import in_proportion, lines

from lstmc.errors import LimitError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import convert
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar

LITTLE = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="start" attr.type="boolean"/>
<key id="d1" for="node" attr.name="accept" attr.type="boolean"/>
<key id="d2" for="edge" attr.name="symbol" attr.type="string"/>
<key id="d3" for="graph" attr.name="alphabet" attr.type="string"/>
<graph edgedefault="directed">
<node id="a"><data key="d0">true</data></node>
<node id="b"><data key="d1">true</data></node>
<edge source="a" target="b"><data key="d2">x</data></edge>
</graph></graphml>"""


def parse(text: str) -> Grammar:
    return parse_grammar(text, format="graphml")


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.parametrize("path", sorted(FILES.glob("*.graphml")), ids=lambda path: path.stem)
def test_what_others_write(path: Path) -> None:
    assert_reads_as_beside(path)


# From networkx


def written_by_networkx(graph: Any, **options: Any) -> str:
    file = io.BytesIO()
    nx.write_graphml_xml(graph, file, **options)
    return file.getvalue().decode("utf-8")


@pytest.mark.slow
@given(grammars(*VALID))
@settings(max_examples=60)
def test_what_networkx_writes_is_read(grammar: Grammar) -> None:
    graph = nx.MultiDiGraph(grammar.graph)
    del graph.graph["alphabet"]  # networkx refuses to write a list
    expected = Grammar.from_graph(graph)
    for options in ({}, {"named_key_ids": True}, {"prettyprint": False}, {"infer_numeric_types": True}):
        assert parse(written_by_networkx(graph, **options)) == expected
    assert parse("\n".join(nx.generate_graphml(graph))) == expected


def test_parallel_edges_and_ids_that_are_numbers() -> None:
    graph = nx.MultiDiGraph(name="numbers")
    graph.add_node(1, start=True)
    graph.add_node(2, accept=True)
    for symbol in (0, 1.5, "no", True):
        graph.add_edge(1, 2, symbol=symbol)
    assert parse(written_by_networkx(graph)) == Grammar.from_graph(graph)
    assert parse(written_by_networkx(graph)).alphabet == ("0", "1.5", "no", "true")


def test_a_plain_digraph() -> None:
    graph = nx.DiGraph(parse(LITTLE).graph)
    del graph.graph["alphabet"]
    assert parse(written_by_networkx(graph)) == parse(LITTLE)


def test_an_undirected_graph_of_networkx() -> None:
    graph = nx.MultiGraph()
    graph.add_edge("a", "b", symbol="x")
    graph.nodes["a"]["start"] = graph.nodes["b"]["accept"] = True
    assert codes(written_by_networkx(graph)) == ["G007"]


# To networkx


@given(grammars(*VALID))
@settings(max_examples=60)
def test_networkx_reads_what_is_written(grammar: Grammar) -> None:
    assert_networkx_reads(grammar)


@given(nasty())
@settings(max_examples=60)
def test_networkx_reads_nasty_texts(grammar: Grammar) -> None:
    assert_networkx_reads(grammar)


def assert_networkx_reads(grammar: Grammar) -> None:
    """The same states, rules and attributes, in the same order."""
    graph = nx.read_graphml(io.BytesIO(convert(grammar, "graphml").encode("utf-8")), force_multigraph=True)
    nodes = [(state, dict(data)) for state, data in grammar.graph.nodes(data=True)]
    for _, data in nodes:
        data.update(zip(("x", "y"), data.pop("pos", ()), strict=False))
    assert list(graph.nodes(data=True)) == nodes
    assert list(graph.edges(data=True)) == list(grammar.graph.edges(data=True))
    used = sorted({symbol for *_, symbol in graph.edges(data="symbol") if symbol is not None})
    assert json.loads(graph.graph.get("alphabet", json.dumps(used))) == list(grammar.alphabet)
    assert graph.graph["name"] == grammar.name
    assert {type(value) for _, data in graph.nodes(data=True) for value in data.values()} <= {bool, float, str}


# Here and back


# What is read


@pytest.mark.parametrize("text", ["true", "True", " TRUE\n", "1"])
def test_truth(text: str) -> None:
    assert parse(LITTLE.replace(">true<", f">{text}<")) == parse(LITTLE)


def test_defaults_hold_where_nothing_else_is_said() -> None:
    text = LITTLE.replace('attr.name="symbol" attr.type="string"/>', 'attr.name="symbol"><default>y</default></key>')
    assert parse(text).alphabet == ("x",)
    assert parse(text.replace('<data key="d2">x</data>', "")).alphabet == ("y",)


def test_defaults_that_contradict_each_other_or_belong_to_nothing() -> None:
    key = '<key id="e%d" for="%s" attr.name="%s"><default>y</default></key>'
    assert parse(LITTLE.replace("<graph ", key % (1, "all", "symbol") + "<graph ")) == parse(LITTLE)
    twice = key % (1, "edge", "symbol") + key % (2, "all", "symbol")
    assert codes(LITTLE.replace("<graph ", twice + "<graph ")) == ["G064"]
    assert codes(LITTLE.replace("<graph ", key % (1, "all", "weight") + "<graph ")) == ["G050"]


def test_many_keys_and_many_edges_take_their_sum_not_their_product() -> None:
    def work(count: int) -> int:
        keys = "".join(f'<key id="e{n}" attr.name="symbol"><default>y</default></key>' for n in range(count))
        edges = '<edge source="a" target="b"/>' * count
        text = LITTLE.replace("<graph ", keys + "<graph ").replace("</graph>", edges + "</graph>")
        return lines(lambda: codes(text))

    assert in_proportion(work, 50)


def test_a_list_is_a_text_in_json() -> None:
    data = '<data key="d3">["z", "\\u00e9", "x"]</data>'
    assert parse(LITTLE.replace('<node id="a">', data + '<node id="a">')).alphabet == ("z", "é", "x")


@pytest.mark.parametrize(
    ("start", "states"), [("any", ("a", "b")), ('["b", "a"]', ("a", "b")), ('["a"]', ("a",)), ("a", ("a",))]
)
def test_the_graph_may_say_where_strings_start(start: str, states: tuple[str, ...]) -> None:
    key = '<key id="d4" for="graph" attr.name="start" attr.type="string"/>'
    text = LITTLE.replace("<graph ", f"{key}<graph ").replace(
        '<node id="a">', f'<data key="d4">{start}</data><node id="a">'
    )
    assert parse(text.replace('<data key="d0">true</data>', "")).start == states


def test_each_edge_may_say_that_it_is_directed() -> None:
    for default in ('edgedefault="undirected"', ""):
        text = LITTLE.replace('edgedefault="directed"', default)
        assert codes(text) == ["G007" if default else "G051"]
        assert parse(text.replace("<edge ", '<edge directed="true" ')) == parse(LITTLE)


def test_graphics_and_descriptions_are_passed_over() -> None:
    key = '<key id="g" for="node" yfiles.type="nodegraphics"/><key id="u" for="node" attr.name="url"/>'
    data = '<desc>a</desc><data key="g"><shape xmlns="http://www.yworks.com/xml/graphml"/></data><data key="u">b</data>'
    text = LITTLE.replace("<graph ", f"{key}<graph ").replace('<node id="a">', f'<node id="a">{data}')
    assert parse(text) == parse(LITTLE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('edgedefault="directed"', 'edgedefault="both"'), "G053"),
        (("<edge ", '<edge directed="false" '), "G007"),
        (("<edge ", '<edge sourceport="n" '), "G071"),
        (("<edge ", '<edge weight="1" '), "G050"),
        (("<edge ", "<hyperedge/><edge "), "G071"),
        (("<edge ", "<locator/><edge "), "G071"),
        (("<edge ", "<egde/><edge "), "G050"),
        (('<data key="d0">', '<port name="n"/><data key="d0">'), "G071"),
        (('<data key="d0">', '<graph edgedefault="directed"/><data key="d0">'), "G071"),
        (("</graph>", '</graph><graph edgedefault="directed"/>'), "G063"),
        ((' id="b"', ""), "G051"),
        ((' id="b"', ' id="a"'), "G002"),
        ((' source="a"', ""), "G051"),
        ((' target="b"', ' target="c"'), "G003"),
        ((' attr.name="symbol"', ' attr.name="weight"'), "G050"),
        ((' for="edge"', ' for="node"'), "G053"),
        ((' for="edge"', ' for="line"'), "G053"),
        (('id="d2" ', 'id="d9" '), "G051"),
        ((">x<", ">x</data><data key='d2'>y<"), "G064"),
        ((">x<", "><b/><"), "G052"),
        ((">x<", "><"), "G014"),
        ((">x<", ">end<"), "G011"),
        (('attr.name="symbol" attr.type="string"', 'attr.name="symbol" attr.type="int"'), "G052"),
        (('attr.name="symbol" attr.type="string"', 'attr.name="symbol" attr.type="text"'), "G053"),
        ((">true<", ">yes<"), "G052"),
        (("<node", "loose<node"), "G070"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], code: str) -> None:
    assert code in codes(LITTLE.replace(*change, 1))


@pytest.mark.parametrize(
    "text", ["a b", "['a']", "[1]", "[true]", "{}", '"x"', "[" * 100_000, "[" + "9" * 10_000 + "]", ""]
)
def test_an_alphabet_that_is_no_list_of_texts(text: str) -> None:
    found = codes(LITTLE.replace('<node id="a">', f'<data key="d3">{text}</data><node id="a">'))
    assert found in (["G052"], ["G010"])  # numbers are texts, as in a grammar file


def test_a_key_that_nobody_knows_is_reported_once() -> None:
    weight = '<key id="w" for="edge" attr.name="weight" attr.type="double"/>'
    text = LITTLE.replace("<graph ", weight + "<graph ")
    assert parse(text) == parse(LITTLE)
    edge = '<edge source="a" target="b"><data key="w">1</data><data key="d2">%s</data></edge>'
    assert codes(text.replace("</graph>", "".join(edge % letter for letter in "pqr") + "</graph>")) == ["G050"]


@pytest.mark.parametrize(("element", "limit"), [("<edge/>", Limits(edges=10)), ("<node/>", Limits(states=10))])
def test_wrong_states_and_rules_count_too(element: str, limit: Limits) -> None:
    with pytest.raises(LimitError, match="more than the limit of 10"):
        parse_grammar(LITTLE.replace("</graph>", element * 10 + "</graph>"), format="graphml", limits=limit)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs/formats/graphml.md").read_text("utf-8")
    assert run_python(page, "docs/formats/graphml.md") == 1
    assert run_examples(page) == 1
