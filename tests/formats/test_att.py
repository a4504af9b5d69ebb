"""AT&T text is read as OpenFst, HFST and foma write it, and what is written is read back."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from att_text import parse, plain
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from inverse import FILES, ROOT, nasty
from pages import run_examples, run_python
from strategies import VALID, grammars
from work import in_proportion, lines, no_hanging

from lstmc.errors import InputError, LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import text_of
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc_att.weights import probability, shares, weight, weight_of

NAMES = str(FILES / "att-names.txt")
PARAMETERS = {"att-fstprint-numbers": {"kind": "transducer", "symbols": NAMES}}


def read(text: str, folder: Path, **parameters: str) -> Grammar:
    file = folder / "grammar.att"
    file.write_text(text, "utf-8")
    return read_grammar(file, parameters=parameters)


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


def assert_inverse(grammar: Grammar) -> None:
    """Written, it reads back as it is, or is refused; a second time it is written alike."""
    try:
        text = text_of(grammar, "att")
    except UsageError as error:
        assume(False)
        raise error
    again = parse(text)
    assert again == grammar
    assert text_of(again, "att") == text


@pytest.mark.parametrize("file", sorted(FILES.glob("*.att")), ids=lambda file: file.stem)
def test_what_other_tools_write(file: Path) -> None:
    grammar = read_grammar(file, parameters=PARAMETERS.get(file.stem))
    assert {each.code for each in grammar.warnings} <= {"G016", "G073"}  # a blank is a symbol that nobody sees
    assert grammar.to_dict() == read_grammar(file.with_suffix(".yaml")).to_dict()


@pytest.mark.slow
@settings(max_examples=150)
@given(grammars(*VALID))
def test_every_kind_of_grammar_reads_back(grammar: Grammar) -> None:
    assert_inverse(plain(grammar))


@pytest.mark.slow
@given(nasty() | nasty("edges"))
def test_nasty_texts_read_back(grammar: Grammar) -> None:
    assert_inverse(plain(grammar))


@pytest.mark.slow
@given(grammars(*VALID) | nasty() | nasty("edges"))
def test_what_is_written_of_any_grammar_reads_as_it(grammar: Grammar) -> None:
    """But for its name, which is that of the file, and the order of its states."""
    try:
        text = text_of(grammar, "att")
    except UsageError:
        return
    assert parse(text).to_dict()["alphabet"] == grammar.to_dict()["alphabet"]
    assert parse(text) == plain(grammar)


# Weights


@given(st.floats(min_value=0, max_value=1, exclude_min=True))
def test_probabilities_come_back_to_the_last_bit(number: float) -> None:
    assert probability(weight(weight_of(number))) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "0"), (0.5, "0.6931471805599453"), (0.25, "1.3862943611198906"), (0.1, "2.3025850929940456")],
)
def test_weights_are_logarithms(number: float, text: str) -> None:
    assert weight_of(number) == text
    assert math.exp(-float(text)) == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("number", [5e-324, 1e-300, 2.2250738585072014e-308, 1 - 2**-53, 1 / 3])
def test_extreme_probabilities_come_back(number: float) -> None:
    graph = nx.MultiDiGraph(name="grammar")
    graph.add_node("q", start=True, accept=True, end=1 - number)
    graph.add_edge("q", "q", symbol="a", probability=number)
    if number > 1e-9:
        assert_inverse(Grammar.from_graph(graph))
    assert probability(weight(weight_of(number))) == number


def test_rounded_weights_are_divided_out() -> None:
    assert shares([0.5, 0.5]) == [0.5, 0.5]
    assert shares([0.5, 0.5 + 1e-10]) == [0.5, 0.5 + 1e-10]  # near enough for any grammar
    assert shares([1.0000000001]) == [1.0]
    rounded = [float(f"{-math.log(each):.6f}") for each in (0.7, 0.2, 0.1)]  # as HFST prints them
    divided = shares([math.exp(-each) for each in rounded])
    assert divided is not None
    assert divided == pytest.approx([0.7, 0.2, 0.1], rel=1e-6)
    assert abs(sum(divided) - 1) < 1e-15
    assert shares([0.5, 0.4999]) is None


def test_what_weights_say(tmp_path: Path) -> None:
    text = "0\t1\ta\ta\t0.5\n0\t0.5\n1\t0\tb\tb\n"
    assert codes(text) == ["G021"]
    assert "probability" not in str(read(text, tmp_path, weights="none").to_dict())
    halves = read(text, tmp_path, weights="probability").to_dict()
    assert [edge.get("probability") for edge in halves["edges"]] == [0.5, None]
    assert halves["nodes"][0]["end"] == 0.5
    half = "0.6931471805599453"
    assert parse(f"0\t1\ta\ta\t{half}\n0\t{half}\n1\t0\tb\tb\t0\n").graph["1"]["0"][0]["probability"] == 1
    assert parse("0\t1\ta\ta\t0.000000\n0\t0.000000\n1\t0\tb\tb\t-0.0\n").graph["0"]["1"][0] == {"symbol": "a"}
    assert codes(f"0\t0\ta\ta\t{half}\n0\t0\tb\tb\t{half}\n0\n") == ["G021"]  # what is missing is 0


def test_an_infinite_weight_says_that_strings_do_not_end() -> None:
    assert parse("0 0 a\n1 Infinity\n2 inf\n").to_dict()["nodes"] == [
        {"id": "0", "start": True},
        {"id": "1"},
        {"id": "2"},
    ]
    assert codes("0 0 a\n0\n0 Infinity\n") == ["G070"]
    graph = nx.MultiDiGraph(name="grammar")
    graph.add_node("q", start=True, accept=True)
    graph.add_node("alone")
    graph.add_edge("q", "q", symbol="1")
    assert text_of(Grammar.from_graph(graph), "att") == "q\tq\t1\t1\t0\nq\nalone\tInfinity\n"
    assert_inverse(Grammar.from_graph(graph))


# Columns, and what stands in them


def test_kinds_are_told_by_columns(tmp_path: Path) -> None:
    edge = {"source": "0", "target": "0"}
    assert parse("0 0 a\n0\n").to_dict()["edges"] == [{**edge, "symbol": "a"}]
    assert parse("0 0 a x\n0\n").to_dict()["edges"] == [{**edge, "symbol": "a", "output": "x"}]
    assert parse("0 0 a a\n0\n").to_dict()["edges"] == [{**edge, "symbol": "a"}]
    assert parse("0 0 1 2 0\n0\n").to_dict()["edges"] == [{**edge, "symbol": "1", "output": "2"}]
    assert parse("0 0 1 2\n0 0 1 x\n").to_dict()["edges"][0]["output"] == "2"
    assert codes("0 0 1 2\n0\n") == ["G070"]
    told = {kind: read("0 0 1 2\n0\n", tmp_path, kind=kind, weights="none") for kind in ("acceptor", "transducer")}
    assert told["acceptor"].to_dict()["edges"] == [{**edge, "symbol": "1"}]
    assert told["transducer"].to_dict()["edges"] == [{**edge, "symbol": "1", "output": "2"}]
    assert read("0 0 a a\n0\n", tmp_path, kind="transducer").outputs == ("a",)
    with pytest.raises(GrammarError, match="a weight that is no number"):
        read("0 0 a x\n0\n", tmp_path, kind="acceptor")


def test_columns_lie_between_any_blanks_and_tabs() -> None:
    """As for OpenFst and HFST; tests/formats/test_att_tools.py asks them."""
    edges = [{"source": "0", "target": "1", "symbol": "a"}, {"source": "1", "target": "0", "symbol": "b"}]
    for first in ("0\t1\ta\ta", "0 1 a a", "0\t1 \ta\ta", "0 1\ta\ta", " 0\t\t1\ta \ta\t\t", "\t0 \t 1\ta\ta"):
        grammar = parse(f"{first}\r\n1\t0\tb\tb\r\n0 \n")
        assert grammar.to_dict()["edges"] == edges
    assert parse("0\t1\ta@_SPACE_@b\t@_COLON_@@_TAB_@\n1\n").to_dict()["edges"] == [
        {"source": "0", "target": "1", "symbol": "a b", "output": ":\t"}
    ]


@pytest.mark.parametrize(
    ("text", "symbols", "notes"),
    [
        ("0\t1\t \t \n1\n", [" "], ["G016", "G073"]),  # as foma writes it
        ("0\t1\ta b\ta b\n1\n", ["a b"], ["G073"]),
        ("0\t1\tc \tc\n0\t1\ta b\ta b\n1\n", ["a b", "c "], ["G073"]),
        ("0\t1\ta \ta\n1\n", ["a"], ["G073"]),  # more likely a blank too many
        ("0\t1 \ta\ta\n1\n", ["a"], []),  # for foma too
        ("0\t1\ta\ta\n1 \n", ["a"], []),
    ],
)
def test_a_blank_in_a_symbol_of_foma_is_noted(text: str, symbols: list[str], notes: list[str]) -> None:
    grammar = parse(text)
    assert list(grammar.alphabet) == symbols
    assert sorted({each.code for each in grammar.warnings}) == notes


def test_what_tools_read_otherwise_is_noted() -> None:
    def notes(text: str) -> list[str]:
        return [each.message for each in parse(text).warnings if each.code == "G073"]

    assert notes("1 0 a a\n0\n") == ["strings start in '1', with which the file begins, as in OpenFst"]
    assert notes("0 1 a a\n1\n") == notes("q 0 a a\nq 1 b b\n1\n0\n")[1:] == []
    assert len(notes("0 1 a a\n\n1 1 a a\n\n1\n")) == 1
    assert notes("0 1 a a\n1\n\n\n") == []  # at the end it parts nothing
    assert notes("0 0 a a\n") == ["no state is final: strings never end; to OpenFst, HFST and foma nothing is accepted"]


def test_tables_name_numbers(tmp_path: Path) -> None:
    text = "0\t0\t3\t0\n0\t0\t1\t2\n0\n"
    outputs = tmp_path / "outputs.txt"
    outputs.write_text("- 0\nx 2\n")
    both = read(text, tmp_path, symbols=NAMES, outputs=str(outputs))
    assert both.alphabet == ("red", "green", "blue")  # the order of the table
    assert [edge.get("output") for edge in both.to_dict()["edges"]] == [None, "x"]
    with pytest.raises(GrammarError) as caught:
        read("0\t0\t7\t2\n0\t0\tred\tred\n0\n", tmp_path, symbols=NAMES, kind="transducer")
    assert [(each.code, each.line, each.column) for each in caught.value.diagnostics if each.severity == "error"] == [
        ("G010", 1, 5), ("G010", 1, 7)
    ]  # fmt: skip
    with pytest.raises(GrammarError, match="a move that reads nothing, '0', has an output"):
        read("0\t0\t0\t2\t0\n0\n", tmp_path, symbols=NAMES)
    with pytest.raises(GrammarError, match="'7' is no number with a name"):
        read("0\t0\t7\t2\t0\n0\n", tmp_path, symbols=NAMES)


def test_tables_name_what_stands_there_by_name(tmp_path: Path) -> None:
    """As `fstcompile --isymbols` reads it: the table says which name is ε."""
    table = tmp_path / "isyms.txt"
    table.write_text("- 0\nred 1\neps 2\n2 3\n", "utf-8")
    text = "0\t1\tred\t-\n1\t1\teps\teps\n1\n"
    grammar = read(text, tmp_path, symbols=str(table), kind="transducer")
    assert grammar.alphabet == ("red", "eps", "2")
    assert [edge.get("output") for edge in grammar.to_dict()["edges"]] == [None, "eps"]
    assert {each.code for each in grammar.warnings} == {"G018"}  # a symbol with such a name
    with pytest.raises(GrammarError, match="'blue' is not in the symbol table"):
        read(text.replace("eps", "blue"), tmp_path, symbols=str(table))
    twofold = read("0\t0\t2\n0\n", tmp_path, symbols=str(table))  # the name, and the number of eps
    assert [edge["symbol"] for edge in twofold.to_dict()["edges"]] == ["2"]
    assert {each.code for each in twofold.warnings} == {"G018", "G073"}


def test_moves_that_read_nothing(tmp_path: Path) -> None:
    plain = parse("0 1 <eps> <eps>\n1 1 a a\n1 2 b b\n2 0 @0@ @0@\n2\n")
    assert [edge for edge in plain.to_dict()["edges"] if edge.get("epsilon")] == [
        {"source": "0", "target": "1", "epsilon": True},
        {"source": "2", "target": "0", "epsilon": True},
    ]
    assert plain.warnings == ()
    for name in ("eps", "epsilon", "EPS", "ε", "ɛ", "λ"):
        silent = parse(f"0 1 a a\n1 2 {name} {name}\n2 1 {name} {name}\n2\n")
        assert silent.alphabet == ("a",)
        assert [each.code for each in silent.warnings] == ["G073"]  # to HFST and foma it is a symbol
    table = tmp_path / "isyms.txt"
    table.write_text("<eps> 0\na 1\n", "utf-8")
    numbers = read("0 1 1\n1 2 0\n2\n", tmp_path, symbols=str(table))
    assert numbers.to_dict()["edges"][1] == {"source": "1", "target": "2", "epsilon": True}
    half = "0.6931471805599453"
    assert codes(f"0 0 a a {half}\n0 1 <eps> <eps> {half}\n1\n") == ["G071"]
    assert codes("0 0 a a\n0 1 <eps> x\n1\n") == ["G071"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"a 1\nb\n", r":2:1: 'b' is no line of a symbol table"),
        (b"a 1\nb 1\n", r":2:1: the number 1 stands twice"),
        (b"a 1\n\na 2\n", r":3:1: 'a' stands twice"),
        (b"a -1\n", r":1:1: 'a -1' is no line"),
        (b"\xff 1\n", r": not UTF-8"),
    ],
)
def test_tables_that_are_none(table: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "table.txt").write_bytes(table)
    with pytest.raises(InputError, match=message):
        read("0 0 1\n0\n", tmp_path, symbols=str(tmp_path / "table.txt"))
    for path in (tmp_path / "missing", tmp_path, "a\0b"):
        with pytest.raises(InputError, match="cannot be read"):
            read("0 0 1\n0\n", tmp_path, symbols=str(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("\n \n\t\n", ["G070"]),
        ("0\n", ["G005"]),
        ("0 0 a\n0 0 a b c d e f\n0\n", ["G070"]),
        ("0 0 a\n0 0 a b 0\n0\n", ["G070"]),
        ("0 0 a b 0\n0 0 c\n0\n", ["G070"]),
        ("0 0 a x\n0 x\n", ["G070"]),
        ("0 0 a x\n--\n0 0 a x\n", ["G071"]),
        ("0 0 a x\n0 0 <eps> x\n0\n", ["G071"]),
        ("0 0 @_IDENTITY_SYMBOL_@ @_IDENTITY_SYMBOL_@\n0\n", ["G071"]),
        ("0 0 @D.F@ x\n0 0 a @D.F@\n0\n", ["G071"]),
        ("0 0 a\n0\n0\n", ["G070"]),
        ("0 0 a -1\n0\n", ["G070"]),
        ("0 0 a a -1\n0 0 b b 746\n", ["G025", "G025"]),
        ("0 0 a a 1e999999999\n0 0 b b inf\n0 1e-999999999\n", ["G025", "G025"]),
        ("0 0 a a nan\n0\n", ["G070"]),
        ("0 0 a a " + "1" * 2000 + "\n0\n", ["G070"]),
        ("0 0 \0\n0\n", ["G015"]),
        ("0 0 \ud800\n0\n", ["G015"]),
        ("0\t1\t \t\n", ["G005", "G021"]),
        ("0 0 end\n0\n", ["G011"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


MANY = 200_000
HOSTILE = {
    "columns": "0 " * MANY + "\n",
    "tabs": "\t" * 10 * MANY,
    "lines": "\n" * 10 * MANY + "0 0 a\n0 0 a b c d e\n",
    "rows that are none": "0 0 a\n" + "0 0 a b c d e f\n" * (MANY // 50),
    "ends": "0 0 a\n" + "0\n" * (MANY // 50),
    "escapes": "0 0 " + "@_SPACE_" * MANY + "@_TAB_@" * MANY + "\n0 0 @D.F@\n",
    "flags": "0 0 " + "@P." * MANY + "\n0 x\n",
    "long weights": "".join(f"0 0 a{n} a {'9' * 990}\n" for n in range(MANY // 100)),
    "many weights": "".join(f"0 0 a{n} a {n}\n" for n in range(MANY // 10)),
    "a long line": "a" * 16_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


# What cannot be said


def halve(graph: Any, number: float = 0.5, accept: bool = False) -> None:
    """Give each rule this probability, or where strings may end half of it."""
    for *_, data in graph.edges(data=True):
        data["probability"] = number / 2 if accept else number
    graph.nodes["q"].update({"accept": True} if accept else {})


def add_ways(graph: Any, state: str, *symbols: str) -> None:
    """A state that cannot be reached, with a way on by each symbol."""
    for symbol in symbols:
        graph.add_edge(state, "q", symbol=symbol)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda graph: graph.add_node("r", start=True), "strings may start in 2 states"),
        (lambda graph: graph.add_node("q", output="x"), "states have outputs"),
        (lambda graph: graph.add_node("q", pos=[1, 2]), "states have positions"),
        (lambda graph: graph.graph.update(alphabet=["b", "a"]), "the alphabet is not just the symbols of the rules"),
        (lambda graph: graph.add_edge("q", "q", symbol="<eps>"), "the symbol '<eps>' stands for nothing"),
        (lambda graph: graph.add_edge("q", "q", symbol="@_TAB_@"), "the symbol '@_TAB_@' is an escape"),
        (lambda graph: graph.add_edge("q", "q", symbol="c\nd"), "holds a line break"),
        (lambda graph: graph.add_edge("q", "q", symbol="c", output="@0@"), "the output '@0@' stands for nothing"),
        (lambda graph: graph.add_edge("q", "--", symbol="c"), "the id '--' separates transducers"),
        (lambda graph: halve(graph, accept=True), "state 'q' has no probability of its end"),
        (lambda graph: [halve(graph), add_ways(graph, "r", "a", "b")], "state 'r' has no probabilities, but others"),
        (lambda graph: [graph.remove_edge("q", "q", 1), halve(graph, 1.0)], "each probability is 1"),
        (lambda graph: [data.update(output=data["symbol"]) for *_, data in graph.edges(data=True)], "puts out what it"),
    ],
)
def test_what_the_text_cannot_hold(change: Callable[[Any], object], reason: str) -> None:
    graph = nx.MultiDiGraph(name="grammar")
    graph.add_node("q", start=True)
    graph.add_edge("q", "q", symbol="a")
    graph.add_edge("q", "q", symbol="b")
    assert_inverse(Grammar.from_graph(graph))
    change(graph)
    grammar = Grammar.from_graph(graph)
    with pytest.raises(UsageError) as caught:
        text_of(grammar, "att")
    assert reason in caught.value.message


def test_writing_takes_work_in_proportion_to_the_rules() -> None:
    def work(states: int) -> int:
        graph = nx.MultiDiGraph(name="grammar")
        graph.add_node("0", start=True)
        graph.add_edges_from((str(n), str((n + 1) % states), {"symbol": "a"}) for n in range(states))
        grammar = Grammar.from_graph(graph)
        return lines(lambda: text_of(grammar, "att"))

    assert in_proportion(work, 100)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/formats/att.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    assert run_examples(page) == 6
    assert run_python(page, "att.md") == 1


def test_limits_are_told_before_much_is_read() -> None:
    few = Limits(states=1, edges=2)
    assert parse_grammar("0 0 a\n0 0 b\n0\n", "<text>", few, "att").alphabet == ("a", "b")
    with pytest.raises(LimitError, match="3 edges"):
        parse_grammar("0 0 a\n0 0\n0 0\n0 0\n", "<text>", few, "att")
