"""Alter the weights of random networks, their digests made right again, and let the checker look at them.

    python benchmarks/attacks.py --seed 0 --count 10000

Each mutant has one number, row or column changed, and the old proof or one that the prover makes for it. It is wrong
if it says something else than its grammar on a cover of all moves, on long loops or on random strings. Prints how many
wrong ones were refused, and how many of the others, which the checker need not refuse; ends with 1 if a wrong one, or
an untouched network's proof, was not treated as it must be.
"""

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from mutants import attack, random_subject

from lstmc.proof.checker import check

MUTANTS = 20  # of each network


def main() -> int:
    options = parse()
    began = time.perf_counter()
    seeds = range(options.seed, options.seed + -(-options.count // MUTANTS))
    total: Counter[str] = Counter()
    with Pool(options.jobs) as pool:
        for counts, lines in pool.imap_unordered(try_network, seeds):
            total.update(counts)
            print(*lines, sep="\n", end="\n" if lines else "", flush=True)
            if sys.stderr.isatty():
                print(f"\r{total['mutants']} of {options.count} mutants ", end="", file=sys.stderr, flush=True)
    for what in (*ROWS, "failures"):
        print(f"{total[what]:>12,} {what}")
    print(f"{time.perf_counter() - began:>12,.0f} seconds")
    return 1 if total["failures"] else 0


ROWS = (
    "networks",
    "mutants",
    "wrong, refused",
    "wrong, accepted",
    "right on all strings tried, refused",
    "right on all strings tried, accepted",
)


def try_network(seed: int) -> tuple[Counter[str], list[str]]:
    rng = Random(f"attacks {seed}")
    found = random_subject(rng)
    counts, lines = Counter({"networks": 1}), []
    if check(found.network.to_bytes(), found.certificate):
        lines.append(f"seed {seed}: {found.label}: the untouched network is refused")
    for _ in range(MUTANTS):
        what, violations, wrong = attack(found, rng)
        how = "wrong" if wrong else "right on all strings tried"
        counts.update(["mutants", f"{how}, {'refused' if violations else 'accepted'}"])
        if wrong and not violations:
            lines.append(f"seed {seed}: {what}: accepted, but {wrong}")
    counts["failures"] = len(lines)
    return counts, lines


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the first network; the next ones count on from it")
    parser.add_argument("--count", type=int, default=1000, help=f"how many mutants, {MUTANTS} of each network")
    parser.add_argument("--jobs", type=int, default=None, help="processes; all cores unless said")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
