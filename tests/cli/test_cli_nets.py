"""Grammars whose edges call, on the command line: what needs --expand, and what does not."""

import lstmc
from lstmc.grammar.nets import Nets

BRACKETS = """
name: brackets
depth: 2
nodes: [{id: 0, start: true, accept: true}, {id: 1}, {id: 2}]
edges:
  - {source: 0, target: 1, symbol: (}
  - {source: 1, target: 2, call: brackets}
  - {source: 2, target: 0, symbol: )}
"""


def test_every_command(cli, folder):
    (folder / "brackets.yaml").write_text(BRACKETS)
    assert cli("check", "brackets.yaml").out.startswith("brackets.yaml: fine, digest ")
    for command in (("compile",), ("run",), ("explain",), ("draw",), ("verify",), ("sample",), ("illustrate",)):
        refused = cli(*command, "brackets.yaml")
        assert (refused.code, "add --expand" in refused.err) == (2, True), command
    assert cli("run", "brackets.yaml", "--expand", "--depth", "0", "(").out == "(\tdead\t\n"
    assert cli("convert", "brackets.yaml", "--depth", "7").out.splitlines()[2] == "depth: 7"
    for command in (("compile",), ("check",), ("convert",)):
        assert "calls nothing" in cli(*command, "reber", "--depth", "3").err, command
    assert cli("compile", "brackets.yaml", "--expand").code == 0
    weights = "build/brackets.safetensors"
    verified = cli("verify", weights, "--grammar", "brackets.yaml", "--expand")
    assert verified.code == 0
    digest = cli("check", "brackets.yaml", "--expand").out.rpartition(" ")[2].strip()
    assert f"digest {digest}: the one given" in verified.out
    assert cli("verify", weights, "--grammar", "brackets.yaml").code == 2
    assert cli("verify", "brackets.yaml", "--expand").code == 0
    assert cli("run", "brackets.yaml", "--expand", "(())").out.startswith("(())\taccepted")
    assert cli("run", weights, "--expand", "()").err.startswith(
        "error: build/brackets.safetensors is compiled already: "
    )
    assert cli("sample", "brackets.yaml", "--expand", "--all", "--length", "..2").out == "\n()\n"
    assert cli("explain", "brackets.yaml", "--expand").code == 0
    assert cli("draw", "brackets.yaml", "--expand", "-o", "it.svg").code == 0


def test_a_new_grammar_begins_with_one_graph(cli, folder):
    (folder / "brackets.yaml").write_text(BRACKETS)
    refused = cli("new", "mine", "--from", "brackets.yaml")
    assert (refused.code, refused.err.partition("\n")[0]) == (
        2,
        "error: 'brackets.yaml' calls nets, and a new grammar begins with one graph",
    )


def test_converting(cli, folder):
    (folder / "brackets.yaml").write_text(BRACKETS)
    assert "add --expand" in cli("convert", "brackets.yaml", "flat.dot").err
    assert cli("convert", "brackets.yaml", "flat.dot", "--expand").out == "flat.dot: 7 states, 8 rules\n"
    assert cli("convert", "brackets.yaml", "same.json").out == "same.json: 1 net, 3 states, 3 rules\n"
    same = lstmc.load_nets(folder / "same.json")
    assert isinstance(same, Nets)
    assert same == lstmc.load_nets(folder / "brackets.yaml")
