"""States have ids of their own, rules use only them, and no rule stands twice."""

from collections.abc import Iterator

from lstmc.grammar.checks.guesses import LONGEST, guesses
from lstmc.grammar.draft import Draft, Rule
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Place, Problem


def ids_are_unique(draft: Draft) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for state in draft.states:
        if state.id.text in first:
            before = first[state.id.text]
            message = f"state {quoted(state.id.text)} is defined twice{_before(before)}"
            yield Problem(state.id.place, "G002", message, "give it an id of its own; 1 and '1' are the same id")
        first.setdefault(state.id.text, state.id.place)


def states_are_defined(draft: Draft) -> Iterator[Problem]:
    known = {state.id.text for state in draft.states}
    if not known:
        return  # that there are no states is reported, and every edge would say it again
    used = [*draft.starts, *(id for rule in draft.rules for id in (rule.source, rule.target))]
    unknown = [id for id in used if id.text not in known]
    near = guesses(unknown, known)
    for id in unknown:
        guess = near.get(id.text)
        shown = id.text if id.text.isalnum() and len(id.text) < LONGEST else quoted(id.text)
        help = f"add {{id: {shown}}} under `nodes:`" + (
            f", or write {quoted(guess)} if you meant that one" if guess else ""
        )
        yield Problem(id.place, "G003", f"state {quoted(id.text)} is used but never defined", help)


def rules_are_unique(draft: Draft) -> Iterator[Problem]:
    first: dict[tuple[str | None, ...], Rule] = {}
    for rule in draft.rules:
        before = first.setdefault(_content(rule), rule)
        if before is rule:
            continue
        message = f"the same edge stands twice{_before(before.place)}"
        if rule.probability is None and before.probability is None:
            yield Problem(rule.place, "G004", message, "take one of them out; it counts once")
        else:
            help = "keep one, with the probability of the move: their sum, if each is a part of it"
            yield Problem(rule.place, "G027", f"{message}, with a probability", help)


def _content(rule: Rule) -> tuple[str | None, ...]:
    reads, calls, says = (word and word.text for word in (rule.symbol, rule.call, rule.output))
    return rule.source.text, rule.target.text, reads, calls, says


def _before(place: Place) -> str:
    return f", first in {place}" if place.line else ""
