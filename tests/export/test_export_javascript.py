"""Networks as JavaScript modules."""

import json
import re
import shutil
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
from lstmc.network.number_formats import number_format
from lstmc.proof.contracts import CONTRACTS

JAVASCRIPT = exporter("javascript")
(RUNTIME,) = JAVASCRIPT.runtimes()
FORMATS = ("float64", "float32", "float16", "bfloat16")
SAME = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-3, "bfloat16": 2e-2}  # of every part, against the reference

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cell"), [*((name, "lstm") for name in CASES), ("embedded", "toy")])
def test_the_printed_snippet_predicts_right(name, cell):
    tried = case(name, cell=cell)
    with started("javascript", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_every_number_format(dtype):
    tried = case("reber", dtype)
    with started("javascript", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_it_conforms(dtype, cell):
    """Its own σ and tanh included."""
    if RUNTIME.missing():
        pytest.skip(RUNTIME.install)
    (result,) = lstmc.conform(case("reber", dtype, cell).network, ["javascript"], length=500)
    assert result.outcome == "conforms", result.problem


def test_int8_is_refused():
    with pytest.raises(UsageError, match="JavaScript cannot hold int8"):
        JAVASCRIPT.check(Package(case("reber").network, quantize=True))


@pytest.fixture
def node(tmp_path):
    """Runs a script beside a network's module `net.mjs`, and gives what it prints as JSON."""

    def run(package, script, *arguments):
        (tmp_path / "net.mjs").write_bytes(JAVASCRIPT.write(package))
        (tmp_path / "script.mjs").write_text(f'import * as net from "./net.mjs";\n{script}', "utf-8")
        command = ["node", "script.mjs", *arguments]
        return json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout)

    return run


PARTS = """
let state = net.start();
const steps = [];
for (const symbol of JSON.parse(process.argv[2])) {
  state = net.step(state, symbol);
  steps.push({ parts: state, next: net.next(state), on: net.decode(state), chances: net.probabilities(state) });
}
console.log(JSON.stringify({ first: net.next(net.start()), steps }));
"""


@needs_node
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("dtype", FORMATS)
def test_every_part_is_that_of_the_reference(node, dtype, cell):
    network = case("reber", dtype, cell).network
    found = node(Package(network), PARTS, json.dumps([*"BTSSXXTVPSE", *"BB"]))
    assert found["first"] == ["B"]
    state = network.start()
    for token, step in zip(network.tokens("BTSSXXTVPSEBB"), found["steps"], strict=True):
        parts = network.parts(state, np.array([token]))
        assert list(parts) == list(step["parts"])
        for name, values in parts.items():
            assert np.abs(values[0] - step["parts"][name]).max() <= SAME[dtype] * max(1, np.abs(values).max()), name
        state = network.step(state, np.array([token]))
        said = network.read(state)
        assert step["on"] == list(network.decode(*state)[0])
        names = (*network.alphabet, "end")
        assert step["next"] == [names[n] for n in np.flatnonzero(said.allowed[0])]
        if said.probabilities is None or not said.allowed.any():
            assert step["chances"] is None
        else:
            assert np.abs(said.probabilities[0] - step["chances"]).max() < 1e-5


@needs_node
def test_states_are_plain_and_never_changed(node):
    """A state that was kept, or written out as JSON and read again, gives the same step once more."""
    script = """
    const before = net.step(net.start(), "B");
    const text = JSON.stringify(before);
    const after = JSON.stringify(net.step(before, "T"));
    net.step(before, "P");
    const again = JSON.stringify(net.step(JSON.parse(text), 1));
    console.log(JSON.stringify([text === JSON.stringify(before), after === again]));
    """
    assert node(Package(case("reber").network), script) == [True, True]


@needs_node
def test_the_same_weights_in_another_format(node):
    """What an illustration needs that shows the damage: float16 or bfloat16 from the same file, or changed weights."""
    script = """
    const run = (network) => [..."BTSX"].reduce(network.step, network.start()).readout;
    const none = { ...net.weights, writer: net.weights.writer.map(() => [0, [], []]) };
    const tried = [net.network(net.weights, "float16"), net.network(net.weights, "bfloat16"), net.network(none)];
    console.log(JSON.stringify(tried.map(run)));
    """
    half, brain, dead = node(Package(case("reber").network), script)
    right = [logit > 0 for logit in half]
    assert [logit > 0 for logit in brain] == right
    assert sum(right) == 2
    assert half != brain
    assert max(logit for logit in dead[1:]) < 0


KERNELS = """
import { readFileSync } from "node:fs";
const bytes = readFileSync(process.argv[2]);
const z = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const round = net.formats[net.about.dtype];
console.log(JSON.stringify({ rounded: Array.from(z, (x) => String(round(x))) }));
"""


@needs_node
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_numbers_are_rounded_as_the_reference_rounds_them(node, tmp_path, dtype):
    """Every float16 number, its neighbours in float32, the middles between two, and numbers of every size."""
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
    halves = halves[np.isfinite(halves)]
    middles = (halves[:-1] + halves[1:]) / 2
    chance = np.random.default_rng(1).integers(0, 2**32, 50_000, dtype=np.uint32).view(np.float32)
    brains = (np.arange(2**16, dtype=np.uint32) << 16).view(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        between = (brains[:-1].astype(np.float64) + brains[1:]) / 2
        x = np.concatenate(
            [halves, middles, np.nextafter(middles, np.float32(9)), chance, brains, between, [65519.9, 65520]]
        )
        x = x.astype(np.float32).astype(np.float64)
    x = x[np.isfinite(x)]
    x.tofile(tmp_path / "numbers")
    found = node(Package(case("reber", dtype).network), KERNELS, str(tmp_path / "numbers"))
    rounded = number_format(dtype).rounded(x.astype(np.float32)).astype(np.float64)
    assert np.array_equal(np.array([float(text.replace("Infinity", "inf")) for text in found["rounded"]]), rounded)


SQUASH = """
import { readFileSync } from "node:fs";
const bytes = readFileSync(process.argv[2]);
const z = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const tests = (bias) => net.about.cells.map(() => [bias, [], []]);
const [open, zero] = [tests(1000), tests(0)];
const memory = (parts) => net.network({ ...net.weights, ...parts }).step;
const ones = { ...net.start(), memory: net.about.cells.map(() => 1) };
const sigma = Array.from(z, (x) => memory({ eraser: tests(x), writer: zero })(ones, 0).memory[0]);
const written = (x) => memory({ eraser: zero, writer: tests(x), "write filter": open })(net.start(), 0);
const tanh = Array.from(z, (x) => written(x).memory[0]);
console.log(JSON.stringify({ sigma, tanh }));
"""


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("dtype", FORMATS)
def test_its_functions_satisfy_the_contract(node, tmp_path, dtype):
    """Read out of networks whose biases are the numbers that are tried."""
    contract = CONTRACTS[dtype]
    z = np.concatenate(
        [np.arange(0, 24, 1 / 32), np.arange(24, 130, 1 / 4), 2.0 ** -np.arange(0.0, 14.0, 1 / 4), [1.0]]
    )
    z = number_format(dtype).rounded(np.concatenate([z, -z])).astype(np.float64)
    z.tofile(tmp_path / "numbers")
    found = node(Package(case("reber", dtype).network), SQUASH, str(tmp_path / "numbers"))
    sigma, tanh = np.array(found["sigma"]), np.array(found["tanh"])
    assert np.abs(sigma - 1 / (1 + np.exp(-z))).max() <= contract.sigmoid
    assert (sigma >= 0).all()
    assert (sigma[z >= contract.one_from] == 1).all()
    assert (sigma[z <= -contract.tail_from] <= 1.01 * np.exp(z[z <= -contract.tail_from])).all()
    assert (sigma[z <= -contract.zero_from] == 0).all()
    assert np.abs(tanh - np.tanh(z)).max() <= contract.tanh
    assert (np.abs(tanh) <= contract.slope * np.abs(z)).all()
    assert (tanh * z >= 0).all()
    assert (np.abs(tanh) <= 1).all()
    assert (tanh[z >= contract.flat_from] == 1).all()
    assert abs(tanh[z == 1][0] - np.tanh(1)) <= contract.at_one


@needs_node
def test_the_weights_come_back_exactly(node):
    network = lstmc.compile(lstmc.load_grammar("random", {"states": "30", "seed": "3"}), level=2, dtype="float32")
    script = "console.log(JSON.stringify([net.about, net.weights]))"
    about, weights = node(Package(network), script)
    assert about == json.loads(Package(network).about_json)
    matrix = np.zeros((120, 30), np.float32)
    for row, (_, _, cells) in enumerate(
        row for part in ("write filter", "eraser", "writer", "read filter") for row in weights[part]
    ):
        for cell, weight in cells:
            matrix[row, cell] = weight
    assert np.array_equal(matrix, network.tensors["lstm.weight_hh_l0"])
    assert np.array_equal(np.float32([bias for bias, _, _ in weights["reader"]]), network.tensors["reader.bias"])


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("outputs", [False, True])
def test_no_name_breaks_out_of_its_string(node, outputs, cell):
    """The names come back, the only string goes through, a transducer says the next symbol; HTML may hold it all."""
    network = hostile(outputs, cell)
    package = Package(network)
    text = JAVASCRIPT.write(package).decode("ascii")
    assert not re.search(r"</|<!|<script", text)
    script = """
    let state = net.start();
    const followed = JSON.parse(process.argv[2]).map((symbol) => {
      const [allowed] = net.next(state);
      state = net.step(state, symbol);
      return [allowed, net.output(state)];
    });
    console.log(JSON.stringify([net.about, followed]));
    """
    about, followed = node(package, script, json.dumps(ring(70)))
    assert about == json.loads(package.about_json)
    assert [allowed for allowed, _ in followed] == ring(70)
    assert [said for _, said in followed] == (ring(71)[1:] if outputs else [None] * 70)
    with started("javascript", package, RUNTIME) as worker:
        answer = worker.run(np.array([network.tokens(ring(70))]))
    assert np.array_equal(
        (answer.logits[0] > (0.5 if cell == "toy" else 0))[:-1, :-1].argmax(1), network.tokens(ring(70)[1:])
    )
    if outputs:
        assert [network.outputs[n] for n in answer.outputs[0].argmax(1)] == ring(71)[1:]


@needs_node
def test_the_snippet_names_hostile_symbols_and_files(tmp_path):
    package, file = Package(hostile()), "a b%20'\"?#.mjs"
    (tmp_path / file).write_bytes(JAVASCRIPT.write(package))
    (tmp_path / "snippet.mjs").write_text(JAVASCRIPT.snippet(package, file), "utf-8")
    run = subprocess.run(["node", "snippet.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == f"{SYMBOLS[3]}\n"


@needs_node
def test_an_unknown_symbol_is_an_error(node):
    script = """
    const tried = ["Q", 7, -1, 0.5, undefined, "constructor"].map((symbol) => {
      try { net.step(net.start(), symbol); } catch (error) { return error.constructor.name; }
    });
    console.log(JSON.stringify(tried));
    """
    assert node(Package(case("reber").network), script) == ["RangeError"] * 6


WRITE = """
import sys
import lstmc
from lstmc.export import Package, exporter
network = lstmc.compile(lstmc.load_grammar("reber"))
sys.stdout.buffer.write(exporter("javascript").write(Package(network, proof="00ff")))
"""


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes():
    first, second = (
        subprocess.run(
            [sys.executable, "-c", WRITE], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    )
    assert first == second
    assert b'proof: "00ff"' in first


@pytest.mark.slow
@needs_node
def test_megabytes_go_through_the_pipes_unharmed():
    """A question of 1 MB, and its answer of 16 MB: each number as if it had been asked alone."""
    network = case("reber").network
    tokens = np.random.default_rng(7).integers(0, 7, (5_000, 50))
    tokens[:, 0] = 0
    with started("javascript", Package(network), RUNTIME) as worker:
        answer = worker.run(tokens)
        assert answer.logits.shape == (5_000, 50, 8)
        assert np.array_equal(worker.run(tokens[-1:]).logits[0], answer.logits[-1])
        assert np.array_equal(worker.run(tokens[:1]).logits[0], answer.logits[0])


@needs_node
def test_the_page_says_what_is_so(tmp_path):
    """Its blocks, one after the other as one program, print what stands below each."""
    page = (ROOT / "docs" / "frameworks" / "javascript.md").read_text("utf-8")
    (tmp_path / "reber.mjs").write_bytes(JAVASCRIPT.write(Package(lstmc.load(ROOT / "weights" / "reber.safetensors"))))
    (tmp_path / "page.mjs").write_text("\n".join(blocks(page, "javascript")), "utf-8")
    run = subprocess.run(["node", "page.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == "".join(blocks(page, "text"))


@needs_node
def test_the_page_names_everything_that_is_exported(node):
    exported = node(Package(case("reber").network), "console.log(JSON.stringify(Object.keys(net)))")
    page = (ROOT / "docs" / "frameworks" / "javascript.md").read_text("utf-8")
    assert set(exported) == {name for line in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in named(line)}


def named(cell):
    return re.findall(r"`(\w+)", cell)
