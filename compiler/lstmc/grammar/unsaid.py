"""What a grammar says that a plain format of finite automata cannot: so that a writer refuses it, by name."""

from collections.abc import Iterable, Iterator
from typing import Literal, NoReturn

from lstmc.errors import UsageError
from lstmc.grammar.grammar import Grammar

Held = Literal["starts", "outputs", "alphabet", "epsilon", "endless"]

_MOST_REASONS = 5


def unsaid(grammar: Grammar, *held: Held) -> Iterator[str]:
    """Every reason why states, final states and rules with a symbol do not say all of a grammar.

    `held`: what the format does hold: several starts, outputs of rules, an alphabet, ε-moves, strings without an end.
    """
    states = [data for _, data in grammar.graph.nodes(data=True)]
    rules = [data for *_, data in grammar.graph.edges(data=True)]
    if "starts" not in held and len(grammar.start) > 1:
        yield f"strings may start in {len(grammar.start)} states"
    if "outputs" not in held and any("output" in data for data in rules):
        yield "rules have outputs"
    if any("output" in data for data in states):
        yield "states have outputs"
    if any("probability" in data for data in rules) or any("end" in data for data in states):
        yield "there are probabilities"
    if any("pos" in data for data in states):
        yield "states have positions (pos)"
    if "alphabet" not in held and grammar.alphabet != grammar.used:
        yield "the alphabet is not just the symbols of the rules, sorted"
    if "epsilon" not in held and grammar.silent:
        yield "moves read nothing (epsilon)"
    if "endless" not in held and not any(data.get("accept") for data in states):
        yield "no string ends"


def unsaid_without_final_states(grammar: Grammar) -> Iterator[str]:
    """Why a transducer's file without final states, which `let_strings_stop` reads, does not say where strings stop."""
    partial = not all(dict(grammar.graph.out_degree()).values())
    if any(bool(data.get("accept")) != partial for _, data in grammar.graph.nodes(data=True)):
        yield (
            "strings of a Mealy machine may stop in every state, as one of them has no way on"
            if partial
            else "strings of a Mealy machine never stop, as all its states have a way on"
        )


def refuse(title: str, reasons: Iterable[str]) -> None:
    """Raises UsageError with the reasons why the format cannot hold a grammar, where there are any."""
    found = list(dict.fromkeys(reasons))
    if found:
        _raise(title, found)


def _raise(title: str, reasons: list[str]) -> NoReturn:
    more = [f"and {len(reasons) - _MOST_REASONS} more reasons"] if len(reasons) > _MOST_REASONS else []
    message = f"{title} cannot hold this grammar: " + "; ".join([*reasons[:_MOST_REASONS], *more])
    raise UsageError(message, "change the grammar, or write dot, json or yaml, which hold all of it")
