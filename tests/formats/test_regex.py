"""A pattern has the language that Python's `re.fullmatch` gives it, one cell for each position, and clear errors."""

import itertools
import re
import string
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from damaged_patterns import OURS_ALONE, try_patterns
from golden_text import assert_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import run_examples
from python_patterns import ALPHABET, SYMBOLS, accepted, accepts, atomic_patterns, compiled, patterns, short_strings
from work import no_hanging

import lstmc
from lstmc.errors import LimitError, LstmcError, PluginError, UsageError
from lstmc.grammar.catalogue import make
from lstmc.grammar.parameters import ParameterError
from lstmc_regex import regex
from lstmc_regex.limits import Limits

ROOT = Path(__file__).parents[2]


def made(pattern: str) -> nx.MultiDiGraph | str:
    """The graph of a pattern; what is said of it instead, where there is none."""
    try:
        return regex(pattern=pattern, alphabet=ALPHABET)
    except PluginError as error:
        return error.message


def assert_language(pattern: str, longest: int, longer: list[str]) -> None:
    expression, graph = compiled(pattern), made(pattern)
    matched = {each for each in short_strings(longest=longest) if expression.fullmatch(each)}
    if isinstance(graph, str):
        said = {"only the empty string": {""}, "no string": set()}
        if graph.endswith(" matches the pattern"):  # there is no rule, so no grammar
            assert matched == said[graph.removeprefix("regex: ").removesuffix(" matches the pattern")]
        else:
            assert "from Python 3.14 on" in graph
            assert ("" in matched) == (sys.version_info >= (3, 14))
        return
    assert accepted(graph, longest=longest) == matched
    assert [accepts(graph, each) for each in longer] == [bool(expression.fullmatch(each)) for each in longer]


@settings(max_examples=25)
@given(patterns(), st.lists(st.text(SYMBOLS, max_size=7), max_size=5))
def test_the_language_is_that_of_python(pattern: str, longer: list[str]) -> None:
    assert_language(pattern, 2, longer)


@pytest.mark.slow
@settings(max_examples=1000)
@given(patterns(), st.lists(st.text(SYMBOLS, max_size=9), max_size=8))
def test_the_language_is_that_of_python_in_many_patterns(pattern: str, longer: list[str]) -> None:
    assert_language(pattern, 3, longer)


@pytest.mark.slow
@settings(max_examples=1500)
@given(atomic_patterns())
def test_what_gives_nothing_back_is_read_where_it_changes_nothing(pattern: str) -> None:
    graph = made(pattern)
    if not isinstance(graph, str):
        expression = compiled(pattern)
        found = {each for each in short_strings("aA0-", 4) if expression.fullmatch(each)}
        assert accepted(graph, "aA0-", 4) == found


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        *[("a*+b", True), ("a*+a", False), ("a*+[ab]", False), ("(?>a*)(?:b|c)", True), ("(?>a|ab)c", False)],
        *[("(?>a|b)c", True), ("(?>ab?)c", True), ("(?>ab?)b", False), ("(?>ab??)c", False), ("(?>|a)b", False)],
        *[("(?>a|)b", True), ("(?>a*)*", True), ("(?:(?>a+)b)*", True), ("(?:(?>a+)b?)*", True), ("a?+a", False)],
        *[("(?>(?:ab)+)a", False), ("(?>(?:ab)+)c", True), ("a{1,2}+b", True), ("a{1,2}+a", False), ("(?>a+)", True)],
        *[
            ("(?>a*)(?:a{0})b", True),
            ("(?>(?>a+)b)c", True),
            ("(?:a++|b[ab])*+c", True),
            ("(?:[ad]++|bb)*+c", True),
            ("(?:a++){2}", False),
            ("(?>(?>a+)a)c", False),
            ("(?>a*)(?:)b?a", False),
        ],
    ],
)
def test_what_gives_nothing_back_is_read_or_refused(pattern: str, read: bool) -> None:
    if not read:
        with pytest.raises(PluginError, match="it gives back nothing"):
            regex(pattern=pattern)
        return
    graph = regex(pattern=pattern)
    for each in short_strings("abc", 4):
        assert accepts(graph, each) == bool(re.fullmatch(pattern, each)), each


@settings(max_examples=12)
@given(patterns(), st.lists(st.text(SYMBOLS, max_size=9), min_size=1, max_size=8))
def test_the_networks_have_the_language_too(pattern: str, tried: list[str]) -> None:
    try:
        grammar = make("regex", {"pattern": pattern, "alphabet": ALPHABET})
    except PluginError:
        return
    expected = [bool(compiled(pattern).fullmatch(each)) for each in tried]
    for level in (1, 2):
        network = lstmc.compile(grammar, level=level)
        assert [network.run(list(each)).accepted for each in tried] == expected


@settings(max_examples=25)
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
        "(a)?(?(1)b|c)",
    ],
    *[
        "(?",
        "(?P<1>a)",
        "(?P<x>a)(?P<x>b)",
        r"\N{DIGIT}",
    ],
    *[
        "(?R)",
        "(?1)",
        "(?P>x)",
        "(?&x)",
        "(?|a)",
        "(*UTF)a",
        r"\k<x>",
        r"\g{1}",
        "(?#a",
        r"\400",
        r"[\8]",
        r"\N",
        r"\R",
        r"\K",
    ],
    *[r"\G", r"\X", r"\h", r"\e", r"\cA", r"\o{1}", r"\E", r"[\Qa]", r"\p{L}", r"\p{Greek}", r"\pQ", r"[\P{Greek}]"],
    *[
        "a(?i)b",
        "(a|(?i)b)",
        "(?i)|(?s)",
        "(?au)a",
        "(?a)(?u)a",
        "(?-a:b)",
        "(?i-i:b)",
        "(?-:b)",
        "(?-i)b",
        "(?L)b",
        "(?U)b",
    ],
    *[
        "(?^:b)",
        "(?)b",
        "a*+a",
        "(?>a|ab)c",
        "(?>a*)a",
        "(?>a??)b",
        r"(?:\B)|a",
        "(?x)a\n(?=b)",
        "(?x) *",
        "(?i)*",
        r"\b+",
        "a(?#)*+*",
    ],
    *[
        "[[:^alpha:]]",
        "[[:zalpha:]]",
        "[[.a.]]",
        "a|(?i)",
        r"\x{110000}",
        r"\x{}",
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
    *[
        ("a", r"\q"),
        ("a", "aa"),
        ("a", r"\u0000-\uffff"),
        (r"(?i)\p{Lu}", "Aa"),
        ("(?i)b", "Aa"),
        ("a", r"\p{L}"),
        (r"b\Qac\E", "a"),
        ("a", "[:alpha:]\n\\"),
    ],
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


@settings(max_examples=150)
@given(st.text(string.printable, max_size=30) | st.text(r"()[]{}|*+?^$\.,-:=!<>P#0123abizsx ", max_size=30))
def test_what_we_take_python_takes(pattern: str) -> None:
    """And no text makes us raise anything but our own errors."""
    try:
        graph = regex(pattern=pattern, alphabet=" -~\t\n")
    except LstmcError:
        return
    try:
        expression = compiled(pattern)
    except re.error:
        assert OURS_ALONE.search(pattern), pattern
        return
    for each in ("", "a", "b", "aa", "ab", "0", "{", "a1", "a{1"):
        assert accepts(graph, each) == bool(expression.fullmatch(each))


def test_damaged_patterns_are_read_as_python_reads_them_or_refused() -> None:
    assert try_patterns(Random(0), 40).faults == ()


@pytest.mark.parametrize("pattern", [r"(?#a\)b)c", "(?x)a#\\\nb\nc", r"(?#\\)a", "(?x)[ #]b # c", r"(?x)\ a\#"])
def test_signs_in_comments_are_those_of_python(pattern: str) -> None:
    graph = regex(pattern=pattern)
    assert [each for each in short_strings("abc #") if accepts(graph, each) != bool(re.fullmatch(pattern, each))] == []
    assert any(accepts(graph, each) for each in short_strings("abc #"))


@pytest.mark.parametrize(
    "pattern",
    [
        *[
            "[\U00010414.]",
            "[\U0001043c.]",
            "[\U00010414-\U00010416]",
            "\U00010414",
            "[^\U00010414.]",
            "ß",
            "[ſ-ƀ]",
            "İ",
            "[ıi]",
            "K",
        ],
        *[r"\w", r"[^\W\d]", "ǆ", "ς", "[Α-Ω]", "ŉ", "\u0345", "ﬆ", "[a-z]", r"[\S]", "µ", "é"],
    ],
)
@pytest.mark.parametrize("flags", ["", "(?i)", "(?a)", "(?ai)"])
def test_letters_are_the_same_but_for_case_where_python_says_so(pattern: str, flags: str) -> None:
    symbols = "aAiIİıkK\u212asSſßẞéÉµμΜςσΣǆǅǄŉι\u0345ιﬅﬆ.٣0_ΩƀɃ\U00010414\U0001043c\U00010415\U0001043d"
    matched = {each for each in symbols if re.fullmatch(flags + pattern, each)}
    if not matched:
        with pytest.raises(PluginError):
            regex(pattern=flags + pattern, alphabet=symbols)
    else:
        graph = regex(pattern=flags + pattern, alphabet=symbols)
        assert {symbol for _, _, symbol in graph.edges(data="symbol")} == matched


@pytest.mark.parametrize(
    ("pattern", "in_python"),
    [
        *[(r"a\z", r"a\Z"), (r"\Qa.b\E+", r"a\.b+"), (r"(?x)\Qa b", r"a\ b"), (r"\x{61}+", "a+"), ("(?<n>a)b", "(a)b")],
        *[("(?'n'a)b", "(a)b"), (r"\p{L}", r"[^\W\d_]"), (r"\p{^L}", r"[\W\d_]"), (r"\PL+", r"[\W\d_]+")],
        *[(r"[\p{Nd}-]", r"[\d-]"), (r"[^\P{Lu}]", "[AB]"), (r"\P{^Zs}", " "), (r"(?i)[b\p{Zs}]", "[bB ]")],
    ],
)
def test_what_pcre_reads_in_one_way_is_read_so(pattern: str, in_python: str) -> None:
    """Python refuses these; `\\z` it takes from 3.14 on."""
    graph, expected = (regex(pattern=each, alphabet="Aab\\x42é. 0_\\-") for each in (pattern, in_python))
    assert list(graph.edges(data=True)) == list(expected.edges(data=True))
    assert graph.nodes(data=True) == expected.nodes(data=True)


@pytest.mark.slow
def test_characters_without_case_are_never_the_same_but_for_case() -> None:
    """So that Python need not be asked about each."""
    every = [chr(code) for code in range(0x110000)]
    caseless = "".join(each for each in every if each.lower() == each == each.upper())
    cased = "".join(f"\\U{ord(each):08x}" for each in set(every).difference(caseless))
    assert len(cased) > 10_000
    assert re.findall(f"[{cased}]", caseless, re.IGNORECASE) == []


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
    "word boundaries in stars": "(" * 16 + r"(?:\b\w?){300}" + ")*" * 16,
    "letters in either case": "(?i)" + "".join(chr(0x4E00 + each) for each in range(5000)),
    "atomic groups in atomic groups": "(?>" * 90 + "a{100}b" + ")*" * 90,
    "what reads nothing": r"((\b){999999999}a?){3}" + "(?#a)" * 9_000 + r"\b" * 9_000,
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
        (r"(?:\b\w?){1000}", "rules"),
        ("(?i)[" + "".join(f"a-{chr(0x1000 + each)}" for each in range(1000)) + "]", "cases"),
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
    assert run_examples(page) == 7
    limits = re.findall(r"\| ([0-9,]+) \| `LSTMC_MAX_REGEX_(\w+)` \|", page)
    assert {name.lower(): int(number.replace(",", "")) for number, name in limits} == asdict(Limits())
