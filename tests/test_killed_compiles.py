"""A compile that is killed leaves whole files, old ones or new ones. benchmarks/killed_compiles.py kills more."""

from pathlib import Path
from random import Random

import pytest
from killing import Compiles

COUNT = 10
MIXED = "mixed, and told"


@pytest.mark.slow
def test_no_half_file_and_no_lost_one(tmp_path: Path) -> None:
    compiles, rng = Compiles(tmp_path), Random(5)
    left = [compiles.kill_one(rng) for _ in range(COUNT)]
    assert set(left) <= {"old", "new", MIXED}


@pytest.mark.slow
def test_a_compile_that_is_left_alone_writes_the_new_files(tmp_path: Path) -> None:
    compiles = Compiles(tmp_path)
    assert compiles.written[1] != compiles.written[2]
    assert compiles.start(1).wait(60) == 0
    assert compiles.left(old=2, new=1) == "new"
    (compiles.folder / "reber.proof.json").write_bytes(compiles.written[2][1])
    assert compiles.left(old=2, new=1) == MIXED
    (compiles.folder / "reber.safetensors").write_bytes(compiles.written[1][0][:-1])
    assert compiles.left(old=2, new=1).startswith("reber.safetensors is neither")
