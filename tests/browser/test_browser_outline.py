"""What the page shows of some moments, as outlines in tests/golden/."""

import networkx as nx
import pytest
from golden_text import assert_golden
from outlines import outline
from subjects import subject

import lstmc
from lstmc.picture.page import illustrate

TAPE = (
    "#tape",
    "#tape-input",
    "#tape-problem",
    "#tape-hint",
    "#scrubber",
    "#position",
    "#outlook",
    "#alphabet",
    "#live",
)
TRUTH = ("#verdict", "#checked", "#first-wrong", "#where", "#chart", "#chart-words")
PARTS = ("#parts", "#hidden-cells", "#every-cell", "#formula-content")
LAB = ("#lab .controls",)


@pytest.fixture
def moment(visit):
    """A page, scrubbed to a place of a string, with charts of one width wherever it runs."""

    def moment(name, string, position, **options):
        on_page = visit(name, **options)
        on_page.ask("document.querySelector('#chart').style.width = '400px'")
        on_page.type(string)
        on_page.go(position)
        on_page.until("document.querySelector('#chart').viewBox.baseVal.width === 400")
        return on_page

    return moment


def test_before_the_first_symbol(visit):
    on_page = visit("reber")
    on_page.go(0)
    on_page.ask("document.querySelector('#chart').style.width = '400px'")
    on_page.until("document.querySelector('#chart').viewBox.baseVal.width === 400")
    assert_golden(outline(on_page, "#examples", *TAPE, *TRUTH, "#graph", *PARTS, *LAB), "page-start.txt")


def test_in_the_middle_of_a_string(moment):
    """With a number picked that reads another cell: its formula, its rules and the wires to it."""
    on_page = moment("reber", "BTSSXSE", 4)
    names = [label.name for label in subject("reber").network.header.cells]
    on_page.click("#parts tr[data-part='eraser'] td", names.index("1 by T"))
    on_page.click("#parts tr[data-part='writer'] td", names.index("2 by X"))
    assert_golden(outline(on_page, *TAPE, *TRUTH, "#graph [data-rule]", "#graph .state", *PARTS), "page-middle.txt")


def test_a_rule_and_a_whole_row(moment):
    on_page = moment("reber", "BTSX", 2)
    on_page.click("#graph [data-rule]", 3)
    rule = outline(
        on_page, "#graph .arc", "#graph [data-rule]", "#parts thead", "#parts [data-part='memory']", *PARTS[3:]
    )
    on_page.click("#parts tr[data-part='memory'] th")
    on_page.click("#formula .close")
    on_page.click("#parts tr[data-part='reader'] th")
    assert_golden(rule + outline(on_page, "#parts tbody th", *PARTS[3:]), "page-picked.txt")


def test_a_string_that_leaves_the_grammar_read_by_a_damaged_network(moment):
    on_page = moment("reber", "BTSSSSSSSSSSSSSSSSXSEE", 17)
    on_page.set("#lab-gain", "40")
    on_page.set("#lab-noise", "5")
    on_page.set("#lab-format", "float16")
    on_page.until("!document.querySelector('#first-wrong').hidden")
    on_page.click("#parts tr[data-part='eraser'] td", 3)
    first = outline(on_page, *TAPE, *TRUTH, "#graph .state", "#parts [data-part='readout']", *PARTS[3:], *LAB)
    on_page.go(22)
    on_page.set("#lab-seed", True)
    on_page.click("#parts tr[data-part='reader'] td", 1)
    second = outline(on_page, *TAPE[-1:], *TRUTH, "#parts thead", "#parts [data-part='reader']", *PARTS[3:], *LAB)
    assert_golden(first + second, "page-damaged.txt")


def test_a_transducer_tells_what_it_says(moment):
    on_page = moment("edges", "0011", 3)
    on_page.click("#parts tr[data-part='output'] td", 1)
    assert_golden(outline(on_page, *TAPE, "#parts [data-part='output']", *PARTS[3:]), "page-outputs.txt")


def busy_grammar():
    """Two starts, outputs of states, long names, and more symbols on an arc than have room."""
    graph = nx.MultiDiGraph()
    graph.add_node("a", pos=[0, 0], start=True, output="yes")
    graph.add_node("state with a long name", pos=[200, 100], start=True, accept=True, output="yes")
    graph.add_node("end", pos=[400, 0], accept=True, output="no, or perhaps")
    for symbol in ("x", "a longer symbol", "another symbol", *(f"s{n:02}" for n in range(30))):
        graph.add_edge("a", "state with a long name", symbol=symbol)
    graph.add_edge("state with a long name", "state with a long name", symbol="x")
    graph.add_edge("state with a long name", "end", symbol="z")
    graph.add_edge("end", "a", symbol="x")
    return lstmc.Grammar.from_graph(graph, "busy")


def test_a_graph_shows_starts_ends_outputs_and_as_many_symbols_as_have_room(visit):
    grammar = busy_grammar()
    on_page = visit("busy", text=illustrate(lstmc.compile(grammar), grammar))
    on_page.type("x x")
    on_page.go(1)
    assert_golden(outline(on_page, "#graph", "#where", "#tape-hint", "#alphabet [title^=another]"), "page-graph.txt")


def test_a_large_network_shows_what_matters(moment):
    on_page = moment("large", "abab", 2)
    shown = outline(on_page, "#graph .state", "#graph .label", "#where", "#parts thead", "#hidden-cells", "#every-cell")
    on_page.set("#whole-graph", True)
    assert on_page.frame.locator("#graph .state").count() == len(subject("large").grammar.graph)
    on_page.set("#all-cells", True)
    assert on_page.frame.locator("#parts [data-column]").count() == subject("large").network.size
    assert on_page.frame.inner_text("#hidden-cells") == ""
    assert_golden(shown, "page-large.txt")


def test_a_long_tape_shows_the_symbols_around(moment):
    on_page = moment("reber", "BT" + "S" * 400 + "XSE", 200)
    middle = outline(on_page, "#tape", "#position", "#chart", "#chart-words", "#checked")
    on_page.go(390)
    assert_golden(middle + outline(on_page, "#tape", "#position"), "page-long.txt")


def test_a_symbol_number_by_number(moment):
    on_page = moment("reber", "BTX", 1)
    on_page.set("#detail", "cell")
    for _ in range(40):
        on_page.click("#step")
    assert_golden(outline(on_page, "#parts tbody", *PARTS[3:], "#live"), "page-pieces.txt")


def test_weights_alone_and_without_a_proof(visit):
    on_page = visit("alone", text=illustrate(subject("reber").network))
    on_page.ask("document.querySelector('#chart').style.width = '400px'")
    on_page.go(2)
    assert_golden(
        outline(on_page, *TAPE, *TRUTH[:3], "#proofs", "#where", "#graph-box", "#no-graph", *PARTS[3:]),
        "page-alone.txt",
    )


def test_a_text_longer_than_a_line_has_a_line_of_its_own(visit):
    graph = nx.MultiDiGraph()
    graph.add_node("a", pos=[0, 0], start=True)
    graph.add_node("b", pos=[300, 0], accept=True)
    for symbol in ("a symbol of some length", "z"):
        graph.add_edge("a", "b", symbol=symbol, output="what is said of it")
    grammar = lstmc.Grammar.from_graph(graph, "long-texts")
    on_page = visit("long-texts", text=illustrate(lstmc.compile(grammar), grammar))
    lines = on_page.frame.locator("#graph .textline").all_text_contents()
    assert lines == ["a symbol of some length/what is said of it,", "z/what is said of it"]


def test_a_line_at_an_arc_has_26_characters(visit):
    """With the comma and the blank that follow a text: 12 and 14, but not 12 and 15."""
    graph = nx.MultiDiGraph()
    for place, (state, other, length) in enumerate((("a", "b", 12), ("b", "c", 13))):
        graph.add_node(state, pos=[300 * place, 0])
        graph.add_node(other, pos=[300 * place + 300, 0])
        for symbol in (10 * "x", length * "y"):
            graph.add_edge(state, other, symbol=symbol)
    graph.nodes["a"]["start"] = graph.nodes["c"]["accept"] = True
    grammar = lstmc.Grammar.from_graph(graph, "lines")
    on_page = visit("lines", text=illustrate(lstmc.compile(grammar), grammar))
    lines = on_page.frame.locator("#graph .textline").all_text_contents()
    assert lines == [f"{10 * 'x'}, {12 * 'y'}", f"{10 * 'x'},", 13 * "y"]
