"""Symbols that people take for something else: the name of ε for a move that reads nothing, a-z for 26 symbols."""

import re
from collections.abc import Iterator

from lstmc.grammar.draft import Draft, codes
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.tree import Problem, Scalar

_NOTHING = ("ε", "ɛ", "ϵ", "λ", "eps", "epsilon", "<eps>", "<epsilon>", "@0@", "@_epsilon_symbol_@")
_SPAN = re.compile(r"([a-z])-([a-z])|([A-Z])-([A-Z])|([0-9])-([0-9])")
_CLASS = re.compile(r"\[\^?[^]]*.-.[^]]*\]|\\[dDwWsS]", re.DOTALL)
_LONGEST = 40  # characters; a longer text is no class that anybody would type


def symbols_read_something(draft: Draft) -> Iterator[Problem]:
    for symbol in _symbols(draft):
        if symbol.text.casefold() in _NOTHING:
            message = f"the symbol {quoted(symbol.text)} is read like any other"
            help = "if nothing is meant to be read, write `epsilon: true` in place of `symbol`"
            yield Problem(symbol.place, "G018", message, help)


def symbols_are_single(draft: Draft) -> Iterator[Problem]:
    for symbol in _symbols(draft):
        if _is_class(symbol.text):
            message = f"the symbol {quoted(symbol.text)} is one symbol, and stands for no other"
            yield Problem(symbol.place, "G019", message, _several(symbol.text))


def _several(text: str) -> str:
    """What to write where a symbol is meant to be several."""
    if _SPAN.fullmatch(text):
        return f"if it is meant to be several, write `symbols: {text}` in place of `symbol`"
    return "if it is meant to be several, write a rule for each of them"


def ranges_are_of_characters(draft: Draft) -> Iterator[Problem]:
    for item in draft.ranges:
        if not codes(item.text):
            message = f"`symbols` holds characters, and ranges of them from low to high, but not {quoted(item.text)}"
            help = "write `symbols: [a-z, _]`, or longer symbols as `symbol: [a, b]`"
            yield Problem(item.place, "G053", message, help)


def _is_class(text: str) -> bool:
    span = _SPAN.fullmatch(text)
    if span:
        first, last = (each for each in span.groups() if each)
        return ord(last) - ord(first) > 1  # 1-0 and 0-1 are results
    return len(text) <= _LONGEST and _CLASS.fullmatch(text) is not None


def _symbols(draft: Draft) -> list[Scalar]:
    """Each symbol where it first stands."""
    found: dict[str, Scalar] = {}
    for symbol in (*(draft.alphabet or ()), *(rule.symbol for rule in draft.rules if rule.symbol is not None)):
        found.setdefault(symbol.text, symbol)
    return list(found.values())
