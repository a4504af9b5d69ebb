"""A set of pairs becomes few disjoint rectangles."""

from hypothesis import given
from hypothesis import strategies as st

from lstmc.program.rectangles import MAX_SPANS, rectangles

PAIRS = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)))


def test_picture() -> None:
    text = [
        "■ ■  ",
        "■ ■ ■",
        "    ■",
    ]
    assert drawn(text) == [
        "A A  ",
        "A A B",
        "    B",
    ]


def test_picture_of_a_cross() -> None:
    text = [
        "  ■ ■  ",
        "■ ■ ■ ■",
        "  ■ ■  ",
    ]
    assert drawn(text) == [
        "  A A  ",
        "B A A B",
        "  A A  ",
    ]


@given(PAIRS)
def test_they_are_disjoint_and_together_the_pairs(pairs: set[tuple[int, int]]) -> None:
    covered = [(p, x) for rows, columns in rectangles(pairs) for p in rows for x in columns]
    assert sorted(covered) == sorted(pairs)


@given(PAIRS)
def test_never_more_than_rows_alone_or_columns_alone(pairs: set[tuple[int, int]]) -> None:
    rows = {p: frozenset(x for q, x in pairs if q == p) for p, _ in pairs}
    columns = {x: frozenset(p for p, y in pairs if y == x) for _, x in pairs}
    assert len(rectangles(pairs)) <= min(len(set(rows.values())), len(set(columns.values())))


def test_more_rows_than_the_search_looks_at() -> None:
    size = 3 * MAX_SPANS
    staircase = {(row, column) for row in range(size) for column in range(row + 1)}
    covered = [(p, x) for rows, columns in rectangles(staircase) for p in rows for x in columns]
    assert sorted(covered) == sorted(staircase)


def drawn(text: list[str]) -> list[str]:
    """A letter for each rectangle where it lies."""
    pairs = {(row, column) for row, line in enumerate(text) for column, mark in enumerate(line[::2]) if mark == "■"}
    letter = {
        (p, x): letter
        for letter, (rows, columns) in zip("ABCDEFGH", rectangles(pairs), strict=False)
        for p in rows
        for x in columns
    }
    width = len(text[0][::2])
    return [" ".join(letter.get((row, column), " ") for column in range(width)) for row in range(len(text))]
