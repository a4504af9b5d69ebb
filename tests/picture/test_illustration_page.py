"""docs/illustration.md: its commands and its Python run as they stand."""

from pages import ROOT, run_examples, run_python

PAGE = (ROOT / "docs" / "illustration.md").read_text("utf-8")


def test_the_commands_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights").symlink_to(ROOT / "weights")
    assert run_examples(PAGE) == 4


def test_the_python_of_the_page_runs():
    assert run_python(PAGE, "illustration.md") >= 1
