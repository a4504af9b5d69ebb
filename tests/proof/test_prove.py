"""Verdicts: what is proved of every shipped grammar and of every plugin's, at every level, cell and number format."""

import re
import subprocess
import sys
from functools import cache
from itertools import product

import networkx as nx
import numpy as np
import pytest
from golden_text import assert_golden

import lstmc
from lstmc.errors import FindingsError, LimitError, UsageError
from lstmc.extensions import extensions
from lstmc.pipeline import compile_proved
from lstmc.proof import CONTRACTS, Certificate, prove
from lstmc.proof.situations import gates_of, situations
from lstmc.shipped import shipped

GRAMMARS = (*sorted(shipped()), *sorted(each.name for each in extensions("lstmc.grammars")))
VARIANTS = (
    (0, "rewrite", "lstm"),
    (1, "keep", "lstm"),
    (1, "rewrite", "lstm"),
    (2, "rewrite", "lstm"),
    (0, "rewrite", "toy"),
    (1, "keep", "toy"),
    (1, "rewrite", "toy"),
)
REAL = ("exact", "approximate")


@cache
def proved(name: str, level: int, memory: str = "rewrite", cell: str = "lstm", dtype: str = "float32") -> Certificate:
    return compile_proved(lstmc.load_grammar(name), level, memory, cell, dtype)[1]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "variant"), [*product(GRAMMARS, VARIANTS)], ids=str)
def test_every_grammar_is_proved(name, variant):
    certificate = proved(name, *variant)
    kept = any(certificate.data["classes"])
    assert kept <= (variant[1] == "keep")
    for contract in (*REAL, "float32", "float64"):
        verdict = certificate.verdicts[contract]
        assert verdict.kind == ("bounded" if kept and contract in REAL else "every-length"), str(verdict)
        assert verdict.margin > 0
        assert (verdict.bound is None) == (verdict.kind == "every-length")
        assert verdict.bound is None or verdict.bound > (500 if contract == "approximate" else 10_000)


def test_symbols_that_no_cell_tells_apart_are_proved_together():
    """A ring of n states with a symbol of its own for each rule: n · n pairs of cell and symbol, of a few kinds."""

    def kinds(size: int) -> int:
        ring = nx.MultiDiGraph()
        ring.add_node(0, start=True, accept=True)
        ring.add_edges_from((n, (n + 1) % size, {"symbol": f"x{n}"}) for n in range(size))
        network = lstmc.compile(lstmc.Grammar.from_graph(ring))
        found = situations(gates_of(network), np.zeros(network.size, np.bool_), together=False)
        assert found.kind.size > size * size
        return len(found.bias)

    assert kinds(80) == kinds(20) < 50


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "dtype", "level"), [*product(("reber", "number"), ("float64", "float16", "bfloat16"), (0, 1, 2))]
)
def test_other_number_formats(name, dtype, level):
    certificate = proved(name, level, "rewrite" if level != 1 else "keep", "lstm", dtype)
    assert certificate.verdicts[dtype].kind == "every-length"


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_verdicts_of_reber(variant):
    level, memory, cell = variant
    text = "\n".join(map(str, proved("reber", level, memory, cell).verdicts.values())) + "\n"
    assert_golden(text, f"verdicts-reber-{cell}-O{level}-{memory}.txt")


@pytest.mark.parametrize(
    ("contract", "size"),
    {"exact": 2e-28, "float32": 3e-7, "bfloat16": 4e-3, "approximate": 2e-6}.items(),
)
def test_half_widths_of_reber(contract, size):
    """The prototype allowed tanh(1) the error of any tanh; what kernels show there is smaller, so boxes may be, too."""
    box = proved("reber", 2).verdicts[contract].boxes.rewritten
    half_width = max(map(abs, box.on["h"]))
    assert half_width <= 2 * size
    assert half_width >= 0.9 * CONTRACTS[contract].at_one
    assert half_width >= size / 5


def test_how_long_reber_is_kept():
    """About 10^53 repetitions in real arithmetic, some 10^5 where erasers are wrong by 6e-7."""
    verdicts = proved("reber", 1, "keep").verdicts
    assert 1e52 < verdicts["exact"].bound < 1e54
    assert 1e5 < verdicts["approximate"].bound < 1e6
    assert "may be kept about" in verdicts["exact"].counts


@pytest.mark.slow
@pytest.mark.parametrize(("gain", "level"), [*product((4, 8, 16), (0, 1, 2))])
def test_a_soft_gain_is_refused(gain, level):
    """With the cell, the configuration and the symbol, or with the probability that is off."""
    reber = lstmc.load_grammar("reber")
    with pytest.raises(FindingsError) as refused:
        compile_proved(reber, level, "keep" if level == 1 else "rewrite", gain=gain)
    said = str(refused.value)
    assert "help" in said
    assert all(word in said for word in (("cell '", "symbol '") if gain < 16 else ("probabilities",)))
    assert gain == 16 or re.search("with cell|before the first symbol|after a dead prefix", said)


def test_a_refusal_by_gain():
    reber = lstmc.load_grammar("reber")
    lines = []
    for gain in (2, 4, 8, 16):
        network = lstmc.compile(reber, gain=gain)
        lines.append(f"gain {gain}: {prove(network, reber, contracts=['float32']).verdicts['float32']}")
    assert_golden("\n".join(lines) + "\n", "verdicts-reber-soft-gains.txt")


def test_the_gain_is_derived():
    reber = lstmc.load_grammar("reber")
    assert compile_proved(reber)[0].header.options["gain"] == 256
    assert compile_proved(reber, level=2)[0].header.options["gain"] == 128
    assert compile_proved(reber, gain=512)[0].header.options["gain"] == 512


def test_a_gain_that_is_asked_for_costs_what_the_proof_says():
    """At 64 closed gates are e^-32: real arithmetic holds 10^11 repetitions only, float32 still any number."""
    verdicts = compile_proved(lstmc.load_grammar("reber"), gain=64)[1].verdicts
    assert 1e11 < verdicts["exact"].bound < 1e13
    assert verdicts["float32"].kind == "every-length"


def test_a_symbol_that_both_loops_and_leads_in():
    """An off cell is written at the symbol that keeps it: what leaked into it is there when it comes on."""
    for memory, cell in (("keep", "lstm"), ("rewrite", "lstm"), ("keep", "toy")):
        verdicts = compile_proved(loops_and_leads_in(), 1, memory, cell)[1].verdicts
        assert verdicts["float32"].kind == "every-length"
        assert verdicts["exact"].kind == ("bounded" if memory == "keep" else "every-length")


def loops_and_leads_in() -> lstmc.Grammar:
    graph = nx.MultiDiGraph()
    graph.add_node("p", start=True)
    graph.add_node("q", accept=True)
    for p, q, x in (("p", "q", "a"), ("q", "q", "a"), ("q", "p", "b"), ("p", "p", "c")):
        graph.add_edge(p, q, symbol=x)
    return lstmc.Grammar.from_graph(graph, "loops-and-leads-in")


def test_large_alphabets_in_low_precision_are_refused_in_words():
    grammar = lstmc.load_grammar("random", {"states": 20, "symbols": 100})
    with pytest.raises((FindingsError, LimitError), match="bfloat16"):
        compile_proved(grammar, level=2, dtype="bfloat16")


def test_float16_may_not_overflow():
    """Weights that a format just holds add up to more than it holds."""
    reber = lstmc.load_grammar("reber")
    network = lstmc.compile(reber, level=1, gain=40_000)
    verdicts = prove(network, reber).verdicts
    assert verdicts["float32"].kind == "every-length"
    assert verdicts["float16"].kind == "refused"


def test_a_sum_that_overflows_asks_for_a_lower_gain():
    reber = lstmc.load_grammar("reber")
    assert prove(lstmc.compile(reber, level=2, gain=1024), reber).verdicts["float16"].kind == "every-length"
    reason = prove(lstmc.compile(reber, level=2, gain=2048), reber).verdicts["float16"].reason
    assert "symbol 'X': a sum may exceed 32752, half of the largest number; a lower --gain" in reason


@pytest.mark.slow
def test_certificates_are_the_same_in_every_process():
    command = "import lstmc,sys; from lstmc.pipeline import compile_proved as c; "
    command += "sys.stdout.buffer.write(c(lstmc.load_grammar('reber-unknown-start'))[1].to_bytes())"
    said = {
        subprocess.run([sys.executable, "-c", command], env={"PYTHONHASHSEED": seed}, capture_output=True).stdout
        for seed in ("1", "2")
    }
    assert said == {proved("reber-unknown-start", 1, "keep").to_bytes()}


def test_a_contract_that_there_is_not():
    reber = lstmc.load_grammar("reber")
    with pytest.raises(UsageError, match="no contract 'float8'"):
        prove(lstmc.compile(reber), reber, contracts=["float8"])
