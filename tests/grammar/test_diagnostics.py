"""How a problem is drawn: carets below what is meant, whatever else stands in the line."""

import pytest

from lstmc.grammar import Diagnostic, GrammarError
from lstmc.grammar.excerpt import excerpt, quoted


def test_a_problem_with_a_place() -> None:
    drawn = str(Diagnostic("a.yaml", 12, 5, "G003", "error", "what is wrong", "what to do", "one two", 3))
    assert drawn == ("a.yaml:12:5: error[G003]: what is wrong\n   |\n12 | one two\n   |     ^^^\nhelp: what to do")


def test_a_problem_without_one() -> None:
    assert str(Diagnostic("graph 'x'", 0, 0, "G041", "warning", "what")) == "graph 'x': warning[G041]: what"


def test_the_name_of_a_file_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in str(Diagnostic("\x1b[31m.yaml", 1, 1, "G001", "error", "what"))


@pytest.mark.parametrize(
    ("line", "column", "width", "text", "carets"),
    [
        ("abc", 2, 1, "abc", " ^"),
        ("\tab", 2, 1, "    ab", "    ^"),
        ("日本語 x", 5, 1, "日本語 x", "       ^"),
        ("日本語 x", 2, 2, "日本語 x", "  ^^^^"),
        ("e\u0301x", 3, 1, "e\u0301x", " ^"),
        ("\u202ex", 2, 1, "\\u202ex", "      ^"),
        ("a\x07b", 2, 1, "a\\x07b", " ^^^^"),
        ("a", 2, 1, "a", " ^"),
        ("", 1, 1, "", "^"),
    ],
)
def test_carets(line: str, column: int, width: int, text: str, carets: str) -> None:
    assert excerpt(line, column, width) == (text, carets)


@pytest.mark.parametrize("column", [1, 50, 61, 62, 500, 950, 1000, 1001])
def test_long_lines_are_clipped_around_the_place(column: int) -> None:
    line = "".join(chr(ord("a") + number % 26) for number in range(1000))
    text, carets = excerpt(line, column, 5)
    assert len(text) <= 112
    meant = line[column - 1 : column + 4]
    assert [text[i] for i, mark in enumerate(carets) if mark == "^" and i < len(text)] == list(meant)


def test_long_quotes_are_clipped() -> None:
    assert quoted("x" * 1000) == "'" + "x" * 60 + "…'"
    assert quoted("a\nb\u200b") == "'a\\nb\\u200b'"


def test_the_text_of_an_error_with_very_many_problems_is_short() -> None:
    problem = Diagnostic("a", 0, 0, "G001", "error", "what")
    error = GrammarError((problem,) * 1000)
    assert str(error).endswith("... and 900 more")
    assert len(error.diagnostics) == 1000
