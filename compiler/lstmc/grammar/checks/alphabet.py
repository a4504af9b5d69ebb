"""The alphabet names every symbol once, and never `end`."""

from collections.abc import Iterator

from lstmc.grammar.checks.guesses import guesses
from lstmc.grammar.draft import Draft
from lstmc.grammar.excerpt import quoted
from lstmc.grammar.grammar import END
from lstmc.grammar.tree import Problem


def alphabet_is_a_set(draft: Draft) -> Iterator[Problem]:
    seen: set[str] = set()
    for symbol in draft.alphabet or ():
        if symbol.text in seen:
            message = f"the symbol {quoted(symbol.text)} stands twice in the alphabet"
            yield Problem(symbol.place, "G013", message, "take one of them out")
        seen.add(symbol.text)


def alphabet_holds_every_symbol(draft: Draft) -> Iterator[Problem]:
    if not draft.alphabet:  # it is made from the symbols of the edges, or reported as empty
        return
    known = {symbol.text for symbol in draft.alphabet}
    unknown = [rule.symbol for rule in draft.rules if rule.symbol and rule.symbol.text not in known | {END}]
    near = guesses(unknown, known)
    for symbol in unknown:
        guess = near.get(symbol.text)
        help = "add it to `alphabet:`" + (f", or write {quoted(guess)} if you meant that one" if guess else "")
        yield Problem(symbol.place, "G010", f"the symbol {quoted(symbol.text)} is not in the alphabet", help)


def some_symbol_is_there(draft: Draft) -> Iterator[Problem]:
    if draft.alphabet is None and draft.rules and all(rule.silent for rule in draft.rules):
        message = "the alphabet is empty: no edge reads anything"
        yield Problem(draft.rules[0].place, "G012", message, "let an edge read a symbol")


def end_is_reserved(draft: Draft) -> Iterator[Problem]:
    for symbol in (*(draft.alphabet or ()), *(rule.symbol for rule in draft.rules)):
        if symbol and symbol.text == END:
            message = f"`{END}` is the reserved name of the end of a string, and cannot be a symbol"
            yield Problem(symbol.place, "G011", message, "mark the state as `accept: true`, or rename the symbol")
