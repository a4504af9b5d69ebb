"""How a cell remembers: memory' = kept · memory + written, which is what the equations of every gated cell say."""

from dataclasses import dataclass

from lstmc.network import Network
from lstmc.network.equations import PRIME, Apply, Expression, Name, Number, parts_of


@dataclass(frozen=True)
class Recurrence:
    """The line of a memory: what it is multiplied by, and what is added to that; neither reads the memory."""

    line: str
    kept: Expression
    written: Expression


def recurrence_of(cell: type[Network]) -> Recurrence | None:
    """None where the equation of the memory is not of that form."""
    memory = cell.memory()
    line = memory + PRIME
    whole = cell.equations.of_line(line).expression
    if not _reads(whole, memory):
        return Recurrence(line, Number(0.0), whole)
    if not (isinstance(whole, Apply) and whole.function == "add"):
        kept = _factor(whole, memory)
        return None if kept is None else Recurrence(line, kept, Number(0.0))
    for one, other in (whole.arguments, whole.arguments[::-1]):
        kept = None if _reads(other, memory) else _factor(one, memory)
        if kept is not None:
            return Recurrence(line, kept, other)
    return None


def _factor(expression: Expression, memory: str) -> Expression | None:
    """What the memory is multiplied by."""
    if expression == Name(memory):
        return Number(1.0)
    if isinstance(expression, Apply) and expression.function == "multiply":
        for one, other in (expression.arguments, expression.arguments[::-1]):
            if one == Name(memory) and not _reads(other, memory):
                return other
    return None


def _reads(expression: Expression, memory: str) -> bool:
    return any(part == Name(memory) for part in parts_of(expression))
