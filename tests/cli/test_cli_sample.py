"""lstmc sample: what it prints; tests/sampling holds what is drawn."""

import pytest

import lstmc
from lstmc.sampling import every_string, near_misses, sample


def strings(found):
    return "".join(f"{each.string}\n" for each in found)


@pytest.fixture
def reber():
    return lstmc.load_grammar("reber")


@pytest.mark.parametrize(
    ("options", "draw", "named"),
    [
        ([], sample, {}),
        (["-n", "3", "--seed", "7"], sample, {"n": 3, "seed": 7}),
        (["--length", "8..12"], sample, {"length": (8, 12)}),
        (["--length", "9"], sample, {"length": (9, 9)}),
        (["--length", "..9"], sample, {"length": (0, 9)}),
        (["--negatives", "-n", "4"], near_misses, {"n": 4}),
        (["--negatives", "--length", "5..6", "--seed", "3"], near_misses, {"length": (5, 6), "seed": 3}),
        (["--all", "--length", "..9"], every_string, {"length": (0, 9)}),
        (["-n", "0"], sample, {"n": 0}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_option_reaches_the_sampler(cli, reber, options, draw, named):
    assert cli("sample", "reber", *options) == (0, strings(draw(reber, **named)), "")
    found = cli("sample", "reber", *options, "--json").objects
    assert found == [
        {"string": each.string, "logprob": each.logprob, "accepted": each.accepted} for each in draw(reber, **named)
    ]


def test_weights_are_sampled_as_networks(cli, reber):
    cli("compile", "reber", "-O2")
    weights, network = "build/reber.safetensors", lstmc.compile(reber, level=2)
    assert cli("sample", weights).out == strings(sample(network))
    assert cli("sample", weights, "--negatives", "-n", "2").out == strings(near_misses(network, 2))
    assert (
        cli("sample", weights, "--all", "--length", "..8").out == cli("sample", "reber", "--all", "--length", "..8").out
    )


def test_what_is_sampled_runs(cli):
    for grammar in ("reber", "long-lag", "weather-cycle"):
        found = cli("sample", grammar, "-n", "5").out
        assert cli("run", grammar, "--strict", input=found).code == 0
    missed = cli("sample", "reber", "--negatives", "-n", "50").out
    assert "accepted" not in cli("run", "reber", input=missed).out


def test_n_with_all_is_a_limit(cli):
    assert (
        cli("sample", "edge-detector", "--all", "--length", "40", "-n", "2").out == "0" * 40 + "\n" + "0" * 39 + "1\n"
    )


def test_set_and_max_states(cli):
    assert cli("sample", "tomita", "--set", "number=2", "--all", "--length", "..4").out == "\n10\n1010\n"
    assert cli("sample", "third-from-end", "--max-states", "2").code == 4


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["reber", "--length", "5..4"], 2, "'5..4' has the longer length first"),
        (["reber", "--length", "x"], 2, "'x' is not a length: write 8, 5..8 or ..8"),
        (["reber", "--length", "5.."], 2, "is not a length"),
        (["reber", "--all"], 2, "--all needs --length"),
        (["reber", "--all", "--negatives", "--length", "5"], 2, "goes without --negatives"),
        (["reber", "-n", "-1"], 2, "-1 is not in the range"),
        (["reber", "--seed", "x"], 2, "'x' is not a valid integer"),
        (["continual-reber"], 2, "strings of 'continual-reber' have no end"),
        (["reber", "--length", "..3"], 2, "no string of 'reber' has a length of 0 to 3"),
        (["edge-detector", "--negatives"], 4, "no near miss of 'edge-detector' was found"),
        (["reber", "--length", "99999999"], 4, "strings of 99,999,999 symbols are longer than the limit of 100,000"),
    ],
)
def test_what_cannot_be_drawn(cli, arguments, code, message):
    outcome = cli("sample", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err


def test_weights_take_no_options_of_a_grammar(cli):
    cli("compile", "reber")
    assert cli("sample", "build/reber.safetensors", "--set", "a=b").code == 2
