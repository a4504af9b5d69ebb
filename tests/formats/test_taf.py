"""TAF files are read as LearnLib reads them, and what is written is read back."""

from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from inverse import ROOT, nasty
from languages import random_automaton, words_of
from pages import run_examples
from work import no_hanging

from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import text_of
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar
from lstmc.testing import assert_conforms

DFA = "dfa {a,b} {\n\ts0 [initial] {\n\t\ta -> s1\n\t}\n\ts1 [accepting] {\n\t\t{a,b} -> s0\n\t}\n}\n"
MEALY = 'mealy {coin,"push it"} {\n s0 [init] { coin / ok -> s1 * / "-" -> s0 }\n s1 { coin -> s1 * / tea -> s0 }\n}'


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>", format="taf", name="grammar")


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.slow
def test_the_plugin() -> None:
    assert_conforms("lstmc.formats", "taf")


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_automata_mean(seed: int) -> None:
    """As LearnLib writes them: symbols that lead to one state stand together; or with all the rest behind a star."""
    automaton = random_automaton(seed, "abc", silent=False, deterministic=True, starts=1)
    rng, lines = Random(seed), []
    for state in automaton.states:
        options = [
            *(["initial"] if state in automaton.start else []),
            *(["accepting"] if state in automaton.final else []),
        ]
        lines.append(f"\t{state} {'[' + ', '.join(options) + '] ' if options else ''}{{")
        targets: dict[str, list[str]] = {}
        for source, symbol, target in automaton.moves:
            if source == state and symbol is not None:
                targets.setdefault(target, []).append(symbol)
        ways = list(targets.items())
        whole = sum(len(symbols) for symbols in targets.values()) == 3
        for number, (target, symbols) in enumerate(ways):
            together = symbols[0] if len(symbols) == 1 else "{" + ",".join(symbols) + "}"
            if whole and number == len(ways) - 1 and rng.random() < 0.5:
                together = "*"
            lines.append(f"\t\t{together} -> {target} // to {target}")
        lines.append("\t}")
    alphabet = rng.choice(["{a,b,c}", "[a..c]", '{"a", b ,"c"}'])
    text = "\n".join([f"{rng.choice(['dfa', 'DFA'])} {alphabet} {{", *lines, "}"])
    assert words_of(parse(text)) == automaton.words()


def test_what_is_read() -> None:
    assert parse(DFA).to_dict() == {
        "name": "grammar",
        "alphabet": ["a", "b"],
        "nodes": [{"id": "s0", "start": True}, {"id": "s1", "accept": True}],
        "edges": [
            {"source": "s0", "target": "s1", "symbol": "a"},
            {"source": "s1", "target": "s0", "symbol": "a"},
            {"source": "s1", "target": "s0", "symbol": "b"},
        ],
    }
    mealy = parse(MEALY).to_dict()
    assert [(edge["symbol"], edge.get("output")) for edge in mealy["edges"]] == [
        ("coin", "ok"), ("push it", "-"), ("coin", None), ("push it", "tea"),
    ]  # fmt: skip
    assert not any(node.get("accept") for node in mealy["nodes"])
    assert parse('dfa {"a\\"b"} { s [init, acc] { "a\\"b" -> s } } /* end */').alphabet == ('a"b',)


def test_a_state_without_a_block_has_no_transitions() -> None:
    grammar = parse("mealy a { s [initial] { a / x -> t } }")
    assert list(grammar.graph.nodes(data=True)) == [("s", {"start": True, "accept": True}), ("t", {"accept": True})]


def test_unknown_options_are_noted() -> None:
    grammar = parse(MEALY.replace("s1 {", "s1 [sink] {"))
    assert [each.code for each in grammar.warnings] == ["G073"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("digraph {}", ["G070"]),
        ("dfa {a}", ["G070"]),
        ("dfa {a,} {}", ["G070"]),
        ("dfa [a..] {}", ["G070"]),
        ("dfa [A..C] {}", ["G070"]),
        ("dfa [c..a] {}", ["G070"]),
        (DFA + "x", ["G070"]),
        (DFA.replace("s0 [", "7 ["), ["G070"]),
        (DFA.replace("s0 [", '"s0" ['), ["G070"]),
        (DFA.replace("-> s1", "s1"), ["G070"]),
        (DFA.replace("a -> s1", "a / x -> s1"), ["G070"]),
        (DFA.replace("a -> s1", "a -> s1 a -> s0"), ["G070"]),
        (DFA.replace("a -> s1", "? -> s1"), ["G070"]),
        (DFA.replace("a -> s1", '"a -> s1'), ["G070"]),
        (DFA.replace("a -> s1", "/* a -> s1"), ["G070"]),
        (DFA.replace("a -> s1", "c -> s1"), ["G010"]),
        (DFA.replace("initial", "acc"), ["G001"]),
        (DFA.replace("accepting", "initial"), ["G040"]),
        (DFA.replace("s1 [", "s0 ["), ["G002"]),
        (DFA.replace("{a,b} {", "{a,b,a} {"), ["G013"]),
        ("dfa {} { s [init, acc] { } }", ["G005", "G012"]),
        ("dfa end { s [init, acc] { * -> s } }", ["G011"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(set(codes(text))) == expected


def test_a_transition_may_be_told_twice() -> None:
    assert parse(DFA.replace("a -> s1", "a -> s1 a -> s1")) == parse(DFA)
    assert codes(MEALY.replace("/ ok -> s1", "/ ok -> s1 coin / no -> s1")) == ["G070"]


MANY = 200_000
HOSTILE = {
    "comments": "dfa " + "/*" * MANY,
    "lines": "//\n" * MANY,
    "quotes": 'dfa "' + '\\"' * MANY,
    "many quotes": "dfa {" + '"' * MANY,
    "brackets": "dfa " + "{" * MANY,
    "options": "dfa a { s [" + "init," * (MANY // 4),
    "stars": "dfa {" + ",".join(f"a{n}" for n in range(9000)) + "} { s [init] {" + "* -> s " * 9000 + "?} }",
    "slashes": "mealy a { s { a " + "/ " * MANY,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


def test_stars_make_no_more_rules_than_there_may_be() -> None:
    states = "".join(f"s{n} [{'initial' if n == 0 else 'acc'}] {{ * -> s{n + 1} }}\n" for n in range(20))
    with pytest.raises(LimitError):
        parse_grammar(f"dfa [a..z] {{ {states} }}", limits=Limits(edges=100), format="taf")


@pytest.mark.slow
@given(grammar=nasty("edges", most_starts=1))
def test_nasty_texts_read_back(grammar: Grammar) -> None:
    graph = nx.MultiDiGraph(alphabet=list(grammar.alphabet))
    names = {state: f"s{number}" for number, state in enumerate(grammar.graph)}
    for state, data in grammar.graph.nodes(data=True):
        accept = True if grammar.outputs else data.get("accept")
        graph.add_node(names[state], start=data.get("start"), accept=accept)
    graph.add_edges_from((names[p], names[q], data) for p, q, data in grammar.graph.edges(data=True))
    plain = Grammar.from_graph(graph, "grammar")
    try:
        text = text_of(plain, "taf")
    except UsageError:
        return
    assert parse(text) == plain
    assert text_of(parse(text), "taf") == text


@pytest.mark.parametrize(
    ("id", "rule", "reason"),
    [
        ("0", {"symbol": "a"}, "the id '0' is no name"),
        ("Mealy", {"symbol": "a"}, "the id 'Mealy' is no name"),
        ("q", {"symbol": "z"}, "the automaton is not deterministic"),
        ("q", {"symbol": "a\\"}, "has a backslash"),
        ("q", {"symbol": "a", "output": "x"}, "strings of a Mealy machine may stop in every state, as one of them"),
    ],
)
def test_what_cannot_be_said(id: str, rule: dict[str, str], reason: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node(id, start=True)
    graph.add_node("end", accept=True)
    graph.add_edge(id, "end", symbol="z")
    graph.add_edge(id, id, **rule)
    with pytest.raises(UsageError) as caught:
        text_of(Grammar.from_graph(graph, "grammar"), "taf")
    assert reason in caught.value.message


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/taf.md").read_text("utf-8")) > 0
