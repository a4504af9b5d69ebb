"""Our plugins could leave home unchanged, and what is installed holds all that is shipped."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lstmc.shipped import shipped

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
PLUGINS = sorted(path for path in (ROOT / "plugins").glob("lstmc_*") if path.is_dir())
PUBLIC = {
    "lstmc",
    "lstmc.errors",
    "lstmc.export",
    "lstmc.grammar",
    "lstmc.grammar.excerpt",
    "lstmc.grammar.formats",
    "lstmc.grammar.grammar",
    "lstmc.grammar.limits",
    "lstmc.grammar.parameters",
    "lstmc.grammar.unsaid",
    "lstmc.grammar.values",
    "lstmc.grammar.xml",
    "lstmc.limits",
    "lstmc.network",
    "lstmc.program",
}  # what docs/plugins.md offers


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative"
            yield node.module


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_needs_only_what_the_contract_offers(plugin):
    for path in plugin.rglob("*.py"):
        ours = {name for name in imports(path) if name.split(".")[0].startswith("lstmc")}
        assert {name for name in ours if name.split(".")[0] != plugin.name} <= PUBLIC


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_is_packaged_and_has_an_entry_point(plugin):
    assert f"plugins/{plugin.name}" in WHEEL["packages"]
    targets = [target for points in PROJECT["project"]["entry-points"].values() for target in points.values()]
    assert any(target.partition(":")[0].split(".")[0] == plugin.name for target in targets)
    assert (plugin / "py.typed").exists()


def test_in_a_checkout_the_files_are_those_of_its_grammars_folder():
    assert list(shipped().values()) == sorted((ROOT / "grammars").glob("*.yaml"))


def test_in_a_wheel_the_files_are_inside_the_package(tmp_path):
    for package in WHEEL["packages"]:
        shutil.copytree(ROOT / package, tmp_path / Path(package).name, ignore=shutil.ignore_patterns("__pycache__"))
    for source, target in WHEEL["force-include"].items():
        shutil.copytree(ROOT / source, tmp_path / target)
    code = "from lstmc.shipped import shipped; print(*shipped().values(), sep='\\n')"
    printed = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert printed.stdout.splitlines() == [
        str(tmp_path / "lstmc" / "grammars" / path.name) for path in shipped().values()
    ]
