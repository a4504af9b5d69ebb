"""What the page says: numbers, names, strings, sentences, and the formulas with what they read."""

import math

import pytest


def test_numbers_have_three_digits_weights_seven_sums_four(run):
    found = run(
        """return [
        [999999, 1e6, -1e21, 1234567.8, 99999.9, 0.0004, -0.0004, 0.0006, 1.0004, 0.9996, 12.3456, 1e-12, -1/0].map(
            numbers.short),
        [640, -336, 0.123456789, 1e21, 1e-7, 2.5e-10, -1e22, 0].map(numbers.weightText),
        [127.94, 0, -0.00012345, 1e25, 0/0, -1/0].map(numbers.sumText),
        [0.5, -0.25, 0.00000123456, 0].map(numbers.marginText),
        ]"""
    )
    assert found == [
        [
            *("999999", "1000000", "−10²¹", "1230000", "≈100000", "≈0", "≈0", "0.001", "≈1", "≈1", "12.3", "≈0", "−∞"),
        ],
        ["640", "−336", "0.1234568", "10²¹", "10⁻⁷", "2.5·10⁻¹⁰", "−10²²", "0"],
        ["127.9", "0", "−0.0001234", "10²⁵", "NaN", "−∞"],
        ["0.5", "−0.25", "0.00000123", "0"],
    ]


def test_below_a_million_it_is_marked_that_a_number_only_looks_whole(run):
    assert run("return [999499.7, 999999.7, 1e6].map(numbers.short)") == ["≈999000", "1000000", "1000000"]


def mulberry32(seed):
    """The stream of https://gist.github.com/tommyettinger/46a874533244883189143505d203312c, in whole numbers."""
    while True:
        seed = (seed + 0x6D2B79F5) % 2**32
        t = (seed ^ seed >> 15) * (seed | 1) % 2**32
        t ^= (t + (t ^ t >> 7) * (t | 61)) % 2**32
        yield (t ^ t >> 14) / 2**32


@pytest.mark.parametrize("seed", [1, -3])
def test_random_numbers_are_those_of_mulberry32(run, seed):
    found = run(f"const next = numbers.randomStream({seed}); return Array.from({{ length: 50 }}, next)")
    assert found == [number for number, _ in zip(mulberry32(seed % 2**32), range(50), strict=False)]


def test_noise_is_normally_distributed(run):
    found = run(
        "const next = numbers.randomStream(5); return Array.from({ length: 20000 }, () => numbers.gaussian(next))"
    )
    for limit, share in ((0, 0.5), (1, 0.8413), (-1, 0.1587), (2, 0.9772), (-2, 0.0228)):
        assert sum(x < limit for x in found) / len(found) == pytest.approx(share, abs=0.01)


def test_a_share_falls_on_a_weight_in_proportion(run):
    found = run(
        """const weights = [0, 1, 0, 3, 0];
        return [[0, 0.2, 0.26, 0.9, 0.999999, 1].map((share) => numbers.chosen(weights, share)),
                numbers.chosen([0, 0], 0.5), numbers.chosen([2, 2], 0.5)]"""
    )
    assert found == [[1, 1, 3, 3, 3, 3], -1, 1]


def test_a_name_has_as_many_characters_as_there_is_room(run):
    found = run(
        """const name = (n) => "y".repeat(n);
        const both = (how, n) => [how(name(n)) === name(n), [...how(name(n + 1))].length, how(name(n + 1)).at(-1)];
        return [both(strings.shown, 24), both(strings.whole, 400), strings.shown("abcdef", 3), strings.shown("abc", 3),
                strings.shown("😀😀😀", 3), strings.shown("\\u{200f}", 3), strings.whole("")]"""
    )
    assert found == [[True, 24, "…"], [True, 400, "…"], "ab…", "abc", "😀😀😀", "\\u…", "''"]


def test_names_are_listed_as_in_a_sentence(run):
    found = run(
        """return [[], ["a"], ["a", "b"], ["a", "b", "c"]].flatMap((names) =>
        [strings.listed(names), strings.listed(names, "and")])"""
    )
    assert found == ["", "", "a", "a", "a or b", "a and b", "a, b or c", "a, b and c"]


def test_blanks_are_symbols_only_where_the_alphabet_has_them(run):
    found = run(
        """return [strings.splitString("a b", ["a", "b", " "]).tokens, strings.splitString(" a  b ", ["a", "b"]).tokens,
        strings.splitString("", ["a"]), strings.splitString(" ab  c ", ["ab", "c"]).tokens,
        strings.splitString("x", ["a"]), strings.byCharacter(["😀", "a"]), strings.byCharacter(["a", "bc"])]"""
    )
    assert found == [
        [0, 2, 1],
        [0, 1],
        {"tokens": [], "unknown": None},
        [0, 1],
        {"tokens": [], "unknown": {"place": 1, "symbol": "x"}},
        True,
        False,
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("#g=me&s=ab&p=1", ([0, 1], 1, {})),
        ("g=me&s=ab", ([0, 1], 0, {})),
        ("#g=me", ([], 0, {})),
        ("#g=me&s=abzab&p=9", ([0, 1], 2, {})),
        ("#g=me&s=ab&p=-1", ([0, 1], 0, {})),
        ("#g=me&s=ab&p=1.9&gain=60&toy=1", ([0, 1], 1, {"gain": "60", "toy": "1"})),
        ("#g=me&s=ab&p=x", ([0, 1], 0, {})),
        ("#g=me&n=1.0.1&p=3", ([1, 0, 1], 3, {})),
        ("#g=me&n=&p=3", ([], 0, {})),
        *((f"#g=me&s=ab&n={n}&p=1", ([], 0, {})) for n in ("0.2", "0.-1", "0.5.x", "0.1e-1")),
        ("#g=you&s=ab", None),
        ("", None),
    ],
)
def test_a_link_says_as_much_as_makes_sense(run, link, found):
    read = run(f"return strings.fromHash({link!r}, 'me', ['a', 'b'])")
    assert read == (found and dict(zip(("tokens", "position", "damage"), found, strict=True)))


def test_a_link_holds_the_string_as_it_is_typed(run):
    found = run(
        """const damage = {}, link = (tokens, alphabet) =>
            strings.toHash({ name: "n", tokens, position: 1, damage }, alphabet);
        return [link([0, 1], ["a", "b"]), link([0, 1], ["ab", "c d"]), link([1, 0], ["1", "11"]), link([], ["a"])]"""
    )
    assert found == ["#g=n&s=ab&p=1", "#g=n&s=ab+%22c+d%22&p=1", "#g=n&s=11+1&p=1", "#g=n&s=&p=1"]


def test_one_sentence_tells_whether_the_string_is_accepted_alive_or_dead(run):
    found = run(
        """const said = (readout, right, ended = false) =>
            words.outlook({ machine: { threshold: 0 }, ended }, { readout }, right);
        return [said([1, -1, 1], [true]), said([-1, -1, 1], [true]), said([1, -1, -1], [true]), said([0, 0, 0],
            [false]),
                said([-1, -1, -1], [false, true]), said([1, 1, 1], [true], true)];"""
    )
    assert [sentence.split(":")[0] for sentence in found] == [
        *("Accepted", "Accepted", "Alive", "Dead", "The network allows nothing here."),
        "The network has ended the string.",
    ]
    assert "go on" in found[0]
    assert "ends here" in found[1]


def test_where_the_grammar_is_and_where_the_memory_errs(run):
    found = run(
        """const said = (lit, missed, astray) =>
            words.whereabouts({ lit: new Set(lit), missed: new Set(missed), astray: new Set(astray) });
        return [said(["a"], [], []), said(["a"], ["b", "c"], []), said([], [], ["x", "y"]), said([], ["b"], ["x"])]"""
    )
    assert found == [
        "Now in a.",
        "Now in a, b or c. The network's memory has lost b and c.",
        "In no state: no string of the grammar begins like this. The network's memory says x and y, and is wrong.",
        "Now in b. The network's memory has lost b. The network's memory says x, and is wrong.",
    ]


def test_a_step_is_told_to_who_hears_the_page(run):
    session = "const s = new session.Session({ machines: { own: net }, follower, changed: () => {} });"
    found = run(
        f"""{session} s.load([0, 1, 4], 0);
        const said = [];
        const say = () => said.push(words.spoken(s, s.view(), "HERE."));
        say(); s.go(1); say(); s.go(3); say();
        s.show({{ detail: "part" }}); s.go(0); say(); s.step(); s.step(); say();
        s.show({{ detail: "cell" }}); s.go(0); s.step(); say();
        s.show({{ detail: "whole" }}); s.setDamage({{ ...damage.NO_DAMAGE, gain: 0.03 }});
        s.load([0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 17); s.history.reach(17);
        s.go(s.history.firstWrong); say();
        s.setDamage(damage.NO_DAMAGE); s.load([0, 1, 3, 2, 6], 5); s.choose(0.5); say();
        return said"""
    )
    assert found == [
        "Before the first symbol. HERE. Next B.",
        "Symbol 1 of 3: B. HERE. Next T or P.",
        "Symbol 3 of 3: P. HERE. Nothing may come next.",
        "Before the first symbol. HERE. Next B.",
        "Symbol 1 of 3: B. Shown up to memory before. HERE. Next T or P.",
        "Symbol 1 of 3: B. Shown up to B. HERE. Next T or P.",
        "Symbol 12 of 17: S. HERE. Nothing may come next. This prediction is wrong.",
        "Symbol 5 of 5: E. HERE. Next end. The network has ended the string.",
    ]
    found = run(
        f"""{session} s.load([0, 1], 0); const before = words.spoken(s, s.view(), "");
        s.go(2); return [before, words.spoken(s, s.view(), "")]""",
        grammar="edge-detector",
    )
    assert "Output" not in found[0]
    assert found[1].startswith("Symbol 2 of 2: 1. Next 0, 1 or end. Output rise.")


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_what_every_number_reads(run, cell):
    """The wires, by the equations of both cell types."""
    found = run(
        """const k = net.cells.findIndex(({ name }) => name === "5 by P");
        return Object.fromEntries(net.rows.map(([part, kind]) => {
            const { kind: what, text, terms } = wiring.wiring(net, net.weights, part, kind === "cells" ? k : 1);
            return [part, [what, text ?? null, terms.map(({ part, index }) => [part, index])]];
        }))""",
        cell=cell,
    )
    k = found["memory"][2][0][1]
    own = [[part, k] for part in ("eraser", "memory before", "write filter", "writer")]
    assert found["memory"] == ["memory", "{0}·{1} + {2}·{3}", own]
    assert found["prediction"] == ["prediction", None, [["readout", x] for x in range(8)]]
    assert found["selection"] == ["selection", None, [["prediction", 1]]]
    for part in ("input", "memory before", "reader before")[: 3 if cell == "lstm" else 2]:
        assert found[part] == [part, None, []]
    before = "reader before" if cell == "lstm" else "memory before"
    gates = ("eraser", "writer", "write filter")
    assert [found[gate][:2] for gate in gates] == [["sum", "σ({sum})"], ["sum", "tanh({sum})"], ["sum", "σ({sum})"]]
    assert {part for gate in gates for part, _ in found[gate][2]} == {"input", before}
    if cell == "lstm":
        assert found["reader"] == ["reader", "{0}·tanh({1})", [["read filter", k], ["memory", k]]]
        assert found["readout"][:2] == ["sum", "{sum}"]
        assert {part for part, _ in found["readout"][2]} == {"reader"}
    else:
        assert found["readout"] == ["readout", "{0}·{1}", [["reader", 1], ["read filter", 1]]]
        assert (found["reader"][:2], found["read filter"][:2]) == (["sum", "tanh({sum})"], ["sum", "σ({sum})"])
        assert {part for part, _ in found["reader"][2]} == {"memory"}


def test_sums_leave_out_what_has_no_weight(run):
    found = run(
        """const weights = { eraser: [[-3, [[0, 5], [1, 0]], [[2, 0], [1, -7]]]] };
        return wiring.wiring(net, weights, "eraser", 0)"""
    )
    terms = [{"weight": 5, "part": "input", "index": 0}, {"weight": -7, "part": "reader before", "index": 1}]
    assert found == {"kind": "sum", "text": "σ({sum})", "terms": terms, "names": [], "bias": -3}


SUMS = """
const weights = (bias, symbols, cells = []) => ({ eraser: [[bias, symbols, cells]], readout: [[bias, [], cells]],
    reader: [[bias, [], cells]] });
const lines = (w, parts, part = "eraser") => formulas.formulaLines(net, w, parts, part, 0);
"""


def test_a_sum_is_written_as_in_a_book(run):
    found = run(
        SUMS
        + """const input = [1, 0, 0, 0, 0, 0, 0], before = Array(11).fill(-0.5);
        const parts = { input, "reader before": before, eraser: [0.25], readout: [3], reader: before };
        return [
            lines(weights(-2, [[0, 1], [1, -3]]), parts),
            lines(weights(0, [[0, -1]]), parts),
            lines(weights(1, [], [[0, 2]]), parts),
            lines(weights(0, []), parts),
            lines(weights(-4, []), parts),
            lines(weights(-4, []), parts, "readout"),
            lines(weights(1, [], [[0, 2]]), parts, "readout"),
            lines(weights(1, [], [[0, 2]]), { ...parts, "reader before": null }),
            lines(weights(1, [], [[0, 2]]), { ...parts, eraser: null }),
        ]"""
    )
    assert found == [
        ["σ(B − 3·T − 2)", "σ(1·1 − 3·0 − 2)", "σ(−1)", "0.25"],
        ["σ(−B)", "σ(−1·1)", "σ(−1)", "0.25"],
        ["σ(2·h[started] + 1)", "σ(2·(−0.5) + 1)", "σ(0)", "0.25"],
        ["σ(0)", "0.25"],
        ["σ(−4)", "0.25"],
        ["3"],
        ["2·h[started] + 1", "2·(−0.5) + 1", "3"],
        ["σ(2·h[started] + 1)", "0.25"],
        ["σ(2·h[started] + 1)"],
    ]


def test_of_a_long_sum_those_terms_are_written_that_count(run):
    """24 terms are written out; of 25 or more only those that are not 0 now, and the others are counted."""
    found = run(
        SUMS.replace("(net,", "(long,")
        + """const alphabet = Array.from({ length: 40 }, (_, n) => `s${n}`);
        const long = { ...net, alphabet, symbols: [...alphabet, "end"] };
        const many = (n) => weights(5, alphabet.slice(0, n).map((_, x) => [x, 2]));
        const input = alphabet.map((_, x) => (x === 3 || x === 30 ? 1 : 0));
        const all = alphabet.map(() => 1);
        return [lines(many(24), { input, eraser: [1] })[0].split("·").length, lines(many(25), { input, eraser: [1] }),
            lines(many(40), { input: all, eraser: [1] })[0].split("·").length, lines(many(40), { input: null })]"""
    )
    assert found == [
        25,
        ["σ(2·s3 + 5 + … (24 more, 0 now))", "σ(2·1 + 5)", "σ(7)", "1"],
        25,
        ["σ(5 + … (40 more, not listed))"],
    ]


def test_formulas_of_products_and_predictions(run):
    parts = """
    const parts = { eraser: [1], "memory before": [0.5], "write filter": [0.25], writer: [-1], memory: [0.25],
        "read filter": [1], reader: [0.5], readout: [3, -1, 0, 0, 0, 0, 0, 0], prediction: [1] };
    const lines = (part, machine = net) => formulas.formulaLines(machine, net.weights, parts, part, 0);
    """
    found = run(
        parts
        + """const sure = { ...net, about: { ...net.about, options: { probabilities: false } } };
        return [lines("memory"), lines("reader"), lines("prediction")[1], lines("prediction", sure),
            lines("selection")]"""
    )
    assert found[0] == [
        "eraser[started]·memory before[started] + write filter[started]·writer[started]",
        "1·0.5 + 0.25·−1",
        "0.25",
    ]
    assert found[1] == ["read filter[started]·tanh(memory[started])", "1·tanh(0.25)", "0.5"]
    assert found[2] == f"exp(3) / (exp(3) + exp(−1) + {' + '.join(6 * ['exp(0)'])})"
    assert found[3] == ["readout[B] > 0", "3 > 0", "1"]
    assert found[4] == []
    toy = run(
        parts
        + """const sure = { ...net, about: { ...net.about, options: { probabilities: false } } };
        return [lines("readout"), lines("prediction", sure)[0]]""",
        cell="toy",
    )
    assert toy == [["reader[B]·read filter[B]", "0.5·1", "3"], "readout[B] > ½"]


def test_names_of_numbers_say_whose_they_are(run):
    found = run(
        """const names = (machine) => ["input", "eraser", "reader before", "readout", "memory before"].flatMap((part) =>
            machine.rows.some(([name]) => name === part) ? [formulas.nameOf(machine, part, 1)] : []);
        return [names(net), formulas.nameOf(net, "readout", 7), formulas.nameOf(net, "input", 7),
            ["a1", "_x", "1", "a b", "é", "+", ""].map(formulas.quoted)]"""
    )
    assert found == [
        ["T", "eraser[0 by B]", "h[0 by B]", "readout[T]", "memory before[0 by B]"],
        "readout[end]",
        "end",
        ["a1", "_x", "'1'", "'a b'", "é", "'+'", "''''"],
    ]
    toy = run("return formulas.nameOf(net, 'memory before', 0)", cell="toy")
    assert toy.startswith("memory before[")
    assert run("return formulas.nameOf(net, 'output', 1)", grammar="edge-detector") == "output[rise]"


def test_words_say_what_a_number_means_now(run):
    found = run(
        """const said = (part, numbers) => formulas.wordsOf(net, { readout: [0], [part]: [numbers] }, part, 0);
        return [said("readout", 1), said("readout", -1), said("readout", 0), said("selection", 1), said("selection", 0),
            said("input", 1), said("input", 0), said("reader", 1), said("memory before", 1),
            formulas.wordsOf(net, { readout: [1], prediction: [1] }, "prediction", 0),
            formulas.wordsOf({ ...net, words: {} }, { readout: [0] }, "eraser", 0)]"""
    )
    assert found == [
        *("B may come next", "B may not come next", "B may not come next"),
        *("B comes next on the tape", "B does not come next here"),
        *("B was read", "B was not read"),
        "shows what it remembers, as far as its read filter lets it",
        "what the step before has left",
        "B may come next",
        "",
    ]
    said = "formulas.wordsOf(net, { readout: [0], output: [n] }, 'output', 0)"
    found = run(f"return [1, 0].map((n) => {said})", grammar="edge-detector")
    assert found == ["the network says fall", "the network does not say fall"]
    toy = run(
        "return ['read filter', 'reader'].map((part) => formulas.wordsOf(net, { readout: [0] }, part, 0))", cell="toy"
    )
    assert toy[0] == "closes where no string of the grammar has this beginning"
    assert toy[1] == "adds up the cells of all states in which B may come next"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1, 1, 0, 0), "the memory is kept at this symbol"),
        ((1, -1, 1, -1), "the memory is kept and written at this symbol"),
        ((0, 1, 1, 1), "the memory is written at this symbol"),
        ((0, 1, 0, 1), "the memory is erased at this symbol"),
        ((0, 0, 1, 0.2), "nothing is kept, and nothing written"),
        ((0.5, 0.6, 0.5, 0.6), "the memory is erased at this symbol"),
        ((1, 0.5, 1, 0.5), "nothing is kept, and nothing written"),
        ((1, None, 0, 0), "nothing is remembered before the first symbol"),
    ],
)
def test_words_say_what_happens_to_a_memory(run, numbers, said):
    eraser, before, filter_, writer = (math.nan if n is None else n for n in numbers)
    parts = f"{{ readout: [], eraser: [{eraser}], 'write filter': [{filter_}], writer: [{writer}],"
    parts += f" 'memory before': {'null' if math.isnan(before) else [before]} }}"
    assert run(f"return formulas.wordsOf(net, {parts}, 'memory', 0)") == said
