"""Every link of every page leads to a file, and to a heading in it, as a code host shows them."""

import json
import re
from pathlib import Path

import pytest
from written import BESIDE, DOCS, NOTEBOOKS, PAGES, named, prose

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?\s*\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
EVERYWHERE = ("https://", "http://", "mailto:")
EXPLANATIONS = "compiler/lstmc/grammar/explanations"


def text_of(page: Path) -> str:
    if page.suffix == ".ipynb":
        cells = json.loads(page.read_text("utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return prose(page)


def anchors(page: Path) -> set[str]:
    """What a code host makes of the headings of a page."""
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text_of(page))]
    return {f"{each}-{plain[:n].count(each)}" if each in plain[:n] else each for n, each in enumerate(plain)}


def dead(page: Path, link: str) -> str:
    """Why a link leads nowhere; "" where it leads somewhere."""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return "there is no such file"
    if anchor and (target.suffix != ".md" or anchor not in anchors(target)):
        return "there is no such heading"
    return ""


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS, *BESIDE], ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(re.sub(r"`[^`]+`", "", text_of(page))) if not link.startswith(EVERYWHERE)]
    assert [f"{link}: {why}" for link in links if (why := dead(page, link))] == []


def test_dead_links_are_found(tmp_path: Path) -> None:
    page, other = tmp_path / "page.md", tmp_path / "other.md"
    page.write_text("# A page\n\n## It's `one`: here, x_y\n\n## Twice\n\n## Twice\n", "utf-8")
    other.write_text("# Other\n```\n# no heading\n```\n", "utf-8")
    assert anchors(page) == {"a-page", "its-one-here-x_y", "twice", "twice-1"}
    assert [dead(page, link) for link in ("#twice-1", "other.md", "other.md#other")] == ["", "", ""]
    assert all(dead(page, link) for link in ("#other", "missing.md", "other.md#no-heading"))


def test_no_picture_is_left_over() -> None:
    shown = {(page.parent / link).resolve() for page in [*PAGES, *BESIDE] for link in LINK.findall(text_of(page))}
    assert {path for path in (DOCS / "pictures").iterdir() if path not in shown} == set()
