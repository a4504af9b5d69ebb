"""Stage 4: program to network. Each cell type is a file, found by entry point; docs/adding-a-cell.md says how."""

from lstmc.network.cell_types import cell_type
from lstmc.network.equations import Equations
from lstmc.network.explain import Explanation, explain
from lstmc.network.gain import check_gain, choose_gain
from lstmc.network.layers import reader_layer
from lstmc.network.lowering import (
    Tests,
    check_tests,
    entering,
    finished,
    layer_tensors,
    lower_tests,
    parted,
    test_tensors,
)
from lstmc.network.network import Network, Readout, Rows, Weights
from lstmc.network.run import Run, run_all
from lstmc.network.weights_file import from_bytes, load

__all__ = [
    "Equations",
    "Explanation",
    "Network",
    "Readout",
    "Rows",
    "Run",
    "Tests",
    "Weights",
    "cell_type",
    "check_gain",
    "check_tests",
    "choose_gain",
    "entering",
    "explain",
    "finished",
    "from_bytes",
    "layer_tensors",
    "load",
    "lower_tests",
    "parted",
    "reader_layer",
    "run_all",
    "test_tensors",
]
