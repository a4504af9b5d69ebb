"""OpenFst, HFST and foma themselves read what is written."""

import shutil
import subprocess
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from att_text import parse, plain
from hypothesis import given, settings
from languages import Automaton, random_automaton, words_of
from strategies import VALID, grammars

from lstmc.errors import UsageError
from lstmc.grammar import Grammar
from lstmc.grammar.convert import text_of
from lstmc.grammar.read import read_grammar


def columns(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


@settings(max_examples=20, deadline=None)
@given(grammars(*VALID))
def test_openfst_reads_what_is_written(tmp_path_factory: pytest.TempPathFactory, grammar: Grammar) -> None:
    if shutil.which("fstcompile") is None:
        pytest.skip("OpenFst's tools are not installed")
    folder, grammar = tmp_path_factory.mktemp("openfst"), plain(grammar)
    try:
        text = text_of(grammar, "att")
    except UsageError:
        return
    ways = [row for row in columns(text) if len(row) > 2]
    labels = sorted({label for row in ways for label in row[2:4]} - {"@0@"})
    states = list(dict.fromkeys(state for row in columns(text) for state in row[: 2 if len(row) > 2 else 1]))
    for name, words in (("labels", ["@0@", *labels]), ("states", states)):
        (folder / name).write_text("".join(f"{word}\t{n}\n" for n, word in enumerate(words)), "utf-8")
    tables = ["--isymbols=labels", "--osymbols=labels", "--ssymbols=states"]
    compile = ["fstcompile", "--keep_state_numbering", *tables]
    fst = subprocess.run(compile, input=text.encode(), capture_output=True, cwd=folder, check=True)
    assert fst.stderr == b""
    printed = subprocess.run(["fstprint", *tables], input=fst.stdout, capture_output=True, cwd=folder, check=True)
    (folder / "printed.att").write_bytes(printed.stdout)
    again = read_grammar(folder / "printed.att", parameters={"kind": "transducer"}).to_dict()
    back = grammar.to_dict()
    for edge in back["edges"] if not grammar.outputs else ():
        edge |= {"output": edge["symbol"]} if "symbol" in edge else {}  # an acceptor puts out what it reads
    for key in ("nodes", "edges"):
        assert sorted(map(rounded, again[key])) == sorted(map(rounded, back[key]))


def rounded(item: dict[str, object]) -> str:
    """A state or a rule, with what is left of its probability in single precision; one that is 1 may be left out."""
    return str(
        sorted((key, f"{each:.4g}" if isinstance(each, float) else each) for key, each in item.items() if each != 1.0)
    )


def test_hfst_reads_what_is_written(tmp_path: Path) -> None:
    if shutil.which("hfst-txt2fst") is None:
        pytest.skip("HFST's tools are not installed")
    graph = nx.MultiDiGraph(name="grammar")
    graph.add_node(0, start=True)
    graph.add_node(1, accept=True)
    graph.add_edge(0, 1, symbol="a b", output="\t")
    graph.add_edge(1, 0, symbol="é")
    grammar = Grammar.from_graph(graph)
    text = text_of(grammar, "att")
    fst = subprocess.run(["hfst-txt2fst"], input=text.encode(), capture_output=True, check=True)
    printed = subprocess.run(["hfst-fst2txt"], input=fst.stdout, capture_output=True, check=True)
    assert parse(printed.stdout.decode()) == grammar


def test_foma_reads_what_is_written(tmp_path: Path) -> None:
    if shutil.which("foma") is None:
        pytest.skip("foma is not installed")
    graph = nx.MultiDiGraph(name="grammar")
    graph.add_node(0, start=True)
    graph.add_node(1, accept=True)
    graph.add_edge(0, 1, symbol="a", output="x")
    graph.add_edge(1, 1, symbol="b", output="b")
    grammar = Grammar.from_graph(graph)
    (tmp_path / "in.att").write_text(text_of(grammar, "att"))
    commands = b"read att in.att\nwrite att out.att\nquit\n"
    subprocess.run(["foma", "-q"], input=commands, capture_output=True, check=True, cwd=tmp_path)
    assert parse((tmp_path / "out.att").read_text()) == grammar


def as_att(automaton: Automaton, rng: Random, nothing: str) -> str:
    """As toolkits and people write it: tabs, blanks or both between columns; q0, where strings start, is 0."""
    number = {state: str(n) for n, state in enumerate(automaton.states)}
    between = rng.choice(["\t", " ", " \t", "\t "])
    rows = [[number[p], number[q], symbol or nothing, symbol or nothing] for p, symbol, q in automaton.moves]
    rows.sort(key=lambda row: row[0] != "0")
    lines = [between.join(row) for row in rows] + [number[state] for state in automaton.final]
    return "".join(f"{line}{rng.choice(['', ' '])}\n" for line in lines)


def words_of_rows(text: str, upto: int = 4) -> set[tuple[str, ...]]:
    """The strings of what a tool printed: no ε is left in it."""
    rows = [line.split("\t") for line in text.splitlines()]
    moves: list[tuple[str, str | None, str]] = [(row[0], row[2], row[1]) for row in rows if len(row) > 2]
    final = [row[0] for row in rows if len(row) <= 2 and row[1:] != ["Infinity"]]
    return Automaton(moves, [rows[0][0]], final).words(upto)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_openfst_says_the_same_language(seed: int, tmp_path: Path) -> None:
    if shutil.which("fstrmepsilon") is None:
        pytest.skip("OpenFst's tools are not installed")
    automaton = random_automaton(seed, starts=1)
    text = as_att(automaton, Random(seed), "<eps>")
    (tmp_path / "labels").write_text("<eps> 0\na 1\nb 2\n", "utf-8")
    tables = "--isymbols=labels --osymbols=labels"
    pipe = f"fstcompile {tables} | fstrmepsilon | fstprint {tables}"
    printed = subprocess.run(["sh", "-c", pipe], input=text.encode(), capture_output=True, cwd=tmp_path, check=True)
    assert printed.stderr == b""
    assert words_of(parse(text)) == words_of_rows(printed.stdout.decode()) == automaton.words()
    table = {"symbols": str(tmp_path / "labels"), "kind": "transducer"}
    (tmp_path / "named.att").write_text(text, "utf-8")
    assert words_of(read_grammar(tmp_path / "named.att", parameters=table)) == automaton.words()


@pytest.mark.parametrize("seed", range(0, 20, 4))
def test_hfst_says_the_same_language(seed: int) -> None:
    if shutil.which("hfst-remove-epsilons") is None:
        pytest.skip("HFST's tools are not installed")
    automaton = random_automaton(seed, starts=1)
    text = as_att(automaton, Random(seed), "@0@")
    pipe = "hfst-txt2fst | hfst-remove-epsilons | hfst-fst2txt"
    printed = subprocess.run(["sh", "-c", pipe], input=text.encode(), capture_output=True, check=True)
    assert words_of(parse(text)) == words_of_rows(printed.stdout.decode()) == automaton.words()
