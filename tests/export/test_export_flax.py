"""Networks in Flax."""

import json
import sys

import numpy as np
import pytest
from agreeing import CASES, case, check_strings_and_loops, runtimes, started
from exported import check_page, check_printed_names, check_ring, digests_elsewhere, expected_numbers, written

from lstmc.errors import PluginError, UsageError
from lstmc.export import Package, exporter

pytest.importorskip("flax", reason="flax is not installed: pip install 'lstmc[flax]'")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("flax"))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    with started("flax", Package(case(name).network), runtime) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("flax"))
@pytest.mark.parametrize("number_format", ["float64", "float16", "bfloat16"])
def test_every_number_format(number_format, runtime):
    tried = case("reber", number_format)
    with started("flax", Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)


def test_what_the_format_lacks_is_refused():
    with pytest.raises(UsageError, match="Flax cannot hold int8: Flax has no int8 layers"):
        written("flax", Package(case("reber").network, quantize=True))
    with pytest.raises(UsageError, match="cannot hold the cell type 'toy'"):
        written("flax", Package(case("reber", cell="toy").network))


@pytest.mark.parametrize("number_format", ["float64", "float32", "float16", "bfloat16"])
def test_the_file_holds_every_number(number_format):
    from flax.serialization import msgpack_restore

    package = Package(case("random", number_format).network, proof="00ff")
    found = msgpack_restore(written("flax", package))
    assert found["about"] == json.loads(package.about_json)
    cell, reader = found["params"]["lstm"]["cell"], found["params"]["reader"]
    assert cell["dense_i"]["kernel"].dtype == number_format
    numbers = expected_numbers(package)
    for leaf, expected in (
        (cell["dense_i"]["kernel"], numbers["lstm.weight_ih_l0"].T),
        (cell["dense_h"]["kernel"], numbers["lstm.weight_hh_l0"].T),
        (cell["dense_h"]["bias"], numbers["lstm.bias"]),
        (reader["kernel"], numbers["reader.weight"].T),
        (reader["bias"], numbers["reader.bias"]),
    ):
        assert np.array_equal(leaf.astype(np.float64), expected)


@pytest.mark.slow
def test_a_transducer_with_hostile_names():
    check_ring("flax", exporter("flax").runtimes()[0])


@pytest.mark.slow
def test_the_snippet_prints_hostile_names(tmp_path):
    check_printed_names("flax", tmp_path)


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(tmp_path):
    one = digests_elsewhere("flax", tmp_path / "one", PYTHONHASHSEED="1")
    assert digests_elsewhere("flax", tmp_path / "two", PYTHONHASHSEED="2") == one


def test_a_broken_framework_is_no_bug_of_ours(monkeypatch):
    monkeypatch.setitem(sys.modules, "flax", None)
    with pytest.raises(PluginError, match="Flax does not work: "):
        exporter("flax").write(Package(case("reber").network))


@pytest.mark.slow
def test_the_page(tmp_path):
    check_page("flax", tmp_path)
