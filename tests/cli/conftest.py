"""Run the command line inside the test's process, in an empty folder of its own."""

import json
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from lstmc.cli.group import lstmc

# Before 8.2, click puts standard error into standard output unless it is told not to.
APART: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


class Outcome(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """What --json printed."""
        return [json.loads(line) for line in self.out.splitlines()]


Cli = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(folder: Path) -> Cli:
    """cli("run", "reber", "BTX", input="...") -> Outcome. A traceback is a failure of the test that asks for it."""

    def run(*arguments: str, input: str | bytes | None = None, **environment: str) -> Outcome:
        result = CliRunner(**APART).invoke(lstmc, arguments, input=input, env=environment)
        assert "Traceback" not in result.stderr
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run
