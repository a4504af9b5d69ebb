"""lstmc export and lstmc conform on the command line."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors import safe_open


def test_the_file_names_the_proof_beside_the_weights(cli):
    cli("compile", "reber")
    outcome = cli("export", "build/reber.safetensors", "--to", "torch")
    assert outcome.code == 0
    assert "\nreber.torch.safetensors: " in outcome.err
    assert 'safe_open("reber.torch.safetensors", "pt")' in outcome.out
    with safe_open("reber.torch.safetensors", "np") as file:
        metadata = file.metadata()
    assert metadata["proof"] == hashlib.sha256(Path("build/reber.proof.json").read_bytes()).hexdigest()
    assert json.loads(metadata["lstmc"])["alphabet"] == list("BTSXPVE")


def test_a_grammar_is_compiled_and_proved_first(cli):
    cli("compile", "reber", "-O2")
    cli("export", "build/reber.safetensors", "--to", "torch")
    first = Path("reber.torch.safetensors").read_bytes()
    outcome = cli("export", "reber", "-O2", "--to", "torch", "-o", "folder/other.safetensors", "--json")
    (line,) = outcome.objects
    assert line["file"] == "folder/other.safetensors"
    assert line["bytes"] == len(first)
    assert '"other.safetensors"' in line["snippet"]
    assert Path(line["file"]).read_bytes() == first


def test_without_a_proof_it_is_said(cli):
    cli("compile", "reber", "--no-prove")
    outcome = cli("export", "build/reber.safetensors", "--to", "torch")
    assert outcome.code == 0
    assert "has no proof beside it" in outcome.err


def test_the_proof_of_other_weights_is_an_error(cli):
    cli("compile", "reber", "-o", "a")
    cli("compile", "reber", "-O2", "-o", "b")
    Path("b/reber.proof.json").write_bytes(Path("a/reber.proof.json").read_bytes())
    outcome = cli("export", "b/reber.safetensors", "--to", "torch")
    assert outcome.code == 3
    assert "b/reber.proof.json: is the proof of other weights" in outcome.err
    assert not Path("reber.torch.safetensors").exists()


def test_an_unknown_framework(cli):
    outcome = cli("export", "reber", "--to", "torhc")
    assert outcome.code == 5
    assert "did you mean 'torch'?" in outcome.err


def test_a_cell_type_that_the_framework_cannot_hold(cli):
    outcome = cli("export", "reber", "--cell", "toy", "--to", "flax")
    assert outcome.code == 2
    assert "Flax cannot hold the cell type 'toy'" in outcome.err
    assert "torch, onnx, numpy, javascript and c take every cell type" in outcome.err


def test_a_number_format_that_the_framework_lacks(cli):
    outcome = cli("export", "reber", "--dtype", "bfloat16", "--to", "numpy")
    assert outcome.code == 2
    assert "cannot hold bfloat16: " in outcome.err


def test_what_is_missing_to_write_is_named_with_the_remedy(cli, monkeypatch):
    monkeypatch.setattr("lstmc.export.exporters.find_spec", lambda name: None)
    outcome = cli("export", "reber", "--to", "onnx")
    assert outcome.code == 5
    assert "onnx is not installed" in outcome.err
    assert "help: pip install 'lstmc[onnx]'" in outcome.err


@pytest.mark.slow
def test_a_framework_that_is_missing_is_said_and_only_wrong_where_it_was_asked_for(cli, monkeypatch):
    from importlib.util import find_spec

    gone = ("torch", "onnx", "onnxruntime", "keras", "jax", "flax", "equinox", "torchrecurrent", "xlstm")
    monkeypatch.setattr("lstmc.export.runtime.find_spec", lambda name: None if name in gone else find_spec(name))
    monkeypatch.setattr("lstmc.export.runtime.shutil.which", lambda name: None)
    monkeypatch.setattr("lstmc_onnx.exporter._too_old", lambda: False)
    outcome = cli("conform", "reber", "--length", "100")
    assert outcome.code == 0
    lines = {line.split("\t")[0]: line.split("\t") for line in outcome.out.splitlines()}
    assert lines["numpy"][1] == "conforms"
    assert len(lines) == 12
    lacks = [name for name, cells in lines.items() if cells[1] == "lacks"]
    assert lacks == ["torchrecurrent", "xlstm"]
    assert all(cells[1] == "missing" for name, cells in lines.items() if name not in ("numpy", *lacks))
    assert lines["onnxruntime"][-1] == "not installed: onnxruntime; pip install 'lstmc[onnx]'"
    assert cli("conform", "reber", "--length", "100", "--in", "onnx").code == 5


@pytest.mark.slow
def test_what_differs_ends_with_1(cli, monkeypatch):
    monkeypatch.setattr("lstmc.export.conform.LOGITS", {"float32": -1.0})
    outcome = cli("conform", "reber", "--length", "100", "--in", "numpy")
    assert outcome.code == 1
    cells = outcome.out.split("\t")
    assert cells[:2] == ["numpy", "differs"]
    assert cells[-2] == "B"
    assert cells[-1].startswith("logits differ: 'B' is -16")


@pytest.mark.slow
def test_the_program_goes_to_standard_output_alone(folder):
    lstmc = Path(sys.executable).with_name("lstmc")
    command = f"{lstmc} export reber --to numpy > load.py && {sys.executable} load.py"
    run = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["S", "X"]


@pytest.mark.parametrize("command", ["export", "conform"])
def test_frameworks_are_completed(folder, command):
    assert completed(f"lstmc {command} reber --{'to' if command == 'export' else 'in'} o") == ["plain,onnx"]


def test_number_formats_are_completed(folder):
    assert completed("lstmc compile reber --dtype float") == ["plain,float64", "plain,float32", "plain,float16"]


def completed(words):
    import os

    environment = {"_LSTMC_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "4"}
    run = subprocess.run(
        [Path(sys.executable).with_name("lstmc")], env=os.environ | environment, capture_output=True, text=True
    )
    return run.stdout.split()


def test_a_gpu_that_is_not_there(cli, monkeypatch):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    outcome = cli("conform", "reber", "--in", "torch", "--device", "cuda")
    assert outcome.code == 5
    assert "torch sees no CUDA device" in outcome.err
    outcome = cli("conform", "reber", "--in", "numpy", "--device", "cuda")
    assert outcome.code == 2
    assert "NumPy runs on the processor alone" in outcome.err
