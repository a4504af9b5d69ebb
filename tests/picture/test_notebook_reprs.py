"""What notebooks show of grammars, automata, programs, networks and traces: whole, escaped, and short enough."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hostile_names import NAMES, hostile_grammar

import lstmc

SVG = "{http://www.w3.org/2000/svg}"


class Shown(HTMLParser):
    """The text of HTML, and which elements it has."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.rows, self.texts = [], set(), 0, []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.rows += tag == "tr"
        assert all(not name.startswith("on") for name, _ in attributes)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(self.texts)


@pytest.fixture(scope="module")
def reber():
    return lstmc.compile(lstmc.load_grammar("reber"))


def test_a_grammar_is_its_graph():
    root = ElementTree.fromstring(lstmc.load_grammar("reber")._repr_svg_())
    assert len(list(root.iter(f"{SVG}circle"))) == 9


def test_an_automaton_is_its_graph():
    root = ElementTree.fromstring(lstmc.to_automaton(lstmc.load_grammar("remainder-3"))._repr_svg_())
    labels = [text.text for text in root.iter(f"{SVG}text")]
    assert {"r0", "r1", "r2", "0", "1", "2"} <= set(labels)


def test_of_a_large_grammar_the_part_near_the_start_is_drawn():
    root = ElementTree.fromstring(lstmc.load_grammar("random", {"states": 300})._repr_svg_())
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "the 40 states nearest to the start, of 300" in texts
    assert len([circle for circle in root.iter(f"{SVG}circle") if circle.get("class") == "state"]) == 40
    assert float(root.get("width")) <= 1000.5


def test_a_program_is_a_table_of_cells():
    shown = Shown(lstmc.to_program(lstmc.load_grammar("reber"))._repr_html_())
    assert shown.rows == 12
    assert "keeps while it is on and T repeats, else erases" in shown.texts
    assert "σ(G·(2·T + active(this cell) − 5/2))" in shown.texts
    assert "from rule 0 –P→ 5; kept by rule 5 –T→ 5" in shown.texts


def test_a_network_is_a_table_of_cells(reber):
    shown = Shown(reber._repr_html_())
    assert shown.rows == 12
    assert "11 cells, 7 symbols; lstm, float32, -O1, gain 256" in shown.text
    assert "σ(512·T + 336·h[5 by P] − 640)" in shown.texts


def test_of_a_large_network_the_first_cells_are_shown():
    network = lstmc.compile(lstmc.load_grammar("random", {"states": 60}))
    shown = Shown(network._repr_html_())
    assert shown.rows == 41
    assert f"and {network.size - 40} more cells" in shown.texts
    program = lstmc.to_program(lstmc.load_grammar("random", {"states": 60}))
    assert f"and {len(program.cells) - 40} more cells" in Shown(program._repr_html_()).texts


def test_a_trace_is_a_table_of_memory_and_what_may_come_next(reber):
    shown = Shown(reber.trace("BTS")._repr_html_())
    assert shown.rows == 14
    assert shown.texts[1:5] == ["memory after", "B", "T", "S"]
    assert shown.texts[-7:] == ["next", "T", "P", "S", "X", "S", "X"]


def test_a_long_trace_is_cut_and_empty_cells_are_left_out():
    network = lstmc.compile(lstmc.load_grammar("embedded-reber", {"depth": 2}))
    trace = network.trace("BTBTBP" + "T" * 100)
    shown = Shown(trace._repr_html_())
    assert "the first 60 of 106 steps" in shown.text
    assert f"{network.size - 7} cells stay empty" in shown.text
    assert shown.rows == 10
    assert Shown(network.trace("")._repr_html_()).rows


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_hostile_names_are_text(cell):
    grammar = hostile_grammar()
    network = lstmc.compile(grammar, cell=cell)
    values = [lstmc.to_program(grammar), network, network.trace(list(NAMES[1:8]))]
    for value in values:
        html = value._repr_html_()
        shown = Shown(html)
        assert not {"img", "script"} & shown.tags
        assert "\u202e" not in html
        assert len(html) < 60_000
    ElementTree.fromstring(grammar._repr_svg_())
    ElementTree.fromstring(lstmc.to_automaton(grammar)._repr_svg_())
