"""Graphviz draws what is written, and of any text it makes the nodes, arrows and attributes that our reader makes."""

import json
import re
import shutil
import subprocess
from html import unescape
from random import Random

import pytest
from hypothesis import given, settings
from inverse import nasty
from languages import Automaton, random_automaton, words_of
from strategies import VALID, grammars

from lstmc.grammar import Grammar
from lstmc.grammar.convert import convert
from lstmc.grammar.draft import tree_to_draft
from lstmc.grammar.formats import Limits, Mapping, Outline, file_format
from lstmc.grammar.read import parse_grammar
from lstmc_dot.syntax import Arrow, Node, draw

IDS = ("a", "b", "c", "d", "1", "-.5", '"x y"', '"a"', '"q\\"q"', "é", '"b\\\\c"', '"l\\\nm"', '"a" + "b"', "Nodes")
VALUES = ("x", "y", '"z w"', "<h<b>i</b>>", "5")
ASKED = ("label", "shape", "style")  # of Graphviz
LISTING = """
BEG_G { string s; printf("G\\n"); }
N { printf("N\\t%s\\t%s\\t%s\\t%s\\n", $.name, isAttr($G, "N", "label") ? $.label : "",
           isAttr($G, "N", "shape") ? $.shape : "", isAttr($G, "N", "style") ? $.style : ""); }
E { printf("E\\t%s\\t%s\\t%s\\t%s\\t%s\\n", $.tail.name, $.head.name, isAttr($G, "E", "label") ? $.label : "",
           isAttr($G, "E", "shape") ? $.shape : "", isAttr($G, "E", "style") ? $.style : ""); }
"""


class Texts:
    """Random DOT files, with every construct of the language."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def graph(self) -> str:
        strict, name = self.rng.choice(("", "strict ")), self.rng.choice(("", "G ", '"g h" '))
        return f"{strict}digraph {name}{{{self.statements(0)} ; {self.statements(0)}}}"

    def statements(self, depth: int) -> str:
        separator = self.rng.choice((" ; ", "\n", "; ", " // c\n", " /* x } */ ", "\n# }\n", " # }\n"))
        return separator.join(self.statement(depth) for _ in range(self.rng.randint(1, 3)))

    def statement(self, depth: int) -> str:
        kind = self.rng.random()
        if kind < 0.45:
            return " -> ".join(self.end(depth) for _ in range(self.rng.randint(2, 3))) + self.attributes()
        if kind < 0.6:
            return self.rng.choice(IDS) + self.attributes()
        if kind < 0.85:
            return self.rng.choice(("node", "edge", "NODE", "Edge")) + (self.attributes() or "[]")
        return self.group(depth + 1) if depth < 3 else "foo=bar"

    def end(self, depth: int) -> str:
        kind = self.rng.random()
        if kind < 0.25 and depth < 3:
            return self.group(depth + 1)
        if kind < 0.35:
            return f"{self.rng.choice(IDS)}, {self.rng.choice(IDS)}"
        return self.rng.choice(IDS) + self.rng.choice(("", "", "", ":n", ":p:s"))

    def group(self, depth: int) -> str:
        inside = self.statements(depth) if self.rng.random() < 0.8 else ""
        return f"{self.rng.choice(('', 'subgraph ', 'subgraph A ', 'subgraph B '))}{{{inside}}}"

    def attributes(self) -> str:
        lists = []
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            pairs = [f"{self.rng.choice(ASKED)}={self.rng.choice(VALUES)}" for _ in range(self.rng.randint(0, 3))]
            lists.append(f"[{self.rng.choice((', ', '; ', ' ')).join(pairs)}]")
        return " ".join(lists)


def ours(text: str) -> list[tuple[str, ...]]:
    """Every node and arrow, as our reader sees it."""

    def asked(thing: Node | Arrow) -> tuple[str, ...]:
        return tuple(thing.text(name) for name in ASKED)

    drawing = draw(text, Outline(Limits()), Limits())
    arrows = [("E", arrow.tail.name, arrow.head.name, *_without_shape(asked(arrow))) for arrow in drawing.arrows]
    return sorted([("N", name, *asked(node)) for name, node in drawing.nodes.items()] + arrows)


def theirs(texts: list[str]) -> list[list[tuple[str, ...]]]:
    """The same, as Graphviz sees it; one process for all."""
    run = subprocess.run(["gvpr", "-c", LISTING], input="\n".join(texts).encode(), capture_output=True, check=True)
    graphs: list[list[tuple[str, ...]]] = []
    for line in re.findall(r"^[GNE](?:\n|\t.*\n)", run.stdout.decode(), re.MULTILINE):
        kind, *columns = line.removesuffix("\n").split("\t")
        if kind == "G":
            graphs.append([])
        elif kind == "N":
            name, label, shape, style = columns
            defaults = (label.replace("\\N", ""), shape.replace("ellipse", ""), style)
            graphs[-1].append(("N", name, *defaults))
        else:
            graphs[-1].append(("E", *columns[:2], *_without_shape(tuple(columns[2:]))))
    return [sorted(graph) for graph in graphs]


def _without_shape(asked: tuple[str, ...]) -> tuple[str, ...]:
    return asked[0], asked[2]  # of an arrow, shape means nothing here


def test_graphviz_sees_the_same_nodes_and_arrows() -> None:
    if shutil.which("gvpr") is None:
        pytest.skip("Graphviz is not installed")
    makes = Texts(Random(7))
    texts = [makes.graph() for _ in range(300)]
    seen = theirs(texts)
    assert len(seen) == len(texts)
    strict = [text for text in texts if text.startswith("strict")]
    assert len(strict) > 100
    for text, graph in zip(texts, seen, strict=True):
        if not _merges(text):
            assert ours(text) == graph, text


@pytest.mark.parametrize("seed", range(20))
def test_graphviz_says_the_same_language(seed: int) -> None:
    """Of a drawing, as it was made, as Graphviz writes it with its layout, and as Graphviz says in JSON what it is."""
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    automaton = random_automaton(seed, starts=1)
    text = as_dot(automaton, Random(seed))
    assert words_of(parse_grammar(text, format="dot")) == automaton.words()
    for form in ("dot", "canon", "xdot"):
        again = subprocess.run(["dot", f"-T{form}"], input=text.encode(), capture_output=True, check=True).stdout
        assert words_of(parse_grammar(again.decode(), format="dot")) == automaton.words()
    said = subprocess.run(["dot", "-Tdot_json"], input=text.encode(), capture_output=True, check=True).stdout
    assert of_json(json.loads(said)).words() == automaton.words()


def as_dot(automaton: Automaton, rng: Random) -> str:
    """As people draw a nondeterministic automaton; the arrows of equal ends may share one, their symbols a label."""
    double = "node [shape = doublecircle]; " + " ".join(automaton.final) + ";"
    marks = [f"{state} [shape=doublecircle];" for state in automaton.final]
    arrow, first = rng.choice(['""', "hidden", "__start0"]), automaton.start[0]
    start = f'{arrow} [shape={rng.choice(["point", "none", "plaintext"])}, label=""]; {arrow} -> {first};'
    epsilon = rng.choice(["ε", "&epsilon;", "eps", "λ"])
    edges = [f'{p} -> {q} [label="{symbol or epsilon}"];' for p, symbol, q in automaton.moves]
    rng.shuffle(edges)
    nodes = [*([double, "node [shape = circle];"] if rng.random() < 0.5 else marks), start]
    return "\n    ".join(["digraph finite_state_machine {", "rankdir=LR;", *nodes, *edges]) + "\n}\n"


def of_json(drawing: dict[str, list[dict[str, str]]]) -> Automaton:
    names = {node["_gvid"]: node["name"] for node in drawing["objects"]}
    hidden = {node["_gvid"] for node in drawing["objects"] if node.get("shape") in ("point", "none", "plaintext")}
    ways = [(names[each["tail"]], each.get("label", ""), names[each["head"]]) for each in drawing["edges"]]
    read = [(p, symbol if symbol in "ab" else None, q) for p, symbol, q in ways if symbol]
    start = [names[each["head"]] for each in drawing["edges"] if each["tail"] in hidden]
    return Automaton(read, start, [node["name"] for node in drawing["objects"] if node.get("shape") == "doublecircle"])


LABELS = (
    *(
        r'"\T, \H: \E"',
        r'"\N \L \G \x"',
        r'"\\T \\n"',
        r'"a\"b"',
        '"&lt;&hearts;&check;&thinsp;&apos;&amp;amp;"',
        '"&#65;&#x42;"',
    ),
    *(r"<\T\N\\G\n>", "<p\nq\tr>", "<&gt;<b>x</b>>", "<<!-- y -->z>"),
)


def test_graphviz_shows_the_same_labels() -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    text = f"digraph g {{ {' '.join(f't{i} -> h{i} [label={label}]' for i, label in enumerate(LABELS))} }}"
    tree = file_format("dot").read(text, Limits(), several=False).tree  # type: ignore[call-arg]
    assert isinstance(tree, Mapping)
    run = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True)
    drawn = re.findall(r'class="edge">\n<title>t([0-9]+)(.*?)</g>', run.stdout.decode(), re.DOTALL)
    seen = {int(i): unescape("".join(re.findall("<text[^>]*>([^<]*)</text>", inside))) for i, inside in drawn}
    assert {i: rule.symbol.text for i, rule in enumerate(tree_to_draft(tree).rules)} == seen


def _merges(text: str) -> bool:
    """Whether an edge of a strict graph says something else than the one before, which we refuse."""
    outline = Outline(Limits())
    draw(text, outline, Limits())
    return bool(outline.problems)


def test_graphviz_draws_what_is_written() -> None:
    """One process draws them all; it says on standard error whatever it does not like."""
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    texts = []

    @settings(max_examples=60)
    @given(nasty() | nasty("edges") | grammars(*VALID))
    def collect(grammar: Grammar) -> None:
        texts.append(convert(grammar, "dot"))

    collect()
    run = subprocess.run(["dot", "-Tsvg"], input="\n".join(texts).encode(), capture_output=True, check=True)
    said = [line for line in run.stderr.decode().splitlines() if not re.search("[Ff]ont", line)]
    assert said == []
    assert run.stdout.count(b"</svg>") == len(texts)
