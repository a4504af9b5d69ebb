"""Train on Reber strings with noise: from an embedded network, and from random numbers.

    python benchmarks/noisy_reber.py --seed 0            prints the table
    python benchmarks/noisy_reber.py --seed 0 --write    besides, makes the table in docs/embedding.md and the picture
                                                         docs/pictures/noisy-reber.svg anew

Each symbol of a string is shown as one of the other six with a probability of 5 %, and the string goes on as if it had
been shown right. Task: how likely is each symbol, or the end, to be shown next? A run of the whole takes some minutes.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import markers
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

import lstmc
import lstmc_torch

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURE = DOCS / "embedding.md", DOCS / "pictures" / "noisy-reber.svg"

NOISE = 0.05
UNITS = 32
BATCH = 32  # strings a step, new ones every time
HELD_OUT = 2_000  # strings
MARKS = (0, 2, 5, 10, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000)  # after so many steps it is measured
SHOWN = (0, 10, 20, 50, 100, 200, 500, 1000)  # of these in the table
RATES = (0.003, 0.01, 0.03, 0.1)  # learning rates of Adam, the best of which each start gets
RUNS = 5
TRIALS = 2  # runs for each rate, with strings of their own
SYMBOLS = 7  # of the Reber grammar; among what follows, 7 is the end
IGNORE = -100  # where there is nothing to predict

String = list[int]
Curve = list[float]

LOOKS = (("#D55E00", "-"), ("#000000", "--"), ("#E69F00", "-."), ("#0072B2", "-"), ("#009E73", "--"))  # Okabe and Ito


@dataclass(frozen=True)
class Start:
    """What training begins with. `gain` and `doubt` as in lstmc_torch.embed; `random` forgets the compiled weights."""

    name: str
    gain: float | None = None
    doubt: float | None = None
    random: bool = False


RANDOM = Start("random", random=True)
STARTS = (
    RANDOM,
    Start("compiled, as it is"),
    Start("compiled, doubt 0.01", doubt=0.01),
    Start("compiled, doubt 0.01, gain 8", gain=8, doubt=0.01),
    Start("compiled, doubt 0.01, gain 4", gain=4, doubt=0.01),
)


def main() -> int:
    options = parse()
    torch.set_num_threads(1)  # the same sums in the same order
    source = Source.of("reber")
    held_out = source.strings(HELD_OUT, (options.seed, 0))
    floor = source.floor(held_out)
    results = [run(start, source, held_out, options.seed) for start in STARTS]
    text = table(results, floor)
    print(text, end="")
    if options.write:
        write_table(text)
        draw(results, floor, PICTURE)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of strings and weights (default: 0)")
    parser.add_argument("--write", action="store_true", help="make the table and the picture in docs/ anew")
    return parser.parse_args()


@dataclass(frozen=True, eq=False)
class Source:
    """A deterministic grammar with noise: a hidden Markov process of Q states that shows S symbols.

    moves (Q, S, Q)   how likely a symbol is shown on the way from a state to a state        end (Q,)   or the end
    """

    moves: NDArray[np.float64]
    end: NDArray[np.float64]
    start: int

    @classmethod
    def of(cls, name: str, noise: float = NOISE) -> "Source":
        """All ways on are equally likely, as in the Reber grammar."""
        grammar = lstmc.load_grammar(name)
        graph, symbol = grammar.graph, {text: n for n, text in enumerate(grammar.alphabet)}
        number = {state: n for n, state in enumerate(graph)}
        moves, end = np.zeros((len(number), len(symbol), len(number))), np.zeros(len(number))
        for state, data in graph.nodes(data=True):
            ways = graph.out_degree(state) + bool(data.get("accept"))
            end[number[state]] = bool(data.get("accept")) / ways
            for _, target, rule in graph.out_edges(state, data=True):
                shown = np.full(len(symbol), noise / (len(symbol) - 1))
                shown[symbol[rule["symbol"]]] = 1 - noise
                moves[number[state], :, number[target]] += shown / ways
        return cls(moves, end, number[grammar.start[0]])

    def strings(self, count: int, seed: Sequence[int]) -> list[String]:
        random = np.random.default_rng(seed)
        return [self.string(random) for _ in range(count)]

    def string(self, random: np.random.Generator) -> String:
        """The symbols that one walk shows, as numbers."""
        states, symbols, _ = self.moves.shape
        state, shown = self.start, []
        while True:
            move = int(np.searchsorted(self._sums[state], random.random() * self._sums[state, -1], side="right"))
            if move >= symbols * states:
                return shown
            symbol, state = divmod(move, states)
            shown.append(symbol)

    @cached_property
    def _sums(self) -> NDArray[np.float64]:
        """For each state the probabilities of its moves, added up, the end last."""
        ways = self.moves.reshape(len(self.end), -1)
        return np.cumsum(np.concatenate([ways, self.end[:, None]], axis=1), axis=1)

    def floor(self, strings: Sequence[String]) -> float:
        """The cross-entropy of the best predictor there can be, in nats a prediction.

        It knows the process, and keeps how likely each state is after what was shown (the forward algorithm).
        """
        lost, predictions = 0.0, 0
        for string in strings:
            belief = np.eye(len(self.end))[self.start]
            for shown, following in zip(string, [*string[1:], None], strict=True):
                belief = belief @ self.moves[:, shown]
                belief /= belief.sum()
                chance = belief @ self.end if following is None else (belief @ self.moves[:, following]).sum()
                lost -= float(np.log(chance))
                predictions += 1
        return lost / predictions


@dataclass(frozen=True, eq=False)
class Result:
    """What a start came to: held-out cross-entropy, a curve over MARKS for each run, at the best learning rate."""

    start: Start
    rate: float
    curves: list[Curve]


def run(start: Start, source: Source, held_out: list[String], seed: int) -> Result:
    """Find the learning rate on strings of its own, then train RUNS times."""
    trial = source.strings(HELD_OUT, (seed, 1))

    def area(rate: float) -> float:
        """Below the curves: the mean over all steps, late ones and early ones."""
        curves = [train(start, source, trial, rate, (seed, 1, n)) for n in range(TRIALS)]
        return float(np.trapezoid(np.mean(curves, axis=0), MARKS))

    rate = min(RATES, key=area)
    return Result(start, rate, [train(start, source, held_out, rate, (seed, 2, n)) for n in range(RUNS)])


def train(
    start: Start,
    source: Source,
    held_out: list[String],
    rate: float,
    seed: Sequence[int],
    marks: Sequence[int] = MARKS,
) -> Curve:
    """The cross-entropy on `held_out` after each number of steps in `marks`."""
    random = np.random.default_rng(seed)
    module = begin(start, int(random.integers(2**31)))
    optimizer = torch.optim.Adam(module.parameters(), lr=rate)
    tested, curve = batch(held_out), []
    for step in range(marks[-1] + 1):
        if step in marks:
            with torch.no_grad():
                curve.append(loss(module, *tested).item())
        optimizer.zero_grad()
        loss(module, *batch([source.string(random) for _ in range(BATCH)])).backward()
        optimizer.step()
    return curve


def begin(start: Start, seed: int) -> lstmc_torch.GrammarLstm:
    """The module that training begins with: always of the same size."""
    torch.manual_seed(seed)
    compiled = lstmc_torch.to_module(lstmc.compile(lstmc.load_grammar("reber")))
    module = lstmc_torch.embed(compiled, UNITS, gain=start.gain, doubt=start.doubt)
    if start.random:
        module.lstm.reset_parameters()
        module.reader.reset_parameters()
    return module


def batch(strings: Sequence[String]) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and what follows each, (B, T); the end has the number behind the last symbol."""
    longest = max(map(len, strings))
    inputs = torch.zeros(len(strings), longest, dtype=torch.long)
    following = torch.full((len(strings), longest), IGNORE)
    for row, string in enumerate(strings):
        inputs[row, : len(string)] = torch.tensor(string)
        following[row, : len(string)] = torch.tensor([*string[1:], SYMBOLS])
    return inputs, following


def loss(module: lstmc_torch.GrammarLstm, inputs: torch.Tensor, following: torch.Tensor) -> torch.Tensor:
    """Cross-entropy in nats a prediction."""
    return cross_entropy(module(inputs).logits.flatten(0, 1), following.flatten(), ignore_index=IGNORE)


def table(results: Sequence[Result], floor: float) -> str:
    """In Markdown: mean and range of the runs, in nats a prediction."""
    head, lines = ("start", "learning rate", *(f"{mark:,}" for mark in SHOWN)), []
    for result in results:
        columns = np.array(result.curves)[:, [MARKS.index(mark) for mark in SHOWN]].T
        cells = (f"{np.mean(column):.3f} ({min(column):.3f}–{max(column):.3f})" for column in columns)
        lines.append((result.start.name, f"{result.rate:g}", *cells))
    lines.append(("best possible", "", *(f"{floor:.3f}" for _ in SHOWN)))
    return markers.table(head, lines)


def write_table(text: str) -> None:
    PAGE.write_text(markers.with_text(PAGE.read_text(encoding="utf-8"), "table", text), encoding="utf-8")


def draw(results: Sequence[Result], floor: float, file: Path) -> None:
    """The curves as SVG, or as what the file's name ends with; the same bytes for the same curves."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

    with matplotlib.rc_context({"svg.hashsalt": "lstmc", "font.size": 10, "axes.titlesize": 11}):
        figure = Figure(figsize=(8, 4.8), facecolor="white", layout="constrained")
        axes = figure.add_subplot()
        for result, (colour, style) in zip(results, LOOKS, strict=True):
            above = np.array(result.curves) - floor
            axes.plot(MARKS, above.mean(axis=0), style, color=colour, linewidth=2, label=result.start.name)
            axes.fill_between(MARKS, above.min(axis=0), above.max(axis=0), color=colour, alpha=0.2, linewidth=0)
        axes.set_xscale("symlog", linthresh=2, linscale=0.4)
        axes.set_xticks(SHOWN, [f"{mark:,}" for mark in SHOWN])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(0, MARKS[-1])
        axes.set_xlabel(f"training steps, {BATCH} new strings each")
        axes.set_yscale("log")
        axes.set_yticks((0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_ylabel("cross-entropy on held-out strings, nats\nabove that of the best possible predictor")
        axes.set_title(
            f"Reber strings with {NOISE:.0%} noise, {UNITS} units: mean and range of {RUNS} runs", fontsize=11
        )
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False, loc="lower left", handlelength=3)
        file.parent.mkdir(exist_ok=True)
        figure.savefig(file, dpi=150, metadata={"Date": None} if file.suffix == ".svg" else None)


if __name__ == "__main__":
    sys.exit(main())
