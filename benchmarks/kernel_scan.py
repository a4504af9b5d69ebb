"""Scan σ and tanh of every kernel that is installed, as its LSTM computes them, over all numbers of a format.

    python benchmarks/kernel_scan.py                                   all of them, which takes hours
    python benchmarks/kernel_scan.py --in torch --format float32 --every 1000
    python benchmarks/kernel_scan.py --in onnxruntime --write          writes its rows into docs/kernels.md anew

float16 and bfloat16    all numbers
float32                 all from 2^-24 to 128, of both signs; beyond, where σ and tanh are flat or straight, every 61st,
                        or with --all every one
float64                 2^24 numbers drawn from 2^-30 to 2^11, and all that are within 1,000 of where kernels change

Each framework runs the program that `lstmc export` prints, on a network whose states h go into its gates as they are:
one step from h = x ends in c = tanh(x) in half of its cells and in c = σ(x) in the others. Ends with 1 where a kernel
breaks its contract.
"""

import argparse
import ctypes
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from markers import between, with_table, with_text
from numpy.typing import NDArray

import lstmc
from lstmc.export import Package, exporter
from lstmc.export.runtime import Runtime
from lstmc.network.number_formats import NumberFormat, number_format
from lstmc.proof import CONTRACTS

PAGE = Path(__file__).parent.parent / "docs" / "kernels.md"
EXPORTERS = ("c", "equinox", "flax", "javascript", "keras", "numpy", "onnx", "torch")
FORMATS = ("float32", "float64", "float16", "bfloat16")

LANES = 8  # numbers that one row of the batch brings
ROWS = 2**15  # of a batch
PUSH = 1024.0  # a gate with this bias is open, or shut, in every format
STEEP, FLAT = 2.0**-24, 128.0  # between them a float32 kernel does more than to be straight or flat
OUTSIDE = 61  # beyond them every so many-th number is tried
SLOW = {"javascript": 101}  # every so many-th number in between; the others try all
DRAWN = 2**24
PLACES = (
    0.5,
    0.625,
    1,
    2,
    4,
    6,
    8,
    9,
    10,
    12,
    16,
    17.33,
    18,
    19.06,
    20,
    22,
    36.04,
    36.75,
    38,
    40,
    88,
    104,
    708.4,
    745.1,
)

Floats = NDArray[np.float64]
Kernel = Callable[[Floats], tuple[Floats, Floats]]


def main() -> int:
    options = parse()
    if options.measure:
        scan = measured(options.measure, options.runtime, options.format[0], options.every, options.all)
        print(json.dumps(asdict(scan)))
        return 0
    rows, broken = [], 0
    for name, runtime, number in chosen(options):
        scan = elsewhere(name, runtime, number, options)
        rows.append(row(scan))
        print(*rows[-1], *(f"breaks {number}: {problem}" for problem in scan.broken()), sep=" | ", flush=True)
        if scan.moved:
            print(f"{scan.moved} numbers come out otherwise elsewhere in the batch", flush=True)
        broken += bool(scan.broken())
    if options.write:
        write(rows)
    return 1 if broken else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in", dest="names", action="append", choices=EXPORTERS, help="this exporter; all unless said")
    parser.add_argument("--format", action="append", choices=FORMATS, help="this number format; all unless said")
    parser.add_argument("--every", type=int, default=1, help="try only every so many-th number")
    parser.add_argument("--all", action="store_true", help="in float32 all 2^32, which takes eight times as long")
    parser.add_argument("--write", action="store_true", help="write what was measured into docs/kernels.md")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--runtime", help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> Iterator[tuple[str, Runtime, str]]:
    """Exporter, runtime and number format of every scan; a runtime that is not installed is said."""
    for name in options.names or EXPORTERS:
        for runtime in exporter(name).runtimes():
            if runtime.name == "onnx-reference":  # computes with NumPy's functions
                continue
            if runtime.missing():
                print(f"{runtime.name}: {', '.join(runtime.missing())} is not installed", file=sys.stderr)
                continue
            lacks = dict(exporter(name).lacks) | dict(runtime.lacks)
            yield from ((name, runtime, number) for number in options.format or FORMATS if number not in lacks)


def elsewhere(name: str, runtime: Runtime, number: str, options: argparse.Namespace) -> "Scan":
    """The scan, in a process of its own, with one thread."""
    every = max(options.every, SLOW.get(runtime.name, 1) if number == "float32" else 1)
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", name]
    command += ["--runtime", runtime.name, "--format", number]
    command += ["--every", str(every), *(["--all"] if options.all else [])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **threads, **runtime.variables}
    chosen, package = exporter(name), Package(lens(number))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = f"{package.name}{chosen.suffix}"
        Path(folder, file).write_bytes(chosen.write(package))
        Path(folder, "snippet").write_text(chosen.snippet(package, file), "utf-8")
        found = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return Scan(**json.loads(found.stdout.splitlines()[-1]))


# ---------------------------------------------------------------------------------------------------------------------
# What is measured
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scan:
    """What was found of a kernel in a number format. Places are sizes: z of σ(z), and x of tanh(x).

    numbers                 how many were tried, of both signs
    sigma, sigma_at         the largest error of σ, and where        tanh, tanh_at   of tanh
    at_one                  the error of tanh(1); NaN where not all cells show the same number
    not_one, not_zero       the largest z with σ(z) ≠ 1; with σ(−z) ≠ 0
    over, under             the largest z with σ(z) > 1; with σ(−z) < 0
    tail                    the largest σ(−z)/e^−z from the contract's `tail_from` on
    not_flat, beyond        the largest x with |tanh(±x)| ≠ 1; with |tanh(±x)| > 1
    slope                   the largest |tanh(x)|/|x|; as in `tail`, what is below the contract's `tiny` counts as it
    wrong                   how many tanh(x) have not the sign of x, and whether tanh(0) is not 0
    falls                   how often σ or tanh falls from a number to the next one that was tried
    moved                   how many of 4,096 numbers come out otherwise elsewhere in the batch, or in a small one
    """

    runtime: str
    version: str
    format: str
    numbers: int = 0
    sigma: float = 0.0
    sigma_at: float = 0.0
    tanh: float = 0.0
    tanh_at: float = 0.0
    at_one: float = 0.0
    not_one: float = 0.0
    not_zero: float = 0.0
    over: float = 0.0
    under: float = 0.0
    tail: float = 0.0
    not_flat: float = 0.0
    beyond: float = 0.0
    slope: float = 0.0
    wrong: int = 0
    falls: int = 0
    moved: int = 0

    def broken(self) -> list[str]:
        """What the contract of the number format forbids of this."""
        contract = CONTRACTS[self.format]
        checks = {
            f"σ is off by {self.sigma:.4g} at {self.sigma_at:.9g}": self.sigma <= contract.sigmoid,
            f"tanh is off by {self.tanh:.4g} at {self.tanh_at:.9g}": self.tanh <= contract.tanh,
            f"tanh(1) is off by {self.at_one:.4g}": self.at_one <= contract.at_one,
            f"σ({self.not_one:.9g}) is not 1": self.not_one < contract.one_from,
            f"σ({self.over:.9g}) is above 1": self.over < contract.one_from,
            f"σ(-{self.not_zero:.9g}) is not 0": self.not_zero < contract.zero_from,
            f"σ(-{self.under:.9g}) is below 0": not self.under,
            f"σ(-z) is up to {self.tail:.4g} e^-z": self.tail <= 1.01,
            f"tanh({self.not_flat:.9g}) is not 1": self.not_flat < contract.flat_from,
            f"|tanh({self.beyond:.9g})| is above 1": self.beyond < 10,
            f"|tanh(x)| is up to {self.slope:.6g} |x|": self.slope <= contract.slope,
            f"the sign of tanh is wrong {self.wrong} times": not self.wrong,
        }
        return [problem for problem, holds in checks.items() if not holds]

    def with_part(self, x: Floats, sigma: tuple[Floats, Floats], tanh: tuple[Floats, Floats]) -> "Scan":
        """This and what is seen at x > 0, in rising order: σ(x), σ(−x); tanh(x), tanh(−x)."""
        power = np.exp(-x)
        high, square = 1 / (1 + power), power * power
        low, bent = power * high, (1 - square) / (1 + square)  # within 2^-51, which only errors in float64 come near
        (open_, shut), (up, down) = sigma, tanh
        off = np.maximum(np.abs(open_ - high), np.abs(shut - low))
        apart = np.maximum(np.abs(up - bent), np.abs(down + bent))
        contract = CONTRACTS[self.format]
        late = x >= contract.tail_from
        k, n = int(np.argmax(off)), int(np.argmax(apart))
        worse, worse_tanh = not off[k] <= self.sigma, not apart[n] <= self.tanh  # NaN is the worst
        return replace(
            self,
            numbers=self.numbers + 2 * len(x),
            sigma=float(off[k]) if worse else self.sigma,
            sigma_at=float(x[k]) if worse else self.sigma_at,
            tanh=float(apart[n]) if worse_tanh else self.tanh,
            tanh_at=float(x[n]) if worse_tanh else self.tanh_at,
            not_one=last(x, open_ != 1, self.not_one),
            not_zero=last(x, shut != 0, self.not_zero),
            over=last(x, open_ > 1, self.over),
            under=last(x, shut < 0, self.under),
            tail=max(self.tail, float(np.max(shut[late] / np.maximum(power[late], contract.tiny), initial=0.0))),
            not_flat=last(x, (up != 1) | (down != -1), self.not_flat),
            beyond=last(x, (up > 1) | (down < -1), self.beyond),
            slope=max(self.slope, float(np.max(np.maximum(np.abs(up), np.abs(down)) / np.maximum(x, contract.tiny)))),
            wrong=self.wrong + int(np.sum((up < 0) | (down > 0))),
            falls=self.falls + sum(int(np.sum(np.diff(each) < 0)) for each in (open_, -shut, up, -down)),
        )


def last(x: Floats, which: NDArray[np.bool_], before: float) -> float:
    """The last x where it is so."""
    places = np.flatnonzero(which)
    return float(x[places[-1]]) if len(places) else before


def measured(name: str, runtime_name: str, format_name: str, every: int, whole: bool) -> Scan:
    """Scan a kernel, in this process and folder, where the exported network lies with its snippet."""
    runtime = next(each for each in exporter(name).runtimes() if each.name == runtime_name)
    kernel = kernel_of(exporter(name).language)
    scan = Scan(runtime.name, versions(runtime), format_name, wrong=int(np.any(kernel(np.zeros(LANES))[1])))
    ones = kernel(np.ones(2 * LANES * LANES))[1]
    one = float(abs(ones[0] - np.tanh(1.0))) if np.all(ones == ones[0]) else inf
    scan = replace(scan, at_one=one, moved=moved(kernel, number_format(format_name)))
    for x in numbers(format_name, every, whole):
        (open_, up), (shut, down) = kernel(x), kernel(-x)
        scan = scan.with_part(x, (open_, shut), (up, down))
    return scan


def moved(kernel: Kernel, number: NumberFormat) -> int:
    """How many numbers come out otherwise three places further on, or in a batch of few rows."""
    x = number.rounded(np.geomspace(2**-20, 100, 4096)).astype(np.float64)
    here, there = np.stack(kernel(x)), np.roll(np.stack(kernel(np.roll(x, 3))), -3, axis=1)
    few = np.concatenate([np.stack(kernel(part)) for part in np.split(x, 128)], axis=1)
    return int(np.sum((here != there) | (here != few)))


def versions(runtime: Runtime) -> str:
    """Of the framework, and of what computes for it."""
    return ", ".join(said for said in runtime.version().removeprefix("cc ").split(", ") if "safetensors" not in said)


def numbers(format_name: str, every: int, whole: bool) -> Iterator[Floats]:
    """Numbers above 0 in rising order, so many at a time as make a batch."""
    size = ROWS * LANES
    if format_name == "float64":
        found = np.unique(np.concatenate([drawn(), *(near(place) for place in PLACES)]))[::every]
        yield from (found[at : at + size] for at in range(0, len(found), size))
        return
    if format_name == "float32":
        steep, flat, end = (int(np.float32(z).view(np.uint32)) for z in (STEEP, FLAT, inf))
        beyond = every * (1 if whole else OUTSIDE)
        ranges = [range(1, steep, beyond), range(steep, flat, every), range(flat, end, beyond)]
    else:
        ranges = [range(1, 0x7C00 if format_name == "float16" else 0x7F80, every)]
    for bits in ranges:
        for at in range(0, len(bits), size):
            part = bits[at : at + size]
            yield of_bits(np.arange(part.start, part.stop, part.step, np.uint32), format_name)


def of_bits(bits: NDArray[np.uint32], format_name: str) -> Floats:
    if format_name == "float16":
        return bits.astype(np.uint16).view(np.float16).astype(np.float64)
    return (bits << (16 if format_name == "bfloat16" else 0)).view(np.float32).astype(np.float64)


def drawn() -> Floats:
    """Numbers of every size alike, and as many evenly up to 40."""
    rng = np.random.default_rng(0)
    return np.concatenate([2 ** rng.uniform(-30, 11, DRAWN // 2), rng.uniform(0, 40, DRAWN // 2)])


def near(place: float) -> Floats:
    return np.asarray((np.array(place, np.float64).view(np.int64) + np.arange(-1000, 1001)).view(np.float64))


# ---------------------------------------------------------------------------------------------------------------------
# The kernels
# ---------------------------------------------------------------------------------------------------------------------


def lens(format_name: str) -> lstmc.Network:
    """A network of 2·LANES cells: one step from h = x ends in c = tanh(x) in the first half, σ(x) in the other."""
    number, size = number_format(format_name), 2 * LANES
    made = lstmc.compile(lstmc.load_grammar("reber"), dtype=format_name)
    label = made.header.cells[0]
    header = replace(
        made.header,
        name="lens",
        alphabet=("x",),
        cells=tuple(replace(label, name=f"{what} {n}") for what in ("tanh", "sigmoid") for n in range(LANES)),
        options={**made.header.options, "probabilities": False},
    )
    network = replace(made, header=header, tensors={})
    tensors = {name: np.zeros(shape) for name, shape in network.shapes().items()}
    write_filter, eraser, writer, read_filter = np.split(np.arange(4 * size), 4)
    shown = [*writer[:LANES], *write_filter[LANES:]]
    tensors["lstm.weight_hh_l0"][shown, np.arange(size)] = 1
    bias = tensors["lstm.bias_ih_l0"]
    bias[[*write_filter[:LANES], *writer[LANES:], *read_filter]], bias[eraser] = PUSH, -PUSH
    return replace(network, tensors={name: number.rounded(values) for name, values in tensors.items()})


def kernel_of(language: str) -> Kernel:
    """σ(x) and tanh(x) for any number of x, as the exported network in this folder computes them."""
    step = {"c": c_step, "javascript": javascript_step}.get(language, python_step)(Path("snippet").read_text("utf-8"))

    def kernel(x: Floats) -> tuple[Floats, Floats]:
        rows = np.zeros((-(-len(x) // LANES), LANES))
        rows.ravel()[: len(x)] = x
        if len(x) > LANES * LANES:  # always as many rows, for compilers that make code for each number of them
            rows = np.concatenate([rows, np.zeros((ROWS - len(rows), LANES))])
        c = step(np.concatenate([rows, rows], axis=1))
        tanh, sigma = c[:, :LANES].ravel(), c[:, LANES:].ravel()
        return sigma[: len(x)], tanh[: len(x)]

    return kernel


def python_step(snippet: str) -> Callable[[Floats], Floats]:
    """From h (B, H) to c, by the printed program."""
    said: dict[str, Any] = {"__name__": "snippet"}
    exec(compile(snippet, "snippet.py", "exec"), said)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    predict = said["predict"]
    state = predict(np.zeros((1, 1), np.int64))[-2:]

    def step(h: Floats) -> Floats:
        parts = [like(part, values) for part, values in zip(state, (h, np.zeros_like(h)), strict=True)]
        c = predict(np.zeros((len(h), 1), np.int64), *parts)[-1]
        return np.asarray(c.detach().double() if hasattr(c, "detach") else c).astype(np.float64)

    return step


def like(part: Any, values: Floats) -> Any:
    """The values as the framework's own kind of array."""
    if hasattr(part, "detach"):
        return sys.modules["torch"].from_numpy(values).to(part.dtype)
    return values.astype(part.dtype)


C_LOOP = """
void steps(long rows, const double *h, double *c)
{
    long b;
    int cell;
    for (b = 0; b < rows; b++) {
        lens_state state;
        lens_start(&state);
        for (cell = 0; cell < LENS_CELLS; cell++)
            state.h[cell] = h[b * LENS_CELLS + cell];
        lens_step(&state, 0);
        for (cell = 0; cell < LENS_CELLS; cell++)
            c[b * LENS_CELLS + cell] = state.c[cell];
    }
}
"""


def c_step(snippet: str) -> Callable[[Floats], Floats]:
    """The header, compiled with a loop around its step."""
    Path("steps.c").write_text(snippet + C_LOOP, "utf-8")
    subprocess.run(["cc", "-std=c99", "-O2", "-I.", "-shared", "-fPIC", "-o", "steps.so", "steps.c"], check=True)
    library = ctypes.CDLL(str(Path("steps.so").resolve()))

    def step(h: Floats) -> Floats:
        h, c = np.ascontiguousarray(h), np.empty_like(h)
        doubles = ctypes.POINTER(ctypes.c_double)
        library.steps(ctypes.c_long(len(h)), h.ctypes.data_as(doubles), c.ctypes.data_as(doubles))
        return c

    return step


JAVASCRIPT_LOOP = """
import { readSync, writeSync } from "node:fs";
import { about } from "./lens.mjs";

const width = about.cells.length;
for (const count = new BigInt64Array(1); fill(count); ) {
  const h = new Float64Array(Number(count[0]) * width);
  fill(h);
  for (let at = 0; at < h.length; at += width) {
    const state = { reader: Array.from(h.subarray(at, at + width)), memory: about.cells.map(() => 0) };
    h.set(step(state, 0).memory, at);
  }
  for (let bytes = Buffer.from(h.buffer), at = 0; at < bytes.length; ) at += writeSync(1, bytes, at, bytes.length - at);
}

function fill(numbers) {
  const bytes = Buffer.from(numbers.buffer);
  let at = 0;
  for (let read = 1; read && at < bytes.length; at += read) read = readSync(0, bytes, at, bytes.length - at);
  return at === bytes.length;
}
"""


def javascript_step(snippet: str) -> Callable[[Floats], Floats]:
    """The module in Node.js, with a loop around its step."""
    Path("steps.mjs").write_text(snippet.replace("console.log", "void ") + JAVASCRIPT_LOOP, "utf-8")
    process = subprocess.Popen(["node", "steps.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout

    def step(h: Floats) -> Floats:
        process.stdin.write(np.array([len(h)], "<i8").tobytes() + h.astype("<f8").tobytes())
        process.stdin.flush()
        return np.frombuffer(process.stdout.read(8 * h.size), "<f8").reshape(h.shape)

    return step


# ---------------------------------------------------------------------------------------------------------------------
# The page
# ---------------------------------------------------------------------------------------------------------------------

HEAD = ("runtime", "format", "numbers", "σ", "at", "tanh", "at", "tanh 1")
HEAD += (
    "σ = 1 beyond",
    "σ > 1 to",
    "σ = 0 beyond",
    "σ < 0 to",
    "tail",
    "tanh = 1 beyond",
    "tanh > 1 to",
    "slope",
    "falls",
)
LIMITS = ("contract", "σ", "tanh", "tanh 1", "σ = 1 from", "tail", "σ = 0 from", "tanh = 1 from", "slope")


def row(scan: Scan) -> tuple[str, ...]:
    """One line of the table."""
    errors = (
        f"{scan.sigma:.4g}",
        f"{scan.sigma_at:.9g}",
        f"{scan.tanh:.4g}",
        f"{scan.tanh_at:.9g}",
        f"{scan.at_one:.4g}",
    )
    ends = (scan.not_one, scan.over, scan.not_zero, scan.under)
    flat = (f"{scan.tail:.6g}", place(scan.not_flat), place(scan.beyond), f"{scan.slope:.7g}")
    found = (scan.format, f"{scan.numbers:,}", *errors, *map(place, ends), *flat, f"{scan.falls:,}")
    return (f"{scan.runtime}: {scan.version}", *found)


def place(x: float) -> str:
    return f"{x:.9g}" if x else "–"


def write(rows: list[tuple[str, ...]]) -> None:
    """Rows of the same runtime and format are replaced; what the contracts leave is computed from all of them."""
    page = PAGE.read_text(encoding="utf-8")
    kept = {(line[0].split(":")[0], line[1]): line for line in [*table_of(page, "scans"), *rows]}
    lines = [kept[key] for key in sorted(kept)]
    page = with_table(page, "scans", HEAD, lines)
    page = with_table(page, "headroom", LIMITS, headroom(lines))
    PAGE.write_text(with_text(page, "machine", machine() + "\n"), encoding="utf-8")


def table_of(page: str, name: str) -> list[tuple[str, ...]]:
    lines = between(page, name).splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("|")]


def headroom(lines: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """For each contract that is a number format's: what it allows, over the worst that was measured."""
    found = []
    for name in FORMATS:
        contract, those = CONTRACTS[name], [line for line in lines if line[1] == name]
        if not those:
            continue
        names = ("σ", "tanh", "tanh 1", "σ = 1 beyond", "tail", "σ = 0 beyond", "tanh = 1 beyond", "slope")
        worst = [max(float(line[column(each)].replace("–", "0")) for line in those) for each in names]
        allowed = (contract.sigmoid, contract.tanh, contract.at_one, contract.one_from, 1.01, contract.zero_from)
        allowed += (contract.flat_from, contract.slope)
        found.append((name, *map(share, names, allowed, worst)))
    return found


def share(name: str, allowed: float, worst: float) -> str:
    if not worst or allowed == inf:
        return "–"
    if name in ("tail", "slope"):  # which are 1 at least: what is above it counts
        return f"{allowed:g} / {worst:.7g}"
    return f"{allowed:g} / {worst:.4g} = {allowed / worst:.3g}"


def column(name: str) -> int:
    return HEAD.index(name)


def machine() -> str:
    """The processor's architecture, and what of it kernels choose their code by."""
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {}) if hasattr(np, "show_config") else {}
    return f"{platform.machine()}, NumPy {version('numpy')} finds {', '.join(simd.get('found', [])) or 'no more'}."


if __name__ == "__main__":
    sys.exit(main())
