"""lstmc draw on the command line."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

SVG = "{http://www.w3.org/2000/svg}"


def texts(file):
    return [element.text for element in ElementTree.parse(file).iter(f"{SVG}text")]


def test_a_grammar_becomes_its_graph(cli):
    assert cli("draw", "reber") == (0, "reber.svg: the graph of 'reber', 8 states and 12 rules\n", "")
    assert {"start", "6", "X"} <= set(texts("reber.svg"))
    assert cli("draw", "embedded-reber", "--set", "depth=2", "-o", "folder/deep.svg").code == 0
    assert "T.P.5" in texts("folder/deep.svg")


def test_weights_can_be_drawn_as_the_graph_in_their_proof(cli):
    cli("compile", "random", "--set", "states=5")
    (weights,) = Path("build").glob("*.safetensors")
    outcome = cli("draw", str(weights), "--what", "graph", "-o", "x.svg")
    assert (outcome.code, outcome.err) == (0, "")
    assert {"0", "1", "2", "3", "4"} <= set(texts("x.svg"))
    Path(str(weights).replace(".safetensors", ".proof.json")).unlink()
    outcome = cli("draw", str(weights), "--what", "graph", "-o", "y.svg")
    assert outcome.code == 3
    assert "has no proof beside it" in outcome.err


def test_the_weights_of_a_shipped_grammar_are_drawn_where_its_file_says(cli):
    cli("draw", "reber", "-o", "a.svg")
    cli("compile", "reber")
    cli("draw", "build/reber.safetensors", "--what", "graph", "-o", "b.svg")
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


@pytest.mark.slow
def test_weights_and_memory(cli):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    cli("compile", "reber")
    outcome = cli("draw", "build/reber.safetensors")
    assert outcome == (0, "reber-weights.svg: the weights of 'reber', 11 cells\n", "")
    assert "write filter" in texts("reber-weights.svg")
    outcome = cli("draw", "reber", "-O2", "--by", "cell", "-o", "w.pdf")
    assert outcome.out == "w.pdf: the weights of 'reber', 8 cells\n"
    outcome = cli("draw", "build/reber.safetensors", "--string", "BTXSE", "-o", "m.PNG")
    assert outcome.out == "m.PNG: the memory of 'reber' over 'BTXSE', 11 cells\n"
    assert Path("m.PNG").read_bytes().startswith(b"\x89PNG")
    assert cli("draw", "reber", "--string", "").out.startswith("reber-memory.svg: the memory of 'reber' over ''")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["reber", "-o", "x.gif"], 2, "x.gif: a picture is written as .svg, .png or .pdf"),
        (["reber", "-o", "svg"], 2, "svg: a picture is written as"),
        (["reber", "-o", "x.sgv"], 2, "did you mean 'svg'?"),
        (["reber", "--what", "memory"], 2, "give one: --string BTXSE"),
        (["reber", "--what", "weights", "--string", "B"], 2, "--string draws the memory, not the weights"),
        (["reber", "--by", "cell"], 2, "--by groups weights"),
        (["reber", "--what", "graph", "-O2"], 2, "-O cannot change the graph of a grammar"),
        (["reber", "--what", "picture"], 2, "'picture' is not one of"),
        (["reber", "--string", "BTQ"], 3, "symbol 3 of the string, 'Q', is not in the alphabet"),
        (["rebre"], 3, "did you mean 'reber'?"),
        (["reber", "-o", "file/x.svg"], 3, "cannot be written"),
        (["reber", "-o", "folder.svg"], 3, "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_told(cli, arguments, code, message):
    Path("file").touch()
    Path("folder.svg").mkdir()
    outcome = cli("draw", *arguments)
    assert outcome.code == code
    assert message in outcome.err
    assert sorted(path.name for path in Path().iterdir()) == ["file", "folder.svg"]


@pytest.mark.slow
def test_the_grammar_of_weights_may_hold_any_symbol(cli, folder):
    Path("smile.yaml").write_text(
        "nodes: [{id: é, start: true}, {id: 🙂, accept: true}]\nedges: [{source: é, target: 🙂, symbol: 😀}]\n", "utf-8"
    )
    assert cli("compile", "smile.yaml").code == 0
    assert cli("draw", "build/smile.safetensors", "-o", "smile.svg").code == 0
    assert "😀" in Path("smile.svg").read_text("utf-8")
