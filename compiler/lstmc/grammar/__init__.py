"""Stage 1: text to grammar."""

from lstmc.grammar.diagnostics import Diagnostic, GrammarError
from lstmc.grammar.grammar import END, Grammar

__all__ = ["END", "Diagnostic", "Grammar", "GrammarError"]
