"""Equations of cells: what is one, what is none and where, and what they are in numbers and as text."""

from random import Random

import numpy as np
import pytest
from strange_cells import Minimal, Stacked, network

import lstmc
from lstmc.errors import InputError
from lstmc.network.arithmetic import Numbers, sigmoid
from lstmc.network.equations import Apply, Equations, Name, Number, Sum, bound, in_domain, run
from lstmc.network.lstm import EQUATIONS as LSTM
from lstmc.network.number_formats import number_format
from lstmc.network.toy import EQUATIONS as TOY
from lstmc.network.written import MATHEMATICS, SUM, Written

SIMPLE = "h' = tanh(test(x, h))\nreadout = read(h')"


def test_what_an_lstm_is():
    assert [line.name for line in LSTM.lines] == [
        "eraser", "writer", "write_filter", "c'", "read_filter", "h'", "readout",
    ]  # fmt: skip
    assert (LSTM.shown, LSTM.threshold) == ("h", 0.0)
    assert LSTM.tests == ("eraser", "writer", "write_filter", "read_filter")
    assert [line.name for line in LSTM.of_symbols] == list(LSTM.reads) == ["readout"]
    assert LSTM.of_line("eraser").expression == Apply("sigmoid", (Sum("test", ("x", "h")),))
    assert LSTM.of_line("h'").expression == Apply("multiply", (Name("read_filter"), Apply("tanh", (Name("c'"),))))


def test_lines_are_of_cells_or_of_symbols():
    made = Equations(
        ("h", "count"),
        """
        gate = sigmoid(test(x, h))
        count' = gate + count
        h' = tanh(count')
        half = 0.5 * read(h')
        readout = half + half
        """,
    )
    assert [line.name for line in made.of_cells] == ["gate", "count'", "h'"]
    assert [line.name for line in made.of_symbols] == ["half", "readout"]
    assert (made.tests, made.reads, made.shown, made.threshold) == (("gate",), ("half",), "h", 0.0)
    gate, count = made.lines[:2]
    assert (gate.sum, count.sum) == (Sum("test", ("x", "h")), None)
    assert (gate.functions, count.functions) == ({"sigmoid"}, {"add"})
    assert (gate.names, count.names, made.of_line("readout").names) == ((), ("gate", "count"), ("half",))


def test_a_text_may_have_ten_thousand_characters():
    text = "h' = tanh(test(x, h))\nreadout = read(h')"
    assert len(Equations(("h",), text + "\n" * (10_000 - len(text))).lines) == 2
    with pytest.raises(InputError, match="more than 10,000 characters"):
        Equations(("h",), text + "\n" * (10_001 - len(text)))


def test_what_a_toy_is():
    assert (TOY.shown, TOY.threshold) == ("memory", 0.5)
    assert TOY.reads == ("read_filter", "reader")
    assert [line.name for line in TOY.of_symbols] == ["read_filter", "reader", "readout"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("h' = h +", "line 1, column 1: no equation"),
        ("\n   h h", "line 2, column 4: no equation"),
        ("h' == h", "line 1, column 1: no equation"),
        ("h' = " + "(" * 9_000, "line 1, column 1: no equation"),
        ("h' = -" + "1 + " * 3_000, "more than 10,000 characters"),
        ("  h' = tanh(k)", "line 1, column 13: 'k' is not known here"),
        ("h' = h'", "line 1, column 1: 'h'' is not known here"),
        ("readout = read(h')\nh' = h", "line 1, column 16: 'h'' is not known here"),
        ("h' = h ** 2", "line 1, column 6: 'h ** 2' is nothing"),
        ("h' = sin(h)", "line 1, column 6: 'sin(h)' is nothing"),
        ("h' = tanh(h, h)", "line 1, column 6: 'tanh(h, h)' is nothing"),
        ("h' = tanh(h=h)", "line 1, column 6: 'tanh(h=h)' is nothing"),
        ("h' = h if h else h", "line 1, column 6: 'h if h else h' is nothing"),
        ("h' = True", "line 1, column 6: 'True' is nothing"),
        ("h' = read()", "line 1, column 6: 'read()' is nothing"),
        ("h' = test(1 + h)", "line 1, column 1: a sum over something that has no name"),
        ("h' = test(x, h) + test(x, h)", "line 1, column 1: a line with two sums"),
        ("h' = test(x, x)", "line 1, column 6: test(x, x) is no sum"),
        ("h' = test(x, h')", "line 1, column 6: test(x, h') is no sum"),
        ("h' = h\nx = h", "line 2, column 1: nothing may be called 'x'"),
        ("h' = tanh(test(x, h))\nreadout = read(h)", "line 2, column 11: read(h) is no sum"),
        ("h' = h\nh' = h", "line 2, column 1: 'h'' stands on the left a second time"),
        ("h = h", "line 1, column 1: 'h' stands on the left a second time"),
        ("k' = h", "line 1, column 1: 'k'' is no state"),
        ("ha' = h", "line 1, column 1: 'ha'' is no state"),
        ("h' = c + b + a + f + e + d", "'a' is not known here"),
        (f"{SIMPLE}\nk' = readout", "line 3, column 1: 'k'' is no state"),
        (f"{SIMPLE}\nlast = readout * h", "line 3, column 1: 'last' is of cells and of symbols"),
        (f"a = test(x, h)\n{SIMPLE}", "equations, line 1, column 1: nothing uses 'a'"),
        ("h' = h  # kept", "line 1, column 1: letters beyond ASCII, or a comment"),
        ("h' = hʹ", "line 1, column 1: letters beyond ASCII, or a comment"),
        ("h' = h + 1000000", "line 1, column 10: '1000000' is nothing"),
        (f"{SIMPLE}\nlast = readout", "equations, line 3, column 1: nothing uses 'last'"),
        ("h' = tanh(test(x, h))", "equations: there is no line for readout"),
        ("", "equations: there is no line for h'"),
    ],
)
def test_what_is_no_equation_is_told_with_its_place(text, said):
    with pytest.raises(InputError) as caught:
        Equations(("h",), text)
    assert said in caught.value.message
    assert caught.value.help


def test_a_cell_that_carries_nothing_is_none():
    with pytest.raises(InputError, match="a cell carries nothing"):
        Equations((), "readout = read(h')")


def test_a_state_that_depends_on_the_reader_is_none():
    with pytest.raises(InputError, match="line 3, column 1: 'c'' is of cells and of symbols"):
        Equations(("h", "c"), f"{SIMPLE}\nc' = readout")


def test_two_states_that_are_shown_are_none():
    with pytest.raises(InputError, match=r"line 2, column 6: test\(x, c\) is no sum"):
        Equations(("h", "c"), "h' = test(x, h)\nc' = test(x, c)\nreadout = read(h')")


def test_a_line_is_what_it_says_in_numbers_of_a_format():
    """Each operation is rounded, in the order in which the line stands."""
    equations = Equations(
        ("a", "b"),
        """
        a' = max(a, b) - a * b / (2 - sigmoid(test(x, a)))
        b' = relu(a') + exp(0.5 * b) * tanh(b)
        readout = read(a')
        """,
    )
    for name in ("float64", "float32", "float16", "bfloat16"):
        form = number_format(name)
        r, rng = form.round, np.random.default_rng(1)
        a, b, z = (form.rounded(rng.normal(size=(3, 5))) for _ in range(3))
        found = run(bound(equations.of_cells, Numbers(form)), {"a": a, "b": b}, {"a'": z})
        first = r(np.maximum(a, b) - r(r(a * b) / r(form.work(2) - r(sigmoid(z)))))
        assert np.array_equal(found["a'"], first)
        second = r(np.maximum(first, 0) + r(r(np.exp(r(form.work(0.5) * b))) * r(np.tanh(b))))
        assert np.array_equal(found["b'"], second)


@pytest.mark.parametrize("name", ["float64", "float32", "float16", "bfloat16"])
def test_the_logarithm_of_a_gate_is_right_where_the_gate_itself_is_0_or_1(name):
    form = number_format(name)
    z = form.rounded(np.array([-1e4, -200.0, -1.0, 0.0, 1.0, 5.0, 200.0]))
    wide = z.astype(np.float64)
    exact = np.where(wide < 0, wide, 0) - np.log1p(np.exp(-np.abs(wide)))
    found = Numbers(form).function("logsigmoid")(z)
    assert found.dtype == form.work
    assert np.abs(found - exact).max() <= 2 * form.roundoff
    assert (found[0], found[-1]) == (z[0], -np.exp(-200.0).astype(form.work))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("a * b + c", "a·b + c"),
        ("a * (b + c)", "a·(b + c)"),
        ("a - (b - c)", "a − (b − c)"),
        ("a - b - c", "a − b − c"),
        ("a * (b * c)", "a·(b·c)"),
        ("a / b * c", "a/b·c"),
        ("(a + b) * (c - 2)", "(a + b)·(c − 2)"),
        ("tanh(a) * max(b, 0.5)", "tanh(a)·max(b, 0.5)"),
        ("a * test(x, h)", "a·(S + 1)"),
        ("sigmoid(test(x, h))", "σ(S + 1)"),
        ("a * logsigmoid(test(x, h))", "a·ln σ(S + 1)"),
    ],
)
def test_a_line_as_text(line, text):
    equations = Equations(tuple("habc"), f"h' = {line}\na' = a\nb' = b\nc' = c\nreadout = read(h')")
    names = {name: Written(name) for name in "habc"}
    assert in_domain(equations.lines[0].expression, MATHEMATICS)(names, Written("S + 1", SUM)).text == text


def test_parts_are_named_for_people():
    network = lstmc.compile(lstmc.load_grammar("reber"))
    assert [network.title(line.name) for line in LSTM.lines] == [
        "eraser", "writer", "write filter", "memory", "read filter", "reader", "readout",
    ]  # fmt: skip
    assert Number(1.0) == Equations(("h",), "h' = 1\nreadout = read(h')").lines[0].expression


def test_weights_may_stand_in_common_tensors():
    """`forget` has the first rows of the cells' matrix and the second ones of the symbols'; two biases are added up."""
    net = network(Stacked, "float64")
    w, size, symbols = net.tensors, net.size, len(net.alphabet)
    assert net.shapes()["w.symbols"] == (2 * size, symbols)
    assert (net.shapes()["w.cells"], net.shapes()["w.more"]) == ((2 * size, size), (3 * size,))
    h, x = np.random.default_rng(1).normal(size=(4, size)), np.array([0, 1, 2, 0])
    forget = sigmoid(w["w.symbols"][size:].T[x] + h @ w["w.cells"][:size].T + w["w.bias"][:size] + w["w.more"][-size:])
    entering = w["w.symbols"][:size].T[x] + w["w.bias"][size:]
    remembered = h @ w["w.cells"][size:].T + w["w.more"][size : 2 * size]
    expected = (1 - forget) * h + forget * np.tanh(entering + forget * remembered)
    assert np.allclose(net.step((h,), x)[0], expected, atol=1e-12)
    assert net.test(2, "entering").cells == net.test(2, "remembered").symbols == ()
    assert net.test(2, "forget").bias == w["w.bias"][2] + w["w.more"][2 * size + 2]


@pytest.mark.parametrize("name", ["entering", "remembered", "readout", "forget"])
def test_weights_are_those_of_the_equations(name):
    for wrong in (Minimal.weights["forget"], Minimal.weights["entering"], Minimal.weights["readout"], None):
        weights = {key: value for key, value in Minimal.weights.items() if key != name}
        weights |= {} if wrong is None else {name: wrong}
        kinds = [(of.symbols is None, of.cells is None) for of in (wrong, Minimal.weights[name]) if of is not None]
        if len(set(kinds)) == 1 and wrong is not None:
            continue
        with pytest.raises(InputError, match=f"cell type 'minimal': the weights of '{name}' are not its sum's"):
            type("Wrong", (Minimal,), {"weights": weights})


def test_a_state_is_called_memory():
    with pytest.raises(InputError, match="cell type 'minimal': no state has the title 'memory'") as caught:
        type("Forgets", (Minimal,), {"titles": {}})
    assert caught.value.help == "name the state that a cell remembers: titles = {\"h'\": 'memory'}"


@pytest.mark.filterwarnings("error")  # Python's parser warns of some texts
def test_damaged_equations_are_refused_and_nothing_else():
    lines = [*LSTM.text.splitlines(), "a = max(c, 0.5) / (1 - relu(c))"]
    signs = "abchx' =+-*/(),.0123456789\n\t\"#[]{}:;@é\0\\ʹ"
    rng, refused = Random(1), 0
    for _ in range(3_000):
        text = "\n".join(rng.sample(lines, rng.randrange(len(lines))))
        for _ in range(rng.randrange(6)):
            at = rng.randrange(len(text) + 1)
            cut = at + rng.randrange(4)
            text = text[:at] + rng.choice(["", rng.choice(signs), "(" * rng.randrange(300), text[:20]]) + text[cut:]
        try:
            Equations(("h", "c"), text)
        except InputError as error:
            refused += bool(error.help)
    assert refused > 2_500


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_the_logarithm_of_sigmoid_holds_where_sigmoid_is_0_or_1(dtype):
    number = number_format(dtype)
    z = number.rounded(np.array([-1e4, -200.0, -1.0, 0.0, 1.0, 200.0, 1e4]))
    found = Numbers(number).function("logsigmoid")(z)
    assert found.dtype == number.work
    expected = [-1e4, -200.0, -1.3132616875182228, -np.log(2), -0.3132616875182228, 0.0, 0.0]
    assert found.tolist() == pytest.approx(expected, rel=4 * number.roundoff)
