"""What the checker makes of grammars, automata and maps: against brute force; what is wrong, by what is said of it."""

import json
from functools import cache
from itertools import product
from random import Random

import numpy as np
import pytest
from strategies import VALID, random_grammar

from lstmc.errors import LstmcError
from lstmc.pipeline import compile_proved
from lstmc.proof import checker
from lstmc.proof.checker import Report


def grammar(rules, starts="0", accepting="1", **changes):
    """Rules "state symbol state", some with a probability as fourth word; states in the order of their numbers.

    With -- as symbol a rule reads nothing.
    """
    edges = []
    for rule in rules.split(", "):
        source, symbol, target, *chance = rule.split()
        edges.append(
            {"source": source, "target": target}
            | ({"epsilon": True} if symbol == "--" else {"symbol": symbol})
            | ({"probability": float(chance[0])} if chance else {})
        )
    ids = sorted({e[end] for e in edges for end in ("source", "target")})
    nodes = [
        {"id": p} | {key: True for key, of in (("start", starts), ("accept", accepting)) if p in of.split()}
        for p in ids
    ]
    return {
        "name": "g",
        "alphabet": sorted({e["symbol"] for e in edges if "symbol" in e}),
        "nodes": nodes,
        "edges": edges,
    } | changes


def read(data):
    report = Report()
    found = checker.Grammar.of(data, report)
    return found, [str(violation) for violation in report.violations()]


def said(data):
    try:
        return read(data)[1]
    except ValueError as error:
        return [str(error)]


SIMPLE = grammar("0 a 0, 0 b 1")


def with_node(data=SIMPLE, n=0, **changes):
    return data | {"nodes": [node | changes if m == n else node for m, node in enumerate(data["nodes"])]}


def with_edge(data=SIMPLE, n=0, **changes):
    return data | {"edges": [edge | changes if m == n else edge for m, edge in enumerate(data["edges"])]}


def without(data, key, part=None, n=0):
    if part is None:
        return {k: v for k, v in data.items() if k != key}
    return data | {part: [without(each, key) if m == n else each for m, each in enumerate(data[part])]}


KEYS, FORM = "no grammar of exactly its four keys", "not of the form of {}: "
TWICE, NAME = (
    "an id, a symbol or an edge stands twice, or a symbol is called 'end'",
    "the grammar's name could be no file's",
)
TEXTS, UNKNOWN = "the alphabet does not hold fitting texts", "an edge of the grammar is of an unknown state or symbol"
SILENT = grammar("0 -- 1, 1 a 1")
CHANGED, SILENT_CHANCE = (
    "a move that reads nothing changes the output",
    "a grammar with moves that read nothing has probabilities",
)
NONDETERMINISTIC = "a nondeterministic grammar has probabilities"
SUM = "grammar: the probabilities of a state do not sum to 1, or leave nothing for the end"
WRONG = {
    "a list": ([], KEYS),
    "the keys alone": (list(SIMPLE), KEYS),
    "a key more": (SIMPLE | {"start": "any"}, KEYS),
    "no name": (without(SIMPLE, "name"), KEYS),
    "a name that is a number": (SIMPLE | {"name": 1}, NAME),
    "a name that is a path": (SIMPLE | {"name": "../g"}, NAME),
    "no symbols": (SIMPLE | {"alphabet": []}, TEXTS),
    "a symbol that is empty": (SIMPLE | {"alphabet": ["a", "b", ""]}, TEXTS),
    "a symbol that rings": (SIMPLE | {"alphabet": ["a", "b", "\a"]}, TEXTS),
    "symbols in a text": (SIMPLE | {"alphabet": "ab"}, "not a list of texts"),
    "no nodes": (SIMPLE | {"nodes": []}, "the grammar has no nodes"),
    "no edges": (SIMPLE | {"edges": []}, "the grammar has no edges"),
    "nodes in an object": (SIMPLE | {"nodes": {"id": "0"}}, "the grammar has no nodes"),
    "a node that is a text": (SIMPLE | {"nodes": ["0"]}, FORM.format("nodes")),
    "the keys of a node alone": (SIMPLE | {"nodes": [["id"]]}, FORM.format("nodes")),
    "a text about a node": (with_node(note="x"), FORM.format("nodes")),
    "a text about an edge": (with_edge(note="x"), FORM.format("edges")),
    "a node without id": (without(SIMPLE, "id", "nodes"), FORM.format("nodes")),
    "a node with a key more": (with_node(pos=[0, 0]), FORM.format("nodes")),
    "an id that is a number": (with_node(id=0), FORM.format("nodes")),
    "a start that is 1": (with_node(start=1), FORM.format("nodes")),
    "a start that is false": (with_node(start=False), FORM.format("nodes")),
    "an accept that is a text": (with_node(accept="true"), FORM.format("nodes")),
    "an edge without symbol": (without(SIMPLE, "symbol", "edges"), FORM.format("edges")),
    "an edge that reads a symbol and nothing": (with_edge(epsilon=True), FORM.format("edges")),
    "an edge that reads nothing, as a number": (with_edge(SILENT, epsilon=1), FORM.format("edges")),
    "an edge that does not read nothing": (with_edge(SILENT, epsilon=False), FORM.format("edges")),
    "an edge that reads nothing and says something": (with_edge(SILENT, output="x"), FORM.format("edges")),
    "an edge that reads nothing now and then": (with_edge(SILENT, probability=0.5), FORM.format("edges")),
    "an edge that reads nothing stands twice": (grammar("0 -- 1, 0 -- 1, 1 a 1"), TWICE),
    "an output that comes from nothing": (with_node(SILENT, output="x"), CHANGED),
    "an output that comes from nothing at last": (
        with_node(grammar("0 -- 1, 1 -- 2, 2 a 2", accepting="2"), n=2, output="x"),
        CHANGED,
    ),
    "probabilities beside what reads nothing": (with_edge(SILENT, n=1, probability=0.5), SILENT_CHANCE),
    "an end beside what reads nothing": (with_node(SILENT, n=1, end=0.5), SILENT_CHANCE),
    "nothing read for ever": (grammar("0 a 1, 1 -- 1", accepting=""), "the language is empty"),
    "an edge with a key more": (with_edge(key=0), FORM.format("edges")),
    "a probability of 1, whole": (with_edge(probability=1), FORM.format("edges")),
    "a probability of 0": (with_edge(probability=0.0), FORM.format("edges")),
    "a probability above 1": (with_edge(probability=1.5), FORM.format("edges")),
    "a probability below 0": (with_edge(probability=-0.5), FORM.format("edges")),
    "an end that is true": (with_node(n=1, end=True), FORM.format("nodes")),
    "an output that is a number": (with_edge(output=1), FORM.format("edges")),
    "an unknown source": (with_edge(source="2"), UNKNOWN),
    "an unknown target": (with_edge(target="2"), UNKNOWN),
    "an unknown symbol": (with_edge(symbol="c"), UNKNOWN),
    "an id twice": (SIMPLE | {"nodes": [*SIMPLE["nodes"], {"id": "0"}]}, TWICE),
    "a symbol twice": (SIMPLE | {"alphabet": ["a", "b", "b"]}, TWICE),
    "an edge twice": (SIMPLE | {"edges": [SIMPLE["edges"][0], *SIMPLE["edges"]]}, TWICE),
    "a symbol called end": (SIMPLE | {"alphabet": ["a", "b", "end"]}, TWICE),
    "edges in another order": (
        SIMPLE | {"edges": grammar("1 a 0, 0 b 1")["edges"]},
        "the edges of the grammar are not in order",
    ),
    "edges to one target apart": (grammar("0 a 0, 0 b 1, 0 c 0"), "the edges of the grammar are not in order"),
    "outputs at both": (with_edge(with_node(output="x"), output="y"), "outputs stand both at states and at edges"),
    "no start": (without(SIMPLE, "start", "nodes"), "the language is empty"),
    "no way to the end": (grammar("0 a 0, 1 b 1"), "the language is empty"),
    "no way on": (grammar("0 a 1", accepting=""), "the language is empty"),
    "probabilities of a choice": (grammar("0 a 0 0.5, 0 a 1 0.5"), NONDETERMINISTIC),
    "probabilities of some of a choice": (grammar("0 a 0 0.5, 0 a 1"), NONDETERMINISTIC),
    "probabilities from many starts": (grammar("0 a 0 0.5, 0 b 1 0.5", starts="0 1"), NONDETERMINISTIC),
    "an end of a choice": (with_node(grammar("0 a 0, 0 a 1"), n=1, end=1.0), NONDETERMINISTIC),
    "probabilities of some": (
        grammar("0 a 0 0.5, 0 b 1"),
        ["grammar: some moves of a state have a probability, and some have none", SUM],
    ),
    "an end without accept": (
        with_node(grammar("0 a 0 0.5, 0 b 1 0.5"), end=0.5),
        ["grammar: a state that does not accept has a probability of ending", SUM],
    ),
    "a sum above 1": (grammar("0 a 0 0.5, 0 b 1 0.6"), [SUM]),
    "a sum below 1": (grammar("0 a 0 0.5, 0 b 1 0.4"), [SUM]),
    "a sum below 1 by little": (grammar("0 a 0 0.5, 0 b 1 0.499999998999"), [SUM]),
    "a sum above 1 by little": (grammar("0 a 0 0.5, 0 b 1 0.500000001001"), [SUM]),
    "nothing for the end": (grammar("0 a 0 0.5, 0 b 1 0.5", accepting="0 1"), [SUM]),
    "hardly anything for the end": (grammar("0 a 0 0.5, 0 b 1 0.499999999", accepting="0 1"), [SUM]),
    "an end that is too likely": (with_node(grammar("0 a 0 0.5, 0 b 1 0.5", accepting="0 1"), end=0.25), [SUM]),
    "an end that is not likely enough": (with_node(grammar("0 a 0 0.5, 0 b 1 0.2", accepting="0 1"), end=0.25), [SUM]),
    "probabilities that are wrong where nothing leads": (grammar("0 a 1, 2 a 2 0.5, 2 b 1 0.4"), [SUM]),
    "a probability of what no string does": (
        grammar("0 a 1 0.5, 0 b 2 0.5, 2 a 2"),
        ["grammar: a move that no string of the grammar makes has a probability"],
    ),
}


@pytest.mark.parametrize(("data", "what"), WRONG.values(), ids=WRONG)
def test_what_is_said_of_a_grammar_that_is_wrong(data, what):
    if isinstance(what, list):
        assert sorted(said(data)) == sorted(what)
    else:
        (text,) = said(data)
        assert text.startswith(what) if what.endswith(": ") else text == what


RIGHT = {
    "equally likely": (SIMPLE, {0: {0: 0.5, 1: 0.5}, 1: {2: 1.0}}),
    "the end among them": (
        grammar("0 a 0, 0 b 1, 1 a 0", accepting="0 1"),
        {0: {0: 1 / 3, 1: 1 / 3, 2: 1 / 3}, 1: {0: 0.5, 2: 0.5}},
    ),
    "as they stand": (grammar("0 a 0 0.25, 0 b 1 0.75"), {0: {0: 0.25, 1: 0.75}, 1: {2: 1.0}}),
    "the rest for the end": (
        grammar("0 a 0 0.25, 0 b 1 0.5", accepting="0 1"),
        {0: {0: 0.25, 1: 0.5, 2: 0.25}, 1: {2: 1.0}},
    ),
    "an end of its own": (
        with_node(grammar("0 a 0 0.25, 0 b 1 0.5", accepting="0 1"), end=0.25),
        {0: {0: 0.25, 1: 0.5, 2: 0.25}, 1: {2: 1.0}},
    ),
    "a sum of 1 but for rounding": (
        grammar("0 a 0 0.5, 0 b 1 0.499999999"),
        {0: {0: 0.5, 1: 0.499999999}, 1: {2: 1.0}},
    ),
    "a sum of 1 and some rounding": (
        grammar("0 a 0 0.5, 0 b 1 0.500000001"),
        {0: {0: 0.5, 1: 0.500000001}, 1: {2: 1.0}},
    ),
    "a little for the end": (
        grammar("0 a 0 0.5, 0 b 1 0.499999998", accepting="0 1"),
        {0: {0: 0.5, 1: 0.499999998, 2: 2e-9}, 1: {2: 1.0}},
    ),
    "as decimals": (
        grammar("0 a 0 0.1, 0 b 1 0.2, 0 c 2 0.7, 2 a 1"),
        {0: {0: 0.1, 1: 0.2, 2: 0.7}, 1: {3: 1.0}, 2: {0: 1.0}},
    ),
    "what leads nowhere is not there": (grammar("0 a 0, 0 b 1, 0 c 2"), {0: {0: 0.5, 1: 0.5}, 1: {3: 1.0}}),
    "nor is what no string reaches": (
        grammar("0 a 0, 0 b 1, 2 a 0 0.5, 2 b 1 0.5"),
        {0: {0: 0.5, 1: 0.5}, 1: {2: 1.0}},
    ),
    "a choice": (grammar("0 a 0, 0 a 1"), None),
    "many starts": (grammar("0 a 1, 1 b 0", starts="0 1"), None),
    "one start of two that is of use": (grammar("0 a 1, 2 a 2", starts="0 2"), {0: {0: 1.0}, 1: {1: 1.0}}),
    "a move that reads nothing": (SILENT, {0: {0: 0.5, 1: 0.5}, 1: {0: 0.5, 1: 0.5}}),
    "moves that read nothing, one after another": (
        grammar("0 -- 1, 1 -- 2, 1 b 3, 2 -- 0, 2 a 3", accepting="3"),
        {0: {0: 0.5, 1: 0.5}, 3: {2: 1.0}},
    ),
    "two ways to the same move": (grammar("0 -- 1, 0 a 2, 1 a 2", accepting="2"), {0: {0: 1.0}, 2: {1: 1.0}}),
    "a choice between ways that read nothing": (grammar("0 -- 1, 0 -- 2, 1 a 1, 2 a 2", accepting="1 2"), None),
    "a choice that leads nowhere": (grammar("0 a 1, 0 a 2"), {0: {0: 1.0}, 1: {1: 1.0}}),
}


@pytest.mark.parametrize(("data", "chances"), RIGHT.values(), ids=RIGHT)
def test_probabilities_of_grammars(data, chances):
    found, violations = read(data)
    assert violations == []
    assert found.chances == chances


def test_what_reads_nothing_is_followed_up_to_a_limit(monkeypatch):
    chain = grammar(", ".join(f"{n} -- {n + 1}" for n in range(10, 30)) + ", 30 a 30", starts="10", accepting="30")
    monkeypatch.setenv("LSTMC_MAX_PROOF_MOVES", "420")  # twice 0 + 1 + ... + 20: what each state leads to
    assert said(chain) == []
    monkeypatch.setenv("LSTMC_MAX_PROOF_MOVES", "419")
    assert said(chain) == ["420 moves, more than the limit of 419; LSTMC_MAX_PROOF_MOVES moves it"]


def test_useful_states_are_found_as_by_walking():
    for seed in range(300):
        rng = Random(seed)
        size = rng.randint(1, 5)
        rules = [(p, x, q, -1) for p, x, q in product(range(size), (0, 1), range(size)) if rng.random() < 0.2]
        accepts = [rng.random() < 0.4 for _ in range(size)] if seed % 2 else [False] * size
        start = [p for p in range(size) if rng.random() < 0.5]

        def ahead(states, rules=rules):
            return {q for p, _, q, _ in rules if p in states}

        reached = set(start)
        for _ in range(size):
            reached |= ahead(reached)
        useful = set()
        for p in reached:
            after, some = {p}, False
            for _ in range(size + 1):  # a way of as many steps as there are states goes on for ever
                some = some or any(accepts[q] for q in after)
                after = ahead(after)
            if some if any(accepts) else after:
                useful.add(p)
        assert checker._useful(start, accepts, rules) == useful, seed


# Automata


@cache
def parts(name="deterministic 1", level=(1, "rewrite"), cell="lstm"):
    kind, _, seed = name.partition(" ")
    data = random_grammar(kind, Random(f"map {seed}"))
    proof = json.loads(compile_proved(data, *level, cell)[1].to_bytes())
    return proof["grammar"], proof["automaton"], proof["map"]


AUTOMATON = {
    "deterministic": True,
    "states": 2,
    "initial": [0],
    "accepting": [1],
    "output": [-1, -1],
    "moves": [[0, 0, 0], [0, 1, 1]],
}
FAULTS = {
    "a part less": (without(AUTOMATON, "states"), "no automaton"),
    "a part more": (AUTOMATON | {"more": 1}, "no automaton"),
    "states that are true": (
        AUTOMATON | {"states": True, "output": [-1], "accepting": [0], "moves": []},
        "no states, no start, or no kind",
    ),
    "more states": (AUTOMATON | {"states": 3}, "no states, no start, or no kind"),
    "no start": (AUTOMATON | {"initial": []}, "no states, no start, or no kind"),
    "a kind that is 1": (AUTOMATON | {"deterministic": 1}, "no states, no start, or no kind"),
    "a start that is no state": (AUTOMATON | {"initial": [2]}, "not a list of integers from 0 to 1"),
    "a start below 0": (AUTOMATON | {"initial": [-1]}, "not a list of integers from 0 to 1"),
    "an end that is no state": (AUTOMATON | {"accepting": [2]}, "not a list of integers from 0 to 1"),
    "an end twice": (AUTOMATON | {"accepting": [1, 1]}, "the automaton's initial or accepting states are not in order"),
    "ends in another order": (
        AUTOMATON | {"accepting": [1, 0]},
        "the automaton's initial or accepting states are not in order",
    ),
    "an output that there is not": (AUTOMATON | {"output": [-1, 0]}, "not a list of integers from -1 to -1"),
    "an output below none": (AUTOMATON | {"output": [-2, -1]}, "not a list of integers from -1 to -1"),
    "a move of what is no state": (AUTOMATON | {"moves": [[2, 0, 0]]}, "not a list of integers from 0 to 1"),
    "a move below 0": (AUTOMATON | {"moves": [[-1, 0, 0]]}, "not a list of integers from 0 to 1"),
    "a symbol that there is not": (AUTOMATON | {"moves": [[0, 2, 0]]}, "not a list of integers from 0 to 1"),
    "a symbol below 0": (AUTOMATON | {"moves": [[0, -1, 0]]}, "not a list of integers from 0 to 1"),
    "a target that is no state": (AUTOMATON | {"moves": [[0, 0, 2]]}, "not a list of integers from 0 to 1"),
    "a target below 0": (AUTOMATON | {"moves": [[0, 0, -1]]}, "not a list of integers from 0 to 1"),
    "a move twice": (AUTOMATON | {"moves": [[0, 0, 0], [0, 0, 0]]}, "a move of the automaton stands twice"),
    "two starts": (AUTOMATON | {"initial": [0, 1]}, "the automaton is not deterministic, as it says"),
    "a choice": (AUTOMATON | {"moves": [[0, 0, 0], [0, 0, 1]]}, "the automaton is not deterministic, as it says"),
}


@pytest.mark.parametrize(("data", "what"), FAULTS.values(), ids=FAULTS)
def test_what_is_said_of_an_automaton_that_is_wrong(data, what):
    with pytest.raises(ValueError, match=f"^{what}$"):
        checker.Automaton.of(data, read(SIMPLE)[0])


def test_tables_of_automata_are_those_of_their_moves():
    for seed in range(40):
        rng = Random(seed)
        size = rng.randint(1, 5)
        deterministic = seed % 2 == 0
        moves = [[p, x, q] for p, x, q in product(range(size), (0, 1), range(size)) if rng.random() < 0.3]
        if deterministic:
            moves = list({(p, x): [p, x, q] for p, x, q in moves}.values())
        rng.shuffle(moves)
        ends = [p for p in range(size) if rng.random() < 0.5]
        data = {
            "deterministic": deterministic,
            "states": size,
            "initial": [0],
            "accepting": ends,
            "output": [-1] * size,
        }
        found = checker.Automaton.of(data | {"moves": moves}, read(SIMPLE)[0])
        assert (found.deterministic, found.initial, found.output.tolist()) == (deterministic, [0], [-1] * size)
        assert [[p, x, q] for p, of in enumerate(found.moves) for x, qs in of.items() for q in qs] == sorted(moves)
        assert found.accepting.tolist() == [p in ends for p in range(size)] + [False]
        assert found.first.tolist() == [sum(row[0] < p for row in moves) for p in range(size + 1)]
        states = np.array([rng.randrange(-1, size) for _ in range(7)])
        allowed = [[any((p, y) == (s, x) for s, y, _ in moves) for x in (0, 1)] + [p in ends] for p in states.tolist()]
        assert found.allowed(states).tolist() == allowed
        if deterministic:
            to = {(p, x): q for p, x, q in moves}
            assert found.following(states).tolist() == [[to.get((p, x), -1) for x in (0, 1)] for p in states.tolist()]


# Maps

KINDS = [
    (f"{kind} {seed}", level)
    for kind in sorted(VALID)
    for seed in range(3)
    for level in ((1, "rewrite"), (2, "rewrite"))
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level"), KINDS, ids=str)
def test_a_map_shows_that_grammar_and_automaton_are_alike_and_no_map_of_another_does(name, level):
    try:
        data, machine, entries = parts(name, level)
    except LstmcError:
        pytest.skip("this level does not take the grammar")
    meant, violations = read(data)
    report = Report()
    automaton = checker.Automaton.of(machine, meant)
    chances = checker.check_map(entries, meant, automaton, report)
    assert violations + report.violations() == []
    assert (chances is None) == (meant.chances is None)
    for names, _, state in entries if chances else ():
        row = chances.of(np.array([state]))[0]
        wanted = meant.chances[meant.number[names[0]]]
        assert {x: chance for x, chance in enumerate(row.tolist()) if chance} == wanted
        assert chances.least <= min(wanted.values())
    if chances:
        assert chances.least == min(
            min(each.values()) for each in (meant.chances[meant.number[n[0]]] for n, _, _ in entries)
        )
        assert checker.Chances(automaton, chances.moves * np.nan, chances.ends * 0).least == 1.0
    for entry in range(len(entries)):
        said = mapped(entries[:entry] + entries[entry + 1 :], meant, automaton)
        assert set(said) <= {"map"}
        assert said


def mapped(entries, meant, automaton):
    report = Report()
    checker.check_map(entries, meant, automaton, report)
    return [violation.what for violation in report.violations()]


ALIKE = [[["0"], -1, 0], [["1"], -1, 1]]
NOT_ALIKE = {
    "no start": (ALIKE[1:], "the starts of grammar and automaton"),
    "a start of another output": ([[["0"], 0, 0], ALIKE[1]], "not a list of integers from -1 to -1"),
    "a state that there is not": ([*ALIKE, [["2"], -1, 0]], "'2'"),
    "no states": ([*ALIKE, [[], -1, 0]], "the map names states that no string of the grammar uses"),
    "a state of the automaton that there is not": ([*ALIKE, [["1"], -1, 2]], "not a list of integers from 0 to 1"),
    "one below 0": ([*ALIKE, [["1"], -1, -1]], "not a list of integers from 0 to 1"),
    "an output below none": ([*ALIKE, [["1"], -2, 1]], "not a list of integers from -1 to -1"),
    "an entry twice": ([*ALIKE, ALIKE[1]], "an entry of the map, or a state in it, stands twice"),
    "a state twice": ([ALIKE[0], [["1", "1"], -1, 1]], "an entry of the map, or a state in it, stands twice"),
    "states together": (
        [*ALIKE, [["0", "1"], -1, 0]],
        "state 0 stands for [0, 1], but they differ in whether a string may end",
    ),
}


@pytest.mark.parametrize(("entries", "what"), NOT_ALIKE.values(), ids=NOT_ALIKE)
def test_what_is_said_of_a_map_that_is_wrong(entries, what):
    meant, _ = read(SIMPLE)
    report = Report()
    try:
        checker.check_map(entries, meant, checker.Automaton.of(AUTOMATON, meant), report)
    except (ValueError, KeyError) as error:
        report("malformed", str(error))
    assert any(what in violation.where for violation in report.violations())


def test_states_of_nondeterministic_automata_stand_alone():
    meant, _ = read(SIMPLE)
    automaton = checker.Automaton.of(AUTOMATON | {"deterministic": False}, meant)
    assert mapped(ALIKE, meant, automaton) == []
    with pytest.raises(ValueError, match="the map merges states where it must not"):
        mapped([*ALIKE, [["0", "1"], -1, 0]], meant, automaton)


def test_all_starts_are_mapped_and_to_starts_alone():
    meant, _ = read(grammar("0 a 1, 1 a 0, 1 b 1", starts="0 1"))
    machine = AUTOMATON | {"deterministic": False, "initial": [0, 1], "moves": [[0, 0, 1], [1, 0, 0], [1, 1, 1]]}
    assert mapped(ALIKE, meant, checker.Automaton.of(machine, meant)) == []
    for initial in ([0], [1]):
        assert mapped(ALIKE, meant, checker.Automaton.of(machine | {"initial": initial}, meant)) == ["map"]
    one, _ = read(grammar("0 a 1, 1 a 0, 1 b 1"))
    assert mapped(ALIKE, one, checker.Automaton.of(machine, one)) == ["map"]


def test_several_states_of_the_automaton_may_stand_for_one_of_the_grammar():
    """By turns it is in 0 and in 2 while a is read."""
    meant, _ = read(SIMPLE)
    machine = AUTOMATON | {"states": 3, "output": [-1] * 3, "moves": [[0, 0, 2], [0, 1, 1], [2, 0, 0], [2, 1, 1]]}
    assert mapped([*ALIKE, [["0"], -1, 2]], meant, checker.Automaton.of(machine, meant)) == []


def test_a_move_that_says_one_thing_or_another_is_no_move_of_a_deterministic_automaton():
    edges = [SIMPLE["edges"][1] | {"output": output} for output in "xy"]
    for said, wanted in ((edges[:1], []), (edges[1:], []), (edges, ["map"])):
        meant, _ = read(SIMPLE | {"edges": said})
        machine = AUTOMATON | {"output": [-1, 0], "moves": [[0, 1, 1]]}
        entries = [[["0"], -1, 0], *([["1"], o, 1] for o in range(len(said)))]
        assert mapped(entries[:2], meant, checker.Automaton.of(machine, meant)) == wanted


def test_states_with_other_probabilities_are_not_alike():
    """State 0 of the automaton stands for 0 and for 2, which go on alike, but not as often."""
    for chances, wanted in (("0.5 0.5", []), ("0.25 0.75", ["map"])):
        one, other = chances.split()
        meant, violations = read(grammar(f"0 a 2 0.5, 0 b 1 0.5, 2 a 0 {one}, 2 b 1 {other}"))
        assert violations == []
        entries = [[["0"], -1, 0], [["2"], -1, 0], [["1"], -1, 1]]
        assert mapped(entries, meant, checker.Automaton.of(AUTOMATON, meant)) == wanted


# Outputs of nondeterministic transducers


def test_states_that_are_possible_together_say_the_same():
    found = set()
    for seed in range(300):
        rng = Random(seed)
        size = rng.randint(1, 5)
        rules = [[p, x, q] for p, x, q in product(range(size), (0, 1), range(size)) if rng.random() < 0.18]
        outputs = [rng.randrange(-1, 1) for _ in range(size)]
        initial = sorted(rng.sample(range(size), rng.randint(1, min(size, 2))))
        pairs = {(p, q) for p in initial for q in initial}
        for _ in range(size * size):
            pairs |= {(a, b) for p, x, a in rules for q, y, b in rules if (p, q) in pairs and x == y}
        wanted = {(p, q) for p, q in pairs if p < q and outputs[p] != outputs[q]}
        data = {"deterministic": False, "states": size, "initial": initial, "accepting": [], "output": outputs}
        meant, _ = read(with_node(output="x"))
        report = Report()
        checker.check_one_output(checker.Automaton.of(data | {"moves": rules}, meant), report)
        texts = sorted(str(violation) for violation in report.violations())
        assert texts == sorted(
            f"output: after some string states {p} and {q} are possible, which say different things" for p, q in wanted
        )
        found |= {len(wanted)}
    assert len(found) > 2
