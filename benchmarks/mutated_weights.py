"""Damage weights files, and let the loader and the checker look at them.

    python benchmarks/mutated_weights.py --seed 0 --count 20000

Prints how many were refused, how many were accepted since they mean the same, and every one that was accepted though it
means something else, raised what it must not, or took more than 2 seconds; ends with 1 if there is one.
"""

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from damaged_weights import judge_many

AT_A_TIME = 250  # files of one task


def main() -> int:
    options = parse()
    began = time.perf_counter()
    total: Counter[str] = Counter()
    tasks = [(options.seed + number, AT_A_TIME) for number in range(-(-options.count // AT_A_TIME))]
    with Pool(options.jobs) as pool:
        for counts in pool.starmap(judge_many, tasks, chunksize=1):
            total.update(counts)
    faults = {said: count for said, count in total.items() if said not in ("refused", "equal")}
    print(f"{total['refused']:>10,} refused")
    print(f"{total['equal']:>10,} accepted, equal in meaning")
    print(f"{sum(faults.values()):>10,} faults")
    print(f"{time.perf_counter() - began:>10,.0f} seconds")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help=f"of the first {AT_A_TIME} files; it counts on from there")
    parser.add_argument("--count", type=int, default=1000, help="how many files")
    parser.add_argument("--jobs", type=int, default=None, help="processes; all cores unless said")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
