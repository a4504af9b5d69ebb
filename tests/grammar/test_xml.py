"""XML is read with the place of everything, and can neither grow, nor fetch, nor nest without an end."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import no_hanging

from lstmc.errors import LimitError, UsageError
from lstmc.grammar.formats import Unreadable
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Problem
from lstmc.grammar.xml import DEEPEST, Element, escaped, in_quotes, parse_xml

PAGE = "<a>\n  <b x = '1&gt;2'\n     é=\"🙂🙂\" y=''>t</b>é🙂<c/> <d> t&amp;\n</d ></a>"


def parse(text: str, namespace: str = "") -> Element:
    return parse_xml(text, Limits(), namespace)


def problem(text: str) -> Problem:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    (found,) = caught.value.problems
    assert found.help
    return found


def test_places_count_characters() -> None:
    root = parse(PAGE)
    assert [(child.tag, child.place[:3]) for child in root.children] == [
        ("b", (2, 3, 2)),
        ("c", (3, 25, 2)),
        ("d", (3, 30, 2)),
    ]
    said = root.children[0].scalars()
    assert {name: (value.text, value.place[:3]) for name, value in said.items()} == {
        "x": ("1>2", (2, 11, 6)),
        "é": ("🙂🙂", (3, 9, 2)),
        "y": ("", (3, 16, 1)),
    }
    texts = [child.content() for child in root.children]
    assert [(text.text, text.place[:3]) for text in texts] == [
        ("t", (3, 18, 1)),
        ("", (3, 25, 2)),
        (" t&\n", (3, 33, 1)),
    ]
    assert root.children[2].content(strip=True)[:2] == ("t&", (3, 34, 6, ""))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_once(end: str) -> None:
    root = parse(f"<a>{end}<!-- é{end} -->{end}<b/></a>")
    assert root.children[0].place[:2] == (4, 1)


def test_tags_of_the_namespace_are_plain() -> None:
    root = parse("<a xmlns='u' xmlns:v='w'><b/><v:c v:x='1' y='2'/></a>", "u")
    assert [root.tag, *(child.tag for child in root.children)] == ["a", "b", "w c"]
    assert [child.name for child in root.children] == ["b", "c"]
    assert {name: value.text for name, value in root.children[1].scalars().items()} == {"y": "2"}
    assert parse("<a><b/></a>", "u").tag == "a"


def test_comments_instructions_and_sections() -> None:
    root = parse(
        "<?xml version='1.0' encoding='utf-8' standalone='no'?><!-- < --><a>1<!-- 2 --><?x 3?><![CDATA[<4>]]></a>"
    )
    assert root.text == "1<4>"


ENTITIES = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a/>",
        ENTITIES,
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1/x.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>",
        "<!DOCTYPE a [",
    ],
)
def test_document_types_are_refused_where_they_begin(text: str) -> None:
    found = problem("<!-- <!DOCTYPE -->\n" + text)
    assert (found.code, found.place[:3]) == ("G072", (2, 1, 9))


def test_entities_never_grow() -> None:
    """Ten of ten of ten ...: 10^20 characters, if it were read."""
    lines = [f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(20)]
    with no_hanging():
        assert problem("<!DOCTYPE a [<!ENTITY e0 'x'>" + "".join(lines) + "]><a>&e20;</a>").code == "G072"


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "G067", 1),
        (" \n ", "G067", 1),
        ("a", "G070", 1),
        ("<a>", "G070", 1),
        ("<a><b>é</c></a>", "G070", 10),
        ("<a>🙂 & b</a>", "G070", 7),
        ("<a>&nbsp;</a>", "G070", 4),
        ("<a>&#0;</a>", "G070", 4),
        ("<a b='1' b='2'/>", "G070", 10),
        ("<a b=1/>", "G070", 6),
        ("<a/><b/>", "G070", 5),
        ("<a", "G070", 1),
        ("<a><!-- ", "G070", 4),
        ("<a>é<![CDATA[ ", "G070", 14),
        ("<b:a/>", "G070", 1),
        ("<a>é\0</a>", "G070", 5),
        ("<a>\ud800</a>", "G070", 4),
        ("<a>\uffff</a>", "G070", 4),
        (" <?xml version='1.0'?><a/>", "G070", 2),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", "G070", 31),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a/>", "G070", 31),
        ("<a>" * (DEEPEST + 1), "G065", 1 + 3 * DEEPEST),
    ],
)
def test_what_is_no_xml_has_a_place(text: str, code: str, column: int) -> None:
    found = problem(text)
    assert (found.code, found.place.line, found.place.column) == (code, 1, column)


def test_64_levels_are_not_too_deep() -> None:
    assert parse("<a>" * DEEPEST + "</a>" * DEEPEST).tag == "a"


def test_the_number_of_elements_and_attributes_is_limited() -> None:
    assert parse_xml("<a b=''><c/></a>", Limits(values=3)).tag == "a"
    for text in ("<a b=''><c/><c/></a>", "<a b='' c='' d=''/>"):
        with pytest.raises(LimitError, match="4 values"):
            parse_xml(text, Limits(values=3))


LONG = 2_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "<a>" + "x" * LONG + "</a>",
        "<a>" + "\n" * LONG + "</a>",
        "<a>" + "é" * LONG + "</a>",
        "<a>" + "&amp;" * (LONG // 5) + "</a>",
        "<a b='" + "é" * LONG + "'/>",
        "<a" + " " * LONG + "/>",
        "<a" + " " * LONG,
        "<a" + "".join(f" b{n}=''" for n in range(LONG // 12)) + "/>",
        "<a>" + "<b>é</b>" * (LONG // 8) + "</a>",
        "<a><!--" + "-" * LONG,
        "<" * LONG,
        "<a>" + "]]" * (LONG // 2),
        "<!DOCTYPE a [" + "<!ENTITY a 'a'>" * (LONG // 15),
    ],
    ids=lambda text: text[:12].replace("\n", " "),
)
def test_long_texts_do_not_hang(text: str) -> None:
    with no_hanging(), suppress(Unreadable):
        root = parse(text)
        root.content()
        root.scalars()
        for child in root.children:
            child.content()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20).filter(
    lambda text: not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text)
)


@given(TEXTS, TEXTS)
def test_texts_come_back(content: str, value: str) -> None:
    root = parse(f"<a b={in_quotes(value)}>{escaped(content)}</a>")
    assert (root.text, root.attributes) == (content, {"b": value})


@pytest.mark.parametrize("character", ["\0", "\x1b", "\ud800", "\uffff"])
def test_what_xml_does_not_hold_is_refused(character: str) -> None:
    with pytest.raises(UsageError, match="XML files do not hold"):
        escaped(f"a{character}")


@given(st.text("<>/='\" ab&;!-[]?\n", max_size=60))
def test_any_text_is_xml_or_says_why(text: str) -> None:
    with suppress(Unreadable):
        root = parse(text)
        assert root.place.line >= 1
        assert root.content().text == root.text


@pytest.mark.parametrize(
    "text", ['<?xml version="1.0"?>\r\n', "<a>\r\n<![CDATA[\r\n</a>\r\n", "<a>\r\n\r\n", "\r\n", "<a", ""]
)
def test_where_a_file_ends_there_is_a_place(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_xml(text, Limits())
    (problem,) = caught.value.problems
    lines = text.replace("\r\n", "\n").split("\n")
    assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
