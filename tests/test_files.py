"""Files are read whole or refused, and written whole or not at all."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lstmc.errors import InputError, LimitError
from lstmc.files import read_bytes, write_all, write_bytes


def fails_with(error: BaseException) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_failing_disk_leaves_the_old_file_and_nothing_else(
    call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reber.safetensors"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, fails_with(OSError(code, os.strerror(code))))
    with pytest.raises(InputError) as refusal:
        write_bytes(path, b"new")
    assert refusal.value.message == f"{path}: cannot be written: {os.strerror(code)}"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["reber.safetensors"]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reber.safetensors"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fails_with(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["reber.safetensors"]


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a" / "b" / "ours", b"data")
    (tmp_path / "theirs").write_bytes(b"data")
    assert (tmp_path / "a" / "b" / "ours").read_bytes() == b"data"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a" / "b" / "ours", tmp_path / "theirs")]
    assert modes[0] == modes[1]
    assert os.listdir(tmp_path / "a" / "b") == ["ours"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "below", tmp_path / "folder", tmp_path / ("x" * 300)):
        with pytest.raises(InputError, match="cannot be written"):
            write_bytes(path, b"new")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"old"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_bytes(path)


def test_the_limit_is_exact(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_bytes(tmp_path / "file", max_bytes=5) == b"12345"
    with pytest.raises(LimitError, match="larger than the limit of 4 bytes"):
        read_bytes(tmp_path / "file", max_bytes=4)


def test_a_path_that_no_system_allows_is_told() -> None:
    with pytest.raises(InputError, match="cannot be read: embedded null byte"):
        read_bytes(Path("a\0b"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_bytes(pipe, b"new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/target")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there/target").read_bytes() == b"new"


@pytest.mark.parametrize("linked", [True, False], ids=["links", "no links"])
def test_several_files_change_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    """The third cannot be replaced, since it is a folder: the first is put back, the second goes again."""
    old, new, taken = (tmp_path / name for name in ("old", "new", "taken"))
    old.write_bytes(b"old")
    taken.mkdir()
    if not linked:
        monkeypatch.setattr(os, "link", fails_with(OSError(errno.EPERM, os.strerror(errno.EPERM))))
    with pytest.raises(InputError, match="taken: cannot be written"):
        write_all({old: b"changed", new: b"new", taken: b"data"})
    assert sorted(os.listdir(tmp_path)) == ["old", "taken"]
    assert old.read_bytes() == b"old"
    with pytest.raises(InputError, match="taken: cannot be written"):
        write_all({old: None, taken: b"data"})
    assert old.read_bytes() == b"old"
    taken.rmdir()
    write_all({old: None, new: b"new", taken: b"data"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"new": b"new", "taken": b"data"}


def test_an_interrupt_between_two_files_puts_the_first_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"old")
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(target) == second:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_all({first: b"new", second: b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"first": b"old"}
