"""Probabilities belong to deterministic grammars, are exact, and sum to 1 in every state that has any.

- {source: 1, target: 1, symbol: S, probability: 0.25}
- {source: 1, target: 2, symbol: X, probability: 0.5}       1 accepts: what is missing, 0.25, is that of the end
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext

from lstmc.grammar.checks.start import start_states
from lstmc.grammar.draft import Draft, Rule, State
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.number import clipped, probability
from lstmc.grammar.tree import Place, Problem, Scalar

TOLERANCE = Decimal("1e-9")
DIGITS = 800  # sums of shortest texts of doubles between 5e-324 and 1 are exact with 341


def weighted_means_deterministic(draft: Draft) -> Iterator[Problem]:
    if draft.determinize:
        yield from _not_to_be_determinized(draft)
        return
    given = sorted(scalar.place for scalar in _given(draft))
    why = _nondeterminism(draft) if given else ""
    if why:
        message = f"a probability, but {why}, so the grammar is not deterministic"
        help = (
            "`probabilities: determinize` at the top makes it so, where that can be done; `probabilities: none` passes "
            "them over"
        )
        yield Problem(given[0], "G020", message, help)


def _not_to_be_determinized(draft: Draft) -> Iterator[Problem]:
    """`probabilities: determinize` is for acceptors without moves that read nothing."""
    silent = next((rule for rule in draft.rules if rule.silent), None)
    said = (*(state.output for state in draft.states), *(rule.output for rule in draft.rules))
    output = min((each.place for each in said if each is not None), default=None)
    if silent is not None:
        message = "a move that reads nothing has no probability, so that the others cannot be reckoned"
        yield Problem(silent.place, "G020", message, "write `probabilities: none` at the top")
    if output is not None:
        message = "an output, but states that `probabilities: determinize` puts together have none"
        yield Problem(output, "G020", message, "write `probabilities: none` at the top, or take out the outputs")


def only_accepting_states_end(draft: Draft) -> Iterator[Problem]:
    for state in draft.states:
        if state.end is not None and not state.accept:
            message = f"state {quoted(state.id.text)} has a probability of ending, but does not accept"
            yield Problem(state.end.place, "G024", message, "add `accept: true`, or take out `end`")


def doubles_hold_probabilities(draft: Draft) -> Iterator[Problem]:
    for scalar in _given(draft):
        exact = probability(scalar)
        if exact is None:
            continue
        nearest = repr(float(scalar.text))
        if Decimal(nearest) != exact:
            message = f"{clipped(scalar.text)} has more digits than a double holds"
            yield Problem(
                scalar.place, "G026", message, f"write {nearest}" if float(nearest) else "write a larger number"
            )


def probabilities_sum_to_1(draft: Draft) -> Iterator[Problem]:
    if _nondeterminism(draft) and not draft.determinize:
        return
    rules: dict[str, list[Rule]] = defaultdict(list)
    for rule in draft.rules:
        rules[rule.source.text].append(rule)
    for state in draft.states:
        moves = rules[state.id.text]
        if state.end is not None or any(move.probability for move in moves):
            yield from _of_state(state, moves)


def _of_state(state: State, moves: list[Rule]) -> Iterator[Problem]:
    without = [move for move in moves if move.probability is None and move.call is None]
    if without:
        message = f"a move of state {quoted(state.id.text)} has no probability, but another one has"
        if len(without) == len(moves):
            message = f"the end of state {quoted(state.id.text)} has a probability, but this move has none"
        for move in without:
            yield Problem(move.place, "G022", message, "give each move of the state a probability, or none")
        return
    given = [move.probability for move in moves if move.probability is not None]
    exact = [probability(scalar) for scalar in (*given, *([state.end] if state.end else []))]
    numbers = [number for number in exact if number is not None]
    if len(numbers) < len(exact) or (state.end and not state.accept):
        return  # a number that is none is reported where it stands
    with localcontext(Context(prec=DIGITS)):
        total = sum(numbers, Decimal(0))
    place = (given[0] if given else state.end or state.id).place
    if state.accept and not state.end:
        yield from _remainder(state, place, total)
    elif abs(total - 1) > TOLERANCE:
        yield _sum(state, place, [*given, *([state.end] if state.end else [])], total)


def _sum(state: State, place: Place, given: list[Scalar], total: Decimal) -> Problem:
    name = quoted(state.id.text)
    if len(given) == 1 and state.end:
        message = f"state {name} has no moves, but its end has the probability {_round(total)}, not 1"
        return Problem(place, "G021", message, "let `end` be 1, or take it out")
    what = "the moves and the end" if state.end else "the moves"
    message = f"the probabilities of {what} of state {name} sum to {_round(total)}, not to 1"
    terms = " + ".join(clipped(scalar.text) for scalar in given[:8]) + (" + ..." if len(given) > 8 else "")
    apart = f"{_round(1 - total)} is missing" if total < 1 else f"{_round(total - 1)} is too much"
    help = f"{terms} = {_round(total)}: {apart}" if len(given) > 1 else "write 1, or add a move"
    return Problem(place, "G021", message, help)


def _remainder(state: State, place: Place, total: Decimal) -> Iterator[Problem]:
    if 1 - total > TOLERANCE:
        return
    message = f"state {quoted(state.id.text)} accepts, but its moves have the probability {_round(total)} already"
    yield Problem(place, "G023", message, "leave some probability for the end, or take out `accept`")


def _given(draft: Draft) -> Iterator[Scalar]:
    yield from (state.end for state in draft.states if state.end is not None)
    yield from (rule.probability for rule in draft.rules if rule.probability is not None)


def _nondeterminism(draft: Draft) -> str:
    """Why the grammar is not deterministic; nothing where it is."""
    starts = start_states(draft)
    if len(starts) > 1:
        return f"strings may start in {quoted(starts[0])} or in {quoted(starts[1])}"
    first: dict[tuple[str, str], Rule] = {}
    for rule in draft.rules:
        if rule.silent:
            where = f" ({rule.place})" if rule.place.line else ""
            return f"state {quoted(rule.source.text)} has a move that reads nothing{where}"
        if rule.symbol is None:
            continue  # a call
        before = first.setdefault((rule.source.text, rule.symbol.text), rule)
        if _leads_to(before) != _leads_to(rule):
            where = f" ({before.place} and {rule.place})" if rule.place.line else ""
            return f"state {quoted(rule.source.text)} has two moves on {quoted(rule.symbol.text)}{where}"
    return ""


def _leads_to(rule: Rule) -> tuple[str, str | None]:
    return rule.target.text, rule.output.text if rule.output else None


def _round(number: Decimal) -> str:
    """Enough digits to see what is wrong."""
    return f"{float(number):.12g}"
