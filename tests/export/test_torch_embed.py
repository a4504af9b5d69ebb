"""lstmc_torch.embed: the compiled network inside a larger one, and training that begins there, and its page."""

import subprocess
import sys
from math import exp, log
from pathlib import Path

import pytest
from pages import ROOT, run_python

import lstmc
import lstmc_torch
from lstmc.errors import UsageError

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'lstmc[torch]'")
sys.path.insert(0, str(ROOT / "benchmarks"))

import noisy_reber  # noqa: E402  it needs PyTorch, and the folder above
from markers import between  # noqa: E402
from noisy_reber import RANDOM, Source, Start  # noqa: E402

GRAMMARS = ("reber", "number", "edge-detector", "reber-unknown-start", "weather-cycle")
EMBEDDED = next(start for start in noisy_reber.STARTS if start.gain == 8)


@pytest.fixture
def net():
    return lstmc_torch.load(ROOT / "weights" / "reber.safetensors")


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(1)


@pytest.mark.parametrize("others", ["random", "zero"])
@pytest.mark.parametrize("name", GRAMMARS)
def test_it_predicts_what_the_module_predicts(name, others, generator):
    module = lstmc_torch.load(ROOT / "weights" / f"{name}.safetensors")
    embedded = lstmc_torch.embed(module, hidden_size=40, others=others, generator=generator)
    assert_same(embedded, module, generator)
    assert (embedded.alphabet, embedded.cells, embedded.gain) == (module.alphabet, module.cells, module.gain)


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_every_level_and_number_format(level, dtype, generator):
    module = lstmc_torch.to_module(lstmc.compile(lstmc.load_grammar("reber"), level=level, dtype=dtype))
    embedded = lstmc_torch.embed(module, hidden_size=24, generator=generator)
    assert {values.dtype for values in embedded.parameters()} == {getattr(torch, dtype)}
    assert_same(embedded, module, generator)


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e4, 1e30])
@pytest.mark.parametrize("name", GRAMMARS)
def test_the_other_units_have_no_influence(name, size, generator):
    """Their numbers are as large as one likes, and so is the state that they begin in."""
    module = lstmc_torch.load(ROOT / "weights" / f"{name}.safetensors")
    embedded = lstmc_torch.embed(module, hidden_size=40)
    cells = len(module.cells)
    with torch.no_grad():
        for values in embedded.lstm.parameters():
            values.unflatten(0, (4, 40))[:, cells:].normal_(std=size, generator=generator)
    state = torch.zeros(2, 1, 30, 40)
    state[..., cells:].normal_(std=size, generator=generator)
    assert_same(embedded, module, generator, state=tuple(state))


def assert_same(embedded, module, generator, state=None):
    """Logits, outputs and compiled cells are equal, on strings of the grammar and on others, 15 of each."""
    cells, symbols = len(module.cells), len(module.alphabet)
    tokens = torch.cat([likely(module, 15, 25, generator), torch.randint(symbols, (15, 25), generator=generator)])
    with torch.inference_mode():
        found, expected = embedded(tokens, state), module(tokens)
    within = {torch.float16: 2e-2, torch.bfloat16: 0.2}.get(found.logits.dtype, 1e-6)
    assert close(found.logits, expected.logits, within)
    assert module.outputs == () or close(found.outputs, expected.outputs, within)
    for part, own in zip(found.state, expected.state, strict=True):
        assert close(part[..., :cells], own, within)


@torch.no_grad()
def likely(module, count, length, generator):
    """Symbols that the module allows, each time any of them; where a string is over or must end, any at all."""
    columns, state = [], None
    logits = module.reader.bias.expand(count, -1)
    for _ in range(length):
        weights = (logits[:, :-1] > 0) + 1e-6
        columns.append(torch.multinomial(weights, 1, generator=generator))
        reading = module(columns[-1], state)
        logits, state = reading.logits[:, -1], reading.state
    return torch.cat(columns, dim=1)


def close(found, expected, within):
    return bool(torch.isfinite(found).all()) and float((found - expected).abs().max()) <= within


def test_the_compiled_cells_come_first_in_each_gate(net):
    embedded = lstmc_torch.embed(net, hidden_size=32)
    for name, values in net.lstm.named_parameters():
        larger = getattr(embedded.lstm, name).unflatten(0, (4, 32))
        own = values.unflatten(0, (4, 11))
        assert torch.equal(larger[:, :11, :11] if name == "weight_hh_l0" else larger[:, :11], own)
    recurrent = embedded.lstm.weight_hh_l0.unflatten(0, (4, 32))
    assert not recurrent[:, :11, 11:].any()
    assert not embedded.lstm.bias_hh_l0.unflatten(0, (4, 32))[:, :11].any()
    assert torch.equal(embedded.reader.weight[:, :11], net.reader.weight)
    assert not embedded.reader.weight[:, 11:].any()


def test_the_other_units_are_as_asked(net):
    random = lstmc_torch.embed(net, hidden_size=64)
    zero = lstmc_torch.embed(net, hidden_size=64, others="zero")
    for name in dict(net.lstm.named_parameters()):
        drawn = getattr(random.lstm, name).unflatten(0, (4, 64))[:, 11:]
        assert 0.1 < drawn.abs().max() <= 64**-0.5  # as torch.nn.LSTM draws them
        assert abs(drawn.mean()) < 0.02
        assert (drawn != 0).all()
        assert not getattr(zero.lstm, name).unflatten(0, (4, 64))[:, 11:].any()


def test_one_seed_gives_the_same_numbers_and_disturbs_no_others(net):
    before = torch.get_rng_state()
    one, same, other = (lstmc_torch.embed(net, 32, generator=torch.Generator().manual_seed(n)) for n in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one.lstm.weight_hh_l0, same.lstm.weight_hh_l0)
    assert not torch.equal(one.lstm.weight_hh_l0, other.lstm.weight_hh_l0)


def test_the_module_itself_is_left_alone(net):
    before = {name: values.clone() for name, values in net.state_dict().items()}
    embedded = lstmc_torch.embed(net, 11, gain=8, doubt=0.01)
    with torch.no_grad():
        for values in embedded.parameters():
            values.zero_()
    assert all(torch.equal(values, before[name]) for name, values in net.state_dict().items())
    assert net.gain == 256


def test_an_embedded_module_can_be_embedded_again(net, generator):
    once = lstmc_torch.embed(net, 20, generator=generator)
    assert_same(lstmc_torch.embed(once, 30, generator=generator), net, generator)


@pytest.mark.parametrize("level", [1, 2])
def test_another_gain_is_as_if_compiled_with_it(level):
    grammar = lstmc.load_grammar("reber")
    compiled, steeper = (lstmc_torch.to_module(lstmc.compile(grammar, level=level, gain=g)) for g in (128, 512))
    embedded = lstmc_torch.embed(compiled, len(compiled.cells), gain=512)
    assert embedded.gain == 512
    for name, values in steeper.state_dict().items():
        assert torch.allclose(embedded.state_dict()[name], values, rtol=1e-6)


def test_a_low_gain_leaves_gradients_alive_and_loses_memory(net):
    """What the docstring says: at the compiled gain only some writers learn of all gates, at 8 all kinds do."""
    alive = {gain: alive_gates(lstmc_torch.embed(net, 11, gain=gain)) for gain in (None, 8)}
    assert [bool(found) for found in alive[None]] == [False, False, True, False]
    assert all(alive[8])
    low = lstmc_torch.embed(net, 11, gain=8)
    assert net.allowed("BT" + 300 * "S") == ("S", "X")
    assert low.allowed("BT" + 3 * "S") == ("S", "X")
    assert low.allowed("BT" + 300 * "S") != ("S", "X")


def alive_gates(module) -> list[int]:
    """How many of the biases of each gate, i, f, g, o, have a gradient that is not 0."""
    logits = module(["BTXXTTVVE", "BPTXSEE", "BTSSTPV"]).logits.flatten(0, 1)
    targets = torch.arange(len(logits)) % 8
    torch.nn.functional.cross_entropy(logits, targets).backward()
    return [int(rows.any(dim=1).sum()) for rows in module.lstm.weight_ih_l0.grad.unflatten(0, (4, 11))]


@pytest.mark.parametrize("name", ["reber", "number", "weather-cycle"])
def test_doubt_is_the_share_of_each_forbidden_symbol(name):
    module = lstmc_torch.load(ROOT / "weights" / f"{name}.safetensors")
    embedded = lstmc_torch.embed(module, 20, doubt=0.01)
    tokens = torch.randint(len(module.alphabet), (40, 8), generator=torch.Generator().manual_seed(1))
    logits = module(tokens).logits
    alive = (logits > 0).any(dim=-1)
    shares = torch.where(logits > 0, logits.softmax(-1), 0.01)
    expected = shares / shares.sum(-1, keepdim=True)
    assert torch.allclose(embedded(tokens).logits.softmax(-1)[alive], expected[alive], atol=1e-5)
    assert torch.allclose(embedded(tokens).logits[~alive], torch.tensor(log(0.01) / 2))
    assert list(embedded.probabilities().values())[-1] == pytest.approx(0.01 / (1 + 0.01 * len(module.alphabet)))


def test_certainty_comes_back_with_little_doubt(net):
    """doubt = e^−2K is the compiled read-out itself, K = 16."""
    embedded = lstmc_torch.embed(net, 11, doubt=exp(-32))
    assert torch.allclose(embedded.reader.weight, net.reader.weight, atol=1e-4)


def test_units_of_zero_never_learn(net):
    embedded = lstmc_torch.embed(net, 32, others="zero", gain=8)
    embedded(["BTXSE"]).logits.square().sum().backward()
    for values in embedded.lstm.parameters():
        assert not values.grad.unflatten(0, (4, 32))[:, 11:].any()
    assert not embedded.reader.weight.grad[:, 11:].any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hidden_size": 10}, "11 units, more than 10"),
        ({"hidden_size": 32, "others": "ones"}, "ones"),
        ({"hidden_size": 32, "gain": 0}, "gain"),
        ({"hidden_size": 32, "gain": float("nan")}, "gain"),
        ({"hidden_size": 32, "doubt": 0}, "doubt"),
        ({"hidden_size": 32, "doubt": 1.5}, "doubt"),
    ],
)
def test_what_cannot_be_asked(net, wrong, message):
    with pytest.raises(UsageError, match=message):
        lstmc_torch.embed(net, **wrong)


def test_the_strings_without_their_noise_are_the_grammars():
    clean = Source.of("reber", noise=0.0)
    network = lstmc.load(ROOT / "weights" / "reber.safetensors")
    drawn = clean.strings(300, (1,))
    assert all(network.accepts([network.alphabet[x] for x in string]) for string in drawn)
    noisy = Source.of("reber").strings(300, (1,))
    share = sum(network.accepts([network.alphabet[x] for x in string]) for string in noisy) / len(noisy)
    expected = sum(0.95 ** len(string) for string in drawn) / len(drawn)
    assert share == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("string", [[0, 1, 3, 2, 6], [0, 4, 4, 1, 5, 2, 6], [6, 1, 1, 1, 1, 6]], ids=str)
def test_the_best_predictor_agrees_with_a_sum_over_all_walks(string):
    source = Source.of("reber")
    ended = sum(chance * source.end[q] for q, chance in enumerate(walks(source, string)))
    first = sum(walks(source, string[:1]))  # is not predicted
    assert source.floor([string]) == pytest.approx(-log(ended / first) / len(string))


def walks(source: Source, string: list[int]) -> list[float]:
    """How likely the string is shown on a walk that comes to each state."""
    found = [float(q == source.start) for q in range(len(source.end))]
    for x in string:
        found = [sum(found[p] * source.moves[p, x, q] for p in range(len(found))) for q in range(len(found))]
    return found


@pytest.mark.slow
def test_training_from_the_grammar_beats_training_from_random_numbers():
    """The same strings, size and optimizer; each with the learning rate that suits it best in docs/embedding.md."""
    source = Source.of("reber")
    held_out = source.strings(500, (1, 0))
    marks = (0, 20, 40)

    def curve(start: Start) -> list[float]:
        return noisy_reber.train(start, source, held_out, 0.03, (1, 2), marks)

    embedded, random, floor = curve(EMBEDDED), curve(RANDOM), source.floor(held_out)
    assert all(ours + 0.02 < theirs for ours, theirs in zip(embedded, random, strict=True))
    assert embedded[-1] < embedded[0] - 0.15
    assert embedded[-1] > floor


@pytest.mark.slow
def test_the_picture_is_the_same_every_time(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'lstmc[plot]'")
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import noisy_reber as n
from pathlib import Path
curve = [1 / (step + 1) for step in range(len(n.MARKS))]
n.draw([n.Result(start, 0.01, [curve, curve[::-1]]) for start in n.STARTS], -0.5, Path(sys.argv[2]))
"""
    one, two = tmp_path / "one.svg", tmp_path / "two.svg"
    subprocess.run([sys.executable, "-c", code, str(ROOT / "benchmarks"), str(one)], check=True)
    curve = [1 / (step + 1) for step in range(len(noisy_reber.MARKS))]
    results = [noisy_reber.Result(start, 0.01, [curve, curve[::-1]]) for start in noisy_reber.STARTS]
    noisy_reber.draw(results, -0.5, two)
    assert one.read_bytes() == two.read_bytes()
    assert b"<dc:date>" not in one.read_bytes()


def test_the_page_shows_table_and_picture():
    page = noisy_reber.PAGE.read_text("utf-8")
    rows = between(page, "table").splitlines()
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows[2:]] == [
        *(start.name for start in noisy_reber.STARTS),
        "best possible",
    ]
    means = [[float(cell.split()[0]) for cell in row.split(" | ")[2:]] for row in rows[2:-1]]
    random, gentle = means[0], means[noisy_reber.STARTS.index(EMBEDDED)]
    assert all(ours < theirs for ours, theirs in zip(gentle, random, strict=True))  # as the page says
    assert "](pictures/noisy-reber.svg)" in page
    assert noisy_reber.PICTURE.read_text("utf-8").count("<path") > 10


@pytest.mark.slow
def test_the_python_of_the_embedding_page_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "weights").symlink_to(ROOT / "weights")
    monkeypatch.chdir(tmp_path)
    assert run_python((ROOT / "docs" / "embedding.md").read_text("utf-8"), "embedding.md") >= 2


def test_a_network_is_embedded_as_it_is() -> None:
    network = lstmc.compile("reber")
    embedded = lstmc_torch.embed(network, hidden_size=16, others="zero")
    of_module = lstmc_torch.embed(lstmc_torch.to_module(network), hidden_size=16, others="zero")
    assert all(torch.equal(a, b) for a, b in zip(embedded.parameters(), of_module.parameters(), strict=True))
