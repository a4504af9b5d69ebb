"""Kill compiles with SIGKILL at random moments, while older files stand where they write.

    python benchmarks/killed_compiles.py --seed 0 --count 200

Each of the two files must be the old one or the new one, whole. No system changes two names in one step, so that a kill
between them leaves a new proof beside old weights; such a pair cannot be taken for one, since a proof names its weights
by their digest. Prints how often both were old, both new, or mixed and told; and every fault. Ends with 1 if there is
one.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from killing import Compiles


def main() -> int:
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        compiles, rng = Compiles(Path(folder)), Random(f"killed {options.seed}")
        counts = Counter(compiles.kill_one(rng) for _ in range(options.count))
    for left, count in sorted(counts.items()):
        print(f"{count:>6} {left}")
    return 1 if set(counts) - {"old", "new", "mixed, and told"} else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--count", type=int, default=20, help="how many compiles")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
