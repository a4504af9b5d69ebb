"""The site builds without a warning; every link in it leads somewhere, and what is made for it is all there.

Building takes some ten seconds, so one test looks at everything.
"""

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from pages import ROOT, blocks, run_examples
from written import DOCS, PAGES

import lstmc
from lstmc.cli.group import lstmc as commands
from lstmc.grammar.codes import KINDS

WAY = "pip install -e '.[docs]', and this is tested too"
for package in ("sphinx", "myst_nb", "furo"):
    pytest.importorskip(package, reason=f"{package} is not installed: {WAY}")

sys.path.insert(0, str(DOCS / "_ext"))

from contents import sections  # noqa: E402  they need Sphinx, and the folder above
from made_pages import moved, page_of  # noqa: E402
from plain_docstrings import to_rst  # noqa: E402

INDEX = (DOCS / "index.md").read_text("utf-8")
NOT_TOLD = {"LSTMC_API", "__version__"}  # in running text


class Page(HTMLParser):
    """What a page of the site links to, and what can be linked to in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loads: set[str] = set()
        self.ids: set[str] = set()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            elif name == "src" or (name == "href" and tag == "link"):
                self.loads.add(value or "")
            elif name == "href":
                self.links.add(value or "")


def dead_links(site: Path) -> list[str]:
    """The links that lead nowhere, and what would be loaded from elsewhere."""
    pages = {file: Page(file) for file in site.rglob("*.html") if file.parent.name != "illustrations"}
    found = []
    for file, page in pages.items():
        found += [f"{file.name} loads {url}" for url in page.loads if urlsplit(url).netloc]
        for url in sorted(page.links | page.loads):
            split = urlsplit(url)
            if split.scheme or split.netloc:
                continue
            target = (file.parent / unquote(split.path)).resolve() if split.path else file
            there = target.is_file() and (
                not split.fragment or target not in pages or split.fragment in pages[target].ids
            )
            found += [] if there else [f"{file.relative_to(site)}: {url}"]
    return found


@pytest.mark.slow
def test_the_site_is_whole(tmp_path: Path) -> None:
    """As .ci/run builds it, but for the notebook, which is run elsewhere: tests/picture/test_tutorial.py."""
    site = tmp_path / "site"
    options = [
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        str(tmp_path / "doctrees"),
        "-D",
        "nb_execution_mode=off",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "-d", str(tmp_path / "doctrees"), "docs", str(site)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout + run.stderr) == (0, ""), run.stderr
    assert dead_links(site) == []
    assert {path.name for path in (DOCS / "illustrations").iterdir()} <= {
        path.name for path in (site / "illustrations").iterdir()
    }
    for code, kind in KINDS.items():
        page = text_of(site / "diagnostics" / f"{code}.html")
        assert f"{code}: {kind.title.replace('`', '')}" in page
        assert f"a {kind.severity}" in page or f"an {kind.severity}" in page
    context = click.Context(commands)
    reference = text_of(site / "reference" / "commands.html")
    for name in commands.list_commands(context):
        assert f"lstmc {name}" in reference
        options = [each for each in commands.get_command(context, name).params if isinstance(each, click.Option)]
        assert all(option.opts[0] in reference for option in options)
        assert all((option.help or "").replace("`", "") in reference for option in options)
    assert {f"lstmc.{name}" for name in set(lstmc.__all__) - NOT_TOLD} <= Page(site / "reference" / "api.html").ids


def text_of(page: Path) -> str:
    """What a reader sees of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8"))).split())


def test_the_first_page_lists_every_page_once() -> None:
    listed = [page for _, pages in sections(INDEX) for page in pages]
    below = {page.with_suffix("") for page in PAGES}  # a page with a folder of its name lists what is in there
    written = {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES if page.parent not in below}
    made = {"project/contributing", "project/changes"}
    assert sorted(listed) == sorted({*written, *made, "tutorial"} - {"index"})
    assert len(sections(INDEX)) >= 6


def test_the_examples_of_the_first_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples(INDEX) == 2


def test_the_first_page_sets_up_as_the_readme_does() -> None:
    """The README has it tested; here is a copy."""
    (command,) = blocks(INDEX, "sh")
    assert command == blocks((ROOT / "README.md").read_text("utf-8"), "sh")[0]


def test_links_out_of_docs_have_pages(tmp_path: Path) -> None:
    assert page_of("../README.md") == "index"
    assert page_of("../compiler/lstmc/grammar/explanations/G003.md") == "diagnostics/G003"
    assert page_of("../grammars/reber.yaml") is None
    file = tmp_path / "file.md"
    file.write_text("[a](docs/a.md#b) [b](LICENSE) [c](https://example.org) [d](#here)\n", "utf-8")
    assert moved(file) == "[a](../a.md#b) [b](../../LICENSE) [c](https://example.org) [d](#here)\n"


def test_docstrings_keep_their_columns_and_nothing_else_is_markup() -> None:
    docstring = (
        "Takes *all* of `a_b`, 2*x*y.\n\nname    what it is,\n        and more\nother   1_000\n\n    drawn -> as it is"
    )
    assert to_rst(docstring).split("\n\n") == [
        "Takes *all*\\  of `a_b`\\ , 2\\*x\\*y.",
        "name\n    what it is, and more\nother\n    1\\_000",
        "::",
        "        drawn -> as it is",
    ]
