"""docs/tutorial.ipynb: every cell runs, in order, in a kernel of its own, and says what the text around it says."""

import json
import re
from importlib.util import find_spec
from typing import Any

import pytest
from pages import ROOT

FILE = ROOT / "docs" / "tutorial.ipynb"
CELLS = json.loads(FILE.read_text("utf-8"))["cells"]
TORCH = find_spec("torch") is not None


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after it ran; the cells that need PyTorch only where it is."""
    nbformat = pytest.importorskip("nbformat", reason="pip install nbclient ipykernel, and the notebook is tested too")
    nbclient = pytest.importorskip("nbclient", reason="pip install nbclient ipykernel, and the notebook is tested too")
    pytest.importorskip("ipykernel", reason="pip install nbclient ipykernel, and the notebook is tested too")
    notebook = nbformat.read(FILE, as_version=4)
    nbformat.validate(notebook)
    notebook.cells = [cell for cell in notebook.cells if TORCH or "needs-torch" not in cell.metadata.get("tags", ())]
    folder = {"metadata": {"path": str(tmp_path_factory.mktemp("tutorial"))}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
    return notebook


@pytest.fixture(scope="module")
def said(executed: Any) -> dict[str, str]:
    """What each cell prints or shows as text, by its last line."""
    return {last_line(cell.source): text_of(cell) for cell in executed.cells if cell.cell_type == "code"}


def last_line(source: str) -> str:
    return source.splitlines()[-1].strip()


def text_of(cell: Any) -> str:
    """Everything that it gave, as text."""
    assert all(output.get("name") != "stderr" for output in cell.outputs), cell.outputs
    return "".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)


def test_it_is_stored_without_results() -> None:
    code = [cell for cell in CELLS if cell["cell_type"] == "code"]
    assert len(code) > 15
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_its_links_lead_somewhere() -> None:
    text = "".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown")
    links = re.findall(r"\]\(([^)]+)\)", text.replace("\n", " "))
    assert links
    assert [link for link in links if not (FILE.parent / link).exists()] == []


@pytest.mark.slow
def test_the_network_says_what_the_text_says(said: dict[str, str]) -> None:
    answers = said['print(string, "accepted" if run.accepted else "alive" if run.alive else "dead", *run.next)']
    assert answers.splitlines() == ["BTX alive S X", "BPVVE accepted end", "BTT dead"]
    assert said['network.run("BP" + 10_000 * "T").next'] == "('T', 'V')"
    assert said['lstmc.load("reber.safetensors").run("BTX").next'] == "('S', 'X')"


@pytest.mark.slow
def test_grammars_are_shown_as_pictures_and_the_rest_as_tables(executed: Any) -> None:
    shown = {
        last_line(cell.source): cell.outputs[0].data
        for cell in executed.cells
        if cell.get("outputs", [{}])[0].get("data")
    }
    assert all(shown[name]["image/svg+xml"].startswith("<svg") for name in ("mine", "grammar"))
    assert all("<table" in shown[name]["text/html"] for name in ("program", "network", "trace"))


@pytest.mark.slow
def test_it_is_proved_and_the_soft_one_refused(said: dict[str, str]) -> None:
    assert "float32: every length" in said["print(verdict)"].splitlines()
    assert said["lstmc.verify(network.to_bytes(), certificate.to_bytes()).violations"] == "[]"
    assert said["print(lstmc.counterexample(soft, grammar))"].startswith("refused\nafter 'BTSSS")


@pytest.mark.slow
def test_the_cell_is_written_kept_and_erased(said: dict[str, str]) -> None:
    steps = said['print(step.symbol, *parts, sep="   ")'].splitlines()
    assert "".join(step[-1] for step in steps) == "011100"
    assert steps[-1] == "P   eraser 0   writer 1   write filter 0   memory 0"
    assert "keeps while it is on and T repeats" in said['print(f"{part:13} {formula:40} {words}")']


@pytest.mark.slow
@pytest.mark.skipif(not TORCH, reason="PyTorch is not installed; pip install torch, and these cells are tested too")
def test_pytorch_says_the_same(said: dict[str, str]) -> None:
    chances = dict(line.split() for line in said['print(f"{symbol:4} {chance:.3f}")'].splitlines())
    assert {symbol for symbol, chance in chances.items() if chance == "0.500"} == {"S", "X"}
    states = said['print(letter, "in state", *network.decode(h[0], c[0]))'].splitlines()
    assert states == ["B in state 0", "P in state 5", "T in state 5", "T in state 5", "V in state 4"]
