"""Compile many random grammars in every way and compare each network with the simulation of its graph.

    python benchmarks/random_grammars.py --seed 0 --count 1000

The same options give the same grammars and strings everywhere. Prints what was compared, and every mismatch; ends with
1 if there is any.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import product
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from agreement import TOLERANCE, Expected, mismatches
from strategies import INVALID, VALID, loops, random_grammar, random_string, transition_cover

import lstmc
from lstmc.errors import FindingsError, LimitError

KINDS = (*VALID, *INVALID)
LEVELS = ((0, "rewrite"), (1, "keep"), (1, "rewrite"), (2, "rewrite"))
REPETITIONS = 300  # of every loop
STRINGS = 10  # random ones for each grammar, besides those that cover every move and loop
LINES = 5  # of mismatches shown for each network


class Task(NamedTuple):
    """One grammar; its seed tells everything about it, given its kind and the largest size."""

    seed: int
    kind: str
    states: int
    symbols: int
    dtypes: tuple[str, ...]


def main() -> int:
    options = parse()
    began = time.perf_counter()
    total: Counter[str] = Counter()
    with Pool(options.jobs) as pool:
        for counts, lines in pool.imap_unordered(compare, tasks(options), chunksize=4):
            total.update(counts)
            print(*lines, sep="\n", end="\n" if lines else "", flush=True)
            if sys.stderr.isatty():
                print(f"\r{total['grammars']} of {options.count} grammars ", end="", file=sys.stderr, flush=True)
    for what in ("grammars", *KINDS, "networks", "refused", "limits", "steps", "mismatches"):
        print(f"{total[what]:>12,} {what}")
    print(f"{time.perf_counter() - began:>12,.0f} seconds")
    return 1 if total["mismatches"] else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the first grammar; the next ones count on from it")
    parser.add_argument("--count", type=int, default=1000, help="how many grammars, all kinds in turn")
    parser.add_argument("--states", type=int, default=7, help="at most so many states (a few copies may come to that)")
    parser.add_argument("--symbols", type=int, default=5, help="at most so many symbols")
    parser.add_argument("--dtypes", nargs="+", choices=TOLERANCE, default=["float32", "float64"])
    parser.add_argument("--jobs", type=int, default=None, help="processes; all cores unless said")
    return parser.parse_args()


def tasks(options: argparse.Namespace) -> Iterator[Task]:
    for seed in range(options.seed, options.seed + options.count):
        yield Task(seed, KINDS[seed % len(KINDS)], options.states, options.symbols, tuple(options.dtypes))


def compare(task: Task) -> tuple[Counter[str], list[str]]:
    """What was compared for one grammar, and a line for every mismatch."""
    rng = Random(f"{task.kind} {task.seed}")
    grammar = random_grammar(task.kind, rng, task.states, task.symbols)
    counts, lines = Counter({"grammars": 1, task.kind: 1}), []
    expected = None
    if task.kind in VALID:
        strings = [random_string(grammar, rng) for _ in range(STRINGS)]
        expected = Expected(grammar, [*transition_cover(grammar), *loops(grammar, REPETITIONS), *strings])
    for variant in variants(task.dtypes):
        label = f"seed {task.seed}, {task.kind}, {' '.join(map(str, variant.values()))}"
        try:
            network = lstmc.compile(grammar, **variant)
        except FindingsError:
            counts["refused"] += 1
            wrong = ["refused"] if expected else []
        except LimitError:
            counts["limits"] += 1
            continue
        else:
            counts["networks"] += 1
            counts["steps"] += expected.steps if expected else 0
            wrong = mismatches(expected, network) if expected else ["not refused"]
        counts["mismatches"] += len(wrong)
        lines += [f"{label}: {line}" for line in wrong[:LINES]]
    return counts, lines


def variants(dtypes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Options of `lstmc.compile`; the toy cell has no level 2, and one number format is enough for it."""
    for (level, memory), dtype in product(LEVELS, dtypes):
        yield {"level": level, "memory": memory, "cell": "lstm", "dtype": dtype}
        if dtype == "float32" and level < 2:
            yield {"level": level, "memory": memory, "cell": "toy", "dtype": dtype}


if __name__ == "__main__":
    sys.exit(main())
