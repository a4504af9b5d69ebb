"""How much of a network may be written, told before it takes all memory."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.limits import Limits


@dataclass(frozen=True)
class ExportLimits(Limits):
    """Upper limits of what is exported; LSTMC_MAX_EXPORT_BYTES and LSTMC_MAX_EXPORT_WEIGHTS move them."""

    variables: ClassVar[str] = "LSTMC_MAX_EXPORT"

    bytes: int = 256 * 1024 * 1024  # of one matrix that a framework wants in full: 4,096 cells in float32
    weights: int = 5_000_000  # that are not 0, where each is written as text: some 100 bytes are needed for each
