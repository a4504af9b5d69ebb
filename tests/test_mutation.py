"""Mutants of small modules: which there are, that names held elsewhere see them, and what a run says of them."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from python_mutants import mutants, put

from lstmc.picture import page_script

ROOT = Path(__file__).parents[1]

SOURCE = '''
"""A module."""
from functools import cache

LIMIT = 3


class Range:
    low = 0

    @classmethod
    def of(cls, text: str, *, least: int = 1) -> "Range":
        """Text."""
        made = cls()
        made.low = int(text)
        if made.low < least or not text:
            raise ValueError(f"{text} is less than {least + 0}")
        return made


@cache
def inside(number, high=None):
    total = min(number, LIMIT) + 1
    return 0 <= total < 4
'''
MUTANTS = """
module: LIMIT = 3 => LIMIT = 4
Range: low = 0 => low = 1
Range.of: def of(cls, text: str, *, least: int=1) -> 'Range': => def of(cls, text: str, *, least: int=2) -> 'Range':
Range.of: made.low = int(text) => pass
Range.of: if made.low < least or not text: => if False:
Range.of: if made.low < least or not text: => if made.low < least and (not text):
Range.of: if made.low < least or not text: => if not text:
Range.of: if made.low < least or not text: => if made.low <= least or not text:
Range.of: if made.low < least or not text: => if made.low < least or text:
Range.of: raise ValueError(f'{text} is less than {least + 0}') => pass
Range.of: return made => return None
inside: total = min(number, LIMIT) + 1 => total = max(number, LIMIT) + 1
inside: total = min(number, LIMIT) + 1 => total = min(number, LIMIT) - 1
inside: total = min(number, LIMIT) + 1 => total = min(number, LIMIT)
inside: return 0 <= total < 4 => return 0 < total < 4
inside: return 0 <= total < 4 => return 0 <= total
inside: return 0 <= total < 4 => return 0 <= total < 3
"""
TESTS = """
from small import LIMIT, Range, inside

def test_inside():
    assert [n for n in range(-3, 6) if inside(n)] == [-1, 0, 1, 2]

def test_range():
    assert Range.of("1").low == 1

def test_limit():
    assert LIMIT > 2
"""
SURVIVORS = """
module
  - LIMIT = 3
  + LIMIT = 4
Range
  - low = 0
  + low = 1
Range.of
  - if made.low < least or not text:
  + if made.low < least:
"""


def test_what_is_changed_and_what_is_not():
    keys = {mutant.key for mutant in mutants(SOURCE)}
    assert not [key for key in MUTANTS.strip().splitlines() if key not in keys]
    assert not [key for key in keys if "A module" in key or "least + 1" in key or "Text." in key]


@pytest.fixture
def small(tmp_path, monkeypatch):
    (tmp_path / "small.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "small.py"
    sys.modules.pop("small", None)


def test_names_held_elsewhere_see_the_mutant(small):
    from small import Range, inside

    assert inside(2)
    assert Range.of("1").low == 1
    by_key = {mutant.key: mutant for mutant in mutants(SOURCE)}
    put(small, by_key["Range.of: made.low = int(text) => pass"])
    with pytest.raises(ValueError, match="less"):
        Range.of("1")
    put(small, by_key["inside: return 0 <= total < 4 => return 0 <= total < 3"])
    inside.cache_clear()
    assert not inside(2)


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--keep-fixtures"]])
def test_a_run_names_the_survivors(small, options):
    (small.parent / "test_small.py").write_text(TESTS)
    script = ROOT / "benchmarks" / "mutation.py"
    command = [sys.executable, str(script), str(small), "--jobs", "1", "--tests", str(small.parent / "test_small.py")]
    command += options
    environment = {"PYTHONPATH": str(small.parent), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 1, done.stderr
    said = "\n".join(line.rpartition(": ")[2] if line.startswith("..") else line for line in done.stdout.splitlines())
    for lines in SURVIVORS.strip().replace("\n  ", "\t").splitlines():
        assert lines.replace("\t", "\n  ") in said
    assert "inside" not in said
    assert f"{len(mutants(SOURCE))} mutants" in said


SCRIPT = """
import { one } from "./other.mjs";
const MOST = 60;
export function clipped(x) {
  if (x < 0 && !one) return -x; // a comment with if (true) and 1
  return `x + 1 ${x}`.replace(/a|b/, "1") ?? [...x, 2];
}
"""
SCRIPT_MUTANTS = """
MOST: const MOST = 60; => const MOST = (2 * 60);
clipped: if (x < 0 && !one) return -x; // a comment with if (true) and 1 => ; // a comment with if (true) and 1
clipped: if (x < 0 && !one) return -x; // … => if (!((x < 0 && !one))) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (true) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (false) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 0 || !one) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 0) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (!one) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x <= 0 && !one) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 1 && !one) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 0 && one) return -x; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 0 && !one) return null; // …
clipped: if (x < 0 && !one) return -x; // … => if (x < 0 && !one) return x; // …
clipped: return … ?? [...x, 2]; => return null;
clipped: return … ?? [...x, 2]; => return … && [...x, 2];
clipped: return … ?? [...x, 2]; => return …;
clipped: return … ?? [...x, 2]; => return [...x, 2];
clipped: return … ?? [...x, 2]; => return … ?? [, 2];
clipped: return … ?? [...x, 2]; => return … ?? [...x, (2 * 2)];
"""


def test_mutants_of_a_script():
    """Texts, comments and regular expressions are left alone; and so are pixels, in a module that draws."""
    script_mutants = pytest.importorskip("script_mutants", reason="no tree-sitter: pip install lstmc[mutation]")
    shown = SCRIPT_MUTANTS.replace("// …", "// a comment with if (true) and 1")
    shown = shown.replace("…", '`x + 1 ${x}`.replace(/a|b/, "1")')
    assert [mutant.key for mutant in script_mutants.mutants(SCRIPT)] == shown.split("\n")[1:-1]
    drawing = SCRIPT.replace("./other.mjs", "./dom.mjs")
    left = {mutant.key for mutant in script_mutants.mutants(SCRIPT)}
    left -= {mutant.key for mutant in script_mutants.mutants(drawing)}
    assert all("(2 * " in key for key in left)
    assert len(left) == 2


def test_a_mutant_of_a_script_is_on_the_page(monkeypatch):
    script_mutants = pytest.importorskip("script_mutants", reason="no tree-sitter: pip install lstmc[mutation]")
    monkeypatch.setattr(page_script, "read_script", page_script.read_script)
    path = ROOT / "compiler" / "lstmc" / "picture" / "page" / "numbers.mjs"
    mutant = script_mutants.mutants(path.read_text("utf-8"))[0]
    before = page_script.read_script("numbers"), page_script.read_script("walk")
    script_mutants.put(path, mutant)
    assert page_script.read_script("numbers") != before[0] == path.read_text("utf-8")
    assert page_script.read_script("walk") == before[1]


def test_a_script_is_tried_by_the_tests_that_read_it(monkeypatch):
    """Quick ones first."""
    script_mutants = pytest.importorskip("script_mutants", reason="no tree-sitter: pip install lstmc[mutation]")
    paths = [ROOT / "compiler" / "lstmc" / "picture" / "page" / f"{name}.mjs" for name in ("numbers", "walk")]
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    run = importlib.import_module("mutation").Run(paths, [], jobs=1, keep_caches=True, keep_fixtures=True)
    run.seconds = [2.0, 0.5, 1.0]
    for read in (paths, paths[1:], paths):
        run.calls.append(set())
        for path in read:
            run.see_reading("open", (str(path), "r", 0))
    run.see_reading("open", (7, "r", 0))  # a number of an open file
    run.see_reading("import", (str(paths[0]),))
    (mutant, *_) = script_mutants.mutants(paths[0].read_text("utf-8"))
    assert [run.tests_of(path, mutant) for path in paths] == [[2, 0], [1, 2, 0]]
