"""The pictures of docs/drawing.md, made by the very commands that stand on the page.

python benchmarks/drawings.py            says which pictures are not what is made today
python benchmarks/drawings.py --write    makes them anew, in docs/pictures/
"""

import argparse
import re
import shlex
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner

from lstmc.cli.group import lstmc

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, PICTURES = DOCS / "drawing.md", DOCS / "pictures"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the pictures anew")
    if parser.parse_args().write:
        make(PICTURES)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder))
        stale = [file.name for file in made if not same(file, PICTURES / file.name)]
    for name in stale:
        print(f"docs/pictures/{name} is not what is made: run {sys.argv[0]} --write, and look at it", file=sys.stderr)
    return 1 if stale else 0


def make(folder: Path) -> list[Path]:
    """Run the page's commands that write the pictures it shows."""
    page = PAGE.read_text("utf-8")
    shown = set(re.findall(r"\(pictures/([^)]+)\)", page))
    files = []
    for command in re.findall(r"^\$ lstmc (.*)$", page, re.MULTILINE):
        words = shlex.split(command)
        if words[-2:-1] == ["-o"] and words[-1] in shown:
            files.append(folder / words[-1])
            CliRunner().invoke(lstmc, [*words[:-1], str(files[-1])], catch_exceptions=False)
    assert {file.name for file in files} == shown
    return files


def same(file: Path, other: Path) -> bool:
    return other.exists() and file.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
