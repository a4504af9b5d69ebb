"""docs/toy-lstm.md: its examples run, its numbers are those of the networks, and its links lead somewhere."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from pages import ROOT, blocks, run_examples

import lstmc
from lstmc.network.seed_toy import seed_toy

FILE = ROOT / "docs" / "toy-lstm.md"
PAGE = FILE.read_text("utf-8")
BEGIN, END = "<!-- trace: begin -->\n", "<!-- trace: end -->\n"


def test_its_commands_print_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_examples(PAGE) == 5


def test_its_python_prints_what_it_says() -> None:
    programs = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert [program for program, _ in programs] == blocks(PAGE, "python") != []
    for program, expected in programs:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(program, str(FILE), "exec"), {})
        assert printed.getvalue() == expected


def test_the_table_of_the_cell_is_what_the_network_computes() -> None:
    shown = PAGE.split(BEGIN)[1].split(END)[0].splitlines()
    assert shown[2:] == list(traced("BPTTVP", "5 by P"))


def traced(string, cell):
    """Lines as on the page: the sums come from the stored weights, what becomes of them from the trace."""
    network = lstmc.compile(lstmc.load_grammar("reber"))
    column = [label.name for label in network.header.cells].index(cell)
    state = network.start()
    for step in network.trace(string).steps:
        x = network.alphabet.index(step.symbol)
        eraser, writer, opened = (sum_of(network, column, part, x, state[0][0]) for part in network.gates[:3])
        before, kept, written, let, after = (
            f"{step.parts[part][column]:.0f}"
            for part in ("memory before", "eraser", "writer", "write filter", "memory")
        )
        gates = f"{eraser} → {kept} | {writer} → {written} | {opened} → {let}"
        memory = f"{before}·{kept} + {written}·{let} = {after}"
        yield f"| {step.symbol} | {before} | {gates} | {memory} | {' '.join(step.states)} |"
        state = network.step(state, np.array([x]))


def sum_of(network, cell, part, x, h) -> str:
    test = network.test(cell, part)
    found = test.bias + dict(test.symbols).get(x, 0) + sum(weight * h[m] for m, weight in test.cells)
    return f"{found:.1f}".removesuffix(".0").replace("-", "−")


def test_the_toy_leaks_as_it_says() -> None:
    """What is in its memory, cell by cell: `started`, then states 0 to 5."""
    toy, text = seed_toy(""), " ".join(PAGE.split())
    rumours = [memory_of(toy, "BT" + n * "S")[4] for n in (1, 2, 12, 13)]
    assert "{:.2f} after one S, {:.2f} after two, {:.2f} after twelve, {:.2f} after thirteen".format(*rumours) in text
    fading = [memory_of(toy, "BP" + n * "T")[6] for n in (0, 42)]
    assert "from {:.2f} to {:.2f} in 42 steps".format(*fading) in text
    assert f"the memory begins at {memory_of(toy, 'BTXX')[6]:.2f}, and it takes 87" in text
    softened = {round(float(step.parts["eraser"][6]), 4) for step in toy.trace("BPTTT").steps[2:]}
    assert softened == {0.9933}


def memory_of(toy, string):
    return toy.trace(string).steps[-1].parts["memory"].tolist()


def test_the_toy_predicts_the_letters_of_the_examples() -> None:
    """The end aside, which it never knew."""
    toy, network = seed_toy(""), lstmc.compile(lstmc.load_grammar("reber"))
    for string in ("BTXSE", "BPVVE", "BTSSXXTTVPXVVE"):
        for n in range(len(string)):
            assert toy.run(string[:n]).next == network.run(string[:n]).next


def test_it_names_every_part_and_every_rule_of_the_picture() -> None:
    rules = re.findall(r"\bfrom\b|\bleads\b|\bloops?\b", PAGE.split("![")[1].split("]")[0])
    assert rules
    for part in ("memory", "eraser", "writer", "write filter", "reader", "read filter"):
        assert f"| {part} |" in PAGE


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.replace("\n", " "))
    assert len(links) > 5
    assert [link for link in links if "://" not in link and not (FILE.parent / link).exists()] == []
