"""Counting modulo a number."""

from typing import Annotated

import networkx as nx

from lstmc.errors import PluginError
from lstmc.grammar.limits import Limits
from lstmc.grammar.parameters import Range

LSTMC_API = 1


def modular(
    *,
    modulus: Annotated[int, Range(1, 10_000)] = 2,
    alphabet: tuple[str, ...] = ("0", "1"),
    count: str = "1",
    remainder: Annotated[int, Range(0, 9_999)] = 0,
) -> nx.MultiDiGraph:
    """Strings in which the number of one symbol, divided by the modulus, leaves a remainder; at first: even parity.

    modulus    what is divided by; the smallest complete automaton has as many states
    alphabet   the symbols, separated by blanks
    count      the symbol that is counted; all others change nothing
    remainder  what must be left over, less than the modulus

    A state is named by the count so far, modulo the modulus. The parity of a string (modulus 2) is what M. L. Minsky
    and S. Papert showed out of the reach of one layer of local tests (Perceptrons, 1969); modular counting is the
    standard case of a periodic regular language (R. McNaughton and S. Papert, Counter-free automata, 1971).
    """
    if count not in alphabet:
        raise PluginError(f"modular: count must be a symbol of the alphabet ({' '.join(alphabet)}), not '{count}'")
    if remainder >= modulus:
        raise PluginError(f"modular: remainder must be less than the modulus {modulus}, not {remainder}")
    Limits.from_environment().refuse_size(modulus, modulus * len(alphabet), "modular: ", "take fewer symbols")
    graph = nx.MultiDiGraph(alphabet=list(alphabet))
    graph.add_nodes_from(str(number) for number in range(modulus))
    for number in range(modulus):
        for symbol in alphabet:
            graph.add_edge(str(number), str((number + (symbol == count)) % modulus), symbol=symbol)
    graph.nodes["0"]["start"] = True
    graph.nodes[str(remainder)]["accept"] = True
    return graph
