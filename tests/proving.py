"""Compile a random grammar in a random way, prove it, verify the proof, and say what is not as it must be."""

from collections import Counter
from itertools import product
from random import Random
from typing import NamedTuple

from strategies import VALID, random_grammar

from lstmc.errors import FindingsError, LimitError
from lstmc.network import Network
from lstmc.pipeline import compile_proved
from lstmc.proof import CONTRACTS, Certificate
from lstmc.proof.checker import check

KINDS = tuple(VALID)
LEVELS = ((0, "rewrite"), (1, "keep"), (1, "rewrite"))
VARIANTS = (*product(LEVELS, ("lstm", "toy")), ((2, "rewrite"), "lstm"))
DTYPES = ("float32", "float64", "float16", "bfloat16")
LEAKING = ("exact", "approximate")  # contracts under which a kept memory leaks
ALWAYS_PROVED = (*LEAKING, "float32", "float64")


class Task(NamedTuple):
    """One grammar and one way to compile it; its seed tells everything, given the largest size."""

    seed: int
    states: int
    symbols: int


def try_proof(task: Task) -> tuple[Counter[str], list[str]]:
    """What was tried, and a line for everything that failed."""
    rng, kind = Random(f"proof {task.seed}"), KINDS[task.seed % len(KINDS)]
    grammar = random_grammar(kind, rng, task.states, task.symbols)
    (level, memory), cell = rng.choice(VARIANTS)
    dtype = rng.choice(DTYPES)
    label = f"seed {task.seed}, {kind}, -O{level} {memory} {cell} {dtype}"
    counts = Counter({"grammars": 1, kind: 1, f"-O{level} {memory} {cell}": 1, dtype: 1})
    try:
        network, certificate = compile_proved(grammar, level, memory, cell, dtype)
    except LimitError:
        return counts + Counter({"limits": 1}), []
    except FindingsError as error:
        return counts + Counter({"failures": 1}), [f"{label}: {error}"]
    failures = [*surprises(certificate, dtype), *violations(network, certificate)]
    counts.update(f"{name}: {verdict.kind}" for name, verdict in certificate.verdicts.items())
    counts["failures"] += bool(failures)
    return counts, [f"{label}: {failure}" for failure in failures]


def surprises(certificate: Certificate, dtype: str) -> list[str]:
    """Verdicts that are less than what the construction is worth."""
    found = []
    kept = any(certificate.data["classes"])
    for name in (*ALWAYS_PROVED, dtype):
        verdict = certificate.verdicts[name]
        if verdict.kind != ("bounded" if kept and name in LEAKING else "every-length"):
            found.append(str(verdict))
    return found


def violations(network: Network, certificate: Certificate) -> list[str]:
    """What the checker finds."""
    return [f"checker: {violation}" for violation in check(network.to_bytes(), certificate.to_bytes())]


def verdicts(counts: Counter[str]) -> list[str]:
    """How often each contract gave each verdict."""
    return [
        f"{name}: {kind}"
        for name in CONTRACTS
        for kind in ("every-length", "bounded", "refused")
        if counts[f"{name}: {kind}"]
    ]
