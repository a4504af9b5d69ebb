"""How much may be drawn or listed, told before it takes all memory."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.limits import Limits


@dataclass(frozen=True)
class SampleLimits(Limits):
    """Upper limits of strings; LSTMC_MAX_SAMPLE_LENGTH and so on in the environment move them."""

    variables: ClassVar[str] = "LSTMC_MAX_SAMPLE"

    length: int = 100_000  # symbols of one string
    symbols: int = 1_000_000  # of the strings that are drawn side by side
    numbers: int = 10_000_000  # kept while strings of asked lengths are drawn, or all of them are listed
