"""Refuse a transducer that may say two things after one string.

    S -a-> A (says 0)
    S -a-> B (says 1)       is refused: after 'a' the output may be '0' and '1'

Two states that one string can lead to must say the same. There are at most Q² such pairs, so this is settled where
determinizing, which may need 2^Q sets, is not.

In:   a trimmed automaton without outputs on moves.
"""

from itertools import combinations_with_replacement, product

import numpy as np

from lstmc.automaton.automaton import NONE, Automaton
from lstmc.automaton.limits import AutomatonLimits
from lstmc.errors import FindingsError

Pair = tuple[int, int]

SETTLE = "make the grammar deterministic"
REPEATED = 10  # a pair that is found once more costs a tenth of a new one


def check_one_output(automaton: Automaton) -> None:
    """Raises FindingsError with a shortest string that has two outputs, LimitError where there are too many pairs."""
    a = automaton
    assert not a.mealy, "split first"
    says = a.state_output.tolist()
    targets: list[dict[int, list[int]]] = [{} for _ in a.states]
    for p, x, q, _, _ in a.each_move():
        targets[p].setdefault(x, []).append(q)
    limits, of = AutomatonLimits.from_environment(), f"transducer '{a.name}': its strings lead to states in "
    starts = int(a.initial.sum())
    limits.refuse_more("pairs", starts * (starts + 1) // 2, of, SETTLE)
    pairs = list(combinations_with_replacement(np.flatnonzero(a.initial).tolist(), 2))
    looked_at = 0
    reached_by: dict[Pair, tuple[Pair, int] | None] = dict.fromkeys(pairs)
    for p, q in pairs:  # the list grows while we walk it
        if says[p] != says[q]:
            raise _two_outputs(a, (p, q), reached_by)
        for x in sorted(targets[p].keys() & targets[q].keys()):
            looked_at += len(targets[p][x]) * len(targets[q][x])
            limits.refuse_more("pairs", max(len(pairs), looked_at // REPEATED), of, SETTLE)
            for s, t in product(targets[p][x], targets[q][x]):
                pair = (s, t) if s <= t else (t, s)
                if pair not in reached_by:
                    reached_by[pair] = (p, q), x
                    pairs.append(pair)


def _two_outputs(a: Automaton, pair: Pair, reached_by: dict[Pair, tuple[Pair, int] | None]) -> FindingsError:
    string: list[str] = []
    step = reached_by[pair]
    while step is not None:
        before, x = step
        string.append(a.alphabet[x])
        step = reached_by[before]
    outputs = sorted({int(a.state_output[q]) for q in pair})
    names = " and ".join("nothing" if o == NONE else f"'{a.outputs[o]}'" for o in outputs)
    return FindingsError(
        f"grammar '{a.name}': after '{' '.join(reversed(string))}' the output may be {names}",
        "a transducer must have one output for each string: change the outputs, or make the grammar deterministic",
    )
