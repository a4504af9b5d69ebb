"""Sessions of the page: stepping, picking, histories and their margins, the grammar beside, damage, and the player."""

from itertools import pairwise

import pytest

SESSION = """
let changes = 0;
const sessionOf = (machines, judge = follower) =>
    new session.Session({ machines, follower: judge, changed: () => changes++ });
const s = sessionOf({ own: net });
const spelled = () => s.tokens.map((x) => s.alphabet[x]).join("");
"""


def test_one_goes_to_any_place_of_the_string_and_no_further(run):
    found = run(
        SESSION
        + """s.load([0, 1, 2, 2], 9);
        const seen = [[s.position, s.atEnd, s.news]];
        for (const to of [-3, 1, 2, 9, 3]) { s.go(to); seen.push([s.position, s.atEnd, s.news]); }
        seen.push(s.step(), s.news, s.step(), s.position); s.back(); s.back(); seen.push(s.position);
        s.go(0); s.back(); seen.push(s.position, changes);
        return seen"""
    )
    assert found == [
        *([4, True, False], [0, False, False], [1, False, True], [2, False, True], [4, True, False], [3, False, False]),
        *(True, True, False, 4, 2, 0, 11),
    ]


def test_a_string_has_at_most_so_many_symbols(run):
    found = run(
        SESSION
        + """const most = session.LONGEST;
        s.load(Array(most + 5).fill(2), most + 5);
        const loaded = s.tokens.length;
        s.write(3);
        return [loaded - most, s.tokens.length - most, s.position - most, s.tokens.at(-1)]"""
    )
    assert found == [0, 0, 0, 3]


def test_what_is_picked_stays_until_it_is_picked_again_or_let_go(run):
    found = run(
        SESSION
        + """const seen = [], there = (next) => { s.pick(next); seen.push(s.picked); };
        there({ part: "memory", index: 2 }); there({ part: "memory", index: 3 }); there({ part: "eraser", index: 3 });
        there({ part: "eraser", index: 3 }); there({ rule: "r" }); there({ rule: "q" }); there({ rule: "q" });
        there({ part: "memory", index: null }); s.letGo(); seen.push(s.picked);
        return [seen, changes]"""
    )
    memory, other, eraser = ({"part": part, "index": n} for part, n in (("memory", 2), ("memory", 3), ("eraser", 3)))
    assert found == [
        [memory, other, eraser, None, {"rule": "r"}, {"rule": "q"}, None, {"part": "memory", "index": None}, None],
        9,
    ]


def test_piece_by_piece_one_looks_at_the_last_piece(run):
    """Row by row, then number by number; what is picked goes before, and a whole step has no last piece."""
    found = run(
        SESSION
        + """s.load([0, 1], 0); s.show({ detail: "part" }); s.step(); s.step();
        const seen = [s.focus(), s.view().reached("input", 0), s.view().reached("eraser", 0), s.units(0), s.units(1)];
        s.show({ detail: "cell" }); s.go(1); s.step(); s.step();
        const { reached } = s.view();
        seen.push(s.focus(), reached("input", 0), reached("input", 1), reached("input", 2), reached("eraser", 0));
        s.pick({ part: "eraser", index: 4 }); seen.push(s.focus()); s.letGo();
        s.go(1); seen.push(s.focus()); s.go(0); seen.push(s.focus(), s.view().reached("eraser", 0), s.atEnd);
        s.show({ detail: "whole" }); s.step(); seen.push(s.focus(), s.view().reached("prediction", 0), s.units(1));
        return seen"""
    )
    assert found == [
        *({"part": "memory before", "index": None}, True, False, 1, 12),
        *({"part": "input", "index": 1}, True, True, False, False),
        *({"part": "eraser", "index": 4}, None, None, True, False, None, True, 1),
    ]


def test_whoever_picks_sees_no_more_of_a_step(run):
    found = run(
        SESSION
        + """s.load([0, 1], 0); s.show({ detail: "cell" }); s.go(1); s.step(); s.step();
        s.pick({ part: "eraser", index: 4 });
        return [s.walk.shown, s.view().reached("input", 1), s.view().reached("input", 2)]"""
    )
    assert found == [2, True, False]


def test_the_parts_of_a_step_are_those_before_it_of_it_and_what_comes_next(run):
    found = run(
        SESSION
        + """s.load([0, 1, 2], 0);
        const at = (n) => { s.go(n); const { parts } = s.view(); return [parts.input.indexOf(1), parts["memory before"],
            parts["reader before"], parts.selection.indexOf(1), parts.eraser === null, parts.memory]; };
        const [first, second, last] = [at(0), at(1), at(3)];
        return [first, second[0], second[1].join() === first[5].join(), second[3], second[4], last[0], last[3],
            net.probabilities(s.view().state).join() === s.view().parts.prediction.join()]"""
    )
    first, *rest = found
    assert first[:4] == [-1, None, None, 0]
    assert first[4]
    assert rest == [0, True, 1, False, 2, -1, True]


@pytest.mark.parametrize("name", ["reber", "edge-detector"])
def test_a_prediction_without_probabilities_is_yes_or_no(run, name):
    found = run(
        """const state = exported.step(exported.start(), net.alphabet[0]);
        const sure = { ...net, probabilities: () => null };
        const parts = machine.partsOf(sure, exported.start(), state, 0, undefined);
        return [parts.prediction, machine.allowedBy(net, state).map(Number), parts.selection, net.rows.at(-1),
            machine.columnsOf(net, net.rows.at(-1)[1])]""",
        grammar=name,
    )
    assert found[0] == found[1]
    assert not any(found[2])
    said = ["output", "outputs"], ["fall", "rise", "same"]
    assert (found[3], sorted(found[4])) == said if name == "edge-detector" else found[3] == ["selection", "symbols"]


LARGE = """
const cells = Array.from({ length: 40 }, (_, k) => ({ name: `c${k}`, state: `q${k}`, states: [`q${k}`], rules: [] }));
cells[7].rules = cells[9].rules = ["r"];
const memory = (n) => cells.map((_, k) => (k === 3 * n || k === 3 * n + 1 ? (k % 2 ? -1 : 1) : k === 20 ? 0.5 : 0));
const row = cells.map((_, k) => [0, [], k === 5 ? Array.from({ length: 20 }, (_, j) => [j + 15, 1]) : []]);
const large = { ...net, cells, weights: Object.fromEntries(net.gates.map((part) => [part, row])), network: () => ({
    start: () => ({ n: 0, memory: memory(0), reader: cells.map(() => 0), readout: Array(8).fill(1) }),
    step: ({ n }) => ({ n: n + 1, memory: memory(n + 1), reader: cells.map(() => 0), readout: Array(8).fill(1) }) }) };
const t = sessionOf({ own: large });
t.load([0, 0, 0], 2);
"""


def test_of_a_large_network_those_cells_have_columns_that_matter(run):
    """Those that remember something, before or after the step, and what is picked with the first twelve it reads."""
    found = run(
        SESSION
        + LARGE
        + """const seen = [], note = () => seen.push(t.columns(2));
        note(); t.pick({ part: "memory", index: 30 }); note(); t.pick({ part: "eraser", index: 5 }); note();
        t.pick({ part: "eraser", index: null }); note(); t.pick({ rule: "r" }); note();
        t.pick({ part: "input", index: 0 }); note();
        t.pick({ part: "memory", index: 30 }); t.show({ detail: "cell" }); note();
        seen.push(t.units(2) - t.machine.rows.length, t.columns(0));
        t.show({ everyCell: true }); seen.push(t.columns(2).length); t.show({ detail: "whole" });
        seen.push(t.everyCell, s.columns(0).length === net.cells.length);
        const exactly = sessionOf({ own: { ...large, cells: cells.slice(0, session.ALL_SHOWN) } });
        seen.push(exactly.columns(0).length - session.ALL_SHOWN);
        return seen"""
    )
    own = [3, 4, 6, 7]
    assert found[:7] == [own, [*own, 30], [*own[:2], 5, *own[2:], *range(15, 27)], own, [*own, 9], own, own]
    assert found[8:] == [[0, 1], 40, True, True, 0]


def test_damage_and_another_network_let_go_of_what_they_do_not_have(run):
    found = run(
        SESSION
        + LARGE
        + """const both = sessionOf({ own: large, seed: net });
        const seen = [], picked = (next) => { both.letGo(); both.pick(next);
            both.setDamage({ ...damage.NO_DAMAGE, seed: true }); seen.push(both.picked !== null);
            both.setDamage(damage.NO_DAMAGE); };
        picked({ part: "memory", index: 10 }); picked({ part: "memory", index: 11 }); picked({ part: "memory",
            index: null });
        picked({ part: "output", index: 0 }); picked({ rule: "r" });
        both.load([0, 0], 1); both.setDamage({ ...damage.NO_DAMAGE, seed: true });
        seen.push(both.machine === net, both.position, both.tokens.length, both.damaged);
        t.setDamage({ ...damage.NO_DAMAGE, seed: true }); seen.push(t.machine === large);
        return [net.cells.length, seen]"""
    )
    assert found == [11, [True, False, True, False, True, True, 1, 2, True, True]]


def test_typing_stays_at_what_is_the_same_and_follows_at_the_end(run):
    found = run(
        SESSION
        + """const seen = [], note = () => seen.push([spelled(), s.position]);
        s.type([0, 1]); note(); s.go(2); s.type([0, 1, 2]); note(); s.go(1); s.type([0, 4]); note();
        s.go(2); s.type([0]); note(); s.type([]); note(); s.type([0, 1]); note();
        return seen"""
    )
    assert found == [["BT", 0], ["BTS", 3], ["BP", 1], ["B", 1], ["", 0], ["BT", 0]]


def test_writing_and_choosing_end_where_the_network_ends_the_string(run):
    found = run(
        SESSION
        + """const seen = [];
        s.load([0, 1, 3, 2, 6, 6, 6], 5);
        seen.push(s.choose(0.5), s.ended, spelled(), s.position, s.choose(0.5));
        s.back(); seen.push(s.ended); s.choose(0.5); seen.push(s.ended, s.position); s.go(5); s.choose(0.5); s.go(5);
        seen.push(s.ended); s.choose(0.5); s.load([0], 0); seen.push(s.ended); s.write(0); seen.push(s.news, s.ended);
        s.load([6], 1); seen.push(s.choose(0.5), s.ended);
        s.load([0, 1], 0); s.write(0); seen.push(spelled()); s.write(6); seen.push(spelled(), s.position);
        s.load([0], 1); s.choose(0.1); const one_ = spelled(); s.load([0], 1); s.choose(0.99); seen.push(one_,
            spelled());
        return seen"""
    )
    assert found == [
        *(False, True, "BTXSE", 5, False, False, False, 5, False, False),
        *(True, False, False, False, "BT", "BE", 2, "BT", "BP"),
    ]


def test_whatever_is_done_is_told_once(run):
    """The fifth symbol ends the string; what changes nothing is not told."""
    found = run(
        SESSION
        + """const told = (act) => { const before = changes; act(); return changes - before; };
        return [() => s.load([0, 1, 3, 2, 6], 5), () => s.choose(0.5), () => s.step(), () => s.back(), () => s.step(),
            () => s.go(0), () => s.choose(0.5), () => s.write(1), () => s.type([0]), () => s.pick({ rule: "r" }),
            () => s.letGo(), () => s.show({ detail: "part" }), () => s.setDamage(damage.NO_DAMAGE)].map(told)"""
    )
    assert found == [1, 1, 0, *[1] * 10]


def test_margins_tell_how_near_the_nearest_decision_is(run):
    found = run(
        """const { allowedBy } = machine;
        const yes = { start: () => 0, step: (n) => n + 1, allowed: () => [true, true, false] };
        const history_ = (readouts, threshold = 0) => {
            const run = { start: () => ({ n: 0, readout: readouts[0] }),
                step: ({ n }) => ({ n: n + 1, readout: readouts[n + 1] }) };
            const made = new history.History({ machine: { threshold, cells: [1] }, run, follower: yes, allowedBy },
                Array(readouts.length - 1).fill(0));
            made.reach(readouts.length - 1);
            return [made.smallest.map(String), made.firstWrong, made.wrongAt(made.at(made.reached))];
        };
        return [
            history_([[5, 4, -3]]), history_([[5, 4, -7]]), history_([[5, 4, -7], [5, 2, -7], [5, 3, -7]]),
            history_([[5, 4, -7], [5, -2, -7], [5, -3, -7]]), history_([[5, 4, 1], [1, 1, -1]]),
            history_([[5, 4, -7], [5, 0, -7]]), history_([[5, 4, -7], [5, 0/0, -7], [1, 1, -1]]),
            history_([[1, 0.75, 0.25], [0.5, 1, 0]], 0.5), history_([[1, 1, -1], [1, 1, 0], [1, 1, 1]]),
        ]"""
    )
    assert found == [
        [["3"], None, []],
        [["4"], None, []],
        [["4", "2", "2"], None, []],
        [["4", "-2", "-3"], 1, [1]],
        [["-1", "-1"], 0, []],
        [["4", "0"], 1, [1]],
        [["4", "-Infinity", "-Infinity"], 1, []],
        [["0.25", "0"], 1, [0]],
        [["1", "0", "-1"], 2, [2]],
    ]


def test_a_history_goes_on_with_another_string_where_that_parts(run):
    """Nothing is computed twice; the first wrong prediction is forgotten only where it lies behind."""
    found = run(
        """let steps = 0;
        const run = { start: () => ({ read: "", readout: [1] }),
            step: ({ read }, x) => (steps++, { read: read + x, readout: [read + x === "01" ? -1 : 1] }) };
        const yes = { start: () => 0, step: (n) => n + 1, allowed: () => [true] };
        const made = new history.History({ machine: { threshold: 0, cells: [1] }, run, follower: yes,
            allowedBy: machine.allowedBy }, [0, 1, 2]);
        const lazy = made.follow([0, 1, 2, 3]).reached + steps;
        made.reach(4);
        const seen = [lazy, made.firstWrong], reads = () => [0, 1, 2, 3].map((n) => made.at(n).state.read);
        made.follow([0, 1, 2, 5]); seen.push(made.firstWrong, made.reached, steps);
        made.reach(4); seen.push(made.at(4).state.read, steps, made.smallest.length);
        made.follow([0, 1]); seen.push(made.firstWrong, made.reached, [...made.smallest]);
        made.follow([0, 1, 2, 3]); seen.push(made.reached, reads());
        made.follow([0, 2]); seen.push(made.firstWrong, made.reached, made.at(2).state.read, made.at(1).state.read);
        made.follow([]); seen.push(made.reached, [...made.smallest], made.at(0).state.read);
        const done = made.follow([7, 7]).proceed(1000); seen.push(done, made.reached);
        seen.push(made.follow(Array(100).fill(0)).proceed(0), made.reached, made.proceed(1000), made.proceed(0));
        return seen"""
    )
    assert found == [
        *(0, 2, 2, 3, 4, "0125", 5, 5, 2, 2, [1, 1, -1], 2, ["", "0", "01", "012"]),
        *(None, 1, "02", "0", 0, [1], "", True, 2, False, 0, True, True),
    ]


def test_a_history_that_grows_too_long_is_begun_again_with_wider_spacing(run):
    found = run(
        """let steps = 0;
        const run = { start: () => ({ n: 0, readout: [1] }), step: ({ n }) => (steps++, { n: n + 1, readout: [1] }) };
        const yes = { start: () => 0, step: (n) => n + 1, allowed: () => [true] };
        const tools = { machine: { threshold: 0, cells: Array(100) }, run, follower: yes,
            allowedBy: machine.allowedBy };
        const short = new history.History(tools, Array(2500).fill(0));
        const long = short.follow(Array(2501).fill(0));
        long.reach(2501);
        long.at(2501);
        const once = steps;
        const at = [0, 1, 2, 3, 2500, 2501, 7, 6].map((n) => long.at(n).state.n);
        return [short.spacing, long === short, long.spacing, at, long.kept.length, long.reached, long.again.position,
            once]"""
    )
    assert found == [1, False, 2, [0, 1, 2, 3, 2500, 2501, 7, 6], 1251, 2501, 6, 2501]


DIAMOND = """
const two = { states: ["s", "a", "b", "e"], initial: [0, 1], accepting: [3], outputOf: [-1, 0, 0, -1],
    moves: [[0, 0, 2, -1, 0], [0, 0, 1, -1, 1], [1, 0, 2, -1, 2], [1, 1, 3, 1, 3], [2, 1, 3, 1, 4]] };
const f = grammar.grammarFollower(two, 2);
"""


def test_the_follower_of_a_grammar_knows_all_states_that_are_possible(run):
    found = run(
        DIAMOND
        + """const begin = f.start(), one = f.step(begin, 0), last = f.step(one, 1), gone = f.step(last, 0);
        return [[begin, one, last, gone].map((state) => [f.states(state), f.allowed(state), f.output(state),
            f.key(state),
            f.moves(state).length]), one.passed.map((move) => move[4])]"""
    )
    assert found[0] == [
        [["s", "a"], [True, True, False], 0, "0,1", 4],
        [["a", "b"], [True, True, False], 0, "1,2", 3],
        [["e"], [False, False, True], 1, "3", 0],
        [[], [False, False, False], -1, "", 0],
    ]
    assert found[1] == [0, 1, 2]


def test_without_a_grammar_the_undamaged_network_judges(run):
    found = run(
        """const run = damage.runDamaged(net, damage.NO_DAMAGE);
        const f = grammar.networkFollower(net, run, machine);
        let [state, other] = [f.start(), follower.start()];
        const same = [];
        for (const x of [0, 1, 1, 0]) {
            state = f.step(state, x); other = follower.step(other, x);
            same.push(f.allowed(state).join() === follower.allowed(other).join(),
                f.output(state) === follower.output(other));
        }
        return [same, f.states(state), f.moves(state), f.key(state) === machine.cellsOn(net, state).join(),
            f.key(state)]""",
        grammar="edge-detector",
    )
    same, states, moves, is_key, key = found
    assert same == [True] * 8
    assert states == ["after 0"] or len(states) == 1
    assert moves == []
    assert is_key
    assert key != ""


@pytest.mark.parametrize(
    ("moves", "loop"),
    [
        ("[[0, 0, 1], [1, 0, 2], [2, 1, 2], [2, 0, 1]]", {"prefix": [0, 0], "cycle": [1]}),
        ("[[0, 0, 1], [1, 0, 2], [2, 0, 1]]", {"prefix": [0], "cycle": [0, 0]}),
        ("[[0, 0, 1], [1, 0, 2], [2, 0, 0], [2, 1, 1]]", {"prefix": [0], "cycle": [0, 1]}),
        ("[[0, 0, 1], [0, 1, 2], [1, 0, 3], [2, 0, 3]]", None),
        ("[[0, 1, 0]]", {"prefix": [], "cycle": [1]}),
    ],
)
def test_the_simplest_loop_is_found(run, moves, loop):
    """One symbol that repeats, else the shortest way back on a string."""
    found = run(
        f"""const four = {{ states: ["0", "1", "2", "3"], initial: [0], accepting: [3], outputOf: [], moves: {moves} }};
        return grammar.longLoop(grammar.grammarFollower(four, 2), 2)"""
    )
    assert found == loop


def test_belief_compares_what_is_remembered_with_what_is_possible(run):
    found = run(
        """const cell = (...states) => ({ states, state: states[0] ?? "" });
        const cells = [cell("a"), cell("b", "c"), cell("d"), cell()];
        const m = { cells, states: ["reader"], on: 0.4 };
        const of = (reader, truth, position = 1) => Object.values(belief.belief(m, { reader }, truth, position))
            .map((each) => [...each]);
        const telling = (reader, memory, truth) => belief.tellingCells(m, { reader, memory }, truth);
        return [of([1, 0, 0, 1], ["a"]), of([0, 1, 0, 0], ["c"]), of([0, 1, 1, 0], ["c"]), of([0.4, 0, 0, 0], ["a"]),
            of([0, 1, 0, 0], ["a"]), of([0, 0, 1, 0], ["a"], 0),
            telling([0, 0, 1, 1], [0.2, -0.3, 1, 1], ["a", "b"]), telling([1, 0, 0, 0], [1, 0.5, 0, 0], ["a", "c"]),
            telling([0, 0, 0, 0], [0, 0, 0, 0], [])]"""
    )
    assert found == [
        [["a"], [], []],
        [["c"], [], []],
        [["c"], ["d"], []],
        [[], [], ["a"]],
        [[], ["b", "c"], ["a"]],
        [["a"], [], []],
        [1, 2],
        [0],
        [],
    ]


def test_damage_is_known_and_changes_what_it_should(run):
    found = run(
        """const { NO_DAMAGE: no, isDamaged, runDamaged, damagedWeights } = damage;
        const formats = [];
        const m = { ...net, network: (weights, format) => (formats.push(format), { weights }) };
        for (const format of ["", "float16", "int8"]) runDamaged(m, { ...no, format });
        const of = (weights, matrix) => ({ weights, matrices: { symbols: `${matrix}i`, cells: `${matrix}h` } });
        const formulas = { a: of("a", "gates"), b: of("b", "gates"), readout: of("readout", "reader") };
        const tiny = { about: { dtype: "float64" }, gates: ["a", "b"], formulas,
            weights: { a: [[8, [[0, 127]], [[0, 1]]]], b: [[1, [[1, -50.4]], [[0, 0]]]], readout: [[3, [], [[0,
                2]]]] } };
        const changed = (changes, m = tiny) => damagedWeights(m, { ...no, ...changes });
        const toy = { ...tiny, formulas: { ...formulas, b: of("b", "b") } };
        const noisy = changed({ noise: 0.1, random: 3 });
        const stream = numbers.randomStream(3);
        const first = 8 * (1 + 0.1 * numbers.gaussian(stream));
        return [[no, { ...no, gain: 0.5 }, { ...no, noise: 0.1 }, { ...no, format: "int8" }, { ...no, seed: true },
            { ...no, random: 2 }].map(isDamaged), formats,
            changed({ gain: 2 }), changed({ format: "int8" }), changed({ format: "int8" }, toy).b,
            noisy.a[0][0] === first, noisy.readout[0][2][0][1] !== 2, noisy.b[0][2][0][1]]"""
    )
    assert found[0] == [False, True, True, True, True, False]
    assert found[1] == ["float32", "float16", "float32"]
    assert found[2] == {
        "a": [[16, [[0, 254]], [[0, 2]]]],
        "b": [[2, [[1, -100.8]], [[0, 0]]]],
        "readout": [[3, [], [[0, 2]]]],
    }
    assert found[3]["a"] == [[8, [[0, 127]], [[0, 1]]]]
    assert found[3]["b"] == [[1, [[1, -50]], [[0, 0]]]]
    assert found[4] == [[1, [[1, pytest.approx(-50.4)]], [[0, 0]]]]
    assert found[5:] == [True, True, 0]


AROUND = """
const star = (n) => ({ states: Array.from({ length: n + 1 }, (_, q) => `q${q}`), initial: [0], accepting: [1],
    outputOf: Array(n + 1).fill(-1).fill(0, 1, 2), rules: [],
    moves: [...Array.from({ length: n }, (_, q) => [0, 0, q + 1, -1, 0]), [1, 1, 1, 0, 0], [1, 0, 0, 1, 0], [1, 0, 2,
        -1, 0],
        [2, 0, 1, -1, 0]] });
const around = (n, set, passed = []) =>
    neighbourhood.neighbourhood(star(n), ["x", "y"], ["say", "tell"], { set, passed });
"""


def test_a_neighbourhood_shows_eight_states_of_a_column_and_counts_the_others(run):
    found = run(
        AROUND
        + """const few = around(8, [0]), many = around(11, [0]), back = around(3, [1], [[0, 0, 1]]);
        const ids = ({ nodes }) => nodes.map(({ id }) => id);
        return [few.nodes.length, few.left, many.nodes.length, many.left, ids(back), around(3, [3]).nodes.length,
            [few, back].map(({ nodes }) => new Set(nodes.map(({ x }) => x)).size),
            few.nodes.slice(0, 3).map(({ start, accept, output, entry }) => [start, accept, output, entry]),
            back.arcs.map(({ source, target, symbols, texts }) => [source, target, symbols, texts])]"""
    )
    assert found[:5] == [9, 0, 9, 3, ["q0", "q1", "q2"]]
    assert found[5:7] == [1, [2, 3]]
    assert found[7] == [[True, False, "", None], [False, True, "say", None], [False, False, "", None]]
    assert found[8] == [
        ["q0", "q1", ["x"], ["x"]],
        ["q0", "q2", ["x"], ["x"]],
        ["q1", "q1", ["y"], ["y/say"]],
        ["q1", "q0", ["x"], ["x/tell"]],
        ["q1", "q2", ["x"], ["x"]],
        ["q2", "q1", ["x"], ["x"]],
    ]


def test_columns_of_a_neighbourhood_stand_by_turns_a_little_lower(run):
    """Each around the middle of the highest; so arcs do not hide behind each other."""
    found = run(
        AROUND
        + """return [around(3, [1], [[0, 0, 1]]), around(2, [0])].map(({ width, height, nodes }) =>
            [width, height, nodes.map(({ x, y }) => [x, y])])"""
    )
    assert found == [
        [468, 228, [[58, 121], [234, 114], [410, 121]]],
        [292, 340, [[58, 177], [234, 114], [234, 226]]],
    ]


def bezier(path, t):
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return tuple(sum(w * point[axis] for w, point in zip(weights, path, strict=True)) for axis in (0, 1))


def test_arcs_of_a_neighbourhood_run_from_rim_to_rim_beside_each_other(run):
    """Forward to the right; back below all states; up and down a column at its right; a loop above its state."""
    found = run(
        AROUND
        + """return [around(6, [0], []), around(3, [1], [[0, 0, 1]]), around(5, [1, 2, 3], [[0, 0, 1]]), around(2,
            [])]"""
    )
    for drawing in found:
        at = {node["id"]: (node["x"], node["y"]) for node in drawing["nodes"]}
        radius = drawing["radius"]
        columns = sorted({x for x, _ in at.values()})
        for x, y in at.values():
            assert radius < x < drawing["width"] - radius
            assert radius < y < drawing["height"] - radius
        for column in columns:
            heights = sorted(y for x, y in at.values() if x == column)
            assert all(b - a > 3 * radius for a, b in pairwise(heights))
        assert all(b - a > 4 * radius for a, b in pairwise(columns))
        for arc in drawing["arcs"]:
            (ax, ay), (bx, by) = at[arc["source"]], at[arc["target"]]
            for (x, y), (cx, cy) in ((arc["path"][0], (ax, ay)), (arc["path"][-1], (bx, by))):
                assert ((x - cx) ** 2 + (y - cy) ** 2) ** 0.5 == pytest.approx(radius, abs=0.5)
            points = [bezier(arc["path"], n / 40) for n in range(41)]
            middle_x, middle_y = points[20]
            assert all(0 < x < drawing["width"] and 0 < y < drawing["height"] for x, y in points)
            label = arc["label"]
            assert abs(label[0] - middle_x) < 25
            assert abs(label[1] - middle_y) < 30
            if (ax, ay) == (bx, by):
                assert middle_y < ay - radius - 10
                assert {x < ax for x, _ in points[1:20]} == {True}
            elif bx > ax:
                assert all(q[0] > p[0] for p, q in pairwise(points))
                assert arc["path"][0][0] < arc["path"][1][0] < arc["path"][3][0]
                assert arc["path"][0][0] < arc["path"][2][0] < arc["path"][3][0]
                assert arc["path"][1][1] == ay
                assert arc["path"][2][1] == by
            elif bx < ax:
                assert all(q[0] < p[0] for p, q in pairwise(points))
                assert middle_y > max(ay, by) + radius
            else:
                assert min(x for x, _ in points[1:-1]) > ax
                assert middle_x > ax + radius
                assert (arc["path"][0][1] > ay) == (arc["path"][-1][1] < by) == (by > ay)
                assert all((q[1] > p[1]) == (by > ay) for p, q in pairwise(points[2:39]))
    assert [len(drawing["nodes"]) for drawing in found] == [7, 3, 4, 0]
    assert found[3]["width"] > 0
    assert found[3]["height"] > 0


def test_the_player_goes_on_until_nothing_is_left(run):
    """At a speed, from the beginning again at the end, and behind the end as the network chooses, if that is wanted."""
    found = run(
        SESSION
        + """const waits = [];
        globalThis.setTimeout = (then, wait) => { waits.push(Math.round(wait)); return queue.push(then); };
        globalThis.clearTimeout = () => { queue.length = 0; };
        const queue = [];
        const run = () => { while (queue.length) queue.shift()(); };
        let told = 0, keeps = false, seed = null;
        const p = new player.Player(s, { speed: () => 3, keepsWriting: () => keeps, seed: () => seed,
            changed: () => told++ });
        s.load([0, 1, 2], 1);
        p.toggle(); const during = p.playing; run();
        const seen = [during, p.playing, s.position, [...waits], told];
        p.toggle(); seen.push(s.position); p.toggle(); seen.push(p.playing, queue.length);
        p.toggle(); run(); seen.push(s.position);
        keeps = true; seed = 4; s.load([], 0); p.toggle(); run();
        const once = spelled(); seen.push(s.ended, p.playing); s.load([], 0); p.toggle(); run();
        seen.push(once === spelled());
        seed = 5; const others = new Set();
        for (; seed < 12; seed++) { s.load([], 0); p.toggle(); run(); others.add(spelled()); }
        s.go(s.position); seed = null; s.load([0, 1, 3, 2, 6], 5); p.toggle(); seen.push(s.position); run();
        return [...seen, others.size > 3, s.ended, spelled()]"""
    )
    assert found == [
        *(True, False, 3, [0, 518, 518], 2, 0, False, 0, 3),
        *(True, False, True, 5, True, True, "BTXSE"),
    ]
