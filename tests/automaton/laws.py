"""What the tests of all passes ask of automata, read off the arrays by brute force."""

from itertools import product

import numpy as np
from hypothesis import settings

from lstmc.automaton import NONE, Automaton

law = settings(max_examples=40)  # enough for grammars this small; tests/test_every_grammar.py tries more

ARRAYS = ("initial", "accepting", "end", "state_output", "source", "symbol", "target", "output", "rule", "probability")
TEXTS = ("name", "alphabet", "outputs", "states", "origins", "rules")


def same(a: Automaton, b: Automaton) -> bool:
    """Nothing tells the two apart."""
    return all(getattr(a, name) == getattr(b, name) for name in TEXTS) and all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=getattr(a, name).dtype.kind == "f")
        for name in ARRAYS
    )


def possible(a: Automaton, upto: int) -> dict[tuple[int, ...], set[tuple[int, int]]]:
    """Every string that leads somewhere, up to a length: the states it may lead to, each with what was said last."""
    says = a.state_output.tolist()
    found = {(): {(q, NONE if a.mealy else says[q]) for q in np.flatnonzero(a.initial).tolist()}}
    moves = [(p, x, (q, o if a.mealy else says[q])) for p, x, q, o, _ in a.each_move()]
    strings = list(found)
    for string in strings:  # it grows while we walk
        if len(string) < upto:
            reached = {q for q, _ in found[string]}
            for p, x, there in moves:
                if p in reached:
                    longer = (*string, x)
                    if longer not in found:
                        found[longer] = set()
                        strings.append(longer)
                    found[longer].add(there)
    return found


def behaviour(a: Automaton, upto: int) -> dict[tuple[int, ...], tuple[bool, frozenset[int]]]:
    """Every string that leads somewhere, up to a length: whether it may end there, and what was said last."""
    return {
        string: (any(a.accepting[q] for q, _ in states), frozenset(o for _, o in states))
        for string, states in possible(a, upto).items()
    }


def chances(a: Automaton, upto: int) -> dict[tuple[int, ...], float]:
    """The probability of every prefix of a deterministic, weighted automaton, up to a length."""
    found = {(): 1.0}
    state = {(): int(np.flatnonzero(a.initial)[0])}
    for prefix in (p for length in range(upto) for p in product(range(len(a.alphabet)), repeat=length)):
        if prefix in state:
            for row in np.flatnonzero(a.source == state[prefix])[::-1].tolist():
                longer = (*prefix, int(a.symbol[row]))
                found[longer], state[longer] = found[prefix] * float(a.probability[row]), int(a.target[row])
    return found


def array_automaton(alphabet: str, size: int, moves: list[tuple[int, int, int]], accepting: set[int]) -> Automaton:
    """A large automaton without the detour of a graph; moves are source, symbol, target, sorted. State 0 starts."""
    source, symbol, target = np.array(moves, np.int64).T
    accept = np.isin(np.arange(size), sorted(accepting))
    return Automaton(
        name="large",
        alphabet=tuple(alphabet),
        outputs=(),
        states=tuple(map(str, range(size))),
        origins=tuple((str(q),) for q in range(size)),
        rules=tuple(map(str, moves)),
        initial=np.arange(size) == 0,
        accepting=accept,
        end=np.where(accept, np.nan, 0.0),
        state_output=np.full(size, NONE),
        source=source,
        symbol=symbol,
        target=target,
        output=np.full(len(moves), NONE),
        rule=np.arange(len(moves)),
        probability=np.full(len(moves), np.nan),
    )
