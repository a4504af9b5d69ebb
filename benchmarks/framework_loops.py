"""Repeat the loops of the Reber grammar a million times in every framework that is installed.

    python benchmarks/framework_loops.py --repetitions 1000000

Each framework runs the snippet that `lstmc export` prints. What is allowed is compared with a walk through the graph at
every step. Prints a table; ends with 1 if any answer was wrong, or a framework could not be run.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "export"))

from exported import cell_of
from long_strings import LOOPS, walk

import lstmc
from lstmc.export import Exporter, Package, Runtime, exporter
from lstmc.extensions import extensions

PIECE = 10_000  # symbols read at a time
GRAPH = walk(lstmc.load_grammar("reber"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=1_000_000, help="of each loop (default: 1000000)")
    parser.add_argument("--in", dest="names", nargs="*", help="only these exporters")
    options = parser.parse_args()
    wrong = 0
    print(f"{'framework':<16}{'wrong':<28}{'symbols/s':>12}")
    for name in options.names or [each.name for each in extensions("lstmc.exporters")]:
        package = Package(lstmc.compile(lstmc.load_grammar("reber"), cell=cell_of(name)))
        for runtime in exporter(name).runtimes():
            wrong += bool(runtime.missing()) or loop(exporter(name), runtime, package, options.repetitions)
    return int(wrong > 0)


def loop(chosen: Exporter, runtime: Runtime, package: Package, repetitions: int) -> int:
    """How many answers were wrong in all loops, which run side by side."""
    tokens, wrong, began = looping(package, repetitions), 0, time.perf_counter()
    place = np.full(len(tokens), GRAPH.start)
    with chosen.start(package, runtime) as worker:
        for first in range(0, tokens.shape[1], PIECE):
            piece = tokens[:, first : first + PIECE]
            expected = np.empty((*piece.shape, len(package.alphabet) + 1), np.bool_)
            for t, column in enumerate(piece.T):
                place = GRAPH.following[place, column]
                expected[:, t] = GRAPH.allowed[place]
            found = worker.run(piece, goes_on=first > 0).logits > 0
            wrong += int((found != expected).any(axis=2).sum())
    speed = tokens.size / (time.perf_counter() - began)
    print(f"{runtime.name:<16}{f'{wrong:,} of {tokens.size:,}':<28}{speed:>12,.0f}", flush=True)
    return wrong


def looping(package: Package, repetitions: int) -> NDArray[np.int64]:
    """A row for each loop: its beginning, and then its symbol again and again."""
    network, length = package.network, max(len(beginning) for beginning, _ in LOOPS) + repetitions
    rows = [[*network.tokens(beginning), *network.tokens(symbol) * length][:length] for beginning, symbol in LOOPS]
    return np.array(rows)


if __name__ == "__main__":
    sys.exit(main())
