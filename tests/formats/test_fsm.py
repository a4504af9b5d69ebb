"""FSM files are read as mCRL2, LTSmin and LearnLib write and read them, and what is written is read back."""

from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from inverse import ROOT, nasty
from languages import Automaton, random_automaton, words_of
from pages import run_examples
from work import no_hanging

from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import text_of
from lstmc.grammar.read import parse_grammar, read_grammar
from lstmc.testing import assert_conforms

ACCEPTOR = 'label(2) label "reject" "accept"\n---\n0\n1\n---\n1 2 "a"\n2 1 "b"\n'
MEALY = '---\n0\n1\n---\n1 2 "a" "x"\n2 1 "a" ""\n'


def parse(text: str) -> Grammar:
    return parse_grammar(text, "<text>", format="fsm", name="grammar")


def read(text: str, folder: Path, **parameters: str) -> Grammar:
    (folder / "grammar.fsm").write_text(text, "utf-8")
    return read_grammar(folder / "grammar.fsm", parameters=parameters)


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics if each.severity == "error"]


def test_the_plugin() -> None:
    assert_conforms("lstmc.formats", "fsm")


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_automata_mean(seed: int) -> None:
    """An acceptor as LearnLib reads it, and the same graph as mCRL2 has it: a system that may stop in every state."""
    made, rng = random_automaton(seed, starts=1), Random(seed)
    number = {state: n for n, state in enumerate(made.states, start=1)}
    moves = [f'{number[p]} {number[q]} "{symbol or "tau"}"' for p, symbol, q in made.moves]
    system = Automaton(made.moves, made.start, made.states)
    vectors = ["0 1"] * len(number) if rng.random() < 0.5 else [""]
    lts = ['b(2) Bool "false" "true"', 's(3) List(Nat) "[]" "[1, 2]" "[3]"', "---", *vectors, "---", *moves]
    assert words_of(parse("\n".join(lts) + "\n")) == system.words()
    read_all = Automaton([(p, symbol or "tau", q) for p, symbol, q in made.moves], made.start, made.final)
    vectors = [f"3 {int(state in made.final)}" for state in number]
    acceptor = ['n(9) Nat "0"', 'label(2) label "reject" "accept"', "---", *vectors, "---", *moves]
    assert words_of(parse("\n".join(acceptor) + "\n"), 3) == read_all.words(3)


def test_what_is_read() -> None:
    assert parse(ACCEPTOR).to_dict() == {
        "name": "grammar",
        "alphabet": ["a", "b"],
        "nodes": [{"id": "1", "start": True}, {"id": "2", "accept": True}],
        "edges": [
            {"source": "1", "target": "2", "symbol": "a"},
            {"source": "2", "target": "1", "symbol": "b"},
        ],
    }
    mealy = parse(MEALY).to_dict()
    assert [edge.get("output") for edge in mealy["edges"]] == ["x", None]
    assert not any(node.get("accept") for node in mealy["nodes"])
    named = parse('id(2) State "q 0" "q \\"1\\""\n---\n0\n1\n---\n1 2 "a\\\\b"\n2 2 "c"\n')
    assert list(named.graph) == ["q 0", 'q "1"']
    assert named.alphabet == ("a\\b", "c")
    same = parse('id(1) State "q"\n---\n0\n0\n---\n1 2 "a"\n2 2 "c"\n')  # the same in both states: no name
    assert list(same.graph) == ["1", "2"]


def test_what_it_is_can_be_said(tmp_path: Path) -> None:
    assert all(node.get("accept") for node in read(ACCEPTOR, tmp_path, kind="lts").to_dict()["nodes"])
    turned = read(ACCEPTOR, tmp_path, accept="label=reject").to_dict()["nodes"]
    assert [node.get("accept") for node in turned] == [True, None]
    assert read('---\n---\n1 1 "a"\n1 1 "tau"\n', tmp_path, silent="").alphabet == ("a", "tau")
    for parameters in ({"kind": "acceptor", "accept": "ok=yes"}, {"kind": "mealy"}):
        with pytest.raises(GrammarError):
            read(ACCEPTOR, tmp_path, **parameters)
    with pytest.raises(GrammarError):
        read(MEALY, tmp_path, kind="lts")


ALTERNATING = '---\n---\n1 2 "coin"\n2 3 "ok"\n1 4 "push"\n4 1 "no"\n3 5 "push"\n5 1 "tea"\n'


def test_inputs_and_outputs_that_alternate(tmp_path: Path) -> None:
    machine = read(ALTERNATING, tmp_path, kind="alternating")
    together = '---\n0\n0\n0\n---\n1 3 "coin" "ok"\n1 1 "push" "no"\n3 1 "push" "tea"\n'
    graph = read(together, tmp_path).graph
    assert {*machine.graph} == {"1", "3"}
    assert [*machine.graph.edges(data=True)] == [*graph.edges(data=True)]
    assert not any(data.get("accept") for _, data in machine.graph.nodes(data=True))
    assert machine.start == ("1",)


def test_what_may_alternate_is_told() -> None:
    told = {each.code: each.line for each in parse(ALTERNATING).warnings}
    assert told == {"G073": 3}
    both_ways = ALTERNATING.replace("tea", "push")  # a label on both sides
    two_answers = ALTERNATING + '2 1 "no"\n'
    a_state_of_both = ALTERNATING + '3 1 "coin"\n'
    for text in (both_ways, two_answers, a_state_of_both, '---\n---\n1 1 "a"\n', ACCEPTOR, MEALY):
        assert [each.code for each in parse(text).warnings] == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('2 1 "no"', "after the input 'coin' state 2 has 2 outputs"),
        ('1 6 "kick"', "after the input 'kick' state 6 has 0 outputs"),
        ('3 1 "kick"', "state 1 reads, and answers as well"),
        ('7 1 "kick"', "nothing leads to state 7: does it read or answer?"),
    ],
)
def test_what_does_not_alternate(more: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(GrammarError) as caught:
        read(f"{ALTERNATING}{more}\n", tmp_path, kind="alternating")
    found = [each for each in caught.value.diagnostics if says in each.message]
    assert [each.code for each in found] == ["G070"] * len(found)
    assert found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["G070"]),
        ("---\n", ["G070"]),
        ("---\n---\n---\n", ["G070"]),
        ("---\n---\n", ["G001", "G005"]),
        ('---\n0\n---\n1 1 "a\n', ["G070"]),
        ("---\n0\n---\n1 1 a\n", ["G070"]),
        ('---\n0\n---\n1 "a"\n', ["G070"]),
        ('---\n0\n---\n1 1 "a" "b" "c"\n', ["G070"]),
        ('---\n0\n---\n1 1 ""\n', ["G014"]),
        ('---\n0\n---\n1 2 "a"\n', ["G003"]),
        ('---\n0\n---\n0 1 "a"\n1 1 "b"\n', ["G003"]),
        ('---\nx\n---\n1 1 "a"\n', ["G070"]),
        ('label "accept"\n---\n0\n---\n1 1 "a"\n', ["G070"]),
        ('b(1) B "x"\nb(1) B "x"\n---\n0\n---\n1 1 "a"\n', ["G064"]),
        ('---\n0\n---\n1 [1 1/2 2 1/2] "a"\n', ["G071"]),
        ('---\n0\n---\n1 1 "a"\n1 1 "b" "x"\n', ["G070"]),
        (ACCEPTOR.replace("\n1\n", "\n0\n"), ["G040"]),
        (ACCEPTOR.replace("label(2)", 'n(1) Nat "0"\nlabel(2)').replace("0\n1\n", "0 1\n0\n"), ["G070"]),
        ('---\n0\n---\n1 1 "end"\n', ["G011"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == expected


MANY = 200_000
HOSTILE = {
    "states": '---\n---\n1 999999999 "a"\n',
    "quotes": "---\n---\n1 1 " + '"' * MANY,
    "backslashes": '---\n---\n1 1 "' + "\\" * MANY,
    "blanks": "a" + " " * 10 * MANY + "\n---\n---\n",
    "brackets": "a" + "(" * MANY + "\n---\n---\n",
    "parts": "---\n" * MANY,
    "vectors": "---\n" + "0 " * MANY + "x\n---\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_takes_long_or_raises_anything_else(what: str) -> None:
    with no_hanging(), pytest.raises((GrammarError, LimitError)) as caught:
        parse(HOSTILE[what])
    assert str(caught.value)


@pytest.mark.slow
@given(grammar=nasty("edges", most_starts=1))
def test_nasty_texts_read_back(grammar: Grammar) -> None:
    graph = nx.MultiDiGraph()
    partial = not all(dict(grammar.graph.out_degree()).values())
    for state, data in grammar.graph.nodes(data=True):
        accept = partial or None if grammar.outputs else data.get("accept")
        graph.add_node(state, start=data.get("start"), accept=accept)
    graph.add_edges_from(grammar.graph.edges(data=True))
    plain = Grammar.from_graph(graph, "grammar")
    try:
        text = text_of(plain, "fsm")
    except UsageError:
        return
    assert parse(text) == plain
    assert text_of(parse(text), "fsm") == text


@pytest.mark.parametrize(
    ("accept", "rule", "reason"),
    [
        (True, {"symbol": "tau"}, "the symbol 'tau' reads nothing"),
        (True, {"symbol": "a\nb"}, "holds a line break"),
        (None, {"symbol": "a", "output": "x"}, "strings of a Mealy machine never stop, as all"),
        (None, {"epsilon": True}, "moves read nothing"),
    ],
)
def test_what_cannot_be_said(accept: bool | None, rule: dict[str, str], reason: str) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("q", start=True, accept=accept)
    graph.add_node("r", accept=True)
    graph.add_edge("q", "r", symbol="z")
    graph.add_edge("r", "q", **rule)
    with pytest.raises(UsageError) as caught:
        text_of(Grammar.from_graph(graph, "grammar"), "fsm")
    assert reason in caught.value.message


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/fsm.md").read_text("utf-8")) > 0
