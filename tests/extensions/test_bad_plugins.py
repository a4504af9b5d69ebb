"""Plugins that misbehave are listed with the reason, and every other command works as if they were not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lstmc.extensions import GROUPS
from lstmc.grammar import catalogue

BAD = {  # module: its text, and why it is refused
    "raises": (
        "print('hello')\nraise ValueError('on import')",
        "importing raises:it failed: ValueError: on import (line 2 of raises.py)",
    ),
    "exits": ("raise SystemExit(3)", "importing exits:it failed: SystemExit: 3"),
    "newer": ("LSTMC_API = 99\nit = dict", "made for LSTMC_API 99; this lstmc offers 1"),
    "sleeps": ("import time\ntime.sleep(1e6)", "importing sleeps:it takes more than the limit of 1 seconds"),
    "spins": (
        "while True:\n    try:\n        sum(range(1000))\n    except BaseException:\n        pass",
        "importing spins:it takes more than the limit of 1 seconds",
    ),
    "other": ("LSTMC_API = 1\nit = 5", ""),  # of the wrong type: each group says so in its own words
}
COMMANDS = (
    ["--help"],
    ["list"],
    ["check", "reber"],
    ["compile", "reber", "tomita"],
    ["conform", "reber", "--in", "numpy", "--length", "100"],
    ["convert", "reber", "--to", "yaml"],
    ["draw", "reber", "-o", "reber.svg"],
    ["explain", "reber"],
    ["export", "reber", "--to", "numpy", "-o", "reber.npz"],
    ["illustrate", "reber", "-o", "reber.html"],
    ["new", "turns"],
    ["run", "reber", "BTX"],
    ["sample", "reber", "-n", "2"],
    ["schema"],
    ["trace", "reber", "BT"],
    ["verify", "build/reber.safetensors"],
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages, each with one entry point in every group; some take names that are taken."""
    folder = tmp_path_factory.mktemp("site")
    taken = {
        "reber": "raises:it",
        "tomita": "raises:it",
        "lstm": "raises:it",
        "yaml": "raises:it",
        "numpy": "raises:it",
    }
    for package in (*BAD, "thief"):
        points = taken if package == "thief" else {package: f"{package}:it"}
        info = folder / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
        lines = [line for group in GROUPS for line in (f"[{group}]", *(f"{n} = {t}" for n, t in points.items()))]
        (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    for module, (text, _) in BAD.items():
        (folder / f"{module}.py").write_text(text, "utf-8")
    return folder


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "LSTMC_MAX_PLUGIN_SECONDS": "1"}
    command = [sys.executable, "-m", "lstmc", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_every_other_command_works(site: Path, tmp_path: Path) -> None:
    for arguments in COMMANDS:
        ended = run(site, tmp_path, *arguments)
        assert ended.returncode == 0, (arguments, ended.stderr)
        assert ended.stdout, arguments


@pytest.mark.slow
def test_they_are_listed_with_the_reason(site: Path, tmp_path: Path) -> None:
    ended = run(site, tmp_path, "plugins")
    assert ("hello" in ended.stderr, "hello" in ended.stdout) == (True, False)
    lines = [line.split("\t") for line in ended.stdout.splitlines()]
    for package, (_, reason) in BAD.items():
        mine = [line for line in lines if line[2] == package]
        assert len(mine) == len(GROUPS)
        assert {line[4] for line in mine} == {"refused"}
        assert all(reason in line[5] for line in mine), mine
    thieves = {(line[0], line[1]): line for line in lines if line[2] == "thief"}
    for group, name in (("lstmc.grammars", "tomita"), ("lstmc.cells", "lstm"), ("lstmc.formats", "yaml")):
        assert thieves[group, name][4:] == ["refused", f"the name '{name}' is taken by package lstmc"]
    assert thieves["lstmc.grammars", "reber"][5] == "the name 'reber' is taken by a grammar file that comes with lstmc"


@pytest.mark.slow
def test_asked_for_by_name_each_ends_with_its_reason(site: Path, tmp_path: Path) -> None:
    for package, (_, reason) in BAD.items():
        ended = run(site, tmp_path, "compile", package)
        assert ended.returncode == 5
        assert f"'{package}'" in ended.stderr
        assert reason in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_without_plugins_they_are_not_there(site: Path, tmp_path: Path) -> None:
    ended = run(site, tmp_path, "--no-plugins", "plugins")
    assert {line.split("\t")[2] for line in ended.stdout.splitlines()} == {"lstmc"}
    assert not ended.stderr  # nothing of theirs was imported
    ended = run(site, tmp_path, "--no-plugins", "compile", "spins")
    assert (ended.returncode, "there is no grammar 'spins'" in ended.stderr) == (3, True)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", ["", "soon", "-1", "1.5"])
def test_a_limit_that_is_no_number(seconds: str, site: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(site), "LSTMC_MAX_PLUGIN_SECONDS": seconds}
    command = [sys.executable, "-m", "lstmc", "compile", "sleeps"]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "LSTMC_MAX_PLUGIN_SECONDS must be a whole number" in ended.stderr


@pytest.mark.slow
def test_a_factory_that_never_returns(tmp_path: Path) -> None:
    info = tmp_path / "slow-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[lstmc.grammars]\nslow = slow:slow\n", "utf-8")
    (tmp_path / "slow.py").write_text("LSTMC_API = 1\ndef slow():\n    'Slow.'\n    while True: pass\n", "utf-8")
    (tmp_path / "slow.yaml").write_text("plugin: slow\n", "utf-8")
    for source in ("slow", "./slow.yaml"):
        ended = run(tmp_path, tmp_path, "compile", source)
        assert ended.returncode in (4, 5)
        assert "plugin 'slow' takes more than the limit of 1 seconds" in ended.stderr
        assert "LSTMC_MAX_PLUGIN_SECONDS" in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("info", ["evil-1.0.dist-info", "evil.egg-info"])
@pytest.mark.parametrize("safe", [[], ["-P"]], ids=["as usual", "safe path"])
def test_what_lies_in_the_current_folder_is_no_plugin(tmp_path: Path, info: str, safe: list[str]) -> None:
    """`python -m` puts that folder on the path; neither its plugins nor its modules may be taken for installed ones."""
    (tmp_path / info).mkdir()
    for metadata in ("METADATA", "PKG-INFO"):
        (tmp_path / info / metadata).write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", "utf-8")
    (tmp_path / info / "entry_points.txt").write_text("[lstmc.grammars]\nevil = evil:make\n", "utf-8")
    for module in ("evil", "numpy", "networkx"):
        (tmp_path / f"{module}.py").write_text("open('done', 'w')\n", "utf-8")
    for arguments in (["plugins"], ["list"], ["run", "reber", "BTX"]):
        command = [sys.executable, *safe, "-m", "lstmc", *arguments]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        assert "evil" not in ended.stdout
    assert not (tmp_path / "done").exists()


def test_our_own_plugins_have_the_time_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTMC_MAX_PLUGIN_SECONDS", "0")
    monkeypatch.setattr(catalogue, "run_plugin", lambda *_: pytest.fail("a plugin of ours is under the limit"))
    assert len(catalogue.load_grammar("tomita", {"number": "4"}).graph) == 3
