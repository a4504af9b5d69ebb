"""lstmc_torch.load(path, unfused=True): every part of the cells a submodule, whose numbers hooks read and change."""

import pickle
import re
from copy import deepcopy
from itertools import product

import numpy as np
import pytest
from agreeing import case, check_strings_and_loops
from pages import ROOT
from strange_cells import Strange, network

import lstmc
import lstmc_torch
from lstmc.errors import LimitError, UsageError
from lstmc.export.runtime import Answer

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")
REBER = ROOT / "weights" / "reber.safetensors"
STRINGS = ["BTXSE", "BPVV", "BTT", "B"]


@pytest.fixture
def net():
    return lstmc_torch.load(REBER, unfused=True)


class Here:
    """The module where the other frameworks have a process of their own."""

    def __init__(self, module):
        self.module, self.state = module, None

    def run(self, tokens, goes_on=False):
        with torch.inference_mode():
            logits, self.state, outputs, _ = self.module(torch.as_tensor(tokens), self.state if goes_on else None)
        said = None if outputs is None else outputs.double().numpy()
        return Answer(logits.double().numpy(), said, tuple(part[0].double().numpy() for part in self.state), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "dtype", "cell"),
    [
        ("reber", "float32", "lstm"),
        ("reber", "float64", "lstm"),
        ("embedded", "float32", "lstm"),
        ("random", "float32", "lstm"),
        ("reber", "bfloat16", "lstm"),
        ("reber", "float32", "toy"),
    ],
)
def test_it_decides_as_the_graph_says(name, dtype, cell):
    tried = case(name, dtype, cell)
    check_strings_and_loops(Here(lstmc_torch.to_module(tried.network, unfused=True)), tried, dtype)


@pytest.mark.parametrize("name", ["reber", "edge-detector"])
def test_it_says_what_the_fused_one_says(name):
    fused, unfused = (
        lstmc_torch.load(ROOT / "weights" / f"{name}.safetensors", unfused=each) for each in (False, True)
    )
    tokens = torch.from_numpy(np.random.default_rng(1).integers(len(fused.alphabet), size=(50, 12)))
    strings = [[fused.alphabet[x] for x in row[: 1 + n % 12]] for n, row in enumerate(tokens.tolist())]
    for given in (tokens, tokens[0], strings, strings[3], tokens[:, :0]):
        ours, theirs = unfused(given), fused(given)
        pairs = [(ours.logits, theirs.logits), *zip(ours.state, theirs.state, strict=True)]
        pairs += [] if theirs.outputs is None else [(ours.outputs, theirs.outputs)]
        for found, expected in pairs:
            assert found.shape == expected.shape
            assert torch.allclose(found, expected, atol=1e-5)
        assert (ours.lengths is None) == (theirs.lengths is None)
    first = unfused(tokens[:, :5])
    assert torch.equal(unfused(tokens[:, 5:], first.state).logits, unfused(tokens).logits[:, 5:])


@pytest.mark.parametrize("cell", ["lstm", "toy"])
def test_hooks_see_every_part_of_every_step(cell):
    grammar = lstmc.load_grammar("reber")
    compiled = lstmc.compile(grammar, cell=cell)
    module, seen = lstmc_torch.to_module(compiled, unfused=True), {}
    for name, part in module.named_children():
        part.register_forward_hook(lambda _, __, value, name=name: seen.setdefault(name, []).append(value.detach()))
    string = "BTXXVPSE"
    module(string)
    steps = compiled.trace(string).steps
    for name, values in seen.items():
        title = name.replace("_", " ")
        if title in compiled.by_symbol:
            assert np.allclose(values[0][0].numpy(), [step.parts[title] for step in steps], atol=1e-5)
        else:
            assert np.allclose(torch.cat(values).numpy(), [step.parts[title] for step in steps], atol=1e-6)
    assert {name.replace("_", " ") for name in seen} == set(steps[0].parts) - {"memory before"}


def test_a_shut_write_filter_breaks_what_its_formula_says(net):
    """It opens out of state 0, where strings have read B: those that go on with P are dead, and no other changes."""
    compiled = lstmc.load(REBER)
    (explained,) = lstmc.explain(compiled, "5 by P")
    assert explained.parts["write filter"] == ("σ(336·h[0 by B] − 128)", "out of 0")
    assert explained.parts["writer"][1] == "writes at P"
    cell = net.cells.index("5 by P")
    handle = net.write_filter.register_forward_hook(
        lambda part, given, value: value.index_fill(-1, torch.tensor([cell]), 0.0)
    )
    strings = [word for length in range(1, 5) for word in product(compiled.alphabet, repeat=length)]
    expected = [() if word[:2] == ("B", "P") else compiled.run(word).next for word in strings]
    assert [net.allowed(word) for word in strings] == expected
    assert expected != [compiled.run(word).next for word in strings]
    handle.remove()
    assert net.allowed("BP") == compiled.run("BP").next


def test_textbook_names_and_what_is_printed(net):
    assert [getattr(net, name) for name in "ifgoch"] == [
        net.write_filter, net.eraser, net.writer, net.read_filter, net.memory, net.reader,
    ]  # fmt: skip
    assert [str(part) for part in (net.eraser, net.memory, net.reader, net.readout)] == [
        "Part(σ(sum))",
        "Part(eraser·memory before + write filter·writer)",
        "Part(read filter·tanh(memory))",
        "Part(sum)",
    ]
    toy = lstmc_torch.to_module(lstmc.compile("reber", cell="toy"), unfused=True)
    with pytest.raises(AttributeError):
        toy.i  # noqa: B018


def test_it_is_a_module_like_any_other(net):
    compiled = lstmc.load(REBER)
    assert lstmc_torch.to_network(net) == compiled
    for copied in (deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert copied.allowed("BTX") == ("S", "X")
        assert copied.i is copied.write_filter
    net.to(torch.float64)
    assert net("BTX").logits.dtype == torch.float64
    net("BTXSE").logits[0, 0].backward()
    assert net.writer.symbols.grad is not None
    with torch.no_grad():
        net.eraser.bias[3] += 1
    changed = lstmc_torch.to_network(net)
    of = compiled.weights["eraser"].biases[0]
    difference = changed.tensors[of.tensor] - compiled.tensors[of.tensor]
    assert np.flatnonzero(difference).tolist() == [of.block * compiled.size + 3]


def test_any_cell_type_has_a_module_and_any_name_of_a_part():
    """`half` is a method of every module: the part of that name is half_."""
    compiled = network(Strange, "float64")
    module = lstmc_torch.to_module(compiled, unfused=True)
    assert [name for name, _ in module.named_children()] == [
        "a_gate", "entering", "memory", "seen", "half_", "readout", "output",
    ]  # fmt: skip
    tokens = np.random.default_rng(1).integers(3, size=(4, 7))
    reading, state = module(torch.from_numpy(tokens)), compiled.start(4)
    for time, column in enumerate(tokens.T):
        state = compiled.step(state, column)
        assert np.abs(reading.logits[:, time].detach() - compiled.read(state).logits).max() < 1e-12
    for found, expected in zip(reading.state, state, strict=True):
        assert np.abs(found[0].detach() - expected).max() < 1e-12
    assert lstmc_torch.to_network(module) == compiled


def test_what_cannot_be_is_refused(net, monkeypatch):
    with pytest.raises(UsageError, match="cannot be embedded"):
        lstmc_torch.embed(net, 32)
    monkeypatch.setenv("LSTMC_MAX_EXPORT_BYTES", "100")
    with pytest.raises(LimitError, match="a matrix in full"):
        lstmc_torch.load(REBER, unfused=True)


def test_the_program_for_pyvene_breaks_the_same():
    pytest.importorskip("pyvene", reason="pyvene is not installed: pip install pyvene (it brings transformers)")
    page = (ROOT / "docs" / "frameworks" / "torch.md").read_text("utf-8")
    (program,) = re.findall(r"^    import pyvene as pv\n(?:(?:    .*)?\n)+", page, re.MULTILINE)
    names = {"parts": lstmc_torch.load(REBER, unfused=True), "torch": torch}
    exec(re.sub("^    ", "", program, flags=re.MULTILINE), names)
    assert names["broken"].logits[0, 0].argmax() in (1, 4)
    assert not (names["broken"].logits[0, 1:] > 0).any()
