"""What every exporter of Python frameworks must do, whatever the framework."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from agreeing import started
from hostile import SYMBOLS, hostile, ring
from pages import ROOT, blocks

import lstmc
from lstmc.export import Exporter, Package, Runtime, exporter

WRITE = """
import hashlib, os, random, sys
import numpy as np
import lstmc
from lstmc.export import Package, exporter

exec(sys.argv[2])

def write(network):
    return hashlib.sha256(exporter(sys.argv[1]).write(Package(network, proof="00ff"))).hexdigest()

def surroundings():
    return dict(os.environ), random.getstate(), np.random.get_state()[1].tolist()

backend = os.environ.get("KERAS_BACKEND")
formats = ("float64", "float32", "float16", "bfloat16")
cell = sys.argv[3]
networks = [lstmc.compile(lstmc.load_grammar("reber"), dtype=dtype, cell=cell) for dtype in formats]
networks.append(lstmc.compile(lstmc.load_grammar("remainder-3"), cell=cell))
write(networks[1])  # importing frameworks draws random numbers and sets variables
assert os.environ.get("KERAS_BACKEND") == backend
before = surroundings()
print(*map(write, networks), sep="\\n")
assert surroundings() == before
assert "jax" not in sys.modules or not sys.modules["jax"].config.jax_enable_x64
"""


def cell_of(name: str) -> str:
    """The cell type that an exporter is tried with: `lstm`, or else the first that it can hold."""
    cells = exporter(name).cells or ("lstm",)
    return "lstm" if "lstm" in cells else cells[0]


def shown(name: str) -> Package:
    """The network of an exporter's page."""
    cell = cell_of(name)
    if cell == "lstm":
        return Package(lstmc.load(ROOT / "weights" / "reber.safetensors"))
    return Package(lstmc.compile(lstmc.load_grammar("reber"), cell=cell))


def digests_elsewhere(name: str, folder: Path, first: str = "", **variables: str) -> list[str]:
    """The digests of five files that another process writes, 2 seconds later, at another place.

    It begins with the statements `first`. It must say nothing, and leave its surroundings as they were.
    """
    time.sleep(2)  # the resolution of times in zip archives
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    environment |= {"TMPDIR": str(folder), "KERAS_HOME": str(folder), **variables}
    command = [sys.executable, "-c", WRITE, name, first, cell_of(name)]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.stderr == "", run.stderr
    found = run.stdout.split()
    assert len(set(found)) == 5
    return found


def check_ring(name: str, runtime: Runtime) -> None:
    """A transducer of hostile names says the right outputs, in one go and symbol by symbol."""
    network = hostile(outputs=True, cell=cell_of(name))
    tokens = np.array([network.tokens(ring(50))])
    follower = np.roll(tokens[0], -1)[:-1]
    with started(name, Package(network), runtime) as worker:
        whole = worker.run(tokens)
        pieces = [worker.run(tokens[:, time : time + 1], goes_on=time > 0) for time in range(tokens.shape[1])]
    allowed = whole.logits[0, :-1, :-1] > 0
    assert (allowed.sum(axis=1) == 1).all()
    assert np.array_equal(allowed.argmax(axis=1), follower)
    said = whole.outputs[0, :-1].argmax(axis=1)
    assert [network.outputs[n] for n in said] == [network.alphabet[n] for n in follower]
    assert np.allclose(np.concatenate([piece.logits for piece in pieces], axis=1), whole.logits, atol=1e-5)
    assert np.allclose(np.concatenate([piece.outputs for piece in pieces], axis=1), whole.outputs, atol=1e-5)
    _check_state(network, tokens, pieces[-1].state)
    _check_state(network, tokens, whole.state)


def _check_state(network: lstmc.Network, tokens: np.ndarray, found: tuple[np.ndarray, ...]) -> None:
    state = network.start(len(tokens))
    for column in tokens.T:
        state = network.step(state, column)
    for part, expected in zip(found, state, strict=True):
        assert np.allclose(part, expected, atol=1e-5)


def check_printed_names(name: str, folder: Path) -> None:
    """The snippet runs as printed, for a file and symbols of hostile names."""
    chosen, package = exporter(name), Package(hostile(cell=cell_of(name)))
    file = f"a b'\"\\\u2028😀{chosen.suffix}"
    (folder / file).write_bytes(chosen.write(package))
    assert chosen.snippet(package, file).isascii()
    assert _run(chosen.snippet(package, file), folder) == f"{SYMBOLS[3]}\n"


def check_page(name: str, folder: Path) -> None:
    """The Python blocks of a page, one after the other as one program, print its text blocks."""
    chosen, package = exporter(name), shown(name)
    page = (ROOT / "docs" / "frameworks" / f"{name}.md").read_text("utf-8")
    (folder / f"reber{chosen.suffix}").write_bytes(chosen.write(package))
    assert len(blocks(page, "python")) > 1
    printed = _run("\n".join(blocks(page, "python")), folder)
    assert printed == "".join(blocks(page, "text")), printed


def _run(program: str, folder: Path) -> str:
    (folder / "program.py").write_text(program, "utf-8")
    run = subprocess.run([sys.executable, "program.py"], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def expected_numbers(package: Package) -> dict[str, np.ndarray]:
    """The tensors by name, and the sum of the two biases as `lstm.bias`."""
    tensors = dict(package.tensors)
    return tensors | {"lstm.bias": tensors["lstm.bias_ih_l0"] + tensors["lstm.bias_hh_l0"]}


def written(name: str, package: Package) -> bytes:
    """What an exporter writes."""
    chosen: Exporter = exporter(name)
    chosen.check(package)
    return chosen.write(package)
