"""benchmarks/trained_lstm.py: what it measures is right; one seed gives one result; the article holds its table."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pages import ROOT

import lstmc
from lstmc.testing.simulation import END, Simulation

torch = pytest.importorskip("torch", reason="PyTorch is not installed; pip install torch, and this is tested too")
sys.path.insert(0, str(ROOT / "benchmarks"))

import trained_lstm  # noqa: E402  it needs PyTorch, and the folder above
from markers import between  # noqa: E402
from trained_lstm import TASKS, Exam, Language, Measures, Net, Result  # noqa: E402

REBER = TASKS[0]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """The same sums in the same order; and faster, where others compute too."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def compiled_net(grammar: str, **options: object) -> Net:
    network = lstmc.compile(lstmc.load_grammar(grammar), **options)
    net = Net(len(network.alphabet), network.size)
    net.load_state_dict({name: torch.from_numpy(values) for name, values in network.tensors.items()})
    return net


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.grammar)
def test_the_truth_is_that_of_a_walk_through_the_grammar(task):
    language = Language.of(task.grammar)
    walk = Simulation(language.grammar)
    names = (*language.grammar.alphabet, END)
    for string in language.strings(50, seed=1):
        chances = language.along(string)
        assert np.allclose(chances.sum(axis=1), 1)
        for n, row in enumerate(chances):
            prefix = [language.grammar.alphabet[x] for x in string[: n + 1]]
            assert {names[x] for x in np.flatnonzero(row)} == walk.read(prefix).allowed()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.grammar)
@pytest.mark.parametrize("level", [1, 2])
def test_a_compiled_network_makes_no_mistake(task, level, monkeypatch):
    monkeypatch.setattr(trained_lstm, "TEST", 200)
    monkeypatch.setattr(trained_lstm, "LONG", 10)
    exam, net = Exam.of(task, seed=3), compiled_net(task.grammar, level=level)
    with torch.no_grad():
        for strings in (exam.test, exam.long):
            share, off = exam.on_strings(net, strings)
            assert share == 1
            assert off < 1e-6
        mistakes, resting = trained_lstm.in_loops(net, exam.language, task.loops, repetitions=300)
    assert set(mistakes) == {None}
    assert set(resting) == {True}
    assert all(100 <= len(string) <= 200 for string in exam.long)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.grammar)
def test_the_first_mistake_is_where_whole_strings_show_it(task):
    """A gain of 8 lets memories fade. Here each string is read from its beginning, by itself."""
    language, net = Language.of(task.grammar), compiled_net(task.grammar, gain=8)

    def wrong(string, symbols):
        chances = net(torch.tensor([string]))[0].softmax(-1)[0, -symbols:].numpy()
        return not trained_lstm.right(chances, language.along(string)[-symbols:]).all()

    with torch.no_grad():
        found, _ = trained_lstm.in_loops(net, language, task.loops, repetitions=40)
        for loop, mistake in zip(task.loops, found, strict=True):
            last = 40 if mistake is None else mistake
            judged = [
                any(
                    wrong(language.tokens(beginning + n * loop.repeated + loop.way_out), len(loop.way_out) + 1)
                    for beginning in loop.beginnings
                )
                for n in range(last + 1)
            ]
            assert judged == [False] * last + [mistake is not None]
    assert 0 < min(mistake for mistake in found if mistake is not None) < 40


def test_the_toy_fails_where_its_own_tests_say():
    assert trained_lstm.toy_mistakes(REBER, repetitions=100) == (13, 42, 87)
    assert trained_lstm.toy_mistakes(REBER, repetitions=50) == (13, 42, None)


@pytest.mark.slow
def test_training_learns_and_the_same_seed_gives_the_same():
    language = Language.of("reber")
    held_out = trained_lstm.batch(language, language.strings(100, seed=99))
    one, same, other = (trained_lstm.train(language, 8, 0.03, seed, steps=60) for seed in (1, 1, 2))
    for name, values in one.state_dict().items():
        assert torch.equal(values, same.state_dict()[name])
        assert not torch.equal(values, other.state_dict()[name])
    torch.manual_seed(1)
    assert trained_lstm.loss(one, *held_out) < 0.6 * trained_lstm.loss(Net(7, 8), *held_out)


def test_the_best_rate_is_one_that_learns():
    assert trained_lstm.best_rate(Language.of("reber"), 8, seed=1, steps=20, rates=(1e-6, 0.03)) == 0.03


def test_what_is_not_all_is_not_called_all():
    assert trained_lstm.share([1.0, 1.0]) == "all"
    assert trained_lstm.share([1.0, 0.999999]) == "99.99 % (99.99 %)"
    assert trained_lstm.share([1.0, 0.5]) == "75.00 % (50.00 %)"
    assert trained_lstm.off(0.0123) == "0.012"
    assert trained_lstm.off(1e-14) == "1e-14"


def results():
    """Invented ones of the kind that is drawn."""
    good = Measures(1.0, 1.0, 0.01, (None, None, None), (True,) * 3)
    bad = Measures(0.9, 0.5, 0.7, (5, 70, None), (False,) * 3)
    for task in TASKS:
        yield Result(task, "trained, 8 cells", 0.03, (good, bad))
        yield Result(task, "compiled, 8 cells (-O2)", None, (good,))


def test_a_row_counts_loops_and_finds_the_earliest_mistake():
    rows = [trained_lstm.row(result) for result in results()]
    assert rows[0][2:5] == ("0.03", "95.00 % (90.00 %)", "75.00 % (50.00 %)")
    assert rows[0][5:] == ("0.700", "4 of 6", "5", "3 of 6")
    assert rows[1][2:] == ("–", "all", "all", "0.010", "3 of 3", "none", "3 of 3")


@pytest.mark.slow
def test_the_picture_is_the_same_in_another_process(tmp_path):
    pytest.importorskip("matplotlib", reason="pip install 'lstmc[plot]', and the picture is tested too")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "import test_trained_lstm as t; from pathlib import Path\n"
        "t.trained_lstm.draw(list(t.results()), Path(sys.argv[3]))"
    )
    one, two = tmp_path / "one.svg", tmp_path / "two.svg"
    folders = [str(Path(__file__).parent), str(ROOT / "tests")]
    subprocess.run([sys.executable, "-c", code, *folders, str(one)], check=True)
    trained_lstm.draw(list(results()), two)
    assert one.read_bytes() == two.read_bytes()
    assert b"<svg" in one.read_bytes()


def test_the_article_holds_its_table_and_its_picture():
    page = trained_lstm.PAGE.read_text("utf-8")
    lines = between(page, "table").splitlines()
    rows = [tuple(line[2:-2].split(" | ")) for line in lines]
    assert rows[0] == trained_lstm.HEAD
    shown = [(row[0], row[1].split(" cells")[0]) for row in rows[2:]]
    expected = [(task.title, f"trained, {cells}") for task in TASKS for cells in task.cells]
    assert [row for row in shown if row[1].startswith("trained")] == expected
    assert all(row[3:5] == ("all", "all") and row[7] == "none" for row in rows[2:] if row[1].startswith("compiled"))
    assert trained_lstm.PICTURE.name in page
    assert trained_lstm.PICTURE.read_text("utf-8").count("<use") > 20


def test_the_article_counts_as_its_table_does():
    page = " ".join(trained_lstm.PAGE.read_text("utf-8").split())
    lines = " ".join(between(trained_lstm.PAGE.read_text("utf-8"), "table").split()).split(" | | ")
    rows = [line.strip("| ").split(" | ") for line in lines]
    plain, embedded = ([row for row in rows if row[0] == task.title and row[1].startswith("trained")] for task in TASKS)

    def added(rows, column):
        return tuple(sum(int(row[column].split(" of ")[n]) for row in rows) for n in (0, 1))

    good, loops = added(plain, 6)
    assert f"{good} of {loops} loops go well" in page
    good, loops = added(embedded, 6)
    first = min(int(row[7].replace(",", "")) for row in embedded)
    assert f"{loops - good} of {loops} loops go wrong, the first after {first} repetitions" in page
    resting = " in the Reber grammar, and ".join(f"{n} of {of}" for n, of in (added(plain, 8), added(embedded, 8)))
    assert f"{resting} in the embedded one, come to rest" in page
    assert (
        f"{first} times the same letter is like {first} heads in a row, one in {2**first // 1_000_000} million" in page
    )
    assert {row[3] for row in plain + embedded} == {row[4] for row in plain} == {"all"}
