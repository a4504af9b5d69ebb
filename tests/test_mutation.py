"""Mutants of a small module: which there are, that names held elsewhere see them, and what a run says of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from python_mutants import mutants, put

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


def test_a_run_names_the_survivors(small):
    (small.parent / "test_small.py").write_text(TESTS)
    script = Path(__file__).parents[1] / "benchmarks" / "mutation.py"
    command = [sys.executable, str(script), str(small), "--jobs", "1", "--tests", str(small.parent / "test_small.py")]
    environment = {"PYTHONPATH": str(small.parent), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)
    assert done.returncode == 1, done.stderr
    said = "\n".join(line.rpartition(": ")[2] if line.startswith("..") else line for line in done.stdout.splitlines())
    for lines in SURVIVORS.strip().replace("\n  ", "\t").splitlines():
        assert lines.replace("\t", "\n  ") in said
    assert "inside" not in said
    assert f"{len(mutants(SOURCE))} mutants" in said
