"""Read and write files so that nothing is half written and every failure says what, where and what to do."""

import os
import tempfile
from pathlib import Path

from lstmc.errors import InputError, LimitError

MAX_BYTES = 256 * 1024 * 1024  # stated in the docs; large enough for every network that fits in memory twice


def read_bytes(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The whole file. Raises InputError where it cannot be read, LimitError above `max_bytes`."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}", "check the path and its permissions") from error
    if len(data) > max_bytes:
        raise LimitError(f"{path}: larger than the limit of {max_bytes} bytes", "raise the limit if you trust the file")
    return data


def write_bytes(path: Path, data: bytes) -> None:
    """Write the whole file or leave what was there: into a temporary neighbour first, then renamed.

    Raises InputError where the folder cannot be written or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
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
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", "check the folder, its permissions and the space left on it"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
