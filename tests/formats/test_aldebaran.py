"""Aldebaran files are read as CADP and mCRL2 write them, and what is written is read back."""

from pathlib import Path
from random import Random

import networkx as nx
import pytest
from inverse import ROOT, assert_inverse
from languages import Automaton, random_automaton, words_of
from pages import run_examples
from work import no_hanging

from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import text_of
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc.testing import assert_conforms

LITTLE = 'des (0, 2, 2)\n(0, "a", 1)\n(1, "b", 0)\n'


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>", format="aut", name="grammar")


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.slow
def test_the_plugin() -> None:
    assert_conforms("lstmc.formats", "aut")


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_systems_mean(seed: int) -> None:
    """Strings may stop in every state; `i` and `tau` read nothing."""
    made, rng = random_automaton(seed, starts=1), Random(seed)
    system = Automaton(made.moves, made.start, made.states)
    number = {state: n for n, state in enumerate(system.states)}
    silent = rng.choice(["i", '"i"', '"tau"'])
    labels = {None: silent, "a": '"a"', "b": rng.choice(["b", '"b"'])}
    blank = rng.choice(["", " "])
    lines = [f"des{blank}(0,{blank}{len(system.moves)},{blank}{len(number)}){blank}"]
    lines += [f"({number[p]},{blank}{labels[symbol]},{blank}{number[q]}){blank}" for p, symbol, q in system.moves]
    grammar = parse(rng.choice(["\n", "\r\n"]).join(lines))
    assert words_of(grammar) == system.words()


def test_what_is_read() -> None:
    grammar = parse('  des(  1, 4\t, 3)\n(1,"GET !true, !A (B, "c")", 2)\n\t( 2 , PUT_6, 0 )\n\n(0,*,1)\n(0 , i, 2)\n')
    assert grammar.to_dict() == {
        "name": "grammar",
        "alphabet": ["*", 'GET !true, !A (B, "c")', "PUT_6"],
        "nodes": [
            {"id": "0", "accept": True},
            {"id": "1", "start": True, "accept": True},
            {"id": "2", "accept": True},
        ],
        "edges": [
            {"source": "0", "target": "1", "symbol": "*"},
            {"source": "0", "target": "2", "epsilon": True},
            {"source": "1", "target": "2", "symbol": 'GET !true, !A (B, "c")'},
            {"source": "2", "target": "0", "symbol": "PUT_6"},
        ],
    }
    assert_inverse(parse(LITTLE), "aut")


def test_which_labels_are_silent_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "both.aut"
    file.write_text("des (0, 3, 2)\n(0, i, 1)\n(1, tau, 0)\n(1, a, 1)\n")
    assert [each.code for each in read_grammar(file).warnings] == ["G073"]
    for silent, alphabet in (("i", ("a", "tau")), ("tau", ("a", "i")), ("", ("a", "i", "tau")), ("i tau", ("a",))):
        grammar = read_grammar(file, parameters={"silent": silent})
        assert grammar.alphabet == alphabet
        assert [each.code for each in grammar.warnings] == (["G073"] if silent == "i tau" else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("(0, a, 1)\n", ["G070"]),
        ("des (0, 1)\n(0, a, 0)\n", ["G070"]),
        ("des (0, x, 1)\n(0, a, 0)\n", ["G070"]),
        ("des (0, 1, 1234567890)\n(0, a, 0)\n", ["G070"]),
        ("des (0 1/2 1, 1, 2)\n(0, a, 0)\n", ["G071"]),
        ("des (0, 1, 1)\n(0, a, 0)\n(0, b, 0)\n", ["G070"]),
        ("des (0, 3, 1)\n(0, a, 0)\n", ["G070"]),
        ("des (0, 1, 1)\n(0, a, 1)\n", ["G003"]),
        ("des (2, 1, 1)\n(0, a, 0)\n", ["G001", "G003"]),
        ("des (0, 1, 1)\n(0, a b, 0)\n", ["G070"]),
        ('des (0, 1, 1)\n(0, "a, 0)\n', ["G070"]),
        ("des (0, 1, 1)\n(0, 0)\n", ["G070"]),
        ("des (0, 1, 1)\n0 a 0\n", ["G070"]),
        ("des (0, 1, 1)\n(0, , 0)\n", ["G070"]),
        ('des (0, 1, 1)\n(0, "", 0)\n', ["G014"]),
        ("des (0, 1, 1)\n(0, end, 0)\n", ["G011"]),
        ("des (0, 0, 1)\n", ["G005"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == expected


def test_no_system_of_a_billion_states_is_made() -> None:
    with no_hanging(), pytest.raises(LimitError):
        parse("des (0, 1, 999999999)\n(0, a, 0)\n")
    with pytest.raises(LimitError):
        parse_grammar("des (0, 1, 3)\n(0, a, 0)\n", limits=Limits(states=2), format="aut")


MANY = 200_000
HOSTILE = {
    "blanks": "des (0, 1, 1)\n(0," + " " * 10 * MANY,
    "commas": "des (0, 1, 1)\n(0" + "," * MANY + "0)",
    "quotes": "des (0, 1, 1)\n(0," + '"' * MANY,
    "brackets": "des " + "(" * MANY,
    "lines": "des (0, 1, 1)\n" + "(\n" * MANY,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


@pytest.mark.parametrize(
    ("state", "symbol", "accept", "reason"),
    [
        ("q", "a", True, "the states are not called 0 to 0"),
        ("0", "a\nb", True, "holds a line break"),
        ("0", "tau", True, "the symbol 'tau' reads nothing"),
        ("0", "a", None, "no string ends"),
    ],
)
def test_what_cannot_be_said(state: str, symbol: str, accept: bool | None, reason: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node(state, start=True, accept=accept)
    graph.add_edge(state, state, symbol=symbol)
    with pytest.raises(UsageError) as caught:
        text_of(Grammar.from_graph(graph, "grammar"), "aut")
    assert reason in caught.value.message


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/aldebaran.md").read_text("utf-8")) > 0
