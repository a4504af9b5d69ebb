"""Read and write files so that nothing is half written and every failure says what, where and what to do."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lstmc.errors import InputError, LimitError
from lstmc.limits import Limits

IN_FOLDER = "model.safetensors"  # the weights file in a folder for model hubs


@dataclass(frozen=True)
class FileLimits(Limits):
    """How large a file may be that is read whole; LSTMC_MAX_FILE_BYTES moves it."""

    variables: ClassVar[str] = "LSTMC_MAX_FILE"

    bytes: int = 256 * 1024 * 1024  # enough for every network that fits in memory twice


def weights_at(path: str | Path) -> Path:
    """The weights file that a path means: of a folder that `lstmc export --to hub` makes the one in it."""
    inside = Path(path) / IN_FOLDER
    return inside if inside.is_file() else Path(path)


def read_bytes(path: Path, max_bytes: int | None = None) -> bytes:
    """The whole file. Raises InputError where it cannot be read, LimitError above `max_bytes`."""
    max_bytes = FileLimits.from_environment().bytes if max_bytes is None else max_bytes
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read: {reason}", "check the path and its permissions") from error
    if len(data) > max_bytes:
        raise LimitError(f"{path}: larger than the limit of {max_bytes:,} bytes", FileLimits.way_out("bytes"))
    return data


def write_bytes(path: Path, data: bytes) -> None:
    """Write the whole file or leave what was there: into a temporary neighbour first, then renamed.

    What a link leads to is written, not the link. A device or a pipe is written as it is, and never replaced. Raises
    InputError where the folder cannot be written or the disk is full.
    """
    with _told(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
    write_all({path: data})


def write_all(files: Mapping[Path, bytes | None]) -> None:
    """Write all of the files, each whole, or leave all of them as they were; None: no file shall be there.

    Every byte is on the disk before the first file changes, and where a file cannot be changed, those before it are
    put back. Only a process that is killed just then leaves some new and some old; they change in the order given.
    Raises InputError as `write_bytes`.
    """
    real = {path: Path(os.path.realpath(path)) for path in files}
    with ExitStack() as stack:
        fresh, kept = {}, {}
        for number, (path, data) in enumerate(files.items(), start=1):
            with _told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if data is not None:
                    fresh[path] = stack.enter_context(_neighbour(real[path], data))
                if number < len(files):  # nothing comes after the last that could fail
                    kept[path] = stack.enter_context(_second_name(real[path]))
        changes = stack.enter_context(ExitStack())
        for path in files:
            with _told(path):
                _change(fresh.get(path), real[path])
            if path in kept:
                changes.callback(_change, kept[path], real[path])
        changes.pop_all()  # what is done stays


def _change(file: Path | None, path: Path) -> None:
    """Let the file be what stands at a path, or nothing."""
    if file is None:
        path.unlink(missing_ok=True)
    else:
        os.replace(file, path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raises InputError for an error of the system."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", "check the folder, its permissions and the space left on it"
        ) from error


@contextmanager
def _neighbour(path: Path, data: bytes) -> Iterator[Path]:
    """A temporary file beside a path, with the data safely in it; removed in the end, if it is still there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _second_name(path: Path) -> Iterator[Path | None]:
    """Another name for the file at a path, by which it can be put back; None where there is no file."""
    name = path.with_name(f".{path.name}.{secrets.token_hex(4)}.old")
    try:
        if path.is_file():
            try:
                os.link(path, name)
            except OSError:  # a file system without links
                shutil.copy2(path, name)
        yield name if path.is_file() else None
    finally:
        name.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
