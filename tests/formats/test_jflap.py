"""JFLAP's files: what it saves is read, with every detail that a grammar has; what is written, it would open."""

import re
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from inverse import FILES, ROOT, assert_inverse, assert_reads_as_beside, nasty
from languages import Automaton, random_automaton, words_of
from pages import run_examples
from strategies import VALID, grammars

from lstmc.errors import LimitError, UsageError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.convert import convert
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar, read_grammar

SAVED = sorted(FILES.glob("*.jff"))

LITTLE = """<structure><type>fa</type><automaton>
<state id="0" name="a"><x>1.5</x><y>-2</y><initial/></state>
<state id="1" name="b"><final/></state>
<transition><from>0</from><to>1</to><read>x</read></transition>
</automaton></structure>"""


def parse(text: str, limits: Limits | None = None) -> Grammar:
    return parse_grammar(text, format="jff", limits=limits)


def codes(text: str) -> list[str]:
    with pytest.raises(GrammarError) as caught:
        parse(text)
    return [each.code for each in caught.value.diagnostics]


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_what_jflap_saves(path: Path) -> None:
    assert_reads_as_beside(path)


@pytest.mark.parametrize("seed", range(20))
def test_files_mean_what_their_automata_mean(seed: int) -> None:
    automaton = random_automaton(seed, starts=1)
    assert words_of(parse(as_jflap(automaton, Random(seed)))) == automaton.words()


def as_jflap(automaton: Automaton, rng: Random) -> str:
    """As JFLAP 7 saves a drawing: states with places, in any order; λ is an empty <read>; some states have labels."""
    number = {state: str(n) for n, state in enumerate(automaton.states)}
    states, rules = [], []
    for state in rng.sample(automaton.states, len(automaton.states)):
        parts = [f"<x>{rng.uniform(0, 600):.1f}</x>", f"<y>{rng.uniform(0, 400):.1f}</y>"]
        parts += ["<label>seen</label>"] if rng.random() < 0.2 else []
        parts += ["<initial/>"] if state in automaton.start else []
        parts += ["<final/>"] if state in automaton.final else []
        states.append(f'<state id="{number[state]}" name="{state}">&#13;\n\t\t\t{"".join(parts)}</state>')
    for source, symbol, target in automaton.moves:
        read = "<read/>" if symbol is None else f"<read>{symbol}</read>"
        rules.append(f"<transition><from>{number[source]}</from><to>{number[target]}</to>{read}</transition>")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?><!--Created with JFLAP 7.1.--><structure>'
    body = "&#13;\n\t\t".join([*states, *rules])
    return f"{head}&#13;\n\t<type>fa</type><automaton>{body}</automaton></structure>"


@pytest.mark.parametrize(
    "change", [("\n", "\r\n"), ("\n", "&#13;\n"), ("\n", "\n\t<!-- a -->\n"), ("<str", "\ufeff<str")]
)
def test_line_ends_and_comments_do_not_matter(change: tuple[str, str]) -> None:
    assert parse(LITTLE.replace(*change)) == parse(LITTLE)


PARTIAL = """<structure><type>mealy</type><automaton>
<state id="0"><initial/></state><state id="1"/>
<transition><from>0</from><to>0</to><read>x</read><transout>y</transout></transition>
<transition><from>0</from><to>1</to><read>z</read><transout/></transition>
</automaton></structure>"""


def test_a_mark_may_hold_the_word_true() -> None:
    written = LITTLE.replace("<initial/>", "<initial>true</initial>").replace("<final/>", "<final> true </final>")
    assert parse(written) == parse(LITTLE)
    assert codes(LITTLE.replace("<initial/>", "<initial>false</initial>")) == ["G053"]


def test_strings_of_a_partial_machine_may_stop_anywhere() -> None:
    grammar = parse(PARTIAL)
    assert grammar.warnings == ()
    assert [data["accept"] for _, data in grammar.graph.nodes(data=True)] == [True, True]
    assert_inverse(grammar, "jff")
    complete = PARTIAL.replace("<to>1", "<to>0").replace('<state id="1"/>', "")
    assert [data.get("accept") for _, data in parse(complete).graph.nodes(data=True)] == [None]


def test_a_partial_machine_whose_strings_never_stop_says_so() -> None:
    grammar = parse(PARTIAL.replace("<automaton>", '<lstmc endless="true"/><automaton>'))
    assert [each.code for each in grammar.warnings] == ["G042"]
    assert_inverse(grammar, "jff")
    assert codes(PARTIAL.replace("<automaton>", '<lstmc endless="no"/><automaton>')) == ["G053", "G042"]


def test_the_older_form_has_no_automaton() -> None:
    assert parse(LITTLE.replace("<automaton>", "").replace("</automaton>", "")) == parse(LITTLE)


@pytest.mark.parametrize(
    ("first", "second", "ids"),
    [
        (' name="a"', ' name="b"', ["a", "b"]),
        (' name="a"', ' name="a"', ["0", "1"]),
        (' name="1"', ' name="0"', ["1", "0"]),
        (' name="a"', "", ["0", "1"]),
        (' name="a"', ' name=""', ["0", "1"]),
        ("", "", ["0", "1"]),
    ],
)
def test_states_are_called_by_names_where_all_have_one(first: str, second: str, ids: list[str]) -> None:
    grammar = parse(LITTLE.replace(' name="a"', first).replace(' name="b"', second))
    assert list(grammar.graph) == ids
    assert list(grammar.graph.edges) == [(ids[0], ids[1], 0)]


def test_a_name_may_be_an_element() -> None:
    text = LITTLE.replace(' name="a">', "><name>start</name>").replace(' name="b">', "><name>stop</name>")
    assert list(parse(text).graph) == ["start", "stop"]


def test_symbols_are_the_text_as_it_stands() -> None:
    for written, symbol in [
        (" ", " "),
        ("ab", "ab"),
        ("&lt;", "<"),
        ("<![CDATA[&]]>", "&"),
        ("&#13;", "\r"),
        ("no", "no"),
    ]:
        assert parse(LITTLE.replace(">x<", f">{written}<")).alphabet == (symbol,)


def test_ranges_are_those_of_finite_automata() -> None:
    assert parse(LITTLE.replace(">x<", ">[x-z]<")).alphabet == ("x", "y", "z")
    for text in ("[x-z", "[xz]", "[", "a[x-z]", "[x-zz]"):
        assert parse(LITTLE.replace(">x<", f">{text}<")).alphabet == (text,)
    assert parse(LITTLE.replace(">x<", ">[x-z]<").replace(">fa<", ">mealy<")).alphabet == ("[x-z]",)


def test_ranges_do_not_outgrow_the_limits() -> None:
    rule = "<transition><from>0</from><to>1</to><read>[\u3000-\u9000]</read></transition>"
    with pytest.raises(LimitError, match="10,001 edges"):
        parse(LITTLE.replace("</automaton>", rule + "</automaton>"), Limits(edges=10_000))


@pytest.mark.parametrize("type", ["pda", "turing", "turingbb", "grammar", "re", "lsystem", "unrestricted"])
def test_other_machines_are_refused_by_name(type: str) -> None:
    assert codes(LITTLE.replace(">fa<", f">{type}<")) == ["G071"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((">fa<", ">dfa<"), "G070"),
        (("<type>fa</type>", ""), "G051"),
        (("<final/>", "<final/><initial/>"), "G006"),
        (("<x>1.5</x>", ""), "G051"),
        (("1.5", "wide"), "G052"),
        (("1.5", "NaN"), "G052"),
        ((' id="1"', ' id="0"'), "G002"),
        (("<to>1<", "<to>b<"), "G003"),
        (("<to>1</to>", ""), "G051"),
        (("<initial/>", "<inital/>"), "G050"),
        (("<final/>", "<block/>"), "G071"),
        (("<final/>", "<final>false</final>"), "G053"),
        (("<initial/>", "<initial/><name>c</name>"), "G053"),
        (("<read>", "<transout>0</transout><read>"), "G050"),
        (("<read>", "<read>y</read><read>"), "G064"),
        ((">x<", ">x<b/><"), "G050"),
        (("<automaton>", "<automaton>text"), "G070"),
        ((' name="a"', ' name="a" colour="red"'), "G050"),
        (("<initial/>", ""), "G001"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[str, str], code: str) -> None:
    assert code in codes(LITTLE.replace(*change))


def test_a_number_is_never_taken_for_a_name() -> None:
    """State 0 is called 1, and there is no state 1: the transition must not lead to the state of that name."""
    text = LITTLE.replace('name="a"', 'name="1"').replace('id="1" name="b"', 'id="2" name="b"')
    assert codes(text) == ["G003"]


@pytest.mark.slow
@given(nasty(most_starts=1))
@settings(max_examples=60)
def test_moore_machines_with_nasty_texts_come_back(grammar: Grammar) -> None:
    assert_inverse_unless_refused(grammar)


@pytest.mark.slow
@given(nasty("edges", most_starts=1))
@settings(max_examples=60)
def test_mealy_machines_with_nasty_texts_come_back(grammar: Grammar) -> None:
    assert_inverse_unless_refused(grammar)


@pytest.mark.slow
@given(grammars(*VALID))
def test_every_kind_of_grammar_comes_back_or_is_refused(grammar: Grammar) -> None:
    assert_inverse_unless_refused(grammar)


def assert_inverse_unless_refused(grammar: Grammar) -> None:
    data = [data for _, data in grammar.graph.nodes(data=True)] + [data for *_, data in grammar.graph.edges(data=True)]
    weighted = any("probability" in each or "end" in each for each in data)
    ranges = not grammar.outputs and any(re.fullmatch(r"\[.-.\]", symbol) for symbol in grammar.alphabet)
    silent = grammar.silent and grammar.outputs
    if weighted or ranges or silent or len(grammar.start) > 1:
        with pytest.raises(UsageError, match="JFLAP"):
            convert(grammar, "jff")
    else:
        assert_inverse(grammar, "jff")


def test_a_symbol_that_jflap_takes_for_a_range() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", start=True, accept=True)
    graph.add_edge("a", "a", symbol="[a-z]")
    with pytest.raises(UsageError, match="a range"):
        convert(Grammar.from_graph(graph), "jff")
    graph.nodes["a"]["output"] = "x"
    assert_inverse(Grammar.from_graph(graph), "jff")


def test_what_is_written_has_the_shape_that_jflap_reads() -> None:
    """By an XML reader that is not ours: whole numbers as ids, known parts, and positions of both numbers or none."""
    root = ElementTree.fromstring(convert(read_grammar(ROOT / "grammars/reber.yaml"), "jff").encode())
    assert [child.tag for child in root] == ["type", "lstmc", "automaton"]
    states = root.findall("automaton/state")
    assert [state.get("id") for state in states] == [str(number) for number in range(8)]
    assert [state.get("name") for state in states] == ["start", "0", "1", "2", "3", "4", "5", "6"]
    assert [state.findtext("x") for state in states][:2] == ["53.0", "178.0"]
    rules = root.findall("automaton/transition")
    assert [part.tag for part in rules[0]] == ["from", "to", "read"]
    assert {rule.findtext("to") for rule in rules} <= {str(number) for number in range(8)}


@pytest.mark.parametrize(("element", "limit"), [("<transition/>", Limits(edges=10)), ("<state/>", Limits(states=10))])
def test_wrong_states_and_rules_count_too(element: str, limit: Limits) -> None:
    with pytest.raises(LimitError, match="more than the limit of 10"):
        parse_grammar(LITTLE.replace("</automaton>", element * 10 + "</automaton>"), format="jff", limits=limit)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ends-in-ab.jff").write_bytes((ROOT / "docs/formats/ends-in-ab.jff").read_bytes())
    assert run_examples((ROOT / "docs/formats/jflap.md").read_text("utf-8")) == 6
