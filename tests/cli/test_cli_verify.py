"""lstmc compile with a proof, and lstmc verify."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import lstmc
from lstmc.network.rnn import Rnn


def test_compile_writes_a_certificate_that_verify_confirms(cli):
    assert cli("compile", "reber").code == 0
    certificate = json.loads(Path("build/reber.proof.json").read_text("utf-8"))
    assert certificate["name"] == "reber"
    outcome = cli("verify", "build/reber.safetensors", "--grammar", "reber")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("build/reber.safetensors: the proof holds\n")


def test_integers_that_float64_cannot_hold_are_strings(cli):
    (made,) = cli("compile", "reber", "--json").objects
    (checked,) = cli("verify", "build/reber.safetensors", "--json").objects
    assert made["proof"]["exact"]["bound"] == checked["proof"]["exact"]["bound"]
    assert int(checked["proof"]["exact"]["bound"]) > 10**52
    assert isinstance(checked["proof"]["exact"]["bound"], str)
    assert isinstance(checked["proof"]["approximate"]["bound"], int)


def test_json_follows_its_schema(cli):
    cli("compile", "reber", "-O2")
    schema = json.loads(cli("schema", "verify").out)
    (line,) = cli("verify", "build/reber.safetensors", "--json").objects
    jsonschema.validate(line, schema)
    assert line["violations"] == []
    assert line["proof"]["float32"]["verdict"] == "every-length"
    cli("compile", "reber", "--gain", "5", "--no-prove", "-o", "soft")
    arguments = ("--counterexample", "--grammar", "reber", "--json")
    (line,) = cli("verify", "soft/reber.safetensors", *arguments).objects
    jsonschema.validate(line, schema)
    assert line["counterexample"] == {"string": "BTSSS", "network": [], "grammar": ["S", "X"]}


def test_another_grammar_or_other_weights_are_violations(cli):
    cli("compile", "reber")
    outcome = cli("verify", "build/reber.safetensors", "--grammar", "number")
    assert outcome.code == 1
    assert "the proof does not hold" in outcome.out
    cli("compile", "reber", "--memory", "rewrite", "-o", "others")
    outcome = cli("verify", "others/reber.safetensors", "--proof", "build/reber.proof.json")
    assert outcome.code == 1


def test_altered_weights_are_refused_by_the_mathematics_alone(cli):
    cli("compile", "reber")
    file = Path("build/reber.safetensors")
    network = lstmc.load(file)
    tensors = {name: values.copy() for name, values in network.tensors.items()}
    tensors["lstm.bias_ih_l0"][3] *= -1
    type(network)(network.header, tensors).save(file)
    outcome = cli("verify", str(file), "--no-digests")
    assert outcome.code == 1
    assert "step" in outcome.out


def test_what_is_not_right_is_not_written(cli):
    outcome = cli("compile", "reber", "--gain", "5")
    assert outcome.code == 1
    assert "symbol" in outcome.err
    assert not Path("build").exists()


def test_without_a_proof_an_old_certificate_does_not_stay(cli):
    cli("compile", "reber")
    cli("compile", "reber", "--no-prove")
    assert [path.name for path in Path("build").iterdir()] == ["reber.safetensors"]
    outcome = cli("verify", "build/reber.safetensors")
    assert outcome.code == 3
    assert "there is no such certificate" in outcome.err


@pytest.mark.slow
def test_a_counterexample_needs_a_grammar(cli):
    cli("compile", "reber", "--no-prove")
    assert cli("verify", "build/reber.safetensors", "--counterexample").code == 2
    outcome = cli("verify", "build/reber.safetensors", "--counterexample", "--grammar", "reber")
    assert (outcome.code, outcome.out) == (0, "no string was found that goes wrong\n")


def test_hostile_certificates(cli):
    cli("compile", "reber")
    file = Path("build/reber.proof.json")
    whole = file.read_bytes()
    for text in (b"", b"[]", b"{", b"\xff", whole[:100], b"[" * 100_000):
        file.write_bytes(text)
        outcome = cli("verify", "build/reber.safetensors")
        assert outcome.code in (1, 3), text[:10]


def test_it_says_which_grammar_was_proved_and_whether_it_was_compared(cli):
    cli("compile", "reber")
    digest = lstmc.load("build/reber.safetensors").header.grammar
    assert cli("check", "reber").out == f"reber: fine, digest {digest[:16]}\n"
    alone = cli("verify", "build/reber.safetensors").out.splitlines()[1]
    assert alone.startswith(
        f"  for grammar   reber, 8 states, digest {digest[:16]}: as the certificate has it; --grammar "
    )
    given = cli("verify", "build/reber.safetensors", "--grammar", "reber").out.splitlines()[1]
    assert given == f"  for grammar   reber, 8 states, digest {digest[:16]}: the one given"
    for option, compared in (((), False), (("--grammar", "reber"), True)):
        (line,) = cli("verify", "build/reber.safetensors", *option, "--json").objects
        assert line["grammar"] == {"name": "reber", "states": 8, "digest": digest, "compared": compared}


def test_of_a_proof_that_does_not_hold_no_grammar_is_said(cli):
    cli("compile", "reber")
    forge(Path("build/reber.proof.json"))
    (line,) = cli("verify", "build/reber.safetensors", "--json").objects
    assert (line["grammar"], line["proof"]) == (None, {})
    assert "for grammar" not in cli("verify", "build/reber.safetensors").out


def forge(proof):
    """Claim more of one contract than is proved, under digests that fit."""
    data = json.loads(proof.read_bytes())
    data["contracts"]["float32"]["margin"] *= 2
    proof.write_text(json.dumps(data), "utf-8")


def test_what_is_shown_or_shipped_is_checked_first(cli):
    Path("mine.yaml").write_text(
        "nodes: [{id: a, start: true, accept: true}]\nedges: [{source: a, target: a, symbol: x}]\n"
    )
    cli("compile", "mine.yaml")
    forge(Path("build/mine.proof.json"))
    exported = cli("export", "build/mine.safetensors", "--to", "numpy")
    assert exported.code == 1
    assert "error: the proof of 'mine' does not hold: " in exported.err
    assert not Path("mine.py").exists()
    drawn = cli("draw", "build/mine.safetensors", "--what", "graph")
    assert drawn.code == 0
    assert "build/mine.proof.json: does not hold, so that its grammar may be another one: " in drawn.err
    shown = cli("illustrate", "build/mine.safetensors")
    assert shown.code == 0
    page = Path("mine.html").read_text("utf-8")
    verdicts = json.loads(page.partition('id="data">')[2].partition("</script>")[0])["verdicts"]
    assert [(each["contract"], each["kind"]) for each in verdicts] == [("float32", "refused")]


class Mine(Rnn):
    """A cell type that the checker has never heard of."""

    cell = "mine"


def test_of_a_cell_type_that_the_checker_does_not_know_it_shows_the_equations(cli):
    grammar = lstmc.load_grammar("reber")
    program = lstmc.to_program(grammar, cell="rnn")
    network = Mine.lower(program, "float32", 256, lstmc.compile(grammar).header.grammar)
    network.save("reber.safetensors")
    lstmc.prove(network, grammar, program).save("reber.proof.json")
    outcome = cli("verify", "reber.safetensors")
    assert outcome.code == 0
    _, said = outcome.out.split("  under int8-weights", 1)
    assert said.splitlines()[1:] == [
        "  of a cell type that the checker does not know: it does not vouch for these equations. They are the "
        "certificate's own, and the proof is of what they say:",
        "    h = 0 at first",
        "    h' = tanh(test(x, h))",
        "    readout = read(h')",
        "    a symbol may come next where its readout > 0",
    ]
    (line,) = cli("verify", "reber.safetensors", "--json").objects
    assert line["equations"][1:-1] == ["h' = tanh(test(x, h))", "readout = read(h')"]
    jsonschema.validate(line, json.loads(cli("schema", "verify").out))


def test_a_certificate_of_other_equations_than_what_runs_the_network_is_refused(cli, monkeypatch):
    test_of_a_cell_type_that_the_checker_does_not_know_it_shows_the_equations(cli)
    other = type("Other", (Mine,), {"titles": {"h'": "memory"}, "active": 0.75})
    monkeypatch.setattr("lstmc.network.cell_types.load", lambda group, name: other)
    outcome = cli("verify", "reber.safetensors")
    assert outcome.code == 1
    assert "binding: the certificate states other equations than what runs the network" in outcome.out


@pytest.mark.parametrize("cell", ["lstm", "toy", "peephole", "coupled", "gru", "rnn", "rnn-relu", "lstm-1997", "slstm"])
def test_of_our_own_cell_types_it_has_the_equations_itself(cli, cell):
    cli("compile", "edge-detector", "--cell", cell)
    (line,) = cli("verify", "build/edge-detector.safetensors", "--json").objects
    assert (line["equations"], line["violations"]) == (None, [])
    assert "equations" not in cli("verify", "build/edge-detector.safetensors").out


def test_a_grammar_is_compiled_and_verified(cli, folder):
    outcome = cli("verify", "reber", "--grammar", "reber")
    assert (outcome.code, outcome.out.splitlines()[0]) == (0, "reber: the proof holds")
    assert "  for grammar   reber, 8 states, digest" in outcome.out
    assert cli("verify", "reber", "--grammar", "number").code == 1
    assert list(folder.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["export", "--to", "torch"], ["draw"], ["illustrate"]])
@pytest.mark.parametrize("name", ["reber.safetensors", "reber.proof.json", "./build/../build/reber.safetensors"])
def test_nothing_is_written_over_what_it_is_made_of(cli, folder, command, name):
    assert cli("compile", "reber").code == 0
    files = {path: path.read_bytes() for path in (folder / "build").iterdir()}
    output = name if "/" in name else f"build/{name}"
    outcome = cli(*command, "build/reber.safetensors", "-o", output)
    assert outcome.code == 2
    assert "which it is made of" in outcome.err or command == ["draw"]  # which writes by the ending
    assert {path: path.read_bytes() for path in (folder / "build").iterdir()} == files


def test_a_traceback_is_shown_of_errors_after_which_others_go_on():
    command = [sys.executable, "-m", "lstmc", "run", "reber", "Q", "BTX"]
    ended = subprocess.run(command, env={**os.environ, "LSTMC_TRACEBACK": "1"}, capture_output=True, text=True)
    assert ended.stderr.startswith("Traceback (most recent call last):")
    assert ended.stdout == "BTX\talive\tS X\n"
