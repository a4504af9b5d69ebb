"""What a hostile file may hold: it is answered, in few words, and never by a traceback."""

import pytest
from work import no_hanging

from lstmc.errors import LimitError
from lstmc.grammar import Diagnostic, Grammar, GrammarError
from lstmc.grammar.read import parse_grammar

MANY = 10_000
LONGEST = 450  # characters of a line that is printed: 110 of the file, each as an escape
HEAD = "nodes:\n  - {id: 0, start: true}\n  - {id: 1, accept: true}\nedges:\n"
EDGE = "  - {source: 0, target: 1, symbol: "
ONE = "nodes: [{id: 0, start: true, accept: true}]\nedges: "


def repeated(text: str, count: int = MANY, between: str = ", ") -> str:
    """The text so often, `@` in it replaced by the number."""
    return between.join(text.replace("@", str(number)) for number in range(count))


BOMBS = {
    "anchors": (f"nodes: [{repeated('&a@ {id: @, start: true, accept: true}')}]\nedges: []\n", {"G061", "G070"}),
    "aliases": (f"nodes: [&a {{id: 0, start: true}}]\nedges: [{repeated('*a')}]\n", {"G061", "G070"}),
    "aliases of aliases": (repeated("a@: &a@ [*a, *a, *a, *a]\n", 1000, ""), {"G050", "G051", "G061"}),
    "tags": (f"{ONE}[{repeated('!t@ {source: 0, target: 0, symbol: s@}')}]\n", {"G062"}),
    "the same key": (f"{HEAD}{EDGE}a, {repeated('symbol: a')}}}\n", {"G064"}),
    "the same key at the top": (f"{HEAD}{EDGE}a}}\n{repeated('name: a', MANY, chr(10))}\n", {"G064"}),
    "unknown keys": (f"{HEAD}{EDGE}a, {repeated('k@: 1')}}}\n", {"G050"}),
    "lists in lists": ("nodes: " + "[" * MANY + "]" * MANY, {"G065"}),
    "mappings in mappings": ("{a: " * MANY, {"G065"}),
    "dashes after dashes": ("- " * MANY, {"G065"}),
    "deeper and deeper": ("".join(" " * n + "a:\n" for n in range(999)), {"G065"}),
    "documents": ("---\n" * MANY, {"G052", "G063"}),
    "a number of 10,000 digits": (f"{HEAD}{EDGE}a, probability: 0.{'9' * MANY}}}\n", {"G052"}),
    "10,000 huge exponents": (
        f"{ONE}[{repeated('{source: 0, target: 0, symbol: s@, probability: 1e-9999999@}')}]\n",
        {"G025"},
    ),
    "a mistake in a line of a megabyte": (
        f"{ONE}[{repeated('{source: 0, target: 0, symbol: s@}', 20_000)}, {{source: 0, target: 2, symbol: a}}]\n",
        {"G003"},
    ),
    "10,000 mistakes in one line": (f"{ONE}[{repeated('{source: 0, target: t@, symbol: s@}')}]\n", {"G003"}),
    "a quote of megabytes that never ends": (f'{HEAD}{EDGE}"' + "a" * 4_000_000, {"G060"}),
    "a name of megabytes": (f"name: {'a' * 4_000_000}\n{HEAD}{EDGE}a}}\n", {"G054"}),
    "a key of megabytes": (f"{HEAD}{EDGE}a, {'k' * 1000}: 1}}\n{'k' * 4_000_000}: 1\n", {"G060"}),
    "an id of megabytes that is not there": (f"{ONE}[{{source: 0, target: {'a' * 4_000_000}, symbol: a}}]\n", {"G003"}),
    "nothing but NUL": ("\0" * 4_000_000, {"G068"}),
    "nothing but tabs": ("\t" * 4_000_000, {"G060"}),
    "nothing but line breaks": ("\n" * 1_000_000, {"G067"}),
    "half of a surrogate pair": (f"{HEAD}{EDGE}\ud800}}\n", {"G068"}),
    "10,000 ids that are nearly there": (
        f"nodes: [{{id: a, start: true, accept: true}}, {repeated('{id: state@}', 1900)}]\n"
        f"edges: [{repeated('{source: a, target: stat@x, symbol: s}')}]\n",
        {"G003"},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_in_few_words(name: str) -> None:
    text, codes = BOMBS[name]
    with no_hanging():
        found = problems(text)
        said = str(GrammarError(found))
    assert {each.code for each in found} == codes
    assert max(map(len, said.split("\n"))) <= LONGEST
    assert all(line.isprintable() for line in said.split("\n"))


GIANTS = {
    "digits": "9" * MANY,
    "letters": "é" * 1_000_000,
    "accents": '"a' + "\u0301\u0323" * 500_000 + '"',  # sorting them takes the square of their number
}


@pytest.mark.parametrize("name", GIANTS)
def test_a_text_may_be_long(name: str) -> None:
    with no_hanging():
        grammar = parse_grammar(f"{ONE}[{{source: 0, target: 0, symbol: {GIANTS[name]}}}]")
    assert grammar.alphabet == (GIANTS[name].strip('"'),)
    assert grammar.warnings == ()


def test_more_values_than_the_limit_allows_are_refused_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTMC_MAX_GRAMMAR_VALUES", "1000")
    with pytest.raises(LimitError, match=r"values, more than the limit of 1,000") as caught:
        parse_grammar(f"nodes: [{repeated('a')}]")
    assert "LSTMC_MAX_GRAMMAR_VALUES" in caught.value.help


OPTIONS = ["-O2", "--help", "-h", "--", "-", "--set", "-O=", "--no-prove=1"]


def test_symbols_and_ids_that_look_like_options_are_texts_like_any_other() -> None:
    edges = ", ".join(f"{{source: -h, target: --json, symbol: '{each}'}}" for each in OPTIONS)
    text = f"nodes: [{{id: -h, start: true}}, {{id: --json, accept: true}}]\nedges: [{edges}]\n"
    grammar = parse_grammar(text)
    assert grammar.warnings == ()
    assert sorted(grammar.alphabet) == sorted(OPTIONS)


def problems(text: str) -> tuple[Diagnostic, ...]:
    try:
        grammar: Grammar = parse_grammar(text)
    except GrammarError as error:
        return error.diagnostics
    return grammar.warnings
