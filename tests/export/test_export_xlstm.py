"""The sLSTM in the package xlstm."""

import json

import numpy as np
import pytest
from agreeing import CASES, apart, case, check_strings_and_loops, expected, runtimes, started, whole_and_in_pieces
from exported import check_page, check_printed_names, check_ring, digests_elsewhere, written
from safetensors import safe_open
from strange_cells import CELLS, SYMBOLS, network

from lstmc.errors import UsageError
from lstmc.export import Package, exporter
from lstmc.export.runtime import Answer
from lstmc.network.slstm import Slstm

NAME = "xlstm"
needed = pytest.mark.skipif(
    bool(exporter(NAME).runtimes()[0].missing()), reason="xlstm is not installed: " + exporter(NAME).install
)
OFF = {"float64": 1e-12, "float32": 1e-5, "float16": 3e-2, "bfloat16": 0.2}
GATES = ("entrance", "lasting", "writer", "read_filter")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes(NAME))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    tried = case(name, cell="slstm")
    with started(NAME, Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes(NAME))
@pytest.mark.parametrize("dtype", OFF)
def test_it_computes_what_the_equations_say(dtype, runtime):
    """For any weights and numbers: a transducer's outputs, too, and pieces that go on where the last one ended."""
    net = network(Slstm, dtype)
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    with started(NAME, Package(net), runtime) as worker:
        for found in whole_and_in_pieces(worker, tokens):
            assert apart(unscaled(found), unscaled(expected(net, tokens))) < OFF[dtype]


def unscaled(answer: Answer) -> Answer:
    """What of c, n and m does not hang on the stabilizer: at its first step xlstm has another one, entrance alone."""
    h, c, n, m = (part.astype(np.float64) for part in answer.state)
    return Answer(answer.logits, answer.outputs, (h, c / n, np.log(n) + m), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes(NAME))
def test_the_stabilizer_of_a_compiled_network_is_the_same(runtime):
    """Its entrance is above its lasting from the first step on."""
    net = case("reber", cell="slstm").network
    tokens = np.random.default_rng(1).integers(len(net.alphabet), size=(6, 9))
    state = net.start(len(tokens))
    with started(NAME, Package(net), runtime) as worker:
        for time, column in enumerate(tokens.T):
            state = net.step(state, column)
            assert np.array_equal(worker.run(tokens[:, [time]], time > 0).state[2:], state[2:])


def test_what_the_format_lacks_is_refused():
    with pytest.raises(UsageError) as caught:
        written(NAME, Package(case("reber", cell="slstm").network, quantize=True))
    assert caught.value.message == "xlstm cannot hold int8: xlstm has no int8 layers"
    with pytest.raises(UsageError) as caught:
        written(NAME, Package(case("reber").network))
    assert caught.value.message == "xlstm cannot hold the cell type 'lstm'"
    assert caught.value.help == "it takes slstm; torch, onnx, numpy, javascript and c take every cell type"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_file_is_a_state_dict(dtype, tmp_path):
    """What numpy reads; bfloat16 it has not."""
    package = Package(network(Slstm, dtype), proof="00ff")
    (tmp_path / "file").write_bytes(written(NAME, package))
    with safe_open(tmp_path / "file", "np") as file:
        about, found = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    assert about == {"format": "pt", "lstmc": package.about_json, "proof": "00ff"}
    assert json.loads(about["lstmc"])["cell"] == "slstm"
    assert {values.dtype for values in found.values()} == {np.dtype(dtype)}
    ours = package.tensors
    kernel = found.pop("cell._recurrent_kernel_").reshape(4, CELLS, CELLS)
    symbols = found.pop("gates.weight").reshape(4, CELLS, len(SYMBOLS))
    bias = found.pop("cell._bias_").reshape(4, CELLS)
    for gate, *rows in zip(GATES, kernel, symbols, bias, strict=True):
        for values, source in zip(rows, ("cells", "symbols", "bias"), strict=True):
            assert np.array_equal(values, ours[f"slstm.{gate}.{source}"])
    assert found.keys() == {f"{layer}.{part}" for layer in ("reader", "output") for part in ("weight", "bias")}
    assert all(np.array_equal(values, ours[name]) for name, values in found.items())


@needed
@pytest.mark.slow
def test_a_transducer_with_hostile_names():
    check_ring(NAME, exporter(NAME).runtimes()[0])


@needed
@pytest.mark.slow
def test_the_snippet_prints_hostile_names(tmp_path):
    check_printed_names(NAME, tmp_path)


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(tmp_path):
    one = digests_elsewhere(NAME, tmp_path / "one", PYTHONHASHSEED="1")
    assert digests_elsewhere(NAME, tmp_path / "two", PYTHONHASHSEED="2") == one


@needed
@pytest.mark.slow
def test_the_page(tmp_path):
    check_page(NAME, tmp_path)
