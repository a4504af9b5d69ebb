"""Weights are logarithms of probabilities, negated, to the last bit of a double.

    0.6931471805599453   is   0.5       e^-0.6931471805599453 = 0.5000000000000000047...

The tropical and the log semiring of OpenFst and HFST hold such weights. Their tools print 6 to 9 digits of them: the
probabilities of a state then sum to 1 but for their rounding, which is divided out.
"""

import re
from collections.abc import Sequence
from decimal import Context, Decimal

EXACT = Decimal("1e-9")  # how far from 1 the probabilities of a state may sum, in every grammar
ROUNDED = Decimal("1e-5")  # how far where weights are rounded to 6 digits behind the point, or to single precision
LARGEST = 800  # e^-800 is below half of the smallest double
LONGEST = 1000  # characters of a number
_CONTEXT = Context(prec=30)  # a double has 17 digits; more tell on which side of two of them a number lies
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]{1,9})?|[-+]?(?:inf|infinity)", re.IGNORECASE
)


def is_weight(text: str) -> bool:
    """Whether a column is a number."""
    return len(text) <= LONGEST and _NUMBER.fullmatch(text) is not None


def is_infinite(text: str) -> bool:
    """Whether a weight says that something never happens."""
    return text.casefold() in ("inf", "infinity", "+inf", "+infinity")


def weight(text: str) -> Decimal:
    """The number in a column that is one."""
    return Decimal(text)


def probability(weight: Decimal) -> float:
    """The double that is nearest to e^-weight; above 1, and 0, are no probabilities, and left to the caller."""
    if weight > LARGEST:
        return 0.0
    return float(_CONTEXT.exp(weight.copy_negate())) if weight > -1 else 2.0


def weight_of(probability: float) -> str:
    """The weight with the fewest digits behind the point, 16 or more, that `probability` makes the same double of."""
    exact = _CONTEXT.ln(Decimal(probability)).copy_abs()
    for digits in range(16, 25):
        rounded = exact.quantize(Decimal(1).scaleb(-digits), context=_CONTEXT)
        if float(_CONTEXT.exp(rounded.copy_negate())) == probability:
            break
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") or "0"


def shares(numbers: Sequence[float]) -> list[float] | None:
    """The probabilities of a state, without the rounding of their weights; None where they are not near 1 in sum."""
    total = Decimal(0)
    for number in numbers:
        total = _CONTEXT.add(total, Decimal(repr(number)))
    off = _CONTEXT.subtract(total, Decimal(1)).copy_abs()
    if off <= EXACT and max(numbers) <= 1:
        return list(numbers)
    return [float(_CONTEXT.divide(Decimal(number), total)) for number in numbers] if off <= ROUNDED else None
