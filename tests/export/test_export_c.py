"""Networks as C headers."""

import json
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from agreeing import CASES, case, check_strings_and_loops, started
from hostile import SYMBOLS, hostile, ring
from pages import ROOT, blocks

import lstmc
from lstmc.errors import PluginError, UsageError
from lstmc.export import Package, exporter
from lstmc.export.runtime import Worker
from lstmc.proof.contracts import CONTRACTS
from lstmc_c.exporter import identifier

C = exporter("c")
(RUNTIME,) = C.runtimes()
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler is installed")

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-ffreestanding", "-c"]
X86 = platform.machine() in ("x86_64", "AMD64")
PLACE = {"float32": np.float32, "float64": np.float64}
TYPE = {"float32": "float", "float64": "double"}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cell"), [*((name, "lstm") for name in CASES), ("reber", "toy"), ("random", "toy")])
def test_the_printed_snippet_predicts_right(name, cell):
    tried = case(name, cell=cell)
    with started("c", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, "float32")


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64"])
def test_every_number_format(dtype):
    tried = case("reber", dtype)
    with started("c", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_it_conforms(dtype, cell):
    """Its own σ and tanh included."""
    if RUNTIME.missing():
        pytest.skip(RUNTIME.install)
    (result,) = lstmc.conform(case("reber", dtype, cell).network, ["c"], length=500)
    assert result.outcome == "conforms", result.problem


@pytest.mark.slow
@pytest.mark.parametrize("name", ["number", "lstmc-name", "main", "count", "of", "float"])
def test_a_grammar_may_be_called_like_something_of_c(name):
    network = lstmc.compile(case("reber").grammar)
    named = replace(network, header=replace(network.header, name=name))
    (result,) = lstmc.conform(named, ["c"], length=10)
    assert result.outcome == "conforms", result.problem
    assert result.version.startswith(f"{COMPILER.rpartition('/')[2]} ")


@pytest.mark.parametrize(("dtype", "quantize"), [("float16", False), ("bfloat16", False), ("float32", True)])
def test_formats_that_c_lacks_are_refused(dtype, quantize):
    with pytest.raises(UsageError, match="C cannot hold"):
        C.check(Package(case("reber", dtype).network, quantize=quantize))


@pytest.fixture
def build(tmp_path):
    """Compiles a program beside a network's header `net.h`, and gives a function that runs it."""

    def build(package, program, *flags):
        (tmp_path / "net.h").write_bytes(C.write(package))
        (tmp_path / "program.c").write_text(program, "utf-8")
        command = [COMPILER, "-std=c99", *flags, "-o", "program", "program.c"]
        made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert not made.returncode, made.stderr

        def run(given=b""):
            return subprocess.run([tmp_path / "program"], input=given, capture_output=True, check=True).stdout

        return run

    return build


@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("language", ["c", "c++"])
def test_headers_compile_without_a_warning_or_a_library(language, dtype, cell, tmp_path):
    packages = {"net.h": Package(case("reber", dtype, cell).network), "hostile.h": Package(hostile(True, cell))}
    for file, package in packages.items():
        (tmp_path / file).write_bytes(C.write(package))
    (tmp_path / "only.c").write_text('#include "net.h"\n#include "hostile.h"\n#include "net.h"\n')
    flags = ["-x", language, *(["-std=c99"] if language == "c" else [])]
    if language == "c++" and shutil.which("c++") is None:
        pytest.skip("no C++ compiler is installed")
    made = subprocess.run([COMPILER, *flags, *STRICT, "-O2", "only.c"], cwd=tmp_path, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    assert undefined(tmp_path / "only.o") == []


def undefined(object_file):
    """What a linker would have to find elsewhere; nothing, where `nm` is not installed."""
    if shutil.which("nm") is None:
        return []
    return subprocess.run(["nm", "-u", object_file], capture_output=True, text=True, check=True).stdout.split()


SQUASH = """
#include <stdio.h>
#include "net.h"
int main(void)
{
    REAL z;
    while (fread(&z, sizeof z, 1, stdin) == 1) {
        REAL found[2];
        found[0] = reber_sigmoid(z);
        found[1] = reber_tanh(z);
        fwrite(found, sizeof *found, 2, stdout);
    }
    return 0;
}
"""
FLAGS = {
    "-O0": ["-O0"],
    "-O2": ["-O2"],
    "fused": ["-O2", "-mfma", "-ffp-contract=fast"],
    "x87": ["-O2", "-mfpmath=387"],
    "fast-math": ["-O2", "-ffast-math"],
}


@pytest.mark.slow
@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_its_functions_satisfy_the_contract(build, dtype, flags):
    """On numbers of every size and sign; compared in numpy's long double, which has 64 bits here."""
    if flags in ("fused", "x87") and not X86:
        pytest.skip("the flags are those of x86 processors, and this is another")
    if flags == "fused" and not fused_runs():
        pytest.skip("this processor does not fuse")
    z, contract = numbers(dtype), CONTRACTS[dtype]
    run = build(Package(case("reber", dtype).network), SQUASH, f"-DREAL={TYPE[dtype]}", *FLAGS[flags])
    sigma, tanh = np.frombuffer(run(z.tobytes()), z.dtype).reshape(-1, 2).astype(np.longdouble).T
    z = z.astype(np.longdouble)
    with np.errstate(over="ignore"):
        assert np.abs(sigma - 1 / (1 + np.exp(-z))).max() <= contract.sigmoid
    assert np.abs(tanh - np.tanh(z)).max() <= contract.tanh
    check_shapes(z, sigma, tanh, contract)


def check_shapes(z, sigma, tanh, contract):
    tail = z <= -contract.tail_from
    assert ((sigma >= 0) & (sigma <= 1)).all()
    assert (sigma[z >= contract.one_from] == 1).all()
    assert (sigma[tail] <= 1.01 * np.exp(z[tail])).all()
    assert (sigma[z <= -contract.zero_from] == 0).all()
    assert (np.abs(tanh) <= contract.slope * np.abs(z)).all()
    assert (tanh * z >= 0).all()
    assert (np.abs(tanh) <= 1).all()
    assert (tanh[z >= contract.flat_from] == 1).all()
    assert (tanh[z == 0] == 0).all()
    assert abs(tanh[z == 1][0] - np.tanh(np.longdouble(1))) <= contract.at_one


def numbers(dtype):
    if dtype == "float32":
        z = np.arange(0, 2**31, 4001, dtype=np.uint32).view(np.float32)  # evenly in their bits
        z = z[np.isfinite(z)]
    else:
        random = np.random.default_rng(1)
        z = np.concatenate([random.uniform(0, 50, 250_000), 2.0 ** random.uniform(-1070, 11, 250_000)])
    return np.concatenate([z, -z, [0, 1, 10, 18, -18, 20, 38, -38, 87, -87, 104, -104, -708, 709]]).astype(PLACE[dtype])


def fused_runs():
    cpu = subprocess.run(["cat", "/proc/cpuinfo"], capture_output=True, text=True).stdout
    return " fma " in cpu


def test_errors_that_the_header_states_are_those_measured(build):
    """The comments promise 2e-7, 3e-7 and 4e-16, 5e-16; measured 9e-8, 1e-7 and 1.8e-16, 1.8e-16."""
    for dtype, sigmoid, tanh in (("float32", "2e-7", "3e-7"), ("float64", "4e-16", "5e-16")):
        package, z = Package(case("reber", dtype).network), numbers(dtype)
        run = build(package, SQUASH, f"-DREAL={TYPE[dtype]}", "-O2")
        found = np.frombuffer(run(z.tobytes()), z.dtype).reshape(-1, 2).astype(np.longdouble)
        z = z.astype(np.longdouble)
        with np.errstate(over="ignore"):
            assert np.abs(found[:, 0] - 1 / (1 + np.exp(-z))).max() <= float(sigmoid)
        assert np.abs(found[:, 1] - np.tanh(z)).max() <= float(tanh)
        text = C.write(package).decode()
        assert f"within {sigmoid};" in text
        assert f"within {tanh};" in text


WEIGHTS = """
#include <stdio.h>
#include "net.h"
static void show(const random_states_30_seed_3_tests *tests, int rows)
{
    int row, n;
    for (row = 0; row < rows; row++) {
        printf("%.17g", (double)tests->bias[row]);
        for (n = tests->symbol_starts[row]; n < tests->symbol_starts[row + 1]; n++)
            printf(" s%d %.17g", tests->symbols[n], (double)tests->symbol_weights[n]);
        for (n = tests->cell_starts[row]; n < tests->cell_starts[row + 1]; n++)
            printf(" c%d %.17g", tests->cells[n], (double)tests->cell_weights[n]);
        printf("\\n");
    }
}
int main(void)
{
    show(&random_states_30_seed_3_write_filter, 30);
    show(&random_states_30_seed_3_eraser, 30);
    show(&random_states_30_seed_3_writer, 30);
    show(&random_states_30_seed_3_read_filter, 30);
    show(&random_states_30_seed_3_reader, random_states_30_seed_3_SYMBOLS_ + 1);
    return 0;
}
""".replace("random_states_30_seed_3_SYMBOLS_", "RANDOM_STATES_30_SEED_3_SYMBOLS")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_weights_come_back_exactly(build, dtype):
    network = lstmc.compile(lstmc.load_grammar("random", {"states": "30", "seed": "3"}), level=2, dtype=dtype)
    lines = [line.split() for line in build(Package(network), WEIGHTS)().decode().splitlines()]
    tensors = network.tensors
    biases = np.concatenate([tensors["lstm.bias_ih_l0"], tensors["reader.bias"]])
    cells = np.concatenate([tensors["lstm.weight_hh_l0"], tensors["reader.weight"]])
    symbols = np.zeros((len(lines), len(network.alphabet)))
    symbols[:120] = tensors["lstm.weight_ih_l0"]
    assert len(lines) == len(biases)
    for row, (bias, *pairs) in enumerate(lines):
        assert float(bias) == biases[row]
        found = {"s": np.zeros(symbols.shape[1]), "c": np.zeros(cells.shape[1])}
        for which, weight in zip(pairs[::2], pairs[1::2], strict=True):
            found[which[0]][int(which[1:])] = float(weight)
        assert np.array_equal(found["s"], symbols[row])
        assert np.array_equal(found["c"], cells[row])


HOSTILE = """
#include <stdio.h>
#include "net.h"
int main(void)
{
    int n;
    network_1_int_c_state state;
    network_1_int_c_start(&state);
    for (n = 0; network_1_int_c_about[n]; n++)
        printf("%s", network_1_int_c_about[n]);
    for (n = 0; n <= NETWORK_1_INT_C_SYMBOLS; n++)
        printf("%c%s%c%d", 0, network_1_int_c_names[n], 0, network_1_int_c_symbol(network_1_int_c_names[n]));
    for (n = 0; n < NETWORK_1_INT_C_CELLS; n++)
        printf("%c%s%c%s", 0, network_1_int_c_cell_names[n], 0, network_1_int_c_cell_states[n]);
    return network_1_int_c_symbol("nothing") != -1 || network_1_int_c_step(&state, NETWORK_1_INT_C_END);
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("outputs", [False, True])
def test_no_name_breaks_out_of_its_string(build, outputs, cell):
    package = Package(hostile(outputs, cell))
    about, *names = build(package, HOSTILE, "-Wall", "-Wextra", "-Wpedantic", "-Werror")().decode().split("\0")
    assert json.loads(about) == json.loads(package.about_json)
    ends = [*package.alphabet, package.end]
    cells = [text for cell in package.about["cells"] for text in (cell["name"], cell["state"])]
    assert names == [*(text for n, name in enumerate(ends) for text in (name, str(n))), *cells]
    tokens = np.array([package.network.tokens(ring(70))])
    with started("c", package, RUNTIME) as worker:
        answer = worker.run(tokens)
    threshold = 0.5 if cell == "toy" else 0
    assert np.array_equal((answer.logits[0] > threshold)[:-1, :-1].argmax(1), tokens[0, 1:])
    if outputs:
        assert [package.outputs[n] for n in answer.outputs[0].argmax(1)] == ring(71)[1:]


def test_the_snippet_names_hostile_symbols(tmp_path):
    package = Package(hostile())
    (tmp_path / "a b'#.h").write_bytes(C.write(package))
    (tmp_path / "snippet.c").write_text(C.snippet(package, "a b'#.h"), "utf-8")
    subprocess.run([COMPILER, "-std=c99", "-Werror", "-Wall", "-o", "snippet", "snippet.c"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "snippet"], capture_output=True, check=True).stdout.decode() == f"{SYMBOLS[3]} \n"


def test_the_snippet_refuses_a_string_with_an_unknown_symbol(tmp_path):
    package = Package(case("reber").network)
    (tmp_path / "reber.h").write_bytes(C.write(package))
    snippet = C.snippet(package, "reber.h")
    (tmp_path / "snippet.c").write_text(snippet.replace('{"B", ', '{"b", '), "utf-8")
    subprocess.run([COMPILER, "-std=c99", "-o", "snippet", "snippet.c"], cwd=tmp_path, check=True)
    run = subprocess.run([tmp_path / "snippet"], capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (1, "", "'b' is no symbol of reber\n")


@pytest.mark.parametrize("file", ['a".h', "a\\b.h", "a\nb.h"])
def test_names_of_files_that_c_cannot_say_are_refused(file):
    with pytest.raises(UsageError, match="cannot include"):
        C.snippet(Package(case("reber").network), file)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reber", "reber"),
        ("embedded-reber-depth-2", "embedded_reber_depth_2"),
        ("2b", "network_2b"),
        ("int", "int"),
        ("_x__y_", "x_y"),
        ("é😀", "ue9u1f600"),
        ("*/", "network"),
        ("", "network"),
    ],
)
def test_names_become_identifiers(name, expected):
    assert identifier(name) == expected


PROBABILITIES = """
#include <stdio.h>
#include "net.h"
int main(void)
{
    const char *c;
    float chances[REBER_SYMBOLS + 1];
    reber_state state;
    int n;
    reber_start(&state);
    for (c = "BTSXXT"; *c; c++) {
        char name[2] = {0, 0};
        name[0] = *c;
        reber_step(&state, reber_symbol(name));
    }
    reber_probabilities(&state, chances);
    for (n = 0; n <= REBER_SYMBOLS; n++)
        printf("%.9g ", (double)chances[n]);
    for (n = 0; n < REBER_CELLS; n++)
        if (reber_on(&state, n) && reber_cell_states[n][0])
            printf("%s", reber_cell_states[n]);
    return 0;
}
"""


def test_probabilities_and_states(build):
    network = case("reber").network
    *chances, state = build(Package(network), PROBABILITIES)().decode().split()
    expected = network.run("BTSXXT").probabilities
    names = [*network.alphabet, "end"]
    assert np.abs(np.array(chances, float) - [expected.get(name, 0) for name in names]).max() < 1e-6
    assert state == "5"


def test_a_snippet_that_does_not_compile_is_told(tmp_path):
    package = Package(case("reber").network)
    with pytest.raises(PluginError, match=r"does not compile the snippet: (.|\n)*error"):
        Worker(RUNTIME, package, {}, C.snippet(package, "not-there.h"))


WRITE = """
import sys
import lstmc
from lstmc.export import Package, exporter
network = lstmc.compile(lstmc.load_grammar("reber"))
sys.stdout.buffer.write(exporter("c").write(Package(network, proof="00ff")))
"""


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes():
    first, second = (
        subprocess.run(
            [sys.executable, "-c", WRITE], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    )
    assert first == second
    assert b'\\"proof\\":\\"00ff\\"' in first


@pytest.mark.slow
def test_large_networks_stay_sparse(tmp_path):
    """5,000 cells, some 65,000 weights: compiled in seconds, and right."""
    grammar = lstmc.load_grammar("random", {"states": "5000", "symbols": "4", "seed": "5"})
    package = Package(lstmc.compile(grammar, level=2))
    assert len(C.write(package)) < 10_000_000
    tokens = np.array([package.network.tokens(next(lstmc.sample(grammar, 1, seed=1, length=(30, 60))).symbols)])
    with started("c", package, RUNTIME) as worker:
        answer = worker.run(tokens)
    state = package.network.start()
    for time in range(tokens.shape[1]):
        state = package.network.step(state, tokens[:, time])
        assert np.array_equal(answer.logits[:, time] > 0, package.network.read(state).allowed)


def test_the_page_says_what_is_so(tmp_path):
    """Its second program prints what stands below it; and its table names what the headers have."""
    page = (ROOT / "docs" / "frameworks" / "c.md").read_text("utf-8")
    text = C.write(Package(lstmc.load(ROOT / "weights" / "reber.safetensors"))).decode()
    (tmp_path / "reber.h").write_text(text)
    (tmp_path / "page.c").write_text(blocks(page, "c")[1], "utf-8")
    subprocess.run([COMPILER, "-std=c99", "-Wall", "-Werror", "-o", "page", "page.c"], cwd=tmp_path, check=True)
    run = subprocess.run([tmp_path / "page"], capture_output=True, text=True, check=True)
    assert run.stdout == "".join(blocks(page, "text"))
    for name in set(re.findall(r"\breber_\w+", page)) - {"reber_outputs", "reber_output_names"}:  # of transducers
        assert re.search(rf"\b{name}\b", text), name
