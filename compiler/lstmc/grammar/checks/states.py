"""States have ids of their own, rules use only them, and no rule stands twice."""

from collections.abc import Iterator

from lstmc.did_you_mean import did_you_mean
from lstmc.grammar.draft import Draft, Rule
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Place, Problem, Scalar

MOST_GUESSES = 20  # names that a file with many mistakes gets a guess for; a guess looks at every id
MOST_KNOWN = 2000  # ids; with more of them nothing is guessed
LONGEST_GUESS = 60  # characters


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
    used = [*draft.starts, *(id for rule in draft.rules for id in (rule.source, rule.target))]
    unknown = [id for id in used if id.text not in known]
    near = guesses(unknown, known)
    for id in unknown:
        help = f"add {{id: {quoted(id.text)}}} under `nodes:`"
        if len(id.text) < LONGEST_GUESS and id.text.isalnum():
            help = f"add {{id: {id.text}}} under `nodes:`"
        guess = near.get(id.text)
        help += f", or write '{guess}' if you meant that one" if guess else ""
        yield Problem(id.place, "G003", f"state {quoted(id.text)} is used but never defined", help)


def rules_are_unique(draft: Draft) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Place] = {}
    for rule in draft.rules:
        same = _content(rule)
        if same in first:
            yield Problem(
                rule.place, "G004", f"the same edge stands twice{_before(first[same])}", "take one of them out"
            )
        first.setdefault(same, rule.place)


def guesses(unknown: list[Scalar], known: set[str]) -> dict[str, str]:
    """For each unknown word the known one that was probably meant, where there is one."""
    if len(known) > MOST_KNOWN:
        return {}
    words = [word for word in dict.fromkeys(each.text for each in unknown) if 0 < len(word) < LONGEST_GUESS]
    short = sorted(word for word in known if len(word) < LONGEST_GUESS)
    found = {word: did_you_mean(word, short) for word in words[:MOST_GUESSES]}
    return {word: guess.removeprefix("did you mean '").removesuffix("'?") for word, guess in found.items() if guess}


def _content(rule: Rule) -> tuple[str, ...]:
    output = () if rule.output is None else (rule.output.text,)
    return (rule.source.text, rule.symbol.text, rule.target.text, *output)


def _before(place: Place) -> str:
    return f", first in {place}" if place.line else ""
