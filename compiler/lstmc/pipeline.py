"""The compiler from end to end: grammar → automaton → program → network, and its proof."""

from typing import Any

from lstmc.automaton import MAX_STATES, to_automaton
from lstmc.canonical import canonical, digest
from lstmc.errors import FindingsError
from lstmc.grammar import Grammar
from lstmc.grammar.catalogue import load_grammar
from lstmc.grammar.nets import Nets
from lstmc.network import Network, cell_type, check_gain, choose_gain
from lstmc.network.cell_types import level_and_memory
from lstmc.program import Program, allocate
from lstmc.proof import Certificate, provable, prove
from lstmc.stages import Tell, untold


def to_program(
    grammar: Any,
    level: int | None = None,
    memory: str | None = None,
    max_states: int = MAX_STATES,
    cell: str = "lstm",
) -> Program:
    """The program of a grammar; print it to read every test. Parameters and errors as in `compile`."""
    of = cell_type(cell)
    level, memory = level_and_memory(of, level, memory)
    automaton = to_automaton(load_grammar(grammar))
    return allocate(automaton, level, memory, max_states, of.deterministic, of.alternates)


def compile(
    grammar: Any,
    level: int | None = None,
    memory: str | None = None,
    cell: str = "lstm",
    dtype: str = "float32",
    gain: float | None = None,
    max_states: int = MAX_STATES,
) -> Network:
    """The network of a grammar. It proves nothing: `compile_proved`, like the command, does.

    grammar      what `load_grammar` takes: a Grammar, a name, a path, a networkx graph
    level        0: one cell for each rule; 1: for each state and way of coming in; 2: for each state of the minimal
                 deterministic automaton. Unless given, the highest up to 1 that the cell type takes
    memory       at level 1, "keep": loops keep the memory; "rewrite": they write it again. "keep" unless given, where
                 the cell type can
    cell         "lstm", or another that `lstmc plugins` names
    dtype        "float64", "float32", "float16" or "bfloat16"
    gain         how steep the gates are; derived where not given
    max_states   how many states may be made of a nondeterministic grammar at level 2, or for a cell type that takes
                 deterministic ones only

    Raises UsageError for a value that is not offered, or not by the cell type, LimitError where the level or the format
    cannot hold the grammar, PluginError for a cell type that is not there, and FindingsError for a transducer with two
    outputs for one string.
    """
    grammar = load_grammar(grammar)
    return lower(to_program(grammar, level, memory, max_states, cell), grammar_digest(grammar), cell, dtype, gain)


def compile_proved(
    grammar: Any,
    level: int | None = None,
    memory: str | None = None,
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
    program, named = to_program(grammar, level, memory, max_states, cell), grammar_digest(grammar)
    first = choose_gain(program, dtype) if gain is None else check_gain(gain)
    for tried in (first, 2 * first, 4 * first) if gain is None else (first,):
        network = lower(program, named, cell, dtype, tried)
        certificate = prove(network, grammar, program, tell=tell)
        verdict = certificate.verdicts[dtype]
        if verdict.kind != "refused" or not provable(type(network)):
            return network, certificate
    raise FindingsError(
        f"grammar '{grammar.name}': not right under {dtype}: {verdict.reason}",
        "nothing was written; --no-prove makes the weights all the same, without a proof",
    )


def lower(program: Program, grammar: str, cell: str, dtype: str, gain: float | None) -> Network:
    """The network of a program; `grammar` is the digest of its grammar. Raises UsageError as `compile` does."""
    gain = choose_gain(program, dtype) if gain is None else check_gain(gain)
    of = cell_type(cell)
    level_and_memory(of, program.level, program.memory)
    return of.lower(program, dtype, gain, grammar)


def grammar_digest(grammar: Grammar | Nets) -> str:
    """SHA-256 of what the grammar says, positions of a drawing aside."""
    return digest(canonical(grammar.meaning()))
