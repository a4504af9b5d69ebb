"""docs/frameworks/: each page shows the snippet that is printed, and the snippet does what the page says."""

import subprocess
import sys
from pathlib import Path

import pytest
from exported import shown
from pages import ROOT, blocks, run_examples, run_python

from lstmc.export import Exporter, Package, exporter
from lstmc.extensions import extensions

NAMES = [each.name for each in extensions("lstmc.exporters") if each.package == "lstmc"]
FILES = {"python": "snippet.py", "javascript": "snippet.mjs", "c": "snippet.c"}
COMMANDS = {
    "python": [[sys.executable, "snippet.py"]],
    "javascript": [["node", "snippet.mjs"]],
    "c": [["cc", "-std=c99", "-o", "snippet", "snippet.c"], ["./snippet"]],
}


@pytest.fixture(params=NAMES)
def chosen(request) -> tuple[str, Exporter]:
    return request.param, exporter(request.param)


@pytest.fixture
def package(chosen) -> Package:
    return shown(chosen[0])


def test_the_page_shows_the_snippet_as_printed(chosen, package):
    name, found = chosen
    page = (ROOT / "docs" / "frameworks" / f"{name}.md").read_text("utf-8")
    assert found.snippet(package, f"reber{found.suffix}") in blocks(page, found.language)


@pytest.mark.slow
def test_the_snippet_prints_what_may_follow(chosen, package, tmp_path: Path):
    _, found = chosen
    missing = found.runtimes()[0].missing()
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed: {found.install}")
    file = f"reber{found.suffix}"
    (tmp_path / file).write_bytes(found.write(package))
    (tmp_path / FILES[found.language]).write_text(found.snippet(package, file), "utf-8")
    for command in COMMANDS[found.language]:
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    assert package.example == ("B", "T", "S")
    assert run.stdout.split() == ["S", "X"]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["frameworks", "layouts"])
def test_the_python_of_the_pages(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert run_python((ROOT / "docs" / f"{page}.md").read_text("utf-8"), f"{page}.md") >= 1


@pytest.mark.slow
def test_the_examples_of_the_overview(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
    (tmp_path / "weights").symlink_to(ROOT / "weights")
    monkeypatch.chdir(tmp_path)
    assert run_examples(page) == 1


def test_the_overview_names_every_exporter_and_what_it_writes():
    page = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
    for name in NAMES:
        assert f"| [`{name}`](frameworks/{name}.md) | `NAME{exporter(name).suffix}`" in page


def test_the_table_has_every_framework_in_every_number_format():
    page = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
    table = page.split("<!-- table: begin -->\n")[1].split("<!-- table: end -->")[0]
    rows = {tuple(line.strip("| \n").split(" | ")[:2]) for line in table.splitlines()[2:]}
    formats = ("float32", "float64", "float16", "bfloat16", "int8")
    assert rows == {(runtime.name, each) for name in NAMES for runtime in exporter(name).runtimes() for each in formats}
    for name in NAMES:
        for lacking, reason in exporter(name).lacks.items():
            assert f" | {lacking} | has no {lacking}: {reason} | –" in table
