"""Texts for the values that objects in memory name their states, symbols and outputs by: for formats of `Objects`.

Texts("state")(frozenset({("b", 1), "a"}))     "{(b, 1), a}"
"""

from contextlib import suppress
from typing import Any

from lstmc.errors import UsageError
from lstmc.grammar.excerpt import LONGEST_QUOTE, quoted
from lstmc.visible import visible


class Texts:
    """Gives each value of one kind, such as "state", a text of its own, the same in every run.

    Values that are equal, such as 1, 1.0 and True, are one to Python: they have the text of the first.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._values: dict[str, Any] = {}
        self._texts: dict[Any, str] = {}

    def __call__(self, value: Any) -> str:
        """Raises UsageError where another value has the same text, or the value has none that stays the same."""
        text = self._text(value)
        with suppress(TypeError):  # of a list, which has no hash
            text = self._texts.setdefault(value, text)
        known = self._values.setdefault(text, value)
        if known is not value and known != value:
            both = " and ".join(sorted(map(_shown, (known, value))))
            raise UsageError(f"the {self._kind}s {both} have the same text, {quoted(text)}", "rename one of them")
        return text

    def _text(self, value: Any) -> str:
        if isinstance(value, str):
            return str(value)
        if isinstance(value, frozenset | set):
            return "{" + ", ".join(sorted(map(self._text, value))) + "}"  # its own order differs between runs
        if isinstance(value, tuple | list):
            return "(" + ", ".join(map(self._text, value)) + ")"
        value = value.item() if hasattr(value, "item") else value  # of numpy
        if isinstance(value, bool):
            return str(value).lower()
        if all(vars(each).keys().isdisjoint(("__str__", "__repr__")) for each in type(value).__mro__[:-1]):
            message = f"a {self._kind} of type {type(value).__name__} has no text of its own"
            raise UsageError(message, "name it by a text, a number, or a tuple or set of these")
        return str(value)


def _shown(value: Any) -> str:
    return visible(repr(value)[:LONGEST_QUOTE])
