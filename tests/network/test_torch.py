"""The weights load into PyTorch as they are, and predict the same."""

from pathlib import Path

import pytest

import lstmc
from lstmc.grammar.catalogue import load_grammar

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
safetensors_torch = pytest.importorskip("safetensors.torch", reason="safetensors has no part for PyTorch")

STRINGS = ["B", "BTXSE", "BPVVE", "BTSSXXTTVPXVVE", "BTSSSSSSSSSSX", "BTT", "EB", "BTXSEB"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("level", "memory"), [(0, "keep"), (1, "keep"), (1, "rewrite"), (2, "keep")])
def test_reber(level: int, memory: str, dtype: str, tmp_path: Path) -> None:
    network = lstmc.compile(load_grammar("reber"), level=level, memory=memory, dtype=dtype)
    network.save(tmp_path / "reber.safetensors")

    class Model(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(len(network.alphabet), network.size, batch_first=True)
            self.reader = torch.nn.Linear(network.size, len(network.alphabet) + 1)

    model = Model().to(getattr(torch, dtype))
    model.load_state_dict(safetensors_torch.load_file(tmp_path / "reber.safetensors"))  # strict: no name more or less
    for string in STRINGS:
        tokens = torch.tensor(network.tokens(string))
        inputs = torch.nn.functional.one_hot(tokens, len(network.alphabet)).to(getattr(torch, dtype))
        with torch.no_grad():
            logits = model.reader(model.lstm(inputs[None])[0])[0].numpy()
        for length, found in enumerate(logits, start=1):
            run = network.run(string[:length])
            names = [*network.alphabet, "end"]
            assert [name for name, value in zip(names, found, strict=True) if value > 0] == list(run.next)
            if run.alive:
                assert run.probabilities is not None
                chances = torch.softmax(torch.tensor(found), 0).tolist()
                expected = [run.probabilities.get(name, 0) for name in names]
                assert chances == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize(("cell", "options"), [("gru", {}), ("rnn", {}), ("rnn-relu", {"nonlinearity": "relu"})])
@pytest.mark.parametrize("name", ["reber", "third-from-end"])
def test_other_layers(name: str, cell: str, options: dict[str, str], dtype: str) -> None:
    network = lstmc.compile(name, cell=cell, dtype=dtype)
    layer = "gru" if cell == "gru" else "rnn"
    kind = getattr(torch.nn, layer.upper())
    model = torch.nn.Module()
    model.add_module(layer, kind(len(network.alphabet), network.size, batch_first=True, **options))
    model.add_module("reader", torch.nn.Linear(network.size, len(network.alphabet) + 1))
    model = model.to(getattr(torch, dtype))
    model.load_state_dict(safetensors_torch.load(network.to_bytes()))
    for string in STRINGS if name == "reber" else ["abba", "aabab", "bbbbb"]:
        inputs = torch.nn.functional.one_hot(torch.tensor(network.tokens(string)), len(network.alphabet))
        with torch.no_grad():
            logits = model.reader(getattr(model, layer)(inputs[None].to(getattr(torch, dtype)))[0])[0]
        for length, found in enumerate(logits.tolist(), start=1):
            names = [*network.alphabet, "end"]
            expected = list(network.run(string[:length]).next)
            assert [each for each, value in zip(names, found, strict=True) if value > 0] == expected


def test_bfloat16_numbers_are_what_pytorch_reads(tmp_path: Path) -> None:
    network = lstmc.compile(load_grammar("weather-cycle"), dtype="bfloat16")
    network.save(tmp_path / "w.safetensors")
    for name, tensor in safetensors_torch.load_file(tmp_path / "w.safetensors").items():
        assert tensor.dtype == torch.bfloat16
        assert tensor.to(torch.float32).numpy().tobytes() == network.tensors[name].tobytes()


def test_bfloat16_rounding_is_pytorchs() -> None:
    import numpy as np

    from lstmc.network.number_formats import FORMATS

    values = np.random.default_rng(3).normal(size=10_000).astype(np.float32)
    theirs = torch.from_numpy(values).to(torch.bfloat16).to(torch.float32).numpy()
    assert FORMATS["bfloat16"].round(values).tobytes() == theirs.tobytes()
