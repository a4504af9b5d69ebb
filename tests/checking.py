"""Every problem of a grammar file, whether it is read or refused."""

from pathlib import Path

from lstmc.grammar import Diagnostic, GrammarError
from lstmc.grammar.limits import Limits
from lstmc.grammar.read import read_grammar


def check_file(path: Path, limits: Limits | None = None) -> tuple[Diagnostic, ...]:
    """In the order of the file; none where it is fine. Raises what `read_grammar` raises but GrammarError."""
    try:
        return read_grammar(path, limits).warnings
    except GrammarError as error:
        return error.diagnostics
