"""Every code is explained, by an example that has the problem and one that has not."""

from typing import Any

import pytest

from lstmc.errors import UsageError
from lstmc.grammar import Diagnostic, Grammar, GrammarError
from lstmc.grammar.codes import KINDS
from lstmc.grammar.explain import FOLDER, explain_code
from lstmc.grammar.nets import Nets
from lstmc.grammar.read import parse_nets

FORMATS = {"yaml": "yaml", "json": "json", "dot": "dot", "xml": "jff"}  # of the languages of the examples


@pytest.mark.parametrize("code", KINDS)
def test_the_wrong_example_has_this_problem_and_no_other(code: str) -> None:
    explained = explain_code(code)
    assert {each.code for each in said(explained.wrong, explained.language)} == {code}


@pytest.mark.parametrize("code", KINDS)
def test_the_right_example_has_no_problem(code: str) -> None:
    explained = explain_code(code)
    assert said(explained.right, explained.language) == ()


@pytest.mark.parametrize("code", KINDS)
def test_an_explanation_is_short_and_fits_the_page(code: str) -> None:
    explained = explain_code(code)
    assert 1 <= len(explained.paragraphs) <= 3
    assert explained.wrong != explained.right
    assert explained.markdown.count(f"```{explained.language}\n") == 2
    assert max(map(len, explained.markdown.splitlines())) <= 120
    assert all(paragraph.count("`") % 2 == 0 for paragraph in explained.paragraphs)


def test_every_code_has_its_file_and_no_other_file_is_there() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{code}.md" for code in KINDS]


def test_a_code_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="there is no code G033"):
        explain_code("G033")


def said(example: str, language: str) -> tuple[Diagnostic, ...]:
    """What is said about an example: an error, or warnings."""
    try:
        return _grammar(example, language).warnings
    except GrammarError as error:
        return error.diagnostics


def _grammar(example: str, language: str) -> Grammar | Nets:
    if language != "python":
        return parse_nets(example, format=FORMATS[language])
    names: dict[str, Any] = {}  # of an example that only a program can give: it makes `grammar`
    exec(example, names)
    made: Grammar = names["grammar"]
    return made
