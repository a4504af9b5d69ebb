"""Write linear tests as formulas: terms with their weights, a constant, and the gate around them."""

from fractions import Fraction

Number = int | float | Fraction
Term = tuple[Number, str]


def symbol_text(symbol: str) -> str:
    """The symbol as it stands in a formula: quoted where it could be taken for something else."""
    return symbol if symbol.isidentifier() else f"'{symbol}'"


def linear(terms: list[Term], constant: Number = 0) -> str:
    """2·T + active(5) − 5/2"""
    pieces: list[Term] = [(term[0], _product(term)) for term in terms if term[0]]
    if constant or not pieces:
        pieces.append((constant, _size(constant)))
    first = ("−" if pieces[0][0] < 0 else "") + pieces[0][1]
    return first + "".join(f" {'−' if weight < 0 else '+'} {text}" for weight, text in pieces[1:])


def _product(term: Term) -> str:
    weight, name = term
    return name if abs(weight) == 1 else f"{_size(weight)}·{name}"


def _size(value: Number) -> str:
    return number(-value if value < 0 else value)


def number(value: Number) -> str:
    """An exact number: 5/2 for a fraction; the shortest decimal that reads back as the same double."""
    if isinstance(value, Fraction):
        return str(value) if value != Fraction(1, 2) else "½"
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
