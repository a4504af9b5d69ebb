"""Small files whose check would take gigabytes or minutes: the work is little, or is refused before it is done."""

import json
import tracemalloc
from functools import cache

import networkx as nx
import pytest

from lstmc import Grammar, load_grammar
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import LIMITS, check

MANY = 6_000


@cache
def loops(symbols, **attributes):
    """A state that every symbol keeps, and its network."""
    graph = nx.MultiDiGraph()
    graph.add_node("0", start=True, accept=True, **attributes)
    for x in range(symbols):
        graph.add_edge("0", "0", symbol=f"{x:x}")
    return tuple(each.to_bytes() for each in compile_proved(Grammar.from_graph(graph, "g"), 2))


def dense(size):
    """One symbol, all states may follow each other, and all say the same: the certificate fits no network."""
    weights, certificate = loops(1, output="x")
    states, data = [str(p) for p in range(size)], json.loads(certificate)
    data["grammar"]["nodes"] = [{"id": p, "start": True, "accept": True, "output": "x"} for p in states]
    data["grammar"]["edges"] = [{"source": p, "target": q, "symbol": "0"} for p in states for q in states]
    every = list(range(size))
    moves = [[p, 0, q] for p in every for q in every]
    data["automaton"] = {"deterministic": False, "states": size, "initial": every, "accepting": every}
    data["automaton"] |= {"output": [0] * size, "moves": moves}
    data["map"] = [[[state], -1, p] for p, state in enumerate(states)]
    del data["successors"]
    return weights, json.dumps(data).encode()


def test_pairs_of_states_of_a_dense_transducer_are_found_without_trying_each_pair_of_moves(monkeypatch):
    size = 40
    weights, certificate = dense(size)
    work = size * (size + size)  # for each state those possible with it, and its targets

    def said(most):
        monkeypatch.setenv("LSTMC_MAX_PROOF_PAIRS", str(most))
        return [str(each) for each in check(weights, certificate, digests=False) if "pairs" in str(each)]

    assert said(work) == []
    assert said(work - 1) == ["malformed: 3,200 pairs, more than the limit of 3,199; LSTMC_MAX_PROOF_PAIRS moves it"]


def test_pairs_of_states_are_those_of_transducers_that_may_be_in_several(monkeypatch):
    monkeypatch.setenv("LSTMC_MAX_PROOF_PAIRS", "0")
    assert check(*loops(1, output="x")) == []
    assert check(*(each.to_bytes() for each in compile_proved(load_grammar("third-from-end")))) == []


@pytest.mark.slow
def test_many_states_and_many_symbols_make_no_table():
    weights, certificate = loops(MANY)
    data = json.loads(certificate)
    data["automaton"] |= {"states": MANY, "output": [-1] * MANY}
    tracemalloc.start()
    try:
        assert check(weights, json.dumps(data).encode(), digests=False) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MANY * MANY


def test_states_that_stand_for_one_with_many_moves_are_counted_first(monkeypatch):
    weights, certificate = loops(50)
    data = json.loads(certificate)
    data["automaton"] |= {"states": 20, "output": [-1] * 20}
    data["map"] = [[["0"], -1, p] for p in range(20)]
    monkeypatch.setenv("LSTMC_MAX_PROOF_MOVES", "999")
    (said,) = check(weights, json.dumps(data).encode(), digests=False)
    assert "1,000 moves, more than the limit of 999" in str(said)


@pytest.mark.parametrize("what", ["bytes", "cases", "moves"])
def test_limits_can_be_moved(what, monkeypatch):
    network, certificate = compile_proved(load_grammar("reber"))
    monkeypatch.setenv(f"LSTMC_MAX_PROOF_{what.upper()}", "3")
    (said,) = check(network.to_bytes(), certificate.to_bytes())
    assert f"{what}, more than the limit of 3" in str(said)
    monkeypatch.setenv(f"LSTMC_MAX_PROOF_{what.upper()}", str(LIMITS[what]))
    assert check(network.to_bytes(), certificate.to_bytes()) == []


def test_a_limit_that_is_no_number_is_told(monkeypatch):
    network, certificate = compile_proved(load_grammar("reber"))
    monkeypatch.setenv("LSTMC_MAX_PROOF_BYTES", "all")
    (said,) = check(network.to_bytes(), certificate.to_bytes())
    assert "'all'" in str(said)
