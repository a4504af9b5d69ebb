"""Damage regular expressions, and judge whether what is made of them reads as Python's `re` does."""

import re
import time
from random import Random

import networkx as nx
from everyday_patterns import EVERYDAY
from python_patterns import accepts, compiled

from lstmc.errors import LstmcError
from lstmc.testing.mutation import READ, REFUSED, SLOWEST, Tally, mutate
from lstmc_regex import regex

# What patterns are made of.
# fmt: off
PIECES = (
    *"()|^$.[]-*+?)aabAk0 é\U00010414",
    "(?:", "(?>", "(?P<n>", "(?<n>", "(?i)", "(?s:", "(?m)", "(?x)", "(?a:", "(?-i:", "(?#", "(?#a)", "(?=", "(?<!",
    " #", "*?", "*+", "++", "{2}", "{,3}", "{1,2}+", "[^", "[a-z]", r"[^\W\d]", "[[:alpha:]]", r"\A", r"\Z", r"\z",
    r"\b", r"\B", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\x41", r"\u0042", r"\103", r"\0", r"\1", r"\12",
    r"\N{SPACE}", r"\p{L}", r"\PN", r"\Q", r"\E", r"\x{41}", r"\n", "\n", r"\)", "\\\\", "\\",
)
# fmt: on
ALPHABETS = (
    "",
    "",
    " -~",
    " -~\\n",
    " -~\\n",
    " -~é٣K\U00010414\U0001043c\\u212a\\n",
    "a-cA-C0-2_ .\\-\\n",
)  # "" is what a pattern names
OURS_ALONE = re.compile(r"\\[zQpP]|\\x\{|\(\?(<|')")  # what PCRE reads in one way, and Python refuses
PATTERNS = [pattern for _, pattern, _, _ in EVERYDAY]
LONGEST = 7  # symbols of a string, on which Python, which tries one way after the other, is fast
COMPARED = 250  # characters of a pattern: one of fifty optional pieces has more ways than Python can try


def try_patterns(rng: Random, count: int) -> Tally:
    """Judge `count` damaged patterns."""
    judged = [judge(damaged(rng), rng.choice(ALPHABETS), rng) for _ in range(count)]
    faults = tuple((wrong, text) for wrong, text in judged if wrong not in (READ, REFUSED))
    return Tally(*(sum(wrong == each for wrong, _ in judged) for each in (READ, REFUSED)), faults)


def damaged(rng: Random) -> str:
    """Half of them pieces in any order, half of them everyday patterns with a few changes."""
    if rng.random() < 0.5:
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 9)))
        return text + ")" * (text.count("(") - text.count(")"))
    text = rng.choice(PATTERNS)
    for _ in range(rng.choice((0, 1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(PIECES) + text[at + rng.choice((0, 0, 1, 3)) :]
    return mutate(text, PATTERNS, rng) if rng.random() < 0.5 else text


def judge(pattern: str, alphabet: str, rng: Random) -> tuple[str, str]:
    """READ, REFUSED, or what is wrong; with the pattern."""
    began = time.process_time()
    try:
        graph = regex(pattern=pattern, alphabet=alphabet)
    except LstmcError as error:
        return (REFUSED if error.message else "an error that says nothing"), pattern
    except Exception as error:  # which is what we look for
        return f"{type(error).__name__}: {error}", pattern
    if time.process_time() - began > SLOWEST:
        return f"an answer after {time.process_time() - began:.1f} seconds", pattern
    try:
        expression = compiled(pattern)
    except (re.error, OverflowError) as error:
        return (READ if OURS_ALONE.search(pattern) else f"Python refuses it: {error}"), pattern
    if len(pattern) > COMPARED:
        return READ, pattern
    symbols = graph.graph["alphabet"]
    tried = ["", *symbols[:50], *(_walk(graph, rng) for _ in range(8))]
    tried += ["".join(rng.choices(symbols, k=rng.randint(1, LONGEST))) for _ in range(8)]
    tried += [each[:at] + rng.choice(symbols) + each[at + 1 :] for each in tried[-16:-8] for at in range(len(each))]
    wrong = [each for each in tried if accepts(graph, each) != bool(expression.fullmatch(each))]
    return (f"Python differs about {wrong[:3]} over {alphabet!r}" if wrong else READ), pattern


def _walk(graph: nx.MultiDiGraph, rng: Random) -> str:
    """A string of a random walk, which ends in an accepting state more often than not."""
    state, string = "start", ""
    while graph.out_degree(state) and len(string) < LONGEST:
        if graph.nodes[state].get("accept") and rng.random() < 0.3:
            break
        _, state, symbol = rng.choice(list(graph.out_edges(state, data="symbol")))
        string += symbol
    return string
