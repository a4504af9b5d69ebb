"""Squashing functions, exact where they saturate, and the equations of cells in numbers of a format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from lstmc.network.number_formats import Array, NumberFormat


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), in the type of z; exactly 0 where e^−z overflows."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-z)), z.dtype)


def logsigmoid(z: Array) -> Array:
    """ln(1 / (1 + e^−z)), in the type of z, where e^−z overflows, too."""
    return np.asarray(np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))), z.dtype)


def softmax(logits: Array) -> NDArray[np.float64]:
    """Probabilities along the last axis, in float64."""
    wide = logits.astype(np.float64)
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Numbers:
    """The domain of equations in which they run: each operation rounded to the format."""

    format: NumberFormat

    functions: ClassVar[dict[str, Callable[..., Any]]] = {
        "add": np.add,
        "subtract": np.subtract,
        "multiply": np.multiply,
        "divide": np.divide,
        "sigmoid": sigmoid,
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "exp": np.exp,
        "logsigmoid": logsigmoid,
        "max": np.maximum,
    }

    def number(self, value: float) -> Any:
        return self.format.work(value)

    def function(self, name: str) -> Callable[..., Any]:
        function, round_ = self.functions[name], self.format.round
        return function if self.format.exact else lambda *arguments: round_(function(*arguments))
