"""Graphs as SVG: well-formed, self-contained, whole, and safe whatever the names are."""

import re
from xml.etree import ElementTree

import networkx as nx
import pytest
from hostile_names import ESCAPED, hostile_grammar

import lstmc
from lstmc.picture.labels import LONGEST_TEXT, fitting, label_lines, short, text_width
from lstmc.picture.layout import layout
from lstmc.picture.svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(grammar):
    text = to_svg(layout(grammar), grammar.name)
    return text, ElementTree.fromstring(text)


def texts(root, role):
    return [element.text for element in root.iter(f"{SVG}text") if element.get("class") == role]


def test_reber_shows_all_its_states_and_rules():
    _, root = drawn(lstmc.load_grammar("reber"))
    assert texts(root, "id") == ["start", "0", "1", "2", "3", "4", "5", "6"]
    assert sorted(texts(root, "label")) == sorted("BTPSXSXTVPVE")
    circles = [element.get("class") for element in root.iter(f"{SVG}circle")]
    assert (circles.count("state"), circles.count("accept")) == (8, 1)
    assert len([element for element in root.iter(f"{SVG}path") if element.get("class") == "arc"]) == 12
    assert len([element for element in root.iter(f"{SVG}path") if element.get("class") == "entry"]) == 1
    assert len(list(root.iter(f"{SVG}polygon"))) == 13


def test_a_picture_says_in_words_what_it_shows():
    _, root = drawn(lstmc.load_grammar("reber"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "reber"
    described = root.find(f"{SVG}desc").text
    assert "8 states and 12 rules" in described
    assert "state 6, a string may end here" in described
    assert "0 –T→ 1." in described
    assert "1 –S→ 1." in described


def test_a_long_description_is_cut():
    _, root = drawn(lstmc.load_grammar("nested-3"))
    assert "And 98 more." in root.find(f"{SVG}desc").text


def test_outputs_and_probabilities_are_written():
    _, root = drawn(lstmc.load_grammar("remainder-3"))
    assert texts(root, "output") == ["0", "1", "2"]
    _, root = drawn(lstmc.load_grammar("edge-detector"))
    assert set(texts(root, "label")) == {"0/same", "1/same", "0/fall", "1/rise"}
    _, root = drawn(lstmc.load_grammar("weather-cycle"))
    assert "wet 0.662" in texts(root, "label")
    assert texts(root, "end") == ["end 0.25"]


def test_a_picture_follows_light_and_dark_and_needs_nothing_else():
    text, root = drawn(lstmc.load_grammar("reber"))
    assert "@media (prefers-color-scheme:dark)" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not [element for element in root.iter() if element.tag in (f"{SVG}script", f"{SVG}image", f"{SVG}use")]
    assert all(not name.startswith("on") for element in root.iter() for name in element.attrib)


@pytest.mark.parametrize("outputs", [False, True])
def test_hostile_names_are_text_and_nothing_else(outputs):
    text, root = drawn(hostile_grammar(outputs))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "desc", "style", "rect", "g", "path", "polygon", "circle", "text"}
    assert all(not name.startswith("on") for element in root.iter() for name in element.attrib)
    assert "<img" not in text
    assert "</script" not in text
    assert not re.search("[\u200e\u200f\u2028-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
    shown = " ".join(filter(None, (element.text for element in root.iter(f"{SVG}text"))))
    for escape in ESCAPED:
        assert escape in shown or escape in root.find(f"{SVG}desc").text
    assert len(text) < 60_000


def test_a_hostile_name_of_a_grammar_is_text():
    drawing = layout(lstmc.load_grammar("reber"))
    root = ElementTree.fromstring(to_svg(drawing, '"><img onerror="x">\u202e' + "n" * 10_000))
    assert root.find(f"{SVG}title").text.startswith('"><img onerror="x">\\u202e')
    assert root.get("aria-label") == root.find(f"{SVG}title").text
    assert len(root.get("aria-label")) <= 60


def test_names_are_shortened_to_fit():
    assert short("x" * 10_000) == "x" * (LONGEST_TEXT - 1) + "…"
    assert short("a\u202e") == "a\\u202e"
    fitted, size = fitting("a rather long name", 40)
    assert fitted.endswith("…")
    assert text_width(fitted, size) <= 40
    assert fitting("ab", 40) == ("ab", 14)


def test_labels_take_few_lines_and_count_what_is_left_out():
    assert label_lines(["a", "b", "c"]) == ("a, b, c",)
    lines = label_lines([f"symbol{n}" for n in range(100)])
    assert len(lines) == 3
    left = int(re.search(r"\(\+(\d+)\)", lines[-1])[1])
    assert left + sum(line.count("symbol") for line in lines) == 100


def test_labels_of_many_characters_are_ranges():
    names = [*map(chr, range(48, 58)), *map(chr, range(65, 91)), "_", *map(chr, range(97, 123))]
    assert len(names) == 63
    assert label_lines(names) == ("0–9, A–Z, _, a–z",)
    assert label_lines([".", *"abc", *"0123"]) == ("., a, b, c, 0–3",)
    assert label_lines([f"{name}/0" for name in "abcd"]) == ("a/0, b/0, c/0, d/0",)
    lines = label_lines([*(f"symbol{n}" for n in range(9)), *"abcdefgh", "symbol9"])
    assert lines[-1].endswith("symbol8, … (+9)")  # each symbol of the range is counted


def test_an_arc_of_many_symbols_has_room_for_its_label():
    graph = nx.MultiDiGraph()
    for n in range(60):
        graph.add_edge("a", "b", symbol=f"symbol{n}")
    graph.nodes["a"]["start"] = graph.nodes["b"]["accept"] = True
    drawing = layout(lstmc.Grammar.from_graph(graph, "many"))
    (arc,) = drawing.arcs
    assert len(arc.symbols) == 60
    assert drawing.nodes[1].x - drawing.nodes[0].x > max(map(text_width, label_lines(arc.texts)))


def test_the_same_grammar_gives_the_same_bytes():
    assert drawn(lstmc.load_grammar("nested-3"))[0] == drawn(lstmc.load_grammar("nested-3"))[0]
