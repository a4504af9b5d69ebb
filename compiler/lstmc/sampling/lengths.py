"""How likely a string ends after exactly so many symbols more: from every state, by dynamic programming.

    mass(0, q) = end(q)          mass(k, q) = Σ p(q –x→ r) · mass(k − 1, r)

Such numbers soon become too small for a double, so each is kept as m·2^e. Only products and sums in a fixed order are
taken, which are the same on every machine.
"""

from dataclasses import dataclass

import numpy as np

from lstmc.automaton import Automaton
from lstmc.automaton.automaton import Floats, Ints
from lstmc.sampling.limits import SampleLimits

NOTHING = -(2**40)  # the exponent of 0: below every other


@dataclass(frozen=True, eq=False)
class Masses:
    """parts · 2^powers, (longest + 1, Q)."""

    parts: Floats
    powers: Ints

    @property
    def longest(self) -> int:
        return len(self.parts) - 1

    def at(self, k: int, q: int) -> tuple[float, int]:
        """The m and e of mass(k, q)."""
        return float(self.parts[k, q]), int(self.powers[k, q])


def masses(automaton: Automaton, longest: int) -> Masses:
    """Up to `longest` symbols. Raises LimitError where the table becomes too large."""
    a, size = automaton, len(automaton.states)
    rules = len(a.source)  # each is worked out for each length, and kept for each state
    of = f"'{a.name}': lengths up to {longest:,} by {size:,} states and {rules:,} rules are "
    limits = SampleLimits.from_environment()
    limits.refuse_more("numbers", (longest + 1) * max(size, rules), of, "ask for shorter strings")
    first = a.moves[:-1]
    source, target, chance = a.source[first], a.target[first], a.probability[first]
    parts, powers = np.zeros((longest + 1, size)), np.full((longest + 1, size), NOTHING)
    parts[0], powers[0] = _normal(a.end, np.zeros(size, np.int64))
    for k in range(1, longest + 1):
        part, power = _normal(chance * parts[k - 1, target], powers[k - 1, target])
        top = np.full(size, NOTHING)
        np.maximum.at(top, source, power)
        # 2^−2000 of the largest term is 0 beside it
        shift = np.maximum(power - top[source], -2000).astype(np.int32)
        total = np.asarray(np.bincount(source, weights=np.ldexp(part, shift), minlength=size), np.float64)
        parts[k], powers[k] = _normal(total, top)
    return Masses(parts, powers)


def _normal(numbers: Floats, powers: Ints) -> tuple[Floats, Ints]:
    """numbers · 2^powers with each number between ½ and 1, or 0."""
    part, shift = np.frexp(numbers)
    return part, np.where(part == 0, NOTHING, powers + shift)
