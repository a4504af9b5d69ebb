"""docs/formats/objects.md: each example compiles, proves and runs, and prints what stands behind it."""

import re

import pytest
from pages import ROOT, run_python

PAGE = (ROOT / "docs/formats/objects.md").read_text("utf-8")


@pytest.mark.slow
def test_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("automata", reason="automata-lib is not installed: pip install automata-lib")
    pytest.importorskip("aalpy", reason="AALpy is not installed: pip install aalpy")
    assert run_python(PAGE, "objects.md") == 3
    expected = re.findall(r"^print\(.*\)  # (.+)$", PAGE, re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == expected
    assert len(expected) == PAGE.count("\nprint(") >= 10
