"""lstmc compile: grammars to weights files."""

import errno
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from terminal import hears_ctrl_c

import lstmc
from lstmc.proof import load_certificate

ENDLESS = "name: {name}\nnodes: [{{id: a, start: true, accept: true}}]\nedges: [{{source: a, target: a, symbol: x}}]\n"
BROKEN = "name: broken\nnodes: [{id: a, start: true, accept: true}]\nedges: [{source: a, target: b, symbol: x}]\n"


def write(name, text):
    Path(f"{name}.yaml").write_text(text, "utf-8")
    return f"{name}.yaml"


def test_compile_writes_the_weights_that_lstmc_compile_makes(cli):
    outcome = cli("compile", "reber")
    assert outcome.code == 0
    assert Path("build/reber.safetensors").read_bytes() == lstmc.compile(lstmc.load_grammar("reber")).to_bytes()
    head, *proofs = outcome.out.splitlines()
    assert head == "build/reber.safetensors: 11 cells, 976 parameters (90 not zero), gain 256"
    assert proofs[2].split() == ["proved", "under", "float32", "every", "length"]


def test_compile_ends_with_what_to_do_next(cli):
    outcome = cli("compile", "reber")
    commands = [line.removeprefix("next:").strip() for line in outcome.err.splitlines()]
    file = "build/reber.safetensors"
    assert commands == [f"lstmc run {file} BTXSE", f"lstmc explain {file}", f"lstmc verify {file}"]
    assert cli(*commands[0].split()[1:]).out == "BTXSE\taccepted\tend\n"
    assert cli(*commands[1].split()[1:]).code == cli(*commands[2].split()[1:]).code == 0


@pytest.mark.parametrize("grammar", ["number", "dyck", "long-lag", "continual-reber", "edge-detector"])
def test_what_to_do_next_works_for_every_kind_of_string(cli, grammar):
    outcome = cli("compile", grammar)
    run = shlex.split(outcome.err.splitlines()[0].removeprefix("next:"))
    answer = cli(*run[1:], "--strict", input="").code if len(run) == 3 else cli(*run[1:3], "--strict", *run[3:]).code
    assert answer == 0


def test_what_is_long_is_not_printed_whole(cli):
    long = "x" * 1_000_000
    state, rule = f"{{id: {long}, start: true, accept: true}}", f"{{source: {long}, target: {long}, symbol: {long}}}"
    Path("long.yaml").write_text(f"nodes: [{state}]\nedges: [{rule}]\n")
    outcome = cli("compile", "long.yaml")
    assert (outcome.code, "lstmc run" in outcome.out + outcome.err) == (0, True)
    assert len(outcome.out + outcome.err) < 5_000


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-O0"], {"level": 0}),
        (["-O", "2"], {"level": 2}),
        (["--memory", "rewrite"], {"memory": "rewrite"}),
        (["--cell", "toy", "--dtype", "float64"], {"cell": "toy", "dtype": "float64"}),
        (["--gain", "512"], {"gain": 512.0}),
    ],
)
def test_every_option_reaches_the_compiler(cli, options, expected):
    assert cli("compile", "reber", "-o", "out", *options).code == 0
    assert (
        Path("out/reber.safetensors").read_bytes() == lstmc.compile(lstmc.load_grammar("reber"), **expected).to_bytes()
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--cell", "gru"], "gain 256, -O1 --memory rewrite\n"),
        (["--cell", "gru", "-O0"], "gain 256\n"),
        (["--cell", "lstm-1997"], "gain 256\n"),
        (["--cell", "rnn-relu"], "gain 1, -O1 --memory rewrite\n"),
    ],
)
def test_what_a_cell_type_takes_instead_of_the_usual_is_told(cli, options, told):
    assert told in cli("compile", "reber", "--no-prove", *options).out


def test_what_a_cell_type_cannot_is_refused(cli):
    outcome = cli("compile", "reber", "--cell", "slstm", "--memory", "keep")
    assert outcome.code == 2
    assert outcome.err == (
        "error: the loops of the cell type 'slstm' cannot keep its memory: it is written at every step\n"
        "help: compile with --memory rewrite\n"
    )


def test_set_reaches_the_plugin_and_max_states_the_passes(cli):
    assert cli("compile", "tomita", "--set", "number=4").code == 0
    assert Path("build/tomita-number-4.safetensors").exists()
    outcome = cli("compile", "third-from-end", "-O2", "--max-states", "2")
    assert outcome.code == 4
    assert "needs more than 2 sets of states" in outcome.err


def test_json_says_what_was_made(cli):
    (made,) = cli("compile", "reber", "--json").objects
    assert made.pop("seconds") >= 0
    assert {name: verdict["verdict"] for name, verdict in made.pop("proof").items()} == {
        "exact": "bounded",
        "float64": "every-length",
        "float32": "every-length",
        "float16": "every-length",
        "bfloat16": "every-length",
        "approximate": "bounded",
        "int8-weights": "every-length",
    }
    assert made == {
        "grammar": "reber",
        "states": 8,
        "symbols": 7,
        "rules": 12,
        "cells": 11,
        "parameters": 976,
        "nonzero": 90,
        "files": {"weights": "build/reber.safetensors", "proof": "build/reber.proof.json"},
    }


def test_all_grammars_are_tried_and_the_first_failure_gives_the_code(cli):
    broken = write("broken", BROKEN)
    outcome = cli("compile", "reber", broken, "missing.yaml", "tomita", "--json")
    assert outcome.code == 1
    assert [made["grammar"] for made in outcome.objects] == ["reber", "tomita"]
    assert "broken.yaml:3" in outcome.err
    assert "missing.yaml: cannot be read" in outcome.err
    assert cli("compile", "missing.yaml", broken).code == 3


def test_two_grammars_of_one_name_are_refused_before_anything_is_written(cli):
    first, second = (write(file, ENDLESS.format(name="same")) for file in ("one", "two"))
    outcome = cli("compile", "reber", first, second)
    assert outcome.code == 2
    assert "two grammars are called 'same'" in outcome.err
    assert not Path("build").exists()


def test_warnings_go_to_standard_error(cli):
    text = ENDLESS.format(name="odd").replace("}]\nedges", "}, {id: far}]\nedges")
    outcome = cli("compile", write("odd", text))
    assert outcome.code == 0
    assert "warning[G041]" in outcome.err
    assert "warning" not in outcome.out


@pytest.mark.parametrize(
    "options",
    [
        *(
            ["-O3"],
            ["-O"],
            ["--gain", "0"],
            ["--gain", "-1"],
            ["--gain", "nan"],
            ["--gain", "x"],
            ["--max-states", "0"],
        ),
        *(
            ["--memory", "forget"],
            ["--dtype", "int7"],
            ["--set", "depth"],
            ["--set", "a=1", "--set", "a=2"],
            ["--colour"],
        ),
    ],
)
def test_an_option_that_cannot_be_is_a_usage_error(cli, options):
    outcome = cli("compile", "reber", *options)
    assert outcome.code == 2
    assert outcome.err.startswith("error: ")
    assert not Path("build").exists()


def test_an_unknown_cell_type_is_a_plugin_error(cli):
    outcome = cli("compile", "reber", "--cell", "tay")
    assert outcome.code == 5
    assert "did you mean 'toy'?" in outcome.err


def test_a_folder_that_cannot_be_written(cli):
    Path("taken").touch()
    outcome = cli("compile", "reber", "-o", "taken/deeper")
    assert outcome.code == 3
    assert "taken/deeper/reber.proof.json: cannot be written" in outcome.err
    assert "help: " in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("call", ["os.fsync", "os.replace", "tempfile.mkstemp"])
@pytest.mark.parametrize("there", [True, False], ids=["old", "new"])
def test_a_disk_that_is_full_at_any_step_leaves_both_files_as_they_were(cli, folder, monkeypatch, there, call, step):
    if there:
        assert cli("compile", "reber").code == 0
    before = files_in(folder / "build")
    with monkeypatch.context() as disk:
        full_at(disk, call, step)
        outcome = cli("compile", "reber", "-O2")
    assert outcome.code == 3
    assert "cannot be written: No space left on device" in outcome.err
    assert files_in(folder / "build") == before
    assert cli("compile", "reber", "-O2").code == 0


def test_a_disk_that_is_full_leaves_the_proof_that_would_have_gone(cli, folder, monkeypatch):
    assert cli("compile", "reber").code == 0
    before = files_in(folder / "build")
    full_at(monkeypatch, "os.replace", 1)
    assert cli("compile", "reber", "-O2", "--no-prove").code == 3
    assert files_in(folder / "build") == before


def test_a_compile_without_a_proof_removes_the_old_one_before_it_writes(cli, folder, monkeypatch):
    """So that one which is killed in between leaves no proof beside weights that it is not of."""
    assert cli("compile", "reber").code == 0
    real, seen = os.replace, []
    monkeypatch.setattr(os, "replace", lambda *names: (seen.append(files_in(folder / "build")), real(*names)))
    assert cli("compile", "reber", "-O2", "--no-prove").code == 0
    assert [("reber.proof.json" in there, "reber.safetensors" in there) for there in seen] == [(False, True)]
    assert list(files_in(folder / "build")) == ["reber.safetensors"]


def test_a_proof_that_cannot_be_replaced_keeps_the_old_weights(cli, folder):
    assert cli("compile", "reber").code == 0
    weights, proof = folder / "build/reber.safetensors", folder / "build/reber.proof.json"
    proof.unlink()
    proof.mkdir()
    before = weights.read_bytes()
    for options in ([], ["--no-prove"]):
        assert cli("compile", "reber", "-O2", *options).code == 3
        assert weights.read_bytes() == before


def test_a_file_of_ones_own_takes_its_proof_along(cli, folder):
    outcome = cli("compile", "reber", "-o", "nets/mine.safetensors")
    assert outcome.out.startswith("nets/mine.safetensors: 11 cells")
    assert sorted(files_in(folder / "nets")) == ["mine.proof.json", "mine.safetensors"]
    assert cli("verify", "nets/mine.safetensors").code == 0
    assert not (folder / "build").exists()
    refused = cli("compile", "reber", "number", "-o", "both.safetensors")
    assert (refused.code, refused.out) == (2, "")
    assert "one file, both.safetensors, for 2 grammars" in refused.err
    (folder / "odd.safetensors").mkdir()
    assert cli("compile", "reber", "-o", "odd.safetensors").out.startswith("odd.safetensors/reber.safetensors: ")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("unshare"), reason="no disk of a size of one's own can be mounted")
def test_a_real_disk_that_is_full_after_the_first_file(folder):
    """24 kB of memory as a disk: both old files are on it, and room for the new proof, but none for the weights."""
    disk = folder / "build"
    disk.mkdir()
    compile = f"{sys.executable} -m lstmc compile reber -o {disk}"
    script = (
        f"mount -t tmpfs -o size=24k none {disk} && {compile} && ({compile} -O2; cp {disk}/* {disk}/.[!.]* {folder})"
    )
    run = subprocess.run(["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True)
    if not (folder / "reber.safetensors").exists():
        pytest.skip(f"no disk can be mounted here: {run.stderr}")
    assert "reber.safetensors: cannot be written: No space left on device" in run.stderr
    network, certificate = lstmc.compile_proved(lstmc.load_grammar("reber"))
    disk.rmdir()
    assert files_in(folder) == {"reber.safetensors": network.to_bytes(), "reber.proof.json": certificate.to_bytes()}


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def full_at(disk, call, step):
    """Let one call fail as on a full disk, and no other: putting back needs no room."""
    home, name = {"os": os, "tempfile": tempfile}[call.split(".")[0]], call.split(".")[1]
    real, calls = getattr(home, name), []

    def fails(*arguments, **named):
        calls.append(arguments)
        if len(calls) == step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **named)

    disk.setattr(home, name, fails)


@pytest.mark.slow
def test_ctrl_c_leaves_whole_files_and_no_others(folder):
    """Interrupted as soon as the first of many files is there."""
    names = [f"g{number}" for number in range(400)]
    files = [write(name, ENDLESS.format(name=name)) for name in names]
    process = subprocess.Popen(
        [sys.executable, "-m", "lstmc", "compile", *files, "-o", "out"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    out = folder / "out"
    deadline = time.monotonic() + 30
    while not (out.is_dir() and any(out.glob("*.safetensors"))) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "error: interrupted" in err
    written = list(out.iterdir())
    assert 0 < len(written) < 2 * len(names)
    for path in written:
        assert path.suffixes in ([".safetensors"], [".proof", ".json"])
        lstmc.load(path) if path.suffix == ".safetensors" else load_certificate(path)


@pytest.mark.parametrize(
    ("cell", "options", "advice"),
    [
        ("lstm", [], "--memory rewrite or a higher --gain may help"),
        ("lstm", ["-O0"], "a higher --gain or -O1 may help"),
        ("gru", [], "a higher --gain may help"),
        ("gru", ["--dtype", "float32"], "a higher --gain or a finer --dtype may help"),
        ("lstm-1997", [], "a higher --gain may help"),  # its errors add up, whatever loops do
    ],
)
def test_the_advice_of_a_refusal_fits_the_cell_type(cli, cell, options, advice):
    outcome = cli("compile", "reber", "--gain", "4", "--cell", cell, "--dtype", "float64", *options)
    assert outcome.code == 1
    assert outcome.err.splitlines()[0].endswith(f"; {advice}")
