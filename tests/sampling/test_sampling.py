"""Strings drawn from grammars and networks, compared with the probabilities that the graph itself gives."""

from collections import Counter
from itertools import islice, product
from math import exp, log, sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import VALID, random_grammar

import lstmc
from lstmc.errors import LimitError, UsageError
from lstmc.grammar.read import parse_grammar
from lstmc.sampling import every_string, near_misses, sample
from lstmc.sampling.of_network import language_of_network
from lstmc.testing.simulation import END, Simulation

MANY = 20_000

SEED_1 = ["BPVPSE", "BTSXSE", "BPTVVE", "BPTTTTTTTTTTTTTVVE"]
SEED_1_LONG = ["BPTTTTVPXVPXTTVPXVVE", "BTSSSSSSSSSSSSXXTTVPSE", "BPTVPXTVPXTTTVPXTVPXVVE", "BTSSXXTTTTVPXVPXVPXVVE"]
SEED_1_MISSES = ["PBVPSE", "BPPVVE", "BPXVPSE", "BTXXPVSE"]


def grammar(name, **parameters):
    return lstmc.load_grammar(name, parameters)


def made(source, network):
    """The grammar, or its network."""
    return lstmc.compile(source, level=2) if network else source


def probability(simulation, symbols):
    """Of the whole string, by walking the graph."""
    simulation.restart()
    result = 1.0
    for symbol in symbols:
        chances = simulation.probabilities()
        result *= float(chances.get(symbol, 0))
        simulation.step(symbol)
    return result * float(simulation.probabilities().get(END, 0))


def accepted(simulation, symbols):
    return simulation.read(symbols).accepted


def brute_force(source, longest):
    """Every string up to a length, found by making every beginning longer by every symbol."""
    simulation = Simulation(source)
    beginnings = [()]
    for _ in range(longest + 1):
        yield from (symbols for symbols in beginnings if accepted(simulation, symbols))
        longer = [(*symbols, x) for symbols in beginnings for x in source.alphabet]
        beginnings = [symbols for symbols in longer if simulation.read(symbols).alive]


def near(count, chance, total, sigmas=5):
    """Whether a count is what chance makes of it."""
    return abs(count - chance * total) <= sigmas * sqrt(total * chance * (1 - chance)) + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize(("name", "shortest"), [("reber", 5), ("embedded-reber", 9)])
def test_lengths_of_reber_strings(name, shortest, network):
    lengths = [len(each.symbols) for each in sample(made(grammar(name), network), MANY, seed=1)]
    mean = sum(lengths) / MANY
    deviation = sqrt(sum((length - mean) ** 2 for length in lengths) / MANY)
    assert abs(mean - (shortest + 3)) < 4 * deviation / sqrt(MANY)
    counts = Counter(lengths)
    assert min(counts) == shortest
    for length, chance in enumerate((0.25, 0.1875, 0.125, 0.109375), start=shortest):
        assert near(counts[length], chance, MANY)


@pytest.mark.slow
@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize("name", ["reber", "weather-cycle", "number", "edge-detector"])
def test_strings_are_as_frequent_as_they_are_likely(name, network):
    source = grammar(name)
    simulation = Simulation(source)
    drawn = list(sample(made(source, network), MANY, seed=2))
    for string, count in Counter(each.symbols for each in drawn).most_common(10):
        assert near(count, probability(simulation, string), MANY)
    for each in drawn[:200]:
        assert each.accepted
        assert each.logprob == pytest.approx(log(probability(simulation, each.symbols)), abs=1e-4)


def test_a_network_without_probabilities_takes_what_is_allowed_to_be_alike():
    drawn = list(sample(lstmc.compile(grammar("reber"), cell="toy"), MANY, seed=3))
    assert all(each.logprob is None for each in drawn)
    assert near(sum(each.symbols[1] == "T" for each in drawn), 0.5, MANY)


@pytest.mark.slow
@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_a_nondeterministic_grammar_takes_what_is_allowed_to_be_alike(network):
    """After a..a, b..b and so on, `third-from-end` allows a and b, and the end where the third symbol from it is a."""
    source = grammar("third-from-end")
    simulation, counts = Simulation(source), Counter()
    for each in sample(made(source, network), 2_000, seed=4):
        assert each.logprob is None
        for n in range(len(each.symbols) + 1):
            if len(simulation.read(each.symbols[:n]).allowed()) == 3:
                counts[each.symbols[n] if n < len(each.symbols) else END] += 1
    total = sum(counts.values())
    assert total > 2_000
    assert set(counts) == {"a", "b", END}
    assert all(near(count, 1 / 3, total) for count in counts.values())


# lengths


@pytest.mark.slow
@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize(("name", "length"), [("reber", (6, 8)), ("weather-cycle", (2, 4)), ("tomita", (0, 5))])
def test_strings_of_certain_lengths_keep_their_probabilities(name, length, network):
    source = grammar(name)
    simulation = Simulation(source)
    chances = {s: probability(simulation, s) for s in brute_force(source, length[1]) if len(s) >= length[0]}
    drawn = list(sample(made(source, network), MANY, seed=5, length=length))
    counts = Counter(each.symbols for each in drawn)
    assert set(counts) <= set(chances)
    for string, chance in chances.items():
        assert near(counts[string], chance / sum(chances.values()), MANY)
    assert drawn[0].logprob == pytest.approx(log(chances[drawn[0].symbols]), abs=1e-4)


def test_long_strings():
    """The probability of a Reber string of 20,000 symbols is about 10^-2000: no double holds it."""
    source = grammar("reber")
    (drawn,) = sample(source, 1, seed=6, length=(20_000, 20_000))
    assert len(drawn.symbols) == 20_000
    assert accepted(Simulation(source), drawn.symbols)


def test_lengths_that_no_string_has():
    for length in ((0, 4), (3, 3)):
        with pytest.raises(UsageError, match="no string of 'reber' has a length of"):
            next(sample(grammar("reber"), 1, length=length))
    even = grammar("modular", alphabet="1")
    with pytest.raises(UsageError) as error:
        next(sample(even, 1, length=(7, 7)))
    assert error.value.help == "there are strings of 2, 4, 6 symbols"


@pytest.mark.parametrize("length", [(5, 4), (-1, 3)])
def test_lengths_that_make_no_sense(length):
    for draw in (sample, near_misses):
        with pytest.raises(UsageError):
            draw(grammar("reber"), 1, length=length)
    with pytest.raises(UsageError):
        every_string(grammar("reber"), length)


def test_a_network_that_hardly_ever_makes_such_lengths_is_given_up():
    network = lstmc.compile(grammar("reber"), level=2)
    with pytest.raises(LimitError, match=r"of 20,\d+ strings of 'reber' had a length of 200"):
        next(sample(network, 1, length=(200, 200)))


def test_lengths_and_rules_that_are_too_many():
    with pytest.raises(LimitError, match=r"lengths up to 100,000 by .* more than the limit of 10,000,000") as caught:
        next(sample(grammar("nested-3"), 1, length=(0, 100_000)))
    assert "LSTMC_MAX_SAMPLE_NUMBERS" in caught.value.help


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize("name", ["reber", "continual-reber"])
def test_no_string_is_longer_than_the_limit(name, network, monkeypatch):
    monkeypatch.setenv("LSTMC_MAX_SAMPLE_LENGTH", "20")
    source = made(grammar(name), network)
    assert len(next(sample(source, 1, length=(20, 20))).symbols) == 20
    for draw in (sample, near_misses):
        with pytest.raises(LimitError, match="21 symbols are longer than the limit of 20") as caught:
            draw(source, 1, length=(0, 21))
        assert "LSTMC_MAX_SAMPLE_LENGTH" in caught.value.help
    with pytest.raises(LimitError, match="21 symbols"):
        every_string(source, (0, 21))


# strings without end


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_beginnings_of_endless_strings(network):
    source = grammar("continual-reber")
    simulation = Simulation(source)
    drawn = list(sample(made(source, network), 4_000, seed=7, length=(3, 6)))
    assert all(simulation.read(each.symbols).alive and not each.accepted for each in drawn)
    counts = Counter(len(each.symbols) for each in drawn)
    assert set(counts) == {3, 4, 5, 6}
    assert all(near(count, 1 / 4, 4_000) for count in counts.values())
    three = [each for each in drawn if len(each.symbols) == 3]
    assert {each.string for each in three} == {"BTS", "BTX", "BPT", "BPV"}
    assert all(each.logprob == pytest.approx(2 * log(0.5), abs=1e-4) for each in three)


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_endless_strings_need_a_length(network):
    for draw in (sample, near_misses):
        with pytest.raises(UsageError, match="strings of 'continual-reber' have no end"):
            draw(made(grammar("continual-reber"), network), 1)


def hardly_ending():
    text = "nodes: [{id: a, start: true, accept: true, end: 0.0000001}]\nedges: [{source: a, target: a, symbol: x, "
    return parse_grammar(text + "probability: 0.9999999}]\n")


def test_a_string_that_hardly_ends():
    with pytest.raises(LimitError, match="has not ended after 100,000 symbols"):
        list(sample(hardly_ending(), 20))


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_how_long_strings_may_grow_is_moved_by_a_variable(network, monkeypatch):
    monkeypatch.setenv("LSTMC_MAX_SAMPLE_LENGTH", "50")
    for draw in (sample, near_misses):
        with pytest.raises(LimitError, match="has not ended after 50 symbols") as caught:
            list(draw(made(hardly_ending(), network), 20))
        assert "LSTMC_MAX_SAMPLE_LENGTH" in caught.value.help


def test_strings_of_a_network_are_not_drawn_beyond_what_all_of_them_may_hold(monkeypatch):
    """256 are drawn side by side: of 2,000 symbols each gets 7."""
    monkeypatch.setenv("LSTMC_MAX_SAMPLE_SYMBOLS", "2000")
    for name, length in (("", None), ("", (0, 90_000)), ("continual-reber", (9, 9))):
        source = grammar(name) if name else hardly_ending()
        with pytest.raises(LimitError, match="has not ended after 7 symbols") as caught:
            list(sample(lstmc.compile(source), 20, length=length))
        assert "LSTMC_MAX_SAMPLE_SYMBOLS" in caught.value.help


@pytest.mark.parametrize("name", ["reber", "continual-reber", "third-from-end", "nested-3", "weather-cycle"])
def test_whether_strings_of_a_network_end_is_found_in_small_steps(name, monkeypatch):
    network = lstmc.compile(grammar(name))
    monkeypatch.setattr("lstmc.sampling.of_network.MOST_NUMBERS", 3 * (network.size + len(network.alphabet)))
    step, rows = type(network).step, []
    monkeypatch.setattr(type(network), "step", lambda self, state, x: rows.append(len(x)) or step(self, state, x))
    assert language_of_network(network).endless == (name == "continual-reber")
    assert max(rows) <= 3


@pytest.mark.parametrize("limit", ["MOST_CONFIGURATIONS", "MOST_NUMBERS_WAITING"])
def test_where_it_is_not_found_strings_may_end(limit, monkeypatch):
    monkeypatch.setattr(f"lstmc.sampling.of_network.{limit}", 1)
    assert not language_of_network(lstmc.compile(grammar("continual-reber"))).endless


# seeds


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_one_seed_gives_the_same_strings(network):
    source = made(grammar("reber"), network)
    for draw in (sample, near_misses):
        for length in (None, (6, 12)):
            first = list(draw(source, 300, seed=8, length=length))
            assert list(draw(source, 300, seed=8, length=length)) == first
            assert list(draw(source, 20, seed=8, length=length)) == first[:20]
            assert list(draw(source, 300, seed=9, length=length)) != first
    assert list(sample(source, 0)) == []
    with pytest.raises(UsageError):
        sample(source, -1)


def test_the_strings_of_a_seed_are_the_same_on_every_machine():
    assert [each.string for each in sample(grammar("reber"), 4, seed=1)] == SEED_1
    assert [each.string for each in sample(grammar("reber"), 4, seed=1, length=(20, 30))] == SEED_1_LONG
    assert [each.string for each in near_misses(grammar("reber"), 4, seed=1)] == SEED_1_MISSES


# near misses


def one_slip(symbols, alphabet):
    """Everything that is one slip away."""
    for n in range(len(symbols) + 1):
        yield from ((*symbols[:n], x, *symbols[n:]) for x in alphabet)
    for n in range(len(symbols)):
        yield (*symbols[:n], *symbols[n + 1 :])
        yield from ((*symbols[:n], x, *symbols[n + 1 :]) for x in alphabet)
        yield (*symbols[:n], *reversed(symbols[n : n + 2]), *symbols[n + 2 :])


@pytest.mark.slow
@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize("name", ["reber", "embedded-reber", "number", "dyck", "third-from-end"])
def test_near_misses_are_rejected_and_near(name, network):
    source = grammar(name)
    simulation = Simulation(source)
    misses = list(near_misses(made(source, network), 60, seed=10))
    assert len({each.string for each in misses}) > 20
    for each in misses:
        assert not accepted(simulation, each.symbols)
        assert not each.accepted
        assert each.logprob is None
        assert any(accepted(simulation, symbols) for symbols in one_slip(each.symbols, source.alphabet))


def test_near_misses_are_of_every_kind():
    source = grammar("reber")
    strings = set(brute_force(source, 11))
    kinds = Counter(
        len(each.symbols) - len(near)
        for each in near_misses(source, 500, seed=11, length=(0, 9))
        for near in [next(s for s in one_slip(each.symbols, source.alphabet) if s in strings)]
    )
    assert set(kinds) == {-1, 0, 1}


def test_near_misses_of_certain_lengths():
    simulation = Simulation(grammar("reber"))
    lengths = Counter()
    for each in near_misses(grammar("reber"), 500, seed=12, length=(7, 8)):
        assert not accepted(simulation, each.symbols)
        lengths[len(each.symbols)] += 1
    assert set(lengths) == {7, 8}


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_near_misses_of_endless_strings_begin_none(network):
    source = grammar("continual-reber")
    simulation = Simulation(source)
    misses = list(near_misses(made(source, network), 100, seed=13, length=(4, 8)))
    assert len(misses) == 100
    assert not any(simulation.read(each.symbols).alive for each in misses)


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
def test_a_grammar_of_all_strings_has_no_near_misses(network):
    with pytest.raises(LimitError, match="no near miss of 'edge-detector' was found in 20,000 tries"):
        next(near_misses(made(grammar("edge-detector"), network), 1))


# every string


@pytest.mark.parametrize("network", [False, True], ids=["grammar", "network"])
@pytest.mark.parametrize(
    ("name", "longest"),
    [("reber", 6), ("tomita", 7), ("third-from-end", 8), ("edge-detector", 7), ("weather-cycle", 6)],
)
def test_every_string_is_what_brute_force_finds(name, longest, network):
    source = grammar(name)
    expected = list(brute_force(source, longest))
    found = list(every_string(made(source, network), (0, longest)))
    assert [each.symbols for each in found] == expected
    longer = [each.symbols for each in every_string(made(source, network), (3, longest))]
    assert longer == [symbols for symbols in expected if len(symbols) >= 3]
    if name != "third-from-end":
        simulation = Simulation(source)
        chances = [probability(simulation, symbols) for symbols in expected]
        assert [exp(each.logprob) for each in found] == pytest.approx(chances, rel=1e-4)


def test_every_beginning_of_endless_strings():
    source = grammar("continual-reber")
    simulation = Simulation(source)
    expected = [s for n in range(2, 5) for s in product(source.alphabet, repeat=n) if simulation.read(s).alive]
    for network in (False, True):
        assert [each.symbols for each in every_string(made(source, network), (2, 4))] == expected


def test_every_string_comes_one_by_one():
    """Of the 2^1000 strings of this length the first come at once."""
    first = list(islice(every_string(grammar("edge-detector"), (1000, 1000)), 3))
    assert [each.string for each in first] == ["0" * 1000, "0" * 999 + "1", "0" * 998 + "10"]


def test_a_network_cannot_keep_all_beginnings(monkeypatch):
    monkeypatch.setenv("LSTMC_MAX_SAMPLE_NUMBERS", "10000")
    with pytest.raises(LimitError, match=r"1,024 beginnings of 10 symbols, which are .* the limit of 10,000") as caught:
        list(every_string(lstmc.compile(grammar("edge-detector")), (40, 40)))
    assert "LSTMC_MAX_SAMPLE_NUMBERS" in caught.value.help


# random grammars


@pytest.mark.slow
@settings(max_examples=60)
@given(st.sampled_from(sorted(VALID)), st.randoms(use_true_random=False))
def test_what_is_drawn_from_a_random_grammar_belongs_to_it(kind, rng):
    source = random_grammar(kind, rng)
    simulation = Simulation(source)
    endless = not any(data.get("accept") for _, data in source.graph.nodes(data=True))
    for drawn in sample(source, 20, seed=rng.randrange(1000), length=(2, 9) if endless else None):
        simulation.read(drawn.symbols)
        assert simulation.alive if endless else simulation.accepted
        assert (drawn.logprob is None) == (not simulation.deterministic)
        if drawn.logprob is not None and not endless:
            assert drawn.logprob == pytest.approx(log(probability(simulation, drawn.symbols)), abs=1e-6)
    try:
        misses = list(near_misses(source, 5, length=(0, 9)))
    except (LimitError, UsageError):
        return
    for missed in misses:
        simulation.read(missed.symbols)
        assert not (simulation.alive if endless else simulation.accepted)


def test_random_draws_use_nothing_but_random(monkeypatch):
    """What other methods of `random.Random` draw is not promised to be the same in every version of Python."""
    for method in ("getrandbits", "randrange", "choice", "choices", "shuffle", "uniform", "randint"):
        monkeypatch.setattr(Random, method, None)
    for source in (grammar("reber"), lstmc.compile(grammar("reber"))):
        assert len(list(sample(source, 5, length=(5, 12)))) == 5
        assert len(list(near_misses(source, 5))) == 5
