"""Damage grammar files of every format, and judge what their readers make of them.

    python benchmarks/mutated_grammars.py --seed 0 --count 100000 [--format dot ...]

A reader may answer with a grammar or with an error of ours, within 2 seconds. A grammar must write back equal. Prints
for each format how many of COUNT files still read and how many were refused, and every fault; ends with 1 if there is
one.
"""

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from damaged_patterns import try_patterns
from readers import corpus, formats

from lstmc.testing.mutation import Tally, try_mutants

AT_A_TIME = 250  # files of one task
REGEX = "regex"  # is no format of files: its patterns are damaged, and compared with Python's `re`


def main() -> int:
    options = parse()
    failed = False
    print(f"{'format':<10}{'files':>10}{'still read':>12}{'refused':>10}{'faults':>8}{'seconds':>9}")
    with Pool(options.jobs) as pool:
        for name in options.format or [*formats(), REGEX]:
            began = time.perf_counter()
            tasks = [(name, options.seed + number) for number in range(-(-options.count // AT_A_TIME))]
            counts: Counter[str] = Counter()
            for tally in pool.imap_unordered(try_some, tasks):
                counts.update(read=tally.read, refused=tally.refused, faults=len(tally.faults))
                failed |= bool(tally.faults)
                for wrong, text in tally.faults:
                    print(f"{name}: {wrong}\n  {text!r}", flush=True)
            row = f"{counts['read']:>12,}{counts['refused']:>10,}{counts['faults']:>8,}"
            print(f"{name:<10}{counts.total():>10,}{row}{time.perf_counter() - began:>9.0f}", flush=True)
    return 1 if failed else 0


def try_some(task: tuple[str, int]) -> Tally:
    format, seed = task
    if format == REGEX:
        return try_patterns(Random(f"{format} {seed}"), AT_A_TIME)
    return try_mutants(corpus(format), format, Random(f"{format} {seed}"), AT_A_TIME)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help=f"of the first {AT_A_TIME} files; it counts on from there")
    parser.add_argument("--count", type=int, default=1000, help="how many files of each format")
    parser.add_argument("--format", action="append", help="one format; all of ours unless said")
    parser.add_argument("--jobs", type=int, default=None, help="processes; all cores unless said")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
