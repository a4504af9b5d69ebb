"""Do something now, and again whenever one of some files has changed, until Ctrl-C."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from lstmc.cli.output import flush, note, person

INTERVAL = 0.2  # seconds between two looks at the files

Stamp = tuple[int, int, int, int] | None


def watch(files: Sequence[Path], work: Callable[[], int]) -> int:
    """The exit code of the last `work` that was done when Ctrl-C came.

    A file may come, go, or be replaced by another one of its name, as editors do. KeyboardInterrupt is raised only
    where no work was done yet.
    """
    code: int | None = None
    try:
        while True:
            seen = _stamps(files)  # before the work: what changes meanwhile is a change
            click.clear()  # does nothing in a pipe
            code = work()
            _say_what_is_awaited(files)
            while _stamps(files) == seen:
                time.sleep(INTERVAL)
            time.sleep(INTERVAL)  # an editor that takes several steps to save a file has done them all then
    except KeyboardInterrupt:
        if code is None:
            raise
        return code


def _say_what_is_awaited(files: Sequence[Path]) -> None:
    flush()
    if person(sys.stdout):
        names = ", ".join(map(str, files)) if len(files) <= 3 else f"{len(files)} files"
        note(f"\nwaiting for a change of {names} (Ctrl-C ends)")


def _stamps(files: Sequence[Path]) -> list[Stamp]:
    return [_stamp(file) for file in files]


def _stamp(file: Path) -> Stamp:
    """What differs as soon as the file does; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
