"""Every formula, read back, is the stored weights; the words say what the weights do."""

import re

import networkx as nx
import numpy as np
import pytest
from drawing import grammar
from plain import dense

import lstmc
from lstmc.errors import InputError
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.read import parse_grammar
from lstmc.network import Explanation, Network, explain
from lstmc.network.seed_toy import seed_toy
from lstmc.program.formula import symbol_text
from lstmc.shipped import shipped

KINDS = [("lstm", 0, "keep"), ("lstm", 1, "keep"), ("lstm", 1, "rewrite"), ("lstm", 2, "keep"), ("toy", 0, "keep")]
KINDS += [("toy", 1, "keep"), ("toy", 1, "rewrite")]
TENSORS = {  # the rows of each part: tensors for symbols and cells, biases, and the block of rows
    "lstm": {
        part: ("lstm.weight_ih_l0", "lstm.weight_hh_l0", ("lstm.bias_ih_l0", "lstm.bias_hh_l0"), block)
        for block, part in enumerate(("write filter", "eraser", "writer", "read filter"))
    },
    "toy": {
        part: (f"toy.{name}.input", f"toy.{name}.memory", (f"toy.{name}.bias",), 0)
        for part, name in {"eraser": "eraser", "writer": "writer", "write filter": "write_filter"}.items()
    },
}


def test_many_symbols_are_ranges_in_names_and_words() -> None:
    text = """
        nodes: [{id: 0, start: true}, {id: 1, accept: true}]
        edges:
          - {source: 0, target: 1, symbols: [a-z, _]}
          - {source: 1, target: 1, symbols: [0-9, a-c]}
        """
    network = lstmc.compile(parse_grammar(text))
    found = {each.cell: each.parts for each in explain(network)}
    assert list(found) == ["started", "1 by _,a–z"]
    assert found["1 by _,a–z"]["writer"][1] == "writes at _ or a–z"
    assert found["1 by _,a–z"]["eraser"][1] == "keeps while it is on and '0'–'9', a, b or c repeats, else erases"


def test_a_symbol_with_a_dash_is_not_taken_for_a_range() -> None:
    """Two cells of one state would have one name."""
    edges = [("0", "1", symbol) for symbol in "abcd"] + [("2", "1", "a–d"), ("0", "2", "x")]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from([("0", {"start": True}), ("1", {"accept": True}), "2"])
    graph.add_edges_from((p, q, {"symbol": symbol}) for p, q, symbol in edges)
    names = [label.name for label in lstmc.compile(lstmc.Grammar.from_graph(graph, "dash")).header.cells]
    assert sorted(names) == ["1 by a,b,c,d", "1 by a–d", "2 by x", "started"]


def test_cells_are_found_by_what_is_typed_for_their_names() -> None:
    reber, rules = lstmc.compile("reber"), lstmc.compile("reber", level=0)
    found = {name: [each.cell for each in explain(reber, name)] for name in ("5 by P", "5", "1")}
    assert found == {"5 by P": ["5 by P"], "5": ["5 by P", "5 by X"], "1": ["1 by T"]}
    assert [each.cell for each in explain(rules, "0 -T-> 1")] == ["0 –T→ 1"]
    with pytest.raises(InputError, match="no cell 'by P'"):
        list(explain(reber, "by P"))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
@pytest.mark.parametrize(("cell", "level", "memory"), KINDS)
def test_formulas_are_the_stored_weights(cell: str, level: int, memory: str, name: str) -> None:
    network = lstmc.compile(load_grammar(name), level=level, memory=memory, cell=cell)
    explained = list(lstmc.explain(network))
    assert [each.cell for each in explained] == [label.name for label in network.header.cells]
    assert [each.rules for each in explained] == [label.rules for label in network.header.cells]
    stored = {tensor: dense(network, tensor) for tensor in network.tensors}
    for n, each in enumerate(explained):
        assert each.parts.keys() == TENSORS[cell].keys()
        for part, (input_name, memory_name, biases, block) in TENSORS[cell].items():
            row = block * network.size + n
            symbols, cells, bias = read_back(network, part, each.parts[part][0])
            assert symbols.tolist() == stored[input_name][row].tolist()
            assert cells.tolist() == stored[memory_name][row].tolist()
            assert bias == sum(stored[name][row] for name in biases)


NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"


def read_back(network: Network, part: str, formula: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Weights of symbols and of cells, and the constant: a formula's text parsed by itself."""
    squash = "tanh(" if part == "writer" else "σ("
    assert formula.startswith(squash)
    assert formula.endswith(")")
    text = formula[len(squash) : -1]
    place = {symbol_text(symbol): ("symbol", n) for n, symbol in enumerate(network.alphabet)}
    place |= {f"{network.equations.shown}[{label.name}]": ("cell", n) for n, label in enumerate(network.header.cells)}
    names = "|".join(map(re.escape, sorted(place, key=len, reverse=True)))
    term = re.compile(
        f"(?P<sign>[−+ ]*)(?:(?:(?P<weight>{NUMBER})·)?(?P<name>{names})|(?P<constant>{NUMBER}))(?= [−+] |$)"
    )
    symbols, cells, bias = np.zeros(len(network.alphabet)), np.zeros(network.size), 0.0
    while text:
        found = term.match(text)
        assert found, f"cannot read '{text}' of '{formula}'"
        sign = -1 if "−" in found["sign"] else 1
        if found["constant"]:
            bias = sign * float(found["constant"])
        else:
            kind, n = place[found["name"]]
            (symbols if kind == "symbol" else cells)[n] = sign * float(found["weight"] or 1)
        text = text[found.end() :]
    return symbols, cells, bias


def explanation(network: Network, cell: str) -> Explanation:
    (found,) = lstmc.explain(network, cell)
    return found


def test_reber_in_words() -> None:
    found = explanation(lstmc.compile(load_grammar("reber")), "5 by P")
    assert found.states == ("5",)
    assert found.rules == ("0 –P→ 5", "5 –T→ 5")
    assert found.parts == {
        "eraser": ("σ(512·T + 336·h[5 by P] − 640)", "keeps while it is on and T repeats, else erases"),
        "writer": ("tanh(128·P)", "writes at P"),
        "write filter": ("σ(336·h[0 by B] − 128)", "out of 0"),
        "read filter": ("σ(128)", "always open"),
    }


def test_reber_at_level_2_in_words() -> None:
    words = {
        part: words
        for part, (_, words) in explanation(lstmc.compile(load_grammar("reber"), level=2), "5").parts.items()
    }
    assert words == {
        "eraser": "always erases",
        "writer": "writes always",
        "write filter": "out of 0 from P on; out of 5 from T on; out of 2 from X on",
        "read filter": "out of 0 up to P; out of 5 up to T; out of 2 up to X",
    }


def test_the_toys_eraser_asks_for_the_symbol_alone() -> None:
    found = explanation(lstmc.compile(load_grammar("reber"), cell="toy"), "5 by P")
    assert found.parts["eraser"] == ("σ(256·T − 128)", "keeps at T, else erases")
    assert found.parts["write filter"] == ("σ(256·memory[0 by B] − 128)", "out of 0")


@pytest.mark.parametrize("name", sorted(shipped()))
@pytest.mark.parametrize(("level", "memory"), [(0, "keep"), (1, "keep"), (1, "rewrite"), (2, "keep")])
def test_the_words_for_the_weights_are_the_words_for_the_program(level: int, memory: str, name: str) -> None:
    program = lstmc.to_program(load_grammar(name), level, memory)
    network = lstmc.compile(load_grammar(name), level=level, memory=memory)
    text = {block.split("  ")[0].strip(): block for block in str(program).split("\n\n")[1:]}
    for each in lstmc.explain(network):
        block = next(
            block for title, block in text.items() if title == each.cell or title.startswith(f"{each.cell} from ")
        )
        for part, (_, words) in each.parts.items():
            (line,) = (line for line in block.splitlines() if line.startswith(f"  {part} "))
            assert line.endswith(f"   {words}")


def test_symbols_that_could_be_taken_for_something_else() -> None:
    odd = grammar("S start\nA accept\nS -·-> A\nA -'-> A\nS -+-> S\n")
    found = explanation(lstmc.compile(odd), "A by ·")
    assert found.parts["writer"] == ("tanh(128·'·')", "writes at '·'")
    assert found.parts["eraser"] == (
        "σ(512·''' + 336·h[A by ·] − 640)",
        "keeps while it is on and ''' repeats, else erases",
    )


def test_there_is_no_cell_of_that_name() -> None:
    with pytest.raises(InputError) as refusal:
        list(lstmc.explain(lstmc.compile(load_grammar("reber")), "5 by p"))
    assert str(refusal.value) == (
        "error: 'reber' has no cell '5 by p'\n"
        "help: did you mean '5 by P'? the cells are "
        "started, 0 by B, 1 by T, 2 by X, 2 by P, 3 by S, 3 by V, 4 by V, 5 by P, 5 by X, 6 by E"
    )


def test_weights_made_by_hand_are_put_into_words_too():
    """Gates of the seed can be shut by a state at every symbol, which ours never are."""
    words = {each.cell: {part: said for part, (_, said) in each.parts.items()} for each in explain(seed_toy(""))}
    assert words["1"]["write filter"] == "shut out of 5"
    assert words["4"]["eraser"] == "erases while it is on, else keeps"
    assert words["3"]["writer"] == "writes at S or V"
