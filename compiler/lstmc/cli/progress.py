"""A progress bar, for people only, on anything that takes more than two seconds."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lstmc.cli.output import person

PATIENCE = 2.0  # seconds without a bar

Advance = Callable[[int], None]


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """Tell the yielded function how much was done; without a total the bar only moves. Standard error alone is used."""
    if not person(sys.stderr):
        yield lambda amount: None
        return
    bar = _Bar(what, total)
    timer = threading.Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """Appears when its timer rings, also in the middle of one long step."""

    def __init__(self, what: str, total: int | None) -> None:
        self.what, self.total, self.done = what, total, 0
        self.lock = threading.Lock()
        self.closed = False
        self.shown: Any = None
        self.task: Any = None

    def advance(self, amount: int) -> None:
        self.done += amount
        if self.shown is not None:
            self.shown.update(self.task, completed=self.done)

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with self.lock:
            if self.closed:
                return
            # Results on the same terminal go above the bar; in a pipe they go where they belong.
            shown = Progress(*columns, console=console, transient=True, redirect_stdout=person(sys.stdout))
            self.task = shown.add_task(self.what, total=self.total, completed=self.done)
            shown.start()
            self.shown = shown

    def hide(self) -> None:
        with self.lock:
            self.closed = True
            if self.shown is not None:
                self.shown.stop()
