"""trace, explain, list, plugins and schema: what there is, in words or for a program."""

import json
import shlex
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest

import lstmc
from lstmc.cli.commands.schema import _names as schema_names
from lstmc.shipped import shipped

LISTED = ["dyck", "embedded-reber", "long-lag", "modular", "random", "temporal-order", "tomita"]


def schema(cli, name):
    parsed = json.loads(cli("schema", name).out)
    jsonschema.Draft7Validator.check_schema(parsed)
    return jsonschema.Draft7Validator(parsed)


# trace

LONG_NAMES = """
name: long
nodes: [{id: "0", start: true}, {id: STATE, accept: true}]
edges: [{source: "0", target: STATE, symbol: SYMBOL}, {source: STATE, target: "0", symbol: y}]
"""


def test_names_of_a_million_letters_are_shown_by_their_ends(cli):
    state, symbol = "s" * 1_000_000, "x" * 1_000_000
    Path("long.yaml").write_text(LONG_NAMES.replace("STATE", state).replace("SYMBOL", symbol), "utf-8")
    for command in (("explain", "long.yaml"), ("trace", "long.yaml", "y")):
        shown = cli(*command).out
        assert len(shown) < 10_000
        assert "…" in shown
    assert state in cli("explain", "long.yaml", "--json").out
    assert symbol in cli("trace", "long.yaml", "y", "--json").out


def test_trace_shows_every_part_of_every_cell(cli):
    outcome = cli("trace", "reber", "BT")
    first, second = outcome.out.strip().split("\n\n")
    assert first.startswith("step 1: B   now in 0; next T or P\n")
    assert second.startswith("step 2: T   now in 1; next S or X\n")
    lines = second.splitlines()
    assert lines[1].split() == ["memory", "write", "read"]
    assert lines[2].split() == ["cell", "before", "eraser", "writer", "filter", "memory", "filter", "reader"]
    cells = {line[2:18].strip(): line[18:].split() for line in lines[3:14]}
    assert cells["0 by B"] == ["1", "0", "0", "0", "0", "1", "0"]
    assert cells["1 by T"] == ["0", "0", "1", "1", "1", "1", "0.762"]
    assert len(cells) == 11
    assert lines[14].split()[:3] == ["readout", "B", "-16"]
    assert "S 15.3   X 15.3" in lines[14]


@pytest.mark.parametrize("options", [[], ["-O2"], ["--cell", "toy"], ["--dtype", "float16"]])
def test_trace_json_holds_every_digit(cli, options):
    string = "BTXXVPXTTVVE"
    named = {"-O2": {"level": 2}, "--cell": {"cell": "toy"}, "--dtype": {"dtype": "float16"}}
    network = lstmc.compile(lstmc.load_grammar("reber"), **(named[options[0]] if options else {}))
    trace = network.trace(string)
    steps = cli("trace", "reber", string, "--json", *options).objects
    assert [step["step"] for step in steps] == list(range(1, len(string) + 1))
    assert "".join(step["symbol"] for step in steps) == string
    for found, expected in zip(steps, trace.steps, strict=True):
        assert (found["states"], found["next"]) == (list(expected.states), list(expected.next))
        by_cell = {name: [parts[name] for parts in found["cells"].values()] for name in found["cells"]["started"]}
        by_symbol = {name: [parts[name] for parts in found["symbols"].values()] for name in found["symbols"]["end"]}
        assert by_cell | by_symbol == {name: values.tolist() for name, values in expected.parts.items()}
        assert tuple(found["cells"]) == trace.cells
        assert tuple(found["symbols"]) == trace.readout
    for before, after in pairwise(steps):
        for cell, parts in after["cells"].items():
            assert parts["memory before"] == before["cells"][cell]["memory"]


def test_trace_of_a_large_network_shows_what_is_on_or_changes(cli):
    shown = cli("trace", "embedded-reber", "--set", "depth=2", "BTB", "--json").objects
    everything = cli("trace", "embedded-reber", "--set", "depth=2", "BTB", "--json", "--all").objects
    for few, all_ in zip(shown, everything, strict=True):
        assert 2 <= len(few["cells"]) <= 4
        assert len(all_["cells"]) > 32
        on = [
            n for n, parts in all_["cells"].items() if abs(parts["memory"]) > 0.5 or abs(parts["memory before"]) > 0.5
        ]
        assert list(few["cells"]) == on
        assert all(all_["cells"][name] == parts for name, parts in few["cells"].items())
    assert len(cli("trace", "embedded-reber", "--set", "depth=2", "BTB").out.splitlines()) < 40


def test_trace_of_the_empty_string_has_no_step(cli):
    assert cli("trace", "reber", "") == (0, "", "")


def test_trace_refuses_an_unknown_symbol(cli):
    outcome = cli("trace", "reber", "BTx")
    assert (outcome.code, outcome.out) == (3, "")
    assert "error: 'BTx': symbol 3 of the string, 'x', is not in the alphabet" in outcome.err


# explain


def test_explain_says_each_test_as_a_formula_and_in_words(cli):
    assert cli("explain", "reber", "5 by P").out.splitlines() == [
        "5 by P",
        "  state         5",
        "  rules         0 –P→ 5, 5 –T→ 5",
        "  eraser        σ(512·T + 336·h[5 by P] − 640)",
        "                keeps while it is on and T repeats, else erases",
        "  writer        tanh(128·P)              writes at P",
        "  write filter  σ(336·h[0 by B] − 128)   out of 0",
        "  read filter   σ(128)                   always open",
    ]


@pytest.mark.parametrize("options", [[], ["-O0"], ["-O2"], ["--cell", "toy"]])
def test_explain_json_is_what_explain_gives(cli, options):
    named = {"-O0": {"level": 0}, "-O2": {"level": 2}, "--cell": {"cell": "toy"}}
    network = lstmc.compile(lstmc.load_grammar("reber"), **(named[options[0]] if options else {}))
    found = cli("explain", "reber", "--json", *options).objects
    assert found == [
        {
            "cell": each.cell,
            "states": list(each.states),
            "rules": list(each.rules),
            "parts": {part: {"formula": formula, "words": words} for part, (formula, words) in each.parts.items()},
        }
        for each in lstmc.explain(network)
    ]


def test_explain_shows_all_cells_with_a_head(cli):
    outcome = cli("explain", "reber")
    head, *cells = outcome.out.split("\n\n")
    assert head == "reber: lstm, float32, -O1 --memory keep, gain 256, 11 cells, 7 symbols"
    assert len(cells) == 11
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("level", ["0", "1", "2"])
def test_explain_symbolic_prints_the_program(cli, level):
    outcome = cli("explain", "reber", "-O", level, "--symbolic")
    assert outcome.out == str(lstmc.to_program(lstmc.load_grammar("reber"), int(level)))


@pytest.mark.parametrize("cell", ["lstm", "gru", "lstm-1997"])
def test_explain_symbolic_prints_the_program_that_a_cell_type_takes(cli, cell):
    outcome = cli("explain", "third-from-end", "--symbolic", "--cell", cell)
    assert outcome.out == str(lstmc.to_program("third-from-end", cell=cell))
    own = f"the program that '{cell}' runs; what it makes of the tests: lstmc explain third-from-end --cell {cell}\n"
    assert outcome.err == ("" if cell == "lstm" else own)


@pytest.mark.parametrize("arguments", [["reber", "5 by P"], ["reber", "--json"], ["reber", "--dtype", "float16"]])
def test_explain_symbolic_goes_without_what_has_no_meaning(cli, arguments):
    assert cli("explain", *arguments, "--symbolic").code == 2


def test_explain_symbolic_needs_a_grammar(cli):
    cli("compile", "reber")
    assert cli("explain", "build/reber.safetensors").code == 0
    assert cli("explain", "build/reber.safetensors", "--symbolic").code == 2


def test_explain_refuses_an_unknown_cell(cli):
    outcome = cli("explain", "reber", "4 by v")
    assert outcome.code == 3
    assert "did you mean '4 by V'?" in outcome.err


# list and plugins


def test_list_shows_every_grammar_on_a_line(cli):
    lines = [line.split("\t") for line in cli("list").out.splitlines()]
    names = [line[0] for line in lines]
    assert names == sorted(names)
    assert {*shipped(), *LISTED} <= set(names)
    by_name = {name: rest for name, *rest in lines}
    assert by_name["embedded-reber"][:2] == ["depth=1 continual=false", "lstmc"]
    assert by_name["reber"][:2] == ["", "file"]
    assert all(description for _, _, description in by_name.values())


def test_what_list_shows_as_defaults_can_be_set(cli):
    for name, parameters, *_ in (line.split("\t") for line in cli("list").out.splitlines()):
        options = [word for pair in shlex.split(parameters) for word in ("--set", pair)]
        assert cli("check", name, *options).out.startswith(f"{name}: fine, digest ")


def test_list_json_tells_the_parameters(cli):
    (entry,) = (each for each in cli("list", "--json").objects if each["name"] == "embedded-reber")
    assert entry["parameters"] == [
        {"name": "depth", "default": 1, "expects": "a whole number from 1 to 12"},
        {"name": "continual", "default": False, "expects": "true or false"},
    ]


def test_plugins_shows_every_group(cli):
    found = {(each["group"], each["name"]): each for each in cli("plugins", "--json").objects}
    assert {("lstmc.grammars", name) for name in LISTED} <= set(found)
    assert found["lstmc.cells", "toy"]["state"] == "loaded"
    lines = [line.split("\t") for line in cli("plugins").out.splitlines()]
    assert [(line[0], line[1]) for line in lines] == list(found)
    assert [line[5] for line in lines] == [each["problem"] or each["description"] for each in found.values()]


def test_plugins_says_in_a_line_what_each_cell_type_is(cli):
    said = {each["name"]: each["description"] for each in cli("plugins", "--json").objects if "cells" in each["group"]}
    assert said["lstm-1997"] == "The LSTM as it was first, without an eraser."
    assert {"lstm", "toy", "coupled", "gru", "rnn", "rnn-relu", "slstm"} < said.keys()
    for line in said.values():
        assert line.endswith(".")
        assert len(line) <= 80


def test_a_broken_plugin_is_listed_with_its_problem_and_disturbs_nothing(cli, folder, monkeypatch):
    package = folder / "broken-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", "utf-8")
    (package / "entry_points.txt").write_text("[lstmc.grammars]\nbroken = broken_module:make\n", "utf-8")
    Path("broken_module.py").write_text("raise RuntimeError('on purpose')\n", "utf-8")
    monkeypatch.syspath_prepend(folder)
    outcome = cli("plugins", "--json")
    assert outcome.code == 0
    (broken,) = (each for each in outcome.objects if each["state"] == "refused")
    assert broken["name"] == "broken"
    assert "on purpose" in broken["problem"]
    (line,) = (line for line in cli("list").out.splitlines() if line.startswith("broken\t"))
    assert "does not work" in line
    assert cli("compile", "broken").code == 5
    assert cli("compile", "reber").code == 0


# schema

LINES = {
    "compile": [["compile", "reber", "tomita"]],
    "check": [["check", "bad.yaml"]],
    "run": [
        ["run", "reber", "BTXSE", "BTX", "BTT", ""],
        ["run", "edge-detector", "01"],
        ["run", "third-from-end", "aab"],
    ],
    "trace": [["trace", "reber", "BTXSE"], ["trace", "reber", "BT", "--cell", "toy"]],
    "explain": [["explain", "reber"], ["explain", "G003"]],
    "sample": [["sample", "reber"], ["sample", "third-from-end"], ["sample", "reber", "--negatives"]],
    "list": [["list"]],
    "plugins": [["plugins"]],
    "export": [["export", "reber", "--to", "torch"]],
    "conform": [["conform", "reber", "--in", "numpy", "--length", "100"]],
    "verify": [["verify", "build/reber.safetensors"], ["verify", "build/reber.safetensors", "--counterexample"]],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LINES)
def test_every_json_line_fits_its_schema(cli, name):
    Path("bad.yaml").write_text("nodes: [{id: a}, {id: a}]\nedges: [{source: a, target: b, symbol: end}]\n", "utf-8")
    cli("compile", "reber")
    validator = schema(cli, name)
    for arguments in LINES[name]:
        objects = cli(*arguments, "--json").objects
        assert objects
        for each in objects:
            validator.validate(each)
            with pytest.raises(jsonschema.ValidationError):
                validator.validate(each | {"unknown": 1})
            with pytest.raises(jsonschema.ValidationError):
                validator.validate(dict(list(each.items())[1:]))


def test_there_is_a_schema_for_each_command_with_json_and_for_grammars(cli):
    assert schema_names() == ["grammar", *sorted(LINES)]
    assert cli("schema").out == cli("schema", "grammar").out
    schema(cli, "grammar")


def test_an_unknown_schema(cli):
    outcome = cli("schema", "runn")
    assert outcome.code == 2
    assert "did you mean 'run'?" in outcome.err
