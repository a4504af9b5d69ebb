"""How large a grammar file may be, and how long it may take."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.limits import Limits as UpperLimits


@dataclass(frozen=True)
class Limits(UpperLimits):
    """Upper limits of a grammar file; LSTMC_MAX_GRAMMAR_BYTES and so on in the environment move them."""

    variables: ClassVar[str] = "LSTMC_MAX_GRAMMAR"

    bytes: int = 16 * 1024 * 1024
    states: int = 100_000
    edges: int = 250_000
    values: int = 3_000_000  # texts, lists and mappings in the file, keys among them: an edge has 7 to 13
    beliefs: int = 2_000  # states of a grammar that `probabilities: determinize` makes
    problems: int = 10_000  # errors of a file; it is not read any further then
    seconds: int = 60  # from the bytes to the grammar, the work of a plugin that the file names among them

    def refuse_size(self, states: int, edges: int, of: str, instead: str = "take smaller parameters") -> None:
        """Raises LimitError where a grammar that is made, `of`, has more states or edges than a file may have."""
        self.refuse_more("states", states, of, instead)
        self.refuse_more("edges", edges, of, instead)
