"""Install lstmc and a plugin that `lstmc new --plugin` made in a fresh environment; run its tests, and compile with it.

    python benchmarks/fresh_plugin.py

Needs the package index, for what the two depend on. Ends with 1 where a step fails.
"""

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
        )
        for where, command in steps:
            print("$", *(getattr(word, "name", word) for word in command), flush=True)
            ended = subprocess.run(command, cwd=where, capture_output=True, text=True)
            if ended.returncode:
                print(ended.stdout, ended.stderr, f"failed with {ended.returncode}", sep="\n")
                return 1
    print("a generated plugin installs, passes its tests, is found and compiles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
