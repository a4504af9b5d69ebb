"""How far the logits of each framework are from our own runner's, and whether what is allowed is right.

    python benchmarks/framework_logits.py                               three networks in every number format
    python benchmarks/framework_logits.py --symbols 32 40 48 64 96      int8: random automata with larger alphabets

2,000 strings of 40 symbols are read, half of them with a wrong symbol. What is allowed is compared with a walk through
the graph after each of the 80,000 symbols. The figures on the pages of docs/frameworks/ come from here.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "export"))

from agreeing import CASES, Case, allowed, case, difference, strings, wrong
from exported import cell_of
from long_strings import walk

import lstmc
from lstmc.errors import FindingsError, LimitError
from lstmc.export import Exporter, Package, Runtime, exporter
from lstmc.extensions import extensions
from lstmc.proof import prove

FORMATS = ("float64", "float32", "float16", "bfloat16", "int8")
CELLS = sorted({cell_of(each.name) for each in extensions("lstmc.exporters")})
STATES = 30  # of the automata with larger alphabets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--symbols", type=int, nargs="*", help="sizes of the alphabets that int8 is tried on")
    options = parser.parse_args()
    print(f"{'framework':<16}{'network':<24}{'format':<10}{'largest difference':>20}{'wrong':>10}")
    for name, tried, number_format in larger(options.symbols) if options.symbols else usual():
        package = Package(tried.network, quantize=number_format == "int8")
        for chosen, runtime in able(package):
            show(chosen, runtime, package, tried, name)


def usual() -> Iterator[tuple[str, Case, str]]:
    for number_format, name, cell in product(FORMATS, CASES, CELLS):
        tried = case(name, "float32" if number_format == "int8" else number_format, cell)
        yield name if cell == "lstm" else f"{name}, {cell}", tried, number_format


def larger(sizes: list[int]) -> Iterator[tuple[str, Case, str]]:
    """Automata at -O1 and -O2, and what the proof says of them under the contract int8-weights."""
    for level, symbols in product((1, 2), sizes):
        grammar = lstmc.load_grammar("random", {"states": str(STATES), "symbols": str(symbols)})
        network = lstmc.compile(grammar, level=level)
        try:
            said = prove(network, grammar).verdicts["int8-weights"].kind
        except (FindingsError, LimitError) as error:
            said = error.message
        print(f"-O{level}, {symbols} symbols: int8-weights {said}")
        yield f"-O{level}, {symbols} symbols", Case(grammar, network, walk(grammar)), "int8"


def able(package: Package) -> Iterator[tuple[Exporter, Runtime]]:
    """Every way of running that is tried with the cell type, has the number format, and is installed."""
    for each in extensions("lstmc.exporters"):
        chosen = exporter(each.name)
        for runtime in chosen.runtimes():
            holds = package.cell == cell_of(each.name) and not chosen.lacking(package, runtime)
            if holds and not runtime.missing():
                yield chosen, runtime


def show(chosen: Exporter, runtime: Runtime, package: Package, tried: Case, name: str) -> None:
    tokens = strings(tried)
    with chosen.start(package, runtime) as worker:
        answer = worker.run(tokens)
    far, mistakes = difference(answer, tried, tokens), wrong(answer, allowed(tried.graph, tokens), tried)
    print(f"{runtime.name:<16}{name:<24}{package.format:<10}{far:>20.2g}{mistakes:>10,}", flush=True)


if __name__ == "__main__":
    main()
