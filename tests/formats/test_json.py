"""Node-link JSON: every text where it stands, both ways with networkx, and nothing that is no JSON."""

import json
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inverse import FILES, ROOT, assert_reads_as_beside, nasty
from pages import run_examples, run_python
from strategies import VALID, grammars
from work import in_proportion, lines, no_hanging

from lstmc.errors import LimitError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import convert
from lstmc.grammar.formats import Mapping, Place, Sequence, Tree, Unreadable, file_format
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar

LITTLE = '{"nodes": [{"id": 0, "start": true, "accept": true}], "edges": [{"source": 0, "target": 0, "symbol": "a"}]}'


def parse(text: str, limits: Limits | None = None) -> Grammar:
    return parse_grammar(text, format="json", limits=limits)


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    assert all(each.help for each in caught.value.diagnostics)
    return [each.code for each in caught.value.diagnostics]


def place(text: str) -> tuple[int, int, int]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    (found,) = caught.value.diagnostics
    return found.line, found.column, found.width


@pytest.mark.parametrize("path", sorted(FILES.glob("*.json")), ids=lambda path: path.stem)
def test_what_networkx_writes(path: Path) -> None:
    assert_reads_as_beside(path)


@pytest.mark.slow
@given(grammars(*VALID), st.sampled_from(["edges", "links"]), st.booleans())
def test_what_networkx_gives_is_read(grammar: Grammar, edges: str, as_ascii: bool) -> None:
    data = nx.node_link_data(grammar.graph, edges=edges)
    assert parse(json.dumps(data, ensure_ascii=as_ascii)) == grammar
    assert parse(json.dumps(data, indent=2)) == grammar


@pytest.mark.slow
@given(grammars(*VALID))
def test_what_was_read_as_yaml_is_read_alike(grammar: Grammar) -> None:
    text = json.dumps(nx.node_link_data(grammar.graph, edges="edges"))
    assert parse_grammar(text, format="yaml") == parse(text)


@given(nasty())
@settings(max_examples=60)
def test_other_readers_read_what_is_written(grammar: Grammar) -> None:
    data = json.loads(convert(grammar, "json"))
    graph = nx.node_link_graph(data, edges="edges")
    assert list(graph.nodes(data=True)) == list(grammar.graph.nodes(data=True))
    assert list(graph.edges(data=True)) == list(grammar.graph.edges(data=True))
    assert graph.graph == grammar.graph.graph
    assert Grammar.from_graph(graph) == grammar


# The parser, beside Python's own

VALUES = st.recursive(
    st.one_of(st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 3]))
def test_any_json_is_read_as_python_reads_it(value: object, as_ascii: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=as_ascii, indent=indent)
    expected = json.loads(text, parse_int=str, parse_float=str)
    assert plain(tree_of('{"a": ' + text + "}").entries[0][1]) == as_texts(expected)


def tree_of(text: str) -> Mapping:
    tree = file_format("json").read(text, Limits()).tree
    assert isinstance(tree, Mapping)
    return tree


def plain(tree: Tree) -> object:
    match tree:
        case Mapping():
            return {key.text: plain(value) for key, value in tree.entries}
        case Sequence():
            return [plain(item) for item in tree.items]
        case _:
            return getattr(tree, "text", None)


def as_texts(value: object) -> object:
    match value:
        case dict():
            return {key: as_texts(each) for key, each in value.items()}
        case list():
            return [as_texts(each) for each in value]
        case bool():
            return "true" if value else "false"
        case _:
            return value


@given(st.text('{}[]:,"\\u0dD8e+-. \n1tfan/#', max_size=30))
def test_any_text_is_json_for_python_too_or_refused(text: str) -> None:
    """But for what we refuse on purpose: NaN, keys that stand twice, halves of surrogate pairs, deep nesting."""
    try:
        found = file_format("json").read(text, Limits())
    except Unreadable as stop:
        assert_no_json(text, stop)
    else:
        json.loads(text)
        assert found.tree is not None


def assert_no_json(text: str, stop: Unreadable) -> None:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return
    assert any(word in text for word in ("NaN", "Infinity")), stop.problems


def test_places_count_characters() -> None:
    (nodes,) = tree_of('{\r\n "é🙂": [{"id" : "é🙂x", "a": -0.10e5}]}').entries
    assert (nodes[0].text, nodes[0].place) == ("é🙂", Place(2, 2, 4))
    assert isinstance(nodes[1], Sequence)
    node = nodes[1].items[0]
    assert (nodes[1].place, node.place) == (Place(2, 8, 1), Place(2, 9, 1))
    assert isinstance(node, Mapping)
    assert [key.place for key, _ in node.entries] == [Place(2, 10, 4), Place(2, 24, 3)]
    assert [value for _, value in node.entries] == [
        ("é🙂x", Place(2, 17, 5), False),
        ("-0.10e5", Place(2, 29, 7), True),
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("0.10", "0.10"),
        ("1e5", "1e5"),
        ("-0", "-0"),
        ("1E+999999", "1E+999999"),
        ("9" * 10_000, "9" * 10_000),
        ("true", "true"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\uD834\\uDD1E"', "𝄞"),
        ('"\\/\\"\\\\\\n\\t"', '/"\\\n\t'),
        ('"\\u00e9\u2028"', "é\u2028"),
    ],
)
def test_texts(written: str, text: str) -> None:
    assert parse(LITTLE.replace('"a"', written)).alphabet == (text,)


def test_what_is_null_is_not_there() -> None:
    assert parse(LITTLE.replace('"a"', '"a", "output": null, "probability": null')) == parse(LITTLE)
    assert codes(LITTLE.replace('"a"', "null")) == ["G051"]


def test_links_are_edges_and_a_schema_is_for_editors() -> None:
    assert parse(LITTLE.replace('"edges"', '"links"')) == parse(LITTLE)
    assert parse(LITTLE.replace('{"nodes"', '{"$schema": "grammar.schema.json", "nodes"')) == parse(LITTLE)
    assert parse("\ufeff" + LITTLE) == parse(LITTLE)


def test_a_plugin_makes_the_grammar() -> None:
    grammar = parse('{"name": "nested-2", "plugin": "embedded-reber", "parameters": {"depth": 2}}')
    assert grammar == parse_grammar("name: nested-2\nplugin: embedded-reber\nparameters: {depth: 2}")
    assert codes('{"plugin": "embedded-reber", "parameters": {"depth": 99}}') == ["G081"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("}]}", "}],}"), "G070"),
        (("true}", "true,}"), "G070"),
        (('"a"', "'a'"), "G070"),
        (('"a"', "a"), "G070"),
        (('"a"', "True"), "G070"),
        (('"a"', "NaN"), "G070"),
        (('"a"', "-Infinity"), "G070"),
        (('"a"', "01"), "G070"),
        (('"a"', "1."), "G070"),
        (('"a"', ".5"), "G070"),
        (('"a"', "+1"), "G070"),
        (('"a"', "0x1"), "G070"),
        (('"a"', '"a\tb"'), "G070"),
        (('"a"', '"a\nb"'), "G070"),
        (('"a"', '"a\\x41"'), "G070"),
        (('"a"', '"a\\u00"'), "G070"),
        (('"a"', '"a'), "G070"),
        (('"a"', '"a\0"'), "G070"),
        (('"a"', ""), "G070"),
        (('"a"', '"a" /* a */'), "G070"),
        (('"symbol": ', '"symbol" '), "G070"),
        (('"symbol"', "symbol"), "G070"),
        (('"symbol"', "3"), "G070"),
        ((", ", " "), "G070"),
        (("]}", "]"), "G070"),
        (("]}", "}]"), "G070"),
        (("]}", "]}]"), "G070"),
        (("]}", "]} {}"), "G070"),
        (('"a"', '"\\ud83d"'), "G015"),
        (('"a"', '"\\ude00\\ud83d"'), "G015"),
        (('"a"', '"\\u0000"'), "G015"),
        (('"a"', '"\ud800"'), "G015"),
        (('"a"', '"a", "symbol": "b"'), "G064"),
        (('"edges"', '"links": [], "edges"'), "G064"),
        (('{"nodes"', '{"directed": false, "nodes"'), "G007"),
        (("true", '"true"'), "G052"),
        (("symbol", "simbol"), "G050"),
        ((LITTLE, "[]"), "G052"),
        ((LITTLE, "{}"), "G051"),
        ((LITTLE, " "), "G067"),
        ((LITTLE, "name: yaml"), "G070"),
        ((LITTLE, "[" * 65 + "]" * 65), "G065"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], code: str) -> None:
    assert code in codes(LITTLE.replace(*change))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"nodes": [\n  {"id": 0},\n]}', (3, 1, 1)),
        ('{"é": "🙂\\ud800"}', (1, 9, 6)),
        ('{\n"a": tru}', (2, 6, 3)),
        ('{"a": [1, 2', (1, 7, 1)),
        ('{"a": "b\n"}', (1, 7, 2)),
        ('{"a": "b\\q"}', (1, 9, 2)),
        ('{"a": 1} x', (1, 10, 1)),
        ("\n  nodes: []", (2, 3, 1)),
    ],
)
def test_where_it_is_wrong(text: str, at: tuple[int, int, int]) -> None:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    assert at in [(each.line, each.column, each.width) for each in caught.value.diagnostics]


def test_64_levels_are_not_too_deep() -> None:
    assert "G065" not in codes("[" * 64 + "]" * 64)


def test_the_number_of_values_is_limited() -> None:
    parse(LITTLE, Limits(values=19))
    with pytest.raises(LimitError, match="19 values"):
        parse(LITTLE, Limits(values=18))


LONG = 4_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        '"' + "a" * LONG,
        '{"a": "' + "a" * LONG + '"}',
        '{"a": "' + "\\n" * (LONG // 2) + '"}',
        '"' + "\\u00e" * (LONG // 6),
        " " * LONG + "x",
        "\n" * LONG,
        "9" * LONG + "x",
        "1" + "0.0e" * (LONG // 4),
        "[" * LONG,
        '{"a":' * (LONG // 5),
        "{" + '"a":1,' * 50_000,
        "[" + "1," * 200_000,
        '"' * (1_000_001),
        "-" * LONG,
    ],
    ids=lambda text: text[:8].replace("\n", "."),
)
def test_long_texts_do_not_hang(text: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)):
        parse(text)


def test_work_grows_with_the_length_and_not_with_its_square() -> None:
    def work(count: int) -> int:
        edge = '{"source": "a", "target": "a", "symbol": 1.0, "no": ["\\ud83d"]}'
        text = f'{{"nodes": [], "edges": [{", ".join([edge] * count)}]}}'
        return lines(lambda: codes(text))

    assert in_proportion(work, 50)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs/formats/json.md").read_text("utf-8")
    assert run_python(page, "docs/formats/json.md") == 1
    assert run_examples(page) == 1
