"""A depth belongs to a grammar whose edges call."""

from collections.abc import Iterator

from lstmc.grammar.draft import Draft
from lstmc.grammar.tree import Problem


def depth_is_of_calls(draft: Draft) -> Iterator[Problem]:
    if draft.depth is not None and not draft.calls:
        message = "`depth` is how deep calls may nest, and no edge calls"
        yield Problem(draft.depth.place, "G053", message, "take it out, or let an edge `call`")
