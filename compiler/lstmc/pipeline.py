"""The compiler from end to end: grammar → automaton → program → network, and its proof."""

from typing import Any

from lstmc.automaton import MAX_STATES, to_automaton
from lstmc.canonical import canonical, digest
from lstmc.errors import FindingsError
from lstmc.grammar import Grammar
from lstmc.grammar.catalogue import load_grammar
from lstmc.network import Network, cell_type, check_gain, choose_gain
from lstmc.program import Program, allocate
from lstmc.proof import Certificate, provable, prove
from lstmc.stages import Tell, untold


def to_program(grammar: Any, level: int = 1, memory: str = "keep", max_states: int = MAX_STATES) -> Program:
    """The program of a grammar; print it to read every test. Parameters and errors as in `compile`."""
    return allocate(to_automaton(load_grammar(grammar)), level, memory, max_states)


def compile(
    grammar: Any,
    level: int = 1,
    memory: str = "keep",
    cell: str = "lstm",
    dtype: str = "float32",
    gain: float | None = None,
    max_states: int = MAX_STATES,
) -> Network:
    """The network of a grammar. It proves nothing: `compile_proved`, like the command, does.

    grammar      what `load_grammar` takes: a Grammar, a name, a path, a networkx graph
    level        0: one cell for each rule; 1: for each state and way of coming in; 2: for each state of the minimal
                 deterministic automaton
    memory       at level 1, "keep": loops keep the memory; "rewrite": they write it again
    cell         "lstm", "toy", or a plugin's
    dtype        "float64", "float32", "float16" or "bfloat16"
    gain         how steep the gates are; derived where not given
    max_states   how many states level 2 may make of a nondeterministic grammar

    Raises UsageError for a value that is not offered, LimitError where the level or the format cannot hold the
    grammar, PluginError for a cell type that is not there, and FindingsError for a transducer with two outputs for
    one string.
    """
    grammar = load_grammar(grammar)
    return lower(to_program(grammar, level, memory, max_states), grammar_digest(grammar), cell, dtype, gain)


def compile_proved(
    grammar: Any,
    level: int = 1,
    memory: str = "keep",
    cell: str = "lstm",
    dtype: str = "float32",
    gain: float | None = None,
    max_states: int = MAX_STATES,
    tell: Tell = untold,
) -> tuple[Network, Certificate]:
    """The network of a grammar, with the proof that it follows the grammar. Parameters as in `compile`; `tell` hears
    how far it is.

    The gain is the smallest power of two at which the proof closes under the contract of `dtype`. Raises FindingsError
    where none of a few does: the network would be wrong; otherwise what `compile` raises.
    """
    grammar = load_grammar(grammar)
    tell("compiling", 0, 1)
    program, named = to_program(grammar, level, memory, max_states), grammar_digest(grammar)
    first = choose_gain(program, dtype) if gain is None else check_gain(gain)
    for tried in (first, 2 * first, 4 * first) if gain is None else (first,):
        network = cell_type(cell).lower(program, dtype, tried, named)
        certificate = prove(network, grammar, program, tell=tell)
        verdict = certificate.verdicts[dtype]
        if verdict.kind != "refused" or not provable(type(network)):
            return network, certificate
    raise FindingsError(
        f"grammar '{grammar.name}': not right under {dtype}: {verdict.reason}",
        "nothing was written; --no-prove makes the weights all the same, without a proof",
    )


def lower(program: Program, grammar: str, cell: str, dtype: str, gain: float | None) -> Network:
    """The network of a program; `grammar` is the digest of its grammar."""
    gain = choose_gain(program, dtype) if gain is None else check_gain(gain)
    return cell_type(cell).lower(program, dtype, gain, grammar)


def grammar_digest(grammar: Grammar) -> str:
    """SHA-256 of what the grammar says, positions of a drawing aside."""
    return digest(canonical(grammar.meaning()))
