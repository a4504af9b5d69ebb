"""lstmc run: strings through a network."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import hears_ctrl_c
from work import HANGING

import lstmc

LSTMC = [sys.executable, "-m", "lstmc"]


def test_the_seeds_own_examples(cli):
    outcome = cli("run", "reber", "BTXSE", "BPVVE", "BTSSXXTTVPXVVE", "BTX", "BTT", "")
    assert outcome.code == 0
    assert [line.split("\t") for line in outcome.out.splitlines()] == [
        ["BTXSE", "accepted", "end"],
        ["BPVVE", "accepted", "end"],
        ["BTSSXXTTVPXVVE", "accepted", "end"],
        ["BTX", "alive", "S X"],
        ["BTT", "dead", ""],
        ["", "alive", "B"],
    ]


@pytest.mark.parametrize("options", [["-O0"], ["-O1"], ["-O2"], ["--cell", "toy"], ["--dtype", "bfloat16"]])
def test_a_grammar_is_compiled_in_memory(cli, options):
    outcome = cli("run", "reber", "BTXSE", "BTT", *options)
    assert (outcome.code, outcome.out) == (0, "BTXSE\taccepted\tend\nBTT\tdead\t\n")
    assert not Path("build").exists()


def test_weights_run_as_their_grammar_does(cli):
    strings = ["BTXSE", "BTX", "BTT", ""]
    cli("compile", "reber")
    Path("renamed").write_bytes(Path("build/reber.safetensors").read_bytes())
    expected = cli("run", "reber", *strings, "--json").objects
    assert cli("run", "build/reber.safetensors", *strings, "--json").objects == expected
    assert cli("run", "renamed", *strings, "--json").objects == expected


def test_options_of_the_compiler_cannot_change_weights(cli):
    cli("compile", "reber")
    outcome = cli("run", "build/reber.safetensors", "BTX", "-O2", "--gain", "64", "--set", "a=b")
    assert outcome.code == 2
    assert "is compiled already: -O, --gain, --set cannot change it" in outcome.err


def test_json_is_what_the_network_says(cli):
    network = lstmc.compile(lstmc.load_grammar("reber"))
    strings = ["BTXSE", "BTX", "BTT", ""]
    found = cli("run", "reber", *strings, "--json").objects
    assert found == [network.run(string).to_dict() for string in strings]
    assert found[1]["probabilities"] == pytest.approx({"S": 0.5, "X": 0.5})
    assert found[0]["logprob"] == pytest.approx(-3 * 0.6931471805599453)
    assert found[2]["logprob"] is None


def test_a_transducers_outputs_are_a_column(cli):
    outcome = cli("run", "edge-detector", "01", "0", "", "0110")
    said = ["same rise", "same", "", "same rise same fall"]
    assert [line.split("\t")[3] for line in outcome.out.splitlines()] == said
    (detected,) = cli("run", "edge-detector", "0110", "--json").objects
    assert detected["outputs"] == said[3].split()
    assert cli("run", "number", "d.d", "--json").objects[0]["outputs"] == []
    assert [run["output"] for run in cli("run", "edge-detector", "01", "0", "", "--json").objects] == [
        "rise",
        "same",
        None,
    ]


@pytest.mark.parametrize("options", [["--gain", "5"], ["--gain", "5", "-O2"], ["--dtype", "float16", "--gain", "9"]])
def test_a_network_that_is_not_proved_says_so(cli, options):
    outcome = cli("run", "reber", "BTSSSX", *options)
    assert outcome.code == 0
    contract = "float16" if "float16" in options else "float32"
    assert outcome.err.startswith(f"what this network says may be wrong: not proved under {contract}: cell ")


@pytest.mark.parametrize("options", [[], ["--gain", "64"], ["--dtype", "bfloat16", "-O2"], ["-O2", "--gain", "64"]])
def test_a_network_that_is_proved_says_nothing(cli, options):
    outcome = cli("run", "reber", "BTSSSX", *options)
    assert (outcome.out, outcome.err) == ("BTSSSX\talive\tS X\n", "")


def test_symbols_with_blanks_are_run_as_sample_prints_them(cli):
    text = "nodes: [{id: 0, start: true, accept: true}]\nedges:\n"
    text += "".join(f"  - {{source: 0, target: 0, symbol: {json.dumps(s)}}}\n" for s in ("New York", "Rome", '"', "[x"))
    Path("cities.yaml").write_text(text)
    strings = cli("sample", "cities.yaml", "-n", "30", "--seed", "2").out.splitlines()
    assert any('"New York"' in string for string in strings)
    runs = cli("run", "cities.yaml", *strings, "--json").objects
    assert [run["string"] for run in runs] == strings
    assert all(run["accepted"] for run in runs)
    assert cli("run", "cities.yaml", '["New York", "Rome"]').out.startswith('"New York" Rome\taccepted\t')


def test_long_symbols_are_read_between_blanks(cli):
    outcome = cli("run", "long-lag", "--set", "p=2", "x a1 x", " x  a1 y ")
    assert [line.split("\t")[:2] for line in outcome.out.splitlines()] == [["x a1 x", "accepted"], ["x a1 y", "dead"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_strings_come_from_standard_input_one_a_line(cli, ending, last):
    text = ending.join(["BTXSE", "", "BTT"]) + (ending if last else "")
    outcome = cli("run", "reber", input=text)
    assert [line.split("\t")[:2] for line in outcome.out.splitlines()] == [
        ["BTXSE", "accepted"],
        ["", "alive"],
        ["BTT", "dead"],
    ]


def test_no_lines_at_all_are_no_strings(cli):
    assert cli("run", "reber", input="") == (0, "", "")


@pytest.mark.parametrize("at_a_time", [1, 2, 5, 64])
def test_strings_longer_than_what_is_read_at_a_time(cli, monkeypatch, at_a_time):
    monkeypatch.setattr("lstmc.cli.strings.MOST_AT_A_TIME", at_a_time)
    long = "BT" + "S" * 20
    outcome = cli("run", "reber", input=f"BTX\n{long}\n{long}XSE\n")
    assert [line.split("\t")[1] for line in outcome.out.splitlines()] == ["alive", "alive", "accepted"]
    assert outcome.out.splitlines()[1].startswith(long + "\t")


def test_an_answer_comes_before_the_next_question(folder):
    with subprocess.Popen([*LSTMC, "run", "reber"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for string, answer in ((b"BTX\n", b"BTX\talive\tS X\n"), (b"BTT\n", b"BTT\tdead\t\n")):
            process.stdin.write(string)
            process.stdin.flush()
            assert process.stdout.readline() == answer
        process.stdin.close()
        assert process.wait() == 0


@pytest.mark.parametrize(("strings", "code"), [(["BTXSE"], 0), (["BTXSE", "BTX"], 1), (["BTT"], 1), ([""], 1)])
def test_strict_ends_with_1_for_a_string_that_is_not_accepted(cli, strings, code):
    assert cli("run", "reber", *strings).code == 0
    assert cli("run", "reber", "--strict", *strings).code == code
    assert cli("run", "reber", "--strict", "--json", input="\n".join(strings) + "\n").code == code


def test_an_unknown_symbol_is_told_with_its_place_and_the_others_run(cli):
    outcome = cli("run", "reber", "BTXSE", "BTx", "BPV", "--strict")
    assert outcome.code == 3
    assert [line.split("\t")[0] for line in outcome.out.splitlines()] == ["BTXSE", "BPV"]
    assert "error: 'BTx': symbol 3 of the string, 'x', is not in the alphabet" in outcome.err
    assert "did you mean 'X'?" in outcome.err


def test_a_line_that_is_not_utf_8_is_told_with_its_place(cli):
    outcome = cli("run", "reber", input=b"BTX\nB\xffT\nBTQ\n")
    assert outcome.code == 3
    assert outcome.out == "BTX\talive\tS X\n"
    assert "standard input, line 2: not UTF-8: byte 2" in outcome.err
    assert "standard input, line 3: symbol 3 of the string, 'Q'" in outcome.err


def test_a_string_that_begins_with_a_dash(cli):
    outcome = cli("run", "number", "-d")
    assert outcome.code == 2
    assert "put -- before a string that begins with -" in outcome.err
    assert cli("run", "number", "--", "-d").out.startswith("-d\t")


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(folder):
    command = f'yes BTXSE | "{sys.executable}" -m lstmc run reber | head -n 2'
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=HANGING)
    assert run.stdout == "BTXSE\taccepted\tend\n" * 2
    assert run.stderr == ""
    assert run.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a file that is always full")
def test_standard_output_that_is_full(folder):
    with open("/dev/full", "w") as full:
        run = subprocess.run([*LSTMC, "run", "reber", "BTX"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 3
    assert "error: standard output: No space left on device" in run.stderr


def test_ctrl_c_ends_with_130(folder):
    with subprocess.Popen(
        [*LSTMC, "run", "reber"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    ) as process:
        process.stdin.write("BTX\n")
        process.stdin.flush()
        assert process.stdout.readline() == "BTX\talive\tS X\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=HANGING) == 130
        assert process.stderr.read().strip() == "error: interrupted"
