"""The page's own modules that need no browser, run by Node.js."""

import json
from random import Random

import numpy as np
import pytest

import lstmc
from lstmc.network.strings import split_string
from lstmc.ranges import ranges


def in_session(script):
    """A script that plays with a session named `s`."""
    return f"const s = new session.Session({{ machines: {{ own: net }}, follower, changed: () => {{}} }}); {script}"


def test_numbers_are_short_and_do_not_pretend_to_be_whole(run):
    shown = run(
        "return [1, 0, -0, -16, 0.76159, 0.00348, 1e-9, -1e-9, 0.99999, 127.9, 15.3068, NaN, 1/0].map(numbers.short)"
    )
    assert shown == [
        *("1", "0", "0", "−16", "0.762", "0.003", "≈0", "≈0", "≈1", "≈128", "15.3", "NaN", "∞"),
    ]


def test_strings_are_split_as_in_python(run):
    found = run(
        """return [
        strings.splitString("BTX SE", ["B", "T", "X", "S", "E"]),
        strings.splitString("ab  c ab", ["ab", "c"]),
        strings.splitString("BTQX", ["B", "T", "X"]),
        strings.splitString("😀a", ["😀", "a"]),
        strings.joinString([0, 1], ["ab", "c"]),
        ]"""
    )
    assert found == [
        {"tokens": [0, 1, 2, 3, 4], "unknown": None},
        {"tokens": [0, 1, 0], "unknown": None},
        {"tokens": [0, 1], "unknown": {"place": 3, "symbol": "Q"}},
        {"tokens": [0, 1], "unknown": None},
        "ab c",
    ]


def test_symbols_stand_together_as_in_python(run):
    rng = Random(1)
    pieces = ["abcdefg", "xyzABC", "0123", "789:;<", "[", "αβγδ", "dcba"]
    lists = [list("".join(rng.choices(pieces, k=3))[rng.randrange(4) :]) for _ in range(200)] + [[], ["ab", *"cdef"]]
    found = run(f"return {json.dumps(lists)}.map(strings.ranges)")
    assert [[symbols[first:end] for first, end in ends] for symbols, ends in zip(lists, found, strict=True)] == [
        [[*run] for run in ranges(symbols)] for symbols in lists
    ]


@pytest.mark.parametrize(
    "alphabet",
    [["New York", "Rome", '"', "[", 'say "hi"', "a\nb"], ["a", "[", "]", '"', ",", " ", "\n"], ["ab", "[c", "[", "]"]],
)
def test_strings_are_written_and_read_as_in_python(run, alphabet):
    rng = Random(1)
    strings = [[rng.randrange(len(alphabet)) for _ in range(rng.randrange(7))] for _ in range(200)]
    strings.append([alphabet.index(letter) for letter in '["a"]' if letter in alphabet])
    texts = run(f"return {json.dumps(strings)}.map((x) => strings.joinString(x, {json.dumps(alphabet)}))")
    back = run(f"return {json.dumps(texts)}.map((x) => strings.splitString(x, {json.dumps(alphabet)}).tokens)")
    assert back == strings
    symbols = tuple(alphabet)
    assert [split_string(text, symbols) for text in texts] == [[alphabet[x] for x in string] for string in strings]


def test_names_are_shown_without_anything_hidden(run):
    found = run(
        r"""return ["a\u202eb", "\u2028", "\n", "", "x".repeat(10000), "é😀"].map((name) => strings.shown(name))"""
    )
    assert found == ["a\\u{202e}b", "\\u{2028}", "\\u{a}", "''", "x" * 23 + "…", "é😀"]


@pytest.mark.parametrize("alphabet", [["B", "T", "&"], ["ab", "c d", "#"], ["1", "11"]])
def test_links_bring_everything_back(run, alphabet):
    tokens = [0, 1, 1, 0][: 2 * len(alphabet)]
    found = run(
        f"""const link = {{ name: "a&b#", tokens: {tokens}, position: 2, damage: {{ gain: "60" }} }};
        const hash = strings.toHash(link, {json.dumps(alphabet)});
        return [strings.fromHash(hash, "a&b#", {json.dumps(alphabet)}), strings.fromHash(hash, "other", [])];"""
    )
    assert found == [{"tokens": tokens, "position": 2, "damage": {"gain": "60"}}, None]


@pytest.mark.parametrize("detail", ["whole", "part", "cell"])
def test_back_is_the_exact_inverse_of_on(run, detail):
    found = run(
        in_session(f"""
        s.load([0, 1, 2, 2, 3, 2, 6], 0);
        s.show({{ detail: "{detail}" }});
        const places = [];
        const there = () => JSON.stringify([s.walk, s.view(), s.focus()]);
        do places.push(there()); while (s.step());
        const back = [];
        for (const _ of places) {{ back.unshift(there()); s.back(); }}
        return [places.length, new Set(places).size, places.join() === back.join(), s.atEnd, s.position];""")
    )
    count = {"whole": 8, "part": 1 + 7 * 12, "cell": 1 + 7 * (8 * 4 + 8 * 11)}[detail]
    assert found == [count, count, True, False, 0]


@pytest.mark.slow
def test_a_history_gives_the_same_numbers_however_one_comes_to_a_place(run):
    """Few states of a long string are kept; those between are computed again."""
    found = run(
        """const run = damage.runDamaged(net, { ...damage.NO_DAMAGE, gain: 0.1 });
        const { allowedBy } = machine;
        const make = (tokens) => new history.History({ machine: net, run, follower, allowedBy }, tokens);
        const tokens = [0, 1, ...Array(60000).fill(2)];
        const long = make(tokens);
        long.reach(tokens.length);
        const direct = [run.start()];
        for (const x of tokens.slice(0, 400)) direct.push(run.step(direct.at(-1), x));
        const text = JSON.stringify;
        const same = [399, 7, 8, 0, 250, 400].map((n) => text(long.at(n).state) === text(direct[n]));
        const shorter = long.follow([0, 1, 2, 3]);
        const after = text(shorter.at(4).state) === text(run.step(direct[3], 3));
        return [long.spacing > 1, same.every(Boolean), after, shorter.firstWrong, shorter.smallest.length];"""
    )
    assert found == [True, True, True, None, 5]


def test_damage_is_what_it_says(run):
    found = run(
        """const with_ = (changes) => damage.damagedWeights(net, { ...damage.NO_DAMAGE, ...changes });
        const noisy = (random) => JSON.stringify(with_({ noise: 0.1, random }));
        const levels = new Set();
        const rounded = with_({ format: "int8" });
        for (const part of net.gates) for (const [, , cells] of rounded[part]) for (const [, w] of cells) levels.add(w);
        const half = with_({ gain: 0.5 });
        return [
            with_({}) === net.weights,
            half.eraser[8], net.weights.eraser[8], half.reader[1][0] === net.weights.reader[1][0],
            noisy(1) === noisy(1), noisy(1) === noisy(2), [...levels].sort((a, b) => a - b),
        ];"""
    )
    assert found == [
        True,
        [-320, [[1, 256]], [[8, 168]]],
        [-640, [[1, 512]], [[8, 336]]],
        True,
        True,
        False,
        [-336, 336],
    ]


CELLS = [{"cell": cell} for cell in ("toy", "coupled", "gru", "lstm-1997", "rnn", "rnn-relu")]


@pytest.mark.parametrize("options", [{}, *CELLS, {"level": 0}, {"memory": "rewrite"}], ids=str)
def test_formulas_are_those_of_explain(run, options):
    network = lstmc.compile(lstmc.load_grammar("reber"), **options)
    found = run(
        """const before = exported.start(), state = exported.step(before, "B");
        const parts = machine.partsOf(net, before, state, 0, 1);
        const both = (part, k) =>
            [formulas.formulaLines(net, net.weights, parts, part, k)[0], formulas.wordsOf(net, parts, part, k)];
        return net.cells.map((_, k) => Object.fromEntries(net.gates.map((part) => [part, both(part, k)])));""",
        **options,
    )
    gates = [network.title(gate) for gate in network.gates]
    assert found == [{part: list(cell.parts[part]) for part in gates} for cell in lstmc.explain(network)]


@pytest.mark.parametrize("options", [{}, *CELLS], ids=str)
def test_formulas_with_numbers_come_out_as_computed(run, options):
    """Every sum that is written out gives, squashed, the number that the network has."""
    found = run(
        """let state = exported.start(), worst = 0, count = 0;
        const sigmoid = (z) => 1 / (1 + Math.exp(-z));
        const squash = {
            "σ({sum})": sigmoid, "tanh({sum})": Math.tanh, "{sum}": (z) => z,
            "4·σ({sum}) − 2": (z) => 4 * sigmoid(z) - 2, "relu({sum})": (z) => Math.max(z, 0),
        };
        for (const x of [0, 1, 2, 2, 3, 2, 6]) {
            const before = state;
            state = exported.step(before, x);
            const parts = machine.partsOf(net, before, state, x, undefined);
            for (const [part, kind] of net.rows) machine.columnsOf(net, kind).forEach((_, n) => {
                const read = wiring.wiring(net, net.weights, part, n);
                if (read.kind !== "sum") return;
                const sum = read.terms.reduce((z, t) => z + t.weight * parts[t.part][t.index], read.bias);
                const value = parts[part][n];
                worst = Math.max(worst, Math.abs(squash[read.text](sum) - value) / (1 + Math.abs(value)));
                count++;
            });
        }
        return [worst, count];""",
        **options,
    )
    assert found[0] < 1e-5
    assert found[1] > 125


def test_every_number_has_its_formula_and_words_and_names_what_it_reads(run):
    found = run(
        in_session("""
        s.load([0, 1], 2);
        const { parts } = s.view();
        const lines = (part) => formulas.formulaLines(net, net.weights, parts, part, 1);
        const said = (part) => [formulas.nameOf(net, part, 1), lines(part), formulas.wordsOf(net, parts, part, 1)];
        return net.rows.map(([part]) => [part, ...said(part)]);""")
    )
    lines = {part: (name, formula, words) for part, name, formula, words in found}
    assert lines["memory"][1][0] == "eraser[0 by B]·memory before[0 by B] + write filter[0 by B]·writer[0 by B]"
    assert lines["memory"][1][1:] == ["0·1 + 0·0", "0"] or lines["memory"][1][1] == "≈0·1 + ≈0·0"
    assert lines["memory"][2] == "the memory is erased at this symbol"
    assert lines["reader"][1][0] == "read filter[0 by B]·tanh(memory[0 by B])"
    assert lines["prediction"][1][0].startswith("exp(readout[T]) / (exp(readout[B]) + exp(readout[T])")
    assert all(words for _, _, words in lines.values())


@pytest.mark.parametrize("name", ["reber", "third-from-end", "edge-detector", "continual-reber", "reber-unknown-start"])
def test_the_follower_is_the_grammar(run, name):
    """What it allows after a string is what the proved network allows; and a loop can be run for ever."""
    network = lstmc.compile(lstmc.load_grammar(name))
    found = run(
        """const loop = grammar.longLoop(follower, net.alphabet.length);
        const tokens = [...loop.prefix, ...loop.cycle, ...loop.cycle, 0, 1, 0];
        let state = follower.start();
        const allowed = [follower.allowed(state)];
        for (const x of tokens) allowed.push(follower.allowed((state = follower.step(state, x))));
        return [tokens, allowed, loop];""",
        grammar=name,
    )
    tokens, allowed, loop = found
    names = (*network.alphabet, "end")
    for n, each in enumerate(allowed):
        run_ = network.run([network.alphabet[x] for x in tokens[:n]])
        assert [names[x] for x in np.flatnonzero(each)] == list(run_.next)
    assert network.run([network.alphabet[x] for x in loop["prefix"] + 5 * loop["cycle"]]).alive


def test_a_neighbourhood_is_a_drawing_of_what_lies_around(run):
    found = run(
        """const drawings = [];
        let state = follower.start();
        for (const x of [0, 1, 0, 4, 0, 1, 0, 1, 2, 2, 3]) {
            state = follower.step(state, x);
            drawings.push([neighbourhood.neighbourhood(data.grammar, net.alphabet, [], state), follower.states(state)]);
        }
        return drawings;""",
        grammar="nested-3",
    )
    for drawing, here in found:
        ids = {node["id"] for node in drawing["nodes"]}
        assert set(here) <= ids
        assert len(ids) <= 40
        for node in drawing["nodes"]:
            assert 0 < node["x"] < drawing["width"]
            assert 0 < node["y"] < drawing["height"]
        for arc in drawing["arcs"]:
            assert {arc["source"], arc["target"]} <= ids
            assert np.isfinite([*arc["path"], arc["label"]]).all()
            assert len(arc["symbols"]) == len(arc["texts"]) > 0


def test_the_network_chooses_by_its_probabilities(run):
    found = run(
        in_session("""
        const random = numbers.randomStream(7), strings_ = new Set(), first = [0, 0];
        for (let n = 0; n < 300; n++) {
            s.load([], 0);
            while (s.choose(random()));
            if (!s.ended) return "not ended";
            strings_.add(s.tokens.map((x) => s.alphabet[x]).join(""));
            first[s.tokens[1] === 1 ? 0 : 1]++;
        }
        return [[...strings_], first];""")
    )
    network = lstmc.compile(lstmc.load_grammar("reber"))
    assert all(network.accepts(string) for string in found[0])
    assert len(found[0]) > 30
    assert min(found[1]) > 110


def test_the_network_chooses_only_of_what_it_allows(run):
    """However little probability is left for the others, which stand last in the alphabet too."""
    found = run(
        in_session("""
        return [0, 2 ** -60, 0.5, 1 - 2 ** -53].map((share) => {
            s.load([], 0); s.choose(share); s.choose(share); s.choose(share);
            return s.tokens.map((x) => s.alphabet[x]).join("");
        });""")
    )
    assert found == ["BTS", "BTS", "BPV", "BPV"]


def test_what_is_written_takes_the_place_of_what_stood_there(run):
    found = run(
        in_session("""
        const seen = [];
        const note = () => seen.push([s.tokens.map((x) => s.alphabet[x]).join(""), s.position]);
        s.load([0, 1, 2, 3], 2); note();
        s.write(2); note();      // the same: only a step
        s.write(2); note();      // another: what stood behind goes
        s.type([0, 1, 2, 2, 3]); note();   // at the end: it follows
        s.type([0, 4]); note();            // from here on it is another string
        return seen;""")
    )
    assert found == [["BTSX", 2], ["BTSX", 3], ["BTSS", 4], ["BTSSX", 5], ["BP", 1]]


def test_belief_tells_what_memory_has_lost(run):
    found = run(
        """const soft = damage.runDamaged(net, { ...damage.NO_DAMAGE, gain: 0.03 });
        let state = soft.start(), truth = follower.start();
        const seen = [];
        for (const x of [0, 1, ...Array(30).fill(2)]) {
            state = soft.step(state, x);
            truth = follower.step(truth, x);
            const { lit, missed, astray } = belief.belief(net, state, follower.states(truth), 1);
            seen.push([[...lit], [...missed], [...astray]].join("/"));
        }
        return [seen[1], seen.at(-1), words.whereabouts(belief.belief(net, state, ["1"], 1))];"""
    )
    assert found == ["1//", "/1/", "Now in 1. The network's memory has lost 1."]
