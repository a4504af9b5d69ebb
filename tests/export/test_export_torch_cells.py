"""Any cell type in PyTorch: as a layer where PyTorch has it, else by its equations; printed, and as a module."""

import numpy as np
import pytest
from agreeing import apart, case, check_strings_and_loops, expected, started, whole_and_in_pieces
from strange_cells import SYMBOLS, Logarithm, Minimal, Stacked, Strange, network

import lstmc
import lstmc_torch
from lstmc.errors import UsageError
from lstmc.export import Package, exporter
from lstmc.export.runtime import Answer
from lstmc.network.gru import Gru
from lstmc.network.rnn import Rnn
from lstmc.network.rnn_relu import RnnRelu

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")

TORCH = exporter("torch")
(RUNTIME,) = TORCH.runtimes()
PLAIN, LAYERS = [Minimal, Stacked, Strange, Logarithm], [Gru, Rnn, RnnRelu]
OFF = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 0.15}


def of(cell, dtype):
    """A random network; relu's weights are small, so that it stays small itself."""
    net = network(cell, dtype)
    if cell is RnnRelu:
        net.tensors["rnn.weight_hh_l0"][:] = net.format.rounded(net.tensors["rnn.weight_hh_l0"] / 4)
    return net


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("cell", PLAIN + LAYERS)
def test_the_printed_program_computes_what_the_equations_say(cell, dtype):
    """Strings side by side, a transducer's outputs, and pieces that go on where the last one ended."""
    net = of(cell, dtype)
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    wanted = expected(net, tokens)
    with started("torch", Package(net), RUNTIME) as worker:
        for found in whole_and_in_pieces(worker, tokens):
            assert apart(found, wanted) < OFF[dtype]


@pytest.mark.parametrize("dtype", OFF)
@pytest.mark.parametrize("cell", PLAIN + LAYERS)
def test_the_module_computes_what_the_equations_say(cell, dtype):
    """It is the layer, or the parts where there is none; of strings of any lengths, and in pieces."""
    net = of(cell, dtype)
    module = lstmc_torch.to_module(net)
    assert type(module) is (lstmc_torch.FusedNetwork if cell in LAYERS else lstmc_torch.UnfusedNetwork)
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))

    def read(tokens, state=None):
        with torch.inference_mode():
            found = module(torch.from_numpy(tokens), state)
        numbers = [part[0].double().numpy() for part in found.state]
        return found, Answer(found.logits.double().numpy(), found.outputs.double().numpy(), tuple(numbers), 0.0)

    first, _ = read(tokens[:, :4])
    _, then = read(tokens[:, 4:], first.state)
    wanted = expected(net, tokens)
    assert apart(read(tokens)[1], wanted) < OFF[dtype]
    assert apart(then, Answer(wanted.logits[:, 4:], wanted.outputs[:, 4:], wanted.state, 0.0)) < OFF[dtype]
    strings = [[SYMBOLS[x] for x in row[: 2 + n]] for n, row in enumerate(tokens)]
    listed, single = module(strings), module(torch.from_numpy(tokens[3, :5]))
    assert torch.allclose(listed.logits[3, :5], single.logits, atol=OFF[dtype])
    for whole, alone in zip(listed.state, single.state, strict=True):
        assert torch.allclose(whole[:, 3], alone, atol=OFF[dtype])
    assert module(torch.from_numpy(tokens[:, :0])).logits.shape == (6, 0, len(SYMBOLS) + 1)
    assert cell is Stacked or lstmc_torch.to_network(module) == net  # its biases are in several tensors


@pytest.mark.parametrize("cell", LAYERS)
def test_the_layer_may_be_taken_apart(cell):
    tokens = torch.from_numpy(np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9)))
    fused, unfused = (lstmc_torch.to_module(of(cell, "float64"), unfused=each) for each in (False, True))
    assert torch.allclose(fused(tokens).logits, unfused(tokens).logits, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_printed_program_of_a_toy_predicts_right(dtype):
    tried = case("embedded", dtype, "toy")
    with started("torch", Package(tried.network), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, dtype)


def test_a_file_of_any_cell_type_is_loaded(tmp_path):
    toy = lstmc.compile(lstmc.load_grammar("reber"), cell="toy")
    toy.save(tmp_path / "toy.safetensors")
    module = lstmc_torch.load(tmp_path / "toy.safetensors")
    assert isinstance(module, lstmc_torch.UnfusedNetwork)
    assert module.allowed("BTX") == ("S", "X")


def test_the_printed_program_says_the_equations():
    program = TORCH.snippet(Package(network(Stacked, "float16")), "any.safetensors")
    assert 'forget = torch.sigmoid(weights["w.symbols"][5:10].T[x] + h @ weights["w.cells"][0:5].T + ' in program
    assert "= (1 - forget) * h + forget * candidate\n    return " in program.replace("1.0", "1")
    assert "dtype=torch.float16" in program
    toy = TORCH.snippet(Package(lstmc.compile(lstmc.load_grammar("reber"), cell="toy")), "toy.safetensors")
    assert "if logit > 1/2])" in toy
    relu = TORCH.snippet(Package(network(RnnRelu, "float32")), "relu.safetensors")
    assert 'torch.nn.RNN(len(symbols), size, batch_first=True, nonlinearity="relu")' in relu


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_8_bits_of_a_gru():
    """Weights are off by a little: the program runs."""
    net = network(Gru, "float32")
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    with started("torch", Package(net, quantize=True), RUNTIME) as worker:
        assert 0 < apart(worker.run(tokens), expected(net, tokens)) < 0.5


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Rnn, "PyTorch quantizes no torch.nn.RNN"),
        (RnnRelu, "PyTorch quantizes no torch.nn.RNN"),
        (Strange, "PyTorch quantizes layers alone, and has none for 'strange'"),
    ],
)
def test_8_bits_are_for_what_pytorch_quantizes(cell, said):
    with pytest.raises(UsageError) as caught:
        TORCH.check(Package(network(cell, "float32"), quantize=True))
    assert caught.value.message == f"PyTorch cannot hold int8: {said}"


@pytest.mark.parametrize("cell", [Gru, Strange])
def test_only_an_lstm_is_embedded(cell):
    with pytest.raises(UsageError, match="a module that has no LSTM layer cannot be embedded") as caught:
        lstmc_torch.embed(network(cell, "float32"), 32)
    assert caught.value.help == "compile with --cell lstm"
