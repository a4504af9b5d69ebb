"""How much work something takes: counted, since seconds depend on what else the machine does."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

HANGING = 120.0  # seconds; what is guarded takes one or two, and without its care an hour or more


def lines(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs, a line of a loop once for each time: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace(), threading.gettrace()
    threading.settrace(trace)  # for threads that it starts
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before[0])
        threading.settrace(before[1])  # type: ignore[arg-type]
    return count


def in_proportion(work: Callable[[int], int], size: int) -> bool:
    """Whether work grows with the size, and not with its square.

    From 4 to 16 times the size it grows by 4 times as much as from 1 to 4 times, whatever it takes at any size; a
    square grows by 16 times as much.
    """
    first, second, third = (work(factor * size) for factor in (1, 4, 16))
    return third - second < 6 * (second - first)


@contextmanager
def no_hanging() -> Iterator[None]:
    """A guard against work that hardly ever ends; no measure of speed."""
    began = time.process_time()
    yield
    assert time.process_time() - began < HANGING
