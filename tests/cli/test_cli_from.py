"""--from: the format of a grammar's file where the ending of its name says none, or another one."""

from pathlib import Path

import click
import pytest

import lstmc as api
from lstmc.cli.group import lstmc
from lstmc.cli.options import GRAMMAR
from lstmc.errors import UsageError
from lstmc.grammar.formats import format_of

ROWS = "0\t1\ta\ta\n1\t0\tb\tb\n0\n"
TAKES_A_GRAMMAR = [
    ["check", "turns.txt"],
    ["compile", "turns.txt"],
    ["run", "turns.txt", "abab"],
    ["trace", "turns.txt", "ab"],
    ["explain", "turns.txt"],
    ["explain", "turns.txt", "--symbolic"],
    ["sample", "turns.txt"],
    ["draw", "turns.txt"],
    ["illustrate", "turns.txt"],
    ["export", "turns.txt", "--to", "numpy"],
    ["conform", "turns.txt", "--in", "numpy", "--length", "20"],
    ["convert", "turns.txt"],
    ["verify", "networks/turns.safetensors", "--grammar", "turns.txt"],
]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", TAKES_A_GRAMMAR, ids=" ".join)
def test_every_command_that_takes_a_grammar_takes_its_format(arguments, cli):
    Path("turns.txt").write_text(ROWS, "utf-8")
    if arguments[0] == "verify":
        assert cli("compile", "turns.txt", "--from", "att", "-o", "networks").code == 0
    assert cli(*arguments, "--from", "att").code == 0
    refused = cli(*arguments)
    assert refused.code == 2
    assert "turns.txt: no format is called 'txt'" in refused.err
    assert "the formats are att, " in refused.err
    assert "--from FORMAT" in refused.err


def test_no_command_is_left_out():
    tried = {arguments[0] for arguments in TAKES_A_GRAMMAR}
    context = click.Context(lstmc)
    named = {"GRAMMAR", "WEIGHTS", "GRAMMAR...", "GRAMMAR|WEIGHTS"}
    for name in set(lstmc.list_commands(context)) - tried:
        parameters = lstmc.get_command(context, name).params
        shown = {(each.metavar or str(each.name).upper()).strip("[]") for each in parameters}
        assert not shown & named or name == "new"  # below


def test_it_decides_where_the_ending_says_another_format(cli):
    Path("turns.yaml").write_text(ROWS, "utf-8")
    assert cli("run", "turns.yaml", "ab", "--from", "att").out == "ab\taccepted\ta end\n"
    assert cli("check", "turns.yaml").code == 1


def test_new_begins_with_a_file_of_any_format(cli):
    Path("rows.txt").write_text(ROWS, "utf-8")
    assert cli("new", "turns", "--from", "rows.txt", "--format", "att").code == 0
    assert api.load_grammar("turns.yaml").alphabet == ("a", "b")
    assert cli("new", "other", "--from", "rows.txt").code == 2


def test_weights_have_no_format(cli):
    cli("compile", "reber", "-o", "networks")
    refused = cli("run", "networks/reber.safetensors", "BTX", "--from", "att")
    assert refused.code == 2
    assert "--from cannot change it" in refused.err


@pytest.mark.parametrize("arguments", [["check", "x.hoa"], ["check", "x.txt", "--from", "hoa"], ["run", "x.gff", "a"]])
def test_omega_automata_are_refused_by_name(arguments, cli):
    for name in ("x.hoa", "x.txt", "x.gff"):
        Path(name).write_text("HOA: v1\n", "utf-8")
    refused = cli(*arguments)
    assert refused.code == 2
    assert "files hold ω-automata: they accept endless words" in refused.err
    assert "a grammar's strings end" in refused.err


def test_a_name_without_an_ending_is_yaml():
    assert format_of(Path("folder.txt/turns")) == "yaml"
    assert format_of(Path("TURNS.ATT")) == "att"
    with pytest.raises(UsageError, match="no format is called 'txt'"):
        format_of(Path("turns.txt"))


def test_the_shell_completes_files_of_any_ending_behind_it(folder):
    Path("tomita.txt").write_text(ROWS, "utf-8")

    def completed(**given):
        context = click.Context(lstmc)
        context.params.update(given)
        return {each.value for each in GRAMMAR.shell_complete(context, click.Option(["--x"]), "tom")}

    assert "tomita.txt" not in completed()
    assert "tomita.txt" in completed(format="att")
