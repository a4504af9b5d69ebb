"""Networks as Python scripts."""

import ast
import json
import runpy
import subprocess
import sys

import numpy as np
import pytest
from agreeing import CASES, case, check_strings_and_loops, started
from hostile import SYMBOLS, hostile, ring
from pages import ROOT, blocks

import lstmc
from lstmc.errors import UsageError
from lstmc.export import Package, exporter
from lstmc.proof.contracts import CONTRACTS

NUMPY = exporter("numpy")
(RUNTIME,) = NUMPY.runtimes()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cell"), [*((name, "lstm") for name in CASES), ("embedded", "toy")])
def test_the_printed_snippet_predicts_right(name, cell):
    tried = case(name, cell=cell)
    with started("numpy", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_every_number_format(dtype):
    tried = case("reber", dtype)
    with started("numpy", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_it_conforms(dtype, cell):
    """Its own σ and tanh included."""
    if RUNTIME.missing():
        pytest.skip(RUNTIME.install)
    (result,) = lstmc.conform(case("reber", dtype, cell).network, ["numpy"], length=500)
    assert result.outcome == "conforms", result.problem


@pytest.mark.parametrize(("number_format", "quantize"), [("bfloat16", False), ("float32", True)])
def test_formats_that_numpy_lacks_are_refused(number_format, quantize):
    with pytest.raises(UsageError, match="NumPy cannot hold"):
        NUMPY.check(Package(case("reber", number_format).network, quantize=quantize))


@pytest.fixture
def script(tmp_path):
    """Writes a network's script, and gives what it defines."""

    def load(network):
        path = tmp_path / "net.py"
        path.write_bytes(NUMPY.write(Package(network)))
        return runpy.run_path(str(path))

    return load


@pytest.mark.parametrize("number_format", ["float64", "float32", "float16"])
def test_the_weights_come_back_exactly(script, number_format):
    network = lstmc.compile(lstmc.load_grammar("random", {"states": "30", "seed": "3"}), level=2, dtype=number_format)
    found = script(network)
    parts = ("WRITE_FILTER", "ERASER", "WRITER", "READ_FILTER")
    tensors = network.tensors
    assert np.array_equal(np.concatenate([found[part].bias for part in parts]), tensors["lstm.bias_ih_l0"])
    assert np.array_equal(np.concatenate([found[part].symbols.T for part in parts]), tensors["lstm.weight_ih_l0"])
    assert np.array_equal(np.concatenate([dense(found[part]) for part in parts]), tensors["lstm.weight_hh_l0"])
    assert np.array_equal(dense(found["READER"]), tensors["reader.weight"])
    assert np.array_equal(found["READER"].bias, tensors["reader.bias"])


def dense(tests):
    """The weights on cells as a full matrix."""
    matrix = np.zeros((len(tests.bias), 30), tests.weights.dtype)
    rows = np.repeat(tests.rows, np.diff([*tests.starts, len(tests.weights)]))
    matrix[rows, tests.source] = tests.weights
    return matrix


@pytest.mark.parametrize("number_format", ["float64", "float32", "float16"])
def test_its_sigmoid_satisfies_the_contract(script, number_format):
    """NumPy's tanh is measured in test_contracts.py; here every float16 number there is, and the others densely."""
    contract, kind = CONTRACTS[number_format], np.dtype(number_format)
    sigmoid = script(case("reber", number_format).network)["sigmoid"]
    z = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float64)
    z = z[np.isfinite(z) & (np.abs(z) < 1000)] * (1 if number_format == "float16" else 1.000123)
    z = z.astype(kind)
    value, wide = sigmoid(z).astype(np.float64), z.astype(np.float64)
    with np.errstate(over="ignore"):
        assert np.abs(value - 1 / (1 + np.exp(-wide))).max() <= contract.sigmoid
        tail = wide <= -contract.tail_from
        assert (value[tail] <= 1.01 * np.exp(wide[tail])).all()
    assert sigmoid(z).dtype == kind
    assert (value[wide >= contract.one_from] == 1).all()
    assert (value[wide <= -contract.zero_from] == 0).all()
    assert (value >= 0).all()


@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("outputs", [False, True])
def test_no_name_breaks_out_of_its_string(outputs, cell):
    network = hostile(outputs, cell)
    text = NUMPY.write(Package(network)).decode("ascii")
    assert ast.literal_eval(text.partition("\nABOUT = ")[2].partition("\n\nif __name__")[0]) == json.loads(
        Package(network).about_json
    )
    assert runs_through_the_ring(network)


def runs_through_the_ring(network):
    """The snippet follows the one string, and a transducer says the next symbol each time."""
    package = Package(network)
    tokens = np.array([network.tokens(ring(80))])
    with started("numpy", package, RUNTIME) as worker:
        answer = worker.run(tokens)
    threshold = 0.5 if network.cell == "toy" else 0
    allowed = answer.logits[0] > threshold
    follower = np.roll(tokens[0], -1)[:-1]
    assert (allowed[:-1, :-1].sum(axis=1) == 1).all()
    assert np.array_equal(allowed[:-1, :-1].argmax(axis=1), follower)
    if network.outputs:
        said = answer.outputs[0].argmax(axis=1)
        assert [network.outputs[n] for n in said[:-1]] == [network.alphabet[n] for n in follower]
    return True


def test_the_snippet_names_hostile_symbols(tmp_path):
    package = Package(hostile())
    (tmp_path / "a b'\"\\.py").write_bytes(NUMPY.write(package))
    (tmp_path / "snippet.py").write_text(NUMPY.snippet(package, "a b'\"\\.py"), "utf-8")
    run = subprocess.run([sys.executable, "snippet.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == f"{SYMBOLS[3]}\n"


def test_the_script_shows_what_may_follow_each_symbol(tmp_path):
    (tmp_path / "reber.py").write_bytes(NUMPY.write(Package(case("reber").network)))
    command = [sys.executable, "-W", "error", "reber.py"]
    run = subprocess.run([*command, "BTSE"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["at first -> B", "B -> T P", "T -> S X", "S -> S X", "E ->"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["at first -> B"]


def test_no_lstmc_is_in_the_script():
    tree = ast.parse(NUMPY.write(Package(case("reber").network)))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"sys", "numpy"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


WRITE = """
import sys, time
import lstmc
from lstmc.export import Package, exporter
network = lstmc.compile(lstmc.load_grammar("reber"), cell=sys.argv[2])
sys.stdout.buffer.write(exporter(sys.argv[1]).write(Package(network, proof="00ff")))
"""


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_the_same_network_gives_the_same_bytes(cell):
    command = [sys.executable, "-c", WRITE, "numpy", cell]
    first, second = (
        subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout for seed in "12"
    )
    assert first == second
    assert b'"proof": "00ff"' in first


@pytest.mark.slow
def test_large_networks_stay_sparse():
    """2,000 cells: a full matrix would take 64 MB, and as text far more."""
    grammar = lstmc.load_grammar("random", {"states": "2000", "symbols": "3", "seed": "5"})
    package = Package(lstmc.compile(grammar, level=2))
    text = NUMPY.write(package)
    assert len(text) < 3_000_000
    tokens = np.array([package.network.tokens(next(lstmc.sample(grammar, 1, seed=1, length=(30, 60))).symbols)])
    with started("numpy", package, RUNTIME) as worker:
        answer = worker.run(tokens)
    state = package.network.start()
    for time in range(tokens.shape[1]):
        state = package.network.step(state, tokens[:, time])
        assert np.array_equal(answer.logits[:, time] > 0, package.network.read(state).allowed)


def test_the_page_says_what_is_so(tmp_path):
    """What the script prints, the step as it stands in the script, and the program of the page with its answers."""
    page = (ROOT / "docs" / "frameworks" / "numpy.md").read_text("utf-8")
    text = NUMPY.write(Package(lstmc.load(ROOT / "weights" / "reber.safetensors"))).decode()
    (tmp_path / "reber.py").write_text(text)
    shown, answers = blocks(page, "text")
    step, *program = blocks(page, "python")
    assert step in text
    (tmp_path / "page.py").write_text("\n".join(program), "utf-8")
    for command, expected in ((["reber.py", "BTSE"], shown), (["page.py"], answers)):
        run = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert run.stdout == expected
