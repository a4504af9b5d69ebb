"""A judge in a process of its own: what kills it is told with its seed, and the seeds behind it are judged."""

from pathlib import Path

import pytest
from isolation import judged

JUDGE = """
import os, signal

def judge(seed):
    if seed == 12:
        os.kill(os.getpid(), signal.SIGSEGV)
    if seed == 13:
        os._exit(7)
    if seed == 14:
        try:
            bytearray(2**31)
        except MemoryError:
            return "out of memory"
    return f"judged {seed}"

JUDGES = {"some": judge}
"""

if not Path("/proc/self/statm").exists():
    pytest.skip("what a process takes is read from /proc", allow_module_level=True)


def test_what_kills_a_judge_is_told_with_its_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dying.py").write_text(JUDGE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert list(judged("dying", "some", 11, 5)) == [
        (11, "judged 11"),
        (12, "some 12: killed by SIGSEGV"),
        (13, "some 13: ended with 7"),
        (14, "out of memory"),
        (15, "judged 15"),
    ]


def test_a_judge_that_is_not_there_is_no_fault_of_its_seeds() -> None:
    with pytest.raises(RuntimeError, match="missing could not be asked"):
        list(judged("missing", "some", 0, 5))
