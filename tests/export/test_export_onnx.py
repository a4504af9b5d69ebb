"""Networks in ONNX Runtime, and in the reference evaluator of onnx, which shares no code with it."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from itertools import product

import numpy as np
import pytest
from agreeing import CASES, Case, allowed, case, check_strings_and_loops, started
from hostile import SYMBOLS, hostile, ring
from long_strings import walk
from pages import ROOT, run_python

import lstmc
from lstmc.errors import LimitError, PluginError
from lstmc.export import Package, exporter

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
reference_evaluator = pytest.importorskip("onnx.reference", reason="onnx is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
onnxruntime.set_default_logger_severity(4)

ONNX = exporter("onnx")
RUNTIME, REFERENCE = ONNX.runtimes()
SHIPPED = sorted(path.stem for path in (ROOT / "weights").glob("*.safetensors"))
TRANSDUCERS = ("remainder-3", "edge-detector")


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name):
    with started("onnx", Package(case(name).network), RUNTIME) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_int8_predicts_right(name):
    with started("onnx", Package(case(name).network, quantize=True), RUNTIME) as worker:
        check_strings_and_loops(worker, case(name), "int8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number_format", "runtime"),
    [
        pytest.param("float16", RUNTIME, id="float16-onnxruntime"),
        pytest.param("float64", REFERENCE, id="float64-reference"),
        pytest.param("bfloat16", REFERENCE, id="bfloat16-reference"),
    ],
)
def test_every_number_format(number_format, runtime):
    tried = case("reber", number_format)
    if problem := runtime.lacks.get(number_format):
        pytest.skip(problem)
    with started("onnx", Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)


def test_what_onnx_runtime_lacks():
    """The reasons that are given are the true ones."""
    assert set(RUNTIME.lacks) == {"float64", "bfloat16"}
    with pytest.raises(Exception, match="LSTM operator does not support double"):
        run(Package(case("reber", "float64").network), np.zeros((1, 1), np.int64))
    with pytest.raises(Exception, match=r"Could not find an implementation|till opset 21"):
        run(Package(case("reber", "bfloat16").network), np.zeros((1, 1), np.int64))


@cache
def shipped(name: str) -> Package:
    return Package(lstmc.load(ROOT / "weights" / f"{name}.safetensors"), proof="0123abcd")


def session(package: Package):
    return onnxruntime.InferenceSession(ONNX.write(package), providers=["CPUExecutionProvider"])


def run(package: Package, tokens: np.ndarray) -> dict[str, np.ndarray]:
    """Everything that a network says in ONNX Runtime, by name."""
    loaded = session(package)
    names = [output.name for output in loaded.get_outputs()]
    return dict(zip(names, loaded.run(None, {"tokens": tokens}), strict=True))


def short_strings(package: Package, length: int = 5) -> np.ndarray:
    """Up to 500 strings of all that there are of that length, evenly spread."""
    found = np.array(list(product(range(len(package.alphabet)), repeat=length)))
    return found[:: len(found) // 500 + 1]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_file_is_in_order(name):
    """onnx itself checks it, and finds the shapes that are promised: any number of strings of any length."""
    package = shipped(name)
    model = onnx.load_from_string(ONNX.write(package))
    onnx.checker.check_model(model, full_check=True)
    promised = shapes(model.graph.output)
    del model.graph.output[:]
    model.graph.output.extend(onnx.ValueInfoProto(name=each) for each in promised)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    assert shapes(inferred.graph.output) == promised
    symbols, size = len(package.alphabet) + 1, package.size
    assert promised == {
        "logits": ["batch", "time", symbols],
        "probabilities": ["batch", "time", symbols],
        **({"outputs": ["batch", "time", len(package.outputs)]} if package.outputs else {}),
        "h": [1, "batch", size],
        "c": [1, "batch", size],
    }
    assert shapes(model.graph.input) == {
        "tokens": ["batch", "time"],
        "h0": [1, "batch_or_1", size],
        "c0": [1, "batch_or_1", size],
    }


def shapes(values) -> dict[str, list[str | int]]:
    return {each.name: [dim.dim_param or dim.dim_value for dim in each.type.tensor_type.shape.dim] for each in values}


@pytest.mark.parametrize("name", SHIPPED)
def test_both_implementations_say_what_the_reference_says(name):
    """All that is read: logits, probabilities, outputs, and the state at the end."""
    package = shipped(name)
    tokens = short_strings(package)
    expected = reference(package, tokens)
    found = [run(package, tokens)]
    if not REFERENCE.lacks.get("float32"):
        model = onnx.load_from_string(ONNX.write(package))
        with np.errstate(over="ignore"):
            values = reference_evaluator.ReferenceEvaluator(model).run(None, {"tokens": tokens})
        found.append(dict(zip(found[0], values, strict=True)))
    for each in found:
        assert each.keys() == expected.keys()
        for key, value in expected.items():
            assert each[key].dtype == np.float32
            assert np.abs(each[key] - value).max() < 1e-5, key


def reference(package: Package, tokens: np.ndarray) -> dict[str, np.ndarray]:
    network = package.network
    state, logits, probabilities, outputs = network.start(len(tokens)), [], [], []
    for column in tokens.T:
        state = network.step(state, column)
        said = network.read(state)
        logits.append(said.logits)
        probabilities.append(said.probabilities if package.probable else said.allowed)
        if package.outputs:
            outputs.append(state[0] @ network.tensors["output.weight"].T + network.tensors["output.bias"])
    return {
        "logits": np.stack(logits, 1),
        "probabilities": np.stack(probabilities, 1),
        **({"outputs": np.stack(outputs, 1)} if outputs else {}),
        "h": state[0][None],
        "c": state[1][None],
    }


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("quantize", [False, True])
def test_every_level(level, quantize):
    grammar = lstmc.load_grammar("reber")
    tried = Case(grammar, lstmc.compile(grammar, level=level), walk(grammar))
    tokens = short_strings(shipped("reber"), length=6)
    found = run(Package(tried.network, quantize=quantize), tokens)
    assert np.array_equal(found["logits"] > 0, allowed(tried.graph, tokens))


@pytest.mark.parametrize("name", TRANSDUCERS)
def test_the_snippet_of_a_transducer_gives_outputs(name):
    """After the logits; the largest is the output, where it is above 0."""
    package = shipped(name)
    tokens = short_strings(package, length=8)
    with started("onnx", package, RUNTIME) as worker:
        answer = worker.run(tokens)
    spoken = np.where(answer.outputs.max(2) > 0, answer.outputs.argmax(2), -1)
    for row, string in zip(spoken, tokens, strict=True):
        said = package.network.run([package.alphabet[token] for token in string])
        assert package.outputs[row[-1]] == said.output
    assert spoken.min() == 0


@pytest.mark.parametrize("quantize", [False, True])
@pytest.mark.parametrize("name", ["reber", "remainder-3", "third-from-end", "reber-unknown-start"])
def test_streams_go_on(name, quantize):
    """In pieces, and symbol by symbol, any number of strings at once: the same numbers as in one run."""
    package = Package(shipped(name).network, quantize=quantize)
    loaded = session(package)
    tokens = short_strings(package)
    for rows in (tokens, tokens[:1], tokens[-3:]):
        whole = loaded.run(["logits", "h", "c"], {"tokens": rows})
        for size in (1, 2):
            state, logits = {}, []
            for at in range(0, rows.shape[1], size):
                part, h, c = loaded.run(["logits", "h", "c"], {"tokens": rows[:, at : at + size], **state})
                state = {"h0": h, "c0": c}
                logits.append(part)
            assert np.array_equal(np.concatenate(logits, 1), whole[0])
            assert np.array_equal(h, whole[1])
            assert np.array_equal(c, whole[2])


@pytest.mark.parametrize("quantize", [False, True])
def test_states_may_be_left_out(quantize):
    """Zeros, one state for all strings, and none at all are the same beginning."""
    package = Package(shipped("reber").network, quantize=quantize)
    loaded = session(package)
    assert [each.name for each in loaded.get_inputs()] == ["tokens"]
    assert [each.name for each in loaded.get_overridable_initializers()] == ["h0", "c0"]
    tokens = short_strings(package)
    expected = loaded.run(None, {"tokens": tokens})
    for rows in (1, len(tokens)):
        zero = np.zeros((1, rows, package.size), np.float32)
        for state in ({"h0": zero, "c0": zero}, {"h0": zero}, {"c0": zero}):
            for a, b in zip(loaded.run(None, {"tokens": tokens, **state}), expected, strict=True):
                assert np.array_equal(a, b)


def test_one_state_goes_on_in_many_ways():
    loaded = session(shipped("reber"))
    h, c = loaded.run(["h", "c"], {"tokens": np.array([shipped("reber").network.tokens("BTX")])})
    (logits,) = loaded.run(["logits"], {"tokens": np.arange(7)[:, None], "h0": h, "c0": c})
    alive = [symbol for symbol, row in zip(shipped("reber").alphabet, logits[:, 0], strict=True) if (row > 0).any()]
    assert alive == ["S", "X"]


@pytest.mark.parametrize("token", [-1, -7, 7, 2**31 - 1, -(2**63)])
def test_a_number_that_is_no_symbol_is_refused(token):
    with pytest.raises(Exception, match="out of data bounds"):
        run(shipped("reber"), np.array([[0, token]]))


def test_the_metadata_come_back():
    package = shipped("remainder-3")
    found = session(package).get_modelmeta()
    metadata = found.custom_metadata_map
    about = json.loads(metadata["lstmc"])
    assert about == json.loads(package.about_json)
    assert about["proof"] == metadata["proof"] == "0123abcd"
    for key in ("alphabet", "outputs"):
        assert json.loads(metadata[key]) == about[key]
    assert json.loads(metadata["cells"]) == [cell["name"] for cell in about["cells"]]
    assert {key: metadata[f"weights.{key}"] for key in ("header", "tensors")} == about["weights"]
    assert (metadata["name"], metadata["end"], metadata["number format"]) == ("remainder-3", "end", "float32")
    assert found.producer_name == "lstmc"
    assert "h0 and c0 may be left out" in found.description


def test_a_person_recognizes_the_parts():
    """In a viewer: names, the order of the gates, what probabilities mean, who made it."""
    model = onnx.load_from_string(ONNX.write(shipped("reber")))
    nodes = {node.name: node for node in model.graph.node}
    assert {"one-hot", "lstm", "reader", "probabilities"} < nodes.keys()
    assert len(nodes) == len(model.graph.node)
    assert "i, o, f, c" in nodes["lstm"].doc_string
    assert nodes["probabilities"].op_type == "Softmax"
    assert (model.producer_name, model.producer_version) == tuple(shipped("reber").network.header.compiler.split())
    assert (model.ir_version, model.opset_import[0].version) == (8, 17)
    assert {"one_hot", "lstm.W", "lstm.R", "lstm.B", "reader.weight"} < {each.name for each in model.graph.initializer}


def test_without_probabilities_there_is_a_set():
    """Softmax would look like probabilities and be none."""
    package = shipped("third-from-end")
    model = onnx.load_from_string(ONNX.write(package))
    (node,) = (node for node in model.graph.node if node.name == "probabilities")
    assert node.op_type == "Sigmoid"
    assert "no probabilities" in node.doc_string
    found = run(package, short_strings(package))
    assert np.abs(found["probabilities"] - (found["logits"] > 0)).max() < 1e-5


def test_int8_keeps_everything_else():
    """The LSTM alone is quantized: the reader, names, explanations and metadata stay as they are."""
    network = shipped("reber").network
    plain, small = (onnx.load_from_string(ONNX.write(Package(network, quantize=each))) for each in (False, True))
    (lstm,) = (node for node in small.graph.node if node.name == "lstm")
    assert lstm.op_type == "DynamicQuantizeLSTM"
    assert {node.name: (node.op_type, node.doc_string) for node in plain.graph.node if node.name != "lstm"} == {
        node.name: (node.op_type, node.doc_string) for node in small.graph.node if node.name != "lstm"
    }
    assert "i, o, f, c" in lstm.doc_string
    types = {each.name: each.data_type for each in small.graph.initializer}
    assert types["lstm.W_quantized"] == types["lstm.R_quantized"] == onnx.TensorProto.INT8
    assert types["reader.weight"] == onnx.TensorProto.FLOAT
    for field in ("producer_name", "producer_version", "doc_string", "ir_version", "model_version"):
        assert getattr(plain, field) == getattr(small, field)
    before, after = ({each.key: each.value for each in model.metadata_props} for model in (plain, small))
    assert after == before | {"number format": "int8"}


def test_int8_is_made_by_onnx_runtime(monkeypatch):
    package = Package(shipped("reber").network, quantize=True)
    monkeypatch.setattr("lstmc_onnx.exporter.find_spec", lambda name: None)
    with pytest.raises(PluginError, match="onnxruntime, which makes weights int8, is not installed"):
        ONNX.check(package)
    ONNX.check(shipped("reber"))


def test_an_old_reference_evaluator_is_not_asked(monkeypatch):
    for version, lacking in (("1.22.0", True), ("1.23.0", False), ("2.0.0", False)):
        monkeypatch.setattr("lstmc_onnx.exporter.version", lambda name, version=version: version)
        assert ("float32" in ONNX.runtimes()[1].lacks) == lacking


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("lstmc_onnx.graph.MAX_BYTES", 1_000)
    with pytest.raises(LimitError, match="'reber' has 11 cells: they are too many for an ONNX file"):
        ONNX.write(shipped("reber"))


@pytest.mark.parametrize("quantize", [False, True])
def test_hostile_names_do_no_harm(quantize):
    """They stand in the metadata, as they are, and nowhere else."""
    package = Package(hostile(outputs=True), quantize=quantize)
    model = onnx.load_from_string(ONNX.write(package))
    if not quantize:
        onnx.checker.check_model(model, full_check=True)
        plain = onnx.load_from_string(ONNX.write(shipped("edge-detector")))
        assert [node.name for node in model.graph.node] == [node.name for node in plain.graph.node]
    loaded = session(package)
    metadata = loaded.get_modelmeta().custom_metadata_map
    assert tuple(json.loads(metadata["alphabet"])) == tuple(json.loads(metadata["lstmc"])["alphabet"])
    assert sorted(json.loads(metadata["alphabet"])) == sorted(SYMBOLS)
    logits, outputs = loaded.run(["logits", "outputs"], {"tokens": np.array([package.network.tokens(ring(100))])})
    for place, (row, said) in enumerate(zip(logits[0], outputs[0], strict=True)):
        following = ring(place + 2)[-1]
        assert {package.alphabet[x] for x in np.flatnonzero(row[:-1] > 0)} == {following}
        assert package.outputs[said.argmax()] == following


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_snippet_names_hostile_symbols_and_files(dtype, tmp_path):
    network = hostile() if dtype == "float32" else lstmc.compile(hostile_pair(), dtype=dtype)
    package, file = Package(network), "a b%20'\"\\?#😀.onnx"
    if dtype == "float64" and (problem := REFERENCE.lacks.get(dtype)):
        pytest.skip(problem)
    (tmp_path / file).write_bytes(ONNX.write(package))
    (tmp_path / "snippet.py").write_text(ONNX.snippet(package, file), "utf-8")
    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "snippet.py"], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    assert printed.stderr == ""
    expected = package.network.run(list(package.example)).next
    assert printed.stdout == " ".join(expected) + "\n"


def hostile_pair() -> lstmc.Grammar:
    """A symbol of more than 16 bits, which JSON writes as two, and one that ends the text of a snippet."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", symbol="😀")
    graph.add_edge("b", "a", symbol='"); x = ("$')
    graph.nodes["a"].update(start=True, accept=True)
    return lstmc.Grammar.from_graph(graph, "pair")


WRITES = """
import hashlib, lstmc
from lstmc.export import Package, exporter
for dtype, quantize in (("float32", False), ("float32", True), ("bfloat16", False)):
    package = Package(lstmc.compile(lstmc.load_grammar("reber"), dtype=dtype), quantize=quantize)
    print(hashlib.sha256(exporter("onnx").write(package)).hexdigest())
"""


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(tmp_path):
    """In two processes, seconds apart, with hashes in another order, in other folders."""
    found = []
    for seed in ("1", "2"):
        folder = tmp_path / f"folder-{seed}"
        folder.mkdir()
        variables = {**os.environ, "PYTHONHASHSEED": seed, "TMPDIR": str(folder)}
        found.append(subprocess.check_output([sys.executable, "-c", WRITES], env=variables, cwd=folder))
        time.sleep(1.1)
    assert found[0] == found[1]
    assert len(set(found[0].split())) == 3


def test_nothing_of_this_machine_is_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for quantize in (False, True):
        data = ONNX.write(Package(shipped("reber").network, quantize=quantize))
        for word in (str(tmp_path), str(ROOT), os.uname().nodename, "lstmc-"):
            assert word.encode() not in data


def test_onnx_is_imported_only_when_it_is_needed():
    code = "import sys, lstmc_onnx.exporter; print({'onnx', 'onnxruntime'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_the_page_runs(tmp_path, monkeypatch):
    """Every Python block of the page, in its order, in one program."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reber.onnx").write_bytes(ONNX.write(shipped("reber")))
    page = (ROOT / "docs" / "frameworks" / "onnx.md").read_text("utf-8")
    assert run_python(page, "onnx.md") >= 2
