"""lstmc conform --device cuda: which settings are asked for, and what is refused. No GPU is needed here."""

import numpy as np
import pytest
from strange_cells import SYMBOLS, Strange, network

import lstmc
from lstmc.errors import PluginError, UsageError
from lstmc.export import Package, exporter
from lstmc.network.gru import Gru
from lstmc_torch.exporter import _on

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")

TORCH = exporter("torch")


@pytest.fixture
def gpu(monkeypatch):
    """PyTorch says that there is one."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)


@pytest.mark.parametrize(
    ("dtype", "names"),
    [
        ("float32", ["torch on cuda, TF32 on", "torch on cuda, TF32 off", "torch on cuda, cuDNN off"]),
        ("float16", ["torch on cuda"]),
        ("bfloat16", ["torch on cuda"]),
        ("float64", ["torch on cuda"]),
    ],
)
def test_every_setting_has_a_name(gpu, dtype, names):
    assert [each.name for each in TORCH.runtimes_on("cuda", dtype)] == names


def test_the_settings_stand_before_the_program(tmp_path):
    package = Package(network(Gru, "float32"))
    for setting, tf32, cudnn in (("TF32 on", True, True), ("TF32 off", False, True), ("cuDNN off", False, False)):
        _on("cuda", setting).command(package, tmp_path, "")
        program = (tmp_path / "snippet.py").read_text("utf-8")
        assert program.startswith(
            'import torch\n\ntorch.set_default_device("cuda")\n'
            f"torch.backends.cudnn.allow_tf32 = {tf32}\ntorch.backends.cuda.matmul.allow_tf32 = {tf32}\n"
        )
        assert ("torch.backends.cudnn.enabled = False\n" in program) == (not cudnn)
        assert 'with safe_open("any.torch.safetensors", "pt", "cuda") as file:' in program
    _on("cuda").command(package, tmp_path, "")
    assert "backends" not in (tmp_path / "snippet.py").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["TF32 on", "TF32 off", "cuDNN off", ""])
@pytest.mark.parametrize("cell", [Gru, Strange])
def test_with_settings_the_program_computes_the_same(cell, setting):
    net = network(cell, "float32")
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(3, 4))
    with (
        TORCH.start(Package(net), TORCH.runtimes()[0]) as plain,
        TORCH.start(Package(net), _on("cpu", setting)) as other,
    ):
        expected, found = plain.run(tokens), other.run(tokens)
        assert np.array_equal(found.logits, expected.logits)
        assert np.array_equal(other.run(tokens, True).logits, plain.run(tokens, True).logits)


@pytest.mark.parametrize("cell", [Gru, Strange])
def test_everything_is_where_it_is_asked_for(cell, tmp_path, monkeypatch):
    """On a device that has no numbers, which refuses to compute with what lies on the processor."""
    monkeypatch.chdir(tmp_path)
    package = Package(network(cell, "float32"))
    (tmp_path / "any.torch.safetensors").write_bytes(TORCH.write(package))
    _on("meta").command(package, tmp_path, "")
    program = (tmp_path / "snippet.py").read_text("utf-8")
    program = program.replace('"pt", "meta"', '"pt"').replace("get_tensor(name)", 'get_tensor(name).to("meta")')
    names = {}
    try:
        exec(program[: program.index("tokens = [[")], names)
        first = names["predict"](np.zeros((2, 3), int))
        again = names["predict"](np.zeros((2, 3), int), *first[2:])
    finally:
        torch.set_default_device(None)
    assert {part.device.type for part in (*first, *again)} == {"meta"}


def test_without_a_gpu_it_is_refused(no_gpu):
    net = lstmc.compile(lstmc.load_grammar("reber"))
    for names in (["torch"], None):
        with pytest.raises(PluginError, match="torch sees no CUDA device") as caught:
            lstmc.conform(net, names, device="cuda")
        assert caught.value.help == "run this where there is one, or leave out --device"


def test_who_runs_on_the_processor_alone_is_told(gpu):
    net = lstmc.compile(lstmc.load_grammar("reber"))
    with pytest.raises(UsageError, match="NumPy runs on the processor alone") as caught:
        lstmc.conform(net, ["numpy"], device="cuda")
    assert caught.value.help == "on cuda torch runs: --in torch"


def test_8_bits_run_on_the_processor_alone(gpu):
    (found,) = lstmc.conform(reber(), ["torch"], quantize=True, length=10, device="cuda")
    said = "has no int8: PyTorch runs its int8 layers on the processor alone"
    assert (found.runtime, found.outcome, found.problem) == ("torch on cuda", "lacks", said)


def reber():
    return lstmc.compile(lstmc.load_grammar("reber"))


@pytest.mark.slow
def test_each_row_says_its_setting(gpu, monkeypatch):
    """The processor stands in for the GPU."""
    monkeypatch.setattr("lstmc_torch.exporter._on", lambda device, setting: _on("cpu", setting))
    found = list(lstmc.conform(reber(), ["torch"], length=100, device="cuda"))
    assert [(each.runtime, each.outcome) for each in found] == [
        ("torch on cpu, TF32 on", "conforms"),
        ("torch on cpu, TF32 off", "conforms"),
        ("torch on cpu, cuDNN off", "conforms"),
    ]


def test_a_cell_type_without_a_probe_is_compared_and_not_measured():
    (found,) = lstmc.conform(network(Strange, "float32"), ["numpy"], length=10)
    assert (found.outcome, found.kernel) == ("conforms", None)
    assert found.symbols > 0
