"""Any cell type in ONNX: as one operator where ONNX has it, else in plain ones; in both implementations."""

import json

import numpy as np
import pytest
from agreeing import case, check_strings_and_loops, started
from strange_cells import OUTPUTS, SYMBOLS, Logarithm, Minimal, Stacked, Strange, network

from lstmc.errors import LimitError, UsageError
from lstmc.export import Package, exporter
from lstmc.network.gru import Gru
from lstmc.network.lstm import Lstm
from lstmc.network.peephole import Peephole
from lstmc.network.rnn import Rnn
from lstmc.network.rnn_relu import RnnRelu

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
onnxruntime.set_default_logger_severity(4)

ONNX = exporter("onnx")
RUNTIME, REFERENCE = ONNX.runtimes()
PLAIN, LAYERS = [Minimal, Stacked, Strange, Logarithm], [Gru, Rnn, RnnRelu, Peephole]
FORMATS = ("float64", "float32", "float16", "bfloat16")
OFF = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-2, "bfloat16": 0.15}
LACKS = {  # what is said where a runtime does not have a number format
    ("gru", "float64", "onnxruntime"): "ONNX Runtime has no GRU in float64",
    ("gru", "bfloat16", "onnxruntime"): "ONNX Runtime has no GRU in bfloat16",
    ("peephole", "float64", "onnxruntime"): "ONNX Runtime has no LSTM in float64",
    ("peephole", "bfloat16", "onnxruntime"): "ONNX Runtime has no LSTM in bfloat16",
    ("rnn", "float64", "onnxruntime"): "ONNX Runtime has no RNN in float64",
    ("rnn", "bfloat16", "onnxruntime"): "ONNX Runtime has no RNN in bfloat16",
    ("rnn-relu", "float32", "onnx-reference"): "the reference evaluator has no RNN with relu",
    ("rnn-relu", "float16", "onnx-reference"): "the reference evaluator has no RNN with relu",
    ("rnn-relu", "bfloat16", "onnxruntime"): "ONNX Runtime has nothing in bfloat16",
    **{(c.cell, "bfloat16", "onnxruntime"): "ONNX Runtime has nothing in bfloat16" for c in PLAIN},
}


def of(cell, dtype):
    """A random network; relu's weights are small, so that it stays small itself."""
    net = network(cell, dtype)
    if cell is RnnRelu:
        net.tensors["rnn.weight_hh_l0"][:] = net.format.rounded(net.tensors["rnn.weight_hh_l0"] / 4)
    return net


@pytest.mark.slow
@pytest.mark.parametrize("runtime", [RUNTIME, REFERENCE], ids=lambda each: each.name)
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("cell", PLAIN + LAYERS)
def test_it_computes_what_the_equations_say(cell, dtype, runtime):
    """Strings side by side, a transducer's outputs, and pieces that go on where the last one ended."""
    net, off = of(cell, dtype), OFF[dtype]
    lacks = ONNX.lacking(Package(net), runtime)
    assert lacks == LACKS.get((cell.cell, dtype, runtime.name), "")
    if lacks:
        return
    tokens = np.random.default_rng(1).integers(len(SYMBOLS), size=(6, 9))
    state, logits = net.start(len(tokens)), []
    for column in tokens.T:
        state = net.step(state, column)
        logits.append(net.read(state).logits)
    with started("onnx", Package(net), runtime) as worker:
        found = worker.run(tokens)
        again = [worker.run(tokens[:, :4]), worker.run(tokens[:, 4:5], True), worker.run(tokens[:, 5:], True)]
    assert np.abs(found.logits - np.stack(logits, 1)).max() < off
    assert np.abs(np.concatenate([each.logits for each in again], 1) - found.logits).max() < off
    said = net._layer("output", net.shown(state))
    assert np.abs(found.outputs[:, -1] - said).max() < off
    for ours, whole, pieces in zip(state, found.state, again[-1].state, strict=True):
        assert np.abs(whole - ours).max() < off
        assert np.abs(pieces - ours).max() < off
    assert np.abs(np.stack(logits)).max() > 0.1


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("cell", PLAIN + LAYERS)
def test_the_file_is_in_order(cell, dtype):
    """onnx itself checks it, and finds the shapes that are promised; how many strings a Scan reads it does not know."""
    package = Package(of(cell, dtype))
    model = onnx.load_from_string(ONNX.write(package))
    onnx.checker.check_model(model, full_check=True)
    promised = shapes(model.graph.output)
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=each) for each in promised)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    for name, shape in shapes(inferred.graph.output).items():
        assert ["batch" if str(dim).startswith("unk_") else dim for dim in shape] == promised[name]
    symbols = ["batch", "time", len(SYMBOLS) + 1]
    assert promised == {
        "logits": symbols,
        **({"probabilities": symbols} if package.network.gives_logits() else {}),
        "outputs": ["batch", "time", len(OUTPUTS)],
        **{name: [1, "batch", package.size] for name in cell.equations.state},
    }
    given = {f"{name}0": [1, "batch_or_1", package.size] for name in cell.equations.state}
    assert shapes(model.graph.input) == {"tokens": ["batch", "time"], **given}
    kernel = cell in LAYERS and (cell is not RnnRelu or dtype in ("float32", "float16"))
    assert ("Scan" not in {node.op_type for node in model.graph.node}) == kernel
    assert ONNX.write(package) == ONNX.write(Package(of(cell, dtype)))


def shapes(values):
    return {each.name: [dim.dim_param or dim.dim_value for dim in each.type.tensor_type.shape.dim] for each in values}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", [RUNTIME, REFERENCE], ids=lambda each: each.name)
@pytest.mark.parametrize(("name", "dtype"), [("embedded", "float32"), ("reber", "float16"), ("reber", "float64")])
def test_a_compiled_toy_predicts_right(name, dtype, runtime):
    tried = case(name, dtype, "toy")
    with started("onnx", Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, dtype)


class ByHand(Lstm):
    cell = "lstm-by-hand"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "dtype"), [("random", "float32"), ("reber", "float16"), ("reber", "float64")])
def test_an_lstm_in_plain_operators_predicts_right(name, dtype):
    """ONNX Runtime, which has no LSTM in float64, has its operations."""
    tried = case(name, dtype)
    with started("onnx", Package(ByHand(tried.network.header, tried.network.tensors)), RUNTIME) as worker:
        check_strings_and_loops(worker, tried, dtype)


def test_a_toy_names_its_state_and_its_threshold():
    package = Package(case("reber", cell="toy").network)
    program = ONNX.snippet(package, "toy.onnx")
    assert "def predict(tokens, memory=None):" in program
    assert "memory0, which may be left out, is no constant" in program
    assert "if logit > 1/2])" in program
    session = onnxruntime.InferenceSession(ONNX.write(package), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_overridable_initializers()] == ["memory0"]
    assert [each.name for each in session.get_outputs()] == ["logits", "memory"]
    assert "A logit above 1/2" in session.get_modelmeta().description
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["lstmc"]) == json.loads(package.about_json)
    assert "probabilities" not in metadata
    with pytest.raises(Exception, match="out of data bounds"):
        session.run(None, {"tokens": np.array([[-1]])})


def test_a_person_recognizes_the_equations():
    """In a viewer: every line is the name of a node, which says its equation; the nodes have names of their own."""
    model = onnx.load_from_string(ONNX.write(Package(network(Strange, "float32"))))
    (scan,) = (node for node in model.graph.node if node.op_type == "Scan")
    body = scan.attribute[0].g if scan.attribute[0].name == "body" else scan.attribute[1].g
    said = {node.name: node.doc_string for node in [*body.node, *model.graph.node]}
    assert len(said) == len(body.node) + len(model.graph.node)
    assert said["step.a_gate"] == "a gate = σ(sum)"
    assert said["step.memory"] == "memory = max(memory before − 0.1·a gate, entering)/(2 + relu(memory before))"
    assert said["read.half"] == "half = 0.5·sum"
    assert [node.op_type for node in body.node[:4]] == ["Gather", "MatMul", "Add", "Constant"]


def test_what_no_test_asks_for_is_not_there():
    """Logarithm's tests look at no cell: nothing is multiplied."""
    model = onnx.load_from_string(ONNX.write(Package(network(Logarithm, "float32"))))
    names = {each.name for each in model.graph.initializer}
    assert "step.symbols" in names
    assert "step.cells" not in names


@pytest.mark.slow
@pytest.mark.parametrize("runtime", [RUNTIME, REFERENCE], ids=lambda each: each.name)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_logarithm_of_a_gate_is_right_where_the_gate_itself_is_0_or_1(dtype, runtime):
    net = network(Logarithm, dtype)
    numbers = np.array([[-2e4, -300, -88, -87, -18], [-1, -0.1, 0, 0.1, 1], [3, 8, 30, 90, 2e4]])
    numbers = net.format.rounded(numbers).astype(np.float64)
    net.tensors["z.symbols"][:] = numbers.T
    net.tensors["z.bias"][:] = 0
    with started("onnx", Package(net), runtime) as worker:
        found = worker.run(np.array([[0], [1], [2]])).state[0]
    exact = np.minimum(numbers, 0) - np.log1p(np.exp(-np.abs(numbers)))
    assert (np.abs(found - exact) <= 4 * net.format.roundoff * np.maximum(np.abs(exact), 1)).all()


@pytest.mark.parametrize("cell", [Strange, Gru])
def test_8_bits_are_for_the_lstm(cell):
    with pytest.raises(UsageError) as caught:
        ONNX.check(Package(network(cell, "float32"), quantize=True))
    assert caught.value.message == "ONNX cannot hold int8: ONNX Runtime quantizes no layer but the LSTM"


def test_a_matrix_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setenv("LSTMC_MAX_EXPORT_BYTES", "100")
    with pytest.raises(LimitError, match="a matrix in full"):
        ONNX.write(Package(network(Strange, "float32")))


def test_an_old_reference_evaluator_is_not_asked(monkeypatch):
    monkeypatch.setattr("lstmc_onnx.exporter.version", lambda name: "1.22.0")
    package = Package(network(Strange, "float32"))
    assert ONNX.lacking(package, REFERENCE) == "before onnx 1.23 the reference evaluator was not tried"
    assert ONNX.lacking(package, RUNTIME) == ""
