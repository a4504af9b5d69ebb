"""The long-time-lag tasks of Hochreiter and Schmidhuber (1997) that are regular languages."""

from itertools import product
from typing import Annotated, Literal

import networkx as nx

from lstmc.errors import PluginError
from lstmc.grammar.limits import Limits
from lstmc.grammar.parameters import Range

LSTMC_API = 1

DISTRACTORS = ("a", "b", "c", "d")
MARKS = ("X", "Y")
CLASSES = {"6a": "QRSU", "6b": "QRSUVABC"}  # by the marks in order: XX, XY, YX, YY; XXX, XXY, …, YYY


def temporal_order(*, experiment: Literal["6a", "6b"] = "6a") -> nx.MultiDiGraph:
    """Which marks came, and in which order? The class is the output at the end (a Mealy machine).

    experiment  6a: two marks, so four classes: XX is Q, XY is R, YX is S, YY is U.
                6b: three marks, eight classes: XXX Q, XXY R, XYX S, XYY U, YXX V, YXY A, YYX B, YYY C.

    A string begins with E, holds two or three marks X or Y among any number of distractors a, b, c, d, and ends with
    the trigger B, whose output is the class; the other symbols have no output. In the paper strings have 100 to 110
    symbols and the marks come in given stretches; here neither is bounded, and all ways on are equally likely.
    A state is named by the marks that it has seen.

    Source: S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, experiments 6a and 6b.
    """
    classes = CLASSES[experiment]
    marks = len(classes).bit_length() - 1
    graph = nx.MultiDiGraph(alphabet=["E", "B", *DISTRACTORS, *MARKS])
    graph.add_node("start", start=True)
    graph.add_edge("start", "none", symbol="E")
    for seen in (seen for length in range(marks + 1) for seen in product(MARKS, repeat=length)):
        state = "".join(seen) or "none"
        for symbol in DISTRACTORS:
            graph.add_edge(state, state, symbol=symbol)
        if len(seen) < marks:
            for mark in MARKS:
                graph.add_edge(state, "".join(seen) + mark, symbol=mark)
    for seen, output in zip(product(MARKS, repeat=marks), classes, strict=True):
        graph.add_edge("".join(seen), "last", symbol="B", output=output)
    graph.nodes["last"]["accept"] = True
    return graph


def long_lag(
    *,
    experiment: Literal["2a", "2b", "2c"] = "2a",
    p: Annotated[int, Range(2, 10_000)] = 10,
    q: Annotated[int, Range(0, 10_000)] = 0,
) -> nx.MultiDiGraph:
    """The symbol at the beginning, x or y, must be repeated at the end, with distractors between.

    experiment  2a: x a1 a2 … a(p-1) x, or the same with y: two strings, without noise.
                2b: x, then p - 1 symbols, each any of a1 … a(p-1), then x; or y likewise.
                2c: b x, then q or more symbols, each any of a1 … ap, then the trigger e and x; or y likewise.
    p           how many symbols there are: p - 1 distractors in 2a and 2b, p in 2c
    q           how many distractors there are at least; 2c alone

    All ways on are equally likely, but in 2c, once there are q distractors, e comes with probability 1/10, as in the
    paper. The smallest complete automaton has 2p + 3 states (2a and 2b) or 2q + 8 (2c), the dead one included.
    Raises LimitError above the 250,000 rules that a file may have (LSTMC_MAX_GRAMMAR_EDGES).

    Source: S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, experiments 2a, 2b and 2c.
    """
    if experiment == "2c":
        return _very_long_lag(p, q)
    if q:
        raise PluginError(f"long-lag: q belongs to experiment 2c, not to {experiment}: there the lag is p")
    distractors = [f"a{number}" for number in range(1, p)]
    _refuse_size(2 * p, 2 * (p - 1) * (p - 1 if experiment == "2b" else 1))
    graph = nx.MultiDiGraph(alphabet=[*distractors, "x", "y"])
    graph.add_node("start", start=True)
    for first in ("x", "y"):
        graph.add_edge("start", f"{first}0", symbol=first)
        for place, distractor in enumerate(distractors):
            for symbol in distractors if experiment == "2b" else [distractor]:
                graph.add_edge(f"{first}{place}", f"{first}{place + 1}", symbol=symbol)
        graph.add_edge(f"{first}{p - 1}", "last", symbol=first)
    graph.nodes["last"]["accept"] = True
    return graph


def _very_long_lag(p: int, q: int) -> nx.MultiDiGraph:
    distractors = [f"a{number}" for number in range(1, p + 1)]
    _refuse_size(2 * q, 2 * (q + 1) * p)
    graph = nx.MultiDiGraph(alphabet=[*distractors, "e", "b", "x", "y"])
    graph.add_node("start", start=True)
    graph.add_edge("start", "which", symbol="b", probability=1.0)
    for first in ("x", "y"):
        graph.add_edge("which", f"{first}0", symbol=first, probability=0.5)
        for place in range(q):
            for symbol in distractors:
                graph.add_edge(f"{first}{place}", f"{first}{place + 1}", symbol=symbol, probability=1 / p)
        for symbol in distractors:
            graph.add_edge(f"{first}{q}", f"{first}{q}", symbol=symbol, probability=0.9 / p)
        graph.add_edge(f"{first}{q}", f"{first}end", symbol="e", probability=0.1)
        graph.add_edge(f"{first}end", "last", symbol=first, probability=1.0)
    graph.nodes["last"]["accept"] = True
    return graph


def _refuse_size(states: int, edges: int) -> None:
    Limits.from_environment().refuse_size(states, edges, "long-lag: about ", "take a smaller p or q")
