"""How large an automaton may become in a pass, told before it is."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.limits import Limits


@dataclass(frozen=True)
class AutomatonLimits(Limits):
    """Upper limits of what passes make; LSTMC_MAX_AUTOMATON_ROWS and LSTMC_MAX_AUTOMATON_PAIRS move them."""

    variables: ClassVar[str] = "LSTMC_MAX_AUTOMATON"

    rows: int = 2_000_000  # moves, each with one rule behind it
    pairs: int = 2_000_000  # of states of a nondeterministic transducer that one string can lead to
