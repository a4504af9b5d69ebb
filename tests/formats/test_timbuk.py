"""Timbuk files of word automata are read as VATA reads them, and what is written is read back."""

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
from lstmc.grammar.read import parse_grammar
from lstmc.testing import assert_conforms

LITTLE = "Ops x:0 a:1 b:1\nAutomaton A\nStates q r\nFinal States r\nTransitions\nx -> q\na(q) -> r\nb(r) -> q\n"


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>", format="timbuk", name="grammar")


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["timbuk", "tmb"])
def test_the_plugin(ending: str) -> None:
    assert_conforms("lstmc.formats", ending)


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_automata_mean(seed: int) -> None:
    """As VATA writes them, with arities of states and brackets of constants, or without."""
    automaton, rng = random_automaton(seed), Random(seed)
    arity, brackets = rng.choice(["", ":0"]), rng.choice(["", "()"])
    moves = [f"x{brackets} -> {state}" for state in automaton.start]
    moves += [f"{symbol}({p}) -> {q}" if symbol else f"{p} -> {q}" for p, symbol, q in automaton.moves]
    rng.shuffle(moves)
    text = [
        "Ops b:1 x:0 a:1\n",
        "Automaton aut1",
        f"States {' '.join(f'{state}{arity}' for state in rng.sample(automaton.states, len(automaton.states)))}",
        f"Final States {' '.join(automaton.final)} ",
        "Transitions",
        *moves,
    ]
    grammar = parse("\n".join(text))
    assert words_of(grammar) == automaton.words()
    assert grammar.alphabet == ("b", "a")


def test_what_is_read() -> None:
    assert parse(LITTLE).to_dict() == {
        "name": "grammar",
        "alphabet": ["a", "b"],
        "nodes": [{"id": "q", "start": True}, {"id": "r", "accept": True}],
        "edges": [
            {"source": "q", "target": "r", "symbol": "a"},
            {"source": "r", "target": "q", "symbol": "b"},
        ],
    }
    assert parse(LITTLE.replace("\n", " ").replace("->", "   ->\n")) == parse(LITTLE)
    assert parse(LITTLE + "r -> q").to_dict()["edges"][-1] == {"source": "r", "target": "q", "epsilon": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("Ops", ["G070"]),
        ("Ops a\nAutomaton A", ["G070"]),
        ("Ops a:b\nAutomaton A", ["G070"]),
        (LITTLE.replace("Final States", "Final"), ["G070"]),
        (LITTLE.replace("a(q)", "a(q"), ["G070"]),
        (LITTLE.replace("a(q) -> r", "a(q) r"), ["G070"]),
        (LITTLE.replace("a(q) -> r", "a(q) ->"), ["G070"]),
        (LITTLE.replace("a(q) -> r", "a -> r"), ["G070"]),
        (LITTLE.replace("a(q)", "x(q)"), ["G070"]),
        (LITTLE.replace("a(q)", "a(q, r)"), ["G071"]),
        (LITTLE.replace("a(q)", "c(q)"), ["G010"]),
        (LITTLE.replace("x -> q", "y -> q"), ["G001", "G010"]),
        (LITTLE.replace("x:0", "x:0 y:0").replace("a(q) -> r", "y -> r"), ["G071"]),
        (LITTLE.replace("x:0", "x:0 a:1"), ["G013"]),
        (LITTLE.replace("Final States r", "Final States"), ["G040"]),
        (LITTLE.replace("x -> q\n", ""), ["G001"]),
        (LITTLE + LITTLE, ["G071"]),
        (LITTLE + "TRS R\n", ["G071"]),
        (LITTLE.replace("a:1", "end:1").replace("a(q)", "end(q)"), ["G011", "G011"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == expected


MANY = 200_000
HOSTILE = {
    "arrows": LITTLE + "->" * MANY,
    "brackets": LITTLE + "a" + "(" * MANY,
    "commas": LITTLE + "a(" + ",q" * MANY,
    "names": "Ops " + "a " * MANY,
    "states": "Ops a:1 Automaton A States " + "q " * MANY,
    "states and ε-moves": LITTLE.replace("q r\n", " ".join(f"q{n}" for n in range(9000)) + " q r\n", 1)
    + "q0 -> q\n" * 9000
    + "->",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


@pytest.mark.slow
@given(grammar=nasty())
def test_nasty_texts_read_back_or_are_refused(grammar: Grammar) -> None:
    graph = nx.MultiDiGraph(alphabet=list(grammar.alphabet))
    for state, data in grammar.graph.nodes(data=True):
        graph.add_node(state, **{key: data[key] for key in ("start", "accept") if key in data})
    graph.add_edges_from(grammar.graph.edges(data=True))
    plain = Grammar.from_graph(graph, "grammar")
    try:
        text = text_of(plain, "timbuk")
    except UsageError:
        return
    assert parse(text) == plain
    assert text_of(parse(text), "timbuk") == text


def test_the_leaf_has_a_name_of_its_own() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("start", start=True, accept=True)
    graph.add_edge("start", "start", symbol="start_")
    assert "start__ -> start\n" in text_of(Grammar.from_graph(graph, "grammar"), "timbuk")


@pytest.mark.parametrize("text", ["a b", "(", "a:1", "a->b", "Final", "TRS"])
def test_what_cannot_be_said(text: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("q", start=True, accept=True)
    graph.add_edge("q", "q", symbol=text)
    with pytest.raises(UsageError, match="Timbuk cannot hold this grammar"):
        text_of(Grammar.from_graph(graph, "grammar"), "timbuk")


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/timbuk.md").read_text("utf-8")) > 0
