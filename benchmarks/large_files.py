"""How long large grammar files take to read, with all checks, in every format.

    python benchmarks/large_files.py --edges 10000

Prints for each format the size of the file, the seconds of processor time that reading takes, and how many times as
long a file of twice as many edges takes: about 2, since time grows with the size. Each is the best of
three. Ends with 1 where what is read is not what was written.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import networkx as nx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from readers import formats

from lstmc.grammar import Grammar
from lstmc.grammar.convert import save_grammar
from lstmc.grammar.read import read_grammar

SYMBOLS = "abcde"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, default=10_000, help="of the smaller file")
    edges = parser.parse_args().edges
    right = True
    print(f"{'format':<10}{'bytes':>12}{'seconds':>10}{'twice the edges':>18}")
    with tempfile.TemporaryDirectory() as folder:
        for name in formats():
            files = [Path(folder) / f"{number}.{name}" for number in (edges, 2 * edges)]
            grammars = [
                save_grammar(large(number), file) for number, file in zip((edges, 2 * edges), files, strict=True)
            ]
            seconds = [min(seconds_to_read(file) for _ in range(3)) for file in files]
            right &= all(same(read_grammar(file), grammar) for file, grammar in zip(files, grammars, strict=True))
            row = f"{files[0].stat().st_size:>12,}{seconds[0]:>10.2f}{seconds[1] / seconds[0]:>17.1f}×"
            print(f"{name:<10}{row}", flush=True)
    return 0 if right else 1


def large(edges: int) -> Grammar:
    """A grammar with so many edges, five from each state; every state can be reached."""
    random, graph, states = Random(1), nx.MultiDiGraph(), edges // len(SYMBOLS)
    graph.add_node("state-0", start=True)
    for number in range(states):
        graph.add_node(f"state-{number}", accept=True)
        for symbol in SYMBOLS:
            target = (number + 1) % states if symbol == SYMBOLS[0] else random.randrange(states)
            graph.add_edge(f"state-{number}", f"state-{target}", symbol=symbol)
    return Grammar.from_graph(graph, "large")


def same(read: Grammar, written: Grammar) -> bool:
    """Whether they are equal but for the name, which some formats leave to the file."""
    return Grammar.from_graph(read.graph, written.name) == written


def seconds_to_read(file: Path) -> float:
    began = time.process_time()
    read_grammar(file)
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
