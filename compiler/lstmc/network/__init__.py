"""Stage 4: program to network. Each cell type is a file, found by entry point."""

from lstmc.network.cell_types import cell_type
from lstmc.network.explain import Explanation, explain
from lstmc.network.gain import check_gain, choose_gain
from lstmc.network.network import Network, Readout
from lstmc.network.run import Run, run_all
from lstmc.network.weights_file import from_bytes, load

__all__ = [
    "Explanation",
    "Network",
    "Readout",
    "Run",
    "cell_type",
    "check_gain",
    "choose_gain",
    "explain",
    "from_bytes",
    "load",
    "run_all",
]
