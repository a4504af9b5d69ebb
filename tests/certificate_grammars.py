"""Mutated grammars of certificates, read by the checker and by lstmc: what the checker accepts, both mean alike.

judge(seed)               "refused" or "equal"; anything else says how the two readers differ. The same for a seed.
judge_many(seed, count)   how often each was said, of `count` seeds from `seed` on
"""

import copy
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from strategies import VALID, random_grammar

from lstmc.automaton import NONE, to_automaton, trim, weigh
from lstmc.errors import LstmcError
from lstmc.grammar import Grammar
from lstmc.grammar.read import parse_grammar
from lstmc.proof import checker

Data = dict[str, Any]
CHANGES = (1, 1, 1, 2, 3)
REFUSED, EQUAL = "refused", "equal"

KEYS = ("start", "accept", "end", "output", "probability", "symbol", "key", "pos", "id", "name", "alphabet", "nodes")
KEYS += ("graph", "directed", "multigraph", "links", "plugin", "parameters", "comment", "source", "target", "edges")
KEYS += ("epsilon",)
VALUES: tuple[Any, ...] = (True, False, None, 0, 1, -1, 0.5, 1.0, 0.0, -0.0, 1.5, 1e-320, 1e-10, 10**30, "true", "any")
VALUES += ("", "end", "0", "1", "0.5", " ", "\x00", "\x1b[1m", "\x85", "\ufffe", "\ud800", "e\u0301", "a" * 101, [], {})
VALUES += (["end"], [0], [0, 0], [True], {"name": "g"}, {"start": "any"}, [[]], [None])


def judge_many(seed: int, count: int) -> Counter[str]:
    return Counter(judge(each) for each in range(seed, seed + count))


def judge(seed: int) -> str:
    rng = Random(f"certificate grammar {seed}")
    original = random_grammar(rng.choice(tuple(VALID)), rng).meaning()
    data = mutated(original, rng)
    try:
        return _judge(data, original)
    except Exception as error:  # which is what we look for
        return f"seed {seed}: {error!r}: {data!r}"


def _judge(data: Data, original: Data) -> str:
    found = accepted(data)
    if found is None:
        return REFUSED
    try:
        grammar = parse_grammar(json.dumps(data), format="json")
    except LstmcError as error:
        return f"lstmc refuses what the checker accepts: {error.message}: {data!r}"
    if meaning(grammar) != meaning_to_the_checker(found):
        return f"they mean different things: {data!r}"
    if grammar.meaning() != data:
        return f"it has another form: {data!r}"
    same = parse_grammar(json.dumps(original), format="json") == grammar
    if (checker.said(data) == checker.said(original)) is not same:
        return f"whether it says the same is not seen: {data!r}"
    return EQUAL


def accepted(data: Data) -> checker.Grammar | None:
    """What the checker makes of the grammar of a certificate."""
    report = checker.Report()
    try:
        found = checker.Grammar.of(data, report)
    except ValueError:
        return None
    return None if report.violations() else found


Meaning = tuple[Any, ...]


def meaning(grammar: Grammar) -> Meaning:
    """Start, accepting states, outputs of states, moves, and probabilities where it is deterministic."""
    a = weigh(trim(to_automaton(grammar)))
    outputs = dict(enumerate(grammar.outputs)) | {NONE: None}
    names, letters = a.states, (*a.alphabet, "end")
    moves = {(names[p], a.alphabet[x], names[q], outputs[o]) for p, x, q, o, _ in a.each_move()}
    says = {name: outputs[o] for name, o in zip(names, a.state_output.tolist(), strict=True)}
    flags = tuple({names[q] for q in np.flatnonzero(which)} for which in (a.initial, a.accepting))
    chances = None
    if a.deterministic:
        first = a.moves[:-1]
        rows = zip(a.source[first].tolist(), a.symbol[first].tolist(), a.probability[first].tolist(), strict=True)
        ends = [(q, len(letters) - 1, a.end[q]) for q in np.flatnonzero(a.accepting).tolist()]
        chances = {(names[p], letters[x]): f"{chance:.12e}" for p, x, chance in (*rows, *ends)}
    return flags, says, moves, chances


def meaning_to_the_checker(found: checker.Grammar) -> Meaning:
    """The same, as the checker has it."""
    names, letters = list(found.number), (*found.alphabet, "end")
    outputs = dict(enumerate(found.outputs)) | {NONE: None}
    moves = {(names[p], letters[x], names[q], outputs[o]) for p, each in found.moves.items() for x, q, o in each}
    says = {names[p]: outputs[found.says[p]] for p in found.moves}
    accepting = {names[p] for p in found.moves if found.accepts[p]}
    chances = None
    if found.chances is not None:
        rows = [(p, x, chance) for p, each in found.chances.items() for x, chance in each.items()]
        chances = {(names[p], letters[x]): f"{chance:.12e}" for p, x, chance in rows}
    return ({names[p] for p in found.start}, accepting), says, moves, chances


def mutated(original: Data, rng: Random) -> Data:
    """The grammar with a few random changes."""
    data = copy.deepcopy(original)
    for _ in range(rng.choice(CHANGES)):
        owner, key = _place(data, rng)
        rng.choice(_CHANGES)(owner, key, rng)
    return data


def _place(data: Data, rng: Random) -> tuple[Any, Any]:
    """A random place, deep or not: a mapping or a list, and a key or number in it."""
    owner: Any = data
    key: Any = rng.choice(sorted(owner)) if owner else None
    while key is not None and isinstance(owner[key], (dict, list)) and owner[key] and rng.random() < 0.85:
        owner = owner[key]
        key = rng.choice(sorted(owner)) if isinstance(owner, dict) else rng.randrange(len(owner))
    return owner, key


Change = Callable[[Any, Any, Random], None]


def _replace(owner: Any, key: Any, rng: Random) -> None:
    if key is not None:
        owner[key] = copy.deepcopy(rng.choice(VALUES))


def _retype(owner: Any, key: Any, rng: Random) -> None:
    """The same to a careless reader: a number for a truth value, a text for a number, a list for its one item."""
    if key is None:
        return
    value = owner[key]
    kinds = [str(value), str(value).lower(), [value], value is not None, bool(value)]
    if isinstance(value, (bool, int, float)):
        kinds += [int(value), float(value)]
    owner[key] = rng.choice(kinds)


def _add(owner: Any, key: Any, rng: Random) -> None:
    value = copy.deepcopy(rng.choice(VALUES))
    if isinstance(owner, dict):
        owner[rng.choice(KEYS)] = value
    else:
        owner.insert(rng.randint(0, len(owner)), value)


def _remove(owner: Any, key: Any, rng: Random) -> None:
    if key is not None:
        del owner[key]


def _double(owner: Any, key: Any, rng: Random) -> None:
    if isinstance(owner, list) and key is not None:
        owner.insert(rng.randint(0, len(owner)), copy.deepcopy(owner[key]))


def _shuffle(owner: Any, key: Any, rng: Random) -> None:
    if isinstance(owner, list):
        rng.shuffle(owner)


def _exchange(owner: Any, key: Any, rng: Random) -> None:
    """Two values change places: two targets, two symbols, a source and a target."""
    if key is not None:
        other = rng.choice(sorted(owner)) if isinstance(owner, dict) else rng.randrange(len(owner))
        owner[key], owner[other] = owner[other], owner[key]


def _say(owner: Any, key: Any, rng: Random) -> None:
    """What the form has room for, where it may belong."""
    if isinstance(owner, dict):
        values = {"start": True, "accept": True, "end": rng.choice((0.25, 0.5, 1.0)), "output": rng.choice("01")}
        values["probability"] = values["end"]
        name = rng.choice(sorted(values))
        owner[name] = values[name]


_CHANGES: tuple[Change, ...] = (_replace, _retype, _add, _remove, _double, _shuffle, _exchange, _say, _say)
JUDGES = {"grammars": judge}
