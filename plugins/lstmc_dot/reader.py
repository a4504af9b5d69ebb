"""From a drawing to a grammar: which nodes are states, and where strings start.

    s -> s0        nobody sees s, nothing leads to it, and its arrows say nothing: they come from nowhere, s0 starts
    s0 [shape=doublecircle]        s0 accepts, as with peripheries=2
    s0 -> s1 [label="a/x"]         a rule, see labels.py

Attributes of ours go before what is drawn: `start`, `accept`, `end`, `output` and `state` of a node, `symbol`,
`output` and `probability` of an edge, `alphabet` and `name` of the graph.
"""

import re

from lstmc.grammar.formats import (
    Limits,
    Outline,
    Reading,
    Scalar,
    Sequence,
    Tree,
    did_you_mean,
    is_name,
    is_nearly_name,
    quoted,
)
from lstmc_dot.labels import BLANKS, text_of
from lstmc_dot.rules import Rules
from lstmc_dot.states import States, flags, is_plain
from lstmc_dot.syntax import OWN, Arrow, Drawing, Node, draw
from lstmc_dot.wanted import Wanted

# What tools call every graph, and so the name of none.
EVERY_GRAPH = (
    "%3",
    "a",
    "automaton",
    "fsm",
    "fst",
    "finite_state_machine",
    "g",
    "graph",
    "graphname",
    "state machine",
    "unnamed",
)

_SAYS = ("xlabel", *OWN["edge"])  # beside its label, what makes an arrow a rule
_SHAPELESS = ("none", "plaintext", "plain", "point")
_SYMBOL = re.compile(r"(?:[^ \t\r\n\\]++|\\.?+)++", re.DOTALL)
_ALIKE = 0.8  # how much an unknown attribute is like one of ours that it is taken for


def read_dot(text: str, limits: Limits, wanted: Wanted) -> Reading:
    """The tree of a DOT text. Raises Unreadable, LimitError."""
    outline = Outline(limits)
    drawing = draw(text, outline, limits)
    out = _ways_out(drawing)
    markers = _markers(drawing, out) or _visible_markers(drawing, out, outline)
    starts = {arrow.head.name for marker in markers for arrow in out[marker]}
    nodes = {name: node for name, node in drawing.nodes.items() if name not in markers}
    if not starts and not any(flags(node, "start") for node in nodes.values()):
        starts = set(list(nodes)[:1])
    _say_top(drawing, outline, limits)
    states = States(nodes, drawing, outline, wanted)
    arrows = [arrow for arrow in drawing.arrows if arrow.tail.name not in markers]
    rules = Rules(arrows, drawing, outline, wanted, limits)
    say_something = states.tell(starts, rules.have_outputs, rules.follow_chance) or rules.have_outputs
    rules.tell(states)
    if say_something and not any(flags(node, "accept") for node in nodes.values()):
        outline.let_strings_stop()
    _report_mistyped(drawing, outline)
    return outline.reading()


def name_in(id: str) -> str | None:
    """The name of the grammar that a graph's id stands for, if it does."""
    return id if (is_name(id) or is_nearly_name(id)) and id.casefold() not in EVERY_GRAPH else None


def _ways_out(drawing: Drawing) -> dict[str, list[Arrow]]:
    out: dict[str, list[Arrow]] = {name: [] for name in drawing.nodes}
    for arrow in drawing.arrows:
        out[arrow.tail.name].append(arrow)
    return out


def _markers(drawing: Drawing, out: dict[str, list[Arrow]]) -> set[str]:
    """The nodes that are no states."""
    entered = {arrow.head.name for arrow in drawing.arrows}
    return {name for name, node in drawing.nodes.items() if name not in entered and _is_marker(name, node, out[name])}


def _visible_markers(drawing: Drawing, out: dict[str, list[Arrow]], outline: Outline) -> set[str]:
    """Where nothing invisible points at a start, the nodes that are drawn but do no more than point at one."""
    if any(flags(node, "start") for node in drawing.nodes.values()) or not any(map(_says, drawing.arrows)):
        return set()
    entered = {arrow.head.name for arrow in drawing.arrows}
    found = {
        name: node
        for name, node in drawing.nodes.items()
        if name not in entered and out[name] and not any(map(_says, out[name])) and is_plain(node)
    }
    for name, node in found.items():
        message = f"node {quoted(name)} is taken for the arrow that shows the start: its edge has no label"
        help = "draw it with shape=point if that is meant; if it is a state, give its edges labels"
        outline.problem(drawing.place(node.word), "G073", message, help)
    return set(found)


def _says(arrow: Arrow) -> bool:
    """Whether something stands at an arrow."""
    return any(arrow.text(each).strip(BLANKS) for each in ("label", *_SAYS))


def _is_marker(name: str, node: Node, arrows: list[Arrow]) -> bool:
    """Whether a node that nothing leads to is no state: nobody sees it, and its arrows, if it has any, say nothing.

    Where there is a text to see in it, such as `start`, only its arrows make it one.
    """
    invisible = "invis" in node.text("style") or node.text("shape") == "point"
    if name and not invisible and node.text("shape") not in _SHAPELESS:
        return False
    if any(node.text(each) for each in OWN["node"]):
        return False
    label = node.text("label").replace("\\N", name) if "label" in node.attributes else name
    bare = invisible or not label.strip(BLANKS)
    silent = ("", "start") if bare else ("",)
    said = [arrow.text(each).strip(BLANKS) for arrow in arrows for each in ("label", *_SAYS)]
    return (bare or bool(arrows)) and all(text in silent for text in said)


def _say_top(drawing: Drawing, outline: Outline, limits: Limits) -> None:
    name, alphabet = drawing.attributes.get("name"), drawing.attributes.get("alphabet")
    if name is None and drawing.id is not None and name_in(drawing.id.text):
        name = drawing.id
    if name is not None and name.text:
        outline.say(name=Scalar(name.text, drawing.place(name)))
    if alphabet is not None and alphabet.text:
        place = drawing.place(alphabet)
        found = _SYMBOL.findall(alphabet.text)
        limits.refuse_more("values", len(found))
        symbols: list[Tree] = [Scalar(text_of(each), place) for each in found]
        outline.say(alphabet=Sequence(symbols, place))


def _report_mistyped(drawing: Drawing, outline: Outline) -> None:
    """DOT files carry any attribute; one that is nearly one of ours is more likely meant to be that."""
    for (of, name), word in drawing.others.items():
        hint = did_you_mean(name, OWN[of], _ALIKE) if len(name) < 20 else ""
        if hint:
            help = f"{hint} An attribute for other tools needs another name"
            outline.problem(drawing.place(word), "G050", f"unknown attribute {quoted(name)}", help)
