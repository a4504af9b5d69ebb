"""lstmc_torch.load: a compiled network as a module, as people use one in PyTorch; and the page about it."""

import json
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from agreeing import allowed, case, strings
from pages import ROOT, run_python

import lstmc
import lstmc_torch
from lstmc.errors import InputError, PluginError, UsageError
from lstmc.export import Package, exporter

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")
WEIGHTS = sorted((ROOT / "weights").glob("*.safetensors"))
REBER = ROOT / "weights" / "reber.safetensors"
MANY = 2_200  # states: at -O2 more cells than are stored in full


@pytest.fixture
def net():
    return lstmc_torch.load(REBER)


@pytest.mark.parametrize("path", WEIGHTS, ids=lambda path: path.stem)
def test_every_shipped_network_says_what_the_reference_says(path):
    network, module = lstmc.load(path), lstmc_torch.load(path)
    tokens = np.random.default_rng(1).integers(len(network.alphabet), size=(200, 12))
    reading = module(torch.from_numpy(tokens))
    state = network.start(len(tokens))
    for time, column in enumerate(tokens.T):
        state = network.step(state, column)
        assert np.abs(network.read(state).logits - reading.logits[:, time].detach().numpy()).max() < 1e-4
    for found, expected in zip(reading.state, state, strict=True):
        assert np.abs(expected - found[0].detach().numpy()).max() < 1e-6
    assert module.alphabet == network.alphabet
    assert module.outputs == network.outputs
    assert module.end == "end"
    assert module.cells == tuple(cell.name for cell in network.header.cells)
    assert module.states == tuple(cell.state for cell in network.header.cells)


@pytest.mark.parametrize("name", ["embedded", "random"])
def test_the_allowed_sets_are_those_of_the_graph(name):
    tried = case(name)
    tokens = strings(tried)
    with torch.inference_mode():
        logits = lstmc_torch.to_module(tried.network)(torch.from_numpy(tokens)).logits
    assert np.array_equal(logits.numpy() > 0, allowed(tried.graph, tokens))


@cache
def many_cells() -> lstmc.Network:
    return lstmc.compile(lstmc.load_grammar("random", {"states": str(MANY), "symbols": "3", "seed": "1"}), level=2)


@pytest.mark.slow
def test_a_network_with_sparse_matrices(tmp_path: Path):
    network = many_cells()
    assert "lstm.weight_hh_l0.indptr" in network.tensors
    network.save(tmp_path / "many.safetensors")
    module = lstmc_torch.load(tmp_path / "many.safetensors")
    assert {name: tuple(values.shape) for name, values in module.state_dict().items()} == network.shapes()
    dense = network.matrix("lstm.weight_hh_l0").toarray()
    assert np.array_equal(module.lstm.weight_hh_l0.detach().numpy(), dense)
    string = next(iter(lstmc.sample(network, n=1, seed=1, length=(20, 40)))).symbols
    assert module.allowed(string) == network.run(string).next


@pytest.mark.slow
@pytest.mark.parametrize("network", [lambda: lstmc.load(REBER), many_cells], ids=["reber", "sparse"])
def test_the_exported_file_gives_the_same_module(network, tmp_path: Path):
    network = network()
    network.save(tmp_path / "compiled.safetensors")
    (tmp_path / "exported.torch.safetensors").write_bytes(exporter("torch").write(Package(network, proof="1f" * 32)))
    compiled, exported = (lstmc_torch.load(path) for path in sorted(tmp_path.iterdir()))
    assert same_numbers(compiled.state_dict(), exported.state_dict())
    assert compiled.cells == exported.cells


def test_the_names_of_the_state_dict_are_those_of_the_file(net):
    from safetensors.torch import load_file

    tensors = load_file(REBER)
    assert same_numbers(net.state_dict(), tensors)
    net.load_state_dict(tensors)


def test_what_cannot_be_loaded(tmp_path: Path):
    altered = bytearray(REBER.read_bytes())
    altered[-1] ^= 1
    for content in (b"", b"no safetensors", REBER.read_bytes()[:-9], bytes(altered)):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(InputError, match="file"):
            lstmc_torch.load(tmp_path / "file")
    with pytest.raises(InputError):
        lstmc_torch.load(tmp_path / "none")


def test_a_string_in_every_form_is_read_alike(net):
    numbers = net.tokens("BTXSE")
    one_hot = torch.nn.functional.one_hot(numbers, 7).float()
    logits = net("BTXSE").logits
    assert logits.shape == (5, 8)
    assert torch.equal(net(numbers).logits, logits)
    assert torch.equal(net(one_hot).logits, logits)
    for batch in (["BTXSE"], [list("BTXSE")], numbers[None], numbers[None].to(torch.uint8), one_hot[None]):
        assert net(batch).logits.shape == (1, 5, 8)
        assert torch.equal(net(batch).logits[0], logits)


def test_one_string_alone_has_no_batch(net):
    single, batch = net("BT"), net(["BT"])
    assert [part.shape for part in single.state] == [(1, 11)] * 2
    assert [part.shape for part in batch.state] == [(1, 1, 11)] * 2
    assert single.lengths is None
    assert single.outputs is None


def test_a_list_of_strings_of_different_lengths(net):
    listed = ["BTXSE", "B", ["B", "P", "T"]]
    reading = net(listed)
    assert reading.logits.shape == (3, 5, 8)
    assert reading.lengths.tolist() == [5, 1, 3]
    for row, string in enumerate(listed):
        alone = net("".join(string))
        assert torch.allclose(reading.logits[row, : len(string)], alone.logits)
        assert not reading.logits[row, len(string) :].any()
        for part, expected in zip(reading.state, alone.state, strict=True):
            assert torch.allclose(part[:, row], expected)


@pytest.mark.parametrize("first", [0, 1, 3, 5])
def test_a_string_may_be_read_in_pieces(net, first):
    whole = net("BTXSE")
    begun = net("BTXSE"[:first])
    assert begun.logits.shape == (first, 8)
    gone_on = net("BTXSE"[first:], begun.state)
    assert torch.allclose(torch.cat([begun.logits, gone_on.logits]), whole.logits)
    assert all(torch.allclose(a, b) for a, b in zip(gone_on.state, whole.state, strict=True))
    again = net(["SE", "X"], net(["BTX", "BT"]).state)
    assert torch.allclose(again.logits[0], whole.logits[3:])
    assert torch.allclose(again.logits[1, :1], whole.logits[2:3])


def test_what_may_follow(net):
    assert net.allowed("BTX") == ("S", "X")
    assert net.allowed(["B", "T", "X"]) == ("S", "X")
    assert net.allowed() == ("B",)
    assert net.allowed("BTXSE") == ("end",)
    assert net.allowed("BTT") == ()
    assert net.allowed("X", net("BT").state) == ("S", "X")


def test_probabilities_sum_to_one(net):
    chances = net.probabilities("BTX")
    assert list(chances) == [*net.alphabet, "end"]
    assert chances == pytest.approx({name: 0.5 * (name in "SX") for name in chances}, abs=1e-6)
    assert net.probabilities("BTT") == pytest.approx(dict.fromkeys(chances, 1 / 8))
    with pytest.raises(UsageError, match="nondeterministic"):
        lstmc_torch.load(ROOT / "weights" / "reber-unknown-start.safetensors").probabilities("T")


def test_symbols_of_several_characters():
    module = lstmc_torch.load(ROOT / "weights" / "weather-cycle.safetensors")
    network = lstmc.load(ROOT / "weights" / "weather-cycle.safetensors")
    assert module.allowed("wet wet dry") == network.run("wet wet dry").next
    assert module(["wet dry", ["wet"]]).lengths.tolist() == [2, 1]


def test_the_outputs_of_a_transducer():
    path = ROOT / "weights" / "edge-detector.safetensors"
    module, network = lstmc_torch.load(path), lstmc.load(path)
    listed = ["0011", "1"]
    outputs = module(listed).outputs
    assert outputs.shape == (2, 4, len(network.outputs))
    assert network.outputs[int(outputs[0, 2].argmax())] == network.run("001").output
    assert not outputs[1, 1:].any()
    assert "output.weight" in module.state_dict()


@pytest.mark.parametrize(
    "wrong",
    [
        torch.zeros(2, 3, 7, dtype=torch.long),  # one_hot without .float()
        torch.zeros(2, 3, 8),
        torch.zeros(7),
        torch.zeros(2, 3, dtype=torch.bool),
        torch.tensor(3),
        [],
        ["B", ""],
        [0, 1, 2],
        [[0, 1, 2]],
        np.zeros((2, 3), np.int64),
    ],
    ids=str,
)
def test_what_cannot_be_read(net, wrong):
    with pytest.raises((UsageError, InputError)):
        net(wrong)


def test_an_unknown_symbol_is_named(net):
    with pytest.raises(InputError, match="symbol 3 of the string, 'Z'"):
        net(["BT", "BTZ"])


@pytest.mark.parametrize("dtype", ["float64", "float16", "bfloat16"])
def test_the_number_format_of_the_file_is_that_of_the_module(dtype):
    module = lstmc_torch.to_module(lstmc.compile(lstmc.load_grammar("reber"), dtype=dtype))
    assert {values.dtype for values in module.parameters()} == {getattr(torch, dtype)}
    reading = module(["BTSSX", "BP"])
    assert reading.logits.dtype == getattr(torch, dtype)
    assert module.allowed("BTSSX") == ("S", "X")


def test_it_moves_to_another_number_format(net):
    net.to(torch.float64)
    assert net("BTX").logits.dtype == torch.float64
    assert net.allowed("BTX") == ("S", "X")


@pytest.mark.filterwarnings("ignore")  # that PyTorch is moving this elsewhere
def test_its_weights_can_be_made_int8(net):
    small = torch.ao.quantization.quantize_dynamic(net, {torch.nn.LSTM, torch.nn.Linear}, torch.qint8)
    assert not list(small.parameters())
    assert small.allowed() == ("B",)
    for string in ("BTX", "BTXSE", "BTT", "BPTTTVPX"):
        assert small.allowed(string) == net.allowed(string)
    tokens = torch.from_numpy(strings(case("reber"))[:200])
    assert torch.equal(small(tokens).logits > 0, net(tokens).logits > 0)
    assert (small(tokens).logits - net(tokens).logits).abs().max() < 0.2


def test_inputs_may_be_uncertain_and_get_gradients(net):
    one_hot = torch.nn.functional.one_hot(net.tokens("BTX"), 7).float().requires_grad_()
    uncertain = one_hot * 0.9 + 0.1 / 7
    net(uncertain[None]).logits.sum().backward()
    assert one_hot.grad.abs().sum() > 0


def test_it_can_be_trained(net):
    assert all(values.requires_grad for values in net.parameters())
    assert net.training
    before = deepcopy(net)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    losses = []
    for _ in range(5):
        logits = net(["BTT"]).logits[0, -1]  # a dead prefix; teach it that E may follow
        losses.append(torch.nn.functional.cross_entropy(logits, net.tokens("E")[0]))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    assert losses[-1] < losses[0]
    assert not same_numbers(net.state_dict(), before.state_dict())
    assert before.allowed("BTT") == ()  # the copy is one of its own


def test_it_is_saved_and_loaded_again_as_any_module(net, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    with torch.no_grad():
        net.reader.bias.add_(1)
    save_file(net.state_dict(), tmp_path / "trained.safetensors")
    again = lstmc_torch.load(REBER)
    again.load_state_dict(load_file(tmp_path / "trained.safetensors"))
    assert torch.equal(again("BTX").logits, net("BTX").logits)


@pytest.mark.slow
def test_pytorch_is_imported_when_it_is_used():
    code = "import sys, lstmc_torch; assert 'torch' not in sys.modules; lstmc_torch.load; assert 'torch' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_pytorch_it_says_what_to_install():
    code = """
import sys, lstmc_torch
sys.modules["torch"] = None
try:
    lstmc_torch.load
except Exception as error:
    print(type(error).__name__, error, sep="\\n")
"""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    name, message, help = run.stdout.splitlines()
    assert name == PluginError.__name__
    assert "PyTorch is not installed" in message
    assert "pip install 'lstmc[torch]'" in help


def test_an_unknown_name_is_no_attribute():
    assert not hasattr(lstmc_torch, "unload")
    assert set(lstmc_torch.__all__) <= set(dir(lstmc_torch))


def test_the_python_of_the_page_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "frameworks" / "torch.md").read_text("utf-8")
    printed = exporter("torch").snippet(Package(lstmc.load(REBER)), "reber.torch.safetensors")
    assert run_python(page, "torch.md", without=printed) >= 3


def test_the_file_holds_what_is_to_be_known(tmp_path: Path):
    from safetensors import safe_open

    data = exporter("torch").write(Package(lstmc.load(REBER), proof="1f" * 32))
    (tmp_path / "file").write_bytes(data)
    with safe_open(tmp_path / "file", "pt") as file:
        metadata = file.metadata()
    assert sorted(metadata) == ["format", "lstmc", "proof"]
    assert metadata["proof"] == "1f" * 32
    assert json.loads(metadata["lstmc"])["alphabet"] == list("BTSXPVE")


def same_numbers(one, other) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_a_trained_module_comes_back_as_a_network(dtype, tmp_path):
    network = lstmc.compile("reber", level=2 if dtype == "bfloat16" else 1, dtype=dtype)
    module = lstmc_torch.to_module(network)
    assert lstmc_torch.to_network(module) == network
    with torch.no_grad():
        module.lstm.weight_hh_l0 *= 0.25  # as careless training may
    tuned = lstmc_torch.to_network(module)
    assert tuned != network
    tuned.save(tmp_path / "tuned.safetensors")
    loaded = lstmc.load(tmp_path / "tuned.safetensors")
    assert loaded == tuned
    wrong = lstmc.counterexample(loaded, lstmc.load_grammar("reber"))
    assert wrong is not None
    said = tuple(
        name for name, logit in zip((*loaded.alphabet, "end"), _logits(module, wrong.string), strict=True) if logit > 0
    )
    assert said == wrong.network != wrong.grammar
    assert [cell.cell for cell in lstmc.explain(loaded)] == [cell.cell for cell in lstmc.explain(network)]
    assert [step.states for step in loaded.trace("BP").steps][:1] == [("0",)]
    assert "<svg" in lstmc.illustrate(loaded)


def _logits(module, string):
    return module(string).logits[-1].tolist()


def test_a_larger_module_is_no_network_of_cells_with_names():
    module = lstmc_torch.embed(lstmc_torch.load(REBER), hidden_size=16)
    with pytest.raises(UsageError, match="the module has other numbers than 'reber'"):
        lstmc_torch.to_network(module)
