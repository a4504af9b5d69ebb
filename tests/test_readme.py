"""README.md and docs/compiling.md: their examples give what the pages say."""

import tomllib
from pathlib import Path

import pytest
from pages import ROOT, blocks, run_examples

README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.slow
def test_the_examples_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples(README) == 7


def test_the_examples_of_how_compiling_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/compiling.md").read_text("utf-8")) == 3


def test_the_weights_load_in_pytorch_as_the_readme_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed; pip install torch, and this is tested too")
    monkeypatch.chdir(ROOT)  # where weights/reber.safetensors is
    (code,) = (block for block in blocks(README, "python") if "torch" in block)
    assert len(code.strip().splitlines()) <= 7
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert capsys.readouterr().out.startswith("tensor([")
    module, x = names["net"], names["x"]
    assert isinstance(module, torch.nn.ModuleDict)
    chances = module["reader"](module["lstm"](x)[0]).softmax(-1)[0, -1].tolist()
    assert chances == pytest.approx([0, 0, 0.5, 0.5, 0, 0, 0, 0], abs=1e-5)


def test_the_python_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = (block for block in blocks(README, "python") if "lstmc" in block)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == "('S', 'X')\n"


def test_it_holds_exactly_two_set_up_commands_that_name_what_is_there() -> None:
    commands = [line for block in blocks(README, "sh") for line in block.splitlines()]
    assert len(commands) == 2
    assert all(line.startswith("python3 -m venv .venv && .venv/bin/pip install -e ") for line in commands)
    assert (ROOT / commands[0].split()[-1]).is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "test" in project["optional-dependencies"]
    assert f"'{commands[1]}'" in (ROOT / ".ci/run").read_text("utf-8")
