"""lstmc trace at a terminal of 80 columns: nothing is wider, what is on stands out, and a transducer speaks."""

import re

import pytest
from terminal import in_terminal, plain


def test_no_line_is_wider_than_the_terminal(cli):
    string = "TTVPXVPS"
    for source in ("reber-unknown-start", "nested-3", "edge-detector"):
        outcome = cli("trace", source, "0110" if source == "edge-detector" else string, "--all")
        assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("cell", ["coupled", "gru", "lstm-1997", "rnn", "rnn-relu", "slstm"])
def test_parts_that_do_not_fit_beside_each_other_are_tables_below_each_other(cli, cell):
    outcome = cli("trace", "reber", "BTX", "--cell", cell)
    assert max(map(len, outcome.out.splitlines())) <= 80
    first, *_ = cli("trace", "reber", "BTX", "--cell", cell, "--json").objects
    words = {word for part in first["cells"]["started"] for word in part.split()}
    assert words <= set(outcome.out.split())
    assert outcome.out.count("\n  0 by B ") == (6 if cell == "slstm" else 3)


def test_many_states_are_listed_on_several_lines(cli):
    outcome = cli(
        "trace", "random", "--set", "kind=nondeterministic", "--set", "states=60", "--set", "density=1", "abcabcabc"
    )
    heads = [block.partition("\n    ")[0] for block in outcome.out.split("\n\n")]
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert len(heads) == 10


def test_a_transducer_says_its_output(cli):
    said = re.findall(r"; says (\w+); next", cli("trace", "edge-detector", "0110").out)
    assert said == ["same", "rise", "same", "fall"]
    assert [line["output"] for line in cli("trace", "edge-detector", "0110", "--json").objects] == said
    assert [line["output"] for line in cli("trace", "reber", "BT", "--json").objects] == [None, None]


@pytest.mark.slow
def test_what_is_remembered_is_bold_at_a_terminal():
    _, shown = in_terminal("trace", "reber", "BT")
    second = shown.split("step 2")[1]
    bold = [plain(line).strip().split("  ")[0] for line in second.splitlines() if line.startswith("\x1b[1m  ")]
    assert bold == ["started", "1 by T"]
    _, shown = in_terminal("trace", "reber", "BT", NO_COLOR="1")
    assert "\x1b[1m" not in shown
