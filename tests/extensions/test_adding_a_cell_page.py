"""docs/adding-a-cell.md: its cell type, installed from the page, has all that a cell type of ours has."""

import json
import re
import shutil
import sys
import tomllib

import numpy as np
import pytest
from installing import install
from page_modules import run_script, write_modules
from pages import ROOT, blocks, run_examples

import lstmc
from lstmc.export import Package, exporter
from lstmc.picture import draw, illustrate
from lstmc.picture.page_data import page_data
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import verify
from lstmc.testing import assert_conforms
from lstmc.testing.simulation import Simulation

PAGE = (ROOT / "docs" / "adding-a-cell.md").read_text("utf-8")
CODE, TEST = blocks(PAGE, "python")
GRAMMARS = ("reber", "third-from-end", "edge-detector", "remainder-3")  # one of each kind
STRINGS = ["B", "BT", "BTX", "BTXSE", "BPVVE", "BTT", "BPTVPSE", "BTSSXXTTVPXVVE"]
FRAMEWORKS = ("numpy", "c", "javascript", "torch", "onnx")


@pytest.fixture(scope="module", autouse=True)
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mgu")
    project = tomllib.loads(blocks(PAGE, "toml")[0])["project"]
    install(folder, project["name"], project["version"], project["entry-points"], "lstmc_mgu", CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder
    sys.modules.pop("lstmc_mgu", None)


@pytest.fixture(scope="module")
def reber():
    return compile_proved("reber", cell="mgu")


def test_it_has_fewer_than_60_lines_and_none_of_them_is_long():
    assert len(CODE.splitlines()) < 60
    assert max(map(len, CODE.splitlines())) <= 120


def test_it_needs_only_what_is_public():
    imported = {line.split()[1] for line in CODE.splitlines() if line.startswith(("from", "import"))}
    assert imported == {"lstmc.network", "lstmc.program"}


def test_nothing_of_ours_speaks_of_it():
    for folder in ("compiler", "plugins"):
        for file in (ROOT / folder).rglob("*"):
            assert file.suffix not in (".py", ".mjs") or "mgu" not in file.read_text("utf-8").lower(), file


@pytest.mark.parametrize("name", GRAMMARS)
def test_a_proof_is_made_and_checked(name):
    """Of every length in float32; the checker says of which equations."""
    network, certificate = compile_proved(name, cell="mgu")
    assert certificate.verdicts["float32"].says == "every length"
    found = verify(network.to_bytes(), certificate.to_bytes())
    assert found.violations == []
    assert {each.contract: each.kind for each in found.verdicts}["float32"] == "every-length"
    shown = [line.strip() for line in CODE.split('text="""')[1].split('"""')[0].splitlines() if line.strip()]
    assert found.equations.splitlines() == [
        "h = 0 at first",
        *shown,
        "a symbol may come next where its readout > 0",
    ]


def test_weights_that_are_wrong_are_refused(reber):
    network, certificate = reber
    tensors = {name: values.copy() for name, values in network.tensors.items()}
    tensors["mgu.bias"][3] *= -1  # a gate that is closed
    altered = type(network)(network.header, tensors)
    assert verify(altered.to_bytes(), certificate.to_bytes(), digests=False).violations


def test_the_commands_print_what_the_page_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples(PAGE) == 3


def test_it_is_traced(reber):
    steps = reber[0].trace("BPT").steps
    assert [step.states for step in steps] == [("0",), ("5",), ("5",)]
    assert [*steps[0].parts] == ["memory before", "forget", "entering", "remembered", "candidate", "memory", "readout"]
    assert steps[-1].next == ("T", "V")


def test_it_is_drawn(reber, tmp_path):
    for name, string in (("weights.svg", None), ("memory.svg", "BPTTVX")):
        draw(reber[0], tmp_path / name, string)
        assert "5 by P" in (tmp_path / name).read_text("utf-8")


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_page_computes_what_numpy_does(reber, tmp_path):
    network, certificate = reber
    grammar = lstmc.load_grammar("reber")
    page = illustrate(network, grammar, certificate)
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert data["cells"]["mgu"]["formulas"]["memory"]["shape"] == "(1 − forget)·memory before + forget·candidate"
    assert {each["contract"]: each["kind"] for each in data["verdicts"]}["float32"] == "every-length"
    exported = exporter("javascript").write(Package(network)).decode("ascii")
    tokens = network.tokens("BPTTVPXS")
    write_modules(tmp_path)
    found = run_script(
        tmp_path,
        f"""let state = exported.start();
        return {tokens}.map((x) => {{
            const before = state;
            state = exported.step(before, x);
            return machine.partsOf(net, before, state, x, undefined);
        }});""",
        exported,
        json.dumps(page_data(network, grammar, certificate).page),
    )
    state = network.start()
    for token, shown in zip(tokens, found, strict=True):
        parts = network.parts(state, np.array([token]))
        state = network.step(state, np.array([token]))
        for name, values in parts.items():
            if name != "readout":
                assert shown[name] == pytest.approx(values[0].tolist(), abs=1e-6), name


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_it_is_exported(reber, name):
    """What the printed program answers, beside the grammar itself."""
    network, simulation = reber[0], Simulation(lstmc.load_grammar("reber"))
    runtime = exporter(name).runtimes()[0]
    if runtime.missing():
        pytest.skip(f"{', '.join(runtime.missing())} is not installed: {runtime.install}")
    names = [*network.alphabet, network.header.end]
    with exporter(name).start(Package(network), runtime) as worker:
        for string in STRINGS:
            logits = worker.run(np.array([network.tokens(string)])).logits[0, -1]
            simulation.read(list(string))
            assert {names[x] for x in np.flatnonzero(logits > 0)} == simulation.allowed(), string


@pytest.mark.slow
def test_it_keeps_the_contract():
    assert '"lstmc.cells", "mgu"' in TEST
    assert_conforms("lstmc.cells", "mgu")
