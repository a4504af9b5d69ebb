"""From DOT text to nodes and arrows, as Graphviz makes them.

    digraph { node [shape=circle]; a -> {b c} [label=x] }      nodes a, b, c: shape=circle; arrows a → b, a → c: label=x

Defaults (`node [...]`) hold for what is first named after them, in their group and the groups inside it. Of all
attributes only those are kept that can mean something for a grammar: few, so no file makes their copies costly.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from lstmc.grammar.formats import Limits, Outline, Place, quoted, visible
from lstmc_dot.tokens import Word, Words

DEEPEST = 64  # groups inside one another

OWN = {  # attributes of ours, which no Graphviz has: what they are of
    "graph": ("alphabet", "name"),
    "node": ("accept", "accepting", "end", "final", "initial", "output", "start", "state"),
    "edge": ("output", "probability", "symbol"),
}
_DRAWN = {
    "graph": (),
    "node": ("label", "peripheries", "pos", "shape", "style"),
    "edge": ("dir", "key", "label", "style", "xlabel"),
}
_KEPT = {of: frozenset(OWN[of] + _DRAWN[of]) for of in OWN}

Attributes = dict[str, Word]


class Mention(NamedTuple):
    """A node, where it is named."""

    name: str
    word: Word


class _Attributed:
    attributes: Attributes

    def text(self, attribute: str) -> str:
        """What an attribute says; nothing where it is not there."""
        word = self.attributes.get(attribute)
        return word.text if word else ""


@dataclass
class Node(_Attributed):
    word: Word
    attributes: Attributes


@dataclass
class Arrow(_Attributed):
    tail: Mention
    head: Mention
    attributes: Attributes


@dataclass
class Drawing:
    """All of it, in the order of the file. `others`: the names of attributes that mean nothing here."""

    words: Words
    id: Word | None = None
    attributes: Attributes = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    others: dict[tuple[str, str], Word] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What \\G stands for in a label."""
        return self.id.text if self.id else ""

    def place(self, word: Word) -> Place:
        return self.words.place(word)


@dataclass
class _Group:
    """What stands between braces: nodes, defaults of its own, and groups with a name, which may be opened again."""

    members: dict[str, Word] = field(default_factory=dict)
    own: dict[str, Attributes] = field(default_factory=lambda: {"graph": {}, "node": {}, "edge": {}})
    named: dict[str, "_Group"] = field(default_factory=dict)


@dataclass
class _Open:
    """A group while it is read. `defaults`: all that hold here. `chain`: what its statement has named before it."""

    group: _Group
    defaults: dict[str, Attributes]
    chain: "list[_End]"


# What an arrow begins or ends at. A group is asked for its nodes when the statement is whole: they may be more by then.
_End = list[Mention] | _Group


def draw(text: str, outline: Outline, limits: Limits) -> Drawing:
    """The nodes and arrows of a text. Raises Unreadable where it is no DOT, LimitError where there are too many."""
    return _Parser(Words(text, outline), outline, limits).graph()


class _Parser:
    def __init__(self, words: Words, outline: Outline, limits: Limits) -> None:
        self.words = words
        self.drawing = Drawing(words)
        self._outline = outline
        self._limits = limits
        self._strict = False
        self._same: dict[tuple[str, str, str | None], Arrow] = {}
        self._memberships = 0
        self._mentions = 0
        self._drawn = 0
        self._open = [_Open(_Group(), {"graph": {}, "node": {}, "edge": {}}, [])]

    def graph(self) -> Drawing:
        self._head()
        while self._open:
            self._statement()
        if self.words.next.kind != "end":
            second = self.words.next.is_keyword("strict", "graph", "digraph")
            message = "a second graph" if second else f"{self.words.next} after the graph"
            help = "a file holds one grammar: write each to a file of its own" if second else "take it out"
            self.words.stop(self.words.next, message, help, "G071" if second else "G070")
        return self.drawing

    def _head(self) -> None:
        words = self.words
        if words.next.is_keyword("strict"):
            words.take()
            self._strict = True
        kind = words.take()
        if kind.is_keyword("graph"):
            help = "write `digraph` and `->`: the edges of a grammar have a direction"
            words.stop(kind, "the graph is undirected", help, "G007")
        if not kind.is_keyword("digraph"):
            words.stop(kind, f"{kind} where `digraph` must stand", "a DOT file begins with `digraph {`")
        if words.next.is_id():
            self.drawing.id = words.expect_id("a name")
        words.expect("{")

    def _statement(self) -> None:
        words = self.words
        if words.skip(";"):
            return
        if words.next.kind == "end":
            words.stop(words.next, "a graph that does not end", "add the `}` that is missing")
        if words.skip("}"):
            self._close()
        elif words.next.is_keyword("graph", "node", "edge"):
            of = words.take().text.casefold()
            if words.next.text != "[":
                words.stop(words.next, f"{words.next} where `[` must stand", f'put "{of}" in quotes if it is a node')
            self._default(of, self._attributes(of))
        elif self._at_group():
            self._group([])
        else:
            self._node_or_setting()

    def _node_or_setting(self) -> None:
        first = self.words.expect_id("a node")
        if self.words.skip("="):
            value = self.words.expect_id("a value")
            if first.text in _KEPT["graph"]:
                self._default("graph", {first.text: value})
        else:
            self._after([], self._nodes(first))

    def _nodes(self, first: Word) -> list[Mention]:
        """Nodes separated by commas, the first of which is read; their ports mean nothing here."""
        found = []
        word = first
        while True:
            found.append(self._mention(word))
            for _ in range(2):
                if self.words.skip(":"):
                    self.words.expect_id("a port")
            if not self.words.skip(","):
                return found
            word = self.words.expect_id("a node")

    def _after(self, chain: list[_End], end: _End) -> None:
        """What follows a node or group: arrows to others, then attributes, or nothing."""
        words = self.words
        while words.skip("->"):
            chain.append(end)
            self._limits.refuse_more("edges", len(chain))
            if self._at_group():
                self._group(chain)
                return  # it goes on where the group is closed
            end = self._nodes(words.expect_id("a node"))
        if words.next.kind == "sign" and words.next.text == "--":
            words.stop(words.next, "an edge without direction in a directed graph", "write `->`", "G007")
        if chain:
            self._arrows([*chain, end], self._attributes("edge"))
        elif isinstance(end, list):
            given = self._attributes("node")
            for mention in end:
                self.drawing.nodes[mention.name].attributes.update(given)

    def _at_group(self) -> bool:
        word = self.words.next
        return word.is_keyword("subgraph") or (word.kind == "sign" and word.text == "{")

    def _group(self, chain: list[_End]) -> None:
        """Open a group; one of a name that is there already goes on where it ended."""
        words = self.words
        name = None
        if words.next.is_keyword("subgraph"):
            words.take()
            name = words.expect_id("a name").text if words.next.is_id() else None
        words.expect("{")
        around = self._open[-1]
        group = _Group() if name is None else around.group.named.setdefault(name, _Group())
        defaults = {of: {**values, **group.own[of]} for of, values in around.defaults.items()}
        self._open.append(_Open(group, defaults, chain))
        if len(self._open) > DEEPEST:
            words.stop(words.next, f"groups nested deeper than {DEEPEST}", "a grammar needs none", "G065")

    def _close(self) -> None:
        """The nodes of a group are nodes of the group around it too."""
        closed = self._open.pop()
        if not self._open:
            return
        members = closed.group.members
        self._memberships += len(members)
        self._limits.refuse_more("values", self._memberships)
        for name, word in members.items():
            self._open[-1].group.members.setdefault(name, word)
        self._after(closed.chain, closed.group)

    def _mention(self, word: Word) -> Mention:
        """The node of that name, made where it is new."""
        if word.kind == "html":
            self.words.stop(word, "a node that is named by an HTML text", "name it by a quoted text", "G071")
        self._mentions += 1
        self._limits.refuse_more("values", self._mentions)
        if word.text not in self.drawing.nodes:
            self.drawing.nodes[word.text] = Node(word, dict(self._open[-1].defaults["node"]))
            self._limits.refuse_more("states", len(self.drawing.nodes))
        self._open[-1].group.members.setdefault(word.text, word)
        return Mention(word.text, word)

    def _arrows(self, chain: list[_End], given: Attributes) -> None:
        defaults = self._open[-1].defaults["edge"]
        for tails, heads in pairwise(map(_mentions, chain)):
            for tail in tails:
                for head in heads:
                    self._arrow(Arrow(tail, head, {**defaults, **given}), given)

    def _arrow(self, arrow: Arrow, given: Attributes) -> None:
        """Add it, or what it says to the one that DOT takes it for: with its `key`, or any if the graph is strict."""
        self._drawn += 1
        self._limits.refuse_more("edges", self._drawn)
        key = arrow.attributes.get("key")
        if self._strict or key:
            ends = (arrow.tail.name, arrow.head.name, None if self._strict or key is None else key.text)
            same = self._same.setdefault(ends, arrow)
            if same is not arrow:
                self._merge(same, arrow, given)
                return
        self.drawing.arrows.append(arrow)

    def _merge(self, same: Arrow, arrow: Arrow, given: Attributes) -> None:
        for name, value in given.items():
            before = same.attributes.get(name)
            if name in ("label", "symbol", "output", "probability") and before and before.text != value.text:
                ends = f"from {quoted(arrow.tail.name)} to {quoted(arrow.head.name)}"
                why = "the graph is strict" if self._strict else "both have this key"
                message = f"another edge {ends}, but {why}, so DOT takes the two for one"
                help = "take out `strict`" if self._strict else "give each edge a key of its own, or none"
                self._outline.problem(self.drawing.place(arrow.tail.word), "G071", message, help)
                return
        same.attributes.update(given)

    def _attributes(self, of: str) -> Attributes:
        """What stands between brackets, if brackets follow."""
        words = self.words
        found: Attributes = {}
        while words.skip("["):
            while not words.skip("]"):
                name = words.expect_id("an attribute")
                words.expect("=", f"write {visible(name.text[:40])}=... or take it out")
                value = words.expect_id("a value")
                words.skip(",", ";")
                if name.text in _KEPT[of]:
                    found[name.text] = value
                elif len(self.drawing.others) < 1000:  # enough to find a mistyped one
                    self.drawing.others.setdefault((of, name.text), name)
        return found

    def _default(self, of: str, given: Attributes) -> None:
        if of == "graph" and len(self._open) == 1:
            self.drawing.attributes.update(given)
        self._open[-1].defaults[of].update(given)
        self._open[-1].group.own[of].update(given)


def _mentions(end: _End) -> list[Mention]:
    return end if isinstance(end, list) else [Mention(name, word) for name, word in end.members.items()]
