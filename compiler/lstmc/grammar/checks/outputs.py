"""A transducer's outputs are at its states (Moore) or at its edges (Mealy)."""

from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.tree import Problem


def outputs_are_of_one_kind(draft: Draft) -> Iterator[Problem]:
    of_states = [state.output for state in draft.states if state.output is not None]
    of_edges = [rule.output for rule in draft.rules if rule.output is not None]
    if of_states and of_edges:
        message = f"an edge has an output, and so has a state ({of_states[0].place})"
        help = "keep the outputs of the edges (Mealy) or those of the states (Moore)"
        yield Problem(of_edges[0].place, "G030", message, help)
