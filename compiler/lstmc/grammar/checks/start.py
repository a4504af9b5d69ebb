"""Where strings start: `start: true` at states, or `start: any`, or `start:` with a list of ids."""

from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Problem


def some_state_starts(draft: Draft) -> Iterator[Problem]:
    if draft.any_start or draft.starts or draft.unclear_start:
        return
    if draft.states and not any(state.start for state in draft.states):
        help = f"add `start: true` to a node, such as {quoted(draft.states[0].id.text)}, or `start: any` at the top"
        yield Problem(draft.nodes_at, "G001", "no state to start in", help)


def starts_agree(draft: Draft) -> Iterator[Problem]:
    if not draft.starts:
        return
    listed = {start.text for start in draft.starts}
    for state in draft.states:
        if state.start and state.id.text not in listed:
            message = f"state {quoted(state.id.text)} starts, but `start:` does not name it"
            yield Problem(state.place, "G006", message, "name it under `start:` too, or keep one of the two ways")


def start_states(draft: Draft) -> list[str]:
    """The ids of the states that strings may start in, in the order of the file."""
    listed = {start.text for start in draft.starts}
    return [state.id.text for state in draft.states if draft.any_start or state.start or state.id.text in listed]
