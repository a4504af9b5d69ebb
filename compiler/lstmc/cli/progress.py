"""A progress bar, for people only, on anything that takes more than two seconds: what is done, how much of it, since
when."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lstmc.cli.output import person

PATIENCE = 2.0  # seconds without a bar


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["Bar"]:
    """Tell the bar how much was done; without a total it only moves. Standard error alone is used."""
    bar = Bar(what, total)
    if not person(sys.stderr):
        yield bar
        return
    timer = threading.Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar
    finally:
        timer.cancel()
        bar.hide()


class Bar:
    """Appears when its timer rings, also in the middle of one long step."""

    def __init__(self, what: str, total: int | None) -> None:
        self.about = ""  # what descriptions begin with
        self.what, self.total, self.done = what, total, 0
        self.lock = threading.Lock()
        self.closed = False
        self.shown: Any = None
        self.task: Any = None

    def advance(self, amount: int) -> None:
        """So much more of the same is done."""
        self.tell(self.what, self.done + amount, self.total)

    def tell(self, what: str, done: int, of: int | None) -> None:
        """What is done now, how much of it is done, and of how much."""
        self.what, self.done, self.total = what, done, of
        if self.shown is not None:
            self.shown.update(self.task, description=self.about + what, completed=done, total=of)

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        with self.lock:
            if self.closed:
                return
            # Results on the same terminal go above the bar; in a pipe they go where they belong.
            shown = Progress(*columns, console=console, transient=True, redirect_stdout=person(sys.stdout))
            self.task = shown.add_task(self.about + self.what, total=self.total, completed=self.done)
            shown.start()
            self.shown = shown

    def hide(self) -> None:
        with self.lock:
            self.closed = True
            if self.shown is not None:
                self.shown.stop()
