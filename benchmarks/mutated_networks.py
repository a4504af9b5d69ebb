"""Damage weights and certificates, and let the loader and the checker look at them.

    python benchmarks/mutated_networks.py --seed 0 --count 20000                  weights with damaged bytes
    python benchmarks/mutated_networks.py --kind weights --count 40000            altered, and their digests made right
    python benchmarks/mutated_networks.py --kind certificates --count 30000
    python benchmarks/mutated_networks.py --kind grammars --count 30000           as certificates hold them

Prints how many were refused, how many were accepted since they mean the same, and every fault with its seed: one that
was accepted though it means something else, raised what it must not, took more than 2 seconds of CPU or 1 GiB, or
killed the interpreter, which is why each batch has a process of its own; ends with 1 if there is one.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from isolation import judged

AT_A_TIME = 1000  # files of one process
KINDS = {"bytes": "damaged_weights", "weights": "altered_files", "certificates": "altered_files"}
KINDS["grammars"] = "certificate_grammars"


def main() -> int:
    options = parse()
    began = time.perf_counter()
    total: Counter[str] = Counter()
    end = options.seed + options.count
    firsts = range(options.seed, end, AT_A_TIME)

    def batch(first: int) -> list[str]:
        found = judged(KINDS[options.kind], options.kind, first, min(AT_A_TIME, end - first))
        return [said for _, said in found]

    with ThreadPoolExecutor(options.jobs) as pool:
        for number, said in enumerate(pool.map(batch, firsts), start=1):
            total.update(said)
            if sys.stderr.isatty():
                print(f"\r{number} of {len(firsts)} batches ", end="", file=sys.stderr, flush=True)
    faults = {said: count for said, count in total.items() if said not in ("refused", "equal")}
    print(f"{total['refused']:>10,} refused")
    print(f"{total['equal']:>10,} accepted, equal in meaning")
    print(f"{sum(faults.values()):>10,} faults")
    print(f"{time.perf_counter() - began:>10,.0f} seconds")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, default="bytes", help="what is damaged, and how")
    parser.add_argument("--seed", type=int, default=0, help="of the first file; it counts on from there")
    parser.add_argument("--count", type=int, default=1000, help="how many files")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
