"""The keys of a GraphML file: what its data elements are called, of what type they are, and what they are by default.

    <key id="d0" for="edge" attr.name="probability" attr.type="double"><default>0.5</default></key>
    ...
    <edge source="a" target="b"><data key="d0">0.25</data></edge>

U. Brandes et al., GraphML Progress Report, 2001; the attributes attr.name and attr.type are its extension for data.
"""

import re
from typing import NamedTuple

from lstmc.grammar.formats import Outline, Place, Scalar, Tree, Unread, quoted
from lstmc.grammar.xml import Element

# What a grammar has, by what it belongs to.
KNOWN = {
    "graph": ("name", "alphabet", "start"),
    "node": ("start", "accept", "end", "output", "x", "y"),
    "edge": ("symbol", "epsilon", "probability", "output"),
}
# What editors and networkx write, and no grammar needs: yEd's two texts, Gephi's colours and sizes, ids of edges.
DECORATION = ("url", "description", "r", "g", "b", "color", "size", "key", "id")
_A = {"graph": "a graph", "node": "a node", "edge": "an edge"}
_MEANT = {"label": "symbol", "initial": "start", "final": "accept", "accepting": "accept", "pos": "x and y"}
_SCOPES = ("graph", "node", "edge", "all", "graphml", "port", "endpoint", "hyperedge")

_NUMBER = re.compile(r"[+-]?(([0-9]++\.?+[0-9]*+|\.[0-9]++)([eE][+-]?[0-9]++)?|inf|infinity|nan)", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?[0-9]++")
_NUMBERS = {"int": _WHOLE, "long": _WHOLE, "integer": _WHOLE, "float": _NUMBER, "double": _NUMBER}
_TRUTH = {"true": "true", "false": "false", "1": "true", "0": "false"}
_TYPES = (*_NUMBERS, "boolean", "string")
_PLAIN = {"start", "accept", "end", "epsilon", "probability", "x", "y"}  # numbers, true and false, whatever the type


class Key(NamedTuple):
    """One kind of data; `name` is None where it is the graphics of an editor."""

    name: str | None
    type: str
    scopes: tuple[str, ...]
    place: Place
    default: Scalar | None

    def fits(self, scope: str) -> bool:
        """Whether it belongs to a `graph`, a `node` or an `edge`."""
        return scope in self.scopes or "all" in self.scopes


class Keys:
    """Every key of a file by its id, and what is wrong with them."""

    def __init__(self, root: Element, outline: Outline) -> None:
        self._outline = outline
        self._keys: dict[str, Key] = {}
        self._reported: set[tuple[str, str]] = set()
        self._defaults: dict[str, dict[str, Tree]] = {scope: {} for scope in KNOWN}
        for element in root.named("key"):
            self._add(element)
        for key in self._keys.values():
            self._add_default(key)

    def data(self, element: Element, scope: str) -> dict[str, Tree]:
        """What the data elements of a graph, a node or an edge say, and what holds by default."""
        fields: dict[str, Tree] = {}
        for data in element.children:
            if data.tag != "data":
                continue
            key = self._key(data, scope)
            if key is None or key.name is None or not self._is_known(key.name, scope, key.place):
                continue
            if data.children:
                self._problem(
                    data.children[0].place, "G052", f"`{key.name}` must be a text, not an element", "write the text"
                )
            elif key.name in fields:
                self._problem(data.place, "G064", f"`{key.name}` stands twice", "keep one of the two")
            else:
                fields[key.name] = self._value(key.name, key, data.content())
        return self._defaults[scope] | fields

    def _add(self, element: Element) -> None:
        said = element.scalars()
        if "id" not in said:
            self._problem(element.place, "G051", "a key without `id`", 'add id="..."')
            return
        scope = said["for"].text.strip() if "for" in said else "all"
        if scope not in _SCOPES:
            self._problem(said["for"].place, "G053", f"no kind of thing in a graph: {quoted(scope)}", 'write "all"')
            scope = "all"
        type = said["attr.type"].text if "attr.type" in said else "string"
        if type not in _TYPES:
            help = "write boolean, int, long, float, double or string"
            self._problem(said["attr.type"].place, "G053", f"no type of GraphML: {quoted(type)}", help)
            type = "string"
        name = None if "yfiles.type" in said else said.get("attr.name", said["id"])
        defaults = element.named("default")
        default = defaults[0].content() if defaults and not defaults[0].children else None
        place = name.place if name else element.place
        self._merge(said["id"], Key(name.text if name else None, type, (scope,), place, default))

    def _merge(self, id: Scalar, key: Key) -> None:
        """Keep a key. Where networkx uses names as ids, it declares one for each type of value, all with that id."""
        first = self._keys.get(id.text, key)
        types = {first.type, key.type}
        if first.name != key.name or (len(types) > 1 and "boolean" in types):
            message = f"the key {quoted(id.text)} is declared twice, first in {first.place}"
            self._problem(id.place, "G064", message, "give it an id of its own")
        type = first.type if len(types) == 1 else "string"
        scopes = tuple(dict.fromkeys((*first.scopes, *key.scopes)))
        self._keys[id.text] = key._replace(type=type, scopes=scopes, default=first.default or key.default)

    def _add_default(self, key: Key) -> None:
        """Keep what holds by default, for all to which it can belong."""
        scopes = [scope for scope in KNOWN if key.fits(scope)]
        known = [scope for scope in scopes if key.name in KNOWN[scope]]
        if key.default is None or key.name is None:
            return
        if scopes and not known:
            self._is_known(key.name, scopes[0], key.place)
        for scope in known:
            if key.name in self._defaults[scope]:
                message = f"`{key.name}` has a default already"
                self._problem(key.default.place, "G064", message, "keep one of the two")
            else:
                self._defaults[scope][key.name] = self._value(key.name, key, key.default)

    def _key(self, data: Element, scope: str) -> Key | None:
        id = data.scalars().get("key")
        if id is None:
            self._problem(data.place, "G051", "a data element without `key`", 'add key="..."')
            return None
        key = self._keys.get(id.text)
        if key is None:
            help = f'declare it: <key id="..." for="{scope}" attr.name="..." attr.type="string"/>'
            self._problem(id.place, "G051", f"no <key> has the id {quoted(id.text)}", help)
        elif key.name is not None and not key.fits(scope):
            message = f"the key {quoted(id.text)} is declared for {' '.join(key.scopes)}, but stands in {_A[scope]}"
            self._problem(id.place, "G053", message, 'declare it with for="all"')
            return None
        return key

    def _is_known(self, name: str, scope: str, place: Place) -> bool:
        """Whether a grammar has it; what is unknown is said once, where it is declared."""
        if name in KNOWN[scope]:
            return True
        if name.casefold() not in DECORATION and (name, scope) not in self._reported:
            self._reported.add((name, scope))
            there = f"the keys of {_A[scope]} are {', '.join(KNOWN[scope])}"
            meant = f"did you mean {_MEANT[name]}? " if name in _MEANT else ""
            self._problem(place, "G050", f"unknown key {quoted(name)}", meant + there)
        return False

    def _value(self, name: str, key: Key, text: Scalar) -> Tree:
        """The text as grammars have it: true and false for what is boolean, numbers without blanks around them."""
        bare = text.text.strip()
        if key.type == "boolean" or (name in ("start", "accept") and bare.casefold() in ("true", "false")):
            if bare.casefold() not in _TRUTH:
                return self._no_value(name, "true or false", text)
            return Scalar(_TRUTH[bare.casefold()], text.place)
        if key.type in _NUMBERS:
            if not _NUMBERS[key.type].fullmatch(bare):
                kind = "a whole number" if _NUMBERS[key.type] is _WHOLE else "a number"
                return self._no_value(name, kind, text)
            return Scalar(bare, text.place)
        return Scalar(bare, text.place) if name in _PLAIN else text

    def _no_value(self, name: str, kind: str, text: Scalar) -> Unread:
        message = f"`{name}` must be {kind}, as its key is declared, not {quoted(text.text)}"
        self._problem(text.place, "G052", message, "correct it, or the attr.type of the key")
        return Unread(text.place)

    def _problem(self, place: Place, code: str, message: str, help: str) -> None:
        self._outline.problem(place, code, message, help)
