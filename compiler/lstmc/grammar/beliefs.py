"""Make a grammar with probabilities deterministic: each of its states is then a belief, which says how likely the
states of the one before are after what was read (M. Mohri, Finite-state transducers in language and speech processing,
1997).

    a –x 1/2→ b, –x 1/2→ c        {a} –x 1→ {b 1/2, c 1/2}
    b –y 1/4→ b, –z 3/4→ d        {b 1/2, c 1/2} –y 1/8→ {b}, –z 7/8→ {d}
    c –z 1→ d

Chances are fractions, so that equal beliefs are found to be equal; there may be no end of different ones.
"""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from lstmc.errors import LimitError
from lstmc.grammar.checks.start import start_states
from lstmc.grammar.draft import Draft, Rule, State
from lstmc.grammar.limits import Limits
from lstmc.grammar.tree import Place, Scalar

Belief = tuple[tuple[int, Fraction], ...]  # states by number, each with its chance; together 1

LARGEST = 10**6  # denominator of a fraction that a decimal stands for, as 1/3 for 0.3333333333333333
LONGEST = 1024  # bits of a denominator
INSTEAD = "`probabilities: none` goes on with the sets of symbols"


def determinized(draft: Draft, limits: Limits) -> Draft:
    """A deterministic draft of the same chances of strings, which begin in each of the start states alike.

    draft   without errors, outputs, and moves that read nothing

    Raises LimitError where there are too many beliefs, or no end of them.
    """
    number = {state.id.text: n for n, state in enumerate(draft.states)}
    moves, ends = _chances(draft, number)
    starts = start_states(draft)
    first: Belief = tuple((number[id], Fraction(1, len(starts))) for id in starts)
    beliefs, seen = [first], {first: 0}
    rules: list[tuple[int, Rule, int, Fraction]] = []
    for source, belief in enumerate(beliefs):  # the list grows while we walk it
        after: dict[str, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        blamed: dict[str, Rule] = {}
        for state, chance in belief:
            for symbol, rule, target, given in moves[state]:
                after[symbol][target] += chance * given
                blamed.setdefault(symbol, rule)
        for symbol, weights in after.items():
            total = sum(weights.values(), Fraction())
            reached: Belief = tuple((state, weight / total) for state, weight in sorted(weights.items()))
            if max(chance.denominator.bit_length() for _, chance in reached) > LONGEST:
                message = "made deterministic it has no end of states: ever other chances of being in its states"
                raise LimitError(message, INSTEAD)
            if reached not in seen:
                seen[reached] = len(beliefs)
                beliefs.append(reached)
                limits.refuse_more("beliefs", len(beliefs), "made deterministic it has ", INSTEAD)
            rules.append((source, blamed[symbol], seen[reached], total))
    states = _states(draft, beliefs, ends)
    made = (
        Rule(states[p].id, states[q].id, rule.symbol, _number(total, rule.place), None, rule.place)
        for p, rule, q, total in rules
    )
    return replace(
        draft, states=tuple(states), rules=tuple(made), starts=(states[0].id,), any_start=False, determinize=False
    )


def _chances(
    draft: Draft, number: dict[str, int]
) -> tuple[list[list[tuple[str, Rule, int, Fraction]]], list[Fraction]]:
    """Of each state its moves, (symbol, rule, target, chance), and the chance of ending there."""
    rules: dict[str, dict[tuple[str, str], Rule]] = defaultdict(dict)
    for rule in draft.rules:
        if rule.symbol is not None:
            rules[rule.source.text][rule.symbol.text, rule.target.text] = rule  # which may stand twice
    moves, ends = [], []
    for state in draft.states:
        own = rules[state.id.text]
        if state.end is None and not any(rule.probability for rule in own.values()):  # all alike
            given = [Fraction(1, len(own) + state.accept)] * len(own)
        else:
            given = [_fraction(rule.probability) for rule in own.values()]
        ends.append((_fraction(state.end) if state.end else 1 - sum(given, Fraction())) if state.accept else Fraction())
        reads = zip(own.items(), given, strict=True)
        moves.append([(symbol, rule, number[target], chance) for ((symbol, target), rule), chance in reads])
    return moves, ends


def _fraction(scalar: Scalar | None) -> Fraction:
    assert scalar is not None, "a state gives all of them a probability, or none"
    simple = Fraction(scalar.text).limit_denominator(LARGEST)
    return simple if float(simple) == float(scalar.text) else Fraction(scalar.text)


def _states(draft: Draft, beliefs: list[Belief], ends: list[Fraction]) -> list[State]:
    """Named by what may be the case, {b,c}; by a number, too, where several beliefs are about the same states."""
    found: list[State] = []
    taken: set[str] = set()
    for number, belief in enumerate(beliefs):
        members = [draft.states[n] for n, _ in belief]
        text = members[0].id.text if len(members) == 1 else "{" + ",".join(each.id.text for each in members) + "}"
        while text in taken:
            text += f"#{number}"
        taken.add(text)
        accept = any(each.accept for each in members)
        end = sum((chance * ends[n] for n, chance in belief), Fraction())
        place = members[0].place
        stated = _number(end, place) if accept else None
        found.append(State(Scalar(text, place, False), number == 0, accept, stated, None, None, place))
    return found


def _number(chance: Fraction, place: Place) -> Scalar:
    return Scalar(repr(float(chance)), place)
