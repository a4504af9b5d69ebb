"""The pages that are written: docs/ and the files beside it, without what is made while the site is built."""

import re
from pathlib import Path

from pages import ROOT

DOCS = ROOT / "docs"
MADE = ("_build", "diagnostics", "jupyter_execute", "project")  # folders of docs/ that git ignores
PAGES = sorted(page for page in DOCS.rglob("*.md") if page.relative_to(DOCS).parts[0] not in MADE)
NOTEBOOKS = sorted(DOCS.glob("*.ipynb"))
BESIDE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
FENCED = re.compile(r"^```(.*?)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def named(page: Path) -> str:
    """A page as seen from the top of the project."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCED.sub("", page.read_text("utf-8"))


def languages(page: Path) -> set[str]:
    """The languages of the fenced blocks on a page; "" for blocks that name none. Directives are no examples."""
    return {found[1].strip() for found in FENCED.finditer(page.read_text("utf-8")) if not found[1].startswith("{")}
