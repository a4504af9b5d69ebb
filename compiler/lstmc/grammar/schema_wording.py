"""Say what the schema's errors mean: one wording for each keyword of JSON Schema that grammar.schema.json uses."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lstmc.did_you_mean import did_you_mean, nearest
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.number import clipped, is_number
from lstmc.grammar.tree import Mapping, Place, Problem, Scalar, Sequence, Tree
from lstmc.names import FITTING, fitting, is_nearly_name, name_for
from lstmc.visible import visible

LIKE_A_KEY = 0.7  # of difflib: 'acept' is like 'accept', and 'label' not like 'alphabet'

Error = Any  # jsonschema.ValidationError: imported only when a file is read


def say(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    """The problems that an error of jsonschema stands for; `at` is what stands at `path` in the file."""
    return _WORDINGS[error.validator](error, path, at)


_KIND_OF = {
    "object": "a mapping of keys and values",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
}


def _wrong_kind(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    expected = error.validator_value
    words = [_KIND_OF[kind] for kind in ([expected] if isinstance(expected, str) else expected) if kind in _KIND_OF]
    wanted = "a text" if "null" in expected else " or ".join(words)
    message = f"{_name(path)} must be {wanted}, {_instead_of(at)}"
    yield Problem(at.place, "G052", message, _instead(expected, path, at))


def _instead(expected: Any, path: list[Any], at: Tree) -> str:
    """What to write instead, where that can be guessed."""
    if not path:
        other = "; the ending of a file names its format, such as .dot or .att" if isinstance(at, Scalar) else ""
        return f"a grammar has `nodes:` and `edges:`, or a `plugin:`{other}"
    shape = _shape(str(expected), path)
    if not isinstance(at, Scalar):
        return "to mean the text itself, put it in quotes" if "null" in expected else shape
    text = visible(at.text) if len(at.text) < 60 else ""
    if expected == "object" and text and path[-2:-1] == ["nodes"]:
        return f"write {{id: {text}}}"
    unquoted = {"number": is_number(text), "boolean": text in ("true", "false")}
    if not at.plain and unquoted.get(str(expected)):
        return "write it without quotes"
    if expected == "boolean" and text.casefold() in ("true", "yes", "on", "y", "1"):
        return "write true"
    if expected == "boolean" and text.casefold() in ("false", "no", "off", "n", "0"):
        return "write false"
    if expected == "number" and (meant := _NO_DECIMAL.fullmatch(text)):
        return f"write {float(Fraction(meant[1]) / Fraction(meant[2] or 100))!r}"
    if path[-1] == "pos":
        return "write [x, y]"
    if expected == "array" and text and path[-1] not in _LISTED:
        words = text.replace(",", " ").split()
        if path[-1] == "alphabet" and len(words) == 1 and len(text) > 1:
            return f"write [{', '.join(text)}], or [{text}] if it is one symbol"
        return f"write [{', '.join(words)}]"
    return shape


def _shape(kind: str, path: list[Any]) -> str:
    """What a value of that kind looks like, at best in that place."""
    place = next((step for step in reversed(path[-2:]) if step in _LISTED), "")
    return _LISTED.get(place, {}).get(kind) or _SHAPES.get(kind, "")


# 1/3 and 50 %
_NO_DECIMAL = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(?:/([1-9][0-9]{0,8})| ?%)")

_SHAPES = {
    "array": "write each item on a line of its own after '- ', or [first, second]",
    "boolean": "write true or false",
    "integer": "write a whole number such as 3",
    "number": "write a decimal such as 0.25, which a double can hold",
    "object": "write keys and values, as in {key: value}",
}
_STATE, _RULE = "{id: 0}", "{source: 0, target: 1, symbol: a}"
_LISTED: dict[object, dict[str, str]] = {
    "nodes": {"object": f"write {_STATE}", "array": f"begin each state with a dash, as in - {_STATE}"},
    "edges": {"object": f"write {_RULE}", "array": f"begin each rule with a dash, as in - {_RULE}"},
}


_EDGE = ("source", "target", "symbol", "symbols", "epsilon", "call", "probability", "output", "key")


def _missing(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    given = {key.text for key, _ in at.entries} if isinstance(at, Mapping) else set()
    wanted = error.message.split("'")[1]
    unknown = given - set(error.schema.get("properties", _EDGE))
    near = "edges" if wanted == "edges" and "links" in unknown else wanted
    if any(_meant(key, {near}) for key in unknown):
        return  # the unknown key that was meant to be this one is reported, with what to write
    title = error.schema.get("title", "this")
    yield Problem(at.place, "G051", f"{title} without `{wanted}`", f"add `{wanted}: ...`")


def unknown_key(key: Scalar, meant: str) -> Problem:
    """Of a key that is read as the one that it means, so that what stands there is looked at too."""
    return Problem(key.place, "G050", f"unknown key {quoted(key.text)}", f"did you mean '{meant}'?")


def _unknown(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    known = list(error.schema["properties"])
    for key, _ in at.entries if isinstance(at, Mapping) else ():
        if key.text in known:
            continue
        there = "the keys here are " + ", ".join(known)
        if "plugin" in known and key.text in ("nodes", "edges"):
            there = "a plugin makes the whole grammar: take out `plugin`, or `nodes` and `edges`"
        yield Problem(key.place, "G050", f"unknown key {quoted(key.text)}", _meant(key.text, known) or there)


# What other tools call the keys: the first of the words that is a key here is meant.
_SYNONYMS = {
    "accepting": ("accept",),
    "final": ("accept",),
    "from": ("source",),
    "initial": ("start",),
    "input": ("symbol",),
    "label": ("symbol", "id"),
    "name": ("id",),
    "p": ("probability",),
    "prob": ("probability",),
    "states": ("nodes",),
    "symbols": ("alphabet",),
    "to": ("target",),
    "transitions": ("edges",),
    "vertices": ("nodes",),
    "weight": ("probability",),
}


@lru_cache
def meant_keys(given: tuple[str, ...], known: tuple[str, ...]) -> dict[str, str]:
    """For keys that are not known the one that was meant, unless it is given too: mistyped, or another tool's word."""
    found: dict[str, str] = {}
    for key in given:
        if key not in known:
            meant = next((word for word in _SYNONYMS.get(key, ()) if word in known), "")
            meant = meant or (nearest(key, known, LIKE_A_KEY) if len(key) < 40 and ":" not in key else "")
            if meant and meant not in (*given, *found.values()):
                found[key] = meant
    return found


def _meant(key: str, known: Any) -> str:
    if key == "links" and "edges" in known:
        return "write `edges:`; networkx does with node_link_data(graph, edges='edges')"
    for meant in _SYNONYMS.get(key, ()):
        if meant in known:
            return f"did you mean '{meant}'?"
    head, colon, value = key.partition(":")
    if colon and head in known and len(key) < 60:
        return f"write a blank after the colon, as in {head}: {visible(value)}"
    return did_you_mean(key, known, LIKE_A_KEY) if len(key) < 40 else ""


def _too_few(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    key = path[-1]
    if key == "alphabet":
        help = "write the symbols, as in [a, b], or leave `alphabet` out"
        yield Problem(at.place, "G012", "the alphabet is empty", help)
    elif key == "edges":
        yield Problem(
            at.place, "G005", "the grammar has no edges", "add a rule: {source: ..., target: ..., symbol: ...}"
        )
    elif key == "nodes":
        yield Problem(at.place, "G001", "the grammar has no nodes", "add a state: {id: 0, start: true}")
    else:
        yield from _wrong_length(error, path, at)


def _wrong_length(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    if isinstance(at, Scalar):
        message = f"{_name(path)} is longer than {error.validator_value} characters"
        yield Problem(at.place, "G054", message, "shorten it")
        return
    count = len(at.items) if isinstance(at, Sequence) else 0
    message = f"{_name(path)} must hold {error.validator_value} values, not {count}"
    yield Problem(at.place, "G053", message, "write [x, y]")


def _no_file_name(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    text = at.text if isinstance(at, Scalar) else ""
    if not text:
        yield Problem(at.place, "G054", "the name is empty", "leave out `name` to have that of the file")
        return
    if is_nearly_name(text):
        yield changed_name(text, at.place)
        return
    message = f"the name {quoted(text)} cannot be the name of a file everywhere"
    like = fitting(text)
    example = f"; for example {like}" if like and len(like) < 60 else ""
    yield Problem(at.place, "G054", message, FITTING + example)


def changed_name(text: str, place: Place, what: str = "the name") -> Problem:
    """That a grammar is called by another name than the one that stands there; `what` introduces that."""
    message = f"{what} {quoted(text)} cannot be the name of a file everywhere: the grammar is called {name_for(text)}"
    return Problem(
        place, "G056", message, "to choose the name yourself, write one of letters a to z, digits and _ . + -"
    )


def _not_allowed(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    allowed = error.validator_value[0]
    allowed = str(allowed).lower() if isinstance(allowed, bool) else allowed
    if path[-1] == "start":
        text = at.text if isinstance(at, Scalar) else ""
        message = f"`start` must be `any` or a list of ids, not {quoted(text)}"
        one = f"[{visible(text)}] to start in that state" if 0 < len(text) < 40 else "[a, b] to start in these states"
        yield Problem(at.place, "G053", message, f"write {one}, or `any` to start in every state")
    elif path[-1] == "probabilities":
        help = "none passes over those of nodes and edges, determinize makes the grammar deterministic; or take it out"
        message = f"`probabilities` can only be `none` or `determinize`, {_instead_of(at)}"
        yield Problem(at.place, "G053", message, help)
    else:
        message = f"{_name(path)} must be {allowed}: the edges of a grammar have a direction"
        help = "take it out if every source comes before its target; in networkx, make it a MultiDiGraph"
        yield Problem(at.place, "G053", message, help)


def _no_probability(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    text = at.text if isinstance(at, Scalar) else ""
    is_zero = is_number(text) and float(text) == 0
    help = "leave out the move that never happens" if is_zero else "write a number such as 0.25"
    if is_zero and path[-1] == "end":
        help = "leave out `accept` where no string ends"
    yield Problem(at.place, "G025", f"{_name(path)} must be above 0 and at most 1, not {clipped(text)}", help)


def _too_large(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    if path[-1] != "depth":
        yield from _no_probability(error, path, at)
        return
    low, high = (error.schema[end] for end in ("minimum", "maximum"))
    text = clipped(at.text) if isinstance(at, Scalar) else ""
    message = f"`depth` must be at least {low} and at most {high:,}, not {text}"
    yield Problem(at.place, "G053", message, _SHAPES["integer"])


def _not_silent(error: Error, path: list[Any], at: Tree) -> Iterator[Problem]:
    if error.validator_value.get("title") == "both":
        yield Problem(at.place, "G053", "an edge with `symbol` and `symbols`", "put them together under one of the two")
        return
    if error.validator_value.get("title") == "call":
        message = "an edge that calls reads no symbol of its own, and has no `probability` and no `output`"
        yield Problem(at.place, "G053", message, "take out `call`, or all of those")
        return
    message = "an edge with `epsilon: true` reads nothing: no `symbol`, `call`, `probability` or `output`"
    yield Problem(at.place, "G053", message, "take out `epsilon`, or all of those")


_WORDINGS: dict[str, Callable[[Error, list[Any], Tree], Iterator[Problem]]] = {
    "type": _wrong_kind,
    "required": _missing,
    "additionalProperties": _unknown,
    "minItems": _too_few,
    "maxItems": _wrong_length,
    "maxLength": _wrong_length,
    "pattern": _no_file_name,
    "enum": _not_allowed,
    "exclusiveMinimum": _no_probability,
    "minimum": _too_large,
    "maximum": _too_large,
    "not": _not_silent,
}


def _name(path: list[Any]) -> str:
    """What a path leads to, in words."""
    if not path:
        return "a grammar file"
    if isinstance(path[-1], int):
        return f"an item of `{path[-2]}`"
    return f"`{path[-1]}`"


def _instead_of(tree: Tree) -> str:
    """What stands there instead of what should."""
    match tree:
        case Scalar("", _, True):
            return "but nothing stands there"
        case Scalar(text, _, plain):
            return f"not {quoted(text)}" if plain else f"not {quoted(text)} in quotes"
        case Mapping():
            return "not a mapping"
        case _:
            return "not a list"
