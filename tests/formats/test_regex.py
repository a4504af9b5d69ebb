"""A pattern has the language that Python's `re.fullmatch` gives it, one cell for each position, and clear errors."""

import itertools
import re
import string
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import networkx as nx
import pytest
from golden_text import assert_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import run_examples
from work import no_hanging

import lstmc
from lstmc.errors import LimitError, LstmcError, PluginError, UsageError
from lstmc.grammar.catalogue import make
from lstmc.grammar.parameters import ParameterError
from lstmc_regex import regex
from lstmc_regex.limits import Limits

ROOT = Path(__file__).parents[2]

ALPHABET = "ab]0-1"  # listed as in a class: a b ] 0 1
SYMBOLS = "ab]01"


# Patterns of every kind that is understood.

LITERALS = st.sampled_from(["a", "b", "]", "0", "1", r"\]", r"\x61", r"\u0062", r"\U00000030"])
CLASSES = st.sampled_from(
    ["[ab]", "[a-b0]", "[^a]", r"[^\d]", "[]a]", "[^]a]", "[0-1]", r"[\w]", r"[a\d]", r"\d", r"\w", r"\D", r"\W", "."]
)
ANCHORS = st.sampled_from(["^", "$", r"\A", r"\Z"])
REPETITIONS = st.sampled_from(
    ["*", "+", "?", "{2}", "{1,}", "{,2}", "{0,1}", "{1,3}", "*?", "+?", "??", "{1,2}?", "{0}"]
)


def patterns() -> st.SearchStrategy[str]:
    atoms = st.one_of(LITERALS, LITERALS, CLASSES)
    return st.recursive(st.one_of(atoms, atoms, atoms, ANCHORS), _larger, max_leaves=8)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("{}{})".format, st.sampled_from(["(", "(?:"]), inner)
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner | st.just(""), min_size=2, max_size=3).map("|".join),
        group,
        st.builds("{}{}".format, group, REPETITIONS),
        st.builds("{}{}".format, st.one_of(LITERALS, CLASSES), REPETITIONS),
    )


def matched(pattern: str) -> set[str]:
    """Every string of up to three symbols that Python matches."""
    expression = re.compile(pattern, re.ASCII)
    every = ("".join(each) for length in range(4) for each in itertools.product(SYMBOLS, repeat=length))
    return {each for each in every if expression.fullmatch(each)}


def made(pattern: str) -> nx.MultiDiGraph | str:
    """The graph of a pattern; what matches instead, where there is none."""
    try:
        return regex(pattern=pattern, alphabet=ALPHABET)
    except PluginError as error:
        return error.message.removeprefix("regex: ").removesuffix(" matches the pattern")


def accepts(graph: nx.MultiDiGraph, string: str) -> bool:
    states = {"start"}
    for symbol in string:
        states = {q for p in states for _, q, read in graph.out_edges(p, data="symbol") if read == symbol}
    return any(graph.nodes[state].get("accept") for state in states)


def strings(graph: nx.MultiDiGraph) -> Iterator[str]:
    """Every string of up to three symbols that the graph accepts."""
    every = ("".join(each) for length in range(4) for each in itertools.product(SYMBOLS, repeat=length))
    return (each for each in every if accepts(graph, each))


@pytest.mark.slow
@settings(max_examples=400)
@given(patterns(), st.lists(st.text(SYMBOLS, max_size=7), max_size=5))
def test_the_language_is_that_of_python(pattern: str, longer: list[str]) -> None:
    graph = made(pattern)
    if isinstance(graph, str):  # there is no rule, so no grammar
        assert matched(pattern) == {"only the empty string": {""}, "no string": set()}[graph]
        return
    assert set(strings(graph)) == matched(pattern)
    expression = re.compile(pattern, re.ASCII)
    assert [accepts(graph, each) for each in longer] == [bool(expression.fullmatch(each)) for each in longer]


@settings(max_examples=40)
@given(patterns(), st.lists(st.text(SYMBOLS, max_size=9), min_size=1, max_size=8))
def test_the_networks_have_the_language_too(pattern: str, tried: list[str]) -> None:
    try:
        grammar = make("regex", {"pattern": pattern, "alphabet": ALPHABET})
    except PluginError:
        return
    expected = [bool(re.fullmatch(pattern, each, re.ASCII)) for each in tried]
    for level in (1, 2):
        network = lstmc.compile(grammar, level=level)
        assert [network.run(each).accepted for each in tried] == expected


@settings(max_examples=100)
@given(patterns())
def test_one_cell_is_made_of_each_position(pattern: str) -> None:
    try:
        grammar = make("regex", {"pattern": pattern, "alphabet": ALPHABET})
    except PluginError:
        return
    assert len(lstmc.to_program(grammar).cells) == 1 + len(set(grammar.graph) - {"start"})


@pytest.mark.parametrize(
    ("pattern", "positions"),
    [
        ("a(b|c)*d", 4),
        ("[a-z]+", 1),
        ("[a-z]+@[a-z]+", 3),
        ("a*", 1),
        ("(a|b)*abb", 5),
        ("(ab){3}", 6),
        ("(ab){2,4}", 8),
        ("a{3,}", 3),
        ("(a?b){0,2}c", 5),
        (r"[+\-]?\d+(\.\d+)?", 4),
        ("^(a|b|ab)*$", 4),
        ("((a*)*)*", 1),
        ("(a|a)*", 2),
        ("x{0}a", 1),
    ],
)
def test_positions_are_counted(pattern: str, positions: int) -> None:
    program = lstmc.to_program(make("regex", {"pattern": pattern}))
    assert len(program.cells) == positions + 1
    assert program.cells[0].name == "started"


def test_states_are_numbered_from_left_to_right() -> None:
    graph = regex(pattern="a(b|c){2}d?")
    ways = [(p, q, data["symbol"]) for p, q, data in graph.edges(data=True)]
    assert ways == [
        ("start", "1", "a"),
        *[("1", "2", "b"), ("1", "3", "c")],
        *[("2", "4", "b"), ("2", "5", "c")],
        *[("3", "4", "b"), ("3", "5", "c")],
        *[("4", "6", "d"), ("5", "6", "d")],
    ]
    assert [state for state, data in graph.nodes(data=True) if data.get("accept")] == ["4", "5", "6"]


def test_the_alphabet_is_the_one_that_is_listed() -> None:
    assert regex(pattern="b|a").graph["alphabet"] == ["a", "b"]
    assert regex(pattern="b|a", alphabet=r"zb-ca\x30\s-").graph["alphabet"] == [*"zbca0\t\n\r -"]
    assert regex(pattern="[a-z]", alphabet="a-c").number_of_edges() == 3
    assert regex(pattern=".", alphabet="a\n").number_of_edges() == 1  # as in Python, . is no line break


@pytest.mark.parametrize(
    "pattern", ["a{}", "a{b}", "a{1", "{", "a{,b}", "}", "]", "a-b", "[a-]", "[-a]", r"\é\.\ ", "é{2}"]
)
def test_odd_literals_are_those_of_python(pattern: str) -> None:
    graph = regex(pattern=pattern)
    symbols = sorted({*graph.graph["alphabet"]})
    for length in range(5):
        for each in map("".join, itertools.product(symbols, repeat=length)):
            assert accepts(graph, each) == bool(re.fullmatch(pattern, each)), each


REFUSED = [
    *[
        "a(?=b)",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        r"(a)\1",
        "(?P<x>a)(?P=x)",
        "(?i)a",
        "(?i:a)",
        "(?>a)",
        "(a)?(?(1)b|c)",
    ],
    *[
        "a(?#b)",
        "(?",
        "(?<x>a)",
        "(?P<1>a)",
        "(?P<x>a)(?P<x>b)",
        "a*+",
        "a{1,2}+",
        r"\ba",
        r"a\B",
        r"\01",
        r"\N{DIGIT}",
    ],
    *[r"\q", r"\x6", r"\u12", r"\U00110000", "a\\", "*a", "a|*", "(*a)", "^*", "a{2}{3}", "a**", "{2}", "a{3,2}"],
    *["(a", "a)", "((a)", "[a", "[", "[]", "[z-a]", r"[a-\d]", r"[\d-z]", "[[:alpha:]]", ".", "[^a]", r"\D", r"[\W]"],
    *[
        "",
        "()",
        "^$",
        "a{0}",
        "a^b",
        "a$b",
        "(?=a)(?!b)[z-a]\\1",
        "a{1000000000}",
        "a{10001}",
        "(" * 101,
        "\x00",
        r"\f",
    ],
]
WITH_ALPHABET = [
    *[("c", "ab"), ("[ac]", "ab"), ("[x-z]", "ab"), (r"\d", "ab"), ("[^ab]", "ab"), ("a", r"a\D"), ("a", "b-a")],
    *[("a", r"\q"), ("a", "aa"), ("a", r"\u0000-\uffff")],
]


def test_what_is_refused_is_named() -> None:
    """Each with its column."""
    told = [f"{pattern!r}\n{said(pattern)}" for pattern in REFUSED]
    told += [f"{pattern!r}, alphabet {alphabet!r}\n{said(pattern, alphabet)}" for pattern, alphabet in WITH_ALPHABET]
    assert_golden("\n".join(told), "regex-refused.txt")


def said(pattern: str, alphabet: str = "") -> str:
    with pytest.raises(LstmcError) as caught:
        make("regex", {"pattern": pattern, "alphabet": alphabet}, "pattern")
    return f"{caught.value}\n"


@settings(max_examples=500)
@given(st.text(string.printable, max_size=30) | st.text(r"()[]{}|*+?^$\.,-:=!<>P#0123ab", max_size=30))
def test_what_we_take_python_takes(pattern: str) -> None:
    """And no text makes us raise anything but our own errors."""
    try:
        graph = regex(pattern=pattern, alphabet=" -~\t\n")
    except LstmcError:
        return
    expression = re.compile(pattern, re.ASCII)
    for each in ("", "a", "b", "aa", "ab", "0", "{", "a1", "a{1"):
        assert accepts(graph, each) == bool(expression.fullmatch(each))


def test_every_problem_is_told_up_to_twenty() -> None:
    with pytest.raises(ParameterError) as caught:
        regex(pattern=r"\1" * 30)
    assert len(caught.value.problems) == 20


SLOW = {
    "stars in stars": "(" * 99 + "a|b|c" + ")*" * 99,
    "choices of the same": "(a|a)*b{1000}",
    "repetitions of repetitions": "(" * 99 + "(a*)*|b" + "){1,2}" * 9 + ")*" * 90,
    "what may be empty": "(a?){9000}",
    "a long row": "ab" * 5000,
    "many groups": "()" * 49_000 + "a",
    "a large class": r"[\u4e00-\u7000]",
    "quadratic in itself": "a?" * 600,
}


@pytest.mark.slow
@pytest.mark.parametrize("pattern", SLOW.values(), ids=SLOW)
def test_no_pattern_hangs(pattern: str) -> None:
    with no_hanging():
        regex(pattern=pattern)


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("a?" * 5000, "rules"),
        ("[a-z]*" * 150, "rules"),
        ("((a{1000}){1000}){1000}", "positions"),
        ("(" * 50 + "a" + "{99})" * 50, "positions"),
        (r"[\U00000000-\U0010ffff]", "symbols"),
        (r"[\u4e00-\u744f]" * 26, "rules"),
        (r"[\u4e00-\u744f]" * 6_000, "rules"),
        ("|" * 100_001, "characters"),
    ],
)
def test_limits_are_named(pattern: str, limit: str) -> None:
    with pytest.raises(LimitError, match=f"{limit}, more than the limit of") as caught:
        regex(pattern=pattern)
    assert f"LSTMC_MAX_REGEX_{limit.upper()}" in caught.value.help


def test_limits_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTMC_MAX_REGEX_POSITIONS", "2")
    assert len(regex(pattern="aa")) == 3
    with pytest.raises(LimitError, match="3 positions, more than the limit of 2"):
        regex(pattern="aaa")
    monkeypatch.setenv("LSTMC_MAX_REGEX_POSITIONS", "two")
    with pytest.raises(UsageError, match="LSTMC_MAX_REGEX_POSITIONS must be a whole number"):
        regex(pattern="a")


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs/formats/regex.md").read_text("utf-8")
    assert run_examples(page) == 5
    limits = re.findall(r"\| ([0-9,]+) \| `LSTMC_MAX_REGEX_(\w+)` \|", page)
    assert {name.lower(): int(number.replace(",", "")) for number, name in limits} == asdict(Limits())
