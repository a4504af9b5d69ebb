"""Strings are read as they are written, whatever the symbols are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmc.network.strings import join_string, split_string

CITIES = ("New York", "Rome", '"', "[", 'say "hi"', "a\nb")
ONE_EACH = ("a", "[", "]", '"', ",", " ", "\n")
LETTERS = st.sampled_from('ab [],"\\\n\r\t🙂\u2028')
SYMBOLS = st.one_of(st.text(LETTERS, min_size=1, max_size=4), st.sampled_from(CITIES))
ALPHABETS = st.one_of(*(st.lists(each, min_size=1, max_size=6, unique=True) for each in (SYMBOLS, LETTERS)))


@given(st.data())
def test_what_is_written_is_read_back_from_one_line(data: st.DataObject) -> None:
    alphabet = tuple(data.draw(ALPHABETS))
    string = data.draw(st.lists(st.sampled_from(alphabet), max_size=8))
    text = join_string(string, alphabet)
    assert split_string(text, alphabet) == string
    assert "\n" not in text
    assert "\r" not in text
    assert split_string(json.dumps(string), alphabet) == string or any(s.startswith("[") for s in alphabet)


@pytest.mark.parametrize(
    ("text", "alphabet", "expected"),
    [
        ("BTX", ("B", "T", "X"), ["B", "T", "X"]),
        ("", ("B",), []),
        ("", ("ab",), []),
        (" ", (" ", "a"), [" "]),
        ("coin  tea ", ("coin", "tea"), ["coin", "tea"]),
        ('"New York" Rome', CITIES, ["New York", "Rome"]),
        ('" Rome', CITIES, ['"', "Rome"]),
        ("[ Rome", CITIES, ["[", "Rome"]),
        ('["New York", "["]', CITIES, ["New York", "["]),
        ('["a", "b"]', ("a", "b"), ["a", "b"]),
        ('["a", "c"]', ("a", "b"), ["a", "c"]),
        ('["a"]', ONE_EACH, ["a"]),
        ('["b"]', ONE_EACH, [*'["b"]']),
        ("[a]", ONE_EACH, ["[", "a", "]"]),
        ("[1]", ("[", "]", "1"), ["[", "1", "]"]),
    ],
)
def test_how_a_string_is_read(text: str, alphabet: tuple[str, ...], expected: list[str]) -> None:
    assert split_string(text, alphabet) == expected


@pytest.mark.parametrize(
    ("string", "alphabet", "text"),
    [
        (["New York", "Rome", '"'], CITIES, '"New York" Rome "\\""'),
        ([*'["a"]'], ONE_EACH, '["[", "\\"", "a", "\\"", "]"]'),
        (["a", "\n"], ONE_EACH, '["a", "\\n"]'),
        (["[", "a"], ONE_EACH, "[a"),
    ],
)
def test_how_a_string_is_written(string: list[str], alphabet: tuple[str, ...], text: str) -> None:
    assert join_string(string, alphabet) == text
