"""Keep some states of an automaton, and the moves between them; their order stays."""

from dataclasses import replace
from itertools import compress

import numpy as np

from lstmc.automaton.automaton import Automaton, Bools


def restrict(automaton: Automaton, keep: Bools) -> Automaton:
    if keep.all():
        return automaton
    number = np.cumsum(keep) - 1
    rows = keep[automaton.source] & keep[automaton.target]
    return replace(
        automaton,
        states=tuple(compress(automaton.states, keep)),
        origins=tuple(compress(automaton.origins, keep)),
        initial=automaton.initial[keep],
        accepting=automaton.accepting[keep],
        end=automaton.end[keep],
        state_output=automaton.state_output[keep],
        source=number[automaton.source[rows]],
        symbol=automaton.symbol[rows],
        target=number[automaton.target[rows]],
        output=automaton.output[rows],
        rule=automaton.rule[rows],
        probability=automaton.probability[rows],
    )
