"""The tables of docs/frameworks/torch.md on a GPU: how PyTorch runs there, and which contracts each setting satisfies.

    python benchmarks/device_table.py --write           where there is an NVIDIA GPU; takes some minutes
    python benchmarks/device_table.py --device cpu      prints the same tables of the processor

A setting is a number format; of float32 there are three. It satisfies a contract where its σ and tanh do, and where a
sum is no farther off than a rounding of each of its terms and additions allows: that is measured in the reader's sums,
from what each cell shows. Of a small network, and of a large one: kernels differ.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from cells_table import CELLS
from framework_table import short, shown
from markers import table, with_table, with_text

import lstmc
from lstmc.export import exporter
from lstmc.export.conform import Conformance, conform
from lstmc.export.package import Package
from lstmc.export.probe import measure, probe
from lstmc.export.runtime import Runtime
from lstmc.export.strings import configurations, long_strings
from lstmc.network import Network
from lstmc.proof.contracts import CONTRACTS

PAGE = Path(__file__).parents[1] / "docs" / "frameworks" / "torch.md"
FORMATS = ("float32", "float64", "float16", "bfloat16")
HEAD = ("cells", "setting", "logits", "state", "sums", "σ", "tanh", "σ = 1", "σ = 0", "satisfies")
OF_A_FRAMEWORK = ("float64", "float32", "approximate", "float16", "bfloat16")  # contracts of arithmetic, finest first
GRAMMARS = {"reber": {}, "embedded-reber": {"depth": "5"}}
AT_ONCE = 8
Setting = tuple[str, Runtime]  # a number format, and what runs there


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="where (cuda)")
    parser.add_argument("--length", type=int, default=5_000, help="how many symbols a loop has (5000)")
    parser.add_argument("--write", action="store_true", help="write the tables anew")
    options = parser.parse_args()
    settings = [(name, each) for name in FORMATS for each in runtimes(options.device, name)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        kernels = pool.map(row, *zip(*product(GRAMMARS, settings), strict=True))
        ran = pool.map(partial(conformances, device=options.device, length=options.length), CELLS)
        head = ("cell type", *map(title, settings))
        tables = {"settings": (HEAD, list(kernels)), "devices": (head, list(ran))}
    page = with_text(PAGE.read_text("utf-8"), "device", device(options.device))
    for name, (columns, lines) in tables.items():
        print(table(columns, lines))
        page = with_table(page, name, columns, lines)
    if options.write:
        PAGE.write_text(page, "utf-8")
    return 0


def runtimes(device: str, number_format: str) -> Sequence[Runtime]:
    torch = exporter("torch")
    return torch.runtimes() if device == "cpu" else torch.runtimes_on(device, number_format)


def device(name: str) -> str:
    """The card and the versions, in one line."""
    import torch

    card = torch.cuda.get_device_name() if name == "cuda" else "the processor"
    cudnn = torch.backends.cudnn.version()
    return f"{card}, PyTorch {torch.__version__}, cuDNN {cudnn}:\n"


def title(setting: Setting) -> str:
    name, runtime = setting
    return name + runtime.name.removeprefix("torch").removeprefix(" on cuda")


def row(grammar: str, setting: Setting) -> tuple[str, ...]:
    """How the LSTM of a grammar runs, and what its kernel does."""
    number_format, runtime = setting
    torch, network = exporter("torch"), compiled(grammar, "lstm", number_format)
    package, tokens = Package(network), long_strings(configurations(network), 0)
    with torch.start(package, runtime) as worker:
        answer = worker.run(tokens)
    state = network.start(len(tokens))
    for column in tokens.T:
        state = network.step(state, column)
    found = answer.logits[:, -1]
    logits = float(np.abs(found - network.read(state).logits.astype(np.float64)).max())
    states = max(float(np.abs(a - b).max()) for a, b in zip(answer.state, state, strict=True))
    off, terms = sums(network, answer.state[0], found)
    probing = probe(package)
    with torch.start(probing, runtime) as worker:
        kernels = {name: measure(worker, probing, CONTRACTS[name]) for name in OF_A_FRAMEWORK}
    allowed = {name: 2 * terms * CONTRACTS[name].roundoff for name in kernels}
    satisfied = [name for name, kernel in kernels.items() if not kernel.violations and off <= allowed[name]]
    numbers = short(logits), short(states), short(off), *shown(kernels[number_format])
    return str(network.size), title(setting), *numbers, ", ".join(satisfied) or "none"


def sums(network: Network, shows: np.ndarray, logits: np.ndarray) -> tuple[float, int]:
    """How far the reader's sums are off, as a part of the sum of their terms' sizes; and how many terms there are."""
    weight, bias = (network.tensors[f"reader.{name}"].astype(np.float64) for name in ("weight", "bias"))
    terms = np.concatenate([shows[:, None, :] * weight, np.resize(bias, (len(shows), len(bias)))[:, :, None]], axis=2)
    off = np.abs(terms.sum(axis=2) - logits) / np.abs(terms).sum(axis=2)
    return float(off.max()), int((terms != 0).sum(axis=2).max())


def conformances(cell: str, device: str, length: int) -> tuple[str, ...]:
    """What `lstmc conform` finds of a cell type in each setting."""
    found = [
        each
        for name in FORMATS
        for each in conform(compiled("reber", cell, name), ["torch"], length=length, device=device)
    ]
    return f"`{cell}`", *map(outcome, found)


def outcome(found: Conformance) -> str:
    """In a few words: of what differs the first."""
    return found.outcome if found.outcome == "conforms" else found.problem.split(";")[0].replace("|", "/")


def compiled(grammar: str, cell: str, number_format: str) -> Network:
    return lstmc.compile(lstmc.load_grammar(grammar, GRAMMARS[grammar]), dtype=number_format, cell=cell)


if __name__ == "__main__":
    sys.exit(main())
