"""Compile many random grammars of all kinds, each in a random way, prove every network, and verify every proof.

    python benchmarks/random_proofs.py --seed 0 --count 10000
    python benchmarks/random_proofs.py --seed 0 --count 10000 --gains explicit

The same options give the same grammars everywhere. A failure is a network that is not proved as the construction
promises (under its own number format, exact, approximate, float32 and float64), or a proof that the checker does not
confirm. With explicit gains, from 4 to 2^20, only the latter is: too low a gain gives wrong networks, of which nothing
must be claimed. Prints what was tried, and every failure; ends with 1 if there is any.
"""

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from proving import DTYPES, KINDS, VARIANTS, Task, try_proof, verdicts

LINES = 5  # shown of each failure


def main() -> int:
    options = parse()
    began = time.perf_counter()
    explicit = options.gains == "explicit"
    seeds = range(options.seed, options.seed + options.count)
    tasks = (Task(seed, options.states, options.symbols, explicit) for seed in seeds)
    total: Counter[str] = Counter()
    with Pool(options.jobs) as pool:
        for counts, lines in pool.imap_unordered(try_proof, tasks, chunksize=4):
            total.update(counts)
            print(*lines[:LINES], sep="\n", end="\n" if lines else "", flush=True)
            if sys.stderr.isatty():
                print(f"\r{total['grammars']} of {options.count} grammars ", end="", file=sys.stderr, flush=True)
    ways = [f"-O{level} {memory} {cell}" for (level, memory), cell in VARIANTS]
    for what in ("grammars", *KINDS, *ways, *DTYPES, *verdicts(total), "limits", "failures"):
        print(f"{total[what]:>12,} {what}")
    print(f"{time.perf_counter() - began:>12,.0f} seconds")
    return 1 if total["failures"] else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the first grammar; the next ones count on from it")
    parser.add_argument("--count", type=int, default=1000, help="how many grammars, all kinds in turn")
    parser.add_argument("--gains", choices=("derived", "explicit"), default="derived", help="derived unless said")
    parser.add_argument("--states", type=int, default=7, help="at most so many states (a few copies may come to that)")
    parser.add_argument("--symbols", type=int, default=5, help="at most so many symbols")
    parser.add_argument("--jobs", type=int, default=None, help="processes; all cores unless said")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
