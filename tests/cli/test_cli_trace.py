"""lstmc trace at a terminal of 80 columns: nothing is wider, what is on stands out, and a transducer speaks."""

import re

import pytest
from terminal import in_terminal, plain


def test_no_line_is_wider_than_the_terminal(cli):
    string = "TTVPXVPS"
    for source in ("reber-unknown-start", "nested-3", "edge-detector"):
        outcome = cli("trace", source, "0110" if source == "edge-detector" else string, "--all")
        assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("cell", ["peephole", "coupled", "gru", "lstm-1997", "rnn", "rnn-relu", "slstm"])
def test_parts_that_do_not_fit_beside_each_other_are_tables_below_each_other(cli, cell):
    outcome = cli("trace", "reber", "BTX", "--cell", cell)
    assert max(map(len, outcome.out.splitlines())) <= 80
    first, *_ = cli("trace", "reber", "BTX", "--cell", cell, "--json").objects
    parts = [part for part in first["cells"]["started"] if not part.endswith("peephole")]  # which no step changes
    words = {word for part in parts for word in part.split()}
    assert words <= set(outcome.out.split())
    assert outcome.out.count("\n  0 by B ") == (6 if cell == "slstm" else 3)


@pytest.mark.parametrize("cell", ["lstm", "gru", "lstm-1997", "slstm"])
def test_of_a_large_network_cells_are_shown_that_are_on_or_were(cli, cell):
    string = "BTBTXSEP"
    steps = cli("trace", "nested-3", string, "--cell", cell, "--json").objects
    whole = cli("trace", "nested-3", string, "--cell", cell, "--json", "--all").objects
    before = set()
    for some, everything in zip(steps, whole, strict=True):
        assert len(everything["cells"]) > 32
        assert some["cells"].items() <= everything["cells"].items()
        on = {name for name, parts in everything["cells"].items() if parts.get("reader", parts["memory"]) > 0.5}
        assert set(some["cells"]) == on | before
        before = on


def test_a_name_that_is_too_long_stands_on_a_line_of_its_own(cli):
    lines = cli("trace", "edge-detector", "01", "--cell", "lstm-1997").out.splitlines()
    numbers = lines[lines.index("  low/same again by 0") + 1]
    assert numbers.split() == ["0", "0", "0", "0", "1", "0"]
    assert numbers.startswith(" " * 18)


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
