"""The illustration: one file, which needs nothing else and runs nothing else."""

import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import unescape

import networkx as nx
import pytest
from strange_cells import Strange, network

import lstmc
from lstmc.canonical import digest
from lstmc.picture import illustrate

KILOBYTE = 1000
CASES = {
    "reber": ("reber", {}),
    "toy": ("reber", {"cell": "toy"}),
    "smallest": ("reber", {"level": 2, "dtype": "float64"}),
    "nested": ("nested-3", {}),
    "nondeterministic": ("third-from-end", {}),
    "transducer": ("edge-detector", {"cell": "toy"}),
    "moore": ("remainder-3", {}),
    "endless": ("continual-reber", {}),
    "unknown start": ("reber-unknown-start", {}),
}
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--",
    "a\u202eb",
    "${x}",
    "x" * 10_000,
)


@cache
def page_of(case):
    name, options = CASES[case]
    grammar = lstmc.load_grammar(name)
    network, certificate = lstmc.compile_proved(grammar, **options)
    return illustrate(network, grammar, certificate)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def script_of(page):
    return re.search(r'<script type="module">(.*?)</script>', page, re.DOTALL)[1]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_page_is_one_small_file_that_names_no_other(case):
    page = page_of(case)
    assert len(page.encode()) < 300 * KILOBYTE
    addresses = set(re.findall(r"https?://[\w./-]+", page.replace("%3A//", "://").replace("%2F", "/")))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of SVG, which nobody fetches
    assert not re.search(
        r"""(?:src|href|action)=["'](?!#|data:)|@import|url\(|import\(|fetch\(|XMLHttp|sendBeacon""", page
    )


@pytest.mark.parametrize("case", CASES)
def test_nothing_runs_but_what_the_policy_names(case):
    page = page_of(case)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; ")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    for text in (script_of(page), style):
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert len(re.findall("<script", page)) == len(re.findall("</script>", page)) == 2
    assert not re.search(r"<[^>]* (?:style|on\w+)=", page)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_script_is_a_module_without_mistakes(case, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    file = tmp_path / "page.mjs"
    file.write_text(script_of(page_of(case)), "utf-8")
    subprocess.run(["node", "--check", file], check=True)
    assert not re.search(r"^\s*(?:import|export) ", script_of(page_of(case)), re.MULTILINE)


@pytest.mark.slow
def test_the_same_network_gives_the_same_page():
    program = (
        "import lstmc\nfrom lstmc.picture import illustrate\n"
        "grammar = lstmc.load_grammar('reber')\nprint(illustrate(*lstmc.compile_proved(grammar)[:1], grammar), end='')"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    grammar = lstmc.load_grammar("reber")
    assert runs == {illustrate(lstmc.compile_proved(grammar)[0], grammar).encode()}


def test_the_grammar_comes_from_the_certificate_and_may_be_missing():
    grammar = lstmc.load_grammar("reber")
    network, certificate = lstmc.compile_proved(grammar)
    from_proof = data_of(illustrate(network, None, certificate.to_bytes()))
    whole = data_of(illustrate(network, grammar, certificate))
    assert from_proof["grammar"] == whole["grammar"]
    assert from_proof["verdicts"] == whole["verdicts"]
    alone = data_of(illustrate(network))
    assert alone["grammar"] is None
    assert alone["drawing"] is None
    assert alone["verdicts"] == []
    assert [kind["title"] for kind in alone["examples"]] == ["strings", "near misses"]


def test_only_a_certificate_that_holds_is_named():
    network, certificate = lstmc.compile_proved("reber")
    good = certificate.to_bytes()
    assert digest(good) in illustrate(network, None, good)
    forged = good.replace(b'"margin":1', b'"margin":9')
    assert forged != good
    page = illustrate(network, None, forged)
    assert data_of(page)["verdicts"][0]["kind"] == "refused"
    assert digest(forged) not in page


def test_examples_are_strings_and_near_misses():
    for case, (name, _) in CASES.items():
        network = lstmc.compile(lstmc.load_grammar(name))
        for kind in data_of(page_of(case))["examples"]:
            for tokens in kind["strings"]:
                run = network.run([network.alphabet[x] for x in tokens])
                belongs = run.alive if case == "endless" else run.accepted
                assert belongs == (kind["title"] == "strings")


def test_words_are_those_of_explain():
    network = lstmc.compile(lstmc.load_grammar("reber"))
    words = data_of(page_of("reber"))["words"]
    for number, cell in enumerate(lstmc.explain(network)):
        assert {part: said[number] for part, said in words.items()} == {p: w for p, (_, w) in cell.parts.items()}


def test_only_the_alphabet_of_the_seed_brings_its_toy_network():
    assert "\nconst seed = (() => {" in script_of(page_of("reber"))
    assert "\nconst seed = null;" in script_of(page_of("moore"))


def test_large_graphs_are_not_drawn_whole():
    grammar = lstmc.load_grammar("random", {"states": "300", "symbols": "3"})
    data = data_of(illustrate(lstmc.compile(grammar), grammar))
    assert data["drawing"] is None
    assert len(data["grammar"]["states"]) > 200


@pytest.fixture(scope="module")
def hostile():
    graph = nx.MultiDiGraph()
    for number, name in enumerate(HOSTILE):
        graph.add_edge(name, HOSTILE[(number + 1) % len(HOSTILE)], symbol=name, output=name)
    graph.nodes[HOSTILE[0]].update(start=True, accept=True)
    network, certificate = lstmc.compile_proved(lstmc.Grammar.from_graph(graph, "hostile"))
    named = replace(network, header=replace(network.header, name=HOSTILE[0] + HOSTILE[1] + HOSTILE[2]))
    return named, lstmc.Grammar.from_graph(graph, "hostile"), certificate


@pytest.mark.parametrize("embed", [False, True])
def test_hostile_names_are_data(hostile, embed):
    page = illustrate(*hostile, embed=embed)
    if embed:
        page = page_in(page)
    assert len(re.findall(r"<\s*/?\s*script", page, re.IGNORECASE)) == 4
    assert "<img" not in page
    assert page.count("<!--") == 0
    assert set(data_of(page)["grammar"]["states"]) == set(HOSTILE)


def page_in(frame):
    assert re.fullmatch(r'<iframe title="[^"<>]*" loading="lazy" style="[^"]*" srcdoc="[^"]*"></iframe>\n', frame)
    return unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])


def test_embedded_it_is_a_frame_on_one_line_around_the_same_page():
    grammar = lstmc.load_grammar("reber")
    network, certificate = lstmc.compile_proved(grammar)
    inside = page_in(illustrate(network, grammar, certificate, embed=True))
    assert inside == page_of("reber").replace('class="whole"', 'class="embed"')


@pytest.mark.parametrize(
    ("cell", "watched", "lab"),
    [
        ("lstm", "memory", "a memory is kept exactly. Make them softer, and see it leak."),
        ("lstm-1997", "memory", "a memory is kept exactly. Make them softer, and see it leak."),
        ("gru", "memory", "a memory is written exactly. Make them softer, and see it go wrong."),
        ("rnn-relu", "memory", "The weights are integers, so that nothing is rounded."),
        ("slstm", "reader", "a memory is written exactly."),
    ],
)
def test_a_page_says_what_is_true_of_its_cell_type(cell, watched, lab):
    page = illustrate(lstmc.compile(lstmc.load_grammar("edge-detector"), cell=cell))
    assert lab in page
    assert (">An LSTM made from a grammar" in page) == ("edge-detector: an LSTM at work" in page) == (cell == "lstm")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page)[1])
    assert data["cells"][cell]["watched"] == watched


def test_a_cell_type_of_somebody_elses_has_a_page():
    """Its formulas are in the data that the page reads."""
    compiled = network(Strange, "float32")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', illustrate(compiled))[1])
    formulas = data["cells"]["strange"]["formulas"]
    assert formulas["memory"]["text"] == "max({0} − 0.1·{1}, {2})/(2 + relu({0}))"
    assert formulas["memory"]["names"] == ["memory before", "a gate", "entering"]
    assert formulas["seen"]["shape"] == (
        "h = a gate·tanh(memory) − exp(seen before − 0.5)·0.3 + 0.1·ln σ(2·memory − 1)"
    )
    assert (formulas["half"]["text"], formulas["half"]["shape"]) == ("0.5·({sum})", "0.5·(weights·h + bias)")
    assert data["cells"]["strange"]["rows"] == [
        ["input", "symbols"],
        *([part, "cells"] for part in ("memory before", "seen before", "a gate", "entering", "memory", "seen")),
        *([part, "symbols"] for part in ("half", "readout")),
    ]
