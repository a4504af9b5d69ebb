"""What a person sees: colour, tables within 80 columns, a progress bar on what takes long; none of it in a pipe."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copy

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")

from terminal import COLUMNS, in_terminal, plain

COLOUR = re.compile(r"\x1b\[(?:\d+;)*3[0-7]m")
WEIGHTS = Path(__file__).parents[2] / "weights"
FAST = "import lstmc.cli.progress as progress; progress.PATIENCE = 0.05"  # seconds until the bar appears


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["plugins"],
        ["run", "reber", "BTXSE", "BTX", "BTT", "", "BT" + "S" * 500],
        ["run", "edge-detector", "0110"],
        ["explain", "embedded-reber", "-O2"],
        ["trace", "temporal-order", "B a X c Y b X"],
        ["trace", "reber", "BTX", "--cell", "toy"],
        ["explain", "third-from-end", "--cell", "lstm-1997"],
        ["trace", "edge-detector", "01", "--cell", "lstm-1997"],
        ["explain", "edge-detector", "--cell", "gru"],
        ["trace", "third-from-end", "aab", "--cell", "slstm"],
        ["compile", "embedded-reber", "--set", "depth=3", "-o", "a-folder-of-networks/and-one-in-it"],
        ["conform", "reber", "--length", "50"],
        ["verify", "number.safetensors"],
        ["verify", "reber.safetensors", "--proof", "number.proof.json"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_eighty_columns_are_enough(folder, arguments):
    for name in ("number.safetensors", "number.proof.json", "reber.safetensors"):
        copy(WEIGHTS / name, folder)
    _, shown = in_terminal(*arguments)
    assert shown.strip()
    lines = plain(shown).splitlines()
    after = next((number for number, line in enumerate(lines) if line.startswith("next:")), None)  # words to be copied
    assert [line for line in lines[:after] if len(line) > COLUMNS] == []


def test_what_is_too_long_for_the_terminal_goes_on_below(folder):
    code, shown = in_terminal("compile", "reber")
    assert code == 0
    lines = plain(shown).splitlines()
    said = lines.index("  proved under exact         bounded: each of the states 1, 5 may be kept about")
    assert lines[said + 1] == " " * 29 + "8.9·10^52 times in a row"


def test_a_table_with_colours_for_a_person():
    code, shown = in_terminal("run", "reber", "BTXSE", "BTX", "BTT")
    assert code == 0
    lines = [line.split() for line in plain(shown).splitlines()]
    assert lines[0] == ["string", "is", "may", "go", "on", "with"]
    assert lines[2:] == [["BTXSE", "accepted", "end", "1"], ["BTX", "alive", "S", "0.5,", "X", "0.5"], ["BTT", "dead"]]
    assert "\x1b[32maccepted" in shown
    assert "\x1b[31mdead" in shown


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["run", "reber", "BTXSE"], ["run", "nothing"], ["explain", "reber", "5 by P"]])
def test_no_color_is_respected(arguments):
    code, shown = in_terminal(*arguments, NO_COLOR="1")
    assert not COLOUR.search(shown)
    assert code == in_terminal(*arguments)[0]


def test_an_error_is_red():
    assert COLOUR.search(in_terminal("run", "nothing")[1])


@pytest.mark.slow
def test_a_progress_bar_on_what_takes_long():
    string = "BT" + "S" * 20_000
    code, shown = in_terminal("run", "reber", string, before=FAST)
    assert code == 0
    assert "running" in plain(shown)
    assert "━" in shown
    assert "BTSSSS" in plain(shown)


@pytest.mark.slow
def test_a_progress_bar_says_the_stage_and_how_much_is_done(folder):
    compiled = plain(in_terminal("compile", "reber", "tomita", before=FAST)[1])
    assert re.search(r"[12] of 2: proving under [a-z0-9-]+ +[━╸╺]+ +(0|14|29|43|57|71|86)% ", compiled)
    shown = plain(in_terminal("illustrate", "reber", before=FAST)[1])
    assert re.search(r"(proving|checking) under [a-z0-9-]+ +[━╸╺]+ +\d+% ", shown)  # what is done just then


@pytest.mark.slow
def test_results_stay_whole_above_a_progress_bar(folder):
    names = [f"g{number}.yaml" for number in range(150)]
    for name in names:
        text = "nodes: [{id: a, start: true, accept: true}]\nedges: [{source: a, target: a, symbol: x}]\n"
        (folder / name).write_text(text, "utf-8")
    code, shown = in_terminal("check", *names, before=FAST)
    assert code == 0
    assert "━" in shown
    lines = [line.rpartition("\r")[2].strip() for line in plain(shown).split("\n")]
    assert [line.partition(",")[0] for line in lines if ": fine" in line] == [f"{name}: fine" for name in names]


def test_no_progress_bar_on_what_does_not(folder):
    assert "━" not in in_terminal("run", "reber", "BTX", before=FAST.replace("0.05", "60"))[1]


@pytest.mark.slow
def test_no_progress_bar_in_a_pipe(folder):
    code = f"{FAST}\nfrom lstmc.cli import main\nmain(['run', 'reber', 'BT' + 'S' * 20_000])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stderr == ""
    assert run.stdout == "BT" + "S" * 20_000 + "\talive\tS X\n"


@pytest.mark.slow
def test_an_output_that_lacks_a_character_is_no_reason_to_stop(folder):
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    for option in ([], ["--json"]):
        run = subprocess.run(
            [sys.executable, "-m", "lstmc", "explain", "reber", "5 by P", *option], capture_output=True, env=environment
        )
        assert run.returncode == 0
        assert b"u03c3" in run.stdout
