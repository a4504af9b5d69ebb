"""Write linear tests as formulas: terms with their weights, a constant, and the gate around them."""

from fractions import Fraction
from numbers import Rational

Term = tuple[float | Fraction, str]


def symbol_text(symbol: str) -> str:
    """The symbol as it stands in a formula: quoted where it could be taken for something else."""
    return symbol if symbol.isidentifier() else f"'{symbol}'"


def linear(terms: list[Term], constant: float | Fraction = 0) -> str:
    """2·T + active(5) − 5/2"""
    pieces = [
        (weight, name if abs(weight) == 1 else f"{number(abs(weight))}·{name}") for weight, name in terms if weight
    ]
    if constant or not pieces:
        pieces.append((constant, number(abs(constant))))
    first = ("−" if pieces[0][0] < 0 else "") + pieces[0][1]
    return first + "".join(f" {'−' if weight < 0 else '+'} {text}" for weight, text in pieces[1:])


def number(value: float | Fraction) -> str:
    """An exact number: 5/2 for a fraction; the shortest decimal that reads back as the same double."""
    if isinstance(value, Rational):
        return str(value) if value != Fraction(1, 2) else "½"
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
