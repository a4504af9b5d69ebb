"""Alter the weights of a network, and find out whether the checker lets pass one that is wrong.

All digests of a mutant are right, so only the mathematics can refuse it. Its certificate is that of the network it was
made from, or a new one that the prover makes for the mutant: then the boxes fit what the weights have become.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import numpy as np
import proving
from agreement import Expected, _read_all
from strategies import VALID, loops, random_grammar, random_string, transition_cover

from lstmc.errors import LstmcError
from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.pipeline import grammar_digest, lower, to_program
from lstmc.program import Program
from lstmc.proof import prove
from lstmc.proof.checker import Violation, check

VARIANTS = tuple((level, memory, cell) for (level, memory), cell in proving.VARIANTS)
DTYPES = ("float32", "float32", "float64", "float16", "bfloat16")
REPETITIONS = 60  # of each loop: less than the smallest bound that is proved


class Subject(NamedTuple):
    """A network, what it was made from, and what it must say."""

    grammar: Grammar
    program: Program
    network: Network
    certificate: bytes
    expected: Expected
    label: str


def subject(grammar: Grammar, level: int, memory: str, cell: str, dtype: str) -> Subject:
    """Compiled and proved. Raises LstmcError where that cannot be."""
    program = to_program(grammar, level, memory, cell=cell)
    network = lower(program, grammar_digest(grammar), cell, dtype, None)
    rng = Random(0)
    strings = [*transition_cover(grammar), *loops(grammar, REPETITIONS)]
    strings += [random_string(grammar, rng) for _ in range(40)]
    certificate = prove(network, grammar, program).to_bytes()
    label = f"{grammar.name} -O{level} {memory} {cell} {dtype}"
    return Subject(grammar, program, network, certificate, Expected(grammar, strings), label)


def random_subject(rng: Random) -> Subject:
    """Of a random grammar, in a random way."""
    while True:
        grammar = random_grammar(rng.choice(tuple(VALID)), rng)
        try:
            found = subject(grammar, *rng.choice(VARIANTS), rng.choice(DTYPES))
        except LstmcError:
            continue  # a level or a number format that cannot hold the grammar
        if json.loads(found.certificate)["contracts"][found.network.header.dtype]["verdict"] != "refused":
            return found  # else only a larger gain, or none, would do


class Mutant(NamedTuple):
    """A network that was altered; what was done to it."""

    network: Network
    what: str


Change = Callable[[np.ndarray, Random], str]


def mutant(network: Network, rng: Random) -> Mutant:
    """One tensor of the network altered in a random way."""
    name = rng.choice([n for n, values in network.tensors.items() if values.dtype != np.int64 and values.size])
    values = network.tensors[name].copy()
    change = rng.choice(CHANGES)
    with np.errstate(all="ignore"):
        what = change(values, rng) if change is not flip_bit else flip_bit(values, rng, network)
        values = network.format.round(values)
    return Mutant(replace(network, tensors={**network.tensors, name: values}), f"{name}: {what}")


def scale(values: np.ndarray, rng: Random) -> str:
    place, factor = _place(values, rng), rng.choice((0, 0.5, 0.8, 0.9, 0.99, 1.01, 1.1, 1.25, 2, 10, 1000))
    values[place] *= factor
    return f"{place} times {factor}"


def negate(values: np.ndarray, rng: Random) -> str:
    place = _place(values, rng)
    values[place] *= -1
    return f"{place} negated"


def shift(values: np.ndarray, rng: Random) -> str:
    place, by = _place(values, rng, zeros=True), rng.choice((-1, 1)) * 2.0 ** rng.randint(-8, 9)
    values[place] += by
    return f"{place} plus {by}"


def swap(values: np.ndarray, rng: Random) -> str:
    one, other = _place(values, rng), _place(values, rng, zeros=True)
    values[one], values[other] = values[other], values[one]
    return f"{one} and {other} swapped"


def swap_rows(values: np.ndarray, rng: Random) -> str:
    one, other = rng.randrange(len(values)), rng.randrange(len(values))
    values[[one, other]] = values[[other, one]]
    return f"rows {one} and {other} swapped"


def swap_columns(values: np.ndarray, rng: Random) -> str:
    one, other = rng.randrange(values.shape[-1]), rng.randrange(values.shape[-1])
    values[..., [one, other]] = values[..., [other, one]]
    return f"columns {one} and {other} swapped"


def no_number(values: np.ndarray, rng: Random) -> str:
    place, value = _place(values, rng, zeros=True), rng.choice((np.nan, np.inf, -np.inf))
    values[place] = value
    return f"{place} is {value}"


def flip_bit(values: np.ndarray, rng: Random, network: Network) -> str:
    stored = np.ascontiguousarray(network.format.stored(values))
    bits = stored.view(f"u{stored.dtype.itemsize}")
    place, bit = _place(values, rng), rng.randrange(8 * stored.dtype.itemsize)
    bits[place] ^= bits.dtype.type(1 << bit)
    values[...] = network.format.loaded(stored)
    return f"{place}, bit {bit} flipped"


CHANGES: tuple[Any, ...] = (
    scale,
    scale,
    scale,
    negate,
    shift,
    shift,
    swap,
    swap_rows,
    swap_columns,
    no_number,
    flip_bit,
)


def _place(values: np.ndarray, rng: Random, zeros: bool = False) -> tuple[int, ...]:
    """Where a number stands; one that is not zero, unless zeros will do, too."""
    places = (
        np.argwhere(values) if values.any() and not (zeros and rng.random() < 0.5) else np.argwhere(values == values)
    )
    return tuple(places[rng.randrange(len(places))].tolist())


def bound_to(network: Network, certificate: bytes) -> bytes:
    """The certificate with the digests of this network."""
    data = json.loads(certificate)
    data["network"] |= network.digests()
    return json.dumps(data).encode()


def reproved(found: Subject, network: Network) -> bytes:
    """What the prover says of the mutant; where it stumbles, the old certificate."""
    try:
        with np.errstate(all="ignore"):
            return prove(network, found.grammar, found.program).to_bytes()
    except (ArithmeticError, IndexError, ValueError, LstmcError):
        return bound_to(network, found.certificate)


class Trial(NamedTuple):
    """A mutant that was tried: whether the checker let it pass, and whether it is wrong on some string."""

    what: str
    violations: list[Violation]
    wrong: str | None


def attack(found: Subject, rng: Random) -> Trial:
    """Alter a network, and look at it with the checker and by running it."""
    network, what = mutant(found.network, rng)
    again = rng.random() < 0.5
    certificate = reproved(found, network) if again else bound_to(network, found.certificate)
    violations = check(network.to_bytes(), certificate)
    how = "proved again" if again else "proof as it was"
    return Trial(f"{found.label}, {how}: {what}", violations, wrong(network, found.expected, certificate))


def wrong(network: Network, expected: Expected, certificate: bytes) -> str | None:
    """Where the network says something else than the grammar, or than the certificate allows of probabilities."""
    with np.errstate(all="ignore"):
        allowed, probabilities, output = _read_all(network, expected)
    different = np.any(allowed != expected.allowed, axis=2) | (output != expected.output)
    if probabilities is not None:
        claim = json.loads(certificate)["contracts"].get(network.header.dtype, {})
        tolerance = claim.get("probabilities") or 0.0
        near = np.isnan(expected.probabilities) | (np.abs(probabilities - expected.probabilities) <= tolerance + 1e-6)
        different |= ~near.all(axis=2)
    places = np.argwhere(different & expected.read)
    if not len(places):
        return None
    row, time = places[0].tolist()
    return f"wrong after {list(expected.strings[row])[:time]}"
