"""Write a grammar as JFLAP 7 opens it: one line for each state and each rule.

    <structure>
      <type>fa</type>
      <lstmc name="reber"><symbol>B</symbol>…</lstmc>                                  JFLAP passes it over
      <automaton>
        <state id="0" name="start"><x>53.0</x><y>225.0</y><initial/></state>
        <transition><from>0</from><to>1</to><read>B</read></transition>

JFLAP itself lays out the states that have no <x> and <y>.
"""

from collections.abc import Iterator
from typing import Any

from lstmc.errors import UsageError
from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted, stops_nowhere
from lstmc.grammar.xml import escaped, in_quotes
from lstmc_jflap.reader import RANGE


def grammar_to_jflap(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError for probabilities, several starts, and what looks like a range."""
    kind = _kind(grammar)
    _refuse(grammar, kind)
    numbers = {state: number for number, state in enumerate(grammar.graph)}
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        "<structure>",
        f"  <type>{kind}</type>",
        f"  {_extras(grammar)}",
        "  <automaton>",
        *(f"    {_state(numbers[state], state, data, kind)}" for state, data in grammar.graph.nodes(data=True)),
        *(f"    {_rule(numbers[p], numbers[q], data, kind)}" for p, q, data in grammar.graph.edges(data=True)),
        "  </automaton>",
        "</structure>",
    ]
    return "\n".join(lines) + "\n"


def _kind(grammar: Grammar) -> str:
    if any("output" in data for *_, data in grammar.graph.edges(data=True)):
        return "mealy"
    return "moore" if any("output" in data for _, data in grammar.graph.nodes(data=True)) else "fa"


def _refuse(grammar: Grammar, kind: str) -> None:
    yaml = "write it as YAML"
    if grammar.silent and kind != "fa":
        raise UsageError("JFLAP's Mealy and Moore machines have no moves that read nothing (λ)", yaml)
    weighted = any("probability" in data for *_, data in grammar.graph.edges(data=True))
    if weighted or any("end" in data for _, data in grammar.graph.nodes(data=True)):
        raise UsageError("JFLAP files hold no probabilities", yaml)
    if len(grammar.start) != 1:
        raise UsageError(f"JFLAP files hold one initial state, and this grammar has {len(grammar.start)}", yaml)
    ranges = [symbol for symbol in grammar.alphabet if RANGE.fullmatch(symbol)]
    if ranges and kind == "fa":
        raise UsageError(
            f"JFLAP takes the symbol {quoted(ranges[0])} for a range of characters", f"rename it, or {yaml}"
        )


def _extras(grammar: Grammar) -> str:
    """The name; and the alphabet where it is not what the rules use, sorted."""
    symbols = "" if grammar.used == grammar.alphabet else "".join(map(_symbol, grammar.alphabet))
    endless = {"endless": "true"} if stops_nowhere(grammar) else {}
    return _element("lstmc", symbols, name=grammar.name, **endless)


def _symbol(symbol: str) -> str:
    return _element("symbol", escaped(symbol))


def _state(number: int, id: str, data: dict[str, Any], kind: str) -> str:
    return _element("state", "".join(_fields(data, kind)), id=str(number), name=id)


def _fields(data: dict[str, Any], kind: str) -> Iterator[str]:
    for tag, value in zip(("x", "y"), data.get("pos", ()), strict=False):
        yield _element(tag, repr(float(value)))
    if data.get("start"):
        yield _element("initial")
    if data.get("accept"):
        yield _element("final")
    if kind == "moore":
        yield _element("output", escaped(data.get("output", "")))


def _rule(source: int, target: int, data: dict[str, Any], kind: str) -> str:
    ends = _element("from", str(source)) + _element("to", str(target))
    output = _element("transout", escaped(data.get("output", ""))) if kind == "mealy" else ""
    return _element("transition", ends + _element("read", escaped(data.get("symbol", ""))) + output)


def _element(tag: str, content: str = "", **attributes: str) -> str:
    begin = tag + "".join(f" {name}={in_quotes(value)}" for name, value in attributes.items())
    return f"<{begin}>{content}</{tag}>" if content else f"<{begin}/>"
