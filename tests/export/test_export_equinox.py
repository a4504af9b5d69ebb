"""Networks in Equinox."""

import json
import sys
from io import BytesIO

import numpy as np
import pytest
from agreeing import CASES, case, check_strings_and_loops, runtimes, started
from exported import check_page, check_printed_names, check_ring, digests_elsewhere, expected_numbers, written

from lstmc.errors import PluginError, UsageError
from lstmc.export import Package, exporter

pytest.importorskip("equinox", reason="equinox is not installed: pip install 'lstmc[equinox]'")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("equinox"))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    with started("equinox", Package(case(name).network), runtime) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("equinox"))
@pytest.mark.parametrize("number_format", ["float64", "float16", "bfloat16"])
def test_every_number_format(number_format, runtime):
    tried = case("reber", number_format)
    with started("equinox", Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)


def test_what_the_format_lacks_is_refused():
    with pytest.raises(UsageError, match="Equinox cannot hold int8: Equinox has no int8 layers"):
        written("equinox", Package(case("reber").network, quantize=True))
    with pytest.raises(UsageError, match="cannot hold the cell type 'toy'"):
        written("equinox", Package(case("reber", cell="toy").network))


@pytest.mark.parametrize("number_format", ["float64", "float32", "float16", "bfloat16"])
def test_the_file_is_a_line_of_json_and_then_the_leaves(number_format):
    """Read without Equinox: the leaves are numpy arrays one after the other."""
    import jax.numpy as jnp

    package = Package(case("random", number_format).network, proof="00ff")
    stream = BytesIO(written("equinox", package))
    assert json.loads(stream.readline()) == json.loads(package.about_json)
    numbers = expected_numbers(package)
    for name in ("lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias", "reader.weight", "reader.bias"):
        leaf = np.load(stream).view(jnp.dtype(number_format))
        assert np.array_equal(leaf.astype(np.float64), numbers[name]), name
    assert stream.read() == b""


@pytest.mark.slow
def test_a_transducer_with_hostile_names():
    check_ring("equinox", exporter("equinox").runtimes()[0])


@pytest.mark.slow
def test_the_snippet_prints_hostile_names(tmp_path):
    check_printed_names("equinox", tmp_path)


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(tmp_path):
    one = digests_elsewhere("equinox", tmp_path / "one", PYTHONHASHSEED="1")
    assert digests_elsewhere("equinox", tmp_path / "two", PYTHONHASHSEED="2") == one


def test_a_broken_framework_is_no_bug_of_ours(monkeypatch):
    monkeypatch.setitem(sys.modules, "equinox", None)
    with pytest.raises(PluginError, match="Equinox does not work: "):
        exporter("equinox").write(Package(case("reber").network))


@pytest.mark.slow
def test_the_page(tmp_path):
    check_page("equinox", tmp_path)
