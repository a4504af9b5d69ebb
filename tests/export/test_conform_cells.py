"""Each cell type, compiled, behaves in each framework as here: all short strings, random ones, loops."""

import pytest

import lstmc
from lstmc.export.conform import conform

EVERYWHERE = ("numpy", "c", "javascript", "onnx", "torch")  # frameworks that hold every cell type
IN_KERAS = {"gru", "rnn", "rnn-relu"}  # and lstm: test_export_keras.py
LACKS = {("onnx-reference", "rnn-relu"): "has no float32: the reference evaluator has no RNN with relu"}
CELLS = ("lstm", "toy", "peephole", "coupled", "gru", "rnn", "rnn-relu", "lstm-1997", "slstm")
LOOP = 200  # symbols
SYMBOLS = 1000  # fewer would be no test


def outcomes(name, cell, framework):
    network = lstmc.compile(name, cell=cell)
    found = list(conform(network, [framework], length=LOOP))
    if all(each.outcome == "missing" for each in found):
        pytest.skip(found[0].problem)
    return [each for each in found if each.outcome != "missing"]


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("framework", EVERYWHERE)
def test_a_cell_type_conforms(framework, cell):
    for found in outcomes("reber", cell, framework):
        lacks = LACKS.get((found.runtime, cell))
        assert (found.outcome, found.problem) == (("lacks", lacks) if lacks else ("conforms", "")), found.runtime
        assert found.symbols > SYMBOLS or lacks


@pytest.mark.slow
@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell != "lstm"])
def test_keras_holds_the_cell_types_that_are_its_layers(cell):
    for found in outcomes("reber", cell, "keras"):
        if cell in IN_KERAS:
            assert (found.outcome, found.problem) == ("conforms", ""), found.runtime
        else:
            assert (found.outcome, found.problem) == ("lacks", f"cannot hold the cell type '{cell}'")


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", ["third-from-end", "edge-detector"])
def test_sets_of_states_and_outputs_conform_in_plain_code(name, cell):
    (found,) = outcomes(name, cell, "numpy")
    assert (found.outcome, found.problem) == ("conforms", "")


@pytest.mark.parametrize("cell", ["lstm", "toy", "gru"])
def test_the_kernel_is_measured_where_the_probe_knows_the_cell(cell):
    (found,) = outcomes("reber", cell, "numpy")
    assert (found.kernel is not None) == (cell in ("lstm", "toy"))
