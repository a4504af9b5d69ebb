"""Install lstmc and two plugins in a fresh environment; run their tests, and compile with them.

One is what `lstmc new --plugin` makes, the other the cell type of docs/adding-a-cell.md, taken from the page.

    python benchmarks/fresh_plugin.py

Needs the package index, for what the two depend on. Ends with 1 where a step fails.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = "Scripts" if sys.platform == "win32" else "bin"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        tools = there / "venv" / BIN
        steps = (
            (there, [sys.executable, "-m", "venv", "venv"]),
            (there, [tools / "pip", "install", "--quiet", ROOT]),
            (there, [tools / "lstmc", "new", "--plugin", "repeat"]),
            (there / "repeat", [tools / "pip", "install", "--quiet", "-e", ".[test]"]),
            (there / "repeat", [tools / "pytest", "-q"]),
            (there, [tools / "lstmc", "list"]),
            (there, [tools / "lstmc", "compile", "repeat", "--set", "times=5"]),
            (there, [tools / "lstmc", "verify", "build/repeat-times-5.safetensors"]),
            (there / "mgu", [tools / "pip", "install", "--quiet", "."]),
            (there / "mgu", [tools / "pytest", "-q"]),
            (there, [tools / "lstmc", "compile", "reber", "--cell", "mgu"]),
            (there, [tools / "lstmc", "verify", "build/reber.safetensors"]),
        )
        write_cell_type(there / "mgu")
        for where, command in steps:
            print("$", *(getattr(word, "name", word) for word in command), flush=True)
            ended = subprocess.run(command, cwd=where, capture_output=True, text=True)
            if ended.returncode:
                print(ended.stdout, ended.stderr, f"failed with {ended.returncode}", sep="\n")
                return 1
    print("a generated plugin and a cell type install, pass their tests, are found and compile")
    return 0


def write_cell_type(folder: Path) -> None:
    """The files of the page."""
    page = (ROOT / "docs" / "adding-a-cell.md").read_text("utf-8")
    (code, test), (project,) = (
        re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE) for language in ("python", "toml")
    )
    folder.mkdir()
    for name, text in (("lstmc_mgu.py", code), ("test_mgu.py", test), ("pyproject.toml", project)):
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
