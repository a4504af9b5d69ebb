"""Train LSTMs on the strings of a grammar, and measure them beside the compiled ones.

    python benchmarks/trained_lstm.py --seed 0            prints the table
    python benchmarks/trained_lstm.py --seed 0 --write    besides, makes the table in docs/toy-lstm.md and the picture
                                                          docs/pictures/trained-lstm.svg anew

The usual recipe: one LSTM layer with a linear read-out, as PyTorch begins them; Adam; the cross-entropy of the next
symbol; clipped gradients; new strings at each step, so that nothing can be learned by heart. A run takes some minutes.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any

import markers
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, one_hot

import lstmc
from lstmc.network.seed_toy import seed_toy

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURE = DOCS / "toy-lstm.md", DOCS / "pictures" / "trained-lstm.svg"

STEPS = 2_000
BATCH = 32  # strings a step
# Where Adam begins, of which each size gets the best; from there down to 0 in a line. (From 0.3, some trainings on the
# embedded grammar failed.)
RATES = (0.01, 0.03, 0.1)
CLIP = 1.0  # the norm of the gradient
TRIALS = 2  # for each rate, on strings of their own
RUNS = 5  # each with strings and first weights of its own
TEST, LONG = 2_000, 200  # strings; no training sees them
LENGTHS = (100, 200)  # symbols of the long ones
REPETITIONS = 10_000

# From which probability on a symbol counts as predicted. Here every way on that is allowed has a probability of ½ or 1,
# and what is forbidden has 0: ¼ lies half way.
PREDICTED = 0.25
IGNORE = -100  # where there is nothing to predict

String = list[int]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
State = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Loop:
    """Strings that may go on for ever: a beginning, a symbol that repeats, and a way out to where it matters how the
    string began (none where it does not).

    A network that has forgotten the beginning, and always says the same, is right after one beginning of two. So each
    loop is run with all of them, and is right where every one is.
    """

    beginnings: tuple[str, ...]
    repeated: str
    way_out: str = ""


@dataclass(frozen=True)
class Task:
    """A grammar, the numbers of cells to train (first those of the compiled networks), and its loops."""

    grammar: str
    title: str
    cells: tuple[int, ...]
    loops: tuple[Loop, ...]


TASKS = (
    Task("reber", "Reber", (8, 11, 32), (Loop(("BT",), "S"), Loop(("BP",), "T"), Loop(("BTXX",), "T"))),
    Task(
        "embedded-reber",
        "embedded Reber",
        (20, 27, 64),
        (
            Loop(("BTBT", "BPBT"), "S", "XSE"),
            Loop(("BTBP", "BPBP"), "T", "VVE"),
            Loop(("BTBTXX", "BPBTXX"), "T", "VVE"),
        ),
    ),
)


def main() -> int:
    options = parse()
    torch.set_num_threads(1)  # the same sums in the same order
    results = [result for task in TASKS for result in measured(task, options.seed, options.steps)]
    text = table(results)
    print(text, end="")
    if options.write:
        write_table(text)
        draw(results, PICTURE)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of strings and first weights (default: 0)")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of each training (default: {STEPS})")
    parser.add_argument("--write", action="store_true", help="make the table and the picture in docs/ anew")
    return parser.parse_args()


@dataclass(frozen=True, eq=False)
class Language:
    """A deterministic grammar of Q states and S symbols, straight from its graph, without the compiler.

    following (Q, S)     the next state        chances (Q, S + 1)   how likely each symbol is next, the end last
    """

    grammar: lstmc.Grammar
    start: int
    following: NDArray[np.int64]
    chances: Floats

    @classmethod
    def of(cls, name: str) -> "Language":
        """All ways on are equally likely, as in the Reber grammar."""
        grammar = lstmc.load_grammar(name)
        graph, symbol = grammar.graph, {text: n for n, text in enumerate(grammar.alphabet)}
        number = {state: n for n, state in enumerate(graph)}
        following = np.full((len(number), len(symbol)), -1)
        chances = np.zeros((len(number), len(symbol) + 1))
        for state, data in graph.nodes(data=True):
            ways = graph.out_degree(state) + bool(data.get("accept"))
            chances[number[state], -1] = bool(data.get("accept")) / ways
            for _, target, rule in graph.out_edges(state, data=True):
                following[number[state], symbol[rule["symbol"]]] = number[target]
                chances[number[state], symbol[rule["symbol"]]] += 1 / ways
        return cls(grammar, number[grammar.start[0]], following, chances)

    def strings(self, count: int, seed: int, length: tuple[int, int] | None = None) -> list[String]:
        """Drawn as the grammar makes them."""
        return [self.tokens(drawn.symbols) for drawn in lstmc.sample(self.grammar, count, seed, length)]

    def tokens(self, symbols: Iterable[str]) -> String:
        return [self.grammar.alphabet.index(symbol) for symbol in symbols]

    def along(self, string: String) -> Floats:
        """The chances after each of its T symbols, (T, S + 1)."""
        states = [self.start]
        for x in string:
            states.append(int(self.following[states[-1], x]))
        return self.chances[states[1:]]


class Net(torch.nn.Module):
    """One LSTM layer and a linear read-out; the names of the tensors are those of the files that lstmc writes."""

    def __init__(self, symbols: int, cells: int) -> None:
        super().__init__()
        self.symbols = symbols
        self.lstm = torch.nn.LSTM(symbols, cells, batch_first=True)
        self.reader = torch.nn.Linear(cells, symbols + 1)

    def forward(self, tokens: torch.Tensor, state: State | None = None) -> tuple[torch.Tensor, State]:
        """tokens (B, T)  ->  logits (B, T, S + 1), and the state (h, c) after the last."""
        h, state = self.lstm(one_hot(tokens, self.symbols).float(), state)
        return self.reader(h), state


@dataclass(frozen=True)
class Measures:
    """How good a network is.

    test, long         share of the prefixes of test strings, of long strings, after which the set of symbols is right
    off                the largest difference of a probability on the test strings
    mistakes, resting  of each loop: after how many repetitions the first mistake comes, None for never; and whether
                       all numbers of the network stay as they are from some repetition on
    """

    test: float
    long: float
    off: float
    mistakes: tuple[int | None, ...]
    resting: tuple[bool, ...]


@dataclass(frozen=True)
class Result:
    """A kind of network on a grammar; `rate` is None where nothing was trained."""

    task: Task
    name: str
    rate: float | None
    runs: tuple[Measures, ...]


def measured(task: Task, seed: int, steps: int) -> Iterator[Result]:
    """The trained networks of each size, then the compiled ones."""
    exam = Exam.of(task, seed)
    for cells in task.cells:
        rate = best_rate(exam.language, cells, seed, steps)
        nets = (train(exam.language, cells, rate, 1_000 * seed + run, steps) for run in range(RUNS))
        yield Result(task, f"trained, {cells} cells", rate, tuple(exam.of_net(net) for net in nets))
    yield from compiled(exam)


def compiled(exam: "Exam") -> Iterator[Result]:
    """The networks that lstmc makes, in the same PyTorch module."""
    for level in (2, 1):
        network = lstmc.compile(exam.language.grammar, level=level)
        net = Net(len(network.alphabet), network.size)
        net.load_state_dict({name: torch.from_numpy(values) for name, values in network.tensors.items()})
        yield Result(exam.task, f"compiled, {network.size} cells (-O{level})", None, (exam.of_net(net),))


def best_rate(language: Language, cells: int, seed: int, steps: int, rates: Sequence[float] = RATES) -> float:
    """The learning rate after which strings set apart for it are predicted best."""
    first = 1_000 * seed + 500
    inputs, following = batch(language, language.strings(TEST, first + TRIALS))

    def lost(rate: float) -> float:
        nets = [train(language, cells, rate, first + trial, steps) for trial in range(TRIALS)]
        with torch.no_grad():
            return float(np.mean([loss(net, inputs, following).item() for net in nets]))

    return min(rates, key=lost)


def train(language: Language, cells: int, rate: float, seed: int, steps: int) -> Net:
    """A network of so many cells, after so many steps."""
    torch.manual_seed(seed)
    net = Net(len(language.grammar.alphabet), cells)
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    strings = language.strings(steps * BATCH, seed)
    for first in range(0, len(strings), BATCH):
        optimizer.zero_grad()
        loss(net, *batch(language, strings[first : first + BATCH])).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), CLIP)
        optimizer.step()
        schedule.step()
    return net


def batch(language: Language, strings: Sequence[String]) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and what follows each, (B, T); the end has the number behind the last symbol."""
    longest, end = max(map(len, strings)), len(language.grammar.alphabet)
    inputs = np.zeros((len(strings), longest), np.int64)
    following = np.full((len(strings), longest), IGNORE)
    for row, string in enumerate(strings):
        inputs[row, : len(string)] = string
        following[row, : len(string)] = [*string[1:], end]
    return torch.from_numpy(inputs), torch.from_numpy(following)


def loss(net: Net, inputs: torch.Tensor, following: torch.Tensor) -> torch.Tensor:
    """Cross-entropy in nats a prediction."""
    logits, _ = net(inputs)
    return cross_entropy(logits.flatten(0, 1), following.flatten(), ignore_index=IGNORE)


@dataclass(frozen=True, eq=False)
class Exam:
    """What networks are asked: strings that are drawn, long strings, and loops."""

    task: Task
    language: Language
    test: list[String]
    long: list[String]

    @classmethod
    def of(cls, task: Task, seed: int) -> "Exam":
        language, own = Language.of(task.grammar), 1_000 * seed + 900
        return cls(task, language, language.strings(TEST, own), language.strings(LONG, own + 1, LENGTHS))

    @torch.no_grad()
    def of_net(self, net: Net) -> Measures:
        test, off = self.on_strings(net, self.test)
        long, _ = self.on_strings(net, self.long)
        mistakes, resting = in_loops(net, self.language, self.task.loops)
        return Measures(test, long, off, mistakes, resting)

    def on_strings(self, net: Net, strings: list[String]) -> tuple[float, float]:
        """The share of their prefixes after which the set is right, and the largest difference of a probability."""
        given = net(batch(self.language, strings)[0])[0].softmax(-1).numpy()
        found = np.concatenate([given[row, : len(string)] for row, string in enumerate(strings)])
        true = np.concatenate([self.language.along(string) for string in strings])
        return float(right(found, true).mean()), float(abs(found - true).max())


def right(found: NDArray[Any], true: Floats) -> Bools:
    """Whether the symbols that are predicted are just those that are allowed: (N, S + 1), twice  ->  (N,)."""
    return ((found > PREDICTED) == (true > 0)).all(axis=1)


@dataclass(frozen=True)
class Lane:
    """One of the strings of a loop."""

    loop: Loop
    beginning: str


def in_loops(
    net: Net, language: Language, loops: Sequence[Loop], repetitions: int = REPETITIONS
) -> tuple[tuple[int | None, ...], tuple[bool, ...]]:
    """For each loop the first mistake, and whether the network comes to rest."""
    lanes = [Lane(loop, beginning) for loop in loops for beginning in loop.beginnings]
    h, c = repeat(net, language, lanes, repetitions)
    found = {lane: first_mistake(net, language, lane, (h[None, n], c[None, n])) for n, lane in enumerate(lanes)}
    still = {lane: bool((h[n, -1] == h[n, -2]).all() and (c[n, -1] == c[n, -2]).all()) for n, lane in enumerate(lanes)}
    of_loop = [[lane for lane in lanes if lane.loop == loop] for loop in loops]
    mistakes = ([found[lane] for lane in each] for each in of_loop)
    firsts = tuple(min((n for n in each if n is not None), default=None) for each in mistakes)
    return firsts, tuple(all(still[lane] for lane in each) for each in of_loop)


def repeat(net: Net, language: Language, lanes: Sequence[Lane], repetitions: int) -> State:
    """The states after each repetition, from none on: h and c, (lanes, repetitions + 1, H)."""
    states = [net(torch.tensor([language.tokens(lane.beginning)]))[1] for lane in lanes]
    state = tuple(torch.cat(parts, dim=1) for parts in zip(*states, strict=True))
    repeated = torch.tensor([language.tokens(lane.loop.repeated) for lane in lanes])
    seen = [state]
    for _ in range(repetitions):
        _, state = net(repeated, state)
        seen.append(state)
    h, c = (torch.stack([part[0] for part in parts], dim=1) for parts in zip(*seen, strict=True))
    return h, c


def first_mistake(net: Net, language: Language, lane: Lane, states: State) -> int | None:
    """After how many repetitions the set is wrong, at once or on the way out; states (1, repetitions + 1, H)."""
    way_out = language.tokens(lane.loop.way_out)
    true = language.along([*language.tokens(lane.beginning), *way_out])[-len(way_out) - 1 :]
    logits = [net.reader(states[0][0])]
    if way_out:
        logits += net(torch.tensor([way_out]).expand(states[0].shape[1], -1), states)[0].unbind(1)
    each = zip(logits, true, strict=True)
    wrong = ~np.all([right(found.softmax(-1).numpy(), chances[None]) for found, chances in each], axis=0)
    return int(wrong.argmax()) if wrong.any() else None


def toy_mistakes(task: Task, repetitions: int = REPETITIONS) -> tuple[int | None, ...]:
    """The same of the toy network that was weighted by hand; it never knew an end, which is not counted here."""
    toy, language = seed_toy(""), Language.of(task.grammar)
    mistakes = []
    for loop in task.loops:
        state, beginning, (repeated,) = toy.start(), language.tokens(*loop.beginnings), language.tokens(loop.repeated)
        for x in beginning:
            state = toy.step(state, np.array([x]))
        allowed = language.along(beginning)[-1, :-1] > 0
        count = 0
        while count <= repetitions and (toy.read(state).allowed[0, :-1] == allowed).all():
            state, count = toy.step(state, np.array([repeated])), count + 1
        mistakes.append(count if count <= repetitions else None)
    return tuple(mistakes)


HEAD = ("grammar", "network", "rate", "test", "long", "off by", "loops right", "first mistake", "at rest")


def table(results: Sequence[Result]) -> str:
    """In Markdown."""
    return markers.table(HEAD, map(row, results))


def row(result: Result) -> tuple[str, ...]:
    mistakes = [mistake for run in result.runs for mistake in run.mistakes]
    found = [mistake for mistake in mistakes if mistake is not None]
    return (
        result.task.title,
        result.name,
        "–" if result.rate is None else f"{result.rate:g}",
        share([run.test for run in result.runs]),
        share([run.long for run in result.runs]),
        off(max(run.off for run in result.runs)),
        f"{len(mistakes) - len(found)} of {len(mistakes)}",
        f"{min(found):,}" if found else "none",
        f"{sum(sum(run.resting) for run in result.runs)} of {len(mistakes)}",
    )


def share(shares: Sequence[float]) -> str:
    """The mean and the worst, rounded down: 100 % would have to be all."""
    if min(shares) == 1:
        return "all"
    mean, worst = (floor(10_000 * each) / 100 for each in (float(np.mean(shares)), min(shares)))
    return f"{mean:.2f} % ({worst:.2f} %)" if len(shares) > 1 else f"{mean:.2f} %"


def off(difference: float) -> str:
    return f"{difference:.3f}" if difference >= 0.001 else f"{difference:.0e}"


def write_table(text: str) -> None:
    PAGE.write_text(markers.with_text(PAGE.read_text(encoding="utf-8"), "table", text), encoding="utf-8")


HAND, TRAINED, COMPILED = "#D55E00", "#0072B2", "#009E73"  # Okabe and Ito
NEVER = 3.5 * REPETITIONS  # where the picture shows loops without mistake


def draw(results: Sequence[Result], file: Path) -> None:
    """Each loop of each run as a dot, as SVG or what the file's name ends with; the same bytes for the same results."""
    import matplotlib
    from matplotlib.figure import Figure

    toy = TASKS[0]
    lines = [("made by hand", "D", HAND, toy_mistakes(toy), toy.title)]
    for result in results:
        mistakes = tuple(mistake for run in result.runs for mistake in run.mistakes)
        look = ("s", COMPILED) if result.rate is None else ("o", TRAINED)
        lines.append((result.name, *look, mistakes, result.task.title))
    with matplotlib.rc_context({"svg.hashsalt": "lstmc", "font.size": 10}):
        figure = Figure(figsize=(8, 5.2), facecolor="white", layout="constrained")
        axes = figure.add_subplot()
        places = [n + (line[4] != toy.title) * 0.9 for n, line in enumerate(lines)]
        for place, (_, marker, colour, mistakes, _) in zip(places, lines, strict=True):
            dots(axes, place, mistakes, marker, colour)
        axes.set_yticks(places, [line[0] for line in lines])
        for task in TASKS:
            first = next(place for place, line in zip(places, lines, strict=True) if line[4] == task.title)
            axes.text(3.4, first - 0.62, f"{task.title} grammar", weight="bold", va="bottom")
        axes.set_ylim(places[-1] + 0.7, -1.3)
        axes.set_xscale("log")
        axes.set_xlim(3, 1.6 * NEVER * 2)
        ticks = (10, 100, 1_000, REPETITIONS)
        axes.set_xticks([*ticks, NEVER], [*(f"{tick:,}" for tick in ticks), "none"])
        axes.minorticks_off()
        axes.axvline(1.7 * REPETITIONS, color="#888888", linewidth=0.8, linestyle=":")
        axes.set_xlabel("repetitions of a loop until the first mistake")
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        file.parent.mkdir(exist_ok=True)
        figure.savefig(file, dpi=150, metadata={"Date": None} if file.suffix == ".svg" else None)


def dots(axes: Any, place: float, mistakes: Sequence[int | None], marker: str, colour: str) -> None:
    """One line of the picture. Dots are shifted up and down in turn, so that they can be told apart."""
    found = sorted(mistake for mistake in mistakes if mistake is not None)
    shifts = [place + 0.22 * (0, -1, 1)[n % 3] for n in range(len(found))]
    axes.plot([max(1, n) for n in found], shifts, marker, color=colour, markersize=6, alpha=0.75, markeredgewidth=0)
    never = len(mistakes) - len(found)
    if never:
        axes.plot([NEVER], [place], marker, color=colour, markersize=6, markeredgewidth=0)
    axes.text(1.35 * NEVER, place, f"{never} of {len(mistakes)}", va="center", color=colour if never else "#666666")


if __name__ == "__main__":
    sys.exit(main())
