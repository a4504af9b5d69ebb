"""What the checker knows of cell types: its own table, and equations that a certificate states."""

import copy
import json
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from gated import Gated
from mutants import bound_to

import lstmc
from lstmc.network import cell_type
from lstmc.pipeline import grammar_digest, to_program
from lstmc.proof import checker, prove
from lstmc.proof import stated as stated_by
from lstmc.proof.checker import CELLS, Cell, check, verify

KINDS = tuple(CELLS)


@cache
def proved(cell, name="reber"):
    network, certificate = lstmc.pipeline.compile_proved(lstmc.load_grammar(name), cell=cell)
    return network.to_bytes(), certificate.to_bytes()


# The table


@pytest.mark.parametrize("name", KINDS)
def test_the_table_says_what_the_cell_type_says(name):
    ours, theirs = CELLS[name], cell_type(name)
    assert ours.state == theirs.equations.state
    lines = [line.strip() for line in theirs.equations.text.splitlines() if line.strip()]
    assert ours.text.splitlines() == lines
    assert (ours.active, ours.idle, ours.holds, ours.rests) == (
        theirs.active,
        theirs.idle,
        theirs.holds,
        theirs.rests,
    )
    assert ours.threshold == theirs.equations.threshold
    assert theirs.title(f"{ours.memory}'") == "memory"
    assert ours.weights.keys() == theirs.weights.keys()
    for sum, of in theirs.weights.items():
        rows = [None if each is None else (each.tensor, each.block) for each in (of.symbols, of.cells)]
        assert ours.weights[sum] == checker.Weights(*rows, tuple((each.tensor, each.block) for each in of.biases))
    assert ours.gives_logits is theirs.gives_logits()
    assert tuple(ours.tests) == theirs.equations.tests
    assert tuple(ours.reads) == theirs.equations.reads


def test_the_table_has_every_shipped_cell_type():
    named = {each.name for each in lstmc.extensions.extensions("lstmc.cells") if each.package in (None, "lstmc")}
    assert set(KINDS) == named or set(KINDS) <= named


@pytest.mark.parametrize("name", KINDS)
def test_a_certificate_states_the_equations_of_the_table(name):
    weights, certificate = proved(name)
    assert Cell.of(json.loads(certificate)["cell"]) == CELLS[name]
    found = verify(weights, certificate)
    assert found.violations == []
    assert found.equations is None  # we vouch for them


def test_what_a_memory_is_multiplied_by_and_what_is_added():
    kept = {name: cell.recurrence[0] for name, cell in CELLS.items()}
    assert kept["lstm"] == kept["toy"] == kept["slstm"] == ("name", "eraser")
    assert kept["coupled"] == ("subtract", ("number", 1.0), ("name", "write_filter"))
    assert kept["gru"] == ("name", "update")
    assert kept["rnn"] == kept["rnn-relu"] == ("number", 0.0)
    assert kept["lstm-1997"] == ("number", 1.0)
    for name, cell in CELLS.items():
        whole = cell.lines[cell.memory + "'"]
        assert cell.recurrence[1] == (whole[-1] if kept[name] != ("number", 0.0) else whole)


FORMS = {
    "c' = c": (("number", 1.0), ("number", 0.0)),
    "c' = k * c": (("name", "k"), ("number", 0.0)),
    "c' = c * k": (("name", "k"), ("number", 0.0)),
    "c' = k + c * k": (("name", "k"), ("name", "k")),
    "c' = k + c": (("number", 1.0), ("name", "k")),
    "c' = tanh(k)": (("number", 0.0), ("tanh", ("name", "k"))),
}


@pytest.mark.parametrize("line", FORMS)
def test_a_memory_is_what_was_kept_of_it_and_what_is_written(line):
    assert tiny(f"k = test(x, c)\n{line}\nreadout = read(c')").recurrence == FORMS[line]


@pytest.mark.parametrize(
    "line",
    ["c' = c + c", "c' = c * c", "c' = k - c", "c' = tanh(c)", "c' = (k * c) * k", "c' = k * c + c", "c' = c / k"],
)
def test_a_memory_of_any_other_form_is_refused(line):
    with pytest.raises(ValueError, match="c' is not kept c \\+ written"):
        tiny(f"k = test(x, c)\n{line}\nreadout = read(c')").recurrence  # noqa: B018


def tiny(text, state=("c",), memory="c", **changes):
    weights = {name: checker._apart("t", name)[name] for name in ("k", "c'", "m", "y")}
    found = Cell("tiny", state, memory, text, weights | checker.READERS, **changes)
    found.lines  # noqa: B018  raises ValueError
    return found


# Equations that are none


GOOD = "k = sigmoid(test(x, c))\nc' = k * c\nreadout = read(c')"
NO, UNKNOWN, MIXED, SUM = "no equation", "unknown, or known already", "of cells and of symbols, or of two", "no sum, or"
NONE = {
    "nothing": ("", "has no equation"),
    "an unknown name": (GOOD.replace("k * c", "j * c"), UNKNOWN),
    "a name twice": (f"k = test(x, c)\n{GOOD}", UNKNOWN),
    "a state written": (GOOD.replace("k =", "c ="), UNKNOWN),
    "a use before it is known": (f"j = k\n{GOOD}", UNKNOWN),
    "a cycle": (GOOD.replace("test(x, c))", "test(x, c)) + 0 * c'"), UNKNOWN),
    "a line of itself": (f"j = j\n{GOOD}", UNKNOWN),
    "a name that is a symbol": (f"x = 1\n{GOOD}", UNKNOWN),
    "a name that is a function": (f"tanh = 1\n{GOOD}", UNKNOWN),
    "a primed name that is no state": (f"k' = 1\n{GOOD}", UNKNOWN),
    "no name": (f"= 1\n{GOOD}", UNKNOWN),
    "a name of two words": (f"k j = 1\n{GOOD}", UNKNOWN),
    "no right side": (f"j =\n{GOOD}", NO),
    "no equals sign": (f"k\n{GOOD}", NO),
    "two of them": (f"j = k = 1\n{GOOD}", NO),
    "a comparison": (f"j = 1 == 1\n{GOOD}", NO),
    "an assignment within": (f"j = (i := 1)\n{GOOD}", NO),
    "a power": (f"j = 2 ** 3\n{GOOD}", NO),
    "a minus sign": (f"j = -1\n{GOOD}", NO),
    "a text": (f"j = 'a'\n{GOOD}", UNKNOWN),  # a name of two primes
    "truth": (f"j = True\n{GOOD}", NO),
    "an imaginary number": (f"j = 1j\n{GOOD}", NO),
    "an infinite number": (f"j = 1e999\n{GOOD}", NO),
    "a number that is too large": (f"j = 1000000\n{GOOD}", NO),
    "a number of many digits": (f"j = {'9' * 5000}\n{GOOD}", ""),
    "another function": (f"j = sin(1)\n{GOOD}", "equations know no 'sin' of 1"),
    "an argument too many": (f"j = tanh(1, 2)\n{GOOD}", "equations know no 'tanh' of 2"),
    "an argument too few": (f"j = max(1)\n{GOOD}", "equations know no 'max' of 1"),
    "a named argument": (f"j = tanh(z=1)\n{GOOD}", NO),
    "arguments of a list": (f"j = max(*[1, 2])\n{GOOD}", NO),
    "a function of a function": (f"j = tanh(1)(2)\n{GOOD}", NO),
    "an attribute": (f"j = k.real\n{GOOD}", NO),
    "a comment": (f"j = 1  # and 2\n{GOOD}", NO),
    "a backslash": (f"j = 1 + \\\n{GOOD}", NO),
    "a letter of another alphabet": (f"κ = 1\n{GOOD}", NO),
    "a letter that looks like another": (GOOD.replace("k * c", "ﬁ * c"), NO),
    "the letter that stands for a prime": (GOOD.replace("c'", "cʹ"), NO),
    "a control character": (f"j = 1\x1b[1m\n{GOOD}", NO),
    "a null": (f"j = 1\0\n{GOOD}", NO),
    "two sums in a line": (GOOD.replace("test(x, c))", "test(x, c) + test(x))"), MIXED),
    "a sum of nothing": (GOOD.replace("test(x, c)", "test()"), SUM),
    "a sum of a number": (GOOD.replace("test(x, c)", "test(1, c)"), "a sum of what has no name"),
    "a sum of another part": (f"j = 1\n{GOOD}".replace("test(x, c)", "test(x, j)"), SUM),
    "a sum of a symbol twice": (GOOD.replace("test(x, c)", "test(x, x)"), SUM),
    "a sum that reads other weights": (GOOD.replace("test(x, c)", "test(x)"), SUM),
    "a sum of cells whose weights are on symbols": (GOOD.replace("test(x, c)", "test(c)"), SUM),
    "a sum without weights": (f"n = test(x, c)\n{GOOD}", "'n'"),
    "a reader of what was": (GOOD.replace("read(c')", "read(c)"), SUM),
    "a reader of symbols": (GOOD.replace("read(c')", "read(x)"), SUM),
    "a readout that reads nothing": (GOOD.replace("read(c')", "k"), "the readout reads nothing"),
    "a reader's line of cells": (GOOD.replace("read(c')", "read(c') * k"), MIXED),
    "a cell's line of the reader": ("k = test(x, c)\nreadout = read(k')\nc' = k", UNKNOWN),
    "a state that reads as the reader": ("k = test(x, c)\nc' = read(c')\nreadout = read(c')", UNKNOWN),
    "no readout": (GOOD.rpartition("\n")[0], "has no equation"),
    "no new state": ("k = test(x, c)\nreadout = 1", "has no equation"),
    "too long": (GOOD + "\nj = " + " + ".join(["1"] * 5000), "too much of it"),
    "nested too deep": (f"j = {'(' * 900}1{')' * 900}\n{GOOD}", ""),
    "calls nested too deep": (f"j = {'tanh(' * 900}1{')' * 900}\n{GOOD}", ""),
    "a sum of many": (f"j = {'1+' * 3000}1\n{GOOD}", ""),
    "many minus signs": (f"j = {'-' * 3000}1\n{GOOD}", ""),
}


@pytest.mark.parametrize(("text", "what"), NONE.values(), ids=NONE)
def test_equations_that_are_none_are_refused(text, what):
    """As a violation, whatever they are, with the checker's own cell types and with one of a plugin's."""
    for name in ("lstm", "tiny"):
        weights, certificate = proved("lstm")
        data = json.loads(certificate)
        stated = stated_tiny() | {"name": name, "equations": text.split("\n")}
        found = check(weights, json.dumps(data | {"cell": stated}).encode(), digests=False)
        assert [each.what for each in found] == ["malformed"], found
        assert what in found[0].where, found


def stated_tiny():
    weights = {
        name: {"symbols": [f"t.{name}.symbols", 0], "cells": [f"t.{name}.cells", 0], "biases": [[f"t.{name}.bias", 0]]}
        for name in ("k", "c'")
    }
    reader = {"symbols": None, "cells": ["reader.weight", 0], "biases": [["reader.bias", 0]]}
    of = {"name": "tiny", "state": ["c"], "memory": "c", "active": 1.0, "idle": 0.0, "holds": 1.0, "rests": 0.0}
    return of | {
        "threshold": 0.0,
        "equations": GOOD.split("\n"),
        "weights": weights | {"readout": reader, "output": reader},
    }


def stated(**changes):
    return lambda cell: cell.update(changes)


def at(sum, **changes):
    return lambda cell: cell["weights"][sum].update(changes)


STATED = {
    "a part more": (stated(more=1), "states no equations"),
    "a part less": (lambda cell: cell.pop("rests"), "states no equations"),
    "a number that is whole": (stated(holds=1), "no numbers of a cell"),
    "a number that is too large": (stated(active=1e6), "no numbers of a cell"),
    "a number that is true": (stated(idle=True), "no numbers of a cell"),
    "a number that is a text": (stated(threshold="0"), "no numbers of a cell"),
    "no memory": (stated(memory="h"), "without a memory"),
    "a state twice": (stated(state=["c", "c"]), "without a memory"),
    "a state that is a symbol": (stated(state=["c", "x"]), "without a memory"),
    "a state with a prime": (stated(state=["c", "d'"]), "without a memory"),
    "no state": (stated(state=[]), ""),
    "shown alike": (stated(active=0.25), "shows no more than one that is off"),
    "holding nothing": (stated(holds=0.0), "shows no more than one that is off"),
    "equations that are one text": (stated(equations=GOOD), "not a list of texts"),
    "weights that are none": (stated(weights=None), ""),
    "weights that say more": (at("k", more=1), "weights lie nowhere"),
    "no bias": (at("k", biases=[]), "a sum has one bias, or two"),
    "three biases": (at("k", biases=[["a", 0], ["b", 0], ["c", 0]]), "a sum has one bias, or two"),
    "rows of no number": (at("k", cells=["a"]), "rows are a tensor and a number"),
    "rows of no tensor": (at("k", cells=[1, 0]), "rows are a tensor and a number"),
    "a block below 0": (at("k", cells=["a", -1]), "not a list of integers from 0 to 15"),
    "a block too many": (at("k", cells=["a", 16]), "not a list of integers from 0 to 15"),
    "a sum that reads no cells": (at("k", cells=None), "its weights are not what it reads"),
    "a sum that reads no symbols": (at("k", symbols=None), "its weights are not what it reads"),
    "a reader that reads symbols": (at("readout", symbols=["a", 0]), "its weights are not what it reads"),
}


@pytest.mark.parametrize(("change", "what"), STATED.values(), ids=STATED)
def test_a_cell_is_stated_to_the_letter(change, what):
    cell = copy.deepcopy(stated_tiny())
    assert Cell.of(cell).text == GOOD
    change(cell)
    weights, certificate = proved("lstm")
    data = json.loads(certificate) | {"cell": cell}
    found = check(weights, json.dumps(data).encode(), digests=False)
    assert [each.what for each in found] == ["malformed"], found
    assert what in found[0].where, found


def test_a_part_that_nothing_uses_does_no_harm():
    assert Cell.of(stated_tiny() | {"equations": ["unused = 2", *GOOD.split("\n")]}).tests == ["k"]


def test_many_lines_that_use_each_other_are_read_at_once():
    """Each of them twice the line before: there are 2^400 ways from the last to the first."""
    lines = ["a0 = c", *(f"a{n} = a{n - 1} + a{n - 1}" for n in range(1, 400)), *GOOD.split("\n")]
    cell = Cell.of(stated_tiny() | {"equations": lines})
    assert len(cell.of_cells) == 402
    assert list(cell.of_symbols) == ["readout"]
    reading = [*GOOD.split("\n")[:-1], "b0 = read(c')", *(f"b{n} = b{n - 1} + b{n - 1}" for n in range(1, 400))]
    cell = Cell.of(stated_tiny() | {"equations": [*reading, "readout = b399"], "weights": read_by("b0")})
    assert len(cell.of_symbols) == 401


def read_by(name):
    weights = stated_tiny()["weights"]
    return weights | {name: weights["readout"]}


def test_the_text_of_a_cell_is_its_lines():
    assert replace(tiny(GOOD), text="\n  " + GOOD.replace("\n", "  \n\n   ")).text == GOOD


def test_cells_that_show_something_while_they_are_off_follow_one_state():
    """Of many that may be on, how much those that are off show would depend on how many these are."""
    network, certificate = lstmc.pipeline.compile_proved(lstmc.load_grammar("third-from-end"))
    named = replace(network, header=replace(network.header, cell="mine")).to_bytes()
    data = json.loads(certificate.to_bytes())
    data["network"]["cell"] = data["cell"]["name"] = "mine"
    assert check(named, json.dumps(data).encode(), digests=False) == []
    data["cell"]["idle"] = -1.0
    (found,) = check(named, json.dumps(data).encode(), digests=False)
    assert found.where == "cells that show something while they are off, in any number of them"


# Other equations than the weights are of


@pytest.mark.parametrize("name", KINDS)
def test_other_equations_than_those_of_the_cell_type_are_refused(name):
    """One number, one sign, one letter of them altered, and those of every other cell type."""
    weights, certificate = proved(name)
    data = json.loads(certificate)
    of = data["cell"]
    others = [of | {"threshold": of["threshold"] + 0.25}, of | {"active": of["active"] + 0.25}]
    others += [of | {"holds": of["holds"] + 1}, of | {"rests": of["rests"] + 1}, of | {"idle": of["idle"] - 1}]
    for n, line in enumerate(of["equations"]):
        for changed in (line.replace("sigmoid", "tanh"), line.replace(" + ", " - "), f"{line} + 0"):
            others += [of | {"equations": [*of["equations"][:n], changed, *of["equations"][n + 1 :]]}] * (
                changed != line
            )
    other_weights = copy.deepcopy(of["weights"])
    other_weights["readout" if "readout" in other_weights else "reader"]["biases"] = [["output.bias", 0]]
    others.append(of | {"weights": other_weights})
    for cell in others:
        found = check(weights, json.dumps(data | {"cell": cell}).encode())
        assert {each.what for each in found} <= {"binding", "malformed"}
        assert len(found) == 1, (cell, found)
    for kind in KINDS:
        if kind != name:
            stated = json.loads(proved(kind)[1])["cell"]
            found = check(weights, json.dumps(data | {"cell": stated}).encode())
            assert [each.what for each in found] == ["binding"], kind
            found = check(weights, json.dumps(data | {"cell": stated | {"name": name}}).encode())
            assert [each.what for each in found] == ["binding"], kind
            assert name in found[0].where


# A cell of a plugin


@cache
def gated(dtype="float32", name="reber", level=1):
    grammar = lstmc.load_grammar(name)
    program = to_program(grammar, level, "rewrite", cell="rnn")
    network = Gated.lower(program, dtype, 64.0, grammar_digest(grammar))
    return network, prove(network, grammar, program)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_a_cell_of_a_plugin_is_proved_by_the_equations_that_its_certificate_states(dtype):
    network, certificate = gated(dtype)
    assert certificate.verdicts[dtype].kind == "every-length"
    found = verify(network.to_bytes(), certificate.to_bytes())
    assert found.violations == []
    lines = [line.strip() for line in Gated.equations.text.split("\n") if line.strip()]
    assert found.equations.splitlines()[1:-1] == lines
    assert {verdict.contract: verdict.kind for verdict in found.verdicts} == {
        name: verdict.kind for name, verdict in certificate.verdicts.items()
    }


def test_the_command_line_prints_the_equations_that_it_does_not_vouch_for(tmp_path, capsys):
    network, certificate = gated()
    (tmp_path / "it.safetensors").write_bytes(network.to_bytes())
    (tmp_path / "it.proof.json").write_bytes(certificate.to_bytes())
    assert checker.main([str(tmp_path / "it.safetensors")]) == 0
    said = capsys.readouterr().out
    assert said.endswith("of these equations, which the certificate states:\n" + CELL_TEXT + "\n")
    data = json.loads(certificate.to_bytes())
    data["contracts"]["float32"]["margin"] += 99.0
    (tmp_path / "it.proof.json").write_text(json.dumps(data))
    assert checker.main([str(tmp_path / "it.safetensors")]) == 1
    assert "equations" not in capsys.readouterr().out


CELL_TEXT = Cell("any", ("h",), "h", Gated.equations.text, {}).says


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("(1 - forget) * h", "(2 - forget) * h"),
        ("forget * candidate", "0.5 * candidate"),
        ("tanh(entering", "tanh(0 * entering"),
        ("forget = sigmoid", "forget = 0.5 * sigmoid"),
        ("readout = read(h')", "readout = 0 * read(h')"),
    ],
)
def test_other_equations_of_a_plugin_prove_nothing_of_its_weights(line, changed):
    """What is claimed must follow from what is stated."""
    network, certificate = gated()
    data = json.loads(certificate.to_bytes())
    text = "\n".join(data["cell"]["equations"])
    assert line in text
    data["cell"]["equations"] = text.replace(line, changed).split("\n")
    found = {each.what for each in check(network.to_bytes(), json.dumps(data).encode())}
    assert any(what.startswith("float32: ") for what in found), found


def test_the_weights_of_a_plugin_name_its_cell():
    network, certificate = gated()
    data = json.loads(certificate.to_bytes())
    data["cell"]["name"] = data["network"]["cell"] = "another"
    (said,) = check(network.to_bytes(), json.dumps(data).encode())
    assert said.where == "the certificate states the equations of another type of cell than the network's"


def test_what_a_tensor_is_used_for_is_of_one_shape():
    """Biases of two, rows that no sum has, a reader in a tensor with others: each could be read in two ways."""
    network, certificate = gated()
    for sum, part, rows, what in (
        ("entering", "symbols", ["gated.forget.symbols", 1], "no tensor 'gated.forget.symbols'"),
        ("entering", "symbols", ["gated.forget.cells", 0], "gated.forget.cells"),
        ("readout", "cells", ["gated.remembered.cells", 0], "no tensor 'gated.remembered.cells'"),
        ("entering", "symbols", ["gated.entering.symbols", 1], "rows of a tensor are of no sum"),
        ("readout", "biases", [["reader.bias", 0], ["more", 0]], "not one bias"),
        ("readout", "cells", ["reader.weight", 1], "rows of a tensor are of no sum"),
        ("forget", "biases", [["gated.entering.symbols", 0]], "gated.entering.symbols"),
        ("entering", "biases", [["gated.forget.symbols", 0]], "tensor 'gated.forget.symbols' is of two shapes"),
    ):
        data = json.loads(certificate.to_bytes())
        data["cell"]["weights"][sum][part] = rows
        (said,) = check(network.to_bytes(), json.dumps(data).encode())
        assert what in said.where, (sum, part, rows)


@pytest.mark.parametrize("cells", [None, ["reader.cells", 1]])
def test_a_reader_has_weights_on_cells_of_its_own(cells):
    network, certificate = gated(name="edge-detector")
    data = json.loads(certificate.to_bytes())
    data["cell"]["weights"]["output"]["cells"] = cells
    (said,) = check(network.to_bytes(), json.dumps(data).encode())
    assert "has no weights on cells, not one bias, or shares a tensor" in said.where


def test_altered_weights_of_a_plugin_are_refused():
    network, certificate = gated()
    for name, values in network.tensors.items():
        if not name.startswith("cells.") and values.any():
            changed = replace(network, tensors={**network.tensors, name: -values})
            assert check(changed.to_bytes(), bound_to(changed, certificate.to_bytes())), name


def test_what_divides_by_what_may_be_0_proves_nothing():
    """Even where nothing but 0 is divided, and where the quotient is multiplied by 0."""
    network, certificate = gated()
    data = json.loads(certificate.to_bytes())
    for line in (
        "candidate = tanh(entering + remembered) + 0 * (0 / h)",
        "candidate = tanh(entering + remembered) / (h * h)",
    ):
        text = "\n".join(data["cell"]["equations"])
        other = re.sub("candidate = .*", line, text).split("\n")
        found = check(network.to_bytes(), json.dumps(data | {"cell": data["cell"] | {"equations": other}}).encode())
        assert any(each.what == "float32: step" for each in found), found


def test_constants_of_a_plugin_are_held_in_the_format_of_the_machine():
    """0.1 is no number of bfloat16."""
    for name, contract in checker.CONTRACTS.items():
        held = contract.constant(0.1)
        nearest = float(contract.rounded(np.array(0.1)))
        assert (float(held.lo), float(held.hi)) == (min(0.1, nearest), max(0.1, nearest)), name
        assert contract.constant(0.5).exactly(0.5)


def test_what_runs_the_network_must_say_what_the_certificate_states():
    network, certificate = gated()
    files, runs = (network.to_bytes(), certificate.to_bytes()), stated_by(Gated)
    assert verify(*files, runs=lambda name: runs if name == Gated.cell else {}).violations == []
    assert verify(*files, runs=lambda _: None).violations == []
    for other in ({"threshold": 1.0}, {"equations": ["h' = h"]}, {"weights": {}}):
        found = verify(*files, runs=lambda _, other=other: runs | other).violations
        assert [each.what for each in found] == ["binding"]
        assert "what runs the network" in found[0].where
