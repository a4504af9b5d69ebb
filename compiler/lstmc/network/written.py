"""Equations as text: in the signs of mathematics, or in a programming language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from lstmc.network.equations import Line, in_domain

SUM, PRODUCT, WHOLE = range(3)  # how tightly the parts of a text hold together
OPERATIONS = {"add": SUM, "subtract": SUM, "multiply": PRODUCT, "divide": PRODUCT}


class Written(NamedTuple):
    """A text, and how tightly it holds together."""

    text: str
    holds: int = WHOLE


@dataclass(frozen=True)
class Language:
    """The domain of equations in which they are texts.

    functions   texts with {} where the arguments stand; of operations, too, where they are called as functions
    signs       of operations that are not, with the blanks around them
    constant    a text with {} where a number stands
    """

    functions: Mapping[str, str]
    signs: Mapping[str, str] = field(default_factory=dict)
    constant: str = "{:g}"

    def number(self, value: float) -> Written:
        return Written(self.constant.format(value))

    def function(self, name: str) -> Callable[..., Written]:
        return partial(self._call if name in self.functions else self._operation, name)

    def _call(self, name: str, *arguments: Written) -> Written:
        return Written(self.functions[name].format(*(argument.text for argument in arguments)))

    def _operation(self, name: str, left: Written, right: Written) -> Written:
        holds = OPERATIONS[name]
        before = left.text if left.holds >= holds else f"({left.text})"
        after = right.text if right.holds > holds else f"({right.text})"  # the order is that of rounding
        return Written(f"{before}{self.signs[name]}{after}", holds)


MATHEMATICS = Language(
    functions={
        "sigmoid": "σ({})",
        "tanh": "tanh({})",
        "relu": "relu({})",
        "exp": "exp({})",
        "logsigmoid": "ln σ({})",
        "max": "max({}, {})",
    },
    signs={"add": " + ", "subtract": " − ", "multiply": "·", "divide": "/"},
)


def statements(
    lines: Iterable[Line], language: Language, names: Mapping[str, str], sums: Mapping[str, str]
) -> dict[str, str]:
    """The right-hand side of each line, by its name.

    names   what each name of the equations is there           sums   the text of each line's sum
    """
    values = {name: Written(text) for name, text in names.items()}
    return {
        line.name: in_domain(line.expression, language)(values, Written(sums[line.name]) if line.sum else None).text
        for line in lines
    }
