"""A network's tensors read by plain Python: the equations of an LSTM and of the toy, written out once more."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import exp, tanh

import numpy as np
from numpy.typing import NDArray

from lstmc.automaton import Automaton
from lstmc.network import Network

Numbers = list[float]


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z)) if z > -700 else 0.0


@dataclass
class PlainLstm:
    """c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'), logits = reader·h' + bias; all in float64, sum by sum."""

    network: Network

    def __post_init__(self) -> None:
        self.w_ih, self.w_hh, self.b_ih, self.b_hh, self.reader, self.reader_bias = (
            dense(self.network, name).tolist()
            for name in (
                "lstm.weight_ih_l0",
                "lstm.weight_hh_l0",
                "lstm.bias_ih_l0",
                "lstm.bias_hh_l0",
                "reader.weight",
                "reader.bias",
            )
        )
        self.size = len(self.b_ih) // 4
        self.h: Numbers = [0.0] * self.size
        self.c: Numbers = [0.0] * self.size

    def step(self, symbol: int) -> None:
        z = [
            self.w_ih[row][symbol]
            + self.b_ih[row]
            + self.b_hh[row]
            + sum(w * h for w, h in zip(self.w_hh[row], self.h, strict=True))
            for row in range(4 * self.size)
        ]
        i, f, g, o = (z[k * self.size : (k + 1) * self.size] for k in range(4))
        self.c = [sigmoid(f[m]) * self.c[m] + sigmoid(i[m]) * tanh(g[m]) for m in range(self.size)]
        self.h = [sigmoid(o[m]) * tanh(self.c[m]) for m in range(self.size)]

    def logits(self) -> Numbers:
        return [
            bias + sum(w * h for w, h in zip(row, self.h, strict=True))
            for row, bias in zip(self.reader, self.reader_bias, strict=True)
        ]


def dense(network: Network, name: str) -> NDArray[np.float64]:
    """A tensor as a dense matrix, also where it is stored as sparse rows."""
    if name in network.tensors:
        return np.asarray(network.tensors[name], np.float64)
    data, indices, indptr = (network.tensors[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    matrix = np.zeros(network.shapes()[name])
    for row in range(len(matrix)):
        for n in range(int(indptr[row]), int(indptr[row + 1])):
            matrix[row, int(indices[n])] += float(data[n])
    return matrix


# significant bits, and the exponent of the smallest number
SHAPES = {"float64": (53, -1074), "float32": (24, -149), "float16": (11, -24), "bfloat16": (8, -133)}


def nearest(value: float, name: str) -> float:
    """The nearest number of the format, ties to even, by exact arithmetic."""
    bits, smallest = SHAPES[name]
    exact = abs(Fraction(value))
    exponent = smallest
    while exact >= Fraction(2) ** (exponent + bits):
        exponent += 1
    units = exact / Fraction(2) ** exponent
    whole = units.numerator // units.denominator
    rest = units - whole
    whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    rounded = whole * Fraction(2) ** exponent
    return float(rounded) if value >= 0 else -float(rounded)


def every_step(network: Network, automaton: Automaton) -> Iterator[tuple[tuple[NDArray[np.floating], ...], int, int]]:
    """Every configuration that occurs, with the state of a deterministic automaton (−1: dead) and every symbol."""
    go = {(p, x): q for p, x, q, _, _ in automaton.each_move()}
    first = int(np.flatnonzero(automaton.initial)[0])
    waiting = [(first, network.start())]
    seen = {(first, network.on(network.start()).tobytes())}
    for q, state in waiting:  # it grows while we walk
        for x in range(len(automaton.alphabet)):
            yield state, q, x
            after = network.step(state, np.array([x]))
            target = go.get((q, x), -1)
            key = (target, network.on(after).tobytes())
            if key not in seen:
                seen.add(key)
                waiting.append((target, after))


def right_everywhere(network: Network, automaton: Automaton) -> bool:
    """Whether what the network allows after every step that can occur is what the automaton allows."""
    go = {(p, x): q for p, x, q, _, _ in automaton.each_move()}
    allowed = np.zeros((len(automaton.states) + 1, len(automaton.alphabet) + 1), np.bool_)  # the last row: dead
    for p, x in go:
        allowed[p, x] = True
    allowed[:-1, -1] = automaton.accepting
    return all(
        np.array_equal(network.read(network.step(state, np.array([x]))).allowed[0], allowed[go.get((q, x), -1)])
        for state, q, x in every_step(network, automaton)
    )
