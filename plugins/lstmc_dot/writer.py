"""From a grammar to DOT text that a person can read, Graphviz can draw, AALpy can load, and `reader` reads back.

0 -> 1 [label="a/x:0.5"];                  a label that says just this to the reader
0 -> 1 [label="a/b", symbol="a/b"];        one that does not, and what it stands for
"""

import re

from lstmc.grammar import Grammar
from lstmc.grammar.formats import stops_nowhere
from lstmc.grammar.grammar import EPSILON
from lstmc_dot.labels import Move, field_text, is_number, move, node_fields, parts, reads_nothing, shown
from lstmc_dot.reader import name_in
from lstmc_dot.tokens import KEYWORDS

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)")
_NO_ID = re.compile(r"[\\\n\r\t]")  # what no id of DOT can hold, or what tools change in one
_ENTITY = re.compile(r"&(?=[#A-Za-z0-9]+;)")
_IN_A_TEXT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LARGEST_WHOLE = 2.0**53  # up to here a whole number is written without a point


def grammar_to_dot(grammar: Grammar) -> str:
    """The text of a DOT file."""
    names = _node_names(grammar)
    lines = [*_top(grammar), *_states(grammar, names), *_starts(grammar, names), *_rules(grammar, names)]
    title = _id(grammar.name) + " " if name_in(grammar.name) else ""
    return "\n".join([f"digraph {title}{{", *(f"    {line};" for line in lines), "}"]) + "\n"


def _top(grammar: Grammar) -> list[str]:
    lines = [] if name_in(grammar.name) else [f"name={_id(grammar.name)}"]
    if grammar.alphabet != grammar.used:
        symbols = " ".join(_text(symbol).replace(" ", "\\ ") for symbol in grammar.alphabet)
        lines.append(f"alphabet={_quoted(symbols)}")
    return [*lines, "rankdir=LR", "node [shape=circle]"]


def _node_names(grammar: Grammar) -> dict[str, str]:
    """A node for each state: its id, or something like it where DOT cannot hold that."""
    taken = {state for state in grammar.graph if not _NO_ID.search(state)}
    names, number = {}, 0
    for state in grammar.graph:
        name = _NO_ID.sub("_", state)
        while state != name and name in taken:
            number += 1
            name = f"{_NO_ID.sub('_', state)}_{number}"
        taken.add(name)
        names[state] = name
    return names


def _states(grammar: Grammar, names: dict[str, str]) -> list[str]:
    lines = []
    endless = stops_nowhere(grammar)
    for state, data in grammar.graph.nodes(data=True):
        label, given = _in_a_label(state).replace(" / ", " \\/ ").replace("|", "\\|"), []
        if "output" in data:
            label = f"{_in_a_record(state)}|{_in_a_record(data['output'])}"
            given += ["shape=record", "style=rounded"]
        if data.get("accept"):
            given.append("peripheries=2" if "output" in data else "shape=doublecircle")
        if "output" in data and _field(label, names[state]) != data["output"]:
            given.append(f"output={_quoted(_text(data['output']))}")
        if "end" in data:
            given.append(f"end={data['end']!r}")
        if "pos" in data:
            given.append(f'pos="{_number(data["pos"][0])},{_number(-data["pos"][1])}!"')
        if endless:
            given.append("accept=false")
        if names[state] != state:
            given.append(f"state={_quoted(_text(state))}")
        lines.append(f"{_id(names[state])} [{', '.join([f'label={_quoted(label)}', *given])}]")
    return lines


def _field(label: str, name: str) -> str | None:
    """The output that a label says."""
    fields = node_fields(label, is_html=False)
    return field_text(fields[1], is_html=False, names={"N": name}) if len(fields) == 2 else None


def _starts(grammar: Grammar, names: dict[str, str]) -> list[str]:
    """An arrow into each start, from a node that nobody sees."""
    taken = set(names.values())
    lines, number = [], 0
    for state in grammar.start:
        while (marker := f"__start{number}") in taken:
            number += 1
        taken.add(marker)
        lines += [f'{marker} [shape=none, label=""]', f"{marker} -> {_id(names[state])}"]
    return lines


def _rules(grammar: Grammar, names: dict[str, str]) -> list[str]:
    edges = list(grammar.graph.edges(data=True))
    weighted = any("probability" in data for *_, data in edges)
    lines = []
    for source, target, data in edges:
        if "epsilon" in data:
            lines.append(f"{_id(names[source])} -> {_id(names[target])} [label={_quoted(EPSILON)}]")
            continue
        probability = data.get("probability")
        meant = Move(data["symbol"], data.get("output"), None if probability is None else repr(probability))
        given = ", ".join(_label(meant, weighted))
        lines.append(f"{_id(names[source])} -> {_id(names[target])} [{given}]")
    return lines


def _label(meant: Move, weighted: bool) -> list[str]:
    """The label of a rule, and attributes of ours where it would be read in another way."""
    text = meant.symbol + ("" if meant.output is None else f"/{meant.output}")
    text += "" if meant.probability is None else f":{meant.probability}"
    label = _in_a_label(text)
    given = [f"label={_quoted(label)}"]
    if _says(label, meant, weighted):
        return given
    given.append(f"symbol={_quoted(_text(meant.symbol))}")
    given += [] if meant.output is None else [f"output={_quoted(_text(meant.output))}"]
    return given + ([] if meant.probability is None else [f"probability={meant.probability}"])


def _says(label: str, meant: Move, weighted: bool) -> bool:
    """Whether a label is read as what is meant, whatever stands in the others."""
    text = shown(label, is_html=False)
    if parts(text) != [text] or reads_nothing(text) or reads_nothing(meant.symbol) or is_number(text):
        return False
    return move(text, weighted=True) == meant == (meant if weighted else move(text, weighted=False))


def _id(text: str) -> str:
    is_bare = _BARE.fullmatch(text) and text.casefold() not in KEYWORDS
    return text if is_bare else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _text(text: str) -> str:
    """What `text_of` reads as that text."""
    return re.sub(r"[\\\n\r\t]", lambda match: _IN_A_TEXT[match[0]], text)


def _in_a_label(text: str) -> str:
    """What Graphviz shows as that text."""
    return _ENTITY.sub("&amp;", text.replace("\\", "\\\\").replace("\r", "\n").replace("\n", "\\n"))


def _in_a_record(text: str) -> str:
    return re.sub(r"[{}|<>]", lambda match: "\\" + match[0], _in_a_label(text))


def _number(value: float) -> str:
    if value == int(value) and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return repr(value)
