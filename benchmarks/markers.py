"""What stands in a page between two markers, and is made by a command; everything around it is left alone.

<!-- table: begin -->
...
<!-- table: end -->
"""

from collections.abc import Iterable, Sequence


def between(page: str, name: str) -> str:
    """What stands there."""
    begin, end = _marks(name)
    return page.split(begin)[1].split(end)[0]


def with_text(page: str, name: str, text: str) -> str:
    """The page with a text there."""
    begin, end = _marks(name)
    before, rest = page.split(begin)
    return before + begin + text + end + rest.split(end)[1]


def with_table(page: str, name: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """The page with a table there."""
    return with_text(page, name, table(head, lines))


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ("---",) * len(head), *lines))


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
