"""What is picked is explained: wires from what it reads, its formula, its rules. A symbol is seen piece by piece."""

import networkx as nx
import pytest
from subjects import illustration, subject
from visits import Visit

import lstmc
from lstmc.grammar.read import parse_grammar
from lstmc.picture.page import illustrate

READ = """
document.body.hidden = true; // nothing need be laid out
const found = [];
for (const cell of document.querySelectorAll(`#parts tr[data-part='${argument}'] td`)) {
  cell.click();
  const sources = [...document.querySelectorAll("#parts td.source")];
  const names = sources.map((each) => `${each.closest("tr").dataset.part} ${each.dataset.cell}`).sort();
  found.push([names, document.querySelectorAll("#wires path").length]);
}
return found;
"""
LIT = """
return [...document.querySelectorAll("#parts tr[data-part='memory'] td.lit")].map((cell) => Number(cell.dataset.cell));
"""


EMAIL = """
nodes: [{id: begin, start: true}, {id: local}, {id: at}, {id: domain}, {id: dot}, {id: tld, accept: true}]
edges:
  - {source: begin, target: local, symbols: [a-z, 0-9, _]}
  - {source: local, target: local, symbols: [a-z, 0-9, _, .]}
  - {source: local, target: at, symbol: "@"}
  - {source: at, target: domain, symbols: a-z}
  - {source: domain, target: domain, symbols: a-z}
  - {source: domain, target: dot, symbol: .}
  - {source: dot, target: tld, symbols: a-z}
  - {source: tld, target: tld, symbols: a-z}
"""
ARROWS = """
return [...document.querySelectorAll(`#graph [data-rule].${argument}`)].map((label) => label.dataset.text).sort();
"""


def test_moves_that_read_nothing_light_up_with_the_one_that_follows(visit):
    graph = nx.MultiDiGraph(name="blocks")
    graph.add_node("s", start=True)
    graph.add_node("e", accept=True)
    graph.add_edges_from((("s", "m", {"epsilon": True}), ("m", "e", {"symbol": "b"}), ("e", "s", {"epsilon": True})))
    grammar = lstmc.Grammar.from_graph(graph)
    on_page = visit("blocks", text=illustrate(lstmc.compile(grammar), grammar))
    on_page.type("bb")
    on_page.go(1)
    assert on_page.ask(ARROWS, "moved") == ["m –b→ e", "s –ε→ m"]
    assert on_page.ask(ARROWS, "allowed") == ["e –ε→ s", "m –b→ e", "s –ε→ m"]
    on_page.go(2)
    assert on_page.ask(ARROWS, "moved") == ["e –ε→ s", "m –b→ e", "s –ε→ m"]


OVERLAPS = """
const boxes = [...document.querySelectorAll("#graph .box")].map((hit) => hit.getBoundingClientRect());
return boxes.flatMap((a, n) => boxes.slice(n + 1).filter((b) => a.left < b.right && b.left < a.right &&
  a.top < b.bottom && b.top < a.bottom)).length;
"""


def test_labels_of_many_symbols_are_ranges_that_light_up_and_are_picked(visit):
    grammar = parse_grammar(EMAIL, name="email")
    on_page = visit("email", text=illustrate(lstmc.compile(grammar), grammar))
    texts = "return [...document.querySelectorAll('#graph [data-rule] text')].map((text) => text.textContent)"
    assert on_page.ask(texts) == ["0–9", "_", "a–z", ".", "0–9", "_", "a–z", "@", "a–z", "a–z", ".", "a–z", "a–z"]
    assert on_page.ask(OVERLAPS) == 0
    assert on_page.ask(ARROWS, "allowed") == ["begin –0–9→ local", "begin –_→ local", "begin –a–z→ local"]
    on_page.type("k7@e")
    on_page.go(1)
    assert on_page.ask(ARROWS, "moved") == ["begin –a–z→ local"]
    on_page.go(2)
    assert on_page.ask(ARROWS, "moved") == ["local –0–9→ local"]
    on_page.click("#graph [data-rule]", 12)
    assert on_page.ask(ARROWS, "picked") == ["tld –a–z→ tld"]


@pytest.mark.parametrize("name", ["reber", "reber toy", "third-from-end"])
def test_wires_come_from_exactly_what_a_number_reads(visit, name):
    network = subject(name).network
    on_page = visit(name)
    on_page.type(network.alphabet[0] * 2)
    on_page.go(1)
    before = "reader before" if network.cell == "lstm" else "memory before"
    for part in network.gates:
        expected = []
        for cell in range(network.size):
            test = network.test(cell, part)
            read = [f"input {x}" for x, _ in test.symbols] + [f"{before} {k}" for k, _ in test.cells]
            expected.append([sorted(read), len(read)])
        assert on_page.ask(READ, part.replace("_", " ")) == expected, part


def test_the_formula_is_that_of_explain(visit):
    """In symbols, with the numbers of this step put in, as a number, in words, with its rules."""
    on_page = visit("reber")
    on_page.type("BPTT")
    on_page.go(3)
    names = [label.name for label in subject("reber").network.header.cells]
    on_page.click("#parts tr[data-part='eraser'] td", names.index("5 by P"))
    told = on_page.frame.inner_text("#formula")
    assert "= σ(512·T + 336·h[5 by P] − 640)\n= σ(512·1 + 336·0.762 − 640)\n= σ(127.9)\n= 1\n" in told
    assert "keeps while it is on and T repeats, else erases" in told
    assert "0 –P→ 5" in told
    assert "5 –T→ 5" in told
    on_page.click("#formula .rules button", 1)
    assert "5 –T→ 5" in on_page.frame.inner_text("#formula")


def test_what_is_not_computed_yet_says_what_it_does_and_no_more(visit):
    """And a row that is computed from nothing has no formula."""
    on_page = visit("reber")
    on_page.type("BT")
    on_page.go(1)
    on_page.click("#parts tr[data-part='eraser'] th")
    assert on_page.frame.locator("#formula-content .formula").all_text_contents() == [
        "σ(weights·input + weights·h + bias)"
    ]
    on_page.click("#parts tr[data-part='input'] th")
    assert on_page.frame.locator("#formula-content .formula").count() == 0
    on_page.click("#parts tr[data-part='input'] th")
    on_page.set("#detail", "cell")
    on_page.click("#step")
    for part, words in (("eraser", 1), ("memory", 0)):
        on_page.click(f"#parts tr[data-part='{part}'] td", 3)
        assert on_page.frame.locator("#formula-content .formula").count() == 0
        assert on_page.frame.locator("#formula-content .words").count() == words, part


def test_a_rule_lights_its_cells(visit):
    network, grammar = subject("reber").network, subject("reber").grammar
    on_page = visit("reber")
    rules = on_page.ask("return [...document.querySelectorAll('#graph [data-rule]')].map((rule) => rule.dataset.rule)")
    assert len(rules) == grammar.graph.number_of_edges()
    for number, rule in enumerate(rules):
        source, symbol, target = rule.split("|")
        on_page.click("#graph [data-rule]", number)
        named = f"{source} –{symbol}→ {target}"
        assert on_page.ask(LIT) == [k for k, label in enumerate(network.header.cells) if named in label.rules]


PIECES = """
document.body.hidden = true;
document.querySelector("#detail").value = argument;
document.querySelector("#detail").dispatchEvent(new Event("change", { bubbles: true }));
const count = () => document.querySelectorAll("#parts [data-value]").length;
const press = (name) => document.querySelector(name).click();
press("#reset");
const [seen, counts] = [[everything()], []];
do {
  press("#step");
  seen.push(everything());
  counts.push([window.lstmc.position(), count()]);
} while (window.lstmc.position() < 4);
let same = true;
for (let n = seen.length - 2; n >= 0; n--) {
  press("#back");
  same = same && everything() === seen[n];
}
return [same, counts, document.querySelectorAll("#parts td").length];
"""


@pytest.mark.parametrize(("detail", "pieces"), [("part", 12), ("cell", 120)])
def test_a_symbol_is_shown_piece_by_piece_and_back(visit, detail, pieces):
    """In the order of the rows, every piece one more than before, and back the same way to the same bits."""
    on_page = visit("reber")
    on_page.type("BTSX")
    same, counts, everything = on_page.ask(PIECES, detail)
    assert same
    shown = [count for position, count in counts if position == 2]
    assert len(shown) == pieces
    assert shown == sorted(set(shown))
    assert shown[-1] == everything
    assert (shown == list(range(1, everything + 1))) == (detail == "cell")


def test_without_a_grammar_there_is_no_graph_but_all_else(visit):
    """Weights alone, and weights with nothing but their certificate."""
    found = subject("reber")
    alone = visit("alone", text=illustrate(found.network))
    proved = visit("proved", text=illustrate(found.network, certificate=found.certificate.to_bytes()))
    for on_page in (alone, proved):
        on_page.type("BTX")
        on_page.go(3)
        assert on_page.allowed() == {"S", "X"}
    assert not alone.frame.is_visible("#graph")
    assert "no graph" in alone.frame.inner_text("body")
    assert proved.lit() == {"2"}


def test_a_page_that_does_what_it_should_not_is_heard(browser, tmp_path):
    """So the silence of all the other tests means something."""
    page = tmp_path / "loud.html"
    loud = """<script type="module">
    window.lstmc = { ready: true };
    console.log("said");
    alert("shown");
    new Image().src = "https://example.org/picture.png";
    setTimeout(() => { throw new Error("thrown") });
    </script>"""
    page.write_text(illustration("reber").split("<head>")[0] + loud, "utf-8")
    heard = Visit(browser, page)
    heard.page.wait_for_timeout(100)
    heard.close()
    said = " ".join(heard.faults)
    assert all(word in said for word in ("said", "shown", "https://example.org", "thrown")), said
