"""The cell types beside the LSTM and the toy: right on every grammar, and honest about what they cannot do."""

import numpy as np
import pytest
from agreement import Expected, mismatches
from drawing import grammar
from golden_text import assert_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from long_strings import mistakes_in_loops, mistakes_in_own_strings
from plain import dense
from strategies import VALID, grammars, loops, strings, transition_cover

import lstmc
from lstmc.errors import LimitError, UsageError
from lstmc.network.cell_types import cell_type
from lstmc.network.weights_file import from_bytes

CELLS = ("coupled", "gru", "lstm-1997", "peephole", "rnn", "rnn-relu", "slstm")
KEEPING = ("lstm-1997", "peephole")  # their loops can keep the memory
TOGETHER = ("coupled", "peephole")  # they follow all states at once
SIGNED = ("gru", "rnn")  # they show 1 or −1
FORMATS = ("float64", "float32", "float16", "bfloat16")
PROGRAMS = [(cell, 0, "keep") for cell in CELLS] + [(cell, 1, "rewrite") for cell in CELLS]
PROGRAMS += [(cell, 1, "keep") for cell in KEEPING] + [("peephole", 2, "keep")]
SMALL = "S start\nA accept\nS -a-> A\nA -a-> A\nA -b-> S\n"


def compiled(drawn, **options):
    """The network; None where a sum over cells that show 1 or −1 is too coarse in a half format."""
    try:
        return lstmc.compile(drawn, **options)
    except LimitError:
        if options["cell"] in SIGNED and options["dtype"] in ("float16", "bfloat16"):
            return None
        raise


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=4)
@given(grammars(*VALID), st.data())
def test_every_grammar_is_followed(cell, drawn, data):
    expected = Expected(drawn, [*transition_cover(drawn), data.draw(strings(drawn)), *loops(drawn, 50)[:5]])
    for dtype in FORMATS:
        if network := compiled(drawn, cell=cell, dtype=dtype):
            assert mismatches(expected, network) == []


@pytest.mark.slow
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("kind", VALID)
@settings(max_examples=2)
@given(data=st.data())
def test_every_kind_of_grammar_is_followed_by_every_program(kind, dtype, data):
    drawn = data.draw(grammars(kind))
    expected = Expected(drawn, [*transition_cover(drawn), *(data.draw(strings(drawn)) for _ in range(5))])
    for cell, level, memory in PROGRAMS:
        if network := compiled(drawn, cell=cell, level=level, memory=memory, dtype=dtype):
            assert mismatches(expected, from_bytes(network.to_bytes())) == [], (cell, level, memory)


@pytest.mark.parametrize("cell", CELLS)
def test_long_loops_and_streams_are_right(cell):
    reber = lstmc.load_grammar("reber")
    network = lstmc.compile(reber, cell=cell)
    assert mistakes_in_loops(network, reber, 2_000) == []
    assert mistakes_in_own_strings(network, reber, 5_000, seed=0)[0] == 0


@pytest.mark.parametrize(("cell", "level", "memory"), PROGRAMS)
@pytest.mark.parametrize("name", ["edge-detector", "third-from-end", "weather-cycle"])
def test_sparse_weights_say_the_same(name, cell, level, memory):
    shipped = lstmc.load_grammar(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lstmc.network.lowering.DENSE_CELLS", 1)
        patch.setattr("lstmc.network.weights_file.DENSE_CELLS", 1)
        network = from_bytes(lstmc.compile(shipped, cell=cell, level=level, memory=memory).to_bytes())
    assert any(tensor.endswith(".indptr") for tensor in network.tensors)
    assert mismatches(Expected(shipped, transition_cover(shipped)), network) == []


@pytest.mark.parametrize("cell", CELLS)
def test_states_that_are_on_are_told(cell):
    network = lstmc.compile("reber", cell=cell)
    assert [step.states for step in network.trace("BPTTVX").steps] == [("0",), ("5",), ("5",), ("5",), ("4",), ()]
    state = network.start()
    assert network.decode(*(part[0] for part in state)) == ()
    for token in network.tokens("BP"):
        state = network.step(state, np.array([token]))
    on = network.on(state)[0]
    assert np.flatnonzero(on).tolist() == [0, [label.name for label in network.header.cells].index("5 by P")]
    assert np.allclose(network.shown(state)[0][on], network.active, atol=1e-6)
    assert np.allclose(network.shown(state)[0][~on], network.idle, atol=1e-6)
    memory = network.trace("BP").steps[-1].parts["memory"]
    assert np.allclose(memory[on], network.holds, atol=1e-6)
    if cell == "coupled":  # what is written for nothing is not shown
        assert set(memory.tolist()) == {0.0, 1.0}
        return
    assert np.allclose(memory[~on], network.rests, atol=1e-6)
    assert network.lit(network.trace("BP").steps[-1].parts).tolist() == on.tolist()


@pytest.mark.parametrize("cell", CELLS)
def test_what_a_cell_does_is_said_in_words(cell):
    parts = [
        f"{each.cell}\n"
        + "".join(f"  {part:<14}{formula:<60}   {words}\n" for part, (formula, words) in each.parts.items())
        for each in lstmc.explain(lstmc.compile("reber", cell=cell))
    ]
    assert_golden("\n".join(parts), f"explain-reber-{cell}.txt")


# What they cannot do, and what they choose where nobody says.


@pytest.mark.parametrize("cell", CELLS)
def test_unless_asked_a_cell_takes_the_best_program_up_to_level_1(cell):
    options = lstmc.compile("reber", cell=cell).header.options
    assert (options["level"], options["memory"]) == (1, "keep" if cell in KEEPING else "rewrite")
    assert lstmc.compile("reber", cell=cell, level=0).header.options["memory"] == "rewrite"
    assert str(lstmc.to_program("reber", cell=cell)).startswith(f"reber: -O1 --memory {options['memory']}")


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell != "peephole"])
def test_a_level_that_a_cell_does_not_take_is_refused(cell):
    with pytest.raises(UsageError) as refusal:
        lstmc.compile("reber", cell=cell, level=2)
    assert refusal.value.message == f"the cell type '{cell}' takes no -O2: {cell_type(cell).because[2]}"
    assert refusal.value.help == "compile with -O 0 or 1"
    with pytest.raises(UsageError, match="there is no level 7"):
        lstmc.compile("reber", cell=cell, level=7)


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell not in KEEPING])
def test_a_cell_that_keeps_nothing_says_so(cell):
    with pytest.raises(UsageError) as refusal:
        lstmc.compile("reber", cell=cell, memory="keep")
    because = cell_type(cell).because["keep"]
    assert refusal.value.message == f"the loops of the cell type '{cell}' cannot keep its memory: {because}"
    assert refusal.value.help == "compile with --memory rewrite"


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell not in TOGETHER])
def test_a_grammar_with_too_many_sets_of_states_is_refused(cell, level):
    with pytest.raises(LimitError) as refusal:
        lstmc.compile("third-from-end", cell=cell, level=level, max_states=5)
    assert "needs more than 5 sets of states" in refusal.value.message
    assert refusal.value.help == (
        "choose a cell type that follows all states at once, such as --cell lstm, or raise --max-states"
    )


@pytest.mark.parametrize("cell", TOGETHER)
def test_some_cells_follow_all_states_at_once(cell):
    program = lstmc.to_program("third-from-end", memory="rewrite")
    network = lstmc.compile("third-from-end", cell=cell, memory="rewrite", max_states=1)
    assert network.size == len(program.cells)


# Numbers.


@pytest.mark.parametrize("cell", ["rnn-relu"])
def test_integers_do_not_depend_on_the_gain(cell):
    network = lstmc.compile("reber", cell=cell, gain=7)
    assert network == lstmc.compile("reber", cell=cell)
    for tensor in ("rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0"):
        assert set(np.unique(dense(network, tensor)).tolist()) <= {-1.0, 0.0, 1.0}


@pytest.mark.parametrize("cell", SIGNED)
@pytest.mark.parametrize(
    ("name", "dtype"), [("reber", "float32"), ("nested-3", "float64"), ("weather-cycle", "float16")]
)
def test_sums_of_ones_and_minus_ones_are_exact_in_any_order(cell, name, dtype):
    network = lstmc.compile(name, cell=cell, dtype=dtype)
    rows = np.column_stack([dense(network, "reader.weight"), dense(network, "reader.bias")]).astype(np.longdouble)
    unit = min(np.ldexp(1.0, np.frexp(value)[1]) for value in np.abs(rows[rows != 0]))
    while not np.all(rows / unit == np.rint(rows / unit)):
        unit /= 2
    assert np.abs(rows).sum(axis=1).max() * network.format.roundoff <= unit


@pytest.mark.parametrize("cell", SIGNED)
def test_where_exact_sums_are_too_coarse_there_are_no_probabilities(cell):
    coarse, fine = (lstmc.compile("nested-3", cell=cell, dtype=dtype) for dtype in ("float32", "float64"))
    assert (coarse.header.options["probabilities"], fine.header.options["probabilities"]) == (False, True)
    assert coarse.run("BT").probabilities is None
    assert set(coarse.run("BT").next) == set(fine.run("BT").next) == {"B"}
    assert not np.any(dense(coarse, "reader.weight") % 16)


@pytest.mark.parametrize("cell", SIGNED)
def test_more_cells_than_a_format_can_count_are_refused(cell):
    rules = "".join(f"S{n} -a-> S{n + 1}\nS{n} -b-> Z\n" for n in range(140))
    chain = grammar(f"S0 start\nS140 accept\nZ accept\n{rules}", "chain")
    with pytest.raises(LimitError) as refusal:
        lstmc.compile(chain, cell=cell, dtype="bfloat16")
    assert refusal.value.message == "grammar 'chain': sums over 142 cells that show 1 or −1 are not exact in bfloat16"
    assert "--dtype float32" in refusal.value.help
    assert lstmc.compile(chain, cell=cell).accepts("a" * 139 + "b")


def test_a_state_is_split_where_a_loop_could_be_a_way_in():
    network = lstmc.compile(grammar(SMALL), cell="lstm-1997")
    assert [label.name for label in network.header.cells] == ["started", "S by b", "A by a", "A again by a"]
    assert [label.states for label in network.header.cells] == [(), ("S",), ("A",), ("A",)]
    assert [network.accepts("a" * n) for n in range(5)] == [False, True, True, True, True]
