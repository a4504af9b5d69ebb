"""Layouts of graphs: every state and arc is there, nothing lies on anything else, one grammar has one drawing."""

import math
import subprocess
import sys
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from strategies import VALID, grammars
from work import in_proportion, lines

import lstmc
from lstmc.picture import layout as module
from lstmc.picture.curves import points_on
from lstmc.picture.labels import label_lines, label_size, text_width
from lstmc.picture.layout import layout

SHIPPED = [
    "reber",
    "reber-unknown-start",
    "continual-reber",
    "edge-detector",
    "number",
    "remainder-3",
    "third-from-end",
    "weather-cycle",
    "nested-3",
]
OTHERS = [
    ("embedded-reber", {"depth": 2}),
    ("dyck", {}),
    ("modular", {"modulus": 5}),
    *(("tomita", {"number": n}) for n in range(1, 8)),
    ("random", {"states": 30}),
]
ALL = [(name, {}) for name in SHIPPED] + OTHERS


def drawing_of(name, parameters=()):
    return layout(lstmc.load_grammar(name, dict(parameters)))


def grammar_of(*edges, start=("a",), accept=(), **attributes):
    graph = nx.MultiDiGraph()
    for p, q, symbol, *more in edges:
        graph.add_edge(p, q, symbol=symbol, **(more[0] if more else {}))
    for state in start:
        graph.add_node(state, start=True)
    for state in accept or [edges[-1][1]]:
        graph.add_node(state, accept=True)
    for state, data in attributes.items():
        graph.add_node(state, **data)
    return lstmc.Grammar.from_graph(graph, "drawn")


def way(arc):
    import numpy as np

    return points_on(np.array(arc.path), 3.0, 400)


def distances(arc, node):
    return [math.hypot(x - node.x, y - node.y) for x, y in way(arc)]


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_every_rule_is_on_an_arc_between_the_rims_of_its_states(name, parameters):
    grammar = lstmc.load_grammar(name, parameters)
    drawing = layout(grammar)
    at = {node.id: node for node in drawing.nodes}
    assert list(at) == list(grammar.graph)
    drawn = [(arc.source, arc.target, symbol) for arc in drawing.arcs for symbol in arc.symbols]
    rules = [(p, q, data["symbol"]) for p, q, data in grammar.graph.edges(data=True)]
    assert sorted(drawn) == sorted(rules)
    assert len({(arc.source, arc.target) for arc in drawing.arcs}) == len(drawing.arcs)
    for arc in drawing.arcs:
        assert len(arc.path) % 3 == 1
        for state, end in ((arc.source, arc.path[0]), (arc.target, arc.path[-1])):
            assert math.hypot(end[0] - at[state].x, end[1] - at[state].y) == pytest.approx(drawing.radius, abs=0.2)
        order = [grammar.alphabet.index(symbol) for symbol in arc.symbols]
        assert order == sorted(order)
        assert len(arc.texts) == len(arc.symbols)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_no_arc_runs_through_another_state(name, parameters):
    drawing = drawing_of(name, parameters)
    for arc in drawing.arcs:
        for node in drawing.nodes:
            if node.id not in (arc.source, arc.target):
                assert min(distances(arc, node)) > drawing.radius, (arc.source, arc.target, node.id)


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_states_do_not_touch_and_everything_is_inside(name, parameters):
    drawing = drawing_of(name, parameters)
    for a, b in combinations(drawing.nodes, 2):
        assert math.hypot(a.x - b.x, a.y - b.y) > 2 * drawing.radius + 10
    points = [point for arc in drawing.arcs for point in way(arc)]
    points += [(n.x + s * drawing.radius, n.y + s * drawing.radius) for n in drawing.nodes for s in (-1, 1)]
    points += [node.entry for node in drawing.nodes if node.entry]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


@pytest.mark.parametrize(("name", "parameters"), [each for each in ALL if each[0] != "random"])
def test_no_label_covers_a_state_or_another_label(name, parameters):
    drawing = drawing_of(name, parameters)
    boxes = []
    for arc in drawing.arcs:
        width, height = label_size(label_lines(arc.texts))
        x, y = arc.label
        boxes.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= drawing.width
        assert bottom <= drawing.height
        for node in drawing.nodes:
            x, y = max(left, min(node.x, right)), max(top, min(node.y, bottom))
            assert math.hypot(node.x - x, node.y - y) > drawing.radius - 2
    for a, b in combinations(boxes, 2):
        assert min(a[2], b[2]) - max(a[0], b[0]) < 2 or min(a[3], b[3]) - max(a[1], b[1]) < 4


def test_the_classic_diagram_stands_where_the_file_says():
    drawing = drawing_of("reber")
    at = {node.id: (node.x, node.y) for node in drawing.nodes}
    assert at == {
        "start": (53, 225),
        "0": (178, 225),
        "1": (303, 100),
        "2": (490, 100),
        "3": (615, 225),
        "4": (490, 350),
        "5": (303, 350),
        "6": (802, 225),
    }


@pytest.mark.parametrize("name", ["reber-unknown-start", "continual-reber"])
def test_the_layers_of_reber_are_those_of_the_classic_diagram(name):
    x = {node.id: node.x for node in drawing_of(name).nodes}
    assert x["start"] < x["0"] < x["1"] == x["5"] < x["2"] == x["4"] < x["3"]


def test_positions_change_neither_the_grammar_nor_its_weights():
    grammar = lstmc.load_grammar("reber")
    graph = nx.MultiDiGraph(grammar.graph)
    for state in graph:
        graph.nodes[state]["pos"] = [graph.nodes[state]["pos"][0] + 1.5, 0.0]
    moved = lstmc.Grammar.from_graph(graph, "reber")
    assert lstmc.compile(moved).to_bytes() == lstmc.compile(grammar).to_bytes()


def test_some_positions_win_and_the_other_states_find_room():
    grammar = grammar_of(("a", "b", "x"), ("b", "c", "x"), a={"pos": [40, 300]})
    at = {node.id: (node.x, node.y) for node in layout(grammar).nodes}
    assert at["a"][1] == 300
    assert at["a"][0] < at["b"][0] < at["c"][0]


@pytest.mark.parametrize("unit", [1e-6, 0.01, 1.0, 1e6, 1e300])
def test_positions_in_any_unit_give_a_drawing_that_can_be_read(unit):
    grammar = grammar_of(
        ("a", "b", "x"), ("b", "c", "y"), a={"pos": [0, 0]}, b={"pos": [unit, 0]}, c={"pos": [unit, -unit]}
    )
    drawing = layout(grammar)
    a, b, c = ((node.x, node.y) for node in drawing.nodes)
    assert 3 * drawing.radius - 0.1 <= b[0] - a[0] <= 20_001
    assert b[0] - a[0] == pytest.approx(b[1] - c[1])
    assert a[1] == b[1]
    assert b[0] == c[0]


def test_states_at_one_place_do_no_harm():
    grammar = grammar_of(("a", "b", "x"), ("b", "b", "y"), a={"pos": [5, 5]}, b={"pos": [5, 5]})
    assert finite(layout(grammar))


def test_loops_stand_above_their_states():
    drawing = drawing_of("third-from-end")
    (loop,) = [arc for arc in drawing.arcs if arc.source == arc.target]
    (node,) = [node for node in drawing.nodes if node.id == loop.source]
    assert loop.symbols == ("a", "b")
    assert min(y for _, y in way(loop)) < node.y - drawing.radius - 15
    assert loop.label[1] < min(y for _, y in way(loop))


def test_arcs_there_and_back_keep_apart():
    drawing = drawing_of("remainder-3")
    there, back = (
        {(arc.source, arc.target): way(arc) for arc in drawing.arcs}[pair] for pair in (("r0", "r1"), ("r1", "r0"))
    )
    middle, other = there[len(there) // 2], back[len(back) // 2]
    assert math.hypot(*(middle - other)) > 15


def test_an_arc_bends_around_a_state_that_stands_in_its_way():
    grammar = grammar_of(
        ("a", "b", "x"),
        ("b", "c", "x"),
        ("a", "c", "y"),
        **{q: {"pos": [100 * n, 100]} for n, q in enumerate("abc", 1)},
    )
    drawing = layout(grammar)
    (arc,) = [arc for arc in drawing.arcs if (arc.source, arc.target) == ("a", "c")]
    assert min(distances(arc, drawing.nodes[1])) > drawing.radius + 5


def test_texts_say_outputs_and_probabilities():
    assert {arc.texts for arc in drawing_of("edge-detector").arcs} == {
        ("0/same",),
        ("1/same",),
        ("1/rise",),
        ("0/fall",),
    }
    assert ("dry 0.338",) in {arc.texts for arc in drawing_of("weather-cycle").arcs}
    assert [node.output for node in drawing_of("remainder-3").nodes] == ["0", "1", "2"]
    assert [node.end for node in drawing_of("weather-cycle").nodes] == ["", "", "0.25"]


def test_every_start_state_has_an_arrow_that_begins_outside():
    drawing = drawing_of("reber-unknown-start")
    for node in drawing.nodes:
        assert node.start
        assert math.hypot(node.entry[0] - node.x, node.entry[1] - node.y) > drawing.radius + 15


def test_long_strings_of_states_stand_in_a_row():
    drawing = layout(grammar_of(*((f"s{n}", f"s{n + 1}", "x") for n in range(20)), start=["s0"]))
    assert len({node.y for node in drawing.nodes}) == 1
    assert [node.x for node in drawing.nodes] == sorted(node.x for node in drawing.nodes)


def finite(drawing):
    numbers = [drawing.width, drawing.height, *(n.x for n in drawing.nodes), *(n.y for n in drawing.nodes)]
    numbers += [coordinate for arc in drawing.arcs for point in (*arc.path, arc.label) for coordinate in point]
    return all(math.isfinite(number) for number in numbers)


@pytest.mark.parametrize(
    "grammar",
    [
        grammar_of(("a", "a", "x")),
        grammar_of(("a", "b", "x"), ("c", "d", "x"), accept=["b"]),
        grammar_of(("a", "b", "x"), ("d", "d", "x"), ("e", "a", "x"), accept=["b"]),
        grammar_of(("a", "b", "x"), ("c", "d", "x"), ("d", "c", "x"), start=["a", "c"], accept=["b", "d"]),
    ],
    ids=["one state", "two parts", "unreachable", "two starts"],
)
def test_small_and_odd_graphs(grammar):
    drawing = layout(grammar)
    assert finite(drawing)
    for a, b in combinations(drawing.nodes, 2):
        assert math.hypot(a.x - b.x, a.y - b.y) > 2 * drawing.radius


@pytest.mark.slow
@given(grammars(*VALID))
@settings(max_examples=60, deadline=None)
def test_any_grammar_has_a_drawing(grammar):
    drawing = layout(grammar)
    assert finite(drawing)
    assert sum(len(arc.symbols) for arc in drawing.arcs) == grammar.graph.number_of_edges()


@pytest.mark.slow
def test_the_same_grammar_has_the_same_drawing_in_every_process():
    code = """
import lstmc
from lstmc.picture.layout import layout
print(layout(lstmc.load_grammar("random", {"states": 40})))
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.slow
def test_large_graphs_take_work_in_proportion():
    def work(states):
        grammar = lstmc.load_grammar("random", {"states": states})
        return lines(lambda: layout(grammar))

    assert in_proportion(work, 20)
    assert finite(drawing_of("random", {"states": 500}))


def framed(*nodes, given=True, arcs=()):
    return module._framed(nodes, arcs, 24.0, given)


def state(x, y, end="", entry=None):
    return module.Node("a", x, y, bool(entry), False, "", end, entry)


@pytest.mark.parametrize(
    ("at", "moved", "size"),
    [
        (24.0, 24.0, 58.0),  # at the edge
        (23.9, 34.0, 68.0),
        (524.0, 524.0, 558.0),  # as much blank as may be
        (524.1, 34.0, 68.0),
    ],
)
def test_given_positions_stay_unless_something_sticks_out_or_much_is_blank(at, moved, size):
    drawing = framed(state(at, at))
    (node,) = drawing.nodes
    assert (node.x, node.y) == (moved, moved)
    assert (drawing.width, drawing.height, drawing.radius) == (size, size, 24)
    (node,) = framed(state(at, at), given=False).nodes
    assert (node.x, node.y) == (34, 34)


def test_a_frame_holds_ends_entries_arcs_and_their_texts():
    """With ten pixels on every side."""
    ends = framed(state(100.0, 100.0, end="0.5"), given=False)
    assert (ends.width, ends.height) == (68, 68 + module.LINE)
    (node,) = framed(state(100.0, 100.0, entry=(50.0, 100.0)), given=False).nodes
    assert (node.x, node.entry) == (60, (10, 34))
    path = ((0.0, 0.0), (10.0, -80.0), (20.0, -80.0), (30.004, 30.0))
    (arc,) = framed(arcs=[module.Arc("a", "a", ("x",), path, (0.0, 0.0), ("x",))], given=False).arcs
    assert arc.path == (arc.path[0], (arc.path[0][0] + 10, 10), (arc.path[0][0] + 20, 10), (arc.path[0][0] + 30, 120))
    width, height = label_size(("a long text",))
    drawing = framed(arcs=[module.Arc("a", "a", ("x",), ((0.0, 0.0),), (0.0, 7.0), ("a long text",))], given=False)
    assert drawing.width == round(width + 20, 1)
    assert drawing.height == round(height / 2 + max(height / 2, 7) + 20, 1)
    assert drawing.arcs[0].label == (round(10 + width / 2, 2), round(17 + height / 2 - 7 + max(0, 7 - height / 2), 2))


def spacing(grammar, radius=24.0):
    return module._spacing(module._texts(grammar), radius, grammar)


def test_states_stand_apart_as_their_texts_and_their_number_need():
    small = grammar_of(("a", "b", "x"))
    assert spacing(small) == module.Spacing(48 + 70 + 2 * 0.6, state=24 + 20, looped=24 + 35, bend=11)
    wide = grammar_of(("a", "b", "symbols as long as this"))
    assert spacing(wide).across == 48 + label_size(("symbols as long as this",))[0] + 30
    ring = [(f"s{n}", f"s{(n + 1) % 300}", "x") for n in range(300)]
    assert spacing(grammar_of(*ring, start=["s0"])).across == 48 + 70 + 120


def test_the_tallest_loop_says_how_much_room_loops_have():
    loops = [("a", "a", f"{n} symbol") for n in range(9)]
    drawn = grammar_of(*loops, ("a", "b", "x"), ("b", "b", "y"))
    (tall,) = [module._lines(texts) for pair, texts in module._texts(drawn).items() if pair == ("a", "a")]
    assert len(tall) > 1
    assert spacing(drawn).looped == 24 + (40 + 30 + label_size(tall)[1]) / 2


@pytest.mark.parametrize(("name", "radius"), [("q", 24.0), ("state", None), ("a very long name", 34.0)])
def test_a_state_is_as_large_as_its_name_needs(name, radius):
    assert module._radius(grammar_of((name, name, "x"), start=[name])) == (radius or text_width(name) / 2 + 5)


def test_texts_stand_in_the_order_of_the_alphabet_with_what_is_said_and_how_likely():
    drawn = grammar_of(("a", "b", "y"), ("a", "b", "x", {"output": "o"}), ("b", "b", "y", {"output": "p"}))
    assert module._texts(drawn) == {("a", "b"): [("x", "x/o"), ("y", "y")], ("b", "b"): [("y", "y/p")]}
    likely = {"probability": 1 / 3}, {"probability": 2 / 3}
    drawn = grammar_of(("a", "a", "y", likely[1]), ("a", "b", "x", likely[0]))
    assert module._texts(drawn)["a", "b"] == [("x", "x 0.3333")]


def test_sizes_are_changed_on_purpose():
    assert (module.SMALLEST, module.LARGEST, module.ENTRY, module.MARGIN) == (24, 34, 24, 10)
    assert (module.MOST_BLANK, module.GAP, module.BEND, module.BELOW) == (500, 70, 11, 40)
