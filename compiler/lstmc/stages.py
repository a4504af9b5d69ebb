"""How long work tells how far it is."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]  # what is done now, how many such steps are done, and of how many


def untold(stage: str, done: int, of: int) -> None:
    """For who does not want to know."""
