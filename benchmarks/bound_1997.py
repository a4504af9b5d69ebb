"""How long the cell of 1997 holds: the bound that is proved, and a run up to it and beyond.

    python benchmarks/bound_1997.py                              compares docs/experiments-1997.md with what is found
    python benchmarks/bound_1997.py --write                      writes its table anew; takes half a minute
    python benchmarks/bound_1997.py --gain 22 --contract float64     one case, printed

At a low gain a closed write filter leaks so much that the bound N is small enough to run to. N is what the certificate
claims: whatever is read, the network is right for N symbols. So every string of a set is read, many more than N symbols
of it, and compared with the grammar after each. Wrong is: what may follow, whether the string may end, or a probability
that is off by more than the certificate claims.

The strings are those that go on the same for ever: any word of up to --prefix symbols, then a word of up to --cycle
symbols over and over. A leak always goes one way there. They are not all strings: that nothing goes wrong before N is
proved, that something does afterwards is seen.
"""

import argparse
import itertools
import sys
from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from math import lcm
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from markers import with_table
from numpy.typing import NDArray

import lstmc
from lstmc.grammar import Grammar
from lstmc.network.arithmetic import Numbers, sigmoid
from lstmc.network.equations import bound
from lstmc.network.lstm_1997 import Lstm1997
from lstmc.network.network import Readout
from lstmc.proof import prove
from lstmc.proof.contracts import CONTRACTS
from lstmc.testing.simulation import END, Simulation

PAGE = Path(__file__).parents[1] / "docs" / "experiments-1997.md"
CELL = "lstm-1997"
PREFIX, CYCLE = 3, 3
PATIENCE = 200  # bounds that are run to before a case is given up
RUNS_IN = {"exact": "float64", "approximate": "float32"}  # else in the format of that name


class Case(NamedTuple):
    """A network, the contract that it is proved and run under, and how long the words are that its strings are of."""

    grammar: str
    contract: str
    gain: float
    prefix: int = PREFIX
    cycle: int = CYCLE

    @property
    def dtype(self) -> str:
        return RUNS_IN.get(self.contract, self.contract)


RUN_UNDER = [name for name in CONTRACTS if name != "int8-weights"]  # which speaks of other weights than are run here
CASES = (
    Case("third-from-end", "exact", 20),
    Case("third-from-end", "exact", 24),
    Case("third-from-end", "exact", 26),
    Case("reber", "exact", 64, prefix=2, cycle=1),
    Case("third-from-end", "float32", 24),
    Case("third-from-end", "approximate", 30),
    Case("third-from-end", "float16", 24),
)
HEAD = (
    *("grammar", "proved under", "run in", "gain G", "leak ε", "bound N"),
    *("strings", "wrong answers up to N", "first wrong at symbol", "of the string"),
)


class Found(NamedTuple):
    """bound: N; wrong: how many answers up to there; read: symbols, until an answer to `string` was wrong."""

    bound: int
    strings: int
    wrong: int
    read: int
    string: str | None = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table anew")
    parser.add_argument("--grammar", default="third-from-end", help="with --gain: one without outputs (%(default)s)")
    parser.add_argument("--contract", default="exact", choices=RUN_UNDER, help="with --gain (%(default)s)")
    parser.add_argument("--gain", type=float, help="one case alone")
    parser.add_argument("--prefix", type=int, default=PREFIX, help="symbols before the cycle (%(default)s)")
    parser.add_argument("--cycle", type=int, default=CYCLE, help="symbols that are repeated (%(default)s)")
    options = parser.parse_args()
    if options.gain is not None:
        print(report(Case(options.grammar, options.contract, options.gain, options.prefix, options.cycle)))
        return 0
    page = PAGE.read_text("utf-8")
    fresh = with_table(page, "bound", HEAD, map(row, CASES))
    if options.write:
        PAGE.write_text(fresh, "utf-8")
    elif fresh != page:
        print(f"{PAGE} is not what is found: run {sys.argv[0]} --write, and look at the difference", file=sys.stderr)
        return 1
    return 0


def row(case: Case) -> tuple[str, ...]:
    found = examine(case)
    network = (case.grammar, f"`{case.contract}`", case.dtype, f"{case.gain:g}", f"{2 * closed(case):.1e}")
    first = f"none in {found.read:,}" if found.string is None else f"{found.read:,}"
    return (*network, f"{found.bound:,}", str(found.strings), str(found.wrong), first, found.string or "–")


def report(case: Case) -> str:
    names, values = HEAD, row(case)
    return "\n".join(f"{name:<{max(map(len, names))}}  {value}" for name, value in zip(names, values, strict=True))


def closed(case: Case) -> float:
    """What a closed write filter lets through: 1/(1 + e^(G/2)), and what the contract lets a bad machine add."""
    through = float(sigmoid(np.array(-case.gain / 2)))
    return max(through, Careless.least) if case.contract == "approximate" else through


class Careless(Numbers):
    """A machine whose sigmoid never closes: it has the error that `approximate` allows."""

    least: ClassVar[float] = CONTRACTS["approximate"].sigmoid
    functions: ClassVar[dict[str, Any]] = Numbers.functions | {
        "sigmoid": lambda z: np.maximum(sigmoid(z), z.dtype.type(Careless.least))
    }


class OnCareless(Lstm1997):
    """The cell on that machine."""

    @cached_property
    def _of_cells(self) -> Any:
        return bound(self.equations.of_cells, Careless(self.format))


def examine(case: Case) -> Found:
    """Prove, and run until something is wrong; beyond N the first wrong answer ends it."""
    grammar = lstmc.load_grammar(case.grammar)
    network = lstmc.compile(grammar, cell=CELL, dtype=case.dtype, gain=case.gain)
    verdict = prove(network, grammar, contracts=[case.contract]).verdicts[case.contract]
    if verdict.bound is None:
        sys.exit(f"{case.grammar}, gain {case.gain:g}: {verdict}: there is no bound to run to")
    if case.contract == "approximate":
        network = OnCareless(network.header, network.tensors)
    meaning, tape = Meaning.of(grammar, network), Tape.of(len(network.alphabet), case.prefix, case.cycle)
    count, most = len(tape.words), PATIENCE * verdict.bound
    state, where, wrong = network.start(count), np.zeros(count, np.int64), 0
    for time in range(most):
        symbols = tape.at(time)
        state, where = network.step(state, symbols), meaning.after[where, symbols]
        missed = meaning.missed(where, network.read(state), verdict.probabilities)
        if time < verdict.bound:
            wrong += int(missed.sum())
        elif missed.any():
            return Found(verdict.bound, count, wrong, time + 1, tape.written(int(missed.argmax()), network.alphabet))
    return Found(verdict.bound, count, wrong, most)


class Tape(NamedTuple):
    """Words that end in one that is repeated for ever.

    words    (prefix, cycle), numbers of symbols
    tokens   (B, prefix + period): each string up to where all of them begin again
    """

    words: list[tuple[tuple[int, ...], tuple[int, ...]]]
    tokens: NDArray[np.int64]
    prefix: int

    @classmethod
    def of(cls, symbols: int, prefix: int, cycle: int) -> "Tape":
        """All of them; those that are the same string once."""
        whole = prefix + lcm(*range(1, cycle + 1))
        found = {
            (*first, *islice(itertools.cycle(again), whole - len(first))): (first, again)
            for first in reversed([word for length in range(prefix + 1) for word in _words(symbols, length)])
            for again in reversed([word for length in range(1, cycle + 1) for word in _words(symbols, length)])
        }
        return cls(list(found.values()), np.array(list(found)), prefix)

    def at(self, time: int) -> NDArray[np.int64]:
        """The symbol that each string has there."""
        beyond = time - self.prefix
        period = self.tokens.shape[1] - self.prefix
        symbols: NDArray[np.int64] = self.tokens[:, time if beyond < 0 else self.prefix + beyond % period]
        return symbols

    def written(self, number: int, alphabet: tuple[str, ...]) -> str:
        first, again = ("".join(alphabet[x] for x in word) for word in self.words[number])
        return f"{first}{again}{again}…"


def _words(symbols: int, length: int) -> Iterable[tuple[int, ...]]:
    return itertools.product(range(symbols), repeat=length)


class Meaning(NamedTuple):
    """What a grammar says after every prefix, as tables over what may have been read.

    after (K, S)   allowed (K, S + 1)   chances (K, S + 1), or None where the grammar gives none
    """

    after: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    chances: NDArray[np.float64] | None

    @classmethod
    def of(cls, grammar: Grammar, network: lstmc.Network) -> "Meaning":
        simulation, names = Simulation(grammar), (*network.alphabet, END)
        prefixes: list[tuple[str, ...]] = [()]
        number = {simulation.start: 0}
        after, allowed, chances = [], [], []
        for prefix in prefixes:  # one for each set of states; it grows while we walk
            onward = []
            for symbol in network.alphabet:
                states = simulation.read((*prefix, symbol)).states
                if states not in number:
                    number[states] = len(number)
                    prefixes.append((*prefix, symbol))
                onward.append(number[states])
            may, probabilities = simulation.read(prefix).allowed(), simulation.probabilities()
            after.append(onward)
            allowed.append([name in may for name in names])
            chances.append([float((probabilities or {}).get(name, 0)) for name in names])
        return cls(np.array(after), np.array(allowed), np.array(chances) if simulation.deterministic else None)

    def missed(self, where: NDArray[np.int64], said: Readout, claimed: float | None) -> NDArray[np.bool_]:
        """Which answers are wrong: of what may follow, or by more than is claimed of a probability."""
        allowed = self.allowed[where]
        wrong: NDArray[np.bool_] = (said.allowed != allowed).any(axis=1)
        if self.chances is None or said.probabilities is None or claimed is None:
            return wrong
        off = np.abs(said.probabilities - self.chances[where]).max(axis=1)
        wrong |= allowed.any(axis=1) & (off > claimed)
        return wrong


if __name__ == "__main__":
    sys.exit(main())
