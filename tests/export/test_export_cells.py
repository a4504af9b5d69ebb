"""What is plain code computes any cell type, as its equations say: here cells that nobody compiled anything to."""

import shutil
import subprocess

import numpy as np
import pytest
from agreeing import started
from strange_cells import CELLS, SYMBOLS, Logarithm, Minimal, Stacked, Strange, network

from lstmc.export import Package, exporter

PLAIN = [
    ("numpy", "float64"),
    ("numpy", "float32"),
    ("javascript", "float32"),
    ("javascript", "bfloat16"),
    ("c", "float32"),
    ("c", "float64"),
]
OFF = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 0.1}


@pytest.mark.slow
@pytest.mark.parametrize("cell", [Minimal, Stacked, Strange])
@pytest.mark.parametrize(("framework", "dtype"), PLAIN)
def test_plain_code_computes_what_the_equations_say(cell, framework, dtype):
    net, off = network(cell, dtype), OFF[dtype]
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    state, logits = net.start(len(tokens)), []
    for column in tokens.T:
        state = net.step(state, column)
        logits.append(net.read(state).logits)
    with started(framework, Package(net), exporter(framework).runtimes()[0]) as worker:
        found = worker.run(tokens)
        again = [worker.run(tokens[:, :4]), worker.run(tokens[:, 4:], goes_on=True)]
    assert np.abs(found.logits - np.stack(logits, 1)).max() < off
    assert np.abs(np.concatenate([each.logits for each in again], 1) - found.logits).max() == 0
    for ours, theirs in zip(state, found.state, strict=True):
        assert np.abs(theirs - ours).max() < off
    assert np.abs(np.stack(logits)).max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "dtype"), PLAIN)
def test_the_logarithm_of_a_gate_is_right_where_the_gate_itself_is_0_or_1(framework, dtype):
    net = network(Logarithm, dtype)
    numbers = np.array([[-2e4, -300, -88, -87, -18], [-1, -0.1, 0, 0.1, 1], [3, 8, 30, 90, 2e4]])
    numbers = net.format.rounded(numbers).astype(np.float64)
    net.tensors["z.symbols"][:] = numbers.T
    net.tensors["z.bias"][:] = 0
    with started(framework, Package(net), exporter(framework).runtimes()[0]) as worker:
        found = worker.run(np.array([[0], [1], [2]])).state[0]
    exact = np.minimum(numbers, 0) - np.log1p(np.exp(-np.abs(numbers)))
    assert (np.abs(found - exact) <= 4 * net.format.roundoff * np.abs(exact) + 1e-37).all()


def test_parts_of_any_cell_are_traced():
    net = network(Strange, "float64")
    parts = net.parts(net.start(2), np.array([0, 2]))
    assert [*parts] == ["memory before", "a gate", "entering", "memory", "seen", "half", "readout"]
    assert (parts["seen"].shape, parts["half"].shape) == ((2, CELLS), (2, len(SYMBOLS) + 1))
    assert net.by_symbol == ("half", "readout")
    test = net.test(1, "entering")
    assert [weight for _, weight in test.cells] == net.tensors["entering.cells"][1].tolist()
    assert test.bias == net.tensors["entering.bias"][1]


@pytest.mark.slow
def test_a_strict_compiler_takes_the_header_of_any_cell(tmp_path):
    compiler = shutil.which("cc") or pytest.skip("no C compiler is installed")
    (tmp_path / "any.h").write_bytes(exporter("c").write(Package(network(Strange, "float32"))))
    (tmp_path / "use.c").write_text('#include "any.h"\nint main(void) { return 0; }\n')
    strict = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    strict.append("-Wno-unused-function")
    subprocess.run([compiler, *strict, "-c", "use.c"], cwd=tmp_path, check=True)
