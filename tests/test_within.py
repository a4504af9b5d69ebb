"""Work that takes too long is given up, and what work raises is raised."""

import threading
from contextvars import ContextVar

import pytest

from lstmc.errors import LimitError
from lstmc.within import within

VALUE: ContextVar[int] = ContextVar("VALUE", default=0)


def test_what_is_done_in_time_is_returned() -> None:
    assert within(5, lambda: 7, "seven") == 7


def test_it_sees_the_context_of_who_asks() -> None:
    VALUE.set(3)
    assert within(5, VALUE.get, "asking") == 3


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_it_raises_is_raised(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        within(5, fail, "failing")
    assert caught.value is error


def test_what_takes_too_long_is_given_up() -> None:
    release = threading.Event()
    with pytest.raises(LimitError) as caught:
        within(0.2, lambda: release.wait(60), "waiting", "wait longer")
    release.set()
    assert caught.value.message == "waiting takes more than the limit of 0.2 seconds"
    assert caught.value.help == "wait longer"


def test_nothing_is_something_too() -> None:
    assert within(5, lambda: None, "nothing") is None
