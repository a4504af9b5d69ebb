"""Read GraphML as networkx writes it, and what editors of graphs make of it.

<node id="q0"><data key="d0">True</data></node>                    {id: q0, start: true}
<edge source="q0" target="q1"><data key="d1">a</data></edge>       {source: q0, target: q1, symbol: a}
"""

import json

from lstmc.grammar.formats import Limits, Outline, Reading, Scalar, Sequence, Tree, quoted
from lstmc.grammar.xml import Element, parse_xml
from lstmc_graphml.keys import Keys

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

_REFUSED = {
    "hyperedge": ("an edge between more than two states", "write an edge for each move"),
    "port": ("a port, a part of a state at which edges end", "let the edges end at the state itself"),
    "graph": ("a graph inside a state or an edge", "write its states and edges into the outer graph"),
    "locator": ("a part of the graph that stands elsewhere", "put it into this file"),
}
_PARTS = {
    "graphml": ("key", "graph", "data", "desc"),
    "graph": ("data", "node", "edge", "desc"),
    "node": ("data", "desc"),
    "edge": ("data", "desc"),
}
_ATTRIBUTES = {
    "graphml": (),
    "graph": ("id", "edgedefault"),
    "node": ("id",),
    "edge": ("id", "source", "target", "directed", "sourceport", "targetport"),
}
_HINTS = ("parse.", "yfiles.")  # attributes that tell programs how to store, or to show, the graph


def read_graphml(text: str, limits: Limits) -> Reading:
    """The tree of a GraphML file. Raises Unreadable, LimitError."""
    root = parse_xml(text, limits, NAMESPACE)
    outline = Outline(limits)
    if root.tag != "graphml":
        message = f"it begins with <{root.name}>, not with <graphml>"
        if root.name == "graphml":
            message = f"its namespace is {quoted(root.tag.partition(' ')[0])}, not that of GraphML"
        outline.stop(root.place, f"not a GraphML file: {message}", f'it begins with <graphml xmlns="{NAMESPACE}">')
    return _Reader(root, outline, limits).read()


class _Reader:
    """One file."""

    def __init__(self, root: Element, outline: Outline, limits: Limits) -> None:
        self._root = root
        self._outline = outline
        self._limits = limits
        self._keys = Keys(root, outline)

    def read(self) -> Reading:
        graph = self._graph()
        nodes, edges = graph.named("node"), graph.named("edge")
        self._limits.refuse_more("states", len(nodes))
        self._limits.refuse_more("edges", len(edges))
        self._say(self._keys.data(graph, "graph"))
        for node in nodes:
            self._node(node)
        for edge in edges:
            self._edge(edge)
        return self._outline.reading(graph.place)

    def _graph(self) -> Element:
        self._check(self._root, "graphml")
        graphs = self._root.named("graph")
        if not graphs:
            self._outline.stop(self._root.place, "there is no graph in the file", "add <graph edgedefault='directed'>")
        for other in graphs[1:]:
            self._outline.problem(other.place, "G063", "a second graph begins here", "keep one graph in a file")
        default = self._check(graphs[0], "graph").get("edgedefault")
        if default is None and any("directed" not in edge.attributes for edge in graphs[0].named("edge")):
            help = 'write edgedefault="directed"'
            self._outline.problem(graphs[0].place, "G051", "a graph without `edgedefault`", help)
        elif default is not None and default.text not in ("directed", "undirected"):
            message = f"`edgedefault` must be directed, not {quoted(default.text)}"
            self._outline.problem(default.place, "G053", message, 'write edgedefault="directed"')
        elif default is not None and default.text == "undirected" and self._needs_direction(graphs[0]):
            help = 'write edgedefault="directed", and an edge for each direction that is meant'
            self._outline.problem(default.place, "G007", "the graph is undirected", help)
        return graphs[0]

    def _needs_direction(self, graph: Element) -> bool:
        edges = graph.named("edge")
        return not edges or any("directed" not in edge.attributes for edge in edges)

    def _say(self, fields: dict[str, Tree]) -> None:
        """What belongs to the whole graph; a list is written as JSON, since GraphML has none."""
        if "name" in fields:
            self._outline.say(name=fields["name"])
        for key in ("alphabet", "start"):
            text = fields.get(key)
            if not isinstance(text, Scalar):
                continue
            if key == "start" and not text.text.lstrip().startswith("["):  # any, or the id of a state
                self._outline.say(start=text)
                continue
            texts = _texts(text)
            if texts is None:
                example = "a list as JSON writes it" + (", or any" if key == "start" else "")
                message = f"`{key}` must be {example}, not {quoted(text.text)}"
                self._outline.problem(text.place, "G052", message, 'write ["a", "b"]')
            else:
                self._outline.say(**{key: texts})

    def _node(self, node: Element) -> None:
        id = self._check(node, "node").get("id")
        fields = self._keys.data(node, "node")
        if id is None:
            self._outline.problem(node.place, "G051", "a node without `id`", 'write <node id="...">')
            return
        said: dict[str, Tree] = {key: value for key, value in fields.items() if key not in ("x", "y")}
        found: list[Tree] = [fields[key] for key in ("x", "y") if key in fields]
        if len(found) == 2:
            said["pos"] = Sequence(found, found[0].place)
        elif found:
            message = "a node with one of `x` and `y`, and without the other"
            self._outline.problem(found[0].place, "G051", message, "write both, or none")
        self._outline.state(id, **said)

    def _edge(self, edge: Element) -> None:
        said = self._check(edge, "edge")
        fields = self._keys.data(edge, "edge")
        for port in ("sourceport", "targetport"):
            if port in said:
                message, help = _REFUSED["port"]
                self._outline.problem(said[port].place, "G071", message, help)
        directed = said.get("directed")
        if directed is not None and directed.text.strip() not in ("true", "1"):
            help = 'write directed="true", and an edge for each direction that is meant'
            self._outline.problem(directed.place, "G007", "the edge is undirected", help)
        for key in ("source", "target"):
            if key not in said:
                self._outline.problem(edge.place, "G051", f"an edge without `{key}`", f'write {key}="..."')
        if "source" not in said or "target" not in said:
            self._outline.refused(edge.place)
            return
        self._outline.rule(said["source"], said["target"], **fields)

    def _check(self, element: Element, kind: str) -> dict[str, Scalar]:
        """The attributes of an element; what it should not hold is a problem."""
        for child in element.children:
            if child.tag not in _PARTS[kind]:
                self._unknown(child, kind)
        if element.text.strip():
            message = f"a text that belongs to nothing: {quoted(element.text.strip())}"
            self._outline.problem(element.content(strip=True).place, "G070", message, "take it out")
        said = element.scalars()
        for name, value in said.items():
            if name not in _ATTRIBUTES[kind] and not name.startswith(_HINTS):
                there = "the attributes here are " + ", ".join(_ATTRIBUTES[kind]) if _ATTRIBUTES[kind] else "use <data>"
                self._outline.problem(value.place, "G050", f"unknown attribute {quoted(name)}", there)
        return said

    def _unknown(self, child: Element, kind: str) -> None:
        if child.tag in _REFUSED:
            message, help = _REFUSED[child.tag]
            self._outline.problem(child.place, "G071", message, help)
        else:
            there = "what may stand here is " + ", ".join(f"<{tag}>" for tag in _PARTS[kind])
            self._outline.problem(child.place, "G050", f"unknown element {quoted(child.name)}", there)


def _texts(scalar: Scalar) -> Sequence | None:
    """The list that a text in JSON stands for; None where it is none."""
    try:
        items = json.loads(scalar.text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return None
    return Sequence([Scalar(item, scalar.place, plain=False) for item in items], scalar.place)
