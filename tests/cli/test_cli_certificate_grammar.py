"""The grammar of a certificate is read as data: what YAML would read differently, or refuse, stays what it is."""

import pytest

FACES = "nodes:\n  - {id: a, start: true, accept: true}\nedges:\n  - {source: a, target: a, symbol: SYMBOL}\n"


@pytest.mark.slow
@pytest.mark.parametrize("symbol", ["🙂", '"\\u2028"', "'yes: [no'"])
def test_any_symbol_comes_back_from_a_certificate(cli, folder, symbol):
    (folder / "faces.yaml").write_text(FACES.replace("SYMBOL", symbol), "utf-8")
    assert cli("compile", "faces.yaml").code == 0
    assert cli("verify", "build/faces.safetensors", "--counterexample").code == 0
    assert cli("illustrate", "build/faces.safetensors").code == 0
    assert cli("draw", "build/faces.safetensors", "--what", "graph").code == 0
    assert cli("convert", "faces.yaml", "faces.json").code == 0


def test_a_certificate_makes_no_plugin_work(cli, folder):
    cli("compile", "reber")
    proof = folder / "build/reber.proof.json"
    proof.write_text('{"grammar": {"plugin": "dyck"}}', "utf-8")
    outcome = cli("verify", "build/reber.safetensors", "--counterexample")
    assert outcome.code == 1
    assert "build/reber.proof.json, `grammar`: error[G050]" in outcome.err
