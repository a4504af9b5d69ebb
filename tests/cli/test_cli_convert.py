"""lstmc convert: every format, both ways; what a format cannot say is refused, and nothing is left half written."""

from pathlib import Path

import pytest
from readers import formats

import lstmc
from lstmc.grammar.formats import endings, file_format

WRITTEN = [name for name in formats() if not file_format(name).example]


@pytest.mark.parametrize("format", WRITTEN)
def test_there_and_back(format, cli, folder):
    """A grammar that every format can say: no positions, no order of its own."""
    p, q = ("p", "q") if format == "taf" else (0, 1)  # there, states have names of letters
    stops = ", accept: true" if format == "aut" else ""  # there, strings may stop in every state
    Path("turns.yaml").write_text(
        f"nodes: [{{id: {p}, start: true, accept: true}}, {{id: {q}{stops}}}]\n"
        f"edges: [{{source: {p}, target: {q}, symbol: a}}, {{source: {q}, target: {p}, symbol: b}}]\n",
        "utf-8",
    )
    there = cli("convert", "turns.yaml", f"there/turns.{format}")
    assert there == (0, f"there/turns.{format}: 2 states, 2 rules\n", "")
    assert cli("convert", f"there/turns.{format}", "back/turns.yaml").code == 0
    assert lstmc.load_grammar("back/turns.yaml") == lstmc.load_grammar("turns.yaml")
    assert cli("run", f"there/turns.{format}", "abab").out == "abab\taccepted\ta end\n"
    printed = cli("convert", "turns.yaml", "--to", format).out
    assert printed == Path(f"there/turns.{format}").read_text("utf-8")


def test_a_name_that_says_nothing_needs_an_option(cli, folder):
    assert cli("convert", "reber", "reber.txt", "--to", "dot").code == 0
    assert Path("reber.txt").read_text("utf-8").startswith("digraph")
    refused = cli("convert", "reber.txt", "--to", "yaml")  # not taken for YAML
    assert refused.code == 2
    assert "no format is called 'txt'" in refused.err
    assert cli("convert", "reber.txt", "--from", "dot", "--to", "yaml").out.startswith("name: reber\n")


def test_one_rule_is_one_rule(cli, folder):
    Path("one.dot").write_text("digraph { a -> a [label=x]; a [shape=doublecircle] }", "utf-8")
    assert cli("convert", "one.dot", "one.yaml").out == "one.yaml: 1 state, 1 rule\n"
    assert cli("draw", "one.dot").out == "one.svg: the graph of 'one', 1 state and 1 rule\n"


def test_warnings_are_told_and_do_no_harm(cli, folder):
    Path("odd.dot").write_text("digraph { a -> b [label=x]; b [shape=doublecircle]; c }", "utf-8")
    outcome = cli("convert", "odd.dot", "--to", "yaml")
    assert outcome.code == 0
    assert "warning[G041]" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["weather-cycle", "weather.jff"], 2, "JFLAP files hold no probabilities"),
        (["reber", "--to", "doc"], 5, "did you mean 'dot'?"),
        (["reber", "--to", "aalpy"], 2, "objects in Python"),
        (["x.dot", "--from", "automata"], 2, "objects in Python"),
        (["nowhere.dot"], 3, "cannot be read"),
        (["reber", "--set", "depth=2"], 2, "takes no parameters"),
        (["x.dot"], 1, "error[G070]"),
        (["reber", "file/reber.dot"], 3, "cannot be written"),
        (["reber", "reber.jfff"], 2, "did you mean 'jff'? the formats are att, "),
        (["reber", "reber.xyz"], 2, "reber.xyz: no format is called 'xyz'"),
        (["reber", "reber.xyz"], 2, "for another ending say the format (--to FORMAT)"),
    ],
)
def test_what_cannot_be_converted(arguments, code, said, cli, folder):
    Path("x.dot").write_text("digraph {", "utf-8")
    Path("file").write_text("mine", "utf-8")
    outcome = cli("convert", *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert sorted(path.name for path in Path().iterdir()) == ["file", "x.dot"]


def test_every_ending_completes(cli, folder):
    from lstmc.cli.options import formats as completed

    assert completed("") == endings()
    assert completed("do") == ["dot"]
