"""lstmc illustrate: one file, whole or not at all, of a grammar or of weights."""

import json
import re

import pytest

import lstmc
from lstmc.picture import illustrate


def data_of(folder, name):
    page = (folder / name).read_text("utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def test_a_grammar_is_compiled_and_proved(cli, folder):
    outcome = cli("illustrate", "reber", "-O2")
    assert outcome.code == 0
    assert outcome.out == "reber.html\n"
    assert "open it in a browser" in outcome.err
    grammar = lstmc.load_grammar("reber")
    network, certificate = lstmc.compile_proved(grammar, level=2)
    assert (folder / "reber.html").read_text("utf-8") == illustrate(network, grammar, certificate)


def test_weights_bring_their_certificate_and_the_drawing_of_a_shipped_grammar(cli, folder):
    cli("compile", "reber")
    assert cli("illustrate", "build/reber.safetensors").code == 0
    cli("illustrate", "reber", "-o", "grammar.html")
    assert (folder / "reber.html").read_bytes() == (folder / "grammar.html").read_bytes()


def test_the_graph_of_other_weights_is_that_of_the_certificate(cli, folder):
    cli("compile", "tomita")
    (name,) = (file.name for file in (folder / "build").glob("*.safetensors"))
    assert cli("illustrate", f"build/{name}", "-o", "page.html").code == 0
    data = data_of(folder, "page.html")
    assert data["grammar"]["states"]
    assert data["verdicts"]


def test_weights_without_a_certificate_are_shown_without_a_proof(cli, folder):
    (folder / "mine.yaml").write_text(
        "nodes:\n  - {id: a, start: true, accept: true}\nedges:\n  - {source: a, target: a, symbol: x}\n"
    )
    cli("compile", "mine.yaml", "--no-prove")
    outcome = cli("illustrate", "build/mine.safetensors")
    assert outcome.code == 0
    assert "no proof beside it" in outcome.err
    assert (data_of(folder, "mine.html")["grammar"], data_of(folder, "mine.html")["verdicts"]) == (None, [])


def test_a_certificate_of_other_weights_is_an_error(cli, folder):
    cli("compile", "reber")
    cli("compile", "reber", "-O2", "-o", "other")
    (folder / "other" / "reber.proof.json").replace(folder / "build" / "reber.proof.json")
    assert cli("illustrate", "build/reber.safetensors").code == 3
    assert not (folder / "reber.html").exists()


@pytest.mark.slow
def test_a_network_that_is_refused_is_shown_all_the_same(cli, folder):
    outcome = cli("illustrate", "reber", "--gain", "5")
    assert outcome.code == 0
    assert "not right under float32" in outcome.err
    verdicts = {each["contract"]: each for each in data_of(folder, "reber.html")["verdicts"]}
    assert verdicts["float32"]["kind"] == "refused"
    assert "1 by T" in verdicts["float32"]["detail"]


def test_embedded_the_file_has_its_own_name(cli, folder):
    assert cli("illustrate", "reber", "--embed").out == "reber.embed.html\n"
    assert (folder / "reber.embed.html").read_text("utf-8").startswith("<iframe ")


def test_what_cannot_be_written_leaves_nothing(cli, folder):
    (folder / "taken").write_text("")
    outcome = cli("illustrate", "reber", "-o", "taken/reber.html")
    assert outcome.code == 3
    assert sorted(file.name for file in folder.iterdir()) == ["taken"]


def test_it_is_opened_where_that_is_asked(cli, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda url: opened.append(url))
    cli("illustrate", "reber", "--open")
    assert opened == ["reber.html"]
