"""Networks in Keras, on JAX and on PyTorch."""

import json
import stat
import sys
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np
import pytest
from agreeing import CASES, case, check_strings_and_loops, runtimes, started
from exported import check_page, check_printed_names, check_ring, digests_elsewhere, expected_numbers, written
from strange_cells import network

from lstmc.errors import PluginError, UsageError
from lstmc.export import Package, exporter
from lstmc.network.gru import Gru
from lstmc.network.rnn import Rnn
from lstmc.network.rnn_relu import RnnRelu
from lstmc_keras.backend import chosen_backend, imported_keras

pytest.importorskip("h5py", reason="keras is not installed: pip install 'lstmc[keras]'")

# Those who import Keras first have it as they like it.
KERAS_OF_SOMEONE = """
import keras
keras.config.set_floatx("float16")
keras.config.set_dtype_policy("mixed_bfloat16")
keras.layers.LSTM(3)
"""


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("keras"))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    with started("keras", Package(case(name).network), runtime) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("keras"))
@pytest.mark.parametrize("number_format", ["float64", "float16", "bfloat16"])
def test_every_number_format(number_format, runtime):
    tried = case("reber", number_format)
    with started("keras", Package(tried.network), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)


def test_what_the_format_lacks_is_refused():
    with pytest.raises(UsageError, match="Keras cannot hold int8: Keras quantizes no recurrent layer"):
        written("keras", Package(case("reber").network, quantize=True))
    with pytest.raises(UsageError, match="Keras cannot hold the cell type 'toy'") as caught:
        written("keras", Package(case("reber", cell="toy").network))
    others = "torch, onnx, numpy, javascript and c take every cell type"
    assert caught.value.help == f"it takes lstm, gru, rnn, rnn-relu; {others}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_keras_still_quantizes_no_recurrent_layer(kind):
    """The reason that is given for refusing int8."""
    keras = imported_keras("")
    layers = [keras.Input((None, 3)), getattr(keras.layers, kind)(2, name="recurrent"), keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    with pytest.warns(UserWarning, match=f"{kind}Cell does not have a `quantize` method"):
        model.quantize("int8")
    assert {weight.dtype for weight in model.get_layer("recurrent").weights} == {"float32"}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("keras"))
@pytest.mark.parametrize("cell", [Gru, Rnn, RnnRelu])
def test_other_layers_compute_what_the_equations_say(cell, runtime):
    """Strings side by side, a transducer's outputs, and pieces that go on where the last one ended."""
    net = network(cell, "float32")
    tokens = np.random.default_rng(1).integers(len(net.alphabet), size=(6, 5))
    state, logits = net.start(len(tokens)), []
    for column in tokens.T:
        state = net.step(state, column)
        logits.append(net.read(state).logits)
    said = net._layer("output", net.shown(state))
    with started("keras", Package(net), runtime) as worker:
        whole = worker.run(tokens)
        pieces = [worker.run(tokens[:, :2]), worker.run(tokens[:, 2:3], True), worker.run(tokens[:, 3:], True)]
    size = max(1.0, float(np.abs(logits).max()))  # of relu's numbers, which grow
    for found in (whole.logits, np.concatenate([each.logits for each in pieces], 1)):
        assert np.abs(found - np.stack(logits, 1)).max() < 1e-5 * size
    for found in (whole, pieces[-1]):
        assert np.abs(found.outputs[:, -1] - said).max() < 1e-5 * size
        assert np.abs(found.state[0] - state[0]).max() < 1e-5 * size


@pytest.mark.slow
@pytest.mark.parametrize("number_format", ["float64", "float32", "float16", "bfloat16"])
def test_the_file_holds_every_number(number_format):
    import h5py
    import ml_dtypes

    package = Package(case("random", number_format).network, proof="00ff")
    with ZipFile(BytesIO(written("keras", package))) as archive:
        assert json.loads(archive.read("lstmc.json")) == json.loads(package.about_json)
        layers = h5py.File(BytesIO(archive.read("model.weights.h5")))["layers"]
    numbers = expected_numbers(package)
    for path, expected in {
        "embedding/vars/0": np.eye(len(package.alphabet)),
        "lstm/cell/vars/0": numbers["lstm.weight_ih_l0"].T,
        "lstm/cell/vars/1": numbers["lstm.weight_hh_l0"].T,
        "lstm/cell/vars/2": numbers["lstm.bias"],
        "dense/vars/0": numbers["reader.weight"].T,
        "dense/vars/1": numbers["reader.bias"],
    }.items():
        found = layers[path][:]
        found = found.view(ml_dtypes.bfloat16) if number_format == "bfloat16" else found
        assert found.dtype == number_format
        assert np.array_equal(found.astype(np.float64), expected), path


def test_the_archive_is_plain():
    """Standard layers by their own names, fixed times, nothing packed, files that everyone may read."""
    with ZipFile(BytesIO(written("keras", Package(case("reber").network)))) as archive:
        entries = archive.infolist()
        config = archive.read("config.json").decode()
    assert [entry.filename for entry in entries] == ["metadata.json", "config.json", "model.weights.h5", "lstmc.json"]
    assert {(entry.date_time, entry.compress_type) for entry in entries} == {((1980, 1, 1, 0, 0, 0), ZIP_STORED)}
    assert {stat.S_IMODE(entry.external_attr >> 16) for entry in entries} == {0o644}
    layers = json.loads(config)["config"]["layers"]
    assert {layer["module"] for layer in layers} == {"keras.layers"}
    assert sorted(layer["name"] for layer in layers) == ["c", "h", "lstm", "one_hot", "reader", "tokens"]
    assert "shared_object_id" not in config


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("keras"))
def test_a_transducer_with_hostile_names(runtime):
    check_ring("keras", runtime)


@pytest.mark.slow
def test_the_snippet_prints_hostile_names(tmp_path):
    check_printed_names("keras", tmp_path)


@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(tmp_path):
    """On either backend, whatever the process did with Keras before, and quietly."""
    pytest.importorskip("jax", reason="JAX is not installed: pip install 'lstmc[keras]'")
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    one = digests_elsewhere("keras", tmp_path / "one", PYTHONHASHSEED="1")
    other = digests_elsewhere("keras", tmp_path / "two", KERAS_OF_SOMEONE, PYTHONHASHSEED="2", KERAS_BACKEND="torch")
    assert one == other


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Makes the backends that seem to be installed, and gives the folder of keras.json."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    def install(*names):
        monkeypatch.setattr("lstmc_keras.backend.find_spec", lambda name: name in names or None)
        return tmp_path

    return install


def test_keras_chooses_its_backend_itself_where_it_can(installed, monkeypatch):
    folder = installed("jax", "torch", "tensorflow")
    assert chosen_backend("") == "tensorflow"
    (folder / "keras.json").write_text('{"backend": "torch"}')
    assert chosen_backend("") == "torch"
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert chosen_backend("") == "jax"


@pytest.mark.parametrize("text", ['{"backend": "tensorflow"}', '{"floatx": "float32"}', "{", "[]"])
def test_else_it_is_one_that_is_installed(installed, text):
    (installed("torch") / "keras.json").write_text(text)
    assert chosen_backend("") == "torch"


def test_no_backend_is_an_error_that_says_what_to_install(installed):
    installed()
    with pytest.raises(PluginError, match="none of its backends is installed") as error:
        chosen_backend("pip install this")
    assert "pip install this" in str(error.value.help)


def test_a_broken_framework_is_no_bug_of_ours(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(PluginError, match="Keras does not work: "):
        exporter("keras").write(Package(case("reber").network))


@pytest.mark.slow
def test_the_page(tmp_path):
    check_page("keras", tmp_path)
