"""The checker: alone, in its numbers, and in what it makes of grammars."""

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random

import networkx as nx
import numpy as np
import pytest
from certificate_grammars import accepted
from mpmath import iv, mp, mpf
from strategies import READING, random_grammar

import lstmc
from lstmc.network.number_formats import number_format
from lstmc.pipeline import compile_proved
from lstmc.proof import checker
from lstmc.proof.checker import CONTRACTS, Interval, Report, check, point
from lstmc.shipped import shipped
from lstmc.testing.simulation import Simulation

FILE = Path(checker.__file__)
WAYS = ((0, "rewrite", "lstm"), (1, "keep", "lstm"), (2, "rewrite", "lstm"), (1, "keep", "toy"))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_the_prover_proves_of_shipped_grammars_holds(name, way):
    level, memory, cell = way
    network, certificate = compile_proved(lstmc.load_grammar(name), level, memory, cell)
    assert check(network.to_bytes(), certificate.to_bytes()) == []


# Alone


def test_it_imports_numpy_and_the_standard_library_alone():
    for node in ast.walk(ast.parse(FILE.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.partition(".")[0] in {*sys.stdlib_module_names, "numpy"}


@pytest.fixture
def files(tmp_path):
    network, certificate = compile_proved(lstmc.load_grammar("reber"), 2)
    (tmp_path / "reber.safetensors").write_bytes(network.to_bytes())
    (tmp_path / "reber.proof.json").write_bytes(certificate.to_bytes())
    (tmp_path / "reber.json").write_text(json.dumps(lstmc.load_grammar("reber").to_dict()))
    (tmp_path / "checker.py").write_bytes(FILE.read_bytes())
    return tmp_path


def run(folder, *arguments):
    """The script where lstmc cannot be imported."""
    script = "import runpy, sys; sys.modules['lstmc'] = None; runpy.run_path('checker.py', run_name='__main__')"
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_it_runs_as_a_script(files):
    done = run(files, "reber.safetensors")
    assert done.returncode == 0, done.stderr
    assert "float32: every length" in done.stdout.splitlines()
    assert run(files, "reber.safetensors", "reber.proof.json", "--grammar-json", "reber.json").returncode == 0


def test_it_ends_with_1_where_the_proof_fails(files):
    data = json.loads((files / "reber.proof.json").read_bytes())
    data["contracts"]["float32"]["margin"] += 1
    (files / "reber.proof.json").write_text(json.dumps(data))
    done = run(files, "reber.safetensors")
    assert done.returncode == 1
    assert done.stdout.startswith("float32: margin: claimed ")
    assert run(files, "reber.safetensors", "--no-digests").returncode == 1


def test_no_digests_lets_only_the_mathematics_refuse(files):
    data = json.loads((files / "reber.proof.json").read_bytes())
    data["network"]["tensors"] = "0" * 64
    (files / "reber.proof.json").write_text(json.dumps(data))
    assert run(files, "reber.safetensors").returncode == 1
    assert run(files, "reber.safetensors", "--no-digests").returncode == 0


def test_another_grammar_is_found(files):
    grammar = json.loads((files / "reber.json").read_bytes())
    grammar["edges"][0]["symbol"] = "T"
    (files / "reber.json").write_text(json.dumps(grammar))
    done = run(files, "reber.safetensors", "--grammar-json", "reber.json")
    assert done.returncode == 1
    assert done.stdout.startswith("grammar: ")


def test_a_missing_file_ends_with_3(files):
    assert run(files, "nothing.safetensors").returncode == 3


def test_the_command_line_says_what_was_found(files, capsys):
    weights, proof, grammar = (str(files / name) for name in ("reber.safetensors", "reber.proof.json", "reber.json"))
    for arguments in ([weights], [weights, proof], [weights, "--grammar-json", grammar], [weights, "--no-digests"]):
        assert checker.main(arguments) == 0
        assert "float32: every length" in capsys.readouterr().out.splitlines()
    data = json.loads((files / "reber.proof.json").read_bytes())
    data["network"]["tensors"] = "0" * 64
    other = files / "other.json"
    other.write_text(json.dumps(data))
    assert checker.main([weights, str(other)]) == 1
    assert capsys.readouterr().out == "digest: the certificate speaks of other weights\n"
    assert checker.main([weights, str(other), "--no-digests"]) == 0
    capsys.readouterr()
    data = json.loads((files / "reber.json").read_bytes())
    data["edges"][0]["symbol"] = "T"
    other.write_text(json.dumps(data))
    assert checker.main([weights, "--grammar-json", str(other)]) == 1
    assert capsys.readouterr().out.startswith("grammar: the certificate speaks of another grammar")
    for text, said in (("[]", "the grammar is not a JSON object\n"), ("{}\x1b", "Extra data")):
        other.write_text(text)
        assert checker.main([weights, "--grammar-json", str(other)]) == 3
        found = capsys.readouterr()
        assert found.out == ""
        assert found.err.startswith(said)
    assert checker.main([str(files / "\x1bnone.safetensors")]) == 3
    assert "\\x1bnone.proof.json" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["reber", "third-from-end"])
def test_how_many_cases_are_looked_at_together_changes_nothing(name, monkeypatch):
    network, certificate = compile_proved(lstmc.load_grammar(name))
    data = json.loads(certificate.to_bytes())
    data["contracts"] = {"float32": data["contracts"]["float32"]}
    data["cells"][1], data["cells"][-1] = data["cells"][-1], data["cells"][1]
    found = set(check(network.to_bytes(), json.dumps(data).encode()))
    assert len(found) > 5
    for block in (1, 8, 20):
        monkeypatch.setattr(checker, "BLOCK", block)
        assert set(check(network.to_bytes(), json.dumps(data).encode())) == found
        assert check(network.to_bytes(), certificate.to_bytes()) == []


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_a_network_of_no_cell_but_started_is_right_where_only_the_empty_string_is(cell):
    graph = nx.MultiDiGraph([("0", "1", {"symbol": "a"})])
    graph.nodes["0"].update(start=True, accept=True)
    network, certificate = compile_proved(lstmc.Grammar.from_graph(graph, "empty"), 1, cell=cell)
    assert network.size == 1
    assert check(network.to_bytes(), certificate.to_bytes()) == []


def test_limits_are_changed_on_purpose():
    assert checker.LIMITS == {"bytes": 2**25, "moves": 20_000_000, "pairs": 50_000_000, "cases": 200_000_000}
    assert (checker.LISTED, checker.LONGEST_QUOTE, checker.LONGEST_NUMBER) == (50, 300, 400)
    assert (checker.MOST_TIMES, checker.BLOCK, checker.LEAST) == (10**300, 2**20, 1e-300)


# Numbers: its enclosures hold what mpmath's intervals say

iv.prec = mp.prec = 300


def ends():
    """Numbers of all sizes and signs, those where functions bend, and their neighbours."""
    rng = np.random.default_rng(0)
    sizes = 10.0 ** np.arange(-320, 3, 4.0)
    bends = np.array([0, 0.5, 1, 2, 8, 9, 10, 18, 19, 20, 36, 37, 38, 64, 104, 128, 640, 699, 700, 701, 745, 746, 1000])
    found = np.concatenate([sizes, bends, rng.uniform(0, 40, 300), rng.uniform(0, 800, 100)])
    found = np.concatenate([found, np.nextafter(found, np.inf), np.nextafter(found, 0)])
    return np.unique(np.concatenate([found, -found]))


def real_exp(x):
    return iv.exp(iv.mpf(float(x)))


def real_logistic(x):
    return 1 / (1 + iv.exp(-iv.mpf(float(x))))


def real_tanh(x):
    return (iv.exp(2 * x) - 1) / (iv.exp(2 * x) + 1)


def real_tanh_beyond_1(x):
    t, one = real_tanh(iv.mpf(float(x))), real_tanh(iv.mpf(1))
    return t * (1 - one * one) / (1 + one * t)


FUNCTIONS = {
    "exp": (checker.exp, real_exp, 1e-12),
    "logistic": (checker.logistic, real_logistic, 1e-12),
    "tanh": (checker.tanh, lambda x: real_tanh(iv.mpf(float(x))), 1e-12),
    "tanh beyond 1": (checker.tanh_beyond_1, real_tanh_beyond_1, 1e-12),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_enclose_the_real_ones_and_hardly_more(name):
    function, real, precise = FUNCTIONS[name]
    points = ends()
    points = points[points < 690] if name == "exp" else points
    with np.errstate(all="ignore"):
        found = function(point(points))
    for x, low, high in zip(points, found.lo, found.hi, strict=True):
        iv.prec = 300 if abs(x) > 1e-60 else 2600  # tanh of a tiny number is nearly the number
        value = real(x)
        assert mpf(low) <= value.a, x
        assert (min(value.b, 1) if name == "tanh" else value.b) <= mpf(high), x
        if abs(low) > 1e-290:
            assert (high - low) <= precise * abs(low), x
    iv.prec = 300


def test_tanh_1_is_enclosed():
    value = real_tanh(iv.mpf(1))
    assert mpf(float(checker.TANH_1.lo)) < value.a
    assert value.b < mpf(float(checker.TANH_1.hi))


@pytest.mark.parametrize("operation", ["+", "-", "*"])
def test_operations_enclose_every_result(operation):
    rng = np.random.default_rng(1)

    def intervals():
        size = 10.0 ** rng.integers(-20, 20, 400)
        pair = np.sort(rng.normal(size=(2, 400)) * size, axis=0)
        pair[:, ::7], pair[:, 1::11] = 0.0, 1.0
        pair[0, 3::13] = np.minimum(pair[0, 3::13], 0.0)
        return Interval(*pair)

    one, other = intervals(), intervals()
    found = {"+": one + other, "-": one - other, "*": one * other}[operation]
    for n in range(400):
        for a in (one.lo[n], one.hi[n]):
            for b in (other.lo[n], other.hi[n]):
                exact = {"+": lambda p, q: p + q, "-": lambda p, q: p - q, "*": lambda p, q: p * q}[operation]
                value = exact(Fraction(float(a)), Fraction(float(b)))
                assert Fraction(float(found.lo[n])) <= value <= Fraction(float(found.hi[n]))


def test_adding_0_and_multiplying_by_1_is_exact():
    x = Interval(np.array([-0.1]), np.array([0.3]))
    for same in (x + checker.ZERO, x * checker.ONE, x - checker.ZERO):
        assert (same.lo, same.hi) == (x.lo, x.hi)
    none = x * checker.ZERO
    assert (none.lo, none.hi) == (0, 0)


FORMATS = {"float32": np.float32, "float16": np.float16}


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_weights_are_rounded_as_the_format_does(name):
    rng = np.random.default_rng(2)
    low, high = (-8, 4) if name == "float16" else (-44, 38)
    values = rng.normal(size=5000) * 10.0 ** rng.uniform(low, high, 5000)
    values = np.concatenate([values, [0.0, 1.0, 1 + 2.0**-8, 1 + 2.0**-9, 1 + 3 * 2.0**-9, 2.0**-24, 2.0**-25]])
    form = number_format(name)
    values = values[np.abs(values) < form.largest / 2]
    assert np.array_equal(CONTRACTS[name].rounded(values), form.rounded(values).astype(np.float64))


def test_a_weight_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match="too large"):
        CONTRACTS["float16"].rounded(np.array([65520.0]))


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_sums_of_machines_lie_in_the_sum(name):
    """Few large terms and many small ones, products rounded or not, added as a random tree."""
    rng, contract, form = np.random.default_rng(3), CONTRACTS[name], number_format(name)
    fl = form.round
    for _ in range(300):
        numbers = fl((rng.normal(size=2) * 100).astype(form.work))
        weights = fl((rng.normal(size=2) * 200).astype(form.work))
        signals = fl(rng.uniform(0.7, 0.8, 2).astype(form.work))
        count = int(rng.integers(0, 60))
        small = fl((rng.normal(size=count) * 10.0 ** rng.integers(-6, 1)).astype(form.work))
        products = weights * signals if rng.random() < 0.5 else fl(weights * signals)
        terms = [*numbers, *products, *small]
        while len(terms) > 1:
            rng.shuffle(terms)
            terms.append(fl(np.asarray(terms.pop() + terms.pop())))
        width = 2.0**-20
        found, error = contract.sum(
            [np.array(float(number)) for number in numbers],
            [
                (np.array(float(w)), Interval(np.array(float(s) - width), np.array(float(s) + width)))
                for w, s in zip(weights, signals, strict=True)
            ],
            np.array(float(np.abs(small.astype(np.float64)).sum())),
            np.array(float(count)),
        )
        assert found.lo <= float(terms[0]) <= found.hi
        assert error >= 0


def test_a_sum_that_may_overflow_shows_nothing():
    large = [np.array(60000.0), np.array(-60000.0)]
    found, error = CONTRACTS["float16"].sum(large, [], np.array(0.0), np.array(0.0))
    assert np.isnan([found.lo, found.hi, error]).all()
    found, _ = CONTRACTS["float32"].sum(large, [], np.array(0.0), np.array(0.0))
    assert found.lo <= 0 <= found.hi


def test_where_sigmoid_and_tanh_are_exact():
    z = point(np.array([-104.0, -103.9, 19.9, 20.0, 64.0]))
    value, rest = CONTRACTS["float32"].sigmoid(z)
    assert value.exactly(0).tolist() == [True, False, False, False, False]
    assert value.exactly(1).tolist() == rest.exactly(0).tolist() == [False, False, False, True, True]
    value, rest = CONTRACTS["exact"].sigmoid(z)
    assert not value.exactly(1).any()
    assert np.all((rest.lo[4] > 1.6e-28) & (rest.hi[4] < 1.61e-28))  # e^-64
    value, _ = CONTRACTS["approximate"].tanh(point(np.array([0.0, 20.0])))
    assert value.exactly(0).tolist() == [True, False]
    assert value.hi[1] <= 1.0


# Grammars: the useful states, moves and probabilities are those of the simulation that the tests compare with


@pytest.mark.parametrize("kind", sorted(READING))
def test_grammars_mean_what_the_simulation_says(kind):
    for seed in range(40):
        grammar = random_grammar(kind, Random(f"{kind} {seed}"))
        report, simulation = Report(), Simulation(grammar)
        found = checker.Grammar.of(grammar.meaning(), report)
        assert report.violations() == []
        states, names = list(found.number), grammar.alphabet
        assert {states[p] for p in found.moves} == set(simulation.nodes)
        assert {states[p] for p in found.start} == simulation.start
        for p, moves in found.moves.items():
            ours = {(names[x], states[q], found.outputs[o] if o >= 0 else None) for x, q, o in moves}
            assert ours == {(m.symbol, m.target, m.output) for m in simulation.moves[states[p]]}
        assert (found.chances is not None) == simulation.deterministic
        for p, chances in (found.chances or {}).items():
            simulation.states = frozenset({states[p]})
            theirs = {name: float(chance) for name, chance in simulation.probabilities().items()}
            assert {(*names, "end")[x]: chance for x, chance in chances.items()} == theirs


def with_grammar(**changes):
    data = {"name": "g", "alphabet": ["a", "b"], "nodes": [{"id": "0", "start": True}, {"id": "1", "accept": True}]}
    edges = [{"source": "0", "target": "0", "symbol": "a"}, {"source": "0", "target": "1", "symbol": "b"}]
    return data | {"edges": edges} | changes


def weighted(*chances):
    edges = with_grammar()["edges"]
    return [
        edge if chance is None else edge | {"probability": chance} for edge, chance in zip(edges, chances, strict=True)
    ]


def noded(**attributes):
    """The second state, which accepts, with other attributes."""
    return [{"id": "0", "start": True}, {"id": "1", "accept": True} | attributes]


def edged(**attributes):
    first, last = with_grammar()["edges"]
    return [first, last | attributes]


USELESS = {"nodes": [*noded(), {"id": "2"}], "alphabet": ["a", "b", "c"]}
OTHER = {"source": "1", "target": "0", "symbol": "a"}

WRONG = {
    "the same id twice": {"nodes": [{"id": "0", "start": True}, {"id": "0"}, {"id": "1", "accept": True}]},
    "the same symbol twice": {"alphabet": ["a", "b", "b"]},
    "a symbol called end": {"alphabet": ["a", "b", "end"]},
    "an unknown symbol": {"alphabet": ["a"]},
    "an unknown state": {"nodes": [{"id": "0", "start": True}]},
    "no start": {"nodes": [{"id": "0"}, {"id": "1", "accept": True}]},
    "an empty language": {"nodes": [{"id": "0", "start": True}, {"id": "1"}, {"id": "2", "accept": True}]},
    "the same edge twice": {"edges": [with_grammar()["edges"][0], *with_grammar()["edges"]]},
    "edges in another order": {"edges": [OTHER, *with_grammar()["edges"]]},
    "edges with the same target apart": {"edges": [*edged(), OTHER | {"source": "0", "symbol": "b"}]},
    "probabilities of some": {"edges": weighted(0.5, None)},
    "probabilities of 0": {"edges": weighted(0.0, 1.0)},
    "probabilities that are too large": {"edges": weighted(0.5, 0.6)},
    "probabilities above 1": {"edges": [with_grammar()["edges"][1] | {"probability": 1.0000000001}]},
    "probabilities that are no numbers": {"edges": weighted("0.5", "0.5")},
    "probabilities that are true": {"edges": [with_grammar()["edges"][1] | {"probability": True}]},
    "probabilities that are whole numbers": {"edges": [with_grammar()["edges"][1] | {"probability": 1}]},
    "probabilities that are null": {"edges": edged(probability=None)},
    "probabilities with two starts": {
        "nodes": [*noded(end=1.0), {"id": "2", "start": True}],
    },
    "probabilities where a useless state branches": {
        "nodes": [*noded(end=1.0), {"id": "2"}],
        "edges": [*edged(), OTHER | {"source": "2"}, OTHER | {"source": "2", "target": "1"}],
    },
    "probabilities of a useless state that do not sum to 1": USELESS
    | {"edges": [*edged(), {"source": "2", "target": "0", "symbol": "a", "probability": 0.5}]},
    "a probability of a move that leads nowhere": USELESS
    | {"edges": [*weighted(0.25, 0.25), {"source": "0", "target": "2", "symbol": "c", "probability": 0.5}]},
    "no probability of a move that leads nowhere": USELESS
    | {"edges": [*weighted(0.5, 0.5), {"source": "0", "target": "2", "symbol": "c"}]},
    "an end that is too likely": {"nodes": noded(end=0.5)},
    "an end that is a whole number": {"nodes": noded(end=1)},
    "an end that is too unlikely": {"edges": [*edged(), OTHER | {"probability": 0.9999999999}]},
    "an end where no string may end": {"nodes": [{"id": "0", "start": True, "end": 0.5}, noded()[1]]},
    "outputs of states and of edges": {"nodes": noded(output="x"), "edges": edged(output="x")},
    "accept as a number": {"nodes": noded(accept=1)},
    "accept as a text": {"nodes": noded(accept="true")},
    "accept that is false": {"nodes": [{"id": "0", "start": True, "accept": False}, noded()[1]]},
    "accept that is null": {"nodes": [{"id": "0", "start": True, "accept": None}, noded()[1]]},
    "start as a number": {"nodes": noded(start=1)},
    "start that is false": {"nodes": noded(start=False)},
    "a start at the top": {"start": "any"},
    "a graph in it": {"graph": {"start": "any"}},
    "an undirected graph": {"directed": False},
    "a directed graph": {"directed": True},
    "a multigraph": {"multigraph": True},
    "an unknown key": {"note": "believe me"},
    "an unknown key of a node": {"nodes": noded(note="believe me")},
    "a place of a drawing": {"nodes": noded(pos=[0.0, 0.0])},
    "a probability of a node": {"nodes": noded(probability=1.0)},
    "an unknown key of an edge": {"edges": edged(note="believe me")},
    "a key of networkx": {"edges": edged(key="0")},
    "an id that is a number": {"nodes": [{"id": 0, "start": True}, noded()[1]]},
    "an id that is nothing": {"nodes": [*noded(), {"id": ""}]},
    "an id that is missing": {"nodes": [*noded(), {}]},
    "a node that is a text": {"nodes": [*noded(), "id"]},
    "an id with a control character": {"nodes": [*noded(), {"id": "\x1b[1m"}]},
    "an id with half a character": {"nodes": [*noded(), {"id": "\ud800"}]},
    "an id that is no character": {"nodes": [*noded(), {"id": "\uffff"}]},
    "a symbol that is nothing": {"alphabet": ["a", "b", ""]},
    "a symbol that is a number": {"alphabet": ["a", "b", 1]},
    "a symbol with a control character": {"alphabet": ["a", "b", "\x85"]},
    "an output that is nothing": {"nodes": noded(output="")},
    "an output that is null": {"nodes": noded(output=None)},
    "an output that is a number": {"edges": edged(output=1)},
    "no symbols": {"alphabet": []},
    "an alphabet that is a text": {"alphabet": "ab"},
    "no edges": {"edges": [], "nodes": [{"id": "0", "start": True, "accept": True}]},
    "no nodes": {"nodes": []},
    "nodes that are no list": {"nodes": {}},
    "no name": {"name": ""},
    "a name that is null": {"name": None},
    "a name that is a path": {"name": "../g"},
    "a name on two lines": {"name": "g\n"},
    "a name that is too long": {"name": "g" * 101},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_what_is_no_grammar_is_refused(changes):
    assert accepted(with_grammar(**changes)) is None


RIGHT = {
    "as it is": {},
    "a symbol that no edge uses": {"alphabet": ["b", "a", "c"]},
    "probabilities": {"edges": weighted(0.5, 0.5), "nodes": noded(end=1.0)},
    "a certain move": {"edges": [with_grammar()["edges"][1] | {"probability": 1.0}]},
    "an end that is left": {"edges": [*edged(), OTHER | {"probability": 0.99}]},
    "outputs of states": {"nodes": noded(output="x")},
    "outputs of edges": {"edges": edged(output="x")},
    "texts of any other kind": {"nodes": [*noded(), {"id": " \t\n🙂"}]},
    "a name with a point": {"name": "0_g.1+-"},
}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_what_is_a_grammar_is_read(changes):
    assert accepted(with_grammar(**changes)) is not None


def test_violations_of_one_kind_are_listed_up_to_a_limit():
    report = Report()
    for n in range(checker.LISTED):
        report("step", str(n))
    assert [violation.where for violation in report.violations()] == [str(n) for n in range(checker.LISTED)]
    for n in range(checker.LISTED, 1000):
        report("step", str(n))
    found = report.violations()
    assert len(found) == checker.LISTED + 1
    assert str(found[-1]) == f"step: and {1000 - checker.LISTED} more"


def test_how_numpy_treats_what_overflows_is_of_no_concern():
    network, certificate = compile_proved(lstmc.load_grammar("reber"))
    with np.errstate(all="raise"):
        assert check(network.to_bytes(), certificate.to_bytes()) == []
