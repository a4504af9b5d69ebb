"""What labels say that no grammar has, told by all of them together: a stack, formulas, chances of the world.

    x / push(y)   x / pop(y)   x / ('s', 'y')      a visibly pushdown automaton, as AALpy draws it
    x, y | z                                       a pushdown automaton, as automata-lib draws it
    !a & b                                         a formula over propositions, as Spot writes it: words are endless
    go:0.9  and  go:0.1  from one state            a Markov decision process: chance follows the symbol

Sources: AALpy 2 (utils/FileHandler.py), automata-lib 9 (pda/pda.py), Spot 2 (https://spot.lre.epita.fr/oaut.html).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from lstmc_dot.labels import BLANKS

_MOST = 0.02  # by how much probabilities that a tool has rounded to two digits may miss their sum
_STACK = re.compile(r"(?:push|pop)\(.*\)|\( *'[^']*', *[^ ].*\)", re.DOTALL)
_TOPS = re.compile(r"[^\s,|]+, [^\s,|]+ \| [^\s|]+")
_AND = re.compile(r"[\w\")] && ?!?[\w\"(]|[\w\")] & !?[\w\"(]")
_NOT = re.compile(r"!\w+")


class Way(NamedTuple):
    """One arrow of a weighted drawing, for one symbol."""

    state: str
    symbol: str
    target: str
    output: str | None
    probability: str


def holds_stack(labels: list[str]) -> bool:
    """Whether labels push and pop: every output does, or every line says what is on top of a stack."""
    outputs = [label.partition("/")[2].strip(BLANKS) for label in labels if label.find("/", 1) > 0]
    lines = [line for label in labels for line in label.split("\n")]
    return (bool(outputs) and all(map(_STACK.fullmatch, outputs))) or (bool(lines) and all(map(_TOPS.fullmatch, lines)))


def formula_in(labels: list[str]) -> str:
    """A label that is a formula over propositions; nothing where none is."""
    conjunction = next((label for label in labels if _AND.search(label)), "")
    if conjunction or any(label.startswith("?") for label in labels):  # ?a and !a are what a channel receives and sends
        return conjunction
    known = {"1", "t", *labels}
    return next((label for label in labels if _NOT.fullmatch(label) and known & {label[1:], "1", "t"} - {label}), "")


def chance_follows(ways: Iterable[Way]) -> bool:
    """Whether probabilities are of what happens after a symbol: for each symbol of a state they sum to 1, and that
    makes more than 1 in some state, or several ways of some symbol."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    leads: dict[tuple[str, str], set[tuple[str, str | None]]] = defaultdict(set)
    for way in ways:
        sums[way.state][way.symbol] += float(way.probability)
        leads[way.state, way.symbol].add((way.target, way.output))
    is_more = any(len(by_symbol) > 1 for by_symbol in sums.values()) or any(len(each) > 1 for each in leads.values())
    return is_more and all(abs(total - 1) <= _MOST for each in sums.values() for total in each.values())
