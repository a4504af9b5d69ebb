"""What a newcomer sees: `lstmc`, help, and examples that work as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lstmc.cli.group import lstmc
from lstmc.version import VERSION

GOLDEN = Path(__file__).parent / "golden"
COMMANDS = lstmc.list_commands(click.Context(lstmc))
HEAVY = ("numpy", "networkx", "rich", "yaml", "jsonschema", "safetensors", "scipy", "importlib.metadata")


def command(name):
    return lstmc.get_command(click.Context(lstmc), name)


def examples(text):
    """The lines below `Example:` or `Examples:`."""
    lines = text.partition("Example")[2].splitlines()[1:]
    return [line.strip() for line in lines if line.strip().startswith("lstmc ")]


EXAMPLES = [example for name in COMMANDS for example in examples(command(name).help)]


def test_lstmc_alone_shows_three_commands_to_try(cli):
    outcome = cli()
    assert outcome == (0, (GOLDEN / "lstmc.txt").read_text("utf-8"), "")
    tried = [
        shlex.split(line.partition("     ")[0]) for line in outcome.out.splitlines() if line.startswith("  lstmc ")
    ]
    assert len(tried) == 3
    for words in tried:
        assert cli(*words[1:]).code == 0


def test_help_lists_every_command(cli):
    outcome = cli("--help", COLUMNS="80")
    assert outcome == (0, (GOLDEN / "help.txt").read_text("utf-8"), "")
    assert cli("-h", COLUMNS="80") == outcome


def test_the_commands_of_the_design_are_there():
    named = "check compile conform explain export list plugins run sample schema trace verify"
    assert set(named.split()) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_fits_a_terminal_and_shows_an_example(cli, name):
    outcome = cli(name, "--help", COLUMNS="80")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    assert examples(outcome.out)


@pytest.mark.slow
@pytest.mark.parametrize("example", [*EXAMPLES, *examples(lstmc.help)])
def test_every_example_of_the_help_works(cli, example):
    cli("compile", "reber")  # some examples name its weights
    outcome = cli(*shlex.split(example)[1:])
    assert outcome.code == 0
    assert outcome.out


def test_version(cli):
    assert cli("--version") == (0, f"lstmc {VERSION}\n", "")


@pytest.mark.slow
def test_python_m_lstmc_is_the_same(folder):
    outputs = [
        subprocess.run([*start, "run", "reber", "BTX"], capture_output=True, check=True, text=True).stdout
        for start in ([sys.executable, "-m", "lstmc"], [Path(sys.executable).with_name("lstmc")])
    ]
    assert outputs[0] == outputs[1] == "BTX\talive\tS X\n"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments):
    code = f"""
import sys
from lstmc.cli import main
try:
    main({arguments!r})
except SystemExit as ending:
    assert ending.code == 0
print("imported:", *(name for name in {HEAVY!r} if name in sys.modules))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stdout.splitlines()[-1].strip() == "imported:"


def test_the_check_above_would_see_an_import(cli):
    code = f"import sys, lstmc.cli.sources, lstmc.network; print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "numpy" in run.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("lstmc co", ["compile"]),
        ("lstmc run re", ["reber"]),
        ("lstmc compile third", ["third-from-end"]),
        ("lstmc check embedded", ["embedded-reber"]),
        ("lstmc sample tom", ["tomita"]),
        ("lstmc compile reber --cell t", ["toy"]),
        ("lstmc compile reber --mem", ["--memory"]),
        ("lstmc schema r", ["run"]),
        ("lstmc run re", ["reber", "rest.safetensors", "rest.yaml"]),
        ("lstmc run res", ["file"]),
        ("lstmc run some/", ["file"]),
    ],
)
def test_the_shell_completes_commands_options_grammars_and_files(folder, words, offered):
    for name in ("rest.yaml", "rest.safetensors", "rest.txt"):
        (folder / name).touch()
    words_before = words.split()
    environment = {"_LSTMC_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words_before) - 1)}
    run = subprocess.run(
        [Path(sys.executable).with_name("lstmc")], env=os.environ | environment, capture_output=True, text=True
    )
    kinds_and_values = [line.split(",", 1) for line in run.stdout.splitlines()]
    shown = [kind if kind == "file" else value for kind, value in kinds_and_values]
    assert [each for each in shown if each in offered] == offered
    assert "rest.txt" not in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_completion_script_for_every_shell(shell):
    environment = os.environ | {"_LSTMC_COMPLETE": f"{shell}_source"}
    run = subprocess.run([Path(sys.executable).with_name("lstmc")], env=environment, capture_output=True, text=True)
    assert re.search(rf"_LSTMC_COMPLETE={shell}_complete", run.stdout)
