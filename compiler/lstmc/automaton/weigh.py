"""Give every move of a deterministic automaton its probability: all moves of a state alike, unless they are given.

    S -a-> A       S -a-½-> A
    S -b-> B       S -b-½-> B       ending counts as a move

A nondeterministic automaton stays without.
"""

from dataclasses import replace

import numpy as np

from lstmc.automaton.automaton import Automaton


def weigh(automaton: Automaton) -> Automaton:
    if automaton.weighted or not automaton.deterministic:
        return automaton
    ways = np.bincount(automaton.source[automaton.moves[:-1]], minlength=len(automaton.states)) + automaton.accepting
    alike = 1 / np.maximum(ways, 1)
    return replace(
        automaton,
        end=np.where(np.isnan(automaton.end), alike, automaton.end),
        probability=np.where(np.isnan(automaton.probability), alike[automaton.source], automaton.probability),
    )
