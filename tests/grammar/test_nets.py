"""Nets that call each other, and their expansion into states: against what strings they mean, defined anew here."""

import json
from dataclasses import replace
from functools import cache
from random import Random

import networkx as nx
import pytest
import yaml

import lstmc
from lstmc.automaton import determinize, minimize, split, to_automaton, trim
from lstmc.errors import FindingsError, LimitError, UsageError
from lstmc.grammar import GrammarError
from lstmc.grammar.calls import heads, parts
from lstmc.grammar.nets import Nets
from lstmc.pipeline import compile_proved, grammar_digest

BRACKETS = """
name: brackets
depth: 2
nodes:
  - {id: 0, start: true, accept: true}
  - {id: 1}
  - {id: 2}
edges:
  - {source: 0, target: 1, symbol: (}
  - {source: 1, target: 2, call: brackets}
  - {source: 2, target: 0, symbol: )}
"""


def nets_of(tmp_path, text, name="it"):
    file = tmp_path / f"{name}.yaml"
    file.write_text(text)
    return lstmc.load_nets(file)


def edge(source, target, symbol=None, call=None):
    return source, target, {"symbol": symbol} if call is None else {"call": call}


def graph(edges, start="0", accept=()):
    made = nx.MultiDiGraph()
    made.add_nodes_from([start, *accept])
    for p, q, data in edges:
        made.add_edge(p, q, **data)
    made.nodes[start]["start"] = True
    for state in accept:
        made.nodes[state]["accept"] = True
    return made


def around(first, call, last):
    """From 0 to 3: a symbol, a call, a symbol."""
    return edge("0", "1", first), edge("1", "2", call=call), edge("2", "3", last)


# What it means


def strings(nets, length):
    """The strings of up to a length: of a state those of its edges, and of a call what the net reads before.

    `left` is how many calls may come back yet, and `waiting` the net of the last call that waits and has not come back.
    """
    main, *_ = nets.nets
    back, part = heads(main, nets.nets), parts(nets.nets)
    found = {}

    def of(*key):
        return found.get(key, frozenset())

    def called(net, left, waiting):
        if waiting is not None and net in back and part[net] == part[waiting]:
            left, waiting = left if left is None else left - 1, None
        if left is not None and left < 0:
            return frozenset()
        states = [state for state, start in nets.nets[net].nodes(data="start") if start]
        return frozenset().union(*(of(net, state, left, waiting) for state in states))

    def step(net, state, left, waiting):
        graph = nets.nets[net]
        made = {""} if graph.nodes[state].get("accept") else set()
        for _, target, data in graph.out_edges(state, data=True):
            read = {data.get("symbol", "")}
            if "call" in data:
                last = graph.nodes[target].get("accept") and not graph.out_degree(target)
                read = called(data["call"], left, waiting if last else net)
            made |= {a + b for a in read for b in of(net, target, left, waiting) if len(a + b) <= length}
        return frozenset(made)

    keys = [
        (net, state, left, waiting)
        for net, graph in nets.nets.items()
        for state in graph
        for left in ([None] if nets.depth is None else range(nets.depth + 1))
        for waiting in [None, *nets.nets]
    ]
    while (new := {key: step(*key) for key in keys}) != found:
        found = new
    return called(main, nets.depth, None)


def accepted(grammar, length):
    """The same of a grammar, which calls nothing."""
    return strings(Nets(grammar.name, grammar.alphabet, {grammar.name: grammar.graph}), length)


def test_brackets(tmp_path):
    nets = nets_of(tmp_path, BRACKETS)
    assert strings(nets, 6) == {"", "()", "()()", "(())", "()()()", "(())()", "()(())", "(()())"}
    assert "((()))" in strings(replace(nets, depth=3), 6)
    assert [len(nets.expand().graph), len(replace(nets, depth=3).expand().graph)] == [7, 10]
    assert list(nets.expand().graph) == ["0", "1", "2/0", "2/1", "2", "2/2/0", "2/2"]
    assert accepted(nets.expand(), 8) == strings(nets, 8)


def test_depth_counts_what_comes_back():
    """Sums of products of atoms: three nets for each pair of brackets, of which one comes back."""
    nets = Nets.from_graphs(
        {
            "start": graph([edge("0", "1", call="sum")], accept=["1"]),
            "sum": graph([edge("0", "1", call="product"), edge("1", "0", "+")], accept=["1"]),
            "product": graph([edge("0", "1", call="atom"), edge("1", "0", "*")], accept=["1"]),
            "atom": graph(
                [edge("0", "3", "n"), edge("0", "1", "("), edge("1", "2", call="sum"), edge("2", "3", ")")],
                accept=["3"],
            ),
        },
        depth=2,
    )
    assert heads("start", nets.nets) == {"sum"}
    assert lstmc.compile(nets.expand(), level=2).run("((n+n)*n)").accepted
    assert not lstmc.compile(nets.expand(), level=2).run("(((n)))").accepted
    assert accepted(nets.expand(), 6) == strings(nets, 6)
    assert lstmc.compile(replace(nets, depth=0).expand()).run("n+").next == ("n",)


def test_nets_that_follow_each_other_in_last_place_come_back_as_one():
    nets = Nets.from_graphs(
        {
            "m": graph([*around("(", "n", ")"), edge("0", "4", "-"), edge("4", "3", call="n")], accept=["3"]),
            "n": graph([edge("0", "1", "+"), edge("1", "2", call="m"), edge("0", "2", "x")], accept=["2"]),
        },
        depth=1,
    )
    assert heads("m", nets.nets) == {"m", "n"}
    assert {"-x", "(x)", "-+(x)", "(+-x)"} <= strings(nets, 6)
    assert "(+(x))" not in strings(nets, 6)
    assert accepted(nets.expand(), 6) == strings(nets, 6)


def test_a_call_in_last_place_may_come_back_for_one_that_waits():
    nets = Nets.from_graphs(
        {
            "m": graph(
                [edge("0", "1", "("), edge("1", "2", call="n"), edge("2", "3", ")"), edge("0", "3", "x")], accept=["3"]
            ),
            "n": graph([edge("0", "1", "-"), edge("1", "2", call="m")], accept=["2"]),
        },
        depth=2,
    )
    assert strings(nets, 9) == {"x", "(-x)", "(-(-x))"}
    assert accepted(nets.expand(), 9) == strings(nets, 9)


def random_nets(seed):
    """Two or three nets of a few states, which read a and b, and call each other; None where that makes no nets."""
    rng = Random(seed)
    names = ["m", "n", "o"][: rng.choice([2, 3])]
    graphs = {}
    for name in names:
        states = [str(n) for n in range(rng.choice([2, 3, 4]))]
        edges = []
        for p in states:
            for _ in range(rng.choice([0, 1, 2])):
                call = rng.choice(names) if rng.random() < 0.5 else None
                edges.append(edge(p, rng.choice(states), rng.choice("ab"), call))
        if not any(p == "0" for p, *_ in edges):
            edges.append(edge("0", states[-1], "a"))
        graphs[name] = graph(edges, accept=[states[-1]])
    try:
        return Nets.from_graphs(graphs, depth=rng.choice([0, 1, 2]))
    except GrammarError:
        return None


@cache
def some_nets(count=60):
    found = (random_nets(seed) for seed in range(10_000))
    return [nets for nets, _ in zip((each for each in found if each is not None), range(count), strict=False)]


def test_an_expansion_has_the_strings_of_the_nets():
    differing = 0
    for nets in some_nets():
        try:
            expanded = nets.expand()
        except FindingsError:
            assert strings(nets, 8) == frozenset()
            continue
        assert accepted(expanded, 6) == strings(nets, 6), nets.to_dict()
        differing += len({call for *_, call in nets.nets["m"].edges(data="call")} - {None})
    assert differing > 10  # the main net calls in many of them


def test_networks_of_expansions_are_proved_and_follow_the_nets():
    done = 0
    for nets in some_nets()[:40]:
        try:
            grammar = nets.expand()
        except FindingsError:
            continue
        network, certificate = compile_proved(grammar)
        assert lstmc.verify(network.to_bytes(), certificate.to_bytes()).violations == []
        expected = strings(nets, 5)
        for string in words(nets.alphabet, 5):
            assert network.run(string).accepted == (string in expected), (nets.to_dict(), string)
        done += 1
    assert done > 20


def words(alphabet, length):
    found, last = [""], [""]
    for _ in range(length):
        last = [word + symbol for word in last for symbol in alphabet]
        found += last
    return found


@pytest.mark.parametrize("depth", range(1, 7))
def test_embedded_reber_by_calls_is_that_of_states(depth):
    """Exactly so deep: each net calls the next one. The smallest automata are the same."""
    ways = [edge("start", "choice", "B"), edge("close", "end", "E")]
    for letter in "TP":
        ways += [edge("choice", letter, letter), edge(f"{letter}-", "close", letter)]

    def level(n):
        return graph(
            [*ways, *(edge(letter, f"{letter}-", call=f"level{n}" if n else "reber") for letter in "TP")],
            "start",
            ["end"],
        )

    names = [f"level{n}" for n in range(depth, 0, -1)]
    nets = Nets.from_graphs({name: level(depth - 1 - n) for n, name in enumerate(names)})
    assert nets.depth is None
    ours = smallest(nets.expand())
    theirs = smallest(lstmc.load_grammar("embedded-reber", {"depth": depth}))
    assert len(ours.states) == len(theirs.states) == 12 * 2**depth - 4  # and one that is dead
    assert walked(ours) == walked(theirs)


def smallest(grammar):
    return minimize(determinize(split(trim(to_automaton(grammar)))))


def walked(automaton):
    """The moves of a deterministic automaton, its states numbered as they are met."""
    ways = {}
    for p, x, q, *_ in automaton.each_move():
        ways.setdefault(p, {})[automaton.alphabet[x]] = q
    (first,) = automaton.initial.nonzero()[0].tolist()
    number, waiting, found = {first: 0}, [first], []
    for p in waiting:
        for symbol, q in sorted(ways.get(p, {}).items()):
            if q not in number:
                number[q] = len(number)
                waiting.append(q)
            found.append((number[p], symbol, number[q], bool(automaton.accepting[q])))
    return found


def test_outputs_of_edges_stay():
    inner = graph([("0", "1", {"symbol": "a", "output": "A"})], accept=["1"])
    nets = Nets.from_graphs({"m": graph([edge("0", "1", call="n"), edge("1", "0", "b")], accept=["0"]), "n": inner})
    network = lstmc.compile(nets.expand(), level=2)
    assert network.outputs == ("A",)
    assert network.run("aba").accepted is False
    assert network.run("abab").accepted


def test_states_have_names_of_their_own():
    """A state of a net may be called as a state of another one with a call that waits."""
    inner = graph([edge("0", "1", "a"), edge("1/n:0", "1", "b"), edge("0", "1/n:0", "b")], accept=["1"])
    main = graph([edge("0", "1", call="n"), edge("0", "1/n:0", "c"), edge("1", "2", "c"), edge("1/n:0", "2", "d")])
    main.nodes["2"]["accept"] = True
    nets = Nets.from_graphs({"m": main, "n": inner})
    assert list(nets.expand().graph)[:3] == ["m:0#0", "m:1/n:0#1", "m:1/n:0#2"]
    assert accepted(nets.expand(), 4) == strings(nets, 4) == {"ac", "bbc", "cd"}
    assert nx.is_frozen(nets.expand().graph)


def test_where_strings_have_no_end_they_go_on():
    """A state from which only moves that read nothing lead on is no way on."""
    main = graph([edge("0", "1", call="n"), edge("1", "0", "b"), edge("0", "2", "c"), edge("3", "2", "d")])
    main.add_edge("2", "3", epsilon=True)
    main.add_edge("3", "2", epsilon=True)
    main.remove_edge("3", "2", 0)
    nets = Nets.from_graphs({"m": main, "n": graph([edge("0", "1", "a")], accept=["1"])})
    assert sorted(nets.expand().graph) == ["m:0", "m:1", "m:1/n:0", "m:1/n:1"]


def test_strings_without_end():
    nets = Nets.from_graphs(
        {"m": graph([edge("0", "1", call="n"), edge("1", "0", "b")]), "n": graph([edge("0", "1", "a")], accept=["1"])}
    )
    assert lstmc.compile(nets.expand()).run("abab").next == ("a",)


# Reading and writing


def test_yaml_and_json_say_the_same(tmp_path):
    nets = nets_of(tmp_path, BRACKETS.replace("call: brackets", "call: reber"))
    assert list(nets.nets) == ["brackets", "reber"]
    for ending in ("yaml", "json"):
        text = lstmc.convert(nets, ending)
        (tmp_path / f"again.{ending}").write_text(text)
        again = lstmc.load_nets(tmp_path / f"again.{ending}")
        assert again == nets
        assert lstmc.convert(again, ending) == text
        assert grammar_digest(again) == grammar_digest(nets)
    data = json.loads(lstmc.convert(nets, "json"))
    assert (
        nx.node_link_graph(data["nets"]["reber"], edges="edges", directed=True, multigraph=True).number_of_edges() == 12
    )
    assert Nets.from_dict(nets.to_dict()) == nets
    assert Nets.from_dict(yaml.safe_load(lstmc.convert(nets, "yaml"))) == nets
    assert grammar_digest(replace(nets, depth=3)) != grammar_digest(nets)


def test_graphs_of_networkx(tmp_path):
    nets = nets_of(tmp_path, BRACKETS)
    assert Nets.from_graphs(nets.nets, depth=2) == nets
    assert repr(nets) == "<Nets 'brackets': 1 nets, 3 rules, 2 symbols>"
    with pytest.raises(UsageError, match="there are no nets"):
        Nets.from_graphs({})
    with pytest.raises(GrammarError, match="G007"):
        Nets.from_graphs({"m": nx.Graph()})
    with pytest.raises(UsageError, match="the edges of graph 'm' call"):
        lstmc.Grammar.from_graph(nets.nets["brackets"], "m")
    with pytest.raises(UsageError, match="the edges of <data> call"):
        lstmc.Grammar.from_dict(nets.to_dict())


def test_a_problem_of_a_graph_says_in_which_net_it_is():
    with pytest.raises(GrammarError) as caught:
        Nets.from_graphs(
            {"m": graph([edge("0", "1", call="n")], accept=["1"]), "n": graph([edge("0", "1", "end")], accept=["1"])}
        )
    assert "net 'n', edge 0 –end→ 1: `end` is the reserved name" in str(caught.value)
    data = Nets.from_graphs({"m": graph([edge("0", "1", "a")], accept=["1"])}).to_dict()
    with pytest.raises(GrammarError) as caught:
        Nets.from_dict(data | {"nets": {"n": {**data, "edges": [{"source": "0", "target": "2", "symbol": "a"}]}}})
    assert "nets['n'].edges[0]: state '2' is used but never defined" in str(caught.value)


def test_a_called_grammar_brings_its_own_nets(tmp_path):
    nets_of(tmp_path, BRACKETS, "brackets")
    nets = nets_of(
        tmp_path,
        """
depth: 1
nodes: [{id: 0, start: true}, {id: 1}, {id: 2, accept: true}]
edges:
  - {source: 0, target: 1, call: brackets.yaml}
  - {source: 1, target: 2, call: more}
nets:
  more:
    start: 0
    nodes: [{id: 0}, {id: 1, accept: true}]
    edges: [{source: 0, target: 1, symbol: a}, {source: 0, target: 1, call: outer.yaml}]
""".replace("outer.yaml", "reber"),
    )
    assert sorted(nets.nets) == ["brackets.yaml", "it", "more", "reber"]
    assert nets.nets["brackets.yaml"].edges["1", "2", 0] == {"call": "brackets.yaml"}
    assert {"a", "()a", "()()a"} <= strings(nets, 5)
    assert "(())a" not in strings(nets, 5)  # as deep as the file says that is read


def test_a_called_grammar_reads_what_is_in_the_alphabet(tmp_path):
    with pytest.raises(GrammarError, match="the symbol 'B', which 'reber' reads, is not in the alphabet"):
        nets_of(tmp_path, "alphabet: ['(', ')']\n" + BRACKETS.replace("call: brackets", "call: reber"))


def test_files_that_call_each_other_are_refused(tmp_path):
    text = "nodes: [{id: 0, start: true}, {id: 1, accept: true}]\nedges: [{source: 0, target: 1, call: %s}]\n"
    (tmp_path / "one.yaml").write_text(text % "two.yaml")
    (tmp_path / "two.yaml").write_text(text % "one.yaml")
    with pytest.raises(GrammarError, match=r"'one\.yaml' calls this file in its turn"):
        lstmc.load_nets(tmp_path / "one.yaml")


@pytest.mark.parametrize("name", ["a" * 5000, "é" * 300, "a\\0b", "..", "~", "CON", "a.yaml"])
def test_a_call_of_nothing_is_told(tmp_path, name):
    with pytest.raises(GrammarError) as caught:
        nets_of(tmp_path, BRACKETS.replace("call: brackets", f'call: "{name}"'))
    (found,) = caught.value.diagnostics
    assert found.code == "G090"
    assert found.message.isprintable()
    assert len(found.message) < 500


@pytest.mark.parametrize("name", ["../other.yaml", "/etc/hostname", "sub/other.yaml"])
def test_a_file_calls_none_of_another_folder(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.yaml").write_text(BRACKETS)
    with pytest.raises(GrammarError, match="in another folder"):
        nets_of(tmp_path, BRACKETS.replace("call: brackets", f"call: {name}"))


def test_probabilities_can_be_passed_over(tmp_path):
    text = BRACKETS.replace("symbol: (", "symbol: (, probability: 0.5")
    with pytest.raises(GrammarError, match="G095"):
        nets_of(tmp_path, text)
    assert nets_of(tmp_path, "probabilities: none\n" + text).depth == 2
    with pytest.raises(GrammarError, match="`probabilities: determinize` in a grammar that calls"):
        nets_of(tmp_path, "probabilities: determinize\n" + BRACKETS)


def test_states_of_called_grammars_have_no_outputs():
    moore = graph([edge("0", "1", "a")], accept=["1"])
    moore.nodes["1"]["output"] = "x"
    main = graph([edge("0", "1", call="n")], accept=["1"])
    with pytest.raises(GrammarError, match="an output of a state in a grammar that calls"):
        Nets.from_graphs({"m": main, "n": moore})


# What is refused


def test_only_expansions_are_compiled(tmp_path):
    nets = nets_of(tmp_path, BRACKETS)
    for refused in (
        lambda: lstmc.load_grammar(tmp_path / "it.yaml"),
        lambda: lstmc.compile(nets),
        lambda: lstmc.convert(nets, "dot"),
    ):
        with pytest.raises(UsageError, match="calls nets, and only its expansion into states is compiled"):
            refused()
    assert lstmc.load_grammar(tmp_path / "it.yaml", expand=True) == nets.expand()
    assert lstmc.load_grammar("reber", expand=True) == lstmc.load_grammar("reber")


def test_no_string_is_nested_so_little():
    main = graph([edge("0", "dead", call="a"), edge("0", "1", call="b"), edge("1", "2", "y")], accept=["2"])
    a = graph([edge("0", "3", "x"), *around("(", "b", ")")], accept=["3"])
    b = graph(around("[", "a", "]"), accept=["3"])
    nets = Nets.from_graphs({"main": main, "a": a, "b": b}, depth=0)
    assert heads("main", nets.nets) == {"a"}
    assert strings(nets, 9) == frozenset()
    with pytest.raises(FindingsError, match="no string is nested only 0 deep"):
        nets.expand()
    assert accepted(replace(nets, depth=1).expand(), 9) == strings(replace(nets, depth=1), 9) == {"[x]y"}


def test_an_expansion_of_too_many_states_is_refused(tmp_path, monkeypatch):
    text = BRACKETS + "  - {source: 1, target: 0, call: brackets}\n"
    nets = replace(nets_of(tmp_path, text), depth=40)
    monkeypatch.setenv("LSTMC_MAX_GRAMMAR_STATES", "5000")
    with pytest.raises(LimitError, match="grammar 'brackets', expanded: ") as caught:
        nets.expand()
    assert caught.value.help.startswith("choose a smaller depth")


@pytest.mark.parametrize(
    ("edges", "accept", "code"),
    [
        ([edge("0", "1", call="m"), edge("1", "2", "a"), edge("0", "2", "b")], ["2"], "G092"),
        ([edge("0", "1", call="n"), edge("1", "2", call="m"), edge("0", "2", "b")], ["2"], "G092"),  # n may be empty
        ([edge("0", "1", "a"), edge("1", "2", call="m"), edge("2", "3", "b"), edge("0", "3", "b")], ["3"], "G091"),
        ([edge("0", "1", "a"), edge("1", "2", call="m")], ["2"], "G093"),
    ],
)
def test_recursion_is_refused_where_it_cannot_be(edges, accept, code):
    empty = graph([edge("0", "0", "a")], accept=["0"])
    with pytest.raises(GrammarError) as caught:
        Nets.from_graphs({"m": graph(edges, accept=accept), "n": empty})
    assert code in {each.code for each in caught.value.diagnostics}


def test_the_depth_can_be_said_from_outside(tmp_path):
    text = BRACKETS.replace("depth: 2\n", "")
    with pytest.raises(GrammarError, match="G091"):
        nets_of(tmp_path, text)
    file = tmp_path / "it.yaml"
    assert lstmc.load_nets(file, depth=3) == replace(nets_of(tmp_path, BRACKETS), depth=3)
    assert len(lstmc.load_grammar(file, expand=True, depth=1).graph) == 4
    assert lstmc.load_nets(nets_of(tmp_path, BRACKETS), depth=0).depth == 0
    for load in (lstmc.load_grammar, lstmc.load_nets):
        with pytest.raises(UsageError, match="grammar 'reber' calls nothing"):
            load("reber", depth=3)


def test_a_called_grammar_needs_no_depth_of_its_own(tmp_path):
    (tmp_path / "inner.yaml").write_text(BRACKETS.replace("depth: 2\n", ""))
    nets = nets_of(tmp_path, BRACKETS.replace("call: brackets", "call: inner.yaml"))
    assert "((()))" in strings(nets, 6)
    assert "(((())))" not in strings(nets, 8)


def test_a_call_in_last_place_needs_no_depth():
    nets = Nets.from_graphs(
        {"m": graph([edge("0", "1", "a"), edge("1", "2", call="m"), edge("0", "2", "b")], accept=["2"])}
    )
    assert nets.depth is None
    assert len(nets.expand().graph) == 3
    assert strings(nets, 4) == {"b", "ab", "aab", "aaab"}
