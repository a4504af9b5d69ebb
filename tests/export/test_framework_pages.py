"""docs/frameworks/: each page shows the snippet that is printed, and the snippet does what the page says."""

import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT, blocks

import lstmc
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
def package() -> Package:
    return Package(lstmc.load(ROOT / "weights" / "reber.safetensors"))


def test_the_page_shows_the_snippet_as_printed(chosen, package):
    name, found = chosen
    page = (ROOT / "docs" / "frameworks" / f"{name}.md").read_text("utf-8")
    assert found.snippet(package, f"reber{found.suffix}") in blocks(page, found.language)


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
