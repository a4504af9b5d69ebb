"""The number formats of weights: how they are rounded, computed with, and stored.

Half formats are computed as hardware does it: each operation in float32, its result rounded to the format.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import UsageError

Array = NDArray[np.floating]


@dataclass(frozen=True)
class NumberFormat:
    """`work` is numpy's type to compute in; `round` brings its results back to the format.

    largest    the largest finite number        roundoff   the largest relative error of rounding
    """

    name: str
    work: type[np.floating]
    round: Callable[[Array], Array]
    largest: float
    roundoff: float

    @property
    def exact(self) -> bool:
        """Whether what `work` computes is rounded to the format already."""
        return self.round is _same

    def rounded(self, values: NDArray[np.float64]) -> Array:
        """The nearest numbers of the format, as `work` numbers."""
        return np.asarray(self.round(values), self.work)

    def stored(self, values: Array) -> NDArray[np.generic]:
        """The numbers as a file holds them: bfloat16, which numpy lacks, as the bits of uint16."""
        if self.name == "bfloat16":
            return (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
        return values.astype(self.name)

    def loaded(self, stored: NDArray[np.generic]) -> Array:
        """The inverse of `stored`."""
        if self.name == "bfloat16":
            return (stored.astype(np.uint32) << 16).view(np.float32)
        return stored.astype(self.work)


def number_format(name: str) -> NumberFormat:
    """Raises UsageError for a name that there is not."""
    if name not in FORMATS:
        raise UsageError(f"there is no number format '{name}'", f"choose one of {', '.join(FORMATS)}")
    return FORMATS[name]


def _same(values: Array) -> Array:
    return values


def _to_float16(values: Array) -> Array:
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)


def _to_bfloat16(values: Array) -> Array:
    """Round to 8 significant bits, ties to even; 2^-133 is the smallest number, infinities stay."""
    unit = np.maximum(np.frexp(values)[1] - 8, -133)
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(np.rint(np.ldexp(values, -unit)), unit), np.float32)


FORMATS = {
    each.name: each
    for each in (
        NumberFormat("float64", np.float64, _same, float(np.finfo(np.float64).max), 2.0**-53),
        NumberFormat("float32", np.float32, _same, float(np.finfo(np.float32).max), 2.0**-24),
        NumberFormat("float16", np.float32, _to_float16, 65504.0, 2.0**-11),
        NumberFormat("bfloat16", np.float32, _to_bfloat16, 3.3895313892515355e38, 2.0**-8),
    )
}
