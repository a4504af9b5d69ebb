"""What no schema can say about a grammar: each idea is one file, each check a function from a draft to problems."""

from collections.abc import Callable, Iterator

from lstmc.grammar.checks.alphabet import (
    alphabet_holds_every_symbol,
    alphabet_is_a_set,
    end_is_reserved,
    some_symbol_is_there,
)
from lstmc.grammar.checks.depth import depth_is_of_calls
from lstmc.grammar.checks.language import some_string_exists
from lstmc.grammar.checks.outputs import epsilon_changes_no_output, outputs_are_of_one_kind
from lstmc.grammar.checks.probabilities import (
    doubles_hold_probabilities,
    only_accepting_states_end,
    probabilities_sum_to_1,
    weighted_means_deterministic,
)
from lstmc.grammar.checks.readings import ranges_are_of_characters, symbols_are_single, symbols_read_something
from lstmc.grammar.checks.start import some_state_starts, starts_agree
from lstmc.grammar.checks.states import ids_are_unique, rules_are_unique, states_are_defined
from lstmc.grammar.checks.words import words_can_be_seen, words_can_be_stored, words_differ_visibly
from lstmc.grammar.draft import Draft
from lstmc.grammar.tree import Problem

Check = Callable[[Draft], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    some_state_starts,
    starts_agree,
    ids_are_unique,
    states_are_defined,
    rules_are_unique,
    words_can_be_stored,
    words_can_be_seen,
    words_differ_visibly,
    alphabet_is_a_set,
    alphabet_holds_every_symbol,
    some_symbol_is_there,
    end_is_reserved,
    symbols_read_something,
    symbols_are_single,
    ranges_are_of_characters,
    weighted_means_deterministic,
    only_accepting_states_end,
    doubles_hold_probabilities,
    probabilities_sum_to_1,
    outputs_are_of_one_kind,
    epsilon_changes_no_output,
    depth_is_of_calls,
)

# With one of these the graph is not the one that was meant: what can be reached in it would only mislead.
_WRONG_GRAPH = frozenset({"G001", "G002", "G003", "G005", "G006"})


def draft_problems(draft: Draft) -> Iterator[Problem]:
    """Everything that is wrong with a draft."""
    codes = set()
    for problem in (problem for check in CHECKS for problem in check(draft)):
        codes.add(problem.code)
        yield problem
    if draft.complete and not draft.unclear_start and codes.isdisjoint(_WRONG_GRAPH):
        yield from some_string_exists(draft)
