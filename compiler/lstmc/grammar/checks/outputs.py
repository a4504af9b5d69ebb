"""A transducer's outputs are at its states (Moore) or at its edges (Mealy), and what reads nothing changes none."""

from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Problem


def outputs_are_of_one_kind(draft: Draft) -> Iterator[Problem]:
    of_states = [state.output for state in draft.states if state.output is not None]
    of_edges = [rule.output for rule in draft.rules if rule.output is not None]
    if of_states and of_edges:
        message = f"an edge has an output, and so has a state ({of_states[0].place})"
        help = "keep the outputs of the edges (Mealy) or those of the states (Moore)"
        yield Problem(of_edges[0].place, "G030", message, help)


def epsilon_changes_no_output(draft: Draft) -> Iterator[Problem]:
    """After one string a Moore machine would be in both states of an ε-move, and say both outputs."""
    says = {state.id.text: state.output.text if state.output else None for state in draft.states}
    for rule in draft.rules:
        ends = [says.get(end.text) for end in (rule.source, rule.target)]
        if rule.silent and ends[0] != ends[1]:
            one, other = ("nothing" if output is None else quoted(output) for output in ends)
            message = f"a move that reads nothing leads from a state that says {one} to one that says {other}"
            yield Problem(
                rule.place, "G031", message, "give both states the same output, or let the move read a symbol"
            )
