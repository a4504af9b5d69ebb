"""Equations as text: in the signs of mathematics, or in a programming language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

SUM, PRODUCT, WHOLE = range(3)  # how tightly the parts of a text hold together
OPERATIONS = {"add": SUM, "subtract": SUM, "multiply": PRODUCT, "divide": PRODUCT}


class Written(NamedTuple):
    """A text, and how tightly it holds together."""

    text: str
    holds: int = WHOLE


@dataclass(frozen=True)
class Language:
    """The domain of equations in which they are texts.

    signs       of operations, with the blanks around them          functions   texts with {} where the arguments stand
    """

    signs: Mapping[str, str]
    functions: Mapping[str, str]

    def number(self, value: float) -> Written:
        return Written(f"{value:g}")

    def function(self, name: str) -> Callable[..., Written]:
        return partial(self._operation, name) if name in OPERATIONS else partial(self._call, name)

    def _call(self, name: str, *arguments: Written) -> Written:
        return Written(self.functions[name].format(*(argument.text for argument in arguments)))

    def _operation(self, name: str, left: Written, right: Written) -> Written:
        holds = OPERATIONS[name]
        before = left.text if left.holds >= holds else f"({left.text})"
        after = right.text if right.holds > holds else f"({right.text})"  # the order is that of rounding
        return Written(f"{before}{self.signs[name]}{after}", holds)


MATHEMATICS = Language(
    signs={"add": " + ", "subtract": " − ", "multiply": "·", "divide": "/"},
    functions={"sigmoid": "σ({})", "tanh": "tanh({})", "relu": "relu({})", "exp": "exp({})", "max": "max({}, {})"},
)
