"""How large a network may become, told before it is made."""

from dataclasses import dataclass
from typing import ClassVar

from lstmc.automaton import Automaton
from lstmc.limits import Limits

BY_SYMBOL = 5  # weights of a cell for each symbol: an LSTM has four gates and the reader, the toy three and two readers


@dataclass(frozen=True)
class NetworkLimits(Limits):
    """Upper limits of what is compiled; LSTMC_MAX_NETWORK_WEIGHTS moves the one that there is."""

    variables: ClassVar[str] = "LSTMC_MAX_NETWORK"

    weights: int = 20_000_000  # for symbols and outputs, which are kept in full: some 800 MB while they are proved

    def refuse_cells(self, automaton: Automaton, cells: int) -> None:
        """Raises LimitError where so many cells for an automaton's symbols have too many weights."""
        a = automaton
        weights = cells * (BY_SYMBOL * len(a.alphabet) + len(a.outputs))
        of = f"grammar '{a.name}': {cells:,} cells or more over {len(a.alphabet):,} symbols are "
        self.refuse_more("weights", weights, of, "take fewer states or symbols, or another -O")
