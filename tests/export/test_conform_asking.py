"""What `conform` asks a framework, and what it makes of the answers; nothing is started here: answers are made up."""

from contextlib import contextmanager
from math import inf, nan
from types import SimpleNamespace

import numpy as np
import pytest

import lstmc
from lstmc.errors import LstmcError, PluginError
from lstmc.export import Exporter, Package, conform, python_runtime, strings
from lstmc.export.conform import (
    Conformance,
    _compare,
    _differing,
    _first,
    _in_pieces,
    _larger,
    _ours,
    _Questions,
    _speed,
    _spoken,
    _state_differences,
)
from lstmc.export.probe import Kernel
from lstmc.export.runtime import Answer
from lstmc.export.strings import LENGTH, configurations, long_strings, loops, short_strings
from lstmc.proof.contracts import CONTRACTS


class Worker:
    """Answers as our own runner does, and notes what it is asked; `seconds` are what it says that it takes."""

    def __init__(self, network, *seconds):
        self.network, self.seconds, self.asked, self.state = network, list(seconds), [], None

    def run(self, tokens, goes_on=False):
        self.asked.append((tokens.shape, goes_on))
        state = self.state if goes_on else self.network.start(len(tokens))
        logits, outputs = [], []
        for column in tokens.T:
            state = self.network.step(state, column)
            said = self.network.read(state)
            logits.append(said.logits)
            outputs.append(np.where(said.output[:, None] == np.arange(len(self.network.outputs)), 2.0, -3.0))
        self.state = state
        said = np.stack(outputs, 1) if self.network.outputs else None
        return Answer(np.stack(logits, 1), said, tuple(state), self.seconds.pop(0) if self.seconds else 0.25)


@pytest.fixture(scope="module")
def reber():
    return lstmc.compile(lstmc.load_grammar("reber"))


@pytest.fixture(scope="module")
def edges():
    return lstmc.compile(lstmc.load_grammar("edge-detector"))


@pytest.mark.parametrize("name", ["reber", "edges"])
def test_piece_by_piece_the_answer_is_the_same(name, request):
    network = request.getfixturevalue(name)
    tokens = np.random.default_rng(0).integers(0, len(network.alphabet), (2, 7))
    pieces, worker = Worker(network), Worker(network)
    found, whole = _in_pieces(pieces, tokens, size=3), worker.run(tokens)
    assert pieces.asked == [((2, 3), False), ((2, 3), True), ((2, 1), True)]
    assert np.array_equal(found.logits, whole.logits)
    assert found.outputs is whole.outputs is None or np.array_equal(found.outputs, whole.outputs)
    assert all(map(np.array_equal, found.state, whole.state))
    assert found.seconds == 0.75


@pytest.mark.parametrize("name", ["reber", "edges"])
def test_our_own_answer_is_that_of_run(name, request):
    network = request.getfixturevalue(name)
    tokens = np.random.default_rng(0).integers(0, len(network.alphabet), (3, 5))
    found = _ours(network, tokens)
    assert found.logits.shape == (3, 5, len(network.alphabet) + 1)
    assert (found.outputs is None) == (not network.outputs)
    assert found.logits.dtype == found.state[0].dtype == np.float64
    for row, string in enumerate(tokens.tolist()):
        for time in range(5):
            said = network.run([network.alphabet[x] for x in string[: time + 1]])
            allowed = [network.alphabet[x] for x in np.flatnonzero(found.logits[row, time, :-1] > 0)]
            assert allowed == sorted(set(said.next) - {"end"}, key=network.alphabet.index)
            if network.outputs:
                said = [1.0 if each == said.output else -1.0 for each in network.outputs]
                assert found.outputs[row, time].tolist() == said
    assert found.seconds == 0
    state = Worker(network).run(tokens).state
    assert all(map(np.array_equal, found.state, state))


def test_short_strings_of_a_large_network_are_fewer(monkeypatch, reber):
    monkeypatch.setattr(strings, "AT_ONCE", 343 * reber.size)
    assert short_strings(reber).shape == (343, 3)
    monkeypatch.setattr(strings, "AT_ONCE", 1)
    assert short_strings(reber).shape == (7, 1)


def test_short_long_streamed_and_repeated_strings_are_asked(monkeypatch, reber):
    monkeypatch.setattr(conform, "Worker", Worker)
    monkeypatch.setattr(conform, "PIECE", 10)
    questions = _Questions(reber, length=25, seed=3)
    long = long_strings(configurations(reber), 3)
    rounds = loops(configurations(reber), 25)
    assert np.array_equal(questions.long, long)
    wanted = [short_strings(reber), long, long[:, :32], rounds]
    pieces = [[4], [LENGTH], [1] * 32, [10, 10, 5]]
    assert len(questions.asked) == 4
    for (ask, tokens, expected), meant, sizes in zip(questions.asked, wanted, pieces, strict=True):
        assert np.array_equal(tokens, meant)
        worker = Worker(reber)
        found = ask(worker, tokens)
        assert worker.asked == [((len(tokens), size), at > 0) for at, size in enumerate(sizes)]
        assert np.array_equal(found.logits, expected.logits)
        assert all(map(np.array_equal, found.state, expected.state))


def test_where_there_are_no_loops_none_are_asked(monkeypatch, reber):
    monkeypatch.setattr(conform, "loops", lambda found, length: np.zeros((0, length), int))
    assert len(_Questions(reber, length=25, seed=0).asked) == 3


def answers(*changes):
    """Questions of two strings of three symbols; each answer has this much more in a logit and in a state, at a place.

    A change is (row, time, logit, state).
    """
    tokens = np.array([[0, 1, 2], [3, 4, 5]])
    ours = Answer(np.full((2, 3, 8), -16.0), None, (np.zeros((2, 4)), np.zeros((2, 4))), 0.0)
    asked = []
    for row, time, logit, state in changes:
        logits, states = ours.logits.copy(), (np.zeros((2, 4)), np.zeros((2, 4)))
        logits[row, time, 5] += logit
        states[1][row, 2] += state
        asked.append((lambda worker, tokens, a=logits, b=states: Answer(a, None, b, 0.0), tokens, ours))
    return SimpleNamespace(asked=asked)


def compared(network, *changes):
    return _compare(Conformance("x", "x", "conforms"), None, Package(network), answers(*changes))


def test_all_is_asked_and_the_largest_differences_are_kept(reber):
    found = compared(reber, (0, 0, 2e-5, 3e-6), (0, 0, -8e-5, -9e-6), (1, 1, 1e-5, 1e-6))
    assert (found.symbols, found.problem, found.string) == (18, "", None)
    assert (found.logits, found.state) == (pytest.approx(8e-5), pytest.approx(9e-6))


def test_nothing_more_is_asked_once_something_differs(reber):
    found = compared(reber, (0, 0, 0, 0), (1, 1, 20, 0), (0, 0, 30, 0))
    assert (found.symbols, found.logits) == (12, 20)
    assert found.string == reber.alphabet[3] + reber.alphabet[4]
    assert found.problem == f"decisions differ: '{reber.alphabet[5]}' is 4, and not -16"
    assert compared(reber, (0, 0, 1, 0)).string == reber.alphabet[0]
    found = compared(reber, (0, 1, 0, 0.25))
    assert (found.string, found.state) == ("".join(reber.alphabet[:3]), 0.25)
    assert found.problem == "the state differs by 0.25"


def test_the_earliest_fault_is_told(reber):
    assert _first(np.array([[False, False, True], [False, True, False], [False, True, True]])) == (1, 1)
    logits = np.full((2, 3, 8), -16.0)
    ours = Answer(logits, None, (np.zeros((2, 4)),), 0.0)
    wrong = logits.copy()
    wrong[0, 2, 1], wrong[1, 0, 6], wrong[1, 0, 7] = 1, -15, 3  # what decides otherwise goes before what is off
    said = _differing(Answer(wrong, None, ours.state, 0.0), ours, Package(reber))
    assert said == (1, 0, "decisions differ: 'end' is 3, and not -16")


def test_what_is_just_at_the_limit_is_near_enough(reber):
    network = lstmc.compile(lstmc.load_grammar("reber"), dtype="bfloat16")
    package = Package(network)
    assert np.abs(network.tensors["reader.bias"]).max() == 16

    def differing(logit=0.0, state=0.0):
        logits, states = np.full((1, 1, 8), -16.0), np.zeros((1, 4))
        ours = Answer(logits.copy(), None, (states.copy(),), 0.0)
        logits[0, 0, 3] += logit
        states[0, 3] += state
        return _differing(Answer(logits, None, (states,), 0.0), ours, package)

    assert differing(logit=1.0) is differing(logit=-1.0) is differing(state=5e-2) is None
    assert differing(logit=1.01)[2].startswith("logits differ")
    assert differing(state=-5.1e-2) == (0, 0, "the state differs by 0.051")
    network.tensors["reader.bias"][...] *= 2  # a reader twice as strong
    assert differing(logit=2.0) is None
    assert differing(logit=2.02) is not None
    package = Package(lstmc.compile(lstmc.load_grammar("reber"), cell="toy"))
    assert differing(logit=0.99e-4) is None
    assert differing(logit=1.01e-4) is not None


def test_outputs_are_compared_where_both_say_them(edges):
    def said(*numbers):
        outputs = np.array([[[-1.0, -1.0, -1.0], each] for each in numbers]) if numbers else None
        return Answer(np.full((2, 2, 3), -16.0), outputs, (np.zeros((2, 4)),), 0.0)

    one, other, none = [1.0, -1.0, -1.0], [-1.0, 0.5, -1.0], [-1.0, 0.0, -2.0]
    names = edges.outputs
    assert _differing(said(one, one), said(one, one), Package(edges)) is None
    wanted = (1, 1, f"outputs differ: '{names[1]}', and not '{names[0]}'")
    assert _differing(said(one, other), said(one, one), Package(edges)) == wanted
    wanted = (1, 1, f"outputs differ: 'nothing', and not '{names[0]}'")
    assert _differing(said(one, none), said(one, one), Package(edges)) == wanted
    assert _differing(said(), said(one, one), Package(edges)) is None
    assert _differing(said(one, one), said(), Package(edges)) is None
    outputs = np.array([[one, other], [none, [0.25, 0.5, 0.75]]])
    assert _spoken(outputs).tolist() == [[0, 1], [-1, 2]]


def test_of_states_the_largest_difference_of_each_string_counts():
    ours = Answer(np.zeros((2, 1, 1)), None, (np.ones((2, 3)), np.ones((2, 2))), 0.0)
    theirs = (np.array([[1, 1, 1.5], [1, 1, 1]]), np.array([[1.25, 1], [1, -1]]))
    assert _state_differences(Answer(ours.logits, None, theirs, 0.0), ours).tolist() == [0.5, 2]
    assert [_larger(None, 0.5), _larger(2.0, 0.5), _larger(0.25, 0.5)] == [0.5, 2, 0.5]
    assert np.isnan([_larger(nan, 1.0), _larger(1.0, nan)]).all()


def test_speed_is_the_median_of_three(reber):
    worker = Worker(reber, 1.0, 4.0, 2.0)
    assert _speed(worker, np.zeros((5, 8), int)) == 40 / 2
    assert worker.asked == [((5, 8), False)] * 3
    assert _speed(Worker(reber, 0.0, 0.0, 0.0), np.zeros((1, 3), int)) == pytest.approx(3e9)


KERNEL = Kernel(1e-7, nan, None, 17.0, inf, ("one", "other"))


def test_what_is_not_finite_is_null():
    found = Conformance("x", "y", "differs", problem="p", string="s", symbols=3, logits=nan, state=0.5)
    assert found.to_dict() == {
        "exporter": "x",
        "runtime": "y",
        "outcome": "differs",
        "problem": "p",
        "version": "",
        "string": "s",
        "symbols": 3,
        "logits": None,
        "state": 0.5,
        "kernel": None,
        "speed": None,
    }
    found = Conformance("x", "y", "differs", kernel=KERNEL, speed=2.0).to_dict()
    measured = {"sigmoid": 1e-7, "tanh": None, "at_one": None, "one_from": 17, "zero_from": None}
    assert found["kernel"] == measured | {"violations": ["one", "other"]}
    assert found["speed"] == 2


class Made(Exporter):
    """A framework whose answers are made here."""

    title, suffix, cells = "Made", ".made", ("lstm",)

    def __init__(self, lacks=None, runtime_lacks=None, modules=(), fails=None):
        self.lacks, self.fails, self.started = lacks or {}, fails, []
        self.runtime = python_runtime("made", "pip install made", modules, lacks=runtime_lacks)

    def write(self, package):
        raise NotImplementedError

    def snippet(self, package, file):
        raise NotImplementedError

    def runtimes(self):
        return (self.runtime,)

    @contextmanager
    def start(self, package, runtime):
        self.started.append((package.name, runtime))
        if self.fails == package.name:
            raise PluginError("it does not start", "mend it")
        yield Worker(package.network)


@pytest.fixture
def result(monkeypatch, reber):
    """How a made-up framework does on a few strings: result(exporter, its kernel, quantize=…)."""
    measured = []

    def ask(exporter, kernel=KERNEL, network=reber, **options):
        def measure(worker, probing, contract):
            measured[:] = [(worker.network is probing.network, probing.name, contract)]
            return kernel

        monkeypatch.setattr(conform, "Worker", Worker)
        monkeypatch.setattr(conform, "short_strings", lambda network: np.array([[0, 1], [1, 0]]))
        monkeypatch.setattr(conform, "long_strings", lambda found, seed: np.array([[0, 1, 2, 3, 4]] * 3))
        monkeypatch.setattr(conform, "measure", measure)
        monkeypatch.setattr(conform, "exporter", lambda name: exporter)
        (found,) = conform.conform(network, ["made"], length=3, **options)
        return found, measured

    return ask


RIGHT = Kernel(0.0, 0.0, 0.0, 1.0, 1.0, ())


def test_who_answers_as_we_do_conforms(result):
    made = Made(modules=("numpy",))
    found, measured = result(made, RIGHT)
    assert (found.exporter, found.runtime, found.outcome, found.problem) == ("made", "made", "conforms", "")
    assert (found.version, found.kernel) == (f"numpy {np.__version__}", RIGHT)
    assert found.speed == 15 / 0.25
    assert (found.logits, found.state) == (0, 0)
    assert measured == [(True, "probe", CONTRACTS["float32"])]
    assert made.started == [("reber", made.runtime), ("probe", made.runtime)]


def test_the_contract_is_that_of_the_format(result):
    assert result(Made(), RIGHT, quantize=True)[1][0][2] is CONTRACTS["int8-weights"]
    half = lstmc.compile(lstmc.load_grammar("reber"), dtype="float16")
    assert result(Made(), RIGHT, network=half)[1][0][2] is CONTRACTS["float16"]


def test_a_kernel_that_breaks_its_contract_differs(result):
    found, _ = result(Made())
    assert (found.outcome, found.problem) == ("differs", "one; other")


def test_strings_that_differ_are_told_before_the_kernel(result, monkeypatch):
    monkeypatch.setattr(conform, "_differing", lambda found, expected, package: (0, 1, "wrong"))
    found, _ = result(Made())
    assert (found.outcome, found.problem, len(found.string)) == ("differs", "wrong; one; other", 2)
    found, _ = result(Made(), RIGHT)
    assert (found.outcome, found.problem) == ("differs", "wrong")


@pytest.mark.parametrize("place", ["reber", "probe"])
def test_who_does_not_start_is_broken(result, place):
    found, _ = result(Made(fails=place))
    assert (found.outcome, found.problem, found.kernel) == ("broken", "it does not start; mend it", None)
    assert (found.symbols > 0) == (place == "probe")


def test_who_cannot_hold_the_network_is_broken(result, monkeypatch):
    made = Made()
    monkeypatch.setattr(made, "check", lambda package: (_ for _ in ()).throw(LstmcError("no room", "make some")))
    found, _ = result(made)
    assert (found.outcome, found.problem, made.started) == ("broken", "no room; make some", [])


def test_what_is_lacking_is_told_by_the_exporter_or_the_runtime(result):
    for made in (Made(lacks={"float32": "too wide"}), Made(runtime_lacks={"float32": "too wide"})):
        found, _ = result(made)
        assert (found.outcome, found.problem) == ("lacks", "has no float32: too wide")
        assert made.started == []
    assert result(Made(lacks={"float64": "too wide"}), RIGHT)[0].outcome == "conforms"
    found, _ = result(Made(), network=lstmc.compile(lstmc.load_grammar("reber"), cell="toy"))
    assert (found.outcome, found.problem) == ("lacks", "cannot hold the cell type 'toy'")
    found, _ = result(Made(modules=("surely_not_there", "nor_this")))
    assert (found.outcome, found.problem) == (
        "missing",
        "not installed: surely_not_there, nor_this; pip install made",
    )


def test_all_that_are_there_are_asked_unless_some_are_named(monkeypatch, reber):
    """One that does not load is broken, and an error where it was named."""

    def exporter(name):
        if name == "refused":
            raise PluginError("it does not load", "tell its authors")
        return Made(lacks={"float32": "too wide"})

    listed = [SimpleNamespace(name=name, problem=problem) for name, problem in (("b", "x"), ("refused", ""), ("a", ""))]
    monkeypatch.setattr(conform, "exporter", exporter)
    monkeypatch.setattr(conform, "extensions", lambda group: listed)
    found = [(each.exporter, each.runtime, each.outcome, each.problem) for each in conform.conform(reber, length=3)]
    assert found == [
        ("refused", "refused", "broken", "it does not load; tell its authors"),
        ("a", "made", "lacks", "has no float32: too wide"),
    ]
    named = ["a", "b", "a"]
    assert [each.exporter for each in conform.conform(reber, named, length=3)] == named
    with pytest.raises(PluginError, match="does not load"):
        conform.conform(reber, ["a", "refused"], length=3)
