"""What a proof costs: random automata of growing size at -O2, compiled without proof, proved, and verified.

    python benchmarks/proof_cost.py --rules 1000 10000 100000

Prints seconds of CPU, and the times of proof and check as ratios to that of compiling, all within one run. 10 symbols,
every state has a move at each: a tenth as many states as rules.
"""

import argparse
import sys
import time

import lstmc
from lstmc.pipeline import grammar_digest, lower, to_program
from lstmc.proof import prove
from lstmc.proof.checker import check

SYMBOLS = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-verify", action="store_true", help="leave out the checker")
    options = parser.parse_args()
    print(f"{'rules':>8} {'cells':>7} {'compile':>9} {'prove':>9} {'ratio':>6} {'verify':>9} {'ratio':>6}  verdicts")
    for rules in options.rules:
        print(measure(rules, options.seed, not options.no_verify), flush=True)
    return 0


def measure(rules: int, seed: int, verify: bool) -> str:
    """One line of the table."""
    parameters = {"states": rules // SYMBOLS, "symbols": SYMBOLS, "density": 1, "seed": seed}
    grammar = lstmc.load_grammar("random", parameters)
    began = time.process_time()
    program = to_program(grammar, level=2)
    network = lower(program, grammar_digest(grammar), "lstm", "float32", None)
    compiled = time.process_time()
    certificate = prove(network, grammar, program)
    proved = time.process_time()
    files = network.to_bytes(), certificate.to_bytes()
    checking = time.process_time()
    found = check(*files) if verify else []
    times = compiled - began, proved - compiled, time.process_time() - checking
    said = ", ".join(sorted({verdict.kind for verdict in certificate.verdicts.values()}))
    columns = f"{rules:>8,} {network.size:>7,} {times[0]:>8.2f}s"
    columns += "".join(f" {spent:>8.2f}s {spent / times[0]:>6.2f}" for spent in times[1:])
    return f"{columns}  {said}{', NOT CONFIRMED' if found else ''}"


if __name__ == "__main__":
    sys.exit(main())
