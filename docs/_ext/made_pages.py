"""Pages of the site that are made of what stands outside docs/: explanations of diagnostics, and files of the project.

They are written into docs/diagnostics/ and docs/project/, which git ignores, before Sphinx looks for pages.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

from lstmc.grammar.codes import KINDS

DOCS = Path(__file__).parent.parent
EXPLANATIONS = Path("../compiler/lstmc/grammar/explanations")  # as a page in docs/ writes it
PROJECT = {"contributing": "../CONTRIBUTING.md", "changes": "../CHANGELOG.md"}


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", lambda app: write_pages(DOCS))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def page_of(path: str) -> str | None:
    """The page that shows a file outside docs/, both as seen from docs/."""
    if path == "../README.md":
        return "index"
    explained = {f"{EXPLANATIONS.as_posix()}/{code}.md": f"diagnostics/{code}" for code in KINDS}
    return {**explained, **{file: f"project/{page}" for page, file in PROJECT.items()}}.get(path)


def write_pages(docs: Path) -> None:
    """Write every page whose text has changed; Sphinx then reads only these again."""
    pages = {docs / "diagnostics" / f"{code}.md": diagnostic(code) for code in KINDS}
    pages |= {docs / "project" / f"{page}.md": moved(docs / file) for page, file in PROJECT.items()}
    for folder in {page.parent for page in pages}:
        folder.mkdir(exist_ok=True)
        for stale in set(folder.iterdir()) - set(pages):
            stale.unlink()
    for page, text in pages.items():
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")


def diagnostic(code: str) -> str:
    """The page of one code: what `lstmc explain CODE` tells."""
    kind, file = KINDS[code], DOCS / EXPLANATIONS / f"{code}.md"
    told = file.read_text("utf-8") if file.exists() else ""
    return f"# {code}: {kind.title}\n\nThis is {'an' if kind.severity == 'error' else 'a'} {kind.severity}.\n\n{told}"


def moved(file: Path) -> str:
    """The text of a file beside docs/ as it reads in a folder of docs/: its links lead where they led."""
    text = file.read_text("utf-8")
    return re.sub(r"\]\((?!https?:|#)(docs/)?", lambda link: "](../" if link[1] else "](../../", text)
