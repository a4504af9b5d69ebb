"""A folder for model hubs: whole, the same each time, and taken wherever weights are."""

import json
from pathlib import Path

import networkx as nx
import pytest
import yaml
from golden_text import assert_golden
from hostile import hostile
from pages import ROOT, run_examples, run_python

import lstmc
from lstmc.errors import FindingsError, InputError, UsageError
from lstmc.export.write import export_network
from lstmc.files import weights_at
from lstmc.proof.checker import check

FILES = ["README.md", "config.json", "grammar.yaml", "model.proof.json", "model.safetensors"]


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def made(name, folder=None, **options):
    grammar = lstmc.load_grammar(name)
    network = lstmc.compile(grammar, **options)
    proof = lstmc.prove(network, grammar).to_bytes()
    return network, proof, export_network(network, "hub", folder, proof).file


@pytest.mark.parametrize(
    ("name", "options"), [("reber", {}), ("edge-detector", {"level": 2}), ("reber", {"cell": "toy"})]
)
def test_the_folder_has_everything(name, options):
    network, proof, folder = made(name, **options)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert (folder / "model.safetensors").read_bytes() == network.to_bytes()
    assert (folder / "model.proof.json").read_bytes() == proof
    assert check(network.to_bytes(), (folder / "model.proof.json").read_bytes()) == []
    assert lstmc.load(folder) == lstmc.load(str(folder)) == network
    assert lstmc.load_grammar(folder / "grammar.yaml").meaning() == json.loads(proof)["grammar"]
    config = json.loads((folder / "config.json").read_text("utf-8"))
    assert config["alphabet"] == list(network.alphabet)
    assert "cells" not in config  # they may be hundreds of thousands
    assert (config["library_name"], config["model_type"], config["hidden_size"]) == (
        "lstmc",
        network.cell,
        network.size,
    )
    assert config["weights"] == network.digests()
    card = (folder / "README.md").read_text("utf-8")
    _, head, _ = card.split("---\n", 2)
    front = yaml.safe_load(head)
    assert (front["library_name"], front["license"]) == ("lstmc", "unknown")
    assert "| float32 | every length |" in card
    again = made(name, "again", **options)[2]
    assert [(again / file).read_bytes() for file in FILES] == [(folder / file).read_bytes() for file in FILES]


def test_without_a_proof_nothing_is_said_to_be_proved():
    made("reber")
    network = lstmc.compile("number")
    folder = export_network(network, "hub", "reber-hub").file  # over another one: what does not belong to it goes
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "config.json", "model.safetensors"]
    card = (folder / "README.md").read_text("utf-8")
    assert "Nothing: there is no certificate." in card
    assert "| grammar | not in this folder |" in card
    assert "every length" not in card
    assert json.loads((folder / "config.json").read_text("utf-8"))["proof"] is None


def test_hostile_names_stay_where_they_stand():
    network = hostile()
    card = (export_network(network, "hub").file / "README.md").read_text("utf-8")
    lines = card.splitlines()
    at = lines.index("It reads the symbols")
    assert json.loads(lines[at + 3]) == list(network.alphabet)
    assert lines[at + 2 : at + 5 : 2] == ["```json", "```"]
    assert card.count("\n---\n") == 1
    assert card.count("```") % 2 == 0


def test_what_cannot_be_is_refused():
    network, proof, _ = made("reber")
    other = lstmc.compile("number")
    with pytest.raises(FindingsError, match="does not hold"):
        export_network(other, "hub", "wrong", proof)
    assert not Path("wrong").exists()
    with pytest.raises(UsageError, match="as they are compiled"):
        export_network(network, "hub", quantize=True)
    Path("file").write_text("mine")
    with pytest.raises(UsageError, match="file is a file, and a folder is to be written"):
        export_network(network, "hub", "file")
    assert Path("file").read_text() == "mine"
    Path("empty").mkdir()
    with pytest.raises(InputError, match="empty: cannot be read"):
        lstmc.load("empty")
    assert weights_at("file") == Path("file")


def test_the_page(tmp_path):
    (tmp_path / "weights").symlink_to(ROOT / "weights")
    page = (ROOT / "docs/frameworks/hub.md").read_text("utf-8")
    assert run_examples(page) == 3
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")
    assert run_python(page, "hub.md") == 1


@pytest.mark.parametrize("name", ["reber", "edge-detector"])
def test_the_model_card_is_what_a_person_checked(name):
    assert_golden((made(name)[2] / "README.md").read_text("utf-8"), f"model-card-{name}.md")


def test_what_a_verdict_names_stays_in_its_row():
    graph = nx.MultiDiGraph(name="odd")
    graph.add_node("a|*b`", start=True, accept=True)
    graph.add_edge("a|*b`", "a|*b`", symbol="x")
    grammar = lstmc.Grammar.from_graph(graph)
    network = lstmc.compile(grammar)
    folder = export_network(network, "hub", proof=lstmc.prove(network, grammar).to_bytes()).file
    (row,) = [line for line in (folder / "README.md").read_text("utf-8").splitlines() if line.startswith("| exact")]
    assert row.startswith("| exact | bounded: state a&#124;&#42;b&#96; may be kept")
    assert row.count("|") == 3


def test_the_folder_is_told_with_its_bytes_and_its_program():
    network = lstmc.compile("reber")
    exported = export_network(network, "hub", "some/where")
    assert exported.size == sum(path.stat().st_size for path in exported.file.iterdir())
    assert (
        exported.snippet
        == 'import lstmc\n\nnetwork = lstmc.load("some/where")\nprint(*network.run(["B", "T", "S"]).next)\n'
    )
