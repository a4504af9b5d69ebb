"""The table of contents is what docs/index.md lists: each section a part, each item a page, no second list to keep.

A page that has a folder of its name (frameworks.md, frameworks/) leads to what is in it.
"""

import re

from sphinx.application import Sphinx

SECTION = re.compile(r"^## (.+)\n((?:(?!## ).*\n?)*)", re.MULTILINE)
ITEM = re.compile(r"^\* \[.+?\]\(([^)]+)\.(?:md|ipynb)\)", re.MULTILINE | re.DOTALL)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the table of contents below a page that has one."""
    if page == "index":
        source[0] += "".join(toctree(items, f":caption: {caption}") for caption, items in sections(source[0]))
    elif (app.srcdir / page).is_dir():
        source[0] += toctree([f"{page}/*"], ":glob:")


def sections(index: str) -> list[tuple[str, list[str]]]:
    """Each part of the site with its pages, as the index lists them."""
    return [(caption, named(ITEM.findall(text))) for caption, text in SECTION.findall(index)]


def named(links: list[str]) -> list[str]:
    """The pages behind links; those of files outside docs/ are made while the site is built."""
    from made_pages import page_of

    return [page_of(f"{link}.md") or link for link in links]


def toctree(pages: list[str], option: str) -> str:
    listed = "\n".join(pages)
    return f"\n\n```{{toctree}}\n:hidden:\n{option}\n\n{listed}\n```\n"
