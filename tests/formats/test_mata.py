"""Mata and VTF files are read as Mata and VATA write and read them, and what is written is read back."""

from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from inverse import ROOT, nasty
from languages import Automaton, random_automaton, words_of
from pages import run_examples
from work import in_proportion, lines, no_hanging

from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import text_of
from lstmc.grammar.read import parse_grammar
from lstmc.testing import assert_conforms

MACHINE = """\
@NFA-explicit  # as Mata prints it
%Alphabet-auto
%Initial q0
%Final q2
q0 97 q1
q1 98 q2
q2 98 q0
"""


def parse(text: str, format: str = "mata") -> Grammar:
    return parse_grammar(text, "<text>", format=format, name="grammar")


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    assert str(caught.value).encode("utf-8")  # it can be printed
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["mata", "vtf"])
def test_the_plugin(format: str) -> None:
    assert_conforms("lstmc.formats", format)


def as_mata(automaton: Automaton, rng: Random) -> str:
    """As Mata prints an automaton: symbols are numbers, and ε is the largest."""
    number = {None: "4294967295", "a": "97", "b": "98"}
    body = [f"{source} {number[symbol]} {target}" for source, symbol, target in automaton.moves]
    joined = rng.choice([" ", " | ", "|", " & "])
    final = joined.join(automaton.final)
    if rng.random() < 0.2:
        final = " & ".join(f"!{state}" for state in automaton.states if state not in automaton.final) or "true"
    heads = ["%Alphabet-auto", f"%Initial {joined.join(automaton.start)}", f"%Final {final}"]
    return "\n".join(["@NFA-explicit", *heads, *body, ""])


def as_vtf(automaton: Automaton, rng: Random) -> str:
    """As in the collections of benchmarks: keys in any order, comments, needless quotes, lines that go on."""
    body = [f'{source} {symbol or "()"} "{target}"' for source, symbol, target in automaton.moves]
    heads = [f"%Final {state}" for state in automaton.final]
    heads += [f"%States {' '.join(rng.sample(automaton.states, len(automaton.states)))} # all", "%Name aut1"]
    heads.append("%Initial \\\n " + " ".join(automaton.start))
    rng.shuffle(heads)
    return "\n".join(["# made", "@NFA  # a comment", *heads, "", *body, ""])


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_automata_mean(seed: int) -> None:
    automaton, rng = random_automaton(seed), Random(seed)
    if automaton.alphabet:
        again = words_of(parse(as_vtf(automaton, rng)))
        assert again == automaton.words()
        letters = {"97": "a", "98": "b"}
        numbers = words_of(parse(as_mata(automaton, rng)))
        assert {tuple(letters[symbol] for symbol in word) for word in numbers} == automaton.words()


def test_what_is_read() -> None:
    assert parse(MACHINE).to_dict() == {
        "name": "grammar",
        "alphabet": ["97", "98"],
        "nodes": [{"id": "q0", "start": True}, {"id": "q1"}, {"id": "q2", "accept": True}],
        "edges": [
            {"source": "q0", "target": "q1", "symbol": "97"},
            {"source": "q1", "target": "q2", "symbol": "98"},
            {"source": "q2", "target": "q0", "symbol": "98"},
        ],
    }
    assert parse(MACHINE.replace("97", "4294967295")).to_dict()["edges"][0] == {
        "source": "q0", "target": "q1", "epsilon": True,
    }  # fmt: skip
    listed = parse(
        '@NFA\n%Alphabet c "a b" \\\n  # more\n a\n%Initial s t\n%Final "a \\"state\\""\ns () t\nt a "a \\"state\\""\n'
    )
    assert listed.alphabet == ("c", "a b", "a")
    assert listed.start == ("s", "t")
    assert 'a "state"' in listed.graph
    assert parse(MACHINE.replace("q0 97 q1", "q0 97 & q1")) == parse(MACHINE)
    assert parse(MACHINE.replace("auto", "enum 99 98 97")).alphabet == ("99", "98", "97")
    assert parse(MACHINE.replace("97", "x") + "%Epsilon x\n").silent


def test_names_that_elsewhere_are_nothing_are_symbols_here() -> None:
    for name in ("eps", "ε", "<eps>", "4294967295"):
        grammar = parse(f"@NFA-explicit\n%Initial q\n%Final q\nq a q\nq {name} q\n")
        assert name in grammar.alphabet
        assert [each.code for each in grammar.warnings] == ["G073" if name == "4294967295" else "G018"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("# nothing\n", ["G070"]),
        ("q a q\n", ["G070"]),
        ("@NFA-explicit q\n", ["G070"]),
        ("@NFA-bits\n%Initial q\n", ["G071"]),
        ("@AFA-explicit\n%Initial q\n", ["G071"]),
        ("@NFT-explicit\n", ["G071"]),
        ("@NTA\n", ["G071"]),
        ("@\n", ["G071"]),
        (MACHINE + "@NFA-explicit\n", ["G071"]),
        (MACHINE + "q0 97\n", ["G070"]),
        (MACHINE + "q0 97 98 q1\n", ["G070"]),
        (MACHINE + "q0 (97 | 98) q1\n", ["G071"]),
        (MACHINE + "q0 97 q1 \\\n", ["G070"]),
        (MACHINE + '"q0" 9"7 q1\n', ["G070"]),
        (MACHINE + '"q0 97 q1\n', ["G070"]),
        (MACHINE + "q0 9%7 q1\n", ["G070"]),
        (MACHINE + "q0 9%\ud800 q1\n", ["G070"]),
        (MACHINE + "%Levels q0:0\n", ["G071"]),
        (MACHINE.replace("-auto", "-some"), ["G070"]),
        (MACHINE.replace("%Final q2", "%Final q2 | !q1"), ["G071"]),
        (MACHINE.replace("%Initial q0", "%Initial !q0"), ["G071"]),
        (MACHINE.replace("%Final q2\n", ""), ["G040"]),
        (MACHINE.replace("%Final q2\n", "%Final false\n"), ["G040"]),
        (MACHINE.replace("%Initial q0\n", ""), ["G001"]),
        (MACHINE.replace("-auto", "-enum 97"), ["G010", "G010"]),
        ("@NFA\n%Initial q\n%Final q\nq r\n", ["G070"]),
        ("@NFA-explicit\n%Initial q\n%Final q\n", ["G005"]),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


MANY = 200_000
HOSTILE = {
    "quotes": "@NFA\n" + '"' * MANY,
    "backslashes": '@NFA\n"' + "\\" * MANY,
    "brackets": "@NFA-explicit\nq " + "(" * MANY + "\n",
    "operators": "@NFA-explicit\n%Final " + "!" * MANY + "\n",
    "sections": "@NFA\n" * MANY,
    "lines that go on": "@NFA\n" + "q \\\n" * MANY,
    "a long line": "@NFA\n" + "q" * 10 * MANY,
    "signs": "@NFA\nq " + "@" * MANY,
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["mata", "vtf"])
@given(grammar=nasty())
def test_nasty_texts_read_back(format: str, grammar: Grammar) -> None:
    graph = nx.MultiDiGraph(alphabet=list(grammar.alphabet))
    for state, data in grammar.graph.nodes(data=True):
        graph.add_node(state, **{key: data[key] for key in ("start", "accept") if key in data})
    graph.add_edges_from(grammar.graph.edges(data=True))
    plain = Grammar.from_graph(graph, "grammar")
    try:
        text = text_of(plain, format)
    except UsageError:
        return
    assert parse(text, format) == plain
    assert text_of(parse(text, format), format) == text


@pytest.mark.parametrize(
    ("format", "symbol", "extra", "reason"),
    [
        ("mata", "a", {}, "an ε-move is the number 4294967295"),
        ("mata", "4294967295", {"symbol": "1"}, "the symbol 4294967295 reads nothing"),
        ("vtf", "a\nb", {}, "holds a line break"),
        ("vtf", "a\\", {}, "has a backslash"),
        ("vtf", 'a\\"b', {}, "has a backslash"),
        ("vtf", "a", {"symbol": "b", "output": "x"}, "rules have outputs"),
    ],
)
def test_what_cannot_be_said(format: str, symbol: str, extra: dict[str, str], reason: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("q", start=True, accept=True)
    graph.add_edge("q", "q", symbol=symbol)
    graph.add_edge("q", "q", **(extra or {"epsilon": True}))
    with pytest.raises(UsageError) as caught:
        text_of(Grammar.from_graph(graph, "grammar"), format)
    assert reason in caught.value.message


@pytest.mark.slow
def test_writing_takes_work_in_proportion_to_the_rules() -> None:
    def work(states: int) -> int:
        graph = nx.MultiDiGraph()
        graph.add_node("0", start=True, accept=True)
        graph.add_edges_from((str(n), str((n + 1) % states), {"symbol": "a"}) for n in range(states))
        grammar = Grammar.from_graph(graph, "ring")
        return lines(lambda: parse(text_of(grammar, "mata")))

    assert in_proportion(work, 100)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/mata.md").read_text("utf-8")) > 0
