"""What is too large to be exported is refused before it is written out, with the figure and a way out."""

import numpy as np
import pytest

import lstmc
from lstmc.errors import LimitError
from lstmc.export import Package
from lstmc.network import lowering

REBER = lstmc.load_grammar("reber")


def test_a_matrix_in_full_is_refused_before_it_is_made(monkeypatch):
    """44 rows of 11 numbers of 4 bytes."""
    monkeypatch.setattr(lowering, "DENSE_CELLS", 5)
    network = lstmc.compile(REBER)
    monkeypatch.setenv("LSTMC_MAX_EXPORT_BYTES", str(44 * 11 * 4))
    matrix = Package(network).tensors["lstm.weight_hh_l0"]
    monkeypatch.undo()
    assert np.array_equal(matrix, lstmc.compile(REBER).tensors["lstm.weight_hh_l0"])
    monkeypatch.setenv("LSTMC_MAX_EXPORT_BYTES", str(44 * 11 * 4 - 1))
    with pytest.raises(LimitError, match=r"11 cells and 7 symbols: a matrix in full has 1,936 bytes") as caught:
        _ = Package(network).tensors
    assert "set LSTMC_MAX_EXPORT_BYTES" in caught.value.help


def test_what_is_written_as_text_is_counted_first(tmp_path, monkeypatch):
    network = lstmc.compile(REBER)
    monkeypatch.setenv("LSTMC_MAX_EXPORT_WEIGHTS", str(network.nonzero))
    Package(network).sparse("lstm.weight_hh_l0")
    monkeypatch.setenv("LSTMC_MAX_EXPORT_WEIGHTS", str(network.nonzero - 1))
    for name in ("numpy", "javascript", "c"):
        with pytest.raises(LimitError, match=f"'reber' has {network.nonzero} weights, more than the limit") as caught:
            lstmc.export_network(network, name, tmp_path / name)
        assert "set LSTMC_MAX_EXPORT_WEIGHTS" in caught.value.help


def test_onnx_has_a_matrix_of_symbols_by_symbols(tmp_path, monkeypatch):
    pytest.importorskip("onnx")
    monkeypatch.setenv("LSTMC_MAX_EXPORT_BYTES", str(7 * 7 * 4 - 1))
    with pytest.raises(LimitError, match="a matrix in full has 196 bytes"):
        lstmc.export_network(lstmc.compile(REBER), "onnx", tmp_path / "reber")
