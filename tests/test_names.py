"""One function says what a name may be; the schema, every format, weights and the checker say the same."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lstmc
from lstmc.errors import InputError
from lstmc.grammar.catalogue import make
from lstmc.grammar.convert import text_of
from lstmc.grammar.read import parse_grammar
from lstmc.grammar.schema import schema
from lstmc.names import LONGEST, NAME, fitting, is_name, is_nearly_name, name_for
from lstmc.proof import checker
from lstmc.shipped import shipped

GOOD = ("reber", "_", "7", "a.b", "1-int.c++", "Tomita_3", "console", "nul-1", "com10", "a" * 100, "lpt", "x.con")
BAD = (
    *[".", "..", "../reber", "/etc/reber", "a/b", "a\\b", "C:reber", ".hidden", "-o", "+a", "a.", "a:", "a*", "a?"],
    *["a|b", "<a>", "~", "$HOME", "é"],
    *["con", "NUL", "aux.txt", "prn", "Com1", "lpt9.safetensors", "com0.x", "nul."],
    *("", "a b", "a ", " a", '"a"', "a\n", "a\0", "a\x1b[2J", "a\u202eb", "a\u2028", "\ud800", "a" * 101),
)


def test_names() -> None:
    assert [name for name in GOOD if not is_name(name)] == []
    assert [name for name in BAD if is_name(name)] == []
    assert [name for name in shipped() if not is_name(name)] == []


def agrees(name: str) -> bool:
    valid = jsonschema.Draft7Validator(schema()["definitions"]["name"]).is_valid(name)
    read_by_checker = checker.NAME.fullmatch(name) is not None
    return is_name(name) == valid == read_by_checker


def test_the_schema_and_the_checker_say_the_same() -> None:
    definition = schema()["definitions"]["name"]
    assert (definition["pattern"], definition["maxLength"]) == (NAME.pattern, LONGEST)
    assert [name for name in GOOD + BAD if not agrees(name)] == []


@given(st.text(st.sampled_from("conulpt19.aA_+-/ \n"), max_size=6) | st.integers(97, 103).map(lambda n: "x." * n))
def test_they_agree_on_any_text(name: str) -> None:
    assert agrees(name)


@given(st.text(max_size=120))
def test_a_name_like_a_text_is_a_name(text: str) -> None:
    assert fitting(text) == "" or is_name(fitting(text))


CHANGED = {
    "übung 1 (copy)": "ubung-1-copy",
    "my grammar": "my-grammar",
    "R&D, Ψ = 2": "R-D-2-",
    "日本": "grammar-",
    "日本 2": "2-",
    "(copy) con": "copy-con",
    "é" * 100: "e" * 100,
    "я" * 100: "grammar-",
}


@pytest.mark.parametrize("text", CHANGED)
def test_a_name_of_another_script_becomes_one_like_it(text: str) -> None:
    assert is_nearly_name(text)
    name = name_for(text)
    assert is_name(name)
    assert name.startswith(CHANGED[text])
    assert (len(name) == len(CHANGED[text]) + 8) == CHANGED[text].endswith("-")
    assert name_for(text[::-1]) != name or text in (text[::-1], "é" * 100)


@given(st.text(max_size=120))
def test_every_text_has_a_name(text: str) -> None:
    assert is_name(name_for(text))


def test_what_leads_somewhere_is_not_changed() -> None:
    hostile = (
        "../reber",
        "/etc/reber",
        "a/b",
        "a\\b",
        "C:reber",
        ".hidden",
        "-o",
        "+a",
        "a.",
        "a*",
        "a?",
        "a|b",
        "<a>",
    )
    others = ("con", "NUL", "aux.txt", "", " a", "a ", '"a"', "a\n", "a\0", "a\u202eb", "a\u2028", "\ud800", "a" * 101)
    assert [name for name in hostile + others if is_nearly_name(name)] == []


@pytest.mark.parametrize("format", ["yaml", "json", "dot", "jff", "graphml"])
def test_every_format_changes_a_name_with_a_warning(format: str, tmp_path: Path) -> None:
    text = text_of(lstmc.load_grammar("reber"), format).replace("digraph reber {", 'digraph "reber" {')
    grammar = parse_grammar(text.replace("reber", "übung 1 (copy)"), format=format)
    assert (grammar.name, [each.code for each in grammar.warnings]) == ("ubung-1-copy", ["G056"])


def test_so_do_files_and_plugins(tmp_path: Path) -> None:
    file = tmp_path / "übung 1 (copy).att"
    file.write_text("0 1 a a\n1\n", "utf-8")
    of_plugin = tmp_path / "Tomita 3.yaml"
    of_plugin.write_text("plugin: tomita\nparameters: {number: 3}\n", "utf-8")
    for path, name in ((file, "ubung-1-copy"), (of_plugin, "Tomita-3")):
        grammar = lstmc.load_grammar(path)
        assert (grammar.name, [each.code for each in grammar.warnings]) == (name, ["G056"])


def test_a_certificate_names_its_grammar_as_it_is_called() -> None:
    data = lstmc.load_grammar("reber").to_dict()
    with pytest.raises(lstmc.GrammarError, match="G056"):
        lstmc.Grammar.from_dict({**data, "name": "my reber"})
    with pytest.raises(lstmc.GrammarError, match="G004"):
        lstmc.Grammar.from_dict({**data, "edges": [*data["edges"], data["edges"][0]]})


@pytest.mark.parametrize("name", ["nul", "a.", "../reber", "a\u202e"])
@pytest.mark.parametrize("format", ["yaml", "json", "dot", "jff", "graphml"])
def test_every_format_refuses_what_is_no_name(format: str, name: str) -> None:
    text = text_of(lstmc.load_grammar("reber"), format).replace("digraph reber {", 'digraph {name="reber";')
    assert "reber" in text
    with pytest.raises(lstmc.GrammarError, match="G054"):
        parse_grammar(text.replace("reber", name), format=format)


def test_so_do_files_graphs_dictionaries_and_plugins(tmp_path: Path) -> None:
    (tmp_path / "con.att").write_text("0 1 a a\n1\n", "utf-8")
    grammar = lstmc.load_grammar("reber")
    for made in (
        lambda: lstmc.load_grammar(tmp_path / "con.att"),
        lambda: lstmc.Grammar.from_graph(nx.MultiDiGraph(grammar.graph), "con"),
        lambda: lstmc.Grammar.from_dict({**grammar.to_dict(), "name": "con"}),
        lambda: make("tomita", {"number": "3"}, "con"),
    ):
        with pytest.raises(lstmc.GrammarError, match="G054"):
            made()


def test_what_parameters_say_becomes_a_name() -> None:
    assert is_name(make("regex", {"pattern": "a\\."}).name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["../../stolen", "/tmp/stolen", "nul", "a.", "a\x1b[2J", ""])
def test_weights_of_such_a_name_are_refused_and_write_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, certificate = lstmc.compile_proved(lstmc.load_grammar("reber"))
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    named = replace(network, header=replace(network.header, name=name))
    named.save("mine.safetensors")
    with pytest.raises(InputError, match="cannot be a name"):
        lstmc.load("mine.safetensors")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.safetensors"]
    data = {**certificate.data, "name": name, "grammar": {**certificate.data["grammar"], "name": name}}
    (first, *_) = lstmc.verify(named.to_bytes(), json.dumps(data).encode(), digests=False).violations
    assert str(first) == "malformed: the grammar's name could be no file's"
