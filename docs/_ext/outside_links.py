"""Links that leave the pages: to illustrations and pictures, which the site has where docs/ has them, and out of docs/.

On a code host `[...](../CONTRIBUTING.md)` opens that file. In the site it opens the page that is made of it
(made_pages); any other file outside docs/ is handed out with the site, as Sphinx does.
"""

import shutil
from os.path import relpath
from pathlib import Path

from docutils import nodes
from made_pages import page_of
from sphinx import addnodes
from sphinx.application import Sphinx

FOLDERS = ("illustrations", "pictures")  # of docs/, that pages link to


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", lead_on, priority=100)  # before Sphinx gathers what is to be handed out
    app.connect("build-finished", copy_folders)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def lead_on(app: Sphinx, doctree: nodes.document) -> None:
    """Turn each link out of the pages into one that leads somewhere in the site."""
    for kind in (addnodes.download_reference, addnodes.pending_xref):
        for link in list(doctree.findall(kind)):
            if link.get("reftype") == "myst" and (found := led_on(link, app.srcdir)):
                found += link.children
                link.replace_self(found)


def led_on(link: nodes.Element, docs: Path) -> nodes.Element | None:
    """What stands in the place of a link of Markdown; None where it stays."""
    target = link["reftarget"]
    named = f"{target}.md" if link["refdomain"] == "doc" else Path(link["refdoc"]).parent / target
    path = relpath(docs / named, docs)
    if page := page_of(path):
        return addnodes.pending_xref("", **{**link.attributes, "refdomain": "doc", "reftarget": page})
    if isinstance(link, addnodes.download_reference) and path.split("/")[0] in FOLDERS:
        return nodes.reference("", refuri=target, internal=True)
    return None


def copy_folders(app: Sphinx, failed: Exception | None) -> None:
    if failed is None and app.builder.format == "html":
        for folder in FOLDERS:
            shutil.copytree(app.srcdir / folder, app.outdir / folder, dirs_exist_ok=True)
