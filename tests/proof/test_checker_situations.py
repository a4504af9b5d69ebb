"""What the checker looks at: each situation that a cell can be in, found again one by one, and none besides."""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import product
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import VALID, random_grammar

from lstmc import load_grammar
from lstmc.errors import LstmcError
from lstmc.pipeline import compile_proved
from lstmc.proof import checker
from lstmc.proof.checker import BEFORE, MIXED, SOME, Report, point

WAYS = [(0, "rewrite", "lstm"), (1, "keep", "lstm"), (2, "rewrite", "lstm"), (1, "keep", "toy")]
MORE = [("coupled", 0), ("gru", 1), ("rnn", 0), ("rnn-relu", 1), ("lstm-1997", 1), ("slstm", 0)]
SHIPPED = [("reber", *way) for way in WAYS] + [
    ("third-from-end", 1, "keep", "lstm"),
    ("reber-unknown-start", 1, "keep", "toy"),
    ("third-from-end", 1, "rewrite", "coupled"),
    *(("reber", level, "rewrite", cell) for cell, level in MORE),
]
RANDOM = [(f"{kind} {seed}", *WAYS[(seed + len(kind)) % 4]) for kind in sorted(VALID) for seed in range(2)]


@cache
def compiled(name, *way):
    """The bytes of weights and certificate; None where the level or cell does not take the grammar."""
    kind, _, seed = name.partition(" ")
    grammar = random_grammar(kind, Random(f"situations {seed}")) if seed else load_grammar(name)
    try:
        return tuple(each.to_bytes() for each in compile_proved(grammar, *way))
    except LstmcError:
        return None


def read(weights, certificate):
    """The checker's network and automaton, and the certificate."""
    report, proof = Report(), json.loads(certificate)
    network = checker.read_weights(weights, True, report)
    automaton = checker.Automaton.of(proof["automaton"], checker.Grammar.of(proof["grammar"], report))
    assert report.violations() == []
    return network, proof, automaton


def steps(network, proof, automaton, report=None):
    kind = checker.Deterministic if automaton.deterministic else checker.CellByCell
    return kind(network, automaton, proof, report or Report())


def dense(network):
    gates, size, _ = network.inputs.shape
    weights = np.zeros((gates, size, size))
    weights[network.gate, network.row, network.column] = network.value
    return weights


def cell_numbers(network, classes, m):
    """All that counts of a cell, whatever it reads: also what the cells that it reads may add while they are off."""
    weights = dense(network)[:, m]
    off = [[np.abs(weights[:, [k for k in range(1, len(classes)) if classes[k] == kind]]).sum(1)] for kind in (0, 1)]
    count = (weights[:, 1:] != 0).sum(1) * 1.0
    coarse = [checker._coarse(np.array(each) * (1 + 2.0**-30)).ravel().tolist() for each in off]
    rough = checker._coarse(count).tolist()
    others = [sorted(weights[g, 1:][weights[g, 1:] != 0].tolist()) for g in range(len(weights))]
    idle = others if network.cell.idle else None  # then the total of all that is off counts
    return str([network.biases[:, :, m].tolist(), weights[:, 0].tolist(), coarse, rough, idle, classes[m], m == 0])


@pytest.mark.slow
@pytest.mark.parametrize("of", SHIPPED + RANDOM, ids=str)
def test_each_situation_is_looked_at_once(of):
    found = compiled(*of)
    if found is None:
        pytest.skip("this level or cell does not take the grammar")
    network, proof, automaton = read(*found)
    report = Report()
    made = steps(network, proof, automaton, report)
    assert report.violations() == []
    if not automaton.deterministic:
        return cell_by_cell(network, proof, made)
    one_by_one(network, proof, made)
    rows, size, rng = proof["successors"], len(proof["cells"]), Random(0)
    fewer = [[row for row in rows if row[2] != k] for k in range(1, min(size, 4))]  # then some cells are never on
    forged = [[row[0], row[1], rng.randrange(1, size)] for row in rows]  # and these do not read the cell before them
    for successors in (*fewer, forged):
        other = proof | {"successors": successors}
        one_by_one(network, other, steps(network, other, automaton))
    reading = with_weights(network, *((g, 0, 1, 1.0) for g in range(len(network.inputs))))  # `started` may read, too
    one_by_one(reading, proof, steps(reading, proof, automaton))
    return None


def one_by_one(network, proof, made):
    classes, weights = proof["classes"], dense(network)
    to = {(k, x): q for k, x, q in proof["successors"]}
    reached = [BEFORE, 0]
    for k in reached:
        reached += {q for (p, _), q in to.items() if p == k} - set(reached)
    assert made.configurations.tolist() == sorted(k for k in reached if k > 0)
    assert made.to.shape == (len(classes) + 1, network.inputs.shape[2])
    numbers = [cell_numbers(network, classes, m) for m in range(len(classes))]

    def situation(m, x, k, read, after):
        pair = (weights[:, m, k].tolist(), classes[k], k == m) if read else None
        return numbers[m], str(network.inputs[:, m, x].tolist()), str(pair), k == BEFORE, bool(after)

    expected = {
        situation(m, x, k, k > 0 and (k == m or weights[:, m, k].any()), m == 0 or to.get((k, x), 0) == m)
        for m in range(len(classes))
        for x in range(network.inputs.shape[2])
        for k in reached
    }
    s, w = made.situations, made.wiring
    assert len(s.cell) == len(expected)
    seen = set()
    for n, (m, x, k) in enumerate(zip(s.cell.tolist(), s.symbol.tolist(), s.other.tolist(), strict=True)):
        pair = int(s.pair[n, 0])
        assert (s.pair[n] == pair).all()
        assert pair < 0 or (w.cell[pair], w.other[pair]) == (m, k)
        assert pair < 0 or s.box[n].tolist() == [classes[k]] * w.gates
        assert s.before[n] == (k == BEFORE)
        assert s.own[n] == (k != BEFORE if m == 0 else pair >= 0 and k == m)
        seen.add(situation(m, x, k, pair >= 0, made.after[n]))
    assert seen == expected


def cell_by_cell(network, proof, made):
    classes, weights = proof["classes"], dense(network)
    s, w = made.situations, made.wiring
    size, symbols = len(classes), network.inputs.shape[2]
    assert made.like.size == 5 * size * symbols
    assert len(np.unique(made.like)) == len(s.cell)
    like = made.like.reshape(5, size, symbols)
    held = w.weights(network)[3]
    f = w.filter
    reads = [[k for k in range(1, size) if f >= 0 and weights[f, m, k]] for m in range(size)]
    assert made.reads.tolist() == [len(each) for each in reads]
    assert made.reads_itself.tolist() == [m in each for m, each in enumerate(reads)]
    assert [sorted(each.tolist()) for each in made.read_by] == reads
    for (kind, m, x), n in np.ndenumerate(like):
        cell, symbol, own = int(s.cell[n]), int(s.symbol[n]), kind >= 3 or (m == 0 and kind > 0)
        assert cell_numbers(network, classes, cell) == cell_numbers(network, classes, m)
        assert network.inputs[:, cell, symbol].tolist() == network.inputs[:, m, x].tolist()
        assert s.own[n] == own
        assert s.before[n] == (kind == 0)
        itself = weights[:, m, m].tolist() if own and m else [0.0] * w.gates
        least = min((weights[f, m, k] for k in reads[m]), default=0.0)
        wanted = [least if kind in (2, 4) and g == f else each for g, each in enumerate(itself)]
        assert held[s.pair[n], np.arange(w.gates)].tolist() == wanted
        kinds = {classes[k] for k in reads[m]}
        of_read = MIXED if len(kinds) > 1 else max(kinds, default=0)
        assert s.box[n].tolist() == [of_read if g == f else classes[m] for g in range(w.gates)]
        if kind in (2, 4) and len(reads[m]) == 1:
            assert s.other[n] == reads[cell][0]
        elif kind in (0, 1, 2, 4):
            assert s.other[n] == {0: BEFORE, 1: 0}.get(kind, SOME)
        else:
            assert s.other[n] == cell
        assert len(reads[cell]) == len(reads[m])


NUMBER, STARTED = "not as many cells as the network has", "cell 0 must be `started`, the others of states"
CELLS = {
    "a cell less": (lambda cells, classes: (cells[:-1], classes[:-1]), NUMBER),
    "a class less": (lambda cells, classes: (cells, classes[:-1]), NUMBER),
    "a cell less than classes": (lambda cells, classes: (cells[:-1], classes), NUMBER),
    "a first cell of a state": (lambda cells, classes: ([0, *cells[1:]], classes), STARTED),
    "a second one of none": (lambda cells, classes: ([-1, -1, *cells[2:]], classes), STARTED),
    "less than no state": (lambda cells, classes: ([-1, -2, *cells[2:]], classes), "not a list of integers from -1"),
    "a state too many": (lambda cells, classes: ([-1, 99, *cells[2:]], classes), "not a list of integers from -1"),
    "a class 2": (lambda cells, classes: (cells, [*classes[:-1], 2]), "not a list of integers from 0 to 1"),
    "a class below 0": (lambda cells, classes: (cells, [*classes[:-1], -1]), "not a list of integers from 0 to 1"),
}


@pytest.mark.parametrize(("change", "what"), CELLS.values(), ids=CELLS)
def test_what_is_said_of_cells_that_are_wrong(change, what):
    network, proof, automaton = read(*compiled("reber", *WAYS[1]))
    cells, classes = change(proof["cells"], proof["classes"])
    with pytest.raises(ValueError, match=f"^{what}"):
        steps(network, proof | {"cells": cells, "classes": classes}, automaton)


def filter_of(network):
    """The test that reads other cells."""
    (found,) = {g for g, m, k in zip(network.gate, network.row, network.column, strict=True) if k not in (0, m)}
    return int(found)


def with_weights(network, *entries):
    """With these weights (gate, row, column, value) besides; where there was one, in its place."""
    there = {(g, m, k): v for g, m, k, v in zip(network.gate, network.row, network.column, network.value, strict=True)}
    there |= {(g, m, k): v for g, m, k, v in entries}
    gate, row, column = (np.array(each) for each in zip(*there, strict=True))
    return replace(network, gate=gate, row=row, column=column, value=np.array([*there.values()]))


def test_where_several_cells_are_on_each_is_an_or_that_may_read_itself():
    network, proof, automaton = read(*compiled("third-from-end", 1, "keep", "lstm"))
    f, others = filter_of(network), [g for g in range(4) if g != filter_of(network)]
    said = "`started`, or a second test of a cell, reads another cell"
    for entries, wrong in (
        ([(f, 2, 1, 2.0**-20), (f, 1, 1, 1.0)], None),
        ([(g, m, 0, -1.0) for g in range(4) for m in range(3)], None),  # of `started`
        ([(g, 1, 1, -1.0) for g in others], None),
        ([(f, 2, 1, -(2.0**-20))], "a test reads cells with a weight below 0: it is no OR"),
        *(([(g, 2, 1, 1.0)], said) for g in others),
        *(([(g, 0, 1, 1.0)], said) for g in range(4)),
    ):
        changed = with_weights(network, *entries)
        if wrong is None:
            made = steps(changed, proof, automaton)
            assert len(made.reads) == len(proof["cells"])
        else:
            with pytest.raises(ValueError, match=f"^{wrong}$"):
                steps(changed, proof, automaton)


def test_what_lands_is_an_or_or_is_told(monkeypatch):
    """Cells that read themselves alone, others alone, both, and none, and land anywhere: looked at one by one."""
    network, proof, automaton = read(*compiled("third-from-end", 1, "keep", "lstm"))
    reads = dict(enumerate([set(), {1}, {1}, {2, 3}, *[set()] * (len(proof["cells"]) - 4)]))
    f = filter_of(network)
    others = (network.gate != f) | (network.column == 0)
    parts = {part: getattr(network, part)[others] for part in ("gate", "row", "column", "value")}
    changed = with_weights(replace(network, **parts), *((f, m, k, 9.0) for m, of in reads.items() for k in of))
    made, given = steps(changed, proof, automaton), {}
    monkeypatch.setattr(made, "_not_the_automaton", lambda *parts: given.update(parts=parts) or ["a problem"])
    monkeypatch.setattr(made, "counted", lambda drifts, claim: given.update(drifts=drifts))
    like = made.like.reshape(5, len(reads), -1)
    for seed in range(50):
        rng = np.random.default_rng(seed)
        on, off, *drifts = rng.random((4, len(made.situations.cell))) < 0.5
        off &= ~on
        on[like[:2, 0]] |= seed > 10
        landing = checker.Landing(on, off, *drifts, on, None)
        monkeypatch.setattr(checker, "step", lambda *_, counts, landing=landing: given.update(counts=counts) or landing)
        report = Report()
        made.check(None, SimpleNamespace(contract=SimpleNamespace(name="it")), report)
        assert given["counts"] is True
        (written, kept), told, drifting = np.zeros((2, *like.shape[1:]), bool), ["a problem"], set()
        for m, x in np.ndindex(like.shape[1:]):
            lands, ors = on[like[:, m, x]], reads[m]
            kinds = {0, 1} | ({2} if ors - {m} else set()) | (set() if m in ors else {3}) | ({4} if ors else set())
            told += [
                f"cell {m} at symbol {x}, {made.KINDS[kind]}: lands in neither of its boxes"
                for kind in kinds
                if not (on | off)[like[kind, m, x]]
            ]
            written[m, x] = lands[2] if ors - {m} else lands[4] and m in ors
            kept[m, x] = lands[3] and m not in ors
            right = not lands[1] and (not ors or lands[4] == (written[m, x] or kept[m, x]))
            if not (lands[0] and lands[1] if m == 0 else right):
                told.append(f"cell {m} at symbol {x} is on out of nothing, or not as an OR")
            drifting |= {int(like[kind, m, x]) for kind in kinds if drifts[0 if lands[kind] else 1][like[kind, m, x]]}
        assert sorted(report.found["it: step"]) == sorted(told)
        assert [part[1:].tolist() for part in given["parts"][:2]] == [written[1:].tolist(), kept[1:].tolist()]
        assert given["parts"][2].tolist() == on[like[0]].tolist()
        assert set(np.flatnonzero(given["drifts"]).tolist()) == drifting


def test_where_one_cell_is_on_at_most_what_lands_elsewhere_is_told(monkeypatch):
    made, given = steps(*read(*compiled("reber", 1, "keep", "lstm"))), {}
    monkeypatch.setattr(made, "counted", lambda drifts, claim: given.update(drifts=drifts))
    for seed in range(20):
        rng = np.random.default_rng(seed)
        on, off, *drifts, same = rng.random((5, len(made.after))) < (0.5, 0.99)[seed % 2]
        shown = point(np.where(made.after | (rng.random(len(on)) < 0.5), 0.75, 0.5))  # one number where it counts
        if seed % 4 == 3:
            shown.hi[np.flatnonzero(made.after)[seed % made.after.sum()]] += 2.0**-50
        landing = checker.Landing(on, off, *drifts, same | ~made.after if seed < 10 else same | made.after, shown)
        monkeypatch.setattr(checker, "step", lambda *_, counts, landing=landing: given.update(counts=counts) or landing)
        report = Report()
        alike, _ = made.check(None, SimpleNamespace(contract=SimpleNamespace(name="it")), report)
        assert alike is (seed % 4 != 3 and all(landing.same[n] for n in range(len(on)) if made.after[n]))
        assert given["counts"] is False
        assert report.found.get("it: step", []) == [
            f"{made.situations[n]}: does not land in its box '{'on' if made.after[n] else 'off'}'"
            for n in range(len(on))
            if not (on if made.after[n] else off)[n]
        ]
        assert given["drifts"].tolist() == [drifts[not after][n] for n, after in enumerate(made.after)]


def cells_of(rng):
    """Moves (state, symbol, state) from state 0, cells of states, what each reads, and when it is on; nearly right."""
    moves = {move for move in product(range(3), range(2), range(3)) if rng.random() < 0.4}
    cells = [-1, *sorted(rng.choices(range(3), k=4))]
    reads, written, kept = ([] for _ in range(3))
    first = [[q < 0 or (0, x, q) in moves for x in (0, 1)] for q in cells]
    for q in cells:
        sources = set(rng.sample(range(3), rng.randint(0, 2)))
        reads.append({k for k, p in enumerate(cells) if p in sources})
        written.append([bool(reads[-1]) and all((p, x, q) in moves for p in sources & set(cells)) for x in (0, 1)])
        kept.append([(q, x, q) in moves and rng.random() < 0.8 for x in (0, 1)])
    if rng.random() < 0.6:
        table, m, x = rng.choice((written, kept, first)), rng.randint(1, 4), rng.randint(0, 1)
        table[m][x] = not table[m][x]
    elif rng.random() < 0.5:
        reads[rng.randint(1, 4)] ^= {rng.randint(1, 4)}
    return moves, cells, reads, written, kept, first


def no_automaton(moves, cells, reads, written, kept, first):
    """What must be told: of each cell and each state by itself."""
    told, mine = [], {q: [m for m, p in enumerate(cells) if p == q] for q in range(3)}
    for q, of in mine.items():
        into, shown = {(p, x) for p, x, target in moves if target == q}, set()
        for m in of:
            sources = {cells[k] for k in reads[m]}
            found = {(p, x) for p in sources for x in (0, 1) if written[m][x]}
            if any(written[m]) and any(not set(mine[p]) <= reads[m] for p in sources):
                told.append(f"cell {m} reads some cells of a state, and not all")
            elif len(found) > len(into):
                told.append(f"cell {m} is written by more than the moves into state {q}")
            else:
                shown |= found
        some = {(q, x) for m in of for x in (0, 1) if kept[m][x]}
        shown |= {(q, x) for _, x in some if all(kept[m][x] for m in of)}
        if not shown | some <= into:
            told.append(f"a cell of state {q} is on after what is no move into it")
        if any(mine[p] and (p, x) not in shown for p, x in into):
            told.append(f"no cell of state {q} is on after some move into it")
    for x in (0, 1):
        if {q for p, y, q in moves if (p, y) == (0, x)} != {
            q for q, on in zip(cells[1:], first[1:], strict=True) if on[x]
        }:
            told.append(f"the first symbol {x} does not lead where the automaton moves")
    return told


def test_cells_do_what_the_moves_say_or_it_is_told():
    kinds = set()
    for seed in range(1500):
        moves, cells, reads, *tables = cells_of(Random(seed))
        ahead = [{x: [q for p, y, q in sorted(moves) if (p, y) == (state, x)] for x in (0, 1)} for state in range(3)]
        made = SimpleNamespace(
            automaton=SimpleNamespace(moves=ahead, initial=[0]),
            cells=np.array(cells),
            read_by=[np.array(sorted(each), int) for each in reads],
            wiring=SimpleNamespace(symbols=2),
        )
        told = list(checker.CellByCell._not_the_automaton(made, *map(np.array, tables)))
        assert sorted(told) == sorted(no_automaton(moves, cells, reads, *tables)), seed
        kinds |= {re.sub(r"\d", "_", text) for text in told} or {"nothing"}
    assert len(kinds) == 6


def test_a_cell_that_reads_none_is_counted():
    network, proof, automaton = read(*compiled("third-from-end", 1, "keep", "lstm"))
    last = len(proof["cells"]) - 1
    others = network.row < last
    parts = {part: getattr(network, part)[others] for part in ("gate", "row", "column", "value")}
    assert steps(replace(network, **parts), proof, automaton).reads[last] == 0


@pytest.mark.parametrize("drifting", [[], [0], [1], [0, 2]])
def test_where_started_drifts_symbols_are_counted(drifting):
    """It is on whatever is read, so that a bound is one of all symbols."""
    weights, certificate = compiled("reber", *WAYS[1])
    network, proof, automaton = read(weights, certificate)
    made = steps(network, proof | {"classes": [1] * len(proof["classes"])}, automaton)
    s, claim = made.situations, SimpleNamespace(bound=7, accumulates=False)
    drifts = np.isin(s.cell, drifting) & s.own
    said = made.counted(drifts, claim)
    assert (said == "7 symbols may be read") is (0 in drifting)
    assert (said == "no memory drifts, whatever is read") is (not drifting)
    assert made.counted(drifts, SimpleNamespace(bound=7, accumulates=True)) == "7 symbols may be read"
    assert made.counted(drifts, SimpleNamespace(bound=None, accumulates=True)) is None


def test_a_situation_says_what_a_cell_sees():
    s = steps(*read(*compiled("reber", *WAYS[2]))).situations
    texts = {str(s[n]) for n in range(len(s.cell))}
    assert "cell 0 at symbol 0 before the first symbol" in texts
    assert "cell 0 at symbol 0 when no cell that it reads is on" in texts
    assert any(text.endswith("is on") and "when cell " in text for text in texts)


def test_cases_are_counted_before_they_are_made(monkeypatch):
    """For each symbol those of each pair of a cell with one that it reads, or itself, and three of each cell."""
    network, proof, automaton = read(*compiled("reber", *WAYS[1]))
    weights, size = dense(network), len(proof["cells"])
    pairs = sum(m == k or weights[:, m, k].any() for m in range(size) for k in range(1, size))
    count = (int(pairs) + 3 * size) * network.inputs.shape[2]
    monkeypatch.setenv("LSTMC_MAX_PROOF_CASES", str(count))
    steps(network, proof, automaton)
    monkeypatch.setenv("LSTMC_MAX_PROOF_CASES", str(count - 1))
    with pytest.raises(ValueError, match=f"{count} cases, more than the limit of {count - 1}"):
        steps(network, proof, automaton)


def test_numbers_of_situations_fit_into_64_bits():
    """A key is a number of cells, of inputs (here 2), of pairs (here 6, and 2 more) and a bit."""
    made = steps(*read(*compiled("reber", *WAYS[1])))
    w, reached = made.wiring, np.ones(len(made.cells) + 1, bool)
    w.input_number, w.pair_number = np.zeros_like(w.input_number), np.arange(len(w.keys)) % 6
    w.input_number[-1, -1], w.cell_number = 1, np.zeros_like(w.cell_number)
    for most, fits in ((2**57 - 2, True), (2**57 - 1, False)):
        w.cell_number[-1] = most
        if fits:
            assert made._distinct(reached).shape[0] == 4
        else:
            with pytest.raises(ValueError, match="there are too many different weights"):
                made._distinct(reached)
