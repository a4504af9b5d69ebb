"""Repeat the loops of the Reber grammar a million times, and let every network make a million symbols of strings.

    python benchmarks/loops.py --repetitions 1000000 --symbols 1000000 --seed 0

What is allowed is compared with a walk through the graph at every step. Prints a table; ends with 1 if any answer was
wrong. (The toy LSTM that the project grew from is wrong after 13, 42 and 87 repetitions.)
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from long_strings import VARIANTS, mistakes_in_loops, mistakes_in_own_strings

import lstmc


def main() -> int:
    options = parse()
    grammar = lstmc.load_grammar("reber")
    print(f"{'network':<22}{'first mistake in loops':<34}{'wrong in own strings':<24}seconds")
    failed = False
    for variant in VARIANTS:
        began = time.perf_counter()
        network = lstmc.compile(grammar, dtype="float32", **variant)
        mistakes = mistakes_in_loops(network, grammar, options.repetitions)
        wrong, drawn = mistakes_in_own_strings(network, grammar, options.symbols, options.seed)
        failed |= bool(mistakes or wrong)
        name = f"{variant['cell']} -O{variant['level']}" + (" rewrite" if variant["memory"] == "rewrite" else "")
        shown = ", ".join(f"{m.prefix}: {m.repetitions:,}" for m in mistakes) or f"none in {options.repetitions:,}"
        seconds = time.perf_counter() - began
        print(f"{name:<22}{shown:<34}{f'{wrong:,} of {drawn:,}':<24}{seconds:.1f}", flush=True)
    return int(failed)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=1_000_000, help="of each loop (default: 1000000)")
    parser.add_argument("--symbols", type=int, default=1_000_000, help="of each network's strings (default: 1000000)")
    parser.add_argument("--seed", type=int, default=0, help="of the strings (default: 0)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
