"""What a drawing says of its states: where strings end, what the states put out, and where they stand."""

import re

from lstmc.grammar.formats import Outline, Scalar, Sequence, Tree, quoted
from lstmc_dot.labels import BLANKS, SLASH, field_text, node_fields, text_of
from lstmc_dot.syntax import OWN, Drawing, Node
from lstmc_dot.tokens import Word
from lstmc_dot.wanted import Wanted

_DOUBLE = ("doublecircle", "doubleoctagon", "tripleoctagon")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_POSITION = re.compile(r"\s*([^\s,!]++)\s*,\s*([^\s,!]++)\s*(?:,[^,!]*)?!?\s*")
_NUMBER = re.compile(r"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,9}")
_TAIL = re.compile(r"([A-Za-z]*_?)([0-9]++)")
_NAMES = ("acceptor", "mealy", "chain")  # where the label of a node is no output
_MOORE = "if they are outputs, `--set kind=moore` says so"


class States:
    """`ids`: what a state is called in the grammar, by the name of its node."""

    def __init__(self, nodes: dict[str, Node], drawing: Drawing, outline: Outline, wanted: Wanted) -> None:
        self._drawing = drawing
        self._outline = outline
        self._nodes = nodes
        self._wanted = wanted
        self.ids = {name: self._id(name, node).text for name, node in nodes.items()}
        self._texts = {name: self.label(name) for name in nodes}

    def tell(self, starts: set[str], rules_have_outputs: bool, follow_chance: bool) -> bool:
        """Every state, where those of `starts` start. Whether one has an output, or would if chance did not decide."""
        outputs = {} if follow_chance or self._wanted.kind in _NAMES else self._outputs(rules_have_outputs)
        for name, node in self._nodes.items():
            fields: dict[str, Tree] = {}
            self._flag(fields, "start", node, name in starts, "an arrow leads into it from nowhere")
            self._flag(fields, "accept", node, _is_double(node), "it is drawn with two circles")
            if (end := node.text("end")) and self._wanted.probabilities == "read":
                fields["end"] = self._scalar(node.attributes["end"], end)
            output = self._own_output(node) if "output" in node.attributes else outputs.get(name)
            if output is not None:
                fields["output"] = output
            self._position(fields, node)
            self._outline.state(self._id(name, node), **fields)
        return follow_chance or bool(outputs) or any(node.text("output") for node in self._nodes.values())

    def label(self, name: str) -> str:
        """What a person sees in a node that has a label of its own."""
        label = self._nodes[name].attributes.get("label")
        return "" if label is None else self._shown(label, name, label.text)

    def _shown(self, label: Word, name: str, part: str) -> str:
        names = {"N": name, "G": self._drawing.title, "E": ""}
        return field_text(part, label.kind == "html", names)

    def _id(self, name: str, node: Node) -> Scalar:
        own = node.text("state")
        return self._scalar(node.attributes["state"], text_of(own)) if own else self._scalar(node.word, name)

    def _own_output(self, node: Node) -> Scalar | None:
        own = node.attributes["output"]
        return self._scalar(own, text_of(own.text)) if own.text else None

    def _outputs(self, rules_have_outputs: bool) -> dict[str, Scalar]:
        """What the labels say that the states put out."""
        labels = {name: node.attributes["label"] for name, node in self._nodes.items() if "label" in node.attributes}
        slashed = len(labels) == len(self._nodes) and all(SLASH in label.text for label in labels.values())
        labels = {name: label for name, label in labels.items() if "output" not in self._nodes[name].attributes}
        outputs, loose = {}, []
        for name, label in labels.items():
            fields = label.text.split(SLASH, 1) if slashed else node_fields(label.text, label.kind == "html")
            if len(fields) > 1 and not slashed and not _is_record(self._nodes[name], label):
                loose += [(name, label)] if len(fields) == 2 else []
                fields = fields if len(fields) == 2 else []
            if len(fields) > 2:
                message = (
                    f"the label of state {quoted(name)} has {len(fields)} fields: a state, an output, and what else?"
                )
                help = 'write "state|output", or output="..." beside the label; output="" is none'
                self._outline.problem(self._drawing.place(label), "G071", message, help)
            elif len(fields) == 2:
                outputs[name] = self._scalar(label, self._shown(label, name, fields[1]))
        if loose and self._wanted.kind == "auto":
            name, label = loose[0]
            self._note(label, f"the label {quoted(self._texts[name])} is taken for a state and its output")
        if self._wanted.kind == "moore":
            return {name: self._scalar(label, self._texts[name]) for name, label in labels.items()} | outputs
        return outputs or self._bare_outputs(labels, rules_have_outputs)

    def _bare_outputs(self, labels: dict[str, Word], rules_have_outputs: bool) -> dict[str, Scalar]:
        """The labels themselves, where they cannot be names, or nothing else would tell one state from the other.

        s [label="N"]; t [label="A"]; s -> t [label="x"]        a Moore machine of AALpy; s0 [label="0"] is a name
        """
        labels = {name: label for name, label in labels.items() if not self._is_name(name)}
        if not labels or rules_have_outputs or any("output" in node.attributes for node in self._nodes.values()):
            return {}
        texts = [self._texts[name] for name in labels]
        first = next(iter(labels))
        accepts = any(_is_double(node) or flags(node, "accept") for node in self._nodes.values())
        are_names = len(set(texts)) == len(texts)
        if accepts or len(labels) < len(self._nodes) or (are_names and all(map(_is_alike, texts, labels))):
            if not accepts or not are_names:
                self._note(labels[first], f"the labels of nodes, such as {quoted(texts[0])}, are passed over", _MOORE)
            return {}
        self._note(labels[first], f"the labels of nodes, such as {quoted(texts[0])}, are taken for outputs")
        return {name: self._scalar(label, self._texts[name]) for name, label in labels.items()}

    def _is_name(self, name: str) -> bool:
        """Whether the label of a node says nothing, or what the node is called."""
        return self._nodes[name].text("state") != "" or self._texts[name] in ("", name.strip(BLANKS))

    def _note(self, label: Word, message: str, help: str = "if they are names, `--set kind=acceptor` says so") -> None:
        self._outline.problem(self._drawing.place(label), "G073", message, help)

    def _flag(self, fields: dict[str, Tree], key: str, node: Node, drawn: bool, why: str) -> None:
        """What an attribute of ours says, or else the drawing."""
        given = flags(node, key)
        own = given[0] if given else None
        for other in given[1:]:
            if own and (other.text.casefold() in _FALSE) != (own.text.casefold() in _FALSE):
                message = f"for state {quoted(node.word.text)} one attribute says {own.text}, and this one {other.text}"
                self._outline.problem(self._drawing.place(other), "G053", message, "keep one of the two")
        if own is None or (own.text.casefold() in _FALSE and drawn):
            if drawn:
                fields[key] = self._scalar(node.word, "true")
            if own is not None:
                message = f"`{key}` is {own.text} for state {quoted(node.word.text)}, but {why}"
                self._outline.problem(self._drawing.place(own), "G053", message, "keep one of the two")
        elif own.text.casefold() not in _FALSE:
            fields[key] = self._scalar(own, "true" if own.text.casefold() in _TRUE else own.text)

    def _position(self, fields: dict[str, Tree], node: Node) -> None:
        """In DOT y goes upwards, in a grammar downwards."""
        word = node.attributes.get("pos")
        if word is None or not word.text.strip():
            return
        found = _POSITION.fullmatch(word.text)
        if found is None or not all(map(_NUMBER.fullmatch, found.groups())):
            message = f"a position is two numbers, not {quoted(word.text)}"
            self._outline.problem(self._drawing.place(word), "G052", message, 'write pos="53,-225!" or take it out')
            return
        x, y = found.groups()
        y = y[1:] if y.startswith("-") else "-" + y.removeprefix("+")
        place = self._drawing.place(word)
        fields["pos"] = Sequence([Scalar(x, place), Scalar(y, place)], place)

    def _scalar(self, word: Word, text: str | None = None) -> Scalar:
        return Scalar(word.text if text is None else text, self._drawing.place(word))


def flags(node: Node, key: str) -> list[Word]:
    """The attributes that say whether a state starts or accepts, by any of their names."""
    names = {"start": ("start", "initial"), "accept": ("accept", "accepting", "final")}[key]
    return [node.attributes[name] for name in names if node.text(name)]


def is_plain(node: Node) -> bool:
    """Whether nothing tells that a node is a state: no second line around it, no attribute of ours."""
    return not _is_double(node) and not any(map(node.text, OWN["node"]))


def _is_double(node: Node) -> bool:
    """Whether two lines or more are drawn around it; `peripheries` goes before the shape, as in Graphviz."""
    lines = _WHOLE.match(node.text("peripheries"))
    return int(lines[0]) > 1 if lines else node.text("shape") in _DOUBLE


def _is_record(node: Node, label: Word) -> bool:
    """Whether Graphviz draws the bars of its label as lines between fields."""
    return "record" in node.text("shape").casefold() and label.kind != "html"


def _is_alike(text: str, name: str) -> bool:
    """Whether a label is the name of its node in other letters: 0 or q0 of s0."""
    one, other = _TAIL.fullmatch(text), _TAIL.fullmatch(name)
    return one is not None and other is not None and one[2] == other[2]
