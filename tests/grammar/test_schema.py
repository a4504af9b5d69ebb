"""The published schema is a schema, says what the reader says, and each of its keywords has a wording."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from lstmc.grammar import GrammarError
from lstmc.grammar.read import parse_grammar
from lstmc.grammar.schema import schema
from lstmc.grammar.schema_wording import _WORDINGS

ROOT = Path(__file__).parents[2]
GRAMMARS = sorted((ROOT / "grammars").glob("*.yaml"))
SAYS_NOTHING = {"$schema", "$ref", "title", "description", "examples", "default", "definitions", "properties", "items"}
LEADS_ON = {"if", "then", "else"}


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(schema())


def parts(schema_part: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself included."""
    yield schema_part
    for key in ("properties", "definitions"):
        for part in schema_part.get(key, {}).values():
            yield from parts(part)
    for key in ("items", "if", "then", "else", "additionalProperties"):
        if isinstance(schema_part.get(key), dict):
            yield from parts(schema_part[key])


def test_every_keyword_has_a_wording() -> None:
    used = {key for part in parts(schema()) for key in part} - SAYS_NOTHING - LEADS_ON
    assert used == set(_WORDINGS)


def test_its_examples_are_grammars() -> None:
    for name in ("written", "made"):
        for example in schema()["definitions"][name]["examples"]:
            parse_grammar(yaml.safe_dump(example))


@pytest.mark.parametrize("file", GRAMMARS, ids=lambda path: path.stem)
def test_an_editor_finds_the_shipped_grammars_fine(file: Path) -> None:
    """An editor sees YAML's own types, numbers for `id: 0`; the schema takes them."""
    errors = list(Draft7Validator(schema()).iter_errors(yaml.safe_load(file.read_text("utf-8"))))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(
    "change",
    [
        ("id: 0", "id: [0]"),
        ("start: true", "start: maybe"),
        ("start: true", "start: 'true'"),
        ("symbol: a", "symbol: {a: b}"),
        ("symbol: a", "symbol: a, probability: 0"),
        ("symbol: a", "symbol: a, probability: 1.5"),
        ("symbol: a", "symbol: a, probability: '0.5'"),
        ("symbol: a", "symbol: a, wieght: 3"),
        ("symbol: a", "sym: a"),
        ("name: x", "name: a/b"),
        ("name: x", 'name: "x\\n"'),
        ("name: x", "start: all"),
        ("name: x", "alphabet: []"),
        ("name: x", "directed: false"),
    ],
)
def test_the_reader_and_an_editor_refuse_the_same(change: tuple[str, str]) -> None:
    text = "name: x\nnodes: [{id: 0, start: true}, {id: 1, accept: true}]\nedges: [{source: 0, target: 1, symbol: a}]\n"
    Draft7Validator(schema()).validate(yaml.safe_load(text))
    wrong = text.replace(*change)
    assert not Draft7Validator(schema()).is_valid(yaml.safe_load(wrong))
    with pytest.raises(GrammarError):
        parse_grammar(wrong)


def test_what_is_wrong_with_one_shape_is_said_of_every_item_that_has_it() -> None:
    edges = "\n".join(f"- {{source: 0, target: 0, symbol: a{number}, colour: 1}}" for number in range(3))
    with pytest.raises(GrammarError) as caught:
        parse_grammar(f"nodes: [{{id: 0, start: true, accept: true}}]\nedges:\n{edges}")
    assert [(each.code, each.line) for each in caught.value.diagnostics] == [("G050", 3), ("G050", 4), ("G050", 5)]


def test_what_stands_under_a_misnamed_key_is_looked_at_too() -> None:
    text = (
        "states: [{id: 0, start: true}, {id: 1, accepting: maybe}]\ntransitions: [{from: 0, to: 2, label: a, p: x}]\n"
    )
    with pytest.raises(GrammarError) as caught:
        parse_grammar(text)
    found = [(each.code, each.help) for each in caught.value.diagnostics]
    assert found == [
        *(("G050", f"did you mean '{key}'?") for key in ("nodes", "accept")),
        ("G052", "write true or false"),
        *(("G050", f"did you mean '{key}'?") for key in ("edges", "source", "target")),
        ("G003", "add {id: 2} under `nodes:`"),
        *(("G050", f"did you mean '{key}'?") for key in ("symbol", "probability")),
        ("G052", "write a decimal such as 0.25, which a double can hold"),
    ]
