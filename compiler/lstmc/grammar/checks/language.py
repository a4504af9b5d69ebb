"""Some string must exist. States and moves that no string uses are said, since `trim` will take them away.

    start -a-> 1 -b-> 2 (accepts)       2 is reached, and ends a string
      |
      +--c-> 3                          leads nowhere: a warning
    4                                   nothing leads to it: a warning

Where no state accepts, strings are endless, and a state lives while it has a way on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import networkx as nx

from lstmc.grammar.checks.start import start_states
from lstmc.grammar.draft import Draft, Rule, State
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Problem

Ways = dict[str, list[str]]


def some_string_exists(draft: Draft) -> Iterator[Problem]:
    """The language is not empty; states that nothing leads to and moves that lead nowhere are named."""
    starts = set(start_states(draft))
    reached = _closure(starts, _ways((rule.source.text, rule.target.text) for rule in draft.rules))
    endless = not any(state.accept for state in draft.states)
    alive = _with_a_way_on(draft) if endless else _before_the_end(draft)
    for state in draft.states:
        if state.id.text not in reached:
            message = f"nothing leads to state {quoted(state.id.text)}: no string comes there"
            yield Problem(state.id.place, "G041", message, "add an edge to it, or take it out")
    useful = alive & reached
    if not useful:
        yield _empty(draft, starts, endless)
        return
    for state in draft.states:
        if state.id.text in starts and state.id.text not in alive:
            yield _useless_start(state, endless)
    for rule in draft.rules:
        if rule.source.text in useful and rule.target.text not in alive:
            yield _leads_nowhere(rule, endless)


def _before_the_end(draft: Draft) -> set[str]:
    """The states from which an accepting one can be reached."""
    accepting = [state.id.text for state in draft.states if state.accept]
    return _closure(accepting, _ways((rule.target.text, rule.source.text) for rule in draft.rules))


def _with_a_way_on(draft: Draft) -> set[str]:
    """The states from which strings can go on for ever: a cycle can be reached that reads something."""
    graph = nx.DiGraph((rule.source.text, rule.target.text) for rule in draft.rules)
    circle = {state: n for n, part in enumerate(nx.strongly_connected_components(graph)) for state in part}
    ends = [(rule.source.text, rule.target.text) for rule in draft.rules if not rule.silent]
    return _closure({p for p, q in ends if circle[p] == circle[q]}, _ways((q, p) for p, q in graph.edges))


def _closure(states: Iterable[str], ways: Ways) -> set[str]:
    found = set(states)
    open_ = list(found)
    while open_:
        for state in ways.get(open_.pop(), ()):
            if state not in found:
                found.add(state)
                open_.append(state)
    return found


def _ways(pairs: Iterable[tuple[str, str]]) -> Ways:
    ways: Ways = defaultdict(list)
    for one, other in pairs:
        ways[one].append(other)
    return ways


def _empty(draft: Draft, starts: set[str], endless: bool) -> Problem:
    place = next(state.place for state in draft.states if state.id.text in starts)
    if endless:
        help = "add `accept: true` to the states in which a string may end, or an edge that leads back"
        return Problem(place, "G040", "the language is empty: no state accepts, and every string comes to a stop", help)
    help = "add an edge that leads to one, or `accept: true` to a state that can be reached"
    return Problem(place, "G040", "the language is empty: no accepting state can be reached", help)


def _useless_start(state: State, endless: bool) -> Problem:
    never = "go on for ever" if endless else "end"
    message = f"a string that starts in state {quoted(state.id.text)} can never {never}"
    return Problem(state.place, "G042", message, "take away its start, or add the edge that is missing")


def _leads_nowhere(rule: Rule, endless: bool) -> Problem:
    target = quoted(rule.target.text)
    message = f"after this move to state {target} a string can {'only come to a stop' if endless else 'never end'}"
    if rule.probability is not None:
        help = "take out the probability and the move, or add the edge that is missing"
        return Problem(rule.place, "G043", f"{message}, so it cannot have a probability", help)
    return Problem(rule.place, "G042", message, "take it out, or add the edge that is missing; it will not be compiled")
