"""One problem of a grammar: where it is, what is wrong, and what to do about it."""

from dataclasses import dataclass

from lstmc.errors import FindingsError
from lstmc.grammar.codes import Severity
from lstmc.grammar.excerpt import excerpt
from lstmc.visible import visible

MOST_SHOWN = 100  # of a file with more problems, an error's text shows these and counts the others


@dataclass(frozen=True)
class Diagnostic:
    """A problem with its place. `line` and `column` count from 1; 0 where there is no text (a graph in memory).

    str() draws it:

        grammars/reber.yaml:5:26: error[G003]: state 'S3' is used but never defined
          |
        5 |   - {source: S2, target: S3, symbol: X}
          |                          ^^
        help: add {id: S3} under `nodes:`, or write 'S2' if you meant that one
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    help: str = ""
    source: str = ""  # the line of text itself, without its line break
    width: int = 1  # how many characters of it are meant

    @property
    def headline(self) -> str:
        """Place, severity, code and message: the first line of str()."""
        file = visible(self.file)
        place = f"{file}:{self.line}:{self.column}" if self.line else file
        return f"{place}: {self.severity}[{self.code}]: {self.message}"

    def __str__(self) -> str:
        lines = [self.headline]
        if self.source:
            margin = " " * len(str(self.line))
            text, carets = excerpt(self.source, self.column, self.width)
            lines += [f"{margin} |", f"{self.line} | {text}", f"{margin} | {carets}"]
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


class GrammarError(FindingsError):
    """A grammar with at least one error; `diagnostics` holds every problem found, in the order of the file."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        shown = [str(diagnostic) for diagnostic in diagnostics[:MOST_SHOWN]]
        if len(diagnostics) > MOST_SHOWN:
            shown.append(f"... and {len(diagnostics) - MOST_SHOWN} more")
        super().__init__("\n\n".join(shown))
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.message


class GrammarPluginError(GrammarError):
    """A grammar file that is fine but for its plugin, which is not there, does not work, or refuses the parameters."""

    exit_code = 5
