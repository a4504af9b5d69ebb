"""Compare a text with a file in tests/golden/; LSTMC_GOLDEN=write makes the files anew, for a person to read the diff:

LSTMC_GOLDEN=write pytest tests/program && git diff tests/golden
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(text: str, name: str) -> None:
    """The text is what tests/golden/NAME holds."""
    path = FOLDER / name
    if os.environ.get("LSTMC_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"{path} is missing: {__doc__}"
    assert text == path.read_text(encoding="utf-8"), f"differs from {path}: {__doc__}"
