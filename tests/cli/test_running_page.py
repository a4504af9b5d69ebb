"""docs/running.md: its Python runs as it stands, from top to bottom."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "running.md").read_text("utf-8")


def test_the_python_of_the_page_runs():
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 5
    names: dict[str, object] = {}
    for block in blocks:
        assert "assert" in block
        exec(compile(block, "docs/running.md", "exec"), names)
