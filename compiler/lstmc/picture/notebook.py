"""How grammars, automata, programs, networks and traces show themselves in a notebook: as a graph, or as a table.

The tables take the colours of the notebook, light or dark; what is large is shortened, and says so.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

import networkx as nx
import numpy as np

from lstmc.automaton import NONE, Automaton
from lstmc.grammar import Grammar
from lstmc.network import Network, explain
from lstmc.network.trace import Step, Trace
from lstmc.picture.labels import short
from lstmc.picture.layout import layout
from lstmc.picture.svg import to_svg
from lstmc.program import PARTS, Program
from lstmc.program.text import formula, origin, words_of

MOST_STATES, MOST_CELLS, MOST_STEPS = 40, 40, 60  # that are shown
WIDEST = 1_000.0  # pixels of a graph
MOST_NAMES = 8  # of states, or of symbols that may come next
LONGEST = 160  # characters in a field of a table
SOME = 0.05  # of what is remembered: less counts as nothing

STYLE = """<style>
.lstmc{overflow-x:auto}
.lstmc table{border-collapse:collapse;font-size:13px;color:inherit;background:none}
.lstmc th,.lstmc td{padding:3px 8px;text-align:left;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.35);
background:none;color:inherit}
.lstmc .step{text-align:center;padding:3px 6px}
.lstmc .none{opacity:.4}
.lstmc code{background:none;color:inherit;white-space:nowrap}
.lstmc small{opacity:.8}
</style>"""


def grammar_svg(grammar: Grammar) -> str:
    """The graph; of a large grammar what is nearest to its start."""
    near = nearest(grammar, MOST_STATES)
    note = "" if near is grammar else f"the {MOST_STATES} states nearest to the start, of {len(grammar.graph):,}"
    return to_svg(layout(near), grammar.name, largest=WIDEST, note=note)


def nearest(grammar: Grammar, most: int) -> Grammar:
    """The states that are the fewest steps away from where strings start, with the rules between them."""
    if len(grammar.graph) <= most:
        return grammar
    queue = deque(grammar.start[:most])
    found = dict.fromkeys(queue)
    while queue and len(found) < most:
        for target in grammar.graph[queue.popleft()]:
            if target not in found and len(found) < most:
                found[target] = None
                queue.append(target)
    return Grammar(grammar.graph.subgraph(found))


def automaton_svg(automaton: Automaton) -> str:
    """The graph of an automaton, drawn as that of a grammar."""
    a = automaton
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=a.name, alphabet=list(a.alphabet))
    for q, state in enumerate(a.states):
        marks = {"start": bool(a.initial[q]), "accept": bool(a.accepting[q])}
        output = {} if a.state_output[q] == NONE else {"output": a.outputs[a.state_output[q]]}
        graph.add_node(state, **{mark: True for mark, given in marks.items() if given}, **output)
    for p, x, q, o, _ in a.each_move():
        said = {} if o == NONE else {"output": a.outputs[o]}
        graph.add_edge(a.states[p], a.states[q], symbol=a.alphabet[x], **said)
    return grammar_svg(Grammar(graph))


def program_html(program: Program) -> str:
    """Every cell with its rules and its tests, as formulas and in words."""
    rows = [
        [_text(cell.name), _text(origin(program, cell))]
        + [_test(formula(program, part, getattr(cell, part)), words_of(program, cell, part)) for part in PARTS]
        for cell in program.cells[:MOST_CELLS]
    ]
    a = program.automaton
    head = f"{short(a.name)}: a program of {len(program.cells):,} cells at -O{program.level}"
    titles = ["cell", "rules", *(part.replace("_", " ") for part in PARTS)]
    return _table(head, titles, rows, _left_out(len(program.cells), "cells"))


def network_html(network: Network) -> str:
    """Every cell with its rules and its tests, as stored and in words."""
    rows = [
        [_text(each.cell), _text(", ".join(each.rules)), *(_test(*test) for test in each.parts.values())]
        for each in islice(explain(network), MOST_CELLS)
    ]
    options = network.header.options
    head = (
        f"{short(network.name)}: a network of {network.size:,} cells, {len(network.alphabet):,} symbols; "
        f"{network.cell}, {network.header.dtype}, -O{options['level']}, gain {options['gain']:g}; "
        f"{network.nonzero:,} of {network.parameters:,} numbers are not 0"
    )
    titles = ["cell", "rules", *(network.title(part) for part in network.gates)]
    return _table(head, titles, rows, _left_out(network.size, "cells"))


def trace_html(trace: Trace) -> str:
    """The memory of each cell after each symbol, the states that are on, and what may come next."""
    steps = trace.steps[:MOST_STEPS]
    shown = _remembering(trace, steps)
    rows = [
        [_text(trace.cells[cell]), *(_number(float(step.parts["memory"][cell])) for step in steps)] for cell in shown
    ]
    rows.append(["<small>now in</small>", *(_listed(step.states, "no state") for step in steps)])
    rows.append(["<small>next</small>", *(_listed(step.next, "nothing") for step in steps)])
    titles = ["memory after", *(step.symbol for step in steps)]
    left = len(trace.cells) - len(shown)
    notes = [
        f"{left:,} cells stay empty, or have no room" if left else "",
        f"the first {MOST_STEPS} of {len(trace.steps):,} steps" if len(trace.steps) > MOST_STEPS else "",
    ]
    return _table(
        f"{len(trace.steps):,} symbols, {len(trace.cells):,} cells", titles, rows, "; ".join(filter(None, notes))
    )


def _remembering(trace: Trace, steps: Sequence[Step]) -> list[int]:
    """The cells to show: all, or of many those that remember something."""
    if len(trace.cells) <= MOST_CELLS:
        return list(range(len(trace.cells)))
    memory = np.array([step.parts["memory"] for step in steps]).reshape(len(steps), len(trace.cells))
    return [int(cell) for cell in np.flatnonzero((np.abs(memory) > SOME).any(axis=0))[:MOST_CELLS]]


def _left_out(count: int, things: str) -> str:
    return f"and {count - MOST_CELLS:,} more {things}" if count > MOST_CELLS else ""


def _text(text: str) -> str:
    return escape(short(text, LONGEST))


def _test(in_symbols: str, in_words: str) -> str:
    return f"{_text(in_words)}<br><small><code>{_text(in_symbols)}</code></small>"


def _number(value: float) -> str:
    """The stronger its colour, the nearer to 1; 0 is faint."""
    if not value:
        return '<span class="step none">0</span>'
    depth = min(1.0, abs(value))
    colour = "rgba(33,118,199" if value >= 0 else "rgba(200,60,40"
    return f'<span class="step" style="background:{colour},{depth * 0.55:.2f})">{value:.3g}</span>'


def _listed(names: Sequence[str], nothing: str) -> str:
    """Names below each other; of many the first ones."""
    shown = [short(name) for name in names[:MOST_NAMES]] + (
        [f"… (+{len(names) - MOST_NAMES})"] if len(names) > MOST_NAMES else []
    )
    return f"<small>{'<br>'.join(map(escape, shown)) or nothing}</small>"


def _table(head: str, titles: Iterable[str], rows: Iterable[Sequence[str]], note: str) -> str:
    """Rows hold HTML, everything else text."""
    above = "".join(f"<th>{_text(title)}</th>" for title in titles)
    body = "".join(f"<tr><th>{first}</th>{''.join(f'<td>{each}</td>' for each in rest)}</tr>" for first, *rest in rows)
    below = f"<p><small>{escape(note)}</small></p>" if note else ""
    table = f"<table><thead><tr>{above}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="lstmc">{STYLE}<p>{escape(head)}</p>{table}{below}</div>'
