"""`probabilities: determinize` keeps the probability of every string, where a deterministic grammar can have it."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import exp
from random import Random

import pytest

import lstmc
from lstmc.errors import LimitError
from lstmc.grammar import Grammar, GrammarError
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import parse_grammar
from lstmc.proof.checker import verify

FORK = """
probabilities: determinize
nodes: [{id: a, start: true}, {id: b}, {id: c}, {id: d, accept: true}]
edges:
  - {source: a, target: b, symbol: x, probability: 1/2}
  - {source: a, target: c, symbol: x, probability: 1/2}
  - {source: b, target: b, symbol: y, probability: 1/4}
  - {source: b, target: d, symbol: z, probability: 3/4}
  - {source: c, target: d, symbol: z}
"""


def test_states_are_what_may_be_the_case() -> None:
    grammar = parse_grammar(FORK)
    assert dict(grammar.graph.nodes(data=True)) == {
        "a": {"start": True},
        "{b,c}": {},
        "b": {},
        "d": {"accept": True, "end": 1.0},
    }
    assert [(p, q, *data.values()) for p, q, data in grammar.graph.edges(data=True)] == [
        ("a", "{b,c}", "x", 1.0),
        ("{b,c}", "b", "y", 0.125),
        ("{b,c}", "d", "z", 0.875),
        ("b", "b", "y", 0.25),
        ("b", "d", "z", 0.75),
    ]


def chances(starts: list[str], moves: dict[str, list], ends: dict[str, Fraction], string: tuple[str, ...]) -> Fraction:
    """The probability of a string: that of all its ways together, one after the other."""
    now = dict.fromkeys(starts, Fraction(1, len(starts)))
    for symbol in string:
        after: dict[str, Fraction] = defaultdict(Fraction)
        for state, chance in now.items():
            for read, target, given in moves[state]:
                if read == symbol:
                    after[target] += chance * given
        now = after
    return sum((chance * ends[state] for state, chance in now.items()), Fraction())


def forwards(rng: Random) -> tuple[str, list[str], dict[str, list], dict[str, Fraction]]:
    """A grammar whose moves lead to later states or stay, so that beliefs often have an end; also in numbers."""
    names = [f"q{n}" for n in range(rng.randint(2, 5))]
    starts = rng.sample(names[:2], rng.randint(1, 2))
    moves: dict[str, list] = {}
    ends: dict[str, Fraction] = {}
    lines, nodes = [], []
    for number, state in enumerate(names):
        later = [*names[number + 1 :], *([state] if rng.random() < 0.2 else [])]
        read = sorted({(rng.choice("xyz"), target) for target in later for _ in range(rng.randint(1, 2))})
        accepts = number == len(names) - 1 or rng.random() < 0.3
        weights = [rng.randint(1, 4) for _ in range(len(read) + accepts)]
        given = [Fraction(weight, sum(weights)) for weight in weights]
        if rng.random() < 0.2:  # none is said: all are alike
            given = [Fraction(1, len(weights))] * len(weights)
        moves[state] = [
            (symbol, target, chance) for (symbol, target), chance in zip(read, given[: len(read)], strict=True)
        ]
        ends[state] = given[-1] if accepts else Fraction()
        nodes.append(f"{{id: {state}{', start: true' * (state in starts)}{', accept: true' * accepts}}}")
        lines += [
            f"  - {{source: {state}, target: {target}, symbol: {symbol}, probability: {chance.numerator}/"
            f"{chance.denominator}}}"
            for symbol, target, chance in moves[state]
        ]
    text = f"probabilities: determinize\nnodes: [{', '.join(nodes)}]\nedges:\n" + "\n".join(lines)
    return text, starts, moves, ends


@pytest.mark.slow
def test_the_probability_of_every_string_is_kept() -> None:
    compiled = 0
    for seed in range(60):
        text, *numbers = forwards(Random(f"beliefs {seed}"))
        try:
            grammar = parse_grammar(text)
        except (LimitError, GrammarError):  # no end of beliefs; or nothing is read
            continue
        network = lstmc.compile(grammar)
        strings = [string for length in range(5) for string in product(grammar.alphabet, repeat=length)]
        for string, run in zip(strings, lstmc.run_all(network, strings), strict=True):
            exact = chances(*numbers, string)
            assert run.accepted is (exact > 0), (seed, string)
            if run.accepted:
                assert exp(run.logprob) == pytest.approx(float(exact), rel=1e-4), (seed, string)
        compiled += any(state.startswith("{") for state in grammar.graph)
    assert compiled > 20


def test_the_proof_is_of_the_grammar_that_was_made() -> None:
    network, certificate = lstmc.compile_proved(parse_grammar(FORK))
    found = verify(network.to_bytes(), certificate.to_bytes())
    assert found.violations == []
    assert certificate.verdicts["float32"].kind == "every-length"


def test_beliefs_about_the_same_states_have_numbers() -> None:
    text = """
        probabilities: determinize
        nodes: [{id: a, start: true}, {id: b, accept: true}, {id: c, accept: true}]
        edges:
          - {source: a, target: b, symbol: x, probability: 1/8}
          - {source: a, target: c, symbol: x, probability: 3/8}
          - {source: a, target: b, symbol: y, probability: 1/4}
          - {source: a, target: c, symbol: y, probability: 1/4}
          - {source: b, target: b, symbol: x, probability: 1/2}
          - {source: c, target: c, symbol: z, probability: 1/3}
        """
    assert list(parse_grammar(text).graph) == ["a", "{b,c}", "{b,c}#2", "b", "c"]


ENDLESS = """
probabilities: determinize
nodes: [{id: a, start: true}, {id: b, start: true, accept: true}]
edges:
  - {source: a, target: a, symbol: x, probability: 1/2}
  - {source: a, target: b, symbol: y, probability: 1/2}
  - {source: b, target: b, symbol: x, probability: 1/3}
"""


def test_no_end_of_beliefs() -> None:
    with pytest.raises(LimitError, match="made deterministic it has no end of states") as caught:
        parse_grammar(ENDLESS)
    assert caught.value.help == "`probabilities: none` goes on with the sets of symbols"
    assert parse_grammar(ENDLESS.replace("determinize", "none")).start == ("a", "b")


def test_too_many_beliefs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTMC_MAX_GRAMMAR_BELIEFS", "4")
    assert len(parse_grammar(FORK).graph) == 4
    with pytest.raises(LimitError, match="made deterministic it has 4 beliefs"):
        parse_grammar(FORK, limits=Limits(beliefs=3))
    monkeypatch.setenv("LSTMC_MAX_GRAMMAR_BELIEFS", "3")
    fork = FORK.replace("{id: c}, ", "").replace("target: c", "target: d").replace("source: c", "source: d")
    with pytest.raises(LimitError, match="made deterministic it has 4 beliefs, more than the limit of 3"):
        parse_grammar(fork.replace("symbol: z}", "symbol: w, probability: 1/2}"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("{id: c}", "{id: c, output: o}"),
            "an output, but states that `probabilities: determinize` puts together have none",
        ),
        (("symbol: y,", "symbol: y, output: o,"), "an output, but states that"),
        (("symbol: z}", "epsilon: true}"), "a move that reads nothing has no probability"),
    ],
)
def test_what_is_not_made_deterministic(change: tuple[str, str], says: str) -> None:
    with pytest.raises(GrammarError, match=says) as caught:
        parse_grammar(FORK.replace(*change))
    assert [each.code for each in caught.value.diagnostics] == ["G020"]


def test_sums_are_checked_before() -> None:
    with pytest.raises(GrammarError, match=r"sum to 0\.75") as caught:
        parse_grammar(FORK.replace("3/4", "1/2"))
    assert [each.code for each in caught.value.diagnostics] == ["G021"]


def test_another_word() -> None:
    with pytest.raises(GrammarError, match="`probabilities` can only be `none` or `determinize`, not 'some'"):
        parse_grammar(FORK.replace("determinize", "some"))


def test_a_deterministic_grammar_stays_as_it_is() -> None:
    graph = lstmc.load_grammar("reber").graph.copy()
    graph.graph["probabilities"] = "determinize"
    made = Grammar.from_graph(graph, "reber")
    moves = {(p, data["symbol"], q) for p, q, data in graph.edges(data=True)}
    assert {(p, data["symbol"], q): data["probability"] for p, q, data in made.graph.edges(data=True)} == {
        move: 1 / sum(move[0] == other[0] for other in moves) for move in moves
    }
