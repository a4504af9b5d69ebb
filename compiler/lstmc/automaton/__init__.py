"""Stage 2: grammar to automaton, and the passes that map automata to automata."""

from lstmc.automaton.alternate import alternate
from lstmc.automaton.automaton import NONE, Automaton
from lstmc.automaton.determinize import MAX_STATES, determinize
from lstmc.automaton.from_grammar import to_automaton
from lstmc.automaton.minimize import minimize
from lstmc.automaton.one_output import check_one_output
from lstmc.automaton.split import copies, split
from lstmc.automaton.trim import trim
from lstmc.automaton.weigh import weigh

__all__ = [
    "MAX_STATES",
    "NONE",
    "Automaton",
    "alternate",
    "check_one_output",
    "copies",
    "determinize",
    "minimize",
    "split",
    "to_automaton",
    "trim",
    "weigh",
]
