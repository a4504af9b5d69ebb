"""Squashing functions, exact where they saturate."""

import numpy as np
from numpy.typing import NDArray

from lstmc.network.number_formats import Array


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), in the type of z; exactly 0 where e^−z overflows."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-z)), z.dtype)


def softmax(logits: Array) -> NDArray[np.float64]:
    """Probabilities along the last axis, in float64."""
    wide = logits.astype(np.float64)
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
