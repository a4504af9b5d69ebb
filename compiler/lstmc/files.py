"""Read and write files so that nothing is half written and every failure says what, where and what to do."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lstmc.errors import InputError, LimitError
from lstmc.limits import Limits


@dataclass(frozen=True)
class FileLimits(Limits):
    """How large a file may be that is read whole; LSTMC_MAX_FILE_BYTES moves it."""

    variables: ClassVar[str] = "LSTMC_MAX_FILE"

    bytes: int = 256 * 1024 * 1024  # enough for every network that fits in memory twice


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
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", "check the folder, its permissions and the space left on it"
        ) from error


def _replace(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
