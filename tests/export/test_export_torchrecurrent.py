"""The LSTM with peepholes in torchrecurrent."""

import json

import numpy as np
import pytest
from agreeing import CASES, apart, case, check_strings_and_loops, expected, runtimes, started, whole_and_in_pieces
from exported import check_page, check_printed_names, check_ring, digests_elsewhere, written
from safetensors import safe_open
from strange_cells import SYMBOLS, network

from lstmc.errors import UsageError
from lstmc.export import Package, exporter
from lstmc.network.peephole import Peephole

NAME = "torchrecurrent"
needed = pytest.mark.skipif(
    bool(exporter(NAME).runtimes()[0].missing()), reason="torchrecurrent is not installed: " + exporter(NAME).install
)
OFF = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 0.15}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes(NAME))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    tried = case(name, cell="peephole")
    with started(NAME, Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes(NAME))
@pytest.mark.parametrize("dtype", OFF)
def test_it_computes_what_the_equations_say(dtype, runtime):
    """For any weights and numbers: a transducer's outputs, too, and pieces that go on where the last one ended."""
    net = network(Peephole, dtype)
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    with started(NAME, Package(net), runtime) as worker:
        for found in whole_and_in_pieces(worker, tokens):
            assert apart(found, expected(net, tokens)) < OFF[dtype]


def test_what_the_format_lacks_is_refused():
    with pytest.raises(UsageError) as caught:
        written(NAME, Package(case("reber", cell="peephole").network, quantize=True))
    assert caught.value.message == "torchrecurrent cannot hold int8: torchrecurrent has no int8 layers"
    with pytest.raises(UsageError) as caught:
        written(NAME, Package(case("reber").network))
    assert caught.value.message == "torchrecurrent cannot hold the cell type 'lstm'"
    assert caught.value.help == "it takes peephole; torch, onnx, numpy, javascript and c take every cell type"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_file_is_a_state_dict(dtype, tmp_path):
    """What numpy reads; bfloat16 it has not."""
    package = Package(network(Peephole, dtype), proof="00ff")
    (tmp_path / "file").write_bytes(written(NAME, package))
    with safe_open(tmp_path / "file", "np") as file:
        about, found = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    assert about == {"format": "pt", "lstmc": package.about_json, "proof": "00ff"}
    assert json.loads(about["lstmc"])["cell"] == "peephole"
    cell = {name: f"recurrent.cells.0.{name}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    ours = {theirs: f"peephole.{name}_l0" for name, theirs in cell.items()}
    ours |= {"recurrent.cells.0.weight_ph": "peephole.weight_ch_l0"}
    ours |= {f"{layer}.{part}": f"{layer}.{part}" for layer in ("reader", "output") for part in ("weight", "bias")}
    assert found.keys() == ours.keys()
    for theirs, name in ours.items():
        assert found[theirs].dtype == dtype
        assert np.array_equal(found[theirs], package.tensors[name]), name


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
