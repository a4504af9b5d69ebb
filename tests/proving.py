"""Compile a random grammar in a random way, prove it, verify the proof, and say what is not as it must be."""

from collections import Counter
from math import log2
from random import Random
from typing import NamedTuple

from strategies import VALID, random_grammar

from lstmc.errors import FindingsError, LimitError
from lstmc.grammar import Grammar
from lstmc.network import Network, cell_type
from lstmc.pipeline import compile_proved, grammar_digest, lower, to_program
from lstmc.proof import CONTRACTS, Certificate, prove
from lstmc.proof.checker import CELLS, check

KINDS = tuple(VALID)
LEVELS = ((0, "rewrite"), (1, "keep"), (1, "rewrite"), (2, "rewrite"))


def taken(cell: str) -> list[tuple[int, str]]:
    """The levels that a cell type takes, with each way of loops."""
    of = cell_type(cell)
    return [(level, memory) for level, memory in LEVELS if level in of.levels and (of.keeps or memory != "keep")]


VARIANTS = tuple((how, cell) for cell in CELLS for how in taken(cell))
DTYPES = ("float32", "float64", "float16", "bfloat16")
LEAKING = ("exact", "approximate")  # contracts under which a kept memory leaks
ALWAYS_PROVED = (*LEAKING, "float32", "float64")
# What is off adds up in a GRU and an RNN, and what drifts in an LSTM of 1997: logits of another format than that of the
# weights may then be too far from ln p, and decisions are right all the same.
TOO_FAR = {"gru": ("exact", "float32"), "rnn": ("exact", "float32"), "lstm-1997": ("approximate",)}

GAINS = (4.0, 2.0**20)  # of the gains that are asked for, from the smallest to the largest


class Task(NamedTuple):
    """One grammar and one way to compile it; its seed tells everything, given the largest size.

    explicit   whether to ask for a random gain, at which a network need not be right: then what is claimed must be
    """

    seed: int
    states: int
    symbols: int
    explicit: bool = False


class Case(NamedTuple):
    """What a task is to compile, and how."""

    kind: str
    grammar: Grammar
    level: int
    memory: str
    cell: str
    dtype: str
    gain: float | None

    @property
    def variant(self) -> str:
        return f"-O{self.level} {self.memory} {self.cell}"


def case(task: Task) -> Case:
    """The random grammar of a task, and the random way to compile it."""
    rng, kind = Random(f"proof {task.seed}"), KINDS[task.seed % len(KINDS)]
    grammar = random_grammar(kind, rng, task.states, task.symbols)
    (level, memory), cell = rng.choice(VARIANTS)
    dtype = rng.choice(DTYPES)
    return Case(kind, grammar, level, memory, cell, dtype, random_gain(rng) if task.explicit else None)


def label(task: Task, case: Case) -> str:
    gain = f" gain {case.gain:g}" if case.gain else ""
    return f"seed {task.seed}, {case.kind}, {case.variant} {case.dtype}{gain}"


def proved(case: Case) -> tuple[Network, Certificate]:
    """Raises what `compile_proved` raises where the gain is derived."""
    how = (case.grammar, case.level, case.memory, case.cell, case.dtype)
    return compile_proved(*how) if case.gain is None else proved_or_not(*how, case.gain)


def try_proof(task: Task) -> tuple[Counter[str], list[str]]:
    """What was tried, and a line for everything that failed."""
    this = case(task)
    counts = Counter({"grammars": 1, this.kind: 1, this.variant: 1, this.dtype: 1})
    try:
        network, certificate = proved(this)
    except LimitError:
        return counts + Counter({"limits": 1}), []
    except FindingsError as error:
        return counts + Counter({"failures": 1}), [f"{label(task, this)}: {error}"]
    failures = violations(network, certificate) + ([] if this.gain else surprises(certificate, this.dtype))
    counts.update(f"{name}: {verdict.kind}" for name, verdict in certificate.verdicts.items())
    counts["failures"] += bool(failures)
    return counts, [f"{label(task, this)}: {failure}" for failure in failures]


def random_gain(rng: Random) -> float:
    """Of every size alike; a power of two, an integer, or neither."""
    exponent = rng.uniform(*map(log2, GAINS))
    return rng.choice([2.0 ** round(exponent), float(round(2**exponent)), 2**exponent])


def proved_or_not(
    grammar: Grammar, level: int, memory: str, cell: str, dtype: str, gain: float
) -> tuple[Network, Certificate]:
    """As `compile_proved`, but also where nothing is proved under the number format of the weights."""
    program = to_program(grammar, level, memory, cell=cell)
    network = lower(program, grammar_digest(grammar), cell, dtype, gain)
    return network, prove(network, grammar, program)


def surprises(certificate: Certificate, dtype: str) -> list[str]:
    """Verdicts that are less than what the construction is worth."""
    found, cell = [], certificate.data["cell"]["name"]
    kept = any(certificate.data["classes"])
    for name in (*ALWAYS_PROVED, dtype):
        verdict = certificate.verdicts[name]
        too_far = name != dtype and name in TOO_FAR.get(cell, ()) and (verdict.reason or "").startswith("probabilities")
        if verdict.kind != ("bounded" if kept and name in LEAKING else "every-length") and not too_far:
            found.append(str(verdict))
    return found


def violations(network: Network, certificate: Certificate) -> list[str]:
    """What the checker finds, aside of that it, too, says so where the format of the weights is refused."""
    refused = certificate.verdicts[network.header.dtype].kind == "refused"
    found = check(network.to_bytes(), certificate.to_bytes())
    return [f"checker: {violation}" for violation in found if not (refused and violation.what == "refused")]


def verdicts(counts: Counter[str]) -> list[str]:
    """How often each contract gave each verdict."""
    return [
        f"{name}: {kind}"
        for name in CONTRACTS
        for kind in ("every-length", "bounded", "refused")
        if counts[f"{name}: {kind}"]
    ]
