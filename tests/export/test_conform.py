"""`conform` finds out what is wrong with a framework; here each is a few lines of numpy, broken on purpose."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

import lstmc
from lstmc.errors import InputError, PluginError
from lstmc.export import Exporter, Package, python_runtime, runtime
from lstmc.export import conform as conform_module

CORRECT = """
import json
import numpy as np
from safetensors import safe_open
with safe_open(FILE, "np") as file:
    w = {name: file.get_tensor(name) for name in file.keys()}
H = w["lstm.weight_hh_l0"].shape[1]

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def gates(x, h):
    return np.split(w["lstm.weight_ih_l0"].T[x] + w["lstm.bias_ih_l0"] + h @ w["lstm.weight_hh_l0"].T, 4, axis=1)

def keep(f, c):
    return sigmoid(f) * c

def predict(tokens, h=None, c=None):
    np.seterr(over="ignore")
    if h is None:
        h = c = np.zeros((len(tokens), H), np.float32)
    logits = []
    for x in np.asarray(tokens).T:
        i, f, g, o = gates(x, h)
        c = keep(f, c) + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        logits.append(h @ w["reader.weight"].T + w["reader.bias"])
    return np.stack(logits, 1), h, c
"""
WRONG = {  # what is replaced, by what, and what must be said
    "hard sigmoid": (
        "1 / (1 + np.exp(-z))",
        "np.clip(0.2 * z + 0.5, 0, 1)",
        "σ(-2.5) = 0, but float32 says within",
    ),
    "a clamped sigmoid": ("np.exp(-z)", "np.exp(-np.clip(z, -14.5, 14.5))", "but float32 says exactly 1 from 20 on"),
    "above one": ("1 / (1 + np.exp(-z))", "np.where(z > 30, 1.0000001, 1 / (1 + np.exp(-z)))", "exactly 1 from 20 on"),
    "below zero": ("1 / (1 + np.exp(-z))", "np.where(z < -110, -1e-8, 1 / (1 + np.exp(-z)))", "σ(−"),
    "a poor sigmoid": ("1 / (1 + np.exp(-z))", "1 / (1 + np.exp(-z)) + 1e-6 * (abs(z - 2) < 1)", "within 2.3e-07"),
    "one number": ("np.tanh(g)", "np.tanh(g) + 5e-7 * (abs(g - 8.47554) < 1e-6)", "tanh(8.47554) = 1.000000"),
    "a narrow bump": ("np.tanh(g)", "np.tanh(g) + 6e-7 * (abs(g - 3.3) < 1 / 256)", "but float32 says within 4.1e-07"),
    "a poor tanh": ("np.tanh(g)", "np.tanh(g * 1.00001)", "tanh("),
    "another gate order": ("i, f, g, o = gates", "i, o, g, f = gates", "differ"),
    "two biases": ('w["lstm.bias_ih_l0"]', '2 * w["lstm.bias_ih_l0"]', "differ"),
    "a leak": ("sigmoid(f) * c", "sigmoid(f) * c * 0.9999", "differ"),
    "a state that is lost": ("    if h is None:", "    if True:", "differ"),
    "states in the other order": ("1), h, c", "1), c, h", "state differs"),
    "not a number": ("logits.append(h", "logits.append(np.nan * h", "decisions differ: 'T' is nan"),
    "logits that are off": ('+ w["reader.bias"]', '+ w["reader.bias"] + 0.01', "logits differ"),
}
BROKEN = {
    "fails at once": ("import json", "raise RuntimeError('no such device')", "RuntimeError: no such device"),
    "ends by itself": ("    logits = []", "    raise SystemExit(3)", "code 3"),
    "asks for lstmc": ("import json", "import lstmc", "import of lstmc halted"),
    "takes all memory": (
        "    logits = []",
        "    import os; print('so far'); os.kill(os.getpid(), 9)",
        "it was ended by signal 9; is",
    ),
    "predicts nothing": ("def predict", "def foresee", "KeyError: 'predict'"),
}


class Numpy(Exporter):
    """A framework of its own."""

    title, suffix, install = "Numbers", ".numbers", "pip install numbers"
    cells = ("lstm",)

    def __init__(self, old="", new="", modules=("numpy",), lacks=None):
        self.old, self.new, self.modules, self.lacks = old, new, modules, lacks or {}

    def write(self, package):
        return package.network.to_bytes()

    def snippet(self, package, file):
        assert self.old in CORRECT
        return (
            CORRECT.replace("FILE", repr(file)).replace(self.old, self.new)
            if self.old
            else CORRECT.replace("FILE", repr(file))
        )

    def runtimes(self):
        return (python_runtime("numbers", self.install, self.modules),)


@pytest.fixture(scope="module")
def reber():
    return lstmc.compile(lstmc.load_grammar("reber"))


@pytest.fixture
def conform(monkeypatch, reber):
    """conform(exporter) -> how it does on the Reber network, or another."""

    def ask(exporter, network=reber, length=2_500, **options):
        monkeypatch.setattr(conform_module, "exporter", lambda name: exporter)
        (found,) = conform_module.conform(network, ["numbers"], length=length, **options)
        return found

    return ask


@pytest.mark.slow
def test_a_correct_framework_conforms(conform):
    found = conform(Numpy())
    assert (found.outcome, found.problem, found.string) == ("conforms", "", None)
    assert found.version == f"numpy {np.__version__}"
    assert found.logits == 0
    assert found.state == 0
    assert found.symbols == 7**4 * 4 + 64 * 256 + 64 * 32 + 5 * 2_500  # short, long, streamed; five loops
    assert 0 < found.kernel.sigmoid < 2e-7
    assert 0 < found.kernel.tanh < 2e-7
    assert 16 <= found.kernel.one_from <= 18
    assert found.kernel.violations == ()
    assert found.speed > 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", WRONG)
def test_every_fault_is_found(conform, fault):
    old, new, said = WRONG[fault]
    found = conform(Numpy(old, new))
    assert found.outcome == "differs"
    assert said.replace("−", "-") in found.problem.replace("−", "-")


@pytest.mark.slow
def test_the_first_string_that_differs_is_the_shortest(conform, reber):
    """A gate order that is wrong: the string is one after which it does decide otherwise, and no shorter one is."""
    found = conform(Numpy("i, f, g, o = gates", "i, o, g, f = gates"))
    assert found.problem.startswith("decisions differ: 'B' is 16, and not -16")
    assert found.string == "B"
    assert reber.run("B").next == ("T", "P")


@pytest.mark.slow
def test_a_leak_is_found_in_a_loop_that_is_long_enough(conform):
    leak = Numpy("sigmoid(f) * c", "sigmoid(f) * c * 0.9999")
    found = conform(leak, length=20_000)
    assert found.outcome == "differs"
    assert found.string is not None


@pytest.mark.slow
def test_another_output_is_found(conform):
    """A transducer that never says anything, but predicts right."""
    silent = """1), *(
        [np.full((len(tokens), len(logits), len(w["output.bias"])), -1.0)] if "output.bias" in w else []
    ), h, c"""
    edges = lstmc.compile(lstmc.load_grammar("edge-detector"))
    found = conform(Numpy("1), h, c", silent), edges)
    assert found.problem == f"outputs differ: 'nothing', and not '{edges.run('0').output}'"
    assert found.string == "0"


@pytest.mark.slow
@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_framework_is_told_about(conform, fault):
    old, new, said = BROKEN[fault]
    found = conform(Numpy(old, new))
    assert (found.outcome, found.kernel) == ("broken", None)
    assert said in found.problem


def test_a_framework_that_hangs_is_given_up(conform, monkeypatch):
    monkeypatch.setattr(runtime, "PATIENCE", 2.0)
    found = conform(Numpy("    logits = []", "    import time; time.sleep(60)"))
    assert found.outcome == "broken"
    assert "no answer within 2 s" in found.problem


@pytest.mark.slow
def test_what_a_framework_prints_disturbs_nothing(conform):
    assert conform(Numpy("import json", "print('a new version is available')")).outcome == "conforms"


def test_what_is_not_installed_is_said_with_the_remedy(conform):
    found = conform(Numpy(modules=("numpy", "surely_not_there")))
    assert (found.outcome, found.problem) == ("missing", "not installed: surely_not_there; pip install numbers")


def test_what_a_framework_lacks_is_said(conform):
    network = lstmc.compile(lstmc.load_grammar("reber"), dtype="float16")
    found = conform(Numpy(lacks={"float16": "its numbers are wide"}), network)
    assert (found.outcome, found.problem) == ("lacks", "has no float16: its numbers are wide")
    found = conform(Numpy(), lstmc.compile(lstmc.load_grammar("reber"), cell="toy"))
    assert (found.outcome, found.problem) == ("lacks", "cannot hold the cell type 'toy'")


def test_an_exporter_that_is_not_there_is_an_error(reber):
    with pytest.raises(PluginError, match="no plugin is called"):
        conform_module.conform(reber, ["surely-not-there"])


def test_a_refused_plugin_is_one_outcome_among_others(monkeypatch, reber):
    def asked(name):
        if name == "refused":
            raise PluginError("'refused' does not work", "tell its authors")
        return Numpy()

    monkeypatch.setattr(conform_module, "exporter", asked)
    listed = [type("Extension", (), {"name": name, "problem": ""}) for name in ("refused", "numbers")]
    monkeypatch.setattr(conform_module, "extensions", lambda group: listed)
    assert [each.outcome for each in conform_module.conform(reber, length=10)] == ["broken", "conforms"]


@pytest.mark.slow
def test_what_is_not_finite_becomes_null(conform):
    found = conform(Numpy("np.exp(-z)", "np.exp(-np.clip(z, -14.5, 14.5))"))
    assert found.kernel.one_from == inf
    assert found.to_dict()["kernel"]["one_from"] is None
    assert conform(Numpy("logits.append(h", "logits.append(np.nan * h")).to_dict()["logits"] is None


def test_every_worker_is_gone_afterwards(reber, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    package, exporter = Package(reber), Numpy()
    with runtime.Worker(
        exporter.runtimes()[0], package, {"reber": exporter.write(package)}, exporter.snippet(package, "reber")
    ) as worker:
        assert worker.run(np.array([[0]])).logits.shape == (1, 1, 8)
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
    assert worker._process.returncode is not None


def test_numbers_that_are_not_finite_are_not_exported(reber):
    bias = reber.tensors["reader.bias"].copy()
    bias[0] = np.nan
    broken = replace(reber, tensors={**reber.tensors, "reader.bias": bias})
    with pytest.raises(InputError, match=r"'reader\.bias' holds what is not a finite number"):
        lstmc.export_network(broken, "torch")
