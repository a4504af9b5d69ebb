"""Stage 1: text to grammar."""

from lstmc.grammar.diagnostics import Diagnostic, GrammarError
from lstmc.grammar.grammar import END, Grammar
from lstmc.grammar.nets import Nets

__all__ = ["END", "Diagnostic", "Grammar", "GrammarError", "Nets"]
