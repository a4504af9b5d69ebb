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

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from long_strings import LOOPS, walk

import lstmc
from lstmc.export import Exporter, Package, Runtime, Worker, exporter
from lstmc.extensions import extensions

PIECE = 10_000  # symbols read at a time
GRAPH = walk(lstmc.load_grammar("reber"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=1_000_000, help="of each loop (default: 1000000)")
    parser.add_argument("--in", dest="names", nargs="*", help="only these exporters")
    options = parser.parse_args()
    package, wrong = Package(lstmc.compile(lstmc.load_grammar("reber"))), 0
    print(f"{'framework':<16}{'wrong':<28}{'symbols/s':>12}")
    for name in options.names or [each.name for each in extensions("lstmc.exporters")]:
        for runtime in exporter(name).runtimes():
            wrong += bool(runtime.missing()) or loop(exporter(name), runtime, package, options.repetitions)
    return int(wrong > 0)


def loop(chosen: Exporter, runtime: Runtime, package: Package, repetitions: int) -> int:
    """How many answers were wrong, one loop after the other."""
    file = f"{package.name}{chosen.suffix}"
    wrong, began = 0, time.perf_counter()
    with Worker(runtime, package, {file: chosen.write(package)}, chosen.snippet(package, file)) as worker:
        for beginning, symbol in LOOPS:
            wrong += wrong_answers(worker, package, beginning, symbol, repetitions)
    speed = len(LOOPS) * repetitions / (time.perf_counter() - began)
    said = f"{wrong:,} of {len(LOOPS) * repetitions:,}"
    print(f"{runtime.name:<16}{said:<28}{speed:>12,.0f}", flush=True)
    return wrong


def wrong_answers(worker: Worker, package: Package, beginning: str, symbol: str, repetitions: int) -> int:
    """After how many of the repetitions something else is allowed than in the graph."""
    network = package.network
    start = np.array([network.tokens(beginning)])
    worker.run(start)
    place = GRAPH.start
    for x in [*start[0], *network.tokens(symbol)]:
        place = GRAPH.following[place, x]  # where the loop stays
    piece, wrong = np.full((1, PIECE), network.tokens(symbol)[0]), 0
    for first in range(0, repetitions, PIECE):
        answer = worker.run(piece[:, : repetitions - first], goes_on=True)
        wrong += int(((answer.logits[0] > 0) != GRAPH.allowed[place]).any(axis=1).sum())
    return wrong


if __name__ == "__main__":
    sys.exit(main())
