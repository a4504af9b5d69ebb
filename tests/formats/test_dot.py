"""DOT files are read as the tools mean them that write them, and what is written is read back."""

from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inverse import FILES, ROOT, assert_inverse, assert_reads_as_beside
from pages import run_examples, run_python
from strategies import grammars
from work import no_hanging

from lstmc.errors import LimitError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import convert
from lstmc.grammar.draft import Draft, tree_to_draft
from lstmc.grammar.formats import Limits, file_format
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc.grammar.tree import Mapping

STRANGE = st.text('a/:,|\\"<>&;{}()[] \n0.5%εN#amp\r\t', min_size=1, max_size=9).filter(lambda text: text != "end")


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>.dot", format="dot")


def draft(text: str) -> Draft:
    """What stands between the outer braces, before it is checked whether it makes a grammar."""
    reading = file_format("dot").read(f"digraph {{ {text} }}", Limits())
    assert [each for each in reading.problems if each.code != "G073"] == []
    assert isinstance(reading.tree, Mapping)
    return tree_to_draft(reading.tree)


def edges(text: str) -> list[tuple[str, ...]]:
    """The rules of a graph: source, symbol, target, output, probability."""
    return [
        (
            rule.source.text,
            rule.symbol.text,
            rule.target.text,
            *(each.text for each in (rule.output, rule.probability) if each),
        )
        for rule in draft(text).rules
    ]


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.parametrize("file", sorted(FILES.glob("*.dot")), ids=lambda file: file.stem)
def test_what_other_tools_write(file: Path) -> None:
    assert_reads_as_beside(file)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(STRANGE, min_size=1, max_size=4, unique=True), STRANGE, st.booleans(), st.booleans())
def test_texts_that_mean_something_in_labels_read_back(
    symbols: list[str], output: str, mealy: bool, even: bool
) -> None:
    graph = nx.MultiDiGraph(name="g")
    graph.add_node(output, start=True, accept=True, **({} if mealy else {"output": output}))
    for symbol in symbols:
        graph.add_edge(output, output, symbol=symbol, **({"output": output} if mealy else {}))
        if even:
            graph.edges[output, output, 0]["probability"] = 1 / 3
            graph.nodes[output]["end"] = 2 / 3
            break
    assert_inverse(Grammar.from_graph(graph), "dot")


@pytest.mark.parametrize("number", [5e-324, 1e-300, 1e-05, 0.1, 0.30000000000000004])
def test_probabilities_read_back_to_the_last_bit(number: float) -> None:
    graph = nx.MultiDiGraph(name="p")
    graph.add_node("q", start=True, accept=True, end=1 - number if number > 1e-9 else 1.0)
    graph.add_edge("q", "q", symbol="a", probability=number)
    grammar = Grammar.from_graph(graph)
    text = convert(grammar, "dot")
    assert f'"a:{number!r}"' in text
    assert parse(text).to_dict() == grammar.to_dict()


def test_reber_is_written_as_a_person_writes_it() -> None:
    lines = convert(read_grammar(ROOT / "grammars/reber.yaml"), "dot").splitlines()
    assert lines[:3] == ["digraph reber {", '    alphabet="B T S X P V E";', "    rankdir=LR;"]
    assert '    6 [label="6", shape=doublecircle, pos="802,-225!"];' in lines
    assert '    start -> 0 [label="B"];' in lines
    assert lines[-1] == "}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a -> b -> c [label=x]", [("a", "x", "b"), ("b", "x", "c")]),
        ("{a b} -> c [label=x]", [("a", "x", "c"), ("b", "x", "c")]),
        ("a, b -> {c; d} [label=x]", [("a", "x", "c"), ("a", "x", "d"), ("b", "x", "c"), ("b", "x", "d")]),
        ("a -> {b -> c [label=y]} [label=x]", [("b", "y", "c"), ("a", "x", "b"), ("a", "x", "c")]),
        ("edge [label=x] a -> b {edge [label=y] b -> a} a -> a", [("a", "x", "b"), ("b", "y", "a"), ("a", "x", "a")]),
        ("a:f0:n->b:sw[label=x]c", [("a", "x", "b")]),
        ("-1 -> .5 -> 1. [label=1]", [("-1", "1", ".5"), (".5", "1", "1.")]),
        ('"a" + "b" -> b [label="x"+"y"]', [("ab", "xy", "b")]),
        ('a -> b [label="a \\\n b"]', [("a", "a  b", "b")]),
        ('a -> b [label=y; label="\\"q\\""][fontsize=9]', [("a", '"q"', "b")]),
        ('a -> b [label="c\\\\d"]', [("a", "c\\d", "b")]),
        ("a -> b [label=<x &lt; <i>y</i>>]", [("a", "x < y", "b")]),
        ("a -> b [label=<<table><tr><td>x</td><td>/</td><td>y</td></tr></table>>]", [("a", "x", "b", "y")]),
        ("a -> b [label=<<table><td>x y</td>></table>]", None),
        ("a -> b [label=<<i>x y</i> >]", [("a", "x y", "b")]),
        ("a -> b # c ]\n [label=x]", [("a", "x", "b")]),
        ("a -> b [label=x] // c\n# d\n/* }\n */", [("a", "x", "b")]),
        ('a -> b [label="a/x"] b -> a [label="b / y/z"]', [("a", "a", "b", "x"), ("b", "b", "a", "y/z")]),
        ('a -> b [label="/"] b -> a [label="//x"]', [("a", "/", "b"), ("b", "/", "a", "x")]),
        ('a -> b [label="a:0.25"] a -> a [label="b: 0.75"]', [("a", "a", "b", "0.25"), ("a", "b", "a", "0.75")]),
        ('a -> b [label="a (0.25)"] a -> a [label="f(1) (.75)"]', [("a", "a", "b", "0.25"), ("a", "f(1)", "a", ".75")]),
        (
            'a -> b [label="a/x:0.5"] a -> a [label="b/y:5e-1"]',
            [("a", "a", "b", "x", "0.5"), ("a", "b", "a", "y", "5e-1")],
        ),
        ('a -> b [label="a:1"]', [("a", "a", "b", "1")]),
        (
            'a -> b [label="a:0.5"] a -> a [label="b:0.5"] b -> a [label="c:1"]',
            [("a", "a", "b", "0.5"), ("a", "b", "a", "0.5"), ("b", "c", "a", "1")],
        ),
        ('a -> b [label="a:1"] b -> a [label="b:2"]', [("a", "a:1", "b"), ("b", "b:2", "a")]),
        ('a -> b [label="a, b"]', [("a", "a", "b"), ("a", "b", "b")]),
        ('a -> b [label="a\\nb\\lc\\l"]', [("a", "a", "b"), ("a", "b", "b"), ("a", "c", "b")]),
        ('a -> b [label=","] b -> a [label="(,)"]', [("a", ",", "b"), ("b", "(", "a"), ("b", ")", "a")]),
        ('a -> b [label="a | b"] b -> a [label="||"]', [("a", "a", "b"), ("a", "b", "b"), ("b", "||", "a")]),
        ('a -> b [label="a|b|c"]', [("a", "a", "b"), ("a", "b", "b"), ("a", "c", "b")]),
        ('a -> b [label="in / x,y"]', [("a", "in", "b", "x,y")]),
        ('a -> b [label="in/x | y, z"]', [("a", "in", "b", "x | y, z")]),
        ('a -> b [label="in / x/1,y/2"]', [("a", "in", "b", "x/1,y/2")]),
        ('a -> b [label="a / x, b / y,z"]', [("a", "a", "b", "x, b / y,z")]),
        ('a -> b [label="a / x, b / "]', [("a", "a", "b", "x"), ("a", "b", "b")]),
        ('a -> b [label="1 / "] b -> a [label="2 / x"]', [("a", "1", "b"), ("b", "2", "a", "x")]),
        ('a -> b [label="1/"] b -> a [label="2/"]', [("a", "1", "b"), ("b", "2", "a")]),
        ('a -> b [label="(x | y),z | |"]', [("a", "(x | y)", "b"), ("a", "z", "b"), ("a", "|", "b")]),
        ('a -> b [label="f(x, y), [0,1]"]', [("a", "f(x, y)", "b"), ("a", "[0,1]", "b")]),
        ('a -> b [label="a/x, b/y"]', [("a", "a", "b", "x"), ("a", "b", "b", "y")]),
        ('a -> b [label="for people", symbol="a/b", output="\\\\n\\n"]', [("a", "a/b", "b", "\\n\n")]),
        ("a -> b [label=a, output=x] b -> a [label=b, probability=1]", [("a", "a", "b", "x"), ("b", "b", "a", "1")]),
        ("a -> b [xlabel=x] b -> a [symbol=ε]", [("a", "x", "b"), ("b", "ε", "a")]),
        ('a -> b [label="0.5"] a -> a [label=x]', [("a", "0.5", "b"), ("a", "x", "a")]),
        (
            r'a -> b [label="\T\n\H!\n\E"] b -> a [label="\N"]',
            [*(("a", s, "b") for s in ("a", "b!", "a->b")), ("b", "N", "a")],
        ),
        (r"a -> b [label=<\T\\\N\n>]", [("a", r"a\\N\n", "b")]),
        ('a -> b [label="&hearts;&check;"] b -> a [label=<p\nq\tr>]', [("a", "♥&check;", "b"), ("b", "pqr", "a")]),
        ("i [shape=point] i -> a [xlabel=x] a -> a [label=y]", [("i", "x", "a"), ("a", "y", "a")]),
    ],
)
def test_what_edges_say(text: str, expected: list[tuple[str, ...]] | None) -> None:
    if expected is None:
        assert codes(f"digraph {{ {text} }}") == ["G070"]
    else:
        assert edges(text) == expected


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("a -> b [label=x]", ["a"]),
        ("b; a -> b [label=x]", ["b"]),
        ('s [shape=none, label=""]; s -> b; a -> b [label=x] b -> a [label=x]', ["b"]),
        ("s [shape=plaintext]; s -> b; b -> a -> b [label=x]", ["b"]),
        ("s [shape=point]; s -> b [label=start]; b -> a -> b [label=x]", ["b"]),
        ('s [style="dashed, invis"]; s -> b; b -> a -> b [label=x]', ["b"]),
        ('"" -> b; b -> a -> b [label=x]', ["b"]),
        ('"" [shape=none]; "" -> {a b}; b -> a -> b [label=x]', ["a", "b"]),
        ("a -> b -> a [label=x] b [start=true]", ["b"]),
        ("a -> b -> a [label=x] b [initial=True] a [initial=0]", ["b"]),
        ("node [shape=none] s -> b -> s [label=x]", ["s"]),  # its arrow says something
        ("node [shape=plaintext] a -> b -> a [label=start]", ["a"]),
    ],
)
def test_where_strings_start(text: str, starts: list[str]) -> None:
    states = draft(text).states
    assert [state.id.text for state in states if state.start] == starts
    assert {state.id.text for state in states} <= {"a", "b"} | set(starts)


def test_what_states_say() -> None:
    text = (
        'a [shape=doublecircle, pos="53.5,-225!"]; b [peripheries=2]; c [label="c|x", shape=record]; '
        'd [label="{d|\\<y\\>}", accept=yes, pos="0,1e1"]; e [output=z, accept=false] f [label="a\\|b"] '
        'g [shape=doublecircle, peripheries=1] h [shape=doubleoctagon, peripheries=no, label="\\N|\\G\\N"] '
        "i [peripheries=3] h -> g -> i -> h [label=x] a -> i [label=z] "
        'a -> b -> c -> d -> e -> f -> a [label=x] b -> f [label=y] b [end=""]'
    )
    assert dict(parse(f"digraph {{ {text} }}").graph.nodes(data=True)) == {
        "a": {"start": True, "accept": True, "pos": [53.5, 225.0]},
        "b": {"accept": True},
        "c": {"output": "x"},
        "d": {"output": "<y>", "accept": True, "pos": [0.0, -10.0]},
        "e": {"output": "z"},
        "f": {},
        "g": {},
        "h": {"accept": True, "output": "h"},
        "i": {"accept": True},
    }


def said(text: str, **parameters: str) -> tuple[list[tuple[str, str | None]], list[str]]:
    """The states with their outputs, and the notes."""
    reading = file_format("dot").read(f"digraph {{ {text} }}", Limits(), **parameters)  # type: ignore[arg-type]
    assert {each.code for each in reading.problems} <= {"G073"}
    assert isinstance(reading.tree, Mapping)
    states = tree_to_draft(reading.tree).states
    outputs = [(state.id.text, state.output.text if state.output else None) for state in states]
    return outputs, [each.message for each in reading.problems]


@pytest.mark.parametrize(
    ("text", "outputs", "noted"),
    [
        ('a [label=N] b [label="A"] a -> b -> a [label=x]', ["N", "A"], "are taken for outputs"),
        ('a [label="N|1|2"] b [label="A"] a -> b -> a [label=x]', ["N|1|2", "A"], "are taken for outputs"),
        ("a [label=N] b [label=N] a -> b -> a [label=x]", ["N", "N"], "are taken for outputs"),
        ("s0 [label=0] s1 [label=q1] s0 -> s1 -> s0 [label=x]", [None, None], "are passed over"),
        ('a [label="a"] b [label="\\N"] a -> b -> a [label=x]', [None, None], ""),
        ('a b [state=B, label="b, or B"] a -> b -> a [label=x]', [None, None], ""),
        ("a [label=N] b [label=A, shape=doublecircle] a -> b -> a [label=x]", [None, None], ""),
        ("a [label=N] b [label=N, shape=doublecircle] a -> b -> a [label=x]", [None, None], "are passed over"),
        ('a [label=N] b [label=A] a -> b -> a [label="x/y"]', [None, None], ""),
        ("a [label=N] b a -> b -> a [label=x]", [None, None], "are passed over"),
        ('a [label="a|N"] b [label="b|A"] a -> b -> a [label=x]', ["N", "A"], "for a state and its output"),
        ('node [shape=Mrecord] a [label="a|N"] b [label="b|A"] a -> b -> a [label=x]', ["N", "A"], ""),
    ],
)
def test_labels_of_nodes_are_outputs_or_names(text: str, outputs: list[str | None], noted: str) -> None:
    states, notes = said(text)
    assert [output for _, output in states] == outputs
    assert [noted in note for note in notes] == ([True] if noted else [])


PARTIAL = 's -> s [label="a/x"]; s -> t [label="b/y"]'


def test_strings_of_a_partial_machine_may_stop_anywhere() -> None:
    for text in (PARTIAL, 's [label="s|x", shape=record] t [label="t|y", shape=record] s -> t [label=a]'):
        grammar = parse(f"digraph {{ {text} }}")
        assert grammar.warnings == ()
        assert [data["accept"] for _, data in grammar.graph.nodes(data=True)] == [True, True]
        assert_inverse(grammar, "dot")
    for text in (PARTIAL + "; s [accept=false]", "s -> s [label=a] s -> t [label=b]"):
        grammar = parse(f"digraph {{ {text} }}")
        assert [each.code for each in grammar.warnings] == ["G042"]
        assert_inverse(grammar, "dot")
    complete = parse(f"digraph {{ {PARTIAL}; t -> s [label=a] }}")
    assert [data.get("accept") for _, data in complete.graph.nodes(data=True)] == [None, None]


def test_the_user_says_whether_labels_of_nodes_are_outputs() -> None:
    text = "a [label=N] b [label=N, shape=doublecircle] a -> b -> a [label=x]"
    assert said(text, kind="moore") == ([("a", "N"), ("b", "N")], [])
    assert said(text, kind="acceptor") == ([("a", None), ("b", None)], [])
    assert said('a [label="a|N"] a -> a [label=x]', kind="mealy") == ([("a", None)], [])


@pytest.mark.parametrize("start", ["start", "go [shape=box]", 'q [label="->"]'])
def test_a_start_arrow_that_can_be_seen(start: str) -> None:
    states, notes = said(f"{start}; {start.split()[0]} -> a; a -> b -> a [label=x]")
    assert [state for state, _ in states] == ["a", "b"]
    assert [f"node '{start.split()[0]}' is taken for the arrow" in note for note in notes] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "q -> a; a -> b",
        "q [shape=doublecircle]; q -> a; a -> b [label=x]",
        "q [accept=true]; q -> a; a -> b [label=x]",
        "i [shape=point]; i -> a; q -> a; a -> b [label=x]",
        "q -> a; a -> b [label=x] b [start=true]",
    ],
)
def test_an_edge_without_a_label_is_an_error_where_it_may_be_a_rule(text: str) -> None:
    assert "G051" in codes(f"digraph {{ {text} }}")


def test_the_name_is_the_graphs_unless_tools_call_every_graph_so() -> None:
    body = "{ a -> a [label=x] }"
    names = ("reber", '"x-1"', '"my lamp"', "g", "FST", '"State Machine"', '""', "nul", '"x."')
    found = [parse(f"digraph {name} {body}").name for name in names]
    assert found == ["reber", "x-1", "my-lamp", *["grammar"] * 6]
    assert parse(f"digraph reber {{ name=mine; subgraph b {{ name=yours }} {body[1:]}").name == "mine"


def test_the_alphabet_is_that_of_the_graph() -> None:
    text = r'digraph { alphabet="x a\ b \\ \n é"; a -> a [label=x] }'
    assert parse(text).alphabet == ("x", "a b", "\\", "\n", "é")


def test_one_symbol_a_label_where_the_reader_is_told() -> None:
    reading = file_format("dot").read('digraph { a -> b [label="a, b"] }', Limits(), several=False)
    assert "'a, b'" in str(reading.tree)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("digraph", ["G070"]),
        ("digraph {", ["G070"]),
        ("digraph { a -> }", ["G070"]),
        ("digraph { a -> node [label=x] }", ["G070"]),
        ("digraph { a -> b [label] }", ["G070"]),
        ("digraph { a b c", ["G070"]),
        ("digraph { a -> b [label=x] } }", ["G070"]),
        ("digraph { a -> b [label=x] } digraph { }", ["G071"]),
        ("digraph { a -> b [label=<x] }", ["G070"]),
        ("digraph { a -> b [label=<x<!-- ]>> }", ["G070"]),
        ("digraph { 1a -> b [label=x] }", ["G070"]),
        ('digraph { a -> b [label="x" + y] }', ["G070"]),
        ("graph { a -- b }", ["G007"]),
        ("digraph { a -- b }", ["G007"]),
        ("digraph { }", ["G001", "G005"]),
        ("digraph { <a> -> b [label=x] }", ["G071"]),
        ("digraph { a -> b [label=<<img src='x'/>>] }", ["G071"]),
        (
            'digraph { a -> b; b -> a [label="ε:0.5"]; a -> c [label="x,,y"] b -> c [label="x,y/1"] }',
            ["G051", "G071", "G071", "G071"],
        ),
        ("digraph { a -> b [label=1.0] b -> a [label=0.5] b -> b [label=0.5] }", ["G071"]),
        ('digraph { a [accept=perhaps, pos="1"] a -> b [label=x, probabilty=1] }', ["G052", "G052", "G050"]),
        (
            'digraph { a [accept=True, final=no] i [shape=point] i -> a [probability=0.5] a -> b [label="EPS/x"] }',
            ["G053", "G051", "G071"],
        ),
        (
            "digraph { a [shape=doublecircle, accept=false] s [shape=point] s -> a [start=1] a -> a [label=x] }",
            ["G053"],
        ),
        ('digraph { a [label="a|b|c", shape=record] a -> a [label="x/y" output=z] }', ["G071", "G053"]),
        ("strict digraph { a -> a [label=x] a -> a [label=y] }", ["G071"]),
        ("digraph { a -> a [label=x key=0] a -> a [label=y key=0] }", ["G071"]),
        ("digraph { a -> a [label=x dir=back] }", ["G071"]),
        ('digraph FST { 0 -> 1 [label="a:b/0.5"] }', ["G071"]),
        ('digraph { 0 -> 1 [label="a b "] }', ["G071"]),
        ("digraph {" + "{" * 70 + "}" * 70 + "}", ["G065"]),
        ('digraph { a -> a [label="a/"] a -> "" -> a [label=x] }', ["G014"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


MANY = 100_000
HOSTILE = {
    "an unclosed quote": 'digraph { a -> "' + "b" * 10 * MANY,
    "an unclosed comment": "digraph { /*" + "/*" * 10 * MANY,
    "an unclosed HTML text": "digraph { a [label=" + "<" * 10 * MANY,
    "tags that do not end": "digraph { a -> b [label=<" + "<a" * MANY + ">" * MANY + ">] }",
    "a long tag": "digraph { a -> b [label=<<" + "a" * 10 * MANY + "<>>>] }",
    "nested HTML": "digraph { a -> b [label=<" + "<" * MANY + ">" * MANY + "x>] }",
    "many braces": "digraph " + "{" * 10 * MANY,
    "many backslashes": 'digraph { a -> b [label="' + "\\\\" * 10 * MANY + '"] }',
    "many commas": 'digraph { a -> b [label="' + "a," * MANY + '"] }',
    "many brackets": 'digraph { a -> b [label="' + "(a," * MANY + '"] }',
    "many bars": 'digraph { a [shape=record, label="' + "|" * MANY + '"] a -> a [label=x] }',
    "many entities": 'digraph { a -> b [label="' + "&" * 10 * MANY + "&amp;" * MANY + '"] }',
    "a long chain": "digraph { a -> " + " -> ".join(map(str, range(MANY // 5))) + " [label=x] }",
    "all to all": "digraph { {" + " ".join(map(str, range(1000))) + "} -> {" + " ".join(map(str, range(1000))) + "} }",
    "a group again": "digraph { subgraph s {" + " ".join(map(str, range(9000))) + "} " + "subgraph s {}" * 9000,
    "pieces": "digraph { a -> b [label=" + '"a"+' * MANY + '"a"] }',
    "a long number": "digraph { a [pos=\"" + "9" * MANY + ",1\"] a -> a [label=x, probability=1e999999] }",
    "probabilities": 'digraph { a -> a [label="a:1e999999"] a -> a [label="a:0.' + "9" * MANY + '"] }',
    "NUL": "digraph { a -> b [label=\"\0\"] }",
    "surrogates": 'digraph { a -> b [label="\ud800&#xD800;&#1114112;"] }',
    "attributes": "digraph { a [" + " ".join(f"star{n}=1" for n in range(20_000)) + "] a -> a [label=x] }",
    "blank lines": "\n" * 10 * MANY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a" + " -> a" * 11, "11 edges"),
        ('a -> a [label="' + "a," * 10 + 'a"]', "11 edges"),
        ("a" + ",a" * 20, "21 values"),
        ('alphabet="' + "a " * 21 + '"', "21 values"),
    ],
)
def test_limits_are_told_before_much_is_read(text: str, what: str) -> None:
    with pytest.raises(LimitError, match=what):
        file_format("dot").read(f"digraph {{ {text} }}", Limits(edges=10, values=20))


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


@settings(max_examples=30, deadline=None)
@given(grammars("mealy", "moore"))
def test_aalpy_loads_what_is_written(tmp_path_factory: pytest.TempPathFactory, grammar: Grammar) -> None:
    handler = pytest.importorskip("aalpy.utils.FileHandler", reason="AALpy is not installed: pip install aalpy")
    ids = {state: f"s{number}" for number, state in enumerate(grammar.graph)}
    symbols = {symbol: f"i{number}" for number, symbol in enumerate(grammar.alphabet)}
    graph = nx.relabel_nodes(nx.MultiDiGraph(grammar.graph), ids)  # AALpy splits lines at signs and blanks
    del graph.graph["alphabet"]
    for *_, data in graph.edges(data=True):
        data["symbol"] = symbols[data["symbol"]]
        data.pop("probability", None)
    for _, data in graph.nodes(data=True):
        data.pop("end", None)
    missing = [data for *_, data in [*graph.nodes(data=True), *graph.edges(data=True)] if "output" not in data]
    kind = "moore" if any("output" in data for _, data in graph.nodes(data=True)) else "mealy"
    for data in missing:
        if ("symbol" in data) == (kind == "mealy"):
            data["output"] = "none"
    written = Grammar.from_graph(graph)
    file = tmp_path_factory.mktemp("aalpy") / "machine.dot"
    file.write_text(convert(written, "dot"), "utf-8")
    machine = handler.load_automaton_from_file(file, kind)
    assert machine.initial_state.state_id == written.start[0]
    rules = {(state.state_id, x, q.state_id) for state in machine.states for x, q in state.transitions.items()}
    assert rules == {(p, data["symbol"], q) for p, q, data in written.graph.edges(data=True)}


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/formats/dot.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    assert run_examples(page) == 4
    assert run_python(page, "dot.md") == 1
