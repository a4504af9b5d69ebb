"""What a drawing says of its states: where strings end, what the states put out, and where they stand."""

import re

from lstmc.grammar.formats import Outline, Scalar, Sequence, Tree, quoted
from lstmc_dot.labels import field_text, node_fields, text_of
from lstmc_dot.syntax import Drawing, Node
from lstmc_dot.tokens import Word

_DOUBLE = ("doublecircle", "doubleoctagon", "tripleoctagon")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")
_POSITION = re.compile(r"\s*([^\s,!]++)\s*,\s*([^\s,!]++)\s*(?:,[^,!]*)?!?\s*")
_NUMBER = re.compile(r"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]++)?")
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,9}")
_SLASH = " / "


class States:
    def __init__(self, drawing: Drawing, outline: Outline, nodes: dict[str, Node]) -> None:
        self._drawing = drawing
        self._outline = outline
        self._nodes = nodes
        labels = [node.attributes.get("label") for node in nodes.values()]
        self._have_slash = all(label is not None and _SLASH in label.text for label in labels)

    def tell(self, starts: set[str]) -> dict[str, str]:
        """Every state, where those of `starts` start; the id of each by the name of its node."""
        for name, node in self._nodes.items():
            fields: dict[str, Tree] = {}
            self._flag(fields, "start", node, name in starts, "an arrow leads into it from nowhere")
            self._flag(fields, "accept", node, _is_double(node), "it is drawn with two circles")
            if end := node.text("end"):
                fields["end"] = self._scalar(node.attributes["end"], end)
            self._output(fields, name, node)
            self._position(fields, node)
            self._outline.state(self._id(name, node), **fields)
        return {name: self._id(name, node).text for name, node in self._nodes.items()}

    def _id(self, name: str, node: Node) -> Scalar:
        own = node.text("state")
        return self._scalar(node.attributes["state"], text_of(own)) if own else self._scalar(node.word, name)

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

    def _output(self, fields: dict[str, Tree], name: str, node: Node) -> None:
        own, label = node.attributes.get("output"), node.attributes.get("label")
        if own is not None and own.text:
            fields["output"] = self._scalar(own, text_of(own.text))
        if own is not None or label is None:
            return
        is_html = label.kind == "html"
        names = {"N": name, "G": self._drawing.title, "E": ""}
        found = label.text.split(_SLASH, 1) if self._have_slash else node_fields(label.text, is_html)
        if len(found) > 2:
            message = f"the label of state {quoted(name)} has {len(found)} fields: a state, an output, and what else?"
            help = 'write "state|output", or output="..." beside the label; output="" is none'
            self._outline.problem(self._drawing.place(label), "G071", message, help)
        elif len(found) == 2:
            fields["output"] = self._scalar(label, field_text(found[1], is_html, names))

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


def _is_double(node: Node) -> bool:
    """Whether two lines or more are drawn around it; `peripheries` goes before the shape, as in Graphviz."""
    lines = _WHOLE.match(node.text("peripheries"))
    return int(lines[0]) > 1 if lines else node.text("shape") in _DOUBLE
