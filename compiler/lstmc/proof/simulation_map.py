"""The map between the grammar's states and the automaton's: a simulation, found by walking both at once.

For a deterministic automaton, sets of the grammar's states (with the last output of a Mealy machine) to the state
that follows them; for a nondeterministic one, single states.
"""

from lstmc.automaton import NONE, Automaton, split, to_automaton, trim
from lstmc.grammar import Grammar

Entry = tuple[tuple[str, ...], int, int]


def simulation_map(grammar: Grammar, automaton: Automaton) -> list[Entry]:
    """Entries (states of the grammar, output or NONE, state of the automaton), sorted."""
    useful = trim(to_automaton(grammar))
    if not automaton.deterministic:
        copies = split(useful)
        mealy = useful.mealy
        return sorted(
            (origin, int(copies.state_output[q]) if mealy else NONE, q) for q, origin in enumerate(automaton.origins)
        )
    return sorted(_walk(useful, automaton))


def _walk(useful: Automaton, automaton: Automaton) -> set[Entry]:
    """Pairs that strings reach together, from the start."""
    moves: list[dict[int, set[tuple[int, int]]]] = [{} for _ in useful.states]
    for p, x, q, o, _ in useful.each_move():
        moves[p].setdefault(x, set()).add((q, o))
    follow = {(p, x): q for p, x, q, _, _ in automaton.each_move()}
    start = tuple(q for q, first in enumerate(useful.initial.tolist()) if first)
    waiting = [(start, NONE, automaton.initial.tolist().index(True))]
    seen = set(waiting)
    while waiting:
        members, _, state = waiting.pop()
        for x in {x for q in members for x in moves[q]}:
            reached = {pair for q in members for pair in moves[q].get(x, ())}
            output = min(o for _, o in reached)
            entry = (tuple(sorted({q for q, _ in reached})), output, follow[state, x])
            if entry not in seen:
                seen.add(entry)
                waiting.append(entry)
    return {(tuple(useful.states[q] for q in members), output, state) for members, output, state in seen}
