"""How commands end: the exit code of every kind of failure, and what is told on standard error."""

import errno
import shlex
import signal
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from lstmc.cli.group import lstmc
from lstmc.errors import FindingsError, InputError, LimitError, LstmcError, PluginError, UsageError


@pytest.fixture
def failing(cli, monkeypatch):
    """Makes `lstmc list` fail with an error."""

    def fail_with(error, **environment):
        def names():
            raise error

        monkeypatch.setattr("lstmc.grammar.catalogue.names", names)
        return cli("list", **environment)

    return fail_with


@pytest.mark.parametrize(
    ("kind", "code"),
    [(FindingsError, 1), (UsageError, 2), (InputError, 3), (LimitError, 4), (PluginError, 5), (LstmcError, 70)],
)
def test_our_errors_are_told_with_their_remedy(failing, kind, code):
    assert failing(kind("what is wrong", "what to do")) == (code, "", "error: what is wrong\nhelp: what to do\n")
    assert failing(kind("what is wrong")) == (code, "", "error: what is wrong\n")


def test_a_bug_says_that_it_is_ours_and_how_to_see_more(failing):
    outcome = failing(ZeroDivisionError("by zero"))
    assert outcome[:2] == (70, "")
    assert outcome.err.splitlines() == [
        "error: a bug in lstmc: ZeroDivisionError: by zero",
        "help: please report it; LSTMC_TRACEBACK=1 shows where it is",
    ]


def test_the_traceback_of_a_bug(folder, monkeypatch):
    monkeypatch.setattr("lstmc.grammar.catalogue.names", lambda: 1 / 0)
    result = CliRunner().invoke(lstmc, ["list"], env={"LSTMC_TRACEBACK": "1"})
    assert result.exit_code == 70
    assert "Traceback (most recent call last)" in result.output  # click before 8.2 has all in one
    assert result.output.endswith("LSTMC_TRACEBACK=1 shows where it is\n")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "error: interrupted"),
        (MemoryError(), 4, "error: not enough memory"),
        (OSError(errno.EACCES, "Permission denied", "some/file"), 3, "error: some/file: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), 3, "error: standard output: No space left on device"),
        (RecursionError("too deep"), 70, "error: a bug in lstmc: RecursionError: too deep"),
    ],
)
def test_errors_of_the_machine(failing, error, code, message):
    outcome = failing(error)
    assert outcome.code == code
    assert message in outcome.err


def test_an_interruption_that_a_library_takes_for_another_error(folder, monkeypatch):
    def compare():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise TypeError("cannot compare") from None

    monkeypatch.setattr("lstmc.grammar.catalogue.names", compare)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        result = CliRunner().invoke(lstmc, ["list"])
        assert (result.exit_code, result.output) == (130, "error: interrupted\n")
        monkeypatch.setattr("lstmc.grammar.catalogue.names", lambda: 1 / 0)
        assert CliRunner().invoke(lstmc, ["list"]).exit_code == 70  # the next command was not interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_reader_that_has_gone(failing):
    assert failing(BrokenPipeError(errno.EPIPE, "Broken pipe")) == (141, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cmopile"], "there is no command 'cmopile': did you mean 'compile'?"),
        (["quux"], "there is no command 'quux'"),
        (["--wrong"], "no such option"),
        (["run"], "missing argument 'WEIGHTS'"),
        (["trace", "reber"], "missing argument 'STRING'"),
        (["list", "--wrong"], "no such option"),
        (["list", "more"], "unexpected extra argument"),
    ],
)
def test_usage_errors_show_the_usage(cli, arguments, message):
    outcome = cli(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: ")
    assert message in outcome.err.casefold().replace("weights", "WEIGHTS").replace("string", "STRING")
    assert "usage: lstmc" in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "closed", "code", "out", "err"),
    [
        (["run", "reber", "BTX"], ">&-", 0, "", ""),
        (["run", "reber"], "<&-", 0, "", ""),
        (["run", "reber", "BTX"], "2>&-", 0, "BTX\talive\tS X\n", ""),
        (["run", "nothing"], "2>&-", 3, "", ""),
    ],
)
def test_streams_that_the_shell_has_closed(folder, arguments, closed, code, out, err):
    command = f"{shlex.join([sys.executable, '-m', 'lstmc', *arguments])} {closed}"
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (code, out, err)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["run", "reber", "B\udcff"], ["run", "B\udcff", "X"], ["compile", "B\udcff.yaml"]]
)
def test_arguments_that_are_not_utf_8(folder, arguments):
    run = subprocess.run([sys.executable, "-m", "lstmc", *arguments], capture_output=True, text=True)
    assert run.returncode == 3
    assert "B\\udcff" in run.stderr


def test_every_command_is_a_file_with_a_command(folder):
    context = click.Context(lstmc)
    for name in lstmc.list_commands(context):
        found = lstmc.get_command(context, name)
        assert isinstance(found, click.Command)
        assert found.name == name
        assert found.short_help
