"""docs/running.md: its Python runs as it stands, from top to bottom."""

from pages import ROOT, blocks, run_python

PAGE = (ROOT / "docs" / "running.md").read_text("utf-8")


def test_the_python_of_the_page_runs():
    assert all("assert" in block for block in blocks(PAGE, "python"))
    assert run_python(PAGE, "running.md") >= 5
