"""Partition a set of pairs into few disjoint rectangles P × X, by a greedy search.

   a b c                     a b c
1  ■ ■                    1  A A
2  ■ ■ ■      becomes     2  A A B        two rectangles: {1, 2} × {a, b} and {2, 3} × {c}
3      ■                  3      B
"""

Rectangle = tuple[tuple[int, ...], tuple[int, ...]]


def rectangles(pairs: set[tuple[int, int]]) -> list[Rectangle]:
    """Disjoint rectangles that together are the pairs: the best of a greedy search, by rows alone, by columns alone."""
    by_column = [(rows, columns) for columns, rows in _alike({(x, p) for p, x in pairs})]
    candidates: list[list[Rectangle]] = [_largest_first(pairs), _alike(pairs), by_column]
    fewest = min(len(found) for found in candidates)
    return sorted(next(found for found in candidates if len(found) == fewest))


def _alike(pairs: set[tuple[int, int]]) -> list[Rectangle]:
    """The rows with the same columns together."""
    columns: dict[int, list[int]] = {}
    for row, column in sorted(pairs):
        columns.setdefault(row, []).append(column)
    rows: dict[tuple[int, ...], list[int]] = {}
    for row, found in columns.items():
        rows.setdefault(tuple(found), []).append(row)
    return [(tuple(group), found) for found, group in rows.items()]


def _largest_first(pairs: set[tuple[int, int]]) -> list[Rectangle]:
    """Cut off the largest rectangle that the columns of one row span, again and again."""
    left = set(pairs)
    found: list[Rectangle] = []
    while left:
        spans = _alike(left)
        if len(spans) == 1 or len(spans) > MAX_SPANS:
            return found + spans
        best = max((_widened(columns, spans) for _, columns in spans), key=lambda r: (len(r[0]) * len(r[1]), r))
        found.append(best)
        left -= {(row, column) for row in best[0] for column in best[1]}
    return found


# The search looks at every pair of spans; beyond this many, grouping equal rows has to do.
MAX_SPANS = 64


def _widened(columns: tuple[int, ...], spans: list[Rectangle]) -> Rectangle:
    """The columns, with every row that has them all."""
    rows = [row for group, others in spans if set(columns) <= set(others) for row in group]
    return tuple(sorted(rows)), columns
