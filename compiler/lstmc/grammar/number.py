"""Numbers as a grammar file writes them: decimals, exact, and finite."""

import math
import re
from decimal import Decimal

from lstmc.grammar.tree import Scalar

LONGEST = 1000  # characters; a double's shortest text has at most 24
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


_FRACTION = re.compile(r"([0-9]{1,15})/([1-9][0-9]{0,14})")


def decimal(scalar: Scalar) -> Scalar:
    """A fraction such as 1/3 as the decimal of the nearest double; any other text as it is."""
    parts = _FRACTION.fullmatch(scalar.text) if scalar.plain and "/" in scalar.text else None
    return scalar._replace(text=repr(int(parts[1]) / int(parts[2]))) if parts else scalar


def is_number(text: str) -> bool:
    """Whether a text is a finite number in decimal notation, as JSON and YAML write it."""
    return len(text) <= LONGEST and _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def probability(scalar: Scalar) -> Decimal | None:
    """The exact number, or None where it is none that a probability can be (which is reported where it stands)."""
    if not scalar.plain or not is_number(scalar.text):
        return None
    return Decimal(scalar.text) if 0 < float(scalar.text) <= 1 else None


def clipped(text: str) -> str:
    """A number for a message, which is no place for a thousand digits."""
    return text if len(text) <= 40 else text[:40] + "…"
