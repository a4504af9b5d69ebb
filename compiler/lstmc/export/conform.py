"""Does an exported network behave in its framework as it does here, and as the proof assumes?

Each runtime gets the printed snippet in a process of its own, and reads

    every short string        in one batch
    random long strings       in one batch, and again symbol by symbol
    loops                     of thousands of symbols, in pieces that go on where the last one ended

Decisions must equal those of our own runner at every symbol; logits and states must be close; and the kernel of an LSTM
or toy must satisfy the contract of the number format, as a network built to show that finds out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lstmc.errors import LstmcError, PluginError, UsageError
from lstmc.export.exporters import GROUP, Exporter, exporter
from lstmc.export.package import INT8, Package
from lstmc.export.probe import Kernel, can_probe, measure, probe
from lstmc.export.runtime import Answer, Runtime, Worker
from lstmc.export.strings import Tokens, configurations, long_strings, loops, short_strings
from lstmc.extensions import extensions
from lstmc.network import Network
from lstmc.network.network import State
from lstmc.network.strings import join_string
from lstmc.proof.contracts import CONTRACTS
from lstmc.stages import Tell, untold

CPU = "cpu"
LOOP = 20_000  # symbols of a loop
PIECE = 1_000  # symbols of a loop that are read at a time
STREAMED = 32  # symbols of the long strings that are read one by one
TIMES = 3  # that speed is measured

# The largest difference of a logit, where the reader's strength K is 16, and of a state. float32: asked for by users
# who compare; the halves: a roundoff or two of the logits' own size; int8: a step of the reader's quantized weights.
LOGITS = {"float64": 1e-4, "float32": 1e-4, "float16": 0.2, "bfloat16": 1.0, INT8: 1.0}
STATES = {"float64": 1e-5, "float32": 1e-5, "float16": 5e-3, "bfloat16": 5e-2, INT8: 5e-2}

Outcome = Literal["conforms", "differs", "missing", "lacks", "broken"]


@dataclass(frozen=True)
class Conformance:
    """How one runtime did.

    outcome    conforms · differs · missing (not installed) · lacks (the number format) · broken (does not run)
    problem    what differs, what is missing or lacking, and what to do
    string     the first string after which it decides otherwise, or its numbers are too far off; None where none is
    symbols    how many symbols were read and compared
    logits     the largest difference of a logit          state    of a state
    kernel     what was measured in it; None where no network of its cell type shows it
    speed      symbols read in a second, the long strings side by side
    """

    exporter: str
    runtime: str
    outcome: Outcome
    problem: str = ""
    version: str = ""
    string: str | None = None
    symbols: int = 0
    logits: float | None = None
    state: float | None = None
    kernel: Kernel | None = None
    speed: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The line that `lstmc conform --json` prints; what is not finite is null."""
        data = _finite(asdict(self))
        if self.kernel is not None:
            data["kernel"] = _finite(data["kernel"]) | {"violations": list(self.kernel.violations)}
        return data


def _finite(data: dict[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and not isfinite(value) else value for key, value in data.items()}


def conform(
    network: Network,
    names: Sequence[str] | None = None,
    quantize: bool = False,
    length: int = LOOP,
    seed: int = 0,
    tell: Tell = untold,
    device: str = CPU,
) -> Iterator[Conformance]:
    """How each framework does, one after the other.

    names      exporters; all that there are where not given          quantize   whether weights are made int8
    length     symbols of a loop                                      seed       of the random strings
    tell       hears how far it is                                    device     "cpu", or "cuda" for a GPU

    Raises PluginError for a name that is not there, and for a device that is not; UsageError where a framework that is
    named runs on the processor alone. What is missing or broken is an outcome, and no error.
    """
    chosen = [each.name for each in extensions(GROUP) if not each.problem] if names is None else list(names)
    found = [(name, _load(name, required=names is not None)) for name in chosen]
    package = Package(network, quantize=quantize)
    ways = [(name, each, _runtimes(each, device, package, required=names is not None)) for name, each in found]
    return _each(ways, package, _Questions(network, length, seed), tell)


def _load(name: str, required: bool) -> Exporter | PluginError:
    try:
        return exporter(name)
    except PluginError as error:
        if required:
            raise
        return error


def _runtimes(chosen: Exporter | PluginError, device: str, package: Package, required: bool) -> tuple[Runtime, ...]:
    if isinstance(chosen, PluginError):
        return ()
    if device == CPU:
        return chosen.runtimes()
    found = chosen.runtimes_on(device, package.format)
    if required and not found:
        raise UsageError(f"{chosen.title} runs on the processor alone", f"on {device} torch runs: --in torch")
    return found


def _each(
    ways: Sequence[tuple[str, Exporter | PluginError, tuple[Runtime, ...]]],
    package: Package,
    questions: "_Questions",
    tell: Tell,
) -> Iterator[Conformance]:
    for done, (name, chosen, runtimes) in enumerate(ways):
        tell(f"running in {name}", done, len(ways))
        if isinstance(chosen, PluginError):
            yield Conformance(name, name, "broken", f"{chosen.message}; {chosen.help}")
            continue
        for runtime in runtimes:
            yield _conformance(name, chosen, runtime, package, questions)


def _conformance(
    name: str, chosen: Exporter, runtime: Runtime, package: Package, questions: "_Questions"
) -> Conformance:
    result = Conformance(name, runtime.name, "conforms")
    if not chosen.takes(package.cell):
        return replace(result, outcome="lacks", problem=f"cannot hold the cell type '{package.cell}'")
    if lacking := chosen.lacking(package, runtime):
        return replace(result, outcome="lacks", problem=f"has no {package.format}: {lacking}")
    if missing := runtime.missing():
        return replace(result, outcome="missing", problem=f"not installed: {', '.join(missing)}; {runtime.install}")
    try:
        chosen.check(package)
        result = replace(result, version=runtime.version())
        with chosen.start(package, runtime) as worker:
            result = _compare(result, worker, package, questions)
            result = replace(result, speed=_speed(worker, questions.long))
        if not can_probe(package.network):
            return _judged(result)
        probing = probe(package)
        with chosen.start(probing, runtime) as worker:
            contract = CONTRACTS["int8-weights" if package.quantize else package.format]
            return _judged(replace(result, kernel=measure(worker, probing, contract)))
    except LstmcError as error:
        return replace(result, outcome="broken", problem=f"{error.message}; {error.help}")


def _judged(result: Conformance) -> Conformance:
    """Differing strings were found before; the kernel may break the contract besides."""
    violations = () if result.kernel is None else result.kernel.violations
    problem = "; ".join([*([result.problem] if result.problem else []), *violations])
    return replace(result, outcome="differs" if problem else "conforms", problem=problem)


def _compare(result: Conformance, worker: Worker, package: Package, questions: "_Questions") -> Conformance:
    """Ask everything, until something differs."""
    for ask, tokens, expected in questions.asked:
        found = ask(worker, tokens)
        rows, length = tokens.shape
        differs = _differing(found, expected, package)
        result = replace(
            result,
            symbols=result.symbols + rows * length,
            logits=_larger(result.logits, float(np.abs(found.logits - expected.logits).max())),
            state=_larger(result.state, float(_state_differences(found, expected).max())),
        )
        if differs is not None:
            row, time, problem = differs
            string = [package.alphabet[x] for x in tokens[row, : time + 1]]
            return replace(result, problem=problem, string=join_string(string, package.alphabet))
    return result


def _differing(found: Answer, expected: Answer, package: Package) -> tuple[int, int, str] | None:
    """Row and time of the first symbol after which something differs, and what; None where nothing does."""
    threshold = package.network.equations.threshold
    limit = LOGITS[package.format] * max(1.0, _strength(package) / 16)
    far = ~(np.abs(found.logits - expected.logits) <= limit)  # NaN is far
    decisions = (found.logits > threshold) != (expected.logits > threshold)
    for what, wrong in (("decisions", decisions), ("logits", far)):
        if wrong.any():
            row, time = _first(np.asarray(wrong.any(axis=2)))
            return row, time, f"{what} differ: {_said(found, expected, package, row, time, wrong[row, time])}"
    if found.outputs is not None and expected.outputs is not None:
        spoken, meant = _spoken(found.outputs), _spoken(expected.outputs)
        unlike = np.asarray(spoken != meant)
        if unlike.any():
            row, time = _first(unlike)
            names = [*package.outputs, "nothing"]  # number −1
            return row, time, f"outputs differ: '{names[spoken[row, time]]}', and not '{names[meant[row, time]]}'"
    differences = _state_differences(found, expected)
    row = int(np.argmax(differences))  # NaN is the largest
    if not differences[row] <= STATES[package.format]:
        return row, found.logits.shape[1] - 1, f"the state differs by {differences[row]:.2g}"
    return None


def _said(found: Answer, expected: Answer, package: Package, row: int, time: int, wrong: NDArray[np.bool_]) -> str:
    """The first wrong number, beside ours."""
    which = int(np.argmax(wrong))
    names = [*package.alphabet, package.end]
    return f"'{names[which]}' is {found.logits[row, time, which]:.6g}, and not {expected.logits[row, time, which]:.6g}"


def _spoken(outputs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the output that is above 0, −1 for none; (B, T)."""
    return np.where(outputs.max(axis=2) > 0, outputs.argmax(axis=2), -1)


def _first(wrong: NDArray[np.bool_]) -> tuple[int, int]:
    """Row and time of the earliest."""
    places = np.argwhere(wrong)
    row, time = places[np.argmin(places[:, 1])].tolist()
    return row, time


def _state_differences(found: Answer, expected: Answer) -> NDArray[np.float64]:
    """The largest of each string, (B,)."""
    parts = zip(found.state, expected.state, strict=True)
    return np.asarray(np.max([np.abs(a - b).max(axis=1) for a, b in parts], axis=0))


def _larger(before: float | None, now: float) -> float:
    """NaN stays NaN."""
    return float(np.maximum(before or 0.0, now))


def _strength(package: Package) -> float:
    """K: how far the reader's values lie from 0."""
    logits = "readout" in package.network.layers
    return float(np.abs(package.network.bias("readout")).max()) if logits else 16.0


def _speed(worker: Worker, tokens: Tokens) -> float:
    """The median, after the questions have warmed it up."""
    return float(np.median([tokens.size / max(worker.run(tokens).seconds, 1e-9) for _ in range(TIMES)]))


class _Questions:
    """What every runtime is asked, with our own runner's answers, which are computed once."""

    def __init__(self, network: Network, length: int, seed: int) -> None:
        found = configurations(network)
        self.long = long_strings(found, seed)
        short, rounds = short_strings(network), loops(found, length)
        self.asked: list[tuple[Callable[[Worker, Tokens], Answer], Tokens, Answer]] = [
            (Worker.run, tokens, _ours(network, tokens)) for tokens in (short, self.long)
        ]
        streamed = self.long[:, :STREAMED]
        self.asked.append((partial(_in_pieces, size=1), streamed, _ours(network, streamed)))
        if len(rounds):
            self.asked.append((partial(_in_pieces, size=PIECE), rounds, _ours(network, rounds)))


def _in_pieces(worker: Worker, tokens: Tokens, size: int) -> Answer:
    """The same answer, asked for piece by piece, each of which goes on where the last one ended."""
    pieces = [worker.run(tokens[:, at : at + size], goes_on=at > 0) for at in range(0, tokens.shape[1], size)]
    outputs = [piece.outputs for piece in pieces if piece.outputs is not None]
    return Answer(
        logits=np.concatenate([piece.logits for piece in pieces], axis=1),
        outputs=np.concatenate(outputs, axis=1) if outputs else None,
        state=pieces[-1].state,
        seconds=sum(piece.seconds for piece in pieces),
    )


def _ours(network: Network, tokens: Tokens) -> Answer:
    state: State = network.start(len(tokens))
    logits, outputs = [], []
    for column in tokens.T:
        state = network.step(state, column)
        readout = network.read(state)
        logits.append(readout.logits.astype(np.float64))
        outputs.append(readout.output)
    spoken = np.stack(outputs, axis=1)
    values = np.where(spoken[..., None] == np.arange(len(network.outputs)), 1.0, -1.0) if network.outputs else None
    return Answer(np.stack(logits, axis=1), values, tuple(part.astype(np.float64) for part in state), 0.0)
