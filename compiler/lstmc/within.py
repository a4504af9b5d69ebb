"""Give foreign code, or a foreign file, only so much time."""

import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from lstmc.errors import LimitError

Made = TypeVar("Made")


def within(seconds: float, work: Callable[[], Made], what: str, help: str = "") -> Made:
    """What `work` returns, or whatever it raises. Raises LimitError, which names `what`, where it takes too long.

    The work is done in a thread. Python cannot stop a thread: one that never returns is left behind, keeps what it has
    of the processor, and ends with the process.
    """
    results: list[Made] = []
    errors: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:  # handed to the caller, SystemExit too
            errors.append(error)

    thread = threading.Thread(target=run, name=what, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise LimitError(f"{what} takes more than the limit of {seconds:g} seconds", help)
    return results[0]
