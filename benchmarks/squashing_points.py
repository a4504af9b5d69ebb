"""Measure σ at 2 and about 0, and whether tanh is odd, as plain functions of the frameworks that are installed.

    python benchmarks/squashing_points.py            prints what it measures
    python benchmarks/squashing_points.py --write    writes it into docs/kernels.md, too
    python benchmarks/squashing_points.py --check    compares it with that page

Cells that are no LSTM need these points: a cell of `lstm-1997` that is on shows 2σ(2) − 1, one that is off 2σ(0) − 1,
and `gru` and `rnn` show 1 and −1. About 0 means up to a quarter of the roundoff u. Of float16 and bfloat16 all numbers
are tried, of float32 every 997th, of float64 a million. Ends with 1 where a contract does not allow what is measured.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from markers import between, table, with_table
from numpy.typing import NDArray

from lstmc.network.number_formats import number_format
from lstmc.proof import CONTRACTS

PAGE = Path(__file__).parents[1] / "docs" / "kernels.md"
FORMATS = ("float32", "float64", "float16", "bfloat16")
EVERY, DRAWN, COPIES = 997, 2**20, 1000
SIGMA_2 = 0.8807970779778823  # 1/(1 + e^−2)
HEAD = ("runtime", "format", "σ(2) is off by", "allowed", "σ about 0 is off by", "allowed", "numbers", "tanh not odd")

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]


class Missing(Exception):
    """A framework is not installed, or has not this number format."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table into docs/kernels.md")
    parser.add_argument("--check", action="store_true", help="compare the table with docs/kernels.md")
    options = parser.parse_args()
    measured = list(points())
    rows = [row(each) for each in measured]
    print(table(HEAD, rows), end="")
    page = PAGE.read_text("utf-8")
    if options.write:
        PAGE.write_text(with_table(page, "points", HEAD, rows), "utf-8")
    if options.check and between(page, "points") != table(HEAD, rows):
        print(f"{PAGE} is not what is measured: look at the difference", file=sys.stderr)
        return 1
    return 0 if all(each.allowed() for each in measured) else 1


class Points(NamedTuple):
    """What was found. at_two, at_zero: the largest errors; odd: how many of `numbers` have tanh(−z) ≠ −tanh(z)."""

    runtime: str
    format: str
    at_two: float
    at_zero: float
    numbers: int
    odd: int

    def allowed(self) -> bool:
        contract = CONTRACTS[self.format]
        return self.at_two <= contract.at_two and self.at_zero <= contract.at_zero and not self.odd


def row(found: Points) -> tuple[str, ...]:
    contract = CONTRACTS[found.format]
    errors = (found.at_two, contract.at_two, found.at_zero, contract.at_zero)
    return (found.runtime, found.format, *(f"{error:.1e}" if error else "0" for error in errors), *counts(found))


def counts(found: Points) -> tuple[str, str]:
    return f"{found.numbers:,}", str(found.odd)


def points() -> Iterator[Points]:
    for name, of in RUNTIMES.items():
        for format_name in FORMATS:
            try:
                sigmoid, tanh = of(format_name)
                yield measured(f"{name} {version(name)}", format_name, sigmoid, tanh)
            except Missing as missing:
                print(f"{name}, {format_name}: {missing}", file=sys.stderr)


def measured(runtime: str, format_name: str, sigmoid: Function, tanh: Function) -> Points:
    roundoff, numbers = number_format(format_name).roundoff, tried(format_name)
    two = np.concatenate([sigmoid(np.full(count, 2.0)) for count in (1, COPIES)])
    near = np.concatenate([numbers[numbers <= roundoff / 4], [0.0]])
    half = np.concatenate([sigmoid(near), sigmoid(-near)])
    odd = tanh(-numbers) != -tanh(numbers)
    at_two = float(np.abs(two - SIGMA_2).max())
    at_two = at_two if at_two > np.spacing(SIGMA_2) else 0.0  # no more than what it is compared with is off
    return Points(runtime, format_name, at_two, float(np.abs(half - 0.5).max()), len(numbers), int(odd.sum()))


def tried(format_name: str) -> Floats:
    """Numbers of the format above 0."""
    if format_name == "float64":
        return np.asarray(2 ** np.random.default_rng(0).uniform(-1022, 12, DRAWN))
    if format_name == "float16":
        return np.arange(1, 0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    step, shift = (EVERY, 0) if format_name == "float32" else (1, 16)
    bits = np.arange(1, 0x7F800000 >> shift, step, dtype=np.uint32) << np.uint32(shift)
    return bits.view(np.float32).astype(np.float64)


def of_numpy(format_name: str) -> tuple[Function, Function]:
    if format_name == "bfloat16":
        raise Missing("has no such type")
    dtype = np.dtype(format_name)

    def sigmoid(z: Any) -> Any:  # as our program in NumPy writes it
        return 1 / (1 + np.exp(-z))

    def taken(function: Callable[[Any], Any]) -> Function:
        def run(z: Floats) -> Floats:
            with np.errstate(all="ignore"):
                return np.asarray(function(z.astype(dtype))).astype(np.float64)

        return run

    return taken(sigmoid), taken(np.tanh)


def of_torch(format_name: str) -> tuple[Function, Function]:
    torch = imported("torch")

    def taken(function: Callable[[Any], Any]) -> Function:
        return lambda z: np.asarray(function(torch.from_numpy(z).to(getattr(torch, format_name))).double().numpy())

    return taken(torch.sigmoid), taken(torch.tanh)


def of_jax(format_name: str) -> tuple[Function, Function]:
    jax = imported("jax")
    jax.config.update("jax_enable_x64", True)

    def taken(function: Callable[[Any], Any]) -> Function:
        compiled = jax.jit(function)
        return lambda z: np.asarray(compiled(jax.numpy.asarray(z, format_name))).astype(np.float64)

    return taken(jax.nn.sigmoid), taken(jax.numpy.tanh)


def of_onnxruntime(format_name: str) -> tuple[Function, Function]:
    onnx, onnxruntime = imported("onnx"), imported("onnxruntime")
    if format_name == "bfloat16":
        raise Missing("has nothing in bfloat16")
    dtype = np.dtype(format_name)
    kind = onnx.helper.np_dtype_to_tensor_dtype(dtype)

    def taken(operator: str) -> Function:
        ends = [onnx.helper.make_tensor_value_info(name, kind, ["n"]) for name in ("x", "y")]
        node = onnx.helper.make_node(operator, ["x"], ["y"])
        graph = onnx.helper.make_graph([node], operator, ends[:1], ends[1:])
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        except Exception as error:  # of its own kinds
            raise Missing(f"has no {operator} in it") from error
        return lambda z: np.asarray(session.run(None, {"x": z.astype(dtype)})[0]).astype(np.float64)

    return taken("Sigmoid"), taken("Tanh")


def imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise Missing("is not installed") from error


RUNTIMES = {"numpy": of_numpy, "torch": of_torch, "jax": of_jax, "onnxruntime": of_onnxruntime}


if __name__ == "__main__":
    sys.exit(main())
