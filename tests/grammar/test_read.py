"""Grammar files are read as the text that stands in them, and a file that cannot be read says why."""

import json
import os
import time
from pathlib import Path

import networkx as nx
import pytest
import yaml
from checking import check_file
from work import in_proportion, lines, no_hanging

from lstmc.errors import InputError, LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError, compose
from lstmc.grammar.diagnostics import GrammarPluginError
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar, read_grammar

ROOT = Path(__file__).parents[2]
GRAMMARS = sorted((ROOT / "grammars").glob("*.yaml"))
ERRORS = sorted((ROOT / "tests/errors").glob("*.yaml"))

LITTLE = """
nodes: [{id: 0, start: true}, {id: 1, accept: true}]
edges: [{source: 0, target: 1, symbol: a}]
"""


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse_grammar(text)
    return [each.code for each in caught.value.diagnostics]


def test_reber() -> None:
    reber = read_grammar(ROOT / "grammars/reber.yaml")
    assert reber.name == "reber"
    assert reber.alphabet == tuple("BTSXPVE")
    assert reber.start == ("start",)
    assert list(reber.graph) == ["start", "0", "1", "2", "3", "4", "5", "6"]
    assert reber.graph.number_of_edges() == 12
    assert reber.graph.nodes["6"] == {"accept": True, "pos": [802.0, 225.0]}
    assert reber.graph.get_edge_data("1", "1") == {0: {"symbol": "S"}}
    assert reber.warnings == ()
    assert nx.is_frozen(reber.graph)


PLAIN = ["no", "on", "y", "010", "1e5", "~", "2024-01-01", "true", "null", "0x1F", "1_000", "12:30", ".inf", "-1", "5."]


@pytest.mark.parametrize("text", [*PLAIN, "=", "<<", "é", "日本", "🙂", "a b", "a:b", "a#b", "-a", "x%"])
def test_text_is_what_stands_in_the_file(text: str) -> None:
    grammar = parse_grammar(
        f"nodes:\n  - {{id: {text}, start: true, output: {text}}}\n  - {{id: other, accept: true}}\n"
        f"edges:\n  - {{source: {text}, target: other, symbol: {text}}}\n"
    )
    assert list(grammar.graph) == [text, "other"]
    assert grammar.alphabet == grammar.outputs == (text,)


@pytest.mark.parametrize(
    ("written", "text"),
    [("'no'", "no"), ('"a\\tb"', "a\tb"), ('"\\u263a"', "☺"), ("'it''s'", "it's"), ("' a '", " a "), ('"\\n"', "\n")],
)
def test_quoted_text_is_what_is_meant(written: str, text: str) -> None:
    assert parse_grammar(LITTLE.replace("symbol: a", f"symbol: {written}")).alphabet == (text,)


def test_without_an_alphabet_the_symbols_are_sorted() -> None:
    edges = ", ".join(f"{{source: 0, target: 1, symbol: {symbol}}}" for symbol in ["b", "Z", "10", "9", "é"])
    assert parse_grammar(LITTLE.partition("edges")[0] + f"edges: [{edges}]").alphabet == ("10", "9", "Z", "b", "é")


def test_the_alphabet_may_name_symbols_that_no_rule_uses() -> None:
    assert parse_grammar("alphabet: [c, a, b]" + LITTLE).alphabet == ("c", "a", "b")


@pytest.mark.parametrize(
    ("start", "states"),
    [("any", ("0", "1")), ("[1]", ("1",)), ("[1, 0]", ("0", "1")), ("\n  - 1\n  - '0'", ("0", "1"))],
)
def test_start_becomes_a_mark_of_the_states(start: str, states: tuple[str, ...]) -> None:
    text = LITTLE.replace(", start: true", "").replace(
        "1, symbol: a}", "1, symbol: a}, {source: 1, target: 0, symbol: b}"
    )
    grammar = parse_grammar(f"start: {start}\n{text}")
    assert grammar.start == states
    assert "start" not in grammar.graph.graph
    assert (
        parse_grammar(f"graph: {{start: {start}}}\n{text}" if "\n" not in start else f"start: {start}{text}") == grammar
    )


def test_a_state_may_be_called_any_or_end() -> None:
    text = LITTLE.replace("id: 0, start: true", "id: any").replace("source: 0", "source: any")
    text = text.replace("id: 1", "id: end").replace("target: 1", "target: end")
    assert parse_grammar("start: [any]" + text).start == ("any",)


def test_what_is_false_is_not_there() -> None:
    grammar = parse_grammar(LITTLE.replace("id: 1", "id: 1, start: false"))
    assert grammar.graph.nodes["1"] == {"accept": True}


def test_probabilities_are_the_doubles_of_their_text() -> None:
    grammar = parse_grammar(
        "nodes: [{id: 0, start: true}, {id: 1, accept: true, end: 2.5e-1}]\n"
        "edges:\n"
        "- {source: 0, target: 1, symbol: a, probability: 1}\n"
        "- {source: 1, target: 1, symbol: a, probability: .75}\n"
    )
    assert grammar.graph.nodes["1"]["end"] == 0.25
    assert [data["probability"] for *_, data in grammar.graph.edges(data=True)] == [1.0, 0.75]


def test_probabilities_may_miss_1_by_a_rounding_error() -> None:
    third = "\n".join(
        f"- {{source: 0, target: 1, symbol: {symbol}, probability: 0.3333333333333333}}" for symbol in "abc"
    )
    assert parse_grammar(LITTLE.partition("edges")[0] + "edges:\n" + third).alphabet == ("a", "b", "c")


@pytest.mark.parametrize(
    ("second", "is_fine"), [("0.4999999991", True), ("0.4999999989", False), ("0.5000000011", False)]
)
def test_the_sum_may_differ_from_1_by_1e_9(second: str, is_fine: bool) -> None:
    text = LITTLE.replace(
        "symbol: a}", f"symbol: a, probability: 0.5}}, {{source: 0, target: 0, symbol: b, probability: {second}}}"
    )
    if is_fine:
        parse_grammar(text)
    else:
        assert codes(text) == ["G021"]


def test_sums_are_exact_where_doubles_are_not() -> None:
    """0.1 ten times is 0.9999999999999999 in doubles; 1e-300 beside 1 is lost in them, and is no error here."""
    tenth = [f"{{source: 0, target: 1, symbol: s{i}, probability: 0.1}}" for i in range(10)]
    tiny = "{source: 0, target: 1, symbol: tiny, probability: 1e-300}"
    parse_grammar(LITTLE.partition("edges")[0] + f"edges: [{', '.join([*tenth, tiny])}]")


def test_an_output_more_is_another_rule() -> None:
    two = "symbol: a, output: x}, {source: 0, target: 1, symbol: a, output: y}"
    assert parse_grammar(LITTLE.replace("symbol: a}", two)).outputs == ("x", "y")


def test_what_networkx_writes_loads_unchanged_with_ids_that_are_numbers() -> None:
    graph = nx.MultiDiGraph(name="numbers")
    graph.add_node(1, start=True, pos=(0.5, 2))
    graph.add_node(2, accept=True)
    graph.add_edge(1, 2, symbol=0)
    graph.add_edge(1, 2, symbol=1.5)
    graph.add_edge(2, 1, symbol="no")
    data = nx.node_link_data(graph, edges="edges")
    grammar = Grammar.from_graph(graph)
    assert parse_grammar(yaml.safe_dump(data)) == grammar
    assert parse_grammar(json.dumps(data)) == grammar
    assert parse_grammar(yaml.safe_dump(nx.node_link_data(grammar.graph, edges="edges"))) == grammar
    assert grammar.alphabet == ("0", "1.5", "no")


@pytest.mark.parametrize("file", GRAMMARS, ids=lambda path: path.stem)
def test_shipped_grammars_come_back_from_networkx(file: Path) -> None:
    grammar = read_grammar(file)
    assert check_file(file) == grammar.warnings
    if "plugin:" not in file.read_text("utf-8"):
        assert parse_grammar(yaml.safe_dump(nx.node_link_data(grammar.graph, edges="edges"))) == grammar


def test_a_file_without_a_name_has_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "little.v2.yaml").write_text(LITTLE)
    assert read_grammar(tmp_path / "little.v2.yaml").name == "little.v2"
    assert read_grammar(str(tmp_path / "little.v2.yaml")).name == "little.v2"


@pytest.mark.parametrize(
    "change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n", "\r")]
)
def test_byte_order_marks_and_line_ends_do_not_matter(change: "object", tmp_path: Path) -> None:
    (tmp_path / "little.yaml").write_bytes(change(LITTLE).encode())  # type: ignore[operator]
    assert read_grammar(tmp_path / "little.yaml") == read_grammar_of(LITTLE, tmp_path)


def read_grammar_of(text: str, folder: Path) -> Grammar:
    (folder / "plain").mkdir()
    (folder / "plain/little.yaml").write_bytes(text.encode())
    return read_grammar(folder / "plain/little.yaml")


def test_warnings_stay_with_the_grammar() -> None:
    grammar = parse_grammar(LITTLE.replace("{id: 1,", "{id: 9}, {id: 1,"), "some.yaml")
    assert [(each.code, each.severity, each.file, each.line) for each in grammar.warnings] == [
        ("G041", "warning", "some.yaml", 2)
    ]


def test_warnings_are_reported_with_the_errors() -> None:
    assert codes("alphabet: [b]" + LITTLE.replace("{id: 1,", "{id: 9}, {id: 1,")) == ["G041", "G010"]


def test_a_mistyped_key_is_one_mistake() -> None:
    assert codes(LITTLE.replace("symbol", "simbol")) == ["G050"]


# Plugins


def test_a_plugin_makes_the_grammar() -> None:
    grammar = parse_grammar("name: nested-2\nplugin: embedded-reber\nparameters: {depth: 2}")
    assert grammar.name == "nested-2"
    assert len(grammar.graph) > len(parse_grammar("plugin: embedded-reber").graph)


def test_a_plugin_file_without_a_name_has_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("plugin: embedded-reber\n")
    assert read_grammar(tmp_path / "mine.yaml").name == "mine"


@pytest.mark.parametrize(
    "text", ["plugin: nobody", "plugin: os:system", "plugin: embedded-reber\nparameters: {depth: 99}"]
)
def test_errors_of_plugins_have_an_exit_code_of_their_own(text: str) -> None:
    with pytest.raises(GrammarPluginError) as caught:
        parse_grammar(text)
    assert caught.value.exit_code == 5
    assert caught.value.diagnostics[0].line == 1 + text.count("\n")


def test_a_plugin_whose_graph_is_no_grammar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(plugin: str, parameters: dict[str, object], name: str) -> Grammar:
        return Grammar.from_graph(nx.MultiDiGraph(), name)

    monkeypatch.setattr("lstmc.grammar.catalogue.make", broken)
    (tmp_path / "mine.yaml").write_text("plugin: embedded-reber\n")
    assert {each.file for each in check_file(tmp_path / "mine.yaml")} == {"graph 'mine'"}


# Files that cannot be read


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read: No such file"):
        read_grammar(tmp_path / "none.yaml")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        check_file(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "secret.yaml"
    file.write_text(LITTLE)
    file.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_grammar(file)


def test_text_that_is_not_utf_8_has_a_place(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: é\nb: ".encode() + b"\xe9\n")
    with pytest.raises(InputError, match=r"latin\.yaml:2:4: not UTF-8: byte 0xe9"):
        read_grammar(tmp_path / "latin.yaml")


def test_lone_surrogates_in_a_text() -> None:
    assert codes(LITTLE.replace("symbol: a", "symbol: \ud800")) == ["G068"]


# Limits


@pytest.mark.parametrize("limit", [{"bytes": 50}, {"states": 1}, {"edges": 0}, {"values": 10}])
def test_limits_are_refused_with_the_way_out(limit: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "little.yaml").write_text(LITTLE)
    with pytest.raises(LimitError) as caught:
        read_grammar(tmp_path / "little.yaml", Limits(**limit))
    (name,) = limit
    assert f"LSTMC_MAX_GRAMMAR_{name.upper()}" in caught.value.help
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("text", "problems", "codes"),
    [
        (f"{LITTLE}a: 1\nb: 2\nc: 3\n", 3, ["G050", "G050", "G050"]),
        (f"{LITTLE}a: 1\nb: 2\nc: 3\n", 2, ["G050", "G050", "G070"]),  # of the schema
        (f"{LITTLE}name: 1\nname: 2\nname: 3\n", 1, ["G064", "G070"]),  # of the reader
        (LITTLE.replace("symbol: a", "symbol: end") + "name: 1\nname: 2\n", 1, ["G011", "G070"]),  # of both together
        (
            "nodes: [{id: a, start: true}, {id: b}, {id: c}]\nedges: [{source: a, target: a, symbol: x}]",
            0,
            ["G041"] * 2,
        ),
    ],
)
def test_of_a_file_with_too_many_problems_the_first_are_told(
    text: str, problems: int, codes: list[str], tmp_path: Path
) -> None:
    """The last one says that there are more. Warnings do not count: a file that has only these is read."""
    (tmp_path / "many.yaml").write_text(text)
    found = check_file(tmp_path / "many.yaml", Limits(problems=problems))
    assert [each.code for each in found] == codes
    if "G070" in codes:
        assert f"more than {problems:,} problems" in found[-1].message
        assert "LSTMC_MAX_GRAMMAR_PROBLEMS" in found[-1].help
    if "G041" in codes:
        assert read_grammar(tmp_path / "many.yaml", Limits(problems=problems)).alphabet == ("x",)


def test_reading_may_not_take_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "little.yaml").write_text(LITTLE)
    monkeypatch.setattr("lstmc.grammar.read.check_tree", lambda tree, most: time.sleep(2))
    with pytest.raises(LimitError) as caught:
        read_grammar(tmp_path / "little.yaml", Limits(seconds=1))
    assert caught.value.message.endswith("little.yaml: reading it takes more than the limit of 1 seconds")
    assert "LSTMC_MAX_GRAMMAR_SECONDS" in caught.value.help


@pytest.mark.parametrize("name", ["BYTES", "STATES", "EDGES", "VALUES"])
def test_limits_move_with_the_environment(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "little.yaml").write_text(LITTLE)
    monkeypatch.setenv(f"LSTMC_MAX_GRAMMAR_{name}", "0")
    with pytest.raises(LimitError):
        check_file(tmp_path / "little.yaml")
    monkeypatch.setenv(f"LSTMC_MAX_GRAMMAR_{name}", "1000")
    assert check_file(tmp_path / "little.yaml") == ()


@pytest.mark.parametrize("text", ["", "many", "-1", "1e3", "²", "9" * 5000])
def test_a_limit_that_is_no_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTMC_MAX_GRAMMAR_BYTES", text)
    with pytest.raises(UsageError, match="LSTMC_MAX_GRAMMAR_BYTES must be a whole number"):
        read_grammar(ROOT / "grammars/reber.yaml")


@pytest.mark.parametrize("text", ["[" * 200_000, "{a: " * 200_000, "- " * 200_000, "? " * 200_000])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    with no_hanging():
        assert codes(text) == ["G065"]


def test_64_levels_are_not_too_deep() -> None:
    assert "G065" not in codes("[" * 64 + "]" * 64)
    assert "G065" in codes("[" * 65 + "]" * 65)


@pytest.mark.slow
def test_work_grows_with_the_length_of_a_file_and_not_with_its_square() -> None:
    """Each state and edge has a number of its own; in the second file every edge names a state that is not there."""

    def work(count: int) -> int:
        nodes = "".join(f"  - {{id: {i}, pos: [{i}.5, 0], accept: true}}\n" for i in range(1, count + 2))
        edges = "".join(
            f"  - {{source: {i}, target: {i + 1}, symbol: a, probability: {i}e-5}}\n" for i in range(1, count + 1)
        )
        right = f"start: [1]\nnodes:\n{nodes}edges:\n{edges}"
        wrong = right.replace("target: ", "target: q")
        assert parse_grammar(right).graph.number_of_edges() == count
        assert len(codes(wrong)) >= count
        return lines(lambda: (parse_grammar(right), codes(wrong)))

    assert in_proportion(work, 30)


# The parser in Python, which serves where libyaml is not there


@pytest.mark.parametrize("file", GRAMMARS, ids=lambda path: path.stem)
def test_both_parsers_read_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_grammar(file)
    monkeypatch.setattr(compose, "LOADER", yaml.SafeLoader)
    assert read_grammar(file) == fast


@pytest.mark.parametrize("file", [path for path in ERRORS if "utf" not in path.stem], ids=lambda path: path.stem)
def test_both_parsers_refuse_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = check_file(file)
    monkeypatch.setattr(compose, "LOADER", yaml.SafeLoader)
    slow = check_file(file)
    if "not-yaml" in file.stem:  # the parser in Python stops elsewhere, or later
        assert slow
    else:
        assert [(each.line, each.code) for each in slow] == [(each.line, each.code) for each in fast]


def test_probabilities_are_passed_over_where_that_is_asked() -> None:
    """Also wrong ones: nothing is checked of what is not read."""
    text = """
        {}nodes: [{{id: 0, start: true}}, {{id: 1, accept: true, end: 0.5}}]
        edges:
          - {{source: 0, target: 0, symbol: a, probability: 0.5}}
          - {{source: 0, target: 1, symbol: a, probability: 0.9}}
        """
    with pytest.raises(GrammarError, match="`probabilities: none` passes them over"):
        parse_grammar(text.format(""))
    for key in ("probabilities: none\n        ", "graph: {probabilities: none}\n        "):
        grammar = parse_grammar(text.format(key))
        assert [sorted(data) for *_, data in grammar.graph.edges(data=True)] == [["symbol"], ["symbol"]]
        assert "end" not in grammar.graph.nodes["1"]


def test_an_edge_with_several_symbols_is_a_rule_for_each() -> None:
    text = """
        nodes: [{id: 0, start: true}, {id: 1, accept: true, end: 1/3}]
        edges:
          - {source: 0, target: 1, symbol: [b, a, 010], output: x, probability: 1/3}
          - {source: 1, target: 0, symbol: c, output: y, probability: 2/3}
        """
    grammar = parse_grammar(text)
    assert grammar.alphabet == ("010", "a", "b", "c")
    assert [(p, q, *data.values()) for p, q, data in grammar.graph.edges(data=True)] == [
        *(("0", "1", symbol, 1 / 3, "x") for symbol in ("b", "a", "010")),
        ("1", "0", "c", 2 / 3, "y"),
    ]
    assert grammar.graph.nodes["1"]["end"] == 1 / 3


def test_ranges_of_characters_are_a_rule_for_each() -> None:
    text = """
        nodes: [{id: 0, start: true}, {id: 1, accept: true}]
        edges:
          - {source: 0, target: 1, symbols: [x-z, _, "-", 0-1, "--/"], output: o}
          - {source: 1, target: 1, symbols: é-ë}
        """
    grammar = parse_grammar(text)
    assert [(p, q, *data.values()) for p, q, data in grammar.graph.edges(data=True)] == [
        *(("0", "1", symbol, "o") for symbol in ("x", "y", "z", "_", "-", "0", "1", ".", "/")),
        *(("1", "1", symbol) for symbol in "éêë"),
    ]
    graph = nx.MultiDiGraph()
    graph.add_node(0, start=True, accept=True)
    graph.add_edge(0, 0, symbols="a-c")
    assert Grammar.from_graph(graph, "abc").alphabet == ("a", "b", "c")


@pytest.mark.parametrize(
    ("rest", "codes", "places"),
    [
        ("symbols: [z-a, ab, a-, b]", ["G053"] * 3, [42, 47, 51]),
        ("symbols: a-bc", ["G053"], [41]),
        ("symbols: ''", ["G053"], [41]),
        ("symbols: []", ["G053"], [41]),
        ("symbols: {a: b}", ["G052"], [41]),
        ("symbol: a, symbols: b", ["G053"], [9]),
        ("symbols: a, epsilon: true", ["G053"], [9]),
        ("symbols: [a-b, b]", ["G004"], [9]),
    ],
)
def test_ranges_that_are_none(rest: str, codes: list[str], places: list[int]) -> None:
    edges = f"[{{source: 0, target: 0, {rest}}}, {{source: 0, target: 0, symbol: z, output: o}}]"
    with pytest.raises(GrammarError) as caught:
        parse_grammar(f"nodes: [{{id: 0, start: true, accept: true, output: o}}]\nedges: {edges}")
    found = [each for each in caught.value.diagnostics if each.code != "G030"]
    assert [(each.code, each.column) for each in found] == [*zip(codes, places, strict=True)]


def test_ranges_are_counted_before_they_are_read() -> None:
    text = "nodes: [{id: 0, start: true, accept: true}]\nedges: [{source: 0, target: 0, symbols: [a-z, 一-龥]}]"
    with pytest.raises(LimitError, match="20,928 edges, more than the limit of 20,000"):
        parse_grammar(text, limits=Limits(edges=20_000))
    assert len(parse_grammar(text, limits=Limits(edges=20_928)).alphabet) == 20_928


@pytest.mark.parametrize(
    ("symbol", "codes"),
    [("[]", ["G053"]), ("[a, {b: c}]", ["G052"]), ("{a: b}", ["G052"]), ("[a, '']", ["G014"])],
)
def test_lists_of_symbols_that_are_none(symbol: str, codes: list[str]) -> None:
    with pytest.raises(GrammarError) as caught:
        parse_grammar(
            f"nodes: [{{id: 0, start: true, accept: true}}]\nedges: [{{source: 0, target: 0, symbol: {symbol}}}]"
        )
    assert [each.code for each in caught.value.diagnostics] == codes


@pytest.mark.parametrize("text", ["4/3", "0/3", "1/0", "-1/3", "1.5/3", "1/3/3", "'1/3'", "1 /3"])
def test_fractions_that_are_no_probability(text: str) -> None:
    edge = f"{{source: 0, target: 0, symbol: a, probability: {text}}}"
    with pytest.raises(GrammarError) as caught:
        parse_grammar(f"nodes: [{{id: 0, start: true, accept: true}}]\nedges: [{edge}]")
    assert [each.code for each in caught.value.diagnostics][:1] in (["G025"], ["G052"])
