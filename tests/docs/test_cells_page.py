"""docs/cells.md and docs/cells-table.md: equations, what each type takes, and rows of the tables are what is so."""

import re
import sys
from importlib import import_module
from math import exp

import pytest
from pages import ROOT, blocks, run_examples

import lstmc
from lstmc.extensions import extensions
from lstmc.network import Equations, cell_type

sys.path.insert(0, str(ROOT / "benchmarks"))

import cells_table as cells
from markers import between, table

PAGE = (ROOT / "docs" / "cells.md").read_text("utf-8")
TABLES = (ROOT / "docs" / "cells-table.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def test_every_cell_type_of_ours_has_its_section_and_its_rows():
    ours = {each.name for each in extensions("lstmc.cells") if each.package == "lstmc"}
    assert set(cells.CELLS) == ours
    assert ours <= set(SECTIONS)
    for name in ("reber", "random", "tomita"):
        lines = between(TABLES, name).splitlines()
        assert {line.split(" | ")[-9].strip("| ") for line in lines[2:]} == ours


@pytest.mark.parametrize("name", cells.CELLS)
def test_its_equations_are_those_of_the_page(name):
    (text,) = blocks(SECTIONS[name], "text")
    of = cell_type(name).equations
    assert Equations(of.state, text, of.threshold).lines == of.lines


@pytest.mark.parametrize("name", cells.CELLS)
def test_its_section_says_all_that_others_say(name):
    said = re.findall(r"\*\*(.*?)\*\*", SECTIONS[name])
    assert [word.rstrip(".") for word in said] == ["Source", "A state", "Construction", "Takes", "Proved"]


def test_what_each_type_takes_is_what_its_class_says():
    assert between(PAGE, "types") == table(cells.TYPES_HEAD, map(cells.kind, cells.CELLS))


@pytest.mark.parametrize("name", cells.CELLS)
def test_pytorch_has_the_layers_that_are_named(name):
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")
    lstmc_torch = import_module("lstmc_torch")
    module = lstmc_torch.to_module(lstmc.compile("tomita", cell=name))
    assert isinstance(module, lstmc_torch.UnfusedNetwork) == (name not in cells.HOLDERS["PyTorch"])


def test_the_commands_print_what_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples(PAGE) == 3


@pytest.mark.parametrize("program", [cells.Program("gru", 1, "rewrite"), cells.Program("lstm", 1, "keep")], ids=str)
def test_a_row_is_what_is_made(program):
    shown = f"| {' | '.join(cells.row(cells.REBER[0], program))} |\n"
    assert shown in between(TABLES, "reber")


@pytest.mark.slow
@pytest.mark.parametrize("program", [*cells.programs()], ids=lambda program: f"{program.cell} {program}")
def test_every_row_of_a_grammar_is_what_is_made(program):
    shown = f"| {' | '.join(cells.row(cells.TOMITA[2], program))} |\n"
    assert shown in between(TABLES, "tomita")


def test_the_bound_of_the_first_lstm_is_room_over_drift():
    """As its section says, for the gain that it names."""
    network, certificate = cells.compile_proved("reber", cell="lstm-1997")
    assert network.header.options["gain"] == 256
    drift = {"exact": 6 * exp(-128), "approximate": 4.0e-6}
    room = {"exact": 9.3e-10, "approximate": 1.5e-5}
    for contract, bound in (("exact", 6.0e45), ("approximate", 3)):
        said = certificate.verdicts[contract].to_dict()
        assert said["drift"] == pytest.approx(drift[contract], rel=0.02)
        assert said["boxes"][1]["off"]["c"][1] == pytest.approx(room[contract], rel=0.02)
        assert said["bound"] == pytest.approx(bound, rel=0.01)
    for figure in ("1.5·10^-55", "4.0·10^-6", "9.3·10^-10", "1.5·10^-5", "6.0·10^45"):
        assert figure in SECTIONS["lstm-1997"]


def test_a_network_that_float16_refuses_may_be_made_for_it():
    """As the page of the tables says."""
    for cell in ("gru", "rnn"):
        for dtype, kind in (("float32", "refused"), ("float16", "every-length")):
            assert cells.compile_proved("reber", cell=cell, dtype=dtype)[1].verdicts["float16"].kind == kind


def test_a_summary_is_of_all():
    some = cells.summary(cells.RANDOM[:2], cells.Program("rnn", 1, "rewrite"))
    assert (some[:2], some[-3]) == (("rnn", "-O1"), "2 every length")
    least, most = (int(end) for end in some[2].split("–"))
    assert least < most


def test_a_violation_ends_it(monkeypatch):
    """Weights of another gain than those that were proved."""
    made = cells.compile_proved

    def altered(grammar, *options):
        _, certificate = made(grammar, *options)
        return lstmc.compile(grammar, gain=4), certificate

    monkeypatch.setattr(cells, "compile_proved", altered)
    with pytest.raises(cells.Violated, match="reber, lstm -O1 keep"):
        cells.row(cells.REBER[0], cells.Program("lstm", 1, "keep"))
